"""The interpreter of expressions at arrays of x, in double-double or scaled double-double arithmetic.

An element outside the domain of a function, or whose branch or sign the error bounds do not decide, must not disturb
the others. It is recorded in a mask and goes on as a harmless number (1, or the branch of a positive sign). At the end
`evaluate_tree` turns elements outside the domain into nan, and gives undecided ones an unbounded error, so that Ziv's
test rejects them and they escalate. An element in both masks is undecided: only a wrong branch may have taken it
outside the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.dual import Differential, Dual, gather, value_of
from actcli.core.arithmetic.jet import Jet
from actcli.core.arithmetic.piecewise import scatter
from actcli.core.arithmetic.protocol import Arithmetic
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.signals import Undecided
from actcli.core.catalogue.activation import Activation
from actcli.core.expressions.array_numbers import broadcast, is_exact_zero, signs_and_undecided, without_cache
from actcli.core.expressions.exact_constants import MAX_EXPONENT
from actcli.core.expressions.interpreter_base import (
    SATISFYING_SIGNS,
    Arguments,
    BaseInterpreter,
    Bindings,
    Sign,
    Value,
    derivative_of,
    side_of,
)
from actcli.core.expressions.nodes import Compare, EntryCall, Logic, Node, Not

__all__ = ["ArrayInterpreter", "Masks", "evaluate_tree"]

_UNBOUNDED_ERROR = 1e300
"""An absolute error that no result passes Ziv's test with, and that does not overflow when it is added to."""

_MAX_INTEGER = 2.0**51
"""Beyond this an array of float64 does not tell an integer from its neighbours."""

_HALF = Fraction(1, 2)
_DOMAINS = {"log": (0, False), "log1p": (-1, False), "sqrt": (0, True)}
"""The lower end of a function's domain, and whether the end belongs to it."""

BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]


class Masks:
    """The elements of the whole array that are outside the domain, and those that are undecided."""

    def __init__(self, size: int) -> None:
        self.outside_domain = np.zeros(size, dtype=bool)
        self.undecided = np.zeros(size, dtype=bool)


