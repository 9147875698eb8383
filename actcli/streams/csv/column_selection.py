"""Which columns `-c` means: a header name, a 1-based index, several of them, or the only numeric column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actcli.errors import UsageError
from actcli.number_formats import is_number
from actcli.text import displayable

__all__ = ["delimiter_hint", "describe", "select_columns"]

_DELIMITERS = {";": "semicolons, say -d ';'", "\t": "tabs, say -d tab", "|": "bars, say -d '|'"}
_INDEX = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)


def select_columns(specs: Sequence[str], header: list[str] | None, width: int, first: list[str] | None) -> list[int]:
    """The 0-based columns that `specs` choose, in their order.

    specs   each a header name (tried first, as a whole), a 1-based index (-1 is the last), or several of
            these as one CSV record (`a,b`, `"x,y",b`); without any the only column that starts with a number
    header  the names of the columns; None if the file has none
    width   how many columns there are
    first   the texts of the first data row; None if there is none (only a single column is then the default)

    Raises UsageFault for a name or an index that is not there, a name that stands twice, a column chosen
    twice, a spec that is no CSV record, and a default that is not one column.
    """
    if not specs:
        return [_default(header, width, first)]
    chosen: list[int] = []
    for spec in specs:
        for part in [spec] if header is not None and spec in header else _parts(spec):
            column = _find(part, header, width)
            if column in chosen:
                raise UsageError(f"{describe(column, header)} is chosen twice")
            chosen.append(column)
    return chosen


def describe(column: int, header: list[str] | None) -> str:
    """How a message calls a 0-based column: by its name, or by its 1-based index where there are no names."""
    return f"column {column + 1}" if header is None else f"column '{displayable(header[column])}'"


def delimiter_hint(header: list[str] | None) -> str:
    """What follows a fault of a file whose only column is called as several would be, with another delimiter."""
    name = header[0] if header is not None and len(header) == 1 else ""
    marks = [said for mark, said in _DELIMITERS.items() if mark in name]
    return f"; if its columns stand between {marks[0]}" if marks else ""


def _default(header: list[str] | None, width: int, first: list[str] | None) -> int:
    if width == 1:
        return 0
    numeric = [i for i, text in enumerate(first or []) if is_number(text.strip(" \t"))]
    if len(numeric) == 1:
        return numeric[0]
    what = "no column starts with a number" if not numeric else f"{len(numeric)} columns start with a number"
    if first is None:
        what = "there is no row of data to tell the column from"
    if header is not None and all(is_number(name.strip(" \t")) for name in header):
        what = f"the first row holds numbers (say --no-header if it is data), and {what}"
    raise UsageError(f"{what}: choose with -c from {_listing(header, width)}")


def _parts(spec: str) -> list[str]:
    import csv

    try:
        rows = list(csv.reader([spec], strict=True))
    except csv.Error as error:
        raise UsageError(f"cannot read '{displayable(spec)}' as a list of columns: {error}") from error
    # An empty spec is one empty name; csv says that it is no row at all.
    return rows[0] if rows and rows[0] else [spec]


def _find(part: str, header: list[str] | None, width: int) -> int:
    places = [i for i, name in enumerate(header or []) if name == part]
    if len(places) == 1:
        return places[0]
    if places:
        indices = ", ".join(str(i + 1) for i in places)
        raise UsageError(f"{len(places)} columns are named '{displayable(part)}': choose by index ({indices})")
    if _INDEX.fullmatch(part):
        index = int(part)
        if 1 <= index <= width:
            return index - 1
        if -width <= index <= -1:
            return width + index
        raise UsageError(f"there is no column {displayable(part)}: {_listing(header, width)}")
    cut = delimiter_hint(header)
    hint = f"{_listing(header, width)}{cut}" if cut else _nearest(part, header, width)
    raise UsageError(f"there is no column '{displayable(part)}': {hint}")


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
    return f"{columns}: {names}"
