"""Number formats: floating point from float64 to float8, and fixed point.

A `Format` reads decimal or hexadecimal numbers, rounds to its values, writes the shortest digits, and encodes values
as bit patterns. Every finite value of every format is also a float64, so values are passed as float64 arrays whatever
their format.

Rounding contract: every conversion to a format rounds once, to nearest, ties to the value with an even last bit. The
result of `read` is the rounding of the exact number that the text denotes, not of its float64. A result beyond the
largest value overflows as `Format.overflow` says. A result below half of the smallest positive value is zero.

Sources:

    float64, float32, float16   binary64, binary32, binary16 of IEEE 754-2019
    bfloat16                    the upper 16 bits of binary32 (Intel, BFLOAT16 Hardware Numerics Definition, 2018)
    float8_e4m3fn, float8_e5m2  Micikevicius et al., FP8 Formats for Deep Learning, 2022, arXiv:2209.05433; e4m3fn has
                                no infinity, and one NaN per sign
    qM.N, uqM.N                 two's complement and unsigned fixed point in ARM's Q notation: M integer bits, without
                                the sign, and N fraction bits. The last bit is 2**-N and the range is 2**M, so either
                                may be negative: q-1.8 has 8 bits, from -0.5 to 0.49609375

NumPy is imported by the functions on arrays alone, since names and digits do not need it.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from actcli.number_text import exact_value, is_hexadecimal_integer, is_number, read_number

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

__all__ = ["FLOATS", "Format", "find_format"]

_FIXED_POINT = r"(u?)q(-?[0-9]{1,2})\.(-?[0-9]{1,2})"
_MAX_FIXED_BITS = 53
"""The widest fixed-point format: each of its values must be a float64."""
_MAX_COMPLETE_BITS = 16
"""The widest floating-point format whose values are listed by `every`."""
_SMALLEST_FLOAT64 = math.ulp(0.0)


class Format(NamedTuple):
    """A number format: `precision` significant bits, but no bit below 2**least_exponent.

    name            the name in options (`float32`, `q1.14`)
    width           bits of the encoding
    precision       significant bits, including the leading one; 64 in fixed point, more than any code needs
    least_exponent  the smallest positive value is 2**least_exponent
    largest         the largest finite value
    overflow        the result beyond `largest`: "inf", "nan" (float8_e4m3fn) or "saturate" (fixed point)
    smallest        the least finite value of a fixed-point format; None for -largest
    in_bits         whether texts are bit patterns (`0x3f80`) instead of digits
    """

    name: str
    width: int
    precision: int
    least_exponent: int
    largest: float
    overflow: str = "inf"
    smallest: float | None = None
    in_bits: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_fixed(self) -> bool:
        """Whether this is a fixed-point format."""
        return self.overflow == "saturate"

    @property
    def has_all(self) -> bool:
        """Whether all values can be listed (`every`): a floating-point format of at most 16 bits."""
        return self.width <= _MAX_COMPLETE_BITS and not self.is_fixed

    @property
    def step(self) -> float:
        """The smallest positive value."""
        return math.ldexp(1.0, self.least_exponent)

    @property
    def lowest(self) -> float:
        """The least finite value."""
        return -self.largest if self.smallest is None else self.smallest

    # --- reading -----------------------------------------------------------------------------------------------

    def is_number(self, text: str) -> bool:
        """Return whether `text` is a number, or with `in_bits` a bit pattern of exactly this width."""
        if self.in_bits:
            return re.fullmatch(rf"(?:0[xX])?[0-9a-fA-F]{{{self._hex_digits}}}", text) is not None
        return is_number(text)

    def refusal(self, text: str) -> str:
        """Return the rest of a message that begins with `text` if it cannot be read; "" if it can.

        A hexadecimal integer for a format narrower than float64 is refused, since it may be meant as a bit pattern.
        """
        if self.in_bits and not self.is_number(text):
            return f" is not a bit pattern of {self}: expected {self._hex_digits} hexadecimal digits"
        if not self.in_bits and not self.is_fixed and self.name != "float64" and is_hexadecimal_integer(text):
            return f" is a number or a bit pattern of {self}: use --bits, or append p0 for the number"
        if self.is_number(text):
            return ""
        is_pattern = not self.is_fixed and self._replace(in_bits=True).is_number(text)
        return " is not a number" + ": use --bits if it is a bit pattern" * is_pattern

    def read(self, text: str) -> float:
        """Return the number `text` rounded once to this format; a zero keeps its sign, except in fixed point.

        Raises ValueError if `text` is not a number.
        """
        if self.in_bits:
            return float(self.read_bits([text])[0])
        value = read_number(text)
        if self.name == "float64":
            return value
        if value == 0 or not math.isfinite(value):
            return self._special(value)
        return self.nearest(_to_odd(text, value))

    def nearest(self, value: float | Fraction) -> float:
        """Return a float or an exact number rounded once to this format; a zero is +0.0."""
        if isinstance(value, float) and not math.isfinite(value):
            return self._special(value)
        numerator, denominator = value.as_integer_ratio()
        size = abs(numerator)
        # The exponent of the last bit is this or one more: the quotient has `precision` bits or one more.
        exponent = size.bit_length() - denominator.bit_length() - self.precision
        quotient, remainder, divisor = _quotient(size, denominator, max(exponent, self.least_exponent))
        if quotient >> self.precision:
            exponent += 1
            quotient, remainder, divisor = _quotient(size, denominator, max(exponent, self.least_exponent))
        if 2 * remainder > divisor or (2 * remainder == divisor and quotient & 1):
            quotient += 1
        exponent = max(exponent, self.least_exponent)
        rounded = _scale(quotient, exponent)
        rounded = -rounded if numerator < 0 else rounded
        if self.is_fixed:
            return min(max(rounded, self.lowest), self.largest) + 0.0
        if abs(rounded) > self.largest:
            return self._special(math.copysign(math.inf, rounded))
        return rounded

    def _special(self, value: float) -> float:
        """Return a zero, an infinity or nan as this format has it."""
        if self.is_fixed:
            return 0.0 if math.isnan(value) else min(max(value, self.lowest), self.largest) + 0.0
        return math.nan if self.overflow == "nan" and math.isinf(value) else value

    # --- rounding ----------------------------------------------------------------------------------------------

    def round(self, high: Floats, low: Floats | None = None) -> Floats:
        """Round the unevaluated sum high + low once to this format, to nearest, ties to even.

        high, low  float64 arrays of one shape with high == fl(high + low); low is 0 by default
        returns    a float64 array of values of this format; nan stays nan (0 in fixed point); a zero has the sign of
                   `high`, except in fixed point
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
            past_tie = scaled - floor - 0.5
            if low is not None:
                # The sign of `low` decides ties, so a nonzero `low` must not underflow to 0 when scaled.
                outward = np.where(np.signbit(low) == np.signbit(high), 1.0, -1.0)
                scaled_low = np.maximum(np.ldexp(np.abs(low), -quantum), _SMALLEST_FLOAT64 * (low != 0))
                past_tie = past_tie + outward * scaled_low
            up = (past_tie > 0) | ((past_tie == 0) & (floor % 2 == 1))
            rounded = np.copysign(np.ldexp(floor + up, quantum), high)
        return self._bounded(np.where(finite, rounded, high))

    def _bounded(self, value: Floats) -> Floats:
        """Return multiples of the last bit, with those beyond the range overflowed or saturated."""
        import numpy as np

        if self.is_fixed:
            numbers = np.where(np.isnan(value), 0.0, value)
            return np.clip(numbers, self.lowest, self.largest) + 0.0
        overflows = np.abs(value) > self.largest
        return np.where(overflows, np.nan if self.overflow == "nan" else np.copysign(np.inf, value), value)

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, value: float) -> str:
        """Return the shortest digits that read back to `value`, in the notation of Python's repr (`3.0`, `1e-05`).

        For float32 these are the shortest that float32 reads back; for other formats, that float64 reads back.
        """
        if self.in_bits:
            import numpy as np

            return self.write_all(np.array([value]))[0]
        if self.name == "float32":
            import numpy as np

            return _repr_float32(np.float32(value))
        return repr(value)

    def write_all(self, values: Floats) -> list[str]:
        """Return `write` of each of `values`."""
        if self.in_bits:
            return [f"0x{text}" for text in self.hex(values)]
        if self.name == "float32":
            import numpy as np

            return list(map(_repr_float32, values.ravel().astype(np.float32)))
        return list(map(repr, values.ravel().tolist()))

    # --- bit patterns ------------------------------------------------------------------------------------------

    def bits(self, values: Floats) -> NDArray[np.uint64]:
        """Return the encodings of `values`, which must be values of this format; nan is the positive quiet nan."""
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
        # The leading bit of a normal number adds one to the exponent field, by the design of IEEE 754.
        code = ((exponent - self.least_exponent).astype(np.int64) << (self.precision - 1)) + significand
        code = np.where(np.isinf(values), self._infinity, np.where(np.isnan(values), self._nan, code))
        encoded: NDArray[np.uint64] = (code | (sign.astype(np.int64) << (self.width - 1))).astype(np.uint64)
        return encoded

    @property
    def _infinity(self) -> int:
        """The encoding of +inf, all exponent bits set; that of nan in float8_e4m3fn, which has no infinity."""
        if self.overflow == "nan":
            return self._nan
        return ((1 << (self.width - self.precision)) - 1) << (self.precision - 1)

    @property
    def _nan(self) -> int:
        """The encoding of the positive quiet nan."""
        if self.overflow == "nan":
            return (1 << (self.width - 1)) - 1
        return self._infinity | (1 << (self.precision - 2))

    def hex(self, values: Floats) -> list[str]:
        """Return the encodings of `values` in hexadecimal, with leading zeros up to the width, without a prefix."""
        return [f"{code:0{self._hex_digits}x}" for code in self.bits(values).ravel().tolist()]

    @property
    def _hex_digits(self) -> int:
        """The number of hexadecimal digits of an encoding."""
        return (self.width + 3) // 4

    def read_bits(self, texts: Sequence[str]) -> Floats:
        """Return the values that bit patterns in hexadecimal encode; raise ValueError if a text is not one."""
        import numpy as np

        for text in texts:
            if not self._replace(in_bits=True).is_number(text):
                raise ValueError(f"{text!r} is not a bit pattern of {self}")
        return self._decode(np.array([int(text, 16) for text in texts], dtype=np.uint64))

    def every(self) -> Floats:
        """Return every value of a 16- or 8-bit floating-point format, by ascending encoding from 0 to 2**width - 1."""
        import numpy as np

        return self._decode(np.arange(1 << self.width, dtype=np.uint64))

    def _decode(self, codes: NDArray[np.uint64]) -> Floats:
        """Return the values of a floating-point format with these encodings; every nan is the same quiet nan."""
        import numpy as np

        if self.name == "float64":
            values = codes.view(np.float64)
            return np.where(np.isnan(values), np.nan, values)
        magnitude = codes.astype(np.int64) & ((1 << (self.width - 1)) - 1)
        field = magnitude >> (self.precision - 1)
        significand = magnitude & ((1 << (self.precision - 1)) - 1)
        significand = np.where(field > 0, significand | (1 << (self.precision - 1)), significand)
        value = np.ldexp(significand.astype(np.float64), np.maximum(field - 1, 0) + self.least_exponent)
        value = np.where(magnitude >= self._infinity, np.nan, value)
        if self.overflow == "inf":
            value = np.where(magnitude == self._infinity, np.inf, value)
        return np.where(codes >> np.uint64(self.width - 1) == 1, -value, value)


