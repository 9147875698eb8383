"""Exact digits of any number against the oracle's fractions, rounded to as many digits."""

from __future__ import annotations

import math
import random
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from actcli.core.catalogue.activation import Activation, Properties
from actcli.core.evaluation.exact_digits import MAX_DIGITS, format_exact
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.core.spec import parse
from tests.support import points
from tests.support.operations import calls
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, examples, sampled

ENTRIES = elementwise_entries()
WIDEST = Context(prec=1100, Emax=MAX_EMAX, Emin=MIN_EMIN)
SEEN = 1 << 14
"""The oracle does not spell out what is beyond 2^(2 SEEN), or nearer to 0 than its inverse."""
POINTS = (0.3, -1.7, 1e-5, -40.0, 1e10, 5e-324, -745.25, 6.5, -1e-160, 3e300)


def quantity(spec: str, order: int = 0, side: int = 0, **params: str) -> Quantity:
    return Quantity(parse(spec, params), order, None, side)


def own(f: Any) -> Quantity:
    """The reading of a formula that no entry has."""
    facts = Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no")
    entry = Activation(name="own", formula="x", derivative="1", f=f, properties=facts, paper="none")
    return Quantity(BoundActivation(entry, {}, "own"))


def rounded(value: Fraction, count: int) -> tuple[int, int]:
    """The value as digits * 10**exponent with `count` digits, ties to even; (0, 0) for zero."""
    if not value:
        return 0, 0
    size = abs(value)
    exponent = math.floor((size.numerator.bit_length() - size.denominator.bit_length()) * math.log10(2)) - count - 1
    while size / Fraction(10) ** exponent >= 10**count:
        exponent += 1
    digits = round(size / Fraction(10) ** exponent)
    if digits == 10**count:
        digits, exponent = digits // 10, exponent + 1
    return (digits if value > 0 else -digits), exponent


def check(text: str, value: Fraction, count: int, exact: bool) -> None:
    """The text is the value to so many digits; it ends sooner where the value does, and is spelled as Python would."""
    digits, exponent = rounded(value, count)
    assert Decimal(text) == Decimal(digits).scaleb(exponent, WIDEST)
    mantissa, e, power = text.lstrip("-").partition("e")
    whole, point, decimals = mantissa.partition(".")
    length = len((whole + decimals).lstrip("0"))
    if exact and digits * Fraction(10) ** exponent == value:
        # Nothing stands at the end but what Python would write: a zero after the point, if that.
        assert not decimals.endswith("0") or (decimals == "0" and not e)
    else:
        # Digits before the point that are more than were asked for are zeros, and one follows the point.
        before = len(whole.lstrip("0"))
        assert length == (count if e or count > before else before + 1)
    assert text.startswith("-") == (value < 0)
    if e:
        assert len(whole) == 1
        assert not -4 <= int(power) < 16
        assert power[1:] == str(abs(int(power))).rjust(2, "0")
        assert power[0] == ("-" if int(power) < 0 else "+")
    else:
        assert point
        assert digits == 0 or -4 <= len(str(abs(digits))) - 1 + exponent < 16


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_digits_agree_with_the_oracle(name: str, order: int) -> None:
    """Values and derivatives of every entry have the oracle's digits, from 1 to 200 of them, at every kind of point."""
    dice = random.Random(f"{SEED} {name}")
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    read = quantity(name, order, **usual)
    for x in (*POINTS, dice.gauss(0, 4), dice.uniform(-1, 1)):
        if order and Fraction(x) in oracle.kinks:
            continue
        if math.isnan(oracle.result(order, x, "float64")):
            assert format_exact(read, x, 17) == "nan"
            continue
        counts = [1, 17, 200, dice.randint(2, 199)]
        for bits, low, high in oracle.at(order, x).ends():
            if abs(low.numerator.bit_length() - low.denominator.bit_length()) > SEEN:
                break
            settled = {count for count in counts if rounded(low, count) == rounded(high, count)}
            for count in settled:
                check(format_exact(read, x, count), low, count, exact=low == high)
            counts = [count for count in counts if count not in settled]
            if not counts:
                break
            assert bits < 20000, (name, order, x, counts, SEED)


