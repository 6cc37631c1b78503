"""How fields of forms are rendered: by Django's templates, except lists of choices, which are rendered here.

A filter bar has some two hundred options (kinds, reasons, villages); a template takes as long for each as for a table row.
Named by the setting FORM_RENDERER.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"
LISTS_KEPT = 512


class QuickSelects(TemplatesSetting):
    """Django's renderer, with selects rendered without a template."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return a field's markup."""
        if template_name == SELECT:
            return render_select(context["widget"])
        return super().render(template_name, context, request)


def render_select(widget: dict[str, Any]) -> SafeString:
    """Return the markup of a list of choices, as Django's own template renders it."""
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _place in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), groups)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    drawn = _options(tuple((_plain(each["value"]), flatatt(each["attrs"]), _plain(each["label"])) for each in options))
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _plain(text: object) -> str:
    """Return a text as one to be escaped, whoever marked it safe: what is kept is found by texts, which compare the same."""
    return str(text) + ""


@lru_cache(maxsize=LISTS_KEPT)
def _options(options: tuple[tuple[str, str, str], ...]) -> SafeString:
    """Return the markup of options of (value, attributes, label); the same list comes with every page."""
    return format_html_join("", '<option value="{}"{}>{}</option>\n', options)
