"""The oracle: its rounding against a search, its numbers against plain mpmath at thousands of bits."""

from __future__ import annotations

import ast
import math
import random
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from actcli.core.catalogue.activation import Activation, Properties
from actcli.number_formats import FLOATS
from tests.support import points, real_functions, reals
from tests.support.oracle import FORMATS, Oracle, Text, elementwise_entries, nearest, ulps
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()
DICE = 20_250_101

each_entry = pytest.mark.parametrize("name", ENTRIES)

PLAIN: dict[str, Any] = {
    name: getattr(mpmath, name)
    for name in [
        "exp",
        "expm1",
        "log",
        "log1p",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
        "atan",
        "asinh",
        "erf",
        "erfc",
        "sign",
        "sech",
    ]
} | {
    "arctan": mpmath.atan,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "logcosh": lambda x: mpmath.log(mpmath.cosh(x)),
    "tanhshrink": lambda x: x - mpmath.tanh(x),
    "Phi": mpmath.ncdf,
    "ndtr": mpmath.ncdf,
    "min": min,
    "max": max,
    "abs": abs,
}


def plain(oracle: Oracle, order: int, x: Any) -> Any:
    """Return an entry's text evaluated in plain mpmath, at the current precision."""
    params = {name: as_mpf(value) for name, value in oracle.params.items()}
    scope = PLAIN | params | {"pi": +mpmath.pi, "e": +mpmath.e, "mpf": mpf, "x": x}
    body, _, definitions = oracle.texts[order].text.partition(" with ")
    source = f"dict({definitions})"
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    scope["f"] = lambda x: plain(oracle, 0, x)
    for keyword in call.keywords:
        scope[str(keyword.arg)] = eval(with_mpf(ast.get_source_segment(source, keyword.value) or ""), scope)
    value = eval(with_mpf(body), scope)
    return mpmath.nan if isinstance(value, mpmath.mpc) else mpf(value)


def with_mpf(text: str) -> str:
    return re.sub(r"(?<![\w.])(\d+\.?\d*(?:[eE][+-]?\d+)?)", r"mpf('\1')", text)


def as_mpf(value: Any) -> Any:
    return mpf(value.exact.numerator) / value.exact.denominator if isinstance(value, reals.Real) else value


def rational(value: Any) -> Fraction:
    """Return an mpmath number as a Fraction, clamped far below or above the values of every format."""
    if value and abs(mpmath.mag(value)) > 1 << 14:
        return Fraction(2) ** (1 << 14 if mpmath.mag(value) > 0 else -1 << 14) * int(mpmath.sign(value))
    return reals.fraction(value._mpf_)


# --- rounding --------------------------------------------------------------------------------------------------------


def every_positive(name: str) -> list[Fraction]:
    """Return the positive values of a small format, computed from its parameters."""
    precision, least, largest, _ = FORMATS[name]
    found = [Fraction(k) * Fraction(2) ** least for k in range(1, 1 << precision)]
    while found[-1] < largest:
        found += [2 * x for x in found[-(1 << precision - 1) :]]
    return [x for x in found if x <= largest]


@pytest.mark.parametrize("name", FORMATS)
def test_formats_equal_those_of_actcli(name: str) -> None:
    """The oracle's parameters of each format are equal to actcli's."""
    grid, fmt = FORMATS[name], FLOATS[name]
    assert (grid.precision, grid.least, float(grid.largest)) == (fmt.precision, fmt.least_exponent, fmt.largest)
    assert math.isnan(grid.beyond) == (fmt.overflow == "nan")
    assert list(FORMATS) == list(FLOATS)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_rounding_finds_the_nearest_value(name: str) -> None:
    """Rounding returns a value itself, the nearer neighbour next to a midpoint, and the even one at it."""
    values = [Fraction(0), *every_positive(name)]
    grid = FORMATS[name]
    assert [nearest(x, grid) for x in values[::7]] == values[::7]
    epsilon = Fraction(1, 10**60)
    steps = list(enumerate(pairwise(values)))
    for index, (low, high) in steps[:300] + steps[300:-300:13] + steps[-300:]:
        middle = (low + high) / 2
        assert nearest(middle - epsilon, grid) == -nearest(epsilon - middle, grid) == low
        assert nearest(middle + epsilon, grid) == -nearest(-middle - epsilon, grid) == high
        assert nearest(middle, grid) == (high if index % 2 else low)


