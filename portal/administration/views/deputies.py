"""Deputies: the list, a new one, an early end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts import services
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.web.refusals import refuse
from portal.administration.forms import DeputyForm
from portal.administration.pages import page_of, render_page
from portal.administration.selectors import get_deputy, list_deputies


@requires(Action.MANAGE_ROLES)
@require_safe
def show_deputies(request: ActorRequest) -> HttpResponse:
    """List the deputies, those in force first."""
    return render_page(
        request, "deputies", {"page": page_of(request, list_deputies(request.actor)), "today": clock.today()}
    )


@requires(Action.MANAGE_ROLES)
@require_http_methods(["GET", "POST"])
def appoint(request: ActorRequest) -> HttpResponse:
    """Appoint a colleague as deputy."""
    form = DeputyForm(request.POST or None, actor=request.actor, on=clock.today(), initial={"first_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        first, end_day = form.first_and_end()
        try:
            services.appoint_deputy(
                actor=request.actor,
                membership=form.cleaned_data["membership"],
                deputy=form.cleaned_data["deputy"],
                valid_from=first,
                valid_to=end_day or first,
            )
        except Conflict as refusal:
            form.add_error(None, f"{refusal} {refusal.what_to_do}")
        else:
            messages.success(request, _("The deputy can switch to this role in the menu under their name."))
            return redirect("admin_deputies")
    return render_page(request, "deputy_new", {"form": form}, status=422 if form.errors else 200)


@requires(Action.MANAGE_ROLES)
@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, deputy_id: int) -> HttpResponse:
    """End a deputy as of today."""
    row, back_url = get_deputy(request.actor, deputy_id), reverse("admin_deputies")
    if request.method == "POST":
        try:
            services.end_deputy(actor=request.actor, deputy=row, on=clock.today())
        except Conflict as refusal:
            return refuse(request, refusal, back_url=back_url)
        messages.success(request, _("This role no longer has a deputy."))
        return redirect(back_url)
    context = {
        "heading": _("End this deputy arrangement?"),
        "text": _("%(deputy)s for %(absent)s")
        % {"deputy": row.deputy.get_full_name(), "absent": row.absent.get_full_name()},
        "action_url": reverse("admin_deputy_end", args=[row.pk]),
        "confirm_label": _("End today"),
        "cancel_url": back_url,
        "harm": True,
    }
    return render_page(request, "confirm", context)
