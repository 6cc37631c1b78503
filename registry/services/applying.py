"""The rows of a poor persons' file applied: persons, names, numbers and designations, in one transaction or not at all.

Set by set through COPY and a few statements (sql/). Facts are applied by facts.py, rolls by snapshots.py; receiving.py calls all three.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into, copy_out, hex_bytes, whole_tables
from foundation.primitives.columns import clean_names, clean_numbers
from foundation.primitives.person_names import sort_key
from foundation.regions.place_names import place_part
from foundation.regions.selectors import county_gazetteer
from registry.comparison.parts import ListParts, find_parts
from registry.intake.contradictions import stated_sexes
from registry.intake.dates import read_date
from registry.intake.identify import HOUSEHOLDS, KNOWN, PHONES, ROWS, identify_rows
from registry.intake.layouts import Layout
from registry.intake.places import PlaceFinder, stated_places
from registry.intake.reading import ReadSheet
from registry.intake.staging import StagedTables
from registry.models import Delivery
from registry.selectors.numbers import cipher, decrypt_numbers
from registry.services.corrections import Lines, original_persons
from registry.services.current_details import refresh_persons
from registry.services.merging import propose_merges
from registry.services.numbers import allocate_ids, store_numbers

_SQL = Path(__file__).parent / "sql"
SHORTEST_PHONE = 7
_KNOWN_PARTS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("unit_id", pa.int64()),
        ("name", pa.string()),
        ("number_id", pa.int64()),
        ("record_key", pa.string()),
    ]
)
# fmt: off
_DELIVERED = [
    "id", "sheet", "row", "member", "person_id", "name", "number_id", "number_state", "record_key", "unit_id",
    "stated_birth", "stated_sex", "schooling",
]
_STAGED_COLUMNS = {
    "id": "bigint", "person_id": "bigint", "name": "text", "number_id": "bigint", "number_state": "text", "record_key": "text",
    "status": "text", "settlement": "text", "unit_id": "bigint", "hukou_unit_id": "bigint", "hukou_text": "text",
}
# fmt: on
_KNOWN_QUERY = """
    SELECT coalesce(a.canonical_id, p.id) AS person_id, p.unit_id, n.name, i.number_id, d.record_key
    FROM registry_person p
    LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = p.id
    JOIN registry_personname n ON n.person_id = p.id AND n.superseded_at IS NULL
    LEFT JOIN registry_personidentifier i ON i.person_id = p.id AND i.superseded_at IS NULL
    LEFT JOIN (SELECT DISTINCT person_id, record_key FROM registry_designation WHERE kind = %(feed)s) d ON d.person_id = p.id
    WHERE p.county_id = %(county)s
