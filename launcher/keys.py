"""The key file of one installation: created once with mode 0600, never overwritten, never printed; keys are only added.

Its format is read by poverty_pension/settings/env.py (KeyRing). If it is lost, every encrypted number is lost.
"""

import base64
import json
import os
import secrets
from pathlib import Path

from launcher.errors import LauncherError


def ensure_key_file(path: Path, *, database_exists: bool) -> None:
    """Make the key file if there is none.

    Effects: writes it whole or not at all, readable by its owner only.
    Errors: LauncherError when data exist that only a lost key file could read.
    """
    if path.exists():
        path.chmod(0o600)  # also where the mode was changed meanwhile
        return
    if database_exists:
        raise LauncherError(f"{path} is missing, but a database made with it exists; put the key file back.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, new_keys())


def add_key(path: Path) -> str:
    """Add a data key to the ring and make it current; the old ones stay, to decrypt what they encrypted. Return the new key's id.

    Effects: replaces the file whole or not at all, for the same owner.
    Errors: LauncherError when there is no key file, or the file is not one.
    """
    try:
        ring = json.loads(path.read_text("utf-8"))
        numbers = [int(key_id.removeprefix("k")) for key_id in ring["data_keys"]]
    except FileNotFoundError:
        raise LauncherError(
            f"There is no key file {path}; it is made by the first ./run, or by ./run keys FILE."
        ) from None
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise LauncherError(f"{path} is not a key file: {error}.") from error
    key_id = f"k{max(numbers) + 1}"
    ring["data_keys"][key_id] = _random_key()
    ring["current_key"] = key_id
    _write(path, ring)
    return key_id


def _write(path: Path, ring: dict[str, object]) -> None:
    """Write beside the file first, so that a full disk or a kill leaves the old one."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(ring, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        owner = path.stat()
        os.chown(draft, owner.st_uid, owner.st_gid)
    draft.replace(path)


def new_keys() -> dict[str, object]:
    """Draw fresh secrets: Django's, one data key, and the key of the blind index."""
    return {
        "secret_key": secrets.token_urlsafe(50),
        "data_keys": {"k1": _random_key()},
        "current_key": "k1",
        "blind_key": _random_key(),
    }


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")
