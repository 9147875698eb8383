"""The engine: a formula read fast where that is certain, and exactly where it is not; every result rounded once.

    x --> special points (nan, infinities, zeros, kinks)
      --> fast reading, block by block --> Ziv's test --> result
               undecided elements --> wide reading, in arrays --> result
                       undecided elements --> exact reading, one by one --> result

The fast reading knows a bound on its own error; where both ends of the bound round to the same number, that number
is the correctly rounded result, and elsewhere the element is read again with more care (Ziv, ACM TOMS 17, 1991): in
arrays what is undecided by its nature, one by one and at growing precision what is so by chance. One thread, no
shared state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.signals import Undecided
from actcli.core.catalogue.activation import evaluate_formula
from actcli.core.evaluation.undecided import UNDECIDED, count_undecided, may_escalate
from actcli.core.spec import BoundActivation
from actcli.error_free import two_sum
from actcli.errors import ParameterError
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["Quantity", "evaluate"]

BLOCK_SIZE = 8192
_DOUBLE_DOUBLE = DoubleDoubleArithmetic()
_NEAR_ZERO, _NEARER_ZERO = 2.0**-200, 2.0**-1000
_ODDNESS_PROBES = (1e-9, 0.01, 0.13, 0.5, 0.7, 1.0, 1.9, 3.0, 7.25, 60.0, 1e5)
"""Where it is tried whether a function is odd."""

_FEW_ELEMENTS = 6
"""Elements that take the exact reading no longer than the wide one."""

_MIN_SPLIT_SIZE = 16
"""Elements that are not worth halving."""


class Quantity(NamedTuple):
    """What is asked of an activation: f or a derivative of it.

    order  0 for f, 1 for a slope;  wrt  the parameter that the slope is by, None for x
    side   -1 or +1 for the slope just left or right of each x, 0 for the slope that is given
    """

    bound: BoundActivation
    order: int = 0
    wrt: str | None = None
    side: int = 0

    def __call__(self, m: Any, x: Any) -> Any:
        """The formula, against the arithmetic m, at x."""
        entry = self.bound.activation
        if entry.is_expression:
            # It has its numbers in it, exact ones, and needs to know only by which the slope is.
            return self._expression_derivative(m, x, {self.wrt: Dual(0, 1)} if self.wrt is not None else {})
        values = {
            name: m.number(value) if isinstance(value, Fraction) else value
            for name, value in self.bound.arguments.items()
        }
        if self.order == 0:
            return entry.f(m, x, **values)
        if self.wrt is not None:
            values[self.wrt] = Dual(values[self.wrt], 1)
            for name, text in entry.derived_arguments.items():
                # The exact number's own value, with the slope that it has by the parameter.
                moved = evaluate_formula(text, values)
                values[name] = Dual(values[name], moved.derivative) if isinstance(moved, Dual) else values[name]
            result = entry.f(DualArithmetic(m), Dual(x, 0), **values)
        elif entry.df is not None and (self.side == 0 or not self.bound.kink_points):
            return entry.df(m, x, **values)
        else:
            result = entry.f(DualArithmetic(m), Dual(x, 1, self.side), **values)
        return result.derivative if isinstance(result, Dual) else 0

    def _expression_derivative(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        """As a call, of an expression that a person has typed."""
        f = self.bound.activation.f
        if self.order == 0:
            return f(m, x)
        result = f(m, x if moving else Dual(x, 1, self.side), **moving)
        return result.derivative if isinstance(result, Dual) else 0

    def check_differentiable(self) -> None:
        """ParameterError unless `wrt` is a parameter that is a number here."""
        if self.wrt is not None and not isinstance(self.bound.values.get(self.wrt), Fraction):
            raise ParameterError(f"{self.bound.activation.name}: {self.wrt} is not a number to differentiate by")


def evaluate(quantity: Quantity, x: Floats, fmt: Format) -> Floats:
    """The values that `reading` has at each element of the 1-d array x, correctly rounded to `fmt`.

    x        float64 array of values of `fmt`
    returns  float64 array of values of `fmt`: nan for nan, the limits at the infinities (nan where there is none),
             at a kink the slope that the entry gives
    """
    out = np.empty_like(x)
    special = _SpecialPoints(quantity, fmt)
    pending: list[Any] = []
    for start in range(0, x.size, BLOCK_SIZE):
        part = slice(start, start + BLOCK_SIZE)
        values, results = x[part], out[part]
        left = special.fill(values, results)
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            if left is None:
                results[:], unsure = _evaluate_block(quantity, values, fmt)
                left = np.flatnonzero(unsure)
            else:
                results[left], unsure = _evaluate_block(quantity, values[left], fmt)
                left = left[unsure]
        pending.append(left + start)
        if sum(map(len, pending)) >= BLOCK_SIZE or part.stop >= x.size:
            _escalate(quantity, x, fmt, out, np.concatenate(pending))
            pending = []
    return out


def _escalate(quantity: Quantity, x: Floats, fmt: Format, out: Floats, places: Any) -> None:
    """Fill in what the fast reading left open: read wide, and exactly where that leaves it open too.

    A few elements are tried exactly first: by chance undecided ones are told by that, in a fraction of the time.
    """
    if 0 < places.size <= _FEW_ELEMENTS:
        from actcli.core.evaluation.arbitrary_precision import try_lowest_precision

        found = [try_lowest_precision(quantity, value, fmt) for value in x[places].tolist()]
        known = np.array([value is not None for value in found])
        out[places[known]] = [value for value in found if value is not None]
        places = places[~known]
    if places.size:
        results, unsure = _scaled_double_double(quantity, x[places], fmt)
        out[places] = results
        places = places[unsure]
    if places.size:
        from actcli.core.evaluation.arbitrary_precision import evaluate_one

        values, back, counts = np.unique(x[places], return_inverse=True, return_counts=True)
        decided = []
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            result = evaluate_one(quantity, value, fmt) if may_escalate() else UNDECIDED
            count_undecided(count if result is UNDECIDED else 0)
            decided.append(result)
        out[places] = np.array(decided)[back]


class _SpecialPoints:
    """The points that no formula is asked at: nan, the infinities, zeros and kinks, each worked out once; and those
    outside the domain.
    """

    def __init__(self, quantity: Quantity, fmt: Format) -> None:
        self.quantity = quantity
        self.fmt = fmt
        self.kinks: dict[float, Fraction] = {}
        if quantity.order and quantity.wrt is None:
            # A one-sided slope is worked out at every kink, and what is given there counts for nothing.
            kinks = [(at, Fraction(0)) for at in quantity.bound.kink_points] if quantity.side else quantity.bound.kinks
            known = ((FLOATS["float64"].nearest(at), at, slope) for at, slope in kinks)
            self.kinks = {near: slope for near, at, slope in known if near == at}
        self.known: dict[tuple[float, bool], float] = {}
        self.ends = [
            (end, side, FLOATS["float64"].nearest(end))
            for side, end in zip((1, -1), quantity.bound.domain, strict=True)
            if end is not None
        ]

    def fill(self, x: Floats, out: Floats) -> Any:
        """Fill in `out` where x is special; the indices of the other elements, or None if that is all."""
        ordinary = np.isfinite(x) & (x != 0)
        for at in self.kinks:
            ordinary &= x != at
        for end, side, near in self.ends:
            # Compared, not subtracted: an end beyond float64 has no nearest finite value.
            within = near > end if side > 0 else near < end
            inside = x * side >= near * side if within else x * side > near * side
            out[ordinary & ~inside] = np.nan
            ordinary &= inside
        if ordinary.all():
            return None
        out[np.isnan(x)] = np.nan
        for value in (0.0, math.inf, -math.inf, *self.kinks):
            for negative in (False, True) if value == 0 else (value < 0,):
                here = (x == value) & (np.signbit(x) == negative)
                if here.any():
                    result = self._at(value, negative)
                    out[here] = result
                    if result != result and self.quantity.bound.activation.is_expression:
                        self._note(result, int(here.sum()))
        return np.flatnonzero(ordinary)

    def _note(self, result: float, count: int) -> None:
        count_undecided(count if result is UNDECIDED else 0)

    def _at(self, value: float, negative: bool) -> float:
        key = (value, negative)
        if key not in self.known:
            if value in self.kinks:
                self.known[key] = _at_kink(self.quantity, value, self.kinks[value], self.fmt)
            elif value == 0:
                self.known[key] = _at_zero(self.quantity, negative, self.fmt)
            else:
                self.known[key] = _limit(self.quantity, negative, self.fmt)
        return self.known[key]


def _at_kink(quantity: Quantity, at: float, slope: Fraction, fmt: Format) -> float:
    """The slope given at a kink, or, of a one-sided reading, the one on its side: arrays do not know of sides."""
    if quantity.side == 0:
        return fmt.nearest(slope)
    from actcli.core.evaluation.arbitrary_precision import evaluate_one

    return evaluate_one(quantity, at, fmt)


def _at_zero(quantity: Quantity, negative: bool, fmt: Format) -> float:
    """The result at +0.0 or -0.0: where f is zero there, that has the sign of f just beside it, or of x if f is odd.

    A slope that is zero is +0.0; a value that is no zero but underflows keeps its sign.
    """
    value = _evaluate_one(quantity, 0.0, fmt)
    if value != 0 or quantity.order:
        return value
    finest = value if fmt.name == "float64" else _evaluate_one(quantity, 0.0, FLOATS["float64"])
    if finest != 0:
        return math.copysign(0.0, finest)
    right, left = (_evaluate_one(quantity, beside, FLOATS["float64"]) for beside in (_NEAR_ZERO, -_NEAR_ZERO))
    beside, side = (left, -1) if negative else (right, 1)
    # What stands beside x may belong to another piece, which does not lead here.
    apart = beside == 0 or not abs(_evaluate_one(quantity, side * _NEARER_ZERO, FLOATS["float64"])) < abs(beside)
    if left == -right and (quantity.bound.activation.properties.odd or (apart and _looks_odd(quantity))):
        return -0.0 if negative else 0.0
    return 0.0 if apart and beside else math.copysign(0.0, beside)


def _looks_odd(quantity: Quantity) -> bool:
    """Whether an expression that a person has typed is odd about a piece that is 0, as far as some places show it."""
    if not quantity.bound.activation.is_expression:
        return False
    return all(
        _evaluate_one(quantity, -at, FLOATS["float64"]) == -_evaluate_one(quantity, at, FLOATS["float64"])
        for at in _ODDNESS_PROBES
    )


def _evaluate_one(quantity: Quantity, x: float, fmt: Format) -> float:
    """The result at one finite x, read fast if that is sure."""
    with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
        result, unsure = _evaluate_block(quantity, np.array([x]), fmt)
    if not unsure[0]:
        return float(result[0])
    from actcli.core.evaluation.arbitrary_precision import evaluate_one

    return evaluate_one(quantity, x, fmt)


def _limit(quantity: Quantity, negative: bool, fmt: Format) -> float:
    from actcli.core.evaluation.arbitrary_precision import limit

    return limit(quantity, -1 if negative else 1, fmt)


def _scaled_arithmetic(quantity: Quantity) -> Any:
    if quantity.bound.activation.is_expression:
        from actcli.core.arithmetic.scaled_dd_unbounded import UnboundedScaledDDArithmetic

        return UnboundedScaledDDArithmetic()
    from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic

    return ScaledDDArithmetic()


def _scaled_double_double(quantity: Quantity, x: Floats, fmt: Format) -> tuple[Floats, Bools]:
    """The wide reading of x, rounded, and which elements are not certain."""
    from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
    from actcli.core.arithmetic.scaled_dd_rounding import round_certainly

    try:
        with np.errstate(all="ignore"):
            result = as_scaled_dd(quantity(_scaled_arithmetic(quantity), ScaledDD.from_float(x)))
        return round_certainly(result, x.shape, fmt)
    except Undecided:
        pass
    out, unsure = np.zeros_like(x), np.ones(x.shape, dtype=bool)
    if x.size >= _MIN_SPLIT_SIZE:
        for half in np.split(np.argsort(np.abs(x), kind="stable"), [x.size // 2]):
            out[half], unsure[half] = _scaled_double_double(quantity, x[half], fmt)
    return out, unsure


def _evaluate_block(quantity: Quantity, x: Floats, fmt: Format) -> tuple[Floats, Bools]:
    """The rounded results for one block, and which of them are not certain.

    A block in which something under- or overflowed is halved, the small x from the large, until what did it is alone;
    where both halves fail twice over it is taken that all of it would.
    """
    return _try_double_double(quantity, x, fmt) or _evaluate_halves(quantity, x, fmt, patience=1)


def _evaluate_halves(quantity: Quantity, x: Floats, fmt: Format, patience: int) -> tuple[Floats, Bools]:
    out, unsure = np.zeros_like(x), np.ones(x.shape, dtype=bool)
    if x.size < _MIN_SPLIT_SIZE:
        return out, unsure
    halves = np.split(np.argsort(np.abs(x), kind="stable"), [x.size // 2])
    results = [_try_double_double(quantity, x[half], fmt) for half in halves]
    patience -= results[0] is None and results[1] is None
    for half, result in zip(halves, results, strict=True):
        if result is None and patience >= 0:
            result = _evaluate_halves(quantity, x[half], fmt, patience)
        if result is not None:
            out[half], unsure[half] = result
    return out, unsure


def _try_double_double(quantity: Quantity, x: Floats, fmt: Format) -> tuple[Floats, Bools] | None:
    """The fast reading of x, rounded; None if something under- or overflowed on the way."""
    try:
        result = quantity(_DOUBLE_DOUBLE, DoubleDouble.from_float(x))
        if isinstance(result, int | Fraction):
            result = DoubleDouble.from_rational(result)
        return ziv_round(result, x.shape, fmt)
    except (FloatingPointError, Undecided):
        return None


def ziv_round(result: DoubleDouble, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    """`result` rounded to `fmt`, and where the two ends of its error bound round differently."""
    if result.exact_float is not None and result.rel_err == 0 and result.abs_err is None:
        return np.broadcast_to(fmt.round(np.asarray(result.exact_float)), shape), np.zeros(shape, dtype=bool)
    if fmt.name == "float64":
        # The sign of the error does not matter, as both ends are tried.
        doubt = result.hi * (1.25 * result.rel_err) if result.abs_err is None else result.error_bound()
        above, below = result.hi + (result.lo + doubt), result.hi + (result.lo - doubt)
        # An element that is nan at both ends is outside the domain: nothing else makes one here.
        unsure = (above != below) & ((above == above) | (below == below))
    else:
        error = result.error_bound()
        high = result.hi + result.lo
        low = (result.hi - high) + result.lo
        above, below = fmt.round(*two_sum(high, low + error)), fmt.round(*two_sum(high, low - error))
        unsure = (above != below) & ((above == above) | (below == below))
        # Ends of two signs are not one, though a format without infinities has nan for both.
        unsure |= (np.signbit(above) != np.signbit(below)) | (np.isnan(above) & (error >= np.abs(high)))
    if above.shape == shape:
        return above, unsure
    return np.broadcast_to(above, shape), np.broadcast_to(unsure, shape)
