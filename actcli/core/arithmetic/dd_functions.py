"""The fast reading: elementary functions of head-and-tail numbers, some 70 bits right, array at a time.

exp and log are table-driven (Tang, ACM TOMS 15 (1989) and 16 (1990); the accurate tables of CR-LIBM, Daramy-Loirat et
al., 2006): reduction to a small argument by an exact product, a table of heads and tails, a short polynomial whose
rounding stays below 2^-72. The others follow from them by algebra.

A function's argument must lie in the range where nothing under- or overflows; `Unsure` is raised otherwise, and the
caller turns to a reading that can go further. Constants of the tables are made by tests/support/make_tables/py.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.dd_gaussian import GaussianFunctions
from actcli.core.arithmetic.dd_maclaurin import maclaurin
from actcli.core.arithmetic.dd_trigonometric import TrigonometricFunctions
from actcli.core.arithmetic.double_double import ERR_OP, DoubleDouble, as_double_double, truncate26
from actcli.core.arithmetic.signals import Undecided
from actcli.core.arithmetic.tables import table
from actcli.error_free import two_sum

__all__ = ["DoubleDoubleArithmetic"]

_STEPS = 512
_PER_STEP = float.fromhex("0x1.71547652b82fep+9")  # 512 / ln 2
_STEP_1 = float.fromhex("0x1.62e42fefp-10")  # ln 2 / 512 in three parts: 33 bits,
_STEP_2 = float.fromhex("0x1.473de6afp-43")  # 33 bits, so that a step count times either is exact,
_STEP_3 = float.fromhex("0x1.3c7673007e5edp-78")  # and the rest
_EXP_LIMIT = 690.0
_EXP_FAR = -250.0
_EXP_ERROR = 2.0**-71
_CELLS = 512
_NEARER = 212
_LOG2_1 = float.fromhex("0x1.62e42fefa38p-1")  # ln 2 in two parts: 42 bits,
_LOG2_2 = float.fromhex("0x1.ef35793c76730p-45")  # and the rest
_LOG_ERROR = 2.0**-70


class DoubleDoubleArithmetic(GaussianFunctions, TrigonometricFunctions):
    """The functions of the fast reading."""

    def number(self, value: int | Fraction) -> DoubleDouble:
        return as_double_double(value)

    @property
    def pi(self) -> DoubleDouble:
        return _PI

    @property
    def e(self) -> DoubleDouble:
        return _E

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """The first case whose condition holds, element by element; the last case is what else there is.

        Each case is (condition, function of x); each function sees only the elements that are its own.
        """
        from actcli.core.arithmetic.piecewise import piecewise

        return piecewise(x, cases)

    # --- exponentials ------------------------------------------------------------------------------------------

    def exp(self, x: DoubleDouble) -> DoubleDouble:
        """e^x; far on the left, where it hardly counts beside anything, a bound stands for it."""
        return self._powers(x)[0]

    def expm1(self, x: DoubleDouble) -> DoubleDouble:
        """e^x - 1, with full relative accuracy at 0."""
        return self._powers(x, less_one=True)[1]

    def _powers(
        self, x: DoubleDouble, less_one: bool = False, least: float = _EXP_FAR
    ) -> tuple[DoubleDouble, DoubleDouble]:
        """e^x, and e^x - 1 if it is wanted; one below `least` is no more than a bound."""
        value = x.value
        if value.min(initial=0.0) >= least:
            return self._near_powers(x, less_one)
        far = value < least
        # Their smallest stands for all that are smaller, so that products with them do not underflow.
        head, tail = np.where(far, least, x.hi), np.where(far, 0.0, x.lo)
        powers = self._near_powers(DoubleDouble(head, tail, x.rel_err, x.abs_err), less_one)
        for power in powers:
            power.abs_err = np.where(far, np.exp(least + 1.0), 0.0 if power.abs_err is None else power.abs_err)
        return powers

    def _near_powers(self, x: DoubleDouble, less_one: bool) -> tuple[DoubleDouble, DoubleDouble]:
        value = x.value
        largest = _within(value, _EXP_LIMIT)
        steps = np.rint(value * _PER_STEP)
        first = x.hi - steps * _STEP_1
        second = x.lo - steps * _STEP_2
        rest = first + second
        head = truncate26(rest)
        tail = ((first - head) + second) - steps * _STEP_3
        square = rest * rest
        polynomial = square * (0.5 + rest * (1 / 6 + rest * (1 / 24 + rest * (1 / 120))))
        count = steps.astype(np.int64)
        heads, tails = table("powers")
        index = count & (_STEPS - 1)
        scale = (((count >> 9) + 1023) << 52).view(np.float64)
        power_head, power_tail = heads.take(index) * scale, tails.take(index) * scale
        product = power_head * head
        low = power_head * (tail + polynomial) + power_tail * (1.0 + (rest + polynomial))
        high = power_head + product
        error = _EXP_ERROR + largest * 2.0**-77
        grown = _grown(x)
        absolute = None if grown is None else high * grown
        power = DoubleDouble.from_sum(high, (product - (high - power_head)) + low, error, absolute, 1)
        if not less_one:
            return power, power
        base, lost = two_sum(power_head, -1.0)
        high, more = two_sum(base, product)
        own = error * (power_head * np.minimum(1.0, square * 2.0**21 + np.abs(steps)))
        return power, DoubleDouble.from_sum(
            high, (lost + more) + low, ERR_OP, own if absolute is None else own + absolute
        )

    def sigmoid(self, x: DoubleDouble) -> DoubleDouble:
        """1 / (1 + w) with w = e^-x."""
        w = self.exp(-x)
        result = (1 + w).reciprocal()
        x.cache = (w, result)
        return result

    def d_sigmoid(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """w / (1 + w)^2."""
        w, inverse = x.cache
        return (w * inverse) * inverse

    def cosigmoid(self, x: DoubleDouble) -> DoubleDouble:
        """1 - sigmoid(x), from what sigmoid(x) has made."""
        w, inverse = x.cache
        return w * inverse

    def tanh(self, x: DoubleDouble) -> DoubleDouble:
        """(1 - w) / (1 + w) with w = e^-2x."""
        w, less_one = self._powers(x * -2, less_one=True)
        inverse = (1 + w).reciprocal()
        x.cache = (w, inverse)
        return -less_one * inverse

    def d_tanh(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """4 w / (1 + w)^2."""
        w, inverse = x.cache
        return (w * inverse) * (inverse * 4)

    def tanh_softplus(self, x: DoubleDouble) -> DoubleDouble:
        """tanh(log(1 + e^x)) = n / (n + 2) with n = u (u + 2), u = e^x."""
        u = self.exp(x)
        n = u * (u + 2)
        inverse = (n + 2).reciprocal()
        x.cache = (u, inverse)
        return n * inverse

    def d_tanh_softplus(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """4 u (u + 1) / (n + 2)^2."""
        u, inverse = x.cache
        return (u * inverse) * ((u + 1) * inverse) * 4

    def sinh(self, x: DoubleDouble) -> DoubleDouble:
        """(e^x - e^-x) / 2 = (t + t / (t + 1)) / 2 with t = e^x - 1."""
        power, less_one = self._powers(x, less_one=True)
        return (less_one + less_one / power) / 2

    def cosh(self, x: DoubleDouble) -> DoubleDouble:
        """(e^x + e^-x) / 2."""
        power = self.exp(abs(x))
        return (power + power.reciprocal()) / 2

    # --- logarithms --------------------------------------------------------------------------------------------

    def log1p(self, x: DoubleDouble) -> DoubleDouble:
        """log(1 + x) for x > -1, with full relative accuracy at 0."""
        value = x.value
        if value.min(initial=0.0) >= -0.5 and value.max(initial=0.0) <= 1.0:
            return self._log1p(x)
        near = (value >= -0.5) & (value <= 1.0)
        result: DoubleDouble = self.piecewise(x, (near, self._log1p), lambda x: self.log(1 + x))
        return result

    def _log1p(self, x: DoubleDouble) -> DoubleDouble:
        value = x.value
        absolute = None if x.abs_err is None else _while_small(2.1 * x.abs_err)
        cs, heads, tails = table("log1p")
        # Left of 0 the cells of 2 (1 + x) serve, with twice their c.
        if x.sign > 0:
            index = np.rint(value * _CELLS).astype(np.int64)
        else:
            left = value < 0.0
            index = np.rint((value * (1.0 + left) + left) * _CELLS).astype(np.int64) + left * (_CELLS + 1)
        c = cs.take(index)
        # c * head has at most 26 + 12 bits, and c - 1 at most 12: the head of c (1 + x) - 1 is exact.
        small, cut = _short_sum(c - 1.0, c * x.hi, 0.0)
        relative = _LOG_ERROR + 2 * x.rel_err
        return self._log_near_one(small, cut + c * x.lo, heads.take(index), tails.take(index), relative, absolute)

    def log(self, x: DoubleDouble) -> DoubleDouble:
        """The natural logarithm of a positive x."""
        return self._log(x) if np.ndim(x.hi) else self._once("log", x)

    def _once(self, name: str, x: DoubleDouble) -> DoubleDouble:
        """The function called `name` of a constant: a formula has few, and asks for them in every block."""
        key = (name, float(x.hi), float(x.lo))
        if key not in _KNOWN:
            _KNOWN[key] = getattr(self, f"_{name}")(x)
        return _KNOWN[key]

    def _log(self, x: DoubleDouble) -> DoubleDouble:
        value = x.value
        if not np.all((value > 2.0**-1000) & (value < 2.0**1000)):
            raise Undecided
        bits = value.view(np.int64)
        exponent = (bits >> 52) - 1023
        scale = ((1023 - exponent) << 52).view(np.float64)
        cs, heads, tails = table("logarithms")
        index = np.rint((value * scale - 1.0) * _CELLS).astype(np.int64)
        c = cs.take(index) * scale
        small, cut = _short_sum(-1.0, c * x.hi, c * x.lo)
        count = (exponent + (index >= _NEARER)).astype(np.float64)
        # Of an argument with more digits than a float64 the product with c is rounded.
        absolute = 1.01 * x.rel_err + 2.0**-78 if x.exact_float is None else None
        if x.abs_err is not None:
            absolute = _while_small(1.01 * (x.error_bound() / value)) + 2.0**-78
        near = self._log_near_one(small, cut, heads.take(index), tails.take(index), _LOG_ERROR, absolute)
        whole = DoubleDouble.from_sum(count * _LOG2_1, count * _LOG2_2, 2.0**-90)
        return near + whole

    def _log_near_one(
        self, head: Any, tail: Any, base_head: Any, base_tail: Any, relative: float, absolute: Any
    ) -> DoubleDouble:
        """base + log(1 + r) for r = head + tail below 2^-9: r - r^2/2 + r^3/3 - ..."""
        r = head + tail
        square = head * head
        rest = (head + r) * tail
        higher = r * r * r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7)))))
        high = base_head + head
        low = head - (high - base_head)
        second = 0.5 * square
        total = high - second
        low = low + ((high - total) - second)
        low = low + (base_tail + (tail - 0.5 * rest + higher))
        return DoubleDouble.from_sum(total, low, relative, absolute)

    def softplus(self, x: DoubleDouble) -> DoubleDouble:
        """log(1 + e^x) = max(x, 0) + log1p(e^-|x|)."""
        power = self.exp(-abs(x))
        x.cache = power
        right = 0.5 + np.copysign(0.5, x.hi)
        return self.log1p(power) + DoubleDouble(x.hi * right, x.lo * right, x.rel_err, x.abs_err, 1)

    def d_softplus(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """sigmoid(x), from the e^-|x| that softplus has made."""
        w, right = x.cache, 0.5 + np.copysign(0.5, x.hi)
        left = 1.0 - right
        return DoubleDouble(right + left * w.hi, left * w.lo, w.rel_err, w.abs_err, 1) / (1 + w)

    def logcosh(self, x: DoubleDouble) -> DoubleDouble:
        """log cosh x = |x| - log 2 + log1p(e^-2|x|), near 0 by its series x^2/2 - x^4/12 + ..."""
        result: DoubleDouble = self.piecewise(x, (np.abs(x.value) < _SERIES, self._logcosh_near_zero), self._logcosh)
        return result

    def _logcosh(self, x: DoubleDouble) -> DoubleDouble:
        size = abs(x)
        return (size - _LOG_2) + self.log1p(self.exp(size * -2))

    def _logcosh_near_zero(self, x: DoubleDouble) -> DoubleDouble:
        square = x.square()
        return square * maclaurin("logcosh", square, _HALF, _TWELFTH)

    def tanhshrink(self, x: DoubleDouble) -> DoubleDouble:
        """x - tanh x, near 0 by its series x^3/3 - 2 x^5/15 + ..."""
        near = (np.abs(x.value) < _SERIES, self._tanhshrink_near_zero)
        result: DoubleDouble = self.piecewise(x, near, lambda x: x - self.tanh(x))
        return result

    def _tanhshrink_near_zero(self, x: DoubleDouble) -> DoubleDouble:
        square = x.square()
        return x * square * maclaurin("tanhshrink", square, _THIRD, _TWO_FIFTEENTHS)

    # --- algebra -----------------------------------------------------------------------------------------------

    def sqrt(self, x: DoubleDouble) -> DoubleDouble:
        """The square root of a positive x: one Newton step on the machine's."""
        return self._sqrt(x) if np.ndim(x.hi) else self._once("sqrt", x)

    def _sqrt(self, x: DoubleDouble) -> DoubleDouble:
        if np.any(x.value <= 0):
            raise Undecided
        root = np.sqrt(x.value)
        head = truncate26(root)
        remainder = (x.hi - head * head) + x.lo
        absolute = None if x.abs_err is None else x.abs_err / root
        return DoubleDouble.from_sum(head, remainder / (root + head), x.rel_err + 2.0**-75, absolute, 1)

    def abs(self, x: DoubleDouble) -> DoubleDouble:
        return abs(x)