@settings(deadline=None, max_examples=examples(100))
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 200))
def test_exact_results_are_not_padded(x: float, count: int) -> None:
    """Exact results have no trailing zeros; with fewer digits they are rounded half to even."""
    check(format_exact(quantity("identity"), x, count), Fraction(x), count, exact=True)
    check(format_exact(quantity("leaky_relu:alpha=1/4"), -abs(x), count), -abs(Fraction(x)) / 4, count, exact=True)


@pytest.mark.parametrize(
    ("spec", "x", "count", "text"),
    [
        ("identity", 0.1, 1000, "0.1000000000000000055511151231257827021181583404541015625"),
        ("identity", 0.1, 5, "0.10000"),
        ("identity", 0.125, 2, "0.12"),
        ("identity", 0.375, 2, "0.38"),
        ("identity", 2.5, 1, "2.0"),
        ("identity", 3.0, 40, "3.0"),
        ("identity", -1024.0, 10, "-1024.0"),
        ("identity", 1e22, 30, "1e+22"),
        ("identity", 2.0**-20, 20, "9.5367431640625e-07"),
        ("relu", -3.0, 9, "0.0"),
        ("relu", 0.0, 9, "0.0"),
        ("tanh", 0.0, 9, "0.0"),
        ("sigmoid", 0.0, 20, "0.5"),
        ("hard_sigmoid", 1.5, 20, "0.75"),
        ("hard_sigmoid", 1.0, 20, "0.66666666666666666667"),
        ("softsign", 3.0, 12, "0.75"),
        ("bent_identity", 0.75, 12, "0.875"),
        ("isru", 0.75, 12, "0.6"),
    ],
)
def test_examples_checked_by_hand(spec: str, x: float, count: int, text: str) -> None:
    """Short examples have the digits that can be checked by hand."""
    assert format_exact(quantity(spec), x, count) == text


@settings(deadline=None, max_examples=examples(30))
@given(st.floats(-30, 30).filter(bool))
def test_fewer_digits_are_more_digits_rounded(x: float) -> None:
    """Fewer digits of an irrational result are its longer digits, rounded."""
    read = quantity("gelu_tanh", 1)
    most = Fraction(Decimal(format_exact(read, x, 120)))
    for count in (1, 2, 16, 50, 90):
        assert (
            Fraction(Decimal(format_exact(read, x, count)))
            == Fraction(rounded(most, count)[0]) * Fraction(10) ** (rounded(most, count)[1])
        )


# --- special points --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENTRIES)
def test_nan(name: str) -> None:
    """nan gives nan, in f and in f'."""
    usual = points.usual(ENTRIES[name])
    assert [format_exact(quantity(name, order, **usual), math.nan, 30) for order in (0, 1)] == ["nan", "nan"]


@pytest.mark.parametrize(
    ("spec", "order", "x", "value"),
    [
        ("tanh", 0, math.inf, 1),
        ("tanh", 0, -math.inf, -1),
        ("sigmoid", 0, -math.inf, 0),
        ("silu", 0, -math.inf, 0),
        ("elu:alpha=1/3", 0, -math.inf, Fraction(-1, 3)),
        ("hard_sigmoid", 0, math.inf, 1),
        ("leaky_relu", 1, -math.inf, Fraction(1, 100)),
        ("isru:alpha=4", 0, math.inf, Fraction(1, 2)),
        ("gelu", 1, math.inf, 1),
        ("bent_identity", 1, -math.inf, Fraction(1, 2)),
    ],
)
def test_limits(spec: str, order: int, x: float, value: Fraction | int) -> None:
    """At the infinities the digits are those of the limit."""
    text = format_exact(quantity(spec, order), x, 30)
    digits, exponent = rounded(Fraction(value), 30)
    assert Fraction(Decimal(text)) == digits * Fraction(10) ** exponent


def test_irrational_limit() -> None:
    """The limit of the arc tangent has all the requested digits of pi/2."""
    with mp.workdps(1010):
        digits = mpmath.nstr(mp.pi / 2, 1005)[:-5]
    for side in (1, -1):
        text = format_exact(quantity("arctan"), side * math.inf, 1000)
        assert text.lstrip("-")[:990] == digits[:990]
        assert text.startswith("-") == (side < 0)


