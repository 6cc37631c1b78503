"""The auditor's pages: events, one object's events and history, disclosures, sign-ins, seals, and an export with a purpose."""

from __future__ import annotations

from datetime import datetime, timedelta

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
from foundation.audit.models.event import Outcome
from foundation.audit.sealing import count_unsealed
from foundation.audit.selectors import EventFilter, list_disclosures, list_events, list_seals
from foundation.audit.services import record_disclosure, record_event
from foundation.primitives import clock
from foundation.primitives.csv_cells import write_csv
from foundation.primitives.ids import read_id
from foundation.web.downloads import CSV, send_file
from portal.administration.audit_area import (
    DAYS_OF_DISCLOSURES,
    DAYS_SHOWN,
    LARGEST,
    code_prefix,
    days_between,
    find_user_id,
    find_username,
)
from portal.administration.audit_forms import (
    AuditChips,
    DaysForm,
    DisclosureForm,
    EventForm,
    ObjectForm,
    PurposeForm,
    SignInForm,
)
from portal.administration.history import list_history
from portal.administration.pages import page_of, query_without_page, render_page
from portal.administration.presenters import object_label, object_words, present_disclosure, present_event
from portal.administration.sign_ins import list_sign_ins

MOST_ROWS_EXPORTED = 100_000
COLUMNS = (
    "at", "actor_kind", "actor_id", "actor_name", "deputy_for_id", "deputy_for_name", "role", "unit_code",
    "verb", "object_type", "object_id", "outcome", "purpose", "detail", "request_id",
)  # fmt: skip


@requires(Action.READ_AUDIT)
@require_safe
def show_events(request: ActorRequest) -> HttpResponse:
    """List events; the address has days, ids and codes, no names."""
    wanted = _wanted(request.GET)
    page = page_of(request, list_events(code_prefix(request.actor), wanted))
    actor_name = find_username(request.actor, wanted.actor_id) if wanted.actor_id is not None else ""
    context = {
        "page": page,
        "rows": [present_event(event, what=object_words(event.object_type, event.object_id)) for event in page],
        "chips": AuditChips(request.GET, actor_name=actor_name),
        "form": EventForm(initial={**request.GET.dict(), **_days_of(wanted), "actor_name": actor_name}),
        "purpose_form": PurposeForm(),
        "query": query_without_page(request),
    }
    return render_page(request, "events", context)


@requires(Action.READ_AUDIT)
@require_POST
def filter_events(request: ActorRequest) -> HttpResponse:
    """Redirect to the address of the posted filter, without names."""
    form = EventForm(request.POST)
    query = QueryDict(mutable=True)
    if form.is_valid():
        values = form.cleaned_data
        if name := values.pop("actor_name"):
            found = find_user_id(request.actor, name)
            if found is None:
                messages.warning(request, _("There is no user with this name."))
            values["actor"] = found
        query.update({key: str(value) for key, value in values.items() if value not in {None, ""}})
    else:
        messages.warning(request, _("The dates could not be read."))
    return redirect(f"{reverse('admin_audit')}?{query.urlencode()}")


