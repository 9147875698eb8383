"""Every value and every derivative of every elementwise entry against the oracle, bit for bit."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

import actcli
from actcli.errors import ParameterError
from tests.support import points
from tests.support.oracle import FORMATS, Oracle, elementwise_entries, nearest, ulps
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, exhaustive, sampled

ENTRIES = elementwise_entries()
WIDE = ("float64", "float32")

each_entry = pytest.mark.parametrize("name", ENTRIES)


def each_sampled(offset: int) -> pytest.MarkDecorator:
    """Parametrize a test by the entries, of which the default tier runs a sample."""
    return pytest.mark.parametrize("name", sampled(ENTRIES, 9, offset=offset, costly=COSTLY))


each_order = pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])


class Bench:
    """One entry with its parameters, what actcli gives and what is true of it."""

    def __init__(self, name: str, order: int, params: dict[str, str] | None = None) -> None:
        self.params = points.usual(ENTRIES[name]) | (params or {})
        self.spec = points.spec(name, self.params)
        self.order = order
        self.oracle = Oracle(ENTRIES[name], self.params)

    def got(self, xs: Sequence[float], dtype: str) -> list[float]:
        function = actcli.gradient if self.order else actcli.evaluate
        found: list[float] = function(self.spec, np.array(xs), dtype=dtype).astype(np.float64).tolist()
        return found

    def truth(self, dtype: str, x: float) -> float:
        return self.oracle.result(self.order, x, dtype)

    def faults(self, xs: Sequence[float], truths: Sequence[float], dtype: str) -> list[str]:
        """One line for each x where actcli is not right, alone among its like or with all others."""
        together = self.got(xs, dtype)
        order = sorted(range(len(xs)), key=lambda place: (abs(xs[place]), xs[place]))
        alike = [0.0] * len(xs)
        for start in range(0, len(order), 100):
            places = order[start : start + 100]
            for place, y in zip(places, self.got([xs[place] for place in places], dtype), strict=True):
                alike[place] = y
        wrong = {
            (
                x.hex(),
                y.hex(),
                truth.hex(),
            ): f"{self.spec} {'slope' if self.order else 'f'} {dtype} x={x.hex()} ({x!r}): "
            f"got {y.hex()} ({y!r}), truth {truth.hex()} ({truth!r}), {ulps(y, truth, FORMATS[dtype]):.3g} ulp"
            for x, *both, truth in zip(xs, together, alike, truths, strict=True)
            for y in both
            if repr(y) != repr(truth)
        }
        return list(wrong.values())

    def look(self, scale: int, dice: random.Random, changes: int) -> list[str]:
        """The faults in float64 and float32 at general points, about the kinks, and where the results change."""
        faults = []
        for dtype in WIDE:
            xs = points.general(dtype, dice, scale) + points.near(self.oracle.kinks, dtype)
            names = WIDE if dtype == "float32" else ("float64",)
            truths = [self.oracle.results(self.order, x, names) for x in xs]
            for place, name in enumerate(names):
                faults += self.faults(xs, [found[place] for found in truths], name)
            if changes:
                results = [found[-1] for found in truths]
                truth = partial(self.truth, dtype)
                more = points.thresholds(xs, results, truth, dtype, changes)
                faults += self.faults(more, [*map(truth, more)], dtype)
        return faults


def fail_if(faults: Sequence[str], seed: int) -> None:
    """Fail with the first faults and the seed of the points."""
    if faults:
        listed = "\n".join(faults[:20])
        pytest.fail(f"{len(faults)} wrong results (seed {seed}):\n{listed}", pytrace=False)


def valid(name: str, params: dict[str, str]) -> bool:
    """Whether the entry takes these parameters together."""
    try:
        actcli.evaluate(name, [1.0], **params)
    except ParameterError:
        return False
    return True


@each_sampled(0)
@each_order
def test_correctly_rounded(name: str, order: int) -> None:
    """With default parameters an entry gives the oracle's bits in float64 and float32 at every difficult point."""
    bench = Bench(name, order)
    fail_if(bench.look(2, random.Random(SEED), changes=8), SEED)


@each_sampled(1)
@each_order
def test_correctly_rounded_for_parameters(name: str, order: int) -> None:
    """An entry gives the oracle's bits for small, large, negative and zero parameters where they are valid."""
    faults: list[str] = []
    dice = random.Random(SEED)
    for params in points.settings(ENTRIES[name], Oracle(ENTRIES[name], points.usual(ENTRIES[name])).names):
        if valid(name, params):
            bench = Bench(name, order, params)
            xs = dice.sample(points.general("float32", dice), 40) + points.near(bench.oracle.kinks, "float32")
            truths = [bench.oracle.results(order, x, WIDE) for x in xs]
            for place, dtype in enumerate(WIDE):
                faults += bench.faults(xs, [truth[place] for truth in truths], dtype)
    fail_if(faults, SEED)


@each_sampled(2)
@each_order
def test_nan_infinities_and_zeros(name: str, order: int) -> None:
    """nan gives nan, infinities give the limits, and zeros have the sign that the contract states."""
    faults = []
    for params in ({}, *points.settings(ENTRIES[name], Oracle(ENTRIES[name], points.usual(ENTRIES[name])).names)):
        if valid(name, params):
            bench = Bench(name, order, params)
            limits = {x: bench.oracle.results(order, x, tuple(FORMATS)) for x in (math.inf, -math.inf)}
            for place, dtype in enumerate(FORMATS):
                known = [(x, math.nan if dtype == "float8_e4m3fn" else truth[place]) for x, truth in limits.items()]
                known += [(x, bench.truth(dtype, x)) for x in (math.nan, 0.0, -0.0)]
                faults += bench.faults([x for x, _ in known], [truth for _, truth in known], dtype)
    fail_if(faults, 0)


@each_entry
def test_subgradients_at_kinks(name: str) -> None:
    """At a kink the derivative is the entry's subgradient, rounded, in every format that contains the kink."""
    usual = points.usual(ENTRIES[name])
    for at, slope in Oracle(ENTRIES[name], usual).kinks.items():
        for dtype, grid in FORMATS.items():
            if Fraction(nearest(at, grid)) == at:
                assert float(actcli.gradient(name, float(at), dtype=dtype, **usual)) == nearest(slope, grid)


@exhaustive
@each_entry
@each_order
def test_correctly_rounded_at_many_points(name: str, order: int) -> None:
    """An entry gives the oracle's bits at about ten times as many points, from another seed."""
    seed = SEED + 1
    fail_if(Bench(name, order).look(10, random.Random(seed), changes=50), seed)


@exhaustive
@each_entry
@each_order
def test_correctly_rounded_for_extreme_parameters(name: str, order: int) -> None:
    """An entry gives the oracle's bits for parameters of extreme size at every general point."""
    faults: list[str] = []
    entry = ENTRIES[name]
    names = Oracle(entry, points.usual(entry)).names
    for params in points.settings(entry, names) + points.settings(entry, names, extreme=True):
        if valid(name, params):
            faults += Bench(name, order, params).look(1, random.Random(SEED), changes=6)
    fail_if(faults, SEED)
