"""Pieces of a formula: each case sees its own elements alone, and all are put together in their places."""

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

KINDS: dict[str, Callable[[Any], Any]] = {"fast": DoubleDouble.from_float, "wide": ScaledDD.from_float}
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
X = [-3.0, -0.5, 0.0, 0.25, 1.0, 2.0, -0.0, 8.0]


def exact(number: Any) -> list[Fraction]:
    """The elements of a number, without what is left open of it."""
    if isinstance(number, int | Fraction):
        return [Fraction(number)] * len(X)
    if isinstance(number, ScaledDD):
        parts = np.broadcast_arrays(number.hi, number.lo, number.exponent)
        return [
            (Fraction(float(high)) + Fraction(float(low))) * Fraction(2) ** int(exponent) / number.denominator
            for high, low, exponent in zip(*map(np.ravel, parts), strict=True)
        ]
    heads, tails = np.broadcast_arrays(number.hi, number.lo)
    return [Fraction(float(head)) + Fraction(float(tail)) for head, tail in zip(heads.flat, tails.flat, strict=True)]


def seen(number: Any) -> list[float]:
    """The elements as float64."""
    values: list[float] = np.broadcast_to(number.value, np.shape(number.value)).tolist()
    return values


@each_kind
def test_the_first_case_that_holds(kind: Callable[[Any], Any]) -> None:
    """Each element goes to the first case whose condition holds, the last case takes the rest, and results stand where
    their elements stood."""
    x = kind(np.array(X))
    calls: dict[str, list[float]] = {}

    def case(name: str, factor: int) -> Callable[[Any], Any]:
        def function(part: Any) -> Any:
            calls[name] = seen(part)
            return part * factor

        return function

    result = piecewise(x, [(x > 1, case("large", 2)), (x > 0, case("right", 4)), case("rest", -8)])
    assert exact(result) == [Fraction(v) * (2 if v > 1 else 4 if v > 0 else -8) for v in X]
    assert calls == {"large": [2.0, 8.0], "right": [0.25, 1.0], "rest": [-3.0, -0.5, 0.0, -0.0]}


@each_kind
def test_later_cases_that_hold_too_are_not_asked(kind: Callable[[Any], Any]) -> None:
    """Where conditions overlap the first counts; a case that is left without elements is not called."""
    x = kind(np.array(X))

    def never(part: Any) -> Any:
        raise AssertionError("called for no element")

    result = piecewise(x, [(x <= 1, lambda part: part), (x < -1, never), (x > 1, lambda part: part * 2), never])
    assert exact(result) == [Fraction(v) * (1 if v <= 1 else 2) for v in X]


@each_kind
@pytest.mark.parametrize("place", [0, 1, 2])
def test_all_in_one_case(kind: Callable[[Any], Any], place: int) -> None:
    """Where one case has every element its result is all there is, and no other case is called."""
    x = kind(np.array(X))
    result = object()

    def never(part: Any) -> Any:
        raise AssertionError("called for no element")

    def all_of_it(part: Any) -> Any:
        assert seen(part) == X
        return result

    nothing, everything = np.zeros(len(X), dtype=bool), np.ones(len(X), dtype=bool)
    cases: list[Any] = [(everything if at == place else nothing, never) for at in range(2)] + [never]
    cases[place] = (everything, all_of_it) if place < 2 else all_of_it
    assert piecewise(x, cases) is result


@each_kind
def test_constants(kind: Callable[[Any], Any]) -> None:
    """A piece may be a number that is no array: an int or a Fraction stands at every place of its own."""
    x = kind(np.array(X))
    result = piecewise(x, [(x <= 0, lambda part: 0), (x < 2, lambda part: part), lambda part: Fraction(5, 2)])
    assert exact(result) == [Fraction(0 if v <= 0 else v if v < 2 else 2.5) for v in X]
    only = piecewise(x, [(x <= 0, lambda part: -1), lambda part: 3])
    assert exact(only) == [Fraction(-1 if v <= 0 else 3) for v in X]


