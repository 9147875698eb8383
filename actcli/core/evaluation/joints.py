"""Joints: the points where the pieces of a formula meet, found by running it on a linear function of x.

Every comparison of a linear function is recorded with the point where it changes, and every piece is run. What is not
linear is opaque: a comparison of it is not recorded, as gelu(x) > 1 of a clipped gelu, whose point is no rational
number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actcli.core.catalogue.parameters import Value

__all__ = ["joints"]


class _Part:
    """A part of a formula: slope x + offset, its absolute value, or an opaque function of x (slope None)."""

    def __init__(
        self,
        found: set[Fraction],
        slope: Fraction | None = None,
        offset: Fraction = Fraction(0),
        *,
        is_magnitude: bool = False,
    ) -> None:
        self.found = found
        self.slope = slope
        self.offset = offset
        self.is_magnitude = is_magnitude

    def _like(self, slope: Fraction | None, offset: Fraction) -> _Part:
        return _Part(self.found, None if self.is_magnitude else slope, offset)

    def __neg__(self) -> _Part:
        return self * -1

    def __pos__(self) -> _Part:
        return self

    def __abs__(self) -> _Part:
        self._record(Fraction(0))
        return _Part(self.found, self.slope, self.offset, is_magnitude=True)

    def __add__(self, other: Any) -> _Part:
        if self.slope is None or (isinstance(other, _Part) and (other.slope is None or other.is_magnitude)):
            return _Part(self.found)
        if isinstance(other, _Part):
            return self._like(self.slope + (other.slope or 0), self.offset + other.offset)
        return self._like(self.slope, self.offset + other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> _Part:
        return self + (-other)

    def __rsub__(self, other: Any) -> _Part:
        return (-self) + other

    def __mul__(self, other: Any) -> _Part:
        if self.slope is None or isinstance(other, _Part):
            return _Part(self.found)
        return self._like(self.slope * other, self.offset * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> _Part:
        return _Part(self.found) if isinstance(other, _Part) else self * (1 / Fraction(other))

    def __rtruediv__(self, other: Any) -> _Part:
        return _Part(self.found)

    def __pow__(self, exponent: int) -> _Part:
        return self if exponent == 1 else _Part(self.found)

    def _record(self, other: Any) -> bool:
        """Record where self - other is 0."""
        limits = [Fraction(other), -Fraction(other)] if self.is_magnitude and not isinstance(other, _Part) else [other]
        for limit in limits:
            difference = _Part(self.found, self.slope, self.offset) - limit
            if difference.slope:
                self.found.add(-difference.offset / difference.slope)
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _record


class _Recorder:
    """The arithmetic of parts: a function of x is opaque, and all pieces are run."""

    def __init__(self, found: set[Fraction]) -> None:
        self.found = found
        self.pi = _Part(found)

    def number(self, value: Fraction) -> Fraction:
        """Return an exact number as it is."""
        return value

    def abs(self, x: Any) -> Any:
        """Return |x|, which has two pieces."""
        return abs(x)

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """Run all pieces."""
        results = [(case[1] if isinstance(case, tuple) else case)(x) for case in cases]
        return results[0] if len(results) == 1 else _Part(self.found)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *x: _Part(self.found)


def joints(f: Callable[..., Any], arguments: Mapping[str, Value]) -> tuple[Fraction, ...]:
    """Return the rational points where pieces of f(m, x, **arguments) meet, in ascending order.

    Numerically motivated pieces of a smooth function are included.
    """
    found: set[Fraction] = set()
    f(
        _Recorder(found),
        _Part(found, Fraction(1)),
        **{name: value for name, value in arguments.items() if name != "axis"},
    )
    return tuple(sorted(found))
