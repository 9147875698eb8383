"""Formulas on the command line, wherever an activation is named: headers, errors and notes."""

from __future__ import annotations

import json

import pytest

from tests.support.processes import rows, run

SWISH = "x * sigmoid(1.702 * x)"


def test_values_and_derivatives() -> None:
    """The header of a formula is f(x), and its results equal those of the equivalent entry."""
    assert rows("eval", SWISH, "--", "-1", "2") == rows("eval", "quick_gelu", "--", "-1", "2").replace(
        "quick_gelu", "f"
    )
    mish = rows("grad", "mish", "--", "0.3").replace("mish", "f")
    assert rows("grad", "x * tanh(log(1 + exp(x)))", "--", "0.3") == mish


@pytest.mark.parametrize("words", [["x*a:a=1/4"], ["x*a", "-p", "a=1/4"]])
def test_formula_parameters(words: list[str]) -> None:
    """Free names are parameters, set after the formula or with -p, and --wrt differentiates by them."""
    assert rows("eval", *words, "3") == "x,f(x)\n3.0,0.75\n"
    assert rows("grad", *words, "--wrt", "a", "3") == "x,f_grad_a(x)\n3.0,3.0\n"


def test_one_sided_derivatives() -> None:
    """--sides writes the chosen derivative at a tie and both one-sided derivatives."""
    assert rows("grad", "max(x, 0)", "--sides", "0") == "x,f_grad(x),f_grad_left(x),f_grad_right(x)\n0.0,0.5,0.0,1.0\n"


def test_formula_as_csv_filter() -> None:
    """A formula works as a CSV filter, with x from the column."""
    assert run("eval", "x**2", "-c", "z", stdin="id,z\na,3\nb,\n").out == "id,z,f(z)\na,3,9.0\nb,,\n"


def test_headers_of_several_formulas() -> None:
    """A single formula has the header f; several have their own texts."""
    assert rows("table", "relu", "x**2", "2").startswith("x,relu(x),f(x)\n")
    assert rows("table", "x**2", "x**3", "2") == "x,x**2(x),x**3(x)\n2.0,4.0,8.0\n"


def test_compare_with_an_entry() -> None:
    """compare accepts a formula, and marks its properties as inferred."""
    report = json.loads(rows("compare", "quick_gelu", SWISH, "-f", "json"))
    assert report["differences"][0]["max_abs"] == 0
    stated, seen = report["properties"]
    ends = [float(known.pop("range")[1:].partition(",")[0]) for known in (stated, seen)]
    assert ends[0] == pytest.approx(ends[1], rel=1e-15)
    assert {**stated, "of": "f", "facts_stated": False} == seen
    assert "unproven" not in rows("compare", "gelu", SWISH).partition("Properties")[2]
    assert "* observed at thousands of points, unproven" in rows("compare", "gelu", "sigmoid(x) - 0.5")


def test_plot_and_exact_digits() -> None:
    """Plots and --digits accept formulas."""
    assert "abs(x)" in rows("table", "--plot", "abs(x)")
    assert rows("eval", "exp(x) * 1", "--digits", "30", "1") == "x,f(x)\n1.0,2.71828182845904523536028747135\n"


@pytest.mark.parametrize(
    ("spec", "lines"),
    [
        ("x^2", ["actcli: for powers use **, not ^", "  x^2", "   ^"]),
        ("x*\x1b[31m", ["actcli: unexpected character '\\x1b'", "  x*\\x1b[31m", "    ^"]),
        ("9**9**9**9", ["actcli: a constant exponent must be at most 1000", "  9**9**9**9", "      ^"]),
    ],
)
def test_syntax_error_has_a_caret(spec: str, lines: list[str]) -> None:
    """An invalid formula is a usage error of one line, with the position marked below it."""
    outcome = run("eval", spec, "1")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines() == lines


@pytest.mark.parametrize("spec", ["-x*exp(-x)", "-relu(x)", "-(x + 1)", "- x", "-x ** 2", "-exp(x):a=1"])
@pytest.mark.parametrize("command", ["eval", "grad", "table", "compare"])
def test_leading_minus_is_explained(command: str, spec: str) -> None:
    """A formula that begins with - is an error that suggests parentheses or --."""
    outcome = run(command, spec, "1")
    assert outcome.code == 2
    assert outcome.err == f"actcli: '{spec}' begins with - like an option: write '({spec})', or put it after --\n"


def test_leading_minus_in_valid_positions() -> None:
    """A minus in parentheses, after -- or before a digit is accepted."""
    expected = "x,f(x)\n1.0,-0.36787944117144233\n"
    assert rows("eval", "(-x*exp(-x))", "1") == expected
    assert rows("eval", "--", "-x*exp(-x)", "1") == expected
    assert rows("eval", "-1*x*exp(-x)", "1") == expected


def test_undecided_results_are_counted_once() -> None:
    """Undecided results are nan and counted in one line on stderr; undefined results are not counted."""
    outcome = run("eval", "sin(x)**2 + cos(x)**2 - 1", "1", "2", "0")
    assert outcome == (
        0,
        "x,f(x)\n1.0,nan\n2.0,nan\n0.0,0.0\n",
        "actcli: 2 results are nan: undecided at 2,000 bits of precision\n",
    )
    assert run("eval", "log(x)", "--", "-1") == (0, "x,f(x)\n-1.0,nan\n", "")
    assert run("eval", "(1 + x) - 1 - x", "1e-300") == (0, "x,f(x)\n1e-300,0.0\n", "")


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("sgimoid", "no activation is called 'sgimoid'; did you mean"),
        ("leaky-rleu", "did you mean leaky_relu?"),
        ("y", "no activation is called 'y'"),
        ("a * x", "requires its parameter a"),
        ("x * 2@torch", "@ cannot be used inside a formula"),
    ],
)
def test_single_words_are_names(spec: str, says: str) -> None:
    """A single word other than x, pi and e is always a name."""
    outcome = run("eval", spec, "1")
    assert outcome.code == 2
    assert says in outcome.err


@pytest.mark.parametrize(("spec", "value"), [("x", "2.0"), ("pi", "3.141592653589793"), ("e", "2.718281828459045")])
def test_x_pi_and_e_are_formulas(spec: str, value: str) -> None:
    """The words x, pi and e are formulas."""
    assert rows("eval", spec, "2") == f"x,f(x)\n2.0,{value}\n"