"""


def apply_persons(
    delivery: Delivery,
    sheets: list[ReadSheet],
    *,
    at: datetime,
    staged: StagedTables,
    original_lines: Lines | None = None,
) -> dict[str, int]:
    """Bring persons, names, numbers and designations of one poverty, dibao or tekun file into the register.

    Effects: inserts delivered rows and persons; supersedes what the file no longer states, of a list in parts once all are there
    (`missing_parts` of the delivery is set, not saved); fills the tables `staged`. Locks the
    county's register for the transaction. Returns counts: new persons, designations opened, changed, ended, possible duplicates.
    """
    with connection.cursor() as cursor:
        _lock_register(cursor, delivery)
        rows = _person_rows(delivery, sheets)
        known, households = _known_persons(cursor, delivery, at), _known_households(cursor, delivery, at)
        stated_phones = _phones(rows)
        phones = pa.concat_tables([stated_phones, _known_phones(cursor, delivery)])
        assigned = identify_rows(rows.select(ROWS.names).cast(ROWS), known, households, phones)
        rows = rows.append_column("found_person", assigned["person_id"]).append_column("step", assigned["step"])
        rows = _keep_with_alias(cursor, delivery, rows, at)
        if original_lines and delivery.corrects_id:
            rows = _keep_with_original(rows, original_persons(delivery.corrects_id, original_lines))
        rows, new = _insert_persons(cursor, delivery, rows, at)
        _insert_rows(cursor, delivery, rows, staged, at)
        _insert_phones(cursor, delivery, stated_phones)
        _record_identifiers_and_names(cursor, staged, at)
        parts = find_parts(delivery)
        delivery.missing_parts = parts.missing
        designations = _record_designations(cursor, delivery, delivery.pk, parts, staged, at)
        affected = staged.put_into("SELECT person_id FROM {rows} UNION SELECT person_id FROM {ended}")
        refresh_persons(cursor, affected=affected, at=at)
        possible_duplicates = propose_merges(delivery.county, at=at)
        return {"new_persons": new, **designations, "possible_duplicates": possible_duplicates}


def end_unlisted(delivery: Delivery, *, at: datetime, staged: StagedTables) -> dict[str, int]:
    """End what no file of the delivery's day states, once its list is declared complete. Returns counts as apply_persons.

    Effects: supersedes designations; fills the tables `staged`, with no line of a file. Locks the county's register for the transaction.
    """
    with connection.cursor() as cursor:
        _lock_register(cursor, delivery)
        _make_staged_rows(cursor, staged)
        designations = _record_designations(cursor, delivery, 0, ListParts([], []), staged, at)
        refresh_persons(cursor, affected=staged.put_into("SELECT person_id FROM {ended}"), at=at)
        return designations


def _lock_register(cursor: CursorWrapper, delivery: Delivery) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_person'), %s)", [delivery.county_id])


def _statement(name: str, staged: StagedTables) -> str:
    return staged.put_into((_SQL / f"{name}.sql").read_text("utf-8"))


def _person_rows(delivery: Delivery, sheets: list[ReadSheet]) -> pa.Table:
    """Return the file's persons with their places and keys; row_id counts from 1 over all sheets."""
    finder = PlaceFinder(county_gazetteer(delivery.county))
    parts = [_sheet_rows(sheet, finder) for sheet in sheets]
    rows = pa.concat_tables(parts, promote_options="default").combine_chunks()
    rows = rows.append_column("row_id", pa.array(range(1, rows.num_rows + 1), pa.int64()))
    return rows.append_column("duplicate_of", _originals(rows))


def _originals(rows: pa.Table) -> pa.Array:
    """For each row whose line repeats another the row_id of the same member there, else null."""
    repeats = rows.filter(pc.is_valid(rows["duplicate_line"])).select(["row_id", "sheet", "duplicate_line", "member"])
    repeats = repeats.rename_columns(["repeat", "sheet", "row", "member"])
    repeats = repeats.set_column(2, "row", repeats["row"].cast(rows["row"].type))
    found = repeats.join(rows.select(["sheet", "row", "member", "row_id"]), ["sheet", "row", "member"])
    originals = np.zeros(rows.num_rows, dtype=np.int64)
    originals[found["repeat"].to_numpy() - 1] = pc.fill_null(found["row_id"], 0).to_numpy()
    return pa.array(originals, mask=originals == 0)


