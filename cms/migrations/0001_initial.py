import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead_zh', models.TextField(verbose_name='lead, Chinese')),
                ('lead_en', models.TextField(verbose_name='lead, English')),
                ('doors', models.JSONField(default=list, help_text='four doors: key, title and text in Chinese and English')),
            ],
            options={
                'verbose_name': 'home page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='TextPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('title_en', models.CharField(max_length=200, verbose_name='title, English')),
                ('body_zh', wagtail.fields.RichTextField(verbose_name='text, Chinese')),
                ('body_en', wagtail.fields.RichTextField(verbose_name='text, English')),
            ],
            options={
                'verbose_name': 'text page',
            },
            bases=('wagtailcore.page',),
        ),
    ]
