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
from demo.county.draw import NOBODY, stream
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
    """What was written and where."""

    month_folder: Path
    truth_folder: Path
    poor: int
    resident_rows: int
    files: tuple[Path, ...]


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
    on_progress: Progress | None = None,
) -> MadeCounty:
    """Write a month's deliveries of a county and the truth about them.

    Shape: `poor` natural poor persons, `roll` rows of the resident roll; the other files in proportion.
    With layout "variant" the seed decides on other header words, column orders, encodings and separators; with "stranger" on file
    names, titles, headers put together from words, orders, statuses, days and encodings, as of a county nobody has seen.
    Effects: writes out/YYYY-MM and out/truth; the same arguments write the same bytes.
    Errors: ValueError when the roll is too small for the poor, or the county's villages are not shipped.
    Cost: 12,600 poor and 650,000 roll rows as files take 8 to 13 s and 0.9 GB on two cores;
    1,000,000 and 10,000,000 as Parquet two minutes and 5.8 GB.
    """
    report = on_progress or (lambda step: None)
    report("people")
    world = _draw_world(seed, poor, roll, county, month)
    report("rolls")
    resident, schemes = _keep_rolls(world, roll)
    report("lists and feeds")
    made = _write_lists(world, resident, schemes, layout)
    report("files")
    folder, truth_folder = out / f"{month:%Y-%m}", out / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    truth_folder.mkdir(parents=True, exist_ok=True)
    written = _write_files(made, folder, month, output_format, layout)
    for listing in made.listings.values():
        listing.forget_cells()
    report("truth")
    truth.write_truth(made, truth_folder)
    return MadeCounty(folder, truth_folder, poor, roll, tuple(written))


@dataclass
class _World:
    month: Month
    poor: households.Poor
    listed_village: NDArray  # where each poor person's household is listed, also if they moved
    newborn: People


def _draw_world(seed: int, poor_count: int, roll_size: int, county: str, month: date) -> _World:
    """Everybody and their circumstances; numbers are given last, when all birth dates are fixed."""
    places = load_places(county)
    as_of = last_day(month)
    poor = households.raise_households(seed, poor_count, as_of, places)
    listed_village = poor.people.village.copy()
    facts = circumstances.decide_circumstances(seed, poor, as_of, places)
    circumstances.choose_movers(stream(seed, "movers"), facts, poor, places)
    _, resident_strangers, _ = rolls.count_resident_rows(roll_size, poor, facts)
    insured = (facts.situation == circumstances.RESIDENT) & ~facts.dead
    others = strangers.gather_strangers(seed, resident_strangers, roll_size, poor.people, insured, as_of, places)
    rng = stream(seed, "newborn")
    born = max(1, round(roll_size * BIRTHS_PER_ROLL_ROW))
    village = rng.integers(0, places.village_count, born)
    newborn = people.settle(rng, as_of - rng.integers(5, 50, born), rng.integers(0, 2, born), village)
    everybody = poor.people + others.people + newborn
    everybody.serial = numbers.allocate_serials(everybody.birth, everybody.sex, everybody.prefix, poor.twins)
    newborn.serial = everybody.serial[len(everybody) - born :]
    return _World(Month(seed, everybody, facts, others, places, as_of), poor, listed_village, newborn)


def _keep_rolls(world: _World, size: int) -> tuple[rolls.ResidentRoll, list[scheme_rolls.SchemeRoll]]:
    month = world.month
    shared = (month.facts, month.strangers, month.people, month.as_of, month.places)
    resident = rolls.keep_resident_roll(month.seed, size, world.poor, *shared)
    kept = [scheme_rolls.keep_scheme_roll(month.seed, scheme, size, *shared) for scheme in scheme_rolls.ROLL_SHARES]
    return resident, kept


def _write_lists(
    world: _World, resident: rolls.ResidentRoll, schemes: list[scheme_rolls.SchemeRoll], layout: Layout
) -> truth.County:
    month, poor = world.month, world.poor
    seed, stamp, everybody, places = month.seed, month.stamp, month.people, month.places
    rows = poor_rows.list_poor_rows(seed, poor, month.facts, everybody, world.listed_village, places)
    dibao, dibao_row = poor_files.dibao_listing(seed, rows, poor, everybody, places, stamp)
    listings = {
        "poverty": poor_files.poverty_listing(seed, rows, poor, month.facts, everybody, places, stamp),
        "dibao": dibao,
        "tekun": poor_files.tekun_listing(seed, rows, poor, everybody, places, stamp),
    }
    outprov, misused = feeds.outprov_feed(month)
    other_feeds = {
        "disability": feeds.disability_feed(month),
        "outprov": outprov,
        "deaths": feeds.deaths_feed(month),
        "hukou": feeds.hukou_feed(month, world.newborn),
        "prison": feeds.prison_feed(month),
        "students": feeds.students_feed(month),
        "soldiers": feeds.soldiers_feed(month),
        "survey": feeds.survey_feed(month),
    }
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
        addresses=truth.address_rows(rows, listings, dibao_row, places.county),
        listings=listings | {name: feed.listing for name, feed in other_feeds.items()},
        resident=resident,
        schemes=schemes,
        roll_files=roll_files,
        feeds=other_feeds,
        verdicts=verdicts.decide_verdicts(poor, month.facts, resident, places),
        pairs=_pair_up(world, rows, resident, schemes, outprov, misused),
        anomalies=anomalies.find_anomalies(resident, schemes, other_feeds, month),
    )


def _pair_up(
    world: _World,
    rows: poor_rows.PoorRows,
    resident: rolls.ResidentRoll,
    schemes: list[scheme_rolls.SchemeRoll],
    outprov: Feed,
    misused: NDArray[np.int64],
) -> pairs.Pairs:
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
