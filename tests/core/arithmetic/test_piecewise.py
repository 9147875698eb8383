"""Piecewise evaluation: each case is evaluated for its own elements, and the results are merged in order."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import Dual
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.scaled_dd import ScaledDD
from tests.support.tiers import examples

KINDS: dict[str, Callable[[Any], Any]] = {"double-double": DoubleDouble.from_float, "scaled": ScaledDD.from_float}
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
X = [-3.0, -0.5, 0.0, 0.25, 1.0, 2.0, -0.0, 8.0]


def exact(number: Any) -> list[Fraction]:
    """Return the elements of a number, without their error bounds."""
    if isinstance(number, int | Fraction):
        return [Fraction(number)] * len(X)
    if isinstance(number, ScaledDD):
        parts = np.broadcast_arrays(number.hi, number.lo, number.exponent)
        return [
            (Fraction(float(high)) + Fraction(float(low))) * Fraction(2) ** int(exponent) / number.denominator
            for high, low, exponent in zip(*map(np.ravel, parts), strict=True)
        ]
    his, los = np.broadcast_arrays(number.hi, number.lo)
    return [Fraction(float(hi)) + Fraction(float(lo)) for hi, lo in zip(his.flat, los.flat, strict=True)]


def floats(number: Any) -> list[float]:
    """Return the elements as float64."""
    values: list[float] = np.broadcast_to(number.value, np.shape(number.value)).tolist()
    return values


@each_kind
def test_first_true_case_applies(kind: Callable[[Any], Any]) -> None:
    """Each element is evaluated by the first case whose condition holds, else by the last, and keeps its position."""
    x = kind(np.array(X))
    calls: dict[str, list[float]] = {}

    def case(name: str, factor: int) -> Callable[[Any], Any]:
        def function(part: Any) -> Any:
            calls[name] = floats(part)
            return part * factor

        return function

    result = piecewise(x, [(x > 1, case("large", 2)), (x > 0, case("right", 4)), case("rest", -8)])
    assert exact(result) == [Fraction(v) * (2 if v > 1 else 4 if v > 0 else -8) for v in X]
    assert calls == {"large": [2.0, 8.0], "right": [0.25, 1.0], "rest": [-3.0, -0.5, 0.0, -0.0]}


@each_kind
def test_empty_cases_are_not_called(kind: Callable[[Any], Any]) -> None:
    """A case is not called when earlier cases have taken all of its elements."""
    x = kind(np.array(X))

    def never(part: Any) -> Any:
        raise AssertionError("called without elements")

    result = piecewise(x, [(x <= 1, lambda part: part), (x < -1, never), (x > 1, lambda part: part * 2), never])
    assert exact(result) == [Fraction(v) * (1 if v <= 1 else 2) for v in X]


@each_kind
@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_case_for_all(kind: Callable[[Any], Any], position: int) -> None:
    """piecewise returns a case's own result and calls no other when one case has every element."""
    x = kind(np.array(X))
    result = object()

    def never(part: Any) -> Any:
        raise AssertionError("called without elements")

    def all_of_it(part: Any) -> Any:
        assert floats(part) == X
        return result

    none, every = np.zeros(len(X), dtype=bool), np.ones(len(X), dtype=bool)
    cases: list[Any] = [(every if at == position else none, never) for at in range(2)] + [never]
    cases[position] = (every, all_of_it) if position < 2 else all_of_it
    assert piecewise(x, cases) is result


@each_kind
def test_constant_cases(kind: Callable[[Any], Any]) -> None:
    """A case may return an int or a Fraction, which is then the result of each of its elements."""
    x = kind(np.array(X))
    result = piecewise(x, [(x <= 0, lambda part: 0), (x < 2, lambda part: part), lambda part: Fraction(5, 2)])
    assert exact(result) == [Fraction(0 if v <= 0 else v if v < 2 else 2.5) for v in X]
    only = piecewise(x, [(x <= 0, lambda part: -1), lambda part: 3])
    assert exact(only) == [Fraction(-1 if v <= 0 else 3) for v in X]


@each_kind
def test_no_elements(kind: Callable[[Any], Any]) -> None:
    """The first case is called for an array without elements."""
    x = kind(np.array([]))
    result = piecewise(x, [(x > 0, lambda part: part * 2), lambda part: part])
    assert floats(result) == []


