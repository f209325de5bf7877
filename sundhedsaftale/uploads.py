"""Files on their way in stay in memory, and only so much of them: nothing is written under a name somebody chose."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 10_000_000  # bytes


class InMemoryOnly(FileUploadHandler):
    """A file over the limit arrives empty and marked `too_large`, so that the rest of the form is not lost with it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content, self.too_large = BytesIO(), False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.too_large or self.content.tell() + len(raw_data) > LARGEST:
            self.content, self.too_large = BytesIO(), True
        else:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        file = InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=0 if self.too_large else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
        file.too_large = self.too_large  # type: ignore[attr-defined]
        return file
