"""Deliveries on pages: sending files, how far they are, problem lines, consent to lost rows, the sweeper."""

import io
from datetime import date
from typing import Any

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from kombu.exceptions import OperationalError

from foundation.audit.models import AuditEvent
from foundation.jobs import waking
from registry.constants import RowAction
from registry.models import Delivery, DeliveryProblem
from registry.tasks import process_delivery_task, wake_waiting_deliveries
from tests.named_world import NOW, days_later

URL = "/deliveries/"
FIGURES = {
    "gone": "90",
    "before": "100",
    "gone_share": "90 %",
    "most_gone": "5 %",
    "new": "0",
    "now": "10",
    "new_share": "0 %",
    "most_new": "20 %",
}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


def send(client: Client, content: bytes = b"", name: str = "list.csv", as_of: str = "2018-12-31") -> Any:
    return client.post(f"{URL}receive/", {"tables": [SimpleUploadedFile(name, content)], "as_of": as_of})


def problems(delivery: Delivery, count: int) -> None:
    DeliveryProblem.objects.bulk_create(
        DeliveryProblem(delivery=delivery, sheet="名单", row=row, reason="id_length", action=RowAction.REJECT_NUMBER)
        for row in range(1, count + 1)
    )


def test_a_file_sent_is_stored_processed_and_listed(world, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client, "不是,名单\n1,2\n".encode())
    assert answer.headers["Location"] == URL
    delivery = Delivery.objects.get()
    assert (delivery.received_by, delivery.state, delivery.county) == ("clerk_a", "refused", world.county_a)
    assert "The headers match no known layout" in client.get(URL).content.decode()


def test_a_township_sends_for_its_county(world, signed_in):
    send(signed_in("township"), b"a,b\n1,2\n")
    assert Delivery.objects.get().county == world.county_a


@pytest.mark.parametrize(("who", "is_held"), [("township", True), ("clerk_a", False)])
def test_only_who_may_apply_files_applies_without_a_preview(world, signed_in, who, is_held):
    client = signed_in(who)
    assert ('name="at_once"' in client.get(URL).content.decode()) is not is_held
    body = {"tables": [SimpleUploadedFile("list.csv", b"a,b\n1,2\n")], "as_of": "2018-12-31", "at_once": "on"}
    client.post(f"{URL}receive/", body)
    assert Delivery.objects.get().hold is is_held


def test_a_user_called_system_is_shown_as_a_user(world, signed_in):
    world.delivery(received_by="system", people_behind=[world.users["clerk_a"].pk])
    by_user = signed_in("clerk_a").get(URL).content.decode()
    assert "system\n</span>" in by_user
    Delivery.objects.update(people_behind=[])
    assert "system\n</span>" not in signed_in("clerk_a").get(URL).content.decode()


def test_a_form_without_file_or_day_says_what_is_missing(world, signed_in):
    answer = signed_in("clerk_a").post(f"{URL}receive/", {})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("name", ["village", "supervisor", "reviewer_a", "sysadmin"])
def test_who_may_not_send(world, signed_in, name):
    assert send(signed_in(name), b"a").status_code == 403


def test_a_broker_that_is_away_leaves_the_row_to_the_sweeper(
    world, signed_in, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*_args, **_kwargs):
        raise OperationalError("no broker")

    with monkeypatch.context() as patched:
        patched.setitem(waking._asleep, "until", 0.0)
        patched.setattr(process_delivery_task, "apply_async", away)
        with django_capture_on_commit_callbacks(execute=True):
            assert send(signed_in("clerk_a"), b"a,b\n1,2\n").status_code == 302
    assert Delivery.objects.get().state == "received"
    assert wake_waiting_deliveries() == 1
    assert Delivery.objects.get().state == "refused"


