"""Numbers for people: significant digits and alignment."""

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
    """A number has the requested significant digits, no trailing zeros, and an exponent only if needed."""
    assert expected == significant(value, digits)


def test_significant_needs_a_digit() -> None:
    """Fewer than one digit raises ValueError."""
    with pytest.raises(ValueError, match="at least 1"):
        significant(1.0, 0)


@given(st.floats(allow_nan=False))
def test_seventeen_digits_read_back(value: float) -> None:
    """A float64 written with 17 digits reads back to the same float64."""
    assert value == float(significant(value, 17))


def test_aligned() -> None:
    """Decimal points are aligned, integers and words end left of them, exponents follow."""
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


def test_aligned_without_decimal_points() -> None:
    """No texts give no lines; integers alone are right-justified without padding on the right."""
    assert aligned([]) == []
    assert aligned(["1", "-10"]) == ["  1", "-10"]


@given(st.lists(st.floats().map(lambda value: significant(value, 6))))
def test_aligned_adds_only_spaces(texts: list[str]) -> None:
    """Alignment only adds spaces; all texts have one width and all points one column."""
    padded = aligned(texts)
    assert texts == [text.strip() for text in padded]
    assert len({len(text) for text in padded}) <= 1
    assert len({text.index(".") for text in padded if "." in text}) <= 1
