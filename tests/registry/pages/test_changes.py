"""The list of what a file changes: kinds and their lines, thirty at a time, in words; a township sees its own lines."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from registry.constants import DeliveryState
from registry.models import Delivery, DeliveryChange
from tests.named_world import World

URL = "/deliveries/"


@pytest.fixture
def delivery(world):
    """A checked list of January beside one of December, with three kinds of change."""
    before = world.delivery(file_name="十二月.xlsx")
    january = world.delivery(state=DeliveryState.CHECKED, file_name="一月.xlsx", preview={"changes": {}})
    change(world, january, "dibao_kind", "张三", "full", "partial", row=4, member=2)
    change(world, january, "new_error", "李四", "ok", "length", row=5)
    change(world, january, "poor_exit", "王五", "poor", "", row=9, line_in=before, unit=world.other_township)
    return january


def change(
    world: World, delivery: Delivery, kind: str, name: str, before: str, after: str, **values: Any
) -> DeliveryChange:
    row: dict[str, Any] = {"line_in": delivery, "unit": world.village, "sheet": "名单"} | values
    return DeliveryChange.objects.create(delivery=delivery, kind=kind, name=name, before=before, after=after, **row)


def page_of(client: Client, delivery: Delivery, query: str = "") -> Any:
    return client.get(f"{URL}{delivery.pk}/changes/{query}")


def test_before_and_after_are_shown_beside_the_line(delivery, signed_in):
    answer = page_of(signed_in("clerk_a"), delivery)
    lines = {
        each.name: (each.before, each.after, each.sheet, each.row, each.member) for each in answer.context["changes"]
    }
    assert lines == {
        "张三": ("full amount", "partial amount", "名单", 4, 2),
        "李四": ("Valid", "Wrong length", "名单", 5, 0),
        "王五": ("still poor", "", "名单", 9, 0),
    }
    page = answer.content.decode()
    assert "十二月.xlsx" in page
    assert f'{URL}{delivery.pk}/lines/4/?sheet=%E5%90%8D%E5%8D%95#asked">line 4</a>' in page


def test_a_right_number_in_place_of_a_right_one_is_another(world, delivery, signed_in):
    change(world, delivery, "id_corrected", "赵六", "ok", "ok", row=6)
    (line,) = page_of(signed_in("clerk_a"), delivery, "?kind=id_corrected").context["changes"]
    assert (line.before, line.after) == ("Valid", "different number")


def test_places_are_shown_from_the_county_down(world, delivery, signed_in):
    other = world.other_township
    change(world, delivery, "place", "赵六", world.village.full_name, other.full_name, row=6, unit=other)
    (line,) = page_of(signed_in("clerk_a"), delivery, "?kind=place").context["changes"]
    county = world.county_a.full_name
    assert (line.before, line.after) == (world.village.full_name.removeprefix(county), line.unit)
    assert line.unit == other.full_name.removeprefix(county)


def test_the_words_are_chinese_for_chinese_readers(delivery, signed_in):
    client = signed_in("clerk_a")
    client.cookies["django_language"] = "zh-hans"
    with override("zh-hans"):
        (line,) = page_of(client, delivery, "?kind=dibao_kind").context["changes"]
    assert (line.before, line.after) == ("全额", "差额")


def test_a_kind_is_one_filter_an_unknown_one_is_none(delivery, signed_in):
    client = signed_in("clerk_a")
    assert [each.name for each in page_of(client, delivery, "?kind=new_error").context["changes"]] == ["李四"]
    assert len(page_of(client, delivery, "?kind=1'").context["changes"]) == 3
    kinds = page_of(client, delivery).context["kinds"]
    assert 'href="?kind=new_error"' in page_of(client, delivery).content.decode()
    assert [(each.count, each.is_here) for each in kinds] == [(3, True), (1, False), (1, False), (1, False)]


def test_thirty_lines_a_page_with_as_many_queries_as_one(world, delivery, signed_in, queries_within):
    client = signed_in("clerk_a")
    with queries_within(12):
        page_of(client, delivery)
    for row in range(100, 140):
        change(world, delivery, "poor_new", f"甲{row}", "", "poor", row=row)
    with queries_within(12):
        answer = page_of(client, delivery, "?kind=poor_new&page=2")
    assert len(answer.context["changes"]) == 10
    assert "?kind=poor_new&amp;page=1" in answer.content.decode()


def test_a_township_sees_the_lines_of_its_own_unit(delivery, signed_in):
    answer = page_of(signed_in("township"), delivery)
    assert {each.name for each in answer.context["changes"]} == {"张三", "李四"}
    assert answer.context["kinds"][0].count == 2


def test_the_delivery_page_leads_to_each_kind(delivery, signed_in):
    page = signed_in("clerk_a").get(f"{URL}{delivery.pk}/").content.decode()
    for kind in ("dibao_kind", "new_error", "poor_exit"):
        assert f'href="{URL}{delivery.pk}/changes/?kind={kind}"' in page


def test_entries_are_not_counted_beside_the_kinds_of_lines(world, delivery, signed_in):
    delivery.preview = {"changes": {"new_persons": 2, "designations_opened": 5}}
    delivery.save(update_fields=["preview"])
    bare = world.delivery(state=DeliveryState.CHECKED, preview=delivery.preview, file_name="other.xlsx")
    counts = {
        each: dict(signed_in("clerk_a").get(f"{URL}{each.pk}/").context["preview"].counts) for each in (delivery, bare)
    }
    assert counts == {delivery: {"new persons": 2}, bare: {"new persons": 2, "entries opened": 5}}


def test_a_file_that_changes_nothing_says_so(world, signed_in):
    assert "No changes" in page_of(signed_in("clerk_a"), world.delivery()).content.decode()


def test_a_roll_is_shown_beside_the_roll_before_it(world, signed_in):
    roll = {
        "day": "2018-11-30",
        "before": 900,
        "rows": 1_000,
        "kinds": {"paused": 7},
        "status_moves": [["1/1", "2/2", 7]],
    }
    delivery = world.delivery("resident", preview={"changes": {}, "roll": roll})
    shown = signed_in("clerk_a").get(f"{URL}{delivery.pk}/").context["roll"]
    assert (shown.kinds, shown.moves) == ([("Contributions paused", 7)], [("contributing", "contribution lapsed", 7)])


def test_the_list_marks_a_file_in_which_many_persons_differ(world, signed_in):
    figures = {"gone": "10", "before": "20", "gone_share": "50 %", "most_gone": "5 %"}
    figures |= {"new": "0", "now": "10", "new_share": "0 %", "most_new": "20 %"}
    loss = {"code": "loss_limit", "values": figures}
    world.delivery(state=DeliveryState.CHECKED, preview={"changes": {}, "loss": loss})
    page = signed_in("clerk_a").get(URL).content.decode()
    assert '<span class="chip warn">Many persons differ</span>' in page
    assert "10 of the 20 persons on the previous list are missing (50 %, limit 5 %)" in page
