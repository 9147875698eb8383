"""Stated properties and kinks of each entry, checked against its formula as the oracle evaluates it."""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest

from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.reals import OutsideDomain, Real
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()
TINY = Fraction(1, 2**80)
KINK_THRESHOLD = Fraction(1, 10**6)
"""The smallest difference of one-sided derivatives that counts; every entry's kinks are sharper."""

each_entry = pytest.mark.parametrize("name", ENTRIES)


@cache
def oracle(name: str) -> Oracle:
    """Return the oracle of an entry with its defaults, and with positive values for required parameters."""
    required = [param.name for param in ENTRIES[name].parameters if param.default is None]
    return Oracle(ENTRIES[name], dict(zip(required, ("2", "0.5"), strict=False)))


def value(name: str, order: int, x: Fraction | float) -> Fraction:
    """Return f or its derivative at x, to many digits."""
    return oracle(name).at(order, x).middle()


@cache
def samples(name: str) -> list[tuple[float, Fraction]]:
    """Return x and f(x) in order of x: densely near 0, and up to the smallest and largest floats."""
    dice = random.Random(17)
    sizes = [2.0**k * dice.uniform(1, 2) for k in (*range(-1070, 1023, 90), *range(-20, 12))]
    xs = [-40 + 80 * (k + dice.random()) / 240 for k in range(240)] + [
        sign * size for size in sizes for sign in (-1, 1)
    ]
    known = []
    for x in sorted([*xs, 0.0, *map(float, oracle(name).kinks)]):
        with suppress(OutsideDomain):
            known.append((x, value(name, 0, x)))
    return known


# --- the range -------------------------------------------------------------------------------------------------------


def end(name: str, text: str) -> tuple[Fraction | float, Fraction]:
    """Return an end of a range as a number, and the error of its digits if they are rounded."""
    word = text.strip()
    if "inf" in word:
        return float(word), Fraction(0)
    decimals = len(word.partition(" ")[0].partition(".")[2])
    params = {param: number.exact for param, number in oracle(name).params.items() if isinstance(number, Real)}
    return evaluate_formula(word, params), Fraction(1, 10**decimals) if decimals >= 8 else Fraction(0)


def extreme(name: str, side: int) -> Fraction:
    """Return the largest (side 1) or smallest (side -1) value, refined around the best sample."""
    known = samples(name)
    best = max(range(len(known)), key=lambda index: side * known[index][1])
    low, high = (Fraction(known[min(max(best + step, 0), len(known) - 1)][0]) for step in (-1, 1))
    for _ in range(40):
        first, second = (2 * low + high) / 3, (low + 2 * high) / 3
        if side * value(name, 0, first) < side * value(name, 0, second):
            low = first
        else:
            high = second
    return side * max(side * known[best][1], side * value(name, 0, (low + high) / 2))


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
def test_range(name: str) -> None:
    """The values reach each closed end of the range, approach each open one, and exceed neither."""
    text = ENTRIES[name].properties.range
    left, _, right = text[1:-1].partition(",")
    infinite = {y for y in limits(name) if math.isinf(y)}
    assert infinite == {float(word) for word in (left, right) if "inf" in word}
    for word, side, closed in ((left, -1, text[0] == "["), (right, 1, text[-1] == "]")):
        if "least" in word:
            # The minimum has no formula; it is reached and lies below the limits.
            assert closed
            assert extreme(name, side) < min(finite_limits(name))
            continue
        wanted, cut = end(name, word)
        if isinstance(wanted, float):
            continue
        most, far = extreme(name, side), finite_limits(name)
        assert side * (most - wanted) <= cut + abs(wanted) / 2**55, float(most)
        reached = any(y == wanted for _, y in samples(name))
        approached = any(abs(limit - wanted) <= cut + abs(wanted) / 2**52 for limit in far)
        if closed:
            assert reached or not approached
            assert abs(most - wanted) <= cut + Fraction(1, 10**13), float(most)
        else:
            assert approached, far
            assert cut or all(y != wanted for x, y in samples(name) if abs(x) < 9)


def limits(name: str) -> list[float]:
    """Return the limits of f at -inf and inf, nan where there is none; for log1mexp that at 0, the end of its domain.
    Return the limits of f at -inf and inf, nan where there is none; for log1mexp that at 0, the end of its domain.
    """
    left, right = (oracle(name).limits(0, side, ("float64",))[0] for side in (-1, 1))
    return [-math.inf if name == "log1mexp" else left, right]


def finite_limits(name: str) -> list[Fraction]:
    """Return the finite limits of f at -inf and inf."""
    return [Fraction(y) for y in limits(name) if math.isfinite(y)]


