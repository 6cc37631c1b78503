"""Every race: importing this module imports those that add theirs to the table."""

from tests.locks import races_of_administration, races_of_enrolment, races_of_files, races_of_money, races_of_work
from tests.locks.meetings import RACES

__all__ = ["RACES"]

ADDED_BY = (races_of_work, races_of_enrolment, races_of_files, races_of_administration, races_of_money)
