"""Resolve the columns of `-c`: a header name, a 1-based index, several of them, or the only numeric column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from actcli.errors import UsageError
from actcli.number_formats import is_number
from actcli.text import displayable

__all__ = ["delimiter_hint", "describe", "select_columns"]

_DELIMITERS = {";": "semicolons, use -d ';'", "\t": "tabs, use -d tab", "|": "bars, use -d '|'"}
_INDEX = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)


def select_columns(
    specs: Sequence[str],
    header: list[str] | None,
    width: int,
    first: list[str] | None,
    is_number: Callable[[str], bool] = is_number,
) -> list[int]:
    """Return the 0-based columns that `specs` choose, in their order.

    specs      each a header name (tried first, as a whole), a 1-based index (-1 is the last), or several of
               these as one CSV record (`a,b`, `"x,y",b`); if empty, the only column that starts with a number
    header     the names of the columns; None for a file without a header
    width      the number of columns
    first      the texts of the first data row; None without one (then only a single column is the default)
    is_number  what counts as a number

    Raises UsageError for an unknown name or index, an ambiguous name, a column chosen twice, a spec that is not a
    CSV record, and an ambiguous default.
    """
    if not specs:
        return [_default(header, width, first, is_number)]
    chosen: list[int] = []
    for spec in specs:
        for part in [spec] if header is not None and spec in header else _parts(spec):
            column = _find(part, header, width)
            if column in chosen:
                raise UsageError(f"{describe(column, header)} is chosen twice")
            chosen.append(column)
    return chosen


def describe(column: int, header: list[str] | None) -> str:
    """Return the name of a 0-based column for messages; without a header its 1-based index."""
    return f"column {column + 1}" if header is None else f"column '{displayable(header[column])}'"


def delimiter_hint(header: list[str] | None) -> str:
    """Return a hint for messages if the header's only name looks like several with another delimiter; else ""."""
    name = header[0] if header is not None and len(header) == 1 else ""
    hints = [hint for delimiter, hint in _DELIMITERS.items() if delimiter in name]
    return f"; if its columns are separated by {hints[0]}" if hints else ""


def _default(header: list[str] | None, width: int, first: list[str] | None, is_number: Callable[[str], bool]) -> int:
    if width == 1:
        return 0
    numeric = [i for i, text in enumerate(first or []) if is_number(text.strip(" \t"))]
    if len(numeric) == 1:
        return numeric[0]
    problem = "no column starts with a number" if not numeric else f"{len(numeric)} columns start with a number"
    if first is None:
        problem = "the default column requires a row of data"
    if header is not None and all(is_number(name.strip(" \t")) for name in header):
        problem = f"the first row holds numbers (use --no-header if it is data), and {problem}"
    raise UsageError(f"{problem}: choose with -c from {_listing(header, width)}")


def _parts(spec: str) -> list[str]:
    import csv

    try:
        rows = list(csv.reader([spec], strict=True))
    except csv.Error as error:
        raise UsageError(f"cannot read '{displayable(spec)}' as a list of columns: {error}") from error
    # An empty spec is one empty name, but for csv it is no row at all.
    return rows[0] if rows and rows[0] else [spec]


def _find(part: str, header: list[str] | None, width: int) -> int:
    matches = [i for i, name in enumerate(header or []) if name == part]
    if len(matches) == 1:
        return matches[0]
    if matches:
        indices = ", ".join(str(i + 1) for i in matches)
        raise UsageError(f"{len(matches)} columns are named '{displayable(part)}': choose by index ({indices})")
    if _INDEX.fullmatch(part):
        index = int(part)
        if 1 <= index <= width:
            return index - 1
        if -width <= index <= -1:
            return width + index
        raise UsageError(f"unknown column {displayable(part)}: {_listing(header, width)}")
    delimiter = delimiter_hint(header)
    hint = f"{_listing(header, width)}{delimiter}" if delimiter else _nearest(part, header, width)
    raise UsageError(f"unknown column '{displayable(part)}': {hint}")


def _nearest(part: str, header: list[str] | None, width: int) -> str:
    import difflib

    folded = {name.casefold(): name for name in reversed(header or [])}
    near = difflib.get_close_matches(part.casefold(), folded, n=1)
    return f"did you mean '{displayable(folded[near[0]])}'?" if near else _listing(header, width)


def _listing(header: list[str] | None, width: int) -> str:
    columns = "1 column" if width == 1 else f"{width} columns"
    if header is None:
        return f"{columns} without a header"
    names = displayable(", ".join(f"'{name}'" for name in header))
    return f"{columns} ({names})"