def _sheet_rows(sheet: ReadSheet, finder: PlaceFinder) -> pa.Table:
    rows, layout = sheet.rows, sheet.layout.layout
    place = _mapped(stated_places(rows, finder, sheet.layout.around), finder.find, pa.int64())
    hukou_text = _field(rows, "hukou")
    stated_birth = _mapped(_field(rows, "birth"), _day_only, pa.date32())
    one_person = not sheet.layout.members  # of a household in one line nobody knows whose birth date it states
    return pa.table(
        {
            "sheet": pa.array([sheet.sheet] * rows.num_rows, pa.string()),
            "row": rows["row"],
            "member": rows["member"],
            "duplicate_line": rows["duplicate_of"].cast(pa.int64()),
            "record_key": _record_keys(layout, rows),
            "name": rows["name"],
            "phonetic_key": rows["phonetic_key"],
            "number": rows["number"],
            "number_state": rows["number_state"],
            "key": rows["key"],
            "birth": pc.coalesce(
                pc.if_else(pc.is_valid(rows["key"]), rows["birth_in_number"], None),
                stated_birth,
                rows["birth_in_number"],
            ),
            "sex": _sex(rows),
            "stated_birth": stated_birth if one_person else pa.nulls(rows.num_rows, pa.date32()),
            "stated_sex": stated_sexes(_field(rows, "sex"))
            if one_person
            else pa.array([0] * rows.num_rows, pa.int16()),
            "schooling": _mapped(
                _field(rows, "schooling"),
                lambda word: (layout.value("schooling", word) or "") if word else "",
                pa.string(),
            ),
            "phone": pc.replace_substring_regex(_field(rows, "phone"), r"[^0-9]", ""),
            "unit_id": place,
            "status": _mapped(_field(rows, "status"), lambda word: layout.value_or_code("status", word), pa.string()),
            "settlement": _mapped(
                _field(rows, "settlement"),
                lambda word: (layout.value("settlement", word) or "") if word else "",
                pa.string(),
            ),
            "hukou_unit_id": _mapped(hukou_text, finder.find, pa.int64()),
            "hukou_text": pc.utf8_slice_codeunits(_mapped(hukou_text, place_part, pa.string()), 0, 200),
        }
    )


def _field(rows: pa.Table, name: str) -> pa.ChunkedArray:
    if name in rows.column_names:
        return rows[name]
    return pa.chunked_array([pa.nulls(rows.num_rows, pa.string()).fill_null("")])


