"""The auditor's room: events, one object's trail and history, disclosures, sign-ins, seals, and an export with a purpose."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.models import AuditEvent
from foundation.audit.models.event import Outcome
from foundation.audit.models.seal import Book
from foundation.audit.sealing import count_unsealed
from foundation.audit.selectors import EventFilter, list_disclosures, list_events, list_seals
from foundation.audit.services import record_disclosure, record_event
from foundation.primitives import clock
from portal.administration.audit_area import code_prefix, find_user_id, find_username
from portal.administration.audit_forms import DaysForm, EventForm, ObjectForm, PurposeForm, SignInForm
from portal.administration.history import list_history
from portal.administration.pages import draw, page_of, query_without_page
from portal.administration.presenters import object_label, verb_label
from portal.administration.sign_ins import list_sign_ins

DAYS_SHOWN = 7
DAYS_OF_DISCLOSURES = 92
MOST_ROWS_EXPORTED = 100_000
COLUMNS = (
    "at", "actor_kind", "actor_id", "actor_name", "deputy_for_id", "deputy_for_name", "role", "unit_code",
    "verb", "object_type", "object_id", "outcome", "purpose", "detail", "request_id",
)  # fmt: skip


@requires(Action.READ_AUDIT)
@require_safe
def show_events(request: ActorRequest) -> HttpResponse:
    """List events; the address holds days, ids and codes, no names."""
    wanted = _wanted(request.GET)
    page = page_of(request, list_events(code_prefix(request.actor), wanted))
    actor_name = find_username(wanted.actor_id) if wanted.actor_id is not None else ""
    context = {
        "page": page,
        "rows": [_line(event, object_label(event.object_type)) for event in page],
        "form": EventForm(initial={**request.GET.dict(), **_days_of(wanted), "actor_name": actor_name}),
        "purpose_form": PurposeForm(),
        "query": query_without_page(request),
    }
    return draw(request, "events", context)


@requires(Action.READ_AUDIT)
@require_POST
def filter_events(request: ActorRequest) -> HttpResponse:
    """Turn the filter sent into an address without names."""
    form = EventForm(request.POST)
    query = QueryDict(mutable=True)
    if form.is_valid():
        values = form.cleaned_data
        if name := values.pop("actor_name"):
            found = find_user_id(name)
            if found is None:
                messages.warning(request, _("Nobody has this user name."))
            values["actor"] = found
        query.update({key: str(value) for key, value in values.items() if value not in {None, ""}})
    else:
        messages.warning(request, _("The days could not be read."))
    return redirect(f"{reverse('admin_audit')}?{query.urlencode()}")


@requires(Action.READ_AUDIT)
@require_POST
@transaction.atomic
def export_events(request: ActorRequest) -> HttpResponse:
    """Hand out the listed events as a file; the purpose is entered in the register of disclosures."""
    wanted, form = _wanted(request.GET), PurposeForm(request.POST)
    rows = list_events(code_prefix(request.actor), wanted)
    count = rows.count()
    if not form.is_valid() or count > MOST_ROWS_EXPORTED:
        messages.error(
            request, _("Say what the file is for.") if not form.is_valid() else _("Too many rows: choose fewer days.")
        )
        return redirect(f"{reverse('admin_audit')}?{query_without_page(request)}")
    record_disclosure(
        actor=request.actor,
        recipient="file audit events",
        purpose=form.cleaned_data["purpose"],
        legal_basis=legal_basis.AUDIT_EXPORT,
        fields=COLUMNS,
        row_count=count,
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{wanted.since:%Y%m%d}-{wanted.until:%Y%m%d}.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")  # spreadsheet programs read the Chinese right
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    writer.writerows(rows.values_list(*COLUMNS).iterator(chunk_size=2000))
    return response


@requires(Action.READ_AUDIT)
@require_safe
def show_object(request: ActorRequest) -> HttpResponse:
    """Show who looked at or touched one object, and how it changed; looking at it stands in the book too."""
    form = ObjectForm(request.GET or None)
    context: dict[str, object] = {"form": form, "changes": [], "page": None, "rows": []}
    if form.is_valid():
        kind, number = form.cleaned_data["object_type"], form.cleaned_data["object_id"]
        wanted = EventFilter(_since_ever(), clock.now() + timedelta(days=1), object_type=kind, object_id=number)
        page = page_of(request, list_events(code_prefix(request.actor), wanted))
        record_event(
            actor=request.actor, verb="read_audit_object", object_type=kind, object_id=number, outcome=Outcome.READ
        )
        context |= {
            "page": page,
            "rows": [_line(event, "") for event in page],
            "changes": list_history(kind, number),
            "what": f"{object_label(kind)} {number}",
            "query": query_without_page(request),
        }
    return draw(request, "object", context)


@requires(Action.READ_AUDIT)
@require_safe
def show_disclosures(request: ActorRequest) -> HttpResponse:
    """List what left the house: to whom, what for, on which legal basis, which fields, how many rows."""
    since, until, form = _range(request.GET, DAYS_OF_DISCLOSURES)
    page = page_of(request, list_disclosures(code_prefix(request.actor), since=since, until=until))
    return draw(request, "disclosures", {"page": page, "form": form, "query": query_without_page(request)})


@requires(Action.READ_AUDIT)
@require_safe
def show_sign_ins(request: ActorRequest) -> HttpResponse:
    """List wrong passwords and codes, lockouts, or sign-ins."""
    since, until, _form = _range(request.GET, DAYS_SHOWN)
    kind_form = SignInForm({"kind": request.GET.get("kind", "failures")})
    kind = kind_form.cleaned_data["kind"] if kind_form.is_valid() else "failures"
    form = SignInForm(initial={"kind": kind, **_days(since, until)})
    page = page_of(request, list_sign_ins(request.actor, kind, since=since, until=until))
    context = {"page": page, "form": form, "kind": kind, "query": query_without_page(request)}
    return draw(request, "sign_ins", context)


@requires(Action.READ_AUDIT)
@require_safe
def show_seals(request: ActorRequest) -> HttpResponse:
    """List the seals over the books and how much is not sealed yet; verifying is the operator's command."""
    waiting = [(book.label, count_unsealed(book)) for book in Book]
    return draw(request, "seals", {"page": page_of(request, list_seals()), "waiting": waiting})


