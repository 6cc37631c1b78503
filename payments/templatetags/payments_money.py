"""Money on pages: fen in, yuan out."""

from django import template

from foundation.primitives.money import format_fen

register = template.Library()


@register.filter
def yuan(amount_fen: int) -> str:
    """Write fen as yuan with two decimals and thousands separators."""
    return format_fen(int(amount_fen))
