"""Resolve the columns of `-c`: names, 1-based indices, ranges of indices, name patterns, or the only numeric column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from actcli.errors import UsageError
from actcli.streams.csv.cells import is_numeric
from actcli.text import displayable

__all__ = ["comment_hint", "delimiter_hint", "describe", "index_of", "parts", "select_columns"]

_DELIMITERS = {";": "semicolons, use -d ';'", "\t": "tabs, use -d tab", "|": "bars, use -d '|'"}
_BLANKS = "blanks, use -d ' '"
_INDEX = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_RANGE = re.compile(r"(-?[0-9]{1,9})-(-?[0-9]{1,9})?", re.ASCII)
_SLICE = re.compile(r"(-?[0-9]{1,9})(?::|\.\.)(-?[0-9]{1,9})?", re.ASCII)
_PATTERN = re.compile(r"[*?[]")


def select_columns(
    specs: Sequence[str],
    header: list[str] | None,
    width: int,
    first: list[str] | None,
    is_number: Callable[[str], bool] = is_numeric,
) -> list[int]:
    """Return the 0-based columns that `specs` choose, in their order.

    specs      each a header name (tried first, as a whole), a 1-based index (-1 is the last), a range of indices
               (`2-5`; `2-` extends to the last), a pattern of names (`u*`), or several of these as one CSV record
               (`a,b`, `"x,y",b`); if empty, the only column that starts with a number
    header     the names of the columns; None for a file without a header
    width      the number of columns
    first      the texts of the first data row; None without one (then only a single column is the default)
    is_number  what counts as a number

    Raises UsageError for an unknown name or index, an empty range, a pattern that matches no name, an ambiguous name, a
    column chosen twice, a spec that is not a CSV record, and an ambiguous default.
    """
    if not specs:
        return [_default(header, width, first, is_number)]
    indices: dict[str, list[int]] = {}
    for i, name in enumerate(header or []):
        indices.setdefault(name, []).append(i)
    chosen: dict[int, None] = {}
    for spec in specs:
        for part in [spec] if spec in indices else parts(spec):
            for column in _find(part, indices, header, width):
                if column in chosen:
                    raise UsageError(f"{describe(column, header)} is chosen twice")
                chosen[column] = None
    return list(chosen)


def describe(column: int, header: list[str] | None) -> str:
    """Return the name of a 0-based column for messages; without a header its 1-based index."""
    return f"column {column + 1}" if header is None else f"column '{displayable(header[column])}'"


def delimiter_hint(header: list[str] | None) -> str:
    """Return a hint for messages if the header's only name looks like several, or like a comment; else ""."""
    name = header[0] if header is not None and len(header) == 1 else ""
    hints = [hint for delimiter, hint in _DELIMITERS.items() if delimiter in name]
    if not hints and name.startswith("#"):
        return comment_hint(name)
    if not hints and (name.startswith(" ") or "  " in name):
        hints = [_BLANKS]
    return f"; if its columns are separated by {hints[0]}" if hints else ""


def comment_hint(text: str) -> str:
    """Return a hint for messages if the first cell of a row looks like a comment; else ""."""
    return "; if lines that start with '#' are comments, use --comment '#'" if text.startswith("#") else ""


def _default(header: list[str] | None, width: int, first: list[str] | None, is_number: Callable[[str], bool]) -> int:
    if width == 1:
        return 0
    numeric = [i for i, text in enumerate(first or []) if is_number(text)]
    if len(numeric) == 1:
        return numeric[0]
    problem = "no column starts with a number" if not numeric else f"{len(numeric)} columns start with a number"
    if first is None:
        problem = "the default column requires a row of data"
    if header is not None and all(map(is_number, header)):
        problem = f"the first row holds numbers (use --no-header if it is data), and {problem}"
    raise UsageError(f"{problem}: choose with -c from {_listing(header, width)}")


def parts(spec: str) -> list[str]:
    """Return the columns that one value of -c lists. Raise UsageError if it is not a CSV record."""
    import csv

    try:
        rows = list(csv.reader([spec], strict=True))
    except csv.Error as error:
        raise UsageError(f"cannot read '{displayable(spec)}' as a list of columns: {error}") from error
    # An empty spec is one empty name, but for csv it is no row at all.
    return rows[0] if rows and rows[0] else [spec]


def _find(part: str, indices: dict[str, list[int]], header: list[str] | None, width: int) -> Sequence[int]:
    """Return the columns that one part of a spec chooses; `indices` are those of each name."""
    if matches := indices.get(part):
        if len(matches) == 1:
            return matches
        places = ", ".join(str(i + 1) for i in matches)
        raise UsageError(f"{len(matches)} columns are named '{displayable(part)}': choose by index ({places})")
    column = index_of(part, width)
    if column is not None:
        return [column]
    if _INDEX.fullmatch(part):
        raise UsageError(f"unknown column {displayable(part)}: {_listing(header, width)}")
    if ends := _RANGE.fullmatch(part):
        return _range(ends, header, width)
    if _PATTERN.search(part):
        import fnmatch

        matching = re.compile(fnmatch.translate(part))
        if columns := [i for i, name in enumerate(header or []) if matching.match(name)]:
            return columns
    if ends := _SLICE.fullmatch(part):
        raise UsageError(f"unknown column '{part}': write a range of indices as {ends[1]}-{ends[2] or ''}")
    delimiter = delimiter_hint(header)
    if not delimiter and header is not None and len(header) == 1 and part in header[0].split():
        delimiter = f"; if its columns are separated by {_BLANKS}"
    near = "" if delimiter else _nearest(part, header)
    raise UsageError(f"unknown column '{displayable(part)}': {near or _listing(header, width) + delimiter}")


def index_of(part: str, width: int) -> int | None:
    """Return the 0-based column of a 1-based index (-1 is the last); None if it is not a valid index."""
    index = int(part) if _INDEX.fullmatch(part) else 0
    column = index - 1 if index > 0 else width + index
    return column if index and 0 <= column < width else None


def _range(ends: re.Match[str], header: list[str] | None, width: int) -> Sequence[int]:
    """Return the columns of a range of indices, both ends included."""
    first, last = (index_of(end, width) for end in (ends[1], ends[2] or "-1"))
    if first is None or last is None:
        unknown = ends[1] if first is None else ends[2]
        near = _nearest(ends[0], header) if first is None else ""  # the name may be a date: 2024-05
        hint = near or f"the last of {width} is {describe(width - 1, header)}"
        raise UsageError(f"unknown column {unknown} in '{ends[0]}': {hint}")
    if first > last:
        raise UsageError(f"the range '{ends[0]}' is empty: write the smaller index first")
    return range(first, last + 1)


def _nearest(part: str, header: list[str] | None) -> str:
    """Return a question that names the nearest column; "" if none is near."""
    import difflib

    folded = {name.casefold(): name for name in reversed(header or [])}
    word = _PATTERN.sub("", part).casefold()
    # A pattern is compared with the starts of the names.
    length = len(word) if _PATTERN.search(part) else None
    starts = {name[:length]: name for name in folded}
    near = difflib.get_close_matches(word, starts, n=1)
    return f"did you mean '{displayable(folded[starts[near[0]]])}'?" if near else ""


def _listing(header: list[str] | None, width: int) -> str:
    columns = "1 column" if width == 1 else f"{width} columns"
    if header is None:
        return f"{columns} without a header"
    names = displayable(", ".join(f"'{name}'" for name in header))
    return f"{columns} ({names})"
