"""The order of the work: people, their circumstances, the rolls, the lists, the other files, and the truth beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demo.county import (
    anomalies,
    circumstances,
    feeds,
    households,
    next_month,
    next_roll,
    numbers,
    pairs,
    people,
    poor_files,
    poor_rows,
    rolls,
    scheme_rolls,
    strangers,
    truth,
    variants,
    verdicts,
    writers,
)
from demo.county.dates import last_day
from demo.county.draw import NOBODY, share_of, stream
from demo.county.feed import Feed, Month
from demo.county.habits import whole_month
from demo.county.listing import Listing
from demo.county.people import People
from demo.county.places import load_places

OutputFormat = Literal["files", "parquet"]
Layout = Literal["usual", "variant", "stranger"]
Progress = Callable[[str], None]
BIRTHS_PER_ROLL_ROW = 0.00067


@dataclass(frozen=True)
class MadeCounty:
    """What was written and where: folder and files of the first month, and the folders of all months."""

    month_folder: Path
    truth_folder: Path
    poor: int
    resident_rows: int
    files: tuple[Path, ...]
    month_folders: tuple[Path, ...]


def make_county(
    *,
    poor: int,
    roll: int,
    seed: int,
    out: Path,
    county: str = "320682",
    month: date = date(2018, 12, 1),
    output_format: OutputFormat = "files",
    layout: Layout = "usual",
    months: int = 1,
    on_progress: Progress | None = None,
) -> MadeCounty:
    """Write a month's deliveries of a county, or those of two months, and the truth about them.

    Shape: `poor` natural poor persons, `roll` rows of the resident roll; the other files in proportion.
    With layout "variant" the seed decides on other header words, column orders, encodings and separators; with "stranger" on file
    names, titles, headers put together from words, orders, statuses, days and encodings, as of a county nobody has seen.
    The second of two months is sent by the same senders about the same people: a few are new, leave, die, move, enrol or begin to
    draw, some lines are put right (next_month.py); the truth has both months and what changed.
    Effects: writes out/YYYY-MM and out/truth; the same arguments write the same bytes.
    Errors: ValueError when the roll is too small for the poor, or the county's villages are not shipped.
    Cost: 12,600 poor and 650,000 roll rows as files take 8 to 13 s and 0.9 GB on two cores;
    1,000,000 and 10,000,000 as Parquet two minutes and 5.8 GB.
    """
    if months not in (1, 2):
        raise ValueError("a county is made for one month or two")
    report = on_progress or (lambda step: None)
    report("people")
    entrants = share_of(poor, next_month.ENTRANTS_SHARE) if months > 1 else 0
    added = share_of(roll, next_roll.NEW_ROWS_SHARE) if months > 1 else 0
    world = _draw_world(seed, poor + entrants, roll + added, county, month, months)
    report("rolls")
    resident, schemes = _keep_rolls(world, roll + added)
    report("lists and feeds")
    whole = _Sent(world.month, world.poor, _list_rows(world), resident, schemes)
    if months == 1:
        made, changes = (
            [_write_lists(world, whole, _write_feeds(world.month, world.month, world.newborn[0]), layout)],
            None,
        )
    else:
        made, changes = _write_two_months(world, whole, entrants, added, layout)
    report("files")
    truth_folder = out / "truth"
    truth_folder.mkdir(parents=True, exist_ok=True)
    folders, written = [], []
    for each in made:
        folders.append(out / each.month_word)
        folders[-1].mkdir(parents=True, exist_ok=True)
        written.append(
            _write_files(each, folders[-1], date.fromisoformat(f"{each.month_word}-01"), output_format, layout)
        )
    for each in made:
        for listing in each.listings.values():
            listing.forget_cells()
    report("truth")
    truth.write_truth(made, truth_folder, changes)
    return MadeCounty(folders[0], truth_folder, poor, roll, tuple(written[0]), tuple(folders))


@dataclass
class _World:
    month: Month
    poor: households.Poor
    listed_village: NDArray  # where each poor person's household is listed, also if they moved
    newborn: list[People]  # of each month


@dataclass
class _Sent:
    """What the lists and rolls of a month are written from."""

    month: Month
    poor: households.Poor
    rows: poor_rows.PoorRows
    resident: rolls.ResidentRoll
    schemes: list[scheme_rolls.SchemeRoll]
    earlier: truth.County | None = None


Feeds = tuple[dict[str, Feed], NDArray[np.int64]]
"""The other files, and for a few lines of those from other provinces whose number another person bears there."""


def _draw_world(seed: int, poor_count: int, roll_size: int, county: str, month: date, months: int) -> _World:
    """Everybody and their circumstances; numbers are given last, when all birth dates are fixed."""
    places = load_places(county)
    as_of = last_day(month)
    poor = households.raise_households(seed, poor_count, as_of, places)
    listed_village = poor.people.village.copy()
    facts = circumstances.decide_circumstances(seed, poor, as_of, places)
    circumstances.choose_movers(stream(seed, "movers"), facts, poor, places)
    _, resident_strangers, _ = rolls.count_resident_rows(roll_size, poor, facts)
    insured = (facts.situation == circumstances.RESIDENT) & ~facts.dead
    others = strangers.gather_strangers(
        seed, resident_strangers, roll_size, poor.people, insured, as_of, places, months
    )
    rng = stream(seed, "newborn")
    born = max(1, round(roll_size * BIRTHS_PER_ROLL_ROW))
    newborn = []
    everybody = poor.people + others.people
    for end in (as_of, _next_end(as_of))[:months]:
        village = rng.integers(0, places.village_count, born)
        newborn.append(people.settle(rng, end - rng.integers(5, 50, born), rng.integers(0, 2, born), village))
        everybody += newborn[-1]
    everybody.serial = numbers.allocate_serials(everybody.birth, everybody.sex, everybody.prefix, poor.twins)
    for of_month, serial in zip(
        newborn, np.split(everybody.serial[len(everybody) - born * months :], months), strict=True
    ):
        of_month.serial = serial
    return _World(Month(seed, everybody, facts, others, places, as_of), poor, listed_village, newborn)


def _next_end(as_of: np.datetime64) -> np.datetime64:
    return (as_of.astype("M8[M]") + 2).astype("M8[D]") - 1


def _keep_rolls(world: _World, size: int) -> tuple[rolls.ResidentRoll, list[scheme_rolls.SchemeRoll]]:
    month = world.month
    shared = (month.facts, month.strangers, month.people, month.as_of, month.places)
    resident = rolls.keep_resident_roll(month.seed, size, world.poor, *shared)
    kept = [scheme_rolls.keep_scheme_roll(month.seed, scheme, size, *shared) for scheme in scheme_rolls.ROLL_SHARES]
    return resident, kept


def _list_rows(world: _World) -> poor_rows.PoorRows:
    month = world.month
    return poor_rows.list_poor_rows(
        month.seed, world.poor, month.facts, month.people, world.listed_village, month.places
    )


def _write_two_months(
    world: _World, whole: _Sent, entrants: int, added: int, layout: Layout
) -> tuple[list[truth.County], truth.Columns]:
    """Write the same people's lists of two months: everybody was drawn before, each month is a view of them."""
    poor, month, rows, roll = whole.poor, whole.month, whole.rows, whole.resident
    as_of = _next_end(month.as_of)
    turn = next_month.draw_turn(month.seed, entrants, poor, month.facts, month.strangers, as_of)
    first, second = next_month.first_month(month, turn), next_month.second_month(month, turn, as_of)
    then, now = next_month.first_poor(poor, turn), next_month.second_poor(poor, turn)
    later = next_roll.new_rows(month.seed, added, roll, turn, month)
    kept = next_month.listed_rows(rows, then), next_month.listed_rows(rows, now)
    repaired, repairs = next_month.repair_rows(month.seed, rows, second.people)
    next_resident, on_roll = next_roll.second_roll(roll, later, turn, month, second)
    feeds_before = _write_feeds(first, first, world.newborn[0])
    feeds_after = _next_feeds(feeds_before, second, next_month.news_of(second, turn), world.newborn[1], first.stamp)
    sent = _Sent(first, then, rows.only(kept[0]), next_roll.first_roll(roll, later), whole.schemes)
    before = _write_lists(world, sent, feeds_before, layout)
    sent = _Sent(second, now, repaired.only(kept[1]), next_resident, whole.schemes, before)
    after = _write_lists(world, sent, feeds_after, layout)
    changes = truth.change_rows(rows, kept, poor, turn, repairs, on_roll, month.places.county)
    return [before, after], changes


