"""Stand-ins for a source and a sink, and slow, separate answers to compare with."""

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
from actcli.streams.csv import block_reader, blocks, fast_path, filter
from actcli.streams.csv.filter import FilterOptions, Report, Transform, run


class Pieces:
    """A source that hands out the given pieces, one a read."""

    def __init__(self, pieces: Iterable[bytes], name: str = "FILE") -> None:
        self.name = name
        self.position = 0
        self._pieces = (piece for piece in pieces if piece)

    def read_some(self) -> bytes:
        piece = next(self._pieces, b"")
        self.position += len(piece)
        return piece


class Kept:
    """A sink that keeps what it gets; `flushed` is what had come by the last flush."""

    def __init__(self) -> None:
        self.data = b""
        self.flushed = b""

    def write(self, data: bytes) -> None:
        self.data += data

    def flush(self) -> None:
        self.flushed = self.data


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    """`data` in pieces, cut at `places` (any integers)."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


places = st.lists(st.integers(0, 10**6), max_size=8)
"""Where to cut."""


class OracleRow(NamedTuple):
    line: int
    body: bytes
    cells: list[bytes]
    texts: list[bytes]
    ending: bytes


def oracle(data: bytes, delimiter: bytes) -> tuple[list[OracleRow], int | None]:
    """The rows of CSV data byte by byte, and the line of the first with an unclosed quote or a lone CR."""
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
    """`number` rounded once to `fmt`, ties to even, by integers alone; zeros are +0.0."""
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
    """x -> 2 x, and with more outputs 3 x, 4 x ..., each column by itself."""

    def apply(values: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.column_stack([(2.0 + i) * values[:, j] for j in range(values.shape[1]) for i in range(outputs)])

    def names(columns: list[str]) -> list[str]:
        return [f"{'fghi'[i]}({column})" for column in columns for i in range(outputs)]

    return Transform(apply, names, is_vector=False, fmt=fmt)


def summed() -> Transform:
    """A vector transform: each of a row's values over their sum."""

    def apply(values: np.ndarray) -> np.ndarray:
        return np.asarray(values / values.sum(axis=1, keepdims=True))

    return Transform(apply, lambda names: [f"s({name})" for name in names], is_vector=True, fmt=FLOATS["float64"])


class Outcome(NamedTuple):
    data: bytes
    report: Report | None
    fault: str | None


def outcome(
    pieces: bytes | Iterable[bytes], options: FilterOptions, transform: Transform | None = None, is_long: bool = False
) -> Outcome:
    """What a run wrote, and its report or the message it ended with."""
    sink = Kept()
    source = Pieces([pieces] if isinstance(pieces, bytes) else pieces)
    report: Report | None = None
    fault: str | None = None
    try:
        report = run(source, sink, transform or doubled(), options, is_long=is_long)
    except (DataError, UsageError) as error:
        fault = f"{type(error).__name__}: {error}"
    assert sink.flushed == sink.data
    return Outcome(sink.data, report, fault)


def row_by_row(data: bytes, options: FilterOptions, transform: Transform | None = None) -> Outcome:
    """Return the outcome of a run without the fast kernel."""
    return outcome(data, options, replace(transform or doubled(), row_order_matters=True))


def try_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the filter try the fast kernel on every block and row, however small."""
    for module, name in [
        (blocks, "FAST_BLOCK_BYTES"), (block_reader, "_FIRST_BLOCK_BYTES"),
        (block_reader, "_IRREGULAR_BYTES"), (filter, "_UNDIVIDED_BYTES"),
    ]:  # fmt: skip
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(filter, "_PATIENCE_BYTES", 1 << 30)
    monkeypatch.setattr(fast_path, "_MAX_NUMBERS", 3)
