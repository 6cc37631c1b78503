"""What notices say: receipt, missing papers, decision, pause, invitation, reminders. In Chinese, as the law demands; English on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from enrollment.constants import (
    NOT_CERTIFIED,
    RECORDED_KINDS,
    ApplicationKind,
    ApplicationState,
    NoticeKind,
    Paper,
    Verb,
)
from enrollment.details import PAUSE_REASONS
from enrollment.models import Application, ApplicationStep
from enrollment.presenters.conditions import condition_labels
from enrollment.presenters.words import listed
from foundation.documents.print_sheets import Facts, Paragraph, Part
from registry.models import Person

LEGAL, OTHER = "zh-hans", "en"


@dataclass(frozen=True)
class NoticeFacts:
    """What a notice is made from, read in scope. `turns_60_on`: for the invitation, where the birth date is known.

    `details`: what the application says. `certify_by`, `is_visited`: the last day of the window of certification, where it is known, and
    whether somebody comes to the person's home.
    """

    person: Person
    number: str
    application: Application | None = None
    missing: Sequence[Paper] = ()
    steps: Sequence[ApplicationStep] = field(default_factory=tuple)
    appeal_days: int | None = None
    turns_60_on: date | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    certify_by: date | None = None
    is_visited: bool = False


def kinds_of(application: Application, *, missing: Sequence[Paper]) -> list[NoticeKind]:
    """List the notices that fit where an application stands."""
    kinds = []
    if application.accepted_on is not None:
        kinds.append(NoticeKind.RECEIPT)
    if missing or application.state == ApplicationState.RETURNED:
        kinds.append(NoticeKind.MISSING)
    if application.decided_on is not None:
        is_paused = application.kind == ApplicationKind.PAUSE and application.state != ApplicationState.REFUSED
        kinds.append(NoticeKind.PAUSED if is_paused else NoticeKind.DECISION)
    return [*kinds, NoticeKind.REMINDER] if application.ended_at is None else kinds


def notice_title(kind: NoticeKind) -> str:
    """Return the title of a notice in the language of the law."""
    with override(LEGAL):
        return str(kind.label)


def notice_parts(kind: NoticeKind, facts: NoticeFacts, *, with_english: bool, begins_page: bool = False) -> list[Part]:
    """Return one person's notice: Chinese, then English on a page of its own where it is asked for."""
    with override(LEGAL):
        parts = _parts(kind, facts, begins_page=begins_page)
    if with_english:
        with override(OTHER):
            parts += _parts(kind, facts, begins_page=True)
    return parts


def _parts(kind: NoticeKind, facts: NoticeFacts, *, begins_page: bool) -> list[Part]:
    texts = _TEXTS[kind](facts)
    head = Paragraph(
        _("To %(name)s:") % {"name": facts.person.name},
        heading=str(kind.label) if begins_page else "",
        begins_page=begins_page,
    )
    ends = (
        _("Agency: %(unit)s (seal)          Date:") % {"unit": facts.person.county.full_name},
        _("Received by (signature or fingerprint):                    Date:"),
    )
    return [head, Facts(_facts(facts)), *(Paragraph(text) for text in (*texts, *ends))]


def _facts(facts: NoticeFacts) -> list[tuple[str, str]]:
    application = facts.application
    lines = [
        (_("Name"), facts.person.name),
        (_("ID number"), facts.number or _("none")),
        (_("Place"), (facts.person.unit or facts.person.county).full_name),
    ]
    if application is None:
        return lines
    lines.append((_("Applied for"), str(application.get_kind_display())))
    if application.receipt_no:
        lines.append((_("Receipt number"), application.receipt_no))
    if application.accepted_on:
        lines.append((_("Papers accepted on"), shown_day(application.accepted_on)))
    return lines


def _receipt(facts: NoticeFacts) -> list[str]:
    application = _of(facts)
    words = [_("Your application and its papers are complete and were accepted.")]
    if application.due_on:
        words.append(_("It will be decided by %(day)s at the latest.") % {"day": shown_day(application.due_on)})
    words.append(_("Keep this receipt; its number is all you need to ask how your application stands."))
    return words


def _missing(facts: NoticeFacts) -> list[str]:
    papers = [str(each.label) for each in facts.missing]
    note = next((each.note for each in reversed(facts.steps) if each.verb in (Verb.NAME_MISSING, Verb.RETURN)), "")
    words = [_("Your application cannot go on yet. Everything that is missing is named here, once:")]
    words += [f"{place}. {paper}" for place, paper in enumerate(papers, 1)]
    if note:
        words.append(note)
    return [
        *words,
        _(
            "Bring it to the village helper, the township office or the county agency. Papers we have already are not asked for again."
        ),
    ]


