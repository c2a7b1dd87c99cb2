"""Zip files whose bytes depend on what is in them and on nothing else, and the date of it all."""

from __future__ import annotations

import functools
import io
import os
import re
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

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


def as_yaml(data: object) -> str:
    r"""Return *data* as YAML in which every text stays text, whoever reads it.

    Readers of YAML 1.1 and of 1.2 take different words for numbers and for yes and no;
    what either would take is quoted.

    >>> as_yaml({"a": "No", "b": "1e3", "c": "Dana"})
    "a: 'No'\nb: '1e3'\nc: Dana\n"
    """
    import yaml

    text: str = yaml.dump(data, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=10_000)
    return text


@functools.cache
def _dumper() -> Any:
    import yaml

    # Written in C where libyaml is there, which takes a tenth of the time.
    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Quotes what any reader might take for more than text; shows lines as lines."""

    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER, list("-+.0123456789"))
    Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", SHORT_BOOL, list("yYnN"))

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper


NUMBER = re.compile(
    r"(?:[-+]?(?:\d+|\.\d+|\d+\.\d*)(?:e[-+]?\d+)?|0o[0-7]+|0x[0-9a-f]+|[-+]?\.(?:inf|nan))\Z",
    re.I,
)
SHORT_BOOL = re.compile(r"[yYnN]\Z")
"""What YAML 1.2 and old readers take for a number, and for yes and no."""
