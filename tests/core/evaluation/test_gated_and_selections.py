"""Gated units, crelu, maxout, hardmax, softmin and sparsemax, with Jacobians, against mpmath or by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import actcli
from actcli.errors import ParameterError

inf, nan = math.inf, math.nan
ENDS = (0.0, -0.7, 1.3, 4.0, -9.0, 40.0, -38.0, 700.0, -745.0, 1e-300, -1e300)

PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "glu": lambda a, b: a / (1 + mpmath.exp(-b)),
    "swiglu": lambda a, b: a / (1 + mpmath.exp(-a)) * b,
    "swiglu:beta=1.702": lambda a, b: a / (1 + mpmath.exp(-mpf("1.702") * a)) * b,
    "geglu": lambda a, b: a * mpmath.erfc(-a / mpmath.sqrt(2)) / 2 * b,
    "reglu": lambda a, b: max(a, mpf(0)) * b,
}
each_pair = pytest.mark.parametrize("spec", PAIRS)


def close(got: float, true: Any) -> bool:
    """Within one unit in the last place."""
    with mpmath.workprec(2000):
        if abs(true) > mpf(2) ** 1024:
            return bool(math.isinf(got) and (got > 0) == (true > 0))
        return bool(abs(mpf(got) - true) <= math.ulp(float(true)))


@each_pair
def test_gated_values(spec: str) -> None:
    """Each pair of elements, one from each half, gives the exact value, rounded."""
    for a, b in itertools.product(ENDS, ENDS):
        if max(abs(a), abs(b)) > 1e200 and spec == "geglu":
            continue
        with mpmath.workprec(4000):
            true = PAIRS[spec](mpf(a), mpf(b))
        got = actcli.evaluate(spec, [a, 5.0, b, -1.0])
        assert got.shape == (2,)
        assert close(float(got[0]), true), (a, b, got)


@each_pair
def test_gated_jacobians(spec: str) -> None:
    """A row of the Jacobian holds the derivatives by its two elements, and zeros."""
    for a, b in itertools.product(ENDS[1:7], ENDS[1:7]):
        got = actcli.gradient(spec, [2.0, a, -3.0, b])
        assert got.shape == (2, 4)
        with mpmath.workprec(600):
            by = [mpmath.diff(PAIRS[spec], (mpf(a), mpf(b)), n, h=mpf(2) ** -150) for n in ((1, 0), (0, 1))]
        assert got[1, [0, 2]].tolist() == [0, 0]
        assert got[1, 1] == pytest.approx(float(by[0]), rel=1e-15)
        assert got[1, 3] == pytest.approx(float(by[1]), rel=1e-15)


def test_gated_nan_and_infinities() -> None:
    """What depends on a nan is nan; an infinity gives the limit, and 0 times infinity has none."""
    got = actcli.evaluate("glu", [[inf, 2.0, 1.0, nan], [inf, -inf, 1.0, 0.0]])
    assert got.tolist()[0][0] == inf
    assert math.isnan(got[0, 1])
    assert got[1].tolist() == [inf, -inf]
    assert math.isnan(actcli.evaluate("glu", [inf, -inf])[0])
    assert actcli.evaluate("glu", [2.0, -inf])[0] == 0
    assert actcli.evaluate("swiglu", [-inf, 2.0])[0] == 0


def test_invalid_sizes() -> None:
    """An odd number of values, and a number of units that does not divide it, are errors."""
    for spec, size in (("glu", 3), ("swiglu@onnx", 5), ("maxout:num_units=2", 3)):
        with pytest.raises(ParameterError, match=str(size)):
            actcli.evaluate(spec, np.zeros(size))
    for wrong in ("1.5", "0", "-2"):
        with pytest.raises(ParameterError):
            actcli.evaluate("maxout", [1.0, 2.0], num_units=wrong)
    with pytest.raises(ParameterError, match="num_units"):
        actcli.evaluate("maxout", [1.0, 2.0])


def test_selections() -> None:
    """crelu, maxout and hardmax return elements exactly; their Jacobians hold 1, -1 and 0."""
    assert actcli.evaluate("crelu", [1.5, -2.0, 0.0, -inf]).tolist() == [1.5, 0, 0, 0, 0, 2, 0, inf]
    assert actcli.gradient("crelu", [1.5, -2.0, 0.0]).tolist() == [
        *([1, 0, 0], [0, 0, 0], [0, 0, 0]),
        *([0, 0, 0], [0, -1, 0], [0, 0, 0]),
    ]
    assert actcli.evaluate("maxout:num_units=2", [1.0, 5.0, 3.0, -4.0]).tolist() == [3, 5]
    assert actcli.gradient("maxout:num_units=2", [1.0, 5.0, 3.0, -4.0]).tolist() == [[0, 0, 1, 0], [0, 1, 0, 0]]
    assert actcli.evaluate("hardmax", [[1.0, 3.0, 3.0], [4.0, -inf, 2.0]]).tolist() == [[0, 1, 0], [1, 0, 0]]
    assert not actcli.gradient("hardmax", [1.0, 3.0, 3.0]).any()
    assert np.isnan(actcli.evaluate("crelu", [nan, 1.0])).tolist() == [True, False, True, False]
    assert np.isnan(actcli.evaluate("hardmax", [nan, 1.0])).all()


def test_axes() -> None:
    """The vectors lie along `axis`, and the outputs keep their positions."""
    x = np.arange(24.0).reshape(2, 4, 3)
    got = actcli.evaluate("glu", x, axis=1)
    assert got.shape == (2, 2, 3)
    assert got[1, 0, 2] == actcli.evaluate("glu", x[1, :, 2])[0]
    assert actcli.evaluate("crelu", x, axis=0).shape == (4, 4, 3)
    assert actcli.evaluate("Softmax2d@torch", x)[0, 1, 2] == actcli.evaluate("softmax", x[:, 1, 2])[0]
    assert actcli.gradient("maxout:num_units=2", x, axis=1).shape == (2, 3, 2, 4)
    assert actcli.evaluate("glu", np.zeros((0, 4))).shape == (0, 2)


def simplex(x: list[float]) -> list[Any]:
    """The Euclidean projection onto the simplex, by trying every size of the support."""
    falling = sorted(map(mpf, x), reverse=True)
    for size in range(len(x), 0, -1):
        least = (sum(falling[:size]) - 1) / size
        if falling[size - 1] > least:
            return [max(mpf(value) - least, mpf(0)) for value in x]
    raise AssertionError(x)


@pytest.mark.parametrize(
    "x",
    [
        [1.0, 0.0],
        [0.1, 0.2, 0.3],
        [0.5, 0.2, -3.0, 0.45],
        [1e300, -1e300, 5.0],
        [2.0, 2.0, 2.0, 1.0],
        [-7.5],
        [0.3, 1e-300],
    ],
)
def test_sparsemax(x: list[float]) -> None:
    """sparsemax is the projection onto the simplex, with Jacobian s_i (delta_ij - s_j / |s|)."""
    with mpmath.workprec(2500):
        true = simplex(x)
    got = actcli.evaluate("sparsemax", x)
    assert all(close(float(y), t) for y, t in zip(got, true, strict=True))
    assert not np.signbit(got).any()
    inside = np.array([float(t > 0) for t in true])
    wanted = inside[:, None] * (np.eye(len(x)) - inside / inside.sum())
    assert actcli.gradient("sparsemax", x) == pytest.approx(wanted, rel=1e-15)


@pytest.mark.parametrize(
    ("x", "inside"),
    [
        ([math.inf, 1.0], [1.0, 0.0]),
        ([0.25, 0.5, -math.inf], [1.0, 1.0, 0.0]),
        ([1.0, 1e300, 3.0], [0.0, 1.0, 0.0]),
        ([math.inf], [1.0]),
    ],
)
def test_sparsemax_jacobian_in_arbitrary_precision(x: list[float], inside: list[float]) -> None:
    """The Jacobian of sparsemax is s_i (delta_ij - s_j / |s|) where an element is infinite or huge."""
    s = np.array(inside)
    wanted = s[:, None] * (np.eye(len(x)) - s / s.sum())
    assert actcli.gradient("sparsemax", x).tolist() == wanted.tolist()


def test_softmin() -> None:
    """softmin(x) is softmax(-x)."""
    x = np.array([0.3, -1.7, 2.9])
    assert actcli.evaluate("softmin", x).tolist() == actcli.evaluate("softmax", -x).tolist()
    assert actcli.gradient("softmin", x).tolist() == (-actcli.gradient("softmax", -x)).tolist()