def test_the_page_of_a_waiting_file_asks_again_and_shows_the_steps(world, signed_in):
    delivery = world.delivery(state="received", feed="")
    client = signed_in("clerk_a")
    page = client.get(f"{URL}{delivery.pk}/").content.decode()
    assert f'hx-get="{URL}{delivery.pk}/" hx-trigger="every 2s"' in page
    assert "Read, check and apply" in page
    part = client.get(f"{URL}{delivery.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "<progress" in part
    Delivery.objects.update(state="refused", refusal={"code": "empty_file", "values": {}})
    part = client.get(f"{URL}{delivery.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<progress" not in part
    assert "hx-trigger" not in part


def test_the_list_asks_again_while_a_file_waits(world, signed_in):
    world.delivery(state="received", feed="")
    client = signed_in("clerk_a")
    assert 'hx-trigger="every 2s"' in client.get(URL).content.decode()
    part = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    Delivery.objects.update(state="refused", refusal={"code": "empty_file", "values": {}})
    assert "every 2s" not in client.get(URL).content.decode()


def test_filters_and_scope(world, signed_in):
    world.delivery("poverty")
    world.delivery("deaths", state="refused", refusal={"code": "empty_file", "values": {}})
    world.delivery("poverty", county=world.county_b, file_name="elsewhere.xlsx")
    client = signed_in("clerk_a")
    assert [row.delivery.feed for row in client.get(f"{URL}?feed=deaths").context["rows"]] == ["deaths"]
    assert [row.delivery.feed for row in client.get(f"{URL}?state=applied").context["rows"]] == ["poverty"]
    assert "elsewhere.xlsx" not in client.get(URL).content.decode()
    assert len(signed_in("supervisor").get(URL).context["rows"]) == 3
    assert len(signed_in("township").get(URL).context["rows"]) == 2


def test_another_countys_delivery_is_404(world, signed_in):
    delivery = world.delivery()
    for address in (f"{URL}{delivery.pk}/", f"{URL}{delivery.pk}/problems.xlsx"):
        assert signed_in("clerk_b").get(address).status_code == 404
        assert signed_in("village").get(address).status_code == 403
    assert signed_in("clerk_b").post(f"{URL}{delivery.pk}/apply/").status_code == 404


def test_the_page_shows_lines_that_need_attention_first_and_all_on_request(world, signed_in):
    delivery = world.delivery()
    problems(delivery, 2)
    DeliveryProblem.objects.create(delivery=delivery, row=9, reason="duplicate_of_row_4", action=RowAction.DUPLICATE)
    client = signed_in("clerk_a")
    page = client.get(f"{URL}{delivery.pk}/").content.decode()
    assert "The number does not have 18 characters" in page
    assert "Check the number against the identity card" in page
    assert "Same as line 4" not in page
    assert "Same as line 4" in client.get(f"{URL}{delivery.pk}/?action=all").content.decode()


def test_the_queries_do_not_grow(world, signed_in, queries_within):
    delivery = world.delivery()
    problems(delivery, 120)
    for number in range(40):
        world.delivery("deaths", file_name=f"d{number}.xlsx")
    client = signed_in("clerk_a")
    with queries_within():
        problem_page = client.get(f"{URL}{delivery.pk}/?page=2")
    with queries_within():
        list_page = client.get(URL)
    assert problem_page.content.decode().count("The number does not have 18 characters") >= 20
    assert "d39.xlsx" in list_page.content.decode()


def test_the_problem_list_downloads_whole_and_as_text(world, signed_in):
    delivery = world.delivery()
    problems(delivery, 3)
    DeliveryProblem.objects.create(delivery=delivery, sheet="=1+1", row=9, reason="title_row", action=RowAction.SKIP)
    answer = signed_in("clerk_a").get(f"{URL}{delivery.pk}/problems.xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Sheet", "Line", "Member"]
    assert len(rows) == 5
    assert "=1+1" in {row[0] for row in rows}
    assert AuditEvent.objects.get(verb="download_problems").outcome == "read"


def test_consent_lets_a_file_that_lost_persons_be_applied(world, signed_in):
    refusal = {"code": "loss_limit", "values": FIGURES}
    behind = [world.users["clerk_a"].pk]
    delivery = world.delivery(state="refused", refusal=refusal, people_behind=behind)
    sender, client = signed_in("clerk_a"), signed_in("colleague_a")
    assert f"{delivery.pk}/apply/" not in sender.get(f"{URL}{delivery.pk}/").content.decode()
    assert sender.post(f"{URL}{delivery.pk}/apply/").status_code == 409
    assert "/apply/" in client.get(f"{URL}{delivery.pk}/").content.decode()
    assert client.post(f"{URL}{delivery.pk}/apply/").status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "checked"
    event = AuditEvent.objects.get(verb="delivery_approved")
    assert (event.actor_name, event.detail) == ("colleague_a", refusal)
    assert client.post(f"{URL}{delivery.pk}/apply/").status_code == 409


@pytest.mark.parametrize("name", ["township", "supervisor"])
def test_who_may_not_consent(world, signed_in, name):
    delivery = world.delivery(state="refused", refusal={"code": "loss_limit", "values": FIGURES})
    assert "/apply/" not in signed_in(name).get(f"{URL}{delivery.pk}/").content.decode()
    assert signed_in(name).post(f"{URL}{delivery.pk}/apply/").status_code == 403


def test_only_persons_missing_or_new_ask_for_consent(world, signed_in):
    delivery = world.delivery(state="refused", refusal={"code": "empty_file", "values": {}})
    assert signed_in("clerk_a").post(f"{URL}{delivery.pk}/apply/").status_code == 409


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/deliveries/?state=applied", "/deliveries/?state=applied"),
        ("https://example.org/deliveries/", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_leads_back_to_our_page_it_came_from(world, signed_in, referer, back):
    delivery = world.delivery()
    headers = {"HTTP_REFERER": referer} if referer else {}
    answer = signed_in("clerk_a").post(f"{URL}{delivery.pk}/apply/", **headers)
    assert answer.status_code == 409
    assert answer.context["back_url"] == back


def test_what_was_sent_last_is_on_top_whatever_its_day(world, signed_in):
    world.delivery(as_of_date=date(2018, 12, 31), received_at=NOW, file_name="earlier.xlsx")
    world.delivery(as_of_date=date(2018, 6, 30), received_at=days_later(1), file_name="later.xlsx")
    rows = signed_in("clerk_a").get(URL).context["rows"]
    assert [row.delivery.file_name for row in rows] == ["later.xlsx", "earlier.xlsx"]


def test_selected_files_are_applied_or_discarded_and_what_cannot_be_is_said(
    world, signed_in, django_capture_on_commit_callbacks
):
    first, second, third = (world.delivery(state="checked", file_name=f"{name}.xlsx") for name in "abc")
    applied, lost = world.delivery(), world.delivery(state="failed", file_name="f.xlsx")
    client = signed_in("clerk_a")
    page = client.get(URL).content.decode()
    assert page.count('name="file"') == 4, "one that is applied is not to be decided"
    answer = client.post(f"{URL}apply/selected/", {"file": [first.pk, second.pk, applied.pk]}, follow=True)
    assert "2 files are being applied" in answer.content.decode()
    assert "not awaiting approval" in answer.content.decode()
    answer = client.post(f"{URL}discard/selected/", {"file": [third.pk, lost.pk]}, follow=True)
    assert "2 files discarded" in answer.content.decode()
    assert set(Delivery.objects.filter(approved_by="clerk_a").values_list("pk", flat=True)) == {first.pk, second.pk}
    assert set(Delivery.objects.filter(state="refused").values_list("pk", flat=True)) == {third.pk, lost.pk}
    assert "No files selected" in client.post(f"{URL}discard/selected/", follow=True).content.decode()


def test_files_of_others_are_neither_applied_nor_discarded_by_selection(world, signed_in):
    delivery = world.delivery(state="checked")
    for who, status in (("clerk_b", 302), ("township", 403)):
        for act in ("apply", "discard"):
            assert signed_in(who).post(f"{URL}{act}/selected/", {"file": [delivery.pk]}).status_code == status
    delivery.refresh_from_db()
    assert (delivery.state, delivery.approved_at) == ("checked", None)
    assert 'name="file"' not in signed_in("township").get(URL).content.decode()


def test_sending_is_folded_away_until_something_is_wrong_with_it(world, signed_in):
    client = signed_in("clerk_a")
    folded = '<details class="upload" id="upload" data-start="/deliveries/uploads/">'
    assert folded in client.get(URL).content.decode()
    assert folded not in client.post(f"{URL}receive/", {}).content.decode()
