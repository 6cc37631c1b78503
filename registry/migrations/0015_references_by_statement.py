"""Tables filled a million rows at a time check what they refer to once a statement; lighter rules against overlaps."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0002_references_by_statement"),
        ("registry", "0014_changes_of_deliveries"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="designation",
            name="designation_no_overlap",
        ),
        migrations.AlterField(
            model_name="deliveredrow",
            name="delivery",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="registry.delivery",
            ),
        ),
        migrations.AlterField(
            model_name="deliveredrow",
            name="number",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.identitynumber",
            ),
        ),
        migrations.AlterField(
            model_name="deliveredrow",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delivered_rows",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="deliveredrow",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="county",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="file_unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="hukou_unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="designations",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="row",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="designations",
                to="registry.deliveredrow",
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="county",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AlterField(
            model_name="personidentifier",
            name="number",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holders",
                to="registry.identitynumber",
            ),
        ),
        migrations.AlterField(
            model_name="personidentifier",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="identifiers",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="personname",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="names",
                to="registry.person",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveredrow",
            trigger=pgtrigger.compiler.Trigger(
                name="immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d78a52162cac94f3c5f2577380a851df73a9274e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_immutable_b9644",
                    table="registry_deliveredrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveredrow",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."delivery_id" FROM added a WHERE a."delivery_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_delivery p WHERE p.id = a."delivery_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.delivery_id: there is no registry_delivery \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."number_id" FROM added a WHERE a."number_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_identitynumber p WHERE p.id = a."number_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.number_id: there is no registry_identitynumber \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."unit_id" FROM added a WHERE a."unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.unit_id: there is no regions_unit \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="f9960a4a90c7e65e960d67d9641e852079539efa",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_11214",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_deliveredrow",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
                    hash="f73414620e183c9d1f09835c97f97359a29c3b9a",
                    operation='DELETE OR UPDATE OF "id"',
                    pgid="pgtrigger_stays_f943c",
                    table="registry_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."county_id" FROM added a WHERE a."county_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."county_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.county_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."file_unit_id" FROM added a WHERE a."file_unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."file_unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.file_unit_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."hukou_unit_id" FROM added a WHERE a."hukou_unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."hukou_unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.hukou_unit_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."row_id" FROM added a WHERE a."row_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_deliveredrow p WHERE p.id = a."row_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.row_id: there is no registry_deliveredrow \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="d3f20a20463d6a8b8effd870a2902ae2d073f03b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_2e4b4",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_designation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="open_after_closed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE overlapping bigint;",
                    func="\n            EXECUTE 'SELECT a.id FROM added a JOIN registry_designation d\n                ON d.person_id = a.person_id AND d.kind = a.kind AND d.record_key = a.record_key\n                AND (d.valid_to IS NULL) <> (a.valid_to IS NULL)\n                AND daterange(d.valid_from, d.valid_to) && daterange(a.valid_from, a.valid_to)\n                WHERE d.superseded_at IS NULL AND a.superseded_at IS NULL LIMIT 1' INTO overlapping;\n            IF overlapping IS NOT NULL THEN\n                RAISE exclusion_violation\n                    USING MESSAGE = 'designation_open_after_closed: ' || overlapping || ' overlaps a closed one of its line';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="1609b7e5ba82dfa71ddd8ff976013fc36a4f5566",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_open_after_closed_f8cd6",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_designation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."county_id" FROM added a WHERE a."county_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."county_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.county_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."unit_id" FROM added a WHERE a."unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.unit_id: there is no regions_unit \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="da6d14b4825800658236ba51567e4e7a5a38d783",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_30c1a",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."county_id" FROM added a WHERE a."county_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."county_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.county_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."unit_id" FROM added a WHERE a."unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.unit_id: there is no regions_unit \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="7be50f032094fa992325762a4baeb6aa1206d844",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_references_exist_b15f2",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
                    hash="65e493274f2c06573fc10c3654b71c1861244ab1",
                    operation='DELETE OR UPDATE OF "id"',
                    pgid="pgtrigger_stays_2b545",
                    table="registry_person",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."number_id" FROM added a WHERE a."number_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_identitynumber p WHERE p.id = a."number_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.number_id: there is no registry_identitynumber \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="719851665b90350fefe691f0b241b082696af96f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_5cf2e",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_personidentifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personname",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="18f3b7fce5bdac09bf61ba8a9f89f8a8b4c1add8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_f56cf",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_personname",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="designation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True), ("valid_to__isnull", True)),
                fields=("person", "kind", "record_key"),
                name="designation_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="designation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("superseded_at__isnull", True), ("valid_to__isnull", False)),
                expressions=[
                    (models.F("person"), "="),
                    (
                        models.Func(
                            models.Func(
                                "kind",
                                "record_key",
                                template="(%(expressions)s)",
                                arg_joiner=" || ' ' || ",
                                output_field=models.TextField(),
                            ),
                            "county",
                            function="hashtextextended",
                            output_field=models.BigIntegerField(),
                        ),
                        "=",
                    ),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="designation_closed_no_overlap",
            ),
        ),
    ]
