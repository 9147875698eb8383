"""Values and derivatives of expressions: correct rounding, domains, limits, ties, kinks and parameters."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import actcli
from actcli.core.analysis.breakpoints import numeric_kinks
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.perturbed_ball import ScaledBall
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.exact_digits import format_exact
from actcli.core.evaluation.quantity import derivative_quantity
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.spec import parse
from actcli.errors import ExpressionError, ParameterError
from actcli.number_formats import FLOATS
from tests.support.expression_oracle import SMOOTH, UndecidedTruthError, truth
from tests.support.oracle import FORMATS, nearest
from tests.support.tiers import examples

ATOMS = st.one_of(
    st.sampled_from(["x", "x", "x", "pi", "e", "1/3", "1e-3", "0.5"]), st.integers(0, 5).map(str),
    st.decimals(0, 3, places=2).map(str),
)  # fmt: skip


def compound(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    exponents = st.sampled_from(["2", "3", "-1", "-2", "0.5", "1.5", "0.3", "(1/3)", "0", "x"])
    comparison = st.tuples(parts, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), parts).map(" ".join)
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/"]), parts).map(lambda t: f"({' '.join(t)})"),
        st.tuples(parts, exponents).map(lambda t: f"({t[0]})**{t[1]}"),
        st.tuples(st.sampled_from(sorted(SMOOTH)), parts).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(sorted(SMOOTH)), parts).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["max", "min"]), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(comparison, parts, parts).map(lambda t: f"where({t[0]}, {t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(["abs", "sign"]), parts).map(lambda t: f"{t[0]}({t[1]})"),
        parts.map("-{}".format),
    )


EXPRESSIONS = st.recursive(ATOMS, compound, max_leaves=8)
XS = st.lists(
    st.one_of(st.floats(-6, 6), st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 1e-20, 30.0, -30.0, 700.0, -1000.0, 1e10])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(250), deadline=None)
@given(text=EXPRESSIONS, xs=XS, order=st.integers(0, 1), dtype=st.sampled_from(["float64", "float32", "bfloat16"]))
def test_random_expression_is_correctly_rounded(text: str, xs: list[float], order: int, dtype: str) -> None:
    """Values and derivatives of random expressions are mpmath's, rounded once, or nan where undefined or undecided."""
    function = actcli.gradient if order else actcli.evaluate
    points = actcli.evaluate("identity", xs, dtype=dtype).astype(np.float64)
    for x, y in zip(points.tolist(), function(text, points, dtype=dtype).astype(np.float64).tolist(), strict=True):
        try:
            true = truth(text, x, order, fmt=dtype)
        except (UndecidedTruthError, OverflowError):
            continue
        # Where parts cancel completely actcli is undecided (nan), and mpmath gives 0.
        assert y == true or y != y, (text, x, y, true)


