"""The arithmetic protocol of vector activations: reductions of a vector, besides the elementwise functions.

A number here is a whole vector, or an array of vectors along its last axis. A reduction keeps that axis, with length 1.
"""

from __future__ import annotations

from typing import Protocol

from actcli.core.arithmetic.protocol import Exact, N

__all__ = ["VectorArithmetic"]


class VectorArithmetic(Protocol[N]):
    """Elementwise functions and reductions of vectors of the kind N."""

    def number(self, value: Exact, /) -> N: ...
    def exp(self, x: N, /) -> N: ...
    def log1p(self, x: N, /) -> N: ...

    def top(self, x: N, /) -> N:
        """Return the largest element, the first of equals."""

    def hot(self, x: N, /) -> N:
        """Return 1 in the place of the largest element, the first of equals, and 0 elsewhere."""

    def others(self, terms: N, x: N, /) -> N:
        """Return the sum of `terms` without the one in the place of the largest element of x."""

    def total(self, x: N, /) -> N:
        """Return the sum of the elements."""

    def support(self, x: N, /) -> tuple[N, N]:
        """Return 1 for each element where sparsemax is positive and 0 elsewhere, and the number of ones."""
