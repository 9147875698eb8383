"""Proofs about cells of a wide format: the class of all numbers in them, or that its ends can be bisected.

A cell is a range of consecutive numbers of D of one sign. 0, kinks, joints and ends of the domain are points of their
own, or lie between two cells. In a cell q, that is f or f', has the enclosures Q, Q', Q'' of itself and its next two
derivatives. Its rounded results r at the ends are exact. A cell is finished when both of these are known:

Values. r lies in the rounding of Q, as rounding is monotone. If Q' has one sign, q is monotone and r lies between its
values at the ends. So it does if Q'' has one sign and q', which is then monotone, has the same sign at both ends. If
Q'' <= 0, q is concave and r is at least its smaller value at the ends; if Q'' >= 0, at most the larger one. Where all
possible r belong to one class, or q is monotone, that is enough: the x of each class of values then form an interval.

Identity. Let h = q - x, s = h' = q' - 1, and p the precision. There is none where r and x have disjoint ranges. By the
mean value theorem h(x) = h(a) + s(t) (x - a) from the end a next to 0, so that h(x)/x is a mean of h(a)/a and s(t),
with positive weights. Half an ulp of x is at least |x| 2^-(p+1), also below x = 2^e, and of a normal x at most
|x| 2^-p. So r(x) = x in the whole cell if h(a)/a and s are at most 2^-(p+1) in size, and nowhere if both are above
2^-p, or both below its negative. Otherwise, in a cell within one binade and without its power of two, all x have the
same ulp u, and r(x) = x means |h| < u/2, or a tie. If h is strictly monotone there is a tie at most once on either
side, and the sign of r(x) - x is monotone. If h is constant, that sign depends on the last bit of x alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.core.evaluation.differences import difference
from actcli.core.evaluation.enclosures import Cells, Enclosures
from actcli.core.evaluation.triviality import CLASSES, NONE, UNSEARCHED

if TYPE_CHECKING:
    from actcli.core.evaluation.intervals import Intervals
    from actcli.core.evaluation.number_line import Keys, Line, Ranges
    from actcli.core.evaluation.triviality import Classifier
    from actcli.number_formats import Bools, Floats

__all__ = ["Facts", "Prover", "Verdict"]

_IDENTITY = CLASSES.index("identity")
_SLACK, _MARGIN = 1 + 2.0**-40, 1 - 2.0**-40
"""Cover the roundings of a bound's own computation."""


class Verdict(NamedTuple):
    """What is known of each cell.

    kind      the class of all its numbers, where there is one
    is_whole  whether there is one
    bisect    whether the ends of classes can be bisected
    facts     the enclosures
    """

    kind: Keys
    is_whole: Bools
    bisect: Bools
    facts: Facts


class Identity(NamedTuple):
    """In which cells r(x) = x everywhere, nowhere, on an interval whose ends can be bisected, or at every other x."""

    everywhere: Bools
    nowhere: Bools
    separable: Bools
    alternates: Bools


class Facts(NamedTuple):
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

    def take(self, index: Any) -> Facts:
        """Return the facts of some cells."""
        fields: Any = (field.take(index) for field in self)
        return Facts(*fields)


class Prover:
    """Proofs about cells of one quantity in one format.

    edges  the least result of each range of results that have one class of values; the first is all below
    """

    def __init__(self, classifier: Classifier, line: Line) -> None:
        self.of = classifier
        self.line = line
        self.quantity = classifier.quantity
        self.slope = self.quantity._replace(order=self.quantity.order + 1)
        self.enclosures = Enclosures(self.quantity.bound)
        self.edges = _edges(classifier)
        self.edge_classes = classifier.classes(np.full(self.edges.size + 1, math.nan), np.append(-math.inf, self.edges))

    def judge(self, cells: Ranges) -> Verdict:
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
        is_undefined = self._is_outside(near, far) | (facts.is_empty & np.isnan(facts.at_near) & np.isnan(facts.at_far))
        kind = np.where(is_undefined, NONE, kind)
        return Verdict(kind, is_whole | is_undefined, (facts.monotone | is_one_class) & (nowhere | separable), facts)

    def _facts(self, near: Floats, far: Floats) -> Facts:
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
        return Facts(near, far, at_near, at_far, value.is_empty, defined, continuous, smooth, monotone, bent, strict,
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

    def _identity(self, cells: Ranges, facts: Facts) -> Identity:
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
        return Identity(everywhere, nowhere, separable, alternates)

    def _is_outside(self, near: Floats, far: Floats) -> Bools:
        """Return which cells lie outside the domain, whose ends are in no cell."""
        low, high = self.quantity.bound.domain
        outside = np.zeros(near.size, dtype=bool)
        if low is not None:
            outside |= np.maximum(near, far) <= float(low)
        if high is not None:
            outside |= np.minimum(near, far) >= float(high)
        return outside


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
