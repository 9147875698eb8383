"""What an entry says of its function, its facts and kinks, against its formula as the oracle reads it."""

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

from actcli.core.catalogue.activation import evaluate_formula, names_in
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.reals import OutsideDomain, Real
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()
TINY = Fraction(1, 2**80)
CLEAR = Fraction(1, 10**6)
"""A difference of slopes that is one: no entry has kinks that are blunter."""

each_entry = pytest.mark.parametrize("name", ENTRIES)


@cache
def oracle(name: str) -> Oracle:
    """The oracle of an entry with its defaults, and with positive parameters where it has none."""
    required = [param.name for param in ENTRIES[name].parameters if param.default is None]
    return Oracle(ENTRIES[name], dict(zip(required, ("2", "0.5"), strict=False)))


def value(name: str, order: int, x: Fraction | float) -> Fraction:
    """f or its slope at x, to many digits."""
    return oracle(name).at(order, x).middle()


@cache
def samples(name: str) -> list[tuple[float, Fraction]]:
    """x and f(x), where there is one, in order: densely where activations live, and from the least to the largest x."""
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
    """An end of a range as a number, and how far its digits are cut: nothing if it is a short one."""
    word = text.strip()
    if "inf" in word:
        return float(word), Fraction(0)
    places = len(word.partition(" ")[0].partition(".")[2])
    params = {param: number.exact for param, number in oracle(name).params.items() if isinstance(number, Real)}
    return evaluate_formula(word, params), Fraction(1, 10**places) if places >= 8 else Fraction(0)


def extreme(name: str, side: int) -> Fraction:
    """The largest value (side 1) or the least (side -1), refined about the sample that has it."""
    known = samples(name)
    best = max(range(len(known)), key=lambda place: side * known[place][1])
    low, high = (Fraction(known[min(max(best + step, 0), len(known) - 1)][0]) for step in (-1, 1))
    for _ in range(40):
        first, second = (2 * low + high) / 3, (low + 2 * high) / 3
        if side * value(name, 0, first) < side * value(name, 0, second):
            low = first
        else:
            high = second
    return side * max(side * known[best][1], side * value(name, 0, (low + high) / 2))


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
def test_the_range(name: str) -> None:
    """The values reach each closed end of the range, come near each open one, and pass neither."""
    text = ENTRIES[name].properties.range
    left, _, right = text[1:-1].partition(",")
    infinite = {y for y in limits(name) if math.isinf(y)}
    assert infinite == {float(word) for word in (left, right) if "inf" in word}
    for word, side, closed in ((left, -1, text[0] == "["), (right, 1, text[-1] == "]")):
        if "least" in word:
            # What no formula gives is only said to be reached, and to be more than nothing.
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
    """The limits of f at the infinities, nan where there is none; that of log1mexp at 0, where its domain begins."""
    left, right = (oracle(name).limits(0, side, ("float64",))[0] for side in (-1, 1))
    return [-math.inf if name == "log1mexp" else left, right]


def finite_limits(name: str) -> list[Fraction]:
    """The limits of f at the infinities, those that are finite."""
    return [Fraction(y) for y in limits(name) if math.isfinite(y)]


# --- monotone, odd, saturating ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_monotone(name: str) -> None:
    """A monotone function never decreases, and another one does somewhere."""
    falls = [x for (x, low), (_, high) in pairwise(samples(name)) if high < low - abs(low) * TINY]
    assert bool(falls) != ENTRIES[name].properties.monotone, falls[:3]


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_odd(name: str) -> None:
    """f(-x) is -f(x) everywhere if the function is odd, and somewhere not if it is not."""
    uneven = []
    for x, y in samples(name)[::5]:
        try:
            even = abs(value(name, 0, -x) + y) <= abs(y) * TINY
        except OutsideDomain:
            even = False
        uneven += [] if even else [x]
    assert bool(uneven) != ENTRIES[name].properties.odd, uneven[:3]


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_saturates(name: str) -> None:
    """f has a finite limit, and its slope goes to 0, on the sides where the entry says so, and not on the others."""
    said = {"both": (True, True), "left": (True, False), "right": (False, True), "no": (False, False)}
    found = []
    for side in (-1, 1):
        (limit,), (slope,) = (oracle(name).limits(order, side, ("float64",)) for order in (0, 1))
        found.append(math.isfinite(limit) and slope == 0)
    assert tuple(found) == said[ENTRIES[name].properties.saturates]


