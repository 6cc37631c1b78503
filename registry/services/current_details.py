"""What a person is called, where they live, when they were born: read off the files, the same whatever came first.

The file that still names the person and stands first in FILE_ORDER tells; of its lines the newest. `registry_person` keeps
the answer of today for lists and searches; any earlier moment is asked by `details_as_known`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.primitives.person_names import sort_key
from foundation.regions.models import Unit
from registry.constants import PERSON_FEEDS
from registry.models import Person

FILE_ORDER = [feed.value for feed in PERSON_FEEDS]
_TOLD = """
    SELECT r.person_id, r.name, r.unit_id, n.birth_date, n.sex, coalesce(n.valid, false) AS is_numbered,
        row_number() OVER (
            PARTITION BY r.person_id
            ORDER BY (d.person_id IS NOT NULL) DESC, array_position(%(order)s, f.feed::text), f.as_of_date DESC, r.id
        ) AS place
    FROM registry_deliveredrow r
    JOIN registry_delivery f ON f.id = r.delivery_id
    LEFT JOIN registry_identitynumber n ON n.id = r.number_id
    LEFT JOIN (
        SELECT DISTINCT d.person_id, d.kind FROM registry_designation d
        WHERE d.person_id {persons} AND d.valid_to IS NULL AND d.recorded_at <= %(known)s
          AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
    ) d ON d.person_id = r.person_id AND d.kind = f.feed
    WHERE r.person_id {persons} AND f.applied_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
"""
_STANDING = """
    SELECT first.person_id, first.name, first.unit_id, numbered.birth_date, numbered.sex
    FROM told first
    LEFT JOIN (
        SELECT DISTINCT ON (t.person_id) t.person_id, t.birth_date, t.sex FROM told t
        WHERE t.is_numbered ORDER BY t.person_id, t.place
    ) numbered ON numbered.person_id = first.person_id
    WHERE first.place = 1
"""


@dataclass(frozen=True)
class Standing:
    """What was known of a person at a moment; birth date and sex as a right number tells them, else None."""

    name: str
    unit_id: int | None
    birth_date: date | None
    sex: int | None


def details_as_known(person_ids: Iterable[int], *, known: datetime) -> dict[int, Standing]:
    """Return person id -> standing for those whom a file had named by the moment. One query."""
    told = _TOLD.format(persons="= ANY(%(persons)s)")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH told AS MATERIALIZED ({told}) {_STANDING}",
            {"order": FILE_ORDER, "known": known, "persons": list(person_ids)},
        )
        return {row[0]: Standing(*row[1:]) for row in cursor.fetchall()}


def show_as_known(person: Person, known: datetime) -> None:
    """Set name, place, birth date and sex of a loaded person to what was known at the moment; nothing is saved."""
    stood = details_as_known([person.pk], known=known).get(person.pk)
    if stood is None:
        return
    person.name = stood.name
    person.unit = Unit.objects.get(pk=stood.unit_id) if stood.unit_id is not None else None
    person.birth_date, person.sex = stood.birth_date or person.birth_date, stood.sex or person.sex


def refresh_persons(
    cursor: CursorWrapper,
    *,
    touched: str,
    at: datetime,
    values: Mapping[str, int | str | datetime | None] | None = None,
) -> int:
    """Bring registry_person up to what the files now say, for the persons of the query `touched`; return how many changed.

    A birth date that only a damaged number or the file's own column tells stays as it was. Effects: updates registry_person.
    Cost: the temporary tables are analysed, or the planner takes a million persons for a handful.
    """
    told = _TOLD.format(persons="IN (SELECT person_id FROM touched)")
    cursor.execute(
        f"""
        DROP TABLE IF EXISTS pg_temp.touched, pg_temp.told_now, pg_temp.standing;
        CREATE TEMP TABLE touched ON COMMIT DROP AS {touched};
        ANALYZE touched;
        CREATE TEMP TABLE told_now ON COMMIT DROP AS {told};
        ANALYZE told_now;
        CREATE TEMP TABLE standing ON COMMIT DROP AS
            WITH told AS (SELECT * FROM told_now)
            SELECT s.person_id, s.name, s.unit_id, coalesce(s.birth_date, p.birth_date) AS birth_date,
                coalesce(s.sex, p.sex) AS sex, NULL::text AS pinyin, s.name <> p.name AS is_renamed
            FROM ({_STANDING}) s JOIN registry_person p ON p.id = s.person_id
            WHERE (s.name, s.unit_id, coalesce(s.birth_date, p.birth_date), coalesce(s.sex, p.sex))
                  IS DISTINCT FROM (p.name, p.unit_id, p.birth_date, p.sex);
        """,
        {**(values or {}), "order": FILE_ORDER, "known": at},
    )
    cursor.execute("SELECT DISTINCT name FROM standing WHERE is_renamed")
    names = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        """
        UPDATE standing s SET pinyin = k.pinyin
        FROM unnest(%s::text[], %s::text[]) AS k (name, pinyin) WHERE k.name = s.name AND s.is_renamed;
        UPDATE registry_person p
        SET name = s.name, unit_id = s.unit_id, birth_date = s.birth_date, sex = s.sex,
            name_pinyin = coalesce(s.pinyin, p.name_pinyin)
        FROM standing s WHERE s.person_id = p.id;
        """,
        [names, [sort_key(name)[:200] for name in names]],
    )
    return int(cursor.rowcount)
