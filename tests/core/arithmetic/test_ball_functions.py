"""Functions of balls against mpmath: every enclosure contains the true value and is as narrow as documented."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.core.arithmetic import fixed_point
from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.fixed_point import PointFunctions, ln10_fixed, pi_fixed
from actcli.core.arithmetic.signals import ExponentOverflow, Undecided
from tests.support.tiers import examples

DIGITS = (15, 40, 100)
ARITHMETIC = {digits: BallArithmetic(digits) for digits in (*DIGITS, 700)}
M = ARITHMETIC[40]
EXP_MAX = 10**17


def log_cosh(x: Any) -> Any:
    size = abs(x)
    if size < 1:
        return mpmath.log1p(2 * mpmath.sinh(x / 2) ** 2)
    return size + mpmath.log1p(mpmath.exp(-2 * size)) - mpmath.log(2)


def tanh_shrink(x: Any) -> Any:
    with mp.workprec(mp.prec + (2 * max(0, -mpmath.mag(x)) if x else 0)):
        return x - mpmath.tanh(x)


def softplus(x: Any) -> Any:
    return max(x, 0) + mpmath.log1p(mpmath.exp(-abs(x)))


def erfc(x: Any) -> Any:
    """Return mpmath's erfc, or its asymptotic series where mpmath overflows."""
    if x < 10**12:
        return mpmath.erfc(x)
    terms = [mpf(1)]
    while abs(terms[-1]) > mpmath.eps:
        terms.append(-terms[-1] * (2 * len(terms) - 1) / (2 * x * x))
    return mpmath.exp(-x * x) / (x * mpmath.sqrt(mpmath.pi)) * sum(terms)


def normal(x: Any) -> Any:
    return erfc(-x / mpmath.sqrt(2)) / 2


def mills(x: Any) -> Any:
    return normal(-x) * mpmath.exp(x * x / 2) * mpmath.sqrt(2 * mpmath.pi)


REFERENCE: dict[str, Callable[[Any], Any]] = {
    "abs": abs,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sech": lambda x: 2 * mpmath.exp(-abs(x)) / (1 + mpmath.exp(-2 * abs(x))),
    "asinh": mpmath.asinh,
    "atan": mpmath.atan,
    "erf": lambda x: mpmath.erf(x) if abs(x) < EXP_MAX else mpmath.sign(x),
    "erfc": lambda x: erfc(x) if x > -EXP_MAX else mpf(2),
    "ndtr": normal,
    "mills": mills,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "cosigmoid": lambda x: 1 / (1 + mpmath.exp(x)),
    "softplus": softplus,
    "tanh_softplus": lambda x: mpmath.tanh(softplus(x)),
    "logcosh": log_cosh,
    "tanhshrink": tanh_shrink,
}
SMALLEST, LARGEST = 5e-324, 1.7976931348623157e308
DOMAIN = {
    "log": (SMALLEST, LARGEST),
    "sqrt": (0.0, LARGEST),
    "log1p": (-1 + 2.0**-53, LARGEST),
    "mills": (-20.0, LARGEST),
    **dict.fromkeys(("exp", "expm1", "sinh", "cosh"), (-1e17, 1e17)),
}

PARTIAL = {"log", "log1p", "sqrt", "tan"}

POINTS = st.one_of(
    st.floats(-4, 4),
    st.floats(-60, 60),
    st.integers(-40, 40).map(lambda n: n / 4),
    st.tuples(st.floats(-330, 308), st.sampled_from((-1, 1))).map(lambda t: t[1] * 10.0 ** t[0]),
    st.tuples(st.floats(-16, 0), st.sampled_from((-1, 1))).map(lambda t: 1 + t[1] * 10.0 ** t[0]),
    st.floats(allow_nan=False, allow_infinity=False),
)


def to_mpf(value: Decimal) -> Any:
    """Return the decimal as an mpmath number, at the current precision."""
    sign, digits, exponent = value.as_tuple()
    return mpf((-1) ** sign * int("".join(map(str, digits)))) * mpf(10) ** int(exponent)


def contains(ball: Ball, true: Any) -> bool:
    """Return whether the ball contains the value, which is known to more than twice the ball's digits."""
    rad = to_mpf(ball.rad)
    slack = (abs(true) + rad) * mpf(10) ** (-2 * ball.arithmetic.digits)
    return bool(abs(true - to_mpf(ball.mid)) <= rad + slack)


