"""Uploads of large files in pieces. The views answer in JSON, refusals with a message."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from foundation.accounts.body_limit import takes_files
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.ids import read_id
from registry.constants import DeliveryState
from registry.forms import UploadForm
from registry.models import Upload
from registry.services.uploading import (
    PIECE_BYTES,
    OutOfStep,
    WantedUpload,
    add_piece,
    cancel_upload,
    finish_upload,
    start_upload,
)
from registry.tasks import wake_on_commit

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def answer_refusals(view: View[P]) -> View[P]:
    """Answer a refusal as JSON: the sentence, what to do and, when a piece was out of step, where the next one begins."""

    @wraps(view)
    def answered(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OutOfStep as refusal:
            return JsonResponse({"message": str(refusal), "code": refusal.code, "offset": refusal.offset}, status=409)
        except (BadInput, Conflict) as refusal:
            status = 422 if isinstance(refusal, BadInput) else 409
            answer = {"message": str(refusal), "what_to_do": str(refusal.what_to_do), "code": refusal.code}
            return JsonResponse(answer, status=status)

    return answered


@requires(Action.RECEIVE_DELIVERY)
@require_POST
@answer_refusals
def start(request: ActorRequest) -> HttpResponse:
    """Begin a file, or state how much of it was received already."""
    form = UploadForm(request.POST)
    if not form.is_valid():
        raise BadInput(" ".join(str(error) for errors in form.errors.values() for error in errors), code="bad_form")
    return _state(start_upload(actor=request.actor, wanted=WantedUpload(**form.cleaned_data), at=clock.now()))


@requires(Action.RECEIVE_DELIVERY)
@require_POST
@takes_files
@answer_refusals
def piece(request: ActorRequest, upload_id: int) -> HttpResponse:
    """Take the piece that begins at ?offset=; one without an offset is out of step."""
    stated = read_id(request.GET.get("offset"))
    offset = -1 if stated is None else stated
    return _state(
        add_piece(
            actor=request.actor,
            upload_id=upload_id,
            offset=offset,
            piece=request,
            at=clock.now(),
        )
    )


@requires(Action.RECEIVE_DELIVERY)
@require_POST
@answer_refusals
def finish(request: ActorRequest, upload_id: int) -> HttpResponse:
    """Receive the whole file and wake a worker; return the address of its page."""
    delivery = finish_upload(actor=request.actor, upload_id=upload_id, at=clock.now())
    is_known = delivery.state == DeliveryState.APPLIED
    if not is_known:
        wake_on_commit(delivery)
    return JsonResponse({"url": reverse("delivery", args=[delivery.pk]), "is_known": is_known})


@requires(Action.RECEIVE_DELIVERY)
@require_POST
@answer_refusals
def cancel(request: ActorRequest, upload_id: int) -> HttpResponse:
    """Cancel an unfinished file; without script the answer is a redirect to the list."""
    cancel_upload(actor=request.actor, upload_id=upload_id, at=clock.now())
    is_script = request.headers.get("X-Requested-With") == "fetch"
    return HttpResponse(status=204) if is_script else redirect("deliveries")


def _state(upload: Upload) -> HttpResponse:
    return JsonResponse({"id": upload.pk, "offset": upload.received_bytes, "piece_bytes": PIECE_BYTES})
