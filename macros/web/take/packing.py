"""Zip files whose bytes depend on what is in them and on nothing else, and the date of it all."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

PACKED = (".pdf", ".png", ".woff2", ".zip", ".docx")
"""Endings of files that are packed already: packing them again takes time and saves nothing."""


def package(parts: Mapping[str, bytes]) -> bytes:
    """Return *parts* as a zip file in which all are dated alike."""
    packed = io.BytesIO()
    # A zip file's years begin at 1980.
    dated = max(moment(), datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    with zipfile.ZipFile(packed, "w") as package:
        for name, data in parts.items():
            part = zipfile.ZipInfo(name, dated)
            stored = name.endswith(PACKED)
            part.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            part.create_system = 3  # else it would tell where it was made
            part.external_attr = 0o100644 << 16
            package.writestr(part, data)
    return packed.getvalue()


def moment() -> datetime:
    """Return the date that SOURCE_DATE_EPOCH gives to everything made, else the present."""
    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC)
