"""Results that were computed in a narrower format than the one they are checked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["NarrowResults"]

_MIN_EXACT_ROWS = 3
"""A float64 is a float32 by chance in one of 2**29 cases."""
_MIN_DIGIT_ROWS = 6
"""A decimal of 8 digits is the shortest text of a float32 by chance in three of ten cases, one of 9 in three of 100."""
_MIN_DIGITS = 8
"""Every decimal of fewer digits is the shortest text of a float32 (nearly)."""
_PROBE = 32
"""Rows that are looked at before all others, since digits are written one by one."""


class NarrowResults:
    """Decides whether given float64 results are numbers of a narrower format.

    Only rows where the correctly rounded result is no such number are evidence: results that happen to be short, as
    those of relu, are none. Small integers are none either.
    """

    def __init__(self) -> None:
        # Narrowest first: a bfloat16 is a float32 too.
        self._exact = {FLOATS[name]: 0 for name in ("bfloat16", "float16", "float32")}
        self._digits: int | None = 0

    @property
    def format(self) -> Format | None:
        """The format that all results have, float64 not being required by any; None without evidence."""
        for fmt, rows in self._exact.items():
            if rows >= _MIN_EXACT_ROWS:
                return fmt
        return FLOATS["float32"] if self._digits is not None and self._digits >= _MIN_DIGIT_ROWS else None

    def add(self, y: Floats, exact: Floats) -> None:
        """Add results, and the correctly rounded ones."""
        for fmt in list(self._exact):
            if _has_all(y, fmt):
                long = fmt._replace(precision=fmt.precision // 2).round(y) != y
                self._exact[fmt] += int((np.isfinite(y) & long & (fmt.round(exact) != exact)).sum())
            else:
                del self._exact[fmt]
        if self._digits is not None:
            is_short = bool(_is_shortest(y[:_PROBE]).all()) and bool(_is_shortest(y[_PROBE:]).all())
            self._digits = self._digits + _long_digits(y[y != exact]) if is_short else None


def _has_all(y: Floats, fmt: Format) -> bool:
    rounded = fmt.round(y)
    return bool(((rounded == y) | np.isnan(y)).all())


def _is_shortest(y: Floats) -> Bools:
    """Return which numbers are the shortest digits of a float32."""
    fmt = FLOATS["float32"]
    values = np.array([float(text) for text in fmt.write_all(fmt.round(y))])
    matches: Bools = (values == y) | np.isnan(y)
    return matches


def _long_digits(y: Floats) -> int:
    """Return how many of the numbers have digits enough to tell."""
    digits = (text.partition("e")[0].replace(".", "").strip("-0") for text in map(repr, y[np.isfinite(y)].tolist()))
    return sum(len(text) >= _MIN_DIGITS for text in digits)
