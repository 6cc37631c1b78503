"""A held file shows what it would change and awaits approval; it can be discarded or undone; correction files are applied."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
import python_calamine
from openpyxl import Workbook

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.audit.models import Disclosure
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict
from foundation.regions.models import Unit
from registry.intake.delivery_contents import read_delivery
from registry.models import (
    Delivery,
    DeliveryChange,
    DeliveryProblem,
    Designation,
    Fact,
    Person,
    PersonIdentifier,
    PersonName,
)
from registry.selectors.numbers import decrypt_number
from registry.selectors.persons import list_delivered_rows
from registry.selectors.stored_files import read_original
from registry.services.approving import approve_delivery, discard_delivery
from registry.services.correction_files import write_correction_file
from registry.services.merging import propose_merges
from registry.services.receiving import process_delivery, receive_file
from registry.services.undoing import undo_delivery
from registry.views.delivery_decisions import _words
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

ZHANG, LI, WANG = make_number("19500305", 1), make_number("19581215", 2), make_number("20030901", 3)
JANUARY = date(2019, 1, 31)


def person(name: str, number: str, household: int = 1, **other: object) -> dict[str, object]:
    return {"name": name, "number": number, "household": household, **other}


def worker(county: Unit, name: str) -> Actor:
    user = User.objects.create(username=name, display_name=name)
    role = Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
    return user_actor(role)


@pytest.fixture
def clerk(county) -> Actor:
    return worker(county, "clerk")


@pytest.fixture
def hold(clerk, county, as_system, tmp_path):
    """Return a function that sends a file to be looked at first."""

    def send(people, as_of=JANUARY, name="建档立卡_201901.xlsx") -> Delivery:
        path = senders.poverty(tmp_path / f"held-{name}", people)
        sent = receive_file(actor=clerk, county=county, path=path, name=name, as_of=as_of, at=now(), hold=True)
        return process_delivery(actor=as_system, delivery_id=sent.pk, at=now())

    return send


def current_designations() -> list[tuple[str, str, str]]:
    rows = Designation.objects.as_known().filter(valid_to=None).order_by("person__name")
    return [(row.person.name, row.status, str(row.valid_from)) for row in rows.select_related("person")]


def changes_of(delivery: Delivery) -> set[tuple[str, str, str, str, bool]]:
    rows = DeliveryChange.objects.filter(delivery=delivery)
    return {(each.kind, each.name, each.before, each.after, each.person_id is not None) for each in rows}


def december(take_in, tmp_path, people) -> Delivery:
    return take_in(senders.poverty(tmp_path / "december.xlsx", people), name="建档立卡_201812.xlsx")


def test_a_held_file_shows_what_it_would_change_and_changes_nothing(hold, take_in, tmp_path):
    december(take_in, tmp_path, [person("张三", ZHANG), person("李四", LI, 2)])
    before = current_designations()
    held = hold([person("张三", ZHANG, status="返贫"), person("王五", WANG, 3), person("赵六", LI[:-1], 4)])
    assert held.state == "checked"
    assert current_designations() == before
    assert held.preview["changes"] == {
        "new_persons": 2,
        "designations_opened": 2,
        "designations_changed": 1,
        "designations_closed": 1,
        "possible_duplicates": 0,
    }
    assert changes_of(held) == {
        ("poor_new", "王五", "", "poor", False),
        ("poor_new", "赵六", "", "poor", False),
        ("poverty_status", "张三", "poor", "poor_again", True),
        ("poor_exit", "李四", "poor", "", True),
    }
    assert DeliveryProblem.objects.filter(delivery=held, action="reject_id_to_repair").count() == 1


def test_an_approval_applies_exactly_what_was_shown_and_the_worker_waits_for_it(hold, clerk, as_system):
    held = hold([person("张三", ZHANG), person("李四", LI[:-1], 2)])
    assert process_delivery(actor=as_system, delivery_id=held.pk, at=now()).state == "checked"
    approve_delivery(actor=clerk, delivery_id=held.pk, at=now())
    applied = process_delivery(actor=as_system, delivery_id=held.pk, at=now())
    assert (applied.state, applied.approved_by) == ("applied", "clerk")
    assert applied.row_counts["changes"] == held.preview["changes"]
    assert DeliveryProblem.objects.filter(delivery=held, action="reject_id_to_repair").count() == 1
    with pytest.raises(Conflict):
        approve_delivery(actor=clerk, delivery_id=held.pk, at=now())


def test_a_discarded_file_is_not_applied_and_may_be_sent_again(hold, clerk):
    held = hold([person("张三", ZHANG)])
    assert discard_delivery(actor=clerk, delivery_id=held.pk).refusal["code"] == "discarded"
    assert not Person.objects.exists()
    again = hold([person("张三", ZHANG)])
    assert (again.pk, again.state, again.refusal) == (held.pk, "checked", {})


def test_a_file_discarded_while_a_worker_checks_it_remains_discarded(hold, clerk, as_system, monkeypatch):
    held = hold([person("张三", ZHANG)])

    def discarded_meanwhile(delivery):
        discard_delivery(actor=clerk, delivery_id=held.pk)
        return read_delivery(delivery)

    monkeypatch.setattr("registry.services.receiving.read_delivery", discarded_meanwhile)
    assert process_delivery(actor=as_system, delivery_id=held.pk, at=now()).state == "refused"


def test_a_roll_put_aside_leaves_no_prepared_file(
    clerk, county, as_system, tmp_path, settings, django_capture_on_commit_callbacks
):
    path = senders.resident(tmp_path / "roll.zip", [senders.resident_row("R1", "张三", ZHANG)])
    sent = receive_file(
        actor=clerk, county=county, path=path, name="城乡居保参保人员_201901.zip", as_of=JANUARY, at=now(), hold=True
    )
    assert process_delivery(actor=as_system, delivery_id=sent.pk, at=now()).state == "checked"
    assert list(settings.DATA_DIR.glob(f"snapshots/*/*-{sent.pk}.*"))
    with django_capture_on_commit_callbacks(execute=True):
        discard_delivery(actor=clerk, delivery_id=sent.pk)
    assert not list(settings.DATA_DIR.glob(f"snapshots/*/*-{sent.pk}.*"))


def test_above_the_limit_a_second_person_must_approve(hold, clerk, county, take_in, tmp_path, as_system):
    people = [person(f"人{n}", make_number("19700101", n), n) for n in range(20)]
    december(take_in, tmp_path, people)
    held = hold(people[:10])
    assert held.state == "checked"
    assert held.preview["loss"]["values"].items() >= {"gone": "10", "before": "20", "gone_share": "50 %"}.items()
    with pytest.raises(Conflict) as refusal:
        approve_delivery(actor=clerk, delivery_id=held.pk, at=now())
    assert refusal.value.code == "second_person"
    approve_delivery(actor=worker(county, "colleague"), delivery_id=held.pk, at=now())
    assert process_delivery(actor=as_system, delivery_id=held.pk, at=now()).state == "applied"
    assert len(current_designations()) == 10


def test_undoing_the_latest_file_restores_what_it_replaced(hold, clerk, take_in, tmp_path, county):
    first = december(take_in, tmp_path, [person("张三", ZHANG), person("李四", LI, 2)])
    before, known = current_designations(), now()
    numbers = sorted(PersonIdentifier.objects.as_known().values_list("person__name", "number_id"))
    second = take_in(
        senders.poverty(tmp_path / "january.xlsx", [person("张三", ZHANG, status="返贫"), person("王五", WANG, 3)]),
        str(JANUARY),
        consent=True,
    )
    assert second.state == "applied"
    with pytest.raises(Conflict):
        undo_delivery(actor=clerk, delivery_id=first.pk, at=now())
    with pytest.raises(Conflict):
        undo_delivery(actor=clerk, delivery_id=second.pk, at=now() + timedelta(days=8))
    undo_delivery(actor=clerk, delivery_id=second.pk, at=now())
    assert current_designations() == before
    assert sorted(PersonIdentifier.objects.as_known().values_list("person__name", "number_id")) == numbers
    assert Designation.objects.as_known(known).count() == len(before)
    again = take_in(tmp_path / "january.xlsx", str(JANUARY), consent=True)
    assert again.state == "applied"
    assert [name for name, _, _ in current_designations()] == ["张三", "王五"]


def test_a_person_listed_again_is_restored_as_the_file_states(clerk, take_in, tmp_path):
    december(take_in, tmp_path, [person("张三", ZHANG), person("李四", LI, 2)])
    take_in(senders.dibao(tmp_path / "低保.xlsx", [{"members": [("张叁", ZHANG)]}]))
    ours = Person.objects.get(name="张三")
    gone = take_in(senders.poverty(tmp_path / "january.xlsx", [person("李四", LI, 2)]), str(JANUARY), consent=True)
    ours.refresh_from_db()
    assert ours.name == "张叁"
    lines = len(list_delivered_rows(clerk, ours))
    theirs = Person.objects.get(name="李四")
    assert len(list_delivered_rows(clerk, theirs)) == 2
    known = now()
    undo_delivery(actor=clerk, delivery_id=gone.pk, at=now())
    ours.refresh_from_db()
    assert ours.name == "张三"
    assert len(list_delivered_rows(clerk, ours)) == lines
    assert len(list_delivered_rows(clerk, theirs)) == 1
    assert len(list_delivered_rows(clerk, theirs, known)) == 2


def test_undoing_a_file_leaves_the_name_and_number_another_file_states(clerk, take_in, tmp_path):
    first = december(take_in, tmp_path, [person("张三", ZHANG), person("李四", LI, 2)])
    take_in(senders.tekun(tmp_path / "特困.csv", [{"name": "张三", "number": ZHANG}]))
    undo_delivery(actor=clerk, delivery_id=first.pk, at=now())
    assert list(PersonName.objects.as_known().values_list("name", flat=True)) == ["张三"]
    assert list(PersonIdentifier.objects.as_known().values_list("person__name", flat=True)) == ["张三"]


def test_undoing_facts_and_a_roll(clerk, take_in, tmp_path):
    events = senders.prison(tmp_path / "服刑.xlsx", [("张三", ZHANG, "监狱服刑", "20180101", "20200101")])
    delivery = take_in(events)
    undo_delivery(actor=clerk, delivery_id=delivery.pk, at=now())
    assert not Fact.objects.as_known().exists()
    assert take_in(events).state == "applied"
    assert Fact.objects.as_known().count() == 1
    roll = take_in(senders.resident(tmp_path / "居保.zip", [senders.resident_row("R1", "张三", ZHANG)]))
    undo_delivery(actor=clerk, delivery_id=roll.pk, at=now())
    roll.refresh_from_db()
    assert roll.state == "undone"


def test_a_correction_file_has_the_lines_as_written_and_is_applied_corrected(clerk, county, take_in, tmp_path):
    delivery = december(
        take_in, tmp_path, [person("张三", ZHANG), person("李四", LI[:-1], 2), person("王五", "", 3, status="返贫")]
    )
    wrong = PersonIdentifier.objects.get(person__name="李四")
    content = write_correction_file(actor=clerk, delivery_id=delivery.pk, words=_words)
    assert Disclosure.objects.get().row_count == 2
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    header = next(row for row in rows if row[0] == f"原行号#{delivery.pk}")
    corrected = [[LI if cell == LI[:-1] else cell for cell in row] for row in rows]
    assert len(rows) - rows.index(header) - 1 == 2
    number = next(place for place, cell in enumerate(header) if "证件号" in str(cell))
    next(row for row in corrected if "王五" in row)[number] = WANG
    back = senders.write_xlsx(tmp_path / "back.xlsx", corrected, "贫困人口")
    corrected = take_in(back)
    assert corrected.refusal == {}
    assert corrected.corrects == delivery
    assert corrected.row_counts["changes"]["corrected"] == 2
    assert not list(DeliveryProblem.objects.filter(delivery=delivery, corrected_by=None).exclude(action="skip"))
    assert Person.objects.count() == 3
    assert len(current_designations()) == 3
    held = {row.person.name: decrypt_number(row.number_id) for row in PersonIdentifier.objects.as_known()}
    assert held == {"张三": ZHANG, "李四": LI, "王五": WANG}
    wrong.refresh_from_db()
    assert wrong.superseded_at is not None
    with pytest.raises(Conflict):
        write_correction_file(actor=clerk, delivery_id=delivery.pk, words=_words)
    assert propose_merges(county, at=now()) == 0


def returned(content: bytes, path: Path, **corrections: str) -> Path:
    """Write a correction file back with cells replaced, and its sheets as they are."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    written = Workbook(write_only=True)
    for name in book.sheet_names:
        page = written.create_sheet(name)
        for row in book.get_sheet_by_name(name).to_python():
            page.append([corrections.get(str(cell), str(cell)) for cell in row])
    written.save(path)
    return path


