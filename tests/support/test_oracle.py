"""The oracle itself: its rounding against a search, its numbers against plain mpmath at thousands of bits."""

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
    """A text of an entry in plain mpmath, at the precision that is set."""
    params = {name: plainly(value) for name, value in oracle.params.items()}
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


def plainly(value: Any) -> Any:
    return mpf(value.exact.numerator) / value.exact.denominator if isinstance(value, reals.Real) else value


def rational(value: Any) -> Fraction:
    """The rational number that mpmath's is, one far below or above every format's values in place of such a one."""
    if value and abs(mpmath.mag(value)) > 1 << 14:
        return Fraction(2) ** (1 << 14 if mpmath.mag(value) > 0 else -1 << 14) * int(mpmath.sign(value))
    return reals.fraction(value._mpf_)


# --- rounding --------------------------------------------------------------------------------------------------------


def every_positive(name: str) -> list[Fraction]:
    """The positive values of a small format, from its four numbers."""
    precision, least, largest, _ = FORMATS[name]
    found = [Fraction(k) * Fraction(2) ** least for k in range(1, 1 << precision)]
    while found[-1] < largest:
        found += [2 * x for x in found[-(1 << precision - 1) :]]
    return [x for x in found if x <= largest]


@pytest.mark.parametrize("name", FORMATS)
def test_the_formats_are_those_of_actcli(name: str) -> None:
    """The oracle's own numbers of each format are the ones that actcli has."""
    grid, fmt = FORMATS[name], FLOATS[name]
    assert (grid.precision, grid.least, float(grid.largest)) == (fmt.precision, fmt.least_exponent, fmt.largest)
    assert math.isnan(grid.beyond) == (fmt.overflow == "nan")
    assert list(FORMATS) == list(FLOATS)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_rounding_finds_the_nearest_value(name: str) -> None:
    """A value is itself; a little short of and beyond the middle of two the nearer one is taken, there the even."""
    values = [Fraction(0), *every_positive(name)]
    grid = FORMATS[name]
    assert [nearest(x, grid) for x in values[::7]] == values[::7]
    little = Fraction(1, 10**60)
    steps = list(enumerate(pairwise(values)))
    for place, (low, high) in steps[:300] + steps[300:-300:13] + steps[-300:]:
        middle = (low + high) / 2
        assert nearest(middle - little, grid) == -nearest(little - middle, grid) == low
        assert nearest(middle + little, grid) == -nearest(-middle - little, grid) == high
        assert nearest(middle, grid) == (high if place % 2 else low)


@pytest.mark.parametrize("name", FORMATS)
def test_rounding_at_the_ends(name: str) -> None:
    """Half a quantum below the next power of two overflows; half the least value vanishes and keeps its sign."""
    grid = FORMATS[name]
    quantum = grid.largest - Fraction(nearest(grid.largest * (1 - Fraction(1, 1 << grid.precision)), grid))
    little = grid.largest / 10**60
    assert nearest(grid.largest + quantum / 2 - little, grid) == grid.largest
    for beyond in (grid.largest + quantum / 2 + little, grid.largest * 10**30, Fraction(2) ** 9000):
        assert repr(nearest(beyond, grid)) == repr(grid.beyond)
        assert math.isnan(grid.beyond) or nearest(-beyond, grid) == -grid.beyond
    half = Fraction(2) ** (grid.least - 1)
    assert repr(nearest(half, grid)) == "0.0"
    assert repr(nearest(-half, grid)) == repr(nearest(-half / 10**400, grid)) == "-0.0"
    assert repr(nearest(Fraction(0), grid)) == "0.0"
    assert nearest(half * 3 / 2, grid) == 2 * half


def test_rounding_is_that_of_the_machine() -> None:
    """Rounding to float64 and float32 is what Python's division of integers and NumPy's casts give."""
    dice = random.Random(DICE)
    for _ in range(3000):
        top, bottom = dice.getrandbits(dice.randint(1, 300)) + 1, dice.getrandbits(dice.randint(1, 1200)) + 1
        assert nearest(Fraction(top, bottom), FORMATS["float64"]) == top / bottom
        x = math.ldexp(dice.uniform(-2, 2), dice.randint(-155, 120))
        assert nearest(Fraction(x), FORMATS["float32"]) == np.float32(x)


def test_ulps() -> None:
    """Distances are counted in units of the truth's last place, which do not shrink below the least quantum."""
    assert ulps(1.0, math.nextafter(1.0, 2), FORMATS["float64"]) == 1
    assert ulps(0.0, 5e-324, FORMATS["float64"]) == 1
    assert ulps(1.0, math.inf, FORMATS["float64"]) == ulps(math.nan, 1.0, FORMATS["float64"]) == math.inf
    assert ulps(math.nan, math.nan, FORMATS["float64"]) == 0


