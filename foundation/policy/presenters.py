"""How the source of a parameter is shown: one sentence in the reader's language, citations as they are written.

The sources of the shipped parameters are strings of the interface: operations.translations extracts those with English words.
References to docs/rules.md are for the maintainers of the parameters and are not shown.
"""

import re

from django.utils.translation import gettext

from foundation.policy.services.reading import read_parameters

_RULE = re.compile(r" \(docs/rules\.md R\d+\)")
_ENGLISH = re.compile(r"[a-z]{2}")


def shown_source(source: str) -> str:
    """Return a source in the reader's language; one that somebody typed with a proposal is shown as typed."""
    text = _without_rule(source)
    return gettext(text) if text else ""


def list_source_messages() -> list[str]:
    """List the sources of the shipped parameters that have English words, each once."""
    texts = {_without_rule(statement.source) for statement in read_parameters()}
    return sorted(text for text in texts if _ENGLISH.search(text))


def _without_rule(source: str) -> str:
    return _RULE.sub("", source).strip()
