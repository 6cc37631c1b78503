"""Deliveries from departments -> checked rows -> persons, designations, facts, roll snapshots.

Read the modules in the order of the work: files (bytes to cells), layouts (which feed, which columns), reading (cells to
clean rows, each with its outcome), places, identify (which person a row belongs to), then the services that apply them.
"""
