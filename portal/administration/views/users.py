"""Users: the list, one user, a new one, and the actions on an account, each confirmed before it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts import services
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.lockout import find_lock
from foundation.accounts.models import User
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.selectors import get_managed_user
from foundation.accounts.services.users import make_temporary_password
from foundation.primitives import clock
from foundation.primitives.errors import Conflict, NotAllowed
from portal.administration.forms import GrantForm, NewUserForm, UserFilterForm, UserNameForm
from portal.administration.pages import page_of, query_without_page, render_page
from portal.administration.selectors import UserFilter, list_roles, list_users, with_factor

NAME_KEY = "admin_users_name"


@requires(Action.VIEW_USERS)
@require_safe
def show_users(request: ActorRequest) -> HttpResponse:
    """List the users of the actor's area; the name searched for is kept in the session."""
    form = UserFilterForm(request.GET)
    name = request.session.get(NAME_KEY, "")
    chosen = form.cleaned_data if form.is_valid() else {}
    wanted = UserFilter(name=name, role=chosen.get("role", ""), state=chosen.get("state", ""))
    context = {
        "page": page_of(request, list_users(request.actor, wanted, on=clock.today())),
        "form": form,
        "name_form": UserNameForm({"name": name}, prefix=None),
        "wanted": wanted,
        "is_filtered": wanted != UserFilter(),
        "query": query_without_page(request),
        "may_create": request.actor.may(Action.MANAGE_USERS),
    }
    return render_page(request, "users", context)


@requires(Action.VIEW_USERS)
@require_POST
def search_users(request: ActorRequest) -> HttpResponse:
    """Keep the name searched for in the session and show the list."""
    form = UserNameForm(request.POST)
    request.session[NAME_KEY] = form.cleaned_data["name"].strip() if form.is_valid() else ""
    return redirect("admin_users")


@sensitive_variables("password")
@requires(Action.MANAGE_USERS)
@require_http_methods(["GET", "POST"])
def add_user(request: ActorRequest) -> HttpResponse:
    """Create a user; the response shows the first password, only this once."""
    form = NewUserForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        password = make_temporary_password()
        try:
            user = services.create_user(
                actor=request.actor, password=password, must_change=True, at=clock.real_now(), **form.cleaned_data
            )
        except Conflict as refusal:
            form.add_error("username", f"{refusal} {refusal.what_to_do}")
        else:
            return _show_password(request, user, password)
    return render_page(request, "user_new", {"form": form}, status=422 if form.errors else 200)


@requires(Action.VIEW_USERS)
@require_safe
def show_user(request: ActorRequest, user_id: int) -> HttpResponse:
    """Show one user: facts, roles, and what the actor may do."""
    return render_page(
        request, "user", user_context(request, user_id, GrantForm(actor=request.actor, initial=_today()))
    )


def user_context(request: ActorRequest, user_id: int, grant_form: GrantForm) -> dict[str, object]:
    """Return what the page of one user shows; the form may come back with errors."""
    user = with_factor(User.objects.filter(pk=get_managed_user(request.actor, user_id).pk))
    actor, day, day_now = request.actor, clock.today(), clock.real_now()
    is_self = user_id == actor.user_id
    one = user.select_related("home_unit").get()
    return {
        "one": one,
        "roles": list_roles(one),
        "today": day,
        "is_self": is_self,
        "lock": find_lock(one, at=day_now),
        "acts": [] if is_self else [act for act in ACTS.values() if act.fits(actor, one)],
        "form": grant_form if actor.may(Action.MANAGE_ROLES) and not is_self else None,
        "may_end": actor.may(Action.MANAGE_ROLES) and not is_self,
    }


