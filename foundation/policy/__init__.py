"""Rules as data: dated regional parameters in YAML with their source, and the table that SQL joins."""
