"""The ends of an interval, rounded: to one number where they agree, with the sign that the interval has."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from actcli.core.ends import agreed, huge, leans_down, nearest, signed
from actcli.formats import FLOATS

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
def test_ends_that_agree(low: str, high: str, expected: float | None) -> None:
    """Both ends round to one number, and that is the result; enormous and tiny ones are not spelled out for it."""
    assert repr(agreed(Decimal(low), Decimal(high), DOUBLE)) == repr(expected)


def test_of_another_format() -> None:
    """Ends that one format tells apart may be one number of another."""
    low, high = Decimal("0.1"), Decimal("0.100005")
    assert agreed(low, high, DOUBLE) is None
    assert agreed(low, high, HALF) == 0.0999755859375
    assert nearest(Decimal("70000"), HALF) == huge(Decimal(1), HALF) == math.inf
    assert huge(Decimal(-1), DOUBLE) == -math.inf


def test_the_sign_of_a_zero() -> None:
    """A zero has the sign of the side on which more of the interval lies; any other number keeps its own."""
    below, above = (Decimal("-2e-400"), Decimal("1e-400")), (Decimal("-1e-400"), Decimal("2e-400"))
    assert leans_down(*below)
    assert not leans_down(*above)
    assert repr(signed(0.0, *below)) == "-0.0"
    assert repr(signed(-0.0, *above)) == "0.0"
    assert signed(1.5, *below) == 1.5