@pytest.mark.parametrize("one", ["sigmoid", "softplus", "tanh", "gelu", "erf", "exp", "sin"])
@pytest.mark.parametrize("other", ["sigmoid", "softplus", "tanh", "gelu", "erf", "cosh"])
def test_functions_of_same_argument_are_independent(one: str, other: str) -> None:
    """Two functions of one argument do not use each other's cached intermediate results."""
    xs = [0.3, -1.7, 2.5, -0.01]
    for order, function in enumerate((actcli.evaluate, actcli.gradient)):
        text = f"{one}(x) * {other}(x) + {one}(x)"
        assert function(text, xs).tolist() == [truth(text, x, order) for x in xs]


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("(1 + x) - 1 - x", 1e-300, 0.0),
        ("x / 3 * 3 - x", 0.1, 0.0),
        ("where(x / 3 * 3 == x, exp(x), 0)", 0.1, math.exp(0.1)),
        ("x * 0.1 + 0.2 - 0.3", 1.0, 0.0),
        ("exp(2 * x) / exp(x)", 1e18, math.inf),
        ("exp(2 * x) / exp(x)", -1e300, 0.0),
        ("exp(x) - exp(x)", 1e300, 0.0),
        ("exp(x + 1) / exp(x)", 1e20, math.e),
        ("log(exp(exp(x))) / exp(x)", 50.0, 1.0),
        ("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", 1e308, 1.0),
        ("x**0", 0.0, 1.0),
        ("x**3", -2.0, -8.0),
        ("x**-2", -2.0, 0.25),
        ("x**0.5", 0.0, 0.0),
        ("(-x)**2", 3.0, 9.0),
        ("-x**2", 3.0, -9.0),
        ("clip(x, 1, -1)", 0.0, -1.0),
        ("sign(x)", -0.1, -1.0),
        ("sin(pi / 6)", 0.0, 0.5),
        ("x**0.3", 1.7976931348623157e308, 2.99512304010906e92),
    ],
)
def test_value(text: str, x: float, value: float) -> None:
    """Rational parts are exact, huge intermediate values do not overflow, and powers follow mathematics."""
    assert float(actcli.evaluate(text, x)) == value


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("log(x)", -1.0), ("log(x)", 0.0), ("sqrt(x)", -1e-300), ("1 / x", 0.0), ("x / x", 0.0), ("log1p(x)", -1.0),
        ("x**0.5", -1.0), ("x**-1", 0.0), ("0 * log(x)", -1.0), ("where(log(x) > 0, 1, 2)", -1.0), ("sin(x)", math.inf),
        ("x * sin(x)", math.inf), ("exp(x) * sin(x)", math.inf), ("x**(1/3)", -8.0),
        ("x", math.nan), ("5", math.nan),
    ],
)  # fmt: skip
def test_undefined(text: str, x: float) -> None:
    """Outside the domain, and at an infinity without a limit, the result is nan, for one x and in an array."""
    assert math.isnan(float(actcli.evaluate(text, x)))
    assert math.isnan(actcli.evaluate(text, [2.0, x, 3.0])[1])


@pytest.mark.parametrize(
    ("text", "right", "left"),
    [
        ("x", math.inf, -math.inf),
        ("x**2", math.inf, math.inf),
        ("sin(x) / x", 0.0, 0.0),
        ("(1 + 1/x)**x", math.e, math.e),
        ("x / (1 + abs(x))", 1.0, -1.0),
        ("log(log(x))", math.inf, math.nan),
        ("1 / log(x)", 0.0, math.nan),
        ("1e-12 + 1 / log(x)", 1e-12, math.nan),
        ("x**1e-40", math.inf, math.nan),
        ("1 + sin(x) * 1e-60", math.nan, math.nan),
        ("(1 + x) - 1 - x", 0.0, 0.0),
        ("exp(x) / (1 + exp(x))", 1.0, 0.0),
        ("x * exp(-x)", 0.0, -math.inf),
        ("where(x > 0, 1, 2)", 1.0, 2.0),
        ("atan(x)", math.pi / 2, -math.pi / 2),
        ("exp(exp(x))", math.inf, 1.0),
        ("softplus(x) - x", 0.0, math.inf),
    ],
)
def test_limits(text: str, right: float, left: float) -> None:
    """The value at an infinity is the limit, nan if there is none."""
    for x, limit in ((math.inf, right), (-math.inf, left)):
        y = float(actcli.evaluate(text, x))
        assert y == limit or (math.isnan(y) and math.isnan(limit)), x


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("sin(x)**2 + cos(x)**2 - 1", "float64"),
        ("sin(x)**2 + cos(x)**2 - 1", "float16"),
        ("exp(x) * exp(-x) - 1", "float32"),
        ("where(sin(x)**2 + cos(x)**2 >= 1, 1, 2)", "bfloat16"),
        ("1/2 + 2**-54 + erf(x) + erfc(x) - 1", "float64"),
        ("1 + 2**-24 + tan(x) - sin(x) / cos(x)", "float32"),
    ],
)
def test_complete_cancellation_is_undecided(text: str, dtype: str) -> None:
    """A result that 2,000 bits do not decide is nan, and each one is counted."""
    xs = [0.25, 0.75, 0.25, 2.5]
    with counting_undecided() as tally:
        results = actcli.evaluate(text, xs, dtype=dtype)
    assert np.isnan(results).all()
    assert tally.count == len(xs)


