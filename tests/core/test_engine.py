"""The engine: special points, kinks, sides, batches that do not matter, ties decided, and no way to make it crawl."""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.typing import NDArray

from actcli.core import decide
from actcli.core.engine import BLOCK, Reading, compute, ziv
from actcli.core.headtail import Number, mask
from actcli.core.record import Activation, Facts, ParameterError
from actcli.core.spec import Bound, parse
from actcli.formats import FLOATS
from tests.core.oracle import FORMATS, elementwise, nearest

ENTRIES = elementwise()
INF, NAN = math.inf, math.nan
SEED = random.SystemRandom().getrandbits(32)

each_entry = pytest.mark.parametrize("name", ENTRIES)
each_order = pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
each_format = pytest.mark.parametrize("dtype", FORMATS)


def reading(spec: str, order: int = 0, wrt: str | None = None, side: int = 0, **params: Any) -> Reading:
    return Reading(parse(spec, params), order, wrt, side)


def own(f: Any, **more: Any) -> Reading:
    """The reading of a formula that no entry has."""
    facts = Facts(range="(-inf, inf)", monotone=True, odd=False, saturates="no")
    return Reading(
        Bound(Activation(name="own", formula="x", derivative="1", f=f, facts=facts, paper="none"), {}, "own"), **more
    )


