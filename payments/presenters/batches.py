"""Batches of money in words: where one is on its way, who takes the next step, its townships, what the reader may do now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from enrollment.presenters.applications import roles_of
from enrollment.presenters.words import listed
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, DIGITS_OF_LEVEL
from foundation.regions.models.unit import Level as UnitLevel
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature
from foundation.signatures.selectors import may_still_sign
from payments.constants import BatchState, Category, Level
from payments.models import Batch, ContributionLine, ListCertificate, TownshipCheck
from payments.presenters.plan import Figure, category_words, township_name, unit_words
from payments.selectors.batch_pages import WAITING, BatchGroup
from payments.selectors.plans import Money
from payments.services.booking import Township
from registry.models import Person
from registry.selectors.numbers import mask_first

STATE_TONES = {
    BatchState.DRAFT: "",
    BatchState.FROZEN: "info",
    BatchState.REVIEWED: "info",
    BatchState.APPROVED: "info",
    BatchState.REQUESTED: "info",
    BatchState.FUNDED: "ok",
    BatchState.CREDITED: "ok",
    BatchState.CLOSED: "ok",
    BatchState.RETURNED: "warn",
    BatchState.CANCELLED: "",
}
STEP_WORDS: dict[str, Promise] = {
    "check": gettext_lazy("Check the people of a township"),
    "freeze": gettext_lazy("Freeze"),
    "review": gettext_lazy("Confirm as reviewed"),
    "approve": gettext_lazy("Approve"),
    "request": gettext_lazy("Request the funds"),
    "fund": gettext_lazy("Enter the money that came"),
    "credit": gettext_lazy("Credit the accounts"),
    "close": gettext_lazy("Close the batch"),
}
"""Step -> words, in the order of the way."""
_SIGNED_AS = {"freeze": Act.PREPARED, "review": Act.REVIEWED, "approve": Act.APPROVED, "fund": Act.FUNDED}
_WAY = (
    BatchState.DRAFT,
    BatchState.FROZEN,
    BatchState.REVIEWED,
    BatchState.APPROVED,
    BatchState.REQUESTED,
    BatchState.FUNDED,
    BatchState.CREDITED,
    BatchState.CLOSED,
)
_RETURNED_BY = {
    BatchState.FROZEN: (Action.REVIEW_BATCH, Action.APPROVE_BATCH),
    BatchState.REVIEWED: (Action.REVIEW_BATCH, Action.APPROVE_BATCH),
    BatchState.APPROVED: (Action.REVIEW_BATCH, Action.APPROVE_BATCH),
    BatchState.REQUESTED: (Action.REVIEW_BATCH, Action.APPROVE_BATCH, Action.FUND_BATCH),
}
"""State -> to whom a batch may be offered to return; finance is asked once the funds are requested."""


@dataclass(frozen=True)
class BatchRow:
    """One batch of the list. `waits_for`: the roles that take the next step."""

    batch: Batch
    tone: str
    made_by: str
    waits_for: str


@dataclass(frozen=True)
class WayStep:
    """One state on the way of a batch; `place` is done, here or ahead."""

    label: str
    place: str


@dataclass(frozen=True)
class TownshipRow:
    """A township of a batch: what it comes to, whether it is checked as it stands, by whom, when, and whether the reader may check it."""

    code: str
    name: str
    people: Figure
    amount_fen: int
    state: str
    tone: str
    checked_by: str
    checked_at: datetime | None
    may_check: bool


@dataclass(frozen=True)
class CategoryRow:
    """A list of a batch: its people and fen, and the certificate of its department."""

    label: str
    people: Figure
    amount_fen: int
    certificate: ListCertificate | None


@dataclass(frozen=True)
class LineRow:
    """One person of a batch. `taken_back_by`: the batch that takes the line back."""

    line_id: int
    person: Person
    number: str
    place: str
    category: str
    amount_fen: int
    taken_back_by: Batch | None


def batch_row(batch: Batch) -> BatchRow:
    """Put a batch into a row of the list."""
    state = BatchState(batch.state)
    return BatchRow(batch, STATE_TONES[state], _name(batch.made_by), listed(_roles_for(state)))


def way_of(batch: Batch) -> list[WayStep]:
    """List the states on the way of a batch; of one that was returned or cancelled only that it ended."""
    state = BatchState(batch.state)
    if state not in _WAY:
        return [WayStep(str(state.label), "here")]
    here = _WAY.index(state)
    places = ["done" if number < here else "here" if number == here else "ahead" for number in range(len(_WAY))]
    return [WayStep(str(each.label), place) for each, place in zip(_WAY, places, strict=True)]


def open_acts(actor: Actor, batch: Batch, signatures: Sequence[Signature]) -> set[str]:
    """Return the names of what the reader may do with a batch now: steps of STEP_WORDS, certify, return, cancel, take_back. No query."""
    state, is_reversal = BatchState(batch.state), batch.reverses_id is not None
    acts = {name for name in STEP_WORDS if _may_step(actor, batch, signatures, name)}
    if state == BatchState.DRAFT and actor.may(Action.PREPARE_BATCH):
        acts |= {"cancel"} if is_reversal else {"cancel", "certify"}
    if is_reversal:
        acts.discard("check")
    if any(map(actor.may, _RETURNED_BY.get(state, ()))):
        acts.add("return")
    if state in {BatchState.CREDITED, BatchState.CLOSED} and not is_reversal and actor.may(Action.PREPARE_BATCH):
        acts.add("take_back")
    return acts


def waiting_words(actor: Actor, batch: Batch, acts: set[str]) -> list[str]:
    """Say what comes next, who does it, and why the reader does not."""
    said = []
    for name, (state, action, _rows) in WAITING.items():
        if state != batch.state or (name == "check" and batch.reverses_id):
            continue
        words = {"step": STEP_WORDS[name], "roles": listed(role.label for role in roles_of(action))}
        said.append(_("Next: %(step)s. Taken by: %(roles)s.") % words)
        if actor.may(action) and name not in acts:
            said.append(_("You made or signed this batch; a colleague who did not takes this step."))
    return said


def township_rows(
    townships: Iterable[Township],
    checks: Sequence[TownshipCheck],
    names: Mapping[str, str],
    batch: Batch,
    *,
    actor: Actor,
    urls: Mapping[str, str],
) -> list[TownshipRow]:
    """List the townships of a draft the reader's unit has, each with the check of its people as they stand."""
    by_content = {(each.unit.code, each.content_hash): each for each in reversed(checks)}
    before = {each.unit.code for each in checks}
    mine = actor.unit_code[: DIGITS_OF_LEVEL.get(UnitLevel(actor.unit_level), CODE_LENGTH)]
    rows = []
    for each in townships:
        if not each.code.startswith(mine[: DIGITS_OF_LEVEL[UnitLevel.TOWNSHIP]]):
            continue
        check = by_content.get((each.code, each.content_hash))
        state, tone = (_("Checked"), "ok") if check else (_("Not checked"), "warn")
        if check is None and each.code in before:
            state = _("Changed since it was checked")
        rows.append(
            TownshipRow(
                code=each.code,
                name=township_name(each.code, names, batch.county),
                people=Figure(each.people, urls.get(each.code, "")),
                amount_fen=each.amount_fen,
                state=state,
                tone=tone,
                checked_by=_name(check.checked_by) if check else "",
                checked_at=check.checked_at if check else None,
                may_check=check is None and actor.may(Action.CHECK_BATCH),
            )
        )
    return rows


