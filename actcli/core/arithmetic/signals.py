"""Undecided results: the exceptions that say why an evaluation has no result, and comparisons that raise them.

The signals are caught inside the package and never shown to a user; like StopIteration, they are not errors.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Bools, Floats

__all__ = ["ExponentOverflow", "OrderedBySign", "OutsideDomain", "Relation", "Undecided"]

Relation = Callable[["Floats", int], "Bools"]
"""A comparison operator of the module `operator`: lt, le, gt or ge."""


class Undecided(ArithmeticError):
    """A comparison, sign or rounding that the error bounds at this precision do not decide."""


class OutsideDomain(ArithmeticError):
    """A function of a number that is certainly outside its domain: log(-1), sqrt(-1), 1/0."""


class ExponentOverflow(ArithmeticError):
    """A number, or its bound, beyond what can be stored: e^x for x > 10^17, or beyond 10^(10^18)."""


class OrderedBySign:
    """Mixin of the four order comparisons, for arrays of numbers that are compared by the sign of their difference.

    A subclass defines `_compare`. It applies the relation to the sign of self - other and to 0, raises Undecided where
    the error bounds do not decide that, and returns NotImplemented for an `other` of a foreign type.
    """

    __slots__ = ()

    def _compare(self, other: object, relation: Relation, /) -> Bools:
        """Return relation(sign of self - other, 0)."""
        raise NotImplementedError

    def __lt__(self, other: object, /) -> Bools:
        return self._compare(other, operator.lt)

    def __le__(self, other: object, /) -> Bools:
        return self._compare(other, operator.le)

    def __gt__(self, other: object, /) -> Bools:
        return self._compare(other, operator.gt)

    def __ge__(self, other: object, /) -> Bools:
        return self._compare(other, operator.ge)
