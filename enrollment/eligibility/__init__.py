"""Who may be enrolled, taken in, paid: conditions, each met, not met or unknown, tested for one person or a million at once."""
