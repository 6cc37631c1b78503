"""What is refused and why, what replaces what, and that a kill anywhere leaves nothing half loaded."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from foundation.audit.models import AuditEvent
from registry.intake.errors import sentence
from registry.models import (
    DeliveredRow,
    Delivery,
    DeliveryProblem,
    Designation,
    Fact,
    IdentityNumber,
    Person,
    RollSnapshot,
)
from registry.selectors.stored_files import read_original
from registry.services import applying, receiving
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

ZHANG, LI = make_number("19500305", 1), make_number("19581215", 2)
MANY = [{"name": f"人{n}", "number": make_number("19700101", n), "household": n} for n in range(20)]
ROLL = [senders.resident_row(f"R{n}", f"人{n}", make_number("19700101", n)) for n in range(6)]


def refusal_of(delivery: Delivery) -> str:
    assert delivery.state == "refused"
    assert "%(" not in sentence(delivery.refusal)
    return delivery.refusal["code"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.csv", b"", "empty_file"),
        ("居保.zip", senders.zip_bytes({"jm.csv": senders.csv_bytes([senders.RESIDENT, *ROLL])})[:-40], "zip_broken"),
        ("特困.csv", senders.csv_bytes([senders.TEKUN]) + b"\xff\xff\xff", "encoding"),
        ("特困.csv", senders.csv_bytes([senders.TEKUN[:-1], ["x"] * 6]), "missing_columns"),
        ("特困.csv", senders.csv_bytes([senders.TEKUN]), "no_rows"),
        ("车辆.csv", senders.csv_bytes([["车牌号", "颜色"], ["苏F", "红"]]), "unknown_layout"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_loaded(tmp_path, take_in, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    assert refusal_of(take_in(path)) == code
    assert not Person.objects.exists()
    assert not DeliveryProblem.objects.exists()
    assert AuditEvent.objects.filter(verb="delivery_refused").count() == 1


def test_more_rows_lost_than_the_region_allows_waits_for_consent(tmp_path, take_in):
    take_in(senders.poverty(tmp_path / "12.xlsx", MANY))
    shorter = senders.poverty(tmp_path / "01.xlsx", MANY[:5])
    refused = take_in(shorter, "2019-01-31")
    assert refusal_of(refused) == "loss_limit"
    assert refused.refusal["values"].items() >= {"gone": "15", "before": "20", "new": "0", "now": "5"}.items()
    assert Designation.objects.as_known().filter(valid_to__isnull=True).count() == 20
    assert take_in(shorter, "2019-01-31", consent=True).pk == refused.pk
    assert Designation.objects.as_known().filter(valid_to__isnull=True).count() == 5


def test_an_older_full_list_would_turn_the_register_back(tmp_path, take_in):
    take_in(senders.poverty(tmp_path / "01.xlsx", MANY), "2019-01-31")
    assert refusal_of(take_in(senders.poverty(tmp_path / "12.xlsx", MANY[1:]))) == "older_than_applied"


def test_another_countys_file_is_refused(tmp_path, take_in):
    people = [{**each, "place": "320681111201"} for each in MANY]
    assert refusal_of(take_in(senders.poverty(tmp_path / "启东.xlsx", people))) == "other_county"
    rows = [senders.resident_row("R1", "张三", ZHANG, unit="320681111201")]
    assert refusal_of(take_in(senders.resident(tmp_path / "居保.zip", rows))) == "other_county"


def test_a_roll_becomes_one_immutable_snapshot(tmp_path, take_in):
    delivery = take_in(senders.resident(tmp_path / "居保.zip", ROLL))
    snapshot = RollSnapshot.objects.get()
    path = settings.DATA_DIR / snapshot.path
    assert (snapshot.scheme, snapshot.row_count, snapshot.delivery) == ("resident", 6, delivery)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == snapshot.sha256
    assert snapshot.control_sums["by_status"] == {"1/1": 6}
    assert path.with_suffix(".repairs.parquet").exists()
    assert not list(path.parent.glob("*.unfinished"))


def test_a_roll_sent_again_under_another_name_takes_the_place_of_the_first(tmp_path, take_in):
    first = take_in(senders.resident(tmp_path / "居保.zip", ROLL))
    second = take_in(senders.resident(tmp_path / "居保更正.zip", [*ROLL, senders.resident_row("R9", "新人", ZHANG)]))
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "applied")


def test_a_roll_in_two_parts_adds_up(tmp_path, take_in):
    first = take_in(senders.resident(tmp_path / "居保1.zip", ROLL[:3]))
    take_in(senders.resident(tmp_path / "居保2.zip", ROLL[3:]))
    first.refresh_from_db()
    assert first.state == "applied"


def test_the_stored_file_is_the_file_and_readable_by_the_owner_only(tmp_path, take_in):
    path = senders.poverty(tmp_path / "12.xlsx", MANY)
    delivery = take_in(path)
    stored = settings.DATA_DIR / delivery.stored_path
    assert read_original(delivery) == path.read_bytes()
    assert stored.stat().st_mode & 0o777 == 0o600


class Killed(BaseException):
    """The process is gone: nothing in the product may catch it."""


def kill_at(patch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Let a function of the product be the moment of death."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    patch.setattr(module, name, die)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (receiving, "read_delivery"),
        (receiving, "check_file"),
        (applying, "identify_rows"),
        (applying, "_insert_rows"),
        (applying, "_record_identifiers_and_names"),
        (applying, "_record_designations"),
        (receiving, "_store_problems"),
    ],
)
def test_killed_in_the_middle_nothing_is_there_and_it_runs_again(tmp_path, take_in, monkeypatch, module, name):
    path = senders.poverty(tmp_path / "12.xlsx", [*MANY, {"name": "无号", "number": ""}])
    with monkeypatch.context() as patch:
        kill_at(patch, module, name)
        with pytest.raises(Killed):
            take_in(path)
    assert Delivery.objects.get().state == "received"
    for table in (Person, Designation, DeliveredRow, DeliveryProblem, IdentityNumber):
        assert not table.objects.exists()
    assert take_in(path).state == "applied"
    assert Person.objects.count() == 21
    assert DeliveryProblem.objects.filter(reason="id_missing").count() == 1


def test_a_roll_killed_after_its_snapshot_was_written_runs_again(tmp_path, take_in, monkeypatch):
    path = senders.resident(tmp_path / "居保.zip", ROLL)
    with monkeypatch.context() as patch:
        kill_at(patch, receiving, "_store_problems")
        with pytest.raises(Killed):
            take_in(path)
    assert not RollSnapshot.objects.exists()
    assert take_in(path).state == "applied"
    assert RollSnapshot.objects.get().row_count == 6


def test_events_of_several_months_add_up(tmp_path, take_in):
    take_in(senders.deaths(tmp_path / "死亡12.xlsx", [("公安", "张三", ZHANG, "20181105")]))
    take_in(senders.deaths(tmp_path / "死亡01.xlsx", [("卫健", "李四", LI, "2019/1/7")]), "2019-01-31")
    facts = Fact.objects.as_known().order_by("event_date")
    assert [(fact.name, fact.source, fact.event_date) for fact in facts] == [
        ("张三", "police", date(2018, 11, 5)),
        ("李四", "health", date(2019, 1, 7)),
    ]


def test_a_full_list_of_facts_takes_the_place_of_the_one_before(tmp_path, take_in):
    take_in(senders.prison(tmp_path / "服刑12.xlsx", [("张三", ZHANG, "监狱服刑", "20160101", "20200101")]))
    later = senders.prison(tmp_path / "服刑01.xlsx", [("李四", LI, "缓刑", "20180101", "20200101")])
    take_in(later, "2019-01-31", consent=True)
    assert [(fact.name, fact.kind) for fact in Fact.objects.as_known()] == [("李四", "probation")]
    assert Fact.objects.count() == 2


def test_an_answer_somebody_else_gave_is_marked(tmp_path, take_in):
    answers = [
        ("张三", ZHANG, "放弃参保", "20181201", "王华", "亲属代述"),
        ("李四", LI, "放弃参保", "20181201", "王华", "入户核实"),
    ]
    take_in(senders.survey(tmp_path / "核查结果反馈_12.xlsx", answers))
    second_hand = {fact.name: fact.detail.get("second_hand", "") for fact in Fact.objects.as_known()}
    assert second_hand == {"张三": "yes", "李四": ""}


def test_an_older_list_of_events_is_still_welcome(tmp_path, take_in):
    take_in(senders.deaths(tmp_path / "死亡01.xlsx", [("公安", "张三", ZHANG, "20190105")]), "2019-01-31")
    take_in(senders.deaths(tmp_path / "死亡12.xlsx", [("公安", "李四", LI, "20181205")]))
    assert Fact.objects.as_known().count() == 2


def test_facts_that_cannot_be_read_are_named(tmp_path, take_in):
    delivery = take_in(
        senders.hukou(
            tmp_path / "户籍变动.csv",
            [
                {"kind": "迁出", "name": "张三", "number": ZHANG, "day": "20181225", "to_place": "山东省德州市"},
                {"kind": "什么", "name": "李四", "number": LI, "day": "20181225"},
                {"kind": "死亡", "name": "李四", "number": LI, "day": "不详"},
            ],
        )
    )
    problems = DeliveryProblem.objects.exclude(action="skip").order_by("row").values_list("row", "reason", "action")
    assert list(problems) == [(3, "kind_unknown", "reject_row"), (4, "date_unreadable", "reject_row")]
    assert delivery.row_counts["outcomes"] == {"loaded": 1, "skip": 1, "reject_row": 2}
    fact = Fact.objects.get()
    assert (fact.kind, fact.detail["to_place"]) == ("hukou_out", "山东省德州市")


def test_changed_numbers_are_kept_as_ciphertext_only(tmp_path, take_in):
    change = {"kind": "身份证号变更", "name": "张三", "number": LI, "day": "20181201", "before": ZHANG, "after": LI}
    take_in(senders.hukou(tmp_path / "户籍变动.csv", [change]))
    fact = Fact.objects.get()
    assert fact.old_number is not None
    assert fact.new_number == fact.number
    assert ZHANG not in str(fact.detail)


@pytest.mark.parametrize("day", ["1899-12-31", "2999-01-01"])
def test_the_command_refuses_a_day_no_data_can_describe(county, tmp_path, day):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(CommandError, match="must lie between 1900-01-01 and tomorrow"), translation.override("en"):
        call_command("receive", str(tmp_path), county="320682", as_of=day)
    assert not Delivery.objects.exists()


def test_the_command_says_feed_encoding_and_outcomes(county, tmp_path, capsys):
    folder = tmp_path / "2018-12"
    folder.mkdir()
    senders.tekun(folder / "特困.csv", [{"name": "张三", "number": ZHANG}, {"name": "李四", "number": ""}])
    (folder / ".hidden").write_bytes(b"")
    call_command("receive", str(folder), county="320682", as_of="2018-12-31")
    printed = capsys.readouterr().out
    assert "tekun  gb18030  load_without_id_to_repair 1  loaded 1  skip 2" in printed
    call_command("receive", str(folder), county="320682", as_of="2018-12-31")
    assert Person.objects.count() == 2


@pytest.mark.parametrize("options", [{"county": "999999"}, {"county": "320682111"}])
def test_the_command_refuses_an_unknown_county(county, tmp_path, options):
    with pytest.raises(CommandError, match=options["county"]):
        call_command("receive", str(tmp_path), as_of="2018-12-31", **options)


def test_the_command_refuses_an_empty_folder_and_ends_with_a_code(county, tmp_path):
    with pytest.raises(CommandError):
        call_command("receive", str(tmp_path / "nothing"), county="320682", as_of="2018-12-31")
    bad = Path(tmp_path / "bad")
    bad.mkdir()
    (bad / "空.csv").write_bytes(b"")
    with pytest.raises(CommandError) as failed:
        call_command("receive", str(bad), county="320682", as_of="2018-12-31")
    assert failed.value.returncode == 3
