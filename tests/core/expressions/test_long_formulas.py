"""Formulas of many segments: values against exact rationals, cost linear in the length, limits that are errors."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

import actcli
from actcli.core.expressions.lexer import MAX_EXPRESSION_CHARS
from actcli.core.expressions.parser import MAX_BRANCHES, MAX_NESTING
from actcli.errors import ExpressionError
from tests.support.operations import calls
from tests.support.processes import run
from tests.support.tiers import exhaustive, sampled

named = pytest.mark.parametrize

X = [-10.0, -3.0, -2.95, -1.0, 0.0, 0.3, 1.75, 2.0, 7.0, 1e300]


def segments(count: int) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return (end, slope, intercept) of segments from -3 on."""
    return [(Fraction(i, 20) - 3, Fraction(i % 7, 4) - 1, Fraction(i, 10)) for i in range(count)]


def decimal(value: Fraction) -> str:
    return f"({float(value)!r})" if value < 0 else repr(float(value))


def lookup(x: Fraction, count: int) -> tuple[Fraction, Fraction]:
    """Return the value and the slope of the segment that contains x; beyond the last one x."""
    for end, slope, intercept in segments(count):
        if x < end:
            return slope * x + intercept, slope
    return x, Fraction(1)


def nested(count: int) -> str:
    """Return the segments as nested where."""
    text = "x"
    for end, slope, intercept in reversed(segments(count)):
        text = f"where(x < {decimal(end)}, {decimal(slope)}*x + {decimal(intercept)}, {text})"
    return text


def chained(count: int) -> str:
    """Return the segments as A if C else B if D else ..."""
    parts = [f"{decimal(slope)}*x + {decimal(c)} if x < {decimal(end)} else " for end, slope, c in segments(count)]
    return "".join(parts) + "x"


@named("form", [nested, chained])
@named("count", [20, 95])
def test_segments(form: Callable[[int], str], count: int) -> None:
    """Values and derivatives are those of the segment that contains x."""
    text = form(count)
    expected = [lookup(Fraction(value), count) for value in X]
    assert actcli.evaluate(text, X).tolist() == [float(value) for value, _ in expected]
    assert actcli.gradient(text, X).tolist() == [float(slope) for _, slope in expected]


def hinges(count: int) -> str:
    """Return a sum of hinges with alternating signs."""
    return "x" + "".join(f" {'+-'[i % 2]} {i % 5}.25 * max(x - {i / 50}, 0)" for i in range(count))


@named("count", sampled([98, 99, 100, 200], 1))
def test_sums_of_hinges(count: int) -> None:
    """Sums of any number of terms have the exact value, rounded once, and the exact derivative off the kinks."""
    x = [-3.0, 0.011, 0.5131, 1.9875, 3.7, 100.0]

    def exact(at: Fraction) -> tuple[Fraction, Fraction]:
        value, slope = at, Fraction(1)
        for i in range(count):
            factor = (Fraction(i % 5) + Fraction(1, 4)) * (-1) ** i
            if at > Fraction(i, 50):
                value, slope = value + factor * (at - Fraction(i, 50)), slope + factor
        return value, slope

    expected = [exact(Fraction(value)) for value in x]
    assert actcli.evaluate(hinges(count), x).tolist() == [float(value) for value, _ in expected]
    assert actcli.gradient(hinges(count), x).tolist() == [float(slope) for _, slope in expected]


def test_work_is_linear_in_the_length() -> None:
    """Four times the terms cost at most five times the calls."""
    actcli.evaluate("x + exp(x)", X)
    short, long = (calls(lambda n=n: actcli.evaluate("x+" * n + "x", [0.5, -3.0])) for n in (200, 800))
    assert long < 5 * short


@named(
    "text",
    [
        pytest.param(nested(MAX_BRANCHES), id="nested", marks=exhaustive),
        pytest.param(chained(MAX_BRANCHES), id="chained", marks=exhaustive),
        pytest.param(hinges(150), id="hinges"),
        pytest.param(
            nested(90).replace("x)", "(" * (MAX_NESTING - 5) + "x" + ")" * (MAX_NESTING - 5) + ")"),
            id="parentheses",
            marks=exhaustive,
        ),
    ],
)
def test_longest_formulas_work_everywhere(text: str) -> None:
    """Formulas at the limits stay within Python's recursion limit in every command."""
    assert len(text) <= MAX_EXPRESSION_CHARS
    assert run("eval", text, "0.3", "--digits", "30").code == 0
    assert run("grad", text, "--sides", "0.3", "1").code == 0
    assert text.startswith("x") or run("show", text).code == 0


@named(
    ("text", "message"),
    [
        (nested(MAX_BRANCHES + 1), "more than 100 nested conditionals"),
        (chained(MAX_BRANCHES + 1), "more than 100 nested conditionals"),
        ("x*" * 100 + "x", "more than 99 operations in a row"),
        ("x" + "+x" * 4000, "a formula has at most 8,000 characters, not 8,001"),
        ("(" * 61 + "x" + ")" * 61, "more than 60 levels"),
    ],
    ids=["nested", "chained", "product", "length", "parentheses"],
)
def test_limits_are_errors(text: str, message: str) -> None:
    """A formula beyond a limit is refused with a message that names it."""
    with pytest.raises(ExpressionError, match=message):
        actcli.evaluate(text, 0.5)
