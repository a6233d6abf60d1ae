"""A served entry whose window runs is in hearing; "notified" now means that the notice is written, served or not."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_partitions")]

    operations = [
        migrations.RunSQL(
            "UPDATE archive_entry SET state = 'in_hearing' WHERE state = 'notified'",
            "UPDATE archive_entry SET state = 'notified' WHERE state = 'in_hearing'",
        ),
    ]
