"""A refused table with unknown columns: a user states what they are, and the file is read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.primitives.ids import is_id, read_id
from foundation.web.refusals import refuse
from registry.constants import DeliveryState, Feed
from registry.intake.delivery_layouts import guess_of, has_unknown_words, needs_mapping
from registry.intake.errors import IntakeError, sentence
from registry.intake.layouts import ANY_WORD, get_layout
from registry.intake.mapping_guess import MappingGuess, WordGuess, field_label
from registry.intake.stated_layouts import MEMBER_NAME, MEMBER_NUMBER
from registry.models import Delivery
from registry.presenters.file_words import meaning_choices
from registry.selectors.deliveries import get_delivery
from registry.services.learned_layouts import Answers, save_mapping
from registry.services.samples import get_sample
from registry.tasks import wake_on_commit

MOST_MEMBERS_SHOWN = 12
COLUMN, WORD, OURS = "column-", "word-", "ours-"


@requires(Action.APPLY_DELIVERY)
@require_http_methods(["GET", "HEAD", "POST"])
def map_delivery(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Show ten lines of the table with a guess for each column and its reason; save the answers and read the file again."""
    delivery = get_delivery(request.actor, delivery_id)
    if request.method == "POST":
        return _save(request, delivery)
    if not (needs_mapping(delivery) or has_unknown_words(delivery)):
        return redirect("delivery", delivery_id)
    return _show(request, delivery, _chosen_feed(request.GET.get("feed", "")))


def _chosen_feed(text: str) -> Feed | None:
    return Feed(text) if text in Feed.values else None


def _show(
    request: ActorRequest, delivery: Delivery, feed: Feed | None, wrong: str = "", status: int = 200
) -> HttpResponse:
    guess = guess_of(delivery, get_sample(delivery), feed)
    columns = [
        {
            "guess": each,
            "sample": _sample(guess, each.column),
            "is_asked": (each.field or each.may_be) in guess.questions,
        }
        for each in guess.columns
    ]
    context = {
        "delivery": delivery,
        "refusal": wrong or (sentence(delivery.refusal) if delivery.refusal else ""),
        "is_applied": delivery.state == DeliveryState.APPLIED,
        "guess": guess,
        "feeds": Feed.choices,
        "columns": columns,
        "asked": [each for each in columns if each["is_asked"]],
        "fields": _fields(guess),
        "words": _words(guess),
        "header_line": guess.header_row + 1,
    }
    return render(request, "deliveries/mapping.html", context, status=status)


def _sample(guess: MappingGuess, column: int) -> str:
    return "、".join(dict.fromkeys(row[column] for row in guess.samples[:4] if row[column]))[:60]


def _fields(guess: MappingGuess) -> list[tuple[str, str]]:
    """What a column can be: the feed's fields, and the members of a household where the feed may name them in a row."""
    if guess.feed is None:
        return []
    layout = get_layout(guess.feed.value)
    fields = [(field, field_label(field, layout.feed)) for field in layout.columns]
    if layout.wide:
        counted = [
            f"{prefix}{place}" for place in range(1, MOST_MEMBERS_SHOWN + 1) for prefix in (MEMBER_NAME, MEMBER_NUMBER)
        ]
        fields += [(field, field_label(field, layout.feed)) for field in counted]
    return fields


def _words(guess: MappingGuess) -> list[dict[str, object]]:
    if guess.feed is None:
        return []
    layout = get_layout(guess.feed.value)
    return [
        {"word": word, "field": field_label(word.field, layout.feed), "choices": meaning_choices(layout, word.field)}
        for word in guess.words
        if _is_asked(word, layout.values[word.field])
    ]


def _is_asked(word: WordGuess, known: Mapping[str, str]) -> bool:
    """Answer whether the user must state a word's meaning: it is unknown, and the layout has none for any other word."""
    return word.ours == "" and ANY_WORD not in known


def _save(request: ActorRequest, delivery: Delivery) -> HttpResponse:
    try:
        saved = save_mapping(
            actor=request.actor,
            delivery_id=delivery.pk,
            sender=request.POST.get("sender", "").strip(),
            answers=_answers(request),
            at=clock.now(),
        )
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery.pk]))
    except IntakeError as refusal:
        feed = _chosen_feed(request.POST.get("feed", ""))
        return _show(request, delivery, feed, sentence(refusal.as_json()), status=422)
    if saved.state == DeliveryState.APPLIED:
        text = _(
            "Saved for the next file with these headers. To use it for this one, undo the file and apply it again."
        )
    else:
        wake_on_commit(saved)
        text = _("Saved, and remembered for the next file with these headers. The file is being read again.")
    messages.success(request, text)
    return redirect("delivery", delivery.pk)


def _answers(request: ActorRequest) -> Answers:
    """Read the form. Errors: IntakeError when no feed is chosen."""
    feed = _chosen_feed(request.POST.get("feed", ""))
    if feed is None:
        raise IntakeError("no_feed_chosen")
    columns: dict[str, int] = {}
    for name, field in request.POST.items():
        place = name.removeprefix(COLUMN)
        if name.startswith(COLUMN) and is_id(place) and field:
            columns.setdefault(str(field), int(place))
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for name, word in request.POST.items():
        ours = request.POST.get(OURS + name.removeprefix(WORD), "")
        if name.startswith(WORD) and ours:
            values[name.removeprefix(WORD).split("-")[0]][str(word)] = ours
    line = request.POST.get("header_line", "0")
    return Answers(feed.value, (read_id(line) or 0) - 1, columns, values)