def got(read: Reading, xs: Sequence[float] | NDArray[np.float64], dtype: str = "float64") -> list[float]:
    """What the engine gives for values of the format; whatever it does on the way, nobody hears of it."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        results: list[float] = compute(read, np.array(xs, dtype=np.float64), FLOATS[dtype]).tolist()
    return results


def same(found: Sequence[float], wanted: Sequence[float]) -> bool:
    """Whether two lists hold the same numbers, signs of zeros included."""
    return list(map(repr, found)) == list(map(repr, wanted))


# --- nan, infinities, zeros ------------------------------------------------------------------------------------------


@each_entry
@each_format
def test_nan_gives_nan(name: str, dtype: str) -> None:
    """nan gives nan, of either sign, in f, in the slope and in slopes by a parameter."""
    readings = [reading(name), reading(name, 1), reading(name, 1, side=1)]
    readings += [reading(name, 1, param.name) for param in ENTRIES[name].params if not param.words]
    for read in readings:
        assert all(map(math.isnan, got(read, [NAN, -NAN, NAN], dtype)))


@pytest.mark.parametrize(
    ("spec", "order", "left", "right"),
    [
        ("identity", 0, -INF, INF),
        ("relu", 0, 0.0, INF),
        ("relu", 1, 0.0, 1.0),
        ("leaky_relu", 0, -INF, INF),
        ("leaky_relu:alpha=-1", 0, INF, INF),
        ("leaky_relu:alpha=0", 0, 0.0, INF),
        ("hard_tanh", 0, -1.0, 1.0),
        ("hard_tanh", 1, 0.0, 0.0),
        ("hard_swish", 0, 0.0, INF),
        ("elu:alpha=3", 0, -3.0, INF),
        ("softshrink", 0, -INF, INF),
        ("sigmoid", 0, 0.0, 1.0),
        ("sigmoid", 1, 0.0, 0.0),
        ("log_sigmoid", 0, -INF, -0.0),
        ("tanh", 0, -1.0, 1.0),
        ("tanhshrink", 0, -INF, INF),
        ("tanhshrink", 1, 1.0, 1.0),
        ("silu", 0, -0.0, INF),
        ("silu", 1, -0.0, 1.0),
        ("silu:beta=-1", 0, -INF, 0.0),
        ("silu:beta=0", 0, -INF, INF),
        ("silu:beta=0", 1, 0.5, 0.5),
        ("mish", 0, -0.0, INF),
        ("gelu", 0, -0.0, INF),
        ("gelu", 1, -0.0, 1.0),
        ("gelu:approximate=tanh", 0, -0.0, INF),
        ("gaussian", 0, 0.0, 0.0),
        ("gaussian", 1, 0.0, -0.0),
        ("exponential", 0, 0.0, INF),
        ("logcosh", 0, INF, INF),
        ("logcosh", 1, -1.0, 1.0),
        ("lisht", 0, INF, INF),
        ("softsign", 0, -1.0, 1.0),
        ("softsign", 1, 0.0, 0.0),
        ("squareplus", 0, 0.0, INF),
        ("bent_identity", 1, 0.5, 1.5),
        ("isru:alpha=1/4", 0, -2.0, 2.0),
        ("isru:alpha=0", 0, -INF, INF),
        ("asinh", 0, -INF, INF),
        ("snake", 0, -INF, INF),
        ("snake", 1, NAN, NAN),
        ("log_ndtr", 0, -INF, -0.0),
        ("log_ndtr", 1, INF, 0.0),
        ("ndtr", 0, 0.0, 1.0),
        ("erf", 0, -1.0, 1.0),
    ],
)
def test_limits(spec: str, order: int, left: float, right: float) -> None:
    """At the infinities the results are the limits, with the sign of zero that they have on the way; else nan."""
    for dtype in FORMATS:
        wanted = [FLOATS[dtype].nearest(value) if value else value for value in (left, right, left)]
        assert same(got(reading(spec, order), [-INF, INF, -INF], dtype), wanted), dtype


def test_limits_that_are_no_floats() -> None:
    """A limit is rounded to the format as any result."""
    with mp.workdps(50):
        half_pi = Fraction(int(mp.pi * 10**40), 2 * 10**40)
    for dtype, grid in FORMATS.items():
        assert got(reading("arctan"), [-INF, INF], dtype) == [-nearest(half_pi, grid), nearest(half_pi, grid)]
        assert got(reading("elu:alpha=1/3"), [-INF], dtype) == [-nearest(Fraction(1, 3), grid)]


@each_entry
@each_format
def test_zeros(name: str, dtype: str) -> None:
    """f(-0.0) is -0.0 where f is odd, and else the number that f(0.0) is; a slope that is zero is +0.0."""
    right, left = got(reading(name), [0.0, -0.0], dtype)
    assert right == left
    assert not ENTRIES[name].facts.odd or same([left, right], [-0.0, 0.0])
    slopes = got(reading(name, 1), [0.0, -0.0], dtype)
    assert same(slopes[:1], slopes[1:])
    assert slopes[0] != 0 or math.copysign(1.0, slopes[0]) == 1.0


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("relu", [0.0, 0.0]),
        ("relu6", [0.0, 0.0]),
        ("leaky_relu", [0.0, -0.0]),
        ("leaky_relu:alpha=-1", [0.0, 0.0]),
        ("silu", [0.0, -0.0]),
        ("gelu", [0.0, -0.0]),
        ("lisht", [0.0, 0.0]),
        ("elu", [0.0, -0.0]),
        ("softshrink", [0.0, -0.0]),
        ("hard_swish", [0.0, -0.0]),
        ("hard_tanh", [0.0, -0.0]),
    ],
)  # fmt: skip
def test_zeros_beside_zero(spec: str, wanted: list[float]) -> None:
    """A zero has the sign of f just beside it; on a constant piece it is +0.0."""
    for dtype in FORMATS:
        assert same(got(reading(spec), [0.0, -0.0], dtype), wanted)


def test_constant_pieces_are_positive_zeros() -> None:
    """A piece that is zero is +0.0 everywhere, and so are slopes of constants."""
    zeros = [0.0] * 3
    assert same(got(reading("relu"), [-1.0, -5e-324, -INF]), zeros)
    assert same(got(reading("softshrink"), [-0.25, 0.25, -5e-324]), zeros)
    assert same(got(reading("hardshrink"), [-0.5, 0.5, -0.25]), zeros)
    assert same(got(reading("relu", 1), [-1.0, -0.0, -5e-324]), zeros)
    assert same(got(reading("hard_tanh", 1), [-2.0, 2.0, -INF]), zeros)
    assert same(got(reading("leaky_relu", 1, "negative_slope"), [0.0, 2.0, 5.0]), zeros)


@pytest.mark.parametrize(
    ("spec", "order", "x", "wanted"),
    [
        ("silu", 0, -800.0, -0.0),
        ("mish", 0, -1e300, -0.0),
        ("gelu", 0, -40.0, -0.0),
        ("gelu", 1, -40.0, -0.0),
        ("sigmoid", 0, -800.0, 0.0),
        ("exponential", 0, -1e300, 0.0),
        ("gaussian", 1, 30.0, -0.0),
        ("gaussian", 1, -30.0, 0.0),
        ("log_sigmoid", 0, 800.0, -0.0),
        ("log_ndtr", 0, 50.0, -0.0),
        ("tanhshrink", 0, -1e-200, -0.0),
        ("tanhshrink", 0, 1e-200, 0.0),
        ("lisht", 0, -1e-200, 0.0),
        ("silu", 0, -5e-324, -0.0),
        ("leaky_relu", 0, -5e-324, -0.0),
        ("leaky_relu:alpha=-0.01", 0, -5e-324, 0.0),
        ("elu:alpha=1e-300", 0, -1e-30, -0.0),
    ],
)  # fmt: skip
def test_what_underflows_keeps_its_sign(spec: str, order: int, x: float, wanted: float) -> None:
    """A result that is too small is a zero of its sign, alone and in an array."""
    assert same(got(reading(spec, order), [x]), [wanted])
    assert same(got(reading(spec, order), [1.0, x, -1.0, x] * 20)[1::2], [wanted] * 40)


@pytest.mark.parametrize(
    ("dtype", "over"), [("float64", INF), ("float16", INF), ("float8_e5m2", INF), ("float8_e4m3fn", NAN)]
)
def test_overflow(dtype: str, over: float) -> None:
    """A result that is too large is what the format makes of it: infinity, or nan where there is none."""
    largest = FLOATS[dtype].largest
    assert same(
        got(reading("leaky_relu:alpha=3"), [-largest, largest], dtype), [-over if over == INF else over, largest]
    )
    assert same(got(reading("exponential"), [largest], dtype), [over])
    assert same(got(reading("lisht"), [-largest, largest], dtype), [largest, largest])


# --- kinks and sides -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "at", "slope", "left", "right"),
    [
        ("relu", 0.0, 0, 0, 1),
        ("leaky_relu", 0.0, Fraction(1, 100), Fraction(1, 100), 1),
        ("leaky_relu:alpha=1/3", 0.0, Fraction(1, 3), Fraction(1, 3), 1),
        ("leaky_relu:alpha=-2", 0.0, -2, -2, 1),
        ("relu6", 0.0, 0, 0, 1),
        ("relu6", 6.0, 0, 1, 0),
        ("hard_tanh", -1.0, 0, 0, 1),
        ("hard_tanh", 1.0, 0, 1, 0),
        ("hard_tanh:min_val=-0.25,max_val=4", -0.25, 0, 0, 1),
        ("hard_tanh:min_val=-0.25,max_val=4", 4.0, 0, 1, 0),
        ("hard_sigmoid", -3.0, 0, 0, Fraction(1, 6)),
        ("hard_sigmoid", 3.0, 0, Fraction(1, 6), 0),
        ("hard_swish", -3.0, 0, 0, Fraction(-1, 2)),
        ("hard_swish", 3.0, 1, Fraction(3, 2), 1),
        ("elu:alpha=1/3", 0.0, Fraction(1, 3), Fraction(1, 3), 1),
        ("selu", 0.0, Fraction("1.0507009873554804934193349852946") * Fraction("1.6732632423543772848170429916717"),
         Fraction("1.0507009873554804934193349852946") * Fraction("1.6732632423543772848170429916717"),
         Fraction("1.0507009873554804934193349852946")),
        ("softshrink", -0.5, 0, 1, 0),
        ("softshrink", 0.5, 0, 0, 1),
        ("softshrink:lambd=2", -2.0, 0, 1, 0),
        ("hardshrink", -0.5, 0, 1, 0),
        ("hardshrink", 0.5, 0, 0, 1),
    ],
)  # fmt: skip
def test_kinks(spec: str, at: float, slope: Any, left: Any, right: Any) -> None:
    """At a kink the slope is the entry's, alone and among others; on either side of it that of the piece there."""
    for dtype, grid in FORMATS.items():
        beside = [1.0, at, -0.125, at]
        wanted = [nearest(Fraction(value), grid) for value in (slope, left, right)]
        for side, value in zip((0, -1, 1), wanted, strict=True):
            read = reading(spec, 1, side=side)
            assert same(got(read, [at], dtype), [value])
            assert same(got(read, beside * 30, dtype)[1::2], [value] * 60)


