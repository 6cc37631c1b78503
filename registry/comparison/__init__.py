"""Lists and rolls compared with those before them: what applying a file changes, what changed in a month."""