def _repr_float32(value: np.float32) -> str:
    """Return the shortest digits of a float32 in Python's notation; NumPy's differs for 1e+15 and 1e-04."""
    # NumPy's digits are at most nine, so they are the shortest of their float64 too.
    return repr(float(str(value)))


def _to_odd(text: str, value: float) -> float:
    """Return the number `text` rounded to odd: itself if it is a float64, else the neighbour whose last bit is 1.

    Rounding the result to a format of at least two bits less rounds `text` once (Boldo and Melquiond, Emulation of FMA
    and Correctly Rounded Sums: Proved Algorithms Using Rounding to Odd, 2008, doi:10.1109/TC.2007.70819). `value` is
    the float64 nearest to `text`.
    """
    exact = exact_value(text)
    is_odd = struct.unpack("<q", struct.pack("<d", value))[0] & 1
    if is_odd or exact == value:
        return value
    return math.nextafter(value, math.inf if exact > value else -math.inf)


def _quotient(numerator: int, denominator: int, exponent: int) -> tuple[int, int, int]:
    """Return quotient, remainder and divisor of the integer division numerator / (denominator * 2**exponent)."""
    if exponent >= 0:
        denominator <<= exponent
    else:
        numerator <<= -exponent
    return *divmod(numerator, denominator), denominator


