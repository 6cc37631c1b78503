"""Reads of enrolment, scoped to who asks: subjects and their work, the board, one person's story, coverage for the API."""
