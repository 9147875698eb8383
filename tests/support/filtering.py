"""Test sources and sinks for the CSV filter, and slow independent references."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st

from actcli.errors import DataError, UsageError
from actcli.number_formats import FLOATS, Format
from actcli.streams.csv import block_reader, blocks, fast_path, kernels
from actcli.streams.csv.filter import Report, run
from actcli.streams.csv.plan import FilterOptions, Transform


class Pieces:
    """A source that returns one of the given pieces per read."""

    def __init__(self, pieces: Iterable[bytes], name: str = "FILE") -> None:
        self.name = name
        self.position = 0
        self._pieces = (piece for piece in pieces if piece)

    def read_some(self) -> bytes:
        piece = next(self._pieces, b"")
        self.position += len(piece)
        return piece


class RecordingSink:
    """A sink that records the data written; `flushed` is the data before the last flush."""

    def __init__(self) -> None:
        self.data = b""
        self.flushed = b""

    def write(self, data: bytes) -> None:
        self.data += data

    def flush(self) -> None:
        self.flushed = self.data


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    """Return `data` in pieces, cut at `places` (any integers)."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


places = st.lists(st.integers(0, 10**6), max_size=8)
"""Positions for `cut`."""


class OracleRow(NamedTuple):
    line: int
    body: bytes
    cells: list[bytes]
    texts: list[bytes]
    ending: bytes


def oracle(data: bytes, delimiter: bytes) -> tuple[list[OracleRow], int | None]:
    """Parse CSV byte by byte; return its rows, and the line of the first with an unclosed quote or a bare CR."""
    rows: list[OracleRow] = []
    at, line = 0, 1
    while at < len(data):
        start, first = at, line
        cells: list[bytes] = []
        texts: list[bytes] = []
        cell = text = b""
        state = "start"
        ending = None
        while ending is None:
            if at == len(data):
                if state == "quoted":
                    return rows, first
                ending = b""
                break
            byte = data[at : at + 1]
            if state == "quoted":
                if byte == b'"' and data[at + 1 : at + 2] == b'"':
                    cell, text, at = cell + b'""', text + b'"', at + 2
                    continue
                line += byte == b"\n"
                state = "bare" if byte == b'"' else "quoted"
                text += b"" if byte == b'"' else byte
            elif byte == b'"' and state == "start":
                state = "quoted"
            elif byte == delimiter:
                cells.append(cell)
                texts.append(text)
                cell = text = b""
                state = "start"
                at += 1
                continue
            elif byte == b"\n" or data[at : at + 2] == b"\r\n":
                ending = b"\n" if byte == b"\n" else b"\r\n"
                line += 1
                break
            elif byte == b"\r":
                return rows, first
            else:
                text += byte
                state = "bare"
            cell += byte
            at += 1
        rows.append(OracleRow(first, data[start:at], [*cells, cell], [*texts, text], ending))
        at += len(ending)
    return rows, None


def nearest(number: Fraction, fmt: Format) -> float:
    """Return `number` rounded once to `fmt`, ties to even, in integer arithmetic; zeros are +0.0."""
    sign, size = (-1 if number < 0 else 1), abs(number)
    if not size:
        return 0.0
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent -= size < Fraction(2) ** exponent
    quantum = max(exponent - fmt.precision + 1, fmt.least_exponent)
    whole = sign * round(size / Fraction(2) ** quantum) * Fraction(2) ** quantum  # round() takes ties to even
    if fmt.is_fixed:
        return float(min(max(whole, Fraction(fmt.lowest)), Fraction(fmt.largest)))
    if abs(whole) > Fraction(fmt.largest):
        return math.nan if fmt.overflow == "nan" else sign * math.inf
    return float(whole)


def doubled(fmt: Format = FLOATS["float64"], outputs: int = 1) -> Transform:
    """Return the transform x -> 2 x, with more outputs 3 x, 4 x ..., of each column by itself."""

    def apply(values: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.column_stack([(2.0 + i) * values[:, j] for j in range(values.shape[1]) for i in range(outputs)])

    def names(columns: list[str]) -> list[str]:
        return [f"{'fghi'[i]}({column})" for column in columns for i in range(outputs)]

    return Transform(apply, names, is_vector=False, fmt=fmt)


def summed() -> Transform:
    """Return the vector transform that divides a row's values by their sum."""

    def apply(values: np.ndarray) -> np.ndarray:
        return np.asarray(values / values.sum(axis=1, keepdims=True))

    return Transform(apply, lambda names: [f"s({name})" for name in names], is_vector=True, fmt=FLOATS["float64"])


class Outcome(NamedTuple):
    data: bytes
    report: Report | None
    error: str | None


def outcome(
    pieces: bytes | Iterable[bytes], options: FilterOptions, transform: Transform | None = None, is_long: bool = False
) -> Outcome:
    """Run the filter; return its output, and its report or the message of its error."""
    sink = RecordingSink()
    source = Pieces([pieces] if isinstance(pieces, bytes) else pieces)
    report: Report | None = None
    error: str | None = None
    try:
        report = run(source, sink, transform or doubled(), options, is_long=is_long)
    except (DataError, UsageError) as caught:
        error = f"{type(caught).__name__}: {caught}"
    assert sink.flushed == sink.data
    return Outcome(sink.data, report, error)


def row_by_row(data: bytes, options: FilterOptions, transform: Transform | None = None) -> Outcome:
    """Return the outcome of a run without the fast kernel."""
    return outcome(data, options, replace(transform or doubled(), row_order_matters=True))


def try_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the filter try the fast kernel on every block and row, however small."""
    for module, name in [
        (blocks, "FAST_BLOCK_BYTES"), (block_reader, "_FIRST_BLOCK_BYTES"),
        (block_reader, "_IRREGULAR_BYTES"), (kernels, "_UNDIVIDED_BYTES"),
    ]:  # fmt: skip
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(kernels, "_PATIENCE_BYTES", 1 << 30)
    monkeypatch.setattr(fast_path, "_MAX_NUMBERS", 3)
