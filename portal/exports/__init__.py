"""Exports for checking and for departments: one csv file each, as known to the last night of a month.

sql/*.sql are the statements, export.py writes their files and enters them in the register of disclosures, nights.py finds the
night a month is exported from. Called by the command `export`.
"""