@sensitive_post_parameters()
@requires(Action.VIEW_USERS)
@require_http_methods(["GET", "POST"])
def act_on_user(request: ActorRequest, user_id: int, act: str) -> HttpResponse:
    """Ask for confirmation, then do one of the actions."""
    one = with_factor(User.objects.filter(pk=get_managed_user(request.actor, user_id).pk)).get()
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if not any(request.actor.may(action) for action in chosen.actions):
        raise NotAllowed(_now("Your role is not allowed to do this."))
    if request.method == "GET":
        return _ask(request, one, chosen)
    password = chosen.run(request.actor, one)
    if password:
        return _show_password(request, one, password)
    messages.success(request, str(chosen.done))
    return redirect("admin_user", user_id)


def _ask(request: ActorRequest, one: User, act: Act) -> HttpResponse:
    context = {
        "heading": f"{act.label}: {one.get_full_name()}",
        "text": act.text,
        "action_url": reverse("admin_user_act", args=[one.pk, act.name]),
        "confirm_label": act.label,
        "cancel_url": reverse("admin_user", args=[one.pk]),
        "harm": act.is_harm,
    }
    return render_page(request, "confirm", context)


def _show_password(request: ActorRequest, user: User, password: str) -> HttpResponse:
    return render_page(request, "first_password", {"one": user, "password": password})


def _today() -> dict[str, object]:
    return {"first_day": clock.today()}


@dataclass(frozen=True)
class Act:
    """One act on an account. `run` returns what is shown once, or nothing."""

    name: str
    label: Promise
    text: Promise
    done: Promise
    actions: frozenset[Action]
    run: Callable[[Actor, User], str | None]
    fits_user: Callable[[User], bool] = lambda _user: True
    is_harm: bool = False

    def fits(self, actor: Actor, user: User) -> bool:
        """Return whether the actor may and the account's state allows it."""
        return any(actor.may(action) for action in self.actions) and self.fits_user(user)


_SYSTEM = frozenset({Action.MANAGE_USERS})
_SECURITY = frozenset({Action.MANAGE_ROLES})

ACTS = {
    act.name: act
    for act in (
        Act(
            "password",
            _("New initial password"),
            _("The old password stops working and all sessions end. The new one is shown once, to hand over."),
            _("Done."),
            _SYSTEM,
            lambda actor, user: services.set_temporary_password(actor=actor, user=user, at=clock.real_now()),
        ),
        Act(
            "sessions",
            _("Sign out everywhere"),
            _("All sessions of this user end at once; they can sign in again."),
            _("The user has been signed out everywhere."),
            _SYSTEM | _SECURITY,
            lambda actor, user: services.end_sessions(actor=actor, user=user),
        ),
        Act(
            "unlock",
            _("Lift the lock on signing in"),
            _("Wrong passwords and codes of the last minutes are forgotten. Verify in person who is asking."),
            _("The account can sign in again."),
            _SYSTEM,
            lambda actor, user: services.lift_lockout(actor=actor, user=user),
            lambda user: find_lock(user, at=clock.real_now()) is not None,
        ),
        Act(
            "factor",
            _("Reset the second factor"),
            _("For a lost phone. Verify in person who is asking: at the next sign-in they set up a new one."),
            _("Second factor reset; the user sets up a new one at the next sign-in."),
            _SECURITY,
            lambda actor, user: services.reset_second_factor(actor=actor, user=user),
            lambda user: bool(getattr(user, "has_factor", False)),
            is_harm=True,
        ),
        Act(
            "close",
            _("Disable the account"),
            _("The user can no longer sign in. Their records are kept. The account can be enabled again."),
            _("Account disabled."),
            _SYSTEM,
            lambda actor, user: services.close_user(actor=actor, user=user),
            lambda user: user.is_active,
            is_harm=True,
        ),
        Act(
            "reopen",
            _("Enable the account"),
            _("The user can sign in again with the roles that have not ended."),
            _("Account enabled."),
            _SYSTEM,
            lambda actor, user: services.reopen_user(actor=actor, user=user),
            lambda user: not user.is_active,
        ),
    )
}
