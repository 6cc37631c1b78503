"""The agency's first list of certifications in the demonstration: most of those who draw were certified, some were not."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from coverage.models import Finding
from foundation.regions.models import Unit
from registry.models import Person, PersonIdentifier
from registry.selectors.numbers import decrypt_numbers

HEADER = ("姓名", "身份证号", "认证日期", "认证方式")
WAYS = ("手机", "经办机构", "自助终端", "协办员", "就医", "出行")
ENCODING = "gb18030"
FORGOTTEN_OF = 4
"""One of so many who draw is not on the list."""


def write_certifications(county: Unit, folder: Path, *, as_of: date) -> Path:
    """Write the list of a month beside its other files: of those who draw by the last night, a line a person with a valid number."""
    drawing = Finding.objects.filter(county=county, kind="resident", superseded_at=None, evidence__value="1/3")
    people = Person.objects.filter(pk__in=drawing.values("person"), birth_date__isnull=False).order_by("pk")
    identifiers = PersonIdentifier.objects.filter(person__in=people, superseded_at=None).order_by("pk")
    decrypted = decrypt_numbers(
        "SELECT number_id FROM registry_personidentifier WHERE superseded_at IS NULL AND person_id = ANY(%s)",
        [[person.pk for person in people]],
    )
    texts = {row["number_id"]: row["number"] for row in decrypted.to_pylist() if row["valid"]}
    numbers = {each.person_id: texts[each.number_id] for each in identifiers if each.number_id in texts}
    path = folder / f"领取待遇资格认证_{as_of:%Y%m}.csv"
    with path.open("w", encoding=ENCODING, newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for place, person in enumerate(people):
            if place % FORGOTTEN_OF and person.pk in numbers and person.birth_date:
                day = _day_certified(person.birth_date, place, as_of)
                lines.writerow((person.name, numbers[person.pk], f"{day:%Y-%m-%d}", WAYS[place % len(WAYS)]))
    return path


def _day_certified(born: date, place: int, as_of: date) -> date:
    """Return a day within the window that runs, which began with the last birthday month."""
    first = date(as_of.year - (born.month > as_of.month), born.month, 1)
    return first + timedelta(days=place % ((as_of - first).days + 1))
