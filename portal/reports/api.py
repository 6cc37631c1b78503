"""GET /api/v1/e1/: the statutory monthly table of the token's unit or one below it, without any person."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.primitives import clock
from foundation.primitives.rates import Rate
from foundation.regions.selectors import get_unit
from foundation.web.api.fields import DayField
from foundation.web.api.queries import AskedView, read_query
from portal.reports.columns import CONDITIONS, Population, UnitBasis
from portal.reports.e1 import Asked, Table, UnitCounts, get_table

LINE = {
    "unit": "320682111000", "name": "长江镇", "counts": {"1_registered": 1298, "8_should_insure": 1104, "12_insured": 1032},
    "coverage": {"part": 1032, "whole": 1104, "text": "93.47 %", "goal_met": False},
    "drawing": {"part": 356, "whole": 382, "text": "93.19 %", "goal_met": False},
}  # fmt: skip
EXAMPLE = OpenApiExample(
    "A county (counts shortened)",
    value={
        "as_of": "2018-12-31", "oldest_feed_date": "2018-12-31", "population": "poverty_file", "basis": "file",
        "total": {**LINE, "unit": "320682000000", "name": "如皋市"}, "parts": [LINE], "not_drawing": {"paused": 16},
    },
    response_only=True,
    status_codes=["200"],
)  # fmt: skip


class TableQuestionSerializer(serializers.Serializer):
    """Which table; what is left out has a default."""

    day = DayField(required=False, help_text="The table of the last night as of this day or before; today.")
    unit = serializers.RegexField(
        r"^\d{12}$", required=False, help_text="Twelve digits; the token's unit. Units directly below it are its parts."
    )
    population = serializers.ChoiceField(choices=Population.choices, default=Population.POVERTY_FILE)
    basis = serializers.ChoiceField(choices=UnitBasis.choices, default=UnitBasis.FILE)


class RateSerializer(serializers.Serializer):
    """A rate as two counts; the text is truncated to two decimals, the goal of 99.99 % tested in integers."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    text = serializers.CharField()
    goal_met = serializers.BooleanField()


class LineSerializer(serializers.Serializer):
    """One unit with its columns; an empty code: persons at none of the units below."""

    unit = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text=", ".join(CONDITIONS))
    coverage = RateSerializer(help_text="12 / 8")
    drawing = RateSerializer(help_text="14 / 13")


class TableSerializer(serializers.Serializer):
    """The unit asked for, the units directly below it, and column 15 by reason."""

    as_of = serializers.DateField(help_text="The newest day the figures describe.")
    oldest_feed_date = serializers.DateField(help_text="The oldest day of the lists it rests on.")
    population = serializers.ChoiceField(choices=Population.choices)
    basis = serializers.ChoiceField(choices=UnitBasis.choices)
    total = LineSerializer()
    parts = LineSerializer(many=True)
    not_drawing = serializers.DictField(child=serializers.IntegerField())


class TableView(AskedView):
    """Answers a department's token with the verb read_reports, for its unit and those below."""

    verb = Verb.READ_REPORTS
    forms = (TableQuestionSerializer,)

    @extend_schema(
        operation_id="read_e1",
        summary="The statutory monthly table",
        parameters=[TableQuestionSerializer],
        responses={200: TableSerializer},
        examples=[EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        """Read the table of a unit on a day. Columns 18 to 20 are not kept here and not sent; 404 outside the token's unit."""
        given, actor = read_query(request, TableQuestionSerializer), cast("Actor", request.user)
        asked = Asked(
            unit=get_unit(code=given.get("unit", actor.unit_code)),
            day=given.get("day", clock.today()),
            population=Population(given["population"]),
            basis=UnitBasis(given["basis"]),
        )
        return Response(_as_json(get_table(actor=actor, asked=asked)), headers={"Cache-Control": "no-store"})


def _as_json(table: Table) -> dict[str, object]:
    return {
        "as_of": table.as_of,
        "oldest_feed_date": table.oldest_feed_date,
        "population": table.asked.population.value,
        "basis": table.asked.basis.value,
        "total": _line(table.total),
        "parts": [_line(line) for line in table.parts],
        "not_drawing": table.not_drawing,
    }


def _line(line: UnitCounts) -> dict[str, object]:
    return {
        "unit": line.code,
        "name": line.name,
        "counts": line.counts,
        "coverage": _rate(line.coverage),
        "drawing": _rate(line.drawing),
    }


def _rate(rate: Rate) -> dict[str, object]:
    return {"part": rate.part, "whole": rate.whole, "text": rate.text, "goal_met": rate.is_met}
