"""The value of an expression, against the arithmetic that is handed to it, one number at a time.

Exact numbers are kept as Fractions as long as they are such: what is rational is worked out without any rounding, and
only a function makes numbers of the arithmetic of them. `arrays` does the same for arrays.

At ties see `names`. Of a one-sided reading (`side` of a dual number) a tie of a condition is decided just beside x, and
one of max, min and abs by which of the two grows faster on that side: where they grow alike, so do the results.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.catalogue.activation import Activation, evaluate_formula
from actcli.core.expressions.entry_parameters import parameters
from actcli.core.expressions.exact_constants import LARGEST, LARGEST_POWER, exact, power, rooted, size
from actcli.core.expressions.exact_trig import exactly
from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Choice,
    Compare,
    Constant,
    Entry,
    Logic,
    Name,
    Negative,
    Node,
    Not,
)

__all__ = ["Interpreter", "parameters"]

HALF = Fraction(1, 2)
_BESIDE = Fraction(1, 2**1200), Fraction(1, 2**1300)
"""How far beside x a tie is decided: less than from one float64 to the next."""
HOLDS = {
    "<": (-1,),
    "<=": (-1, 0),
    ">": (1,),
    ">=": (0, 1),
    "==": (0,),
    "!=": (-1, 1),
}
"""The signs of a - b for which each comparison holds."""


class Interpreter:
    """Values of trees at one number.

    m       the arithmetic, without dual numbers;  lifted  with them
    names   x and the parameters: numbers of m, Fractions, or dual numbers over either
    known   the parameters as exact numbers
    tied    whether the slope of an |0| has been taken for 0 on the way
    """

    def __init__(self, m: Any, names: Mapping[str, Any], known: Mapping[str, Fraction]) -> None:
        self.m = m
        self.lifted = DualArithmetic(m)
        self.names = names
        self.known = known
        self.tied = False

    def value(self, node: Node) -> Any:
        """What a part is that is a number."""
        match node:
            case Constant(value=value):
                return value
            case Name(name=name):
                return self.names[name] if name in self.names else getattr(self.m, name)
            case Negative(part=part):
                return -self.value(part)
            case Binary(sign="**", left=left, right=right):
                return self.held(self.power(self.value(left), right, left))
            case Binary(sign="-", left=left, right=right) if left == right:
                return self.value(left) * Fraction(0)
            case Binary(sign="/", left=left, right=right) if left == right:
                value = self.value(left)
                return self.quotient(value, value) * Fraction(0) + Fraction(1)
            case Binary(sign=sign, left=left, right=right):
                return self.held(self.operated(sign, self.value(left), self.value(right)))
            case Choice(condition=condition, one=one, other=other):
                return self.chosen(condition, one, other)
            case Entry(name="sin", arg=arg) | Call(name="cos" | "tan", args=(arg,)):
                found = self.circular(node.name, arg)
                return self.plain(node) if found is None else found
            case Entry() | Call():
                return self.plain(node)
        raise TypeError(node)

    def plain(self, node: Entry | Call) -> Any:
        """A function of its arguments' values."""
        if isinstance(node, Entry):
            return self.entry(node)
        args = node.args
        if node.name in ("max", "min"):
            # The first that are the same are one: what is not decided of them need not be.
            while len(args) > 1 and args[0] == args[1]:
                args = args[1:]
        values = [self.value(arg) for arg in args]
        if node.name == "sqrt" and self.is_flat(values[0], args[0]):
            return values[0]
        return self.called(node.name, values)

    def operated(self, sign: str, a: Any, b: Any) -> Any:
        if sign == "+":
            return a + b
        if sign == "-":
            return a - b
        return a * b if sign == "*" else self.quotient(a, b)

    def quotient(self, a: Any, b: Any) -> Any:
        try:
            return a / b
        except ZeroDivisionError:
            raise OutsideDomain("division by zero") from None

    def held(self, value: Any) -> Any:
        """`value`; a fraction that has grown too long as a number of the arithmetic."""
        if isinstance(value, Fraction) and size(value) > LARGEST:
            return self.m.number(value.numerator) / self.m.number(value.denominator)
        return value

    # --- conditions --------------------------------------------------------------------------------------------------

    def chosen(self, condition: Node, one: Node, other: Node) -> Any:
        return self.value(one if self.holds(condition) else other)

    def holds(self, node: Node) -> bool:
        """Whether a condition holds."""
        match node:
            case Not(part=part):
                return not self.holds(part)
            case Logic(sign="and", left=left, right=right):
                return self.holds(left) and self.holds(right)
            case Logic(left=left, right=right):
                return self.holds(left) or self.holds(right)
            case Compare(sign=sign, left=left, right=right):
                return self.compared(left, right) in HOLDS[sign]
        raise TypeError(node)

    def compared(self, left: Node, right: Node) -> int:
        """The sign of left - right, of a one-sided reading just beside x."""
        a, b = self.value(left), self.value(right)
        if left == right:
            return 0
        order = self.order(value_of(a), value_of(b))
        x = self.names["x"]
        if order or not side_of(x) or not (isinstance(a, Dual) or isinstance(b, Dual)):
            return order
        beside = [Interpreter(self.m, {**self.names, "x": x.value + x.side * step}, self.known) for step in _BESIDE]
        found = {there.order(there.value(left), there.value(right)) for there in beside}
        if len(found) > 1:
            raise Undecided("a condition beside x")
        return found.pop()

    def order(self, a: Any, b: Any) -> int:
        """The sign of a - b."""
        u, v = value_of(a), value_of(b)
        side = side_of(a) or side_of(b)
        if u != v or not side:
            return (u > v) - (u < v)
        growth = slope_of(a) - slope_of(b)
        return int(side * ((growth > 0) - (growth < 0)))

    # --- functions ---------------------------------------------------------------------------------------------------

    def called(self, name: str, args: list[Any]) -> Any:
        if name in ("max", "min"):
            result = args[0]
            for arg in args[1:]:
                result = self.extreme(1 if name == "max" else -1, result, arg)
            return result
        if name == "clip":
            # Above the upper bound that bound, even if the lower one is larger, as in PyTorch and NumPy.
            low = self.among(self.order(args[0], args[1]), (args[1], args[0], args[0]))
            return self.among(self.order(low, args[2]), (low, low, args[2]))
        if name == "abs":
            return self.size(args[0])
        return self.applied(name, args[0])

    def extreme(self, sign: int, a: Any, b: Any) -> Any:
        """The larger (sign 1) or smaller of two, at a tie with the mean of their slopes."""
        order = self.order(a, b)
        return self.among(sign * order, (b, self.middle(a, b), a))

    def middle(self, a: Any, b: Any) -> Any:
        if not (isinstance(a, Dual) or isinstance(b, Dual)):
            return a
        return Dual(value_of(a), (slope_of(a) + slope_of(b)) * HALF, side_of(a) or side_of(b))

    def size(self, x: Any) -> Any:
        level = Dual(value_of(x), 0, side_of(x)) if isinstance(x, Dual) else x
        order = self.order(x, 0)
        self.tie(x, order)
        return self.among(order, (-x, level, x))

    def tie(self, x: Any, order: Any) -> None:
        """Remember that |x| has a kink here, save of a one-sided reading."""
        self.tied |= order == 0 and isinstance(x, Dual) and not x.side

    def among(self, order: Any, choices: tuple[Any, Any, Any]) -> Any:
        """The one of three that belongs to the sign -1, 0 or 1."""
        return choices[order + 1]

    def applied(self, name: str, x: Any) -> Any:
        """An elementary function."""
        return getattr(self.lifted, name)(x)

    def is_flat(self, value: Any, node: Node) -> bool:
        """Whether a part is 0, and exactly that beside x too, so that a root of it is as well."""
        x = self.names["x"]
        if not (isinstance(value, Dual) and isinstance(x, Dual)) or not _is_nothing(value.value):
            return False
        if not _is_nothing(value.derivative):
            return False
        places = [x.value + side * step for side in ((x.side,) if x.side else (-1, 1)) for step in _BESIDE]
        return all(_is_nothing(Interpreter(self.m, {**self.names, "x": at}, self.known).value(node)) for at in places)

    def circular(self, name: str, arg: Node) -> Any:
        """Sine, cosine or tangent of a rational multiple of pi; None if it has to be worked out."""
        turns = self.turns(arg)
        at = value_of(turns)
        if not isinstance(at, Fraction):
            return None
        value = exactly(name, at)
        if not isinstance(turns, Dual):
            return value
        slope = exactly("cos", at) if name == "sin" else exactly("sin", at) if name == "cos" else value and 1 + value**2
        if value is None and slope is None:
            return None
        result = self.applied(name, Dual(self.m.pi * at, 1))
        rate = result.derivative if slope is None else -slope if name == "cos" else slope
        moved = rate * self.m.pi * turns.derivative if rate else Fraction(0)
        return Dual(result.value if value is None else value, moved, turns.side)

    def turns(self, node: Node) -> Any:
        """How many times pi a part is, if that is seen, else None."""
        match node:
            case Name(name="pi"):
                return Fraction(1)
            case Negative(part=part):
                inner = self.turns(part)
                return None if inner is None else -inner
            case Binary(sign="*" | "/" as sign, left=left, right=right):
                for one, other in ((left, right), (right, left)) if sign == "*" else ((left, right),):
                    turns = self.turns(one)
                    if turns is not None:
                        return self.operated(sign, turns, self.value(other))
            case Binary(sign="+" | "-" as sign, left=left, right=right):
                a, b = self.turns(left), self.turns(right)
                return None if a is None or b is None else self.operated(sign, a, b)
        return None

    # --- activations -------------------------------------------------------------------------------------------------

    def entry(self, node: Entry) -> Any:
        """An activation of the catalogue; the slope at its kinks is the one that it gives there."""
        entry, x = node.entry, self.value(node.arg)
        params = self.parameters(node)
        moving = any(isinstance(value, Dual) for value in params.values())
        if moving or (isinstance(x, Dual) and x.side and entry.kinks):
            return self.composed(entry.f, x, params)
        if not isinstance(x, Dual):
            return self.composed(entry.f, x, params)
        value = self.composed(entry.f, x.value, params)
        if isinstance(x.derivative, int) and x.derivative == 0:
            return Dual(value, 0, x.side)
        return Dual(value, self.inner(entry, x.value, params) * x.derivative, x.side)

    def composed(self, f: Any, x: Any, params: Mapping[str, Any]) -> Any:
        """A formula of the catalogue at x; what is constant there is an exact number."""
        dual = isinstance(x, Dual) or any(isinstance(value, Dual) for value in params.values())
        result = f(self.lifted if dual else self.m, x, **params)
        return Fraction(result) if isinstance(result, int) else result

    def inner(self, entry: Activation, x: Any, params: Mapping[str, Any]) -> Any:
        """The slope of an activation at x."""
        for at, slope in self.kinks(entry, params):
            if self.order(x, at) == 0:
                return slope
        return self.smooth(entry, x, params)

    def smooth(self, entry: Activation, x: Any, params: Mapping[str, Any]) -> Any:
        if entry.df is not None:
            return self.composed(entry.df, x, params)
        result = self.composed(entry.f, Dual(x, 1), params)
        return result.derivative if isinstance(result, Dual) else 0

    def kinks(self, entry: Activation, params: Mapping[str, Any]) -> list[tuple[Any, Any]]:
        """The places of an activation's kinks and the slopes there, for these parameters."""
        known = {name: value for name, value in params.items() if value is not None}
        found = []
        for kink in () if entry.is_overridden(params) else entry.kinks:
            try:
                found.append((evaluate_formula(kink.at, known), evaluate_formula(kink.subgradient or "", known)))
            except ValueError:
                # Of a parameter that is none.
                continue
        return found

    def parameters(self, node: Entry) -> dict[str, Any]:
        """What f takes: exact numbers, or duals where the slope is by one of the expression's own parameters."""
        return parameters(node, self.known, self.names)

    # --- powers ------------------------------------------------------------------------------------------------------

    def power(self, base: Any, exponent: Node, node: Node) -> Any:
        """base**exponent: any base, the value of `node`, to a whole number that is constant, else one from 0 on."""
        known = exact(exponent, self.known)
        by = self.value(exponent)
        whole = known is not None and known.denominator == 1 and abs(known) <= LARGEST_POWER
        if whole and not isinstance(by, Dual):
            return self.whole_power(base, int(known or 0))
        if known is not None and known > 0 and self.is_flat(base, node):
            return base
        return self.positive_power(base, known, by)

    def positive_power(self, base: Any, known: Fraction | None, by: Any) -> Any:
        order = self.order(value_of(base), 0)
        if order < 0:
            raise OutsideDomain("a power of a negative number")
        if order == 0 and self.order(base, 0) < 0:
            raise OutsideDomain("a power of a negative number beside x")
        if order == 0:
            return self.of_zero(base, by)
        if isinstance(by, Dual) or known is None or known.denominator > 2 or abs(known) > LARGEST_POWER:
            return self.exponential(base, by)
        return self.whole_power(self.applied("sqrt", base), known.numerator)

    def exponential(self, base: Any, by: Any) -> Any:
        """base**by of a positive base, whose value is exact where there is such a number."""
        exponent = by * self.applied("log", base)
        u, v = value_of(base), value_of(by)
        value = rooted(u, v) if isinstance(u, Fraction) and isinstance(v, Fraction) else None
        if value is None:
            return self.applied("exp", exponent)
        return Dual(value, exponent.derivative * value, exponent.side) if isinstance(exponent, Dual) else value

    def a_number(self, value: Any) -> Any:
        return self.m.number(value) if isinstance(value, int | Fraction) else value

    def whole_power(self, base: Any, count: int) -> Any:
        if isinstance(base, Fraction):
            result = power(base, Fraction(count))
            if result is not None:
                return result
            base = self.a_number(base)
        if count < 0:
            return self.quotient(Fraction(1), self.whole_power(base, -count))
        if isinstance(base, Dual) and isinstance(base.value, Fraction) and count:
            # As long as they are, powers of fractions are not spelled out.
            value, slope = self.whole_power(base.value, count), self.whole_power(base.value, count - 1)
            return Dual(value, slope * count * base.derivative, base.side)
        return base**count

    def of_zero(self, base: Any, exponent: Any) -> Any:
        """0**exponent; the slope of a power above 1 is 0, of one below there is none."""
        v = value_of(exponent)
        if self.order(v, 0) <= 0:
            if isinstance(v, int | Fraction) and v == 0:
                return Fraction(1)
            raise OutsideDomain("0 to a negative power")
        if not isinstance(base, Dual):
            return Fraction(0)
        if self.order(v, 1) < 0:
            raise OutsideDomain("the slope of a power below 1 at 0")
        return Dual(Fraction(0), base.derivative if self.order(v, 1) == 0 else 0, base.side)


def _is_nothing(x: Any) -> bool:
    """Whether a number is known to be 0 and nothing else."""
    return isinstance(x, int | Fraction) and x == 0


def side_of(x: Any) -> int:
    return x.side if isinstance(x, Dual) else 0


def slope_of(x: Any) -> Any:
    return x.derivative if isinstance(x, Dual) else 0
