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

from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.fast import FastArithmetic
from actcli.core.arithmetic.headtail import Number, Unsure, two_sum
from actcli.core.record import ParameterError, rational
from actcli.core.spec import Bound
from actcli.core.unknown import UNKNOWN, note, patient
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.formats import Bools, Floats, Format

__all__ = ["Reading", "compute"]

BLOCK = 8192
_FAST = FastArithmetic()
_BESIDE, _NEARER = 2.0**-200, 2.0**-1000
_PLACES = (1e-9, 0.01, 0.13, 0.5, 0.7, 1.0, 1.9, 3.0, 7.25, 60.0, 1e5)
"""Where it is tried whether a function is odd."""

_FEW = 6
"""Elements that take the exact reading no longer than the wide one."""

_LEAST = 16
"""Elements that are not worth halving."""


class Reading(NamedTuple):
    """What is asked of an activation: f or a derivative of it.

    order  0 for f, 1 for a slope;  wrt  the parameter that the slope is by, None for x
    side   -1 or +1 for the slope just left or right of each x, 0 for the slope that is given
    """

    bound: Bound
    order: int = 0
    wrt: str | None = None
    side: int = 0

    def __call__(self, m: Any, x: Any) -> Any:
        """The formula, against the arithmetic m, at x."""
        entry = self.bound.activation
        if entry.typed:
            # It has its numbers in it, exact ones, and needs to know only by which the slope is.
            return self._slope(m, x, {self.wrt: Dual(0, 1)} if self.wrt is not None else {})
        values = {
            name: m.number(value) if isinstance(value, Fraction) else value
            for name, value in self.bound.numbers.items()
        }
        if self.order == 0:
            return entry.f(m, x, **values)
        if self.wrt is not None:
            values[self.wrt] = Dual(values[self.wrt], 1)
            for name, text in entry.derived.items():
                # The exact number's own value, with the slope that it has by the parameter.
                moved = rational(text, values)
                values[name] = Dual(values[name], moved.slope) if isinstance(moved, Dual) else values[name]
            result = entry.f(DualArithmetic(m), Dual(x, 0), **values)
        elif entry.df is not None and (self.side == 0 or not self.bound.places):
            return entry.df(m, x, **values)
        else:
            result = entry.f(DualArithmetic(m), Dual(x, 1, self.side), **values)
        return result.slope if isinstance(result, Dual) else 0

    def _slope(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        """As a call, of an expression that a person has typed."""
        f = self.bound.activation.f
        if self.order == 0:
            return f(m, x)
        result = f(m, x if moving else Dual(x, 1, self.side), **moving)
        return result.slope if isinstance(result, Dual) else 0

    def differentiable(self) -> None:
        """ParameterError unless `wrt` is a parameter that is a number here."""
        if self.wrt is not None and not isinstance(self.bound.values.get(self.wrt), Fraction):
            raise ParameterError(f"{self.bound.activation.name}: {self.wrt} is not a number to differentiate by")


def compute(reading: Reading, x: Floats, fmt: Format) -> Floats:
    """The values that `reading` has at each element of the 1-d array x, correctly rounded to `fmt`.

    x        float64 array of values of `fmt`
    returns  float64 array of values of `fmt`: nan for nan, the limits at the infinities (nan where there is none),
             at a kink the slope that the entry gives
    """
    out = np.empty_like(x)
    special = _Special(reading, fmt)
    pending: list[Any] = []
    for start in range(0, x.size, BLOCK):
        part = slice(start, start + BLOCK)
        values, results = x[part], out[part]
        left = special.fill(values, results)
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            if left is None:
                results[:], unsure = _block(reading, values, fmt)
                left = np.flatnonzero(unsure)
            else:
                results[left], unsure = _block(reading, values[left], fmt)
                left = left[unsure]
        pending.append(left + start)
        if sum(map(len, pending)) >= BLOCK or part.stop >= x.size:
            _finish(reading, x, fmt, out, np.concatenate(pending))
            pending = []
    return out


def _finish(reading: Reading, x: Floats, fmt: Format, out: Floats, places: Any) -> None:
    """Fill in what the fast reading left open: read wide, and exactly where that leaves it open too.

    A few elements are tried exactly first: by chance undecided ones are told by that, in a fraction of the time.
    """
    if 0 < places.size <= _FEW:
        from actcli.core.decide import at_once

        found = [at_once(reading, value, fmt) for value in x[places].tolist()]
        known = np.array([value is not None for value in found])
        out[places[known]] = [value for value in found if value is not None]
        places = places[~known]
    if places.size:
        results, unsure = _wide(reading, x[places], fmt)
        out[places] = results
        places = places[unsure]
    if places.size:
        from actcli.core.decide import decide

        values, back, counts = np.unique(x[places], return_inverse=True, return_counts=True)
        decided = []
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            result = decide(reading, value, fmt) if patient() else UNKNOWN
            note(count if result is UNKNOWN else 0)
            decided.append(result)
        out[places] = np.array(decided)[back]


class _Special:
    """The points that no formula is asked at: nan, the infinities, zeros and kinks, each worked out once; and those
    outside the domain.
    """

    def __init__(self, reading: Reading, fmt: Format) -> None:
        self.reading = reading
        self.fmt = fmt
        self.kinks: dict[float, Fraction] = {}
        if reading.order and reading.wrt is None:
            # A one-sided slope is worked out at every kink, and what is given there counts for nothing.
            kinks = [(at, Fraction(0)) for at in reading.bound.places] if reading.side else reading.bound.kinks
            known = ((FLOATS["float64"].nearest(at), at, slope) for at, slope in kinks)
            self.kinks = {near: slope for near, at, slope in known if near == at}
        self.known: dict[tuple[float, bool], float] = {}
        self.ends = [
            (end, side, FLOATS["float64"].nearest(end))
            for side, end in zip((1, -1), reading.bound.domain, strict=True)
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
                    if result != result and self.reading.bound.activation.typed:
                        self._note(result, int(here.sum()))
        return np.flatnonzero(ordinary)

    def _note(self, result: float, count: int) -> None:
        note(count if result is UNKNOWN else 0)

    def _at(self, value: float, negative: bool) -> float:
        key = (value, negative)
        if key not in self.known:
            if value in self.kinks:
                self.known[key] = _at_kink(self.reading, value, self.kinks[value], self.fmt)
            elif value == 0:
                self.known[key] = _at_zero(self.reading, negative, self.fmt)
            else:
                self.known[key] = _limit(self.reading, negative, self.fmt)
        return self.known[key]


def _at_kink(reading: Reading, at: float, slope: Fraction, fmt: Format) -> float:
    """The slope given at a kink, or, of a one-sided reading, the one on its side: arrays do not know of sides."""
    if reading.side == 0:
        return fmt.nearest(slope)
    from actcli.core.decide import decide

    return decide(reading, at, fmt)


def _at_zero(reading: Reading, negative: bool, fmt: Format) -> float:
    """The result at +0.0 or -0.0: where f is zero there, that has the sign of f just beside it, or of x if f is odd.

    A slope that is zero is +0.0; a value that is no zero but underflows keeps its sign.
    """
    value = _one(reading, 0.0, fmt)
    if value != 0 or reading.order:
        return value
    finest = value if fmt.name == "float64" else _one(reading, 0.0, FLOATS["float64"])
    if finest != 0:
        return math.copysign(0.0, finest)
    right, left = (_one(reading, beside, FLOATS["float64"]) for beside in (_BESIDE, -_BESIDE))
    beside, side = (left, -1) if negative else (right, 1)
    # What stands beside x may belong to another piece, which does not lead here.
    apart = beside == 0 or not abs(_one(reading, side * _NEARER, FLOATS["float64"])) < abs(beside)
    if left == -right and (reading.bound.activation.facts.odd or (apart and _looks_odd(reading))):
        return -0.0 if negative else 0.0
    return 0.0 if apart and beside else math.copysign(0.0, beside)


def _looks_odd(reading: Reading) -> bool:
    """Whether an expression that a person has typed is odd about a piece that is 0, as far as some places show it."""
    if not reading.bound.activation.typed:
        return False
    return all(_one(reading, -at, FLOATS["float64"]) == -_one(reading, at, FLOATS["float64"]) for at in _PLACES)


def _one(reading: Reading, x: float, fmt: Format) -> float:
    """The result at one finite x, read fast if that is sure."""
    with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
        result, unsure = _block(reading, np.array([x]), fmt)
    if not unsure[0]:
        return float(result[0])
    from actcli.core.decide import decide

    return decide(reading, x, fmt)


def _limit(reading: Reading, negative: bool, fmt: Format) -> float:
    from actcli.core.decide import limit

    return limit(reading, -1 if negative else 1, fmt)


def _wide_arithmetic(reading: Reading) -> Any:
    if reading.bound.activation.typed:
        from actcli.core.arithmetic.wide_open import OpenWideArithmetic

        return OpenWideArithmetic()
    from actcli.core.arithmetic.wide_functions import WideArithmetic

    return WideArithmetic()


def _wide(reading: Reading, x: Floats, fmt: Format) -> tuple[Floats, Bools]:
    """The wide reading of x, rounded, and which elements are not certain."""
    from actcli.core.arithmetic.settle import settle
    from actcli.core.arithmetic.wide import Wide, wide

    try:
        with np.errstate(all="ignore"):
            result = wide(reading(_wide_arithmetic(reading), Wide.exactly(x)))
        return settle(result, x.shape, fmt)
    except Unsure:
        pass
    out, unsure = np.zeros_like(x), np.ones(x.shape, dtype=bool)
    if x.size >= _LEAST:
        for half in np.split(np.argsort(np.abs(x), kind="stable"), [x.size // 2]):
            out[half], unsure[half] = _wide(reading, x[half], fmt)
    return out, unsure


def _block(reading: Reading, x: Floats, fmt: Format) -> tuple[Floats, Bools]:
    """The rounded results for one block, and which of them are not certain.

    A block in which something under- or overflowed is halved, the small x from the large, until what did it is alone;
    where both halves fail twice over it is taken that all of it would.
    """
    return _attempt(reading, x, fmt) or _halved(reading, x, fmt, patience=1)


def _halved(reading: Reading, x: Floats, fmt: Format, patience: int) -> tuple[Floats, Bools]:
    out, unsure = np.zeros_like(x), np.ones(x.shape, dtype=bool)
    if x.size < _LEAST:
        return out, unsure
    halves = np.split(np.argsort(np.abs(x), kind="stable"), [x.size // 2])
    results = [_attempt(reading, x[half], fmt) for half in halves]
    patience -= results[0] is None and results[1] is None
    for half, result in zip(halves, results, strict=True):
        if result is None and patience >= 0:
            result = _halved(reading, x[half], fmt, patience)
        if result is not None:
            out[half], unsure[half] = result
    return out, unsure


def _attempt(reading: Reading, x: Floats, fmt: Format) -> tuple[Floats, Bools] | None:
    """The fast reading of x, rounded; None if something under- or overflowed on the way."""
    try:
        result = reading(_FAST, Number.exactly(x))
        if isinstance(result, int | Fraction):
            result = Number.constant(result)
        return ziv(result, x.shape, fmt)
    except (FloatingPointError, Unsure):
        return None


def ziv(result: Number, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    """`result` rounded to `fmt`, and where the two ends of its error bound round differently."""
    if result.double is not None and result.relative == 0 and result.absolute is None:
        return np.broadcast_to(fmt.round(np.asarray(result.double)), shape), np.zeros(shape, dtype=bool)
    if fmt.name == "float64":
        # The sign of the error does not matter, as both ends are tried.
        doubt = result.head * (1.25 * result.relative) if result.absolute is None else result.error()
        above, below = result.head + (result.tail + doubt), result.head + (result.tail - doubt)
        # An element that is nan at both ends is outside the domain: nothing else makes one here.
        unsure = (above != below) & ((above == above) | (below == below))
    else:
        error = result.error()
        high = result.head + result.tail
        low = (result.head - high) + result.tail
        above, below = fmt.round(*two_sum(high, low + error)), fmt.round(*two_sum(high, low - error))
        unsure = (above != below) & ((above == above) | (below == below))
        # Ends of two signs are not one, though a format without infinities has nan for both.
        unsure |= (np.signbit(above) != np.signbit(below)) | (np.isnan(above) & (error >= np.abs(high)))
    if above.shape == shape:
        return above, unsure
    return np.broadcast_to(above, shape), np.broadcast_to(unsure, shape)
