"""Typed reading of the environment that fails loudly: a missing or wrong value is an error naming the variable.

Used by the settings modules only. No default hides a value that production must set.
"""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text, or the default.

    Errors: ImproperlyConfigured when it is missing and has no default.
    """
    value = os.environ.get(name, default)
    if value is None or value == "":
        if default is not None:
            return default
        raise ImproperlyConfigured(f"The environment variable {name} is not set; this process cannot start without it.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return True for 1/true/yes/on, False for 0/false/no/off; anything else is an error."""
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, *, default: int) -> int:
    """Return a number that is not negative; anything else is an error."""
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    if not (value.isascii() and value.isdecimal()):
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder path; it is created by whatever writes into it first."""
    return Path(os.environ.get(name) or default).expanduser().resolve()


def words(name: str, default: str) -> list[str]:
    """Return the comma-separated words of the variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(name: str = "DATABASE_URL") -> dict[str, object]:
    """Read postgresql://user:password@host:port/name?host=/socket/folder into Django's DATABASES entry."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address, not {url.scheme}://.")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", None) or url.hostname or "",
        "PORT": str(url.port or query.pop("port", "")),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


@dataclass(frozen=True)
class DatabaseRoles:
    """The database's roles by name: `owner` migrates, `app` is the web server and worker, `reader` only reads ("": there is none)."""

    owner: str
    app: str
    reader: str


def database_roles() -> DatabaseRoles:
    """Read who connects from DATABASE_OWNER_URL (default: as DATABASE_URL), DATABASE_URL and DATABASE_READER_URL."""
    reader = str(database("DATABASE_READER_URL")["USER"]) if text("DATABASE_READER_URL", "") else ""
    return DatabaseRoles(str(database(owner_variable())["USER"]), str(database()["USER"]), reader)


def own_variable() -> str:
    """Return the variable with the address this process connects to; manage.py sets DATABASE_ROLE=owner for migrations."""
    role = text("DATABASE_ROLE", "app")
    if role not in {"owner", "app"}:
        raise ImproperlyConfigured(f"DATABASE_ROLE must be owner or app, not {role!r}.")
    return owner_variable() if role == "owner" else "DATABASE_URL"


def owner_variable() -> str:
    """Return the variable with the owner's address; one role may do everything where only DATABASE_URL is given."""
    return "DATABASE_OWNER_URL" if text("DATABASE_OWNER_URL", "") else "DATABASE_URL"


def broker(redis_url: str) -> str:
    """Return the address as Celery writes it: unix:///path?db=0 is redis+socket:///path?virtual_host=0 there."""
    url = urlsplit(redis_url)
    if url.scheme != "unix":
        return redis_url
    number = parse_qs(url.query).get("db", ["0"])[-1]
    return f"redis+socket://{url.path}?virtual_host={number}"


@dataclass(frozen=True)
class KeyRing:
    """The secrets of one installation, read from the JSON file KEY_FILE names (mode 0600, made by the launcher)."""

    secret_key: str
    data_keys: dict[str, bytes]
    current_key: str
    blind_key: bytes


def key_ring(name: str = "KEY_FILE") -> KeyRing:
    """Read {"secret_key", "data_keys": {id: base64 of 32 bytes}, "current_key", "blind_key": base64 of 32 bytes}."""
    path = Path(text(name))
    try:
        raw = json.loads(path.read_text("utf-8"))
        ring = KeyRing(
            secret_key=raw["secret_key"],
            data_keys={key: base64.b64decode(value) for key, value in raw["data_keys"].items()},
            current_key=raw["current_key"],
            blind_key=base64.b64decode(raw["blind_key"]),
        )
    except FileNotFoundError as error:
        raise ImproperlyConfigured(f"{name} names {path}, which does not exist.") from error
    except (KeyError, ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{path} is not a key file: {error}.") from error
    if ring.current_key not in ring.data_keys or any(len(key) != 32 for key in ring.data_keys.values()):
        raise ImproperlyConfigured(f"{path}: current_key must name a 32-byte key among data_keys.")
    return ring
