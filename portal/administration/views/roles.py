"""Roles of a user: granted on the user's page, ended after confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts import services
from foundation.accounts.constants import Role
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.selectors import get_managed_user
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.web.refusals import refuse
from portal.administration.forms import GrantForm
from portal.administration.pages import render_page
from portal.administration.selectors import get_role
from portal.administration.views.users import user_context


@requires(Action.MANAGE_ROLES)
@require_POST
def grant(request: ActorRequest, user_id: int) -> HttpResponse:
    """Grant a role; a refusal by the separation of administrators is explained above the form."""
    user = get_managed_user(request.actor, user_id)
    form = GrantForm(request.POST, actor=request.actor)
    if form.is_valid():
        first, end = form.first_and_end()
        try:
            services.grant_role(
                actor=request.actor,
                user=user,
                role=Role(form.cleaned_data["role"]),
                unit=form.cleaned_data["unit"],
                valid_from=first,
                valid_to=end,
            )
        except Conflict as refusal:
            form.add_error(None, f"{refusal} {refusal.what_to_do}")
        else:
            messages.success(request, _("Role granted; the user must sign in again."))
            return redirect("admin_user", user_id)
    return render_page(request, "user", user_context(request, user_id, form), status=422)


@requires(Action.MANAGE_ROLES)
@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, membership_id: int) -> HttpResponse:
    """End a role as of today."""
    role = get_role(request.actor, membership_id)
    back_url = reverse("admin_user", args=[role.user_id])
    if request.method == "POST":
        try:
            services.end_role(actor=request.actor, membership=role, on=clock.today())
        except Conflict as refusal:
            return refuse(request, refusal, back_url=back_url)
        messages.success(request, _("The role has ended."))
        return redirect(back_url)
    context = {
        "heading": _("End this role?"),
        "text": f"{role.user.get_full_name()} · {role.get_role_display()} · {role.unit.name}",
        "action_url": reverse("admin_role_end", args=[role.pk]),
        "confirm_label": _("End the role today"),
        "cancel_url": back_url,
        "harm": True,
    }
    return render_page(request, "confirm", context)
