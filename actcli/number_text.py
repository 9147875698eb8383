"""The text of a number: which texts are numbers, their nearest float64, and their exact value."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

__all__ = ["exact_number", "exact_value", "is_hexadecimal_integer", "is_number", "read_number"]

# What strtod of C99 (7.20.1.3) accepts.
_HEXADECIMAL = r"[+-]?0[xX](?:[0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?"
_MAX_DECIMAL_EXPONENT = 400
_MAX_BINARY_EXPONENT = 1400
"""Exponents that exact_number accepts. Beyond them no float64 is as large or small, and the integer may exhaust memory.
"""


def is_number(text: str) -> bool:
    """Return whether `text` is a number.

    Numbers are decimal (`-2`, `.5`, `1e-3`), C99 hexadecimal (`0x1.8p-3`), or `inf`, `infinity` or `nan` in any case,
    each with an optional sign. Underscores, thousands separators, decimal commas, blanks and non-ASCII digits are
    rejected.
    """
    return _is_plain(text) or _is_hexadecimal(text)


def _is_plain(text: str) -> bool:
    """Return whether `text` is a decimal number, inf or nan: what float() accepts, less its extensions."""
    if not text.isascii() or "_" in text or text != text.strip():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_hexadecimal(text: str) -> bool:
    return "x" in text.lower() and bool(re.fullmatch(_HEXADECIMAL, text))


def is_hexadecimal_integer(text: str) -> bool:
    """Return whether `text` is an unsigned hexadecimal integer, which may be meant as a bit pattern."""
    return "x" in text.lower() and bool(re.fullmatch(r"0[xX][0-9a-fA-F]+", text))


def read_number(text: str) -> float:
    """Return the float64 nearest to the number `text`; raise ValueError if it is not a number (see `is_number`)."""
    if _is_plain(text):
        return float(text)
    if _is_hexadecimal(text):
        try:
            return float.fromhex(text)
        except OverflowError:
            return -math.inf if text.startswith("-") else math.inf
    raise ValueError(f"{text!r} is not a number")


def exact_number(text: str) -> Fraction | None:
    """Return the exact value of the number `text`; None if it is not a finite number.

    None also for a decimal exponent beyond +-400 or a binary one beyond +-1400.
    """
    from decimal import Decimal
    from fractions import Fraction

    if _is_plain(text):
        # Decimal has no limit on digits; int() refuses more than 4300.
        if _is_beyond(text.lower().partition("e")[2], _MAX_DECIMAL_EXPONENT) or not Decimal(text).is_finite():
            return None
        return Fraction(Decimal(text))
    if _is_hexadecimal(text):
        return None if _is_beyond(text.lower().partition("p")[2], _MAX_BINARY_EXPONENT) else Fraction(exact_value(text))
    return None


def _is_beyond(exponent: str, limit: int) -> bool:
    """Return whether the exponent exceeds the limit in size, without converting a long one to an int."""
    digits = exponent.lstrip("+-0")
    return len(digits) > 4 or int(digits or 0) > limit


def exact_value(text: str) -> Decimal | Fraction:
    """Return the exact value of `text`, which must be a finite number."""
    if _is_hexadecimal(text):
        from fractions import Fraction

        digits, _, power = text.lower().lstrip("+-").removeprefix("0x").partition("p")
        whole, _, fraction = digits.partition(".")
        magnitude = Fraction(int(whole + fraction, 16)) * Fraction(2) ** (int(power or 0) - 4 * len(fraction))
        return -magnitude if text.startswith("-") else magnitude
    from decimal import Decimal

    return Decimal(text)
