"""What the people of the demonstration did and left open: through the services their pages call, with the same rights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction

from casework.constants import CloseReason, EvidenceKind, GapKind
from casework.models import CaseEvent
from casework.selectors.subjects import SubjectKey, key_of
from casework.selectors.worklist import UNASSIGNED, WorkFilter, leading_gaps
from casework.services.assigning import assign_cases
from casework.services.cases import add_note, take_case
from casework.services.closing import Evidence, close_case
from coverage.constants import PairDecision
from coverage.selectors.possible_matches import MatchFilter, list_undecided_matches
from coverage.services.decisions import decide_pair
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.models import User
from foundation.accounts.selectors import list_memberships
from foundation.policy.models import ParameterProposal
from foundation.policy.services.proposing import Proposed, draft_value
from foundation.primitives import clock
from foundation.regions.models import Unit

CLERK, REVIEWER, TOWNSHIP, SECURITY = "wang.jingban", "li.fuhe", "sun.shiwusuo", "chen.anquan"
"""Users of people.py."""


@transaction.atomic
def work_in_january(county: Unit) -> None:
    """Work on some gaps of the first night, by several people over some days: all of it, or nothing where anybody worked already."""
    if CaseEvent.objects.filter(case__county=county, verb="take_case").exists():
        return
    clerk, reviewer, township = (actor_of(name) for name in (CLERK, REVIEWER, TOWNSHIP))
    for person, key, moment in zip(
        (clerk, clerk, clerk, reviewer), _subjects(clerk, GapKind.UNINSURED), _days(7), strict=False
    ):
        take_case(actor=person, key=key, at=moment)
        add_note(actor=person, key=key, note="电话联系村委会，约下周上门核实", at=moment, state="in_progress")
    keys = list(islice(_subjects(clerk, GapKind.DUE_NOT_DRAWING), 6))
    assign_cases(actor=clerk, keys=keys, assignee_id=_user(REVIEWER).pk, at=next(_days(8)))
    for key, moment in zip(
        islice(_subjects(township, GapKind.UNINSURED, GapKind.NEW_POOR, GapKind.DUE_NOT_DRAWING), 5),
        _days(9),
        strict=False,
    ):
        take_case(actor=township, key=key, at=moment)
    for key, moment in zip(
        islice(_subjects(clerk, GapKind.INVALID_STATUS_PAIR, GapKind.ROLL_ENDED), 3), _days(10), strict=False
    ):
        close_case(
            actor=clerk,
            key=key,
            reason=CloseReason.REPAIRED_OUTSIDE,
            note="已在居保系统更正，下期参保名册可见",
            evidence=Evidence(EvidenceKind.DOCUMENT, moment.date(), "更正单 2019-01"),
            at=moment,
        )
    matches = list_undecided_matches(clerk, MatchFilter())
    for match, moment in zip(matches[:12], _days(11), strict=False):
        decide_pair(
            actor=clerk,
            link_id=match.link_id,
            decision=PairDecision.SAME,
            note="调阅原始登记表，姓名、住址一致",
            at=moment,
        )


def leave_open(county: Unit) -> None:
    """Leave what waits for a second person: a rule one security administrator proposed."""
    if ParameterProposal.objects.exists():
        return
    proposed = Proposed(
        name="village_answer_working_days",
        region=county,
        effective_date=date(2019, 3, 1),
        value=4,
        source="如皋市人社局 2019 年扶贫工作例会纪要（演示）",
    )
    draft_value(actor=actor_of(SECURITY), proposed=proposed, today=clock.today(), at=clock.now())


def _subjects(actor: Actor, *kinds: GapKind) -> Iterator[SubjectKey]:
    """Yield subjects with an open gap of these kinds nobody works on, as the actor's work list has them."""
    for kind in kinds:
        for gap in leading_gaps(actor, WorkFilter(kind=kind, owner=UNASSIGNED))[:40]:
            yield key_of(gap)


def _days(first: int) -> Iterator[datetime]:
    """Yield moments in January, some hours apart."""
    moment = datetime(2019, 1, first, 9, 10, tzinfo=clock.BUSINESS_ZONE)
    while True:
        yield moment
        moment += timedelta(hours=2, minutes=7)


def actor_of(username: str) -> Actor:
    """Return the actor somebody of people.py is today."""
    return user_actor(list_memberships(user_id=_user(username).pk, on=clock.today())[0])


def _user(username: str) -> User:
    return User.objects.get(username=username)
