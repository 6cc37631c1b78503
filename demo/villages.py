"""What the villages of the demonstration reported and are asked: through the services a helper and a clerk use."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction

from casework.constants import GapKind
from casework.models import Gap
from casework.selectors.subjects import SubjectKey
from casework.services.questions import Asked, answer_question, ask_village
from casework.services.village_reports import report_from_village
from coverage.constants import LinkAction, LinkRule, PairDecision
from coverage.models import Link
from coverage.services.decisions import decide_pair
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.models import Membership
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from registry.models import FieldReport, Person
from registry.services.field_reports import Observation, Unlisted

HELPER, OFFICE, CLERK = "zhou.xieban", "sun.shiwusuo", "wang.jingban"
NAMESPACE = UUID("6f9b7a0e-2f53-4d0c-9a57-3b8f1f6f6a01")


@transaction.atomic
def make_village_reports(county: Unit) -> None:
    """Let the village helper report of some people and be asked about others: all of it or, where anything was reported, nothing."""
    if FieldReport.objects.filter(county=county).exists():
        return
    helper, office, clerk = (_actor(name) for name in (HELPER, OFFICE, CLERK))
    people = _people_of(helper) or _people_of(clerk)
    if not people:
        return
    for place, (person, given) in enumerate(zip(people, _observations(), strict=False)):
        reporter = helper if helper.covers((person.unit or person.county).path) else office
        if not reporter.covers((person.unit or person.county).path):
            reporter = clerk
        report_from_village(
            actor=reporter, uuid=uuid5(NAMESPACE, f"report {place}"), observation=given, person_id=person.pk, at=now()
        )
    report_from_village(
        actor=helper,
        uuid=uuid5(NAMESPACE, "not listed"),
        observation=Observation("not_listed", place="村口第三户", note="跟外婆住，没有户口"),
        unlisted=Unlisted(name="阿妹", sex=2, age_years=63, household=people[0].name),
        at=now(),
    )
    _ask(helper, clerk, people)


def _observations() -> list[Observation]:
    return [
        Observation("died", source="family", died_on=now().date() - timedelta(days=9), note="女儿来村里说的"),
        Observation("cannot_be_found", note="去了两次门都锁着"),
        Observation("moved_away", place="苏州昆山"),
        Observation("works_elsewhere", place="上海工地", telephone="13800138000"),
        Observation("details_wrong", wrong_details=("birth_date",), note="属猴，应为1944年"),
        Observation("declines", note="说不想交"),
    ]


def _ask(helper: Actor, clerk: Actor, people: list[Person]) -> None:
    """Ask about two people and one possible match; one question is answered twice, differently."""
    keys = [SubjectKey(person_id=person.pk) for person in people[-2:]]
    asked = [Asked(keys[0], "去年是否在外地参保？"), Asked(keys[-1], "现在住在村里吗？")]
    questions = ask_village(actor=clerk, asked=asked, at=now())
    answered = questions[-1]
    answerers = [(helper, "yes", "上周还见到"), (clerk, "no", "电话里说已去苏州")]
    for place, (actor, value, note) in enumerate(answerers):
        if actor.covers((answered.unit or answered.county).path):
            answer_question(
                actor=actor,
                question_id=answered.pk,
                uuid=uuid5(NAMESPACE, f"answer {place}"),
                value=value,
                note=note,
                at=now(),
            )
    rows = Link.objects.as_known().filter(action=LinkAction.REVIEW, county=clerk.unit_id, person__unit=helper.unit_id)
    rows = rows or Link.objects.as_known().filter(
        action=LinkAction.REVIEW, county=clerk.unit_id, rule=LinkRule.NAME_VILLAGE
    )
    link = rows.order_by("pk").first()
    if link is not None:
        decide_pair(actor=clerk, link_id=link.pk, decision=PairDecision.ASK_VILLAGE, note="", at=now())


def _people_of(actor: Actor) -> list[Person]:
    """List people of the actor's unit with something open, of the kinds nobody has to be told of twice."""
    open_gaps = Gap.objects.open().filter(kind__in=(GapKind.UNINSURED, GapKind.LAPSED, GapKind.DUE_NOT_DRAWING))
    rows = Person.objects.filter(gaps__in=open_gaps, unit__path__startswith=actor.unit_path)
    people = list(rows.select_related("unit", "county").distinct().order_by("pk")[:8])
    if len(people) < 8:
        others = Person.objects.filter(unit__path__startswith=actor.unit_path).exclude(
            pk__in=[each.pk for each in people]
        )
        people += list(others.select_related("unit", "county").order_by("pk")[: 8 - len(people)])
    return people


def _actor(username: str) -> Actor:
    return user_actor(Membership.objects.select_related("user", "unit").get(user__username=username))
