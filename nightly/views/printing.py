"""One night on paper: the lists it compared, the gaps it opened and closed, the codes it changed, the conclusions. It names nobody."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coverage.constants import Verdict
from coverage.presenters.codes import survey_code
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.documents.print_sheets import Column, Group, Paragraph, Row, Table
from foundation.primitives import clock
from foundation.web.documents import head_of, send_pdf
from nightly.models import NightRun
from nightly.presenters import gap_changes, left_out_words, moment_words, moved_codes
from nightly.selectors import get_published_night
from registry.constants import Feed


@requires(Action.VIEW_NIGHTS)
@require_safe
def print_night(request: ActorRequest, run_id: int) -> HttpResponse:
    """Send a published night as PDF with the lines for signatures."""
    run = get_published_night(request.actor, run_id)
    finished = _("Nightly run finished %(moment)s") % {"moment": moment_words(run)}
    head = head_of(
        request, at=clock.now(), title=_("Nightly run"), unit=run.county, as_of=run.as_of_date, about=[finished]
    )
    name = _("nightly_run_%(unit)s_%(day)s.pdf") % {"unit": run.county.name, "day": f"{run.as_of_date:%Y%m%d}"}
    return send_pdf(head, _parts(run), name=name)


def _parts(run: NightRun) -> list[Table | Paragraph]:
    inputs: list[Row] = [
        [str(feed.label), file["as_of"], file["rows"]] for feed in Feed for file in run.inputs.get(feed.value, [])
    ]
    changes: list[Row] = [
        [label, opened, closed, still] for _kind, label, opened, closed, still in gap_changes(run.board)
    ]
    moves: list[Row] = [[was, now, persons] for was, now, persons, _asked in moved_codes(run.board)]
    codes: list[Row] = [
        [survey_code(code) or "—", str(Verdict(code).label), count]
        for code, count in run.board.get("verdicts", {}).items()
    ]
    return [
        _table(_("Lists compared"), [_("Feed"), _("As of")], [_("Rows")], inputs),
        *(Paragraph(words) for words in left_out_words(run)),
        _table(_("Gaps"), [_("Gap")], [_("New"), _("Closed"), _("Still open")], changes),
        _table(_("Changed since the previous nightly run"), [_("Code before"), _("Code now")], [_("Persons")], moves),
        _table(_("Conclusions"), [_("Survey code"), _("Meaning")], [_("Persons")], codes),
    ]


def _table(heading: str, texts: list[str], figures: list[str], rows: list[Row]) -> Table:
    columns = [*map(Column, texts), *(Column(each, is_figure=True) for each in figures)]
    return Table(columns, [Group(rows)], heading=heading)
