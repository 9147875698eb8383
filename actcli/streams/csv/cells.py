"""One cell: its bytes in the file <-> its text."""

from __future__ import annotations

import re

__all__ = ["bare", "cell_bytes", "cell_text", "in_numbers"]

_QUOTED = re.compile(rb'"([^"]*+(?:""[^"]*+)*+)"(.*)', re.DOTALL)


def cell_text(raw: bytes) -> bytes:
    """What a cell says: without its quotes, and with one quote for two inside them."""
    quoted = _QUOTED.fullmatch(raw)
    return raw if quoted is None else quoted[1].replace(b'""', b'"') + quoted[2]


def bare(raw: bytes) -> bytes:
    """What a cell says without the blanks around it; of a missing value nothing is left."""
    return cell_text(raw).strip(b" \t")


def cell_bytes(text: str, delimiter: str) -> str:
    """`text` as a cell, in quotes if RFC 4180 wants them."""
    if delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def in_numbers(delimiter: str) -> bool:
    """Whether numbers may be written with this character, so that they need quotes."""
    return delimiter.isalnum() or delimiter in "+-."
