"""No template and no module switches escaping off; the check sees each way in which one could."""

import pytest
from django.template.loader import get_template
from django.utils.safestring import SafeString

from foundation.web.form_renderer import render_select
from tests.architecture.escaping import CHECKOUT, list_problems, problems_of_module, problems_of_template


def test_nothing_marks_a_value_safe():
    assert list_problems() == []


@pytest.mark.parametrize(
    "line",
    [
        "{{ person.name|safe }}",
        "{{ names|join:', ' | safe }}",
        "{{ names|safeseq|join:', ' }}",
        "{% autoescape off %}{{ name }}{% endautoescape %}",
        "{% filter lower|safe %}{{ name }}{% endfilter %}",
    ],
)
def test_a_template_that_marks_a_value_safe_is_seen(line):
    assert [number for number, _words in problems_of_template(f"<p>\n{line}\n</p>")][:1] == [2]
    assert not list(problems_of_template("<p>{{ person.name }} is safe|sound {% translate 'safe' %}</p>"))


@pytest.mark.parametrize(
    "line",
    [
        "mark_safe(name)",
        "safestring.mark_safe(f'<b>{name}</b>')",
        "SafeString(name)",
        "format_html(f'<b>{name}</b>')",
        "format_html('<b>' + name + '</b>')",
        "format_html_join('', template, rows)",
        "Engine(autoescape=False)",
        "OPTIONS = {'autoescape': False}",
        "@register.filter(is_safe=True)\ndef plain(value): ...",
        "@html_safe\nclass Name: ...",
        "class Name:\n    def __html__(self): ...",
    ],
)
def test_a_module_that_marks_a_text_safe_is_seen(line):
    assert list(problems_of_module(line))


def test_a_constant_format_is_no_problem():
    assert not list(
        problems_of_module("CHIP = '<b>{}</b>'\nformat_html(CHIP, name)\nformat_html_join('', '<i>{}</i>', rows)")
    )


def test_every_template_escapes():
    for path in (CHECKOUT / "templates").rglob("*.*"):
        assert get_template(str(path.relative_to(CHECKOUT / "templates"))).template.engine.autoescape  # type: ignore[attr-defined]


def test_the_choices_of_a_select_are_escaped():
    evil = '"><script>x</script>'
    option = {"value": evil, "label": evil, "attrs": {"data-x": evil}}
    drawn = render_select(
        {"name": evil, "attrs": {"id": evil}, "optgroups": [(evil, [option], 0), (None, [option], 1)]}
    )
    assert isinstance(drawn, SafeString)
    assert "<script>" not in drawn
    assert drawn.count("&lt;script&gt;") == 9
