"""The trivial intervals of a format: against the classes of reference results, and of every value of narrow formats."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby, pairwise

import numpy as np
import pytest

import actcli
from actcli.core import spec
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.trivial_cells import classified_pieces
from actcli.core.evaluation.trivial_intervals import TrivialInterval, TrivialIntervals, trivial_intervals
from actcli.core.evaluation.triviality import CLASSES, NONE, OBSERVED, UNSEARCHED, Classifier
from actcli.number_formats import FLOATS
from tests.support import expression_oracle, points
from tests.support.make_truth import ORDERS, SWEPT, digests, stored
from tests.support.oracle import FORMATS, Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, sampled

each_order = pytest.mark.parametrize("order", [0, 1], ids=ORDERS)

Interval = tuple[str | None, float, float]


def class_of(x: float, result: float, limits: Sequence[float], dtype: str, is_finite: Callable[[], bool]) -> str | None:
    """Return the class of x by its result, as the definition says; `is_finite` tells whether the exact value is."""
    grid = FORMATS[dtype]
    if result == 0:
        return "zero"
    if result == 1:
        return "one"
    if result == x:
        return "identity"
    if any(math.isfinite(limit) and result == limit for limit in limits):
        return "limit"
    if abs(result) < math.ldexp(1.0, grid.least + grid.precision - 1):
        return "subnormal"
    beyond = math.isinf(result) or (math.isnan(grid.beyond) and math.isnan(result))
    return "overflow" if beyond and is_finite() else None


def maximal(classes: Sequence[tuple[float, str | None]]) -> list[Interval]:
    """Return the intervals of consecutive x with one class, those without a class left out."""
    groups = ((what, [x for x, _ in group]) for what, group in groupby(classes, key=lambda pair: pair[1]))
    return [(what, group[0] + 0.0, group[-1] + 0.0) for what, group in groups if what is not None]


def listed(found: TrivialIntervals) -> list[Interval]:
    """Return the intervals that were found, as `maximal` does."""
    return [(each.what, each.low, each.high) for each in found.intervals]


def specs() -> dict[str, str]:
    """Return a SPEC of each elementwise entry with its usual parameters, by name."""
    return {name: points.spec(name, points.usual(entry)) for name, entry in elementwise_entries().items()}


def poles(oracle: Oracle) -> set[float]:
    """Return the ends of the domain, at which an infinite result is exact."""
    domain = oracle.entry.domain
    return set() if domain is None else {float(end) for end in domain(**oracle.params) if end is not None}


# --- narrow formats --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", SWEPT)
@each_order
@pytest.mark.parametrize("name", sampled(elementwise_entries(), 5, costly=COSTLY | {"soft_exponential"}))
def test_narrow_formats_agree_with_all_values(name: str, order: int, dtype: str) -> None:
    """In a narrow format the intervals are those of the classes of all true results."""
    xs = np.array(points.every(dtype))
    results = (actcli.gradient if order else actcli.evaluate)(specs()[name], xs, dtype=dtype).astype(np.float64)
    assert digests(results) == stored(name)[ORDERS[order]][dtype]
    entry = elementwise_entries()[name]
    oracle = Oracle(entry, points.usual(entry))
    limits = [oracle.result(order, side, dtype) for side in (-math.inf, math.inf)]
    ends = poles(oracle)

    def is_finite(x: float) -> bool:
        return x not in ends and not math.isnan(oracle.result(order, x, "float64"))

    by_x = {x: y for x, y in zip(xs.tolist(), results.tolist(), strict=True) if math.isfinite(x)}
    classes = [(x, class_of(x, y, limits, dtype, partial(is_finite, x))) for x, y in sorted(by_x.items())]
    found = trivial_intervals(spec.parse(specs()[name]), order, FLOATS[dtype])
    assert listed(found) == maximal(classes)
    assert found.evidence == "proven"


EXPRESSIONS = (
    "x**3", "1/x", "sqrt(x)", "exp(exp(x))", "step(x)", "where(x>0.3,x,1)", "x+1", "sqrt(x-1.1)", "1/(x-1.1)",
    "max(x,sin(3*x))", "tanh(1000*x)", "sqrt(sin(x))", "log(x)", "x**2/2", "gelu(x)-x", "exp(-x**2)", "x+1/x",
    "abs(x-0.1)*x", "x*(1+2**-12)", "exp(1/(x-1.1))", "atan(1/(x-1.1))", "(x**2-1)/(x-1)", "gelu(1e6*x)/1e6",
    "gelu@jax", "gelu@keras", "hard_swish@torch", "LeakyReLU@keras", "celu:alpha=0.3", "selu", "silu", "mish",
    "thresholded_relu:theta=0.7", "hardshrink:lambd=0.3", "clip:min=-0.1,max=1.5", "elu:alpha=2", "tan(x)",
)  # fmt: skip


def by_cells(text: str, order: int, dtype: str) -> tuple[list[Interval], list[tuple[float, float]]]:
    """Return what the search by cells proves in a narrow format: intervals, and ranges not searched."""
    classifier = Classifier(Quantity(spec.parse(text), order), FLOATS[dtype])
    merged: list[list[float]] = []
    for low, high, kind in classified_pieces(classifier):
        kind = kind if kind < OBSERVED else UNSEARCHED
        if merged and merged[-1][2] == kind:
            merged[-1][1] = high
        else:
            merged.append([low, high, kind])
    gaps = [(low, high) for low, high, kind in merged if kind == UNSEARCHED]
    return [(CLASSES[int(kind)], low + 0.0, high + 0.0) for low, high, kind in merged if kind < NONE], gaps


@each_order
@pytest.mark.parametrize("text", sampled(dict.fromkeys([*EXPRESSIONS, *specs().values()]), 20, costly=COSTLY))
def test_proofs_agree_with_all_values(text: str, order: int) -> None:
    """What is proven by enclosures of cells, as for wide formats, holds at all values of a narrow one."""
    found, gaps = by_cells(text, order, "float16")
    complete = listed(trivial_intervals(spec.parse(text), order, FLOATS["float16"]))
    # A wave, and results that alternate, are not searched everywhere.
    known = [each for each in complete if not any(low <= each[2] and each[1] <= high for low, high in gaps)]
    inside = [each for each in found if not any(low <= each[2] and each[1] <= high for low, high in gaps)]
    borders = {math.nextafter(end, side) for gap in gaps for end in gap for side in (-math.inf, math.inf)}
    if not borders:
        assert inside == known
    else:
        # An interval may go on in what is not searched.
        assert set(known) <= set(inside)
        assert all(any(each[1] >= other[1] and each[2] <= other[2] for other in complete) for each in inside)


# --- wide formats ----------------------------------------------------------------------------------------------------


def at(found: TrivialIntervals, x: float) -> str | None:
    """Return the class that the intervals give x, or "?" if it is not searched."""
    if any(low <= x <= high for low, high in found.gaps):
        return "?"
    return next((each.what for each in found.intervals if each.low <= x <= each.high), None)


def probes(found: TrivialIntervals, dtype: str, dice: random.Random) -> list[float]:
    """Return the numbers around the ends of all intervals, numbers inside and between them, and others."""
    intervals: Sequence[TrivialInterval] = found.intervals
    if len(intervals) > 12:
        intervals = [*intervals[:4], *dice.sample(intervals, 4), *intervals[-4:]]
    xs = {x for each in intervals for end in (each.low, each.high) for x in points.neighbours(end, dtype, 1)}
    ends = sorted({0.0, *(end for each in intervals for end in (each.low, each.high))})
    for low, high in pairwise(ends):
        share = dice.random()
        xs |= {float(np.array(x).astype(dtype)) for x in (low / 2 + high / 2, low * (1 - share) + high * share)}
        if low * high > 0:
            xs.add(float(np.array(math.copysign(math.sqrt(abs(low)) * math.sqrt(abs(high)), low)).astype(dtype)))
    xs |= set(dice.sample(points.general(dtype, dice), 12))
    return sorted(x for x in xs if math.isfinite(x))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@each_order
@pytest.mark.parametrize("name", sampled(elementwise_entries(), 12, offset=1, costly=COSTLY))
def test_wide_formats_agree_with_the_oracle(name: str, order: int, dtype: str) -> None:
    """In a wide format the numbers at and next to the ends, and random ones, have the class that the intervals say."""
    entry = elementwise_entries()[name]
    oracle = Oracle(entry, points.usual(entry))
    limits = [oracle.result(order, side, dtype) for side in (-math.inf, math.inf)]
    found = trivial_intervals(spec.parse(specs()[name]), order, FLOATS[dtype])
    dice, ends = random.Random(SEED), poles(oracle)
    for x in probes(found, dtype, dice):
        expected = at(found, x)
        if expected != "?":
            result = oracle.result(order, x, dtype)
            assert class_of(x, result, limits, dtype, partial(operator.not_, x in ends)) == expected, x.hex()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@each_order
@pytest.mark.parametrize(
    "text", ["x**3", "1/x", "exp(x)", "where(x>0.3,x,1)", "exp(-x**2)", "x**2/2", "x+1/x", "sqrt(x-1.1)"]
)
def test_expressions_agree_with_the_oracle(text: str, order: int, dtype: str) -> None:
    """The intervals of an expression, also one that jumps or has a pole, are those of the reference."""
    limits = (
        actcli.evaluate(text, [-math.inf, math.inf]) if order == 0 else actcli.gradient(text, [-math.inf, math.inf])
    )
    found = trivial_intervals(spec.parse(text), order, FLOATS[dtype])
    for x in probes(found, dtype, random.Random(SEED)):
        expected = at(found, x)
        if expected != "?":
            try:
                result = expression_oracle.truth(text, x, order, fmt=dtype)
            except expression_oracle.UndecidedTruthError:
                continue
            assert class_of(x, result, limits.tolist(), dtype, lambda: True) == expected, x.hex()


# --- known constants -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "order", "dtype", "what", "start"),
    [
        ("gelu", 0, "bfloat16", "identity", 2.78125),
        ("gelu", 1, "bfloat16", "one", 3.40625),
        ("tanh", 0, "float32", "one", 9.010914),
        ("gelu", 1, "float32", "one", 5.910161),
        ("exp(exp(x))", 0, "float16", "overflow", 2.40625),
        ("relu", 0, "float64", "identity", 1.0000000000000002),
    ],
)
def test_tail_starts_where_it_is_known_to(text: str, order: int, dtype: str, what: str, start: float) -> None:
    """The last interval starts at the constant that is known for this format, and reaches to the largest number."""
    fmt = FLOATS[dtype]
    last = trivial_intervals(spec.parse(text), order, fmt).intervals[-1]
    assert last == TrivialInterval(order, what, fmt.read(str(start)), fmt.largest, "proven")  # type: ignore[arg-type]


def test_waves_are_searched_near_zero() -> None:
    """Of a wave the intervals near 0 are complete, and the rest is said not to be searched."""
    found = trivial_intervals(spec.parse("sin"), 0, FLOATS["float32"])
    assert found.evidence == "searched"
    assert [(low, high) for low, high in found.gaps if abs(low) < 20 and abs(high) < 20] == []
    peaks = [each for each in found.intervals if each.what == "one" and 0 < each.low < 20]
    assert [round((each.low + each.high) / math.pi, 3) for each in peaks] == [1.0, 5.0, 9.0]
    assert found.gaps[-1][1] == FLOATS["float32"].largest


def test_alternating_results_are_not_listed() -> None:
    """Where x - 0.5 is a tie at every other x, neither class is listed, and the range is said not to be searched."""
    found = trivial_intervals(spec.parse("softshrink"), 0, FLOATS["float32"])
    assert found.gaps[-1] == (2.0**23 + 1, 2.0**24 - 1)
    assert found.intervals[-1][1:4] == ("identity", 2.0**24, FLOATS["float32"].largest)


def test_poles_are_no_overflow() -> None:
    """An infinite result at a pole is the exact value, not an overflow."""
    found = trivial_intervals(spec.parse("1/x**2"), 0, FLOATS["float16"])
    assert [each.what for each in found.intervals if each.low <= 0 <= each.high] == []
    assert [each.what for each in found.intervals if each.low <= 2.0**-10 <= each.high] == ["overflow"]
