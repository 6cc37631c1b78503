"""How codes changed between two nights, as bands from one to the other. Two queries."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.selectors.comparing import Between
from coverage.presenters.codes import verdict_words
from coverage.selectors.comparing import count_code_moves
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.documents.charts import MOST_BANDS, Flow, Picture, flow
from foundation.primitives.errors import NotFound
from nightly.models import NightRun
from nightly.selectors import list_published_nights_beside


def flow_picture(actor: Actor, run_id: int, other_id: int | None) -> Picture:
    """Draw whose code changed between a night and another, by default the one published before it.

    Errors: NotFound, also for a night of another county and where there is none before.
    """
    now, was = _two(actor, run_id, other_id)
    if now.finished_at is None or was.finished_at is None:
        raise NotFound(_("There is no earlier nightly run to compare with."))
    moves = count_code_moves(actor, Between(now.county_id, was.finished_at, now.finished_at))
    may_list = actor.may(Action.VIEW_CASE_DATA)
    flows = []
    for move in moves:
        if move.was == move.now:
            continue
        asked = urlencode({"with": was.pk, "was": move.was, "now": move.now})
        url = f"{reverse('night_moved', args=[now.pk])}?{asked}" if may_list else ""
        before, after = _code(move.was), _code(move.now)
        flows.append(Flow(before, after, move.persons, f"{before} → {after}: {move.persons:,}", url))
    same = sum(move.persons for move in moves if move.was == move.now)
    words = _("From the nightly run as of %(was)s to that as of %(now)s; %(same)s persons keep their code.") % {
        "was": was.as_of_date.isoformat(),
        "now": now.as_of_date.isoformat(),
        "same": f"{same:,}",
    }
    return flow(
        key="flow",
        title=_("Whose code changed"),
        note=" ".join((words, _further(flows))).strip(),
        flows=flows,
        heads=(_("Code before"), _("Code now")),
        many=_("Persons"),
    )


def _two(actor: Actor, run_id: int, other_id: int | None) -> tuple[NightRun, NightRun]:
    nights = list_published_nights_beside(actor, run_id)
    now = next((night for night in nights if night.pk == run_id), None)
    if now is None or now.finished_at is None:
        raise NotFound(_("There is no such nightly run in your unit."), ids=[run_id])
    at = now.finished_at
    earlier = [night for night in nights if night.finished_at and night.finished_at < at]
    other = next((night for night in nights if night.pk == other_id), None) if other_id else next(iter(earlier), None)
    if other is None:
        raise NotFound(_("There is no earlier nightly run to compare with."), code="no_night")
    return now, other


def _further(flows: Sequence[Flow]) -> str:
    """State how many changes are not drawn and where they are."""
    further = sorted((each.count for each in flows), reverse=True)[MOST_BANDS:]
    words = ngettext(
        "%(count)s further change (%(persons)s persons) is not drawn; it is in the table.",
        "%(count)s further changes (%(persons)s persons) are not drawn; they are in the table.",
        len(further),
    )
    return words % {"count": f"{len(further):,}", "persons": f"{sum(further):,}"} if further else ""


def _code(code: str) -> str:
    return verdict_words(code) if code else _("not on any list")
