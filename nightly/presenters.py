"""A night as its pages show it: its state, why it failed, and its progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.constants import GAP_RANK, GapKind
from coverage.constants import Verdict
from coverage.presenters.codes import verdict_words
from foundation.jobs.long_work import AGAIN_STATES, RunState
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.web.progress import TONES, Progress, ProgressStep
from nightly.models import NightRun
from nightly.sentences import sentence
from registry.constants import Feed

STEP_LABELS = {
    "pin_inputs": gettext_lazy("Select the lists and read the persons"),
    "link_rolls": gettext_lazy("Match persons to the rolls"),
    "link_facts": gettext_lazy("Match facts to persons and rolls"),
    "find_on_rolls": gettext_lazy("Check the rolls for errors"),
    "find_on_persons": gettext_lazy("Gather what is known about each person"),
    "derive_codes": gettext_lazy("Determine the conclusions"),
    "find_gaps": gettext_lazy("Find the gaps"),
    "publish": gettext_lazy("Publish"),
}


@dataclass(frozen=True)
class NightRow:
    """A night with its labels and progress."""

    run: NightRun
    state: str
    tone: str
    error: str
    progress: Progress


def present_night(
    run: NightRun, *, at: datetime, expected: Mapping[str, float] | None = None, may_run: bool = False
) -> NightRow:
    """Return a night as a row; its steps are loaded with it. `expected`: seconds by step, as selectors.expected_seconds."""
    return NightRow(
        run=run,
        state=run.get_state_display(),
        tone=TONES[RunState(run.state)],
        error=sentence(run.error, run.failure_number) if run.error else "",
        progress=_progress(run, at, expected or {}, may_run),
    )


def _progress(run: NightRun, at: datetime, expected: Mapping[str, float], may_run: bool) -> Progress:
    so_far = (at - run.alive_at).total_seconds() if run.alive_at else 0.0
    steps = tuple(
        ProgressStep(
            words=str(STEP_LABELS.get(step.name, step.name)),
            state=RunState(step.state),
            rows=step.rows,
            seconds=step.seconds,
            expected_seconds=expected.get(step.name),
            so_far_seconds=so_far,
        )
        for step in run.steps.all()
    )
    running = [step.words for step in steps if step.is_running]
    return Progress(
        label=running[0] if running else _("Queued"),
        steps=steps,
        is_open=run.is_open,
        cancel_url=reverse("night_cancel", args=[run.pk]) if may_run and run.is_open else "",
        again_url=reverse("night_again", args=[run.pk]) if may_run and run.state in AGAIN_STATES else "",
    )


def left_out_words(run: NightRun) -> list[str]:
    """Return a sentence for each list the night left out because parts of it have not come."""
    words = _("%(feed)s as of %(day)s was left out: not all its parts have come. Missing: %(parts)s.")
    return [
        words % {"feed": Feed(each["feed"]).label, "day": each["day"], "parts": _("; ").join(each["missing"])}
        for each in run.board.get("left_out", ())
    ]


def moment_words(run: NightRun) -> str:
    """Return when a published night finished, as the business day's clock shows it."""
    return f"{run.finished_at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}" if run.finished_at else ""


def moved_codes(board: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    """List the labels of the code before and after, persons and the address of their list; the most first."""
    labels = {"": _("not on any list")} | {code.value: verdict_words(code) for code in Verdict}
    return [
        (labels[move["was"]], labels[move["now"]], move["persons"], urlencode({"was": move["was"], "now": move["now"]}))
        for move in board.get("changed", [])
    ]


def gap_changes(board: dict[str, Any]) -> list[tuple[str, str, int, int, int]]:
    """List kind, its label, opened, closed and open by kind, the most serious first."""
    counts = {name: board.get(name, {}) for name in ("opened", "closed", "open")}
    kinds = sorted({kind for found in counts.values() for kind in found}, key=lambda kind: GAP_RANK[GapKind(kind)])
    return [
        (kind, str(GapKind(kind).label), *(counts[name].get(kind, 0) for name in ("opened", "closed", "open")))
        for kind in kinds
    ]
