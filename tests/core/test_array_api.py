"""Arrays at the Python interface: signalling nans, and vectors without elements."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.errors import ParameterError

SIGNALLING = {
    "float16": np.array([0x7C01, 0xFDFF], dtype=np.uint16).view(np.float16),
    "float32": np.array([0x7F800001, 0xFFBFFFFF], dtype=np.uint32).view(np.float32),
    "float64": np.array([0x7FF0000000000001, 0xFFF7FFFFFFFFFFFF], dtype=np.uint64).view(np.float64),
}
"""Signalling nans of both signs: the first bit of the fraction is 0."""

SPECS = ("relu", "gelu", "clip:min_val=0", "rrelu", "softmax", "sparsemax", "hardmax", "glu", "x * abs(x)", "max(x, 1)")
DTYPES = (None, "float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


@pytest.fixture(autouse=True)
def _warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("name", SIGNALLING)
@pytest.mark.parametrize("spec", SPECS)
def test_signalling_nans_raise_no_warning(name: str, spec: str) -> None:
    """A signalling nan gives nan and no warning, whatever the format of the input and of the results."""
    quiet = np.ones(2, dtype=name)
    for x in (SIGNALLING[name], np.concatenate([SIGNALLING[name], quiet] * 40), np.stack([SIGNALLING[name], quiet])):
        for dtype in DTYPES:
            result = actcli.evaluate(spec, x, dtype=dtype)
            assert np.isnan(result).any()
            assert np.isnan(actcli.gradient(spec, x, dtype=dtype)).any() or spec == "hardmax"
            if spec == "rrelu":
                assert np.isnan(actcli.evaluate(spec, x, dtype=dtype, seed=1)).any()


@pytest.mark.parametrize("name", SIGNALLING)
def test_signalling_nans_among_scalars_raise_no_warning(name: str) -> None:
    """A signalling nan as a scalar, alone or in a list of numbers of another dtype, raises no warning."""
    scalar: Any = SIGNALLING[name][0]
    assert np.isnan(actcli.evaluate("relu", scalar))
    assert actcli.evaluate("relu", [scalar, np.float64(-1), 2]).tolist()[1:] == [0.0, 2.0]


def test_conversions_that_overflow_raise_no_warning() -> None:
    """A long double beyond float64 and a float64 beyond float32 become infinite without a warning."""
    assert actcli.evaluate("relu", np.array([np.finfo(np.longdouble).max])).tolist() in (
        [np.inf],
        [1.7976931348623157e308],
    )
    assert actcli.evaluate("relu", [1e300], dtype="float32").tolist() == [np.inf]


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3), (2, 0, 2)])
@pytest.mark.parametrize("spec", ["hardmax", "crelu", "glu", "softmax", "sparsemax", "relu", "maxout:num_units=1"])
def test_arrays_without_elements(spec: str, shape: tuple[int, ...]) -> None:
    """An array without elements gives one; maxout needs an element in each vector, and says so."""
    x = np.zeros(shape)
    if spec.startswith("maxout") and not shape[-1]:
        with pytest.raises(ParameterError, match="maxout requires at least one value"):
            actcli.evaluate(spec, x)
        return
    if spec == "glu" and shape[-1] % 2:
        return
    assert actcli.evaluate(spec, x).size == 0
    assert actcli.gradient(spec, x).size == 0
