"""Deliveries and problem lines in the reader's language: states with their tone, outcomes, reasons, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.jobs.long_work import RunState
from foundation.web.progress import Progress, ProgressStep
from registry.constants import REMARKS_TO_CONFIRM, ChangeKind, DeliveryState, Feed, RowAction
from registry.intake.errors import sentence
from registry.intake.remarks import remark_words
from registry.models import Delivery, DeliveryProblem
from registry.presenters.file_words import roll_status_words
from registry.presenters.problem_words import WHAT_TO_DO, reason_words, repeated_line
from registry.selectors.delivery_decisions import has_remarks_to_confirm, is_to_be_decided
from registry.services.completing import Completion

TONES = {
    DeliveryState.RECEIVED: "info",
    DeliveryState.CHECKED: "info",
    DeliveryState.APPLIED: "ok",
    DeliveryState.REFUSED: "bad",
    DeliveryState.FAILED: "bad",
    DeliveryState.SUPERSEDED: "",
    DeliveryState.UNDONE: "",
}
LOADED = "loaded"
OUTCOME_WORDS: dict[str, str | Promise] = {LOADED: gettext_lazy("Loaded unchanged"), **dict(RowAction.choices)}
CHANGE_WORDS: dict[str, Promise] = {
    "new_persons": gettext_lazy("new persons"),
    "designations_opened": gettext_lazy("entries opened"),
    "designations_changed": gettext_lazy("entries changed"),
    "designations_closed": gettext_lazy("entries closed"),
    "facts": gettext_lazy("facts recorded"),
    "facts_superseded": gettext_lazy("facts replaced"),
    "possible_duplicates": gettext_lazy("possible duplicates"),
    "corrected": gettext_lazy("problem lines corrected"),
    "roll_rows": gettext_lazy("roll records prepared"),
}


@dataclass(frozen=True)
class ShownDelivery:
    """A delivery and its texts."""

    delivery: Delivery
    feed: str
    state: str
    tone: str
    refusal: str
    rows: int
    repairs: int
    would_change: str
    loss: str
    must_confirm: bool
    is_to_be_decided: bool

    @property
    def note(self) -> str:
        """What is to be known of the file in one line: why it was refused, why it needs a second person, what it would change."""
        change = _("Would change: %(what)s") % {"what": self.would_change} if self.would_change else ""
        return " · ".join(filter(None, (self.refusal, self.loss, change)))


def shown_delivery(delivery: Delivery) -> ShownDelivery:
    """Return a delivery in the reader's language."""
    outcomes = delivery.row_counts.get("outcomes", {})
    harmless = {LOADED, RowAction.SKIP, RowAction.DUPLICATE}
    return ShownDelivery(
        delivery=delivery,
        feed=str(Feed(delivery.feed).label) if delivery.feed else _("Not recognised yet"),
        state=delivery.get_state_display(),
        tone=TONES[DeliveryState(delivery.state)],
        refusal=sentence(delivery.refusal) if delivery.refusal else "",
        rows=delivery.row_counts.get("rows", 0),
        repairs=sum(count for word, count in outcomes.items() if word not in harmless),
        would_change=_would_change(delivery),
        loss=_loss(delivery),
        must_confirm=delivery.state == DeliveryState.CHECKED and has_remarks_to_confirm(delivery),
        is_to_be_decided=is_to_be_decided(delivery),
    )


def _would_change(delivery: Delivery) -> str:
    """What a checked file would change, in one line of its counts."""
    if delivery.state != DeliveryState.CHECKED:
        return ""
    preview = shown_preview(delivery)
    counts = [(words, count) for words, count in preview.counts if count] if preview else []
    return " · ".join(f"{words} {count:,}" for words, count in counts) or _("nothing")


def _loss(delivery: Delivery) -> str:
    """Why a waiting file needs a second person; empty for every other."""
    loss = delivery.preview.get("loss") if delivery.state == DeliveryState.CHECKED else None
    return sentence(loss) if loss else ""


@dataclass(frozen=True)
class ShownRemark:
    """Something said about how a file was read; `must_confirm`: before it is applied."""

    words: str
    must_confirm: bool


def shown_remarks(delivery: Delivery) -> list[ShownRemark]:
    """Return the remarks on how a file was read in the reader's language, those to confirm first."""
    stored = delivery.reading.get("remarks", ())
    shown = [ShownRemark(remark_words(each), each["code"] in REMARKS_TO_CONFIRM) for each in stored]
    return sorted(shown, key=lambda each: not each.must_confirm)


def is_queued(delivery: Delivery) -> bool:
    """Answer whether a worker will process the delivery next."""
    checked = delivery.state == DeliveryState.CHECKED and delivery.approved_at is not None
    return checked or delivery.state == DeliveryState.RECEIVED


@dataclass(frozen=True)
class ShownRoll:
    """A roll beside the roll before: its day, lines before and now, changed lines by kind, moves between statuses."""

    day: str
    before: int
    rows: int
    kinds: list[tuple[str, int]]
    moves: list[tuple[str, str, int]]


