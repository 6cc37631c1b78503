"""One-stop batches in words: a batch as a row, its parts and reasons with their counts, its lines, its signatures, the steps open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.constants import ONE_STOP_KINDS, ApplicationKind, BatchState, Condition, LinePart, Outcome
from enrollment.models import OneStopBatch, OneStopLine
from enrollment.presenters.applications import roles_of
from enrollment.presenters.conditions import OUTCOME_TONES
from enrollment.presenters.words import listed
from enrollment.selectors.one_stop import WAITING_FOR, BatchCounts
from enrollment.services.one_stop import CANCELLING, NO_GAP, OTHER_KIND
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Role
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature
from foundation.signatures.selectors import may_still_sign
from registry.models import Person
from registry.selectors.numbers import mask_first

BATCH_TONES = {
    BatchState.DRAFT: "info",
    BatchState.REVIEWED: "info",
    BatchState.APPROVED: "ok",
    BatchState.EFFECTIVE: "ok",
    BatchState.CANCELLED: "",
}
OTHER_REASONS = {
    NO_GAP: gettext_lazy("No open gap that enrolment answers"),
    OTHER_KIND: gettext_lazy("Another kind fits the age by now"),
}
"""Reasons that are no condition -> words."""
_ACTS = {BatchState.DRAFT: ("review", Act.REVIEWED), BatchState.REVIEWED: ("approve", Act.APPROVED)}
_LABELS: dict[str, Promise] = {
    "review": gettext_lazy("Confirm as reviewed"),
    "approve": gettext_lazy("Approve"),
}


@dataclass(frozen=True)
class BatchRow:
    """One batch of the list. `waits_for`: the roles that take the next step."""

    batch: OneStopBatch
    tone: str
    made_by: str
    waits_for: str


@dataclass(frozen=True)
class Part:
    """How many people are in a part of a batch, or excluded for a reason, and the query of the list that shows them."""

    label: str
    count: int
    query: str
    is_here: bool = False


@dataclass(frozen=True)
class BatchLine:
    """One person of a batch: what the comparison came to, why, and the application it led to."""

    person: Person
    number: str
    place: str
    kind: str
    outcome: str
    tone: str
    reasons: str
    application_id: int | None


@dataclass(frozen=True)
class ShownSignature:
    """One signature: what was signed, by whom, who acted for an absent colleague, in which role, when."""

    signature: Signature
    act: str
    who: str
    role: str


@dataclass(frozen=True)
class NextAct:
    """What the reader may do with a batch now."""

    name: str
    label: str


def reason_label(name: str) -> str:
    """Return why somebody is excluded or left out, in words."""
    return str(OTHER_REASONS[name] if name in OTHER_REASONS else Condition(name).label)


def reason_choices(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return reasons as the choices of a filter, by their words."""
    return sorted(((name, reason_label(name)) for name in names), key=lambda each: each[1])


def batch_row(batch: OneStopBatch) -> BatchRow:
    """Put a batch into a row of the list."""
    state = BatchState(batch.state)
    action = WAITING_FOR.get(state)
    return BatchRow(
        batch=batch,
        tone=BATCH_TONES[state],
        made_by=batch.made_by.get_full_name() or batch.made_by.username,
        waits_for=listed(role.label for role in roles_of(action)) if action else "",
    )


def kind_parts(counts: BatchCounts) -> list[Part]:
    """List the parts of a batch, the eligible by kind, with their people; parts that are empty are left out."""
    parts = [
        Part(
            _("To be enrolled: %(kind)s") % {"kind": ApplicationKind(kind).label},
            counts.parts[LinePart.ELIGIBLE, kind],
            urlencode({"part": LinePart.ELIGIBLE, "kind": kind}),
        )
        for kind in ONE_STOP_KINDS
    ]
    parts += [
        Part(str(part.label), counts.of(part), urlencode({"part": part.value}))
        for part in LinePart
        if part != LinePart.ELIGIBLE
    ]
    return [each for each in parts if each.count]


def reason_parts(counts: dict[str, int], **more: str) -> list[Part]:
    """List reasons with their people, the most first; `more`: what else the list is filtered by."""
    return [
        Part(reason_label(name), count, urlencode(more | {"reason": name}))
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def batch_line(line: OneStopLine) -> BatchLine:
    """Put a line, its person and number loaded, into words."""
    outcome, left_out = Outcome(line.outcome), bool(line.left_out)
    person = line.person
    return BatchLine(
        person=person,
        number=mask_first(line.stored_number),  # type: ignore[attr-defined]
        place=place_of(person),
        kind=str(line.get_kind_display()),
        outcome=str(LinePart.LEFT_OUT.label if left_out else outcome.label),
        tone="warn" if left_out else OUTCOME_TONES[outcome],
        reasons=reason_words([*line.reasons, *line.left_out]),
        application_id=line.application_id,
    )


def reason_words(names: Sequence[str]) -> str:
    """Return several reasons one after the other."""
    return "; ".join(reason_label(name) for name in names)


def place_of(person: Person) -> str:
    """Return where a person is registered, below the county."""
    unit = person.unit
    return (unit.full_name.removeprefix(person.county.full_name) or unit.name) if unit else person.county.name


def shown_signatures(signatures: Sequence[Signature]) -> list[ShownSignature]:
    """Put signatures, the people loaded, into words; no query."""
    return [
        ShownSignature(
            signature=each,
            act=str(each.get_act_display()),
            who=_who(each),
            role=str(Role(each.role).label) if each.role in Role.values else each.role,
        )
        for each in signatures
    ]


def _who(each: Signature) -> str:
    name = each.person.get_full_name() or each.person.username
    if each.person_id == each.acted_by_id:
        return name
    deputy = each.acted_by.get_full_name() or each.acted_by.username
    return _("%(name)s, by their deputy %(deputy)s") % {"name": name, "deputy": deputy}


def next_act(actor: Actor, batch: OneStopBatch, signatures: Sequence[Signature]) -> NextAct | None:
    """Return the step the reader may take now, signatures considered. No query."""
    state = BatchState(batch.state)
    if state not in _ACTS or not actor.may(WAITING_FOR[state]):
        return None
    name, act = _ACTS[state]
    if not may_still_sign(actor, signatures, batch.content_hash, act):
        return None
    return NextAct(name, str(_LABELS[name]))


def may_cancel(actor: Actor, batch: OneStopBatch) -> bool:
    """Answer whether the reader may cancel the batch: it is not in effect yet, and they may prepare or judge one."""
    ended = batch.state in (BatchState.EFFECTIVE, BatchState.CANCELLED)
    return not ended and any(actor.may(each) for each in CANCELLING)


def waiting_words(actor: Actor, batch: OneStopBatch, opened: NextAct | None) -> list[str]:
    """Say what comes next, who does it, and why the reader does not."""
    state = BatchState(batch.state)
    if state == BatchState.APPROVED:
        return [_("Approved: the next nightly run puts it into effect, and compares everybody once more before.")]
    if state not in _ACTS:
        return []
    action, (name, _act) = WAITING_FOR[state], _ACTS[state]
    words = {"step": _LABELS[name], "roles": listed(role.label for role in roles_of(action))}
    said = [_("Next: %(step)s. Taken by: %(roles)s.") % words]
    if actor.may(action) and opened is None:
        said.append(_("You made or signed this batch; a colleague who did not takes this step."))
    return said
