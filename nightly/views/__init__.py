"""Pages of the nights."""
