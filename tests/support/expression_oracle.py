"""Reference values of expressions and their derivatives, from Python's own parser and mpmath.

Nothing is taken from actcli: `ast` parses the text, and values and derivatives are computed together (forward-mode
differentiation) at two precisions. Where the two do not round alike, UndecidedTruthError is raised.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mp, mpf

from tests.support.oracle import FORMATS, nearest

__all__ = ["SMOOTH", "Evaluator", "Pair", "UndecidedTruthError", "UndefinedError", "truth"]

_DIGITS = (150, 400)
"""The two working precisions, in decimal digits."""

_MAX_EXPONENT = 10**6
"""The largest |v| for which e^v is computed."""


class UndefinedError(ArithmeticError):
    """A point without a value, or without a derivative."""


class UndecidedTruthError(ArithmeticError):
    """A value that this oracle cannot determine."""


@dataclass
class Pair:
    """A value and its derivative, and whether it depends on x."""

    value: Any
    derivative: Any
    depends: bool = True


def _exp(v: Any) -> Any:
    if abs(v) > _MAX_EXPONENT:
        raise UndecidedTruthError("a huge power")
    return mpmath.exp(v)


def _positive(v: Any) -> Any:
    if v <= 0:
        raise UndefinedError("not positive")
    return v


def _log1p(v: Any) -> Any:
    _positive(1 + v)
    return mpmath.log1p(v)


def _sqrt(v: Any) -> Any:
    if v < 0:
        raise UndefinedError("the root of a negative number")
    return mpmath.sqrt(v)


def _sigmoid(v: Any) -> Any:
    return 1 / (1 + _exp(-_unsaturated(v, 300)))


def _unsaturated(v: Any, limit: int) -> Any:
    """Return v if 400 digits distinguish a saturating function from its limit there."""
    if abs(v) > limit:
        raise UndecidedTruthError("a limit")
    return v


def _tanh(v: Any) -> Any:
    return mpmath.tanh(_unsaturated(v, 100))


def _derivative_of_erf(v: Any) -> Any:
    return 2 / mpmath.sqrt(mp.pi) * _exp(-v * v)


def _normal_density(v: Any) -> Any:
    return _exp(-v * v / 2) / mpmath.sqrt(2 * mp.pi)


def _reciprocal(v: Any) -> Any:
    if v == 0:
        raise UndefinedError("division by zero")
    return 1 / v


SMOOTH: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "exp": (_exp, _exp),
    "expm1": (lambda v: mpmath.expm1(v) if _exp(v) else v, _exp),
    "log": (lambda v: mpmath.log(_positive(v)), _reciprocal),
    "log1p": (_log1p, lambda v: _reciprocal(1 + v)),
    "sqrt": (_sqrt, lambda v: _reciprocal(2 * mpmath.sqrt(v))),
    "sin": (mpmath.sin, mpmath.cos),
    "cos": (mpmath.cos, lambda v: -mpmath.sin(v)),
    "tan": (mpmath.tan, lambda v: 1 + mpmath.tan(v) ** 2),
    "sinh": (lambda v: (_exp(v) - _exp(-v)) / 2, lambda v: (_exp(v) + _exp(-v)) / 2),
    "cosh": (lambda v: (_exp(v) + _exp(-v)) / 2, lambda v: (_exp(v) - _exp(-v)) / 2),
    "tanh": (_tanh, lambda v: 1 - _tanh(v) ** 2),
    "asinh": (mpmath.asinh, lambda v: 1 / mpmath.sqrt(1 + v * v)),
    "atan": (mpmath.atan, lambda v: 1 / (1 + v * v)),
    "erf": (lambda v: mpmath.erf(_unsaturated(v, 10)), _derivative_of_erf),
    "erfc": (mpmath.erfc, lambda v: -_derivative_of_erf(v)),
    "sigmoid": (_sigmoid, lambda v: _sigmoid(v) * (1 - _sigmoid(v))),
    "softplus": (lambda v: mpmath.log(1 + _exp(v)), _sigmoid),
    "gelu": (lambda v: v * mpmath.ncdf(_unsaturated(v, 15)), lambda v: mpmath.ncdf(v) + v * _normal_density(v)),
    "relu": (lambda v: v if v > 0 else v * 0, lambda v: mpf(1 if v > 0 else 0)),
}
"""Functions with their derivatives, by name."""


class Evaluator:
    """An evaluator of Python's syntax trees at one x."""

    def __init__(self, x: Fraction, params: Mapping[str, Fraction]) -> None:
        self.names = {name: Pair(_mpf(value), mpf(0), False) for name, value in params.items()}
        self.names |= {"x": Pair(_mpf(x), mpf(1)), "pi": Pair(+mp.pi, mpf(0), False), "e": Pair(+mp.e, mpf(0), False)}

    def number(self, node: ast.AST) -> Pair:
        match node:
            case ast.Constant(value=value):
                return Pair(_mpf(Fraction(str(value))), mpf(0), False)
            case ast.Name(id=name):
                return self.names[name]
            case ast.UnaryOp(op=op, operand=operand):
                a = self.number(operand)
                return Pair(-a.value, -a.derivative, a.depends) if isinstance(op, ast.USub) else a
            case ast.BinOp(left=left, op=op, right=right):
                a, b = self.number(left), self.number(right)
                result = _apply_operator(op, a, b, right)
                return Pair(result.value, result.derivative, a.depends or b.depends)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.number(body if self.holds(test) else orelse)
            case ast.Call(func=ast.Name(id="where"), args=[test, body, orelse]):
                return self.number(body if self.holds(test) else orelse)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, [self.number(arg) for arg in args])
        raise AssertionError(ast.dump(node))

    def holds(self, node: ast.AST) -> bool:
        match node:
            case ast.UnaryOp(operand=operand):
                return not self.holds(operand)
            case ast.BoolOp(op=ast.And(), values=values):
                return all(self.holds(value) for value in values)
            case ast.BoolOp(values=values):
                return any(self.holds(value) for value in values)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                parts = [left, *comparators]
                return all(self._compared(op, a, b) for op, a, b in zip(ops, parts[:-1], parts[1:], strict=True))
        raise AssertionError(ast.dump(node))

    def _compared(self, op: ast.cmpop, left: ast.AST, right: ast.AST) -> bool:
        sign = self.sign(self.number(left).value - self.number(right).value, self.number(left).value)
        holding = {ast.Lt: (-1,), ast.LtE: (-1, 0), ast.Gt: (1,), ast.GtE: (0, 1), ast.Eq: (0,), ast.NotEq: (-1, 1)}
        return sign in holding[type(op)]

    def sign(self, difference: Any, size: Any) -> int:
        """Return the sign of a difference of two numbers of this size; UndecidedTruthError if it may be noise."""
        if difference != 0 and abs(difference) < abs(size) * mpf(10) ** (20 - mp.dps):
            raise UndecidedTruthError("a sign")
        return int(difference > 0) - int(difference < 0)

    def call(self, name: str, args: list[Pair]) -> Pair:
        if name in ("max", "min"):
            result = args[0]
            for arg in args[1:]:
                sign = self.sign(result.value - arg.value, result.value) * (1 if name == "max" else -1)
                mean = Pair(result.value, (result.derivative + arg.derivative) / 2)
                result = mean if sign == 0 else result if sign > 0 else arg
            return result
        (a,) = args
        if name == "abs":
            return self.absolute(a)
        if name == "sign":
            return Pair(mpf((a.value > 0) - (a.value < 0)), mpf(0))
        function, rule = SMOOTH[name]
        value = function(a.value)
        if a.derivative == 0 and not a.depends:
            return Pair(value, mpf(0), False)
        if name == "sqrt" and a.value == 0 and a.derivative == 0:
            raise UndecidedTruthError("a root of a part that may be identically 0")
        try:
            return Pair(value, rule(a.value) * a.derivative)
        except UndefinedError:
            return Pair(value, mp.nan)

    def absolute(self, a: Pair) -> Pair:
        if a.value == 0:
            raise UndecidedTruthError("a kink")
        return a if a.value > 0 else Pair(-a.value, -a.derivative)