def true_value(name: str, x: float, digits: int) -> Any:
    # e^(-x^2) also needs the digits of x^2 before its point.
    with mp.workdps(3 * digits + 20 + (2 * int(math.log10(abs(x))) if abs(x) > 1 else 0)):
        return REFERENCE[name](mpf(x))


def into_domain(x: float, low: float, high: float) -> float:
    """Return x, |x|, 1/|x| or x clipped: the first that is in the domain."""
    for y in (x, abs(x), 1 / abs(x) if x else 1.0):
        if low <= y <= high:
            return y
    return min(max(x, low), high)


@pytest.mark.parametrize("name", REFERENCE)
@settings(max_examples=examples(60), deadline=None)
@given(x=POINTS, digits=st.sampled_from(DIGITS))
def test_enclosure_at_exact_number(name: str, x: float, digits: int) -> None:
    """A function of an exact float64 contains the true value and has at most 5 digits less than the precision."""
    x = into_domain(x, *DOMAIN.get(name, (-LARGEST, LARGEST)))
    ball = getattr(ARITHMETIC[digits], name)(ARITHMETIC[digits].number(x))
    with mp.workdps(3 * digits):
        assert contains(ball, true_value(name, x, digits))
    vanishes = ball.mid.adjusted() < -(10**16)
    assert vanishes or ball.rad <= ball.mid.copy_abs().scaleb(5 - digits, ARITHMETIC[700].up)


@pytest.mark.parametrize("name", REFERENCE)
@settings(max_examples=examples(100), deadline=None)
@given(
    x=POINTS,
    shift=st.tuples(st.floats(-110, 3) | st.floats(-3, 0), st.sampled_from((-1, 1))),
    slack=st.sampled_from((1, 1, 3)),
    digits=st.sampled_from(DIGITS),
)
@example(x=0.375, shift=(-0.7, -1), slack=1, digits=40)
def test_enclosure_over_ball(name: str, x: float, shift: tuple[float, int], slack: int, digits: int) -> None:
    """A function of a ball of any width contains the function's value at every point of the ball."""
    x = into_domain(x, *DOMAIN.get(name, (-LARGEST, LARGEST)))
    m = ARITHMETIC[digits]
    mid = m.nearest.add(Decimal.from_float(x), Decimal.from_float(shift[1] * 10.0 ** shift[0]))
    rad = m.up.multiply(slack, m.up.subtract(mid, Decimal.from_float(x)).copy_abs())
    try:
        result = getattr(m, name)(Ball(m, mid, rad))
    except Undecided:
        assert name in PARTIAL or rad > 1
        return
    with mp.workdps(3 * digits):
        assert contains(result, true_value(name, x, digits))


KERNELS: dict[str, tuple[float, float, Callable[[PointFunctions, Decimal], Decimal]]] = {
    "exp": (-1e17, 1e17, PointFunctions.exp),
    "expm1": (-1, 1, PointFunctions.expm1),
    "log": (SMALLEST, LARGEST, PointFunctions.log),
    "log1p": (-1 + 2**-53, LARGEST, PointFunctions.log1p),
    "sin": (-LARGEST, LARGEST, lambda p, x: p.sin_cos(x)[0]),
    "cos": (-LARGEST, LARGEST, lambda p, x: p.sin_cos(x)[1]),
    "atan": (SMALLEST, LARGEST, PointFunctions.atan),
    "tanhshrink": (-1, 1, PointFunctions.tanhshrink),
    "erf": (SMALLEST, 30, lambda p, x: p.gauss_body(x, False)),
    "erfc": (1, 1e8, lambda p, x: p.gauss_tail(x, False)),
    "mills": (1, 1e300, PointFunctions.mills),
}


@pytest.mark.parametrize("name", KERNELS)
@settings(max_examples=examples(60), deadline=None)
@given(x=POINTS, digits=st.sampled_from(DIGITS))
def test_relative_error_of_point_functions(name: str, x: float, digits: int) -> None:
    """A point function has a relative error below 10^-(digits + 1)."""
    low, high, function = KERNELS[name]
    x = into_domain(x, low, high) or 1.0
    true = true_value(name, x, digits)
    value = function(PointFunctions(digits), Decimal.from_float(x))
    with mp.workdps(3 * digits):
        assert abs(to_mpf(value) - true) <= abs(true) * mpf(10) ** (-digits - 1)