def _write_feeds(month: Month, news: Month, newborn: People) -> Feeds:
    outprov, misused = feeds.outprov_feed(month)
    return {
        "disability": feeds.disability_feed(month),
        "outprov": outprov,
        "deaths": feeds.deaths_feed(news),
        "hukou": feeds.hukou_feed(news, newborn),
        "prison": feeds.prison_feed(month),
        "students": feeds.students_feed(month),
        "soldiers": feeds.soldiers_feed(month),
        "survey": feeds.survey_feed(month),
    }, misused


def _next_feeds(before: Feeds, month: Month, news: Month, newborn: People, stamp: str) -> Feeds:
    """Full lists are sent again as they were; deaths and moves are those of the month."""
    carried = {name: next_month.carry_on(feed, stamp, month.stamp) for name, feed in before[0].items()}
    return carried | {"deaths": feeds.deaths_feed(news), "hukou": feeds.hukou_feed(news, newborn)}, before[1]


def _write_lists(world: _World, sent: _Sent, written: Feeds, layout: Layout) -> truth.County:
    month, poor, rows = sent.month, sent.poor, sent.rows
    seed, stamp, everybody, places = month.seed, month.stamp, month.people, month.places
    dibao, dibao_row = poor_files.dibao_listing(seed, rows, poor, everybody, places, stamp)
    listings = {
        "poverty": poor_files.poverty_listing(seed, rows, poor, month.facts, everybody, places, stamp),
        "dibao": dibao,
        "tekun": poor_files.tekun_listing(seed, rows, poor, everybody, places, stamp),
    }
    other_feeds, misused = written
    outprov = other_feeds["outprov"]
    if layout == "stranger":
        listings = {feed: whole_month.rename_file(seed, listing, stamp) for feed, listing in listings.items()}
        for feed in other_feeds.values():
            feed.listing = whole_month.rename_file(seed, feed.listing, stamp)
    roll_files = {
        "resident": (f"城乡居保参保人员_{stamp}.zip", f"jm_{stamp}.csv"),
        "employee": (f"企业职工养老参保_{stamp}.csv.zip", f"employee_{stamp}.csv"),
        "civil": (f"机关事业养老参保_{stamp}.csv.zip", f"civil_{stamp}.csv"),
    }
    if layout == "stranger":
        roll_files = {scheme: whole_month.rename_roll(seed, scheme, stamp) for scheme in roll_files}
    return truth.County(
        month=month,
        poor=poor,
        rows=rows,
        addresses=truth.address_rows(rows, poor, listings, dibao_row, places.county),
        listings=listings | {name: feed.listing for name, feed in other_feeds.items()},
        resident=sent.resident,
        schemes=sent.schemes,
        roll_files=roll_files,
        feeds=other_feeds,
        verdicts=verdicts.decide_verdicts(poor, month.facts, sent.resident, places),
        pairs=_pair_up(world, sent, outprov, misused),
        anomalies=anomalies.find_anomalies(sent.resident, sent.schemes, other_feeds, month),
        earlier=sent.earlier,
    )