class ArrayInterpreter(BaseInterpreter):
    """An evaluator of trees at some elements of an array.

    masks    shared by the interpreters of all branches
    indices  the positions of the elements in the whole array
    """

    def __init__(
        self,
        m: Arithmetic[Any],
        bindings: Bindings,
        known: Mapping[str, Fraction],
        masks: Masks,
        indices: IndexArray,
    ) -> None:
        super().__init__(m, bindings, known)
        self.masks = masks
        self.indices = indices
        self.kind = type(value_of(bindings["x"]))

    def at_elements(self, positions: IndexArray) -> ArrayInterpreter:
        """Return the interpreter of some of the elements."""
        bindings = {name: gather(value, positions) for name, value in self.bindings.items()}
        return ArrayInterpreter(self.m, bindings, self.known, self.masks, self.indices[positions])

    def bounded(self, value: Value) -> Value:
        """Return the value as it is: the numbers of arrays have a fixed length."""
        return value

    # --- masks -------------------------------------------------------------------------------------------------------

    def mark(self, mask: BoolArray, which: npt.ArrayLike) -> None:
        """Add the elements for which `which` holds to a mask; a single bool holds for all of them."""
        mask[self.indices[np.broadcast_to(which, self.indices.shape)]] = True

    def decided_signs(self, x: Value | int, limit: Value | int = 0) -> Sign:
        """Return the signs of x - limit; undecided ones are marked, and taken to be 1."""
        u, v = value_of(x), value_of(limit)
        if isinstance(u, int | Fraction) and isinstance(v, int | Fraction):
            return (u > v) - (u < v)
        sign, undecided = (
            signs_and_undecided(as_double_double(u), as_double_double(v))
            if self.kind is DoubleDouble
            else (as_scaled_dd(u) - as_scaled_dd(v)).signs_and_undecided()
        )
        if np.any(undecided):
            self.mark(self.masks.undecided, undecided)
            sign = np.where(undecided, 1.0, sign)
        return sign

    def replace_where(self, bad: Any, x: Value, outside: bool = True) -> Value:
        """Return x with 1 for the bad elements; mark these as outside the domain if `outside`."""
        if not np.any(bad):
            return x
        if outside:
            self.mark(self.masks.outside_domain, bad)
        if isinstance(x, Differential):
            return x.with_parts((self.replace_where(bad, x.value, outside=False), *x.parts[1:]), x.side)
        if isinstance(x, int | Fraction) or np.ndim(bad) == 0:
            return Fraction(1) if np.all(bad) else x
        good = np.flatnonzero(~bad)
        parts = [(good, gather(x, good)), (np.flatnonzero(bad), Fraction(1))]
        result: Value = scatter(parts, bad.shape, self.kind)
        return result

    # --- operators and branches --------------------------------------------------------------------------------------

    def divide(self, a: Value, b: Value) -> Value:
        """Return a / b; where b is 0 the element is outside the domain."""
        return a / self.replace_where(np.equal(self.decided_signs(b), 0), b)

    def conditional(self, condition: Node, then: Node, otherwise: Node) -> Value:
        """Return the value of where(condition, then, otherwise); each branch sees only its own elements."""
        chosen = np.broadcast_to(self.holds(condition), self.indices.shape)
        if chosen.all() or not chosen.any():
            return self.evaluate(then if chosen.all() else otherwise)
        yes, no = np.flatnonzero(chosen), np.flatnonzero(~chosen)
        parts = [(yes, self.at_elements(yes).evaluate(then)), (no, self.at_elements(no).evaluate(otherwise))]
        result: Value = scatter(parts, self.indices.shape, self.kind)
        return result

    def holds(self, node: Node) -> bool | BoolArray:
        """Return where a condition holds: an array, or a bool if it is the same for all elements."""
        match node:
            case Not(operand=operand):
                return np.logical_not(self.holds(operand))
            case Logic(operator=op, left=left, right=right):
                first, second = self.holds(left), self.holds(right)
                return np.logical_and(first, second) if op == "and" else np.logical_or(first, second)
            case Compare(operator=op, left=left, right=right) if left == right:
                # The value is not used, but it may be outside the domain.
                self.evaluate(left)
                return 0 in SATISFYING_SIGNS[op]
            case Compare(operator=op, left=left, right=right):
                return np.isin(self.compare(self.evaluate(left), self.evaluate(right)), SATISFYING_SIGNS[op])
        raise TypeError(node)

    def compare(self, a: Value | int, b: Value | int) -> Sign:
        """Return the signs of a - b; ties of jets, and for a one-sided derivative, are undecided in arrays."""
        sign = self.decided_signs(a, b)
        if any(isinstance(number, Jet) or side_of(number) for number in (a, b)):
            self.mark(self.masks.undecided, np.equal(sign, 0))
        return sign

    def select_by_sign(self, sign: Sign, choices: tuple[Value, Value, Value]) -> Value:
        """Return for each element the first, second or third choice for its sign -1, 0 or 1."""
        signs = np.broadcast_to(sign, self.indices.shape)
        if (signs == signs[:1]).all():
            return choices[int(signs[0]) + 1] if signs.size else choices[0]
        parts = []
        for value, choice in zip((-1, 0, 1), choices, strict=True):
            positions = np.flatnonzero(signs == value)
            if positions.size:
                parts.append((positions, gather(choice, positions)))
        result: Value = scatter(parts, signs.shape, self.kind)
        return result

    def note_tie(self, x: Value, sign: Sign) -> None:
        """Mark ties of |x| as undecided: the exact interpreter finds out whether the whole has a kink there."""
        if isinstance(x, Dual) and not x.side and np.any(np.equal(sign, 0)):
            self.mark(self.masks.undecided, np.equal(sign, 0) & np.logical_not(is_exact_zero(x.derivative)))

    def is_identically_zero(self, value: Value, node: Node) -> bool:
        """Return False; `power_near_zero` treats these elements."""
        return False

    # --- functions ---------------------------------------------------------------------------------------------------

    def floor_next_to(self, x: Value) -> Any:
        """Return the largest integers up to x; undecided beyond 2^51, except for exact floats."""
        value: Any = self.as_number(value_of(x))
        nearest = np.asarray(value.value)
        is_known = np.abs(nearest) < _MAX_INTEGER
        near = np.where(is_known, np.rint(nearest), 0.0)
        floors = near - np.less(self.compare(Dual(value, 0, side_of(x)), self.kind.from_float(near)), 0)
        if isinstance(value, DoubleDouble) and value.exact_float is not None and not side_of(x):
            floors, is_known = np.floor(nearest), np.isfinite(nearest)
        self.mark(self.masks.undecided, np.logical_not(is_known))
        return self.kind.from_float(np.where(is_known, floors, 0.0) + 0.0)

    def apply_elementary(self, name: str, x: Value) -> Value:
        """Return an elementary function of x; elements outside its domain are marked."""
        if name in _DOMAINS:
            lower_end, is_closed = _DOMAINS[name]
            signs = self.decided_signs(x, lower_end)
            x = self.replace_where(np.less(signs, 0) if is_closed else np.less_equal(signs, 0), x)
            if np.any(np.equal(signs, 0)) and name == "sqrt":
                return self.power_near_zero(x, signs, _HALF, lambda x: self.elementary_on_arrays("sqrt", x))
        return self.elementary_on_arrays(name, x)

    def elementary_on_arrays(self, name: str, x: Value) -> Value:
        """Return an elementary function of x, all of it inside the domain."""
        return self.call_on_arrays(getattr(self.arithmetic_of(x), name), x)

    def power_near_zero(self, x: Value, signs: Sign, exponent: Fraction, power: Callable[[Value], Value]) -> Value:
        """Return a power of x where some x are 0: its derivative there is 0 above exponent 1, undefined below."""
        zero = np.equal(signs, 0)
        if self.is_one_sided or isinstance(x, Jet):
            self.mark(self.masks.undecided, zero)
        if exponent < 0:
            self.mark(self.masks.outside_domain, zero)
        elif exponent < 1 and isinstance(x, Dual):
            # The whole may have a derivative even so, which the exact interpreter finds.
            self.mark(self.masks.undecided, zero)
        derivative = 0 if exponent != 1 else derivative_of(x)
        at_zero = Dual(Fraction(0), derivative, x.side) if isinstance(x, Dual) else Fraction(0)
        positive = self.replace_where(np.less_equal(signs, 0), x, outside=False)
        return self.select_by_sign(signs, (at_zero, at_zero, power(positive)))

    def call_on_arrays(self, function: Callable[..., Any], x: Value) -> Value:
        """Call a function, which needs arrays, with an array or a constant."""
        x = self.as_number(x)
        if np.ndim(value_of(x).hi):
            result: Value = function(without_cache(x))
            return result
        derivatives = x.parts[1:] if isinstance(x, Differential) else ()
        varies = any(not isinstance(part, int | Fraction) and np.ndim(part.hi) > 0 for part in derivatives)
        result = function(broadcast(x, self.indices.shape if varies else (1,)))
        if varies or isinstance(result, int | Fraction):
            return result
        first: Value = gather(result, 0)
        return first

    # --- activations of the catalogue --------------------------------------------------------------------------------

    def apply_formula(self, f: Callable[..., Any], x: Value, arguments: Arguments) -> Value:
        """Return a formula of the catalogue at x, with its parameters as numbers of the arithmetic."""
        converted = {name: self.as_argument(value) for name, value in arguments.items()}
        apply_to_array = super().apply_formula
        return self.call_on_arrays(lambda x: apply_to_array(f, x, converted), x)

    def as_number(self, value: Any) -> Any:
        """Return an exact number, or the exact value of a dual number, as a number of the arithmetic."""
        if isinstance(value, Differential):
            return value.with_parts((self.as_number(value.value), *value.parts[1:]), value.side)
        return super().as_number(value)

    def as_argument(self, value: Any) -> Any:
        """Return an exact parameter, and its derivative, as numbers of the arithmetic; others as they are."""
        if isinstance(value, Dual):
            return Dual(self.as_argument(value.value), self.as_argument(value.derivative), value.side)
        return self.m.number(value) if isinstance(value, Fraction) else value

    def call_entry(self, node: EntryCall) -> Value:
        """Return the value of an activation; for a one-sided derivative elements at its kinks are undecided."""
        result = super().call_entry(node)
        x = self.evaluate(node.arg) if node.entry.kinks and self.is_one_sided else None
        if isinstance(x, Dual):
            for at, _ in self.entry_kinks(node.entry, self.entry_arguments(node)):
                self.compare(x, at)
        return result

    @property
    def is_one_sided(self) -> bool:
        """Whether a one-sided derivative is computed."""
        x = self.bindings["x"]
        return bool(side_of(x))

    def entry_derivative(self, entry: Activation, x: Value, arguments: Arguments) -> Any:
        """Return the derivative of an activation at x; at its kinks the stated subgradient."""
        result: Any = self.smooth_derivative(entry, x, arguments)
        for at, subgradient in self.entry_kinks(entry, arguments):
            signs = self.decided_signs(x, at)
            if np.any(np.equal(signs, 0)):
                result = self.select_by_sign(signs, (result, subgradient, result))
        return result

    # --- powers ------------------------------------------------------------------------------------------------------

    def integer_power(self, base: Value, count: int) -> Value:
        """Return base**count."""
        if isinstance(base, Fraction):
            return super().integer_power(base, count)
        if count < 0:
            return self.divide(Fraction(1), self.integer_power(base, -count))
        return base**count

    def real_power(self, base: Value, known: Fraction | None, exponent: Value) -> Value:
        """Return base**exponent; elements with a negative base are outside the domain."""
        signs = self.decided_signs(base)
        base = self.replace_where(np.less(signs, 0), base)
        if not np.any(np.equal(signs, 0)):
            return self.power_of_positive(base, known, exponent)
        if known is None or known == 0 or isinstance(exponent, Differential):
            # Rare, with many cases: these elements go to the exact interpreter.
            self.mark(self.masks.undecided, np.equal(signs, 0))
            positive = self.replace_where(np.equal(signs, 0), base, outside=False)
            return self.power_of_positive(positive, known, exponent)
        return self.power_near_zero(base, signs, known, lambda base: self.power_of_positive(base, known, exponent))

    def power_of_positive(self, base: Value, known: Fraction | None, exponent: Value) -> Value:
        """Return base**exponent of a positive base, through sqrt if the exponent is a multiple of 1/2."""
        if isinstance(exponent, Differential) or known is None or known.denominator > 2 or abs(known) > MAX_EXPONENT:
            return self.elementary_on_arrays("exp", exponent * self.elementary_on_arrays("log", base))
        return self.integer_power(self.elementary_on_arrays("sqrt", base), known.numerator)