# --- kinks -----------------------------------------------------------------------------------------------------------


def beside(oracle: Oracle, order: int, at: Fraction, side: int) -> Fraction:
    """f or its slope just left or right of a place."""
    return oracle.at(order, at + side * Fraction(1, 2**90)).middle()


def cases(name: str) -> list[Oracle]:
    """The oracle of an entry with its defaults, and with a few other parameters."""
    entry = ENTRIES[name]
    others = points.settings(entry, oracle(name).names)
    return [oracle(name), *(Oracle(entry, params) for params in others[:4])]


@each_entry
def test_kinks_are_kinks(name: str) -> None:
    """At a kink f jumps or its slopes differ, be it with some parameters; the derivative's text says what is given."""
    for place, kink in enumerate(ENTRIES[name].kinks):
        if names_in(kink.at) & absent(name):
            continue  # the texts are those without it
        seen = []
        for case in cases(name):
            if len(case.kinks) < len(ENTRIES[name].kinks):
                continue  # two kinks in one place are none, or a third kind
            at, given = list(case.kinks.items())[place]
            left, right = (beside(case, 1, at, side) for side in (-1, 1))
            jump = abs(beside(case, 0, at, 1) - beside(case, 0, at, -1)) > CLEAR
            assert jump <= kink.is_jump, (case.params, float(at))
            assert min(left, right) - TINY <= given <= max(left, right) + TINY, (case.params, float(at))
            assert given == case.at(1, at).middle(), (case.params, float(at))
            seen.append(jump or (abs(left - right) > CLEAR and not kink.is_jump))
        assert any(seen), kink


def absent(name: str) -> set[str]:
    """The parameters that are none by default."""
    return {param.name for param in ENTRIES[name].parameters if param.default == "none"}


def has_pieces(name: str) -> bool:
    """Whether a text of the entry says anything that need not be smooth."""
    entry = ENTRIES[name]
    parts = [part.strip() for text in (entry.formula, entry.derivative) for part in text.split(" with ")]
    nodes = [node for part in parts for node in ast.walk(ast.parse(f"dict({part})"))]
    rough = {"abs", "min", "max", "sign", "floor", "ceil", "round", "step"}
    return any(isinstance(node, ast.IfExp) or (isinstance(node, ast.Name) and node.id in rough) for node in nodes)


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
def test_there_are_no_other_kinks(name: str) -> None:
    """Nowhere in [-40, 40] but at the kinks does the slope or f itself jump, with the defaults or other parameters."""
    if not has_pieces(name):
        assert not oracle(name).kinks
        return
    if name == "clipped_gelu":
        return  # its kinks are where gelu is a given number, which no rational place is
    dice = random.Random(5)
    xs = [Fraction(-40 + 80 * (k + dice.random()) / 300) for k in range(300)]
    for case in cases(name):
        places = set(case.kinks)
        for order in (0, 1):
            for at in jumps(lambda x, case=case, order=order: case.at(order, x).middle(), xs):  # type: ignore[misc]
                assert any(abs(at - place) < CLEAR for place in places), (case.params, order, float(at))


def jumps(function: Callable[[Fraction], Fraction], xs: list[Fraction]) -> list[Fraction]:
    """Where a function jumps: of two halves the one where it changes more is halved, until only a jump is left."""
    try:
        known = [(x, function(x)) for x in sorted(xs)]
    except OutsideDomain:
        return []
    changes = sorted(pairwise(known), key=lambda pair: -abs(pair[1][1] - pair[0][1]))
    found = []
    for (low, below), (high, above) in changes[:8]:
        clear = CLEAR * max(1, abs(below))
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
