"""What of the work list was selected: rows one by one, or the whole list as it is filtered.

The whole list is never sent as ids: the form names the filters, how many entries the reader saw and the fingerprint of their gaps.
What fits the filters is read again; where it is not the same now, nothing is done before the reader has seen the new list.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.selectors.subjects import SubjectKey, read_key
from casework.selectors.worklist import Totals, count_totals, list_subject_keys
from foundation.accounts.requests import ActorRequest
from foundation.policy.limits import whole_selection_limit
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.ids import read_id
from portal.worklist.filters import posted_list


@dataclass(frozen=True)
class Selection:
    """The chosen subjects. Of a whole list: `query` and `name`, its filters, `seen`, the mark the reader sent, `now`, its mark now."""

    keys: list[SubjectKey]
    query: str = ""
    name: str = ""
    seen: str = ""
    now: str = ""

    @property
    def has_changed(self) -> bool:
        """Answer whether the list has other entries than the reader saw, also where they are as many."""
        return self.seen != self.now

    def demand_unchanged(self) -> None:
        """Errors: Conflict when the list has changed since the reader selected it."""
        if self.has_changed:
            raise Conflict(self.change, code="list_changed", what_to_do=_("Look at the list and select it again."))

    @property
    def change(self) -> str:
        """State the new number beside the one seen, or that the entries are others."""
        now, then = len(self.keys), read_id(self.seen.partition(":")[0])
        if then is None or now == then:
            return _("The list has changed: other entries fit the filters now. Nothing has been done yet.")
        words = {"now": now, "then": then}
        return _("The list has changed: it has %(now)s entries now, not %(then)s. Nothing has been done yet.") % words


def mark_of(totals: Totals) -> str:
    """Return what tells one list from another: its length and the fingerprint of its gaps."""
    return f"{totals.subjects}:{totals.fingerprint}"


def read_selection(request: ActorRequest, *, most: int = 0) -> Selection:
    """Read what was selected: of a whole list at most so many, else as many as the region lets one act be about.

    Errors: BadInput for a list longer than that.
    """
    seen = request.POST.get("whole", "")
    if not seen:
        return Selection([read_key(text) for text in request.POST.getlist("subject")])
    _form, wanted, query, order = posted_list(request)
    limit = most or whole_selection_limit(request.actor, on=clock.today())
    keys = list_subject_keys(request.actor, wanted, order, most=limit + 1)
    if len(keys) > limit:
        raise BadInput(
            _("The list has more than %(limit)s entries, which is the most for one act.") % {"limit": limit},
            code="too_many",
            what_to_do=_("Narrow it by a filter, for example by township or kind."),
        )
    totals = count_totals(request.actor, wanted, today=clock.now().date())
    return Selection(keys, query, wanted.name, seen, mark_of(totals))
