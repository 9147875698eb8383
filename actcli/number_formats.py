"""Number formats: the ground that every room stands on.

A `Format` is a set of numbers and the way to them and back: reading digits, rounding once, writing the shortest
digits, bit patterns. Every finite value of every format here is a float64 too, so values travel as float64 arrays
whatever their format. NumPy is imported only when numbers are worked on: names and digits alone do not need it.
"""

from __future__ import annotations

import math
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

__all__ = ["FLOATS", "Format", "exact_number", "find_format", "is_number", "read_number"]

_HEXADECIMAL = r"[+-]?0[xX](?:[0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?"
_TINY = math.ulp(0.0)
_FIXED = r"(u?)q([0-9]{1,2})\.([0-9]{1,2})"


def is_number(text: str) -> bool:
    """Whether `text` is a number as actcli reads one.

    A number is ASCII: decimal (`-2`, `.5`, `1e-3`), `inf`, `infinity` or `nan` in any case, or C99 hexadecimal
    (`0x1.8p-3`); a sign may stand before each. Underscores, thousands separators, decimal commas and the digits of
    other scripts are not.
    """
    return _is_plain(text) or _is_hexadecimal(text)


def _is_plain(text: str) -> bool:
    """Whether float() reads `text`, and nothing that only float() takes is in it."""
    if not text.isascii() or "_" in text or text != text.strip():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_hexadecimal(text: str) -> bool:
    return "x" in text.lower() and bool(re.fullmatch(_HEXADECIMAL, text))


def read_number(text: str) -> float:
    """The float64 nearest to the number that `text` spells; ValueError if it spells none (see `is_number`)."""
    if _is_plain(text):
        return float(text)
    if _is_hexadecimal(text):
        try:
            return float.fromhex(text)
        except OverflowError:
            return -math.inf if text.startswith("-") else math.inf
    raise ValueError(f"{text!r} is not a number")