def test_a_correction_file_takes_its_day_from_what_it_corrects(clerk, take_in, tmp_path):
    delivery = december(take_in, tmp_path, [person("张三", ZHANG), person("李四", LI[:-1], 2)])
    content = write_correction_file(actor=clerk, delivery_id=delivery.pk, words=_words)
    back = returned(content, tmp_path / "back.xlsx", **{LI[:-1]: LI})
    corrected = take_in(back, "2019-01-15")
    assert (corrected.state, corrected.as_of_date, corrected.corrects) == ("applied", delivery.as_of_date, delivery)
    assert corrected.row_counts["changes"]["corrected"] == 1
    assert take_in(back, "2019-01-16").refusal["code"] == "same_file"


def test_lines_of_several_parts_are_corrected_each_in_its_own(clerk, take_in, tmp_path):
    """Parts of a zip may have longer names than a sheet, in folders, and the same line numbers."""
    parts = {
        f"2018年12月上报材料/各乡镇特困供养人员名册（民政办汇总）{town}.csv": senders.csv_bytes(
            [senders.TEKUN, ["如皋市长江镇", f"T{town}", name, number[:-1], "男", "", "分散供养"]]
        )
        for town, name, number in (("甲", "张三", ZHANG), ("乙", "李四", LI))
    }
    path = tmp_path / "特困.zip"
    path.write_bytes(senders.zip_bytes(parts))
    delivery = take_in(path)
    content = write_correction_file(actor=clerk, delivery_id=delivery.pk, words=_words)
    corrected = take_in(returned(content, tmp_path / "back.xlsx", **{ZHANG[:-1]: ZHANG, LI[:-1]: LI}))
    assert (corrected.refusal, corrected.row_counts["changes"].get("corrected")) == ({}, 2)
    held = {row.person.name: decrypt_number(row.number_id) for row in PersonIdentifier.objects.as_known()}
    assert held == {"张三": ZHANG, "李四": LI}


