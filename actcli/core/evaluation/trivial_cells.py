"""Cells of a wide format with the classes of all numbers in them, proven by enclosures and bisection.

A cell is a range of consecutive numbers of D of one sign. 0, kinks, joints and ends of the domain are points of their
own, or lie between two cells. In a cell q, that is f or f', has the enclosures Q, Q', Q'' of itself and its next two
derivatives. Its rounded results r at the ends are exact. A cell is finished when both of these are known:

Values. r lies in the rounding of Q, as rounding is monotone. If Q' has one sign, q is monotone and r lies between its
values at the ends. So it does if Q'' has one sign and q', which is then monotone, has the same sign at both ends. If
Q'' <= 0, q is concave and r is at least its smaller value at the ends; if Q'' >= 0, at most the larger one. Where all
possible r belong to one class, or q is monotone, that is enough: the x of each class of values then form an interval.

Identity. Let h = q - x, s = h' = q' - 1, and p the precision. There is none where r and x have disjoint ranges. By the
mean value theorem h(x) = h(a) + s(t) (x - a) from the end a next to 0, so that h(x)/x is a mean of h(a)/a and s(t), with
positive weights. Half an ulp of x is at least |x| 2^-(p+1), also below x = 2^e, and of a normal x at most |x| 2^-p. So r(x) = x in the
whole cell if h(a)/a and s are at most 2^-(p+1) in size, and nowhere if both are above 2^-p, or both below its negative.
Otherwise, in a cell within one binade and without its power of two, all x have the same ulp u, and r(x) = x means
|h| < u/2, or a tie. If h is strictly monotone there is a tie at most once on either side, and the sign of r(x) - x is
monotone. If h is constant, that sign depends on the last bit of x alone.

What is undecided is divided, at powers of two as long as possible. In a cell with few numbers all are evaluated.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.core.evaluation.differences import difference
from actcli.core.evaluation.enclosures import Cells, Enclosures
from actcli.core.evaluation.trivial_intervals import CLASSES, NONE, OBSERVED, UNSEARCHED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.intervals import Intervals
    from actcli.core.evaluation.trivial_intervals import Classifier
    from actcli.number_formats import Bools, Floats, Format

    Keys = NDArray[np.int64]

__all__ = ["classified_pieces"]

_MAX_ROUNDS = 48
_MAX_CELLS = 3000
"""Cells that are enclosed at most. Far out a wave has more."""
_CELLS_PER_ROUND = 200
"""Undecided cells that are divided at once, those next to 0 first."""
_FEW = 16
"""A cell with so many numbers is evaluated."""
_PARTS = 4
_IDENTITY = CLASSES.index("identity")
_SLACK, _MARGIN = 1 + 2.0**-40, 1 - 2.0**-40
"""Cover the roundings of a bound's own computation."""
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


class _Line:
    """The numbers of a format in ascending order, numbered from 0 at 0: the signed bit patterns."""

    def __init__(self, fmt: Format) -> None:
        self.bits = fmt.precision - 1
        self.fmt = fmt
        self.last = int(self.keys(np.array([fmt.largest]))[0])

    def keys(self, x: Floats) -> Keys:
        """Return the position of each number."""
        pattern = self.fmt.bits(np.abs(x)).astype(np.int64)
        return np.where(x < 0, -pattern, pattern)

    def values(self, keys: Keys) -> Floats:
        """Return the number at each position."""
        pattern = np.abs(keys)
        field, significand = pattern >> self.bits, pattern & ((1 << self.bits) - 1)
        significand = np.where(field > 0, significand | (1 << self.bits), significand).astype(np.float64)
        size = np.ldexp(significand, np.maximum(field - 1, 0) + self.fmt.least_exponent)
        return np.where(keys < 0, -size, size)


class _Ranges(NamedTuple):
    """Cells: the positions of their first and last number by size, and their sign."""

    sign: Keys
    first: Keys
    last: Keys

    def take(self, index: Any) -> _Ranges:
        """Return the cells that `index` selects."""
        return _Ranges(*(field[index] for field in self))