@pytest.mark.parametrize("name", FORMATS)
def test_rounding_at_overflow_and_underflow(name: str) -> None:
    """Rounding overflows half an ulp above the largest value, and half the least value gives a signed zero."""
    grid = FORMATS[name]
    quantum = grid.largest - Fraction(nearest(grid.largest * (1 - Fraction(1, 1 << grid.precision)), grid))
    epsilon = grid.largest / 10**60
    assert nearest(grid.largest + quantum / 2 - epsilon, grid) == grid.largest
    for beyond in (grid.largest + quantum / 2 + epsilon, grid.largest * 10**30, Fraction(2) ** 9000):
        assert repr(nearest(beyond, grid)) == repr(grid.beyond)
        assert math.isnan(grid.beyond) or nearest(-beyond, grid) == -grid.beyond
    half = Fraction(2) ** (grid.least - 1)
    assert repr(nearest(half, grid)) == "0.0"
    assert repr(nearest(-half, grid)) == repr(nearest(-half / 10**400, grid)) == "-0.0"
    assert repr(nearest(Fraction(0), grid)) == "0.0"
    assert nearest(half * 3 / 2, grid) == 2 * half


def test_rounding_agrees_with_hardware() -> None:
    """Rounding to float64 agrees with Python's division of integers, and to float32 with NumPy's casts."""
    dice = random.Random(DICE)
    for _ in range(3000):
        top, bottom = dice.getrandbits(dice.randint(1, 300)) + 1, dice.getrandbits(dice.randint(1, 1200)) + 1
        assert nearest(Fraction(top, bottom), FORMATS["float64"]) == top / bottom
        x = math.ldexp(dice.uniform(-2, 2), dice.randint(-155, 120))
        assert nearest(Fraction(x), FORMATS["float32"]) == np.float32(x)


def test_ulps() -> None:
    """The function ulps counts units in the last place of the reference, at least the least subnormal."""
    assert ulps(1.0, math.nextafter(1.0, 2), FORMATS["float64"]) == 1
    assert ulps(0.0, 5e-324, FORMATS["float64"]) == 1
    assert ulps(1.0, math.inf, FORMATS["float64"]) == ulps(math.nan, 1.0, FORMATS["float64"]) == math.inf
    assert ulps(math.nan, math.nan, FORMATS["float64"]) == 0


# --- texts -----------------------------------------------------------------------------------------------------------


def test_decimal_constants_are_exact() -> None:
    """Constants of any length are exact decimals, and names after `with` can use those before them."""
    assert Text("0.1 + 0.2")({}).exact == Fraction(3, 10)
    long = "1.0507009873554804934193349852946"
    assert Text("a * b with a = 3, b = a - 1e-30 * a")({}).exact == 9 - Fraction(9, 10**30)
    assert Text(f"s if x > 0 else 0 with s = {long}")({"x": reals.real(1)}).exact == Fraction(long)


def test_conditions_are_decided_exactly() -> None:
    """A condition on x is decided by exact numbers, even if they differ by 10^-500."""
    text = Text("1 if a < x <= 1/3 else 2 if x > 1/3 else 3")
    above = Fraction(1, 3) + Fraction(1, 10**500)
    found = [text({"x": reals.real(x), "a": reals.real(-1)}).exact for x in (Fraction(1, 3), above, Fraction(-1))]
    assert found == [1, 2, 3]


def test_unknown_names_raise() -> None:
    """A text with an unknown name raises NameError, and builtins are unknown."""
    with pytest.raises(NameError, match="open"):
        Text("open(x)")({"x": 1})


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", sampled([160, 640], 1))
@pytest.mark.parametrize("name", sorted(PLAIN.keys() - {"min", "max", "abs", "sign"}))
def test_functions_agree_with_plain_mpmath(name: str, bits: int) -> None:
    """A function of an exact argument has the current precision, and so has its tail beyond the exact part."""
    dice = random.Random(DICE)
    positive, bell = name in ("log", "sqrt"), name in ("erf", "erfc", "Phi", "ndtr")
    sizes = [2.0 ** dice.uniform(-300, 9) for _ in range(12)] + [2.0 ** dice.uniform(-8, 4) for _ in range(12)]
    exponents = [-1074, -60, -29, -28, -20, -8, -4, -1, 0, 1, 4]
    for size in [*sizes, *(3 * 2.0**k for k in exponents), *map(float, (1, 2, 9, 37, 100))]:
        for x in (size, -size):
            if (x < 0 and positive) or (x <= -1 and name == "log1p") or (size > 40 and bell):
                continue
            with reals.precision(bits):
                got = real_functions.functions()[name](reals.real(Fraction(x)))
            with mpmath.workprec(
                3 * bits + 200 + 4 * int(abs(math.log2(size))) + 3 * int(size * size if bell else size)
            ):
                true = PLAIN[name](mpf(x))
                beyond = true - mpf(got.exact.numerator) / got.exact.denominator
                off = beyond - (mpmath.mp.make_mpf(got.tail) if got.tail else 0)
                allowed = abs(beyond) if got.exact and size not in (1, 2, 9, 37, 100) else abs(true)
                assert abs(off) <= allowed * mpf(2) ** (16 - bits), (x, mpmath.nstr(off))


