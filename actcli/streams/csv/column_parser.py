"""A column of cells as numbers of a format."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.number_formats import Format, read_number
from actcli.streams.csv.cells import bare
from actcli.streams.double_rounding import undecided

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats

__all__ = ["Numbers", "gaps", "read_numbers"]


class Numbers(NamedTuple):
    """A column of cells as numbers, with nan where a cell is empty (`missing`) or no number (`bad`)."""

    values: Floats
    missing: Bools
    bad: Bools


def read_numbers(cells: list[bytes], fmt: Format) -> Numbers:
    """Read a column of raw cells straight to `fmt`: each as `fmt.read` reads it, blanks around it set aside.

    A cell of nothing, or of nothing but blanks, is missing.
    """
    # What is left without these bytes is nothing: then every cell that float() takes is a decimal number.
    if not b"".join(cells).translate(None, b"0123456789+-.eE"):
        try:
            nearest = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
        except ValueError:
            return _read_each(cells, fmt)
        nothing = np.zeros(len(cells), dtype=np.bool_)
        return Numbers(_round(nearest, cells, fmt), nothing, nothing)
    return _read_each(cells, fmt)


def _read_each(cells: list[bytes], fmt: Format) -> Numbers:
    """`read_numbers` for cells of every kind, one by one."""
    texts = [bare(raw) for raw in cells]
    missing = np.array([not text for text in texts], dtype=np.bool_)
    bad = np.zeros(len(cells), dtype=np.bool_)
    nearest = np.full(len(cells), np.nan)
    for i in np.flatnonzero(~missing).tolist():
        try:
            nearest[i] = read_number(texts[i].decode("ascii"))
        except ValueError:
            bad[i] = True
    good = np.flatnonzero(~(missing | bad))
    values = np.full(len(cells), np.nan)
    values[good] = _round(nearest[good], [texts[i] for i in good.tolist()], fmt)
    return Numbers(values, missing, bad)


def _round(nearest: Floats, texts: list[bytes], fmt: Format) -> Floats:
    """The numbers that `texts` spell in `fmt`, by way of the float64 nearest to each."""
    values = fmt.round(nearest)
    for i in np.flatnonzero(undecided(nearest, fmt)).tolist():
        values[i] = fmt.read(texts[i].decode("ascii"))
    return values


def gaps(missing: Bools, bad: Bools, outputs: int, joint: bool, replace: bool) -> tuple[Bools, Bools]:
    """Which outputs, row by row, are missing and which are nan, by which of the row's cells are missing or bad.

    joint    whether all cells of a row make all of its outputs: a bad one makes them nan, else a missing one missing
    replace  whether each output takes a cell's place: that of a missing cell, which stays empty, is missing
    """
    if joint:
        lost = np.repeat(bad.any(axis=1, keepdims=True), outputs, axis=1)
        gone = missing.any(axis=1, keepdims=True) & ~lost
        if replace:
            gone |= missing
        return gone, lost & ~gone
    share = outputs // missing.shape[1]
    return np.repeat(missing, share, axis=1), np.repeat(bad, share, axis=1)
