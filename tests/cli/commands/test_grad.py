"""actcli grad: derivatives, one-sided derivatives, Jacobians."""

from __future__ import annotations

import mpmath
import pytest

import actcli
from tests.support import points
from tests.support.processes import fault, nearest, plain, rows

named = pytest.mark.parametrize


def test_derivative_header() -> None:
    """The header of a derivative is SPEC_grad(x)."""
    assert rows("grad", "relu", "--", "-2", "0", "3") == "x,relu_grad(x)\n-2.0,0.0\n0.0,0.0\n3.0,1.0\n"


def test_plain_derivative_for_a_script() -> None:
    """`y=$(actcli grad gelu -f plain -- 0.3)` is the exact derivative, rounded once."""
    with mpmath.workprec(300):
        x = mpmath.mpf(0.3)
        expected = nearest(mpmath.ncdf(x) + x * mpmath.npdf(x))
    assert rows("grad", "gelu", "-f", "plain", "--", "0.3") == f"{expected!r}\n"


@named("x", ["-30.5", "-8", "-1.2784645427610738", "-1e-10", "0.3", "17"])
def test_derivatives_are_correctly_rounded(x: str) -> None:
    """silu's derivative is correctly rounded in the tails and near its root."""
    with mpmath.workprec(500):
        z = mpmath.mpf(float(x))
        s = 1 / (1 + mpmath.exp(-z))
        expected = nearest(s * (1 + z * (1 - s)))
    assert plain("grad", "silu", x) == [repr(expected)]


def test_derivative_by_a_parameter() -> None:
    """`--wrt` differentiates by a parameter, and the header has its canonical name."""
    expected = "x,leaky_relu_grad_negative_slope(x)\n-2.0,-2.0\n3.0,0.0\n"
    assert rows("grad", "leaky_relu", "--wrt", "negative_slope", "--", "-2", "3") == expected
    assert rows("grad", "leaky_relu", "--wrt", "alpha", "--", "-2", "3") == expected


def test_derivative_by_a_threshold() -> None:
    """A threshold is a parameter to differentiate by: softshrink is x - lambd for x > lambd."""
    assert plain("grad", "softshrink", "--wrt", "lambd", "-2", "0.25", "2") == ["1.0", "0.0", "-1.0"]
    assert plain("grad", "hard_tanh", "--wrt", "min", "-2", "0.25", "2") == ["1.0", "0.0", "0.0"]


def test_invalid_wrt() -> None:
    """An unknown parameter has a suggestion, and a word cannot be differentiated by."""
    assert fault("grad", "leaky_relu", "--wrt", "negativ_slope", "1").endswith("; did you mean negative_slope?")
    assert fault("grad", "relu", "--wrt", "alpha", "1") == (
        "relu has no parameter 'alpha': use relu@keras, which has it"
    )
    assert "not a number to differentiate by" in fault("grad", "gelu", "--wrt", "approximate", "1")


def test_one_sided_derivatives_at_a_kink() -> None:
    """`--sides` adds the left and right derivatives, which differ at a kink."""
    assert rows("grad", "relu", "--sides", "-1", "0", "1") == (
        "x,relu_grad(x),relu_grad_left(x),relu_grad_right(x)\n-1.0,0.0,0.0,0.0\n0.0,0.0,0.0,1.0\n1.0,1.0,1.0,1.0\n"
    )
    assert plain("grad", "hard_swish", "--sides", "3") == ["1.0 1.5 1.0"]
    assert plain("grad", "leaky_relu:alpha=0.25", "--sides", "-0.0") == ["0.25 0.25 1.0"]


@named("name", [name for name in actcli.names() if not actcli.get(name).is_vector])
def test_one_sided_derivatives_of_every_activation(name: str) -> None:
    """Away from kinks the one-sided derivatives equal the derivative, for every elementwise activation."""
    spec = points.spec(name, points.usual(actcli.get(name)))
    for line in plain("grad", spec, "--sides", "-7.25", "-0.3", "0.3", "7.25"):
        assert len(set(line.split())) == 1


def test_one_sided_derivatives_from_csv() -> None:
    """From CSV each column gives three adjacent columns."""
    assert rows("grad", "relu", "--sides", "-c", "a,b", stdin="a,b\n0,5\n") == (
        "a,b,relu_grad(a),relu_grad_left(a),relu_grad_right(a),relu_grad(b),relu_grad_left(b),relu_grad_right(b)\n"
        "0,5,0.0,0.0,1.0,1.0,1.0,1.0\n"
    )


def test_sides_cannot_be_combined_with_wrt() -> None:
    """--sides cannot be combined with --wrt."""
    assert fault("grad", "leaky_relu", "--sides", "--wrt", "alpha", "1").startswith(
        "--sides cannot be combined with --wrt"
    )