def test_undefined_is_not_undecided() -> None:
    """A nan outside the domain, or at an infinity without a limit, is not counted as undecided."""
    with counting_undecided() as tally:
        actcli.evaluate("log(x)", [-1.0, 0.0, math.nan])
        actcli.evaluate("sin(x)", [math.inf])
    assert tally.count == 0


@pytest.mark.parametrize(
    ("text", "x", "left", "given", "right"),
    [
        ("abs(x)", 0.0, -1.0, 0.0, 1.0),
        ("max(x, 0)", 0.0, 0.0, 0.5, 1.0),
        ("min(x, 2 * x)", 0.0, 2.0, 1.5, 1.0),
        ("max(x, 2 * x, 4 * x)", 0.0, 1.0, 2.75, 4.0),
        ("where(x > 0, x, 0.1 * x)", 0.0, 0.1, 0.1, 1.0),
        ("where(x >= 0, x, 0.1 * x)", 0.0, 0.1, 1.0, 1.0),
        ("clip(x, -1, 1)", 1.0, 1.0, 0.0, 0.0),
        ("clip(x, -1, 1)", -1.0, 0.0, 0.0, 1.0),
        ("clip(x, 1, -1)", -1.0, 0.0, 0.0, 0.0),
        ("sign(x)", 0.0, 0.0, 0.0, 0.0),
        ("relu(2 * x - 1)", 0.5, 0.0, 0.0, 2.0),
        ("relu(1 - x)", 1.0, -1.0, 0.0, 0.0),
        ("hard_mish(x)", -2.0, 0.0, -1.0, -1.0),
        ("hard_mish(2 * x)", -1.0, 0.0, -2.0, -2.0),
        ("x * step(x) + abs(2 * x - 1)", 0.0, -2.0, -1.0, -1.0),
        ("abs(x) * abs(x)", 0.0, 0.0, 0.0, 0.0),
        ("where(x**2 > 0, x, 5 * x)", 0.0, 1.0, 5.0, 1.0),
        ("where(x > 0, abs(x), -abs(x))", 0.0, 1.0, 1.0, 1.0),
        ("max(x, x)", 3.0, 1.0, 1.0, 1.0),
        ("abs(sin(x))", 0.0, -1.0, 0.0, 1.0),
        ("x**1.5", 0.0, math.nan, 0.0, 0.0),
    ],
)
def test_ties(text: str, x: float, left: float, given: float, right: float) -> None:
    """At a tie the derivative is that of the convention, or the one-sided derivative, for one x and in an array."""
    bound = parse(text)
    for side, wanted in ((-1, left), (0, given), (1, right)):
        for xs in ([x], [x, 0.123, 4.5]):
            y = float(evaluate(derivative_quantity(bound, side=side), np.array(xs), FLOATS["float64"])[0])
            assert y == wanted or (y != y and wanted != wanted), (side, y)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("abs(2 * x - 1)", [0.5]),
        ("max(x, -x, 2)", [-2.0, 2.0]),
        ("relu(3 * x - 1) + clip(x, -1, 1)", [-1.0, 1 / 3, 1.0]),
        ("where(x > a, x, a):a=0.7", [0.7]),
        ("where(x > 0, x, sin(x))", []),
        ("x * abs(x)", []),
        ("where(x > 0, x, sqrt(2) * x)", [0.0]),
        ("abs(x**2 - 1)", [-1.0, 1.0]),
        ("gelu(x) + exp(x)", []),
    ],
)
def test_kinks_of_linear_parts(text: str, points: list[float]) -> None:
    """Kinks are listed where linear parts cross, unless the pieces join smoothly."""
    assert [kink.at for kink in numeric_kinks(parse(text))] == points


