"""actcli eval: values."""

from __future__ import annotations

import mpmath
import pytest

from tests.support.processes import nearest, plain, rows

named = pytest.mark.parametrize


def test_values() -> None:
    """`actcli eval relu -- -2 0 3` writes x and relu(x)."""
    assert rows("eval", "relu", "--", "-2", "0", "3") == "x,relu(x)\n-2.0,0.0\n0.0,0.0\n3.0,3.0\n"


def test_plain_value_for_a_script() -> None:
    """`-f plain` writes the number alone, for `$(...)`."""
    assert rows("eval", "relu", "-f", "plain", "--", "0.3") == "0.3\n"


@named(
    ("name", "exact"),
    [
        ("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x))),
        ("tanh", mpmath.tanh),
        ("gelu", lambda x: x * mpmath.ncdf(x)),
        ("silu", lambda x: x / (1 + mpmath.exp(-x))),
        ("softplus", lambda x: mpmath.log1p(mpmath.exp(x))),
    ],
    ids=["sigmoid", "tanh", "gelu", "silu", "softplus"],
)
def test_values_are_correctly_rounded(name: str, exact: object) -> None:
    """Each value is the float64 nearest to the exact one, in the tails too."""
    x = ["-30.5", "-8", "-1", "-1e-10", "0.3", "1", "17"]
    with mpmath.workprec(500):
        expected = [repr(nearest(exact(mpmath.mpf(float(text))))) for text in x]  # type: ignore[operator]
    assert plain("eval", name, *x) == expected


def test_nonfinite_values() -> None:
    """Infinities give limits and nan gives nan, written as inf, -inf and nan."""
    assert rows("eval", "identity", "inf", "-Infinity", "NaN") == "x,identity(x)\ninf,inf\n-inf,-inf\nnan,nan\n"
    assert [float(text) for text in plain("eval", "silu", "-inf", "inf")] == [0.0, float("inf")]


def test_negative_zero() -> None:
    """f(-0.0) is -0.0 for odd f, and constant pieces are +0.0."""
    assert plain("eval", "tanh", "-0") == ["-0.0"]
    assert plain("eval", "relu", "-0", "-2") == ["0.0", "0.0"]


def test_values_as_a_vector() -> None:
    """A vector activation takes all values as one vector and writes index, x and output."""
    lines = rows("eval", "softmax", "1", "1").splitlines()
    assert lines == ["i,x,softmax(x)", "1,1.0,0.5", "2,1.0,0.5"]


def test_range_as_a_vector() -> None:
    """A vector activation takes a range as one vector."""
    assert plain("eval", "softmax", "--range", "0:0", "-n", "4") == ["0.25"] * 4


def test_dtype_rounds_x_and_the_result() -> None:
    """x is rounded to the dtype first, and the result is a value of the dtype."""
    assert rows("eval", "identity", "0.1", "--dtype", "float16") == "x,identity(x)\n0.0999755859375,0.0999755859375\n"
    assert rows("eval", "identity", "0.1", "--dtype", "float32") == "x,identity(x)\n0.1,0.1\n"
    assert rows("eval", "identity", "0.1", "--dtype", "float8_e5m2") == "x,identity(x)\n0.09375,0.09375\n"


def test_overflow() -> None:
    """Overflow is inf, and nan in float8_e4m3fn, which has no infinity."""
    assert plain("eval", "identity", "1e6", "--dtype", "float16") == ["inf"]
    assert plain("eval", "identity", "1e6", "--dtype", "float8_e4m3fn") == ["nan"]
    assert plain("eval", "identity", "inf", "--dtype", "float8_e4m3fn") == ["nan"]
