"""The key of the check index names the item before the entry: a check reads the few lines that its rules ask about, not all of a person."""

from django.db import migrations, models

OLD = "identity_index, entry_id, known_from"
NEW = "identity_index, item_code, entry_id, known_from"


def key(columns: str) -> str:
    return f"ALTER TABLE check_fact DROP CONSTRAINT check_fact_pkey, ADD CONSTRAINT check_fact_pkey PRIMARY KEY ({columns})"


class Migration(migrations.Migration):
    dependencies = [("archive", "0021_choices")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(key(NEW), key(OLD))],
            state_operations=[
                migrations.AlterField(
                    model_name="checkfact",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        "identity_index", "item_code", "entry_id", "known_from",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),  # fmt: skip
                ),
            ],
        ),
    ]
