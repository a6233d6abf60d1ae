"""The query register and the change feed are partitioned by month from the start."""

from django.db import migrations

from profiles.common.partitioning import PartitionByRange


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]
    operations = [PartitionByRange("queryline", "at"), PartitionByRange("change", "at")]