@pytest.mark.parametrize(
    ("text", "by", "x", "value"),
    [
        ("x * sigmoid(a * x):a=0.5", "a", 0.0, 0.0),
        ("a * x:a=1/3", "a", 7.0, 7.0),
        ("x**a:a=2", "a", 1.0, 0.0),
        ("x**a:a=2", "a", math.e, math.e**2),
        ("leaky_relu(x, negative_slope=a**2):a=3", "a", -2.0, -12.0),
        ("leaky_relu(x, negative_slope=a / b):a=3,b=2", "b", -2.0, 1.5),
        ("a:a=5", "a", 1.0, 1.0),
        ("exp(a) * x:a=0", "a", 2.0, 2.0),
    ],
)
def test_derivative_by_parameter(text: str, by: str, x: float, value: float) -> None:
    """An expression can be differentiated by its parameters, also inside the parameters of a call."""
    assert float(actcli.gradient(text, x, wrt=by)) == pytest.approx(value, rel=1e-15)


def test_parameters() -> None:
    """Parameters are exact; a missing, unknown or invalid one raises ParameterError."""
    assert float(actcli.evaluate("x * a:a=0.1", 3.0)) == 0.3
    assert float(actcli.evaluate("x * a - 0.3:a=0.1", 3.0)) == 0.0
    assert float(actcli.evaluate("x + a", 1.0, a="1/4")) == 1.25
    with pytest.raises(ParameterError, match="requires its parameter a"):
        parse("a * x")
    with pytest.raises(ParameterError, match="no parameter 'b'"):
        parse("a * x:a=1,b=2")
    with pytest.raises(ExpressionError, match="greater than 0"):
        parse("celu(x, alpha=a):a=-1")
    with pytest.raises(ExpressionError, match="lower must be at most upper"):
        parse("rrelu(x, lower=1)")
    with pytest.raises(ExpressionError, match="must be an exact number"):
        parse("elu(x, alpha=sqrt(2))")
    assert actcli.get("a * x").parameters[0].name == "a"


@settings(max_examples=examples(300), deadline=None)
@given(
    a=st.tuples(st.fractions(-3, 3, max_denominator=9), st.integers(-5000, 5000)),
    b=st.tuples(st.fractions(-3, 3, max_denominator=9), st.integers(-5000, 5000)),
    sign=st.sampled_from(["+", "-", "*", "/", "<"]),
)
def test_scaled_balls_enclose_true_value(a: tuple[Fraction, int], b: tuple[Fraction, int], sign: str) -> None:
    """Sums, products, quotients and comparisons of numbers c e^k enclose the true value, whatever their exponents."""
    m = UnboundedBallArithmetic(40)
    one, other = (c * m.exp(m.number(k)) for c, k in (a, b))
    with mp.workdps(6000):
        u, v = (mpf(c.numerator) / c.denominator * mp.exp(k) for c, k in (a, b))
        if sign == "<":
            try:
                assert (one < other) == (u < v)
            except Undecided:
                assert abs(u - v) <= abs(u) * mpf(10) ** -35
            return
        if sign == "/" and not b[0]:
            return
        true = u + v if sign == "+" else u - v if sign == "-" else u * v if sign == "*" else u / v
        result = (
            one + other if sign == "+" else one - other if sign == "-" else one * other if sign == "*" else one / other
        )
        ball = result.as_ball() if isinstance(result, ScaledBall) else result
        low, high = (mpf(Fraction(end).numerator) / Fraction(end).denominator for end in ball.endpoints())
        assert low * (1 - mpf(10) ** -5990) <= true * (1 + (1 if true > 0 else -1) * mpf(10) ** -5980)
        assert true * (1 - (1 if true > 0 else -1) * mpf(10) ** -5980) <= high


