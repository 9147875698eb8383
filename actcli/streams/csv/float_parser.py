"""Decimal digits -> float64, many cells at once: the nearest number, or "not sure".

A cell is taken for sign, up to eight digits, a point and up to twenty digits. It is read eight digits at a time,
each eight a 64-bit word (D. Lemire, "Quickly parsing eight digits", 2018), to one integer N and the number f of
digits behind the point, and N / 10**f is divided in two doubles. Any other cell is not sure: whoever asks reads
it in the plain way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Bools, Floats
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets

    Words = NDArray[np.uint64]

__all__ = ["MARGIN", "parse_floats", "windows"]

MARGIN = 32
"""How many bytes `read_digits` may look at before a cell and behind it: they have to be there."""

_QUOTE, _MINUS = b'"-'
_MOST = 20
_INTEGERS = np.array([10**i if i < 20 else 0 for i in range(_MOST + 1)], np.uint64)
_POWERS = np.array([10.0**i for i in range(_MOST + 1)])
_LIMITS = np.array([_MOST + 1] * 8 + [0])
"""How many digits have to be fewer behind the point: none behind eight, as a point would have been among them."""
_LAST = np.array([[0] * (24 - i) + [255] * i for i in range(_MOST + 1)], np.uint8)
"""What leaves only the last so many of 24 bytes."""
_SPLIT = 134217729.0


def _word(byte: int) -> Any:
    """A word of eight such bytes."""
    return np.uint64(byte * 0x0101010101010101)


_ONES, _TOPS, _ZEROS, _POINTS = _word(0x01), _word(0x80), _word(0x30), _word(0x2E)
_SEVENTY_SIX = _word(0x76)
"""What takes a byte over 9 to 128 or more."""


def _halves(x: Floats) -> tuple[Floats, Floats]:
    """x in two parts of at most 26 bits (Veltkamp)."""
    big = _SPLIT * x
    high = big - (big - x)
    return high, x - high


_HIGH, _LOW = _halves(_POWERS)


def parse_floats(page: Bytes, starts: Offsets, ends: Offsets) -> tuple[Floats, Bools]:
    """The numbers that the cells page[starts:ends] spell, and which of them are sure.

    Of a quoted cell the inside counts. A cell that spells no number, or none at all, is not sure.
    """
    first = page[starts]
    quoted = first == _QUOTE
    if quoted.any():
        quoted &= (page[ends - 1] == _QUOTE) & (ends - starts > 1)
        starts, ends = starts + quoted, ends - quoted
        first = page[starts]
    minus = first == _MINUS
    starts = starts + minus
    length = ends - starts

    head = windows(page, 8)[starts].view(np.uint64)
    whole = np.minimum(_until_point(head), length)
    behind = length - whole - 1
    sure = (behind < _LIMITS[whole]) & (length > (whole == 0))
    np.clip(behind, 0, _MOST, out=behind)

    front = (head ^ _ZEROS) << (64 - 8 * whole).astype(np.uint64)
    parts = windows(page, 24)[ends - 24].view(np.uint64).reshape(-1, 3)
    parts ^= _ZEROS
    parts &= _LAST.view("V24")[behind].view(np.uint64).reshape(-1, 3)
    wrong = (parts + _SEVENTY_SIX) | parts
    wrong[:, 0] |= wrong[:, 1] | wrong[:, 2] | (front + _SEVENTY_SIX) | front
    sure &= (wrong[:, 0] & _TOPS) == 0

    front, (first, middle, last) = _eight_digits(front), _eight_digits(parts).T
    sure &= (first < 900) & (front.astype(np.float64) * _POWERS[behind] < 9e18)
    number = front * _INTEGERS[behind] + first * np.uint64(10**16) + middle * np.uint64(10**8) + last
    with np.errstate(invalid="ignore"):  # what is not sure may be any integer
        values = _quotients(number, behind)
    values.view(np.uint64)[:] |= minus.astype(np.uint64) << np.uint64(63)
    return values, sure


def windows(page: Bytes, size: int) -> Bytes:
    """Every `size` bytes in a row of `page` as one element."""
    return np.ndarray((page.size - size + 1,), f"V{size}", page.data, 0, (1,))


def _until_point(word: Words) -> Offsets:
    """How many bytes stand before the first point; 8 without one."""
    other = word ^ _POINTS
    zero = ((other - _ONES) & ~other & _TOPS) >> np.uint64(7)
    below = (zero & (~zero + np.uint64(1))) - np.uint64(1)
    return np.asarray(((below & _ONES) * _ONES) >> np.uint64(56)).astype(np.int64)


def _eight_digits(word: Words) -> Words:
    """The numbers that words of eight digits (as bytes 0 to 9, the first the least significant byte) spell."""
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


def _quotients(number: Words, behind: Offsets) -> Floats:
    """The doubles nearest to number / 10**behind.

    The quotient of the doubles next to them and what it leaves, divided again, are the exact quotient to 2**-104 of
    it. No quotient of integers below 2**63 and 10**20 is nearer than 2**-101 to the middle between two doubles, so
    their sum rounds as the exact quotient does.
    """
    high = number.astype(np.float64)
    power = _POWERS[behind]
    quotient = high / power
    low = (number - high.astype(np.uint64)).view(np.int64).astype(np.float64)
    left, right = _halves(quotient)
    power_left, power_right = _HIGH[behind], _LOW[behind]
    product = quotient * power
    lost = ((left * power_left - product) + left * power_right + right * power_left) + right * power_right
    nearest: Floats = quotient + (((high - product) - lost) + low) / power
    return nearest
