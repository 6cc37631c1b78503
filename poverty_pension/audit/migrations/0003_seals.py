"""Seals over the books: counted, fingerprinted, chained, signed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_acting_for_a_colleague"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "book",
                    models.CharField(choices=[("events", "Events"), ("disclosures", "Disclosures")], max_length=20),
                ),
                ("from_id", models.BigIntegerField()),
                ("to_id", models.BigIntegerField()),
                ("row_count", models.PositiveBigIntegerField()),
                ("layout", models.PositiveSmallIntegerField()),
                ("rows_sha256", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("book__in", ["events", "disclosures"])), name="auditseal_known_book"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_id__gte", models.F("from_id"))), name="auditseal_range_in_order"
                    ),
                    models.UniqueConstraint(fields=("book", "from_id"), name="auditseal_begins_once"),
                    models.UniqueConstraint(fields=("book", "to_id"), name="auditseal_ends_once"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditseal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cccfe7f174a4f5ea42a392caddb61a60f7790c17",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_no_change_355ad",
                    table="audit_auditseal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditseal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="79458e99cb903bafbd91d5f97c68f6108bc97ef1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_9331a",
                    table="audit_auditseal",
                    when="BEFORE",
                ),
            ),
        ),
    ]