@pytest.mark.parametrize("constant", ["exp(800)", "exp(1e10)", "exp(-1e10)", "exp(exp(90))", "sinh(900)"])
@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_huge_constants(constant: str, sign: str) -> None:
    """A constant beyond every format combines with x in either order, in values and derivatives."""
    large, x = "-" not in constant, 2.0
    magnitude = math.inf if large else 0.0
    values = {
        "+": (magnitude or x, magnitude or x),
        "-": (magnitude or -x, -magnitude or x),
        "*": (magnitude, magnitude),
        "/": (magnitude, 1 / magnitude if magnitude else math.inf),
    }
    derivatives = {
        "+": (1.0, 1.0),
        "-": (-1.0, 1.0),
        "*": (magnitude, magnitude),
        "/": (-magnitude, 1 / magnitude if magnitude else math.inf),
    }
    for function, wanted in ((actcli.evaluate, values), (actcli.gradient, derivatives)):
        found = tuple(float(function(f"{a} {sign} {b}", x)) for a, b in ((constant, "x"), ("x", constant)))
        assert found == wanted[sign]


@pytest.mark.parametrize(
    ("text", "right", "left"),
    [
        ("where(x > 0, log(x), 0)", 0.0, 0.0),
        ("where(x > 0, x - 1, 0)", 0.0, 0.0),
        ("where(x > 0, -x, 0)", -0.0, 0.0),
        ("where(abs(x) > 0.5, x, 0)", 0.0, -0.0),
        ("where(x > 0.5, x - 0.5, where(x < -0.5, x + 0.5, 0))", 0.0, -0.0),
        ("where(x > 0.5, x, 0)", 0.0, 0.0),
        ("where(x > 0, 1, where(x < 0, -1, 0))", 0.0, -0.0),
        ("x**3 - x", -0.0, 0.0),
        ("x * abs(x)", 0.0, -0.0),
        ("x**2", 0.0, 0.0),
        ("-abs(x)", -0.0, -0.0),
        ("min(x, 0)", 0.0, -0.0),
    ],
)
def test_sign_of_zero_at_zero(text: str, right: float, left: float) -> None:
    """f(+-0) = 0 has the sign of f next to it; where f is constant it is +0.0, or has the sign of x if f is odd."""
    for x, wanted in ((0.0, right), (-0.0, left)):
        y = float(actcli.evaluate(text, x))
        assert (y, math.copysign(1, y)) == (wanted, math.copysign(1, wanted)), x


@pytest.mark.parametrize(
    ("text", "dtype", "x", "true"),
    [
        ("10**x", "float64", 23.0, Fraction(10) ** 23),
        ("3**x", "float64", 34.0, Fraction(3) ** 34),
        ("2**x", "float64", -1075.0, Fraction(1, 2**1075)),
        ("2**x", "float16", -25.0, Fraction(1, 2**25)),
        ("2**x", "float32", -150.0, Fraction(1, 2**150)),
        ("4**x", "float64", -537.5, Fraction(1, 2**1075)),
        ("(1/8)**(x / 3)", "float64", 1075.0, Fraction(1, 2**1075)),
        ("(x**3 * 27)**(1/3)", "float64", 2.0**52 + 1, Fraction(3 * 2**52 + 3)),
        ("(9 * 2**-2)**x", "float16", 3.5, Fraction(3**7, 2**7)),
        ("1**x", "float64", 1e300, Fraction(1)),
    ],
)
def test_rational_powers(text: str, dtype: str, x: float, true: Fraction) -> None:
    """A rational power of a rational number is exact, so that midpoints are rounded correctly."""
    for xs in ([x], [x, 1.0, 0.5] * 10):
        assert float(actcli.evaluate(text, xs, dtype=dtype)[0]) == nearest(true, FORMATS[dtype])


