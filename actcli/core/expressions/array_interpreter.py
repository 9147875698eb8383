"""The value of an expression at arrays of x, in the fast and in the wide reading.

What goes wrong at some elements must not stop the others: an element outside the domain of a function, or one whose
piece or sign the error bounds leave open, is marked, and goes on as a harmless number. In the end those outside are
nan, and those left open have an error without bound, so that they are read with more care.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.dual import Dual, value_of
from actcli.core.arithmetic.piecewise import gather, scatter
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.signals import Undecided
from actcli.core.catalogue.activation import Activation
from actcli.core.expressions.exact_constants import LARGEST_POWER
from actcli.core.expressions.interpreter import HOLDS, Interpreter, slope_of
from actcli.core.expressions.nodes import Compare, Entry, Logic, Node, Not

__all__ = ["ArrayInterpreter", "read"]

_UNBOUNDED = 1e300
_HALF = Fraction(1, 2)
_LEAST = {"log": (0, False), "log1p": (-1, False), "sqrt": (0, True)}
"""Where a function's domain begins, and whether that point belongs to it."""


class Masks:
    """Which elements are outside the domain, and which are left open."""

    def __init__(self, size: int) -> None:
        self.outside = np.zeros(size, dtype=bool)
        self.open = np.zeros(size, dtype=bool)