def test_a_kink_that_is_no_float() -> None:
    """Where a kink lies between two numbers of the format, both have the slope of their own piece."""
    below, above = math.nextafter(1 / 3, 0), 1 / 3
    assert Fraction(above) < Fraction(1, 3)
    above = math.nextafter(above, 1)
    below = 1 / 3
    read = reading("softshrink:lambd=1/3", 1)
    assert got(read, [below, above, -below, -above]) == [0.0, 1.0, 0.0, 1.0]
    assert got(reading("hardshrink:lambd=0.1", 1), [0.1, math.nextafter(0.1, 0)]) == [1.0, 0.0]


@each_entry
def test_sides_agree_where_there_is_no_kink(name: str) -> None:
    """Everywhere else the slopes on both sides are the slope, to the bit."""
    dice = random.Random(SEED)
    places = {float(at) for at, _ in parse(name).kinks}
    xs = [dice.gauss(0, 3) for _ in range(60)] + [0.0, 1.0, -1.0, 0.5, 5e-324, -1e-300, 1e300, -1e300, INF, -INF]
    xs = [x for x in xs if x not in places]
    slopes = got(reading(name, 1), xs)
    for side in (-1, 1):
        assert same(got(reading(name, 1, side=side), xs), slopes)


# --- slopes by a parameter -------------------------------------------------------------------------------------------

