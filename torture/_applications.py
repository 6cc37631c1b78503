"""What `./run torture enrolment` does inside Django: forks a process an act, kills or races it, and compares what is stored."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import cycle

from django.db import connection

from casework.models import Gap
from enrollment.constants import OBJECT_TYPE, ApplicationKind, ApplicationState, Outcome, Verb
from enrollment.eligibility.testing import check_person, find_eligibility
from enrollment.models import Application, Enrollment, OneStopBatch
from enrollment.process import STEPS
from enrollment.services.one_stop import (
    approve_batch,
    cancel_batch,
    propose_batch,
    put_batches_into_effect,
    review_batch,
)
from enrollment.services.preparing import Content, begin_application
from enrollment.services.steps import Given, take_step
from foundation.accounts.actors import Actor, system_actor, user_actor
from foundation.accounts.models import Membership, User
from foundation.policy.models import ParameterValue
from foundation.primitives import clock
from foundation.primitives.errors import DomainError
from foundation.regions.models import Unit
from foundation.signatures.models import Signature
from registry.models import Attachment

DONE, TOLD, BROKEN = 0, 3, 4
WAY = (
    (Verb.SUBMIT, "village"),
    (Verb.ACCEPT, "township"),
    (Verb.REVIEW, "township"),
    (Verb.CHECK, "reviewer"),
    (Verb.GRANT, "approver"),
)
LONGEST_ACT_SECONDS = 0.12
Act = Callable[[], object]


class World:
    """The demonstration's county with a second person for each desk, and people to apply for."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.county = Unit.objects.get(code="320682000000", valid_to=None)
        self.actors = {
            name: self._actor(username)
            for name, username in (
                ("village", "zhou.xieban"),
                ("township", "sun.shiwusuo"),
                ("clerk", "wang.jingban"),
                ("reviewer", "li.fuhe"),
                ("approver", "zhao.shenpi"),
            )
        }
        for name in ("township", "reviewer", "approver"):
            self.actors[f"{name}_2"] = self._colleague(name)
        self.deputy = self._deputy("reviewer", self.actors["reviewer_2"])
        ParameterValue.objects.filter(name="books_kept_by").delete()
        ParameterValue.objects.create(
            name="books_kept_by", value="portal", unit="none", valid_from=date(2009, 9, 1), source="the torture's own"
        )
        self.around = cycle(self._persons())
        self.wrong: list[str] = []
        self.counted: Counter[str] = Counter()

    def _actor(self, username: str) -> Actor:
        return user_actor(Membership.objects.select_related("user", "unit").get(user__username=username))

    def _colleague(self, name: str) -> Actor:
        like = self.actors[name]
        user, _new = User.objects.get_or_create(username=f"{like.username}.2")
        Membership.objects.get_or_create(user=user, role=like.role, unit_id=like.unit_id, valid_from=date(2018, 1, 1))
        return self._actor(user.username)

    def _deputy(self, name: str, deputy: Actor) -> Actor:
        absent = Membership.objects.select_related("user", "unit").get(user=self.actors[name].user_id)
        return user_actor(absent, deputy=User.objects.get(pk=deputy.user_id))

    def _persons(self) -> list[int]:
        """People of the village helper's village who meet the only condition of a change of details: they live."""
        village = self.actors["village"].unit_id
        gaps = Gap.objects.open().filter(unit=village, person__isnull=False).values_list("person", flat=True)
        kind, now = ApplicationKind.CHANGE_DETAILS, clock.now()
        tested = find_eligibility(
            county=self.county, kind=kind, day=clock.today(), known=now, persons=sorted(set(gaps))
        )
        persons = [each.person_id for each in tested if each.outcome == Outcome.ELIGIBLE]
        assert len(persons) >= 2, "the demonstration's village has too few people"
        return persons

    def next_person(self) -> int:
        """Return the next of them who still meets it: a night of the demonstration may find a death meanwhile."""
        for person_id in self.around:
            tested = check_person(
                county=self.county,
                person_id=person_id,
                kind=ApplicationKind.CHANGE_DETAILS,
                day=clock.today(),
                known=clock.now(),
            )
            if tested.outcome == Outcome.ELIGIBLE:
                return person_id
        raise AssertionError("nobody is left")

    def papers(self, person_id: int) -> list[tuple[str, int]]:
        """Return the papers of a person, made the first time."""
        found = []
        for number, kind in enumerate(("id_card", "household_booklet", "form", "proof")):
            attachment, _new = Attachment.objects.get_or_create(
                person_id=person_id,
                file_sha256=f"{person_id * 10 + number:064x}",
                defaults={
                    "file_name": f"{kind}.jpg",
                    "content_type": "image/jpeg",
                    "file_bytes": 1,
                    "stored_path": "attachments/none",
                    "added_by": "torture",
                    "added_at": clock.now(),
                },
            )
            found.append((kind, attachment.pk))
        return found

    def begin(self, person_id: int, by: str = "village") -> Application:
        """Begin a change of details, which asks only that the person lives, so that it can be decided again and again."""
        details = {"detail": "telephone", "right_value": "另见附件"}
        return begin_application(
            actor=self.actors[by],
            person_id=person_id,
            kind="change_details",
            channel="village",
            content=Content(details=details, papers=self.papers(person_id)),
            at=clock.now(),
        )

    def step(self, application_id: int, verb: Verb, by: str | Actor) -> None:
        """Take a step as a service does, with what each verb may need."""
        actor = self.actors[by] if isinstance(by, str) else by
        given = Given(note="核对无误", entry_number="1")
        take_step(actor=actor, application_id=application_id, verb=verb, version=1, at=clock.now(), given=given)

    def bring(self, application: Application, verb: Verb) -> None:
        """Take all steps of the way before one."""
        for each, by in WAY:
            if each == verb:
                return
            self.step(application.pk, each, by)

    def clear(self, person_id: int) -> None:
        """End what is open for a person, so that the next round can begin."""
        for application in Application.objects.filter(person=person_id, kind="change_details"):
            if application.state in STEPS[Verb.WITHDRAW].before:
                self.step(application.pk, Verb.WITHDRAW, "clerk")

    def check(self, application_id: int, what: str) -> None:
        """State, steps and signatures tell the same, each step once."""
        application = Application.objects.get(pk=application_id)
        steps = list(application.steps.order_by("taken_at", "id"))
        expected = "draft"
        for step in steps:
            if step.state_before != expected:
                self.wrong.append(f"{what}: {step.verb} from {step.state_before}, was {expected}")
            expected = step.state_after
        state = ApplicationState.GRANTED if application.state == ApplicationState.EFFECTIVE else application.state
        if state != expected:
            self.wrong.append(f"{what}: state {application.state}, the steps end in {expected}")
        rows = Signature.objects.filter(object_type=OBJECT_TYPE, object_id=application_id)
        signed = Counter(act for act, _who in set(rows.values_list("act", "acted_by")))  # a deputy's act has two rows
        judged = Counter(str(act) for step in steps if (act := STEPS[Verb(step.verb)].act))
        if signed != judged + Counter({"prepared": 1}):
            self.wrong.append(f"{what}: signatures {dict(signed)}, steps {dict(judged)}")