def test_a_correction_of_a_list_that_is_no_longer_the_newest_is_refused(clerk, take_in, tmp_path):
    delivery = december(take_in, tmp_path, [person("张三", ZHANG), person("李四", LI[:-1], 2)])
    content = write_correction_file(actor=clerk, delivery_id=delivery.pk, words=_words)
    take_in(senders.poverty(tmp_path / "january.xlsx", [person("张三", ZHANG)]), "2019-01-31", consent=True)
    corrected = take_in(returned(content, tmp_path / "back.xlsx", **{LI[:-1]: LI}))
    assert corrected.refusal["code"] == "older_than_applied"


def test_a_correction_file_of_an_unknown_delivery_is_refused(take_in, tmp_path):
    delivery = december(take_in, tmp_path, [person("李四", LI[:-1], 2)])
    rows = [["原行号#999999", *senders.TEKUN], ["3", "如皋市长江镇", "T1", "李四", LI, "男", "", "分散供养"]]
    assert take_in(senders.write_xlsx(tmp_path / "特困.xlsx", rows)).refusal["code"] == "corrects_unknown"
    assert delivery.state == "applied"


@pytest.mark.parametrize("place", ["2", "", "²", "9" * 40, str(1 << 31)])
def test_a_correction_file_corrects_the_lines_handed_out_and_no_others(take_in, tmp_path, place):
    """Claiming to correct somebody's sound line would give their record another name and number, and no limit would be asked."""
    listed = [
        ["长江镇", "T1", "张三", ZHANG, "男", "", "分散供养"],
        ["长江镇", "T2", "李四", LI[:-1], "男", "", "分散供养"],
    ]
    delivery = take_in(senders.write_xlsx(tmp_path / "特困_201812.xlsx", [senders.TEKUN, *listed], "特困"))
    lines = [[place or "2", "长江镇", "T1", "王五", WANG, "男", "", "分散供养"]]
    lines += [[place and "2", "长江镇", "T3", "赵六", LI, "男", "", "分散供养"]]
    back = senders.write_xlsx(tmp_path / "特困.xlsx", [[f"原行号#{delivery.pk}", *senders.TEKUN], *lines], "特困")
    refused = take_in(back)
    assert (refused.state, refused.refusal["code"]) == ("refused", "corrects_other_lines")
    assert refused.refusal["values"] == {"count": "2", "row": "2"}
    assert set(Person.objects.values_list("name", flat=True)) == {"张三", "李四"}


def test_the_original_is_ciphertext_on_the_disk_and_opens_only_whole(take_in, tmp_path, settings):
    delivery = december(take_in, tmp_path, [person("张三", ZHANG)])
    path = settings.DATA_DIR / delivery.stored_path
    closed = path.read_bytes()
    assert read_original(delivery) == (tmp_path / "december.xlsx").read_bytes()
    assert b"PK" not in closed[:4]
    for damaged in (closed[:-1], closed[:50], b"", closed[:-1] + bytes([closed[-1] ^ 1])):
        path.write_bytes(damaged)
        with pytest.raises(Conflict) as refused:
            read_original(delivery)
        assert refused.value.code == "stored_file"
