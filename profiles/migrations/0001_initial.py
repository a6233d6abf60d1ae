import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import profiles.audit.models
import profiles.audit.verbs
import profiles.common.codes
import profiles.common.fields
import profiles.organisations.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('frontier', models.JSONField(help_text='Hashes of the complete subtrees, largest first, hexadecimal.')),
                ('sealed_at', models.DateTimeField()),
                ('signature', models.BinaryField(max_length=64)),
            ],
            options={
                'ordering': ['-size'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Competence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('report', 'report facts'), ('check', 'check people')], max_length=10, verbose_name='right')),
                ('group', models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3, verbose_name='group')),
                ('event', models.CharField(blank=True, choices=[('access', 'Access (first licence or hiring)'), ('registration', 'Registration or renewal'), ('annual_review', 'Annual review'), ('title', 'Title evaluation'), ('promotion', 'Promotion'), ('award', 'Award or scholarship'), ('graduation', 'Graduation or degree'), ('admission', 'Admission to further study'), ('recommendation', 'Recommendation'), ('loan', 'Student loan'), ('project', 'Research project'), ('evaluation', 'Professional evaluation or grade'), ('post', 'Post or management office'), ('exam', 'Examination')], max_length=20, verbose_name='event')),
                ('basis', models.CharField(max_length=200, verbose_name='basis')),
                ('needs_authorisation', models.BooleanField(default=False, verbose_name="only with the person's authorisation")),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'verbose_name': 'competence',
                'ordering': ['organisation', 'role', 'group', 'event'],
            },
        ),
        migrations.CreateModel(
            name='IdentityDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('resident_id', 'Resident identity card'), ('residence_permit', 'Residence permit (Hong Kong, Macao, Taiwan)'), ('foreign_permanent', "Foreigner's permanent residence card"), ('passport', 'Passport')], max_length=20, verbose_name='document')),
                ('number', profiles.common.fields.EncryptedTextField(context='profiles.identity.number', verbose_name='number')),
                ('index', models.BinaryField(max_length=32, unique=True)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'identity document',
            },
        ),
        migrations.CreateModel(
            name='IdentityDocumentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('resident_id', 'Resident identity card'), ('residence_permit', 'Residence permit (Hong Kong, Macao, Taiwan)'), ('foreign_permanent', "Foreigner's permanent residence card"), ('passport', 'Passport')], max_length=20, verbose_name='document')),
                ('number', profiles.common.fields.EncryptedTextField(context='profiles.identity.number', verbose_name='number')),
                ('index', models.BinaryField(max_length=32)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3, verbose_name='group')),
                ('unit', models.CharField(blank=True, max_length=100, verbose_name='unit or class')),
                ('licence_number', models.CharField(blank=True, max_length=60, verbose_name='licence number')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='joined on')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='left on')),
            ],
            options={
                'verbose_name': 'membership',
                'ordering': ['-joined_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('group', models.CharField(choices=[('STU', 'Adult student'), ('CIV', 'Civil servant or public officer'), ('MED', 'Doctor'), ('NUR', 'Nurse'), ('PHA', 'Licensed pharmacist'), ('LAW', 'Lawyer or notary'), ('GUI', 'Tour guide'), ('TEA', 'Teacher'), ('ACC', 'Accountant'), ('CPA', 'Certified public accountant'), ('TAX', 'Tax agent'), ('FIR', 'Registered fire engineer'), ('REA', 'Real-estate agent'), ('FIN', 'Financial practitioner'), ('APP', 'Appraiser'), ('CER', 'Certification or safety-inspection staff'), ('LEG', 'Legal representative or manager'), ('SOC', 'Social worker')], max_length=3, verbose_name='group')),
                ('unit', models.CharField(blank=True, max_length=100, verbose_name='unit or class')),
                ('licence_number', models.CharField(blank=True, max_length=60, verbose_name='licence number')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='joined on')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='left on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('code', models.CharField(max_length=18, unique=True, validators=[profiles.organisations.models.validate_uscc], verbose_name='unified social credit code')),
                ('kind', models.CharField(choices=[('school', 'School or university'), ('examination_authority', 'Examination authority'), ('education_authority', 'Education authority'), ('student_aid_centre', 'Student aid centre'), ('lending_bank', 'Lending bank'), ('civil_service_authority', 'Civil service authority'), ('discipline_body', 'Discipline and supervision body'), ('personnel_authority', 'Human resources authority'), ('health_authority', 'Health authority'), ('hospital', 'Hospital'), ('drug_authority', 'Drug administration'), ('justice_authority', 'Justice authority'), ('lawyers_association', 'Lawyers association'), ('court', 'Court'), ('police', 'Police'), ('culture_tourism_authority', 'Culture and tourism authority'), ('finance_authority', 'Finance authority'), ('cpa_association', 'Institute of certified public accountants'), ('tax_authority', 'Tax authority'), ('tax_agents_association', 'Tax agents association'), ('fire_authority', 'Fire authority'), ('housing_authority', 'Housing authority'), ('natural_resources_authority', 'Natural resources authority'), ('financial_regulator', 'Financial regulator'), ('market_regulator', 'Market regulator'), ('certification_association', 'Certification association'), ('emergency_authority', 'Emergency management authority'), ('statistics_authority', 'Statistics authority'), ('science_authority', 'Science and technology authority'), ('defence_mobilisation', 'Defence mobilisation authority'), ('civil_affairs_authority', 'Civil affairs authority'), ('industry_association', 'Industry association'), ('employer', 'Employer'), ('credit_office', 'Credit office')], max_length=40, verbose_name='kind')),
                ('jurisdiction', models.CharField(default='national', max_length=30, verbose_name='jurisdiction')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='contact for persons')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'organisation',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='OrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('code', models.CharField(max_length=18, validators=[profiles.organisations.models.validate_uscc], verbose_name='unified social credit code')),
                ('kind', models.CharField(choices=[('school', 'School or university'), ('examination_authority', 'Examination authority'), ('education_authority', 'Education authority'), ('student_aid_centre', 'Student aid centre'), ('lending_bank', 'Lending bank'), ('civil_service_authority', 'Civil service authority'), ('discipline_body', 'Discipline and supervision body'), ('personnel_authority', 'Human resources authority'), ('health_authority', 'Health authority'), ('hospital', 'Hospital'), ('drug_authority', 'Drug administration'), ('justice_authority', 'Justice authority'), ('lawyers_association', 'Lawyers association'), ('court', 'Court'), ('police', 'Police'), ('culture_tourism_authority', 'Culture and tourism authority'), ('finance_authority', 'Finance authority'), ('cpa_association', 'Institute of certified public accountants'), ('tax_authority', 'Tax authority'), ('tax_agents_association', 'Tax agents association'), ('fire_authority', 'Fire authority'), ('housing_authority', 'Housing authority'), ('natural_resources_authority', 'Natural resources authority'), ('financial_regulator', 'Financial regulator'), ('market_regulator', 'Market regulator'), ('certification_association', 'Certification association'), ('emergency_authority', 'Emergency management authority'), ('statistics_authority', 'Statistics authority'), ('science_authority', 'Science and technology authority'), ('defence_mobilisation', 'Defence mobilisation authority'), ('civil_affairs_authority', 'Civil affairs authority'), ('industry_association', 'Industry association'), ('employer', 'Employer'), ('credit_office', 'Credit office')], max_length=40, verbose_name='kind')),
                ('jurisdiction', models.CharField(default='national', max_length=30, verbose_name='jurisdiction')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='contact for persons')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=profiles.common.codes.person_code, editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('birth_date', models.DateField(verbose_name='birth date')),
                ('created_by_organisation_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'person',
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(default=profiles.common.codes.person_code, editable=False, max_length=16)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('birth_date', models.DateField(verbose_name='birth date')),
                ('created_by_organisation_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('clerk', 'Clerk'), ('approver', 'Approver'), ('examiner', 'Examiner'), ('credit_officer', 'Credit officer'), ('auditor', 'Auditor'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator'), ('editor', 'Editor'), ('person', 'Person')], max_length=30, verbose_name='role')),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'role',
            },
        ),
        migrations.CreateModel(
            name='RoleGrantEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('clerk', 'Clerk'), ('approver', 'Approver'), ('examiner', 'Examiner'), ('credit_officer', 'Credit officer'), ('auditor', 'Auditor'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator'), ('editor', 'Editor'), ('person', 'Person')], max_length=30, verbose_name='role')),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TrailLeaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('event_uid', models.UUIDField(unique=True)),
                ('event_at', models.DateTimeField()),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TrailPending',
            fields=[
                ('event_uid', models.UUIDField(primary_key=True, serialize=False)),
                ('event_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='user name')),
                ('full_name', models.CharField(max_length=100, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='leaving date')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'account',
                'ordering': ['username'],
            },
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=60, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='user name')),
                ('full_name', models.CharField(max_length=100, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='leaving date')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Activation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.BinaryField(max_length=32, unique=True)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_on', models.DateField()),
                ('used_at', models.DateTimeField(null=True)),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'activation code',
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('uid', models.UUIDField(default=profiles.audit.models.time_ordered_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='time')),
                ('verb', models.CharField(choices=profiles.audit.verbs.verb_choices, max_length=40, verbose_name='act')),
                ('actor_kind', models.CharField(max_length=40)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('person_id', models.BigIntegerField(null=True)),
                ('object_type', models.CharField(blank=True, max_length=40)),
                ('object_id', models.CharField(blank=True, max_length=40)),
                ('details', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'trail event',
                'ordering': ['-at', '-uid'],
                'abstract': False,
                'indexes': [models.Index(fields=['-at'], name='audit_at'), models.Index(fields=['person_id', '-at'], name='audit_person'), models.Index(fields=['actor_id', '-at'], name='audit_actor'), models.Index(fields=['object_type', 'object_id'], name='audit_object')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='83b8ef4b8d68a5cf028de319cc6ad8ea8f2949fe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_226e7', table='profiles_auditevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ef2e7a257d2c8697ba30042853d6558713180409', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9cff8', table='profiles_checkpoint', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='identitydocumentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='identitydocumentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='profiles.identitydocument'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='profiles.membership'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='profiles.organisation', verbose_name='parent body'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='membership',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='competence',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='competences', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='accountevent',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='account',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='profiles.organisation'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='parent',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.organisation', verbose_name='parent body'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='profiles.organisation'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name', 'birth_date'], name='person_name_birth'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='membership',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='identitydocumentevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='identitydocument',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='activation',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activations', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='accountevent',
            name='person',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='account',
            name='person',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to='profiles.person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "profiles_personevent" ("birth_date", "code", "created_at", "created_by_organisation_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."birth_date", OLD."code", OLD."created_at", OLD."created_by_organisation_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='0e5969f68f0637273bb512d36e66ac6a6dadf19c', operation='UPDATE', pgid='pgtrigger_update_update_7279f', table='profiles_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "profiles_personevent" ("birth_date", "code", "created_at", "created_by_organisation_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."birth_date", OLD."code", OLD."created_at", OLD."created_by_organisation_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='d5263ddda50189ea49b9038ab3cf9ff74266c104', operation='DELETE', pgid='pgtrigger_delete_delete_f3f2c', table='profiles_person', when='AFTER')),
        ),
        migrations.AddField(
            model_name='personevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='profiles.person'),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='granted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolegrantevent',
            name='account',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolegrantevent',
            name='granted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolegrantevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='rolegrantevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='profiles.rolegrant'),
        ),
        migrations.AddField(
            model_name='rolegrantevent',
            name='revoked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trailleaf',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eb3ec725f83d17f6f48fef3827e5f4ef76751531', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f8366', table='profiles_trailleaf', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='trailpending',
            index=models.Index(fields=['event_at'], name='trail_pending_at'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "profiles_organisationevent" ("code", "contact", "ended_on", "id", "jurisdiction", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."contact", OLD."ended_on", OLD."id", OLD."jurisdiction", OLD."kind", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='5fdc1f20542bc7ddf5d6fe770f3807d1f1ec9b1c', operation='UPDATE', pgid='pgtrigger_update_update_6310e', table='profiles_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "profiles_organisationevent" ("code", "contact", "ended_on", "id", "jurisdiction", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."contact", OLD."ended_on", OLD."id", OLD."jurisdiction", OLD."kind", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='7d1c88a548c8ec1cc25e8681733486e5a7c1cf89', operation='DELETE', pgid='pgtrigger_delete_delete_bc8e8', table='profiles_organisation', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='competence',
            constraint=models.UniqueConstraint(fields=('organisation', 'role', 'group', 'event', 'valid_from'), name='competence_once'),
        ),
        migrations.AddConstraint(
            model_name='competence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'report'), ('event', '')), models.Q(('role', 'check'), models.Q(('event', ''), _negated=True)), _connector='OR'), name='competence_event'),
        ),
        migrations.AddConstraint(
            model_name='competence',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='competence_dates'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='57cd1ff7557fe58526a4f7903e95f61df0c7777e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6150c', table='profiles_organisationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='892f13a94e9fae6b26a03174f4ebe4908f7eced7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c2947', table='profiles_membershipevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('person', 'group', 'organisation'), name='membership_open_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('joined_on', None), ('left_on', None), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='membership_dates'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "profiles_membershipevent" ("group", "id", "joined_on", "left_on", "licence_number", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (OLD."group", OLD."id", OLD."joined_on", OLD."left_on", OLD."licence_number", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."unit"); RETURN NULL;', hash='c64231aa5e950e9e37a206df1e316585933861be', operation='UPDATE', pgid='pgtrigger_update_update_c9cba', table='profiles_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "profiles_membershipevent" ("group", "id", "joined_on", "left_on", "licence_number", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (OLD."group", OLD."id", OLD."joined_on", OLD."left_on", OLD."licence_number", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."unit"); RETURN NULL;', hash='3bd64d1ef57b8c4e6ab1d50addfddb36e66f52b8', operation='DELETE', pgid='pgtrigger_delete_delete_998ba', table='profiles_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identitydocumentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='64394ea5b07177366c1590586be7b8a443fc9b77', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7d81c', table='profiles_identitydocumentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identitydocument',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "profiles_identitydocumentevent" ("added_at", "id", "index", "kind", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."added_at", OLD."id", OLD."index", OLD."kind", OLD."number", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='f8f45ed56ad6e56c148e18c0dc9555ef981ddff0', operation='UPDATE', pgid='pgtrigger_update_update_fddc1', table='profiles_identitydocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identitydocument',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "profiles_identitydocumentevent" ("added_at", "id", "index", "kind", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."added_at", OLD."id", OLD."index", OLD."kind", OLD."number", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='2d0712765a84a2466d7cbb54f1fd5a01c4036e77', operation='DELETE', pgid='pgtrigger_delete_delete_a1b0e', table='profiles_identitydocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='805928599cecf3b45ab51e9384a8ee47e9399294', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_75def', table='profiles_accountevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('person__isnull', False)), models.Q(('organisation__isnull', False), ('person', None)), _connector='OR'), name='account_staff_or_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."left_on" IS DISTINCT FROM (NEW."left_on") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "profiles_accountevent" ("created_at", "email", "full_name", "id", "is_active", "is_superuser", "left_on", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (OLD."created_at", OLD."email", OLD."full_name", OLD."id", OLD."is_active", OLD."is_superuser", OLD."left_on", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."username"); RETURN NULL;', hash='f830bcd0896d57d5a3c836683c21afcbb3772c0b', operation='UPDATE', pgid='pgtrigger_update_update_4133c', table='profiles_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "profiles_accountevent" ("created_at", "email", "full_name", "id", "is_active", "is_superuser", "left_on", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (OLD."created_at", OLD."email", OLD."full_name", OLD."id", OLD."is_active", OLD."is_superuser", OLD."left_on", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."username"); RETURN NULL;', hash='5b796d65f701afff3e3be36c325db172a41f359f', operation='DELETE', pgid='pgtrigger_delete_delete_06689', table='profiles_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bda1e0da09f020f050dc9dc90bc34d57e5b0892a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28dfc', table='profiles_personevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('account', 'role'), name='role_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None), ('role__in', ['auditor', 'security_admin', 'system_admin'])), fields=('account',), name='administrators_exclude_each_other'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('role', 'person'), _negated=True), name='role_person_is_not_granted'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='role_revocation_paired'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolegrant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "profiles_rolegrantevent" ("account_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "role") VALUES (OLD."account_id", OLD."granted_at", OLD."granted_by_id", OLD."id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."revoked_at", OLD."revoked_by_id", OLD."role"); RETURN NULL;', hash='dfd6c5aef3d72a3d644e8bcdcf0e705b3bd9a5d3', operation='UPDATE', pgid='pgtrigger_update_update_ad766', table='profiles_rolegrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolegrant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "profiles_rolegrantevent" ("account_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "role") VALUES (OLD."account_id", OLD."granted_at", OLD."granted_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."revoked_by_id", OLD."role"); RETURN NULL;', hash='122aff7adba7bbe46f50aefe12e10b1464328e25', operation='DELETE', pgid='pgtrigger_delete_delete_b2d1e', table='profiles_rolegrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolegrantevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a8626d4de8e02ec7a76b8d1a02388b8d8a3dbb62', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_815a4', table='profiles_rolegrantevent', when='BEFORE')),
        ),
    ]