def _joined(parts: list[_Ranges]) -> _Ranges:
    return _Ranges(*(np.concatenate(fields) for fields in zip(*parts, strict=True)))


class _Verdict(NamedTuple):
    """What is known of each cell.

    kind      the class of all its numbers, where there is one
    is_whole  whether there is one
    bisect    whether the ends of classes can be bisected
    facts     the enclosures
    """

    kind: Keys
    is_whole: Bools
    bisect: Bools
    facts: _Facts


class _Identity(NamedTuple):
    """In which cells r(x) = x everywhere, nowhere, on an interval whose ends can be bisected, or at every other x."""

    everywhere: Bools
    nowhere: Bools
    separable: Bools
    alternates: Bools


class _Facts(NamedTuple):
    """What the enclosures say of q in each cell.

    near, far        the ends of the cell, that next to 0 first
    at_near, at_far  the results there
    is_empty         whether q is undefined throughout
    defined          whether q is defined at the ends
    continuous       whether q is continuous
    smooth           whether q' is continuous as well
    monotone         whether q is monotone
    bent             whether q' is continuous and monotone
    strict           whether q' is strictly monotone
    least, greatest  bounds of the results
    first            the enclosure of q'
    curvature        a bound of |q''|
    """

    near: Floats
    far: Floats
    at_near: Floats
    at_far: Floats
    is_empty: Bools
    defined: Bools
    continuous: Bools
    smooth: Bools
    monotone: Bools
    bent: Bools
    strict: Bools
    least: Floats
    greatest: Floats
    first: Intervals
    curvature: Floats

    def take(self, index: Any) -> _Facts:
        """Return the facts of some cells."""
        return _Facts(*(field.take(index) for field in self))


def classified_pieces(classifier: Classifier) -> list[tuple[float, float, int]]:
    """Return (low, high, class) of ranges that cover the finite numbers of a wide format, in ascending order."""
    return _Search(classifier).run()