FORMULAS: dict[str, Callable[..., Any]] = {
    "leaky_relu": lambda x, negative_slope: x if x > 0 else negative_slope * x,
    "hard_tanh": lambda x, min_val, max_val: min_val if x <= min_val else x if x < max_val else max_val,
    "elu": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x),
    "celu": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x / alpha),
    "softshrink": lambda x, lambd: x - lambd if x > lambd else x + lambd if x < -lambd else mpf(0),
    "hardshrink": lambda x, lambd: x if abs(x) > lambd else mpf(0),
    "silu": lambda x, beta: x / (1 + mpmath.exp(-beta * x)),
    "softplus": lambda x, beta: (max(beta * x, 0) + mpmath.log1p(mpmath.exp(-abs(beta * x)))) / beta,
    "squareplus": lambda x, b: (x + mpmath.sqrt(x**2 + b)) / 2,
    "isru": lambda x, alpha: x / mpmath.sqrt(1 + alpha * x**2),
    "snake": lambda x, a: x + mpmath.sin(a * x) ** 2 / a,
}
NUMERIC = [(name, param.name) for name, entry in ENTRIES.items() for param in entry.params if not param.words]


def test_every_parameter_is_looked_at() -> None:
    """Each entry with a parameter that is a number has its formula here."""
    assert {name for name, _ in NUMERIC} == FORMULAS.keys()


