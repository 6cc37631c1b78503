"""Taking a step of an application: submitting, accepting, reviewing, checking, deciding, sending back, withdrawing, confirming.

One function for all; process.py says who may take which from where, and what is signed. Whatever a decision brings about is
effects.py. A step repeated or overtaken is refused in words; nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from enrollment.constants import (
    BENEFIT_KINDS,
    INSURING_KINDS,
    OBJECT_TYPE,
    RECORDED_KINDS,
    WITH_BENEFITS,
    ApplicationKind,
    ApplicationState,
    BooksKeeper,
    Condition,
    Outcome,
    Paper,
    Verb,
)
from enrollment.eligibility.testing import Tested, check_person
from enrollment.models import Application, ApplicationStep
from enrollment.process import STEPS, Step, step_of
from enrollment.selectors.applications import get_version
from enrollment.services.effects import bring_about, end_refused
from enrollment.services.pausing import demand_pause_rests
from enrollment.services.preparing import demand_version, lock_application, lock_sent, missing_papers
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter, get_parameters
from foundation.policy.working_days import CalendarMissing, add_working_days
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotAllowed
from foundation.primitives.periods import add_months, first_of_month
from foundation.primitives.personal_texts import hide_numbers
from foundation.signatures.services import sign

LONGEST_NOTE, LONGEST_ENTRY = 2000, 40


@dataclass(frozen=True)
class Given:
    """What a step is given. `accepted_on`: the day complete papers came in. `missing`: papers to name, or to correct.

    `reasons`: conditions a refusal rests on. `entry_number`: the entry at the agency.
    """

    note: str = ""
    accepted_on: date | None = None
    missing: Sequence[str] = ()
    reasons: Sequence[str] = ()
    entry_number: str = ""


@transaction.atomic
def take_step(
    *, actor: Actor, application_id: int, verb: str, version: int, at: datetime, given: Given | None = None
) -> Application:
    """Take one step of an application, on the version that was read.

    Effects: state and dates of the application, one ApplicationStep, the signature where the step is a judgement; audit verb
    <verb>_application; for decisions what effects.py says.
    Errors: NotAllowed, also on one's own work; NotFound; BadInput for what is missing; Conflict when the application is elsewhere,
    was corrected meanwhile, was signed by the actor already, or may not be decided yet or so.
    """
    if verb not in Verb.values:
        raise BadInput(_("There is no such step."), code="step_unknown", ids=[verb])
    given = given or Given()
    application = lock_application(actor, application_id)
    before = ApplicationState(application.state)
    step = step_of(Verb(verb), before, application.channel)
    actor.demand(step.action)
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can take a step of an application."), code="no_person")
    _demand_state(application, step)
    demand_version(application, version)
    note = _checked_note(given.note, step)
    detail = _PREPARE.get(step.verb, _nothing)(application, given, note, at)
    if step.act is not None:
        sign(
            actor=actor,
            object_type=OBJECT_TYPE,
            object_id=application.pk,
            content=application.content_hash,
            act=step.act,
            at=at,
        )
    application.state = step.after
    application.save()
    _record(actor, application, step, before, note, detail, at)
    if step.verb in (Verb.GRANT, Verb.RECORD):
        _after_decision(actor, application, at)
    elif step.verb == Verb.REFUSE:
        end_refused(actor=actor, application=application, note=note, at=at)
    elif step.verb == Verb.CONFIRM:
        bring_about(actor=actor, application=application, at=at)
    return application


@transaction.atomic
def withdraw_sent(*, actor: Actor, application_id: int, reason: str, at: datetime) -> Application:
    """Withdraw a draft that the actor, a department's system, prepared and nobody here has taken up.

    Effects: the application ends, one ApplicationStep in the system's name; audit verb withdraw_application.
    Errors: NotAllowed; NotFound, also for what others prepared; BadInput without a reason; Conflict when it was corrected or submitted.
    """
    actor.demand(Action.PREPARE_APPLICATION)
    application = lock_sent(actor, application_id)
    before, step = ApplicationState(application.state), STEPS[Verb.WITHDRAW]
    if before != ApplicationState.DRAFT or get_version(application).made_by_system_id != actor.client_system_id:
        raise Conflict(
            _("The application is “%(state)s” and an office has taken it up.")
            % {"state": application.get_state_display()},
            code="application_taken_up",
            what_to_do=_("Ask the office that handles it to withdraw it."),
            ids=[application.pk],
        )
    note = _checked_note(reason, step)
    detail = _withdraw(application, Given(), note, at)
    application.state = step.after
    application.save()
    _record(actor, application, step, before, note, detail, at)
    return application


def tested_day(application: Application, today: date) -> date:
    """Return the day an application's conditions are tested on: the day its papers were accepted, before that today.

    Where the region tests direct inclusion on the day of the decision, that is today until it is decided. Source: docs/rules.md R17.
    """
    if application.accepted_on is None:
        return today
    if application.kind == ApplicationKind.DIRECT_INCLUSION:
        rule = get_parameter("direct_inclusion_test_day", unit=application.county, on=application.accepted_on)
        if rule.value == "decided":
            return application.decided_on or today
    return application.accepted_on


def check_application(application: Application, at: datetime) -> Tested:
    """Test the conditions of an application as of its day, as known now. Errors: ParameterMissing."""
    return check_person(
        county=application.county,
        person_id=application.person_id,
        kind=ApplicationKind(application.kind),
        day=tested_day(application, at.astimezone(BUSINESS_ZONE).date()),
        known=at,
    )


def _demand_state(application: Application, step: Step) -> None:
    kind = ApplicationKind(application.kind)
    waits = step.verb == Verb.CONFIRM and kind in WITH_BENEFITS  # it becomes effective with the benefit
    wrong_end = (
        waits
        or (step.verb == Verb.GRANT and kind in RECORDED_KINDS)
        or (step.verb == Verb.RECORD and kind not in RECORDED_KINDS)
    )
    if application.state not in step.before or wrong_end:
        last = application.steps.select_related("taken_by", "taken_by_system").order_by("-taken_at", "-id").first()
        raise Conflict(
            _("The application is “%(state)s”; “%(step)s” is not possible now.")
            % {"state": application.get_state_display(), "step": step.verb.label},
            code="step_not_possible",
            what_to_do=_("%(name)s took the last step: %(step)s. Reload the page.")
            % {"name": last.taker, "step": last.get_verb_display()}
            if last
            else _("Reload the page."),
            ids=[application.pk],
        )


def _checked_note(note: str, step: Step) -> str:
    note = hide_numbers(note.strip())
    if step.needs_note and not note:
        raise BadInput(_("Enter the reason, so that the applicant understands it."), code="note_missing")
    if len(note) > LONGEST_NOTE:
        raise BadInput(
            _("The note is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}, code="text_too_long"
        )
    return note


Detail = dict[str, object]


def _nothing(_application: Application, _given: Given, _note: str, _at: datetime) -> Detail:
    return {}


def _submit(application: Application, _given: Given, _note: str, _at: datetime) -> Detail:
    last = application.steps.order_by("-taken_at", "-id").first()
    if last is not None and last.verb == Verb.RETURN and last.version == application.version:
        raise BadInput(
            _("The application was sent back: correct it first, or confirm on its form that it is right as it is."),
            code="not_corrected",
            ids=[application.pk],
        )
    missing = missing_papers(application)
    if missing and application.missing_named_at is not None:
        raise BadInput(
            _("Papers that were named as missing are still not attached: %(papers)s.")
            % {"papers": ", ".join(str(each.label) for each in missing)},
            code="papers_missing",
            ids=missing,
        )
    return {"missing": [each.value for each in missing]} if missing else {}


def _accept(application: Application, given: Given, _note: str, at: datetime) -> Detail:
    """Accept complete papers: the receipt, and the days that hang on it. Accepted once, both stand: a question of the office never
    costs the person a day."""
    if missing := missing_papers(application):
        raise Conflict(
            _("Papers are missing: %(papers)s.") % {"papers": ", ".join(str(each.label) for each in missing)},
            code="papers_missing",
            what_to_do=_("Name the missing papers to the applicant, all at once."),
            ids=missing,
        )
    if application.accepted_on is not None:
        return {}
    today = at.astimezone(BUSINESS_ZONE).date()
    submitted = application.steps.filter(verb=Verb.SUBMIT).order_by("-taken_at", "-id").first()
    came_in = submitted.taken_at.astimezone(BUSINESS_ZONE).date() if submitted else today
    accepted_on = given.accepted_on or came_in
    if not came_in <= accepted_on <= today:
        raise BadInput(
            _("The papers were complete on %(first)s at the earliest, and today at the latest.") % {"first": came_in},
            code="accepted_day",
        )
    limit = "benefit_limit_working_days" if application.kind in BENEFIT_KINDS else "registration_limit_working_days"
    rules = get_parameters(
        [limit, "public_notice_days", "reconsideration_days"], unit=application.county, on=accepted_on
    )
    waits = [
        0 if rule.is_none_here else int(rule.value)
        for rule in (rules["public_notice_days"], rules["reconsideration_days"])
    ]
    if application.kind not in (ApplicationKind.DECLINE, ApplicationKind.WAIVE):
        waits = waits[:1]
    application.accepted_on = accepted_on
    application.receipt_no = _next_receipt(application, today)
    application.due_on = _limit_day(application, accepted_on, int(rules[limit].value))
    application.earliest_decision_on = accepted_on + timedelta(days=max(waits)) if any(waits) else None
    return {"receipt": application.receipt_no}


def _limit_day(application: Application, day: date, number: int) -> date | None:
    try:
        return add_working_days(day, number, region=application.county)
    except CalendarMissing:
        return None


def _next_receipt(application: Application, day: date) -> str:
    """Return the county's next receipt number of a day; numbers are given one after the other under a lock."""
    start = f"{application.county.code[:6]}-{day:%Y%m%d}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('enrollment_receipt'), %s)", [application.county_id])
    given = Application.objects.filter(county=application.county_id, receipt_no__startswith=start)
    return f"{start}{given.count() + 1:04d}"


