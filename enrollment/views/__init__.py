"""Pages of enrolment: the work list, a person, a stranger's line of a roll, and the acts on their case."""
