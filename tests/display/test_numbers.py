"""The contract of display/numbers.py."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.display.numbers import aligned, significant


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.0, 6, "0"),
        (-0.0, 6, "-0"),
        (1.0, 6, "1"),
        (-2.5, 6, "-2.5"),
        (1 / 3, 6, "0.333333"),
        (2 / 3, 1, "0.7"),
        (0.1 + 0.2, 6, "0.3"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
        (1e-4, 6, "0.0001"),
        (1e-5, 6, "1e-05"),
        (999999.0, 6, "999999"),
        (999999.6, 6, "1e+06"),
        (65504.0, 6, "65504"),
        (65504.0, 4, "6.55e+04"),
        (5e-324, 6, "4.94066e-324"),
        (1.7976931348623157e308, 3, "1.8e+308"),
        (math.nan, 6, "nan"),
        (-math.nan, 6, "nan"),
        (math.inf, 6, "inf"),
        (-math.inf, 6, "-inf"),
    ],
)
def test_significant(value: float, digits: int, expected: str) -> None:
    """So many significant digits, no trailing zeros, an exponent only where plain digits would not do."""
    assert expected == significant(value, digits)


def test_significant_needs_a_digit() -> None:
    """No digits at all is refused."""
    with pytest.raises(ValueError, match="at least 1"):
        significant(1.0, 0)


@given(st.floats(allow_nan=False))
def test_seventeen_digits_read_back(value: float) -> None:
    """With 17 digits nothing is lost."""
    assert value == float(significant(value, 17))


def test_aligned() -> None:
    """Points stand under each other, whole numbers and words end where they stand, exponents follow."""
    texts = ["-2", "0.5", "-0.125", "1e-05", "1.5e+300", "nan", "-inf", "", "100", ".5", "else"]
    assert [text.ljust(12) for text in aligned(texts)] == [
        "  -2        ",
        "   0.5      ",
        "  -0.125    ",
        "   1e-05    ",
        "   1.5e+300 ",
        " nan        ",
        "-inf        ",
        "            ",
        " 100        ",
        "    .5      ",
        "else        ",
    ]


def test_aligned_nothing() -> None:
    """No numbers, no lines; whole numbers alone are flushed right without padding behind."""
    assert aligned([]) == []
    assert aligned(["1", "-10"]) == ["  1", "-10"]


@given(st.lists(st.floats().map(lambda value: significant(value, 6))))
def test_aligned_pads_only(texts: list[str]) -> None:
    """Alignment adds spaces, the same width to all, and every point is in one column."""
    padded = aligned(texts)
    assert texts == [text.strip() for text in padded]
    assert len({len(text) for text in padded}) <= 1
    assert len({text.index(".") for text in padded if "." in text}) <= 1