@requires(Action.READ_AUDIT)
@require_POST
@transaction.atomic
def export_events(request: ActorRequest) -> HttpResponse:
    """Send the listed events as a file; the purpose is entered in the register of disclosures."""
    wanted, form = _wanted(request.GET), PurposeForm(request.POST)
    rows = list_events(code_prefix(request.actor), wanted)
    count = rows.count()
    if not form.is_valid() or count > MOST_ROWS_EXPORTED:
        messages.error(
            request,
            _("Enter the purpose of the export.")
            if not form.is_valid()
            else _("Too many rows: choose a shorter period."),
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
    days = {"first_day": f"{wanted.since:%Y%m%d}", "last_day": f"{wanted.until - timedelta(days=1):%Y%m%d}"}
    response = send_file(name=_("audit_log_%(first_day)s_%(last_day)s.csv") % days, content_type=CSV)
    response.write("\ufeff")  # spreadsheet programs read the Chinese right
    write_csv(response, [COLUMNS])
    write_csv(response, rows.values_list(*COLUMNS).iterator(chunk_size=2000))
    return response


@requires(Action.READ_AUDIT)
@require_safe
def show_object(request: ActorRequest) -> HttpResponse:
    """Show who read or changed one object, and its history; this access is recorded too."""
    form = ObjectForm(request.GET or None)
    context: dict[str, object] = {"form": form, "changes": [], "page": None, "rows": []}
    if form.is_valid():
        kind, number = form.cleaned_data["object_type"], form.cleaned_data["object_id"]
        changes = list_history(request.actor, kind, number)
        wanted = EventFilter(_since_ever(), clock.real_now() + timedelta(days=1), object_type=kind, object_id=number)
        page = page_of(request, list_events(code_prefix(request.actor), wanted))
        record_event(
            actor=request.actor, verb="read_audit_object", object_type=kind, object_id=number, outcome=Outcome.READ
        )
        context |= {
            "page": page,
            "rows": [present_event(event, what="") for event in page],
            "changes": changes,
            "what": f"{object_label(kind)} {number}",
            "query": query_without_page(request),
        }
    return render_page(request, "object", context)


@requires(Action.READ_AUDIT)
@require_safe
def show_disclosures(request: ActorRequest) -> HttpResponse:
    """List what was disclosed: to whom, what for, on which legal basis, which fields, how many rows; newest or largest first."""
    since, until, days = _range(request.GET, DAYS_OF_DISCLOSURES)
    is_by_rows = request.GET.get("order") == LARGEST
    form = DisclosureForm(initial={**days.initial, "order": LARGEST if is_by_rows else ""})
    listed = list_disclosures(code_prefix(request.actor), since=since, until=until, largest_first=is_by_rows)
    page = page_of(request, listed)
    rows = [present_disclosure(disclosure) for disclosure in page]
    chips, query = AuditChips(request.GET), query_without_page(request)
    context = {"page": page, "rows": rows, "form": form, "chips": chips, "query": query}
    return render_page(request, "disclosures", context)


@requires(Action.READ_AUDIT)
@require_safe
def show_sign_ins(request: ActorRequest) -> HttpResponse:
    """List wrong passwords and codes, lockouts, or sign-ins."""
    since, until, _form = _range(request.GET, DAYS_SHOWN)
    kind_form = SignInForm({"kind": request.GET.get("kind", "failures")})
    kind = kind_form.cleaned_data["kind"] if kind_form.is_valid() else "failures"
    form = SignInForm(initial={"kind": kind, **_days(since, until)})
    page = page_of(request, list_sign_ins(request.actor, kind, since=since, until=until))
    chips, query = AuditChips(request.GET), query_without_page(request)
    context = {"page": page, "form": form, "chips": chips, "kind": kind, "query": query}
    return render_page(request, "sign_ins", context)


@requires(Action.READ_AUDIT)
@require_safe
def show_seals(request: ActorRequest) -> HttpResponse:
    """List the seals of the logs and how many rows are not sealed yet; verifying is the operator's command."""
    waiting = [(log.label, count) for log, count in count_unsealed().items()]
    return render_page(request, "seals", {"page": page_of(request, list_seals()), "waiting": waiting})


def _wanted(query: QueryDict) -> EventFilter:
    """Read an address; what cannot be read is left out."""
    since, until, _form = _range(query, DAYS_SHOWN)
    actor = query.get("actor", "")
    texts = {name: query.get(name, "")[:64] for name in ("verb", "outcome", "object_type", "object_id")}
    return EventFilter(since, until, actor_id=read_id(actor), **texts)


def _range(query: QueryDict, days_shown: int) -> tuple[datetime, datetime, DaysForm]:
    """Return the first moment, the end, and the form that shows them; the last days when the address names none."""
    form = DaysForm(query)
    chosen = form.cleaned_data if form.is_valid() else {}
    last = chosen.get("last_day") or clock.real_today()
    first = chosen.get("first_day") or last - timedelta(days=days_shown - 1)
    since, until = days_between(first, last)
    return since, until, DaysForm(initial=_days(since, until))


def _days(since: datetime, until: datetime) -> dict[str, object]:
    return {"first_day": since.date(), "last_day": (until - timedelta(days=1)).date()}


def _days_of(wanted: EventFilter) -> dict[str, object]:
    return _days(wanted.since, wanted.until)


def _since_ever() -> datetime:
    return datetime(2000, 1, 1, tzinfo=clock.BUSINESS_ZONE)