def _pair_up(world: _World, sent: _Sent, outprov: Feed, misused: NDArray[np.int64]) -> pairs.Pairs:
    rows, resident, schemes = sent.rows, sent.resident, sent.schemes
    everybody, count = world.month.people, len(world.poor)
    namesakes = world.month.strangers.namesakes
    at = np.flatnonzero((resident.uid < count) | np.isin(resident.uid, namesakes[:, 1]))
    tags = resident.tags | {"roll_dup": np.flatnonzero(resident.is_double)}
    own = pairs.roll_lines(
        "resident", resident.uid, at, resident.roll_no[at].astype(str), everybody, resident.name, tags
    )
    found = [pairs.true_pairs(rows, own)]
    for roll in schemes:
        of_poor = np.flatnonzero(roll.uid < count)
        lines = pairs.roll_lines(roll.scheme, roll.uid, of_poor, roll.roll_no[of_poor], everybody, roll.name, roll.tags)
        found.append(pairs.true_pairs(rows, lines))
    found.append(pairs.true_pairs(rows, _outprov_lines(outprov, outprov.uid)))
    found.append(pairs.false_pairs(rows, own, "id_of_relative", rows.borrowed_from))
    found.append(pairs.false_pairs(rows, own, "same_name_same_birth", _other_of(namesakes, count)[rows.uid]))
    twins = np.concatenate([world.poor.twins, world.poor.twins[:, ::-1]])
    found.append(pairs.false_pairs(rows, own, "twin", _other_of(twins, count)[rows.uid]))
    trap = pairs.false_pairs(rows, _outprov_lines(outprov, misused), "same_number_other_person", rows.uid)
    return pairs.joined([*found, trap])