@pytest.mark.parametrize(
    "text", ["abs(x - {})", "max({} * x, x)", "where(x > {}, {} * x, 1)", "min(x / ({}), 1) + abs(x)"]
)
def test_long_constants(text: str) -> None:
    """Exact constants of thousands of digits are evaluated, and listed kinks stay short."""
    text = text.replace("{}", "*".join(["1e400"] * 12))
    activation = actcli.get(text)
    assert activation.formula
    assert activation.derivative
    assert all(len(kink.at) < 2000 and len(kink.subgradient or "") < 2000 for kink in activation.kinks)
    actcli.evaluate(text, [-1.0, 0.0, 0.5])
    actcli.gradient(text, [-1.0, 0.0, 0.5])


@pytest.mark.parametrize(
    ("text", "order", "x", "true"),
    [
        ("sin(pi * x)", 0, 7.0, 0.0),
        ("sin(pi * x)", 0, -(2.0**60), 0.0),
        ("sin(pi * x)", 0, 1 / 2, 1.0),
        ("sin(pi * x / 3)", 0, 0.5, 0.5),
        ("sin(pi * x)", 1, 0.5, 0.0),
        ("sin(pi * x)", 1, 2.0, math.pi),
        ("sin(x * pi) / pi", 1, 3.0, -1.0),
        ("cos(2 * pi * x)", 0, 0.25, 0.0),
        ("cos(pi * x)", 1, 1.0, 0.0),
        ("cos(pi / 3 + pi * x)", 0, 2.0, 0.5),
        ("tan(pi * x)", 0, 0.25, 1.0),
        ("tan(pi * x)", 1, 0.25, 2 * math.pi),
        ("tan(pi * x)", 0, 0.5, math.nan),
        ("tan(pi * x) - pi * x", 1, 1.0, 0.0),
        ("where(sin(pi * x) == 0, 1, 2)", 0, 5.0, 1.0),
        ("max(exp(x), exp(x))", 0, 1.5, math.exp(1.5)),
        ("max(exp(x), exp(x))", 1, 1.5, math.exp(1.5)),
        ("min(pi, pi)", 0, 1.0, math.pi),
        ("exp(x) / exp(x)", 1, 0.3, 0.0),
        ("tanh(x) / tanh(x)", 0, 0.3, 1.0),
        ("tanh(x) / tanh(x)", 1, 0.3, 0.0),
        ("tanh(x) / tanh(x)", 0, 0.0, math.nan),
        ("log(x) / log(x)", 0, -1.0, math.nan),
        ("e**x - exp(x)", 0, 0.3, 0.0),
        ("e**x - exp(x)", 1, 0.3, 0.0),
        ("sqrt(x - x)", 1, 0.3, 0.0),
        ("sqrt(relu(x))", 1, -2.0, 0.0),
        ("relu(x)**0.5", 1, -2.0, 0.0),
        ("sqrt(relu(x))", 1, 0.0, math.nan),
        ("sqrt(x**2)", 1, 0.0, math.nan),
        ("0 * tan(exp(x))", 0, 0.3, 0.0),
    ],
)
def test_values_known_by_form(text: str, order: int, x: float, true: float) -> None:
    """Multiples of pi in sin, cos and tan, equal parts, and roots of identically zero parts are exact."""
    function = actcli.gradient if order else actcli.evaluate
    for xs in ([x], [0.125, x, 3.25] * 10):
        y = float(function(text, xs)[xs.index(x)])
        assert y == true or (y != y and true != true)


@pytest.mark.parametrize("x", [0.0, 1.0, -3.0])
def test_derivative_of_tan_at_its_zeros(x: float) -> None:
    """The derivative of tan(pi * x) is pi where the tangent is exactly 0, in exact digits too."""
    assert format_exact(derivative_quantity(parse("tan(pi * x)")), x, 30) == "3.14159265358979323846264338328"
