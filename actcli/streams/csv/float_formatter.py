"""float64 -> the shortest digits that read back to it, as repr writes them, for many numbers at once.

A number from 1e-4 to 1e4 is scaled by a power of ten to seventeen digits before the point, exactly, as the sum of two
doubles. The shortest digits are the nearest multiple of 100, of 10 or of 1 that lies within half a unit in the last
place: the first of these that exists. All other numbers are left to `Format.write_all`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.error_free import two_prod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Floats, Format
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets

    Words = NDArray[np.uint64]

__all__ = ["FIELD", "format_floats"]

FIELD = 32
"""The bytes of a field: delimiter, sign and four digits, right-aligned before a point, and 24 decimal places."""

_MIN, _SUPREMUM = 1e-4, 10000
"""The range of the sizes that are formatted here: from _MIN to below _SUPREMUM."""
_ZEROS = np.uint64(0x3030303030303030)
_HALVINGS = [
    # 10**8 into two numbers below 10**4, those into four below 100, those into eight digits: the base, its reciprocal
    # times a power of two, that power, the shift of the low part, and the mask of the high parts.
    (np.uint64(base), np.uint64(-(-(1 << shift) // base)), np.uint64(shift), np.uint64(move), np.uint64(mask))
    for base, shift, move, mask in (
        (10**4, 40, 32, 0xFFFFFFFF),
        (100, 20, 16, 0x0000007F0000007F),
        (10, 10, 8, 0x000F000F000F000F),
    )
]
_EXPONENTS = range(-14, 14)
"""The binary exponents of numbers in the range."""


def _scale(x: float) -> int:
    """Return the exponent of the power of ten that takes x to 10**16 or more, and below 10**17."""
    return next(16 - e for e in range(16, -6, -1) if x >= float(f"1e{e}"))


_SCALES = np.array([_scale(2.0**e) for e in _EXPONENTS])
_SMALLER_SCALE_FROM = np.array([float(f"1e{17 - _scale(2.0**e)}") for e in _EXPONENTS])
"""From here up to the next power of two the scale is one less."""
_POWERS = np.array([10.0**i for i in range(23)])
_INTEGER_POWERS = np.array([10**i if i < 20 else 0 for i in range(23)], np.uint64)


def format_floats(values: Floats, fields: Bytes, delimiter: int, fmt: Format) -> tuple[Offsets, Offsets]:
    """Write each of `values` to its row of `fields` (n, FIELD): the delimiter, then the digits.

    Returns where in its row each starts, and its length.
    """
    size = np.abs(values)
    negative = np.signbit(values)
    zero = size == 0
    certain = (size >= _MIN) & (size < _SUPREMUM)
    size = np.where(certain, size, 1.0)
    digits, scale = _shortest(size)
    certain |= zero
    if fmt.name == "float32":
        certain[:] = False  # these have shorter digits

    whole = size.astype(np.int64)
    fraction = digits - whole.view(np.uint64) * _INTEGER_POWERS[scale]
    whole[zero] = 0
    parts = np.empty((3, values.size), np.uint64)
    np.floor_divide(fraction, _INTEGER_POWERS[scale - 8], out=parts[0])
    rest = (fraction - parts[0] * _INTEGER_POWERS[scale - 8]) * _INTEGER_POWERS[20 - scale]
    np.floor_divide(rest, np.uint64(10**4), out=parts[1])
    np.multiply(rest - parts[1] * np.uint64(10**4), np.uint64(10**4), out=parts[2])
    words = _eight_bytes(parts)
    places = _bytes_to_last_nonzero(words[2]) + 16
    for i in (1, 0):
        short = np.flatnonzero(places <= 8 * i)
        places[short] = _bytes_to_last_nonzero(words[i][short]) + 8 * i
    np.maximum(places, 1, out=places)

    fronts, before = _fronts(delimiter)
    form = 2 * whole + negative
    out = fields.view(np.uint64)
    out[:, 0] = fronts[form]
    out[:, 1:] = (words | _ZEROS).T
    starts = before[form]
    lengths = 8 - starts + places

    others = np.flatnonzero(~certain)
    if others.size:
        texts = [b"%c%b" % (delimiter, text.encode()) for text in fmt.write_all(values[others])]
        fields[others] = np.array(texts, f"S{FIELD}").view(np.uint8).reshape(-1, FIELD)
        starts[others] = 0
        lengths[others] = [len(text) for text in texts]
    return starts, lengths


def _shortest(x: Floats) -> tuple[Words, Any]:
    """Return the shortest digits of x, in the range, as an integer of seventeen digits, and the scale.

    No step rounds. The scaled number is a multiple of 2**-46, so its remainder modulo 100 is a double. It is never
    exactly half a unit from a multiple of 10, because that half is an odd number times a negative power of two. Of two
    equally near multiples the even one is taken, as in repr. Powers of two, whose neighbours are not equally far, have
    at most seventeen digits here and are themselves the nearest.
    """
    bits = x.view(np.int64)
    exponent = (bits >> 52) - (1023 + _EXPONENTS[0])
    scale = _SCALES[exponent] - (x >= _SMALLER_SCALE_FROM[exponent])
    power = _POWERS[scale]
    product, error = two_prod(x, power)

    integer = product.astype(np.uint64)  # a double of 10**16 or more is an integer
    hundreds = integer // np.uint64(100) * np.uint64(100)
    rest = (integer - hundreds).astype(np.float64) + error
    half = (bits & (0x7FF << 52)).view(np.float64) * (power * 2.0**-53)

    chosen = np.rint(rest)
    for step in (10.0, 100.0):
        nearest = np.rint(rest / step) * step
        chosen = np.where(np.abs(rest - nearest) < half, nearest, chosen)
    return hundreds + chosen.astype(np.int64).view(np.uint64), scale


def _eight_bytes(number: Words) -> Words:
    """Return the eight digits of each number as bytes 0 to 9, the first the least significant byte of its word."""
    word = number
    for base, reciprocal, shift, move, mask in _HALVINGS:
        high = word * reciprocal
        high >>= shift
        high &= mask
        word = word - high * base
        word <<= move
        word |= high
    return word


def _bytes_to_last_nonzero(word: Words) -> Offsets:
    """Return how many bytes there are up to the last nonzero one; less than -100 if all are zero."""
    exponent = word.astype(np.float64).view(np.int64)
    exponent >>= 52
    exponent -= 1023 - 8
    exponent >>= 3
    return exponent


@cache
def _fronts(delimiter: int) -> tuple[Words, Offsets]:
    """Return the first eight bytes of a field and where its text starts, by 2 * whole part + (number is negative)."""
    whole = np.arange(_SUPREMUM).repeat(2)
    negative = np.arange(whole.size) % 2
    first = 6 - np.searchsorted(
        [10, 100, 1000], whole, "right"
    )  # the position of the digits, before which there may be a sign
    hidden = (8 * first).astype(np.uint64)
    words = (_eight_bytes(whole.astype(np.uint64)) | _ZEROS) >> np.uint64(8) >> hidden << hidden
    words |= np.uint64(ord(".")) << np.uint64(56)
    words |= (ord("-") * negative).astype(np.uint64) << hidden >> np.uint64(8)
    starts = first - negative - 1
    words |= np.uint64(delimiter) << (8 * starts).astype(np.uint64)
    return words, starts