# --- monotone, odd, saturating ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_monotone(name: str) -> None:
    """A function never decreases exactly if its entry says that it is monotone."""
    falls = [x for (x, low), (_, high) in pairwise(samples(name)) if high < low - abs(low) * TINY]
    assert bool(falls) != ENTRIES[name].properties.monotone, falls[:3]


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_odd(name: str) -> None:
    """f(-x) = -f(x) holds everywhere exactly if the entry says that f is odd."""
    odd_fails = []
    for x, y in samples(name)[::5]:
        try:
            holds = abs(value(name, 0, -x) + y) <= abs(y) * TINY
        except OutsideDomain:
            holds = False
        odd_fails += [] if holds else [x]
    assert bool(odd_fails) != ENTRIES[name].properties.odd, odd_fails[:3]


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_saturates(name: str) -> None:
    """f has a finite limit with derivative tending to 0 exactly on the sides that the entry states."""
    expected = {"both": (True, True), "left": (True, False), "right": (False, True), "no": (False, False)}
    found = []
    for side in (-1, 1):
        (limit,), (slope,) = (oracle(name).limits(order, side, ("float64",)) for order in (0, 1))
        found.append(math.isfinite(limit) and slope == 0)
    assert tuple(found) == expected[ENTRIES[name].properties.saturates]


# --- kinks -----------------------------------------------------------------------------------------------------------


def one_sided(oracle: Oracle, order: int, at: Fraction, side: int) -> Fraction:
    """Return f or its derivative just left (side -1) or right (side 1) of a point."""
    return oracle.at(order, at + side * Fraction(1, 2**90)).middle()


def cases(name: str) -> list[Oracle]:
    """Return the oracle of an entry with its defaults, and with a few other parameters."""
    entry = ENTRIES[name]
    others = points.settings(entry, oracle(name).names)
    return [oracle(name), *(Oracle(entry, params) for params in others[:4])]


@each_entry
def test_kinks_are_not_differentiable(name: str) -> None:
    """At a kink f jumps or its one-sided derivatives differ for some parameters, and the formula gives the stated
    derivative.
    """
    for index, kink in enumerate(ENTRIES[name].kinks):
        if names_in(kink.at) & optional(name):
            continue  # the formulas are those without it
        sharp = []
        for case in cases(name):
            if len(case.kinks) < len(ENTRIES[name].kinks):
                continue  # two kinks coincide
            at, given = list(case.kinks.items())[index]
            left, right = (one_sided(case, 1, at, side) for side in (-1, 1))
            jump = abs(one_sided(case, 0, at, 1) - one_sided(case, 0, at, -1)) > KINK_THRESHOLD
            assert jump <= kink.is_jump, (case.params, float(at))
            assert min(left, right) - TINY <= given <= max(left, right) + TINY, (case.params, float(at))
            assert given == case.at(1, at).middle(), (case.params, float(at))
            sharp.append(jump or (abs(left - right) > KINK_THRESHOLD and not kink.is_jump))
        assert any(sharp), kink


def optional(name: str) -> set[str]:
    """Return the parameters that are none by default."""
    return {param.name for param in ENTRIES[name].parameters if param.default == "none"}


def has_pieces(name: str) -> bool:
    """Return whether a formula of the entry contains a piecewise function."""
    entry = ENTRIES[name]
    parts = [part.strip() for text in (entry.formula, entry.derivative) for part in text.split(" with ")]
    nodes = [node for part in parts for node in ast.walk(ast.parse(f"dict({part})"))]
    piecewise = {"abs", "min", "max", "sign", "floor", "ceil", "round", "step"}
    return any(isinstance(node, ast.IfExp) or (isinstance(node, ast.Name) and node.id in piecewise) for node in nodes)


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
def test_no_unlisted_kinks(name: str) -> None:
    """In [-40, 40] neither f nor its derivative jumps except at the listed kinks, for several parameters."""
    if not has_pieces(name):
        assert not oracle(name).kinks
        return
    if name == "clipped_gelu":
        return  # its kinks, where gelu equals a bound, are irrational
    dice = random.Random(5)
    xs = [Fraction(-40 + 80 * (k + dice.random()) / 300) for k in range(300)]
    for case in cases(name):
        kinks = set(case.kinks)
        for order in (0, 1):
            for at in jumps(lambda x, case=case, order=order: case.at(order, x).middle(), xs):  # type: ignore[misc]
                assert any(abs(at - kink) < KINK_THRESHOLD for kink in kinks), (case.params, order, float(at))


def jumps(function: Callable[[Fraction], Fraction], xs: list[Fraction]) -> list[Fraction]:
    """Return the jumps of a function, by repeatedly bisecting the intervals with the largest changes."""
    try:
        known = [(x, function(x)) for x in sorted(xs)]
    except OutsideDomain:
        return []
    changes = sorted(pairwise(known), key=lambda pair: -abs(pair[1][1] - pair[0][1]))
    found = []
    for (low, below), (high, above) in changes[:8]:
        clear = KINK_THRESHOLD * max(1, abs(below))
        while high - low > Fraction(1, 2**60) and abs(above - below) > clear:
            middle = (low + high) / 2
            y = function(middle)
            if abs(y - below) > abs(above - y):
                high, above = middle, y
            else:
                low, below = middle, y
        if abs(above - below) > clear:
            found.append(low)
    return found
