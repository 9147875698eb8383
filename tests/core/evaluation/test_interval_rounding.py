"""Rounding of intervals: endpoints that agree, and the sign of zeros."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from actcli.core.evaluation.interval_rounding import (
    is_mostly_negative,
    overflow_value,
    round_interval,
    round_to_nearest,
    with_sign_of,
)
from actcli.number_formats import FLOATS

DOUBLE, HALF = FLOATS["float64"], FLOATS["float16"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("1", "1.00000000000000000001", 1.0),
        ("1.0000000000000001", "1.0000000000000002", None),
        ("0.1", "0.1", 0.1),
        ("-1e-5000", "-1e-6000", -0.0),
        ("1e-6000", "1e-5000", 0.0),
        ("1e999999999", "1e9999999999", math.inf),
        ("-1e9999999999", "-1e999999999", -math.inf),
    ],
)
def test_agreeing_endpoints(low: str, high: str, expected: float | None) -> None:
    """If both endpoints round to one number, that is the result; exponents of any size are handled."""
    assert repr(round_interval(Decimal(low), Decimal(high), DOUBLE)) == repr(expected)


def test_narrower_format() -> None:
    """Endpoints that differ in one format can agree in a narrower one."""
    low, high = Decimal("0.1"), Decimal("0.100005")
    assert round_interval(low, high, DOUBLE) is None
    assert round_interval(low, high, HALF) == 0.0999755859375
    assert round_to_nearest(Decimal("70000"), HALF) == overflow_value(Decimal(1), HALF) == math.inf
    assert overflow_value(Decimal(-1), DOUBLE) == -math.inf


def test_sign_of_zero() -> None:
    """A zero has the sign of the side on which more of the interval lies; other numbers keep theirs."""
    below, above = (Decimal("-2e-400"), Decimal("1e-400")), (Decimal("-1e-400"), Decimal("2e-400"))
    assert is_mostly_negative(*below)
    assert not is_mostly_negative(*above)
    assert repr(with_sign_of(0.0, *below)) == "-0.0"
    assert repr(with_sign_of(-0.0, *above)) == "0.0"
    assert with_sign_of(1.5, *below) == 1.5