def _mapped(column: pa.ChunkedArray, read: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """Apply a rule of one value over the distinct values of a column."""
    encoded = (column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column).dictionary_encode()
    values = pa.array([read(text) for text in encoded.dictionary.to_pylist()], kind)
    return values.take(encoded.indices)


def _day_only(text: str) -> date | None:
    found = read_date(text)
    return found[0] if found and found[1] == "day" else None


def _record_keys(layout: Layout, rows: pa.Table) -> pa.Array:
    """The sender's own key, as POV|户编号|人编号; empty where the file has none. A household in one line adds the place."""
    parts = [_field(rows, name) for name in layout.record_key]
    member = pc.cast(rows["member"], pa.string())
    if layout.feed == "dibao":
        parts.append(member)
    elif layout.feed == "tekun":
        parts.append(pc.if_else(pc.equal(member, "0"), "1", member))
    else:
        parts[-1] = pc.if_else(pc.equal(parts[-1], ""), pc.if_else(pc.equal(member, "0"), "", member), parts[-1])
    joined = pc.binary_join_element_wise(pa.scalar(layout.key_prefix), *parts, "|")
    return pc.if_else(pc.equal(parts[0], ""), "", pc.utf8_slice_codeunits(joined, 0, 64))


def _sex(rows: pa.Table) -> pa.Array:
    stated = stated_sexes(_field(rows, "sex"))
    known = pc.and_(pc.is_valid(rows["key"]), pc.greater(rows["sex_in_number"], 0))
    return pc.if_else(known, pc.cast(rows["sex_in_number"], pa.int16()), stated)


def _known_persons(cursor: CursorWrapper, delivery: Delivery, at: datetime) -> pa.Table:
    """Every person of the county by name, number and record key; those of merged persons under the person kept."""
    values = {"feed": delivery.feed, "county": delivery.county_id, "at": at}
    with whole_tables(cursor):
        parts = copy_out(cursor, _KNOWN_QUERY, _KNOWN_PARTS, values)
    if parts.num_rows == 0:
        return KNOWN.empty_table()
    held = (
        "SELECT i.number_id FROM registry_personidentifier i JOIN registry_person p ON p.id = i.person_id "
        "WHERE i.superseded_at IS NULL AND p.county_id = %s"
    )
    numbers = decrypt_numbers(held, [delivery.county_id])
    parts = parts.join(numbers, "number_id", join_type="left outer").combine_chunks()
    text = pc.fill_null(parts["number"], "")
    read = clean_numbers(text)
    return pa.table(
        {
            "person_id": parts["person_id"],
            "record_key": pc.fill_null(parts["record_key"], ""),
            "phonetic_key": clean_names(parts["name"]).phonetic_key,
            "number": text,
            "key": read.key,
            "birth": read.birth,
            "unit_id": parts["unit_id"],
        }
    ).cast(KNOWN)


def _known_households(cursor: CursorWrapper, delivery: Delivery, at: datetime) -> pa.Table:
    """The households of every feed's lines, by the sender's own key without the person's part."""
    query = (
        r"SELECT DISTINCT coalesce(a.canonical_id, d.person_id) AS person_id, "
        r"regexp_replace(d.record_key, '\|[^|]*$', '') AS household FROM registry_designation d "
        "LEFT JOIN person_alias_at(%s) a ON a.person_id = d.person_id WHERE d.county_id = %s AND d.superseded_at IS NULL"
    )
    return copy_out(cursor, query, HOUSEHOLDS, [at, delivery.county_id])


def _phones(rows: pa.Table) -> pa.Table:
    """The telephones a file states for its households, as hex of their blind indexes; fewer than seven digits are none."""
    stated = rows.filter(pc.greater_equal(pc.utf8_length(rows["phone"]), SHORTEST_PHONE))
    household = pc.replace_substring_regex(stated["record_key"], r"\|[^|]*$", "")
    phone = _mapped(stated["phone"], lambda digits: cipher().blind_index("full", f"phone {digits}").hex(), pa.string())
    found = pa.table({"household": household, "phone": phone}).cast(PHONES)
    return found.filter(pc.not_equal(found["household"], "")).group_by(PHONES.names).aggregate([])


def _known_phones(cursor: CursorWrapper, delivery: Delivery) -> pa.Table:
    """The telephones that other deliveries in force state for their households."""
    query = (
        "SELECT DISTINCT h.household, encode(h.blind, 'hex') AS phone FROM registry_householdphone h "
        "JOIN registry_delivery d ON d.id = h.delivery_id WHERE d.county_id = %s AND d.superseded_at IS NULL AND d.feed <> %s"
    )
    return copy_out(cursor, query, PHONES, [delivery.county_id, delivery.feed])


def _insert_phones(cursor: CursorWrapper, delivery: Delivery, phones: pa.Table) -> None:
    rows = pa.table(
        {
            "delivery_id": pa.array([delivery.pk] * phones.num_rows, pa.int64()),
            "household": phones["household"],
            "blind": hex_bytes([bytes.fromhex(phone) for phone in phones["phone"].to_pylist()]),
        }
    )
    copy_into(cursor, "registry_householdphone", rows)


def _keep_with_alias(cursor: CursorWrapper, delivery: Delivery, rows: pa.Table, at: datetime) -> pa.Table:
    """Assign a row found for a merged person to the alias that had the line before, so that the merge can be undone."""
    cursor.execute(
        "SELECT a.canonical_id, d.record_key, min(d.person_id) FROM person_alias_at(%s) a "
        "JOIN registry_designation d ON d.person_id = a.person_id AND d.kind = %s AND d.county_id = %s GROUP BY 1, 2",
        [at, delivery.feed, delivery.county_id],
    )
    owner = {(canonical, key): person for canonical, key, person in cursor.fetchall()}
    if not owner:
        return rows
    found = zip(rows["found_person"].to_pylist(), rows["record_key"].to_pylist(), strict=True)
    persons = pa.array([owner.get(pair, pair[0]) for pair in found], pa.int64())
    return rows.set_column(rows.column_names.index("found_person"), "found_person", persons)


def _keep_with_original(rows: pa.Table, persons: dict[tuple[str, int, int], int]) -> pa.Table:
    """Assign a corrected line to the person its original line was assigned to."""
    places = zip(*(rows[name].to_pylist() for name in ("sheet", "row", "member", "found_person")), strict=True)
    found = pa.array([persons.get(place[:3], place[3]) for place in places], pa.int64())
    return rows.set_column(rows.column_names.index("found_person"), "found_person", found)


def _insert_persons(cursor: CursorWrapper, delivery: Delivery, rows: pa.Table, at: datetime) -> tuple[pa.Table, int]:
    """Give new persons their ids and insert them with the details of their first row."""
    found = rows["found_person"].to_numpy()
    first_rows = np.unique(-found[found < 0]) - 1
    ids = np.array(allocate_ids("registry_person", len(first_rows)), dtype=np.int64)
    person_ids = found.copy()
    person_ids[found < 0] = ids[np.searchsorted(first_rows, -found[found < 0] - 1)]
    rows = rows.append_column("person_id", pa.array(person_ids))
    firsts = rows.take(pa.array(first_rows))
    persons = pa.table(
        {
            "id": pa.array(ids),
            "county_id": pa.array([delivery.county_id] * len(ids), pa.int64()),
            "unit_id": firsts["unit_id"],
            "name": firsts["name"],
            "name_pinyin": _mapped(firsts["name"], lambda name: sort_key(name)[:200], pa.string()),
            "birth_date": firsts["birth"],
            "sex": firsts["sex"],
            "created_at": pa.array([at.isoformat()] * len(ids), pa.string()),
        }
    )
    copy_into(cursor, "registry_person", persons)
    return rows, len(ids)


def _insert_rows(cursor: CursorWrapper, delivery: Delivery, rows: pa.Table, staged: StagedTables, at: datetime) -> None:
    """Insert the delivered rows, and stage what they state of their persons."""
    number_ids = store_numbers(rows["number"], recorded_at=at)
    rows = rows.append_column("number_id", _mapped(rows["number"], number_ids.get, pa.int64()))
    rows = rows.append_column("id", pa.array(allocate_ids("registry_deliveredrow", rows.num_rows), pa.int64()))
    delivered = rows.select(_DELIVERED)
    delivered = delivered.append_column("delivery_id", pa.array([delivery.pk] * rows.num_rows, pa.int64()))
    copy_into(cursor, "registry_deliveredrow", delivered.append_column("identified_by", rows["step"]))
    _make_staged_rows(cursor, staged)
    copy_into(cursor, staged.rows, rows.select(list(_STAGED_COLUMNS)))
    cursor.execute(f"ANALYZE {staged.rows}")


def _make_staged_rows(cursor: CursorWrapper, staged: StagedTables) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _STAGED_COLUMNS.items())
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{staged.rows}")  # a caller's transaction may apply twice
    cursor.execute(f"CREATE TEMP TABLE {staged.rows} ({columns}) ON COMMIT DROP")


def _record_identifiers_and_names(cursor: CursorWrapper, staged: StagedTables, at: datetime) -> None:
    cursor.execute(_statement("record_identifiers_and_names", staged), {"at": at})


def _record_designations(
    cursor: CursorWrapper, delivery: Delivery, own: int, parts: ListParts, staged: StagedTables, at: datetime
) -> dict[str, int]:
    """Open what the file newly states, end what a whole list no longer states, leave alone what it states again.

    `own`: the delivery whose lines are staged; 0 where none are.
    """
    values: dict[str, int | str | date | bool | list[int]] = {
        "county": delivery.county_id,
        "kind": delivery.feed,
        "day": delivery.as_of_date,
        "at": at,
        "delivery": own,
        "is_whole": not parts.missing,
        "continued": parts.continued,
    }
    cursor.execute(_statement("record_designations", staged), values)
    cursor.execute(
        staged.put_into(
            "SELECT (SELECT count(*) FROM {opened}), (SELECT count(*) FROM {ended} WHERE changed), "
            "(SELECT count(*) FROM {ended} WHERE NOT changed)"
        )
    )
    opened, changed, ended = cursor.fetchone()
    return {"designations_opened": opened - changed, "designations_changed": changed, "designations_closed": ended}
