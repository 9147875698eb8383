"""Numbers for people: significant digits, and alignment at the decimal point."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["aligned", "significant"]

_INTEGER_PART = re.compile(r"[+-]?(?:[0-9]+(?=[.eE])|(?=\.[0-9]))", re.ASCII)


def significant(value: float, digits: int) -> str:
    """Return `value` rounded to `digits` significant decimal digits, without trailing zeros.

    An exponent below -4 or from `digits` on is written (`1e-05`, `6.5504e+12`), so that all printed digits are
    significant. Zero is `0` or `-0`; the other special values are `nan`, `inf`, `-inf`.

    Raises ValueError if `digits` is not positive.
    """
    if digits < 1:
        raise ValueError(f"digits must be at least 1, not {digits}")
    return f"{value:.{digits}g}"


def aligned(texts: Sequence[str]) -> list[str]:
    """Return `texts` padded with spaces to one width, their decimal points aligned.

    Integers end left of the decimal point, an exponent follows its digits, and any other text (`nan`, `inf`, an empty
    cell) ends where the integers end.
    """
    pairs = [(text, _integer_length(text)) for text in texts]
    before = max((length for _, length in pairs), default=0)
    width = before + max((len(text) - length for text, length in pairs), default=0)
    return [text.rjust(before + len(text) - length).ljust(width) for text, length in pairs]


def _integer_length(text: str) -> int:
    """Return the length of the part before the decimal point or the exponent; of all if there is neither."""
    match = _INTEGER_PART.match(text)
    return match.end() if match else len(text)