class Format(NamedTuple):
    """A number format: `precision` significant bits, but never a quantum below 2**`least_exponent`.

    name            as the user says it (`float32`, `q1.14`)
    width           bits of the encoding
    precision       significant bits, the leading one included (a fixed-point format has more than it can use)
    least_exponent  the smallest positive value is 2**least_exponent
    largest         the largest finite value
    overflow        what a result beyond `largest` becomes: "inf", "nan" (float8_e4m3fn) or "saturate" (fixed point)
    smallest        the least finite value (-largest, save for fixed point)
    """

    name: str
    width: int
    precision: int
    least_exponent: int
    largest: float
    overflow: str = "inf"
    smallest: float | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def is_fixed(self) -> bool:
        return self.overflow == "saturate"

    @property
    def has_all(self) -> bool:
        """Whether the format is small enough to list (`every`)."""
        return self.width <= 16 and not self.is_fixed

    @property
    def lowest(self) -> float:
        return -self.largest if self.smallest is None else self.smallest

    # --- reading -----------------------------------------------------------------------------------------------

    def read(self, text: str) -> float:
        """The value of this format nearest to the number that `text` spells, ties to even, rounded once."""
        value = read_number(text)
        if self.name == "float64":
            return value
        if value == 0 or not math.isfinite(value):
            return self._special(value)
        return self.nearest(_to_odd(text, value))

    def nearest(self, value: float | Fraction) -> float:
        """The value of this format nearest to one number, ties to even, rounded once; zero is +0.0."""
        if isinstance(value, float) and not math.isfinite(value):
            return self._special(value)
        numerator, denominator = value.as_integer_ratio()
        size = abs(numerator)
        # The true exponent is this or one more, so the quotient has `precision` bits or one more.
        exponent = size.bit_length() - denominator.bit_length() - self.precision
        quotient, rest, divisor = _quotient(size, denominator, max(exponent, self.least_exponent))
        if quotient >> self.precision:
            exponent += 1
            quotient, rest, divisor = _quotient(size, denominator, max(exponent, self.least_exponent))
        if 2 * rest > divisor or (2 * rest == divisor and quotient & 1):
            quotient += 1
        exponent = max(exponent, self.least_exponent)
        rounded = _scaled(quotient, exponent)
        rounded = -rounded if numerator < 0 else rounded
        if self.is_fixed:
            return min(max(rounded, self.lowest), self.largest) + 0.0
        if abs(rounded) > self.largest:
            return self._special(math.copysign(math.inf, rounded))
        return rounded

    def _special(self, value: float) -> float:
        """What a zero, an infinity or nan is in this format."""
        if self.is_fixed:
            return 0.0 if math.isnan(value) else min(max(value, self.lowest), self.largest) + 0.0
        return math.nan if self.overflow == "nan" and math.isinf(value) else value

    # --- rounding ----------------------------------------------------------------------------------------------

    def round(self, high: Floats, low: Floats | None = None) -> Floats:
        """Round the unevaluated sum high + low to this format, once, to nearest, ties to even.

        high, low  float64 arrays of one shape with high == fl(high + low); without `low`, high alone
        returns    a float64 array of values of this format; overflow as the format has it; nan stays nan (0 in
                   fixed point); a zero keeps the sign of `high`
        """
        import numpy as np

        if self.name == "float64":
            return high.copy() if low is None else high + low
        with np.errstate(all="ignore"):
            finite = np.isfinite(high)
            exponent = np.frexp(np.where(finite, high, 1.0))[1] - self.precision
            quantum = np.maximum(exponent, self.least_exponent)
            scaled = np.ldexp(np.abs(high), -quantum)
            floor = np.floor(scaled)
            beyond = scaled - floor - 0.5
            if low is not None:
                # Away from zero or towards it; scaled down it may not become 0, as its sign decides ties.
                outward = np.where(np.signbit(low) == np.signbit(high), 1.0, -1.0)
                beyond = beyond + outward * np.maximum(np.ldexp(np.abs(low), -quantum), _TINY * (low != 0))
            up = (beyond > 0) | ((beyond == 0) & (floor % 2 == 1))
            rounded = np.copysign(np.ldexp(floor + up, quantum), high)
        return self._bounded(np.where(finite, rounded, high))

    def _bounded(self, value: Floats) -> Floats:
        """`value`, already on the format's grid, with what lies beyond its range turned into what it becomes."""
        import numpy as np

        if self.is_fixed:
            known = np.where(np.isnan(value), 0.0, value)
            return np.clip(known, self.lowest, self.largest) + 0.0
        over = np.abs(value) > self.largest
        return np.where(over, np.nan if self.overflow == "nan" else np.copysign(np.inf, value), value)

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, value: float) -> str:
        """The shortest digits that read back to `value`, spelled as Python's repr spells a float (`3.0`, `1e-05`).

        float32 takes the shortest digits that float32 reads back; smaller formats those that float64 reads back.
        """
        if self.name == "float32":
            import numpy as np

            return _respelled(np.float32(value))
        return repr(value)

    def write_all(self, values: Floats) -> list[str]:
        """`write` for each of `values`."""
        if self.name == "float32":
            import numpy as np

            return list(map(_respelled, values.ravel().astype(np.float32)))
        return list(map(repr, values.ravel().tolist()))

    # --- bit patterns ------------------------------------------------------------------------------------------

    def bits(self, values: Floats) -> NDArray[np.uint64]:
        """The encodings of `values` (all of this format) as unsigned integers; nan is the positive quiet nan."""
        import numpy as np

        values = np.asarray(values, dtype=np.float64)
        if self.name == "float64":
            canonical = np.where(np.isnan(values), np.nan, values)
            return np.asarray(canonical).view(np.uint64)
        if self.is_fixed:
            codes = np.ldexp(values, -self.least_exponent).astype(np.int64)
            return (codes & ((1 << self.width) - 1)).astype(np.uint64)
        sign = np.signbit(values) & ~np.isnan(values)
        magnitude = np.where(np.isfinite(values), np.abs(values), 0.0)
        exponent = np.frexp(magnitude)[1] - self.precision
        exponent = np.where(magnitude > 0, np.maximum(exponent, self.least_exponent), self.least_exponent)
        significand = np.ldexp(magnitude, -exponent).astype(np.int64)
        # A normal number's leading bit adds one to the exponent field, which is how IEEE 754 encodings are ordered.
        code = ((exponent - self.least_exponent).astype(np.int64) << (self.precision - 1)) + significand
        code = np.where(np.isinf(values), self._infinity, np.where(np.isnan(values), self._nan, code))
        encoded: NDArray[np.uint64] = (code | (sign.astype(np.int64) << (self.width - 1))).astype(np.uint64)
        return encoded

    @property
    def _infinity(self) -> int:
        """The encoding of +inf: all exponent bits set (float8_e4m3fn has none; there it is the nan's)."""
        if self.overflow == "nan":
            return self._nan
        return ((1 << (self.width - self.precision)) - 1) << (self.precision - 1)

    @property
    def _nan(self) -> int:
        if self.overflow == "nan":
            return (1 << (self.width - 1)) - 1
        return self._infinity | (1 << (self.precision - 2))

    def hex(self, values: Floats) -> list[str]:
        """The encodings of `values` in hexadecimal digits, as many as the width needs, without a prefix."""
        digits = (self.width + 3) // 4
        return [f"{code:0{digits}x}" for code in self.bits(values).ravel().tolist()]

    def every(self) -> Floats:
        """Every value of a 16- or 8-bit format in the order of its bit patterns, 0 to 2**width - 1."""
        import numpy as np

        codes = np.arange(1 << self.width, dtype=np.int64)
        magnitude = codes & ((1 << (self.width - 1)) - 1)
        field = magnitude >> (self.precision - 1)
        significand = magnitude & ((1 << (self.precision - 1)) - 1)
        significand = np.where(field > 0, significand | (1 << (self.precision - 1)), significand)
        value = np.ldexp(significand.astype(np.float64), np.maximum(field - 1, 0) + self.least_exponent)
        value = np.where(magnitude >= self._infinity, np.nan, value)
        if self.overflow == "inf":
            value = np.where(magnitude == self._infinity, np.inf, value)
        return np.where(codes >> (self.width - 1) == 1, -value, value)


