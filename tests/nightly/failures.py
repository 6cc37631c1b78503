"""What every test of a failed or cancelled night asks of it."""

from django.conf import settings

from casework.models import Gap
from coverage.models import CoverageVerdict
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from nightly.sentences import SENTENCES, sentence


def failure_of(run: NightRun) -> str:
    """Return its sentence's name; it has ended, published nothing and left no folder."""
    assert run.state == RunState.FAILED
    assert run.finished_at is not None
    assert not CoverageVerdict.objects.exists()
    assert not (settings.DATA_DIR / "nights" / str(run.pk)).exists()
    assert sentence(run.error, run.failure_number) == str(SENTENCES[run.error]) % {"number": run.failure_number}
    return run.error


def is_clear(run: NightRun) -> bool:
    """Answer whether a night ended cancelled and left nothing."""
    run.refresh_from_db()
    left = (settings.DATA_DIR / "nights" / str(run.pk)).exists()
    ended = (run.state, run.error, run.finished_at is not None) == (RunState.CANCELLED, "cancelled", True)
    return ended and not left and not CoverageVerdict.objects.exists() and not Gap.objects.exists()
