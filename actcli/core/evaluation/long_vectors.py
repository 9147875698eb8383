"""Long vectors: their reductions computed once and exactly enough, then the function element by element.

    vector --> top, sum of exponentials or support (linear, or n log n) --> escalation of single elements

A formula is first run on a `_Probe`, which records the reduction that the formula asks for. It then sees one element at
a time, or an array of elements, in an arithmetic that answers `m.top(x)`, `m.others(...)`, `m.support(x)` and
`m.total(...)` by the recorded numbers. So an element that a double-double leaves undecided escalates alone. Without
this the whole vector would, and one element in about 10^5 is undecided.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.arbitrary_precision import try_lowest_precision
from actcli.core.evaluation.escalation import correctly_rounded
from actcli.core.evaluation.exponential_sum import ExponentialSum, exponential_sum
from actcli.core.evaluation.sparsemax_support import sparsemax_support

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Floats, Format

    Formula = Callable[[Any, Any], Any]
    """A vector activation with its parameters bound, of an arithmetic and a vector."""

__all__ = ["dominant_sign", "evaluate_long"]


def evaluate_long(formula: Formula, x: Floats, fmt: Format) -> Floats | None:
    """Return the formula at a vector of finite numbers, correctly rounded to fmt; None where that is undecided."""
    probe = _Probe()
    try:
        formula(probe, _Vector(x))
    except (Undecided, _UnknownReductionError):
        return None
    reductions: Any = probe.reductions
    undecided = False

    def finish(indices: NDArray[np.intp]) -> Floats:
        nonlocal undecided
        results = [reductions.round(formula, value, fmt) for value in x[indices].tolist()]
        undecided |= None in results
        return np.array(results, dtype=np.float64)

    with np.errstate(all="ignore"):
        out = correctly_rounded(
            formula,
            [x],
            fmt,
            finish,
            double_double=_DoubleDoubles(reductions),
            scaled=lambda: _Scaled(reductions),
        )
    return None if undecided else out


def dominant_sign(formula: Formula) -> int:
    """Return the sign of the infinity beside which all finite elements vanish; 0 for a formula that is not known."""
    probe = _Probe()
    with suppress(Undecided, _UnknownReductionError):  # a later step of the formula may be unknown
        formula(probe, _Vector(np.array([0.0, 1.0])))
    return 0 if probe.reductions is None else 1 if probe.reductions.top == 1 else -1


# --- the reductions of a vector --------------------------------------------------------------------------------------


class _UnknownReductionError(Exception):
    """The formula uses a reduction that is not prepared for long vectors."""


class _Symbol:
    """Any number that a formula computes from a vector and its reductions; only operators matter."""

    def _symbol(self, *_: Any) -> _Symbol:
        return _Symbol()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _symbol


class _Vector(_Symbol):
    """The vector itself, or its negative."""

    def __init__(self, x: Floats) -> None:
        self.x = x

    def __neg__(self) -> _Vector:
        return _Vector(-self.x)

    def __sub__(self, other: Any) -> _Symbol:
        return _Exponents(Fraction(1)) if isinstance(other, _Top) else _Symbol()


class _Top(_Symbol):
    """The largest element of the vector."""


class _Exponents(_Symbol):
    """(x - top) / tau, or e to that power."""

    def __init__(self, tau: Fraction) -> None:
        self.tau = tau

    def __truediv__(self, other: Any) -> _Symbol:
        return _Exponents(self.tau * other) if isinstance(other, Fraction) else _Symbol()


class _Probe:
    """An arithmetic that finds out which reductions of the vector a formula uses, and computes them."""

    reductions: _Exponentials | _Support | None = None

    def number(self, value: Any) -> Fraction:
        return Fraction(value)

    def top(self, x: Any) -> Any:
        return _Top()

    def exp(self, x: Any) -> Any:
        return x

    def log1p(self, x: Any) -> Any:
        return x

    def others(self, terms: Any, x: Any) -> Any:
        if not (isinstance(terms, _Exponents) and isinstance(x, _Vector)):
            raise _UnknownReductionError
        self.reductions = _Exponentials(x.x, terms.tau)
        return _Symbol()

    def support(self, x: Any) -> Any:
        self.reductions = _Support(x.x)
        return _Symbol(), _Symbol()

    def total(self, terms: Any) -> Any:
        return _Symbol()

    def __getattr__(self, name: str) -> Any:
        raise _UnknownReductionError


class _Exponentials:
    """The largest element, and the sum of the other elements' exponentials."""

    def __init__(self, x: Floats, tau: Fraction) -> None:
        largest = int(x.argmax())
        self.top = float(x[largest])
        self.sum: ExponentialSum = exponential_sum(np.delete(x, largest), self.top, tau)

    def round(self, formula: Formula, value: float, fmt: Format) -> float | None:
        """Return the result at one element of this value, correctly rounded; None if it is undecided."""
        return try_lowest_precision(lambda m, x: formula(_Balls(m, self), x), value, fmt)


