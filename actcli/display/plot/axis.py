"""Axes: the position of a value, and the round numbers along an axis."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

__all__ = ["RowAxis", "Scale", "Tick", "row_axis", "tick_choices"]

_MAX_FRACTION = 1e6
"""Positions are limited to this many axis lengths from the axis."""
_MAX_PLAIN_CHARS = 6
"""Labels up to this length are written without an exponent, which is easier to read."""
_MAX_EXPONENT_CHARS = 9
"""Labels up to this length are not written as sums."""

# --- the cost of a choice of ticks; the lowest total is best -------------------------------------------------
_STEPS = ((1, 0, 0.0), (2, 0, 0.05), (25, -1, 0.25), (5, 0, 0.05))
"""The steps 1, 2, 2.5 and 5 as (integer, power of ten, cost)."""
_OPEN_END_COST = 0.3
"""Cost if an end of the axis has no tick."""
_FEW_TICKS_COST = {1: 1.0, 2: 0.2}
"""Cost of having so few ticks."""
_WASTE_COST = 2.5
"""Cost of leaving all rows of an axis unused; of a share of them, that share."""

_TOO_LONG_COST = 100.0
"""Cost of labels for which there is no room, so that they are omitted."""
_MAX_OVERHANG = Fraction(1, 4)
"""How far, in rows, values may lie beyond the middle of the outermost rows: with any character set still in them."""


class Scale:
    """The affine map that takes `low` to 0 and `high` to 1, for any finite low < high, also beyond the largest float.

    Values are first scaled by a power of two, so that neither 1e308 nor 5e-324 over- or underflows. This takes two
    factors, because the power itself may exceed the range of floats.
    """

    def __init__(self, low: float | Fraction, high: float | Fraction) -> None:
        self.low = low
        self.high = high
        bottom, top = Fraction(low), Fraction(high)
        largest = max(abs(bottom), abs(top))
        exponent = largest.denominator.bit_length() - largest.numerator.bit_length()
        self._factors = math.ldexp(1.0, exponent // 2), math.ldexp(1.0, exponent - exponent // 2)
        self._origin = float(bottom * Fraction(2) ** exponent)
        self._span = float((top - bottom) * Fraction(2) ** exponent)

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


@dataclass(frozen=True)
class RowAxis:
    """A vertical axis over rows of characters: its scale, and the labels of the ticks by row, from 0 at the top.

    The ends of the scale are the middles of the outermost rows.
    """

    scale: Scale
    labels: dict[int, str]


def row_axis(
    low: float, high: float, rows: int, target: float, max_label_chars: int, *, logarithmic: bool = False
) -> RowAxis:
    """Return the axis of `rows` rows that shows `low` to `high` and whose ticks are in the middles of rows.

    Ticks are chosen as by `tick_choices`, and 0 is in the middle of a row if it is on the axis. The axis reaches beyond
    low and high as far as that requires. It has no labels if all would take more than `max_label_chars` characters.

    logarithmic  whether the positions are decimal logarithms; only powers of ten are then labelled
    """
    span = Fraction(high) - Fraction(low)
    exponent = _decimal_exponent(high / 2 - low / 2 or high)
    choices: list[tuple[float, RowAxis]] = []
    for power in range(exponent - 2, exponent + 3):
        for factor, shift, cost in _STEPS:
            if logarithmic and power + shift < 0:
                continue
            step = factor * Fraction(10) ** (power + shift)
            finest = max(math.floor(step * rows / span), 2)
            # A step of fewer rows wastes some, but may fit where the finest step exceeds the axis.
            for rows_per_step in range(max(finest - 2, 2), finest + 1):
                found = _on_rows(low, high, rows, factor, power + shift, rows_per_step)
                if found is None:
                    continue
                scale, ticks = found
                labels = _aligned(ticks, logarithmic)
                is_too_long = max(map(len, labels.values())) > max_label_chars
                cost_of_number = abs(len(ticks) - target) / target + _FEW_TICKS_COST.get(len(ticks), 0.0)
                waste = 1 - float(span / (step / rows_per_step * rows))
                total = cost + cost_of_number + _WASTE_COST * waste + _TOO_LONG_COST * is_too_long
                choices.append((total, RowAxis(scale, {} if is_too_long else labels)))
    return min(choices, key=lambda choice: choice[0], default=(0.0, RowAxis(Scale(low, high), {})))[1]


def _on_rows(
    low: float, high: float, rows: int, factor: int, power: int, rows_per_step: int
) -> tuple[Scale, dict[int, Tick]] | None:
    """Return the scale of `rows` rows that shows low to high with a step of factor * 10**power, and its ticks by row.

    Return None if there is none, or if it has no ticks or several that are the same float.
    """
    unit = factor * Fraction(10) ** power / rows_per_step
    ends = _rows_between(low, high, rows, unit)
    if ends is None:
        return None
    bottom, top = ends
    multiples = range(-(-bottom // rows_per_step), top // rows_per_step + 1)
    ticks = _ticks([factor * k for k in multiples], power)
    if not ticks or any(before.value == after.value for before, after in pairwise(ticks)):
        return None
    return Scale(bottom * unit, top * unit), dict(zip((top - k * rows_per_step for k in multiples), ticks, strict=True))


def _aligned(ticks: dict[int, Tick], logarithmic: bool) -> dict[int, str]:
    """Return the labels, padded to one length, with the ends of their first digits (`-1.5` of `-1.5e-7`) in a column.

    logarithmic  whether the values of the ticks are decimal logarithms
    """
    labels = [_labels([1], int(tick.value))[0] if logarithmic else tick.label for tick in ticks.values()]
    heads = [re.match(r"-?[\d.]+", label)[0] for label in labels]  # type: ignore[index]
    before = max(map(len, heads))
    padded = [" " * (before - len(head)) + label for head, label in zip(heads, labels, strict=True)]
    length = max(map(len, padded))
    return {row: text.ljust(length) for row, text in zip(ticks, padded, strict=True)}


def _rows_between(low: float, high: float, rows: int, unit: Fraction) -> tuple[int, int] | None:
    """Return the multiples of `unit` in the lowest and the highest of `rows` rows that show low to high, if they do.

    Rows that remain are added at both ends, but below 0 only for negative values, and above it for positive ones.
    """
    bottom = math.floor(Fraction(low) / unit + _MAX_OVERHANG)
    top = math.ceil(Fraction(high) / unit - _MAX_OVERHANG)
    unused = rows - 1 - (top - bottom)
    if unused < 0:
        return None
    below = 0 if low >= 0 else unused if high <= 0 else unused // 2
    return bottom - below, top + unused - below


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
    """Return the ticks at integers * 10**power, with the shortest kind of labels: plain, exponents, or sums.

    Exponents are used only if plain labels are long, and sums, such as 1+5e-16, only if exponents are long too.
    """
    if not integers:
        return []
    labels = _labels(integers, power)
    if max(map(len, labels)) > _MAX_EXPONENT_CHARS:
        # The roundest number on the axis, plus or minus the distance from it.
        base = min(integers, key=lambda n: len(str(abs(n)).rstrip("0")))
        signs = ["" if n == base else "+" if n > base else "-" for n in integers]
        distances = _labels([abs(n - base) for n in integers], power)
        round_number = _labels([base // 10 ** _zeros(base)], power + _zeros(base))[0]
        sums = [round_number + sign + distance * bool(sign) for sign, distance in zip(signs, distances, strict=True)]
        labels = min(sums, labels, key=lambda texts: max(map(len, texts)))
    values = [_quotient(n * 10 ** max(power, 0), 10 ** max(-power, 0)) for n in integers]
    return [Tick(value, label) for value, label in zip(values, labels, strict=True)]


def _labels(integers: list[int], power: int) -> list[str]:
    """Return integers * 10**power as text, with exponents if plain text is long and that is shorter."""
    plain = [_digits(n * 10 ** max(power, 0), max(-power, 0)) for n in integers]
    exponent = len(str(max(map(abs, integers)))) - 1
    short = [_digits(n, exponent) + (f"e{exponent + power}" if n else "") for n in integers]
    return plain if max(map(len, plain)) <= max(_MAX_PLAIN_CHARS, *map(len, short)) else short


def _zeros(integer: int) -> int:
    """Return the number of zeros at the end of the decimal digits."""
    digits = str(integer)
    return len(digits) - len(digits.rstrip("0")) if integer else 0


def _digits(integer: int, decimals: int) -> str:
    """Return integer / 10**decimals with exactly that many decimals."""
    digits = str(abs(integer)).rjust(decimals + 1, "0")
    sign = "-" if integer < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