def test_gauss_tail_does_not_depend_on_guessed_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Gaussian tail has the same digits when the guess of its continued fraction's depth is far too small."""
    points = PointFunctions(40)
    tails = [points.gauss_tail(Decimal(x), False) for x in (2, 5, 20)]
    monkeypatch.setattr(fixed_point, "_fraction_depth", lambda w, bits: 1)
    for x, tail in zip((2, 5, 20), tails, strict=True):
        again = points.gauss_tail(Decimal(x), False)
        assert abs(Fraction(again) / Fraction(tail) - 1) < Fraction(1, 10**40)


@pytest.mark.parametrize("name", ["exp", "log", "sin", "atan", "erf", "ndtr", "tanhshrink", "logcosh"])
@pytest.mark.parametrize("x", [1e-300, -0.3, 1.0000001, 4.5, -37.0])
def test_enclosure_with_700_digits(name: str, x: float) -> None:
    """An enclosure with 700 digits contains the true value and is as narrow as with few digits."""
    x = abs(x) if name == "log" else x
    ball = getattr(ARITHMETIC[700], name)(ARITHMETIC[700].number(x))
    with mp.workdps(2100):
        assert contains(ball, true_value(name, x, 700))
    assert ball.rad <= ball.mid.copy_abs().scaleb(-695, M.up)


@pytest.mark.parametrize(
    ("name", "x", "value"),
    [
        *((name, 0, 0) for name in ("expm1", "log1p", "sqrt", "sin", "tan", "sinh", "tanh", "asinh")),
        *((name, 0, 0) for name in ("atan", "erf", "logcosh", "tanhshrink")),
        *((name, 0, 1) for name in ("exp", "cos", "cosh", "sech", "erfc")),
        ("log", 1, 0),
        ("sigmoid", 0, Fraction(1, 2)),
        ("ndtr", 0, Fraction(1, 2)),
        ("sqrt", 144, 12),
    ],
)
def test_rational_values_are_exact(name: str, x: int, value: Fraction) -> None:
    """A function value that is rational at a simple argument is an exact ball."""
    ball = getattr(M, name)(M.number(x))
    assert ball.is_exact
    assert ball == value


@pytest.mark.parametrize(
    ("name", "x", "limit", "distance"),
    [
        ("tanh", 100, 1, "7e-87"),
        ("tanh", -1e300, -1, "3e-43429448190325182"),
        ("sigmoid", 200, 1, "3e-87"),
        ("erf", 30, 1, "1e-390"),
        ("erfc", -30, 2, "1e-390"),
        ("ndtr", 40, 1, "1e-340"),
        ("ndtr", 5e-324, Fraction(1, 2), "3e-324"),
        ("exp", 5e-324, 1, "1e-323"),
        ("cos", 1e-100, 1, "3e-200"),
        ("cosh", 1e-50, 1, "1e-100"),
        ("sech", -1e-50, 1, "2e-100"),
        ("softplus", 1e5, 100000, "1e-43429"),
        ("sigmoid", -1e-300, Fraction(1, 2), "1e-300"),
    ],
)
def test_radius_near_limit_is_distance_from_it(name: str, x: float, limit: Fraction, distance: str) -> None:
    """A function closer to its limit than the precision is the limit with about the true distance as radius."""
    ball = getattr(M, name)(M.number(x))
    assert Fraction(ball.mid) == limit
    assert 0 < ball.rad <= Decimal(distance)


@pytest.mark.parametrize("x", [Decimal(f"1e{k}") for k in (18, 300, 10**15, 9 * 10**17)])
def test_arguments_beyond_floats(x: Decimal) -> None:
    """At arguments beyond every float, bounded functions are balls, vanishing ones signed, others overflow."""
    big, small = M.number(x), M.number(x.copy_negate())
    for name in ("tanh", "sigmoid", "erf", "ndtr", "atan"):
        assert getattr(M, name)(big) < 2
        assert getattr(M, name)(big) > Fraction(9, 10)
    for value in (M.exp(small), M.erfc(big), M.ndtr(small), M.sigmoid(small), M.softplus(small), M.sech(big)):
        assert value.mid > 0
        assert value.endpoints()[1] < Decimal("1e-40000000000000000")
        assert value.endpoints()[0] > Decimal("-1e-40000000000000000")
    for value in (M.softplus(big), M.logcosh(big), M.tanhshrink(big)):
        assert Fraction(99, 100) < value / big < Fraction(101, 100)
    assert M.mills(big) * big <= Fraction(11, 10)
    assert M.asinh(big) > 40
    for function in (M.exp, M.expm1, M.sinh, M.cosh):
        with pytest.raises(ExponentOverflow):
            function(big)
    with pytest.raises(ExponentOverflow):
        M.sinh(small)
    assert M.expm1(small).mid == -1
    assert M.expm1(small).rad < Decimal("1e-40000000000000000")


