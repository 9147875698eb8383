"""Comparison of two activations over a range: largest difference, root mean square, and difference in ulps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.maxima import Maximizer, ascending, exact_value, within
from actcli.core.analysis.proofs import largest_derivative
from actcli.core.analysis.search import bisect_steps, zoom
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.enclosures import Cells, Enclosures, cells_between, first_ends
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.evidence import Evidence
    from actcli.core.analysis.maxima import Location
    from actcli.core.evaluation.intervals import Intervals
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["Difference", "difference", "ulp"]

_FLOAT64 = FLOATS["float64"]
_PROOF_RTOL = 1e-9
"""The largest difference counts as proven if its bound exceeds it by at most this, relative to it."""
_LEAST_FLOAT = 5e-324
_MAX_CELLS = 3000
"""Cells that are evaluated at most before the proof is given up."""
_PEAK_MARGIN = 16
"""Widths of the cell with the peak, or ulps, by which the search for it extends on either side."""
_MAX_ZEROS = 64
"""The most zeros of the first activation around which every binade is sampled."""
_MAX_PASSAGES = 4096
_MAX_ESCALATED = 1000
"""Evaluations by arbitrary precision after which passages are not located any further: of a wave, next to its zeros."""
_PASSAGE_RTOL = 0.02
"""Passages are located if the error there can be within this of the largest sampled one."""
_MAX_HALVINGS = 80
"""Halvings to neighbouring floats of a format; 64 suffice for a pair in one binade, others start one octave apart."""
_ZOOM_STEPS = 6
_ZOOM_INTERVALS = 256
"""The largest ulp difference is refined this often, each time between the neighbours of the best x so far. Six steps
shrink the distance of samples by 128**6 = 2**42."""


@dataclass(frozen=True)
class Difference:
    """The difference of two activations, or of their derivatives, over a range.

    order    0 for the values, 1 for the derivatives
    max_abs  the largest |difference|, correctly rounded
    at       all points and intervals of x that attain it; empty if it is 0
    rms      the root mean square over the range
    max_ulp  the largest |difference| in ulps of the first activation's result in the number format
    ulp_at   an x that attains it; None if it is 0
    evidence how max_abs and max_ulp are known: "proven" or "observed"
    """

    order: int
    max_abs: float
    at: tuple[Location, ...]
    rms: float
    max_ulp: float
    ulp_at: float | None
    evidence: dict[str, Evidence]


def difference(
    other: BoundActivation, first: BoundActivation, order: int, low: float, high: float, fmt: Format
) -> Difference:
    """Compare `other` with `first` over [low, high]. Points where either is nan are ignored."""
    if other.activation is first.activation and other.arguments == first.arguments:
        return Difference(order, 0.0, (), 0.0, 0.0, None, {"max_abs": "proven", "max_ulp": "proven"})
    pair = AbsoluteDifference(Quantity(other, order), Quantity(first, order), low, high)
    max_abs, at = pair.maximum()
    rms = pair.rms()
    is_proven = max_abs == math.inf or low == high
    # The proof requires an enclosure of one derivative more, and enclosures end with the second.
    if not is_proven and order <= 1:
        enclosures = _DifferenceEnclosures(other, first, order)
        found = largest_derivative(enclosures, first_ends(enclosures, low, high), (), _MAX_CELLS)
        if found.least > max_abs * (1 + _PROOF_RTOL) and found.peak is not None:
            # The samples have missed the peak: search around the cell in which it was found.
            start, end = found.peak
            margin = _PEAK_MARGIN * max(end - start, math.ulp(max(abs(start), abs(end))))
            around = max(low, start - margin), min(high, end + margin)
            max_abs, at = AbsoluteDifference(pair.other, pair.first, *around).maximum()
            pair.add_samples(np.linspace(*around, _ZOOM_INTERVALS + 1))
        is_proven = found.greatest <= max_abs * (1 + _PROOF_RTOL) + _LEAST_FLOAT
    max_ulp, ulp_at = pair.largest_ulp(fmt)
    evidence: dict[str, Evidence] = {
        "max_abs": "proven" if is_proven else "observed",
        # Formats of at most 16 bits are searched completely. Where no value differs, there is no ulp to find.
        "max_ulp": "proven"
        if (fmt.has_all and not pair.is_costly) or low == high or (is_proven and max_abs == 0)
        else "observed",
    }
    return Difference(order, max_abs, at, rms, max_ulp, ulp_at, evidence)


class _DifferenceEnclosures:
    """Enclosures of other - first, in the roles of f' and f'' of `largest_derivative`; or of their derivatives."""

    def __init__(self, other: BoundActivation, first: BoundActivation, order: int) -> None:
        self._pair = Enclosures(other), Enclosures(first)
        self._order = order
        self.kinks = tuple({*self._pair[0].kinks, *self._pair[1].kinks})
        self.open_at = np.unique(np.concatenate([each.open_at for each in self._pair]))
        # A cell must not be open where one of the two may jump.
        for each, partner in (self._pair, self._pair[::-1]):
            unsafe = np.setdiff1d(each.open_at, partner.open_at)
            self.open_at = np.setdiff1d(self.open_at, [at for at in unsafe.tolist() if not partner.may_open(at)])

    def cells(self, points: Floats) -> Cells:
        """Return the cells between the points."""
        return cells_between(points, self.open_at)

    def derivative(self, cells: Cells) -> Intervals:
        """Return enclosures of the difference."""
        return self._difference(cells, self._order)

    def second_derivative(self, cells: Cells) -> Intervals:
        """Return enclosures of the derivative of the difference."""
        return self._difference(cells, self._order + 1)

    def _difference(self, cells: Cells, order: int) -> Intervals:
        other, first = ((each.value, each.derivative, each.second_derivative)[order](cells) for each in self._pair)
        return other - first

    def is_continuous(self, cells: Cells, flags: Any) -> Bools:
        """Return where both functions, or both derivatives, have no jump inside the cell but at their kinks."""
        return self._pair[0].is_continuous(cells, flags) & self._pair[1].is_continuous(cells, flags)

    def is_smooth(self, cells: Cells, flags: Any) -> Bools:
        """Return where the difference is continuous inside the cell."""
        if not self._order:
            return self.is_continuous(cells, flags)
        return self._pair[0].is_smooth(cells, flags) & self._pair[1].is_smooth(cells, flags)


