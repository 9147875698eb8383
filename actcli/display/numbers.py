"""Numbers for a person: so many significant digits, and decimal points under each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["aligned", "significant"]

_WHOLE = re.compile(r"[+-]?(?:[0-9]+(?=[.eE])|(?=\.[0-9]))", re.ASCII)


def significant(value: float, digits: int) -> str:
    """`value` rounded to `digits` significant decimal digits, trailing zeros dropped.

    Written with an exponent (`1e-05`, `6.5504e+12`) where that is below -4 or not below `digits`, so that no
    digit is printed that is not known. Zero is `0` or `-0`; the others are `nan`, `inf`, `-inf`.

    Raises ValueError if `digits` is not positive.
    """
    if digits < 1:
        raise ValueError(f"{digits} significant digits: there must be at least 1")
    return f"{value:.{digits}g}"


def aligned(texts: Sequence[str]) -> list[str]:
    """`texts` padded with spaces to one width so that their decimal points stand under each other.

    A whole number ends where the others' points stand, an exponent follows its digits, and anything else
    (`nan`, `inf`, an empty cell) ends where the whole numbers end.
    """
    pairs = [(text, _whole(text)) for text in texts]
    before = max((whole for _, whole in pairs), default=0)
    width = before + max((len(text) - whole for text, whole in pairs), default=0)
    return [text.rjust(before + len(text) - whole).ljust(width) for text, whole in pairs]


def _whole(text: str) -> int:
    """The length of what stands before the decimal point, else before the exponent, else of all."""
    match = _WHOLE.match(text)
    return match.end() if match else len(text)
