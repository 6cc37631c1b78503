import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("regions", "0001_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="NightRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="Begun so often without an end."),
                ),
                (
                    "failure_number",
                    models.CharField(blank=True, help_text="To quote; the error is in the log.", max_length=9),
                ),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=300)),
                ("requested_by", models.CharField(max_length=150)),
                ("requested_at", models.DateTimeField()),
                ("alive_at", models.DateTimeField(help_text="Last heartbeat of the worker.", null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("as_of_date", models.DateField()),
                ("inputs", models.JSONField(default=dict, help_text="Deliveries by feed, fixed by the first step.")),
                ("board", models.JSONField(default=dict, help_text="Counts of what was found.")),
                (
                    "known_at",
                    models.DateTimeField(help_text="Input is everything recorded until this moment.", null=True),
                ),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "requested_by_system",
                    models.BooleanField(default=True, help_text="Not by a user: by the timetable or an operator."),
                ),
            ],
            options={
                "verbose_name": "nightly run",
                "abstract": False,
                "indexes": [models.Index(fields=["county", "-id"], name="nightrun_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "cancelled"])),
                        name="nightrun_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", False), ("state__in", ["waiting", "running"]), _connector="OR"
                        ),
                        name="nightrun_finished_has_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("county",),
                        name="nightrun_one_open_per_county",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NightStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("rows", models.BigIntegerField(null=True)),
                ("seconds", models.FloatField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="nightly.nightrun"
                    ),
                ),
            ],
            options={
                "verbose_name": "nightly run step",
                "constraints": [
                    models.UniqueConstraint(fields=("run", "name"), name="nightstep_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "cancelled"])),
                        name="nightstep_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("as_of_date", models.DateField(help_text="The day the night described.")),
                (
                    "measure",
                    models.CharField(
                        help_text="What is counted: population and column, or the kind of gap.", max_length=48
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
            ],
            options={
                "verbose_name": "figure of a month",
                "indexes": [models.Index(fields=["county", "month"], name="monthfigure_of_county")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "measure", "month"), name="monthfigure_once"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="monthfigure_first_day"),
                    models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="monthfigure_counts_somebody"),
                ],
            },
        ),
    ]
