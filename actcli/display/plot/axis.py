"""Axes: the position of a value, and the round numbers along an axis."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Scale", "Tick", "tick_choices"]

_MAX_FRACTION = 1e6
"""Positions are limited to this many axis lengths from the axis."""
_MAX_PLAIN_CHARS = 6
"""Labels up to this length are written without an exponent, which is easier to read."""

# --- the cost of a choice of ticks; the lowest total is best -------------------------------------------------
_STEPS = ((1, 0, 0.0), (2, 0, 0.05), (25, -1, 0.15), (5, 0, 0.05))
"""The steps 1, 2, 2.5 and 5 as (integer, power of ten, cost)."""
_OPEN_END_COST = 0.3
"""Cost if an end of the axis has no tick."""
_FEW_TICKS_COST = {1: 1.0, 2: 0.2}
"""Cost of having so few ticks."""


class Scale:
    """The affine map that takes `low` to 0 and `high` to 1, for any finite low < high.

    Values are first scaled by a power of two, so that neither 1e308 nor 5e-324 over- or underflows. This takes two
    factors, because the power itself may exceed the range of floats.
    """

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high
        exponent = -math.frexp(max(abs(low), abs(high)))[1]
        self._factors = math.ldexp(1.0, exponent // 2), math.ldexp(1.0, exponent - exponent // 2)
        self._origin = low * self._factors[0] * self._factors[1]
        self._span = high * self._factors[0] * self._factors[1] - self._origin

    def padded(self, share: float) -> tuple[float, float]:
        """Return the ends moved outward by `share` of their distance, at most to the largest floats."""
        pad = self.high * share - self.low * share
        return max(self.low - pad, -sys.float_info.max), min(self.high + pad, sys.float_info.max)

    def fraction(self, value: float) -> float:
        """Return the position of `value` (not nan) as a fraction of the axis, limited to +-1e6."""
        return self.positions((value,), 0.0, 1.0)[0]

    def positions(self, values: Iterable[float], start: float, end: float) -> list[float]:
        """Return the positions of `values` on an axis from `start` to `end`, limited to 1e6 times its length."""
        first, second = self._factors
        origin, factor = self._origin, (end - start) / self._span
        limit = abs(end - start) * _MAX_FRACTION
        positions = [(value * first * second - origin) * factor + start for value in values]
        if max(positions, default=0.0) > limit or min(positions, default=0.0) < -limit:
            return [min(max(position, -limit), limit) for position in positions]
        return positions


@dataclass(frozen=True)
class Tick:
    """A tick: a round number on an axis, and its label."""

    value: float
    label: str


def tick_choices(low: float, high: float, max_ticks: int, target: float) -> list[list[Tick]]:
    """Return the ways to put at most `max_ticks` ticks on the axis from `low` to `high`, the best first.

    Ticks are the multiples of 1, 2, 2.5 or 5 times a power of ten, and their labels have the same number of decimals.
    The best choice has about `target` ticks, a tick at both ends, and a simple step.
    """
    exponent = _decimal_exponent(high / 2 - low / 2 or high)
    choices: list[tuple[float, list[Tick]]] = []
    for power in range(exponent - 2, exponent + 2):
        for factor, shift, cost in _STEPS:
            multiples = _multiples(low, high, factor, power + shift)
            if 1 <= len(multiples) <= max_ticks:
                ticks = _ticks([factor * k for k in multiples], power + shift)
                if any(before.value == after.value for before, after in pairwise(ticks)):
                    continue  # The step is finer than the spacing of floats.
                open_ended = ticks[0].value > low or ticks[-1].value < high
                few = _FEW_TICKS_COST.get(len(ticks), 0.0)
                cost += abs(len(ticks) - target) / target + _OPEN_END_COST * open_ended + few
                choices.append((cost, ticks))
    return [ticks for _, ticks in sorted(choices, key=lambda choice: choice[0])]


def _decimal_exponent(value: float) -> int:
    """Return the exponent of `value` in scientific notation, from its digits and so the same on every machine."""
    return int(f"{value:e}".partition("e")[2])


def _multiples(low: float, high: float, factor: int, power: int) -> range:
    """Return all k for which the float nearest to k * factor * 10**power lies in [low, high]."""
    above, below = factor * 10 ** max(power, 0), 10 ** max(-power, 0)
    bottom, top = low.as_integer_ratio(), high.as_integer_ratio()
    first = -((-bottom[0] * below) // (bottom[1] * above))
    last = (top[0] * below) // (top[1] * above)
    # An end given as 0.1 may be a float just above one tenth.
    first -= _quotient((first - 1) * above, below) >= low
    last += _quotient((last + 1) * above, below) <= high
    return range(first, last + 1)


def _quotient(integer: int, divisor: int) -> float:
    """Return the float nearest to integer / divisor."""
    try:
        return integer / divisor
    except OverflowError:
        return math.inf if integer > 0 else -math.inf


def _ticks(integers: list[int], power: int) -> list[Tick]:
    """Return the ticks at integers * 10**power, with exponents if plain labels are long and that is shorter."""
    plain = [_digits(n * 10 ** max(power, 0), max(-power, 0)) for n in integers]
    exponent = len(str(max(map(abs, integers)))) - 1
    short = [_digits(n, exponent) + (f"e{exponent + power}" if n else "") for n in integers]
    longest = max(map(len, plain))
    labels = plain if longest <= max(_MAX_PLAIN_CHARS, *map(len, short)) else short
    values = [_quotient(n * 10 ** max(power, 0), 10 ** max(-power, 0)) for n in integers]
    return [Tick(value, label) for value, label in zip(values, labels, strict=True)]


def _digits(integer: int, decimals: int) -> str:
    """Return integer / 10**decimals with exactly that many decimals."""
    digits = str(abs(integer)).rjust(decimals + 1, "0")
    sign = "-" if integer < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
