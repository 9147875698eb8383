"""Search for the ends of classes in a wide format: cells are proven, bisected, or divided.

0, 1, kinks, joints and ends of the domain are points of their own, or lie between two cells. What `trivial_proofs`
leaves undecided is divided, at powers of two as long as possible, and evaluated once it has few numbers. What is still
undecided when the search ends is taken from samples if these are monotone, and marked as observed, or left.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.evaluation.enclosures import Cells
from actcli.core.evaluation.number_line import Line, Ranges, joined
from actcli.core.evaluation.trivial_proofs import Prover
from actcli.core.evaluation.triviality import OBSERVED, UNSEARCHED

if TYPE_CHECKING:
    from actcli.core.evaluation.number_line import Keys
    from actcli.core.evaluation.trivial_proofs import Facts
    from actcli.core.evaluation.triviality import Classifier
    from actcli.number_formats import Bools

__all__ = ["classified_pieces"]

_MAX_ROUNDS = 48
_MAX_CELLS = 4800
"""Cells that are enclosed at most. Far out a wave has more."""
_CELLS_PER_ROUND = 96
"""Undecided cells that are divided at once, those next to 0 first."""
_FEW = 16
"""A cell with so many numbers is evaluated."""
_PARTS = 4
_POINTS = 3
"""Points that divide each bracket of a class's end."""
_SAFE_EXPONENT = -500
_PROVEN_EXPONENT, _FAINT, _ROUNDS_IF_FAINT = 250, 2.0**-500, 3
"""Beyond 2^250 enclosures under- and overflow, as those of results that nearly underflow in float64 do, which are
divided a few times. What samples show there is marked as observed."""
_CHECKS = 16
"""Steps between the samples that must be monotone in a cell that is given up."""
_EXPONENTS = (*range(-1074, -32, 128), -32, -16, -8, -4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 16, 25, 32, 64, 128, 250)
"""The first cells end at these powers of two."""


def classified_pieces(classifier: Classifier) -> list[tuple[float, float, int]]:
    """Return (low, high, class) of ranges that cover the finite numbers of a wide format, in ascending order."""
    return _Search(classifier).run()