@pytest.mark.parametrize(("name", "wrt"), NUMERIC)
def test_slopes_by_a_parameter(name: str, wrt: str) -> None:
    """The slope by a parameter is mpmath's derivative of the formula by it, rounded, for defaults and for others."""
    dice = random.Random(SEED)
    defaults = {param.name: Fraction(str(param.default)) for param in ENTRIES[name].params}
    for values in (defaults, {key: value + Fraction(1, 3) for key, value in defaults.items()}):
        xs = [dice.gauss(0, 3) for _ in range(25)] + [0.125, -0.125, 20.0, -20.0, 1e-9, -1e-9]
        xs = [x for x in xs if abs(x) not in map(abs, map(float, values.values()))]
        found = got(reading(name, 1, wrt, **values), xs)
        for x, slope in zip(xs, found, strict=True):
            with mp.workdps(150):
                rest = {key: mpf(value.numerator) / value.denominator for key, value in values.items()}

                def along(t: Any, x: float = x, rest: dict[str, Any] = rest) -> Any:
                    return FORMULAS[name](mpf(x), **{**rest, wrt: t})

                true = mpmath.diff(along, rest[wrt], h=mpf(10) ** -100)
                exact = Fraction(*mpmath.libmp.to_rational(true._mpf_))
                exact = exact if abs(exact) > Fraction(1, 10**60) else Fraction(0)
            assert slope == nearest(exact, FORMATS["float64"]), (x, values, SEED)


def test_slopes_by_what_is_no_number() -> None:
    """There is no slope by a word; a number, and x, have one."""
    with pytest.raises(ParameterError, match="gelu: approximate is not a number to differentiate by"):
        reading("gelu", 1, "approximate").differentiable()
    reading("silu", 1, "beta").differentiable()
    reading("silu", 1).differentiable()


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
    """So many numbers, most of them usual, with extremes among them."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=size) * 4
    places = dice.choice(size, size=size // 50, replace=False)
    x[places] = dice.choice(EXTREMES, size=places.size)
    return x


@each_entry
@each_order
def test_an_element_minds_no_other(name: str, order: int) -> None:
    """An element alone, among twenty thousand others, and among its like gives the same bits."""
    read = reading(name, order)
    x = crowd(20_000, SEED)
    together = got(read, x)
    special = np.flatnonzero(np.isin(np.abs(x), np.abs(EXTREMES)))[:15].tolist()
    for place in random.Random(SEED).sample(range(x.size), 15) + special:
        assert same(got(read, [x[place]]), [together[place]]), (x[place].hex(), SEED)
    sorted_ = np.argsort(np.abs(x[:2000]))
    assert same(got(read, x[:2000][sorted_]), [together[place] for place in sorted_])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats() | st.sampled_from(EXTREMES) | st.floats(-50, 50), min_size=1, max_size=60),
    st.sampled_from(list(ENTRIES)),
    st.sampled_from([0, 1]),
    st.sampled_from(list(FORMATS)),
)
def test_elements_alone_and_together(xs: list[float], name: str, order: int, dtype: str) -> None:
    """Whatever stands in an array, each result has the bits that its element gives alone."""
    read = reading(name, order)
    xs = FLOATS[dtype].round(np.array(xs)).tolist()
    assert same(got(read, xs, dtype), [got(read, [x], dtype)[0] for x in xs])


LENGTHS = [
    0,
    1,
    2,
    15,
    16,
    17,
    BLOCK - 2,
    BLOCK - 1,
    BLOCK,
    BLOCK + 1,
    BLOCK + 2,
    2 * BLOCK - 1,
    2 * BLOCK,
    2 * BLOCK + 1,
]


@pytest.mark.parametrize("special", [False, True], ids=["usual", "with extremes"])
@pytest.mark.parametrize("spec", ["gelu", "leaky_relu", "hard_sigmoid"])
def test_arrays_of_every_length(spec: str, special: bool) -> None:
    """Arrays that fill a block, or not quite, or a little more, hold the same results, and an empty one none."""
    x = crowd(3 * BLOCK, 5) if special else np.random.default_rng(5).normal(size=3 * BLOCK)
    whole = got(reading(spec), x)
    for length in LENGTHS:
        assert same(got(reading(spec), x[:length]), whole[:length])


@pytest.mark.parametrize("part", [1, 7, 3000])
@pytest.mark.parametrize("spec", ["gelu", "exponential", "silu", "tanhshrink", "asinh", "gaussian"])
def test_blocks_that_overflow_in_part(spec: str, part: int) -> None:
    """Where some elements of a block under- or overflow on the way, the others are as they are without them."""
    dice = np.random.default_rng(3)
    x = dice.normal(size=BLOCK) * 3
    places = dice.choice(BLOCK, size=part, replace=False)
    sizes = np.ldexp(dice.uniform(1, 2, size=part), dice.integers(500, 1020, size=part))
    far = np.where(dice.random(part) < 0.5, sizes, 1 / sizes) * dice.choice([-1.0, 1.0], size=part)
    for order in (0, 1):
        usual, mixed = got(reading(spec, order), x), x.copy()
        mixed[places] = far
        result = got(reading(spec, order), mixed)
        rest = np.setdiff1d(np.arange(BLOCK), places)
        assert same([result[place] for place in rest], [usual[place] for place in rest])
        for place, value in list(zip(places.tolist(), far.tolist(), strict=True))[:6]:
            assert same(got(reading(spec, order), [value]), [result[place]])


def test_the_array_is_left_alone() -> None:
    """x is not written to."""
    x = crowd(500, 1)
    before = x.tobytes()
    compute(reading("gelu", 1), x, FLOATS["float64"])
    assert x.tobytes() == before


# --- what is decided how ---------------------------------------------------------------------------------------------


def tied() -> Reading:
    """x and 2^-53, by way of a logarithm: between 1 and 2 a tie of two float64 that no precision proves."""
    return own(lambda m, x: m.exp(m.log(x)) + Fraction(1, 2**53))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The x that the exact reading is asked for from here on."""
    seen: list[float] = []
    exact = decide.decide

    def counting(read: Reading, x: float, fmt: Any) -> float:
        seen.append(x)
        return exact(read, x, fmt)

    monkeypatch.setattr(decide, "decide", counting)
    return seen


