"""A generator of strangers: files of senders nobody wrote a layout for, each with the truth of every cell.

`draw_habit` draws how one sender writes a feed's file, `make_habit_file` and `write_habit_file` make the file; `write_strangers`
writes a folder of them. Independent of registry/intake on purpose: its lists of headers and words are tested here, not repeated.
"""

from demo.county.habits.feeds import FEEDS
from demo.county.habits.files import make_habit_file, write_habit_file
from demo.county.habits.folder import feed_of, write_strangers
from demo.county.habits.habit import Habit, draw_habit
from demo.county.habits.truth import FileTruth, TrueLine, read_truth, write_truth

__all__ = [
    "FEEDS",
    "FileTruth",
    "Habit",
    "TrueLine",
    "draw_habit",
    "feed_of",
    "make_habit_file",
    "read_truth",
    "write_habit_file",
    "write_strangers",
    "write_truth",
]