OPERATORS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, b: (a - 1) * (b + 1),
    lambda a, b: a**3 / b**2,
    lambda a, b: 1 / (1 + a) - b,
]


def test_operators_agree_with_plain_mpmath() -> None:
    """Sums, products and quotients of numbers with and without a tail have nearly the current precision."""
    dice = random.Random(DICE)
    for _ in range(100):
        x, y = (Fraction(dice.choice((-1, 1)) * 2.0 ** dice.uniform(-200, 3)) for _ in range(2))
        first, second = (dice.choice(("exp", "tanh", "sqrt", "sin", "Phi")) for _ in range(2))
        for operator in OPERATORS:
            with reals.precision(200):
                known = real_functions.functions()
                got = operator(known[first](reals.real(abs(x))), dice.choice((known[second], abs))(reals.real(abs(y))))
            with mpmath.workprec(3000):
                a = PLAIN[first](mpf(abs(x).numerator) / abs(x).denominator)
                b = mpf(abs(y).numerator) / abs(y).denominator
                trues = [operator(a, b), operator(a, PLAIN[second](b))]
                value = mpf(got.exact.numerator) / got.exact.denominator
                value += mpmath.mp.make_mpf(got.tail) if got.tail else 0
                allowed = [(abs(true) + (abs(a) + abs(b) + 1) ** 2) * mpf(2) ** -180 for true in trues]
                assert any(abs(value - true) <= off for true, off in zip(trues, allowed, strict=True))


def test_undecided_sign_raises() -> None:
    """The sign of a number that is zero at the current precision raises Unknown, so that no piece is guessed."""
    with reals.precision(200):
        known = real_functions.functions()
        x = known["exp"](reals.real(1)) - known["e"]
        with pytest.raises(reals.Unknown):
            x.sign()


