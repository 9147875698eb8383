"""--digits: exact values to a number of significant digits."""

from __future__ import annotations

import mpmath
import pytest

from tests.support.processes import fault, rows


def test_values_have_the_requested_digits() -> None:
    """Each result is the exact value rounded to the requested significant digits."""
    with mpmath.workdps(80):
        truth = mpmath.nstr(1 / (1 + mpmath.e), 40)
    assert rows("eval", "sigmoid", "--digits", "40", "-1") == f"x,sigmoid(x)\n-1.0,{truth}\n"


def test_finite_decimals_are_not_padded() -> None:
    """A result with fewer digits is not padded with zeros."""
    assert rows("eval", "relu", "--digits", "30", "-1", "0.5") == "x,relu(x)\n-1.0,0.0\n0.5,0.5\n"


def test_one_sided_derivatives() -> None:
    """One-sided derivatives are exact too."""
    assert rows("grad", "leaky_relu:negative_slope=1/3", "--sides", "--digits", "5", "0").splitlines()[1] == (
        "0.0,0.33333,0.33333,1.0"
    )


def test_table_keeps_all_digits() -> None:
    """A table shows all requested digits."""
    with mpmath.workdps(60):
        truth = mpmath.nstr(mpmath.tanh(1), 30)
    assert truth in rows("eval", "tanh", "--digits", "30", "-f", "table", "1")


def test_digits_from_csv() -> None:
    """From CSV the new column has exact digits, and a missing value stays missing."""
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
def test_invalid_combinations(args: list[str], says: str) -> None:
    """Invalid counts of digits, and formats that have no digits, are usage errors."""
    assert says in fault("eval", "tanh", *args)


def test_vector_activation_is_rejected() -> None:
    """A vector activation cannot be combined with --digits."""
    assert "softmax is a function of a vector" in fault("eval", "softmax", "--digits", "5", "1", "2")
