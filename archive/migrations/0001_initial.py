import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import profiles.audit.models
import profiles.common.codes
import profiles.common.fields
import profiles.common.storage
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('profiles', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('date', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                ('working', models.BooleanField(verbose_name='worked')),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
            ],
            options={
                'verbose_name': 'day of the calendar',
                'ordering': ['date'],
            },
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=200)),
            ],
            options={
                'verbose_name': 'year of the calendar',
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=profiles.common.codes.check_code, editable=False, max_length=16, unique=True)),
                ('group', models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3, verbose_name='group')),
                ('event', models.CharField(choices=[('access', 'Access (first licence or hiring)'), ('registration', 'Registration or renewal'), ('annual_review', 'Annual review'), ('title', 'Title evaluation'), ('promotion', 'Promotion'), ('award', 'Award or scholarship'), ('graduation', 'Graduation or degree'), ('admission', 'Admission to further study'), ('recommendation', 'Recommendation'), ('loan', 'Student loan'), ('project', 'Research project'), ('evaluation', 'Professional evaluation or grade'), ('post', 'Post or management office'), ('exam', 'Examination')], max_length=20, verbose_name='event')),
                ('post', models.CharField(blank=True, choices=[('partner', 'partner of a law firm'), ('court_agent', 'agent or defender in court'), ('food_business', 'management in a food business'), ('drug_business', 'management in a drug business'), ('public_sector', 'post in the public sector')], max_length=20, verbose_name='post')),
                ('matter_number', models.CharField(max_length=60, verbose_name='matter number')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('known_at', models.DateTimeField(blank=True, null=True, verbose_name='as known at')),
                ('day', models.DateField(blank=True, null=True, verbose_name='judged on')),
                ('counts', models.JSONField(default=dict, help_text='outcome → number of persons')),
            ],
            options={
                'verbose_name': 'check',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CheckFact',
            fields=[
                ('pk', models.CompositePrimaryKey('identity_index', 'entry_id', 'known_from', blank=True, editable=False, primary_key=True, serialize=False)),
                ('identity_index', models.BinaryField(max_length=32)),
                ('entry_id', models.BigIntegerField()),
                ('known_from', models.DateTimeField()),
                ('known_until', models.DateTimeField(null=True)),
                ('person_id', models.BigIntegerField()),
                ('organisation_id', models.BigIntegerField()),
                ('item_code', models.CharField(max_length=10)),
                ('severity', models.CharField(max_length=10)),
                ('polarity', models.CharField(max_length=10)),
                ('document_date', models.DateField()),
                ('sanction_months', models.PositiveSmallIntegerField(null=True)),
                ('display', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('bar', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('bar_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list, size=None)),
            ],
            options={
                'verbose_name': 'check fact',
                'db_table': 'check_fact',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('confirmed', 'veto confirmed'), ('lifted', 'lifted')], max_length=10, verbose_name='decision')),
                ('reasons', models.TextField(max_length=1000, verbose_name='reasons')),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'decision',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('in_app', 'in the account'), ('email', 'by e-mail'), ('paper', 'on paper')], max_length=10, verbose_name='channel')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'delivered'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'verbose_name': 'delivery',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('initial', 'initial')], default='initial', max_length=10)),
                ('item_code', models.CharField(max_length=10, verbose_name='item')),
                ('severity', models.CharField(blank=True, choices=[('minor', 'Minor'), ('general', 'General'), ('serious', 'Serious')], max_length=10, verbose_name='severity')),
                ('polarity', models.CharField(choices=[('adverse', 'Adverse'), ('positive', 'Positive')], max_length=10)),
                ('act_date', models.DateField(verbose_name='day of the act')),
                ('document_number', models.CharField(max_length=100, verbose_name='document number')),
                ('document_date', models.DateField(verbose_name='document date')),
                ('document_body', models.CharField(max_length=120, verbose_name='issued by')),
                ('facts', models.CharField(blank=True, max_length=500, verbose_name='facts in brief')),
                ('sanction_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sanction period, months')),
                ('bar_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3), blank=True, default=list, size=None)),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('notified', 'notified'), ('in_force', 'in force'), ('declined', 'not approved')], default='drafted', max_length=10, verbose_name='state')),
                ('batch_id', models.BigIntegerField(blank=True, null=True)),
                ('drafted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('hearing_days', models.PositiveSmallIntegerField(verbose_name='hearing window, working days')),
                ('notified_at', models.DateTimeField(blank=True, null=True, verbose_name='notified')),
                ('approvable_from', models.DateField(blank=True, null=True, verbose_name='approvable from')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('approved_on', models.DateField(blank=True, null=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('declined_reason', models.CharField(blank=True, max_length=300)),
                ('display', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True, verbose_name='display period')),
                ('retention', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='retention period')),
                ('bar', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True, verbose_name='bar period')),
                ('repair_from', models.DateField(blank=True, null=True, verbose_name='earliest repair')),
            ],
            options={
                'verbose_name': 'entry',
                'ordering': ['-document_date', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EntryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('initial', 'initial')], default='initial', max_length=10)),
                ('item_code', models.CharField(max_length=10, verbose_name='item')),
                ('severity', models.CharField(blank=True, choices=[('minor', 'Minor'), ('general', 'General'), ('serious', 'Serious')], max_length=10, verbose_name='severity')),
                ('polarity', models.CharField(choices=[('adverse', 'Adverse'), ('positive', 'Positive')], max_length=10)),
                ('act_date', models.DateField(verbose_name='day of the act')),
                ('document_number', models.CharField(max_length=100, verbose_name='document number')),
                ('document_date', models.DateField(verbose_name='document date')),
                ('document_body', models.CharField(max_length=120, verbose_name='issued by')),
                ('facts', models.CharField(blank=True, max_length=500, verbose_name='facts in brief')),
                ('sanction_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sanction period, months')),
                ('bar_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3), blank=True, default=list, size=None)),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('notified', 'notified'), ('in_force', 'in force'), ('declined', 'not approved')], default='drafted', max_length=10, verbose_name='state')),
                ('batch_id', models.BigIntegerField(blank=True, null=True)),
                ('drafted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('hearing_days', models.PositiveSmallIntegerField(verbose_name='hearing window, working days')),
                ('notified_at', models.DateTimeField(blank=True, null=True, verbose_name='notified')),
                ('approvable_from', models.DateField(blank=True, null=True, verbose_name='approvable from')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('approved_on', models.DateField(blank=True, null=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('declined_reason', models.CharField(blank=True, max_length=300)),
                ('display', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True, verbose_name='display period')),
                ('retention', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='retention period')),
                ('bar', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True, verbose_name='bar period')),
                ('repair_from', models.DateField(blank=True, null=True, verbose_name='earliest repair')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FindingRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('clause', models.PositiveSmallIntegerField()),
                ('entry_id', models.BigIntegerField()),
                ('effect', models.CharField(choices=[('BLOCK', 'veto'), ('COND', 'condition of the competent body'), ('REVIEW', 'review by a committee'), ('NOTE', 'note')], max_length=10, verbose_name='effect')),
                ('until', models.DateField(null=True, verbose_name='until')),
                ('doubt', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'verbose_name': 'finding',
                'ordering': ['answer', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HearingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='statement')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'statement',
                'ordering': ['given_at'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='code')),
                ('version', models.PositiveIntegerField()),
                ('catalogue_version', models.CharField(max_length=20)),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(max_length=200)),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), size=None)),
                ('severity', models.CharField(blank=True, choices=[('minor', 'Minor'), ('general', 'General'), ('serious', 'Serious')], max_length=10, verbose_name='severity')),
                ('severity_max', models.CharField(blank=True, choices=[('minor', 'Minor'), ('general', 'General'), ('serious', 'Serious')], max_length=10)),
                ('polarity', models.CharField(choices=[('adverse', 'Adverse'), ('positive', 'Positive')], max_length=10, verbose_name='polarity')),
                ('display', models.CharField(blank=True, choices=[('none', 'not displayed'), ('general', 'general: 3 months to 1 year'), ('serious', 'serious: 1 to 3 years'), ('sanction', "the sanction's own period"), ('while_listed', 'while the list entry lasts'), ('by_severity', "by the entry's severity"), ('fixed', 'a fixed number of months'), ('long_term', 'long term'), ('yes_no', 'not displayed; answered yes or no only'), ('consent', 'as long as the person agrees')], max_length=20, verbose_name='display')),
                ('display_else', models.CharField(blank=True, choices=[('none', 'not displayed'), ('general', 'general: 3 months to 1 year'), ('serious', 'serious: 1 to 3 years'), ('sanction', "the sanction's own period"), ('while_listed', 'while the list entry lasts'), ('by_severity', "by the entry's severity"), ('fixed', 'a fixed number of months'), ('long_term', 'long term'), ('yes_no', 'not displayed; answered yes or no only'), ('consent', 'as long as the person agrees')], max_length=20)),
                ('display_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reporters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('bases', models.JSONField(default=list, help_text='list of {code, articles}')),
                ('mark', models.CharField(choices=[('F', 'read in the statute'), ('M', 'seen in an excerpt, wording to be verified'), ('S', 'named in the policy documents'), ('K', 'not confirmed, to be verified before it is quoted'), ('D', 'proposal of this product, not law')], max_length=1, verbose_name='provenance')),
                ('mark_note_zh', models.TextField(blank=True)),
                ('mark_note_en', models.TextField(blank=True)),
                ('bar_zh', models.TextField(blank=True)),
                ('bar_en', models.TextField(blank=True)),
                ('meaning_zh', models.TextField(blank=True)),
                ('meaning_en', models.TextField(blank=True)),
                ('forbidden', models.BooleanField(default=False)),
                ('forbidden_zh', models.TextField(blank=True)),
                ('forbidden_en', models.TextField(blank=True)),
                ('valid_from', models.DateField(verbose_name='in force from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='in force until')),
                ('content_hash', models.CharField(editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'catalogue item',
                'ordering': ['code', '-version'],
            },
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('code', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('complete', models.BooleanField()),
                ('note_zh', models.TextField(blank=True)),
                ('note_en', models.TextField(blank=True)),
                ('settings', models.JSONField(help_text='key → value, mark, source_zh, source_en')),
            ],
            options={
                'verbose_name': 'jurisdiction',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='LegalBasis',
            fields=[
                ('code', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('title_zh', models.CharField(max_length=200)),
                ('title_en', models.CharField(max_length=300)),
                ('level', models.CharField(choices=[('law', 'law'), ('administrative_regulation', 'administrative regulation'), ('judicial_interpretation', 'judicial interpretation'), ('ministry_rule', 'ministry rule'), ('local_regulation', 'local regulation'), ('normative_document', 'normative document'), ('central_policy', 'central policy document'), ('self_regulation', 'self-regulation or contract')], max_length=30, verbose_name='level')),
                ('document_no', models.CharField(blank=True, max_length=80, verbose_name='document number')),
                ('in_force_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('mark', models.CharField(choices=[('F', 'read in the statute'), ('M', 'seen in an excerpt, wording to be verified'), ('S', 'named in the policy documents'), ('K', 'not confirmed, to be verified before it is quoted'), ('D', 'proposal of this product, not law')], max_length=1, verbose_name='provenance')),
                ('note_zh', models.TextField(blank=True)),
                ('note_en', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'legal basis',
                'ordering': ['level', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(default=profiles.common.codes.notice_number, editable=False, max_length=16, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('entry_proposed', 'Notice before an entry'), ('entry_in_force', 'An entry is in force'), ('entry_declined', 'An entry was not approved'), ('veto_confirmed', 'Decision after a check')], max_length=20, verbose_name='kind')),
                ('subject_zh', models.CharField(max_length=200)),
                ('subject_en', models.CharField(max_length=300)),
                ('body_zh', models.TextField()),
                ('body_en', models.TextField()),
                ('about_type', models.CharField(max_length=40)),
                ('about_id', models.BigIntegerField()),
                ('respond_until', models.DateField(blank=True, null=True, verbose_name='answer until')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
            ],
            options={
                'verbose_name': 'notice',
                'ordering': ['-sent_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verification_code', models.CharField(default=profiles.common.codes.verification_code, editable=False, max_length=19, unique=True)),
                ('pdf', models.FileField(blank=True, storage=profiles.common.storage.private_storage, upload_to='documents/')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                ('number', models.CharField(default=profiles.common.codes.pledge_number, editable=False, max_length=16, unique=True, verbose_name='number')),
                ('text_hash', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='signed')),
                ('performance', models.CharField(choices=[('not_due', 'not due yet'), ('full', 'fully kept'), ('part', 'partly kept'), ('broken', 'not kept'), ('withdrawn', 'withdrawn')], default='not_due', max_length=10, verbose_name='performance')),
                ('evidence', profiles.common.fields.EncryptedJSONField(context='pledges.pledge.evidence')),
            ],
            options={
                'verbose_name': 'pledge',
                'ordering': ['-signed_at'],
            },
        ),
        migrations.CreateModel(
            name='PledgeTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, verbose_name='code')),
                ('version', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('entry', 'on entering a profession'), ('application', 'with an application'), ('repair', 'with a repair'), ('voluntary', "of one's own accord"), ('self_regulation', 'of a professional body')], max_length=20, verbose_name='kind')),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), size=None)),
                ('title_zh', models.CharField(max_length=120)),
                ('title_en', models.CharField(max_length=200)),
                ('matter_zh', models.TextField()),
                ('matter_en', models.TextField()),
                ('basis_zh', models.TextField()),
                ('basis_en', models.TextField()),
                ('term_zh', models.TextField()),
                ('term_en', models.TextField()),
                ('scope_zh', models.TextField()),
                ('scope_en', models.TextField()),
                ('breach_zh', models.TextField()),
                ('breach_en', models.TextField()),
                ('clauses', models.JSONField(help_text='list of {zh, en}')),
                ('mark', models.CharField(choices=[('F', 'read in the statute'), ('M', 'seen in an excerpt, wording to be verified'), ('S', 'named in the policy documents'), ('K', 'not confirmed, to be verified before it is quoted'), ('D', 'proposal of this product, not law')], max_length=1, verbose_name='provenance')),
                ('text_hash', models.CharField(max_length=64)),
                ('valid_from', models.DateTimeField(default=django.utils.timezone.now)),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'pledge text',
                'ordering': ['kind', 'code', '-version'],
            },
        ),
        migrations.CreateModel(
            name='QueryLine',
            fields=[
                ('uid', models.UUIDField(default=profiles.audit.models.time_ordered_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='time')),
                ('person_id', models.BigIntegerField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('purpose', models.CharField(choices=[('check', 'Check for an event of the profession'), ('own_report', "The person's own report"), ('reveal', 'Identity number revealed in the course of an entry or check')], max_length=20, verbose_name='purpose')),
                ('group', models.CharField(blank=True, choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3, verbose_name='group')),
                ('event', models.CharField(blank=True, choices=[('access', 'Access (first licence or hiring)'), ('registration', 'Registration or renewal'), ('annual_review', 'Annual review'), ('title', 'Title evaluation'), ('promotion', 'Promotion'), ('award', 'Award or scholarship'), ('graduation', 'Graduation or degree'), ('admission', 'Admission to further study'), ('recommendation', 'Recommendation'), ('loan', 'Student loan'), ('project', 'Research project'), ('evaluation', 'Professional evaluation or grade'), ('post', 'Post or management office'), ('exam', 'Examination')], max_length=20, verbose_name='event')),
                ('matter_number', models.CharField(blank=True, max_length=60, verbose_name='matter number')),
                ('basis', models.CharField(choices=[('statute', 'statutory duty'), ('authorisation', "the person's authorisation"), ('self', 'the person')], max_length=20, verbose_name='basis')),
                ('authorisation_code', models.CharField(blank=True, max_length=16)),
                ('answer', models.CharField(blank=True, max_length=20, verbose_name='answer')),
            ],
            options={
                'verbose_name': 'query',
                'ordering': ['-at', '-uid'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(default=profiles.common.codes.record_number, editable=False, max_length=16, unique=True, verbose_name='record number')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'record',
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verification_code', models.CharField(default=profiles.common.codes.verification_code, editable=False, max_length=19, unique=True)),
                ('pdf', models.FileField(blank=True, storage=profiles.common.storage.private_storage, upload_to='documents/')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                ('number', models.CharField(default=profiles.common.codes.report_number, editable=False, max_length=16, unique=True, verbose_name='number')),
                ('purpose', models.CharField(max_length=100, verbose_name='purpose')),
                ('as_of', models.DateTimeField(default=django.utils.timezone.now, verbose_name='as of')),
                ('valid_until', models.DateField(verbose_name='valid until')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('state', models.CharField(choices=[('requested', 'being made'), ('ready', 'ready'), ('failed', 'could not be made')], default='requested', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('heartbeat_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('content', profiles.common.fields.EncryptedTextField(context='reports.report.content')),
                ('content_hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'report',
                'ordering': ['-as_of'],
            },
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='row')),
                ('cells', profiles.common.fields.EncryptedJSONField(context='intake.row.cells')),
                ('verdict', models.CharField(choices=[('new', 'new person'), ('known', 'known person'), ('readable', 'can be read'), ('refused', 'refused'), ('skipped', 'not data')], max_length=10, verbose_name='what happens')),
                ('problems', models.JSONField(default=list)),
                ('warnings', models.JSONField(default=list)),
                ('person_id', models.BigIntegerField(null=True)),
                ('entry_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'row',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='RuleAdoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_code', models.CharField(max_length=30, verbose_name='rule')),
                ('document_number', models.CharField(max_length=100, verbose_name='document number')),
                ('document_date', models.DateField(verbose_name='document date')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='until')),
                ('approved_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'adopted rule',
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, verbose_name='rule')),
                ('version', models.PositiveIntegerField()),
                ('catalogue_version', models.CharField(max_length=20)),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(max_length=200)),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), size=None)),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('effect', models.CharField(choices=[('BLOCK', 'veto'), ('COND', 'condition of the competent body'), ('REVIEW', 'review by a committee'), ('NOTE', 'note')], max_length=10, verbose_name='effect')),
                ('status', models.CharField(choices=[('on', 'on'), ('off', 'off until a body adopts it')], max_length=10, verbose_name='status')),
                ('level', models.CharField(choices=[('law', 'law'), ('administrative_regulation', 'administrative regulation'), ('judicial_interpretation', 'judicial interpretation'), ('ministry_rule', 'ministry rule'), ('local_regulation', 'local regulation'), ('normative_document', 'normative document'), ('central_policy', 'central policy document'), ('self_regulation', 'self-regulation or contract')], max_length=30, verbose_name='level of the basis')),
                ('bases', models.JSONField(help_text='list of {code, articles}')),
                ('clauses', models.JSONField()),
                ('mark', models.CharField(choices=[('F', 'read in the statute'), ('M', 'seen in an excerpt, wording to be verified'), ('S', 'named in the policy documents'), ('K', 'not confirmed, to be verified before it is quoted'), ('D', 'proposal of this product, not law')], max_length=1, verbose_name='provenance')),
                ('note_zh', models.TextField(blank=True)),
                ('note_en', models.TextField(blank=True)),
                ('post', models.CharField(blank=True, choices=[('partner', 'partner of a law firm'), ('court_agent', 'agent or defender in court'), ('food_business', 'management in a food business'), ('drug_business', 'management in a drug business'), ('public_sector', 'post in the public sector')], max_length=20)),
                ('match_occupation', models.BooleanField(default=False)),
                ('needs_outside_check', models.BooleanField(default=False)),
                ('outside_check_zh', models.TextField(blank=True)),
                ('outside_check_en', models.TextField(blank=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('content_hash', models.CharField(editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'veto rule',
                'ordering': ['code', '-version'],
            },
        ),
        migrations.CreateModel(
            name='Slip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verification_code', models.CharField(default=profiles.common.codes.verification_code, editable=False, max_length=19, unique=True)),
                ('pdf', models.FileField(blank=True, storage=profiles.common.storage.private_storage, upload_to='documents/')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                ('number', models.CharField(default=profiles.common.codes.slip_number, editable=False, max_length=16, unique=True, verbose_name='number')),
                ('person_id', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'slip',
            },
        ),
        migrations.CreateModel(
            name='VerificationUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=19)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('verdict', models.CharField(max_length=20)),
            ],
            options={
                'verbose_name': 'use of a verification code',
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=profiles.common.codes.answer_code, editable=False, max_length=16, unique=True)),
                ('row', models.PositiveIntegerField(verbose_name='row')),
                ('name', profiles.common.fields.EncryptedTextField(context='vetoes.answer.name')),
                ('number', profiles.common.fields.EncryptedTextField(context='vetoes.answer.number')),
                ('person_id', models.BigIntegerField(null=True)),
                ('outcome', models.CharField(choices=[('clear', 'Clear'), ('note', 'Clear, with a note'), ('review', 'Needs a look'), ('condition', 'Needs a look: condition of the competent body'), ('veto', 'Veto'), ('not_found', 'Not found'), ('name_mismatch', 'Name does not match'), ('unauthorised', 'Not authorised'), ('unreadable', 'Number cannot be read')], max_length=20, verbose_name='outcome')),
                ('same_as_row', models.PositiveIntegerField(blank=True, null=True)),
                ('problems', models.JSONField(default=list)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation')),
            ],
            options={
                'verbose_name': 'answer',
                'ordering': ['row'],
            },
        ),
        migrations.CreateModel(
            name='Authorisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=profiles.common.codes.authorisation_code, editable=False, max_length=16, unique=True)),
                ('group', models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3, verbose_name='group')),
                ('event', models.CharField(choices=[('access', 'Access (first licence or hiring)'), ('registration', 'Registration or renewal'), ('annual_review', 'Annual review'), ('title', 'Title evaluation'), ('promotion', 'Promotion'), ('award', 'Award or scholarship'), ('graduation', 'Graduation or degree'), ('admission', 'Admission to further study'), ('recommendation', 'Recommendation'), ('loan', 'Student loan'), ('project', 'Research project'), ('evaluation', 'Professional evaluation or grade'), ('post', 'Post or management office'), ('exam', 'Examination')], max_length=20, verbose_name='event')),
                ('once', models.BooleanField(default=True, verbose_name='for one query only')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('valid_until', models.DateField(verbose_name='until')),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation', verbose_name='body')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorisations', to='profiles.person')),
            ],
            options={
                'verbose_name': 'authorisation',
                'ordering': ['-given_at'],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=profiles.common.codes.batch_code, editable=False, max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('entries', 'facts to record'), ('check', 'people to check')], max_length=10)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='uploaded')),
                ('file', models.FileField(blank=True, storage=profiles.common.storage.private_storage, upload_to='uploads/')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('file_format', models.CharField(max_length=10)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('received', 'waiting for a worker'), ('reading', 'being read'), ('ready', 'rehearsed, waiting for your decision'), ('admitting', 'being carried out'), ('done', 'done'), ('refused', 'the file cannot be used'), ('cancelled', 'cancelled'), ('failed', 'stopped by an error')], default='received', max_length=10, verbose_name='state')),
                ('sheet_name', models.CharField(blank=True, max_length=100)),
                ('header_row', models.PositiveIntegerField(blank=True, null=True)),
                ('columns', models.JSONField(default=dict, help_text='field → header as written in the file')),
                ('remarks', models.JSONField(default=list, help_text='what the reader has to say about the file as a whole')),
                ('rows_total', models.PositiveIntegerField(default=0)),
                ('rows_done', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict, help_text='verdict → number of rows')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('heartbeat_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'file',
                'ordering': ['-uploaded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('entry.admitted', 'Entry Admitted'), ('entry.in_force', 'Entry In Force'), ('entry.declined', 'Entry Declined'), ('veto.decided', 'Veto Decided'), ('report.issued', 'Report Issued'), ('pledge.signed', 'Pledge Signed')], max_length=30)),
                ('person_id', models.BigIntegerField()),
                ('object_id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['person_id', 'id'], name='change_person')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ae60dac0cb91dc1a734fa04585faf431499e2922', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_118ec', table='archive_change', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='check',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='check',
            name='batch',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='check_asked', to='archive.batch'),
        ),
        migrations.AddField(
            model_name='check',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='answer',
            name='check_asked',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='archive.check'),
        ),
        migrations.AddIndex(
            model_name='checkfact',
            index=models.Index(fields=['person_id'], name='check_fact_person'),
        ),
        migrations.AddField(
            model_name='decision',
            name='answer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='archive.answer'),
        ),
        migrations.AddField(
            model_name='decision',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='declined_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='drafted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='entry',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='approved_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='declined_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='drafted_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='archive.entry'),
        ),
        migrations.AddField(
            model_name='findingrow',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='archive.answer'),
        ),
        migrations.AddField(
            model_name='hearinganswer',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='archive.entry'),
        ),
        migrations.AddField(
            model_name='hearinganswer',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='hearinganswer',
            name='read_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='item_version_once'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code',), name='item_one_current'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='item_dates'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('forbidden', True), models.Q(models.Q(('severity', ''), _negated=True), models.Q(('display', ''), _negated=True)), ('polarity', 'positive'), _connector='OR'), name='item_has_severity_and_display'),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='item',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='archive.item', verbose_name='item'),
        ),
        migrations.AddField(
            model_name='entry',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.item', verbose_name='item'),
        ),
        migrations.AddField(
            model_name='notice',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='notice',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='archive.notice'),
        ),
        migrations.AddField(
            model_name='pledge',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='profiles.person'),
        ),
        migrations.AddConstraint(
            model_name='pledgetemplate',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='pledge_text_version_once'),
        ),
        migrations.AddConstraint(
            model_name='pledgetemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code',), name='pledge_text_one_current'),
        ),
        migrations.AddField(
            model_name='pledge',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.pledgetemplate'),
        ),
        migrations.AddField(
            model_name='queryline',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='record',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='record',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='entryevent',
            name='record',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='archive.record'),
        ),
        migrations.AddField(
            model_name='entry',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='archive.record'),
        ),
        migrations.AddField(
            model_name='report',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='report',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='row',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='archive.batch'),
        ),
        migrations.AddField(
            model_name='ruleadoption',
            name='approved_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruleadoption',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='rule_version_once'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code',), name='rule_one_current'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('effect', 'BLOCK'), _negated=True), ('level__in', ['law', 'administrative_regulation']), _connector='OR'), name='rule_block_level'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'off'), ('effect', 'BLOCK'), _connector='OR'), name='rule_on_only_block'),
        ),
        migrations.AddField(
            model_name='findingrow',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.ruleversion'),
        ),
        migrations.AddField(
            model_name='slip',
            name='answer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='slip', to='archive.answer'),
        ),
        migrations.AddField(
            model_name='slip',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.organisation'),
        ),
        migrations.AddIndex(
            model_name='verificationuse',
            index=models.Index(fields=['code', '-at'], name='verification_use'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='authorisation_withdrawn_after'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['organisation', 'sha256'], name='batch_same_file'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('state__in', ['received', 'reading', 'admitting'])), fields=['heartbeat_at'], name='batch_left_behind'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='batch_confirmation_paired'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['admitting', 'done']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='batch_admitted_only_confirmed'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(fields=['organisation', '-asked_at'], name='check_organisation'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('matter_number', ''), _negated=True), name='check_has_matter'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day', None), ('known_at', None)), models.Q(('day__isnull', False), ('known_at__isnull', False)), _connector='OR'), name='check_answer_paired'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['check_asked', 'outcome', 'row'], name='answer_by_outcome'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('check_asked', 'row'), name='answer_once_a_row'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('person_id__isnull', False), ('outcome__in', ['not_found', 'unreadable']), _connector='OR'), name='answer_person_known'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='decision_has_reasons'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c127d227e08473562e0c9825bd855434a8160821', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5e081', table='archive_decision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='hearinganswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('read_at', None), ('read_by', None)), models.Q(('read_at__isnull', False), ('read_by__isnull', False)), _connector='OR'), name='answer_reading_paired'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hearinganswer',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3e322d6f6896095c5eadc81f4da43e9f45bed76e', operation='DELETE', pgid='pgtrigger_never_deleted_1b905', table='archive_hearinganswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hearinganswer',
            trigger=pgtrigger.compiler.Trigger(name='text_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."text" IS DISTINCT FROM (NEW."text"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='08ae489ef73ece5e7b6ff8fea4be91ab2e75beb7', operation='UPDATE', pgid='pgtrigger_text_never_changed_bc120', table='archive_hearinganswer', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', '-sent_at'], name='notice_person'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['about_type', 'about_id'], name='notice_about'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='delivery_waiting'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='delivery_done_has_time'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once_a_channel'),
        ),
        migrations.AddIndex(
            model_name='queryline',
            index=models.Index(fields=['person_id', '-at'], name='query_person'),
        ),
        migrations.AddIndex(
            model_name='queryline',
            index=models.Index(fields=['account_id', '-at'], name='query_account'),
        ),
        migrations.AddConstraint(
            model_name='queryline',
            constraint=models.CheckConstraint(condition=models.Q(('basis', 'self'), models.Q(models.Q(('matter_number', ''), _negated=True), ('organisation__isnull', False)), _connector='OR'), name='query_has_matter_and_body'),
        ),
        migrations.AddConstraint(
            model_name='queryline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', 'authorisation'), _negated=True), models.Q(('authorisation_code', ''), _negated=True), _connector='OR'), name='query_names_authorisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='queryline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='17d04ab4100d8d7ae239f50b73642b54e7d219c7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2162c', table='archive_queryline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='record',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='97936e2919234e7eb48b770456bb5847702c78a6', operation='DELETE', pgid='pgtrigger_never_deleted_9e75d', table='archive_record', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8ed13e332a1d4d9620e5a593b0dc5aff09e745d8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d31af', table='archive_entryevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['organisation', 'state', 'approvable_from'], name='entry_worklist'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['batch_id'], name='entry_batch'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None), ('approved_on', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('approved_on__isnull', False)), _connector='OR'), name='entry_approval_paired'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declined_at', None), ('declined_by', None)), models.Q(('declined_at__isnull', False), ('declined_by__isnull', False)), _connector='OR'), name='entry_declining_paired'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('approved_at__isnull', False), _connector='OR'), name='entry_approved'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('polarity', 'positive'), models.Q(('approvable_from__isnull', False), ('approved_on__gte', models.F('approvable_from')), ('notified_at__isnull', False)), _connector='OR'), name='entry_heard_first'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='entry_second_person'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'notified'), _negated=True), models.Q(('approvable_from__isnull', False), ('notified_at__isnull', False)), _connector='OR'), name='entry_notified_has_time'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('document_number', ''), _negated=True), name='entry_has_document'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('document_date__gte', models.F('act_date'))), name='entry_document_after_act'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'declined'), _negated=True), fields=('person', 'item_code', 'act_date', 'document_number'), name='entry_fact_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ed5260006e928bf6a766ffd449592e72695ec1f1', operation='DELETE', pgid='pgtrigger_never_deleted_45c8b', table='archive_entry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "archive_entryevent" ("act_date", "approvable_from", "approved_at", "approved_by_id", "approved_on", "bar", "bar_groups", "batch_id", "declined_at", "declined_by_id", "declined_reason", "display", "document_body", "document_date", "document_number", "drafted_at", "drafted_by_id", "facts", "hearing_days", "id", "item_code", "item_id", "kind", "notified_at", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polarity", "record_id", "repair_from", "retention", "sanction_months", "severity", "state") VALUES (OLD."act_date", OLD."approvable_from", OLD."approved_at", OLD."approved_by_id", OLD."approved_on", OLD."bar", OLD."bar_groups", OLD."batch_id", OLD."declined_at", OLD."declined_by_id", OLD."declined_reason", OLD."display", OLD."document_body", OLD."document_date", OLD."document_number", OLD."drafted_at", OLD."drafted_by_id", OLD."facts", OLD."hearing_days", OLD."id", OLD."item_code", OLD."item_id", OLD."kind", OLD."notified_at", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."polarity", OLD."record_id", OLD."repair_from", OLD."retention", OLD."sanction_months", OLD."severity", OLD."state"); RETURN NULL;', hash='ff5a789f07c5d1b4b6b29f7b74f4dfd963208e28', operation='UPDATE', pgid='pgtrigger_update_update_63b7a', table='archive_entry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "archive_entryevent" ("act_date", "approvable_from", "approved_at", "approved_by_id", "approved_on", "bar", "bar_groups", "batch_id", "declined_at", "declined_by_id", "declined_reason", "display", "document_body", "document_date", "document_number", "drafted_at", "drafted_by_id", "facts", "hearing_days", "id", "item_code", "item_id", "kind", "notified_at", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polarity", "record_id", "repair_from", "retention", "sanction_months", "severity", "state") VALUES (OLD."act_date", OLD."approvable_from", OLD."approved_at", OLD."approved_by_id", OLD."approved_on", OLD."bar", OLD."bar_groups", OLD."batch_id", OLD."declined_at", OLD."declined_by_id", OLD."declined_reason", OLD."display", OLD."document_body", OLD."document_date", OLD."document_number", OLD."drafted_at", OLD."drafted_by_id", OLD."facts", OLD."hearing_days", OLD."id", OLD."item_code", OLD."item_id", OLD."kind", OLD."notified_at", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."polarity", OLD."record_id", OLD."repair_from", OLD."retention", OLD."sanction_months", OLD."severity", OLD."state"); RETURN NULL;', hash='8bcc4d7f2ba1b5ea1998931b2d4d950b789e3b69', operation='DELETE', pgid='pgtrigger_delete_delete_fea82', table='archive_entry', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state', 'requested')), fields=['heartbeat_at'], name='report_left_behind'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('sha256', ''), _negated=True), ('issued_at__isnull', False)), _connector='OR'), name='report_ready_has_file'),
        ),
        migrations.AddIndex(
            model_name='row',
            index=models.Index(fields=['batch', 'verdict', 'number'], name='row_by_verdict'),
        ),
        migrations.AddConstraint(
            model_name='row',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='row_once'),
        ),
        migrations.AddConstraint(
            model_name='ruleadoption',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('rule_code', 'organisation'), name='adoption_once'),
        ),
        migrations.AddConstraint(
            model_name='ruleadoption',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='adoption_dates'),
        ),
        migrations.AddIndex(
            model_name='findingrow',
            index=models.Index(fields=['entry_id'], name='finding_entry'),
        ),
        migrations.AddConstraint(
            model_name='findingrow',
            constraint=models.UniqueConstraint(fields=('answer', 'position'), name='finding_position'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingrow',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b3cb47ce8a0d644cb7b3ccb0d602730e88d91b75', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_47e6c', table='archive_findingrow', when='BEFORE')),
        ),
    ]