def test_equal_elements_are_decided_once(asked: list[float]) -> None:
    """However often an x that only the exact reading decides stands in an array, it is decided once."""
    xs = [1.5, 1.25, 1.75]
    result = got(tied(), xs * 2000)
    assert sorted(asked) == sorted(xs)
    assert same(result, result[:3] * 2000)


def test_a_tie_that_can_not_be_proved_is_taken_as_one() -> None:
    """A result that 2,000 bits do not tell from a tie goes to the even neighbour."""
    xs = [1.5, math.nextafter(1.5, 2), math.nextafter(1.5, 1)]
    assert got(tied(), xs) == [nearest(Fraction(x) + Fraction(1, 2**53), FORMATS["float64"]) for x in xs]


def test_easy_elements_are_not_asked_for(asked: list[float]) -> None:
    """The exact reading sees no more than some in a thousand of usual elements, and none of exact ones."""
    x = np.random.default_rng(9).normal(size=20_000) * 4
    for spec in ("sigmoid", "tanh", "gelu", "softplus"):
        got(reading(spec), x)
    assert len(asked) <= 80
    asked.clear()
    for spec in ("relu", "leaky_relu:alpha=1/4", "hard_tanh", "softshrink", "identity"):
        got(reading(spec), x)
        got(reading(spec, 1), x)
    assert asked == []


