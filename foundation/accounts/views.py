"""The account's own pages: the password, the second factor, the language, the role one works in. Signing in is allauth's."""

import base64
from typing import cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts import services
from foundation.accounts.adapter import set_language_cookie
from foundation.accounts.models import User
from foundation.accounts.redirects import home_route
from foundation.accounts.requests import find_actor
from foundation.accounts.second_factor import (
    EnrolForm,
    SecondFactorAdapter,
    forget_offer,
    held_factor,
    offered_secret,
    record_shown,
)
from foundation.accounts.sessions import choose_membership
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.primitives.ids import is_id


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the session remains."""
    form = PasswordChangeForm(cast("User", request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(user=form.user, password=form.cleaned_data["new_password1"], actor=find_actor(request))
        update_session_auth_hash(request, form.user)
        return redirect(home_route(find_actor(request)))
    return render(request, "account/password_change.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up a second factor: scan, prove, note the recovery codes, which are shown this once. Once set up: its state."""
    user = cast("User", request.user)
    held = list(Authenticator.objects.filter(user=user))
    if held:
        return render(request, "account/second_factor.html", {"held": held_factor(held)})
    secret = offered_secret(request.session, renew=request.method == "GET")
    form = EnrolForm(request.POST or None, user=user, secret=secret)
    if request.method == "POST" and form.is_valid():
        stored, codes = services.enrol_second_factor(
            actor=find_actor(request), user=user, secret=secret, counter=form.counter
        )
        forget_offer(request.session)
        record_shown(request, stored, at=clock.real_now())
        return render(request, "account/recovery_codes.html", {"codes": codes})
    adapter = SecondFactorAdapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    context = {
        "form": form,
        "secret_groups": [secret[start : start + 4] for start in range(0, len(secret), 4)],
        "drawing": f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}",
    }
    return render(request, "account/second_factor_enrol.html", context, status=422 if form.errors else 200)


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Show this browser, and a signed-in user everywhere, another language from now on."""
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        set_language_cookie(response, language)
        if request.user.is_authenticated:
            services.save_language(user=request.user, language=language)
    return response


@login_required
@require_POST
def choose_role(request: HttpRequest) -> HttpResponse:
    """Switch to another of one's memberships."""
    chosen = request.POST.get("membership", "")
    if is_id(chosen) and choose_membership(request, int(chosen)):
        record_event(actor=find_actor(request), verb="choose_role", object_type="membership", object_id=chosen)
    return redirect(home_route(find_actor(request)))


def _back(request: HttpRequest) -> str:
    """Return the page the form stood on, when it is ours."""
    address = request.POST.get("next") or "/"
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else "/"
