"""What applying a list changes, line by line (models/change.py)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0001_units"),
        ("registry", "0013_aliases_without_end"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("poor_new", "New on the list"),
                            ("poor_exit", "No longer on the list"),
                            ("poor_removed_dead", "No longer on the list, reported dead"),
                            ("poverty_status", "Poverty status changed"),
                            ("dibao_kind", "Full or partial amount changed"),
                            ("tekun_kind", "Way of support changed"),
                            ("settlement", "Urban or rural changed"),
                            ("place", "Place changed"),
                            ("hukou", "Hukou place changed"),
                            ("name_corrected", "Name corrected"),
                            ("name_changed", "Another name"),
                            ("id_corrected", "Identity number corrected"),
                            ("new_error", "Identity number now wrong"),
                            ("new_row", "New on the roll"),
                            ("gone_row", "No longer on the roll"),
                            ("duplicate_removed", "Second line of a person removed"),
                            ("terminated_death", "Insurance ended"),
                            ("paused", "Contributions paused"),
                            ("resumed", "Contributions resumed"),
                            ("reached_60_drawing", "Reached the age and draws"),
                            ("reached_60_not_drawing", "Reached the age and does not draw"),
                            ("late_start_drawing", "Began to draw late"),
                            ("benefit_paused", "Benefit paused"),
                            ("benefit_resumed", "Benefit resumed"),
                            ("other_status", "Status changed otherwise"),
                            ("id_changed", "Another identity number"),
                            ("identity_changed", "Kind of participant changed"),
                            ("moved", "Moved to another place"),
                        ],
                        max_length=24,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("before", models.CharField(blank=True, max_length=300)),
                ("after", models.CharField(blank=True, max_length=300)),
                ("record_key", models.CharField(blank=True, max_length=64)),
                ("sheet", models.CharField(blank=True, max_length=64)),
                ("row", models.PositiveIntegerField()),
                ("member", models.PositiveSmallIntegerField(default=0)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="registry.delivery"
                    ),
                ),
                (
                    "line_in",
                    models.ForeignKey(
                        help_text="The file with the line: the one before, where it is gone.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Empty before a new person is applied.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "indexes": [
                    models.Index(fields=["delivery", "kind", "sheet", "row", "member"], name="deliverychange_of_kind")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "poor_new",
                                    "poor_exit",
                                    "poor_removed_dead",
                                    "poverty_status",
                                    "dibao_kind",
                                    "tekun_kind",
                                    "settlement",
                                    "place",
                                    "hukou",
                                    "name_corrected",
                                    "name_changed",
                                    "id_corrected",
                                    "new_error",
                                    "new_row",
                                    "gone_row",
                                    "duplicate_removed",
                                    "terminated_death",
                                    "paused",
                                    "resumed",
                                    "reached_60_drawing",
                                    "reached_60_not_drawing",
                                    "late_start_drawing",
                                    "benefit_paused",
                                    "benefit_resumed",
                                    "other_status",
                                    "id_changed",
                                    "identity_changed",
                                    "moved",
                                ],
                            )
                        ),
                        name="deliverychange_known_kind",
                    )
                ],
            },
        ),
    ]
