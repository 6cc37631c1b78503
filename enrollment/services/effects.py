"""What a decided application brings about: enrolments, accounts, declarations, identities. In steps.py's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from casework.constants import CloseReason
from casework.selectors.subjects import SubjectKey
from casework.services.closing import Decision, close_by_decision, reopen_after_decision
from enrollment.constants import INSURING_KINDS, ApplicationKind, BooksKeeper, Condition
from enrollment.models import Application, Enrollment, TemporaryIdentity
from enrollment.models.enrollment import NO_OVERLAP
from enrollment.selectors.applications import get_version
from enrollment.services.preparing import demand_own_number
from foundation.accounts.actors import Actor
from foundation.policy.selectors import get_parameter
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import Conflict
from registry.models import Person
from registry.selectors.persons import canonical_id
from registry.services.bank_accounts import make_current
from registry.services.numbers import add_identifier

DRAWING_KINDS = (ApplicationKind.DIRECT_INCLUSION, ApplicationKind.CLAIM, ApplicationKind.EARLY_DRAW)


def bring_about(*, actor: Actor, application: Application, at: datetime) -> None:
    """Do what an application that became effective stands for; kinds that are only recorded bring about nothing here.

    Effects: by kind an Enrollment, an account that counts, a case closed or reopened, an identity. Errors: Conflict where it is overtaken.
    """
    act = _EFFECTS.get(ApplicationKind(application.kind))
    if act is not None:
        act(actor, application, at)


def end_refused(*, actor: Actor, application: Application, note: str, at: datetime) -> None:
    """Close the person's case as refused, where the application would have answered its gap; the gap stays. Effects: casework."""
    if application.kind not in INSURING_KINDS:
        return
    reasons = "; ".join(str(Condition(each).label) for each in application.refusal_reasons)
    _close(actor, application, CloseReason.REFUSED, f"{application.get_kind_display()}: {note} ({reasons})", at)


def _enrol(actor: Actor, application: Application, at: datetime) -> None:
    """Write the enrolment; of somebody enrolled here already a claim ends the contributor's range where the drawing one begins."""
    person_id = canonical_id(application.person_id, at)
    start = application.effective_from or at.astimezone(BUSINESS_ZONE).date()
    draws = application.kind in DRAWING_KINDS
    with connection.cursor() as cursor:  # a row's lock would not show the row another act is just writing
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('enrollment', %s))", [person_id])
    current = Enrollment.objects.filter(person=person_id, superseded_at=None, valid_to=None).first()
    if current is not None:
        if not draws or current.draws:
            raise _enrolled_already(current)
        Enrollment.objects.filter(pk=current.pk).update(superseded_at=at)
        if current.valid_from < start:
            current.pk, current.valid_to, current.recorded_at = None, start, at
            current.save(force_insert=True)
    keeper = get_parameter("books_kept_by", unit=application.county, on=application.decided_on or start).value
    try:
        with transaction.atomic():
            Enrollment.objects.create(
                county=application.county,
                person_id=person_id,
                application=application,
                draws=draws,
                books=BooksKeeper(keeper),
                entry_number=application.entry_number,
                valid_from=start,
                recorded_at=at,
            )
    except IntegrityError as error:  # from a later day on, or by a batch at this very moment
        other = Enrollment.objects.filter(person=person_id, superseded_at=None).order_by("-valid_from").first()
        if NO_OVERLAP not in str(error) or other is None:
            raise
        raise _enrolled_already(other) from error


def _enrolled_already(current: Enrollment) -> Conflict:
    return Conflict(
        _("This person is enrolled already since %(day)s.") % {"day": current.valid_from},
        code="already_enrolled",
        what_to_do=_("Withdraw the application, with this as the reason."),
        ids=[current.pk],
    )


def _close(actor: Actor, application: Application, reason: CloseReason, note: str, at: datetime) -> None:
    decision = Decision(
        application_id=application.pk,
        receipt_no=application.receipt_no,
        decided_on=application.decided_on or at.astimezone(BUSINESS_ZONE).date(),
        note=note[:2000],
    )
    key = SubjectKey(person_id=canonical_id(application.person_id, at))
    close_by_decision(actor=actor, key=key, reason=reason, decision=decision, at=at)


def _declare(reason: CloseReason) -> Callable[[Actor, Application, datetime], None]:
    def act(actor: Actor, application: Application, at: datetime) -> None:
        _close(actor, application, reason, str(application.get_kind_display()), at)

    return act


def _revoke(reason: CloseReason) -> Callable[[Actor, Application, datetime], None]:
    def act(actor: Actor, application: Application, at: datetime) -> None:
        key = SubjectKey(person_id=canonical_id(application.person_id, at))
        note = str(application.get_kind_display())
        reopen_after_decision(actor=actor, key=key, reason=reason, note=note, at=at)

    return act


def _issue_identity(_actor: Actor, application: Application, at: datetime) -> None:
    """Issue the county's next temporary number of the day, under a lock."""
    day = at.astimezone(BUSINESS_ZONE).date()
    start = f"T{application.county.code[:6]}{day:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('enrollment_identity'), %s)", [application.county_id])
    issued = TemporaryIdentity.objects.filter(number__startswith=start).count()
    TemporaryIdentity.objects.create(
        person_id=canonical_id(application.person_id, at),
        number=f"{start}{issued + 1:05d}",
        application=application,
        issued_at=at,
    )


def _replace_identity(_actor: Actor, application: Application, at: datetime) -> None:
    """Add the real number to the person; a temporary one is replaced, not deleted."""
    person_id = canonical_id(application.person_id, at)
    number_id = int(str(get_version(application).details["number"]))
    demand_own_number(Person.objects.get(pk=person_id), number_id)
    add_identifier(person_id=person_id, number_id=number_id, at=at)
    TemporaryIdentity.objects.filter(person=person_id, replaced_at=None).update(replaced_by=application, replaced_at=at)


def _change_account(_actor: Actor, application: Application, at: datetime) -> None:
    make_current(account_id=int(str(get_version(application).details["account"])), at=at)


K = ApplicationKind
_EFFECTS: dict[ApplicationKind, Callable[[Actor, Application, datetime], None]] = {
    K.REGISTER: _enrol,
    K.CHANGE_ACCOUNT: _change_account,
    K.DIRECT_INCLUSION: _enrol,
    K.CLAIM: _enrol,
    K.EARLY_DRAW: _enrol,
    K.DECLINE: _declare(CloseReason.DECLINED),
    K.WAIVE: _declare(CloseReason.WAIVED),
    K.REVOKE_DECLINE: _revoke(CloseReason.DECLINED),
    K.REVOKE_WAIVER: _revoke(CloseReason.WAIVED),
    K.TEMPORARY_IDENTITY: _issue_identity,
    K.REPLACE_IDENTITY: _replace_identity,
}