def _name_missing(application: Application, given: Given, note: str, at: datetime) -> Detail:
    """Name all missing papers at once; a second time they are not named."""
    if application.missing_named_at is not None:
        raise Conflict(
            _("Missing papers are named once, and they were named before."),
            code="missing_named_already",
            what_to_do=_("Accept the papers, or send the application back from the review."),
            ids=[application.pk],
        )
    unknown = [each for each in given.missing if each not in Paper.values]
    if unknown:
        raise BadInput(_("There is no such kind of paper."), code="paper_kind_missing", ids=unknown)
    named = list(dict.fromkeys([*given.missing, *(each.value for each in missing_papers(application))]))
    if not named and not note:
        raise BadInput(_("Name what is missing."), code="missing_not_named")
    application.missing_named_at = at
    return {"missing": named}


def _decide(application: Application, given: Given, note: str, at: datetime) -> Detail:
    """Grant or record: no condition may be broken, and one that cannot be told needs a word on what it rests on."""
    _demand_time(application, at)
    tested = check_application(application, at)
    if tested.outcome == Outcome.REFUSED:
        raise Conflict(
            _("Conditions are not met: %(conditions)s.") % {"conditions": _labels(tested.not_met)},
            code="not_eligible",
            what_to_do=_("Refuse the application with these reasons, or send it back for correction."),
            ids=tested.not_met,
        )
    if tested.outcome == Outcome.UNKNOWN and not note:
        raise BadInput(
            _("Conditions cannot be told from the data: %(conditions)s. State what the decision rests on.")
            % {"conditions": _labels(tested.unknown)},
            code="note_missing",
            ids=tested.unknown,
        )
    application.decided_on = at.astimezone(BUSINESS_ZONE).date()
    rests_on = demand_pause_rests(application, at)
    return {"unknown": list(tested.unknown), **rests_on} if tested.unknown else rests_on


