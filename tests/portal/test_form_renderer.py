"""Lists of choices are drawn as Django's own template draws them, whatever stands in them."""

from html.parser import HTMLParser
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from foundation.web.form_renderer import QuickSelects

CHOICES = [
    ("", "All"),
    ("a&b", "5 < 6 & 'so' \"on\""),
    (7, "seven"),
    ("A group <of> two", [("x", "ex"), ("y", "why")]),
]


class ParsedTags(HTMLParser):
    """Everything a browser would read, the space between tags apart."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.parts: list[Any] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(data.strip())


def drawn(widget: forms.Select, value: object, renderer: Any) -> list[Any]:
    return ParsedTags(widget.render("word", value, {"id": "id_word", "data-long": 'a "b"'}, renderer)).parts


def test_a_select_is_what_the_template_makes_of_it():
    one, many = forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES)
    required = forms.Select(attrs={"required": True, "disabled": False}, choices=CHOICES)
    for widget, value in ((one, "a&b"), (one, 7), (one, None), (many, ["x", "7"]), (required, "y")):
        assert drawn(widget, value, QuickSelects()) == drawn(widget, value, DjangoTemplates())


def test_other_fields_are_drawn_by_templates():
    text = forms.TextInput().render("word", "<b>", renderer=QuickSelects())
    assert ParsedTags(text).parts == [("input", [("name", "word"), ("type", "text"), ("value", "<b>")])]


def test_a_choice_marked_safe_is_escaped_whichever_came_first():
    """The markup of a list is kept by its texts, and a text marked safe compares the same as one that is not."""
    for label in (SafeString("<i>"), "<i>"):
        select = forms.Select(choices=[(label, label)])
        assert "<i>" not in select.render("word", None, renderer=QuickSelects()), type(label)