class _Search:
    def __init__(self, classifier: Classifier) -> None:
        self.of = classifier
        self.quantity = classifier.quantity
        self.line = Line(classifier.fmt)
        self.prover = Prover(classifier, self.line)
        self.enclosures = self.prover.enclosures
        # (first position, last position, class), signed
        self.pieces: list[tuple[Keys, Keys, Any]] = []

    def run(self) -> list[tuple[float, float, int]]:
        """Divide the line until all cells are finished or given up."""
        cells, points = self._first_cells()
        self._enumerate(Ranges(np.sign(points), np.abs(points), np.abs(points)))
        evaluated = 0
        for turn in range(_MAX_ROUNDS):
            few = cells.last - cells.first < _FEW
            self._enumerate(cells.take(few))
            cells = cells.take(~few)
            if not cells.sign.size:
                break
            evaluated += cells.sign.size
            found = self.prover.judge(cells)
            self._add(cells.take(found.is_whole), found.kind[found.is_whole])
            self._bisect(cells.take(found.bisect & ~found.is_whole))
            is_open = ~found.is_whole & ~found.bisect
            faint = is_open & self._is_faint(cells, found.facts, turn)
            self._observe_or_leave(cells.take(faint))
            rest = self._give_up(cells.take(is_open & ~faint), evaluated > _MAX_CELLS or turn == _MAX_ROUNDS - 1)
            cells = self._divide(rest)
        low, high, kind = (np.concatenate(fields) for fields in zip(*self.pieces, strict=True))
        order = np.argsort(low, kind="stable")
        low, high = (self.line.values(keys[order]).tolist() for keys in (low, high))
        return list(zip(low, high, kind[order].tolist(), strict=True))

    # --- cells -------------------------------------------------------------------------------------------------------

    def _first_cells(self) -> tuple[Ranges, Keys]:
        """Return the first cells, and the points between them that are evaluated."""
        line, bound, fmt = self.line, self.quantity.bound, self.of.fmt
        special = {*bound.kink_points, *bound.function.joints(), *(end for end in bound.domain if end is not None)}
        normal = 1 << line.bits
        points, cuts = {0, int(line.keys(np.ones(1))[0])}, {-line.last, line.last + 1, normal, -normal + 1}
        for at in special:
            near = fmt.nearest(at)
            if math.isfinite(near):
                key = int(line.keys(np.array([near]))[0])
                # Cells end before a cut.
                points |= {key} if near == at else set()
                cuts |= {key + 1} if near < at else {key}
        exact = self.enclosures.open_at
        points |= set(line.keys(exact[fmt.round(exact) == exact]).tolist())
        points = {key for key in points if abs(key) <= line.last}
        powers = line.keys(fmt.round(np.ldexp(1.0, np.array(_EXPONENTS))))
        powers = powers[(powers > 0) & (powers <= line.last)].tolist()
        cuts |= {*powers, *(-key + 1 for key in powers), *points, *(key + 1 for key in points)}
        ends = np.array(sorted(cuts), dtype=np.int64)
        low, high = ends[:-1], ends[1:] - 1
        single = np.isin(low, list(points))
        low, high = low[~single], high[~single]
        negative = high < 0
        first, last = np.where(negative, -high, low), np.where(negative, -low, high)
        return Ranges(np.where(negative, -1, 1), first, last), np.array(sorted(points), dtype=np.int64)

    def _divide(self, cells: Ranges) -> Ranges:
        """Return parts of the cells: at powers of two, or within one binade evenly."""
        bits = self.line.bits
        parts: list[Ranges] = []
        binades = (cells.last >> bits) - (cells.first >> bits)
        steps = (cells.last - cells.first) // _PARTS + 1
        for k in range(_PARTS):
            start, stop = (cells.first + steps * n for n in (k, k + 1))
            aligned = ((start >> bits) << bits, (stop >> bits) << bits)
            middle = (cells.last >> bits) << bits
            start, stop = (
                np.where(binades >= _PARTS, line, np.where(binades > 0, middle, even))
                for line, even in zip(aligned, (start, stop), strict=True)
            )
            start = cells.first if k == 0 else start
            stop = cells.last + 1 if k == _PARTS - 1 else np.minimum(stop, cells.last + 1)
            start = np.minimum(start, cells.last + 1)
            parts.append(Ranges(cells.sign, np.maximum(start, cells.first), stop - 1))
        found = joined(parts)
        found = found.take(found.first <= found.last)
        # A power of two has another spacing below it.
        power = ((found.first & ((1 << bits) - 1)) == 0) & ((found.first >> bits) == (found.last >> bits))
        power &= found.first < found.last
        alone = found.take(power)
        rest = Ranges(found.sign, found.first + power, found.last)
        return joined([Ranges(alone.sign, alone.first, alone.first), rest])

    def _give_up(self, cells: Ranges, all_of_them: bool) -> Ranges:
        """Record the cells farthest from 0 as not searched, or as observed beyond 2^250; return the others."""
        limit = -1 if all_of_them else self.line.last
        if not all_of_them and cells.sign.size > _CELLS_PER_ROUND:
            limit = int(np.sort(cells.first)[_CELLS_PER_ROUND]) - 1
        kept = cells.first <= limit
        dropped = cells.take(~kept)
        self._observe_or_leave(dropped)
        return cells.take(kept)

    def _observe_or_leave(self, cells: Ranges) -> None:
        observable = self._is_observable(cells)
        self._observe(cells.take(observable))
        self._leave(cells.take(~observable))

    def _leave(self, cells: Ranges) -> None:
        self._add(cells, np.full(cells.sign.size, UNSEARCHED))

    def _is_observable(self, cells: Ranges) -> Bools:
        """Return where the results at a few points of a cell are monotone, and f is not linear: r may alternate."""
        if not cells.sign.size:
            return np.zeros(0, dtype=bool)
        shares = np.arange(_CHECKS + 1)
        keys = cells.first[:, None] + (cells.last - cells.first)[:, None] // _CHECKS * shares
        x = self.line.values(keys * cells.sign[:, None])
        results = self.of.results(x.ravel()).reshape(x.shape)
        rises, falls, above, below = (
            (part[:, 1:] >= part[:, :-1]).all(axis=1)
            for part in (results, -results, (results > x) * 1 - (results < x), (results < x) * 1 - (results > x))
        )
        monotone = (rises | falls) & (above | below)
        near, far = x[:, 0], x[:, -1]
        closed = np.zeros(near.size, dtype=bool)
        slope = self.enclosures.order(
            self.quantity.order + 1, Cells(np.minimum(near, far), np.maximum(near, far), closed, closed)
        )
        found = monotone & ~((slope.lo == 1) & (slope.hi == 1))
        # One cell with a wave suffices to distrust the samples in the others.
        for sign in (-1, 1):
            found &= (cells.sign != sign) | found[cells.sign == sign].all()
        return found

    def _is_faint(self, cells: Ranges, facts: Facts, turn: int) -> Bools:
        """Return where enclosures under- or overflow: beyond 2^250, and where q itself nearly underflows in float64."""
        if self.of.fmt.least_exponent > _SAFE_EXPONENT:
            return np.zeros(cells.sign.size, dtype=bool)
        size = np.maximum(np.abs(facts.least), np.abs(facts.greatest))
        tiny = (turn >= np.where(np.abs(facts.near) < 1, 16, _ROUNDS_IF_FAINT)) & (size < _FAINT) & facts.defined
        return tiny | (self.line.values(cells.first) >= 2.0**_PROVEN_EXPONENT)

    # --- results -----------------------------------------------------------------------------------------------------

    def _add(self, cells: Ranges, kind: Any) -> None:
        negative = cells.sign < 0
        low, high = np.where(negative, -cells.last, cells.first), np.where(negative, -cells.first, cells.last)
        self.pieces.append((low, high, np.asarray(kind)))

    def _enumerate(self, cells: Ranges) -> None:
        """Evaluate all numbers of cells."""
        if cells.sign.size:
            counts = cells.last - cells.first + 1
            offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
            size = np.repeat(cells.first, counts) + offsets
            sign = np.repeat(cells.sign, counts)
            x = self.line.values(np.where(sign < 0, -size, size))
            self._add(Ranges(sign, size, size), self.of.classes(x, self.of.results(x)))

    def _labels(self, keys: Keys) -> tuple[Any, Any]:
        """Return the class at each position, and the pair of which both parts are monotone in a cell."""
        x = self.line.values(keys)
        results = self.of.results(x)
        code = np.searchsorted(self.prover.edges, results, side="right")
        return self.of.classes(x, results), 4 * code + (results > x) - (results < x)

    def _observe(self, cells: Ranges) -> None:
        """Bisect cells in which that is not proven to find all ends of classes, and mark what it finds as observed."""
        count = len(self.pieces)
        self._bisect(cells)
        self.pieces[count:] = [(low, high, kind + OBSERVED) for low, high, kind in self.pieces[count:]]

    def _bisect(self, cells: Ranges) -> None:
        """Find the ends of classes in cells in which the class of values and the sign of r - x are monotone.

        A bracket whose ends have the same label has it throughout. The others are divided until the two are neighbours.
        """
        if not cells.sign.size:
            return
        low = np.where(cells.sign < 0, -cells.last, cells.first)
        high = np.where(cells.sign < 0, -cells.first, cells.last)
        (kind_low, label_low), (kind_high, label_high) = self._labels(low), self._labels(high)
        starts, kinds = [low], [kind_low]
        ends = [high]
        while low.size:
            differ = label_low != label_high
            close = differ & (high - low == 1)
            starts.append(high[close])
            kinds.append(kind_high[close])
            ends.append(low[close])
            rest = differ & ~close
            low, high, kind_high = low[rest], high[rest], kind_high[rest]
            label_low, label_high = label_low[rest], label_high[rest]
            if not low.size:
                break
            shares = np.arange(1, _POINTS + 1)
            width = (high - low)[:, None]
            # width * share may exceed int64.
            inner = low[:, None] + (width // (_POINTS + 1)) * shares + (width % (_POINTS + 1)) * shares // (_POINTS + 1)
            inner_kind, inner_label = (found.reshape(inner.shape) for found in self._labels(inner.ravel()))
            label = np.column_stack([label_low, inner_label, label_high])
            kind = np.column_stack([inner_kind, kind_high])
            keys = np.column_stack([low, inner, high])
            split = keys[:, 1:] > keys[:, :-1]
            low, high = keys[:, :-1][split], keys[:, 1:][split]
            label_low, label_high, kind_high = label[:, :-1][split], label[:, 1:][split], kind[split]
        start, kind, end = np.concatenate(starts), np.concatenate(kinds), np.concatenate(ends)
        order = np.argsort(start, kind="stable")
        self.pieces.append((start[order], np.sort(end), kind[order]))