def _refuse(application: Application, given: Given, _note: str, at: datetime) -> Detail:
    """Refuse: with conditions that are not met or cannot be told, never without one."""
    _demand_time(application, at)
    tested = check_application(application, at)
    reasons = list(dict.fromkeys(given.reasons)) or list(tested.not_met)
    open_to_reason = {*tested.not_met, *tested.unknown}
    if wrong := [each for each in reasons if each not in open_to_reason]:
        raise BadInput(
            _("A refusal rests on conditions that are not met or cannot be told: %(conditions)s.")
            % {"conditions": _labels(tuple(open_to_reason)) or _("there is none")},
            code="reason_not_fitting",
            ids=wrong,
        )
    if not reasons:
        raise Conflict(
            _("All conditions are met; the application cannot be refused."),
            code="eligible",
            what_to_do=_("Grant it, or send it back for correction."),
            ids=[application.pk],
        )
    application.refusal_reasons = reasons
    application.decided_on, application.ended_at = at.astimezone(BUSINESS_ZONE).date(), at
    return {"reasons": reasons}


def _check(application: Application, _given: Given, _note: str, at: datetime) -> Detail:
    demand_pause_rests(application, at)
    return {}


def _withdraw(application: Application, _given: Given, _note: str, at: datetime) -> Detail:
    """End an application; one that was granted, too, while the agency has not entered it."""
    application.ended_at, application.decided_on = at, None
    return {}


