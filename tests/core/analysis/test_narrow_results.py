"""Results in a narrower format than float64: detected from evidence, and only then."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from actcli.core.analysis.narrow_results import NarrowResults
from actcli.number_formats import FLOATS

named = pytest.mark.parametrize

FUNCTIONS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "square": lambda x: x * x / 3,
    "exp": np.exp,
}


def found(y: NDArray[np.float64], exact: NDArray[np.float64], size: int = 7) -> str | None:
    """Return the format that is found if the rows arrive in chunks."""
    results = NarrowResults()
    for start in range(0, y.size, size):
        results.add(y[start : start + size], exact[start : start + size])
    return None if results.format is None else results.format.name


@named("name", FUNCTIONS)
@named("dtype", ["float32", "float16", "bfloat16"])
@named("spread", [0.5, 5.0])
def test_narrow_data_is_found(name: str, dtype: str, spread: float) -> None:
    """Results rounded to a narrower format are found, with errors of some ulps, nan and infinities among them."""
    x = FLOATS[dtype].round(np.random.default_rng(3).normal(0, spread, 50))
    exact = FUNCTIONS[name](x)
    y = FLOATS[dtype].round(exact * (1 + np.random.default_rng(4).choice([0, 4e-3], x.size)))
    y[3:6] = np.nan, np.inf, 0.0
    assert found(y, exact) == dtype


@named("name", FUNCTIONS)
@named("spread", [0.5, 5.0])
def test_digits_of_float32_are_found(name: str, spread: float) -> None:
    """Results written with the shortest digits of float32 are found, although they are no float32 as float64."""
    exact = FUNCTIONS[name](np.random.default_rng(3).normal(0, spread, 50))
    assert found(np.array([float(str(value)) for value in exact.astype(np.float32)]), exact) == "float32"


@named("name", FUNCTIONS)
def test_float64_data_is_not_narrow(name: str) -> None:
    """float64 results, even one in a thousand, are no narrower format; results cut to few digits neither."""
    exact = FUNCTIONS[name](np.random.default_rng(3).normal(0, 2, 1000))
    assert found(exact, exact) is None
    y = FLOATS["float32"].round(exact)
    y[-1] = exact[-1]
    assert found(y, exact) is None
    for digits in (3, 6, 10, 12):
        assert found(np.array([float(f"{value:.{digits}g}") for value in exact]), exact) is None


@named("y", [[0.0] * 40, [1.0, 2.0, 3.0] * 20, [0.5, 0.25, 1.5, 0.75] * 10, [0.1, 0.7310586] * 2], ids=str)
def test_short_results_are_no_evidence(y: list[float]) -> None:
    """Exact results that happen to be short, wrong small integers, and a handful of rows are no evidence."""
    given = np.array(y)
    assert found(given, given) is None
    assert found(given, given * (1 + 1e-12) + 1e-13) is None


def test_exact_narrow_results_are_no_evidence() -> None:
    """Results that equal the correctly rounded ones are no evidence, even if all are long float32 numbers."""
    y = FLOATS["float32"].round(np.random.default_rng(3).normal(0, 2, 100))
    assert found(y, y) is None
    assert found(y, y * (1 + 1e-12)) == "float32"
