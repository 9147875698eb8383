"""Which float64 values are undecided for a narrower format."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.number_formats import FLOATS, find_format
from actcli.streams.double_rounding import nudge, undecided


def test_only_ties_are_undecided() -> None:
    """A tie of float16 is undecided; its neighbours, float16's own values and float64 itself are not."""
    tie = 1 + 2.0**-11
    values = np.array([tie, np.nextafter(tie, 2), np.nextafter(tie, 0), 1.0, 0.0, -tie])
    assert undecided(values, FLOATS["float16"]).tolist() == [True, False, False, False, False, True]
    assert not undecided(values, FLOATS["float64"]).any()


@pytest.mark.parametrize("name", ["float32", "bfloat16", "float8_e4m3fn"])
def test_non_finite_values_are_undecided(name: str) -> None:
    """Infinity, which may stand for a finite number, and nan are undecided."""
    assert undecided(np.array([np.inf, -np.inf, np.nan]), FLOATS[name]).all()


def test_fixed_point_ties_are_undecided() -> None:
    """Half a unit of a fixed-point format is undecided."""
    assert undecided(np.array([0.0625, 0.125]), find_format("q3.3")).tolist() == [True, False]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_nudge_rounds_back(value: float) -> None:
    """Adding or subtracting the nudge gives the same float64."""
    amount = nudge(np.array([value]))[0]
    assert amount >= 0
    with np.errstate(over="ignore"):
        assert value == value + amount == value - amount
