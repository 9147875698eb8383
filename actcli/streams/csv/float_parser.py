"""Decimal digits -> float64, for many cells at once: the nearest float64, or undecided.

A cell is parsed as sign, up to eight digits, a point and up to twenty digits. Its digits are read eight at a time, each
eight as a 64-bit word (D. Lemire, "Quickly parsing eight digits", 2018), into an integer N and the number f of decimal
places, and N / 10**f is rounded once. Other cells are undecided: the caller parses them one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.error_free import two_prod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Bools, Floats
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets

    Words = NDArray[np.uint64]

__all__ = ["MARGIN", "parse_floats", "windows"]

MARGIN = 32
"""How many bytes before and after a cell `parse_floats` may read: they must exist."""

_QUOTE, _MINUS = b'"-'
_MAX_DECIMAL_PLACES = 20
_INTEGER_POWERS = np.array([10**i if i < 20 else 0 for i in range(_MAX_DECIMAL_PLACES + 1)], np.uint64)
_POWERS = np.array([10.0**i for i in range(_MAX_DECIMAL_PLACES + 1)])
_TOO_MANY_PLACES = np.array([_MAX_DECIMAL_PLACES + 1] * 8 + [0])
"""By the number of digits before the point, how many decimal places are too many. A cell without a point among its
first eight bytes has none: there the number of places must be negative."""
_LAST_BYTES = np.array([[0] * (24 - i) + [255] * i for i in range(_MAX_DECIMAL_PLACES + 1)], np.uint8)
"""Masks that select the last i of 24 bytes."""


def _repeat_byte(byte: int) -> Any:
    """Return the word of eight such bytes."""
    return np.uint64(byte * 0x0101010101010101)


_ONES, _HIGH_BITS, _ZEROS, _POINTS = _repeat_byte(0x01), _repeat_byte(0x80), _repeat_byte(0x30), _repeat_byte(0x2E)
_ABOVE_NINE = _repeat_byte(0x76)
"""Added to a byte, sets its high bit if the byte is above 9."""


def parse_floats(page: Bytes, starts: Offsets, ends: Offsets) -> tuple[Floats, Bools]:
    """Return the numbers in the cells page[starts:ends], and which of them are certain.

    Quotes around a cell are ignored. A non-numeric or empty cell is undecided.
    """
    first = page[starts]
    quoted = first == _QUOTE
    if quoted.any():
        quoted &= (page[ends - 1] == _QUOTE) & (ends - starts > 1)
        starts, ends = starts + quoted, ends - quoted
        first = page[starts]
    negative = first == _MINUS
    starts = starts + negative
    length = ends - starts

    head = windows(page, 8)[starts].view(np.uint64)
    whole = np.minimum(_bytes_before_point(head), length)
    places = length - whole - 1
    certain = (places < _TOO_MANY_PLACES[whole]) & (length > (whole == 0))
    np.clip(places, 0, _MAX_DECIMAL_PLACES, out=places)

    front = (head ^ _ZEROS) << (64 - 8 * whole).astype(np.uint64)
    parts = windows(page, 24)[ends - 24].view(np.uint64).reshape(-1, 3)
    parts ^= _ZEROS
    parts &= _LAST_BYTES.view("V24")[places].view(np.uint64).reshape(-1, 3)
    non_digits = (parts + _ABOVE_NINE) | parts
    non_digits[:, 0] |= non_digits[:, 1] | non_digits[:, 2] | (front + _ABOVE_NINE) | front
    certain &= (non_digits[:, 0] & _HIGH_BITS) == 0

    front, (first, middle, last) = _eight_digits(front), _eight_digits(parts).T
    certain &= (first < 900) & (front.astype(np.float64) * _POWERS[places] < 9e18)  # N is below 2**63
    number = front * _INTEGER_POWERS[places] + first * np.uint64(10**16) + middle * np.uint64(10**8) + last
    with np.errstate(invalid="ignore"):  # an undecided cell may give any integer
        values = _quotients(number, places)
    values.view(np.uint64)[:] |= negative.astype(np.uint64) << np.uint64(63)
    return values, certain


def windows(page: Bytes, size: int) -> Bytes:
    """Return a view of `page` whose element i is the bytes i ... i + size - 1."""
    return np.ndarray((page.size - size + 1,), f"V{size}", page.data, 0, (1,))


def _bytes_before_point(word: Words) -> Offsets:
    """Return how many bytes precede the first point; 8 without a point."""
    difference = word ^ _POINTS
    zero = ((difference - _ONES) & ~difference & _HIGH_BITS) >> np.uint64(7)
    below = (zero & (~zero + np.uint64(1))) - np.uint64(1)
    return np.asarray(((below & _ONES) * _ONES) >> np.uint64(56)).astype(np.int64)


def _eight_digits(word: Words) -> Words:
    """Return the numbers whose eight digits are bytes 0 to 9 of a word, the first the least significant byte."""
    pairs = word >> np.uint64(8)
    pairs += word * np.uint64(10)
    odd = pairs & np.uint64(0x000000FF000000FF)
    odd *= np.uint64(100 + (1000000 << 32))
    pairs >>= np.uint64(16)
    pairs &= np.uint64(0x000000FF000000FF)
    pairs *= np.uint64(1 + (10000 << 32))
    pairs += odd
    pairs >>= np.uint64(32)
    return pairs


def _quotients(number: Words, places: Offsets) -> Floats:
    """Return the float64 nearest to number / 10**places.

    The quotient of the rounded operands plus its remainder, divided again, is the exact quotient with a relative
    error below 2**-104. A quotient of integers below 2**63 and 10**20 is at least 2**-101 from the midpoint of two
    float64 values, so the sum rounds as the exact quotient does.
    """
    high = number.astype(np.float64)
    power = _POWERS[places]
    quotient = high / power
    low = (number - high.astype(np.uint64)).view(np.int64).astype(np.float64)
    product, error = two_prod(quotient, power)
    nearest: Floats = quotient + (((high - product) - error) + low) / power
    return nearest
