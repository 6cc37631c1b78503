"""Slows guessing down without letting anybody lock a colleague out. The handler of django-axes, named by AXES_HANDLER.

Failures of the last fifteen minutes count. A browser in which the account has signed in before has five, whatever happens elsewhere.
Any other browser is refused after five of this account from its address, after twenty of the account from all addresses together (not
from an address where it signed in lately), and after thirty of any accounts from its address. What is refused is not counted: nobody
prolongs a lock. An administrator sees a lock on the user's page and lifts it (services/lockouts.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessFailureLog, AccessLog
from axes.signals import user_locked_out
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from foundation.accounts.known_browsers import hash_account, known_device
from foundation.accounts.models import SignInFailure, User
from foundation.primitives import clock

KNOWN_ADDRESS_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Attempt:
    """Who tries to sign in, from where, in which browser."""

    username: str
    account_hash: str
    address: str | None
    device: str


def read_attempt(request: HttpRequest, username: str) -> Attempt:
    """Return an attempt as the limits see it."""
    account_hash = hash_account(username)
    return Attempt(username, account_hash, request.axes_ip_address, known_device(request, account_hash))  # type: ignore[attr-defined]


def is_locked(attempt: Attempt, *, at: datetime) -> bool:
    """Answer whether the attempt is refused whatever the password. At most three queries."""
    recent = SignInFailure.objects.filter(at__gt=at - lock_period())
    if attempt.device:
        own = recent.filter(account_hash=attempt.account_hash, device=attempt.device)
        return own.count() >= settings.AXES_FAILURE_LIMIT
    unknown = recent.filter(device="")
    of_account = unknown.filter(account_hash=attempt.account_hash)
    if of_account.filter(address=attempt.address).count() >= settings.AXES_FAILURE_LIMIT:
        return True
    if unknown.filter(address=attempt.address).count() >= settings.SIGN_IN_FAILURES_OF_AN_ADDRESS:
        return True
    return of_account.count() >= settings.SIGN_IN_FAILURES_OF_AN_ACCOUNT and not _signed_in_lately(attempt, at)


def lock_period() -> timedelta:
    """Return how long failures count."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME)


def _signed_in_lately(attempt: Attempt, at: datetime) -> bool:
    logs = AccessLog.objects.filter(username=attempt.username, ip_address=attempt.address)
    return logs.filter(attempt_time__gt=at - KNOWN_ADDRESS_FOR).exists()


@dataclass(frozen=True)
class Lock:
    """Where an account is locked just now: addresses or browsers, or everywhere but where it signed in lately; until when at most."""

    places: int
    is_everywhere: bool
    until: datetime


def find_lock(user: User, *, at: datetime) -> Lock | None:
    """Find the lock of an account; None when it can sign in from anywhere. One query."""
    recent = SignInFailure.objects.filter(user=user, at__gt=at - lock_period())
    failures = list(recent.values_list("address", "device", "at"))
    by_place = Counter((device or address) for address, device, _at in failures)
    places = sum(count >= settings.AXES_FAILURE_LIMIT for count in by_place.values())
    everywhere = sum(not device for _address, device, _at in failures) >= settings.SIGN_IN_FAILURES_OF_AN_ACCOUNT
    if not places and not everywhere:
        return None
    return Lock(places, everywhere, max(moment for _address, _device, moment in failures) + lock_period())


def locked_user_ids(*, at: datetime) -> QuerySet[User, Any]:
    """Return the ids of the users find_lock finds a lock of, as a subquery: at one address or browser, or everywhere."""
    recent = SignInFailure.objects.filter(at__gt=at - lock_period(), user__isnull=False)
    at_address = recent.filter(device="").values("user", "address").annotate(failures=Count("pk"))
    in_browser = recent.exclude(device="").values("user", "device").annotate(failures=Count("pk"))
    anywhere = recent.filter(device="").values("user").annotate(failures=Count("pk"))
    limit, everywhere = settings.AXES_FAILURE_LIMIT, settings.SIGN_IN_FAILURES_OF_AN_ACCOUNT
    return User.objects.filter(
        Q(pk__in=at_address.filter(failures__gte=limit).values("user"))
        | Q(pk__in=in_browser.filter(failures__gte=limit).values("user"))
        | Q(pk__in=anywhere.filter(failures__gte=everywhere).values("user"))
    ).values("pk")


class LockoutHandler(AxesDatabaseHandler):
    """Decides by `is_locked`, and writes axes's own logs of sign-ins and failures, which the auditor reads."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        """Answer whether this attempt is refused."""
        return is_locked(read_attempt(request, get_client_username(request, credentials) or ""), at=clock.real_now())

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        """Count a failure; refuse the next attempt when it was one too many. Effects: SignInFailure, AccessFailureLog."""
        if request is None:
            return
        at, username = clock.real_now(), get_client_username(request, credentials) or ""
        attempt = read_attempt(request, username)
        was_locked = is_locked(attempt, at=at)
        request.was_refused_unseen = was_locked
        if not was_locked:
            self._record(attempt, request, at)
        if was_locked or is_locked(attempt, at=at):
            request.axes_locked_out, request.axes_credentials = True, credentials
            user_locked_out.send("axes", request=request, username=username, ip_address=attempt.address)
        if not was_locked:
            AccessFailureLog.objects.create(
                username=username[:255],
                ip_address=attempt.address,
                user_agent=request.axes_user_agent,
                http_accept=request.axes_http_accept,
                path_info=request.axes_path_info,
                attempt_time=request.axes_attempt_time,
                locked_out=request.axes_locked_out,
            )

    def _record(self, attempt: Attempt, request: Any, at: datetime) -> None:
        user = User.objects.filter(username=attempt.username).first()
        SignInFailure.objects.create(
            user=user, account_hash=attempt.account_hash, address=attempt.address, device=attempt.device, at=at
        )

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Write the log of sign-ins, and forget the failures of this account in this browser or from this address."""
        super().user_logged_in(sender, request, user, **kwargs)
        attempt = read_attempt(request, user.get_username())
        here = Q(device=attempt.device) if attempt.device else Q(device="", address=attempt.address)
        SignInFailure.objects.filter(here, account_hash=attempt.account_hash).delete()

    def clean_expired_user_attempts(self, *_args: Any, **_kwargs: Any) -> int:
        """Delete nothing: the attempts of axes itself are not used."""
        return 0
