"""The rows of the other files, and the files themselves."""

import numpy as np

from demo.county.truth.county import Columns, County, month_column


def feed_rows(county: County) -> Columns:
    feeds = list(county.feeds.values())
    size = [len(feed.uid) for feed in feeds]
    return {
        "month": month_column(county, sum(size)),
        "feed": np.repeat([feed.listing.feed for feed in feeds], size),
        "file": np.repeat([feed.listing.file for feed in feeds], size),
        "sheet": np.repeat([feed.listing.sheet for feed in feeds], size),
        "row": np.concatenate([feed.listing.line for feed in feeds]),
        "uid": np.concatenate([feed.uid for feed in feeds]),
        "errs": np.concatenate([feed.tags for feed in feeds]),
        "detail": [detail for feed in feeds for detail in feed.details()],
    }


def file_rows(county: County) -> Columns:
    lines = []
    for listing in county.listings.values():
        text = listing.file.endswith(".csv")
        form = county.text_form(listing.feed)
        kind = (form.encoding, form.separator) if text else ("xlsx", "")
        lines.append(
            (listing.file, listing.sheet, listing.feed, *kind, listing.header_row, len(listing.line), listing.last_line)
        )
    for scheme, (file, part) in county.roll_files.items():
        rolls = {"resident": county.resident} | {roll.scheme: roll for roll in county.schemes}
        lines.append((file, part, scheme, "gb18030", ",", 1, len(rolls[scheme]), len(rolls[scheme]) + 1))
    names = ("file", "part", "feed", "encoding", "separator", "header_row", "data_rows", "lines")
    columns = {name: list(values) for name, values in zip(names, zip(*lines, strict=True), strict=True)}
    return {"month": month_column(county, len(lines)), **columns, "note": [""] * len(lines)}