def _wanted(query: QueryDict) -> EventFilter:
    """Read an address; what cannot be read is left out."""
    since, until, _form = _range(query, DAYS_SHOWN)
    actor = query.get("actor", "")
    texts = {name: query.get(name, "")[:64] for name in ("verb", "outcome", "object_type", "object_id")}
    return EventFilter(since, until, actor_id=int(actor) if actor.isdecimal() and len(actor) < 18 else None, **texts)


def _range(query: QueryDict, days_shown: int) -> tuple[datetime, datetime, DaysForm]:
    """Return the first moment, the end, and the form that shows them; the last days when the address names none."""
    form = DaysForm(query)
    chosen = form.cleaned_data if form.is_valid() else {}
    last = chosen.get("last_day") or clock.today()
    first = chosen.get("first_day") or last - timedelta(days=days_shown - 1)
    since = datetime.combine(first, time(), clock.BUSINESS_ZONE)
    until = datetime.combine(last + timedelta(days=1), time(), clock.BUSINESS_ZONE)
    return since, until, DaysForm(initial=_days(since, until))


def _days(since: datetime, until: datetime) -> dict[str, object]:
    return {"first_day": since.date(), "last_day": (until - timedelta(days=1)).date()}


def _days_of(wanted: EventFilter) -> dict[str, object]:
    return _days(wanted.since, wanted.until)


def _since_ever() -> datetime:
    return datetime(2000, 1, 1, tzinfo=clock.BUSINESS_ZONE)


def _line(event: AuditEvent, what: str) -> tuple[AuditEvent, str, str, str, list[tuple[str, str]]]:
    """Return an event as a line of the table: with its words, the chip's tone and the details that say something."""
    detail = [
        (key, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for key, value in event.detail.items()
        if value not in ({}, [], "", None)
    ]
    return event, verb_label(event.verb), what, _tone(event.outcome), detail


def _tone(outcome: str) -> str:
    return {Outcome.REFUSED: "bad", Outcome.READ: "info"}.get(Outcome(outcome), "ok")
