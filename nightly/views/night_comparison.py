"""Two nights of a county side by side: codes from -> to as a matrix, gaps opened and closed, inputs that differ, persons behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.constants import GapKind
from casework.finders import reason_words
from casework.models import Gap
from casework.presenters.addresses import subject_url
from casework.presenters.gaps import subject_name
from casework.selectors.comparing import Between, count_gap_moves, list_moved_gaps
from casework.selectors.subjects import SubjectKey, key_of
from coverage.constants import Verdict
from coverage.presenters.codes import verdict_words
from coverage.selectors.comparing import NOBODY, CodeMove, count_code_moves, list_moved_persons
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives.errors import NotFound
from foundation.primitives.ids import read_id
from nightly.models import NightRun
from nightly.selectors import get_other_night, get_published_night, list_published_nights
from registry.constants import Feed
from registry.models import Person

PER_PAGE = 50
OPENED, CLOSED = "opened", "closed"


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix: how many persons, and the address of their list."""

    persons: int
    url: str
    is_same: bool


@dataclass(frozen=True)
class Line:
    """One row of a list of persons or gaps."""

    name: str
    url: str
    place: str
    reason: str


@never_cache
@requires(Action.VIEW_NIGHTS)
@require_safe
def show_comparison(request: ActorRequest, run_id: int) -> HttpResponse:
    """Compare a night with another (`with`), or with the one published before it. Seven queries whatever the persons."""
    now, was = _two(request, run_id)
    nights = [night for night in list_published_nights(request.actor, now.county_id)[:60] if night.pk != now.pk]
    context: dict[str, Any] = {
        "night": now,
        "other": was,
        "nights": nights,
        "may_work": request.actor.may(Action.VIEW_CASE_DATA),
    }
    if was is not None:
        between = _between(was, now)
        moves = count_code_moves(request.actor, between)
        context |= {
            "codes": [(code, _code_label(code)) for code in _codes(moves, "now")],
            "matrix": _matrix(moves, now, was),
            "changed_count": sum(move.persons for move in moves if move.was != move.now),
            "same_count": sum(move.persons for move in moves if move.was == move.now),
            "gaps": [
                (move, GapKind(move.kind).label, _list_url(now, was, kind=move.kind, moved=OPENED),
                 _list_url(now, was, kind=move.kind, moved=CLOSED))
                for move in count_gap_moves(request.actor, between)
            ],
            "inputs": _changed_inputs(was, now),
        }  # fmt: skip
    return render(request, "nights/compare.html", context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def list_moved(request: ActorRequest, run_id: int) -> HttpResponse:
    """List the persons behind a cell (`was`, `now`), or the gaps of a kind that opened or closed (`kind`, `moved`)."""
    now, was = _two(request, run_id)
    if was is None:
        raise NotFound(_("There is no earlier nightly run to compare with."))
    between, asked = _between(was, now), request.GET
    rows: QuerySet[Gap] | QuerySet[Person]
    kind, moved = asked.get("kind", ""), asked.get("moved", OPENED)
    given = {"with": str(was.pk)}
    if kind in GapKind.values:
        rows = list_moved_gaps(request.actor, between, kind=kind, opened=moved != CLOSED)
        words = _("newly opened") if moved != CLOSED else _("newly closed")
        title, given = f"{GapKind(kind).label} · {words}", {**given, "kind": kind, "moved": moved}
    else:
        codes = asked.get("was", NOBODY), asked.get("now", NOBODY)
        if not set(codes) <= {*Verdict.values, NOBODY}:
            raise NotFound(_("There is no such code."))
        rows = list_moved_persons(request.actor, between, was=codes[0], now=codes[1])
        title, given = " → ".join(map(_code_label, codes)), {**given, "was": codes[0], "now": codes[1]}
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    context = {
        "night": now,
        "other": was,
        "title": title,
        "page": page,
        "lines": [_line(row) for row in page],
        "query": urlencode(given),
        "back_url": f"{reverse('night_compare', args=[now.pk])}?with={was.pk}",
        "may_work": request.actor.may(Action.TAKE_CASE),
    }
    return render(request, "nights/moved.html", context)


def _two(request: ActorRequest, run_id: int) -> tuple[NightRun, NightRun | None]:
    """Load both nights in reach, the one asked for and the other; the other is None for the county's first."""
    night = get_published_night(request.actor, run_id)
    asked = request.GET.get("with", "")
    return night, get_other_night(request.actor, night, read_id(asked))


def _between(was: NightRun, now: NightRun) -> Between:
    if was.finished_at is None or now.finished_at is None:
        raise NotFound(_("There is no earlier nightly run to compare with."))
    return Between(now.county_id, was.finished_at, now.finished_at)


def _list_url(night: NightRun, other: NightRun, /, **asked: str) -> str:
    return f"{reverse('night_moved', args=[night.pk])}?{urlencode({'with': other.pk, **asked})}"


def _code_label(code: str) -> str:
    return verdict_words(code) if code else _("not on any list")


def _codes(moves: Sequence[CodeMove], side: str) -> list[str]:
    """List the codes of one side in the order of the survey list, that of persons on no list last."""
    found = {getattr(move, side) for move in moves}
    return [code for code in (*Verdict.values, NOBODY) if code in found]


def _matrix(moves: Sequence[CodeMove], now: NightRun, was: NightRun) -> list[tuple[str, list[Cell]]]:
    """List a row per former code: its label and a cell per present code."""
    counts = {(move.was, move.now): move.persons for move in moves}
    return [
        (
            _code_label(before),
            [
                Cell(counts.get((before, after), 0), _list_url(now, was, was=before, now=after), before == after)
                for after in _codes(moves, "now")
            ],
        )
        for before in _codes(moves, "was")
    ]


def _changed_inputs(was: NightRun, now: NightRun) -> list[tuple[str, str, str, int, int]]:
    """List the feeds whose files differ: label, newest day and rows of both nights."""
    changed = []
    for feed in Feed:
        before, after = was.inputs.get(feed.value, []), now.inputs.get(feed.value, [])
        if [entry["delivery"] for entry in before] != [entry["delivery"] for entry in after]:
            days = [entries[0]["as_of"] if entries else "" for entries in (before, after)]
            rows = [sum(entry["rows"] for entry in entries) for entries in (before, after)]
            changed.append((str(feed.label), *days, *rows))
    return changed


def _line(row: object) -> Line:
    """Return a person or a gap as one row; both have unit and county loaded."""
    place = row.unit.full_name.removeprefix(row.county.full_name) if row.unit else row.county.name  # type: ignore[attr-defined]
    if hasattr(row, "kind"):
        return Line(subject_name(row), subject_url(key_of(row)), place, reason_words(row.kind, row.reason))  # type: ignore[arg-type, attr-defined]
    return Line(row.name, subject_url(SubjectKey(person_id=row.pk)), place, "")  # type: ignore[attr-defined]
