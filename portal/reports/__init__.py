"""The reports: the statutory monthly table, gaps to zero, counts made by whoever asks. Reads what nights believed."""
