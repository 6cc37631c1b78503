"""From links and facts to results: findings on persons and on roll lines, then the three codes of every person.

Each finding is one SQL statement in sql/, registered in findings.py; codes.py derives the codes by three priority tables.
Works on the night's tables in DuckDB; nothing here writes to the database.
"""
