"""Sending a file to the browser as an attachment, under a name in the reader's language. Called by every view that downloads."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"


def send_file(content: bytes = b"", *, name: str, content_type: str = XLSX) -> HttpResponse:
    """Return a response that the browser saves as `name`; a Chinese name is sent as filename* (RFC 5987).

    Slashes and spaces of a label are replaced, so that the name is one file name on every system. No browser and no proxy keeps it:
    most files name people.
    """
    file_name = name.replace("/", "-").replace(" ", "_")
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=file_name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
