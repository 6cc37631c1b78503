"""The facts of enrolment's cases: what lists, nights and documents state of the person, from a day on.

What a night would find is written as its finding, current from the first day to the last, as if a night ran every day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from casework.constants import GAP_RANK, GapKind
from casework.models import Gap
from coverage.constants import FindingKind
from coverage.models import Finding
from enrollment.management.cases.format import FACTS, TEXT, Entry, Kind, one_of
from enrollment.management.cases.world import FIRST_DAY, CaseWorld, make_delivery, make_person, moment
from enrollment.models import ContributionYears
from foundation.regions.models.unit import Level
from registry.constants import FactKind, Feed, LifeSource, NumberState
from registry.models import DeliveredRow, Designation, Fact, PersonIdentifier, PersonMerge

ROLL = {"contributing": "1/1", "lapsed": "2/2", "drawing": "1/3", "paused": "2/3", "ended": "4/3"}
OTHER = {"contributing": "1", "drawing": "2", "paused": "5", "ended": "4", "not_stated": ""}
LISTS = {"poverty": "poor", "marked_out": "out_with_policies", "dibao": "full", "tekun": "dispersed"}
"""A list that names the person -> the status it states; marked_out is the poverty file's."""


def _from(entry: Entry) -> date:
    return date.fromisoformat(entry.get("from", FIRST_DAY.isoformat()))


def _to(entry: Entry) -> date | None:
    return date.fromisoformat(entry["to"]) if "to" in entry else None


def _end(entry: Entry) -> datetime | None:
    return moment(entry["to"]) if "to" in entry else None


def _listed(world: CaseWorld, entry: Entry) -> None:
    name = entry["fact"]
    row = DeliveredRow.objects.create(
        delivery=world.delivery,
        row=DeliveredRow.objects.filter(delivery=world.delivery).count() + 1,
        person=world.person,
        name=world.person.name,
        number_state=NumberState.OK,
        record_key=name,
        identified_by="case",
    )
    Designation.objects.create(
        person=world.person,
        county=world.county,
        kind="poverty" if name == "marked_out" else name,
        record_key=name,
        status=LISTS[name],
        valid_from=_from(entry),
        valid_to=_to(entry),
        row=row,
        recorded_at=moment(FIRST_DAY),
    )


def _found(world: CaseWorld, entry: Entry, kind: str, value: str = "", evidence_class: str = "", **more: Any) -> None:
    Finding.objects.create(
        county=world.county,
        night_id=0,
        as_of_date=_from(entry),
        recorded_at=moment(_from(entry)),
        superseded_at=_end(entry),
        person=world.person,
        kind=kind,
        evidence_class=evidence_class,
        evidence={"value": value, "facts": [], "reports": [], "lines": []} | more,
    )


def _finding(kind: str, value: str = "") -> Callable[[CaseWorld, Entry], None]:
    return lambda world, entry: _found(world, entry, kind, value)


def _death(world: CaseWorld, entry: Entry) -> None:
    certain = entry.get("evidence", "certain") == "certain"
    _found(world, entry, FindingKind.DEATH, _from(entry).isoformat(), "A" if certain else "B")


def _on_roll(world: CaseWorld, entry: Entry) -> None:
    _found(world, entry, FindingKind.RESIDENT, ROLL[entry["status"]])


def _other_scheme(world: CaseWorld, entry: Entry) -> None:
    scheme, status = entry["scheme"], entry["status"]
    if scheme != "other_province":
        _found(world, entry, scheme, OTHER[status])
    elif status != "ended":
        stated = {} if status == "not_stated" else {"status": status}
        fact = _stated(world, entry, FactKind.INSURED_ELSEWHERE, detail=stated)
        _found(world, entry, FindingKind.ELSEWHERE, "resident", facts=[fact.pk])


def _stated(world: CaseWorld, entry: Entry, kind: str, **values: Any) -> Fact:
    number = PersonIdentifier.objects.filter(person=world.person).first()
    return Fact.objects.create(
        county=world.county,
        kind=kind,
        delivery=world.delivery,
        row=Fact.objects.filter(delivery=world.delivery).count() + 1,
        name=world.person.name,
        number_id=number.number_id if number else None,
        number_state=NumberState.OK if number else NumberState.MISSING,
        recorded_at=moment(_from(entry)),
        superseded_at=_end(entry),
        **values,
    )


