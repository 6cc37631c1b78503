"""Which person is which line of a roll, one pair after the other: docs/matching.md#steps as a clerk would apply them by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from foundation.primitives import resident_id
from tests.oracles.numbers import Cleaned, clean_number, lost_or_added, repairs_of

RIGHT_STATES = ("ok", "fifteen", "cut")
Link = tuple[str, str]
Pairs = dict[tuple[int, str], Link]


@dataclass(frozen=True)
class Written:
    """A name by its phonetic key and a number, as one variant or one line of a roll has them."""

    owner: int
    roll_no: str
    phonetic_key: str
    number: str
    stated_birth: date | None
    village: str
    name: str = ""

    @property
    def cleaned(self) -> Cleaned:
        return clean_number(self.number)

    @property
    def right(self) -> str:
        """The right number, or nothing."""
        return self.cleaned.number if self.cleaned.state in RIGHT_STATES else ""

    @property
    def repairs(self) -> set[str]:
        """The right numbers one digit error away from a damaged one."""
        number = self.cleaned.number
        return set() if self.right else repairs_of(number) | lost_or_added(number)

    @property
    def birth(self) -> date | None:
        if self.right:
            return resident_id.birth_date(self.right)
        number = self.cleaned.number
        return self.stated_birth or (resident_id.birth_date(number) if len(number) == 18 else None)


@dataclass(frozen=True)
class PoliceChange:
    """A line of the police list, names by their phonetic key."""

    number: str = ""
    phonetic_key: str = ""
    before: str = ""
    after: str = ""
    old_number: str = ""
    new_number: str = ""


def match(variants: Iterable[Written], lines: Iterable[Written], changes: Iterable[PoliceChange]) -> Pairs:
    """Return (subject, number on the roll) -> (rule, action). Every line is of the resident roll."""
    people: dict[int, list[Written]] = {}
    for variant in variants:
        people.setdefault(variant.owner, []).append(variant)
    roll, police = list(lines), list(changes)
    links: Pairs = {}
    for person, own in people.items():
        for line in roll:
            found = _by_number(own, line, police) or _by_repaired_roll_number(own, line, people)
            if found:
                links[person, line.roll_no] = found
    for person, line in _by_name_birth_village(_unconfirmed(people, links), roll):
        links.setdefault((person, line.roll_no), ("name_birth_village", "auto"))
    for person, line in _by_two_digit_errors(_unconfirmed(people, links), roll):
        links.setdefault((person, line.roll_no), ("two_digit_errors", "auto"))
    for person, line in _by_name_village(_unconfirmed(people, links), roll):
        links.setdefault((person, line.roll_no), ("name_village", "review"))
    for person, line, rule in _by_what_is_shared(_unconfirmed(people, links), roll):
        links.setdefault((person, line.roll_no), (rule, "review"))
    return links


def _by_number(own: list[Written], line: Written, police: list[PoliceChange]) -> Link | None:
    """Step 1, and the file's side of step 2."""
    stated = line.right != "" and any(variant.right == line.right for variant in own)
    former = any(
        change.old_number == line.right
        and change.new_number == variant.right
        and change.phonetic_key == variant.phonetic_key
        for change in police
        for variant in own
        if variant.right
    )
    repaired = any(line.right in variant.repairs for variant in own)
    if line.right and any(variant.phonetic_key == line.phonetic_key for variant in own):
        if stated or former:
            return "same_number", "auto"
        if repaired:
            return "repaired_file_number", "auto"
    if not stated:
        return None
    if any(_renamed(variant, line, change) for variant in own for change in police):
        return "same_number_former_name", "auto"
    births = {variant.stated_birth for variant in own} - {None}
    if line.birth in births and any(_close(variant.phonetic_key, line.phonetic_key) for variant in own):
        return "same_number_close_name", "auto"
    if any(
        _fits_but_lost(one, other)
        for variant in own
        for one, other in (
            (variant.phonetic_key, line.phonetic_key),
            (line.phonetic_key, variant.phonetic_key),
        )
    ):
        return "same_number_lost_character", "auto"
    return "number_of_another", "review"


def _renamed(variant: Written, line: Written, change: PoliceChange) -> bool:
    names = (change.before, change.after)
    return (
        change.number == line.right
        and all(names)
        and names in ((line.phonetic_key, variant.phonetic_key), (variant.phonetic_key, line.phonetic_key))
    )


def _fits_but_lost(damaged: str, whole: str) -> bool:
    """One character of a name of three or more is lost, all others are the same in their places."""
    return (
        len(damaged) == len(whole) > 2
        and damaged.count("〓") == 1
        and "〓" not in whole
        and all(character in ("〓", other) for character, other in zip(damaged, whole, strict=True))
    )


def _close(one: str, other: str) -> bool:
    """The same surname, and a character of the given name with the same phonetic key."""
    return one[:1] == other[:1] and bool(set(one[1:]) & set(other[1:]))


def _by_repaired_roll_number(own: list[Written], line: Written, people: dict[int, list[Written]]) -> Link | None:
    """The roll's side of step 2: a person decides when two poor persons fit."""

    def fits(variants: list[Written]) -> bool:
        return any(variant.right in line.repairs for variant in variants) and any(
            variant.phonetic_key == line.phonetic_key for variant in variants
        )

    if not fits(own):
        return None
    alike = sum(fits(variants) for person, variants in people.items() if person > 0)
    return "repaired_roll_number", "review" if alike > 1 else "auto"