def _decision(facts: NoticeFacts) -> list[str]:
    application = _of(facts)
    if application.state == ApplicationState.REFUSED:
        words = [_("Your application is refused.")]
        words += [_("Reason: %(reason)s.") % {"reason": each} for each in _reasons(application)]
        words += [each.note for each in facts.steps if each.verb == Verb.REFUSE and each.note]
    elif application.state == ApplicationState.RECORDED or application.kind in RECORDED_KINDS:
        words = [_("Your declaration is recorded. You may revoke it at any time.")]
    else:
        words = [_("Your application is granted.")]
    if application.decided_on:
        words.append(_("Decided on %(day)s.") % {"day": shown_day(application.decided_on)})
    if application.effective_from:
        words.append(_("Effective from %(day)s.") % {"day": shown_day(application.effective_from)})
    return [*words, *_appeal(facts)]


def _appeal(facts: NoticeFacts) -> list[str]:
    if facts.appeal_days is None:
        return []
    return [
        _(
            "If you do not agree, you may apply for administrative reconsideration within %(days)s days of receiving this decision, "
            "or bring an action before the people's court as the law provides."
        )
        % {"days": facts.appeal_days}
    ]


def _paused(facts: NoticeFacts) -> list[str]:
    application, reason = _of(facts), str(facts.details["reason"])
    month = date.fromisoformat(str(facts.details["from_month"]))
    words = [
        _("Your benefit is paused from %(month)s on.") % {"month": date_format(month, _("F Y"))},
        _("Reason: %(reason)s.") % {"reason": PAUSE_REASONS[reason]},
    ]
    if reason == NOT_CERTIFIED:
        words += [
            _("Once your life is certified, the benefit is paid again, with the months of the pause."),
            *_how_to_certify(),
        ]
    if application.decided_on:
        words.append(_("Decided on %(day)s.") % {"day": shown_day(application.decided_on)})
    return [*words, *_appeal(facts)]


def _certification(facts: NoticeFacts) -> list[str]:
    words = [_("Whoever draws the pension of the resident scheme certifies once a year that they are alive.")]
    if facts.certify_by:
        words.append(_("Please certify by %(day)s.") % {"day": shown_day(facts.certify_by)})
    if facts.is_visited:
        words.append(_("Somebody of the village or the township visits you at home; you need not go anywhere."))
    return [
        *words,
        *_how_to_certify(),
        _("Without it the benefit may be paused. Whatever was paused is paid later, once you have certified."),
    ]


def _how_to_certify() -> list[str]:
    return [
        _(
            "You can certify by telephone app, at a self-service terminal, at the township office or the county agency, or "
            "with the help of the village helper. Whoever cannot come is visited at home. It costs nothing."
        )
    ]


def _reasons(application: Application) -> list[str]:
    """Return the reasons as what is not fulfilled: a decision names the condition that is not met."""
    return [
        _("condition not met: %(condition)s") % {"condition": each}
        for each in condition_labels(application.refusal_reasons)
    ]


def _invitation(facts: NoticeFacts) -> list[str]:
    words = []
    if facts.turns_60_on:
        words.append(_("You reach the benefit age on %(day)s.") % {"day": shown_day(facts.turns_60_on)})
    return [
        *words,
        _(
            "The pension of the resident scheme is paid from the month after, once you have applied. It does not start by itself."
        ),
        _(
            "Bring your ID card, your household booklet and a bank card in your own name to the village helper or the township "
            "office. Whoever cannot come is visited at home."
        ),
        _("Application and advice cost nothing."),
    ]


def _reminder(facts: NoticeFacts) -> list[str]:
    if facts.application is None:
        return [
            _(
                "Please contact the village helper or the township office about your pension insurance; "
                "help with the application costs nothing."
            )
        ]
    words = [_("Your application is still open: %(state)s.") % {"state": facts.application.get_state_display()}]
    if facts.missing:
        papers = listed(each.label for each in facts.missing)
        words.append(_("Still missing: %(papers)s.") % {"papers": papers})
    return [*words, _("Please contact the village helper or the township office; help costs nothing.")]


def shown_day(day: date) -> str:
    """Return a day as it is written in a letter of the language in use."""
    return date_format(day, _("F j, Y"))


def _of(facts: NoticeFacts) -> Application:
    assert facts.application is not None
    return facts.application


_TEXTS = {
    NoticeKind.RECEIPT: _receipt,
    NoticeKind.MISSING: _missing,
    NoticeKind.DECISION: _decision,
    NoticeKind.INVITATION: _invitation,
    NoticeKind.REMINDER: _reminder,
    NoticeKind.CERTIFICATION: _certification,
    NoticeKind.PAUSED: _paused,
}
