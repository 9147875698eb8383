"""Special points (nan, infinities, zeros, domain), and results that under- or overflow."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from mpmath import mp

import actcli
from actcli.number_formats import FLOATS
from tests.support.oracle import FORMATS, nearest
from tests.support.quantities import ENTRIES, by_parameters, each_entry, each_format, got, quantity, same, usual

INF, NAN = math.inf, math.nan


@each_entry
@each_format
def test_nan_gives_nan(name: str, dtype: str) -> None:
    """nan of either sign gives nan, in f, in f' and in derivatives by a parameter."""
    quantities = [quantity(usual(name), order, side=side) for order, side in ((0, 0), (1, 0), (1, 1))]
    quantities += [quantity(spec, 1, wrt) for spec, wrt in by_parameters(name)]
    for read in quantities:
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
    """At the infinities the results are the limits, zeros with the sign of the approach; nan without a limit."""
    for dtype in FORMATS:
        wanted = [FLOATS[dtype].nearest(value) if value else value for value in (left, right, left)]
        assert same(got(quantity(spec, order), [-INF, INF, -INF], dtype), wanted), dtype


def test_limits_are_rounded() -> None:
    """A limit is rounded to the format like any result."""
    with mp.workdps(50):
        half_pi = Fraction(int(mp.pi * 10**40), 2 * 10**40)
    for dtype, grid in FORMATS.items():
        assert got(quantity("arctan"), [-INF, INF], dtype) == [-nearest(half_pi, grid), nearest(half_pi, grid)]
        assert got(quantity("elu:alpha=1/3"), [-INF], dtype) == [-nearest(Fraction(1, 3), grid)]


@each_entry
@each_format
def test_zeros(name: str, dtype: str) -> None:
    """f(-0.0) is -0.0 where f is odd and f(0.0) otherwise; a derivative that is zero is +0.0."""
    right, left = got(quantity(usual(name)), [0.0, -0.0], dtype)
    assert same([abs(right)], [abs(left)])
    assert not ENTRIES[name].properties.odd or same([left, right], [-0.0, 0.0])
    slopes = got(quantity(usual(name), 1), [0.0, -0.0], dtype)
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
def test_sign_of_zero_at_zero(spec: str, wanted: list[float]) -> None:
    """A zero has the sign of f next to it; on a constant piece it is +0.0."""
    for dtype in FORMATS:
        assert same(got(quantity(spec), [0.0, -0.0], dtype), wanted)


def test_zero_pieces_are_positive() -> None:
    """A piece that is constantly zero is +0.0 everywhere, and so are derivatives of constants."""
    zeros = [0.0] * 3
    assert same(got(quantity("relu"), [-1.0, -5e-324, -INF]), zeros)
    assert same(got(quantity("softshrink"), [-0.25, 0.25, -5e-324]), zeros)
    assert same(got(quantity("hardshrink"), [-0.5, 0.5, -0.25]), zeros)
    assert same(got(quantity("relu", 1), [-1.0, -0.0, -5e-324]), zeros)
    assert same(got(quantity("hard_tanh", 1), [-2.0, 2.0, -INF]), zeros)
    assert same(got(quantity("leaky_relu", 1, "negative_slope"), [0.0, 2.0, 5.0]), zeros)


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
def test_underflow_keeps_the_sign(spec: str, order: int, x: float, wanted: float) -> None:
    """An underflowing result is a zero with its sign, alone and in an array."""
    assert same(got(quantity(spec, order), [x]), [wanted])
    assert same(got(quantity(spec, order), [1.0, x, -1.0, x] * 20)[1::2], [wanted] * 40)


@pytest.mark.parametrize(
    ("dtype", "over"), [("float64", INF), ("float16", INF), ("float8_e5m2", INF), ("float8_e4m3fn", NAN)]
)
def test_overflow(dtype: str, over: float) -> None:
    """An overflowing result is infinity, or nan in a format without infinities."""
    largest = FLOATS[dtype].largest
    assert same(
        got(quantity("leaky_relu:alpha=3"), [-largest, largest], dtype), [-over if over == INF else over, largest]
    )
    assert same(got(quantity("exponential"), [largest], dtype), [over])
    assert same(got(quantity("lisht"), [-largest, largest], dtype), [largest, largest])