def _unconfirmed(people: dict[int, list[Written]], links: Pairs) -> dict[int, list[Written]]:
    confirmed = {person for (person, _), (_, action) in links.items() if action == "auto"}
    return {person: own for person, own in people.items() if person > 0 and person not in confirmed}


def _by_name_birth_village(people: dict[int, list[Written]], roll: list[Written]) -> list[tuple[int, Written]]:
    """Step 3: unique on both sides, and no two right numbers that differ."""
    alike = [
        (person, line)
        for person, own in people.items()
        for line in roll
        if any(
            variant.birth is not None and variant.birth == line.birth and _same_place(variant, line) for variant in own
        )
        and any(variant.phonetic_key == line.phonetic_key for variant in own)
    ]
    return [
        (person, line)
        for person, line in alike
        if sum(other == person for other, _ in alike) == 1
        and sum(other.roll_no == line.roll_no for _, other in alike) == 1
        and not (line.right and any(variant.right for variant in people[person]))
    ]


def _by_two_digit_errors(people: dict[int, list[Written]], roll: list[Written]) -> list[tuple[int, Written]]:
    """The one line of the name in the village, the one person without a right number, two digits apart."""
    unnumbered = {person: own for person, own in people.items() if not any(variant.right for variant in own)}
    alike = [
        (person, line)
        for person, own in unnumbered.items()
        for line in roll
        if any(variant.phonetic_key == line.phonetic_key for variant in own)
        and any(_same_place(variant, line) for variant in own)
    ]
    return [
        (person, line)
        for person, line in alike
        if sum(other == person for other, _ in alike) == 1
        and sum(other.roll_no == line.roll_no for _, other in alike) == 1
        and any(variant.name == line.name and len(line.name) > 1 for variant in people[person])
        and any(_digits_apart(variant.number, line.right) <= 2 for variant in people[person])
    ]


def _digits_apart(number: str, right: str) -> int:
    """How many of the first seventeen digits differ; more than there are when the two cannot be compared."""
    if len(number) != 18 or not number[:17].isdigit() or not right:
        return 18
    return sum(one != other for one, other in zip(number[:17], right[:17], strict=True))


def _by_name_village(people: dict[int, list[Written]], roll: list[Written]) -> list[tuple[int, Written]]:
    """For whom no number is known: at most five lines of the name in the village."""
    found_lines = []
    for person, own in people.items():
        phonetic_keys = {variant.phonetic_key for variant in own if len(variant.phonetic_key) > 1}
        lines = [
            line
            for line in roll
            if line.phonetic_key in phonetic_keys and any(_same_place(variant, line) for variant in own)
        ]
        if not any(variant.right for variant in own) and len(lines) <= 5:
            found_lines += [(person, line) for line in lines]
    return found_lines


MOST = {"name_village_other_number": 50, "birth_village_surname": 5, "name_birth": 5, "digit_error_other_name": 5}


def _by_what_is_shared(people: dict[int, list[Written]], roll: list[Written]) -> list[tuple[int, Written, str]]:
    """Step 4 without its score: of each rule at most five lines, fifty where the numbers differ; of several rules the first."""
    found_lines: list[tuple[int, Written, str]] = []
    for person, own in people.items():
        found = {
            rule: [line for line in roll if shares(own, line)]
            for rule, shares in (
                ("birth_village_surname", _shares_birth_village_surname),
                ("name_birth", _shares_name_birth),
                ("name_village_other_number", _shares_name_village),
                ("digit_error_other_name", _shares_digit_error_village_surname),
            )
        }
        found_lines += [
            (person, line, rule) for rule, lines in found.items() if len(lines) <= MOST[rule] for line in lines
        ]
    return found_lines


def _phonetic_keys(own: list[Written]) -> set[str]:
    return {variant.phonetic_key for variant in own if len(variant.phonetic_key) > 1}


def _shares_name_village(own: list[Written], line: Written) -> bool:
    is_here = any(_same_place(variant, line) for variant in own)
    return any(variant.right for variant in own) and line.phonetic_key in _phonetic_keys(own) and is_here


def _shares_digit_error_village_surname(own: list[Written], line: Written) -> bool:
    stated = line.right != "" and any(variant.right == line.right for variant in own)
    has_digit_error = line.right != "" and not stated and any(line.right in variant.repairs for variant in own)
    is_here = any(_same_place(variant, line) for variant in own)
    is_named = any(variant.phonetic_key == line.phonetic_key for variant in own)
    return (
        has_digit_error
        and is_here
        and not is_named
        and any(phonetic_key[0] == line.phonetic_key[:1] for phonetic_key in _phonetic_keys(own))
    )


def _shares_birth_village_surname(own: list[Written], line: Written) -> bool:
    born_here = any(
        variant.birth is not None and variant.birth == line.birth and _same_place(variant, line) for variant in own
    )
    other_name = any(
        phonetic_key[0] == line.phonetic_key[:1] and phonetic_key != line.phonetic_key
        for phonetic_key in _phonetic_keys(own)
    )
    return born_here and other_name and not any(variant.right for variant in own)


def _shares_name_birth(own: list[Written], line: Written) -> bool:
    elsewhere = any(
        variant.birth is not None and variant.birth == line.birth and variant.village != line.village for variant in own
    )
    return elsewhere and line.phonetic_key in _phonetic_keys(own) and not any(variant.right for variant in own)


def _same_place(variant: Written, line: Written) -> bool:
    return variant.village != "" and variant.village == line.village
