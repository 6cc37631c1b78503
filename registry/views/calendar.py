"""The feed calendar: whether each department's file was received, how late it is, whom to call."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.policy.presenters import shown_source
from foundation.primitives import clock
from registry.constants import Feed
from registry.forms import ContactForm
from registry.selectors.feed_calendar import get_feed_calendar
from registry.services import feed_contacts


@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_calendar(request: ActorRequest) -> HttpResponse:
    """Show a row per feed; with ?contact=FEED also the form for whom to call."""
    return _show(request, request.GET.get("contact", ""))


def _show(request: ActorRequest, feed: str, form: ContactForm | None = None, status: int = 200) -> HttpResponse:
    calendar = get_feed_calendar(request.actor, today=clock.today())
    may_change = request.actor.may(Action.APPLY_DELIVERY)
    wanted = next((row for row in calendar.rows if row.feed == feed), None) if may_change else None
    if wanted and form is None:
        contact = wanted.contact
        fields = ("department", "name", "office_phone")
        form = ContactForm(initial={field: getattr(contact, field) for field in fields} if contact else None)
    context = {
        "calendar": calendar,
        "expected_source": shown_source(calendar.expected.source),
        "fresh_source": shown_source(calendar.fresh.source),
        "may_change": may_change,
        "wanted": wanted,
        "form": form,
    }
    return render(request, "deliveries/calendar.html", context, status=status)


@requires(Action.APPLY_DELIVERY)
@require_POST
def change_contact(request: ActorRequest, feed: str) -> HttpResponse:
    """Save whom to call about one feed."""
    if feed not in Feed.values:
        raise Http404
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _show(request, feed, form, status=422)
    feed_contacts.change_contact(actor=request.actor, feed=Feed(feed), **form.cleaned_data)
    messages.success(request, _("Contact saved."))
    return redirect("feed_calendar")
