"""One cell: its bytes in the file <-> its text."""

from __future__ import annotations

import re

__all__ = ["appears_in_numbers", "cell_bytes", "cell_text", "stripped_text"]

_QUOTED = re.compile(rb'"([^"]*+(?:""[^"]*+)*+)"(.*)', re.DOTALL)


def cell_text(raw: bytes) -> bytes:
    """Return the text of a raw cell: without its quotes, and with one quote for each escaped pair."""
    quoted = _QUOTED.fullmatch(raw)
    return raw if quoted is None else quoted[1].replace(b'""', b'"') + quoted[2]


def stripped_text(raw: bytes) -> bytes:
    """Return the text of a raw cell without surrounding blanks; b"" for a missing value."""
    return cell_text(raw).strip(b" \t")


def cell_bytes(text: str, delimiter: str) -> str:
    """Return `text` as a cell, quoted where RFC 4180 requires it."""
    if delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def appears_in_numbers(delimiter: str) -> bool:
    """Return whether formatted numbers may contain the delimiter, so that they need quotes."""
    return delimiter.isalnum() or delimiter in "+-."
