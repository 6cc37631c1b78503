"""The headers of a sorted list: what each says of the order in force, and where its link leads."""

from foundation.web.sorting import sort_headers

FIRST = ("name", "-days")


def queries(current: str) -> dict[str, tuple[str, str]]:
    headers = sort_headers(current, FIRST, {"kind": "A", "sort": current}, own_order="gaps")
    return {name: (each.query, each.aria_sort) for name, each in headers.items()}


def test_the_lists_own_order():
    assert queries("") == {
        "gaps": ("kind=A", "other"),
        "name": ("kind=A&sort=name", "none"),
        "days": ("kind=A&sort=-days", "none"),
    }


def test_a_second_click_turns_the_order_round_and_a_third_back():
    assert queries("name")["name"] == ("kind=A&sort=-name", "ascending")
    assert queries("-name")["name"] == ("kind=A&sort=name", "descending")
    assert queries("-days")["days"] == ("kind=A&sort=days", "descending")
    assert queries("days")["days"] == ("kind=A&sort=-days", "ascending")
    assert queries("days")["gaps"] == ("kind=A", "none")