class ArrayInterpreter(Interpreter):
    """Values of trees at some elements of an array: those at `places`."""

    def __init__(
        self, m: Any, names: Mapping[str, Any], known: Mapping[str, Fraction], marks: Masks, places: Any
    ) -> None:
        super().__init__(m, names, known)
        self.marks = marks
        self.places = places
        self.kind = type(value_of(names["x"]))

    def taken(self, index: Any) -> ArrayInterpreter:
        """The same at a part of the elements."""
        names = {name: gather(value, index) for name, value in self.names.items()}
        return ArrayInterpreter(self.m, names, self.known, self.marks, self.places[index])

    def held(self, value: Any) -> Any:
        return value

    # --- marks -------------------------------------------------------------------------------------------------------

    def mark(self, kind: Any, which: Any) -> None:
        """Mark the elements for which `which` holds; of a constant, all of them."""
        kind[self.places[np.broadcast_to(which, self.places.shape)]] = True

    def signs(self, x: Any, limit: Any = 0) -> Any:
        """The signs of x - limit, an array or a number; those that the error bounds leave open are marked, and 1."""
        u, v = value_of(x), value_of(limit)
        if isinstance(u, int | Fraction) and isinstance(v, int | Fraction):
            return (u > v) - (u < v)
        sign, unknown = (
            _signs(as_double_double(u), as_double_double(v))
            if self.kind is DoubleDouble
            else (as_scaled_dd(u) - as_scaled_dd(v)).signs_and_undecided()
        )
        if np.any(unknown):
            self.mark(self.marks.open, unknown)
            sign = np.where(unknown, 1.0, sign)
        return sign

    def kept(self, x: Any, bad: Any, outside: bool = True) -> Any:
        """x with 1 for the bad elements, which are marked as outside the domain."""
        if not np.any(bad):
            return x
        if outside:
            self.mark(self.marks.outside, bad)
        if isinstance(x, Dual):
            return Dual(self.kept(x.value, bad, False), x.derivative, x.side)
        if isinstance(x, int | Fraction) or np.ndim(bad) == 0:
            return Fraction(1) if np.all(bad) else x
        good = np.flatnonzero(~bad)
        return scatter([(good, gather(x, good)), (np.flatnonzero(bad), Fraction(1))], bad.shape, self.kind)

    # --- operators and pieces ----------------------------------------------------------------------------------------

    def quotient(self, a: Any, b: Any) -> Any:
        return a / self.kept(b, np.equal(self.signs(b), 0))

    def chosen(self, condition: Node, one: Node, other: Node) -> Any:
        chosen = np.broadcast_to(self.holds(condition), self.places.shape)
        if chosen.all() or not chosen.any():
            return self.value(one if chosen.all() else other)
        left, right = np.flatnonzero(chosen), np.flatnonzero(~chosen)
        parts = [(left, self.taken(left).value(one)), (right, self.taken(right).value(other))]
        return scatter(parts, self.places.shape, self.kind)

    def holds(self, node: Node) -> Any:
        match node:
            case Not(part=part):
                return np.logical_not(self.holds(part))
            case Logic(sign=sign, left=left, right=right):
                first, second = self.holds(left), self.holds(right)
                return np.logical_and(first, second) if sign == "and" else np.logical_or(first, second)
            case Compare(sign=sign, left=left, right=right) if left == right:
                self.value(left)
                return 0 in HOLDS[sign]
            case Compare(sign=sign, left=left, right=right):
                return np.isin(self.order(self.value(left), self.value(right)), HOLDS[sign])
        raise TypeError(node)

    def order(self, a: Any, b: Any) -> Any:
        """As Scalars.order; arrays do not know of sides, so that ties are left open where these count."""
        sign = self.signs(a, b)
        if (isinstance(a, Dual) and a.side) or (isinstance(b, Dual) and b.side):
            self.mark(self.marks.open, np.equal(sign, 0))
        return sign

    def among(self, order: Any, choices: tuple[Any, Any, Any]) -> Any:
        signs = np.broadcast_to(order, self.places.shape)
        if (signs == signs[:1]).all():
            return choices[int(signs[0]) + 1] if signs.size else choices[0]
        parts = []
        for sign, choice in zip((-1, 0, 1), choices, strict=True):
            here = np.flatnonzero(signs == sign)
            if here.size:
                parts.append((here, gather(choice, here)))
        return scatter(parts, signs.shape, self.kind)

    def tie(self, x: Any, order: Any) -> None:
        """Whether the kink of an |x| is one of the whole, the exact reading finds out."""
        if isinstance(x, Dual) and not x.side and np.any(np.equal(order, 0)):
            self.mark(self.marks.open, np.equal(order, 0) & np.logical_not(_is_zero(x.derivative)))

    def circular(self, name: str, arg: Node) -> Any:
        """A multiple of pi is found by the exact reading, as the bounds of errors leave it open."""
        return None

    def is_flat(self, value: Any, node: Node) -> bool:
        """See around_zero."""
        return False

    # --- functions ---------------------------------------------------------------------------------------------------

    def applied(self, name: str, x: Any) -> Any:
        if name in _LEAST:
            least, belongs = _LEAST[name]
            signs = self.signs(x, least)
            x = self.kept(x, np.less(signs, 0) if belongs else np.less_equal(signs, 0))
            if np.any(np.equal(signs, 0)) and name == "sqrt":
                return self.around_zero(x, signs, _HALF, lambda x: self.lifted_call(self.lifted.sqrt, x))
        return self.lifted_call(getattr(self.lifted, name), x)

    def around_zero(self, x: Any, signs: Any, exponent: Any, power: Any) -> Any:
        """A power of x where some x are 0: its slope is 0 above 1, and below there is none."""
        zero = np.equal(signs, 0)
        if self.sided:
            self.mark(self.marks.open, zero)
        if exponent < 0:
            self.mark(self.marks.outside, zero)
        elif exponent < 1 and isinstance(x, Dual):
            # A base that is 0 all around has a slope there, which the exact reading knows.
            flat = _is_zero(x.derivative)
            self.mark(self.marks.open, zero & flat)
            self.mark(self.marks.outside, zero & np.logical_not(flat))
        slope = 0 if exponent != 1 else slope_of(x)
        nothing = Dual(Fraction(0), slope, x.side) if isinstance(x, Dual) else Fraction(0)
        return self.among(signs, (nothing, nothing, power(self.kept(x, np.less_equal(signs, 0), False))))

    def lifted_call(self, function: Any, x: Any) -> Any:
        """A function, which takes arrays, of an array or of a constant."""
        x = self.a_number(x)
        if np.ndim(_head(value_of(x))):
            return function(_fresh(x))
        slope = slope_of(x)
        moving = not isinstance(slope, int | Fraction) and np.ndim(_head(slope))
        result = function(_stretched(x, self.places.shape if moving else (1,)))
        return result if moving or isinstance(result, int | Fraction) else gather(result, 0)

    # --- activations -------------------------------------------------------------------------------------------------

    def composed(self, f: Any, x: Any, params: Mapping[str, Any]) -> Any:
        values = {name: self.parameter(value) for name, value in params.items()}

        def formula(x: Any) -> Any:
            return Interpreter.composed(self, f, x, values)

        return self.lifted_call(formula, x)

    def a_number(self, value: Any) -> Any:
        if isinstance(value, Dual):
            return Dual(self.a_number(value.value), value.derivative, value.side)
        return self.m.number(value) if isinstance(value, int | Fraction) else value

    def entry(self, node: Entry) -> Any:
        result = super().entry(node)
        x = self.value(node.arg) if node.entry.kinks and self.sided else None
        if isinstance(x, Dual):
            for at, _ in self.kinks(node.entry, self.parameters(node)):
                self.order(x, at)
        return result

    @property
    def sided(self) -> bool:
        x = self.names["x"]
        return isinstance(x, Dual) and bool(x.side)

    def parameter(self, value: Any) -> Any:
        if isinstance(value, Dual):
            return Dual(self.parameter(value.value), self.parameter(value.derivative), value.side)
        return self.m.number(value) if isinstance(value, Fraction) else value

    def inner(self, entry: Activation, x: Any, params: Mapping[str, Any]) -> Any:
        result = self.smooth(entry, x, params)
        for at, slope in self.kinks(entry, params):
            signs = self.signs(x, at)
            if np.any(np.equal(signs, 0)):
                result = self.among(signs, (result, slope, result))
        return result

    # --- powers ------------------------------------------------------------------------------------------------------

    def whole_power(self, base: Any, count: int) -> Any:
        if isinstance(base, Fraction):
            return super().whole_power(base, count)
        if count < 0:
            return self.quotient(Fraction(1), self.whole_power(base, -count))
        return base**count

    def positive_power(self, base: Any, known: Fraction | None, by: Any) -> Any:
        signs = self.signs(base)
        base = self.kept(base, np.less(signs, 0))
        if not np.any(np.equal(signs, 0)):
            return self.power_of_positive(base, known, by)
        if known is None or known == 0 or isinstance(by, Dual):
            # Rare, and of many kinds: one by one.
            self.mark(self.marks.open, np.equal(signs, 0))
            return self.power_of_positive(self.kept(base, np.equal(signs, 0), False), known, by)
        return self.around_zero(base, signs, known, lambda base: self.power_of_positive(base, known, by))

    def power_of_positive(self, base: Any, known: Fraction | None, by: Any) -> Any:
        if isinstance(by, Dual) or known is None or known.denominator > 2 or abs(known) > LARGEST_POWER:
            return self.lifted_call(self.lifted.exp, by * self.lifted_call(self.lifted.log, base))
        return self.whole_power(self.lifted_call(self.lifted.sqrt, base), known.numerator)