def fork(act: Act, begin: tuple[int, int] | None = None, report: int | None = None) -> int:
    """Run an act in a process of its own, with a database session of its own; return its number. `report` gets the code of a refusal."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    connection.connection = None  # the parent's session stays the parent's
    status = BROKEN
    try:
        connection.ensure_connection()
        if begin is not None:
            os.close(begin[1])
            os.read(begin[0], 1)  # until the parent closes its end
        act()
        status = DONE
    except DomainError as refusal:
        status = TOLD
        if report is not None:
            os.write(report, f"{refusal.code} {' '.join(refusal.ids)}; ".encode())
    except BaseException as error:  # noqa: BLE001  the parent reports it
        print(f"{type(error).__name__}: {error}", flush=True)
    os._exit(status)


def ended(child: int) -> int:
    """Wait for a child; return its status, or minus the signal that ended it."""
    _child, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def race(first: Act, second: Act) -> tuple[tuple[int, ...], str]:
    """Let two acts begin at the same moment; return their statuses, the lower first, and what the losers were told."""
    begin, report = os.pipe(), os.pipe()
    children = [fork(act, begin, report[1]) for act in (first, second)]
    os.close(begin[0])
    os.close(report[1])
    time.sleep(0.02)
    os.close(begin[1])
    statuses = tuple(sorted(ended(child) for child in children))
    told = os.read(report[0], 4096).decode()
    os.close(report[0])
    return statuses, told


def kill_once(world: World, person_id: int) -> None:
    """Take a random step of the way in a process that is killed within it, and take it again."""
    verb, by = world.dice.choice(WAY)
    application = world.begin(person_id)
    world.bring(application, verb)
    child = fork(partial(world.step, application.pk, verb, by))
    time.sleep(world.dice.uniform(0, LONGEST_ACT_SECONDS))
    os.kill(child, signal.SIGKILL)
    status = ended(child)
    settle()
    world.check(application.pk, f"killed {verb}")
    before = Application.objects.get(pk=application.pk).state
    was_done = before not in STEPS[verb].before
    again = ended(fork(partial(world.step, application.pk, verb, by)))
    if again != (TOLD if was_done else DONE):
        world.wrong.append(f"killed {verb}: taken again ended {again}, state before {before}")
    world.check(application.pk, f"again {verb}")
    outcome = "done before" if was_done or status == DONE else "undone"
    world.counted[f"kill {verb}: {outcome}"] += 1
    world.clear(person_id)


def kill_batch(world: World) -> None:
    """Put a batch into effect in a process that is killed within it, and put it into effect again."""
    batch = approved_batch(world)
    if batch is None:
        return
    county = system_actor(world.county)
    act = partial(put_batches_into_effect, actor=county, county=world.county, at=clock.now())
    child = fork(act)
    time.sleep(world.dice.uniform(0, 3 * LONGEST_ACT_SECONDS))
    os.kill(child, signal.SIGKILL)
    ended(child)
    settle()
    batch.refresh_from_db()
    count = Enrollment.objects.filter(application__batch=batch).count()
    if (batch.state == "effective") != (count == batch.eligible) or count not in (0, batch.eligible):
        world.wrong.append(f"killed batch {batch.pk}: {batch.state}, {count} of {batch.eligible} enrolled")
    act()
    batch.refresh_from_db()
    count = Enrollment.objects.filter(application__batch=batch).count()
    if (batch.state, count) != ("effective", batch.eligible):
        world.wrong.append(f"batch {batch.pk} again: {batch.state}, {count} of {batch.eligible} enrolled")
    world.counted["kill batch"] += 1
    undo_enrolments(batch)


def approved_batch(world: World) -> OneStopBatch | None:
    """Propose, review and approve a batch of everybody who can be enrolled; none where nobody can."""
    try:
        batch = propose_batch(actor=world.actors["clerk"], persons=None, day=clock.today(), note="", at=clock.now())
    except DomainError:
        return None
    review_batch(actor=world.actors["reviewer"], batch_id=batch.pk, at=clock.now())
    return approve_batch(actor=world.actors["approver"], batch_id=batch.pk, at=clock.now())


def undo_enrolments(batch: OneStopBatch) -> None:
    """Supersede what a batch enrolled, so that the next one finds the same people."""
    Enrollment.objects.filter(application__batch=batch, superseded_at=None).update(superseded_at=clock.now())


def settle() -> None:
    """Wait until no session of a killed process works any more."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle' AND query LIKE '%enrollment%'"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.01)


