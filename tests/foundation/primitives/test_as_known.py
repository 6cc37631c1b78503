"""What was on record at a moment: from the one it was recorded at, until the one it was superseded at."""

from datetime import timedelta

import pytest

from registry.models import PersonName
from tests.named_world import NOW, world

__all__ = ["world"]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "is_known"),
    [(NOW - SECOND, False), (NOW, True), (NOW + SECOND, True), (NOW + 2 * SECOND, False), (None, False)],
)
def test_a_row_is_known_from_its_recording_until_it_is_superseded(world, moment, is_known):
    row = world.person("张三").names.get()
    PersonName.objects.filter(pk=row.pk).update(superseded_at=NOW + 2 * SECOND)
    assert PersonName.objects.as_known(moment).exists() == is_known
