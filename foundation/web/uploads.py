"""Files of a form go to the disk as they arrive; when it is full the form is answered in words (refusing.py), not with an error."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from foundation.primitives.disk import is_disk_full


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Writes to FILE_UPLOAD_TEMP_DIR; on a full disk the rest of the request is thrown away and the request carries `disk_was_full`."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file."""
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._stop(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        if not is_disk_full(error):
            raise error
        self.request.disk_was_full = True  # type: ignore[union-attr]
        raise StopUpload from error
