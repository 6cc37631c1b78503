"""What one sender calls the values of a list: a word for each of our codes, drawn from demo/data/habit_values.yaml.

Among the words are some the product has never seen: they must be asked about, never guessed. NOBODY_KNOWS are words no reader can know.
"""

from functools import cache

import yaml

from demo.county.draw import Chance
from demo.county.places import DEMO_DATA

NOBODY_KNOWS = ("待核", "其他情况", "见附表", "—", "丙档", "按原口径", "乙类Ⅱ", "转系统", "Z9")
SEX_WORDS = (("男", "女"), ("男", "女"), ("男", "女"), ("男", "女"), ("男性", "女性"), ("1", "2"))
ROLLS_OF_EMPLOYERS = ("employee", "civil")
CODES_SHARE = 0.15


@cache
def _all_words() -> dict[str, dict[str, list[str]]]:
    words: dict[str, dict[str, list[str]]] = yaml.safe_load((DEMO_DATA / "habit_values.yaml").read_text("utf-8"))
    return words


def list_name(feed: str, field: str) -> str:
    """Return the key of a feed's list of values."""
    return f"roll.{field}" if feed in ROLLS_OF_EMPLOYERS else f"{feed}.{field}"


def choose_words(chance: Chance, key: str) -> dict[str, str]:
    """Return one sender's word for each of our codes; a sender of codes writes codes only."""
    words = _all_words()[key]
    figures = {code: each for code, listed in words.items() for each in listed if each.isdigit()}
    if len(figures) == len(words) and chance.random() < CODES_SHARE:
        return figures
    return {code: chance.choice([each for each in listed if not each.isdigit()]) for code, listed in words.items()}


@cache
def codes_of(key: str) -> dict[str, str]:
    """Return our code for each of the words of a list."""
    return {word: code for code, words in _all_words()[key].items() for word in words}
