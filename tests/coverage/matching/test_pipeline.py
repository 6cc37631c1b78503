"""The whole pipeline against the slow oracle, on many small worlds in one call."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coverage.matching import pipeline
from coverage.matching.rolls import read_lines
from foundation.primitives.columns import clean_names
from tests import senders
from tests.oracles import matching
from tests.oracles.numbers import make_number
from tests.rolls import Change, IdentityVariant, PreparedRolls

NAMES = st.sampled_from(["张伟", "章苇", "張偉", "张卫国", "张国", "张强", "李伟", "张"])
DAY, OTHER_DAY = "19500305", "19500306"
BIRTHS = st.sampled_from([None, None, date(1950, 3, 5), date(1950, 3, 6)])
FAST = (Phase.explicit, Phase.generate)  # a failure is shown as found: thirty worlds take minutes to shrink


@dataclass(frozen=True)
class World:
    """Who is looked for, what is on the roll, what the police changed; no other world has its numbers or villages."""

    variants: list[IdentityVariant]
    lines: list[IdentityVariant]
    changes: list[Change]


def damage(number: str, how: int) -> str:
    """Write a number as departments do; 0 and 1 leave it right."""
    return [
        number,
        number,
        number[:6] + number[8:17],
        number + "43",
        number[:16] + str((int(number[16]) + 4) % 10) + number[17],
        number[:12] + number[13] + number[12] + number[14:],
        number[:9] + number[10:],
        number[:9] + "1" + number[9:],
        number[:14] + "9999",
        number[:9] + str((int(number[9]) + 3) % 10) + number[10:15] + str((int(number[15]) + 5) % 10) + number[16:],
        number[:14],
        "",
        "无",
    ][how]


def recipe(day: str, sequence: int, how: int) -> str:
    """Describe how a number is made; `settle` makes it, of its world's own county code."""
    return f"{day} {sequence} {how}"


def worlds(names: st.SearchStrategy[str], sequences: list[int], damages: list[int]) -> st.SearchStrategy[World]:
    """Draw worlds from a few names and numbers: the fewer there are, the more often two of them meet."""
    sequence = st.sampled_from(sequences)
    numbers = st.builds(recipe, st.sampled_from([DAY, DAY, OTHER_DAY]), sequence, st.sampled_from(damages))
    right = st.builds(recipe, st.just(DAY), sequence, st.just(0))
    villages = st.sampled_from(["201", "202"])
    variants = st.builds(IdentityVariant, st.integers(1, 3), names, numbers, BIRTHS, st.one_of(villages, st.just("")))
    lines = st.builds(IdentityVariant, st.just(0), names, numbers, BIRTHS, villages)
    new_names = st.builds(lambda number, before, after: Change(after, number, before, after), right, names, names)
    new_numbers = st.builds(lambda name, old, new: Change(name, new, "", "", old, new), names, right, right)
    changes = st.lists(st.one_of(new_names, new_numbers), max_size=2)
    return st.builds(
        World, st.lists(variants, min_size=1, max_size=5), st.lists(lines, min_size=1, max_size=6), changes
    )


def renamed(world: World) -> World:
    """Let the police explain the first line's name by the first variant's."""
    variant, line = world.variants[0], world.lines[0]
    change = Change(variant.name, variant.number, line.name, variant.name)
    return replace(
        world, lines=[replace(line, number=variant.number), *world.lines[1:]], changes=[*world.changes, change]
    )


MANY_WAYS = worlds(NAMES, [1, 3, 5], list(range(13)))
FEW_NAMES = worlds(st.sampled_from(["张伟", "章苇", "李建"]), [1, 3], [0, 0, 4, 5])
WORLDS = st.one_of(MANY_WAYS, FEW_NAMES, FEW_NAMES.map(renamed))