class _Search:
    def __init__(self, classifier: Classifier) -> None:
        self.of = classifier
        self.quantity = classifier.quantity
        self.slope = self.quantity._replace(order=self.quantity.order + 1)
        self.line = _Line(classifier.fmt)
        self.enclosures = Enclosures(self.quantity.bound)
        self.edges = _edges(classifier)
        self.edge_classes = classifier.classes(np.full(self.edges.size + 1, math.nan), np.append(-math.inf, self.edges))
        # (first position, last position, class), signed
        self.pieces: list[tuple[Keys, Keys, Any]] = []

    def run(self) -> list[tuple[float, float, int]]:
        """Divide the line until all cells are finished or given up."""
        cells, points = self._first_cells()
        self._enumerate(_Ranges(np.sign(points), np.abs(points), np.abs(points)))
        evaluated = 0
        for turn in range(_MAX_ROUNDS):
            few = cells.last - cells.first < _FEW
            self._enumerate(cells.take(few))
            cells = cells.take(~few)
            if not cells.sign.size:
                break
            evaluated += cells.sign.size
            found = self._judge(cells)
            self._add(cells.take(found.is_whole), found.kind[found.is_whole])
            self._bisect(cells.take(found.bisect & ~found.is_whole))
            is_open = ~found.is_whole & ~found.bisect
            faint = is_open & self._is_faint(cells, found.facts, turn)
            self._observe(cells.take(faint))
            rest = self._give_up(cells.take(is_open & ~faint), evaluated > _MAX_CELLS or turn == _MAX_ROUNDS - 1)
            cells = self._divide(rest)
        low, high, kind = (np.concatenate(fields) for fields in zip(*self.pieces, strict=True))
        order = np.argsort(low, kind="stable")
        low, high = (self.line.values(keys[order]).tolist() for keys in (low, high))
        return list(zip(low, high, kind[order].tolist(), strict=True))

    # --- cells -------------------------------------------------------------------------------------------------------

    def _first_cells(self) -> tuple[_Ranges, Keys]:
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
        return _Ranges(np.where(negative, -1, 1), first, last), np.array(sorted(points), dtype=np.int64)

    def _divide(self, cells: _Ranges) -> _Ranges:
        """Return parts of the cells: at powers of two, or within one binade evenly."""
        bits = self.line.bits
        parts: list[_Ranges] = []
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
            parts.append(_Ranges(cells.sign, np.maximum(start, cells.first), stop - 1))
        found = _joined(parts)
        found = found.take(found.first <= found.last)
        # A power of two has another spacing below it.
        power = ((found.first & ((1 << bits) - 1)) == 0) & ((found.first >> bits) == (found.last >> bits))
        power &= found.first < found.last
        alone = found.take(power)
        rest = _Ranges(found.sign, found.first + power, found.last)
        return _joined([_Ranges(alone.sign, alone.first, alone.first), rest])

    def _give_up(self, cells: _Ranges, all_of_them: bool) -> _Ranges:
        """Record the cells farthest from 0 as not searched, or as observed beyond 2^250; return the others."""
        limit = -1 if all_of_them else self.line.last
        if not all_of_them and cells.sign.size > _CELLS_PER_ROUND:
            limit = int(np.sort(cells.first)[_CELLS_PER_ROUND]) - 1
        kept = cells.first <= limit
        dropped = cells.take(~kept)
        observable = self._is_observable(dropped)
        self._observe(dropped.take(observable))
        self._leave(dropped.take(~observable))
        return cells.take(kept)

    def _leave(self, cells: _Ranges) -> None:
        self._add(cells, np.full(cells.sign.size, UNSEARCHED))

    def _is_observable(self, cells: _Ranges) -> Bools:
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

    def _is_faint(self, cells: _Ranges, facts: _Facts, turn: int) -> Bools:
        """Return where enclosures under- or overflow: beyond 2^250, and where q itself nearly underflows in float64."""
        if self.of.fmt.least_exponent > _SAFE_EXPONENT:
            return np.zeros(cells.sign.size, dtype=bool)
        size = np.maximum(np.abs(facts.least), np.abs(facts.greatest))
        tiny = (turn >= np.where(np.abs(facts.near) < 1, 16, _ROUNDS_IF_FAINT)) & (size < _FAINT) & facts.defined
        return tiny | (self.line.values(cells.first) >= 2.0**_PROVEN_EXPONENT)

    # --- results -----------------------------------------------------------------------------------------------------

    def _add(self, cells: _Ranges, kind: Any) -> None:
        negative = cells.sign < 0
        low, high = np.where(negative, -cells.last, cells.first), np.where(negative, -cells.first, cells.last)
        self.pieces.append((low, high, np.asarray(kind)))

    def _enumerate(self, cells: _Ranges) -> None:
        """Evaluate all numbers of cells."""
        if cells.sign.size:
            counts = cells.last - cells.first + 1
            offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
            size = np.repeat(cells.first, counts) + offsets
            sign = np.repeat(cells.sign, counts)
            x = self.line.values(np.where(sign < 0, -size, size))
            self._add(_Ranges(sign, size, size), self.of.classes(x, self.of.results(x)))

    def _labels(self, keys: Keys) -> tuple[Any, Any]:
        """Return the class at each position, and the pair of which both parts are monotone in a cell."""
        x = self.line.values(keys)
        results = self.of.results(x)
        code = np.searchsorted(self.edges, results, side="right")
        return self.of.classes(x, results), 4 * code + (results > x) - (results < x)

    def _observe(self, cells: _Ranges) -> None:
        """Bisect cells in which that is not proven to find all ends of classes, and mark what it finds as observed."""
        count = len(self.pieces)
        self._bisect(cells)
        self.pieces[count:] = [(low, high, kind + OBSERVED) for low, high, kind in self.pieces[count:]]

    def _bisect(self, cells: _Ranges) -> None:
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

    # --- proofs ------------------------------------------------------------------------------------------------------

    def _judge(self, cells: _Ranges) -> _Verdict:
        """Return what the enclosures and the results at the ends prove of each cell (see the module)."""
        near, far = (self.line.values(cells.sign * keys) for keys in (cells.first, cells.last))
        facts = self._facts(near, far)
        below, above = (np.searchsorted(self.edges, end, side="right") for end in (facts.least, facts.greatest))
        is_one_class = facts.defined & (below == above)
        kind = self.edge_classes[below].astype(np.int64)
        # Zero and one precede identity.
        nowhere = facts.defined & ((facts.greatest < np.minimum(near, far)) | (facts.least > np.maximum(near, far)))
        nowhere |= is_one_class & (kind < _IDENTITY)
        everywhere, separable, alternates = (np.zeros(near.size, dtype=bool) for _ in range(3))
        index = np.flatnonzero(~nowhere & facts.continuous)
        if index.size:
            found = self._identity(cells.take(index), facts.take(index))
            everywhere[index], nowhere[index], separable[index], alternates[index] = found
        # An x that is 1 is a point of its own.
        is_whole = everywhere | (is_one_class & nowhere)
        kind = np.where(everywhere, _IDENTITY, kind)
        kind, is_whole = np.where(alternates, UNSEARCHED, kind), is_whole | alternates
        is_undefined = facts.is_empty & np.isnan(facts.at_near) & np.isnan(facts.at_far)
        kind = np.where(is_undefined, NONE, kind)
        return _Verdict(kind, is_whole | is_undefined, (facts.monotone | is_one_class) & (nowhere | separable), facts)

    def _facts(self, near: Floats, far: Floats) -> _Facts:
        """Return enclosures of q, q' and q'' in the cells between `near` and `far`, and what follows for r."""
        low, high = np.minimum(near, far), np.maximum(near, far)
        closed = np.zeros(near.size, dtype=bool)
        area, order = Cells(low, high, closed, closed), self.quantity.order
        value, first, second = (self.enclosures.order(order + k, area) for k in range(3))
        flags = value.flags | first.flags
        continuous = self.enclosures.is_smooth(area, flags) if order else self.enclosures.is_continuous(area, flags)
        results = self.of.results(np.concatenate([near, far]))
        at_near, at_far = results[: near.size], results[near.size :]
        defined = ~(np.isnan(at_near) | np.isnan(at_far) | value.is_empty)
        continuous = continuous & defined & ~first.is_empty
        falling, _, rising = first.signs()
        monotone = continuous & ~(falling & rising)
        negative, _, positive = second.signs()
        smooth = continuous & self.enclosures.is_smooth(area, flags | second.flags) & (second.flags == 0)
        smooth &= ~second.is_empty
        bent = smooth & ~(negative & positive)
        index = np.flatnonzero(bent & ~monotone)
        if index.size:
            signs = [difference(self.slope, x[index], np.zeros(index.size)).sign for x in (near, far)]
            monotone[index] = signs[0] * signs[1] >= 0
        least, greatest = self.of.fmt.round(np.asarray(value.lo)), self.of.fmt.round(np.asarray(value.hi))
        least = np.where(monotone | (bent & ~positive), np.fmax(least, np.fmin(at_near, at_far)), least)
        greatest = np.where(monotone | (bent & ~negative), np.fmin(greatest, np.fmax(at_near, at_far)), greatest)
        self._hold_steady(near, far, at_near, continuous & (least != greatest), first.magnitude, least, greatest)
        strict = bent & _is_strict(second)
        return _Facts(near, far, at_near, at_far, value.is_empty, defined, continuous, smooth, monotone, bent, strict,
                      least, greatest, first, second.magnitude)  # fmt: skip

    def _hold_steady(
        self, near: Floats, far: Floats, at_near: Floats, wanted: Bools, steepness: Floats, least: Floats, most: Floats
    ) -> None:
        """Set the bounds of r where q cannot leave the numbers that round to r(a): by the mean value theorem."""
        with np.errstate(all="ignore"):
            change = steepness * np.abs(far - near)
            quarter = np.ldexp(np.abs(at_near), -self.of.fmt.precision - 1) * _MARGIN
            index = np.flatnonzero(wanted & (change < quarter) & (np.abs(at_near) >= self.of.least_normal))
            if index.size:
                distance = difference(self.quantity, near[index], at_near[index]).magnitude + change[index]
                steady = index[distance < quarter[index]]
                least[steady] = most[steady] = at_near[steady]

    def _identity(self, cells: _Ranges, facts: _Facts) -> _Identity:
        """Return in which cells r(x) = x everywhere, nowhere, and where the ends can be bisected."""
        near, far = facts.near, facts.far
        slope, ones = facts.first + (-1), np.ones(near.size)
        ends = [difference(self.slope, x, ones) for x in (near, far)]
        with np.errstate(all="ignore"):
            # s as Q' encloses it, between its ends where it is monotone, and from its start as far as Q'' allows.
            change = np.where(facts.smooth, facts.curvature * np.abs(far - near) * _SLACK, math.inf)
            between = (np.fmin(ends[0].low, ends[1].low), np.fmax(ends[0].high, ends[1].high))
            low, high = (np.where(facts.bent, end, far_end)
                         for end, far_end in zip(between, (-math.inf, math.inf), strict=True))  # fmt: skip
            low = np.fmax(np.fmax(low, slope.lo), ends[0].low - change)
            high = np.fmin(np.fmin(high, slope.hi), ends[0].high + change)
            ratio = difference(self.quantity, near, near, per_x=True)
            low, high = np.fmin(low, ratio.low), np.fmax(high, ratio.high)
            half_ulp = math.ldexp(1.0, -self.of.fmt.precision - 1)
            everywhere = facts.continuous & (low >= -half_ulp * _MARGIN) & (high <= half_ulp * _MARGIN)
            nowhere = facts.continuous & ((low * _MARGIN**2 > 2 * half_ulp) | (high * _MARGIN**2 < -2 * half_ulp))
            nowhere &= cells.first >> self.line.bits > 0
        by_sign = ends[0].sign * ends[1].sign
        strict = _is_strict(slope) | (facts.strict & (by_sign >= 0))
        constant = (slope.lo == 0) & (slope.hi == 0)
        bits = self.line.bits
        within = (cells.first >> bits) == (cells.last >> bits)
        within &= (cells.first & ((1 << bits) - 1) != 0) | (cells.first >> bits == 0)
        separable = facts.continuous & within & strict
        index = np.flatnonzero(facts.continuous & within & constant & ~everywhere)
        if index.size:
            # The first two numbers have both last bits.
            sign = cells.sign[index]
            signs = []
            for k in (0, 1):
                x = self.line.values(sign * (cells.first[index] + k))
                signs.append(np.sign(self.of.results(x) - x))
            separable[index] = signs[0] == signs[1]
        alternates = facts.continuous & within & constant & ~everywhere & ~separable
        return _Identity(everywhere, nowhere, separable, alternates)


def _is_strict(x: Intervals) -> Bools:
    """Return where the values have one strict sign."""
    negative, zero, positive = x.signs()
    strict: Bools = ~zero & (negative != positive)
    return strict


def _edges(classifier: Classifier) -> Floats:
    """Return the least result of each range of results that have one class of values; the first is all below."""
    points = {0.0, 1.0, *classifier.limits}
    edges = {*points, *(math.nextafter(at, math.inf) for at in points)}
    edges |= {math.nextafter(-classifier.least_normal, math.inf), classifier.least_normal}
    edges |= {math.nextafter(-math.inf, math.inf), math.inf}
    return np.array(sorted(edges))
