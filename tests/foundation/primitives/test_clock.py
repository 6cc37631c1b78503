"""The business day is Shanghai's, wherever the server is."""

from datetime import UTC, date, datetime

import time_machine

from foundation.primitives import clock


@time_machine.travel(datetime(2018, 12, 31, 16, 30, tzinfo=UTC), tick=False)
def test_today_is_the_day_in_shanghai():
    assert clock.today() == date(2019, 1, 1)
    assert clock.now().isoformat() == "2019-01-01T00:30:00+08:00"
