"""Is the process alive, and can it serve: for supervisors and load balancers, without sign-in and without personal data.

`live` checks nothing: a process that answers it need not be restarted. `ready` asks database, broker,
migrations and disk: one that is not ready should be sent no requests.
"""

import shutil
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

NEEDED_BYTES = 200 * 1024 * 1024
BROKER_SECONDS = 2


@require_safe
@never_cache
def show_live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def show_ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is ready, else 503; each part by name, `ok` or what is wrong."""
    parts = {name: check() for name, check in CHECKS.items()}
    is_ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if is_ready else "not_ready", **parts}, status=200 if is_ready else 503)


def database_state() -> str:
    """Ask the database for one row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def broker_state() -> str:
    """Ping the broker; without one (tests, memory://) there is nothing to check."""
    if not settings.REDIS_URL:
        return "ok"
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
        ) as broker:
            broker.ping()
    except RedisError:
        return "unreachable"
    return "ok"


def migrations_state() -> str:
    """Check that every migration of this code is applied."""
    try:
        return "ok" if all_applied() else "not_applied"
    except DatabaseError:
        return "unknown"


def all_applied() -> bool:
    """Check until it is so, then remember it: what is applied stays applied while this process lives."""
    return _remember_applied() if _remember_applied.cache_info().currsize else (_is_applied() and _remember_applied())


def disk_state() -> str:
    """Check that the data folder is there and has space for people's files."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        return "unreachable"
    return "ok" if free >= NEEDED_BYTES else "full"


@cache
def _remember_applied() -> bool:
    return True


def _is_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS: dict[str, Callable[[], str]] = {
    "database": database_state,
    "broker": broker_state,
    "migrations": migrations_state,
    "disk": disk_state,
}
PUBLIC_VIEWS = (show_live, show_ready)
