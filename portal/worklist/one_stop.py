"""One-stop enrolment begun from the work list: whom the selection would enrol, whom not and why, before the batch is proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from enrollment.constants import ONE_STOP_KINDS, ApplicationKind, LinePart, Outcome
from enrollment.presenters.conditions import OUTCOME_TONES
from enrollment.presenters.one_stop import place_of, reason_label, reason_words
from enrollment.selectors.one_stop import list_named
from enrollment.services.one_stop import LONGEST_NOTE, NO_GAP, Compared, preview_batch, propose_batch
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.fields import DayField
from foundation.web.refusals import own_address, refuse
from portal.worklist.filters import NAME_FIELD
from portal.worklist.selection import Selection, read_selection
from registry.models import Person
from registry.selectors.numbers import mask_first

MOST_IN_BATCH = 50_000
"""A county proposes more than this by the command, for all of its people."""
MOST_SHOWN = 100


class OneStopForm(forms.Form):
    """The day the conditions are tested on, and a note for whoever reviews the batch."""

    day = DayField(label=gettext_lazy("Conditions tested on"))
    note = forms.CharField(
        label=gettext_lazy("Note for the reviewer"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True)
class Bucket:
    """So many people of one outcome, or excluded for one reason; `name` chooses those shown by name."""

    name: str
    label: str
    count: int
    is_here: bool


@dataclass(frozen=True)
class PreviewRow:
    """One person of the preview: what the comparison came to, and why."""

    person: Person
    number: str
    place: str
    kind: str
    outcome: str
    tone: str
    reasons: str


@sensitive_post_parameters(NAME_FIELD)
@never_cache
@requires(Action.ACCEPT_APPLICATION)
@require_POST
def propose(request: ActorRequest) -> HttpResponse:
    """Show what a batch of the selected people would come to; propose it once that was confirmed and the list is as it was shown."""
    back_url = own_address(request, request.POST.get("next"), reverse("work_list"))
    is_asked = request.POST.get("act") == "propose"
    given = request.POST if "day" in request.POST else {"day": clock.today(), "note": ""}
    form = OneStopForm(given)
    try:
        chosen = read_selection(request, most=MOST_IN_BATCH)
        persons = _persons_of(chosen)
        if is_asked and form.is_valid() and not chosen.has_changed:
            batch = propose_batch(actor=request.actor, persons=persons, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("Batch proposed: somebody else reviews it, a third person approves it."))
            return redirect("one_stop_batch", batch.pk)
        day = form.cleaned_data["day"] if form.is_valid() else clock.today()
        return _show_preview(request, chosen, persons, form, day, back_url)
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)


def _persons_of(chosen: Selection) -> list[int]:
    """Return the people among the selected, each once. Errors: BadInput where nothing is selected."""
    if not chosen.keys:
        raise BadInput(_("No rows selected."), code="nothing_selected")
    return list(dict.fromkeys(key.person_id for key in chosen.keys if key.person_id))


def _show_preview(
    request: ActorRequest, chosen: Selection, persons: Sequence[int], form: OneStopForm, day: date, back_url: str
) -> HttpResponse:
    compared = preview_batch(actor=request.actor, persons=persons, day=day, at=clock.now())
    without_gap = set(persons) - {each.person_id for each in compared}
    shown_name = request.POST.get("shown", "")
    buckets, reasons = _buckets(compared, len(without_gap), shown_name)
    named = [each for each in compared if shown_name in _names(each)] if shown_name else compared
    rows = _rows(request.actor, named[:MOST_SHOWN])
    if shown_name == NO_GAP:
        rows = _rows_without_gap(request.actor, sorted(without_gap)[:MOST_SHOWN])
    count = len(without_gap) if shown_name == NO_GAP else len(named)
    record_list(actor=request.actor, name="work_one_stop", count=count, shown=len(rows))
    context = {
        "selection": chosen,
        "form": form,
        "buckets": buckets,
        "reasons": reasons,
        "eligible": sum(each.outcome == Outcome.ELIGIBLE for each in compared),
        "lines": sum(not key.person_id for key in chosen.keys),
        "rows": rows,
        "count": count,
        "shown_name": shown_name,
        "back_url": back_url,
    }
    return render(request, "worklist/one_stop.html", context)


def _names(each: Compared) -> tuple[str, ...]:
    """Return the buckets somebody is in: the outcome, with the kind of the eligible, and each reason."""
    if each.outcome == Outcome.ELIGIBLE:
        return (f"{each.outcome}_{each.kind}",)
    return (each.outcome.value, *each.reasons)


def _buckets(compared: Sequence[Compared], without_gap: int, here: str) -> tuple[list[Bucket], list[Bucket]]:
    """Count outcomes and reasons; those nobody is in are left out."""
    counts = Counter(name for each in compared for name in _names(each))
    labels = {
        f"{Outcome.ELIGIBLE}_{kind}": _("To be enrolled: %(kind)s") % {"kind": ApplicationKind(kind).label}
        for kind in ONE_STOP_KINDS
    }
    labels |= {each.value: str(each.label) for each in (LinePart.REFUSED, LinePart.UNKNOWN)}
    outcomes = [Bucket(name, label, counts.pop(name), name == here) for name, label in labels.items() if counts[name]]
    if without_gap:
        outcomes.append(Bucket(NO_GAP, reason_label(NO_GAP), without_gap, here == NO_GAP))
    for name in labels:
        counts.pop(name, None)
    return outcomes, [Bucket(name, reason_label(name), count, name == here) for name, count in counts.most_common()]


def _rows(actor: Actor, compared: Sequence[Compared]) -> list[PreviewRow]:
    people = list_named(actor, [each.person_id for each in compared])
    return [
        _row(people[each.person_id], str(each.kind.label), each.outcome, reason_words(each.reasons))
        for each in compared
        if each.person_id in people
    ]


def _rows_without_gap(actor: Actor, person_ids: Sequence[int]) -> list[PreviewRow]:
    people = list_named(actor, person_ids)
    return [_row(people[each], "", None, reason_label(NO_GAP)) for each in person_ids if each in people]


def _row(person: Person, kind: str, outcome: Outcome | None, reasons: str) -> PreviewRow:
    return PreviewRow(
        person=person,
        number=mask_first(person.stored_number),  # type: ignore[attr-defined]
        place=place_of(person),
        kind=kind,
        outcome=str(outcome.label) if outcome else _("Not compared"),
        tone=OUTCOME_TONES[outcome] if outcome else "",
        reasons=reasons,
    )
