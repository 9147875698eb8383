"""Where a value stands on an axis, and the round numbers along it."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Scale", "Tick", "tick_choices"]

_FAR = 1e6
_SHORT = 6  # Plain digits up to this length are read more easily than an exponent.
_STEPS = ((1, 0, 0.0), (2, 0, 0.05), (25, -1, 0.15), (5, 0, 0.05))
"""The steps 1, 2, 2.5 and 5 as integer and power of ten, each with what it costs to prefer it."""


class Scale:
    """The affine map that takes `low` to 0 and `high` to 1, for any finite low < high.

    It works on values multiplied by a power of two, in two steps since that power may be no float, so that
    neither 1e308 nor 5e-324 leaves the floats' range.
    """

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high
        exponent = -math.frexp(max(abs(low), abs(high)))[1]
        self._factors = math.ldexp(1.0, exponent // 2), math.ldexp(1.0, exponent - exponent // 2)
        self._origin = low * self._factors[0] * self._factors[1]
        self._span = high * self._factors[0] * self._factors[1] - self._origin

    def padded(self, share: float) -> tuple[float, float]:
        """The ends moved outward by `share` of the length between them, as far as there are floats."""
        pad = self.high * share - self.low * share
        return max(self.low - pad, -sys.float_info.max), min(self.high + pad, sys.float_info.max)

    def fraction(self, value: float) -> float:
        """How far along the axis `value` (not nan) stands; at most a million times its length away."""
        return self.places((value,), 0.0, 1.0)[0]

    def places(self, values: Iterable[float], start: float, end: float) -> list[float]:
        """Where `values` stand on an axis that begins at `start` and ends at `end`, held as in `fraction`."""
        one, two = self._factors
        origin, factor = self._origin, (end - start) / self._span
        far = abs(end - start) * _FAR
        places = [(value * one * two - origin) * factor + start for value in values]
        if max(places, default=0.0) > far or min(places, default=0.0) < -far:
            return [min(max(place, -far), far) for place in places]
        return places


@dataclass(frozen=True)
class Tick:
    """A round number on an axis: its value, and the digits for it."""

    value: float
    label: str


def tick_choices(low: float, high: float, most: int, target: float) -> list[list[Tick]]:
    """The ways to put at most `most` round numbers on the axis from `low` to `high`, the best first.

    Round numbers are the multiples of 1, 2, 2.5 or 5 times a power of ten; 0 is one of them. The labels of a
    choice have as many decimals as each other. Best is near `target` ticks, on both ends, by a simple step.
    """
    exponent = _decimal_exponent(high / 2 - low / 2 or high)
    choices: list[tuple[float, list[Tick]]] = []
    for power in range(exponent - 2, exponent + 2):
        for factor, shift, cost in _STEPS:
            multiples = _multiples(low, high, factor, power + shift)
            if 1 <= len(multiples) <= most:
                ticks = _ticks([factor * k for k in multiples], power + shift)
                if any(before.value == after.value for before, after in pairwise(ticks)):
                    continue  # The step is finer than the floats are here.
                open_ended = ticks[0].value > low or ticks[-1].value < high
                few = {1: 1.0, 2: 0.2}.get(len(ticks), 0.0)
                cost += abs(len(ticks) - target) / target + 0.3 * open_ended + few
                choices.append((cost, ticks))
    return [ticks for _, ticks in sorted(choices, key=lambda choice: choice[0])]


def _decimal_exponent(value: float) -> int:
    """The exponent of `value` in scientific notation, by its digits and so the same everywhere."""
    return int(f"{value:e}".partition("e")[2])


def _multiples(low: float, high: float, factor: int, power: int) -> range:
    """All k for which the float nearest to k * factor * 10**power is from `low` to `high`."""
    above, below = factor * 10 ** max(power, 0), 10 ** max(-power, 0)
    bottom, top = low.as_integer_ratio(), high.as_integer_ratio()
    first = -((-bottom[0] * below) // (bottom[1] * above))
    last = (top[0] * below) // (top[1] * above)
    # An end typed as 0.1 may be a float just above the tenth.
    first -= _quotient((first - 1) * above, below) >= low
    last += _quotient((last + 1) * above, below) <= high
    return range(first, last + 1)


def _quotient(integer: int, divisor: int) -> float:
    """The float nearest to integer / divisor."""
    try:
        return integer / divisor
    except OverflowError:
        return math.inf if integer > 0 else -math.inf


def _ticks(integers: list[int], power: int) -> list[Tick]:
    """The ticks at integers * 10**power, with an exponent where plain digits are many and that is shorter."""
    plain = [_digits(n * 10 ** max(power, 0), max(-power, 0)) for n in integers]
    exponent = len(str(max(map(abs, integers)))) - 1
    short = [_digits(n, exponent) + (f"e{exponent + power}" if n else "") for n in integers]
    longest = max(map(len, plain))
    labels = plain if longest <= max(_SHORT, *map(len, short)) else short
    values = [_quotient(n * 10 ** max(power, 0), 10 ** max(-power, 0)) for n in integers]
    return [Tick(value, label) for value, label in zip(values, labels, strict=True)]


def _digits(integer: int, decimals: int) -> str:
    """The digits of integer / 10**decimals, so many decimals."""
    digits = str(abs(integer)).rjust(decimals + 1, "0")
    sign = "-" if integer < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
