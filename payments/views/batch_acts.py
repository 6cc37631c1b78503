"""What people do with a batch: each act is one form of its page, sent to one address."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, DomainError, NotAllowed, NotFound
from foundation.primitives.ids import read_id
from foundation.web.refusals import refuse
from payments.constants import Category
from payments.forms import CertificateForm, DayForm, FundingForm, ReasonForm
from payments.models import Batch
from payments.presenters.batches import sum_by
from payments.selectors.batch_pages import count_batch, get_batch
from payments.selectors.plans import Money
from payments.services.batches import (
    approve_batch,
    cancel_draft,
    close_batch,
    fund_batch,
    request_funds,
    return_batch,
    review_batch,
)
from payments.services.booking import certify_list, check_townships, draft_reversal, freeze_batch
from payments.services.crediting import credit_batch

Act = Callable[[ActorRequest, Batch], object]


@sensitive_post_parameters("person")
@requires(Action.VIEW_BATCHES)
@require_POST
def act_on_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Do one act on a batch; the service decides whether the reader may. Errors as pages: what, why, what to do."""
    batch = get_batch(request.actor, batch_id)
    back_url = reverse("contribution_batch", args=[batch.pk])
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return refuse(request, BadInput(_("There is no such step."), code="step_unknown"), back_url=back_url)
    try:
        made = act(request, batch)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return refuse(request, refusal, back_url=back_url)
    if isinstance(made, Batch) and made.pk != batch.pk:
        messages.success(request, _("Batch %(number)s takes the money back; freeze it next.") % {"number": made.pk})
        return redirect("contribution_batch", made.pk)
    if isinstance(made, Batch):
        messages.success(request, _("The batch is now: %(state)s.") % {"state": made.get_state_display()})
    else:
        messages.success(request, _("Recorded."))
    return redirect(back_url)


def _cleaned(form: forms.Form) -> forms.Form:
    """Return a form that is right. Errors: BadInput naming the fields that are not."""
    if not form.is_valid():
        words = "; ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items())
        raise BadInput(words, code="form", ids=list(form.errors))
    return form


def _certify(request: ActorRequest, batch: Batch) -> object:
    form = _cleaned(CertificateForm(request.POST, categories=Category.values))
    return certify_list(actor=request.actor, batch_id=batch.pk, at=clock.now(), **form.cleaned_data)


def _check(request: ActorRequest, batch: Batch) -> object:
    codes = request.POST.getlist("township") or None
    return check_townships(actor=request.actor, batch_id=batch.pk, codes=codes, at=clock.now())


def _return(request: ActorRequest, batch: Batch) -> object:
    form = _cleaned(ReasonForm(request.POST))
    return return_batch(actor=request.actor, batch_id=batch.pk, reason=form.cleaned_data["note"], at=clock.now())


def _fund(request: ActorRequest, batch: Batch) -> object:
    due = sum_by(count_batch(request.actor, batch), "").get("", Money()).shares
    form = FundingForm(request.POST, due=due)
    _cleaned(form)
    return fund_batch(
        actor=request.actor,
        batch_id=batch.pk,
        amounts=form.amounts(),
        voucher=form.cleaned_data["voucher"],
        received_on=form.cleaned_data["received_on"],
        at=clock.now(),
    )


def _credit(request: ActorRequest, batch: Batch) -> object:
    form = _cleaned(DayForm(request.POST))
    return credit_batch(actor=request.actor, batch_id=batch.pk, day=form.cleaned_data["day"], at=clock.now())


def _take_back(request: ActorRequest, batch: Batch) -> object:
    form = _cleaned(ReasonForm(request.POST))
    chosen = [number for text in request.POST.getlist("person") if (number := read_id(text))]
    everybody = request.POST.get("whole") == "yes"
    if not chosen and not everybody:
        raise BadInput(_("Select the people whose money is taken back, or the whole batch."), code="nobody_chosen")
    return draft_reversal(
        actor=request.actor,
        batch_id=batch.pk,
        persons=None if everybody else chosen,
        note=form.cleaned_data["note"],
        at=clock.now(),
    )


def _plain(service: Callable[..., Batch]) -> Act:
    return lambda request, batch: service(actor=request.actor, batch_id=batch.pk, at=clock.now())


_ACTS: dict[str, Act] = {
    "certify": _certify,
    "check": _check,
    "freeze": _plain(freeze_batch),
    "cancel": _plain(cancel_draft),
    "review": _plain(review_batch),
    "approve": _plain(approve_batch),
    "return": _return,
    "request": _plain(request_funds),
    "fund": _fund,
    "credit": _credit,
    "close": _plain(close_batch),
    "take_back": _take_back,
}