def ulp(values: Floats, fmt: Format) -> Floats:
    """Return the unit in the last place of each of `values`, numbers of `fmt`; nan for infinities and nan."""
    with np.errstate(all="ignore"):
        exponent = np.frexp(values)[1] - fmt.precision
        exponent = np.where(values == 0, fmt.least_exponent, np.maximum(exponent, fmt.least_exponent))
        return np.where(np.isfinite(values), np.ldexp(1.0, exponent), np.nan)


class AbsoluteDifference(Maximizer):
    """The absolute difference |other - first| of two quantities over a range."""

    def __init__(self, other: Quantity, first: Quantity, low: float, high: float) -> None:
        self.other, self.first = other, first
        super().__init__([other.bound, first.bound], low, high)

    def at(self, x: Floats) -> Floats:
        """Return |other - first| at each x; 0 where either is nan or both are the same infinity."""
        return _distance(evaluate(self.other, x, _FLOAT64), evaluate(self.first, x, _FLOAT64))

    def exact_at(self, x: Fraction) -> Decimal:
        """Return |other - first| at x; 0 where either is undefined or undecided."""
        values = [exact_value(quantity, x) for quantity in (self.other, self.first)]
        return abs(values[0] - values[1]) if None not in values else Decimal(0)  # type: ignore[operator]

    def rms(self) -> float:
        """Return the root mean square, by the five-point Gauss-Legendre rule between neighbouring samples."""
        if self.low == self.high:
            return float(self.y[0])
        left, right = self.coarse_x[:-1], self.coarse_x[1:]
        half, middle = (right - left) / 2, left + (right - left) / 2
        x = middle[:, None] + half[:, None] * _NODES
        y = self.at(np.clip(x, left[:, None], right[:, None]).ravel()).reshape(x.shape)
        scale = float(y.max())
        if scale == 0 or math.isinf(scale):
            return scale
        with np.errstate(all="ignore"):
            # Dividing by the range and by the largest value first avoids overflow.
            parts = (half / (self.high / 2 - self.low / 2))[:, None] * (y / scale) ** 2 * _WEIGHTS
        return scale * math.sqrt(math.fsum(parts.ravel().tolist()) / 2)

    def add_samples(self, x: Floats) -> None:
        """Add points at which the function is sampled."""
        self.x = ascending(np.concatenate([self.x, x]))
        self.y = self.at(self.x)

    def largest_ulp(self, fmt: Format) -> tuple[float, float | None]:
        """Return the largest |difference| in ulps of `first`, and an x of the format that attains it.

        Formats of at most 16 bits are searched completely. In the others the ulp is constant between the x at which
        |first| passes a power of two. So the largest error is next to such an x, or where |difference| is largest:
        every binade is sampled, around 0, the kinks and the zeros of `first`, and the passages are located. Costly
        functions are only sampled.
        """
        if self.is_costly:
            x = ascending(within(fmt.round(self.x), self.low, self.high))
            errors = self._in_ulps(x, fmt)
        elif fmt.has_all:
            every = fmt.every()
            x = np.sort(every[(every >= self.low) & (every <= self.high)]) + 0.0
            errors = self._in_ulps(x, fmt)
        else:
            x = self._every_binade(fmt)
            units, sizes = self._units_and_sizes(x, fmt)
            errors = _ratio(sizes, units)
            passages = self._passages(x, np.log2(units), sizes, float(errors.max(initial=0.0)), fmt)
            x, errors = np.concatenate([x, passages]), np.concatenate([errors, self._in_ulps(passages, fmt)])
            order = np.argsort(x, kind="stable")
            x, errors = x[order], errors[order]
        if not x.size:
            return 0.0, None
        largest, at = float(errors.max()), float(x[np.argmax(errors)])
        if not (fmt.has_all or self.is_costly) and math.isfinite(largest):

            def between_neighbours(x: Floats, best: float, _: int) -> Floats:
                i = int(np.searchsorted(x, best))
                low, high = x[max(i - 1, 0)], x[min(i + 1, x.size - 1)]
                return ascending(within(fmt.round(np.linspace(low, high, _ZOOM_INTERVALS + 1)), low, high))

            start = x[max(int(np.argmax(errors)) - 1, 0) : int(np.argmax(errors)) + 2]
            zoomed, zoomed_at = zoom(lambda points: self._in_ulps(points, fmt), between_neighbours, start, _ZOOM_STEPS)
            if zoomed > largest:
                largest, at = zoomed, zoomed_at
        return largest, at if largest > 0 else None

    def _every_binade(self, fmt: Format) -> Floats:
        """Return x of the format in the range: the samples, and every binade around 0 and the zeros of `first`."""
        x = ascending(within(fmt.round(self.x), self.low, self.high))
        y = evaluate(self.first, x, _FLOAT64)
        signs = np.sign(y)
        start = np.flatnonzero(signs[:-1] * signs[1:] < 0)[:_MAX_ZEROS]
        low, high, _, _ = bisect_steps(
            lambda points: np.sign(evaluate(self.first, points, _FLOAT64)),
            *(x[start], x[start + 1], signs[start], signs[start + 1]),
        )
        zeros = [*low.tolist(), *high.tolist(), *x[y == 0][:_MAX_ZEROS].tolist()]
        steps = np.ldexp(1.0, np.arange(fmt.least_exponent, 1024))
        steps = np.concatenate([steps, np.nextafter(steps, 0)])
        with np.errstate(over="ignore"):
            around = [zero + side * steps[steps < 2 * max(1.0, abs(zero))] for zero in zeros for side in (-1, 1)]
        parts = [x, steps, -steps, *around]
        return ascending(
            within(fmt.round(within(np.concatenate(parts), self.low, self.high)) + 0.0, self.low, self.high)
        )

    def _passages(self, x: Floats, binades: Floats, sizes: Floats, largest: float, fmt: Format) -> Floats:
        """Return the x of the format on both sides of each passage of |first| through a power of two.

        binades  the exponents of the ulps of `first` at x
        sizes    the differences there
        largest  the largest error that was found: only the passages are located at which it can be larger
        """

        def binade(points: Floats) -> Floats:
            return np.log2(ulp(evaluate(self.first, points, fmt), fmt))

        if x.size < 2:
            return x[:0]
        with np.errstate(all="ignore"):
            possible = np.maximum(sizes[:-1], sizes[1:]) / np.exp2(np.minimum(binades[:-1], binades[1:]))
        chosen = np.flatnonzero((binades[:-1] != binades[1:]) & (possible >= largest * (1 - _PASSAGE_RTOL)))
        chosen = chosen[np.argsort(-possible[chosen], kind="stable")[:_MAX_PASSAGES]]
        low, high = x[chosen], x[chosen + 1]
        at_low = binades[chosen]
        with counting_undecided(SEARCH_LIMIT) as counter:
            for _ in range(_MAX_HALVINGS):
                middle = fmt.round(low / 2 + high / 2)
                inside = (middle > low) & (middle < high)
                if not inside.any() or counter.escalated > _MAX_ESCALATED:
                    break
                is_low = binade(middle) == at_low
                low, high = np.where(inside & is_low, middle, low), np.where(inside & ~is_low, middle, high)
        return np.concatenate([low, high])

    def _in_ulps(self, x: Floats, fmt: Format) -> Floats:
        """Return the difference at each x in ulps of `first`; 0 where that is undefined."""
        units, sizes = self._units_and_sizes(x, fmt)
        return _ratio(sizes, units)

    def _units_and_sizes(self, x: Floats, fmt: Format) -> tuple[Floats, Floats]:
        """Return the ulp of `first` and the difference at each x."""
        first = evaluate(self.first, x, _FLOAT64)
        rounded = first if fmt is _FLOAT64 else evaluate(self.first, x, fmt)
        return ulp(rounded, fmt), _distance(evaluate(self.other, x, _FLOAT64), first)


def _distance(a: Floats, b: Floats) -> Floats:
    """Return |a - b|; 0 where either is nan or both are the same infinity."""
    with np.errstate(all="ignore"):
        return np.where(a == b, 0.0, np.nan_to_num(np.abs(a - b), nan=0.0, posinf=math.inf))


def _ratio(sizes: Floats, units: Floats) -> Floats:
    """Return sizes / units; 0 where that is undefined."""
    with np.errstate(all="ignore"):
        return np.nan_to_num(sizes / units, nan=0.0, posinf=math.inf)


def _gauss_legendre() -> tuple[Floats, Floats]:
    """Return nodes and weights of the five-point Gauss-Legendre rule on [-1, 1], in closed form."""
    root = 2 * math.sqrt(10 / 7)
    inner, outer = math.sqrt(5 - root) / 3, math.sqrt(5 + root) / 3
    inner_weight, outer_weight = (322 + 13 * math.sqrt(70)) / 900, (322 - 13 * math.sqrt(70)) / 900
    return np.array([-outer, -inner, 0.0, inner, outer]), np.array(
        [outer_weight, inner_weight, 128 / 225, inner_weight, outer_weight]
    )


_NODES, _WEIGHTS = _gauss_legendre()
