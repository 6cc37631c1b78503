"""What a proposed value must look like: the same shape as the values its parameter already has."""

from django.utils.translation import gettext as _

from foundation.policy.models import ParameterUnit, ParameterValue
from foundation.primitives.errors import BadInput

WHOLE = {
    ParameterUnit.FEN,
    ParameterUnit.YEARS,
    ParameterUnit.MONTHS,
    ParameterUnit.DAYS,
    ParameterUnit.DAY_OF_MONTH,
    ParameterUnit.HOUR,
    ParameterUnit.COUNT,
}


def check_shape(name: str, unit: str, value: object | None) -> None:
    """Refuse a value of another shape than those the parameter has, a map with other words, or a negative number.

    Errors: BadInput.
    """
    if value is None:
        return
    known = ParameterValue.objects.filter(name=name, is_none_here=False).order_by("-valid_from").first()
    if known is not None and not _is_alike(value, known.value):
        raise BadInput(
            _("The value must have the same form as the current one: %(value)s.") % {"value": known.value},
            code="other_shape",
        )
    if not all(_is_number_of(each, unit) for each in _numbers(value)):
        raise BadInput(_("%(value)s is not a valid amount in this unit.") % {"value": value}, code="not_a_number")


def _is_alike(value: object, known: object) -> bool:
    if isinstance(known, dict):
        return isinstance(value, dict) and value.keys() == known.keys()
    if isinstance(known, bool) or isinstance(value, bool):
        return isinstance(known, bool) and isinstance(value, bool)
    if isinstance(known, int | float):
        return isinstance(value, int | float)
    return type(value) is type(known)


def _numbers(value: object) -> list[int | float]:
    parts = value.values() if isinstance(value, dict) else [value]
    return [each for each in parts if isinstance(each, int | float) and not isinstance(each, bool)]


def _is_number_of(number: float, unit: str) -> bool:
    if unit == ParameterUnit.SHARE:
        return 0 <= number <= 1
    return number >= 0 and (unit not in WHOLE or isinstance(number, int))
