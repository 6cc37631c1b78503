"""Applications of the demonstration: one at each desk, one granted, one refused; through the services the pages call."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageDraw

from casework.constants import GapKind
from casework.models import Gap
from demo.working import actor_of
from enrollment.constants import ApplicationKind, Channel, Outcome, Verb
from enrollment.eligibility.testing import find_eligibility
from enrollment.models import Application
from enrollment.services.preparing import Content, begin_application
from enrollment.services.steps import Given, take_step
from foundation.accounts.actors import Actor
from foundation.primitives import clock
from foundation.regions.models import Unit
from registry.services.person_file import attach

OFFICE, CLERK, REVIEWER, APPROVER = "sun.shiwusuo", "wang.jingban", "li.fuhe", "zhao.shenpi"
"""Users of people.py."""
WAY = (
    (Verb.SUBMIT, OFFICE),
    (Verb.ACCEPT, OFFICE),
    (Verb.REVIEW, CLERK),
    (Verb.CHECK, REVIEWER),
    (Verb.GRANT, APPROVER),
)
PAPERS = ("id_card", "household_booklet", "form")
BEGAN, APART = datetime(2019, 1, 21, 9, 5, tzinfo=clock.BUSINESS_ZONE), timedelta(days=1, minutes=25)
K = ApplicationKind


@transaction.atomic
def make_applications(county: Unit) -> None:
    """Let the township apply for some people: all of it or, where anybody applied, nothing."""
    if Application.objects.filter(county=county).exists():
        return
    office = actor_of(OFFICE)
    young, old = (_eligible(county, office, kind) for kind in (K.REGISTER, K.DIRECT_INCLUSION))
    others = [
        each for each in _people(county, office, GapKind.DUE_NOT_DRAWING, GapKind.LAPSED) if each not in {*young, *old}
    ]
    for steps, person_id in zip((4, 3, 2, 1), young, strict=False):
        _bring(_begin(office, person_id, K.REGISTER, PAPERS), steps)
    for person_id in old[:1]:
        _bring(_begin(office, person_id, K.DIRECT_INCLUSION, PAPERS), len(WAY))
    for person_id in others[:1]:
        application = _begin(
            office, person_id, K.CHANGE_DETAILS, PAPERS[:1], detail="telephone", right_value="见本人声明"
        )
        _step(application, Verb.SUBMIT, OFFICE, 1)
        _step(application, Verb.NAME_MISSING, CLERK, 2)
    for person_id in others[1:2]:
        application = _begin(office, person_id, K.DIRECT_INCLUSION, PAPERS)
        _bring(application, 4)
        _step(application, Verb.REFUSE, APPROVER, 5, "已参加居保，不属于超龄直接纳入对象")
    for person_id in others[2:3]:
        _begin(office, person_id, K.CLAIM, PAPERS[:2])


def _people(county: Unit, office: Actor, *kinds: GapKind) -> list[int]:
    """List people of the township with an open gap of these kinds."""
    gaps = Gap.objects.open().filter(
        county=county, kind__in=kinds, person__isnull=False, unit__path__startswith=office.unit_path
    )
    return sorted(set(gaps.values_list("person", flat=True)))


def _eligible(county: Unit, office: Actor, kind: ApplicationKind) -> list[int]:
    """List people of the township with an open gap who meet the conditions of a kind."""
    persons = _people(county, office, GapKind.UNINSURED)
    now, today = clock.now(), clock.today()
    tested = find_eligibility(county=county, kind=kind, day=today, known=now, persons=persons)
    return [each.person_id for each in tested if each.outcome == Outcome.ELIGIBLE]


def _begin(office: Actor, person_id: int, kind: ApplicationKind, papers: Sequence[str], **details: str) -> Application:
    attached = []
    for number, paper in enumerate(papers):
        with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
            path = _scan(Path(folder) / f"{paper}.jpg", f"DEMO {paper} {person_id}-{number}")
            attachment = attach(actor=office, person_id=person_id, path=path, name=path.name, at=BEGAN)
        attached.append((paper, attachment.pk))
    content = Content(papers=attached, details=details)
    return begin_application(
        actor=office, person_id=person_id, kind=kind, channel=Channel.TOWNSHIP, content=content, at=BEGAN
    )


def _scan(path: Path, words: str) -> Path:
    """Draw a page that says it is none: no real document is imitated."""
    picture = Image.new("L", (620, 400), 245)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((10, 10, 609, 389), outline=120)
    pen.text((40, 180), words, fill=40)
    picture.save(path, quality=60)
    return path


def _bring(application: Application, steps: int) -> None:
    for number, (verb, who) in enumerate(WAY[:steps], 1):
        _step(application, verb, who, number)


def _step(application: Application, verb: Verb, who: str, number: int, note: str = "") -> None:
    take_step(
        actor=actor_of(who),
        application_id=application.pk,
        verb=verb,
        version=1,
        at=BEGAN + number * APART,
        given=Given(note=note or "材料齐全，情况属实"),
    )