def _within(value: Any, limit: float) -> float:
    """The largest size in `value`; Unsure beyond the limit."""
    largest = float(max(value.max(initial=0.0), -value.min(initial=0.0)))
    if not largest <= limit:
        raise Undecided
    return largest


def _grown(x: DoubleDouble) -> Any:
    """What the error of x, which must be small, makes of e^x: a bound relative to it; None if x is exact."""
    if x.rel_err == 0 and x.abs_err is None:
        return None
    error = x.error_bound()
    if np.any(error > 2.0**-10):
        raise Undecided
    return 1.01 * error


def _while_small(error: Any) -> Any:
    """A bound that holds for a small error of the argument alone: without bound where it is not small."""
    return np.where(error > 2.0**-6, np.inf, error)


def _short_sum(a: Any, b: Any, rest: Any) -> tuple[Any, Any]:
    """a + b + rest as a head of 26 bits and a tail, where a + b is exactly representable."""
    total = a + b
    head = truncate26(total + rest)
    return head, (total - head) + rest


_KNOWN: dict[tuple[str, float, float], DoubleDouble] = {}
_SERIES = 0.25
_HALF, _THIRD = DoubleDouble.from_rational(Fraction(1, 2)), DoubleDouble.from_rational(Fraction(1, 3))
_TWELFTH, _TWO_FIFTEENTHS = DoubleDouble.from_rational(Fraction(1, 12)), DoubleDouble.from_rational(Fraction(2, 15))
_LOG_2 = DoubleDouble.from_rational(Fraction("0.693147180559945309417232121458176568075500134360255254120680"))
_PI = DoubleDouble.from_rational(Fraction("3.14159265358979323846264338327950288419716939937510582097494"))
_E = DoubleDouble.from_rational(Fraction("2.71828182845904523536028747135266249775724709369995957496697"))