def test_jacobian() -> None:
    """The derivative of a vector activation is its Jacobian: a row per output, a column per input."""
    assert rows("grad", "softmax", "1", "1") == ("i,softmax_grad[1],softmax_grad[2]\n1,0.25,-0.25\n2,-0.25,0.25\n")
    assert plain("grad", "softmax", "1", "1") == ["0.25 -0.25", "-0.25 0.25"]


def test_vector_derivative_by_a_parameter() -> None:
    """By a parameter each output has one derivative, next to x or as columns of CSV."""
    assert rows("grad", "gumbel_softmax", "--wrt", "temperature", "1", "1") == (
        "i,x,gumbel_softmax_grad_tau(x)\n1,1.0,0.0\n2,1.0,0.0\n"
    )
    assert rows("grad", "swiglu", "--wrt", "beta", "0", "2") == "i,swiglu_grad_beta(x)\n1,0.0\n"
    out = rows("grad", "gumbel_softmax", "--wrt", "tau", "-c", "a,b", stdin="a,b\n1,1\n")
    assert out == "a,b,gumbel_softmax_grad_tau(a),gumbel_softmax_grad_tau(b)\n1,1,0.0,0.0\n"
    assert fault("grad", "softmax", "--wrt", "axis", "1") == "softmax: axis is not a number to differentiate by"


def test_sides_require_an_elementwise_activation() -> None:
    """--sides requires an elementwise activation."""
    assert fault("grad", "softmax", "--sides", "1", "2").endswith("softmax is a function of a vector")


def test_seeded_noise_of_a_vector() -> None:
    """With a seed values, Jacobian and CSV rows use the same noise in order."""
    out = plain("eval", "gumbel_softmax", "--seed", "4", "1", "2")
    assert plain("eval", "gumbel_softmax", "--seed", "4", "1", "2") == out
    assert plain("eval", "gumbel_softmax", "--seed", "5", "1", "2") != out
    filtered = rows("eval", "gumbel_softmax", "--seed", "4", "-c", "a,b", stdin="a,b\n1,2\n1,2\n").splitlines()
    assert filtered[1] == f"1,2,{','.join(out)}"
    assert filtered[2] != filtered[1]
    p = float(out[0])
    assert float(plain("grad", "gumbel_softmax", "--seed", "4", "1", "2")[0].split()[0]) == pytest.approx(p * (1 - p))


def test_jacobian_from_csv_is_rejected() -> None:
    """A Jacobian does not fit in a row of CSV."""
    assert fault("grad", "softmax", "-c", "a,b", stdin="a,b\n1,2\n") == (
        "softmax is a function of a vector: its Jacobian does not fit in a row of CSV"
    )


def test_higher_orders() -> None:
    """`--order` gives second and third derivatives, nan where the one before has a kink."""
    assert rows("grad", "x**4", "--order", "2", "3") == "x,f_grad2(x)\n3.0,108.0\n"
    assert rows("grad", "x**4", "--order", "3", "3") == "x,f_grad3(x)\n3.0,72.0\n"
    assert rows("grad", "relu", "--order", "2", "--sides", "0") == (
        "x,relu_grad2(x),relu_grad2_left(x),relu_grad2_right(x)\n0.0,nan,0.0,0.0\n"
    )
    with mpmath.workdps(50):
        expected = mpmath.nstr(mpmath.diff(lambda x: x * mpmath.ncdf(x), mpmath.mpf(0.3), 2), 30)
    assert plain("grad", "gelu", "--order", "2", "--digits", "30", "0.3") == [expected]
    assert plain("grad", "hard_swish", "--order", "2", "--digits", "9", "3", "0") == ["nan", "0.333333333"]


def test_higher_orders_of_csv() -> None:
    """A column of CSV gets a column of second derivatives."""
    assert rows("grad", "elu", "--order", "2", "-c", "z", stdin="z\n-1\n0\n1\n") == (
        "z,elu_grad2(z)\n-1,0.36787944117144233\n0,nan\n1,0.0\n"
    )


@named(
    ("args", "message"),
    [
        (("gelu", "--order", "4", "1"), "--order: expected an integer from 1 to 3, not '4'"),
        (("gelu", "--order", "0", "1"), "--order: expected an integer from 1 to 3, not '0'"),
        (
            ("softmax", "--order", "2", "1"),
            "--order requires an elementwise activation: softmax is a function of a vector",
        ),
        (("silu", "--order", "2", "--wrt", "beta", "1"), "--order cannot be combined with --wrt"),
        (("rrelu", "--order", "2", "--seed", "1", "1"), "--order cannot be combined with --seed"),
    ],
)
def test_invalid_orders(args: tuple[str, ...], message: str) -> None:
    """A derivative of an order that does not exist is a usage error."""
    assert fault("grad", *args).startswith(message)
