"""Units are never deleted: bulk tables refer to them without a foreign key of the database."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0001_units"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
                    hash="b5519eec4f2bde71b421a08a8d8c3f966950e92e",
                    operation='DELETE OR UPDATE OF "id"',
                    pgid="pgtrigger_stays_25ecc",
                    table="regions_unit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
