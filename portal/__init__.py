"""The face: home and boards, the API root and its error format, navigation. Reads selectors only."""