def _other_of(couples: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each poor person the second of a couple whose first they are, or NOBODY."""
    other = np.full(count, NOBODY)
    other[couples[:, 0]] = couples[:, 1]
    return other


def _outprov_lines(outprov: Feed, uid: NDArray[np.int64]) -> pairs.RollLines:
    listing = outprov.listing
    at = np.flatnonzero(uid != NOBODY)
    return pairs.RollLines(
        scheme="outprov",
        uid=uid[at],
        row=at,
        line=listing.line[at],
        roll_no=np.full(len(at), ""),
        name=listing.columns["姓名"][at],
        tags=outprov.tags[at],
    )


def _write_files(
    made: truth.County, folder: Path, month: date, output_format: OutputFormat, layout: Layout
) -> list[Path]:
    as_parquet = output_format == "parquet"
    people_, places, seed = made.month.people, made.month.places, made.month.seed
    if layout == "variant":
        made.text_forms = {feed: variants.choose_form(seed, feed) for feed in made.listings}
    if layout == "stranger":
        made.text_forms = {feed: whole_month.choose_text_form(seed, feed) for feed in made.listings}
    written = []
    for feed, listing in made.listings.items():
        written.append(
            _write_listing(_in_layout(seed, listing, layout), folder, month, as_parquet, made.text_form(feed))
        )
    chunks = {"resident": rolls.resident_chunks(seed, made.resident, people_, places)}
    chunks |= {roll.scheme: iter([scheme_rolls.scheme_table(roll, people_, places)]) for roll in made.schemes}
    for scheme, (file, part) in made.roll_files.items():
        path = folder / (file.split(".")[0] + ".parquet" if as_parquet else file)
        if layout == "stranger":
            chunks[scheme] = whole_month.rewrite_roll(seed, scheme, chunks[scheme])
        if as_parquet:
            writers.write_parquet(path, chunks[scheme])
        else:
            writers.write_zipped_roll(path, part, chunks[scheme], month)
        written.append(path)
    return written


def _in_layout(seed: int, listing: Listing, layout: Layout) -> Listing:
    if layout == "usual":
        return listing
    return variants.vary(seed, listing) if layout == "variant" else whole_month.rewrite(seed, listing)


def _write_listing(listing: Listing, folder: Path, month: date, as_parquet: bool, form: variants.TextForm) -> Path:
    if as_parquet:
        path = folder / (listing.file.split(".")[0] + ".parquet")
        writers.write_parquet(path, [writers.listing_table(listing)])
        return path
    path = folder / listing.file
    if listing.file.endswith(".xlsx"):
        writers.write_workbook(path, listing, month)
    else:
        writers.write_text(path, listing, form.encoding, form.separator)
    return path
