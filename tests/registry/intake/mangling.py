"""Small real-like files spoilt at random, by a seed: bytes flipped, cut, put in, cells swapped, lines dropped, encodings changed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.registry.intake.varieties import HOUSEHOLDS, LONG, WIDE, Table, dibao_table, poverty_table, tekun_table

Mangler = Callable[[random.Random, bytearray], bytes]


@cache
def whole_files() -> tuple[tuple[str, bytes], ...]:
    """Return name and bytes of every way to write the three lists of the poor."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for make in (poverty_table, dibao_table, tekun_table):
            table: Table = make()
            ways = LONG if table.shared == [] else {**LONG, **HOUSEHOLDS, **WIDE}
            for write in ways.values():
                path = write(table, Path(folder))
                found.append((path.name, path.read_bytes()))
    return tuple(found)


def flip(chance: random.Random, data: bytearray) -> bytes:
    for _ in range(chance.choice([1, 1, 3, 20])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut_out(chance: random.Random, data: bytearray) -> bytes:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice([1, 2, 7, 100, 5000])]
    return bytes(data)


def cut_off(chance: random.Random, data: bytearray) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def put_in(chance: random.Random, data: bytearray) -> bytes:
    rubbish = chance.choice(
        [b"\x00", b"\xff\xfe", b'"', b",", b"\n", b"\r", b"|", "王".encode(), "王".encode("gb18030"), b"\x81\x30"]
    )
    start = chance.randrange(len(data))
    data[start:start] = rubbish * chance.choice([1, 1, 2, 50])
    return bytes(data)


def swap_lines(chance: random.Random, data: bytearray) -> bytes:
    lines = bytes(data).split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def drop_lines(chance: random.Random, data: bytearray) -> bytes:
    return b"\n".join(line for line in bytes(data).split(b"\n") if chance.random() > 0.3)


def swap_cells(chance: random.Random, data: bytearray) -> bytes:
    lines = bytes(data).split(b"\n")
    place = chance.randrange(len(lines))
    cells = lines[place].split(b",")
    chance.shuffle(cells)
    lines[place] = b",".join(cells)
    return b"\n".join(lines)


def another_encoding(chance: random.Random, data: bytearray) -> bytes:
    try:
        text = bytes(data).decode(chance.choice(["utf-8", "gb18030", "utf-16"]), "replace")
    except UnicodeError:
        return bytes(data)
    return text.encode(chance.choice(["utf-8", "gb18030", "utf-16", "utf-16-be", "utf-8-sig", "utf-32"]), "replace")


def one_line_in_another_encoding(chance: random.Random, data: bytearray) -> bytes:
    lines = bytes(data).split(b"\n")
    place = chance.randrange(len(lines))
    for read, write in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        try:
            lines[place] = lines[place].decode(read).encode(write)
            break
        except UnicodeError:
            continue
    return b"\n".join(lines)


MANGLERS: tuple[Mangler, ...] = (
    flip, cut_out, cut_off, put_in, swap_lines, drop_lines, swap_cells, another_encoding, one_line_in_another_encoding,
)  # fmt: skip


def mangle(seed: int) -> tuple[str, bytes]:
    """Return a spoilt file: the seed says which and how."""
    chance = random.Random(seed)
    name, data = chance.choice(whole_files())
    for mangler in chance.choices(MANGLERS, k=chance.choice([1, 1, 2])):
        data = mangler(chance, bytearray(data)) or b"\n"
    return name, data