# --- texts -----------------------------------------------------------------------------------------------------------


def test_decimals_are_exact() -> None:
    """The digits of a text are the exact decimals, of any length, and names after `with` may use those before."""
    assert Text("0.1 + 0.2")({}).exact == Fraction(3, 10)
    long = "1.0507009873554804934193349852946"
    assert Text("a * b with a = 3, b = a - 1e-30 * a")({}).exact == 9 - Fraction(9, 10**30)
    assert Text(f"s if x > 0 else 0 with s = {long}")({"x": reals.real(1)}).exact == Fraction(long)


def test_pieces_are_chosen_exactly() -> None:
    """A condition on x is decided by the exact numbers, however near the two are."""
    text = Text("1 if a < x <= 1/3 else 2 if x > 1/3 else 3")
    near = Fraction(1, 3) + Fraction(1, 10**500)
    found = [text({"x": reals.real(x), "a": reals.real(-1)}).exact for x in (Fraction(1, 3), near, Fraction(-1))]
    assert found == [1, 2, 3]


def test_unknown_names_are_errors() -> None:
    """A text that names what the oracle does not know fails by that name, and builtins are not known."""
    with pytest.raises(NameError, match="open"):
        Text("open(x)")({"x": 1})


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", sampled([160, 640], 1))
@pytest.mark.parametrize("name", sorted(PLAIN.keys() - {"min", "max", "abs", "sign"}))
def test_functions_against_plain_mpmath(name: str, bits: int) -> None:
    """At exact arguments a function is right to nearly all bits, and so is its rest, the part beyond exact numbers."""
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
                off = beyond - (mpmath.mp.make_mpf(got.rest) if got.rest else 0)
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


def test_operators_against_plain_mpmath() -> None:
    """Sums, products and quotients of numbers with and without a rest are right to nearly all their bits."""
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
                value += mpmath.mp.make_mpf(got.rest) if got.rest else 0
                allowed = [(abs(true) + (abs(a) + abs(b) + 1) ** 2) * mpf(2) ** -180 for true in trues]
                assert any(abs(value - true) <= off for true, off in zip(trues, allowed, strict=True))


def test_signs_that_can_not_be_seen_are_not_guessed() -> None:
    """A number that is zero only as far as the bits go has no sign, so that a piece is never chosen by chance."""
    with reals.precision(200):
        known = real_functions.functions()
        x = known["exp"](reals.real(1)) - known["e"]
        with pytest.raises(reals.Unknown):
            x.sign()


@pytest.mark.parametrize("name", sampled(ENTRIES, 15, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_results_against_plain_mpmath(name: str, order: int) -> None:
    """What the oracle gives for float64 and float32 is what plain mpmath gives at more bits than anything cancels."""
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
    """The oracle of a formula that is in no catalogue."""
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
def test_far_out(formula: str, x: float, result: float) -> None:
    """What cancels, vanishes or overflows far beyond the precision that is set comes out right, its sign included."""
    assert repr(oracle_of(formula).result(0, x, "float64")) == repr(result)


def test_the_ends_of_what_is_spelled_out() -> None:
    """Where numbers become too small or too large to be spelled out, their signs do not change."""
    for x in range(22_690, 22_730, 3):
        assert repr(oracle_of("-x * exp(-x)").result(0, float(x), "float64")) == "-0.0"
        assert repr(oracle_of("x / exp(-x)").result(0, -float(x), "float64")) == "-0.0"
        assert repr(oracle_of("-exp(x)").result(0, float(x), "float64")) == "-inf"


def test_limits() -> None:
    """Limits are those of the function, finite, infinite, or none."""
    known = {"x * exp(x)": (-0.0, math.inf), "sin(x)": (math.nan, math.nan), "atan(x)": (-math.pi / 2, math.pi / 2)}
    known |= {"log(1 + x**2)": (math.inf, math.inf), "sin(x) / x": (0.0, 0.0), "x + sin(x)": (-math.inf, math.inf)}
    for formula, limits in known.items():
        for x, limit in zip((-math.inf, math.inf), limits, strict=True):
            assert repr(oracle_of(formula).result(0, x, "float64")) == repr(limit), formula


@each_entry
def test_the_derivative_is_that_of_the_formula(name: str) -> None:
    """An entry's derivative text is the derivative of its formula text, away from kinks, whatever the parameters."""
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
                near = abs(slope - true) <= abs(true) * mpf(2) ** -50 + mpf(2) ** -100
                assert near or (mpmath.isnan(slope) and mpmath.isnan(true)), (params, x)
