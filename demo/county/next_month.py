"""What happens between two months: who is new among the poor and who leaves, who dies, moves away, enrols; what is repaired.

Everybody is drawn before the first month, those who enter later too, and each month is a view of them: whoever does not change keeps
name, number, keys, household and the very spelling of every line. What changes is in the truth's table of changes.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county import numbers
from demo.county.circumstances import Circumstances, Deaths, Mask, draw_sources, is_due
from demo.county.dates import age_years
from demo.county.draw import NOBODY, Generator, share_of, stream, take_some
from demo.county.feed import Feed, Month
from demo.county.households import POVERTY_STATUSES, STILL_POOR, Poor
from demo.county.people import People
from demo.county.poor_rows import PoorRows
from demo.county.strangers import ARRIVALS, Strangers

ENTRANTS_SHARE, EXIT_SHARE, REMOVED_DEAD_SHARE = 0.008, 0.007, 0.45
STATUS_SHARE, DIBAO_KIND_SHARE = 0.016, 0.005
DEATH_SHARE, STRANGER_DEATH_SHARE, ENROLLED_SHARE, MOVED_SHARE = 0.0016, 0.0010, 0.0015, 0.0006
NUMBER_REPAIRED_SHARE, NAME_REPAIRED_SHARE, NEW_ERROR_SHARE = 0.09, 0.05, 0.0012
WRONG_NUMBER = (
    "id_missing", "id_relative", "id_numeric", "id_15", "id_disab", "id_sub1", "id_swap", "id_2err", "id_daymonth", "id_len",
)  # fmt: skip
WRONG_NAME = ("name_homo", "name_variant", "name_trad", "name_rare", "name_translit")
"""What a repair changes: blanks and marks are healed whenever a line is read."""
SUPPORTED = POVERTY_STATUSES.tolist().index("已脱贫(享受政策)")
SPLIT_EVENTS = ("moved_out", "cancelled")
"""What befalls insured strangers in one of the two months."""


@dataclass
class Turn:
    """What changes from the first month to the second. Masks over the poor."""

    entrants: Mask
    left: Mask
    removed_dead: Mask
    enrolled: Mask  # on the resident roll from the second month on
    moved_out: Mask
    deaths: Deaths
    stranger_deaths: Deaths
    poverty_status: NDArray[np.int64]  # of the second month
    dibao_full: Mask  # of the second month


def draw_turn(
    seed: int, entrants: int, poor: Poor, facts: Circumstances, strangers: Strangers, month: np.datetime64
) -> Turn:
    """Draw what happens; about `entrants` persons, in whole households, are on no list in the first month."""
    rng = stream(seed, "next month")
    quiet = _ordinary(poor, facts)
    troubled = np.bincount(poor.household, ~_undisturbed(facts), poor.household_count) > 0
    enters = _take_households(rng, poor, ~troubled, entrants)
    leaves = _take_households(rng, poor, ~troubled & ~enters, share_of(len(poor), EXIT_SHARE))
    known_dead = facts.dead & np.isin(np.arange(len(poor)), facts.deaths.uid[facts.deaths.sources.any(axis=1)])
    removable = known_dead & (poor.position > 0) & ~poor.in_dibao
    removed = np.zeros(len(poor), dtype=bool)
    removed[take_some(rng, removable, share_of(int(known_dead.sum()), REMOVED_DEAD_SHARE))] = True
    stays = quiet & ~(enters | leaves)[poor.household]
    working = stays & (facts.situation == so.RESIDENT) & (facts.age >= 17) & (facts.age < 58)
    enrolled = _some(rng, working, share_of(len(poor), ENROLLED_SHARE))
    never = stays & (facts.situation == so.NEVER) & (facts.age < 58)
    moved = _some(rng, never, share_of(len(poor), MOVED_SHARE))
    dying = stays & (facts.situation == so.RESIDENT) & ~enrolled & (facts.age >= 40)
    dead = take_some(rng, dying, share_of(len(poor), DEATH_SHARE))
    return Turn(
        entrants=enters[poor.household],
        left=leaves[poor.household],
        removed_dead=removed,
        enrolled=enrolled,
        moved_out=moved,
        deaths=_deaths(rng, dead, month),
        stranger_deaths=_stranger_deaths(rng, strangers, month),
        poverty_status=_next_statuses(rng, poor),
        dibao_full=poor.dibao_full ^ _some_households(rng, poor, poor.in_dibao, DIBAO_KIND_SHARE),
    )


def _undisturbed(facts: Circumstances) -> Mask:
    """Whoever is alive and in no special situation that the other files tell of."""
    special = facts.dead | facts.student | facts.soldier | facts.prisoner | facts.ended_sentence
    return ~(special | facts.false_death_report | facts.name_change | facts.number_change)


def _ordinary(poor: Poor, facts: Circumstances) -> Mask:
    twin = np.zeros(len(poor), dtype=bool)
    twin[poor.twins] = True
    return _undisturbed(facts) & ~twin & (facts.second_scheme == NOBODY)


def _some(rng: Generator, eligible: Mask, count: int) -> Mask:
    chosen = np.zeros(len(eligible), dtype=bool)
    chosen[take_some(rng, eligible, count)] = True
    return chosen


def _take_households(rng: Generator, poor: Poor, eligible: Mask, persons: int) -> Mask:
    """Households until as many persons are in them."""
    size = np.bincount(poor.household, minlength=poor.household_count)
    order = rng.permutation(np.flatnonzero(eligible))
    enough = int(np.searchsorted(np.cumsum(size[order]), persons)) + 1
    chosen = np.zeros(poor.household_count, dtype=bool)
    chosen[order[:enough]] = True
    return chosen


def _some_households(rng: Generator, poor: Poor, members: Mask, share: float) -> Mask:
    eligible = np.bincount(poor.household, members, poor.household_count) > 0
    return _some(rng, eligible, share_of(int(eligible.sum()), share))[poor.household]


def _next_statuses(rng: Generator, poor: Poor) -> NDArray[np.int64]:
    still_poor = poor.in_poverty & np.isin(poor.poverty_status, STILL_POOR)
    return np.where(_some_households(rng, poor, still_poor, STATUS_SHARE), SUPPORTED, poor.poverty_status)


def _deaths(rng: Generator, uid: NDArray[np.int64], month: np.datetime64) -> Deaths:
    first = month.astype("M8[M]").astype("M8[D]")
    return Deaths(uid, first + rng.integers(0, 28, len(uid)), draw_sources(rng, len(uid)))


def _stranger_deaths(rng: Generator, strangers: Strangers, month: np.datetime64) -> Deaths:
    uid = strangers.uids("resident")
    ordinary = ~np.isin(uid, np.concatenate([*strangers.event.values(), strangers.namesakes[:, 1]]))
    old = age_years(strangers.people.birth[: len(uid)], month) >= 50
    return _deaths(rng, uid[take_some(rng, ordinary & old, share_of(len(uid), STRANGER_DEATH_SHARE))], month)


def first_poor(poor: Poor, turn: Turn) -> Poor:
    return _without(poor, turn.entrants)


def second_poor(poor: Poor, turn: Turn) -> Poor:
    there = _without(poor, turn.left | turn.removed_dead)
    return replace(there, poverty_status=turn.poverty_status, dibao_full=turn.dibao_full)


def _without(poor: Poor, gone: Mask) -> Poor:
    return replace(
        poor, in_poverty=poor.in_poverty & ~gone, in_dibao=poor.in_dibao & ~gone, in_tekun=poor.in_tekun & ~gone
    )


def first_month(month: Month, turn: Turn) -> Month:
    """The first month, before anything of the turn has happened."""
    facts = replace(month.facts, situation=np.where(turn.enrolled, so.NEVER, month.facts.situation))
    return replace(month, facts=facts, strangers=_of_month(month.strangers, 0))


def second_month(month: Month, turn: Turn, as_of: np.datetime64) -> Month:
    """The second month: everything known by then."""
    facts, size = month.facts, len(month.facts.age)
    birth = month.people.birth[:size]
    age = age_years(birth, as_of)
    death = facts.death.copy()
    death[turn.deaths.uid] = turn.deaths.day
    turned_16 = (facts.situation == so.UNDER_16) & (age >= 16)
    situation = np.select([turn.moved_out, turned_16], [so.ELSEWHERE, so.NEVER], facts.situation)
    later = replace(
        facts,
        age=age,
        due=is_due(birth, as_of) & (situation != so.UNDER_16) & np.isnat(death),
        situation=situation,
        death=death,
        deaths=_both(facts.deaths, turn.deaths),
        police_moved_out=facts.police_moved_out | turn.moved_out,
    )
    rng = stream(month.seed, "next month's movers")
    village = month.people.village.copy()
    village[np.flatnonzero(turn.moved_out)] = rng.choice(month.places.elsewhere, int(turn.moved_out.sum()))
    strangers = _of_month(month.strangers, 1)
    strangers = replace(strangers, deaths=_both(strangers.deaths, turn.stranger_deaths))
    people = replace(month.people, village=village)
    return replace(month, people=people, facts=later, strangers=strangers, as_of=as_of)


def news_of(second: Month, turn: Turn) -> Month:
    """The second month as the lists of what is new in a month know it."""
    nobody = np.zeros(len(second.facts.age), dtype=bool)
    facts = replace(
        second.facts,
        deaths=turn.deaths,
        false_death_report=nobody,
        name_change=nobody,
        number_change_announced=nobody,
        police_moved_out=turn.moved_out,
    )
    return replace(second, facts=facts, strangers=replace(second.strangers, deaths=turn.stranger_deaths))


def _both(before: Deaths, after: Deaths) -> Deaths:
    return Deaths(*(np.concatenate([getattr(before, each.name), getattr(after, each.name)]) for each in fields(Deaths)))


def _of_month(strangers: Strangers, place: int) -> Strangers:
    """The strangers who arrive, leave or are renamed in one of the two months; all others as they are."""
    half = {group: strangers.count[group] // 2 for group in ARRIVALS}
    event = {name: np.array_split(strangers.event[name], 2)[place] for name in SPLIT_EVENTS}
    if place:
        event |= {name: strangers.event[name][:0] for name in ("name_change", "number_change")}
    return replace(
        strangers,
        first=strangers.first | {group: strangers.first[group] + place * half[group] for group in ARRIVALS},
        count=strangers.count | half,
        event=strangers.event | event,
    )


def carry_on(feed: Feed, before: str, stamp: str) -> Feed:
    """The same full list, sent again in the next month."""
    return replace(feed, listing=replace(feed.listing, file=feed.listing.file.replace(before, stamp)))


def listed_rows(rows: PoorRows, poor: Poor) -> Mask:
    """The rows of those whom their list names in a month."""
    there = np.stack([poor.in_poverty, poor.in_dibao, poor.in_tekun])
    keep = there[rows.feed, rows.uid]
    again = rows.repeats != NOBODY
    keep[again] &= keep[rows.repeats[again]]
    return keep


@dataclass
class Repairs:
    """Rows whose number or name was put right or written wrongly: what stands there afterwards."""

    kind: list[str]
    row: list[int]
    old: list[str]
    new: list[str]


def repair_rows(seed: int, rows: PoorRows, people: People) -> tuple[PoorRows, Repairs]:
    """Return the rows of the next month: some numbers and names right now, a few written wrongly. Indices are those given."""
    rng = stream(seed, "next month's repairs")
    free = rows.repeats == NOBODY
    free[rows.repeats[rows.repeats != NOBODY]] = False
    bad_number = free & _has_tag(rows, WRONG_NUMBER)
    bad_name = free & _has_tag(rows, WRONG_NAME) & ~_has_tag(rows, ("id_",))
    right = free & (rows.tags == "")
    ours = replace(rows, number=rows.number.copy(), name=rows.name.copy(), tags=rows.tags.astype("U64"))
    ours.numeric, ours.borrowed_from = rows.numeric.copy(), rows.borrowed_from.copy()
    numbers_put_right = take_some(rng, bad_number, share_of(int(bad_number.sum()), NUMBER_REPAIRED_SHARE))
    names_put_right = take_some(rng, bad_name, share_of(int(bad_name.sum()), NAME_REPAIRED_SHARE))
    spoilt = take_some(rng, right, share_of(len(rows), NEW_ERROR_SHARE))
    ours.number[numbers_put_right] = people.number_text(rows.uid[numbers_put_right])
    ours.numeric[numbers_put_right], ours.borrowed_from[numbers_put_right] = False, NOBODY
    ours.name[names_put_right] = people.name_text(rows.uid[names_put_right])
    ours.number[spoilt] = numbers.as_text(numbers.substitute_one(rng, people.digits(rows.uid[spoilt])))
    for at, prefix in ((numbers_put_right, "id_"), (names_put_right, "name_")):
        ours.tags[at] = [_without_tags(tags, prefix) for tags in rows.tags[at].tolist()]
    ours.tags[spoilt] = "id_sub1"
    done = Repairs([], [], [], [])
    for kind, at, column in (
        ("id_corrected", numbers_put_right, "number"),
        ("name_corrected", names_put_right, "name"),
        ("new_error", spoilt, "number"),
    ):
        done.kind += [kind] * len(at)
        done.row += at.tolist()
        done.old += getattr(rows, column)[at].tolist()
        done.new += getattr(ours, column)[at].tolist()
    return ours, done


def _has_tag(rows: PoorRows, tags: tuple[str, ...]) -> Mask:
    found: Mask = np.logical_or.reduce([np.char.find(rows.tags, tag) >= 0 for tag in tags])
    return found


def _without_tags(tags: str, prefix: str) -> str:
    return " ".join(tag for tag in tags.split() if not tag.startswith(prefix))