def test_exponent_overflow_only_if_whole_ball_overflows() -> None:
    """ExponentOverflow is raised when all values of a ball overflow, Undecided when only some do."""
    with pytest.raises(Undecided):
        M.exp(Ball(M, Decimal(0), Decimal("1e18")))
    with pytest.raises(ExponentOverflow):
        M.exp(Ball(M, Decimal("1e300"), Decimal("1e260")))
    with pytest.raises(ExponentOverflow):
        M.exp(M.number(EXP_MAX)) ** 100
    assert M.exp(M.number(EXP_MAX)).mid.adjusted() == 43429448190325182


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize(
    "x",
    [
        1e308,
        1.7976931348623157e308,
        6381956970095103 * 2.0**797,
        1e22,
        3.141592653589793,
        -1.5707963267948966,
    ],
)
def test_sin_cos_tan_of_huge_angles(x: float, digits: int) -> None:
    """Sine, cosine and tangent keep all digits at huge angles and near multiples of pi/2."""
    m = ARITHMETIC[digits]
    for name in ("sin", "cos", "tan"):
        ball = getattr(m, name)(m.number(x))
        with mp.workdps(3 * digits + 40):
            assert contains(ball, REFERENCE[name](mpf(x)))
        assert ball.rad <= ball.mid.copy_abs().scaleb(3 - digits, m.up)


def test_sin_cos_of_unresolved_angles() -> None:
    """Sine and cosine are [-1, 1] when the radius exceeds 1 or the angle exceeds 10^5000."""
    for x in (Ball(M, Decimal(1), Decimal("1.1")), M.number(Decimal("1e5001"))):
        for ball in (M.sin(x), M.cos(x)):
            assert (ball.mid, ball.rad) == (0, 1)
    almost_pi = M.number(ARITHMETIC[100].pi.mid)
    assert -Decimal("1e-98") < M.sin(almost_pi).mid < Decimal("1e-98")
    assert M.sin(almost_pi).rad < Decimal("1e-135")


@pytest.mark.parametrize("digits", [40, 100, 700])
def test_constants(digits: int) -> None:
    """The constants pi, e and log 10 agree with mpmath."""
    m = ARITHMETIC[digits]
    with mp.workdps(3 * digits):
        assert contains(m.pi, mpmath.pi())
        assert contains(m.e, mpmath.e())
    with mp.workprec(3100):
        assert abs(pi_fixed(3000) - mpmath.pi() * 2**3000) <= 2
        assert abs(ln10_fixed(3000) - mpmath.log(10) * 2**3000) <= 2


def test_piecewise_takes_first_true_case() -> None:
    """The function piecewise evaluates only the first piece whose condition is true, or else the last one."""
    x = M.number(-3)
    assert M.piecewise(x, (x > 0, M.log), (x < 0, abs), M.log) == 3
    assert M.piecewise(x, (x > 0, M.log), lambda x: 2 * x) == -6


def test_maximum_and_minimum() -> None:
    """The functions maximum and minimum return the first operand when the two are equal."""
    one, two, equal = M.number(1), M.number(2), M.number(2)
    assert M.maximum(one, two) is two
    assert M.minimum(one, two) is one
    assert M.maximum(two, equal) is two
    assert M.minimum(two, equal) is two
    assert M.maximum(two, 0) is two


def test_result_independent_of_thread_decimal_context() -> None:
    """Balls are identical when the caller has changed the precision and traps of the thread's decimal context."""

    def sample() -> list[tuple[Decimal, Decimal]]:
        m = BallArithmetic(40)
        x = m.number(0.7) / 3 + Fraction(1, 7)
        wide = x.add_error(Decimal(2))
        balls = [getattr(m, name)(x) for name in REFERENCE] + [
            m.tanh(wide),
            m.pi,
            m.sin(m.number(1e200)),
            m.erfc(9 * x),
        ]
        return [(ball.mid, ball.rad) for ball in balls]

    expected = sample()
    with decimal.localcontext(decimal.Context(prec=2, traps=[decimal.Inexact, decimal.FloatOperation])):
        assert sample() == expected