def settle(world: World, place: int) -> World:
    """Give a world numbers, births, villages and subjects of its own.

    No province has a code that begins with 0; two of these codes differ in two places and more: no digit error leads across. Births
    differ in decade or month: the errors drawn here change the year's last digit or swap the day's.
    """

    county_code = f"0{place:02d}{place:02d}{place // 10}"
    decade, month = 1930 + 10 * ((place - 10) // 12), 1 + (place - 10) % 12

    def number(made: str) -> str:
        if not made:
            return ""
        day, sequence, how = made.split()
        return damage(make_number(f"{decade}{month:02d}{day[6:]}", int(sequence), county_code), int(how))

    def placed(variant: IdentityVariant, subject: int) -> IdentityVariant:
        village = f"3206{place:02d}001{variant.village}" if variant.village else ""
        born = variant.stated_birth and variant.stated_birth.replace(year=decade, month=month)
        return replace(variant, subject_id=subject, number=number(variant.number), village=village, stated_birth=born)

    return World(
        [placed(variant, 10 * place + variant.subject_id) for variant in world.variants],
        [placed(line, 100 * place + n) for n, line in enumerate(world.lines)],
        [
            replace(
                each, number=number(each.number), old_number=number(each.old_number), new_number=number(each.new_number)
            )
            for each in world.changes
        ],
    )


@cache
def phonetic_key(name: str) -> str:
    return str(clean_names(pa.array([name])).phonetic_key[0].as_py())


def written(variant: IdentityVariant) -> matching.Written:
    return matching.Written(
        variant.subject_id,
        f"R{variant.subject_id}",
        phonetic_key(variant.name),
        variant.number,
        variant.stated_birth,
        variant.village,
        variant.name,
    )


def police(change: Change) -> matching.PoliceChange:
    return matching.PoliceChange(
        change.number,
        phonetic_key(change.name),
        phonetic_key(change.before_name),
        phonetic_key(change.after_name),
        change.old_number,
        change.new_number,
    )


def roll_row(line: IdentityVariant) -> list[str]:
    born = f"{line.stated_birth:%Y%m%d}" if line.stated_birth else ""
    return senders.resident_row(f"R{line.subject_id}", line.name, line.number, birth=born, unit=line.village)


def looked_for(prepared: PreparedRolls, settled: list[World]) -> dict[tuple[int, str], tuple[str, str]]:
    """Run the pipeline over all worlds at once. The score orders and cuts off possible matches; the oracle has none."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline, "LEAST_SCORE", float("-inf"))
        patched.setattr(pipeline, "MOST_PROPOSED", 99)
        return prepared.pairs(
            *(variant for world in settled for variant in world.variants),
            changes=[each for world in settled for each in world.changes],
        )


@settings(max_examples=12, phases=FAST, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawn=st.lists(WORLDS, min_size=1, max_size=40))
def test_the_pipeline_agrees_with_the_oracle_and_a_roll_in_parts_with_the_whole(tmp_path_factory, drawn):
    settled = [settle(world, place) for place, world in enumerate(drawn, 10)]
    lines = [roll_row(line) for world in settled for line in world.lines]
    whole, parts = (PreparedRolls(tmp_path_factory.mktemp("rolls")) for _ in range(2))
    whole.add_resident(lines)
    for part in range(min(3, len(lines))):
        parts.add_resident(lines[part::3])
    found, by_parts = (looked_for(prepared, settled) for prepared in (whole, parts))
    assert found == by_parts
    for world in settled:
        subjects = {variant.subject_id for variant in world.variants}
        agreed = matching.match(map(written, world.variants), map(written, world.lines), map(police, world.changes))
        assert {pair: link for pair, link in found.items() if pair[0] in subjects} == agreed, world


def test_a_snapshot_of_an_older_preparation_links_the_same(tmp_path):
    prepared = PreparedRolls(tmp_path)
    prepared.add_resident([senders.resident_row("R1", "张伟", ""), senders.resident_row("R2", "李四", "")])
    variants = [IdentityVariant(1, "张伟", ""), IdentityVariant(2, "李四", "")]
    links = prepared.link(*variants)
    assert [link["roll_no"] for link in links] == ["R1", "R2"]
    [roll] = prepared.rolls
    pq.write_table(pq.read_table(roll.path).drop_columns(["name_place"]), roll.path)
    assert prepared.link(*variants) == links


def test_lines_are_read_from_the_row_groups_they_lie_in(tmp_path):
    prepared = PreparedRolls(tmp_path)
    prepared.add_resident([senders.resident_row(f"R{n}", "张伟", "") for n in range(1, 10)])
    [roll] = prepared.rolls
    pq.write_table(pq.read_table(roll.path), roll.path, row_group_size=2)
    positions = np.array([1, 4, 5, 9], np.int32)
    lines = read_lines(roll, positions)
    assert sorted(lines["roll_no"].to_pylist()) == ["R1", "R4", "R5", "R9"]
    assert sorted(lines["position"].to_pylist()) == positions.tolist()
    assert read_lines(roll, positions[:0]).num_rows == 0
