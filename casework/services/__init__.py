"""Gaps and the work of closing them: finders open and close gaps, people take and close cases."""
