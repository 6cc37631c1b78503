"""The record-linkage engine: pipeline.py is the algorithm as an ordered list, sql/NN_verb_noun.sql its steps.

Knows subjects (poor persons, lines of fact feeds) and rolls; nothing of gaps, cases or clerks' work. tables.py names the relations
the steps hand on.
"""
