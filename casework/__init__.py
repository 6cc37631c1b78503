"""The work on gaps: gaps opened and closed, cases, desks and the work list. Stands below whatever finds gaps."""
