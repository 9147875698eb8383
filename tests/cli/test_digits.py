"""--digits: exact values instead of rounded ones."""

from __future__ import annotations

import mpmath
import pytest

from tests.support.processes import fault, rows


def test_values() -> None:
    """Each result is the exact value to as many significant digits as are asked for."""
    with mpmath.workdps(80):
        truth = mpmath.nstr(1 / (1 + mpmath.e), 40)
    assert rows("eval", "sigmoid", "--digits", "40", "-1") == f"x,sigmoid(x)\n-1.0,{truth}\n"


def test_what_ends_sooner_ends_there() -> None:
    """A result with fewer digits has no more of them."""
    assert rows("eval", "relu", "--digits", "30", "-1", "0.5") == "x,relu(x)\n-1.0,0.0\n0.5,0.5\n"


def test_sides() -> None:
    """The one-sided slopes are spelled as the slope is."""
    assert rows("grad", "leaky_relu:negative_slope=1/3", "--sides", "--digits", "5", "0").splitlines()[1] == (
        "0.0,0.33333,0.33333,1.0"
    )


def test_a_table_has_all_digits() -> None:
    """A table shows exact digits as they are."""
    with mpmath.workdps(60):
        truth = mpmath.nstr(mpmath.tanh(1), 30)
    assert truth in rows("eval", "tanh", "--digits", "30", "-f", "table", "1")


def test_csv() -> None:
    """From CSV a new column holds exact digits; a missing value stays missing."""
    with mpmath.workdps(60):
        truth = mpmath.nstr(mpmath.exp(1), 25)
    assert rows("eval", "exp", "--digits", "25", stdin='z\n1\n""\n') == f'z,exponential(z)\n1,{truth}\n"",\n'


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--digits", "0", "1"], "--digits: expected an integer from 1 to 1000"),
        (["--digits", "1001", "1"], "--digits: expected an integer from 1 to 1000"),
        (["--digits", "5", "-f", "hex", "1"], "--digits cannot be combined with -f hex"),
        (["--digits", "5", "--precision", "3", "-f", "table", "1"], "--digits cannot be combined with --precision"),
    ],
)
def test_faults(args: list[str], says: str) -> None:
    """Too few or too many digits, or a format that has none of its own, is a usage error."""
    assert says in fault("eval", "tanh", *args)


def test_vectors_have_none() -> None:
    """A function of a vector is refused."""
    assert "softmax is a function of a vector" in fault("eval", "softmax", "--digits", "5", "1", "2")