@each_kind
def test_no_elements(kind: Callable[[Any], Any]) -> None:
    """An array of no elements has no case that does not hold: the first is taken, and gives no elements."""
    x = kind(np.array([]))
    result = piecewise(x, [(x > 0, lambda part: part * 2), lambda part: part])
    assert seen(result) == []


def test_pieces_with_different_denominators() -> None:
    """Wide pieces keep a denominator that they share, and are right where theirs differ, constants among them."""
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
        for place, v in enumerate(X):
            true = Fraction(v) / (3 if v > 1 else 5 if v > 0 else 1) if v else Fraction(1)
            unit = Fraction(2) ** int(mixed.exponent[place]) / mixed.denominator
            middle = Fraction(mixed.hi[place]) + Fraction(mixed.lo[place])
            least, most = Fraction(mixed.rem_lo[place]), Fraction(mixed.rem_hi[place])
            assert (middle + least) * unit <= true <= (middle + most) * unit
            assert (most - least) * unit <= abs(true) * Fraction(2) ** -100


def test_errors_are_the_largest_of_all_pieces() -> None:
    """Fast pieces that are known less well than others leave their bounds to the whole."""
    x = DoubleDouble.from_float(np.array(X))
    known_less = DoubleDouble(np.array([1.0]), np.array([0.0]), 2.0**-60, np.array([2.0**-50]), 1)
    result = piecewise(x, [(x > 5, lambda part: known_less), lambda part: part * 3])
    assert result.rel_err >= 2.0**-60
    assert result.error_bound()[X.index(8.0)] >= 2.0**-50
    assert result.exact_float is None
    assert result.sign == 0
    positive = piecewise(x, [(x > 5, lambda part: known_less), lambda part: part.square()])
    assert positive.sign == 1


@each_kind
def test_duals(kind: Callable[[Any], Any]) -> None:
    """Of a dual number each case gets the elements with their slopes; a case without a slope, or a constant, has the
    slope 0."""
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
def test_duals_with_slopes_of_their_own(kind: Callable[[Any], Any]) -> None:
    """A slope that is an array is taken and joined as its value is."""
    slopes = [float(place) for place in range(len(X))]
    x = Dual(kind(np.array(X)), kind(np.array(slopes)), side=1)
    taken: list[int] = []

    def note(part: Dual) -> Dual:
        taken.append(part.side)
        return part

    result = piecewise(x, [(x > 0, note), lambda part: -part])
    assert exact(result.derivative) == [Fraction(s if v > 0 else -s) for v, s in zip(X, slopes, strict=True)]
    assert taken == [1]


@each_kind
def test_constants_alone_by_a_parameter(kind: Callable[[Any], Any]) -> None:
    """Where x has no slope and a piece has one, as by a parameter, the others have none."""
    x = kind(np.array(X))
    slope = Dual(kind(np.asarray(0.5)), 1)
    result = piecewise(x, [(x > 0, lambda part: part), lambda part: slope * part])
    assert exact(result.value) == [Fraction(v if v > 0 else v / 2) for v in X]
    assert exact(result.derivative) == [Fraction(0 if v > 0 else v) for v in X]


@each_kind
def test_arrays_of_two_dimensions(kind: Callable[[Any], Any]) -> None:
    """Elements may stand in rows: each piece gets its own in their order, and they return to their rows."""
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
    """Whatever the conditions, every element is in its place, once."""
    values, choices = np.array([value for value, _ in elements]), np.array([choice for _, choice in elements])
    x = kind(values)
    cases = [(choices <= case, lambda part, case=case: part * 2**case) for case in range(3)]
    result = piecewise(x, [*cases, lambda part: part * 8])
    assert exact(result) == [Fraction(value) * 2**choice for value, choice in elements]
