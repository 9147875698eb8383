"""The elementary functions at one exact decimal, to any number of digits.

Everything here is a point: a finite `Decimal` goes in, all its digits count, and the function's value comes
out with a relative error below 10^-(digits + 1), also where the function is near zero. `exact` turns a
point's value into a ball and carries an argument's own radius through.

The work is done on integers in binary fixed point, where a number z is the integer z 2^bits, a product is
one multiplication and one shift, and each step's error is at most one unit of 2^-bits. 32 of the bits are
guard bits, so that some thousand steps and a cancellation of seven bits keep the promise above.
Sources: Brent and Zimmermann, Modern Computer Arithmetic (2010), chapter 4; Johansson, Arb (2017).
"""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import cache
from typing import Any

__all__ = ["PointFunctions", "decimal_context"]

_GUARD_BITS = 32
_GUARD_DIGITS = 40
_SPAN = 512
_BITS_PER_DIGIT = math.log2(10)
_ONE = Decimal(1)
_NEAR = Decimal("0.015625")
_MILLI = Decimal("0.001")
_DEEP = Decimal("1e300")
_UNDERFLOW = 1e-300


def decimal_context(digits: int, rounding: str = "ROUND_HALF_EVEN") -> Context:
    """A context of so many digits with the widest exponents there are; what is not finite raises."""
    traps: list[Any] = [Overflow, InvalidOperation, DivisionByZero]
    return Context(digits, rounding, MIN_EMIN, MAX_EMAX, capitals=1, clamp=0, flags=[], traps=traps)