def test_what_is_undecided_by_nature_is_decided_in_arrays(asked: list[float]) -> None:
    """Ties of rational pieces, odd subnormals and large arguments do not reach the exact reading one by one."""
    dice = np.random.default_rng(4)
    odd = (2.0 * dice.integers(0, 2**40, size=3000) + 1) * 5e-324
    for spec in ("silu", "gelu", "quick_gelu", "hard_swish", "leaky_relu:alpha=1/2"):
        got(reading(spec), np.concatenate([odd, -odd]))
    got(reading("tanhshrink"), 2.0**53 + 2 * dice.integers(0, 2**52, size=3000))
    got(reading("hard_sigmoid"), 6 * (2.0 * dice.integers(0, 2**48, size=3000) + 1) * 2.0**-54)
    assert asked == []


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_x_less_tanh_x_at_its_ties(dtype: str) -> None:
    """Between 2^p and 2^(p+1) x - tanh x is a tie but for 1 - tanh x, whose sign decides it: the result is x."""
    grid = FORMATS[dtype]
    low = 2.0**grid.precision
    dice = random.Random(SEED)
    xs = [low + 2, 2 * low - 2, *(low + 2 * dice.randrange(1, int(low) // 2) for _ in range(2000))]
    read = reading("tanhshrink")
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
    """x/2 and a little more, of an odd subnormal x, goes up: to the half above, or to -0.0 from the least below."""
    least = 2.0 ** FORMATS[dtype].least
    dice = random.Random(SEED)
    counts = [1, 3, 5, 2 ** (FORMATS[dtype].precision - 1) - 1, *(2 * dice.randrange(60) + 1 for _ in range(20))]
    for count in counts[:8]:
        wanted = [(count + 1) // 2 * least, -(count // 2) * least or -0.0]
        assert same(got(reading(spec), [count * least, -count * least], dtype), wanted)
    xs = [count * least for count in counts]
    assert got(reading(spec), xs, dtype) == [(count + 1) // 2 * least for count in counts]


@pytest.mark.parametrize("sign", [1, -1])
def test_ties_of_a_sixth(sign: int) -> None:
    """x/6 + 1/2 is rounded exactly at its ties, multiples of 6 and of powers of two, and beside them."""
    dice = random.Random(SEED)
    xs = [sign * 6 * dice.getrandbits(dice.randint(1, 48)) * 2.0 ** -dice.randint(52, 58) for _ in range(300)]
    xs += [math.nextafter(x, side) for x in xs[:50] for side in (-1, 1)]
    xs = [x for x in xs if abs(x) < 3]
    found = got(reading("hard_sigmoid"), xs)
    assert found == [nearest(Fraction(x) / 6 + Fraction(1, 2), FORMATS["float64"]) for x in xs]


# --- the rounding test -----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
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
def test_a_sure_rounding_is_that_of_all_that_it_may_be(
    head: float, tail: float, relative: float, absolute: float | None, at: tuple[str, int], sign: float
) -> None:
    """Where a number with its error bound is said to be sure, both ends of the bound round to the result."""
    name, exponent = at
    scale = sign * 2.0**exponent
    high = float(mask(np.array([head]))[0]) * scale
    low = tail * 2.0**-26 * scale
    bound = None if absolute is None else np.array([absolute * abs(scale)])
    number = Number(np.array([high]), np.array([low]), relative, bound)
    result, unsure = ziv(number, (1,), FLOATS[name])
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
def test_what_is_all_error_is_never_sure(dtype: str) -> None:
    """A number whose error is larger than itself, however large both are, has no sure rounding."""
    for size in (1e-300, 1.0, 300.0, 1e10, 1e77, 1e300):
        for head in (size, -size):
            number = Number(mask(np.array([head])), np.zeros(1), 0.0, np.array([4 * size]))
            result, unsure = ziv(number, (1,), FLOATS[dtype])
            least = 2.0 ** FORMATS[dtype].least
            assert unsure[0] or (5 * size < least / 2 and result[0] == 0 and False)


def test_constants_are_spread() -> None:
    """A result that is one constant fills the array."""
    for value in (0, 1, Fraction(1, 3)):
        assert got(own(lambda m, x, value=value: value), [1.0, -2.0, 1e300]) == [float(value)] * 3
