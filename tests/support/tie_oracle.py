"""Reference values of derivatives at ties, from Python's own parser and mpmath: left, chosen and right.

Nothing is taken from actcli. The one-sided derivatives are those at c -+ h for a tiny h, where no tie is left; the one
at c follows the documented rules of ties. The distance h and the smallest difference that is no tie are far apart, so
that parts may cross with a contact of up to the fourth order.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
from mpmath import mp, mpf

from tests.support.expression_oracle import Evaluator, Pair, UndecidedTruthError, UndefinedError
from tests.support.oracle import FORMATS, nearest

__all__ = ["PIECEWISE", "Derivatives", "derivatives_at_tie"]

_DIGITS = 800
_STEP = Fraction(1, 10**150)
_ZERO = mpf(10) ** -650
"""Differences below this are ties: above the rounding noise of 800 digits, below _STEP**4."""

_NEGLIGIBLE = mpf(10) ** -100
"""Above the error of a one-sided derivative, which is near _STEP."""

_INFINITE = mpf(10) ** 30
"""Above every derivative that these tests use; one that grows like h**-0.3 is beyond it."""


class Derivatives(NamedTuple):
    """The derivatives at a point, rounded to float64; nan where there is none."""

    left: float
    chosen: float
    right: float


class _Piecewise(NamedTuple):
    """An activation of linear pieces: its value and derivative away from the kinks, and what PyTorch returns there."""

    value: Callable[[Any], Any]
    derivative: Callable[[Any], Any]
    at_kinks: dict[Fraction, Fraction]


_NONE = Fraction(0)
PIECEWISE = {
    "relu": _Piecewise(lambda v: max(v, mpf(0)), lambda v: mpf(v > 0), {_NONE: _NONE}),
    "relu6": _Piecewise(
        lambda v: min(max(v, mpf(0)), mpf(6)), lambda v: mpf(0 < v < 6), {_NONE: _NONE, Fraction(6): _NONE}
    ),
    "hard_tanh": _Piecewise(
        lambda v: min(max(v, mpf(-1)), mpf(1)),
        lambda v: mpf(-1 < v < 1),
        {Fraction(-1): _NONE, Fraction(1): _NONE},
    ),
    "leaky_relu": _Piecewise(
        lambda v: v if v > 0 else v / 100, lambda v: mpf(1) if v > 0 else mpf(1) / 100, {_NONE: Fraction(1, 100)}
    ),
    "softshrink": _Piecewise(
        lambda v: v - mpf(1) / 2 if v > 0.5 else v + mpf(1) / 2 if v < -0.5 else mpf(0),
        lambda v: mpf(abs(v) > 0.5),
        {Fraction(1, 2): _NONE, Fraction(-1, 2): _NONE},
    ),
}
"""Activations with kinks, by name."""


class _TieEvaluator(Evaluator):
    """An evaluator that decides ties by the documented rules, and notes those of abs."""

    has_tie_of_abs = False

    def sign(self, difference: Any, size: Any) -> int:
        return 0 if abs(difference) < _ZERO else 1 if difference > 0 else -1

    def absolute(self, a: Pair) -> Pair:
        sign = self.sign(a.value, a.value)
        self.has_tie_of_abs |= sign == 0 and a.derivative != 0
        return Pair(abs(a.value), sign * a.derivative)

    def call(self, name: str, args: list[Pair]) -> Pair:
        if name == "clip":
            x, low, high = args
            raised = low if self.sign(x.value - low.value, x.value) <= 0 else x
            return high if self.sign(raised.value - high.value, x.value) >= 0 else raised
        if name in PIECEWISE:
            (x,) = args
            value, derivative, at_kinks = PIECEWISE[name]
            for at, chosen in at_kinks.items():
                position = mpf(at.numerator) / at.denominator
                if self.sign(x.value - position, x.value) == 0:
                    return Pair(value(position), mpf(chosen.numerator) / chosen.denominator * x.derivative)
            return Pair(value(x.value), derivative(x.value) * x.derivative)
        return super().call(name, args)


def derivatives_at_tie(text: str, c: float) -> Derivatives:
    """Return the left, chosen and right derivative of an expression at c.

    Raises UndecidedTruthError where this oracle does not know one of them.
    """
    tree = ast.parse(text.strip(), mode="eval").body
    with mp.workdps(_DIGITS):
        found = [_pair(tree, Fraction(c) + side * _STEP) for side in (-1, 0, 1)]
        left, here, right = (pair for pair, _ in found)
        has_tie_of_abs = found[1][1]
        if has_tie_of_abs and left and here and right and _is_smooth(left, here, right):
            here = left
        return Derivatives(*(_rounded(pair) for pair in (left, here, right)))


def _pair(tree: ast.expr, x: Fraction) -> tuple[Pair | None, bool]:
    """Return value and derivative (None: undefined), and whether an abs has a tie."""
    run = _TieEvaluator(x, {})
    try:
        pair = run.number(tree)
    except UndefinedError:
        return None, run.has_tie_of_abs
    return (None if mpmath.isnan(pair.derivative) else pair), run.has_tie_of_abs


def _is_smooth(left: Pair, here: Pair, right: Pair) -> bool:
    pairs = [(left.value, right.value), (left.value, here.value), (left.derivative, right.derivative)]
    return all(abs(a - b) < _NEGLIGIBLE for a, b in pairs)


def _rounded(pair: Pair | None) -> float:
    if pair is None:
        return math.nan
    result = pair.derivative
    if abs(result) > _INFINITE:
        return math.copysign(math.inf, result)
    if abs(result) < _NEGLIGIBLE:
        return 0.0
    exact = Fraction(*mpmath.libmp.to_rational(result._mpf_))
    ends = {nearest(exact + sign * abs(exact) / 10**100, FORMATS["float64"]) for sign in (-1, 1)}
    if len(ends) > 1:
        raise UndecidedTruthError("a rounding")
    return ends.pop()
