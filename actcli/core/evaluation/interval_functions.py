"""Elementary functions of arrays of intervals.

Contract: f of an interval contains f(t) for each t in it at which f is defined. A monotone function is evaluated at the
ends, correctly rounded by the escalation, and stepped to the next float64 outwards. Beyond the x where a function is as
good as constant its limit is the bound. An even function is taken of |x|; sine and cosine are split at their extrema.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.dual import RULES, Dual, DualArithmetic
from actcli.core.arithmetic.scaled_dd_unbounded import UnboundedScaledDDArithmetic
from actcli.core.evaluation.arbitrary_precision import evaluate_many
from actcli.core.evaluation.escalation import correctly_rounded
from actcli.core.evaluation.intervals import (
    KINK,
    LARGEST_EXACT,
    SMALLEST_EXACT,
    Intervals,
    Truth,
    core_of,
    hull,
    number,
)
from actcli.error_free import two_prod
from actcli.number_formats import FLOATS

__all__ = ["IntervalArithmetic", "piecewise"]

_FLOAT64 = FLOATS["float64"]
_MAX = float(np.finfo(np.float64).max)
_DOUBLE_DOUBLE = DoubleDoubleArithmetic()

_MAX_ANGLE = 1e8
"""|x| up to which sine and cosine are enclosed more closely than by [-1, 1]."""
_ANGLE_MARGIN = 1e-6
"""Margin, in periods, within which an extremum counts as inside: far above the rounding error of x/(2 pi)."""


class _Monotone(NamedTuple):
    """A monotone function: its direction, the x between which it is evaluated, and its bounds beyond them.

    rising      whether it increases
    low, high   the least and largest x at which it is evaluated
    at_low      its limit at -inf, or at the lower end of its domain
    at_high     its limit at inf
    keeps_sign  whether it has the sign of x
    exact       the arguments at which its value is exact, with these values
    """

    rising: bool = True
    low: float = -_MAX
    high: float = _MAX
    at_low: float = -math.inf
    at_high: float = math.inf
    keeps_sign: bool = False
    exact: tuple[tuple[float, float], ...] = ()


_ZERO = ((0.0, 0.0),)
_FUNCTIONS = {
    "exp": _Monotone(low=-746, high=700, at_low=0.0, exact=((0.0, 1.0),)),
    "expm1": _Monotone(low=-40, high=700, at_low=-1.0, keeps_sign=True, exact=_ZERO),
    "log": _Monotone(low=5e-324, exact=((1.0, 0.0),)),
    "log1p": _Monotone(low=math.nextafter(-1, 0), keeps_sign=True, exact=_ZERO),
    "sinh": _Monotone(low=-700, high=700, keeps_sign=True, exact=_ZERO),
    "tanh": _Monotone(low=-20, high=20, at_low=-1.0, at_high=1.0, keeps_sign=True, exact=_ZERO),
    "asinh": _Monotone(keeps_sign=True, exact=_ZERO),
    "atan": _Monotone(keeps_sign=True, exact=_ZERO),
    "sigmoid": _Monotone(low=-746, high=40, at_low=0.0, at_high=1.0),
    "softplus": _Monotone(low=-746, at_low=0.0),
    "tanh_softplus": _Monotone(low=-746, high=20, at_low=0.0, at_high=1.0),
    "tanhshrink": _Monotone(keeps_sign=True, exact=_ZERO),
    "erf": _Monotone(low=-6, high=6, at_low=-1.0, at_high=1.0, keeps_sign=True, exact=_ZERO),
    "erfc": _Monotone(False, low=-6, high=28, at_low=2.0, at_high=0.0, exact=((0.0, 1.0),)),
    "ndtr": _Monotone(low=-39, high=9, at_low=0.0, at_high=1.0),
    "mills": _Monotone(False, low=-37, at_low=math.inf, at_high=0.0),
    "d_mills": _Monotone(low=-37, high=1e6, at_high=0.0),
}
"""The monotone functions."""

_EVEN_FUNCTIONS = {
    "cosh": _Monotone(low=0, high=700, at_low=1.0, exact=((0.0, 1.0),)),
    "logcosh": _Monotone(low=0, at_low=0.0, exact=_ZERO),
    "phi": _Monotone(False, low=0, high=39, at_low=math.inf, at_high=0.0),
    "d_tanh": _Monotone(False, low=0, high=373, at_low=1.0, at_high=0.0, exact=((0.0, 1.0),)),
    "d_sigmoid": _Monotone(False, low=0, high=746, at_low=0.25, at_high=0.0, exact=((0.0, 0.25),)),
}
"""The even functions that are monotone for x >= 0."""


class IntervalArithmetic:
    """The functions of arrays of intervals; they implement the protocol of the arithmetics."""

    encloses = True
    """Tells an expression to use its interpreter of intervals; dual arithmetics over this one have it too."""

    pi = Intervals(np.float64(math.pi), np.float64(math.nextafter(math.pi, 4)), np.True_, np.True_, 0)
    e = Intervals(np.float64(math.e), np.float64(math.nextafter(math.e, 3)), np.True_, np.True_, 0)

    number = staticmethod(number)

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """Return the pieces that conditions select; the hull of several pieces where a condition is undecided."""
        return piecewise(x, cases, KINK)

    def abs(self, x: Any) -> Any:
        """Return |x|."""
        return abs(x)

    def sqrt(self, x: Intervals) -> Intervals:
        """Return the square root of the part that is not negative; float64 roots are correctly rounded.

        The lower end is kept where its exact square is at most that of the operand: Dekker's error, which is exact if
        nothing underflows.
        """
        with np.errstate(all="ignore"):
            outside = (x.hi < 0) | ((x.hi == 0) & x.hi_open)
            lo, hi = np.maximum(x.lo, 0.0), np.where(outside, np.nan, x.hi)
            low, high = np.sqrt(lo), np.sqrt(hi)
            square, error = two_prod(low, low)
            is_below = (square == lo) & (error <= 0) & (((lo > SMALLEST_EXACT) & (lo < LARGEST_EXACT)) | (lo == 0))
            low, high = np.where(is_below, low, np.nextafter(low, 0.0)), np.nextafter(high, math.inf)
            low = np.where((lo > 0) & (low == 0), 5e-324, low)
        # The ends of a root count as closed unless 0 is no value.
        is_open = np.ones(np.shape(high), dtype=bool)
        return Intervals(np.where(np.isnan(high), np.nan, low), high, (x.lo == 0) & x.lo_open, is_open, x.flags)

    def cosigmoid(self, x: Any) -> Any:
        """Return 1 - sigmoid(x) = sigmoid(-x)."""
        return _arithmetic_of(self, x).sigmoid(-x)

    def log(self, x: Intervals) -> Intervals:
        """Return the natural logarithm of the positive part."""
        return _restricted(x, "log", 0.0)

    def log1p(self, x: Intervals) -> Intervals:
        """Return log(1 + x) of the part above -1."""
        return _restricted(x, "log1p", -1.0)

    def sin(self, x: Intervals) -> Intervals:
        """Return the sine."""
        return _wave(x, "sin", 0.25)

    def cos(self, x: Intervals) -> Intervals:
        """Return the cosine."""
        return _wave(x, "cos", 0.0)

    def tan(self, x: Intervals) -> Intervals:
        """Return the tangent, sin x / cos x."""
        return self.sin(x) / self.cos(x)

    def d_tanh(self, x: Any, y: Any) -> Any:
        """Return the derivative of tanh."""
        return _rule(self, "tanh", x, y)

    def d_sigmoid(self, x: Any, y: Any) -> Any:
        """Return the derivative of the sigmoid."""
        return _rule(self, "sigmoid", x, y)

    def d_mills(self, x: Any, y: Any) -> Any:
        """Return the derivative of the Mills ratio, which rises from -inf to 0."""
        return _rule(self, "mills", x, y)

    def __getattr__(self, name: str) -> Callable[[Intervals], Intervals]:
        if name in _FUNCTIONS:
            return lambda x: _monotone(x, name, _FUNCTIONS[name])
        if name in _EVEN_FUNCTIONS:
            return lambda x: _monotone(abs(x), name, _EVEN_FUNCTIONS[name])
        raise AttributeError(name)


def piecewise(x: Any, cases: Any, flag: int) -> Any:
    """Return the pieces that the conditions select, each evaluated where it is possible.

    cases  (condition, function), the last one a function
    flag   the flag of elements with several possible pieces
    """
    shape = core_of(x).shape
    size = shape[0] if shape else 1
    remaining = np.ones(size, dtype=bool)
    parts: list[tuple[Any, Any]] = []
    for case in cases:
        condition, function = case if isinstance(case, tuple) else (True, case)
        if not isinstance(condition, Truth):
            condition = Truth(np.bool_(condition), ~np.bool_(condition))
        chosen = remaining & condition.can_hold
        if chosen.all() and not (remaining & condition.can_fail).any():
            return function(x) if not parts else hull([*parts, (np.arange(size), function(x))], size, flag)
        if chosen.any():
            index = np.flatnonzero(chosen)
            parts.append((index, function(x.take(index))))
        remaining = remaining & condition.can_fail
    result = hull(parts, size, flag)
    return result if shape else result.take(0)


def _rule(m: IntervalArithmetic, name: str, x: Any, y: Any) -> Any:
    if isinstance(x, Dual):
        arithmetic = _arithmetic_of(m, x.value)
        if name == "mills":
            return RULES[name](_arithmetic_of(m, x), x, y)
        # tanh'' = -2 tanh tanh' and sigmoid'' = -tanh(x/2) sigmoid'
        rate = -2 * arithmetic.tanh(x.value) if name == "tanh" else -arithmetic.tanh(x.value / 2)
        value = _rule(m, name, x.value, None)
        return Dual(value, rate * value * x.derivative, x.side)
    if name == "mills":
        return _monotone(x, "d_mills", _FUNCTIONS["d_mills"])
    return _monotone(abs(x), f"d_{name}", _EVEN_FUNCTIONS[f"d_{name}"])


def _arithmetic_of(m: IntervalArithmetic, x: Any) -> Any:
    """Return the arithmetic of x: a dual one over m for each level of dual numbers."""
    arithmetic: Any = m
    while isinstance(x, Dual):
        arithmetic, x = DualArithmetic(arithmetic), x.value
    return arithmetic


def _restricted(x: Intervals, name: str, end: float) -> Intervals:
    """Return a rising function of the part of x above `end`, where it is -inf."""
    reaches, outside = x.lo <= end, (x.hi < end) | ((x.hi <= end) & ~np.isnan(x.hi))
    inner = Intervals(np.where(reaches, np.maximum(x.hi, -_MAX), x.lo), x.hi, x.lo_open, x.hi_open, x.flags)
    inner = Intervals(np.where(outside, 1.0, inner.lo), np.where(outside, 1.0, inner.hi), x.lo_open, x.hi_open, x.flags)
    y = _monotone(inner, name, _FUNCTIONS[name])
    lo, hi = np.where(reaches, -math.inf, y.lo), y.hi
    lo, hi = np.where(outside, np.nan, lo), np.where(outside, np.nan, hi)
    return Intervals(lo, hi, y.lo_open | reaches, y.hi_open, x.flags)


def _monotone(x: Intervals, name: str, kind: _Monotone) -> Intervals:
    """Return a monotone function of intervals."""
    first, last = (x.lo, x.lo_open), (x.hi, x.hi_open)
    if not kind.rising:
        first, last = last, first
    lower, lower_exact = _bounds(first[0], name, kind)[0::2]
    upper, upper_exact = _bounds(last[0], name, kind)[1:]
    return Intervals(lower, upper, first[1] | ~lower_exact, last[1] | ~upper_exact, x.flags)


def _bounds(ends: Any, name: str, kind: _Monotone) -> tuple[Any, Any, Any]:
    """Return lower and upper bounds at the ends, and where both are the exact value."""
    shape = np.shape(ends)
    points, inverse = np.unique(np.ravel(ends), return_inverse=True)
    # One nan stands for the empty elements.
    clipped = np.clip(np.where(np.isnan(points), kind.high, points), kind.low, kind.high)
    exact = np.zeros(points.shape, dtype=bool)
    value = np.empty_like(clipped)
    for at, known in kind.exact:
        value[points == at] = known
        exact |= points == at
    value[~exact] = _rounded(name, clipped[~exact])
    with np.errstate(all="ignore"):
        down = np.where(exact, value, np.nextafter(value, -math.inf))
        up = np.where(exact, value, np.nextafter(value, math.inf))
    sign = 1 if kind.rising else -1
    beyond = ((points > kind.high, kind.at_high, sign), (points < kind.low, kind.at_low, -sign))
    for outside, limit, direction in beyond:
        up = np.where(outside, limit if direction > 0 else up, up)
        down = np.where(outside, limit if direction < 0 else down, down)
    least, greatest = sorted((kind.at_low, kind.at_high))
    down, up = np.maximum(down, least), np.minimum(up, greatest)
    if kind.keeps_sign:
        down = np.where(points > 0, np.maximum(down, 0.0), down)
        up = np.where(points < 0, np.minimum(up, 0.0), up)
    empty = np.isnan(points)
    down, up = np.where(empty, np.nan, down), np.where(empty, np.nan, up)
    return tuple(field[inverse].reshape(shape) for field in (down, up, exact))  # type: ignore[return-value]


def _rounded(name: str, x: Any) -> Any:
    """Return an elementary function at each x, correctly rounded to float64."""
    if not x.size:
        return x

    def formula(m: Any, x: Any) -> Any:
        return RULES[name[2:]](m, x, getattr(m, name[2:])(x)) if name.startswith("d_") else getattr(m, name)(x)

    def in_balls(at: float) -> float:
        return evaluate_many(lambda m: [formula(m, m.number(at))], _FLOAT64)[0]

    def finish(indices: Any) -> Any:
        return np.array([in_balls(at) for at in x[indices].tolist()])

    return correctly_rounded(
        formula, [x], _FLOAT64, finish, double_double=_DOUBLE_DOUBLE, scaled=UnboundedScaledDDArithmetic
    )


def _wave(x: Intervals, name: str, peak: float) -> Intervals:
    """Return sine or cosine; `peak` is where its maximum is, in periods."""
    with np.errstate(all="ignore"):
        near = np.isfinite(x.lo) & np.isfinite(x.hi) & (np.maximum(np.abs(x.lo), np.abs(x.hi)) <= _MAX_ANGLE)
        near &= x.hi - x.lo < 6
        lo, hi = np.where(near, x.lo, 1.0), np.where(near, x.hi, 1.0)
        at_low, at_high = (_rounded(name, np.ravel(end)).reshape(np.shape(end)) for end in (lo, hi))
        low = np.nextafter(np.minimum(at_low, at_high), -math.inf)
        high = np.nextafter(np.maximum(at_low, at_high), math.inf)
        periods = lo / (2 * math.pi), hi / (2 * math.pi)
    has_maximum = ~near | _has_integer(periods[0] - peak, periods[1] - peak)
    has_minimum = ~near | _has_integer(periods[0] - peak - 0.5, periods[1] - peak - 0.5)
    low = np.where(has_minimum, -1.0, np.maximum(low, -1.0))
    high = np.where(has_maximum, 1.0, np.minimum(high, 1.0))
    if name == "sin":
        # sin x has the sign of x up to pi; next to 0 the ends round across it.
        small = near & (np.maximum(np.abs(lo), np.abs(hi)) < 3)
        low = np.where(small & (lo >= 0), np.maximum(low, 0.0), low)
        high = np.where(small & (hi <= 0), np.minimum(high, 0.0), high)
        is_low, is_high = (lo == 0) & ~np.asarray(x.lo_open), (hi == 0) & ~np.asarray(x.hi_open)
        zero_low, zero_high = small & is_low & (low == 0), small & is_high & (high == 0)
        at_zero = near & (lo == 0) & (hi == 0)
        low, high = np.where(at_zero, 0.0, low), np.where(at_zero, 0.0, high)
        return _defined(x, low, high, ~(has_minimum | zero_low | at_zero), ~(has_maximum | zero_high | at_zero))
    return _defined(x, low, high, ~has_minimum, ~has_maximum)


def _defined(x: Intervals, lo: Any, hi: Any, lo_open: Any, hi_open: Any) -> Intervals:
    """Return the intervals, empty where x is."""
    return Intervals(np.where(x.is_empty, np.nan, lo), np.where(x.is_empty, np.nan, hi), lo_open, hi_open, x.flags)


def _has_integer(low: Any, high: Any) -> Any:
    """Return whether an integer may lie in [low, high]."""
    return np.floor(high + _ANGLE_MARGIN) >= np.ceil(low - _ANGLE_MARGIN)
