"""The tiles of the page a user signs in to: what waits for them, each a link to the list it counts. Every app registers its own.

A tile is registered when its app is ready, so that the page, which is portal's, names none of them. All tiles that count rows are
counted in one query, however many apps register some; a tile that states something else (a disk, a backup) asks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.doors import may_open
from foundation.accounts.permissions import Action
from foundation.primitives.clock import BUSINESS_ZONE


@dataclass(frozen=True)
class Stated:
    """What a tile says when it does not count: a figure or a word, its tone (ok, warn, bad or none), and a line below."""

    figure: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """What every tile has: its place (the lowest rank first), whose work it is, and the page it opens.

    `fits` leaves the tile out for some of those who may do the action, by their unit or by what else they may do.
    """

    name: str
    rank: int
    label: Promise
    action: Action
    route: str
    query: str = ""
    fits: Callable[[Actor], bool] = lambda _actor: True

    @property
    def address(self) -> str:
        return reverse(self.route) + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, kw_only=True)
class CountingTile(Tile):
    """A tile that counts the rows its page lists, by `each` where a line of the page is more than a row, and those late on a day.

    Late ones make the tile red; how many they are is said where they are not all.
    """

    rows: Callable[[Actor, date], QuerySet[Any]]
    each: str = "pk"
    late: Callable[[date], Q] | None = None


@dataclass(frozen=True, kw_only=True)
class StatingTile(Tile):
    """A tile that states something else than a count; at most one query."""

    state: Callable[[Actor, datetime], Stated]


@dataclass(frozen=True)
class ShownTile:
    """A tile as the page shows it; `is_quiet`: nothing waits."""

    name: str
    label: str
    url: str
    figure: str
    tone: str
    hint: str
    is_quiet: bool


AnyTile = CountingTile | StatingTile
_TILES: dict[str, AnyTile] = {}


def register_tiles(*tiles: AnyTile) -> None:
    """Make tiles known. Errors: ValueError when a name or a rank is taken by another tile."""
    for tile in tiles:
        others = [each for each in _TILES.values() if each is not tile]
        if any(tile.name == each.name or tile.rank == each.rank for each in others):
            raise ValueError(f"the name or rank of the tile {tile.name} is taken already")
        _TILES[tile.name] = tile


def tiles_of(actor: Actor) -> list[AnyTile]:
    """Return an actor's tiles in order: whose work it is, and whose page they may open."""
    mine = (each for each in _TILES.values() if actor.may(each.action) and each.fits(actor))
    return sorted((each for each in mine if may_open(actor, each.address)), key=lambda each: each.rank)


def list_tiles(actor: Actor, *, at: datetime) -> list[ShownTile]:
    """List an actor's tiles with what they say at a moment. One query for all that count, and those of the others."""
    tiles, today = tiles_of(actor), at.astimezone(BUSINESS_ZONE).date()
    counts = _count([each for each in tiles if isinstance(each, CountingTile)], actor, today)
    return [
        _counted(each, *counts[each.name]) if isinstance(each, CountingTile) else _stated(each, actor, at)
        for each in tiles
    ]


def _count(tiles: Iterable[CountingTile], actor: Actor, today: date) -> dict[str, tuple[int, int]]:
    """Return name -> rows, and those late. One query."""
    counted = [_counting(each, actor, today) for each in tiles]
    if not counted:
        return {}
    rows = counted[0].union(*counted[1:], all=True) if counted[1:] else counted[0]
    return {name: (count, late) for name, count, late in rows}


def _counting(tile: CountingTile, actor: Actor, today: date) -> QuerySet[Any, Any]:
    rows = tile.rows(actor, today)
    same = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))  # noqa: SLF001
    late = tile.late(today) if tile.late else Q(pk__in=[])
    counted = same.order_by().annotate(tile=Value(tile.name)).values("tile")
    return counted.annotate(
        count=Count(tile.each, distinct=tile.each != "pk"), late=Count("pk", filter=late)
    ).values_list("tile", "count", "late")


def _counted(tile: CountingTile, count: int, late: int) -> ShownTile:
    return ShownTile(
        name=tile.name,
        label=str(tile.label),
        url=tile.address,
        figure=number_format(count, use_l10n=True, force_grouping=True),
        tone="bad" if late else "warn" if count else "",
        hint=_("%(count)s overdue") % {"count": number_format(late, force_grouping=True)} if 0 < late < count else "",
        is_quiet=not count,
    )


def _stated(tile: StatingTile, actor: Actor, at: datetime) -> ShownTile:
    said = tile.state(actor, at)
    return ShownTile(
        tile.name, str(tile.label), tile.address, said.figure, said.tone, said.hint, is_quiet=not said.tone
    )