@pytest.mark.parametrize("name", sampled(ENTRIES, 15, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_results_agree_with_plain_mpmath(name: str, order: int) -> None:
    """Results in float64 and float32 agree with plain mpmath at more bits than any cancellation costs."""
    dice = random.Random(DICE)
    oracle = Oracle(ENTRIES[name], points.usual(ENTRIES[name]))
    xs = [dice.gauss(0, 8) for _ in range(6)] + [dice.choice((-1, 1)) * 2.0 ** dice.uniform(-149, 9) for _ in range(4)]
    xs += [9 * 2.0**-1074, -(2.0**-149), 40.25, -37.5]
    for x in np.array(xs).astype(np.float32).astype(np.float64).tolist() + xs[::2]:
        if x == 0 or (order and Fraction(x) in oracle.kinks):
            continue
        with mpmath.workprec(8000 if abs(x) > 9 else 400 + 4 * int(abs(math.log2(abs(x))))):
            value = plain(oracle, order, mpf(x))
        for dtype in ("float64", "float32"):
            wanted = math.nan if mpmath.isnan(value) else nearest(rational(value), FORMATS[dtype])
            assert repr(oracle.result(order, x, dtype)) == repr(wanted), (x.hex(), dtype)


def oracle_of(formula: str) -> Oracle:
    """Return the oracle of a formula outside the catalogue."""
    facts = Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no")
    return Oracle(Activation(name="any", formula=formula, derivative="0", f=lambda m, x: x, properties=facts, paper=""))


@pytest.mark.parametrize(
    ("formula", "x", "result"),
    [
        ("exp(x)", -1e300, 0.0),
        ("-exp(x)", -1e300, -0.0),
        ("x * exp(x)", 1e300, math.inf),
        ("log(1 + exp(x))", 1e300, 1e300),
        ("log(1 + exp(x))", -1e300, 0.0),
        ("1 - tanh(x)**2", 1e300, 0.0),
        ("exp(-x**2 / 2) / Phi(x) / x", -1e150, -2.5066282746310007),
        ("exp(x) - exp(x)", 1.0, 0.0),
        ("(1 - 1e-40 * exp(x)) - 1", 0.0, -1e-40),
        ("x / 2 + x**2 * exp(x)", 5e-324, 5e-324),
        ("x / 2 - x**2 * exp(x)", 5e-324, 0.0),
        ("x / 2 + 0", 15e-324, 1e-323),
        ("sqrt(x**2 + 4) - x", 1e300, 2e-300),
        ("log(x)", -1.0, math.nan),
        ("1 / x", 0.0, math.nan),
    ],
)
def test_cancellation_and_overflow_beyond_precision(formula: str, x: float, result: float) -> None:
    """Results are right, with their sign, when terms cancel, vanish or overflow far beyond the lowest precision."""
    assert repr(oracle_of(formula).result(0, x, "float64")) == repr(result)


def test_sign_is_kept_at_clamped_exponents() -> None:
    """A result keeps its sign where its exponent reaches the clamp of the oracle."""
    for x in range(22_690, 22_730, 3):
        assert repr(oracle_of("-x * exp(-x)").result(0, float(x), "float64")) == "-0.0"
        assert repr(oracle_of("x / exp(-x)").result(0, -float(x), "float64")) == "-0.0"
        assert repr(oracle_of("-exp(x)").result(0, float(x), "float64")) == "-inf"


def test_limits_at_infinity() -> None:
    """The limit at an infinity is the function's: finite, infinite, or nan if there is none."""
    known = {"x * exp(x)": (-0.0, math.inf), "sin(x)": (math.nan, math.nan), "atan(x)": (-math.pi / 2, math.pi / 2)}
    known |= {"log(1 + x**2)": (math.inf, math.inf), "sin(x) / x": (0.0, 0.0), "x + sin(x)": (-math.inf, math.inf)}
    for formula, limits in known.items():
        for x, limit in zip((-math.inf, math.inf), limits, strict=True):
            assert repr(oracle_of(formula).result(0, x, "float64")) == repr(limit), formula


@each_entry
def test_derivative_text_agrees_with_formula(name: str) -> None:
    """An entry's derivative text is the derivative of its formula text away from kinks, for every setting."""
    dice = random.Random(DICE)
    entry = ENTRIES[name]
    cases: list[Mapping[str, str]] = [
        points.usual(entry),
        *points.settings(entry, Oracle(entry, points.usual(entry)).names),
    ]
    for params in cases:
        oracle = Oracle(entry, params)
        for x in [dice.uniform(-9, 9) for _ in range(4)] + [dice.gauss(0, 1) for _ in range(3)]:
            if any(abs(x - at) < 1e-3 for at in oracle.kinks):
                continue
            with mpmath.workprec(300):
                slope = plain(oracle, 1, mpf(x))
                true = mpmath.diff(lambda x, oracle=oracle: plain(oracle, 0, x), mpf(x), h=mpf(2) ** -60, method="step")
                close = abs(slope - true) <= abs(true) * mpf(2) ** -50 + mpf(2) ** -100
                assert close or (mpmath.isnan(slope) and mpmath.isnan(true)), (params, x)


@pytest.mark.parametrize(
    ("name", "params", "order", "x", "wanted"),
    [
        # (softplus(a x) - softplus(a (x - 1))) / a tends to 1/2 and its derivative to a/4 for a -> 0.
        ("soft_clipping", {"alpha": "1e-300"}, 0, 1.5, 0.5),
        ("soft_clipping", {"alpha": "3e-400"}, 0, -1e5, 0.5),
        ("soft_clipping", {"alpha": "1e-300"}, 1, 1e152, 2.5e-301),
        # Both have a kink at 0, whose stated derivatives are 0 and alpha: the slopes beside it are 0 and 1e-300.
        ("nlrelu", {"beta": "1e-300"}, 1, 0.0, 0.0),
        ("clamped_relu", {"alpha": "1e-300", "beta": "3e-400"}, 1, 0.0, 1e-300),
        # lambd=0 leaves the identity, without the kink.
        ("hardshrink", {"lambd": "0"}, 1, 0.0, 1.0),
        # Infinitely close to 0, -1e30 x is larger than 1e300 x^2.
        ("xielu", {"alpha_p": "1e300", "alpha_n": "1e-30", "beta": "-1e30"}, 0, 0.0, -0.0),
        ("aria2", {"alpha": "1e300", "beta": "2"}, 0, -0.0, -0.0),
    ],
)
def test_extreme_parameters(name: str, params: dict[str, str], order: int, x: float, wanted: float) -> None:
    """What cancels at the first precisions, and what happens closer to a point than 2^-300, is not taken for 0."""
    assert repr(Oracle(ENTRIES[name], params).result(order, x, "float64")) == repr(wanted)