def _disabled(world: CaseWorld, entry: Entry) -> None:
    _stated(world, entry, FactKind.DISABILITY, detail={"grade": str(entry["grade"])})


def _moved_in(world: CaseWorld, entry: Entry) -> None:
    detail = {"from_place": entry["from_place"]} if "from_place" in entry else {}
    _stated(world, entry, FactKind.HUKOU_IN, event_date=_from(entry), detail=detail)


def _certified(world: CaseWorld, entry: Entry) -> None:
    _stated(world, entry, FactKind.CERTIFIED, event_date=_from(entry), source=entry.get("source", LifeSource.PHONE))


def _certification_list(world: CaseWorld, entry: Entry) -> None:
    """Receive a list of certifications that describes the first day; whom it names, `certified` says."""
    make_delivery(world.county, Feed.CERTIFICATION, _from(entry))


def _years(world: CaseWorld, entry: Entry) -> None:
    ContributionYears.objects.create(
        county=world.county,
        person=world.person,
        years=entry["years"],
        as_of_date=_from(entry),
        source="case",
        recorded_by="case",
        recorded_at=moment(_from(entry)),
        superseded_at=_end(entry),
    )


def _gap(world: CaseWorld, entry: Entry) -> None:
    kind = GapKind(entry["kind"])
    Gap.objects.create(
        county=world.county,
        unit=world.person.unit,
        person=world.person,
        subject_name=world.person.name,
        subject_pinyin=world.person.name_pinyin,
        kind=kind,
        reason=entry.get("reason", ""),
        rank=GAP_RANK[kind],
        opened_on=_from(entry),
        opened_at=moment(_from(entry)),
    )


def _merged(world: CaseWorld, entry: Entry) -> None:
    """Find the person to be another record, which is kept."""
    birth = {"birth": world.person.birth_date.isoformat()} if world.person.birth_date else {}
    sex = "male" if world.person.sex == 1 else "female"
    given = {"name": world.person.name, "sex": sex, "number": "none"} | birth
    kept = make_person(world.units[Level.VILLAGE], world.county, given)
    PersonMerge.objects.create(
        kept=kept, absorbed=world.person, reason="case", decided_by="case", decided_at=moment(_from(entry))
    )


FACTS |= {
    **{name: Kind({}, (), _listed) for name in LISTS},
    "death": Kind({"evidence": one_of(["certain", "one_source"])}, (), _death),
    "prison": Kind({}, (), _finding(FindingKind.PRISON)),
    "student": Kind({}, (), _finding(FindingKind.STUDENT)),
    "soldier": Kind({}, (), _finding(FindingKind.SOLDIER)),
    "abroad": Kind({}, (), _finding(FindingKind.SURVEY, "abroad")),
    "hukou_elsewhere": Kind({}, (), _finding(FindingKind.HUKOU_OUT)),
    "possible_match": Kind({}, (), _finding(FindingKind.CANDIDATE)),
    "on_roll": Kind({"status": one_of(ROLL)}, ("status",), _on_roll),
    "other_scheme": Kind(
        {"scheme": one_of(["employee", "civil", "other_province"]), "status": one_of(OTHER)},
        ("scheme", "status"),
        _other_scheme,
    ),
    "disabled": Kind({"grade": one_of([1, 2, 3, 4])}, ("grade",), _disabled),
    "moved_in": Kind({"from_place": TEXT}, ("from",), _moved_in),
    "certification_list": Kind({}, ("from",), _certification_list),
    "certified": Kind({"source": one_of(LifeSource.values)}, ("from",), _certified),
    "years_paid": Kind({"years": {"type": "integer", "minimum": 0, "maximum": 60}}, ("years",), _years),
    "gap": Kind({"kind": one_of(GapKind.values), "reason": TEXT}, ("kind",), _gap),
    "merged_into_another": Kind({}, ("from",), _merged),
}