def test_scaled_denominators() -> None:
    """Scaled results keep a common denominator, and are enclosed when their denominators differ."""
    x = ScaledDD.from_float(np.array(X))
    same = piecewise(x, [(x > 0, lambda part: part / 6), lambda part: part / 3 + Fraction(1, 6)])
    assert exact(piecewise(x, [(x > 0, lambda part: part / 6), lambda part: part / 3])) == [
        Fraction(v) / (6 if v > 0 else 3) for v in X
    ]
    assert same.denominator == 3
    mixed = piecewise(
        x, [(x > 1, lambda part: part / 3), (x > 0, lambda part: part / 5), (x < 0, lambda part: part), lambda part: 1]
    )
    with np.errstate(all="ignore"):
        for index, v in enumerate(X):
            true = Fraction(v) / (3 if v > 1 else 5 if v > 0 else 1) if v else Fraction(1)
            unit = Fraction(2) ** int(mixed.exponent[index]) / mixed.denominator
            middle = Fraction(mixed.hi[index]) + Fraction(mixed.lo[index])
            low, high = Fraction(mixed.rem_lo[index]), Fraction(mixed.rem_hi[index])
            assert (middle + low) * unit <= true <= (middle + high) * unit
            assert (high - low) * unit <= abs(true) * Fraction(2) ** -100


def test_error_bounds_are_merged() -> None:
    """The merged number has the largest relative error bound of its parts, and each element's absolute one."""
    x = DoubleDouble.from_float(np.array(X))
    inexact = DoubleDouble(np.array([1.0]), np.array([0.0]), 2.0**-60, np.array([2.0**-50]), 1)
    result = piecewise(x, [(x > 5, lambda part: inexact), lambda part: part * 3])
    assert result.rel_err >= 2.0**-60
    assert result.error_bound()[X.index(8.0)] >= 2.0**-50
    assert result.exact_float is None
    assert result.sign == 0
    positive = piecewise(x, [(x > 5, lambda part: inexact), lambda part: part.square()])
    assert positive.sign == 1


@each_kind
def test_duals(kind: Callable[[Any], Any]) -> None:
    """Each case of a dual number gets its elements with their derivatives; the derivative of a constant is 0."""
    x = Dual(kind(np.array(X)), 1)
    result = piecewise(
        x,
        [
            (x > 1, lambda part: part * part),
            (x > 0, lambda part: part * 3),
            (x < -1, lambda part: 7),
            lambda part: part.value,
        ],
    )
    assert isinstance(result, Dual)
    assert exact(result.value) == [Fraction(v * v if v > 1 else 3 * v if v > 0 else 7 if v < -1 else v) for v in X]
    assert exact(result.derivative) == [Fraction(2 * v if v > 1 else 3 if v > 0 else 0) for v in X]


@each_kind
def test_duals_with_array_derivatives(kind: Callable[[Any], Any]) -> None:
    """An array of derivatives is selected and merged like its values."""
    derivatives = [float(index) for index in range(len(X))]
    x = Dual(kind(np.array(X)), kind(np.array(derivatives)), side=1)
    taken: list[int] = []

    def note(part: Dual) -> Dual:
        taken.append(part.side)
        return part

    result = piecewise(x, [(x > 0, note), lambda part: -part])
    assert exact(result.derivative) == [Fraction(s if v > 0 else -s) for v, s in zip(X, derivatives, strict=True)]
    assert taken == [1]


@each_kind
def test_derivative_by_parameter(kind: Callable[[Any], Any]) -> None:
    """A case that depends on a dual parameter has its derivative; the other cases have the derivative 0."""
    x = kind(np.array(X))
    parameter = Dual(kind(np.asarray(0.5)), 1)
    result = piecewise(x, [(x > 0, lambda part: part), lambda part: parameter * part])
    assert exact(result.value) == [Fraction(v if v > 0 else v / 2) for v in X]
    assert exact(result.derivative) == [Fraction(0 if v > 0 else v) for v in X]


@each_kind
def test_arrays_of_two_dimensions(kind: Callable[[Any], Any]) -> None:
    """Elements of a matrix keep their positions."""
    rows = np.array(X).reshape(2, 4)
    x = kind(rows)
    result = piecewise(x, [(x > 0, lambda part: part * 2), lambda part: -part])
    assert np.shape(result.value) == (2, 4)
    assert exact(result) == [Fraction(2 * v if v > 0 else -v) for v in X]


@settings(deadline=None, max_examples=examples(60))
@given(
    st.lists(st.tuples(st.floats(-10, 10), st.integers(0, 3)), min_size=1, max_size=30),
    st.sampled_from(list(KINDS.values())),
)
def test_any_conditions(elements: list[tuple[float, int]], kind: Callable[[Any], Any]) -> None:
    """Every element gets the result of its case, for arbitrary conditions."""
    values, choices = np.array([value for value, _ in elements]), np.array([choice for _, choice in elements])
    x = kind(values)
    cases = [(choices <= case, lambda part, case=case: part * 2**case) for case in range(3)]
    result = piecewise(x, [*cases, lambda part: part * 8])
    assert exact(result) == [Fraction(value) * 2**choice for value, choice in elements]
