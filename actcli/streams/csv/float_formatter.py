"""float64 -> the shortest digits that read back to it, as repr writes them, many numbers at once.

A number from 1e-4 to 1e4 is scaled by a power of ten to seventeen digits before the point, exactly, as the sum of
two doubles. The shortest digits are the nearest multiple of 100, of 10 or of 1 that lies within half a unit in the
last place: the first of these that there is. All other numbers are left to `Format.write`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Floats, Format
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets

    Words = NDArray[np.uint64]

__all__ = ["FIELD", "format_floats"]

FIELD = 32
"""The bytes of a field: delimiter, sign and four digits, right-aligned before a point, and 24 digits behind it."""

_LEAST, _BEYOND = 1e-4, 10000
_SPLIT = 134217729.0
_ZEROS = np.uint64(0x3030303030303030)
_HALVINGS = [
    # 10**8 into two numbers below 10**4, those into four below 100, those into eight digits: the base, its reciprocal
    # times a power of two, that power and how far the low part moves, the bits where the high parts are.
    (np.uint64(base), np.uint64(-(-(1 << shift) // base)), np.uint64(shift), np.uint64(move), np.uint64(mask))
    for base, shift, move, mask in (
        (10**4, 40, 32, 0xFFFFFFFF),
        (100, 20, 16, 0x0000007F0000007F),
        (10, 10, 8, 0x000F000F000F000F),
    )
]
_EXPONENTS = range(-14, 14)
"""The binary exponents of numbers in range."""


def _scale(x: float) -> int:
    """The power of ten that takes x to 10**16 or more, and below 10**17."""
    return next(16 - e for e in range(16, -6, -1) if x >= float(f"1e{e}"))


_SCALES = np.array([_scale(2.0**e) for e in _EXPONENTS])
# From here on, up to the next power of two, one less.
_NEXT = np.array([float(f"1e{17 - _scale(2.0**e)}") for e in _EXPONENTS])
_POWERS = np.array([10.0**i for i in range(23)])
_INTEGERS = np.array([10**i if i < 20 else 0 for i in range(23)], np.uint64)
_BIG = _SPLIT * _POWERS
_HIGH = _BIG - (_BIG - _POWERS)
_LOW = _POWERS - _HIGH


def format_floats(values: Floats, fields: Bytes, delimiter: int, fmt: Format) -> tuple[Offsets, Offsets]:
    """Write each of `values` into its row of `fields` (n, FIELD): the delimiter, then the digits.

    Returns where in its row each begins, and how long it is.
    """
    size = np.abs(values)
    negative = np.signbit(values)
    zero = size == 0
    sure = (size >= _LEAST) & (size < _BEYOND)
    size = np.where(sure, size, 1.0)
    digits, scale = _shortest(size)
    sure |= zero
    if fmt.name == "float32":
        sure[:] = False  # these have shorter digits

    whole = size.astype(np.int64)
    fraction = digits - whole.view(np.uint64) * _INTEGERS[scale]
    whole[zero] = 0
    parts = np.empty((3, values.size), np.uint64)
    np.floor_divide(fraction, _INTEGERS[scale - 8], out=parts[0])
    rest = (fraction - parts[0] * _INTEGERS[scale - 8]) * _INTEGERS[20 - scale]
    np.floor_divide(rest, np.uint64(10**4), out=parts[1])
    np.multiply(rest - parts[1] * np.uint64(10**4), np.uint64(10**4), out=parts[2])
    words = _eight_bytes(parts)
    behind = _bytes_to_last(words[2]) + 16
    for i in (1, 0):
        short = np.flatnonzero(behind <= 8 * i)
        behind[short] = _bytes_to_last(words[i][short]) + 8 * i
    np.maximum(behind, 1, out=behind)

    fronts, before = _fronts(delimiter)
    form = 2 * whole + negative
    out = fields.view(np.uint64)
    out[:, 0] = fronts[form]
    out[:, 1:] = (words | _ZEROS).T
    starts = before[form]
    lengths = 8 - starts + behind

    others = np.flatnonzero(~sure)
    if others.size:
        texts = [b"%c%b" % (delimiter, text.encode()) for text in fmt.write_all(values[others])]
        fields[others] = np.array(texts, f"S{FIELD}").view(np.uint8).reshape(-1, FIELD)
        starts[others] = 0
        lengths[others] = [len(text) for text in texts]
    return starts, lengths


def _shortest(x: Floats) -> tuple[Words, Any]:
    """The shortest digits of x, in range, as an integer of seventeen digits, and the power of ten in it.

    No step rounds. The scaled number is a multiple of 2**-46, so that what is left of it below 100 is a double. It
    lies half a unit from no multiple of 10: that half is an odd number times a negative power of two. As in repr, of
    two multiples that are as near the even one is taken. Powers of two, whose neighbours are not as far away on both
    sides, have no more than seventeen digits here and are themselves the nearest.
    """
    bits = x.view(np.int64)
    exponent = (bits >> 52) - (1023 + _EXPONENTS[0])
    scale = _SCALES[exponent] - (x >= _NEXT[exponent])
    power = _POWERS[scale]
    product = x * power
    big = _SPLIT * x
    high = big - (big - x)
    low = x - high
    lost = ((high * _HIGH[scale] - product) + high * _LOW[scale] + low * _HIGH[scale]) + low * _LOW[scale]

    integer = product.astype(np.uint64)  # nothing of 10**16 or more is behind the point
    hundreds = integer // np.uint64(100) * np.uint64(100)
    rest = (integer - hundreds).astype(np.float64) + lost
    half = (bits & (0x7FF << 52)).view(np.float64) * (power * 2.0**-53)

    chosen = np.rint(rest)
    for step in (10.0, 100.0):
        nearest = np.rint(rest / step) * step
        chosen = np.where(np.abs(rest - nearest) < half, nearest, chosen)
    return hundreds + chosen.astype(np.int64).view(np.uint64), scale


def _eight_bytes(number: Words) -> Words:
    """The eight digits of each number as bytes 0 to 9, the first the least significant byte of its word."""
    word = number
    for base, reciprocal, shift, move, mask in _HALVINGS:
        high = word * reciprocal
        high >>= shift
        high &= mask
        word = word - high * base
        word <<= move
        word |= high
    return word


def _bytes_to_last(word: Words) -> Offsets:
    """How many bytes there are up to the last that is not zero; less than -100 if all are."""
    exponent = word.astype(np.float64).view(np.int64)
    exponent >>= 52
    exponent -= 1023 - 8
    exponent >>= 3
    return exponent


@cache
def _fronts(delimiter: int) -> tuple[Words, Offsets]:
    """What stands before the digits behind the point, and where it begins, by 2 * whole part + whether negative."""
    whole = np.arange(_BEYOND).repeat(2)
    negative = np.arange(whole.size) % 2
    first = 6 - np.searchsorted([10, 100, 1000], whole, "right")  # of the digits, before which there may be a sign
    hidden = (8 * first).astype(np.uint64)
    words = (_eight_bytes(whole.astype(np.uint64)) | _ZEROS) >> np.uint64(8) >> hidden << hidden
    words |= np.uint64(ord(".")) << np.uint64(56)
    words |= (ord("-") * negative).astype(np.uint64) << hidden >> np.uint64(8)
    starts = first - negative - 1
    words |= np.uint64(delimiter) << (8 * starts).astype(np.uint64)
    return words, starts
