"""Elementwise evaluation: independence of batches, ties, certain rounding, and bounded work."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from actcli.core.arithmetic.double_double import DoubleDouble, truncate26
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.escalation import BLOCK_SIZE
from actcli.core.evaluation.function import EntryFunction
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.ziv import ziv_round
from actcli.number_formats import FLOATS
from tests.support.oracle import FORMATS, nearest
from tests.support.quantities import ENTRIES, SEED, each_order, got, own, quantity, same, usual
from tests.support.tiers import COSTLY, examples, sampled

INF, NAN = math.inf, math.nan


# --- batches ---------------------------------------------------------------------------------------------------------

EXTREMES = [
    *(0.0, -0.0, 5e-324, -5e-324, 1e-310, -1.5e-323, 2.2250738585072014e-308, 1e-160, -1e-160, 1e300, -1e300, 1e160),
    *(
        INF,
        -INF,
        NAN,
        709.9,
        -709.9,
        -745.2,
        745.2,
        30.0,
        -38.5,
        -40.0,
        2.0**53 + 2,
        -(2.0**53) - 4,
        0.5,
        -0.5,
        1.0,
        -1.0,
    ),
    *(3.0, -3.0, 6.0, 1.7976931348623157e308, -1.7976931348623157e308, 6 * 2.0**-54, -6 * 2.0**-54),
]


def crowd(size: int, seed: int) -> NDArray[np.float64]:
    """Return `size` numbers, most of them ordinary, with extremes among them."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=size) * 4
    places = dice.choice(size, size=size // 50, replace=False)
    x[places] = dice.choice(EXTREMES, size=places.size)
    return x


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
@each_order
def test_result_independent_of_batch(name: str, order: int) -> None:
    """An element gives the same bits alone, among twenty thousand others, and among equal ones."""
    read = quantity(usual(name), order)
    x = crowd(20_000, SEED)
    together = got(read, x)
    special = np.flatnonzero(np.isin(np.abs(x), np.abs(EXTREMES)))[:15].tolist()
    for place in random.Random(SEED).sample(range(x.size), 15) + special:
        assert same(got(read, [x[place]]), [together[place]]), (x[place].hex(), SEED)
    sorted_ = np.argsort(np.abs(x[:2000]))
    assert same(got(read, x[:2000][sorted_]), [together[place] for place in sorted_])


@settings(deadline=None, max_examples=examples(60))
@given(
    st.lists(st.floats() | st.sampled_from(EXTREMES) | st.floats(-50, 50), min_size=1, max_size=60),
    st.sampled_from(list(ENTRIES)),
    st.sampled_from([0, 1]),
    st.sampled_from(list(FORMATS)),
)
def test_any_batch_gives_the_bits_of_single_elements(xs: list[float], name: str, order: int, dtype: str) -> None:
    """Each result of an array has the bits that its element gives alone."""
    read = quantity(usual(name), order)
    xs = FLOATS[dtype].round(np.array(xs)).tolist()
    assert same(got(read, xs, dtype), [got(read, [x], dtype)[0] for x in xs])


LENGTHS = [
    0,
    1,
    2,
    15,
    16,
    17,
    BLOCK_SIZE - 2,
    BLOCK_SIZE - 1,
    BLOCK_SIZE,
    BLOCK_SIZE + 1,
    BLOCK_SIZE + 2,
    2 * BLOCK_SIZE - 1,
    2 * BLOCK_SIZE,
    2 * BLOCK_SIZE + 1,
]


@pytest.mark.parametrize("special", [False, True], ids=["usual", "with extremes"])
@pytest.mark.parametrize("spec", ["gelu", "leaky_relu", "hard_sigmoid"])
def test_block_boundaries(spec: str, special: bool) -> None:
    """Arrays of about one and two block sizes give the results of single elements; an empty array gives none."""
    x = crowd(3 * BLOCK_SIZE, 5) if special else np.random.default_rng(5).normal(size=3 * BLOCK_SIZE)
    whole = got(quantity(spec), x)
    for length in LENGTHS:
        assert same(got(quantity(spec), x[:length]), whole[:length])


@pytest.mark.parametrize("part", [1, 7, 3000])
@pytest.mark.parametrize("spec", ["gelu", "exponential", "silu", "tanhshrink", "asinh", "gaussian"])
def test_partial_overflow_of_a_block(spec: str, part: int) -> None:
    """Where some elements of a block under- or overflow on the way, the others keep their results."""
    dice = np.random.default_rng(3)
    x = dice.normal(size=BLOCK_SIZE) * 3
    places = dice.choice(BLOCK_SIZE, size=part, replace=False)
    sizes = np.ldexp(dice.uniform(1, 2, size=part), dice.integers(500, 1020, size=part))
    far = np.where(dice.random(part) < 0.5, sizes, 1 / sizes) * dice.choice([-1.0, 1.0], size=part)
    for order in (0, 1):
        alone, mixed = got(quantity(spec, order), x), x.copy()
        mixed[places] = far
        result = got(quantity(spec, order), mixed)
        rest = np.setdiff1d(np.arange(BLOCK_SIZE), places)
        assert same([result[place] for place in rest], [alone[place] for place in rest])
        for place, value in list(zip(places.tolist(), far.tolist(), strict=True))[:6]:
            assert same(got(quantity(spec, order), [value]), [result[place]])


def test_input_is_not_modified() -> None:
    """The input array is not written to."""
    x = crowd(500, 1)
    before = x.tobytes()
    evaluate(quantity("gelu", 1), x, FLOATS["float64"])
    assert x.tobytes() == before


# --- what is decided how ---------------------------------------------------------------------------------------------


def tied() -> Quantity:
    """Return x + 2^-53 through a logarithm: between 1 and 2 a tie of two float64 that no precision proves."""
    return own(lambda m, x: m.exp(m.log(x)) + Fraction(1, 2**53))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect the x that arbitrary precision is asked for."""
    calls: list[float] = []
    evaluate_one = EntryFunction.evaluate_one

    def counting(self: EntryFunction, quantity: Quantity, x: float, fmt: Any) -> float:
        calls.append(x)
        return evaluate_one(self, quantity, x, fmt)

    monkeypatch.setattr(EntryFunction, "evaluate_one", counting)
    return calls


def test_equal_elements_are_evaluated_once(asked: list[float]) -> None:
    """Equal elements that only arbitrary precision decides are evaluated once."""
    xs = [1.5, 1.25, 1.75]
    result = got(tied(), xs * 2000)
    assert sorted(asked) == sorted(xs)
    assert same(result, result[:3] * 2000)


def test_unprovable_tie_is_a_tie() -> None:
    """A result that 2,100 bits cannot distinguish from a tie goes to the even neighbour."""
    xs = [1.5, math.nextafter(1.5, 2), math.nextafter(1.5, 1)]
    assert got(tied(), xs) == [nearest(Fraction(x) + Fraction(1, 2**53), FORMATS["float64"]) for x in xs]


def test_easy_elements_need_no_arbitrary_precision(asked: list[float]) -> None:
    """At most a few per thousand ordinary elements reach arbitrary precision, and no exact ones."""
    x = np.random.default_rng(9).normal(size=20_000) * 4
    for spec in ("sigmoid", "tanh", "gelu", "softplus"):
        got(quantity(spec), x)
    assert len(asked) <= 80
    asked.clear()
    for spec in ("relu", "leaky_relu:alpha=1/4", "hard_tanh", "softshrink", "identity"):
        got(quantity(spec), x)
        got(quantity(spec, 1), x)
    assert asked == []


def test_hard_families_are_decided_in_arrays(asked: list[float]) -> None:
    """Ties of rational pieces, odd subnormals and large arguments do not reach arbitrary precision one by one."""
    dice = np.random.default_rng(4)
    odd = (2.0 * dice.integers(0, 2**40, size=3000) + 1) * 5e-324
    for spec in ("silu", "gelu", "quick_gelu", "hard_swish", "leaky_relu:alpha=1/2"):
        got(quantity(spec), np.concatenate([odd, -odd]))
    got(quantity("tanhshrink"), 2.0**53 + 2 * dice.integers(0, 2**52, size=3000))
    got(quantity("hard_sigmoid"), 6 * (2.0 * dice.integers(0, 2**48, size=3000) + 1) * 2.0**-54)
    assert asked == []


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_tanhshrink_near_ties(dtype: str) -> None:
    """Between 2^p and 2^(p+1) x - tanh x lies next to a tie, the sign of 1 - tanh x decides it, and the result is x."""
    grid = FORMATS[dtype]
    low = 2.0**grid.precision
    dice = random.Random(SEED)
    xs = [low + 2, 2 * low - 2, *(low + 2 * dice.randrange(1, int(low) // 2) for _ in range(2000))]
    read = quantity("tanhshrink")
    assert got(read, xs, dtype) == xs
    assert got(read, [-x for x in xs], dtype) == [-x for x in xs]
    for x in xs[:10]:
        assert got(read, [x, -x], dtype) == [x, -x]
        assert got(read, [x], dtype) == [x]
    below = [low, low - 1, low - 3, low - 2 * dice.randrange(int(low) // 4) - 1]
    assert got(read, below, dtype) == [x - 1 for x in below]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("spec", ["silu", "gelu", "quick_gelu", "gelu_tanh", "hard_swish"])
def test_halves_of_odd_subnormals(spec: str, dtype: str) -> None:
    """x/2 plus a little for an odd subnormal x rounds up: to the half above, or to -0.0 from the smallest below 0."""
    least = 2.0 ** FORMATS[dtype].least
    dice = random.Random(SEED)
    counts = [1, 3, 5, 2 ** (FORMATS[dtype].precision - 1) - 1, *(2 * dice.randrange(60) + 1 for _ in range(20))]
    for count in counts[:8]:
        wanted = [(count + 1) // 2 * least, -(count // 2) * least or -0.0]
        assert same(got(quantity(spec), [count * least, -count * least], dtype), wanted)
    xs = [count * least for count in counts]
    assert got(quantity(spec), xs, dtype) == [(count + 1) // 2 * least for count in counts]


@pytest.mark.parametrize("sign", [1, -1])
def test_ties_of_hard_sigmoid(sign: int) -> None:
    """x/6 + 1/2 is rounded exactly at its ties, which are multiples of 6 and of powers of two, and next to them."""
    dice = random.Random(SEED)
    xs = [sign * 6 * dice.getrandbits(dice.randint(1, 48)) * 2.0 ** -dice.randint(52, 58) for _ in range(300)]
    xs += [math.nextafter(x, side) for x in xs[:50] for side in (-1, 1)]
    xs = [x for x in xs if abs(x) < 3]
    found = got(quantity("hard_sigmoid"), xs)
    assert found == [nearest(Fraction(x) / 6 + Fraction(1, 2), FORMATS["float64"]) for x in xs]


# --- the rounding test -----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=examples(300))
@given(
    st.floats(1, 2, exclude_max=True),
    st.floats(-1, 1),
    st.sampled_from([0.0, 2.0**-77, 2.0**-75, 2.0**-60, 2.0**-40, 0.75]),
    st.sampled_from([None, 2.0**-80, 2.0**-60, 2.0**-20, 0.5, 8.0]),
    st.sampled_from(list(FORMATS)).flatmap(
        lambda name: st.tuples(st.just(name), st.integers(max(FORMATS[name].least - 3, -1000), 14))
    ),
    st.sampled_from([-1.0, 1.0]),
)
def test_ziv_round_covers_the_error_interval(
    head: float, tail: float, relative: float, absolute: float | None, at: tuple[str, int], sign: float
) -> None:
    """A decided rounding is that of every number within the error bound."""
    name, exponent = at
    scale = sign * 2.0**exponent
    high = float(truncate26(np.array([head]))[0]) * scale
    low = tail * 2.0**-26 * scale
    bound = None if absolute is None else np.array([absolute * abs(scale)])
    number = DoubleDouble(np.array([high]), np.array([low]), relative, bound)
    result, unsure = ziv_round(number, (1,), FLOATS[name])
    middle = Fraction(high) + Fraction(low)
    off = Fraction(relative) * abs(middle) + (0 if bound is None else Fraction(float(bound[0])))
    if not unsure[0]:
        ends = [nearest(middle - off, FORMATS[name]), nearest(middle + off, FORMATS[name])]
        assert same(result.tolist() * 2, [NAN if end != end else end for end in ends])
    else:
        # Doubt is for the neighbourhood of a boundary, three times the bound or the last bits of the two parts away.
        reach = 3 * off + abs(middle) / 2**74
        ends = [nearest(middle - reach, FORMATS[name]), nearest(middle + reach, FORMATS[name])]
        assert not same(ends[:1], ends[1:]) or math.isnan(ends[0])


@pytest.mark.parametrize("dtype", FORMATS)
def test_error_larger_than_value_is_undecided(dtype: str) -> None:
    """A number whose error bound exceeds its size is undecided, however large both are."""
    for size in (1e-300, 1.0, 300.0, 1e10, 1e77, 1e300):
        for head in (size, -size):
            number = DoubleDouble(truncate26(np.array([head])), np.zeros(1), 0.0, np.array([4 * size]))
            _, unsure = ziv_round(number, (1,), FLOATS[dtype])
            assert unsure[0]


def test_constant_result_fills_the_array() -> None:
    """A result that is one constant fills the array."""
    for value in (0, 1, Fraction(1, 3)):
        assert got(own(lambda m, x, value=value: value), [1.0, -2.0, 1e300]) == [float(value)] * 3
