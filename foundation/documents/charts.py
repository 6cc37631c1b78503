"""Pictures of counts: their geometry, computed here; components/chart.html draws it as SVG, and the table behind it.

Pure: a caller hands in labels, counts and the addresses of the people behind each mark. Everything is text in a template, so every
value is escaped there; no script, no style attribute. Which of a picture's series a mark belongs to is shown in three ways: by its
colour, by its pattern or the form of its points, and by a label beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.functional import Promise

from foundation.primitives.rates import Rate

Text = str | Promise

WIDTH = 420.0
LINE = 18.0
"""The height of a line of text."""
MOST_SERIES = 6
MOST_BARS = 25
"""Of bars so many are drawn."""
MOST_BANDS = 14
"""Of changes from one to another so many are drawn: more cannot be told apart."""
LETTER = 7.4
"""About the width of a Latin letter; a Chinese one takes two."""
MOST_LABEL = 136.0
"""The room for the name of a line beside its end."""

COLOURS_ON_PAPER = ("#0d5566", "#c46a12", "#7a3e9d", "#2f8f5b", "#a3252b", "#6f7a82")
"""As tokens.css has them in the light scheme; a sheet of paper has no stylesheet."""
DASHES = ("none", "7 3", "2 3", "10 3 2 3", "4 2", "1 2")
ON_PAPER = (
    ".grid{stroke:#ccc;stroke-width:1;fill:none} .label{fill:#222} .hatch{stroke:#fff;stroke-width:1.3;fill:none} "
    ".stroke{fill:none;stroke-width:2} .mark{stroke:#fff;stroke-width:1} "
    + " ".join(
        f".mark.s{number}{{fill:{colour}}} .stroke.s{number}{{stroke:{colour};stroke-dasharray:{dash}}}"
        for number, (colour, dash) in enumerate(zip(COLOURS_ON_PAPER, DASHES, strict=True), 1)
    )
)


@dataclass(frozen=True)
class Point:
    """One value of a series: how it is read aloud and shown on pointing, and where its people are listed."""

    value: float | None
    words: str
    url: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class Series:
    """A line, or a layer of stacked bars."""

    label: Text
    points: Sequence[Point]


@dataclass(frozen=True)
class Bar:
    """One bar: its label, the pieces it is made of, and what stands at its end."""

    label: Text
    pieces: Sequence[Point]
    end: str
    url: str = ""


@dataclass(frozen=True)
class Flow:
    """So many went from one to another."""

    was: str
    now: str
    count: int
    words: str
    url: str = ""


@dataclass(frozen=True)
class DataTable:
    """The table behind a picture."""

    headings: Sequence[Text]
    rows: Sequence[Sequence[Text | int]]


@dataclass(frozen=True)
class Label:
    """A text of the picture; `anchor` as SVG names it."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    tone: str = "soft"
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """One mark: a rectangle, a band or a point, of the series with this number, with words and an address."""

    series: int
    words: str
    url: str
    d: str
    is_band: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line of a series, or of the grid."""

    series: int
    d: str


@dataclass(frozen=True)
class Picture:
    """A picture ready to be drawn. `key` makes its ids unique on a page; `empty` is shown where there is nothing to draw."""

    key: str
    title: Text
    note: Text
    height: float
    table: DataTable
    labels: Sequence[Label] = ()
    marks: Sequence[Mark] = ()
    strokes: Sequence[Stroke] = ()
    grid: Sequence[Stroke] = ()
    swatches: Sequence[tuple[int, float, float]] = field(default=())
    width: float = WIDTH

    @property
    def is_empty(self) -> bool:
        return not self.marks


def lines(
    *, key: str, title: Text, note: Text, steps: Sequence[str], series: Sequence[Series], shown: Callable[[float], str]
) -> Picture:
    """Draw a line for each series over the steps, with its label at its end; a step without a value leaves a gap."""
    series = series[:MOST_SERIES]
    values = [point.value for each in series for point in each.points if point.value is not None]
    least, most, ticks = _scale(values)
    right = min(max((text_width(str(each.label)) for each in series), default=0), MOST_LABEL) + 14
    left, top, bottom = max(text_width(shown(tick)) for tick in ticks) + 14, 12.0, 200.0
    inner = WIDTH - left - right

    def x_of(place: int) -> float:
        return left + inner * (place + 0.5) / max(len(steps), 1)

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * (value - least) / (most - least)

    grid = [Stroke(0, f"M{left:.1f} {y_of(tick):.1f}H{WIDTH - right:.1f}") for tick in ticks]
    labels = [Label(left - 6, y_of(tick) + 4, shown(tick), "end") for tick in ticks]
    labels += _steps(steps, x_of, bottom + LINE)
    marks, strokes = [], []
    for number, each in enumerate(series, 1):
        places = [(x_of(place), y_of(p.value), p) for place, p in enumerate(each.points) if p.value is not None]
        strokes.append(Stroke(number, _path(places_of(each, x_of, y_of))))
        marks += [Mark(number, p.words, p.url, _point(number, x, y)) for x, y, p in places]
    ends = [
        (y_of(each.points[-1].value), number, str(each.label))
        for number, each in enumerate(series, 1)
        if each.points and each.points[-1].value is not None
    ]
    labels += [
        Label(WIDTH - right + 8, y + 5, _cut(text, MOST_LABEL), tone="ink")
        for y, _number, text in _apart(ends, top, bottom)
    ]
    rows: list[Sequence[Text | int]] = [
        [step, *(each.points[place].words for each in series)] for place, step in enumerate(steps)
    ]
    table = DataTable(["", *(each.label for each in series)], rows)
    return Picture(key, title, note, bottom + 2 * LINE, table, labels, marks, strokes, grid)


def places_of(
    series: Series, x_of: Callable[[int], float], y_of: Callable[[float], float]
) -> list[tuple[float, float] | None]:
    """Return where each value of a series lies; None where it has none."""
    return [
        None if point.value is None else (x_of(place), y_of(point.value)) for place, point in enumerate(series.points)
    ]


def bars(
    *,
    key: str,
    title: Text,
    note: Text,
    legend: Sequence[Text],
    rows: Sequence[Bar],
    head: Text,
    drawn: int = MOST_BARS,
) -> Picture:
    """Draw a bar a row, the first above: its pieces side by side, its label before it and its figures behind it.

    The first rows are drawn; the table has all.
    """
    table = DataTable(
        [head, *legend, ""], [[row.label, *(piece.words for piece in row.pieces), row.end] for row in rows]
    )
    rows = rows[:drawn]
    left = min(max((text_width(str(row.label)) for row in rows), default=0) + 10, WIDTH * 0.36)
    right = max((text_width(row.end) for row in rows), default=0) + 10
    most = max((sum(piece.value or 0 for piece in row.pieces) for row in rows), default=0) or 1
    scale = max(WIDTH - left - right, 40) / most
    labels, swatches, top = _legend(legend)
    marks = []
    row_height = 26.0
    for place, row in enumerate(rows):
        y, x = top + place * row_height, left
        labels.append(Label(left - 8, y + 16, _cut(str(row.label), left - 8), "end", "ink", row.url))
        for number, piece in enumerate(row.pieces, 1):
            width = (piece.value or 0) * scale
            if width > 0:
                marks.append(Mark(number, piece.words, piece.url, _box(x, y, width, row_height - 2), is_band=True))
            x += width
        labels.append(Label(x + 6, y + 16, row.end))
    height = top + len(rows) * row_height + 4
    return Picture(key, title, note, height, table, labels, marks, swatches=swatches)


def flow(
    *,
    key: str,
    title: Text,
    note: Text,
    flows: Sequence[Flow],
    heads: tuple[Text, Text],
    many: Text,
    drawn: int = MOST_BANDS,
) -> Picture:
    """Draw bands from what was, on the left, to what is now, on the right; as wide as they are many.

    The largest are drawn. The figures beside the names, their height and the table are of all.
    """
    flows = sorted(flows, key=lambda each: -each.count)
    before, after = _sums(flows, "was"), _sums(flows, "now")
    total = sum(each.count for each in flows) or 1
    label_room, gap = 146.0, 10.0
    room = max(len(before), len(after), 1) * 26.0
    scale = max(room, 160.0) / total
    left, right = label_room, WIDTH - label_room
    labels = [Label(left - 8, 14, str(heads[0]), "end"), Label(right + 8, 14, str(heads[1]), "start")]
    tops = {side: _stacked(sums, scale, gap, 24.0) for side, sums in (("was", before), ("now", after))}
    for side, sums, x, anchor in (("was", before, left - 8, "end"), ("now", after, right + 8, "start")):
        for name, count in sums.items():
            middle = tops[side][name] + count * scale / 2 + 4
            room = label_room - 10 - text_width(f" {count:,}")
            labels.append(Label(x, middle, f"{_cut(name, room)} {count:,}", anchor, "ink"))
    marks = []
    places = {side: dict(tops[side]) for side in tops}
    numbers = {name: place % MOST_SERIES + 1 for place, name in enumerate(before)}
    for each in flows[:drawn]:
        y, y2, height = places["was"][each.was], places["now"][each.now], each.count * scale
        marks.append(Mark(numbers[each.was], each.words, each.url, _band(left, y, right, y2, height), is_band=True))
        places["was"][each.was] += height
        places["now"][each.now] += height
    height = max(
        (
            tops[side][name] + count * scale
            for side, sums in (("was", before), ("now", after))
            for name, count in sums.items()
        ),
        default=40.0,
    )
    rows: list[Sequence[Text | int]] = [[each.was, each.now, each.count] for each in flows]
    return Picture(key, title, note, height + 12, DataTable([*heads, many], rows), labels, marks)


def columns(
    *, key: str, title: Text, note: Text, steps: Sequence[str], rows: Sequence[Series], marked: Callable[[Point], bool]
) -> Picture:
    """Draw a row of small upright bars for each series over the steps, each row on its own scale; marked ones stand out."""
    left = min(max((text_width(str(row.label)) for row in rows), default=0) + 10, WIDTH * 0.34)
    right, row_height = 62.0, 34.0
    inner = WIDTH - left - right

    def x_of(place: int) -> float:
        return left + inner * (place + 0.5) / max(len(steps), 1)

    labels: list[Label] = []
    marks = []
    bar = min(inner / max(len(steps), 1) - 2, 24.0)
    for place, row in enumerate(rows):
        base = (place + 1) * row_height
        most = max((point.value or 0 for point in row.points), default=0) or 1
        labels.append(Label(left - 8, base - 6, _cut(str(row.label), left - 8), "end", "ink"))
        newest = next((point for point in reversed(row.points) if point.value is not None), None)
        labels.append(Label(WIDTH - right + 4, base - 6, f"{int(newest.value or 0):,}" if newest else "—"))
        for step, point in enumerate(row.points):
            if point.value is None:
                continue
            height = max((row_height - 8) * point.value / most, 2)
            box = _box(x_of(step) - bar / 2, base - height, bar, height)
            marks.append(Mark(2 if marked(point) else 1, point.words, point.url, box, is_band=True))
    height = len(rows) * row_height + 2 * LINE
    labels += _steps(steps, x_of, len(rows) * row_height + LINE)
    table = DataTable(["", *steps], [[row.label, *(point.words for point in row.points)] for row in rows])
    return Picture(key, title, note, height, table, labels, marks)


def rate_bar(label: Text, rate: Rate, *, urls: tuple[str, str], url: str, words: tuple[str, str], end: str) -> Bar:
    """Return a bar of two pieces: what a rate counts, and what is missing to the whole."""
    part, missing = words
    return Bar(label, [Point(rate.part, part, urls[0]), Point(rate.missing, missing, urls[1])], end, url)


def svg_file(picture: Picture) -> str:
    """Return a picture as a file of its own for paper: no links, and its colours within."""
    return render_to_string("components/chart_svg.html", {"picture": picture, "style": ON_PAPER})


def text_width(text: str) -> float:
    """Return about how wide a text of a picture is."""
    return sum(2 * LETTER if ord(letter) >= 0x2E80 else LETTER for letter in text)


def _cut(text: str, room: float) -> str:
    """Shorten a label to its room; the whole stands in the table."""
    if text_width(text) <= room:
        return text
    kept = ""
    for letter in text:
        if text_width(kept + letter + "…") > room:
            return kept + "…"
        kept += letter
    return kept


def _scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Return the least and the greatest value of an axis, and its four or five round steps."""
    low, high = min(values, default=0), max(values, default=1)
    span = (high - low) or max(abs(high) * 0.1, 1)
    raw = span / 4
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= raw)
    first = math.floor(low / step) * step
    count = max(math.ceil((high - first) / step), 1)
    ticks = [round(first + step * place, 10) for place in range(count + 1)]
    return ticks[0], ticks[-1], ticks


