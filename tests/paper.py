"""Reading what was printed: the texts of each page of a PDF, whatever lines they were broken into."""

import io

from pypdf import PdfReader

SOFT_HYPHEN = "\u00ad"


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page without blanks and line ends; hyphens at a line's end joined."""
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def is_across(pdf: bytes) -> bool:
    """Answer whether the first page lies across."""
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return box.width > box.height


def squeezed(text: str) -> str:
    """Return a text as pages_of returns it."""
    return "".join(text.split()).replace("-", "").replace(SOFT_HYPHEN, "")


def furthest_right(pdf: bytes) -> float:
    """Return how far to the right any text begins, as a share of the page's width."""
    share = 0.0
    for page in PdfReader(io.BytesIO(pdf)).pages:
        width = float(page.mediabox.width)

        def visit(text: str, _cm: object, tm: list[float], _font: object, _size: object, width: float = width) -> None:
            nonlocal share
            if text.strip():
                share = max(share, tm[4] / width)

        page.extract_text(visitor_text=visit)
    return share