def _inverse_series(n: int, bits: int, sign: int) -> int:
    """The sum of sign^k / ((2k + 1) n^(2k + 1)): arctanh(1/n) for sign 1, arctan(1/n) for sign -1."""
    power = (1 << bits) // n
    total, k = power, 1
    while power:
        power //= n * n
        total += (sign if k & 1 else 1) * (power // (2 * k + 1))
        k += 1
    return total


@cache
def _pi_to(bits: int) -> int:
    wide = bits + 32
    return 4 * (4 * _inverse_series(5, wide, -1) - _inverse_series(239, wide, -1)) >> 32


@cache
def _ln10_to(bits: int) -> int:
    wide = bits + 32
    a, b, c = (_inverse_series(n, wide, 1) for n in (31, 49, 161))
    return (46 * a + 34 * b + 20 * c) >> 32


def pi_fixed(bits: int) -> int:
    """The number pi times 2^bits, within two units, by Machin's pi/4 = 4 arctan(1/5) - arctan(1/239)."""
    kept = -(-bits // _SPAN) * _SPAN
    return _pi_to(kept) >> (kept - bits)


def ln10_fixed(bits: int) -> int:
    """The number log 10 = 46 artanh(1/31) + 34 artanh(1/49) + 20 artanh(1/161), as `pi_fixed`."""
    kept = -(-bits // _SPAN) * _SPAN
    return _ln10_to(kept) >> (kept - bits)


def exp_fixed(r: int, bits: int) -> int:
    """e^r for 0 <= r < 2.4, within a relative 2^(2 - bits).

    The Taylor series of r / 2^k, squared k times (Brent 1976): a halving of r costs one squaring and saves
    terms, and k near the square root of the precision balances the two. Squaring doubles a relative error,
    which the k extra bits absorb.
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
    """The cosine and sine of r for 0 <= r < 1, within 4 units and within 4 units / sin r.

    The versine v = 1 - cos of r / 2^k by its Taylor series, then k times v -> 2 v (2 - v), the versine of
    the doubled angle, which cancels nothing; sin r is the root of v (2 - v).
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
    """The sum u + sign u^3/3 + u^5/5 + ...: arctanh u or arctan u of a small u of either sign."""
    square = sign * (u * u >> bits)
    term, total, n = u, u, 3
    while not -2 < term < 2:
        term = term * square >> bits
        total += term // n
        n += 2
    return total


class PointFunctions:
    """Functions of one exact decimal, each with a relative error below 10^-(digits + 1).

    `context` keeps 40 digits beyond that, so that the errors of the decimal steps count for nothing, even
    those of x^2 in e^(-x^2) with x^2 near 10^17. An instance belongs to one thread, as its context does.
    """

    __slots__ = ("_fronts", "_unit", "bits", "context", "digits")

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.bits = math.ceil(digits * _BITS_PER_DIGIT) + _GUARD_BITS
        self.context = decimal_context(digits + _GUARD_DIGITS)
        self._unit = Decimal(1 << self.bits)
        self._fronts: tuple[Decimal, Decimal] | None = None

    def _fixed(self, x: Decimal) -> int:
        return int(self.context.multiply(x, self._unit))

    def _decimal(self, z: int) -> Decimal:
        return self.context.divide(Decimal(z), self._unit)

    def pi(self) -> Decimal:
        """The number pi."""
        return self._decimal(pi_fixed(self.bits))

    def ln2(self) -> Decimal:
        """The number log 2."""
        return self.log(Decimal(2))

    def exp(self, x: Decimal) -> Decimal:
        """e^x for |x| <= 10^17, as 10^k e^r with r = x - k log 10 in [0, log 10)."""
        k, r = divmod(self._fixed(x) << 64, ln10_fixed(self.bits + 64))
        return self.context.scaleb(self._decimal(exp_fixed(r >> 64, self.bits)), k)

    def expm1(self, x: Decimal) -> Decimal:
        """e^x - 1 for |x| <= 1: x times the series of (e^x - 1)/x near 0."""
        if x.copy_abs() >= _MILLI:
            return self.context.subtract(self.exp(x), _ONE)
        t, bits = self._fixed(x), self.bits
        term = total = 1 << bits
        n = 2
        while not -2 < term < 2:
            term = (term * t >> bits) // n
            total += term
            n += 1
        return self.context.multiply(x, self._decimal(total))

    def log(self, x: Decimal) -> Decimal:
        """The natural logarithm of x > 0, of any size, relatively exact near 1."""
        above_one = self.context.subtract(x, _ONE)
        return self._log_far(x) if above_one.copy_abs() >= _NEAR else self._log_near(above_one)

    def log1p(self, x: Decimal) -> Decimal:
        """log(1 + x) for x > -1, relatively exact near 0."""
        return self._log_near(x) if x.copy_abs() < _NEAR else self._log_far(self.context.add(_ONE, x))

    def _log_near(self, x: Decimal) -> Decimal:
        """log(1 + x) = 2 artanh u with u = x/(2 + x), as 2u times a series in u^2."""
        u = self.context.divide(x, self.context.add(x, 2))
        square = self.context.multiply(u, u)
        return self.context.multiply(self.context.add(u, u), self._slope_series(self._fixed(square)))

    def _slope_series(self, square: int) -> Decimal:
        """The sum of square^n/(2n + 1): artanh(u)/u of square = u^2, arctan(u)/u of square = -u^2."""
        term = total = 1 << self.bits
        n = 3
        while not -2 < term < 2:
            term = term * square >> self.bits
            total += term // n
            n += 2
        return self._decimal(total)

    def _log_far(self, x: Decimal) -> Decimal:
        """The logarithm by one correction of a float64 guess y: log m = y + 2 artanh((m - e^y)/(m + e^y))."""
        bits = self.bits
        k = x.adjusted()
        m = self._fixed(self.context.scaleb(x, -k))
        guess = int(math.log((m >> (bits - 60)) / 2**60) * 2**60) << (bits - 60)
        power = exp_fixed(guess, bits)
        u = ((m - power) << bits) // (m + power)
        total = guess + 2 * _odd_series(u, bits, 1)
        return self._decimal(total + k * ln10_fixed(bits))

    def sin_cos(self, x: Decimal) -> tuple[Decimal, Decimal]:
        """The sine and cosine of x != 0, both relatively exact, also beside a multiple of pi/2."""
        quadrant, r = self._reduced(x)
        size = r.copy_abs()
        if size < _NEAR:
            square = -self._fixed(self.context.multiply(r, r))
            cos = self._decimal(self._factorial_series(square, 1))
            sin = self.context.multiply(size, self._decimal(self._factorial_series(square, 2)))
        else:
            cos, sin = (self._decimal(z) for z in cos_sin_fixed(self._fixed(size), self.bits))
        if r < 0:
            sin = sin.copy_negate()
        if quadrant & 1:
            sin, cos = cos, sin.copy_negate()
        return (sin.copy_negate(), cos.copy_negate()) if quadrant & 2 else (sin, cos)

    def _factorial_series(self, square: int, first: int) -> int:
        """The sum of square^n/(first (first + 1) ... (first + 2n - 1)): cos from first 1, sin(r)/r from 2."""
        term = total = 1 << self.bits
        n = first
        while not -2 < term < 2:
            term = (term * square >> self.bits) // (n * (n + 1))
            total += term
            n += 2
        return total

    def _reduced(self, x: Decimal) -> tuple[int, Decimal]:
        """The quadrant and r = x - q pi/2 in [-pi/4, pi/4], relatively exact.

        Payne and Hanek's thought (1983): as many bits of pi as x has before its point, and as many more as
        cancel; how many cancel shows only afterwards, so a too short remainder is taken again with more.
        """
        size = max(x.adjusted() + 1, 0)
        if not size and x.copy_abs() < _NEAR:
            return 0, self.context.plus(x)
        scale = self.bits + 4 + int(size * _BITS_PER_DIGIT) + 1
        while True:
            context = decimal_context(size + int(scale / _BITS_PER_DIGIT) + 10)
            quarter = pi_fixed(scale - 1)
            half = quarter >> 1
            q, r = divmod(int(context.multiply(x, Decimal(1 << scale))) + half, quarter)
            r -= half
            missing = q.bit_length() + self.bits - 6 - r.bit_length()
            if missing <= 0:
                return q & 3, self.context.divide(Decimal(r), Decimal(1 << scale))
            scale += missing + 4

    def atan(self, x: Decimal) -> Decimal:
        """The arctangent of x > 0, of any size: pi/2 - arctan(1/x) above 1."""
        if x <= _ONE:
            return self._atan_below_one(x)
        rest = self._atan_below_one(self.context.divide(_ONE, x))
        return self.context.subtract(self._decimal(pi_fixed(self.bits) >> 1), rest)

    def _atan_below_one(self, x: Decimal) -> Decimal:
        """The arctangent by one correction of a float64 guess y, with c = cos y and s = sin y:

        arctan x = y + arctan((x c - s)/(c + x s)).
        """
        if x < _NEAR:
            x = self.context.plus(x)
            square = -self._fixed(self.context.multiply(x, x))
            return self.context.multiply(x, self._slope_series(square))
        bits = self.bits
        t = self._fixed(x)
        guess = int(math.atan((t >> (bits - 60)) / 2**60) * 2**60) << (bits - 60)
        cos, sin = cos_sin_fixed(guess, bits)
        u = (t * cos - (sin << bits)) // (cos + (t * sin >> bits))
        return self._decimal(guess + _odd_series(u, bits, -1))

    def tanhshrink(self, x: Decimal) -> Decimal:
        """The difference x - tanh x for |x| <= 1, as (x cosh x - sinh x)/cosh x.

        The numerator is x^3/3 times the sum of n 6 x^(2n - 2)/(2n + 1)!, n = 1, 2, ...: nothing cancels.
        """
        c, bits = self.context, self.bits
        square = c.multiply(x, x)
        w = self._fixed(square)
        term = total = 1 << bits
        n = 2
        while term:
            term = (term * w >> bits) // (2 * n * (2 * n + 1))
            total += n * term
            n += 1
        power = self.exp(x)
        two_cosh = c.add(power, c.divide(_ONE, power))
        numerator = c.multiply(c.multiply(x, square), c.multiply(2, self._decimal(total)))
        return c.divide(numerator, c.multiply(3, two_cosh))

    def gauss_exponent(self, x: Decimal, normal: bool) -> Decimal:
        """The w of e^-w: x^2 for the error function, x^2/2 for the normal distribution."""
        square = self.context.multiply(x, x)
        return self.context.divide(square, 2) if normal else square

    def gauss_body(self, x: Decimal, normal: bool) -> Decimal:
        """The mass erf x, or Phi(x) - 1/2 if normal, for x > 0 and w not much above the number of bits.

        It is the front factor times the sum of (2w)^n/(1 3 5 ... (2n + 1)), all terms positive
        (Abramowitz and Stegun 7.1.6).
        """
        bits = self.bits
        w = self.gauss_exponent(x, normal)
        twice = 2 * self._fixed(w)
        term = total = 1 << bits
        n = 3
        while term:
            term = (term * twice >> bits) // n
            total += term
            n += 2
        return self.context.multiply(self._gauss_front(x, w, normal), self._decimal(total))

    def gauss_tail(self, x: Decimal, normal: bool) -> Decimal:
        """The mass erfc x, or 1 - Phi(x) if normal, for x > 0 and w from about 1 to 10^17."""
        w = self.gauss_exponent(x, normal)
        return self.context.divide(self._gauss_front(x, w, normal), self._tail_fraction(w))

    def mills(self, x: Decimal) -> Decimal:
        """Mills' ratio (1 - Phi(x))/phi(x) for x > 1: the tail without its front factor's e^-w/sqrt(2 pi)."""
        return self.context.divide(x, self._tail_fraction(self.gauss_exponent(x, True)))

    def _tail_fraction(self, w: Decimal) -> Decimal:
        """The front factor's quotient by the tail: D(0) of D(k) = 2w + 4k + 1 - (2k + 1)(2k + 2)/D(k + 1).

        The contraction of a continued fraction of Laplace's (Abramowitz and Stegun 7.1.14).
        """
        n = _fraction_depth(float(min(w, _DEEP)), self.bits)
        twice = 2 * self._fixed(w)
        while True:
            fraction = _gauss_fraction(twice, n, self.bits)
            if fraction is not None:
                return self._decimal(fraction)
            n += n // 2 + 1

    def _gauss_front(self, x: Decimal, w: Decimal, normal: bool) -> Decimal:
        """2x e^-w/sqrt(pi), or x e^-w/sqrt(2 pi) if normal."""
        c = self.context
        if self._fronts is None:
            pi = self.pi()
            self._fronts = c.divide(2, c.sqrt(pi)), c.divide(1, c.sqrt(c.add(pi, pi)))
        return c.multiply(c.multiply(x, self.exp(w.copy_negate())), self._fronts[normal])


def _fraction_depth(w: float, bits: int) -> int:
    """Where to start the continued fraction: step k divides the error by e^(4 arsinh(sqrt(w/k)/2)), nearly.

    The sum over k is taken as an integral and solved by Newton's method. Only a first guess: the fraction
    itself says whether it was enough.
    """
    wanted = bits * math.log(2) / 4 + 2
    n = wanted * wanted / w + 1
    for _ in range(4):
        rate = math.asinh(math.sqrt(w / n) / 2)
        gained = n * rate + n / (2 * math.sqrt(n / w + 0.25) + 1)
        n = max(1.0, n + (wanted - gained) / rate)
    return int(n) + 3


def _gauss_fraction(twice: int, n: int, bits: int) -> int | None:
    """D(0) for twice = 2w, from 2w + 2n in D(n)'s place; None when that leaves an error of half a unit.

    2w + 2k <= D(k) <= 2w + 4k + 1: the upper bound is plain, and if the lower one holds for k + 1 then
    D(k) >= 2w + 4k + 1 - (2k + 1). So the start is low by at most 2n + 1, every D(k) after it is low, and a
    step multiplies the error by at most (2k + 1)(2k + 2)/D(k + 1)^2, which is summed in logarithms.
    """
    d = twice + (2 * n << bits)
    error = math.log2(2 * n + 1)
    for k in range(n - 1, -1, -1):
        q = ((2 * k + 1) * (2 * k + 2) << 2 * bits) // d
        error += math.log2(max((q + 1) / d, _UNDERFLOW))
        d = twice + (4 * k + 1 << bits) - q
    return d if error < -bits - 1 else None