def _head(x: Any) -> Any:
    return x.hi


def _is_zero(x: Any) -> Any:
    """Where a number is known to be exactly 0."""
    if isinstance(x, int | Fraction):
        return x == 0
    if isinstance(x, DoubleDouble):
        return (x.hi == 0) & (x.error_bound() == 0)
    return (x.hi == 0) & (x.rem_lo == 0) & (x.rem_hi == 0)


def _fresh(x: Any) -> Any:
    """The same number without what another function has left with it for its slope."""
    if isinstance(x, Dual):
        return Dual(_fresh(x.value), x.derivative, x.side)
    if isinstance(x, DoubleDouble):
        return DoubleDouble(x.hi, x.lo, x.rel_err, x.abs_err, x.sign, x.exact_float)
    return x


def _stretched(x: Any, shape: tuple[int, ...]) -> Any:
    """A constant as an array of this shape."""

    def field(value: Any) -> Any:
        return None if value is None else np.broadcast_to(value, shape).copy()

    if isinstance(x, Dual):
        slope = x.derivative if isinstance(x.derivative, int | Fraction) else _stretched(x.derivative, shape)
        return Dual(_stretched(x.value, shape), slope, x.side)
    if isinstance(x, DoubleDouble):
        return DoubleDouble(field(x.hi), field(x.lo), x.rel_err, field(x.abs_err), x.sign, field(x.exact_float))
    return ScaledDD(field(x.hi), field(x.lo), field(x.exponent), field(x.rem_lo), field(x.rem_hi), x.denominator)


def _signs(a: DoubleDouble, b: DoubleDouble) -> tuple[Any, Any]:
    """The signs of a - b, and which of them the error bounds leave open."""
    if a.exact_float is not None and b.exact_float is not None:
        return np.greater(a.exact_float, b.exact_float) * 1.0 - np.less(a.exact_float, b.exact_float), False
    difference = a - b
    value, error = difference.value, difference.error_bound()
    return np.sign(value), (np.abs(value) <= error) & (error > 0)


def read(run: ArrayInterpreter, tree: Node) -> Any:
    """The tree's value, with nan outside the domain and an error without bound where something is open."""
    result = run.value(tree)
    marks = run.marks
    if not (marks.outside.any() or marks.open.any()):
        return _unsigned(result)
    if any(isinstance(value, Dual) for value in (result, *run.names.values())):
        return Dual(_marked(value_of(result), run), _marked(slope_of(result), run))
    return _marked(result, run)


def _unsigned(x: Any) -> Any:
    """The same number, in which what is exactly 0 is +0.0, however it has come about."""
    if isinstance(x, Dual):
        return Dual(_unsigned(x.value), _unsigned(x.derivative), x.side)
    if isinstance(x, DoubleDouble):
        double = None if x.exact_float is None else x.exact_float + 0.0
        return DoubleDouble(x.hi + 0.0, x.lo + 0.0, x.rel_err, x.abs_err, x.sign, double)
    return x


def _marked(x: Any, run: ArrayInterpreter) -> Any:
    # What was left open may have gone the wrong way, and only so have left the domain.
    unknown = run.marks.open
    outside = run.marks.outside & ~unknown
    x = run.m.number(x) if isinstance(x, int | Fraction) else x
    zero = np.zeros(outside.shape)
    if isinstance(x, DoubleDouble):
        absolute = zero + (0.0 if x.abs_err is None else x.abs_err)
        head = np.where(outside, np.nan, x.hi + 0.0)
        return DoubleDouble(head, x.lo + zero, x.rel_err, np.where(unknown, _UNBOUNDED, absolute))
    if not isinstance(x, ScaledDD):
        raise Undecided
    high, low, least, most = (field + zero for field in (x.hi, x.lo, x.rem_lo, x.rem_hi))
    high[outside], low[outside], least[outside], most[outside] = np.nan, 0.0, 0.0, 0.0
    least[unknown], most[unknown] = -np.inf, np.inf
    return ScaledDD(high, low, np.where(outside, 0, x.exponent), least, most, x.denominator)
