"""Departments' systems: their tokens, a new one shown once, and revoking."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts import services
from foundation.accounts.constants import Verb
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from portal.administration.forms import ClientForm
from portal.administration.pages import page_of, render_page
from portal.administration.presenters import token_state
from portal.administration.selectors import get_client, list_clients


@requires(Action.MANAGE_CLIENTS)
@require_safe
def show_clients(request: ActorRequest) -> HttpResponse:
    """List the tokens; the tokens themselves are stored nowhere."""
    page, now = page_of(request, list_clients(request.actor)), clock.real_now()
    rows = [(token, [Verb(verb).label for verb in token.verbs], token_state(token, at=now)) for token in page]
    return render_page(request, "clients", {"page": page, "rows": rows})


@sensitive_variables("text")
@requires(Action.MANAGE_CLIENTS)
@require_http_methods(["GET", "POST"])
def issue(request: ActorRequest) -> HttpResponse:
    """Issue a token; the response shows it, only this once."""
    form = ClientForm(request.POST or None, actor=request.actor, on=clock.real_today())
    if request.method == "POST" and form.is_valid():
        end = datetime.combine(form.cleaned_data["last_day"] + timedelta(days=1), time(), clock.BUSINESS_ZONE)
        token, text = services.issue_client_token(
            actor=request.actor,
            name=form.cleaned_data["name"],
            unit=form.cleaned_data["unit"],
            verbs=form.cleaned_data["verbs"],
            expires_at=end,
        )
        return render_page(request, "client_token", {"token": token, "shown_once": text})
    return render_page(request, "client_new", {"form": form}, status=422 if form.errors else 200)


@requires(Action.MANAGE_CLIENTS)
@require_http_methods(["GET", "POST"])
def revoke(request: ActorRequest, client_id: int) -> HttpResponse:
    """Revoke a token at once."""
    token = get_client(request.actor, client_id)
    if request.method == "POST":
        services.revoke_client_token(actor=request.actor, token=token, at=clock.real_now())
        messages.success(request, _("The token is no longer valid."))
        return redirect("admin_clients")
    context = {
        "heading": _("Revoke this token?"),
        "text": f"{token.name} · {token.unit.name}",
        "action_url": reverse("admin_client_revoke", args=[token.pk]),
        "confirm_label": _("Revoke"),
        "cancel_url": reverse("admin_clients"),
        "harm": True,
    }
    return render_page(request, "confirm", context)
