"""Elementary functions of one exact decimal, to any number of digits, in binary fixed point.

Contract: the argument is a finite `Decimal`, all of whose digits count. The result is a `Decimal` with a relative error
below 10^-(digits + 1), also near a zero of the function. `BallArithmetic` turns it into a ball.

Representation: a number z is the integer z 2^bits, rounded. A product is one multiplication and one shift, and a step
errs by at most one unit of 2^-bits.

Error budget: `bits` holds `digits` decimal digits and 32 guard bits. A function takes fewer than 2^12 steps, and its
integer result is above 2^-10: smaller results are a factor times a series near 1. Hence the relative error is below
2^(12 + 10 - 32) 10^-digits < 10^-(digits + 3).

Sources: R. Brent and P. Zimmermann, "Modern Computer Arithmetic", 2010, chapter 4; F. Johansson, "Arb: Efficient
Arbitrary-Precision Midpoint-Radius Interval Arithmetic", 2017, doi:10.1109/TC.2017.2690633.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from functools import cache

__all__ = ["PointFunctions", "decimal_context"]

_BITS_PER_DIGIT = math.log2(10)
_ONE = Decimal(1)

_GUARD_BITS = 32  # of the fixed-point numbers: see the error budget above
_GUARD_DIGITS = 40  # of the decimal steps; of them e^(-x^2) loses 17, the digits of x^2 before its point
_CONSTANT_GUARD_BITS = 32  # of pi and log 10: fewer than 2^20 steps, whose errors are multiplied by less than 2^7
_CONSTANT_BLOCK_BITS = 512  # constants are cached at multiples of this precision, to be shared by similar precisions
_GUESS_BITS = 60  # kept of a float64 guess, which has 53 significant bits and is corrected once

_NEAR_ZERO = Decimal("0.015625")  # 2^-6: below it log1p, sin and atan are x times a series near 1
_EXPM1_NEAR_ZERO = Decimal("0.001")  # the same for expm1; above it e^x - 1 cancels at most 10 bits
_MAX_DEPTH_W = Decimal("1e300")  # clamp before w becomes a float; the depth is the least one long before
_MIN_ERROR_FACTOR = 1e-300  # clamp before a logarithm; it only overestimates the truncation error


def decimal_context(digits: int, rounding: str = "ROUND_HALF_EVEN") -> Context:
    """Return a context of `digits` digits with the widest exponents; operations with a non-finite result raise."""
    traps: list[type[DecimalException]] = [Overflow, InvalidOperation, DivisionByZero]
    return Context(digits, rounding, MIN_EMIN, MAX_EMAX, capitals=1, clamp=0, flags=[], traps=traps)


def _inverse_series(n: int, bits: int, sign: int) -> int:
    """Return the sum of sign^k/((2k + 1) n^(2k + 1)): artanh(1/n) for sign 1, arctan(1/n) for sign -1."""
    power = (1 << bits) // n
    total, k = power, 1
    while power:
        power //= n * n
        total += (sign if k & 1 else 1) * (power // (2 * k + 1))
        k += 1
    return total


@cache
def _pi_to(bits: int) -> int:
    inner = bits + _CONSTANT_GUARD_BITS
    return 4 * (4 * _inverse_series(5, inner, -1) - _inverse_series(239, inner, -1)) >> _CONSTANT_GUARD_BITS


@cache
def _ln10_to(bits: int) -> int:
    inner = bits + _CONSTANT_GUARD_BITS
    a, b, c = (_inverse_series(n, inner, 1) for n in (31, 49, 161))
    return (46 * a + 34 * b + 20 * c) >> _CONSTANT_GUARD_BITS


def pi_fixed(bits: int) -> int:
    """Return pi 2^bits, within two units, by Machin's pi/4 = 4 arctan(1/5) - arctan(1/239)."""
    cached = -(-bits // _CONSTANT_BLOCK_BITS) * _CONSTANT_BLOCK_BITS
    return _pi_to(cached) >> (cached - bits)


def ln10_fixed(bits: int) -> int:
    """Return log(10) 2^bits, within two units; log 10 = 46 artanh(1/31) + 34 artanh(1/49) + 20 artanh(1/161)."""
    cached = -(-bits // _CONSTANT_BLOCK_BITS) * _CONSTANT_BLOCK_BITS
    return _ln10_to(cached) >> (cached - bits)


def exp_fixed(r: int, bits: int) -> int:
    """Return e^r for 0 <= r < 2.4, with a relative error below 2^(2 - bits).

    It is the Taylor series of r/2^k, squared k times (Brent 1976). Each halving of r costs one squaring and saves
    terms; k near the square root of the precision balances the two. Each squaring doubles the relative error, for which
    there are k extra bits, and 8 more for the fewer than 2^8 steps.
    """
    halvings = math.isqrt(bits)
    inner = bits + halvings + 8
    power = r << 8
    total = (1 << inner) + power
    term, n = power, 2
    while term:
        term = (term * power >> inner) // n
        total += term
        n += 1
    for _ in range(halvings):
        total = total * total >> inner
    return total >> (inner - bits)


def cos_sin_fixed(r: int, bits: int) -> tuple[int, int]:
    """Return the cosine and sine of r for 0 <= r < 1, with errors below 4 units and 4 units / sin r.

    The versine v = 1 - cos of r/2^k comes from its Taylor series. It is doubled k times by v -> 2 v (2 - v), which does
    not cancel but multiplies the error by at most 4: hence 2k extra bits. sin r is the square root of v (2 - v).
    """
    halvings = math.isqrt(bits) // 2
    inner = bits + 2 * halvings + 8
    square = r * r << 8 >> bits
    term = square >> 1
    versine, n = term, 3
    while term:
        term = (term * square >> inner) // (n * (n + 1))
        versine += term if n & 2 == 0 else -term
        n += 2
    for _ in range(halvings):
        versine = versine * ((2 << inner) - versine) >> (inner - 1)
    sine = math.isqrt(versine * ((2 << inner) - versine))
    return ((1 << inner) - versine) >> (inner - bits), sine >> (inner - bits)


def _odd_series(u: int, bits: int, sign: int) -> int:
    """Return u + sign u^3/3 + u^5/5 + ...: artanh u (sign 1) or arctan u (sign -1) of a small u of either sign."""
    square = sign * (u * u >> bits)
    term, total, n = u, u, 3
    while not -2 < term < 2:
        term = term * square >> bits
        total += term // n
        n += 2
    return total


def _guess(function: Callable[[float], float], z: int, bits: int) -> int:
    """Return a float64 approximation of function(z), in fixed point."""
    shift = bits - _GUESS_BITS
    return int(function((z >> shift) / 2**_GUESS_BITS) * 2**_GUESS_BITS) << shift


class PointFunctions:
    """Functions of one exact decimal with a relative error below 10^-(digits + 1); not thread-safe, as its context."""

    __slots__ = ("_prefactors", "_unit", "bits", "context", "digits")

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.bits = math.ceil(digits * _BITS_PER_DIGIT) + _GUARD_BITS
        self.context = decimal_context(digits + _GUARD_DIGITS)
        self._unit = Decimal(1 << self.bits)
        self._prefactors: tuple[Decimal, Decimal] | None = None

    def _to_fixed(self, x: Decimal) -> int:
        return int(self.context.multiply(x, self._unit))

    def _to_decimal(self, z: int) -> Decimal:
        return self.context.divide(Decimal(z), self._unit)

    def pi(self) -> Decimal:
        """Return the number pi."""
        return self._to_decimal(pi_fixed(self.bits))

    def ln2(self) -> Decimal:
        """Return the number log 2."""
        return self.log(Decimal(2))

    def exp(self, x: Decimal) -> Decimal:
        """Return e^x for |x| <= 10^17, as 10^k e^r with r = x - k log 10 in [0, log 10).

        |k| is below 2^56, so that 64 extra bits of log 10 keep the error of k log 10 below 2^-7 units.
        """
        k, r = divmod(self._to_fixed(x) << 64, ln10_fixed(self.bits + 64))
        return self.context.scaleb(self._to_decimal(exp_fixed(r >> 64, self.bits)), k)

    def expm1(self, x: Decimal) -> Decimal:
        """Return e^x - 1 for |x| <= 1; near 0 as x times the series of (e^x - 1)/x."""
        if x.copy_abs() >= _EXPM1_NEAR_ZERO:
            return self.context.subtract(self.exp(x), _ONE)
        t, bits = self._to_fixed(x), self.bits
        term = total = 1 << bits
        n = 2
        while not -2 < term < 2:
            term = (term * t >> bits) // n
            total += term
            n += 1
        return self.context.multiply(x, self._to_decimal(total))

    def log(self, x: Decimal) -> Decimal:
        """Return the natural logarithm of x > 0, of any size; the relative error holds near 1, too."""
        above_one = self.context.subtract(x, _ONE)
        return self._log_corrected(x) if above_one.copy_abs() >= _NEAR_ZERO else self._log1p_series(above_one)

    def log1p(self, x: Decimal) -> Decimal:
        """Return log(1 + x) for x > -1; the relative error holds near 0, too."""
        return self._log1p_series(x) if x.copy_abs() < _NEAR_ZERO else self._log_corrected(self.context.add(_ONE, x))

    def _log1p_series(self, x: Decimal) -> Decimal:
        """Return log(1 + x) = 2 artanh u with u = x/(2 + x), as 2u times a series in u^2."""
        u = self.context.divide(x, self.context.add(x, 2))
        square = self.context.multiply(u, u)
        return self.context.multiply(self.context.add(u, u), self._quotient_series(self._to_fixed(square)))

    def _quotient_series(self, square: int) -> Decimal:
        """Return the sum of square^n/(2n + 1): artanh(u)/u for square = u^2, arctan(u)/u for square = -u^2."""
        term = total = 1 << self.bits
        n = 3
        while not -2 < term < 2:
            term = term * square >> self.bits
            total += term // n
            n += 2
        return self._to_decimal(total)

    def _log_corrected(self, x: Decimal) -> Decimal:
        """Return log x for x = m 10^k as k log 10 + log m.

        log m = y + 2 artanh((m - e^y)/(m + e^y)) corrects a float64 guess y.
        """
        bits = self.bits
        k = x.adjusted()
        m = self._to_fixed(self.context.scaleb(x, -k))
        guess = _guess(math.log, m, bits)
        power = exp_fixed(guess, bits)
        u = ((m - power) << bits) // (m + power)
        total = guess + 2 * _odd_series(u, bits, 1)
        return self._to_decimal(total + k * ln10_fixed(bits))

    def sin_cos(self, x: Decimal) -> tuple[Decimal, Decimal]:
        """Return the sine and cosine of x != 0; the relative error of both holds near multiples of pi/2, too."""
        quadrant, r = self._reduce(x)
        size = r.copy_abs()
        if size < _NEAR_ZERO:
            square = -self._to_fixed(self.context.multiply(r, r))
            cos = self._to_decimal(self._factorial_series(square, 1))
            sin = self.context.multiply(size, self._to_decimal(self._factorial_series(square, 2)))
        else:
            cos, sin = (self._to_decimal(z) for z in cos_sin_fixed(self._to_fixed(size), self.bits))
        if r < 0:
            sin = sin.copy_negate()
        if quadrant & 1:
            sin, cos = cos, sin.copy_negate()
        return (sin.copy_negate(), cos.copy_negate()) if quadrant & 2 else (sin, cos)

    def _factorial_series(self, square: int, first: int) -> int:
        """Return the sum of square^n/(first (first + 1) ... (first + 2n - 1)).

        With square = -r^2 it is cos r for first = 1 and sin(r)/r for first = 2.
        """
        term = total = 1 << self.bits
        n = first
        while not -2 < term < 2:
            term = (term * square >> self.bits) // (n * (n + 1))
            total += term
            n += 2
        return total

    def _reduce(self, x: Decimal) -> tuple[int, Decimal]:
        """Return the quadrant q mod 4 and r = x - q pi/2 in [-pi/4, pi/4], with a small relative error.

        As in Payne and Hanek's reduction (1983), pi is taken with as many bits as x has before its point, plus those
        that cancel. Their number shows only afterwards: if r has too few bits, the reduction is repeated with more.
        """
        integer_digits = max(x.adjusted() + 1, 0)
        if not integer_digits and x.copy_abs() < _NEAR_ZERO:
            return 0, self.context.plus(x)
        scale = self.bits + 4 + int(integer_digits * _BITS_PER_DIGIT) + 1
        while True:
            context = decimal_context(integer_digits + int(scale / _BITS_PER_DIGIT) + 10)
            quarter = pi_fixed(scale - 1)
            half = quarter >> 1
            q, r = divmod(int(context.multiply(x, Decimal(1 << scale))) + half, quarter)
            r -= half
            missing = q.bit_length() + self.bits - 6 - r.bit_length()
            if missing <= 0:
                return q & 3, self.context.divide(Decimal(r), Decimal(1 << scale))
            scale += missing + 4

    def atan(self, x: Decimal) -> Decimal:
        """Return the arctangent of x > 0, of any size; pi/2 - arctan(1/x) above 1."""
        if x <= _ONE:
            return self._atan_below_one(x)
        complement = self._atan_below_one(self.context.divide(_ONE, x))
        return self.context.subtract(self._to_decimal(pi_fixed(self.bits) >> 1), complement)

    def _atan_below_one(self, x: Decimal) -> Decimal:
        """Return arctan x = y + arctan((x c - s)/(c + x s)) for a float64 guess y, c = cos y and s = sin y."""
        if x < _NEAR_ZERO:
            x = self.context.plus(x)
            square = -self._to_fixed(self.context.multiply(x, x))
            return self.context.multiply(x, self._quotient_series(square))
        bits = self.bits
        t = self._to_fixed(x)
        guess = _guess(math.atan, t, bits)
        cos, sin = cos_sin_fixed(guess, bits)
        u = (t * cos - (sin << bits)) // (cos + (t * sin >> bits))
        return self._to_decimal(guess + _odd_series(u, bits, -1))

    def tanhshrink(self, x: Decimal) -> Decimal:
        """Return x - tanh x for |x| <= 1, as (x cosh x - sinh x)/cosh x.

        The numerator is x^3/3 times the sum of 6 n x^(2n - 2)/(2n + 1)! for n = 1, 2, ...: no term cancels.
        """
        c, bits = self.context, self.bits
        square = c.multiply(x, x)
        w = self._to_fixed(square)
        term = total = 1 << bits
        n = 2
        while term:
            term = (term * w >> bits) // (2 * n * (2 * n + 1))
            total += n * term
            n += 1
        power = self.exp(x)
        two_cosh = c.add(power, c.divide(_ONE, power))
        numerator = c.multiply(c.multiply(x, square), c.multiply(2, self._to_decimal(total)))
        return c.divide(numerator, c.multiply(3, two_cosh))

    def gauss_exponent(self, x: Decimal, normal: bool) -> Decimal:
        """Return the exponent w of e^-w: x^2 for the error function, x^2/2 for the normal distribution."""
        square = self.context.multiply(x, x)
        return self.context.divide(square, 2) if normal else square

    def gauss_body(self, x: Decimal, normal: bool) -> Decimal:
        """Return erf x, or Phi(x) - 1/2 if `normal`, for x > 0 and w not much above the number of bits.

        It is the prefactor times the sum of (2w)^n/(1 * 3 * 5 ... (2n + 1)), whose terms are positive
        (Abramowitz and Stegun, 1964, 7.1.6).
        """
        bits = self.bits
        w = self.gauss_exponent(x, normal)
        twice = 2 * self._to_fixed(w)
        term = total = 1 << bits
        n = 3
        while term:
            term = (term * twice >> bits) // n
            total += term
            n += 2
        return self.context.multiply(self._gauss_prefactor(x, w, normal), self._to_decimal(total))

    def gauss_tail(self, x: Decimal, normal: bool) -> Decimal:
        """Return erfc x, or 1 - Phi(x) if `normal`, for x > 0 and w from about 1 to 10^17."""
        w = self.gauss_exponent(x, normal)
        return self.context.divide(self._gauss_prefactor(x, w, normal), self._tail_fraction(w))

    def mills(self, x: Decimal) -> Decimal:
        """Return the Mills ratio (1 - Phi(x))/phi(x) for x > 1: the tail without the factor e^-w/sqrt(2 pi)."""
        return self.context.divide(x, self._tail_fraction(self.gauss_exponent(x, True)))

    def _tail_fraction(self, w: Decimal) -> Decimal:
        """Return prefactor/tail: D(0) of the continued fraction D(k) = 2w + 4k + 1 - (2k + 1)(2k + 2)/D(k + 1).

        It is the even contraction of Laplace's continued fraction (Abramowitz and Stegun, 1964, 7.1.14). The depth is
        increased until the truncation error is proven small, so that `_fraction_depth` need only be a good guess.
        """
        depth = _fraction_depth(float(min(w, _MAX_DEPTH_W)), self.bits)
        twice = 2 * self._to_fixed(w)
        while True:
            fraction = _gauss_fraction(twice, depth, self.bits)
            if fraction is not None:
                return self._to_decimal(fraction)
            depth += depth // 2 + 1

    def _gauss_prefactor(self, x: Decimal, w: Decimal, normal: bool) -> Decimal:
        """Return the prefactor 2x e^-w/sqrt(pi), or x e^-w/sqrt(2 pi) if `normal`."""
        c = self.context
        if self._prefactors is None:
            pi = self.pi()
            self._prefactors = c.divide(2, c.sqrt(pi)), c.divide(1, c.sqrt(c.add(pi, pi)))
        return c.multiply(c.multiply(x, self.exp(w.copy_negate())), self._prefactors[normal])


def _fraction_depth(w: float, bits: int) -> int:
    """Return a guess of the depth that the continued fraction needs for `bits` bits.

    Step k divides the error by about e^(4 asinh(sqrt(w/k)/2)). The sum of the exponents over k is approximated by an
    integral, and the depth at which it reaches bits * log 2 is found by Newton's method.
    """
    wanted = bits * math.log(2) / 4 + 2
    depth = wanted * wanted / w + 1
    for _ in range(4):
        rate = math.asinh(math.sqrt(w / depth) / 2)
        gained = depth * rate + depth / (2 * math.sqrt(depth / w + 0.25) + 1)
        depth = max(1.0, depth + (wanted - gained) / rate)
    return int(depth) + 3


def _gauss_fraction(twice: int, depth: int, bits: int) -> int | None:
    """Return D(0) for twice = 2w, starting from D(depth) = 2w + 2 depth; None if the error can exceed half a unit.

    2w + 2k <= D(k) <= 2w + 4k + 1. The upper bound is obvious; if the lower bound holds for k + 1, then
    D(k) >= 2w + 4k + 1 - (2k + 1). Hence the start is low by at most 2 depth + 1, and every D(k) that follows is low.
    A step multiplies the error by at most (2k + 1)(2k + 2)/D(k + 1)^2; the logarithms of these factors are added.
    """
    d = twice + (2 * depth << bits)
    log2_error = math.log2(2 * depth + 1)
    for k in range(depth - 1, -1, -1):
        q = ((2 * k + 1) * (2 * k + 2) << 2 * bits) // d
        log2_error += math.log2(max((q + 1) / d, _MIN_ERROR_FACTOR))
        d = twice + (4 * k + 1 << bits) - q
    return d if log2_error < -bits - 1 else None