# --- results ---------------------------------------------------------------------------------------------------------


def evaluate_tree(run: ArrayInterpreter, tree: Node) -> Value:
    """Return the value of the tree, with nan outside the domain and an unbounded error where it is undecided."""
    result = run.evaluate(tree)
    masks = run.masks
    if not (masks.outside_domain.any() or masks.undecided.any()):
        return _with_positive_zeros(result)
    sample = next((value for value in (result, *run.bindings.values()) if isinstance(value, Differential)), None)
    if sample is None:
        return _masked(result, run)
    parts = result.parts if isinstance(result, Differential) else (result, *[0] * (len(sample.parts) - 1))
    masked: Value = sample.with_parts([_masked(part, run) for part in parts], sample.side)
    return masked


def _with_positive_zeros(x: Any) -> Any:
    """Return the number with +0.0 for -0.0: the sign of an exact 0 is decided elsewhere."""
    if isinstance(x, Differential):
        return x.with_parts([_with_positive_zeros(part) for part in x.parts], x.side)
    if isinstance(x, DoubleDouble):
        exact_float = None if x.exact_float is None else x.exact_float + 0.0
        return DoubleDouble(x.hi + 0.0, x.lo + 0.0, x.rel_err, x.abs_err, x.sign, exact_float)
    return x


def _masked(x: Any, run: ArrayInterpreter) -> Any:
    """Return the number with nan outside the domain and an unbounded error where it is undecided."""
    undecided = run.masks.undecided
    outside = run.masks.outside_domain & ~undecided
    x = run.m.number(x) if isinstance(x, int | Fraction) else x
    zero = np.zeros(outside.shape)
    if isinstance(x, DoubleDouble):
        abs_err = zero + (0.0 if x.abs_err is None else x.abs_err)
        hi = np.where(outside, np.nan, x.hi + 0.0)
        return DoubleDouble(hi, x.lo + zero, x.rel_err, np.where(undecided, _UNBOUNDED_ERROR, abs_err))
    if not isinstance(x, ScaledDD):
        raise Undecided
    hi, lo, rem_lo, rem_hi = (field + zero for field in (x.hi, x.lo, x.rem_lo, x.rem_hi))
    hi[outside], lo[outside], rem_lo[outside], rem_hi[outside] = np.nan, 0.0, 0.0, 0.0
    rem_lo[undecided], rem_hi[undecided] = -np.inf, np.inf
    return ScaledDD(hi, lo, np.where(outside, 0, x.exponent), rem_lo, rem_hi, x.denominator)
