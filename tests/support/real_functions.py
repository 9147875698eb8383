"""The functions that an activation's formula can name, of the oracle's real numbers, computed by mpmath.

Where a function is close to a simple number, as e^x to 1 for a small x, that number becomes the exact part. The tail is
then computed without cancellation. Nothing here is imported from actcli.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

from mpmath import libmp
from mpmath.libmp import fone, ftwo, fzero, mpf_add, mpf_div, mpf_mul, mpf_neg, mpf_shift, mpf_sub

from tests.support.reals import (
    ONE,
    STATE,
    ZERO,
    OutsideDomain,
    Raw,
    Real,
    Unknown,
    fraction,
    inexact,
    magnitude,
    precision,
    raw,
    real,
)

__all__ = ["functions", "power_of"]

_HUGE_BITS = 2200
"""For |x| >= 2^_HUGE_BITS, e^x is represented by a power of another base, so large that it exceeds other numbers."""


# --- exponentials and logarithms -----------------------------------------------------------------------------------


def _exponent(x: Real) -> Raw:
    """Return x as an argument of exp, with as many extra bits as its size costs; raise Unknown if it lacks them."""
    v = x.value
    size = magnitude(v)
    if size <= 8 or size > _HUGE_BITS:
        return v
    if x.tail is None:
        return libmp.from_rational(x.exact.numerator, x.exact.denominator, STATE.bits + size)
    if size > STATE.bits - 40 and v[3] < size + STATE.bits - 40:
        raise Unknown("the size of an exponential")
    return v


def _exp(v: Raw) -> Raw:
    if magnitude(v) <= _HUGE_BITS:
        return libmp.mpf_exp(v, STATE.bits)
    # (2^2^(65536 + bits))^v: the base depends on the precision, so that two precisions differ wherever it matters.
    power = v[1] << (v[2] + (1 << 16) + STATE.bits) if magnitude(v) < 1 << 16 else 1 << (1 << 18) + STATE.bits
    return (0, 1, -power if v[0] else power, 1)


def _series(v: Raw, next_factor: Callable[[int], tuple[int, int]]) -> Raw:
    """Return a sum whose first term is v, each next term being the previous one times v and a rational factor."""
    total = term = v
    for n in range(2, 10_000):
        top, bottom = next_factor(n)
        term = mpf_div(mpf_mul(mpf_mul(term, v), libmp.from_int(top), STATE.bits), libmp.from_int(bottom), STATE.bits)
        total = mpf_add(total, term, STATE.bits)
        if magnitude(term) < magnitude(total) - STATE.bits - 4:
            break
    return total


def _expm1(v: Raw) -> Raw:
    if v != fzero and magnitude(v) < -20:
        return _series(v, lambda n: (1, n))
    if magnitude(v) > _HUGE_BITS:
        return mpf_sub(_exp(v), fone, STATE.bits)
    return mpf_sub(libmp.mpf_exp(v, STATE.bits + 30), fone, STATE.bits)


def _log1p(v: Raw) -> Raw:
    if v == fzero:
        return v
    if magnitude(v) < -20:
        return _series(v, lambda n: (1 - n, n))
    total = mpf_add(fone, v, 2 * STATE.bits + 60)
    if total[0] or total == fzero:
        raise OutsideDomain("log1p")
    return libmp.mpf_log(total, STATE.bits)


def exp(x: Any) -> Real:
    x = real(x)
    if x.is_zero:
        return ONE
    v = _exponent(x)
    return Real(Fraction(1), _expm1(v)) if magnitude(v) < -8 else inexact(_exp(v))


def expm1(x: Any) -> Real:
    return exp(x) + -ONE


def log(x: Any) -> Real:
    x = real(x)
    if x.sign() <= 0:
        raise OutsideDomain("log")
    if x.tail is None and x.exact == 1:
        return Real(ZERO, None)
    if x.tail is None and abs(x.exact - 1) < Fraction(1, 2):
        return inexact(_log1p(raw(x.exact - 1)))
    if x.tail is not None and x.exact == 1 and magnitude(x.tail) < STATE.bits:
        return inexact(_log1p(x.tail))
    # The relative error of x becomes an absolute one: a large logarithm is known to more bits.
    return inexact(libmp.mpf_log(x.value, STATE.bits + min(_HUGE_BITS, magnitude(x.value).bit_length())))


def log1p(x: Any) -> Real:
    return log(1 + real(x))


def sqrt(x: Any) -> Real:
    """Return s + (x - s^2)/(s + sqrt x), where s is the root of the exact part at the current precision."""
    x = real(x)
    if x.is_zero:
        return real(0)
    if x.sign() < 0:
        raise OutsideDomain("sqrt")
    if not x.perturbed:
        return inexact(libmp.mpf_sqrt(x.value, STATE.bits))
    root = libmp.mpf_sqrt(raw(x.exact), STATE.bits)
    exact_root = fraction(root)
    residual = x.exact - exact_root * exact_root
    if x.tail is None and not residual:
        return Real(exact_root, None)
    tail = mpf_add(raw(residual), x.tail or fzero, STATE.bits)
    return Real(exact_root, mpf_div(tail, mpf_add(root, libmp.mpf_sqrt(x.value, STATE.bits), STATE.bits), STATE.bits))


def power_of(x: Real, power: Real) -> Real:
    if power.tail is None and power.exact == Fraction(1, 2):
        return sqrt(x)
    if x.is_zero and power.sign() > 0:
        return x
    return exp(power * log(x))


# --- odd functions whose series starts with x ------------------------------------------------------------------------


def _argument_plus_tail(function: Callable[..., Raw], *series: Fraction) -> Callable[[Any], Real]:
    """Return f as x + (f(x) - x) for |x| < 1, with the terms of x^3, x^5 and x^7 if the others are negligible."""

    def evaluated(argument: Any) -> Real:
        x = real(argument)
        if x.is_zero:
            return x
        v = x.value
        size = magnitude(v)
        if x.tail is not None or size >= 0:
            return inexact(function(v, STATE.bits))
        if -6 * size > STATE.bits + 20:
            square = mpf_mul(v, v, STATE.bits)
            total = raw(series[2])
            for term in (series[1], series[0]):
                total = mpf_add(raw(term), mpf_mul(square, total, STATE.bits), STATE.bits)
            return Real(x.exact, mpf_mul(mpf_mul(v, square, STATE.bits), total, STATE.bits))
        bits = STATE.bits - 3 * size + 10
        argument = libmp.from_rational(x.exact.numerator, x.exact.denominator, bits)
        return Real(x.exact, mpf_sub(function(argument, bits), argument, STATE.bits))

    return evaluated


sin = _argument_plus_tail(libmp.mpf_sin, Fraction(-1, 6), Fraction(1, 120), Fraction(-1, 5040))
atan = _argument_plus_tail(libmp.mpf_atan, Fraction(-1, 3), Fraction(1, 5), Fraction(-1, 7))
tan = _argument_plus_tail(libmp.mpf_tan, Fraction(1, 3), Fraction(2, 15), Fraction(17, 315))
asinh = _argument_plus_tail(libmp.mpf_asinh, Fraction(-1, 6), Fraction(3, 40), Fraction(-15, 336))
_sinh_below_1 = _argument_plus_tail(libmp.mpf_sinh, Fraction(1, 6), Fraction(1, 120), Fraction(1, 5040))
_tanh_below_1 = _argument_plus_tail(libmp.mpf_tanh, Fraction(-1, 3), Fraction(2, 15), Fraction(-17, 315))


def sinh(x: Any) -> Real:
    x = real(x)
    if x.is_zero or magnitude(x.value) <= 0:
        return _sinh_below_1(x)
    return (exp(x) - exp(-x)) / 2


def cosh(x: Any) -> Real:
    """Return cosh x; near 0 as 1 + 2 sinh(x/2)^2."""
    x = real(x)
    if x.is_zero:
        return ONE
    if magnitude(x.value) > -4:
        return (exp(x) + exp(-x)) / 2
    return Real(
        Fraction(1), mpf_shift(libmp.mpf_pow_int(libmp.mpf_sinh(mpf_shift(x.value, -1), STATE.bits), 2, STATE.bits), 1)
    )


def cos(x: Any) -> Real:
    """Return cos x; near 0 as 1 - 2 sin(x/2)^2."""
    x = real(x)
    if x.is_zero:
        return ONE
    if magnitude(x.value) > -4:
        return inexact(libmp.mpf_cos(x.value, STATE.bits))
    square = libmp.mpf_pow_int(libmp.mpf_sin(mpf_shift(x.value, -1), STATE.bits), 2, STATE.bits)
    return Real(Fraction(1), mpf_neg(mpf_shift(square, 1)))


def tanh(x: Any) -> Real:
    """Return tanh x; above 1 as 1 - 2/(e^2x + 1)."""
    x = real(x)
    if x.is_zero or magnitude(x.value) <= 0:
        return _tanh_below_1(x)
    if x.sign() < 0:
        return -tanh(-x)
    power = _exp(mpf_shift(_exponent(x), 1))
    return Real(Fraction(1), mpf_neg(mpf_div(ftwo, mpf_add(power, fone, STATE.bits), STATE.bits)))


# --- functions between two limits ------------------------------------------------------------------------------------


def sigmoid(x: Any) -> Real:
    x = real(x)
    if x.is_zero:
        return Real(Fraction(1, 2), None)
    v = _exponent(x)
    if magnitude(v) < -4:
        return Real(Fraction(1, 2), mpf_shift(libmp.mpf_tanh(mpf_shift(v, -1), STATE.bits), -1))
    power = _exp(libmp.mpf_abs(v))
    distance = mpf_div(fone, mpf_add(fone, power, STATE.bits), STATE.bits)
    return inexact(distance) if v[0] else Real(Fraction(1), mpf_neg(distance))


def softplus(x: Any) -> Real:
    x = real(x)
    v = _exponent(x)
    excess = _log1p(_exp(v if v[0] else mpf_neg(v)))
    return inexact(excess) if v[0] else x + inexact(excess)


def _gauss_tail(x: Real, square: Real, scale: Raw) -> Raw:
    """Return erfc(|x|/sqrt(scale)) for square = x^2/scale; beyond 2^40 by its asymptotic expansion."""
    size = magnitude(x.value)
    if size <= 40:
        bits = STATE.bits + 2 * max(size, 0) + 20
        with precision(bits):
            v = mpf_div(libmp.mpf_abs(x.value), libmp.mpf_sqrt(scale, bits), bits)
        return libmp.mpf_erfc(v, STATE.bits)
    v = mpf_div(libmp.mpf_abs(x.value), libmp.mpf_sqrt(scale, STATE.bits), STATE.bits)
    power = _exp(_exponent(-square))
    scaled = mpf_div(power, mpf_mul(v, libmp.mpf_sqrt(libmp.mpf_pi(STATE.bits), STATE.bits), STATE.bits), STATE.bits)
    total = term = fone
    for n in range(1, 2 + STATE.bits // 80):
        term = mpf_div(mpf_mul(term, libmp.from_int(1 - 2 * n), STATE.bits), mpf_shift(square.value, 1), STATE.bits)
        total = mpf_add(total, term, STATE.bits)
    return mpf_mul(scaled, total, STATE.bits)


def erf(x: Any) -> Real:
    x = real(x)
    if x.is_zero:
        return real(0)
    if magnitude(x.value) <= 0:
        return inexact(libmp.mpf_erf(x.value, STATE.bits))
    return -erf(-x) if x.sign() < 0 else Real(Fraction(1), mpf_neg(_gauss_tail(x, x * x, fone)))


def erfc(x: Any) -> Real:
    x = real(x)
    return inexact(_gauss_tail(x, x * x, fone)) if x.sign() > 0 else ONE + -erf(x)


def ndtr(x: Any) -> Real:
    x = real(x)
    if x.is_zero:
        return Real(Fraction(1, 2), None)
    if magnitude(x.value) < -4:
        v = mpf_div(x.value, libmp.mpf_sqrt(ftwo, STATE.bits + 10), STATE.bits)
        return Real(Fraction(1, 2), mpf_shift(libmp.mpf_erf(v, STATE.bits), -1))
    tail = mpf_shift(_gauss_tail(x, x * x / 2, ftwo), -1)
    return inexact(tail) if x.sign() < 0 else Real(Fraction(1), mpf_neg(tail))


def sign(x: Any) -> Real:
    return real(real(x).sign())


def functions() -> dict[str, Any]:
    """Return the functions and constants that a formula can name, at the current precision."""
    return _FUNCTIONS | _constants(STATE.bits)


@cache
def _constants(bits: int) -> dict[str, Real]:
    return {"pi": inexact(libmp.mpf_pi(bits)), "e": inexact(libmp.mpf_e(bits))}


_FUNCTIONS: dict[str, Any] = {
    function.__name__: function
    for function in (exp, expm1, log, log1p, sqrt, sinh, cosh, cos, tanh, sigmoid, softplus, erf, erfc, ndtr, sign)
} | {
    "sin": sin,
    "atan": atan,
    "arctan": atan,
    "tan": tan,
    "asinh": asinh,
    "Phi": ndtr,
    "abs": abs,
    "min": lambda *xs: min(real(x) for x in xs),
    "max": lambda *xs: max(real(x) for x in xs),
    "logcosh": lambda x: log(cosh(x)),
    "tanhshrink": lambda x: real(x) - tanh(x),
    "sech": lambda x: 1 / cosh(x),
}