def _steps(steps: Sequence[str], x_of: Callable[[int], float], y: float) -> list[Label]:
    """Label the steps, each second or third only where they would touch."""
    if not steps:
        return []
    room = x_of(1) - x_of(0) if len(steps) > 1 else WIDTH
    every = max(1, math.ceil((text_width(steps[0]) + 12) / room))
    return [
        Label(x_of(place), y, step, "middle")
        for place, step in enumerate(steps)
        if (len(steps) - 1 - place) % every == 0
    ]


def _legend(legend: Sequence[Text]) -> tuple[list[Label], list[tuple[int, float, float]], float]:
    """Lay the names of the series in lines above the picture; return labels, swatches and the height taken."""
    labels, swatches = [], []
    x, y = 0.0, 14.0
    for number, text in enumerate(legend, 1):
        width = 20 + text_width(str(text)) + 16
        if x and x + width > WIDTH:
            x, y = 0.0, y + LINE + 3
        swatches.append((number, x, y - 11))
        labels.append(Label(x + 20, y, str(text), "start", "ink"))
        x += width
    return labels, swatches, (y + 10 if legend else 4.0)


def _apart(ends: Sequence[tuple[float, int, str]], top: float, bottom: float) -> list[tuple[float, int, str]]:
    """Move labels that would overlap apart, in the order of their places."""
    placed: list[tuple[float, int, str]] = []
    for y, number, text in sorted(ends):
        at = max(y, placed[-1][0] + LINE) if placed else max(y, top)
        placed.append((at, number, text))
    over = placed[-1][0] - bottom if placed else 0
    return [(y - over, number, text) for y, number, text in placed] if over > 0 else placed


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    d, is_open = "", False
    for place in places:
        if place is None:
            is_open = False
            continue
        d += f"{'L' if is_open else 'M'}{place[0]:.1f} {place[1]:.1f}"
        is_open = True
    return d