class _Support:
    """The largest element, and the support of sparsemax: its least element, its size, and its exact sum."""

    def __init__(self, x: Floats) -> None:
        self.top = float(x.max())
        self.least, self.size, self.total = sparsemax_support(x)

    def round(self, formula: Formula, value: float, fmt: Format) -> float:
        """Return the result at one element of this value, correctly rounded from the exact one."""
        return fmt.nearest(formula(_Exact(self), Fraction(value)))


# --- the arithmetics of elements -------------------------------------------------------------------------------------


class _Elements:
    """The reductions in an arithmetic of arrays, as arrays of length 1, which its functions accept."""

    kind: Any

    def __init__(self, reductions: Any) -> None:
        super().__init__()
        self._reductions = reductions

    def top(self, x: Any) -> Any:
        return self.kind.from_float(np.array([self._reductions.top]))

    def others(self, terms: Any, x: Any) -> Any:
        known: ExponentialSum = self._reductions.sum
        return self._enclosed(known.mantissa, known.error) * self.exp(self._enclosed(known.shift, Fraction(0)))  # type: ignore[attr-defined]

    def support(self, x: Any) -> tuple[Any, Any]:
        inside = (x.value >= self._reductions.least) * 1.0
        return self.kind.from_float(inside), self._enclosed(Fraction(self._reductions.size), Fraction(0))

    def total(self, terms: Any) -> Any:
        return self._enclosed(self._reductions.total, Fraction(0))

    @abstractmethod
    def _enclosed(self, middle: Fraction, error: Fraction) -> Any:
        """Return an array of one number with this error bound."""


class _DoubleDoubles(_Elements, DoubleDoubleArithmetic):
    kind = DoubleDouble

    def _enclosed(self, middle: Fraction, error: Fraction) -> DoubleDouble:
        near = DoubleDouble.from_rational(middle)
        rel_err = near.rel_err + (float(error / abs(middle)) if error else 0.0)
        exact = None if near.exact_float is None or error else near.exact_float[np.newaxis]
        return DoubleDouble(near.hi[np.newaxis], near.lo[np.newaxis], rel_err, None, near.sign, exact)


class _Scaled(_Elements, ScaledDDArithmetic):
    kind = ScaledDD

    def _enclosed(self, middle: Fraction, error: Fraction) -> ScaledDD:
        near = ScaledDD.from_rational(middle)
        fields: list[Any] = [near.hi, near.lo, near.exponent, near.rem_lo, near.rem_hi]
        hi, lo, exponent, rem_lo, rem_hi = (field[np.newaxis] for field in fields)
        number = ScaledDD(hi, lo, exponent, rem_lo, rem_hi, near.denominator)
        if not error:
            return number
        # The digits and the remainder are the numerator, in units of 2^exponent.
        bound = float(error * near.denominator / Fraction(2) ** int(near.exponent)) * (1 + 2.0**-50)
        return number.add_error(-bound, bound)


class _Balls:
    """The reductions of exponentials in arbitrary precision, for a single element."""

    def __init__(self, base: Any, reductions: _Exponentials) -> None:
        self._base = base
        self._reductions = reductions

    def top(self, x: Ball) -> Any:
        return self._base.number(Fraction(self._reductions.top))

    def others(self, terms: Ball, x: Ball) -> Any:
        known = self._reductions.sum
        error: Ball = self._base.number(known.error)
        mantissa: Ball = self._base.number(known.mantissa)
        mantissa = mantissa.add_error(error.endpoints()[1])
        return mantissa * self._base.exp(self._base.number(known.shift))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)


class _Exact:
    """The reductions of sparsemax in exact arithmetic, for a single element."""

    def __init__(self, reductions: _Support) -> None:
        self._reductions = reductions

    def number(self, value: int) -> Fraction:
        return Fraction(value)

    def support(self, x: Fraction) -> tuple[int, Fraction]:
        return int(x >= Fraction(self._reductions.least)), Fraction(self._reductions.size)

    def total(self, terms: Fraction) -> Fraction:
        return self._reductions.total