_ENTRIES = ("designations_opened", "designations_changed", "designations_closed")
_OF_ONE_LINE = ("name_corrected", "name_changed", "id_corrected", "new_error")
_ROLL_KINDS = sorted(ChangeKind, key=lambda kind: kind in _OF_ONE_LINE)
"""Who came, went and draws before changes within one line."""


@dataclass(frozen=True)
class ShownPreview:
    """What applying a file changes: counts in words; why it is above the limit, if it is."""

    counts: list[tuple[str, int]]
    loss: str
    persons: str


def shown_preview(delivery: Delivery, *, line_by_line: bool = False) -> ShownPreview | None:
    """Return a stored preview in the reader's language; None when there is none.

    `line_by_line`: the kinds of changed lines are shown beside it, so that entries need not be counted again.
    """
    preview = delivery.preview
    if not preview:
        return None
    return ShownPreview(
        counts=shown_counts(delivery, line_by_line=line_by_line),
        loss=sentence(preview["loss"]) if preview.get("loss") else "",
        persons=persons_words(delivery),
    )


def shown_counts(delivery: Delivery, *, line_by_line: bool = False) -> list[tuple[str, int]]:
    """List what applying a file changes, or changed, as texts and counts; `line_by_line` as in shown_preview."""
    left_out = _ENTRIES if line_by_line else ()
    changes = delivery.preview.get("changes", {}).items()
    return [(str(CHANGE_WORDS.get(word, word)), count) for word, count in changes if word not in left_out]


def persons_words(delivery: Delivery) -> str:
    """Return how many persons are missing and new beside the list before, as a sentence; empty where there is none."""
    persons = delivery.preview.get("persons")
    if not persons:
        return ""
    return _(
        "Of %(before)s persons on the previous list %(gone)s are missing; of %(after)s in this file %(new)s are new."
    ) % {name: f"{count:,}" for name, count in persons.items()}


def shown_completion(found: Completion) -> dict[str, object]:
    """Return what declaring a list complete would change, in the reader's language."""
    stated = found.delivery.completion
    return {
        "delivery": shown_delivery(found.delivery),
        "parts": found.delivery.missing_parts,
        "persons": persons_words(found.delivery),
        "counts": shown_counts(found.delivery),
        "roll": shown_roll(found.delivery),
        "loss": sentence(found.loss) if found.loss else "",
        "needs_second_person": found.needs_second_person,
        "stated_by": stated.get("stated_by", ""),
    }


def shown_roll(delivery: Delivery) -> ShownRoll | None:
    """Return the comparison of a roll with the roll before in the reader's language; None where there is none."""
    roll = delivery.preview.get("roll")
    if not roll:
        return None
    kinds, feed = roll.get("kinds", {}), delivery.feed
    return ShownRoll(
        day=roll["day"],
        before=roll["before"],
        rows=roll["rows"],
        kinds=[(str(kind.label), kinds[kind]) for kind in _ROLL_KINDS if kind in kinds],
        moves=[
            (roll_status_words(feed, before), roll_status_words(feed, after), lines)
            for before, after, lines in roll["status_moves"]
        ],
    )


def delivery_progress(*, is_waiting: bool) -> Progress:
    """Return the progress of a file: stored, then read and applied in one piece, so that there is no share of it."""
    return Progress(
        label=_("The file is queued and will be read shortly; you may leave this page."),
        steps=(
            ProgressStep(words=_("Receive and store"), state=RunState.DONE),
            ProgressStep(words=_("Read, check and apply"), state=RunState.WAITING if is_waiting else RunState.DONE),
        ),
        is_open=is_waiting,
    )


def list_progress(waiting: int) -> Progress:
    """Return the progress of files being read, as one bar without a share."""
    label = ngettext("%(count)s file queued or being read", "%(count)s files queued or being read", waiting)
    return Progress(label=label % {"count": waiting}, is_open=waiting > 0)


def shown_outcomes(delivery: Delivery) -> list[tuple[str, int]]:
    """List the outcomes of the lines, and the changes of the register, as texts and counts that are not zero."""
    words = {**OUTCOME_WORDS, **CHANGE_WORDS}
    counts = [*delivery.row_counts.get("outcomes", {}).items(), *delivery.row_counts.get("changes", {}).items()]
    return [(str(words.get(word, word)), count) for word, count in counts if count]


@dataclass(frozen=True)
class ShownProblem:
    """A problem line: where, why, what was done, what to do; `same_as` is the line a duplicate repeats, else 0."""

    sheet: str
    row: int
    member: int
    reason: str
    action: str
    what_to_do: str
    same_as: int = 0


def shown_problem(problem: DeliveryProblem) -> ShownProblem:
    """Return a problem line in the reader's language."""
    return ShownProblem(
        sheet=problem.sheet,
        row=problem.row,
        member=problem.member,
        reason=reason_words(problem.reason),
        action=problem.get_action_display(),
        what_to_do=str(WHAT_TO_DO[problem.action]),
        same_as=repeated_line(problem.reason),
    )
