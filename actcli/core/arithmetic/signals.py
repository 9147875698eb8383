"""Undecided results: the exceptions that say why an evaluation has no result, and comparisons that raise them.

The signals are caught inside the package and never shown to a user; like StopIteration, they are not errors.
"""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar

__all__ = ["ComparedBySign", "ExponentOverflow", "OrderedBySign", "OutsideDomain", "Relation", "Undecided"]

T = TypeVar("T")

Relation: TypeAlias = Callable[[Any, int], Any]
"""A comparison operator of the module `operator`, which compares signs (an int or an array) with 0."""


class Undecided(ArithmeticError):
    """A comparison, sign or rounding that the error bounds at this precision do not decide."""


class OutsideDomain(ArithmeticError):
    """A function of a number that is certainly outside its domain: log(-1), sqrt(-1), 1/0."""


class ExponentOverflow(ArithmeticError):
    """A number, or its bound, beyond what can be stored: e^x for x > 10^17, or beyond 10^(10^18)."""


class OrderedBySign(Generic[T]):
    """Mixin of the four order comparisons, for numbers that are compared by the sign of their difference.

    A subclass defines `_compare`. It applies the relation to the sign of self - other and to 0, raises Undecided where
    the error bounds do not decide that, and returns NotImplemented for an `other` of a foreign type. The result is a
    bool, or an array of bools for arrays.
    """

    __slots__ = ()

    @abstractmethod
    def _compare(self, other: object, relation: Relation, /) -> T:
        """Return relation(sign of self - other, 0)."""

    def __lt__(self, other: object, /) -> T:
        return self._compare(other, operator.lt)

    def __le__(self, other: object, /) -> T:
        return self._compare(other, operator.le)

    def __gt__(self, other: object, /) -> T:
        return self._compare(other, operator.gt)

    def __ge__(self, other: object, /) -> T:
        return self._compare(other, operator.ge)


class ComparedBySign(OrderedBySign[bool]):
    """Mixin of all six comparisons, for single numbers whose difference can have one or several signs."""

    __slots__ = ()

    @abstractmethod
    def _signs_of_difference(self, other: object) -> tuple[int, ...] | None:
        """Return the signs that self - other can have, or None if `other` is not a number of this kind."""

    def _compare(self, other: object, relation: Relation, /) -> bool:
        signs = self._signs_of_difference(other)
        if signs is None:
            foreign: bool = NotImplemented
            return foreign
        answers = {relation(sign, 0) for sign in signs}
        if len(answers) > 1:
            raise Undecided("the numbers overlap")
        return bool(answers.pop())

    def __eq__(self, other: object, /) -> bool:
        return self._compare(other, operator.eq)

    def __ne__(self, other: object, /) -> bool:
        return self._compare(other, operator.ne)

    __hash__ = None  # type: ignore[assignment]  # numbers that may overlap have no hash consistent with ==
