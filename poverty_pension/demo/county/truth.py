"""The tables beside the files: who is who, what is expected, what is wrong. Columns and words are those of the real deliveries' truth."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from poverty_pension.demo.county import anomalies as roll_findings
from poverty_pension.demo.county import numbers
from poverty_pension.demo.county.anomalies import Anomalies
from poverty_pension.demo.county.circumstances import UNDER_16
from poverty_pension.demo.county.dates import month_number, yyyymmdd
from poverty_pension.demo.county.draw import NOBODY
from poverty_pension.demo.county.feeds import Feed, Month
from poverty_pension.demo.county.households import POVERTY_STATUSES, Poor
from poverty_pension.demo.county.listing import Listing
from poverty_pension.demo.county.pairs import Pairs
from poverty_pension.demo.county.poor_files import dibao_numbers, household_numbers, person_numbers, tekun_numbers
from poverty_pension.demo.county.poor_rows import FEEDS, FLOAT_MARK, PoorRows
from poverty_pension.demo.county.rolls import BENEFIT_PAUSED, CONTRIBUTING, DRAWING, PAUSED, ResidentRoll
from poverty_pension.demo.county.scheme_rolls import SchemeRoll
from poverty_pension.demo.county.verdicts import Verdicts
from poverty_pension.demo.county.writers import write_parquet, write_table
from poverty_pension.demo.county.written import spell_combinations

Text = NDArray[np.str_]
Columns = dict[str, NDArray | pa.Array]


@dataclass
class Addresses:
    """Where the rows of the three lists stand: the line and key of each."""

    line: NDArray[np.int64]
    key: Text


def address_rows(rows: PoorRows, listings: dict[str, Listing], dibao_row: NDArray, county: str) -> Addresses:
    line = np.zeros(len(rows), dtype=np.int64)
    key = np.full(len(rows), "", dtype="U32")
    line[rows.of("poverty")] = listings["poverty"].line
    line[rows.of("dibao")] = listings["dibao"].line[dibao_row]
    line[rows.of("tekun")] = listings["tekun"].line
    at = rows.of("poverty")
    home, person = (
        household_numbers(county, rows.household[at]),
        person_numbers(county, rows.household[at], rows.position[at]),
    )
    key[at] = _with_bars("POV", home, person)
    at = rows.of("dibao")
    key[at] = _with_bars("DB", dibao_numbers(county, rows.household[at]), rows.position[at].astype("U1"))
    at = rows.of("tekun")
    key[at] = _with_bars("TK", tekun_numbers(county, len(at)), np.full(len(at), "1"))
    return Addresses(line, key)


def _with_bars(kind: str, first: Text, second: Text) -> Text:
    return np.char.add(np.char.add(np.char.add(kind + "|", first), "|"), second)


@dataclass
class County:
    """Everything the tables are made of."""

    month: Month
    poor: Poor
    rows: PoorRows
    addresses: Addresses
    listings: dict[str, Listing]
    resident: ResidentRoll
    schemes: list[SchemeRoll]
    roll_files: dict[str, tuple[str, str]]  # scheme -> file, part
    feeds: dict[str, Feed]
    verdicts: Verdicts
    pairs: Pairs
    anomalies: Anomalies

    @property
    def month_word(self) -> str:
        return f"{self.month.stamp[:4]}-{self.month.stamp[4:]}"


def write_truth(county: County, folder: Path) -> None:
    """Write all tables and the counts of the month."""
    tables = {
        "persons": persons,
        "poor_rows": poor_rows,
        "pairs": pair_rows,
        "roll_anomalies": anomaly_rows,
        "refused_rows": refused_rows,
        "feed_rows": feed_rows,
        "files": file_rows,
        "e1_expected": e1_rows,
    }
    for name, build in tables.items():
        write_table(folder / f"{name}.csv.gz", build(county))
    write_parquet(folder / "roll_uid.parquet", roll_uids(county))
    (folder / "summary.json").write_text(json.dumps(summary(county), ensure_ascii=False, indent=1), encoding="utf-8")


def _month_column(county: County, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(county.month_word), size)


def _spread(words: list[str] | Text, index: NDArray) -> pa.Array:
    """A few words over many rows."""
    return pa.array(words).take(pa.array(index))


def _list_columns(county: County, rows: NDArray[np.int64] | slice) -> Columns:
    """Which list, file, sheet and line these rows of the poor stand in."""
    feed, where = county.rows.feed[rows], county.addresses
    listings = [county.listings[name] for name in FEEDS]
    return {
        "feed": _spread(list(FEEDS), feed),
        "file": _spread([listing.file for listing in listings], feed),
        "sheet": _spread([listing.sheet for listing in listings], feed),
        "row": where.line[rows],
        "row_key": where.key[rows],
        "uid": county.rows.uid[rows],
    }


# --- persons ------------------------------------------------------------------------------------------------------------------------


def persons(county: County) -> Columns:
    poor, facts, verdicts, people = county.poor, county.month.facts, county.verdicts, county.month.people
    size = len(poor)
    everyone = np.arange(size)
    no_number = np.isin(everyone, county.rows.uid[np.char.find(county.rows.tags, "id_none") >= 0])
    return {
        "month": _month_column(county, size),
        "uid": everyone,
        "feeds": _listed({"dibao": poor.in_dibao, "poverty": poor.in_poverty, "tekun": poor.in_tekun}, ","),
        "n_rows": np.bincount(county.rows.uid, minlength=size),
        "true_name": people.name_text(everyone),
        "true_id": np.where(no_number, "", people.number_text(everyone)),
        "birth": yyyymmdd(people.birth[:size]),
        "sex": people.sex[:size],
        "age": facts.age,
        "hukou": county.month.places.code[people.village[:size]],
        "categories": _categories(poor),
        "in_three_categories": poor.in_three_categories,
        "severe_disability": facts.severely_disabled,
        "disability_kind": facts.disability_kind,
        "disability_grade": facts.disability_grade,
        "death_date": np.where(facts.dead, facts.death.astype(str), ""),
        "verdict": verdicts.verdict,
        "verdict_reason": verdicts.reason,
        "evidence": _evidence(county),
        "b6_first_hit": verdicts.b6_first_hit,
        "scheme_kind": verdicts.scheme_kind,
        "place": verdicts.place,
        "e1_column": verdicts.e1_column,
        "due_to_draw": facts.due,
        "drawing": verdicts.drawing,
        "pay_target": verdicts.pay_target,
        "gaps": _gaps(county),
    }


def _listed(words: dict[str, NDArray[np.bool_]], separator: str) -> Text:
    """The words that apply to each entry, in the order given."""
    combination = np.zeros(len(next(iter(words.values()))), dtype=np.int64)
    for bit, applies in enumerate(words.values()):
        combination |= applies.astype(np.int64) << bit
    return spell_combinations(combination, list(words), separator)


def _categories(poor: Poor) -> Text:
    words = {}
    for full in (True, False):
        for rural in (True, False):
            word = f"dibao:{'full' if full else 'partial'}:{'rural' if rural else 'urban'}"
            words[word] = poor.in_dibao & (poor.dibao_full == full) & (poor.dibao_rural == rural)
    for number, status in enumerate(POVERTY_STATUSES.tolist()):
        words[f"poverty:{status}"] = poor.in_poverty & (poor.poverty_status == number)
    for word, home in (("tekun:集中供养", True), ("tekun:分散供养", False)):
        words[word] = poor.in_tekun & (poor.tekun_in_home == home)
    return _listed(words, ";")


def _evidence(county: County) -> Text:
    everyone = np.arange(len(county.poor))
    named = {name: np.isin(everyone, feed.uid) for name, feed in sorted(county.feeds.items())}
    return _listed(named, ",")


ROW_REPAIRS = {
    "id_wrong": ("id_sub1", "id_swap", "id_2err", "id_daymonth", "id_near_twin"),
    "id_missing": ("id_missing",),
    "no_id": ("id_none",),
    "id_15_digits": ("id_15",),
    "id_length": ("id_len",),
    "id_numeric": ("id_numeric",),
    "id_of_relative": ("id_relative",),
    "disability_number": ("id_disab",),
    "filed_twice": ("filed_twice",),
    "name_differs": ("name_homo", "name_trad", "name_variant", "name_former", "name_rare", "name_translit"),
    "dob_differs": ("dob_year", "dob_swapped"),
}
ROLL_REPAIRS = {
    "roll_id_15_digits": ("roll_id_15",),
    "roll_id_wrong": ("roll_id_sub1", "roll_id_swap", "roll_id_before_change"),
    "roll_name_differs": ("roll_name_homo", "roll_name_trad", "roll_name_former", "roll_name_rare"),
    "roll_dob_differs": ("roll_dob_wrong",),
    "roll_no_start": ("roll_no_start",),
}


def _gaps(county: County) -> Text:
    facts, verdicts, roll = county.month.facts, county.verdicts, county.resident
    size = len(county.poor)
    here, status = verdicts.verdict == "1-011", verdicts.roll_status
    now = month_number(np.array([county.month.as_of]))[0]
    birth = month_number(county.month.people.birth[:size])
    died = np.where(facts.dead, month_number(facts.death), now)
    second = here & (facts.second_scheme != NOBODY)
    words = {
        f"not_insured:{reason}": verdicts.reason == reason for reason in np.unique(verdicts.reason).tolist() if reason
    }
    words |= {
        "due_not_drawing": here & facts.due & np.isin(status, [CONTRIBUTING, PAUSED]),
        "due_not_drawing:paused": here & facts.due & (status == BENEFIT_PAUSED),
        "dead_still_drawing": facts.dead & (status == DRAWING) & (died < now),
        "dead_this_month_still_drawing": facts.dead & (status == DRAWING) & (died == now),
        "prison_still_drawing": facts.prisoner & (status == DRAWING),
        "duplicate_schemes": second & (status != DRAWING),
        "duplicate_schemes_drawing": second & (status == DRAWING),
        "duplicate_roll_rows": (verdicts.roll_rows > 1) & (status != DRAWING),
        "duplicate_roll_rows:drawing_twice": (verdicts.roll_rows > 1) & (status == DRAWING),
        "turns_16_next_month": (birth + 192 == now + 1) & (facts.situation == UNDER_16),
        "turns_60_next_month": (birth + 720 == now + 1) & here,
        "turns_60_now_benefit_next_month": (birth + 720 == now) & here,
    }
    everyone = np.arange(size)
    for word, tags in ROW_REPAIRS.items():
        hit = np.logical_or.reduce([np.char.find(county.rows.tags, tag) >= 0 for tag in tags])
        words[f"data_repair:{word}"] = np.isin(everyone, county.rows.uid[hit])
    for word, tags in ROLL_REPAIRS.items():
        rows = np.concatenate([roll.tags[tag] for tag in tags])
        words[f"data_repair:{word}"] = np.isin(everyone, roll.uid[rows])
    return _listed(words, ";")


# --- rows of the lists and their pairs ----------------------------------------------------------------------------------------------


def poor_rows(county: County) -> Columns:
    rows, poor, where = county.rows, county.poor, county.addresses
    uid = rows.uid
    dibao = np.char.add(
        np.where(poor.dibao_full[uid], "dibao:full:", "dibao:partial:"),
        np.where(poor.dibao_rural[uid], "rural", "urban"),
    )
    poverty = np.char.add("poverty:", POVERTY_STATUSES[poor.poverty_status[uid]])
    tekun = np.where(poor.tekun_in_home[uid], "tekun:集中供养", "tekun:分散供养")
    again = np.flatnonzero(rows.repeats != NOBODY)
    duplicate = np.full(len(rows), "", dtype="U8")
    duplicate[again] = where.line[rows.repeats[again]].astype("U8")
    return {
        "month": _month_column(county, len(rows)),
        **_list_columns(county, slice(None)),
        "category": np.select([rows.feed == 0, rows.feed == 1], [poverty, dibao], tekun),
        "village": county.month.places.code[rows.village],
        "name_as_written": rows.name,
        "id_as_written": rows.number,
        "errors": rows.tags,
        "duplicate_of_row": duplicate,
    }


def pair_rows(county: County) -> Columns:
    pairs = county.pairs
    at = pairs.poor_row
    outprov = county.listings["outprov"]
    files = county.roll_files | {"outprov": (outprov.file, outprov.sheet)}
    scheme = np.searchsorted(sorted(files), pairs.scheme)
    return {
        "month": _month_column(county, len(at)),
        **_list_columns(county, at),
        "scheme": pairs.scheme,
        "roll_no": pairs.roll_no,
        "roll_file": _spread([files[name][0] for name in sorted(files)], scheme),
        "roll_part": _spread([files[name][1] for name in sorted(files)], scheme),
        "roll_line": pairs.roll_line,
        "match": pairs.match,
        "action": pairs.action,
        "why": pairs.why,
        "feed_errors": county.rows.tags[at],
        "roll_errors": pairs.roll_errors,
    }


def anomaly_rows(county: County) -> Columns:
    roll, found = county.resident, county.anomalies
    rows = np.concatenate(found.row)
    file, part = county.roll_files["resident"]
    return {
        "month": _month_column(county, len(rows)),
        "roll_no": roll.roll_no[rows].astype(str),
        "roll_file": pa.repeat(pa.scalar(file), len(rows)),
        "roll_part": pa.repeat(pa.scalar(part), len(rows)),
        "roll_line": rows + 2,
        "uid": roll.uid[rows],
        "status": roll_findings.statuses(roll, rows),
        "kind": np.concatenate(found.kind),
        "months": np.concatenate(found.months),
        "detail": np.concatenate(found.detail),
    }


# --- rows that cannot be loaded as they stand ---------------------------------------------------------------------------------------

REFUSALS = {
    "id_missing": ("id_missing", "load_without_id_to_repair"),
    "id_none": ("id_missing", "load_without_id_to_repair"),
    "id_15": ("id_15_digits", "convert_to_18_and_repair"),
    "id_disab": ("disability_number_in_id_column", "cut_to_18_and_repair"),
    "id_len": ("id_length", "reject_id_to_repair"),
    "id_numeric": ("id_numeric_float", "reject_id_to_repair"),
}
BROKEN = ("id_sub1", "id_swap", "id_2err", "id_daymonth", "id_near_twin")


def refused_rows(county: County) -> Columns:
    """Rows of the lists with an unusable number, repeated rows, certificates without a grade, and lines that are no persons."""
    parts = [_refused_numbers(county), _repeated_rows(county), _unknown_grades(county)]
    parts += [_furniture(listing) for listing in county.listings.values()]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {"month": _month_column(county, len(columns["row"])), **columns}


def _refused_numbers(county: County) -> dict[str, NDArray]:
    rows, where = county.rows, county.addresses
    reason, action = np.full(len(rows), "", dtype="U32"), np.full(len(rows), "", dtype="U32")
    for tag, (word, deed) in REFUSALS.items():
        hit = _has_tag(rows.tags, tag)
        reason[hit], action[hit] = word, deed
    broken = np.flatnonzero(np.logical_or.reduce([_has_tag(rows.tags, tag) for tag in BROKEN]))
    broken = broken[~numbers.is_valid(numbers.from_text(rows.number[broken]))]
    reason[broken], action[broken] = "id_checksum_or_date", "reject_id_to_repair"
    at = np.flatnonzero(reason != "")
    listings = [county.listings[feed] for feed in FEEDS]
    return {
        "feed": np.array(FEEDS)[rows.feed[at]],
        "file": np.array([listing.file for listing in listings])[rows.feed[at]],
        "sheet": np.array([listing.sheet for listing in listings])[rows.feed[at]],
        "row": where.line[at],
        "reason": reason[at],
        "action": action[at],
        "value": np.char.replace(rows.number[at], FLOAT_MARK, ""),
    }


def _has_tag(tags: Text, tag: str) -> NDArray[np.bool_]:
    return np.char.find(np.char.add(np.char.add(" ", tags), " "), f" {tag} ") >= 0


def _repeated_rows(county: County) -> dict[str, NDArray]:
    rows, where = county.rows, county.addresses
    again = np.flatnonzero(rows.repeats != NOBODY)
    reason = np.char.add("duplicate_of_row_", where.line[rows.repeats[again]].astype("U8"))
    poverty = county.listings["poverty"]
    file, sheet = np.full(len(again), poverty.file), np.full(len(again), poverty.sheet)
    return _refusals("poverty", file, sheet, where.line[again], reason, "ignore_duplicate")


def _unknown_grades(county: County) -> dict[str, NDArray]:
    feed = county.feeds["disability"]
    at = np.flatnonzero(_has_tag(feed.tags, "grade_unknown"))
    size = len(at)
    file, sheet, reason = np.full(size, feed.listing.file), np.full(size, ""), np.full(size, "grade_unknown")
    part = _refusals("disability", file, sheet, feed.listing.line[at], reason, "reject_row")
    return part | {"value": np.array([feed.detail[row]["grade_written"] for row in at.tolist()], dtype="U3")}


def _refusals(feed: str, file: Text, sheet: Text, row: NDArray, reason: Text, action: str) -> dict[str, NDArray]:
    size = len(row)
    return {
        "feed": np.full(size, feed),
        "file": file,
        "sheet": sheet,
        "row": row,
        "reason": reason,
        "action": np.full(size, action),
        "value": np.full(size, ""),
    }


FEEDS_WITH_FURNITURE = ("poverty", "dibao", "tekun", "deaths", "outprov")


def _furniture(listing: Listing) -> dict[str, NDArray]:
    lines = sorted(listing.furniture) if listing.feed in FEEDS_WITH_FURNITURE else []
    reasons = [_furniture_reason(listing, line) for line in lines]
    size = len(lines)
    return _refusals(
        listing.feed,
        np.full(size, listing.file),
        np.full(size, listing.sheet),
        np.array(lines, dtype=np.int64),
        np.array(reasons, dtype="U32"),
        "skip",
    )


def _furniture_reason(listing: Listing, line: int) -> str:
    cells = listing.furniture[line]
    if not cells:
        return "blank_row"
    if line < listing.line[0]:
        return "title_row" if line == 1 and listing.header_row > 1 else "header_row"
    if cells[0] == "合计":
        return "total_row"
    return "header_repeated" if cells[0] == next(iter(listing.columns)) else "signature_line"


# --- the other files ----------------------------------------------------------------------------------------------------------------


def feed_rows(county: County) -> Columns:
    feeds = list(county.feeds.values())
    size = [len(feed.uid) for feed in feeds]
    return {
        "month": _month_column(county, sum(size)),
        "feed": np.repeat([feed.listing.feed for feed in feeds], size),
        "file": np.repeat([feed.listing.file for feed in feeds], size),
        "sheet": np.repeat([feed.listing.sheet for feed in feeds], size),
        "row": np.concatenate([feed.listing.line for feed in feeds]),
        "uid": np.concatenate([feed.uid for feed in feeds]),
        "errs": np.concatenate([feed.tags for feed in feeds]),
        "detail": [detail for feed in feeds for detail in feed.details()],
    }


def file_rows(county: County) -> Columns:
    lines = []
    for listing in county.listings.values():
        text = listing.file.endswith(".csv")
        kind = ("gb18030", ",") if text else ("xlsx", "")
        lines.append(
            (listing.file, listing.sheet, listing.feed, *kind, listing.header_row, len(listing.line), listing.last_line)
        )
    for scheme, (file, part) in county.roll_files.items():
        rolls = {"resident": county.resident} | {roll.scheme: roll for roll in county.schemes}
        lines.append((file, part, scheme, "gb18030", ",", 1, len(rolls[scheme]), len(rolls[scheme]) + 1))
    names = ("file", "part", "feed", "encoding", "separator", "header_row", "data_rows", "lines")
    columns = {name: list(values) for name, values in zip(names, zip(*lines, strict=True), strict=True)}
    return {"month": _month_column(county, len(lines)), **columns, "note": [""] * len(lines)}


# --- the monthly table --------------------------------------------------------------------------------------------------------------

E1_COLUMNS = (
    "2_under16", "3_student", "4_soldier", "5_prisoner", "6_dead", "7_abroad", "9_resident", "10_employee", "11_civil", "16a_waived",
    "16b_not_found", "16c_data_error", "16d_pushed", "16e_no_hukou", "16f_other",
)  # fmt: skip
EXEMPT, INSURED = E1_COLUMNS[:6], E1_COLUMNS[6:9]


def e1_rows(county: County) -> Columns:
    """County and townships, by the place of the file, for the poverty file and for the three categories."""
    poor = county.poor
    village = np.zeros(len(poor), dtype=np.int64)
    village[county.rows.uid[::-1]] = county.rows.village[::-1]
    township = np.array([code[:9] for code in county.month.places.code])[village]
    lines = []
    for scope, mask in (("poverty_file", poor.in_poverty), ("three_categories", poor.in_three_categories)):
        for unit in (county.month.places.county, *np.unique(township).tolist()):
            here = mask & ((township == unit) if len(unit) == 9 else True)
            lines.append({"scope": scope, "unit": unit} | _e1_counts(county, here))
    columns = {name: [line[name] for line in lines] for name in lines[0]}
    return {"month": _month_column(county, len(lines)), **columns}


def _e1_counts(county: County, here: NDArray[np.bool_]) -> dict[str, int]:
    verdicts, facts = county.verdicts, county.month.facts
    count = {name: int((here & (verdicts.e1_column == name)).sum()) for name in E1_COLUMNS}
    registered = int(here.sum())
    return {
        "1_registered": registered,
        **count,
        "13_due_to_draw": int((here & facts.due & (verdicts.verdict == "1-011")).sum()),
        "14_drawing": int((here & verdicts.drawing).sum()),
        "17_pay_target": int((here & verdicts.pay_target).sum()),
        "8_should_insure": registered - sum(count[name] for name in EXEMPT),
        "12_insured": sum(count[name] for name in INSURED),
    }


# --- uids of the rolls, counts ------------------------------------------------------------------------------------------------------


def roll_uids(county: County) -> list[pa.Table]:
    tables = [_uid_table("resident", pa.array(county.resident.roll_no).cast(pa.string()), county.resident.uid)]
    return tables + [_uid_table(roll.scheme, pa.array(roll.roll_no), roll.uid) for roll in county.schemes]


def _uid_table(scheme: str, roll_no: pa.Array, uid: NDArray) -> pa.Table:
    return pa.table({"scheme": pa.repeat(pa.scalar(scheme), len(uid)), "roll_no": roll_no, "uid": uid.astype(np.int32)})


def summary(county: County) -> dict[str, dict]:
    """Counts by word, for a reader and for tests of the proportions."""

    def count(values: NDArray | list) -> dict[str, int]:
        return dict(sorted(Counter(np.asarray(values).tolist()).items()))

    tags = " ".join(county.rows.tags.tolist()).split()
    files = file_rows(county)
    rows = dict(zip(files["feed"], files["data_rows"], strict=True))
    lists = county.poor.in_poverty.astype(int) + county.poor.in_dibao + county.poor.in_tekun
    refused = refused_rows(county)["reason"].tolist()
    pairs = county.pairs
    return {
        county.month_word: {
            "natural_persons": len(county.poor),
            "three_categories": int(county.poor.in_three_categories.sum()),
            "in_several_feeds": int((lists > 1).sum()),
            "rows": rows,
            "verdict": count(county.verdicts.verdict),
            "gap_reason": count(county.verdicts.reason[county.verdicts.reason != ""]),
            "e1": count(county.verdicts.e1_column),
            "pay_target": int(county.verdicts.pay_target.sum()),
            "feed_errors": count(tags),
            "anomalies": count(np.concatenate(county.anomalies.kind)),
            "pairs": count(np.where(pairs.match == 1, pairs.action, np.char.add("neg:", pairs.why))),
            "pair_why": count(pairs.why[(pairs.match == 1) & (pairs.why != "")]),
            "refused": count([reason.rstrip("0123456789").rstrip("_") for reason in refused]),
        }
    }
