"""Office packages whose bytes are the same for the same content.

Both writers stamp the zip entries, and one the properties, with the time at which they were run. A circular is frozen: its
files made again must be the same files, with the same SHA-256.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from typing import Final

_STAMPED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_CORE: Final = "docProps/core.xml"


def settled(package: bytes, made_on: date) -> bytes:
    """The same package, every entry as if written at the start of a day (UTC)."""
    made = datetime.combine(made_on, time(), UTC)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(packed, "w") as written:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == _CORE:
                content = _STAMPED.sub(rb"\g<1>" + f"{made:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", content)
            plain = zipfile.ZipInfo(entry.filename, (made.year, made.month, made.day, 0, 0, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED
            plain.external_attr = 0o600 << 16
            written.writestr(plain, content)
    return packed.getvalue()
