"""A column of cells as numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.number_formats import FLOATS, Format, find_format
from actcli.streams.csv.column_parser import read_numbers

FORMATS = [*FLOATS.values(), find_format("q3.4")]


def numbers(cells: list[bytes], name: str = "float64") -> list[str]:
    read = read_numbers(cells, FLOATS[name])
    marks = zip(read.values.tolist(), read.missing.tolist(), read.bad.tolist(), strict=True)
    return ["missing" if missing else "bad" if bad else repr(value) for value, missing, bad in marks]


def test_read_numbers_accepts_every_spelling() -> None:
    """Decimal, hexadecimal, inf and nan, quoted or with blanks around them, are numbers."""
    cells = [b"1", b"-.5", b"1e-3", b" 2\t", b'"3"', b'" 4 "', b"0x1.8p1", b"-INF", b"nan", b"+7.", b"1e400"]
    assert numbers(cells) == ["1.0", "-0.5", "0.001", "2.0", "3.0", "4.0", "3.0", "-inf", "nan", "7.0", "inf"]


def test_read_numbers_distinguishes_missing_from_bad() -> None:
    """Empty, quoted empty and blank cells are missing; any other non-numeric cell is bad."""
    assert numbers([b"", b'""', b" \t", b'"  "']) == ["missing"] * 4
    bad = [
        b"abc",
        b"1_000",
        b"1,5",
        b"1e",
        b"--1",
        b"+",
        b".",
        b"e5",
        b"\xd9\xa3",
        b"1\xc2\xa0",
        b"\xff",
        b"1\n",
    ]
    bad += [b"1\x00", b'1"', b' "1"', b"1 2", b"infinit", b"0x", b"1\x0b", b"1e5e5", b"1-1"]
    assert ["bad"] * len(bad) == numbers(bad)
    for cell in bad:
        assert numbers([cell, b"1"]) == ["bad", "1.0"]


def test_irregular_cell_does_not_change_others() -> None:
    """Parsing a column at once and cell by cell gives the same numbers."""
    cells = [b"1.5", b"-0", b"1e-400", b"2.675"]
    assert numbers(cells, "float32") == numbers([*cells, b"nan"], "float32")[:-1]


plain = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.floats(-10, 10).map(lambda value: f"{value:.3f}"),
    st.floats(width=16).map(lambda value: repr(value)),
    st.integers(0, 4096).map(lambda i: repr((2 * i + 1) * 2.0**-12)),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["1.000000059604644775390625", "1.0000000596046447753906250000000001", "464", "463.99999"]),
)


@given(st.lists(plain, min_size=1, max_size=20), st.sampled_from(FORMATS))
def test_read_numbers_agrees_with_format(texts: list[str], fmt: Format) -> None:
    """Every cell is rounded once to the format, as fmt.read rounds its text."""
    read = read_numbers([text.encode() for text in texts], fmt)
    expected = np.array([fmt.read(text) for text in texts])
    np.testing.assert_array_equal(read.values, expected)
    np.testing.assert_array_equal(np.signbit(read.values), np.signbit(expected))
    assert not read.missing.any()
    assert not read.bad.any()


SIGNS = ["", "+", "-"]
NANS = [
    "nan",
    "NaN",
    "nan()",
    "nan(ind)",
    "NaN(snan)",
    "nan(0x7fc00000)",
    "nan(4194304)",
    "NaNQ",
    "nans",
    "QNaN",
    "sNaN",
]
NANS += ["1.#QNAN", "1.#SNAN", "1.#IND", "1.#NAN", "1.#QNAN0", "1.#IND00", "1.#qnan"]
INFINITIES = ["inf", "INF", "Infinity", "1.#INF", "1.#INF0", "1.#INF000", "1.#inf"]
NEITHER = ["nan(", "nan)", "nan(-1)", "nan(1", "nan(())", "nanx", "nanqq", "1.#", "1.#J", "1#INF", "1.#INF1", "2.#INF"]
NEITHER += ["1.#INFINITY", "1..#INF", "--1.#INF", "inf(1)", "infs", "1.#QNAN1", "- nan", "nan (ind)", "(nan)"]


@pytest.mark.parametrize("wrap", ["{}", " {}\t", '"{}"', '" {} "'])
@pytest.mark.parametrize("fmt", FORMATS[:-1])
def test_spellings_of_nan_and_infinity(fmt: Format, wrap: str) -> None:
    """What C libraries print for nan and infinity is read as that, and nothing like it."""

    def read(texts: list[str]) -> tuple[list[float], list[bool]]:
        got = read_numbers([wrap.format(text).encode() for text in texts], fmt)
        assert not got.missing.any()
        return got.values.tolist(), got.bad.tolist()

    values, bad = read([sign + word for sign in SIGNS for word in NANS])
    assert all(map(math.isnan, values))
    assert not any(bad)
    for sign in SIGNS:
        values, bad = read([sign + word for word in INFINITIES])
        assert not any(bad)
        expected = fmt.round(np.array([-math.inf if sign == "-" else math.inf]))
        np.testing.assert_array_equal(values, np.repeat(expected, len(INFINITIES)))
    assert all(read(NEITHER)[1])