def _mpf(value: Fraction) -> Any:
    return mpf(value.numerator) / value.denominator


def _apply_operator(op: ast.operator, a: Pair, b: Pair, exponent: ast.AST) -> Pair:
    match op:
        case ast.Add():
            return Pair(a.value + b.value, a.derivative + b.derivative)
        case ast.Sub():
            return Pair(a.value - b.value, a.derivative - b.derivative)
        case ast.Mult():
            return Pair(a.value * b.value, a.derivative * b.value + a.value * b.derivative)
        case ast.Div():
            if b.value == 0:
                raise UndefinedError("division by zero")
            return Pair(a.value / b.value, (a.derivative - a.value / b.value * b.derivative) / b.value)
    assert isinstance(op, ast.Pow)
    constant = not any(isinstance(part, ast.Name) and part.id == "x" for part in ast.walk(exponent))
    if constant and b.value == int(b.value):
        n = int(b.value)
        if a.value == 0 and n < 0:
            raise UndefinedError("division by zero")
        derivative = n * a.value ** (n - 1) * a.derivative if n and (a.value != 0 or n > 0) else mpf(0)
        return Pair(a.value**n, derivative)
    if a.value == 0:
        raise UndecidedTruthError("a power of zero")
    log_derivative = b.derivative * mpmath.log(_positive(a.value)) + b.value * a.derivative / a.value
    power = _exp(b.value * mpmath.log(a.value))
    return Pair(power, power * log_derivative)


def _at(tree: ast.AST, x: Fraction, params: Mapping[str, Fraction], digits: int, order: int) -> Fraction:
    with mp.workdps(digits):
        pair = Evaluator(x, params).number(tree)
        result = pair.derivative if order else pair.value
        if mpmath.isnan(result):
            raise UndefinedError("no derivative")
        if not mpmath.isfinite(result) or (result and abs(mpmath.mag(result)) > 10**7):
            raise UndecidedTruthError("a size")
        return Fraction(*mpmath.libmp.to_rational(result._mpf_))


def truth(
    text: str, x: float, order: int = 0, params: Mapping[str, Fraction] | None = None, fmt: str = "float64"
) -> float:
    """Return the value (order 0) or derivative of an expression at x, rounded once; nan where it is undefined.

    Raises UndecidedTruthError where the two precisions do not agree.
    """
    tree = ast.parse(text.strip(), mode="eval").body
    try:
        low, high = (_at(tree, Fraction(x), params or {}, digits, order) for digits in _DIGITS)
    except UndefinedError:
        return math.nan
    slack = abs(high) / 10**100
    ends = {nearest(end, FORMATS[fmt]) for end in (low - slack, low + slack, high - slack, high + slack)}
    if len(ends) > 1 or low * high < 0 or (high == 0) != (low == 0):
        raise UndecidedTruthError("a rounding")
    return ends.pop()
