"""A column of cells -> numbers of a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.number_formats import Format
from actcli.number_text import is_hexadecimal_integer, read_number
from actcli.streams.csv.cells import is_missing, number_text, stripped_text
from actcli.streams.double_rounding import undecided

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats

__all__ = ["Numbers", "missing_and_nan", "read_numbers"]

_DECIMAL_CHARACTERS = b"0123456789+-.eE"


class Numbers(NamedTuple):
    """A column of cells as numbers, with nan where a cell is empty (`missing`) or non-numeric (`bad`)."""

    values: Floats
    missing: Bools
    bad: Bools

    def in_rows(self, columns: int) -> Numbers:
        """Return cells that were read row by row as arrays of shape (rows, columns)."""
        shape = -1, columns
        return Numbers(self.values.reshape(shape), self.missing.reshape(shape), self.bad.reshape(shape))


def read_numbers(cells: list[bytes], fmt: Format, na: frozenset[bytes] = frozenset(), decimal: str = ".") -> Numbers:
    """Parse a column of raw cells, each rounded once to `fmt` as `fmt.read` does, surrounding blanks ignored.

    An empty or blank cell is missing, as is one whose text is in `na`. `decimal` is the decimal separator. A cell that
    `fmt.refusal` rejects is bad.
    """
    # Of cells without other characters, float() accepts exactly the decimal numbers.
    is_plain = not fmt.in_bits and decimal == "." and na.isdisjoint(cells)
    if is_plain and not b"".join(cells).translate(None, _DECIMAL_CHARACTERS):
        try:
            nearest = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
        except ValueError:
            return _read_each(cells, fmt, na, decimal)
        nowhere = np.zeros(len(cells), dtype=np.bool_)
        return Numbers(_round(nearest, lambda i: cells[i].decode("ascii"), fmt), nowhere, nowhere)
    return _read_each(cells, fmt, na, decimal)


def _read_each(cells: list[bytes], fmt: Format, na: frozenset[bytes], decimal: str) -> Numbers:
    """Parse cells of every kind, one by one."""
    # Latin-1 decodes any byte, and non-ASCII characters are in no number.
    texts = [number_text(stripped_text(raw).decode("latin-1"), decimal) for raw in cells]
    missing = np.array([is_missing(raw, na) for raw in cells], dtype=np.bool_)
    bad = np.zeros(len(cells), dtype=np.bool_)
    if fmt.in_bits:
        return _read_bits(texts, missing, fmt)
    nearest = np.full(len(cells), np.nan)
    for i in np.flatnonzero(~missing).tolist():
        try:
            nearest[i] = read_number(texts[i])
        except ValueError:
            bad[i] = True
        else:
            bad[i] = is_hexadecimal_integer(texts[i]) and bool(fmt.refusal(texts[i]))
    good = np.flatnonzero(~(missing | bad))
    values = np.full(len(cells), np.nan)
    values[good] = _round(nearest[good], lambda i: texts[good[i]], fmt)
    return Numbers(values, missing, bad)


def _read_bits(texts: list[str], missing: Bools, fmt: Format) -> Numbers:
    """Parse a column of bit patterns."""
    good = np.array([fmt.is_number(text) for text in texts], dtype=np.bool_) & ~missing
    values = np.full(len(texts), np.nan)
    values[good] = fmt.read_bits([texts[i] for i in np.flatnonzero(good).tolist()])
    return Numbers(values, missing, ~(good | missing))


def _round(nearest: Floats, text: Callable[[int], str], fmt: Format) -> Floats:
    """Round numbers to `fmt`, given the float64 nearest to each and, as a function of its index, its text."""
    values = fmt.round(nearest)
    for i in np.flatnonzero(undecided(nearest, fmt)).tolist():
        values[i] = fmt.read(text(i))
    return values


def missing_and_nan(missing: Bools, bad: Bools, outputs: int, is_vector: bool, replace: bool) -> tuple[Bools, Bools]:
    """Return which outputs of each row are missing and which are nan, both (rows, outputs).

    missing, bad  which of the row's chosen cells are missing or non-numeric, (rows, columns)
    is_vector     whether every output depends on all of the row's cells: then one bad cell makes all of them nan,
                  and otherwise one missing cell makes all of them missing
    replace       whether outputs replace cells: the one that would replace a missing cell is missing
    """
    if is_vector:
        nan = np.repeat(bad.any(axis=1, keepdims=True), outputs, axis=1)
        gone = missing.any(axis=1, keepdims=True) & ~nan
        if replace:
            gone |= missing
        return gone, nan & ~gone
    outputs_per_column = outputs // missing.shape[1]
    return np.repeat(missing, outputs_per_column, axis=1), np.repeat(bad, outputs_per_column, axis=1)