def race_once(world: World, kind: str, person_id: int) -> None:
    """Race one pair of acts; one wins, the other is told, and what is stored tells the same."""
    first, second, application_id = prepare_race(world, kind, person_id)
    statuses, told = race(first, second)
    world.counted[f"race {kind}: {statuses}"] += 1
    if statuses != (DONE, TOLD):
        world.wrong.append(f"race {kind}: {statuses}, told {told}")
    if application_id is None:
        found = Application.objects.filter(person=person_id, kind="change_details", state="draft")
        if found.count() != 1:
            world.wrong.append(f"race {kind}: {found.count()} drafts")
        application_id = found.values_list("pk", flat=True).first()
    if application_id is not None:
        world.check(application_id, f"race {kind}")
    world.clear(person_id)


def prepare_race(world: World, kind: str, person_id: int) -> tuple[Act, Act, int | None]:
    """Bring an application where a race begins and return the two acts; no id where they begin it."""
    if kind == "two begin":
        return partial(world.begin, person_id), partial(world.begin, person_id, "township"), None
    application = world.begin(person_id)
    step = partial(world.step, application.pk)
    if kind == "two review":
        world.bring(application, Verb.REVIEW)
        return partial(step, Verb.REVIEW, "township"), partial(step, Verb.REVIEW, "township_2"), application.pk
    if kind == "colleague and deputy":
        world.bring(application, Verb.CHECK)
        return partial(step, Verb.CHECK, "reviewer"), partial(step, Verb.CHECK, world.deputy), application.pk
    world.bring(application, Verb.GRANT)
    if kind == "two grant":
        return partial(step, Verb.GRANT, "approver"), partial(step, Verb.GRANT, "approver_2"), application.pk
    return partial(step, Verb.GRANT, "approver"), partial(step, Verb.WITHDRAW, "clerk"), application.pk


def race_batch(world: World) -> None:
    """Cancel a batch while the night puts it into effect: one of the two happens, whole."""
    batch = approved_batch(world)
    if batch is None:
        return
    at = clock.now()
    cancel = partial(cancel_batch, actor=world.actors["clerk"], batch_id=batch.pk, at=at)
    put = partial(put_batches_into_effect, actor=system_actor(world.county), county=world.county, at=at)
    race(cancel, put)
    batch.refresh_from_db()
    count = Enrollment.objects.filter(application__batch=batch).count()
    if (batch.state, count) not in (("cancelled", 0), ("effective", batch.eligible)):
        world.wrong.append(f"race batch {batch.pk}: {batch.state}, {count} of {batch.eligible} enrolled")
    world.counted[f"race batch: {batch.state}"] += 1
    undo_enrolments(batch)


RACES = ("two begin", "two review", "colleague and deputy", "two grant", "grant and withdraw")


def torture(*, kills: int, races: int, seed: int) -> None:
    """Do all kills and races, print the counts, exit with 1 when anything was wrong."""
    world, began = World(seed), time.monotonic()
    for number in range(kills):
        if number % 30 == 29:
            kill_batch(world)
        else:
            kill_once(world, world.next_person())
    for number in range(races):
        if number % 50 == 49:
            race_batch(world)
        else:
            race_once(world, RACES[number % len(RACES)], world.next_person())
        if number % 200 == 199:
            print(f"{number + 1} races, {len(world.wrong)} wrong", flush=True)
    for what, count in sorted(world.counted.items()):
        print(f"{count:6d}  {what}")
    for each in world.wrong[:30]:
        print(f"WRONG: {each}")
    print(f"{kills} kills and {races} races in {time.monotonic() - began:.0f} s, {len(world.wrong)} wrong", flush=True)
    sys.exit(1 if world.wrong else 0)