def _confirm(application: Application, given: Given, _note: str, at: datetime) -> Detail:
    if Condition.ALIVE in check_application(application, at).not_met:
        raise Conflict(
            _("The person has died since: the entry cannot be confirmed."),
            code="not_eligible",
            what_to_do=_("Withdraw the application, with this as the reason."),
            ids=[Condition.ALIVE],
        )
    number = hide_numbers(" ".join(given.entry_number.split()))[:LONGEST_ENTRY]
    if not number:
        raise BadInput(_("Enter the number of the entry at the agency."), code="entry_number_missing")
    application.entry_number = number
    _make_effective(application, at)
    return {"entry": number}


_PREPARE: dict[Verb, Callable[[Application, Given, str, datetime], Detail]] = {
    Verb.SUBMIT: _submit,
    Verb.ACCEPT: _accept,
    Verb.NAME_MISSING: _name_missing,
    Verb.CHECK: _check,
    Verb.GRANT: _decide,
    Verb.RECORD: _decide,
    Verb.REFUSE: _refuse,
    Verb.WITHDRAW: _withdraw,
    Verb.CONFIRM: _confirm,
}


def _after_decision(actor: Actor, application: Application, at: datetime) -> None:
    """Make effective what the agency need not enter: declarations, and everything where this portal keeps the books."""
    keeper = get_parameter("books_kept_by", unit=application.county, on=application.decided_on or at.date()).value
    kind = ApplicationKind(application.kind)
    if kind in WITH_BENEFITS or (keeper == BooksKeeper.AGENCY and kind in INSURING_KINDS):
        return
    _make_effective(application, at)
    application.state = ApplicationState.EFFECTIVE
    application.save()
    bring_about(actor=actor, application=application, at=at)


def _make_effective(application: Application, at: datetime) -> None:
    application.effective_from, application.ended_at = _first_day(application, at), at


def _first_day(application: Application, at: datetime) -> date:
    """Return the day it holds from: today; a claim decided ahead from the first day of the month after the birthday.

    Source: docs/rules.md R16, R48.
    """
    today = at.astimezone(BUSINESS_ZONE).date()
    if application.kind != ApplicationKind.CLAIM:
        return today
    reached = check_application(application, at).facts["benefit_birthday"]
    return today if reached is None else max(today, add_months(first_of_month(reached), 1))


def _demand_time(application: Application, at: datetime) -> None:
    first = application.earliest_decision_on
    if first is not None and at.astimezone(BUSINESS_ZONE).date() < first:
        raise Conflict(
            _("The public notice, or the time to reconsider, runs until %(day)s.") % {"day": first - timedelta(days=1)},
            code="too_early",
            what_to_do=_("Decide on %(day)s or later.") % {"day": first},
            ids=[application.pk],
        )


def _labels(conditions: Sequence[Condition]) -> str:
    return "; ".join(str(each.label) for each in conditions)


def _record(
    actor: Actor,
    application: Application,
    step: Step,
    before: ApplicationState,
    note: str,
    detail: Detail,
    at: datetime,
) -> None:
    ApplicationStep.objects.create(
        application=application,
        verb=step.verb,
        version=application.version,
        state_before=before,
        state_after=step.after,
        note=note,
        detail=detail,
        taken_by_id=actor.user_id,
        taken_by_system_id=actor.client_system_id,
        taken_role=actor.role,
        taken_unit_id=actor.unit_id,
        taken_at=at,
    )
    record_event(
        actor=actor,
        verb=f"{step.verb}_application",
        object_type=OBJECT_TYPE,
        object_id=application.pk,
        detail={"from": before, "to": step.after, "version": application.version, **detail},
    )
