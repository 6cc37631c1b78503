"""The style page: every component with sample texts, to compare by eye and by test. Needs no data and no sign-in."""

from datetime import datetime

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from foundation.documents.charts import Bar, Flow, Picture, Point, Series, bars, columns, flow, lines
from foundation.jobs.long_work import RunState
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.web.fields import DayField
from foundation.web.progress import Progress, ProgressStep

SAMPLE_MOMENT = datetime(2018, 12, 31, 14, 5, tzinfo=BUSINESS_ZONE)


class SampleForm(forms.Form):
    """Two fields, one of which is wrong when nothing is sent."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("One sentence that colleagues will understand.")
    )
    day = DayField(label=gettext_lazy("Day"), required=False, help_text="2018-12-31")


class SampleFilter(forms.Form):
    """The filters of a list."""

    township = forms.ChoiceField(
        label=gettext_lazy("Township"),
        required=False,
        choices=[("", gettext_lazy("All")), ("1", "长江镇"), ("2", "江安镇")],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), ("open", gettext_lazy("Open"))]
    )


@require_safe
def show_style(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    return render(request, "components/style_page.html", _samples())


def _pictures() -> list[Picture]:
    """Return one picture of each form, with six series where a form has so many."""
    names = [f"{_('Gap')} {letter}" for letter in "ABCDEF"]
    months = [f"2018-{month:02}" for month in range(1, 13)]
    series = [
        Series(name, [Point(90 - 9 * place + 2 * month, f"{name} {month}", "#pictures") for month in range(12)])
        for place, name in enumerate(names)
    ]
    layers = [Point(9 - place, f"{name}: {9 - place}", "#pictures") for place, name in enumerate(names)]
    townships = [Bar(name, layers[: 6 - place], "39", "#pictures") for place, name in enumerate(("长江镇", "江安镇"))]
    codes = [
        Flow(names[0], names[1], 30, "30", "#pictures"),
        Flow(names[0], names[2], 9, "9", "#pictures"),
        Flow(names[3], names[1], 12, "12", "#pictures"),
    ]
    heads = (_("Code before"), _("Code now"))
    return [
        lines(key="s1", title=_("Month by month"), note="", steps=months, series=series, shown="{:.0f}".format),
        bars(key="s2", title=_("Township"), note="", legend=names, rows=townships, head=_("Unit")),
        flow(key="s3", title=_("Whose code changed"), note="", flows=codes, heads=heads, many=_("Persons")),
        columns(
            key="s4",
            title=_("Rows"),
            note="",
            steps=months,
            rows=series[:2],
            marked=lambda point: point.value == max(0, 90),
        ),
    ]


def _samples() -> dict[str, object]:
    return _progress_samples() | {
        "form": SampleForm({"reason": ""}),
        "filter_form": SampleFilter(),
        "page": Paginator(range(1240), 50).page(2),
        "figures": [
            {"count": 41, "label": _("Uninsured"), "basis": _("all poor, by hukou unit"), "tone": "bad"},
            {"count": 7, "label": _("Due, not drawing"), "basis": _("all poor, by hukou unit"), "tone": "warn"},
            {"count": 11958, "label": _("Insured here"), "basis": _("all poor, by hukou unit"), "tone": "ok"},
        ],
        "pictures": _pictures(),
        "summary_rows": [(_("ID number"), "320682********0025"), (_("Unit"), "江苏省南通市如皋市长江镇")],
        "tasks": [
            {
                "title": _("Ask the village"),
                "url": "",
                "hint": _("five working days"),
                "status": _("Open"),
                "tone": "warn",
            },
            {"title": _("Confirm the match"), "url": "", "hint": "", "status": _("Done"), "tone": "ok"},
        ],
        "events": [
            {"at": SAMPLE_MOMENT, "title": _("Found on the resident roll"), "who": _("System"), "text": ""},
            {"at": SAMPLE_MOMENT, "title": _("Taken"), "who": "王经办", "text": _("Called twice, no answer.")},
        ],
        "tabs": [
            {"label": _("Deliveries"), "url": "#tabs", "is_here": True, "count": 14},
            {"label": _("Nightly run"), "url": "#tabs", "is_here": False, "count": None},
        ],
        "changes": [{"what": _("State"), "before": _("Open"), "after": _("Closed with reason")}],
        "rows": [
            {"name": "张三", "number": "320682********0025", "gap": _("Uninsured"), "days": 12},
            {"name": "李四", "number": "320682********0018", "gap": _("Due, not drawing"), "days": 3},
        ],
    }


def _progress_samples() -> dict[str, object]:
    """Long work: running with a known length, of unknown length, and cancelled."""
    read, compare, publish = _("Read the file"), _("Compare numbers"), _("Publish")
    running = (
        ProgressStep(read, RunState.DONE, rows=651800, seconds=12.4, expected_seconds=12),
        ProgressStep(compare, RunState.RUNNING, expected_seconds=9, so_far_seconds=5),
        ProgressStep(publish, RunState.WAITING, expected_seconds=3),
    )
    cancelled = (
        ProgressStep(read, RunState.DONE, rows=651800, seconds=12.4),
        ProgressStep(compare, RunState.CANCELLED),
        ProgressStep(publish, RunState.WAITING),
    )
    return {
        "progress_running": Progress(compare, running, is_open=True, cancel_url="#progress"),
        "progress_unknown": Progress(_("Files are being read"), is_open=True),
        "progress_cancelled": Progress(compare, cancelled, again_url="#progress"),
    }