def lacking_words(missing: Iterable[str], rows: Sequence[TownshipRow]) -> list[str]:
    """Say what a draft lacks before it can be frozen: certificates of lists, checks of townships."""
    lists, unchecked = (
        listed(category_words(each) for each in sorted(missing)),
        sum(not each.checked_at for each in rows),
    )
    said = [_("Not certified yet: %(lists)s.") % {"lists": lists}] if lists else []
    if unchecked:
        count = {"number": f"{unchecked:,}"}
        words = ngettext(
            "%(number)s township has not checked its people.",
            "%(number)s townships have not checked their people.",
            unchecked,
        )
        said.append(words % count)
    return said


def frozen_rows(
    groups: Sequence[BatchGroup],
    checks: Sequence[TownshipCheck],
    names: Mapping[str, str],
    county: Unit,
    urls: Mapping[str, str],
) -> list[TownshipRow]:
    """List the townships of a frozen batch with the last check of each."""
    last = {each.unit.code: each for each in reversed(checks)}
    sums = sum_by(groups, "township")
    return [
        TownshipRow(
            code=code,
            name=township_name(code, names, county),
            people=Figure(sums[code].people, urls.get(code, "")),
            amount_fen=sums[code].amount_fen,
            state=_("Checked") if code in last else "",
            tone="ok",
            checked_by=_name(last[code].checked_by) if code in last else "",
            checked_at=last[code].checked_at if code in last else None,
            may_check=False,
        )
        for code in sorted(sums)
    ]


def category_rows(
    sums: Mapping[str, Money],
    certificates: Sequence[ListCertificate],
    urls: Mapping[str, str],
    needed: Iterable[str] = (),
) -> list[CategoryRow]:
    """List the categories of a batch with their certificates, and those whose certificate is still needed."""
    by_list = {each.category: each for each in certificates}
    named = {*sums, *by_list, *needed} - {""}
    return [
        CategoryRow(
            category_words(each.value),
            Figure(sums[each.value].people, urls.get(each.value, "")) if each.value in sums else Figure(0),
            sums[each.value].amount_fen if each.value in sums else 0,
            by_list.get(each.value),
        )
        for each in Category
        if each.value in named
    ]


def sum_by(groups: Sequence[BatchGroup], name: str) -> dict[str, Money]:
    """Add up the groups of a batch by township or category; by "" everything."""
    found: dict[str, Money] = {}
    for each in groups:
        found.setdefault(getattr(each, name) if name else "", Money()).add(each.people, each.amount_fen, each.shares)
    return found


def level_rows(money: Money) -> list[tuple[str, int]]:
    """List what each level bears, from the country down; levels that bear nothing are left out."""
    return [(str(level.label), money.shares[level.value]) for level in Level if money.shares[level.value]]


def line_row(line: ContributionLine) -> LineRow:
    """Put a line, its person and number loaded, into words. The place is the one it was frozen with."""
    contra = getattr(line, "contra", None)
    return LineRow(
        line_id=line.pk,
        person=line.person,
        number=mask_first(line.stored_number),  # type: ignore[attr-defined]
        place=unit_words(line.unit, line.county),
        category=category_words(line.category),
        amount_fen=line.amount_fen,
        taken_back_by=contra.batch if contra and contra.batch.state not in ("returned", "cancelled") else None,
    )


def _may_step(actor: Actor, batch: Batch, signatures: Sequence[Signature], name: str) -> bool:
    state, action, _rows = WAITING[name]
    if state != batch.state or not actor.may(action):
        return False
    return name not in _SIGNED_AS or may_still_sign(actor, signatures, batch.content_hash, _SIGNED_AS[name])


def _roles_for(state: BatchState) -> list[str]:
    actions = (action for begins, action, _rows in WAITING.values() if begins == state)
    return list(dict.fromkeys(str(role.label) for action in actions for role in roles_of(action)))


def _name(user: object) -> str:
    return user.get_full_name() or user.username  # type: ignore[attr-defined]