@pytest.mark.parametrize(
    ("spec", "order", "x", "text"),
    [
        ("relu", 0, math.inf, "inf"),
        ("identity", 0, -math.inf, "-inf"),
        ("squareplus", 0, math.inf, "inf"),
        ("snake", 1, math.inf, "nan"),
        ("snake", 1, -math.inf, "nan"),
    ],
)
def test_infinite_and_missing_limits(spec: str, order: int, x: float, text: str) -> None:
    """An infinite limit is inf or -inf; a missing one is nan."""
    assert format_exact(quantity(spec, order), x, 50) == text


@pytest.mark.parametrize(
    ("spec", "x", "count", "text"),
    [
        ("relu", 0.0, 10, "0.0"),
        ("leaky_relu", 0.0, 10, "0.01"),
        ("leaky_relu", -0.0, 10, "0.01"),
        ("leaky_relu:alpha=1/3", 0.0, 10, "0.3333333333"),
        ("leaky_relu:alpha=-2/3", 0.0, 4, "-0.6667"),
        ("hard_tanh", 1.0, 10, "0.0"),
        ("hard_swish", 3.0, 10, "1.0"),
        ("selu", 0.0, 5, "1.7581"),
    ],
)
def test_kinks(spec: str, x: float, count: int, text: str) -> None:
    """At a kink the digits are those of the chosen subgradient."""
    assert format_exact(quantity(spec, 1), x, count) == text


@pytest.mark.parametrize(("side", "text"), [(-1, "0.1666666667"), (1, "0.0")])
def test_one_sided_derivatives_at_a_kink(side: int, text: str) -> None:
    """A one-sided derivative has the digits of its side."""
    assert format_exact(quantity("hard_sigmoid", 1, side), 3.0, 10) == text


def test_value_at_a_kink() -> None:
    """The subgradient at a kink does not affect the value there."""
    assert format_exact(quantity("leaky_relu"), 0.0, 10) == "0.0"
    assert format_exact(quantity("hard_sigmoid"), 3.0, 10) == "1.0"


def test_derivative_by_a_parameter() -> None:
    """A derivative by a parameter has its own digits, at a kink too."""
    bound = parse("leaky_relu:alpha=1/3")
    read = Quantity(bound, 1, "negative_slope")
    assert format_exact(read, -0.1, 5) == "-0.10000"
    assert format_exact(read, 0.0, 5) == format_exact(read, 2.0, 5) == "0.0"


def test_outside_the_domain() -> None:
    """Outside the domain the result is nan."""
    logarithm = own(lambda m, x: m.log(x))
    assert format_exact(logarithm, -1.0, 20) == format_exact(logarithm, 0.0, 20) == "nan"
    assert format_exact(logarithm, 1.0, 20) == "0.0"
    assert format_exact(logarithm, 2.0, 20) == "0.69314718055994530942"


@pytest.mark.parametrize("spec", ["1/x", "(x/x)**-0.5", "max(1/x, 2)"])
def test_division_by_zero_in_an_expression(spec: str) -> None:
    """Where a rational expression divides by 0 the result is nan, and digits are printed elsewhere."""
    assert format_exact(quantity(spec), 0.0, 20) == "nan"
    assert format_exact(quantity(spec), 0.5, 20) in ("2.0", "1.0")


def test_unprovable_tie_is_a_tie() -> None:
    """A transcendental result that no precision distinguishes from a tie is that tie."""
    same = own(lambda m, x: m.exp(m.log(x)))
    assert Decimal(format_exact(same, 2.5, 1)) == 2
    assert Decimal(format_exact(same, 3.5, 1)) == 4
    assert Decimal(format_exact(same, 2.5, 2)) == Decimal(format_exact(same, 2.5, 100)) == Decimal("2.5")


# --- many digits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [0.3, -7.5, 1e-200])
def test_a_thousand_digits(x: float) -> None:
    """A thousand digits of gelu agree with mpmath and take few operations."""
    read, texts = quantity("gelu"), []
    assert calls(lambda: texts.append(format_exact(read, x, MAX_DIGITS))) < 2000
    (text,) = texts
    with mp.workdps(1600):
        at = mpmath.mpf(x)
        true = at * mpmath.erfc(-at / mpmath.sqrt(2)) / 2
        near = mpmath.mpf(text)
        assert abs(near - true) <= abs(true) * mpmath.mpf(10) ** -999
    assert len(text.lstrip("-").partition("e")[0].replace(".", "").lstrip("0")) == 1000