def _scale(significand: int, exponent: int) -> float:
    """Return significand * 2**exponent; inf on overflow."""
    try:
        return math.ldexp(significand, exponent)
    except OverflowError:
        return math.inf


FLOATS: dict[str, Format] = {
    f.name: f
    for f in (
        # name, width, precision, least exponent, largest value
        Format("float64", 64, 53, -1074, 1.7976931348623157e308),  # (2 - 2**-52) * 2**1023
        Format("float32", 32, 24, -149, 3.4028234663852886e38),  # (2 - 2**-23) * 2**127
        Format("float16", 16, 11, -24, 65504.0),  # (2 - 2**-10) * 2**15
        Format("bfloat16", 16, 8, -133, 3.3895313892515355e38),  # (2 - 2**-7) * 2**127
        Format("float8_e4m3fn", 8, 4, -9, 448.0, overflow="nan"),  # (2 - 2**-2) * 2**8: 480 would be the nan
        Format("float8_e5m2", 8, 3, -16, 57344.0),  # (2 - 2**-2) * 2**15
    )
}
"""The floating-point formats by name."""

_SHORT_NAMES = {
    **dict.fromkeys(("fp64", "f64", "double"), "float64"),
    **dict.fromkeys(("fp32", "f32", "single"), "float32"),
    **dict.fromkeys(("fp16", "f16", "half"), "float16"),
    "bf16": "bfloat16",
    **dict.fromkeys(("e4m3", "e4m3fn", "fp8_e4m3", "fp8_e4m3fn", "f8_e4m3", "f8e4m3fn"), "float8_e4m3fn"),
    **dict.fromkeys(("e5m2", "fp8_e5m2", "f8_e5m2", "f8e5m2"), "float8_e5m2"),
    **{f"q{bits}": f"q0.{bits}" for bits in (7, 15, 31)},  # as CMSIS-DSP names them
}
"""Names in other tools. `float` is missing, since it is float32 in C and float64 in Python; so is `fp8`."""


def find_format(name: str) -> Format:
    """Return the format called `name`, in any case.

    It is one of FLOATS, a short name (`bf16`, `q15`), or fixed point `qM.N` (1 + M + N bits) or `uqM.N` (M + N bits).

    Raises KeyError for any other name, and for fixed point of more than 53 bits.
    """
    name = _SHORT_NAMES.get(name.lower(), name.lower())
    if name in FLOATS:
        return FLOATS[name]
    match = re.fullmatch(_FIXED_POINT, name)
    if match is None:
        raise KeyError(name)
    unsigned, whole, fraction = match[1] == "u", int(match[2]), int(match[3])
    width = whole + fraction + (not unsigned)
    if not 1 <= width <= _MAX_FIXED_BITS:
        raise KeyError(name)
    largest = math.ldexp(2.0 ** (whole + fraction) - 1, -fraction)
    lowest = 0.0 if unsigned else -math.ldexp(1.0, whole)
    name = f"{match[1]}q{whole}.{fraction}"
    return Format(name, width, 64, -fraction, largest, overflow="saturate", smallest=lowest)
