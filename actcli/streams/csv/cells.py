"""One cell: its bytes in the file <-> its text, and the number that the text denotes."""

from __future__ import annotations

import re

from actcli.number_text import is_number

__all__ = ["appears_in_numbers", "cell_bytes", "cell_text", "is_missing", "is_numeric", "number_text", "stripped_text"]

_QUOTED = re.compile(rb'"([^"]*+(?:""[^"]*+)*+)"(.*)', re.DOTALL)

_SWAPPED = str.maketrans(",.", ".,")
_SPECIAL = re.compile(
    r"([+-]?)(?:nan(?:\(\w*\)|[qs])|[qs]nan|1[.,]#(?:ind|[qs]?nan)0*|(1[.,]#inf0*))", re.ASCII | re.IGNORECASE
)
"""What C libraries print for nan and infinity besides `nan` and `inf`: nan(0x1) and -nan(ind) as in C99 (7.21.6.1),
1.#QNAN, 1.#IND and 1.#INF00 by Microsoft's before 2015, NaNQ by AIX."""


def cell_text(raw: bytes) -> bytes:
    """Return the text of a raw cell: without its quotes, and with one quote for each escaped pair."""
    quoted = _QUOTED.fullmatch(raw)
    return raw if quoted is None else quoted[1].replace(b'""', b'"') + quoted[2]


def stripped_text(raw: bytes) -> bytes:
    """Return the text of a raw cell without surrounding blanks; b"" for a missing value."""
    return cell_text(raw).strip(b" \t")


def number_text(text: str, decimal: str = ".") -> str:
    """Return the text of a cell as `read_number` takes it: without blanks, with a point, inf and nan as words.

    decimal  the decimal separator of the text

    Non-numeric text stays non-numeric.
    """
    text = text.strip(" \t")
    special = _SPECIAL.fullmatch(text)
    if special is not None:
        return special[1] + ("inf" if special[2] else "nan")
    return text.translate(_SWAPPED) if decimal == "," else text


def is_numeric(text: str, decimal: str = ".") -> bool:
    """Return whether the text of a cell is a number."""
    return is_number(number_text(text, decimal))


def is_missing(raw: bytes, na: frozenset[bytes]) -> bool:
    """Return whether a raw cell is a missing value: empty, blank, or one of `na`."""
    text = stripped_text(raw)
    return not text or text in na


def cell_bytes(text: str, delimiter: str) -> str:
    """Return `text` as a cell, quoted where RFC 4180 requires it, or where a blank delimits cells."""
    is_blank = delimiter == " " and (not text or "\t" in text)
    if is_blank or delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def appears_in_numbers(delimiter: str, decimal: str = ".") -> bool:
    """Return whether formatted numbers may contain the delimiter, so that they need quotes."""
    return delimiter.isalnum() or delimiter in ("+", "-", decimal)
