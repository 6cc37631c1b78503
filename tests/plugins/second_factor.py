"""Lets tests of other things sign in with a password alone, as a demonstration does.

The tests of the second factor itself demand it with `settings.SECOND_FACTOR_REQUIRED = True`, or ask the real mark.
"""

from collections.abc import Iterator

import pytest

from foundation.accounts import second_factor


@pytest.fixture(autouse=True)
def _demonstration(request: pytest.FixtureRequest) -> Iterator[None]:
    """Answer for the demonstration's mark, except in a test marked `asks_the_mark`."""
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("asks_the_mark") is None:
            patch.setattr(second_factor, "is_lifted", lambda: True)
        yield