@pytest.mark.parametrize(
    ("spec", "outside", "inside"),
    [
        ("log1mexp", [-5e-324, -1.0, -1e300], [5e-324, 1.0, 1e300]),
        ("soft_exponential:alpha=-1", [-0.0, -1e-9, -3.0], [5e-324, 2.0]),
        ("soft_exponential:alpha=-3", [8 / 3, 2.0, -1e300], [math.nextafter(8 / 3, 3), 3.0]),
        ("soft_exponential:alpha=-2", [1.5, 1.0], [math.nextafter(1.5, 2), 9.0]),
        ("soft_exponential:alpha=3", [], [-1e300, -3.0, 0.0, 3.0]),
        ("soft_exponential:alpha=-1e350", [-3.0, 0.5, 1e308], []),
    ],
)
def test_outside_the_domain(spec: str, outside: list[float], inside: list[float]) -> None:
    """Outside the domain f and its derivatives are nan, alone and in an array; up to its ends they are numbers."""
    for order in (0, 1):
        for xs, nowhere in ((outside, True), (inside, False)):
            together = got(quantity(spec, order), [*xs, 1e300] * 20)[:-1]
            alone = [got(quantity(spec, order), [x])[0] for x in xs]
            assert [math.isnan(y) for y in together[: len(xs)]] == [math.isnan(y) for y in alone] == [nowhere] * len(xs)


@pytest.mark.parametrize(
    ("spec", "right", "left"),
    [
        ("clip:min_val=-1e-310", 0.0, -0.0),
        ("clip:min_val=-1e-400,max_val=1e-400", 0.0, -0.0),
        ("clip:min_val=0", 0.0, 0.0),
        ("hard_tanh:min_val=-1e-310", 0.0, -0.0),
        ("clipped_gelu:min_value=-1e-310", 0.0, -0.0),
        ("threshold:threshold=-1e-310,value=-1", 0.0, -0.0),
        ("tlu:tau=-1e-310", 0.0, -0.0),
        ("affine:alpha=0.5,beta=3e-400", 0.0, 0.0),
        ("affine:alpha=0.5,beta=-3e-400", -0.0, -0.0),
        ("soft_exponential:alpha=3e-400", 0.0, 0.0),
        ("soft_exponential:alpha=-3e-400", -0.0, -0.0),
        ("aria2:alpha=1e300,beta=2", 0.0, -0.0),
        ("xielu:beta=1e-300", 0.0, -0.0),
        ("xielu:beta=-1e-310", -0.0, 0.0),
        ("xielu:alpha_p=1e300,alpha_n=1e-30,beta=-1e30", -0.0, 0.0),
        ("xielu:alpha_n=1e300", 0.0, -0.0),
        ("max(x, -1e-310)", 0.0, -0.0),
        ("min(x, 1e-400)", 0.0, -0.0),
        ("where(x < -1e-320, -1, x)", 0.0, -0.0),
        ("where(x < 0, -1e-310, x)", 0.0, 0.0),
        ("where(x < 0, x - 1e-310, x)", 0.0, 0.0),
        ("where(x == 0, 0, 1 / log(abs(x)))", -0.0, -0.0),
        ("1e300 * x**2 - x * 1e-300", -0.0, 0.0),
    ],
)
def test_signs_of_zeros_beside_other_pieces(spec: str, right: float, left: float) -> None:
    """f(0.0) and f(-0.0) have the sign of f infinitely close to 0, or of a value that underflows."""
    for dtype in ("float64", "float32", "bfloat16"):
        found = actcli.evaluate(spec, [0.0, -0.0], dtype=dtype).astype(float).tolist()
        assert repr(found) == repr([right, left]), dtype