def _respelled(value: np.float32) -> str:
    """The shortest digits of a float32, as Python spells a float: NumPy writes 1e+15 and 1e-04 with exponents."""
    # Nine digits at most, so that as a float64 they are the shortest too.
    return repr(float(str(value)))


def _to_odd(text: str, value: float) -> float:
    """The float64 next to the exact decimal `text` whose last bit is 1 where the two differ (rounding to odd).

    Rounding that to a narrower format is rounding `text` once (Boldo and Melquiond, 2008).
    """
    exact = _exact(text)
    odd = struct.unpack("<q", struct.pack("<d", value))[0] & 1
    if odd or exact == value:
        return value
    return math.nextafter(value, math.inf if exact > value else -math.inf)


def _quotient(numerator: int, denominator: int, exponent: int) -> tuple[int, int, int]:
    """The whole part, remainder and divisor of numerator / (denominator * 2**exponent)."""
    if exponent >= 0:
        denominator <<= exponent
    else:
        numerator <<= -exponent
    return *divmod(numerator, denominator), denominator


def _scaled(significand: int, exponent: int) -> float:
    """The float64 significand * 2**exponent; inf if that is beyond the largest."""
    try:
        return math.ldexp(significand, exponent)
    except OverflowError:
        return math.inf


def exact_number(text: str) -> Fraction | None:
    """The number that `text` spells, all of it; None if it spells none or no finite one.

    An exponent beyond +-400 is refused too: no float64 is that large or small, and the integer would fill the memory.
    """
    from decimal import Decimal
    from fractions import Fraction

    if _is_plain(text):
        # By way of Decimal, since int() refuses more than 4300 digits.
        if _beyond(text.lower().partition("e")[2], 400) or not Decimal(text).is_finite():
            return None
        return Fraction(Decimal(text))
    if _is_hexadecimal(text):
        return None if _beyond(text.lower().partition("p")[2], 1400) else Fraction(_exact(text))
    return None


def _beyond(exponent: str, limit: int) -> bool:
    digits = exponent.lstrip("+-0")
    return len(digits) > 4 or int(digits or 0) > limit


def _exact(text: str) -> Decimal | Fraction:
    """The number that `text` spells, all of it."""
    if _is_hexadecimal(text):
        from fractions import Fraction

        digits, _, power = text.lower().lstrip("+-").removeprefix("0x").partition("p")
        whole, _, fraction = digits.partition(".")
        magnitude = Fraction(int(whole + fraction, 16)) * Fraction(2) ** (int(power or 0) - 4 * len(fraction))
        return -magnitude if text.startswith("-") else magnitude
    from decimal import Decimal

    return Decimal(text)


FLOATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("float64", 64, 53, -1074, 1.7976931348623157e308),
        Format("float32", 32, 24, -149, 3.4028234663852886e38),
        Format("float16", 16, 11, -24, 65504.0),
        Format("bfloat16", 16, 8, -133, 3.3895313892515355e38),
        Format("float8_e4m3fn", 8, 4, -9, 448.0, overflow="nan"),
        Format("float8_e5m2", 8, 3, -16, 57344.0),
    )
}
"""The floating-point formats by name."""


def find_format(name: str) -> Format:
    """The format called `name`: one of FLOATS, or fixed point `qM.N` (sign, M and N bits) or `uqM.N` (M and N bits).

    Raises KeyError for any other name.
    """
    if name in FLOATS:
        return FLOATS[name]
    match = re.fullmatch(_FIXED, name)
    if match is None:
        raise KeyError(name)
    unsigned, whole, fraction = match[1] == "u", int(match[2]), int(match[3])
    width = whole + fraction + (not unsigned)
    if not 1 <= width <= 53:
        raise KeyError(name)
    largest = math.ldexp(2.0 ** (whole + fraction) - 1, -fraction)
    lowest = 0.0 if unsigned else -math.ldexp(1.0, whole)
    return Format(name, width, 64, -fraction, largest, overflow="saturate", smallest=lowest)
