"""Whether the first row of a CSV file is a header or data.

A number in a chosen column of the first row may be data: without --header or --no-header that is an error, because
either choice could be silently wrong. The exception is a whole number that -c names as a column and that is not a
valid index (`-c 2020`). A single column that starts with a number has no header.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actcli.errors import UsageError
from actcli.streams.csv.column_selection import describe, index_of, parts
from actcli.text import displayable

__all__ = ["check_header", "starts_with_data"]

_QUESTION = "use --no-header if it is data, or --header if these are names"


def starts_with_data(texts: list[str], name: str, is_number: Callable[[str], bool]) -> bool:
    """Return whether the first row is data because it is a single cell that is a number.

    Raise UsageError if it is several numbers in one cell: `name` is then the file's.
    """
    if len(texts) > 1:
        return False
    (text,) = texts
    numbers = text.replace(";", " ").split()
    if len(numbers) > 1 and all(map(is_number, numbers)):
        raise UsageError(f"{name} begins with '{displayable(text)}': one number a line, or columns with -d")
    return is_number(text)


def check_header(
    header: list[str],
    chosen: Sequence[int] | None,
    specs: Sequence[str],
    is_number: Callable[[str], bool],
    na: frozenset[str] = frozenset(),
) -> None:
    """Raise UsageError if the first row, taken as the header, may be data.

    chosen  the 0-based columns that `specs`, the values of -c, choose; None if they fit no header of these names
    na      the texts of declared missing values, which may be data as numbers may, unless -c names them
    """
    if chosen is None:
        if all(map(is_number, header)):
            raise UsageError(f"the first row holds numbers: {_QUESTION}")
        return
    named: set[str] | None = None
    for column in chosen:
        text = header[column]
        is_missing = text.strip(" \t") in na
        if not is_missing and not is_number(text):
            continue
        if named is None:
            named = {part for spec in specs for part in (spec, *parts(spec))}
        is_name = is_missing or (text.isdigit() and index_of(text, len(header)) is None)
        if text not in named or not is_name:
            what = "missing value" if is_missing else "number"
            raise UsageError(f"the first row has a {what} in {describe(column, header)}: {_QUESTION}")
