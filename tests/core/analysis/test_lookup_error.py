"""Approximation errors of lookup tables, against mpmath."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from actcli.core.analysis.lookup_error import interpolation_error, nearest_error, table_entries
from actcli.core.evaluation.quantity import Quantity
from actcli.core.spec import parse
from actcli.number_formats import find_format


def tanh_table(count: int) -> tuple[Quantity, np.ndarray, np.ndarray]:
    quantity, x = Quantity(parse("tanh")), np.linspace(-2, 2, count)
    return quantity, x, table_entries(quantity, x, find_format("q1.6"))


def test_nearest_error() -> None:
    """The error of the nearest entry agrees with a search by mpmath; it is largest at the edge of a cell."""
    quantity, x, values = tanh_table(9)
    found = nearest_error(quantity, x, values, 2.0)
    fine = np.linspace(-2, 2, 4001)
    brute = max(
        float(abs(mpmath.tanh(at) - values[i])) for at in fine for i in np.flatnonzero(abs(x - at) <= 0.25 + 1e-12)
    )
    assert found.max_abs == pytest.approx(brute, rel=1e-12)
    assert found.max_abs == pytest.approx(float(min(abs(mpmath.tanh(found.at) - v) for v in values[3:6])), rel=0.2)


def test_interpolation_error() -> None:
    """The largest error of interpolation lies inside a cell and is found to all digits."""
    quantity, x, values = tanh_table(9)
    found = interpolation_error(quantity, x, values)
    assert found is not None

    def error(at: float) -> float:
        return float(abs(mpmath.tanh(at) - np.interp(at, x, values)))

    assert error(found.at) == pytest.approx(found.max_abs, rel=1e-12)
    assert found.max_abs >= max(map(error, np.linspace(-2, 2, 8001))) * (1 - 1e-12)


def test_beyond_the_last_entry() -> None:
    """Beyond the last entry of a half-open range the last entry is read."""
    quantity, x = Quantity(parse("identity")), np.array([0.0, 1.0, 2.0])
    assert nearest_error(quantity, x, x.copy(), 2.0).max_abs == 0.5
    assert nearest_error(quantity, x, x.copy(), 3.0).max_abs == 1.0
    assert nearest_error(quantity, x, x.copy(), 3.0).at == 3.0


def test_descending_entries() -> None:
    """A table may be in descending order of x."""
    quantity, x = Quantity(parse("tanh")), np.linspace(2, -2, 9)
    values = table_entries(quantity, x, find_format("q1.6"))
    up = interpolation_error(*tanh_table(9))
    down = interpolation_error(quantity, x, values)
    assert up is not None
    assert down is not None
    assert down.max_abs == pytest.approx(up.max_abs, rel=1e-9)
    assert nearest_error(quantity, x, values, -2.0).max_abs == pytest.approx(nearest_error(*tanh_table(9), 2.0).max_abs)


def test_single_entry() -> None:
    """A single entry has no interpolation, and is read at its own x."""
    quantity, x = Quantity(parse("identity")), np.array([1.0])
    assert interpolation_error(quantity, x, x) is None
    assert nearest_error(quantity, x, x, 1.0).max_abs == 0.0
