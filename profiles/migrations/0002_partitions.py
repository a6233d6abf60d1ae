"""The trail is partitioned by month from the start, so that old months can be detached to cheaper storage."""

from django.db import migrations

from profiles.common.partitioning import PartitionByRange


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_initial")]
    operations = [PartitionByRange("auditevent", "at")]
