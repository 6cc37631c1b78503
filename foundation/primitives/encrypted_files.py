"""Whole files as ciphertext: parts of 16 MiB, each encrypted for its place in the file: none can be lost, moved or changed unnoticed.

Layout: for every part its length (4 bytes, big-endian) and the ciphertext; the last part is marked as the last.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from foundation.primitives.ciphertext import Cipher, CiphertextError, key_id_of

PART_BYTES = 16 << 20
LENGTH_BYTES = 4


def encrypt_file(cipher: Cipher, place: str, source: BinaryIO, target: Path) -> None:
    """Write the ciphertext of a stream under a name.

    Effects: writes beside the target, mode 0600, and renames: a file under its final name is whole and on the disk.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_suffix(f".{secrets.token_hex(8)}")  # two may write the same file at one moment
    try:
        _write(cipher, place, source, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(cipher: Cipher, place: str, source: BinaryIO, path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        for number, (part, is_last) in enumerate(_parts(source)):
            ciphertext = cipher.encrypt_bytes(_place(place, number, is_last), part)
            written.write(len(ciphertext).to_bytes(LENGTH_BYTES, "big"))
            written.write(ciphertext)
        written.flush()
        os.fsync(written.fileno())


def decrypt_file(cipher: Cipher, place: str, path: Path) -> bytes:
    """Return the content of an encrypted file.

    Errors: CiphertextError when it is cut, changed, of another place or of a key not in the ring; FileNotFoundError.
    """
    parts = list(_decrypted_parts(cipher, place, path))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def decrypt_file_to(cipher: Cipher, place: str, path: Path, target: Path) -> None:
    """Write the content of an encrypted file, whatever its size, under a new name.

    Effects: the target, mode 0600, flushed to the disk; what an error interrupts is left unfinished. Errors: as decrypt_file;
    FileExistsError.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        for part in _decrypted_parts(cipher, place, path):
            written.write(part)
        written.flush()
        os.fsync(written.fileno())


def _decrypted_parts(cipher: Cipher, place: str, path: Path) -> Iterator[bytes]:
    """Yield the parts of an encrypted file, one in memory at a time."""
    size, end, number = path.stat().st_size, 0, 0
    if size == 0:
        raise CiphertextError(f"{place}: the file is empty.")
    with path.open("rb") as file:
        while end < size:
            length = int.from_bytes(file.read(LENGTH_BYTES), "big")
            end += LENGTH_BYTES + length
            if end > size:
                raise CiphertextError(f"{place}: the file is cut off.")
            yield cipher.decrypt_bytes(_place(place, number, end == size), file.read(length))
            number += 1


def key_id_of_file(path: Path) -> str:
    """Return the id of the key that encrypted a file. Errors: CiphertextError when it is no encrypted file."""
    with path.open("rb") as file:
        return key_id_of(file.read(LENGTH_BYTES + 64)[LENGTH_BYTES:])


def _place(place: str, number: int, is_last: bool) -> str:
    return f"{place}:{number}:{'last' if is_last else 'more'}"


def _parts(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    part = source.read(PART_BYTES)
    while True:
        following = source.read(PART_BYTES)
        yield part, not following
        if not following:
            return
        part = following