def _point(number: int, x: float, y: float) -> str:
    """Return the form of a series' points: circle, square, triangle, diamond, its reverse, cross."""
    r = 4.5
    forms = [
        f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z",
        f"M{x - r + 0.5:.1f} {y - r + 0.5:.1f}h{2 * r - 1}v{2 * r - 1}h{1 - 2 * r}z",
        f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {2 * r}h{-2 * r - 2}z",
        f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z",
        f"M{x:.1f} {y + r + 1:.1f}l{r + 1} {-2 * r}h{-2 * r - 2}z",
        f"M{x - r:.1f} {y - 1.5:.1f}h{r - 1.5}v{1.5 - r}h3v{r - 1.5}h{r - 1.5}v3h{1.5 - r}v{r - 1.5}h-3v{1.5 - r}h{1.5 - r}z",
    ]
    return forms[(number - 1) % len(forms)]


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.1f} {y:.1f}h{width:.2f}v{height:.1f}h{-width:.2f}z"


def _band(x: float, y: float, x2: float, y2: float, height: float) -> str:
    middle = (x + x2) / 2
    return (
        f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}v{height:.2f}"
        f"C{middle:.1f} {y2 + height:.1f} {middle:.1f} {y + height:.1f} {x:.1f} {y + height:.1f}z"
    )


def _sums(flows: Sequence[Flow], side: str) -> dict[str, int]:
    """Return how many each name of a side has, the most first."""
    sums: dict[str, int] = {}
    for each in flows:
        name = getattr(each, side)
        sums[name] = sums.get(name, 0) + each.count
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _stacked(sums: dict[str, int], scale: float, gap: float, top: float) -> dict[str, float]:
    """Return where each name begins: one below another, apart by a gap, and by a line of text where they are thin."""
    places, y = {}, top
    for name, count in sums.items():
        places[name] = y
        y += max(count * scale + gap, LINE)
    return places
