"""A village's report in the reader's words: what it states, what follows from it, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from casework.constants import AnswerValue, ContactMeans, ReviewState
from casework.models import ReportReview
from foundation.accounts.constants import Role
from registry.constants import ReportKind, WrongDetail
from registry.models import FieldReport
from registry.presenters.persons import sex_words

REVIEW_TONES = {
    ReviewState.OPEN: "warn",
    ReviewState.ASKED: "info",
    ReviewState.ACCEPTED: "ok",
    ReviewState.KNOWN: "ok",
    ReviewState.DECLINED: "bad",
}
KIND_TONES = {
    ReportKind.DIED: "bad",
    ReportKind.CANNOT_BE_FOUND: "bad",
    ReportKind.FOUND: "ok",
    ReportKind.NOT_LISTED: "warn",
    ReportKind.MOVED_AWAY: "warn",
    ReportKind.DECLINES: "warn",
}
Names = Mapping[str, str]


@dataclass(frozen=True)
class ShownReport:
    """One report as a chip, a sentence, and what became of it; `state` is empty where it is a record only."""

    report: FieldReport
    name: str
    label: str
    tone: str
    text: str
    who: str
    role: str
    place: str
    state: str
    state_tone: str
    review: ReportReview | None
    due_on: date | None
    is_late: bool


def present_report(report: FieldReport, review: ReportReview | None, *, today: date, users: Names) -> ShownReport:
    """Put one report into words; person and unit are loaded."""
    is_open = review is not None and review.ended_at is None
    due_on = review.due_on if review is not None and is_open else None
    return ShownReport(
        report=report,
        name=report.person.name if report.person else report.name,
        label=str(ReportKind(report.kind).label),
        tone=KIND_TONES.get(ReportKind(report.kind), "info"),
        text=report_words(report),
        who=users.get(report.reported_by, report.reported_by),
        role=str(Role(report.reported_role).label) if report.reported_role in Role.values else report.reported_role,
        place=(report.unit or report.county).name,
        state=str(review.get_state_display()) if review else "",
        state_tone=REVIEW_TONES[ReviewState(review.state)] if review else "",
        review=review,
        due_on=due_on,
        is_late=due_on is not None and due_on < today,
    )


def report_words(report: FieldReport) -> str:
    """Return what a report adds to its kind: the day of a death, a place, what is wrong, the words with it."""
    parts = [
        _("on %(day)s") % {"day": f"{report.died_on:%Y-%m-%d}"} if report.died_on else "",
        str(report.get_source_display()) if report.source else "",
        report.place_text,
        "、".join(str(WrongDetail(each).label) for each in report.wrong_details),
        report.note,
    ]
    return " · ".join(part for part in parts if part)


def report_facts(report: FieldReport, *, masked_number: str) -> list[tuple[str, str]]:
    """List everything a report states, numbers masked."""
    facts = [
        (_("Reported"), str(ReportKind(report.kind).label)),
        (_("Seen or heard on"), f"{report.observed_on:%Y-%m-%d}"),
        (_("Known from"), str(report.get_source_display()) if report.source else ""),
        (_("Died on"), f"{report.died_on:%Y-%m-%d}" if report.died_on else ""),
        (_("Place in words"), report.place_text),
        (_("Wrong details"), "、".join(str(WrongDetail(each).label) for each in report.wrong_details)),
        (_("Telephone"), report.contact.masked if report.contact else ""),
        (_("Note"), report.note),
    ]
    return [(term, text) for term, text in [*_unlisted_facts(report, masked_number), *facts] if text]


def _unlisted_facts(report: FieldReport, masked_number: str) -> list[tuple[str, str]]:
    if report.person_id is not None:
        return []
    return [
        (_("Name"), report.name),
        (_("Sex"), sex_words(report.sex) if report.sex else ""),
        (_("Born"), f"{report.birth_date:%Y-%m-%d}" if report.birth_date else ""),
        (_("Age in years"), "" if report.age_years is None else str(report.age_years)),
        (_("Head of household"), report.household_text),
        (_("Village"), (report.unit or report.county).full_name),
        (_("ID number"), masked_number),
    ]


def village_words(detail: Mapping[str, object]) -> list[str]:
    """Return what an event of a case says of the village: what it reported or answered, what became of it, how somebody was tried."""
    choices: dict[str, type[TextChoices]] = {
        "reported": ReportKind,
        "answer": AnswerValue,
        "outcome": ReviewState,
        "means": ContactMeans,
    }
    words = [str(kind(str(detail[key])).label) for key, kind in choices.items() if detail.get(key) in kind.values]
    if "reached" in detail:
        words.append(_("reached") if detail["reached"] else _("not reached"))
    return words


def outcome_choices() -> list[tuple[str, str]]:
    """List what an office may do with a report, as buttons."""
    return [
        (ReviewState.ACCEPTED.value, _("Accept")),
        (ReviewState.KNOWN.value, _("Already on the list: this person")),
        (ReviewState.DECLINED.value, _("Do not accept")),
    ]


def next_step(kind: str) -> str:
    """Return what the office does about a report of a kind."""
    steps = {
        ReportKind.DIED: _(
            "Verify the death with the police or the funeral home. Until then nothing is stopped, and nobody is enrolled."
        ),
        ReportKind.CANNOT_BE_FOUND: _(
            "Try to reach the person by telephone and through the family; log each attempt. The next nightly run opens the gap."
        ),
        ReportKind.FOUND: _("Confirm that the person was found; the next nightly run closes the gap."),
        ReportKind.MOVED_AWAY: _(
            "Ask whether the hukou moved too; if so, hand the work over to that county. The file keeps the place for now."
        ),
        ReportKind.WORKS_ELSEWHERE: _("Contact the person; ask whether they are insured where they work."),
        ReportKind.DECLINES: _(
            "Advise the person; whoever still declines signs it in person, with a witness. The report alone closes nothing."
        ),
        ReportKind.DETAILS_WRONG: _("Have the sender of the file correct the details."),
        ReportKind.NOT_LISTED: _(
            "See whether this is somebody on the list. If not, accept it and tell the poverty office; enrolment begins from here."
        ),
        ReportKind.OTHER: _("Read it, and act where something follows from it."),
    }
    return steps[ReportKind(kind)]
