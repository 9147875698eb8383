"""Parameters, constants and ranges from 1e-400 to 1e400: no command ends in an internal error or a warning."""

from __future__ import annotations

import random
import warnings

import pytest

from actcli.core.catalogue import registry
from tests.support.processes import run
from tests.support.seeds import SEED
from tests.support.tiers import exhaustive, sampled

SIZES = (
    *(
        "0",
        "1/3",
        "2",
        "7.5e11",
        "1e16",
        "1e30",
        "1e154",
        "1e300",
        "1e308",
        "1.7976931348623157e308",
        "1.8e308",
        "1e309",
    ),
    *("1e310", "1e400", "1e-30", "1e-154", "1e-300", "1e-309", "5e-324", "1e-310", "3e-400", "1e-400"),
)
NUMBERS = (*SIZES, *(f"-{size}" for size in SIZES))
XS = (
    "0",
    "-0.0",
    "1",
    "-1",
    "0.5",
    "1e-310",
    "1e300",
    "-1e300",
    "inf",
    "-inf",
    "nan",
    "1.7976931348623157e308",
    "5e-324",
)
FORMS = (
    *(
        "min(x, {a})",
        "max(x, {a})",
        "clip(x, {a}, {b})",
        "where(x < {a}, x, {b})",
        "x * ({a}) + ({b})",
        "abs(x - ({a}))",
    ),
    *("exp(x * ({a}))", "log(x - ({a}))", "sqrt(x + ({a}))", "1 / (x - ({a}))", "tanh(x * ({a})) * ({b})"),
    *(
        "relu(x - ({a}))",
        "softplus(x * ({a})) / ({b})",
        "leaky_relu(x, {a})",
        "({a}) * x**2 + ({b}) * x",
        "elu(x, {a})",
    ),
)
"""Expressions with a kink, a pole or an edge at any of the numbers. Sines are left out, which take seconds."""


def activation(dice: random.Random) -> str:
    """Return a SPEC with some of the numbers."""
    if dice.random() < 0.4:
        return f"({dice.choice(FORMS).format(a=dice.choice(NUMBERS), b=dice.choice(NUMBERS))})"
    name = dice.choice([name for name in registry.entries() if name not in ("sin", "sinc", "snake", "phish")])
    parameters = [
        f"{param.name}={dice.choice(NUMBERS)}"
        for param in registry.entries()[name].parameters
        if param.default is None or dice.random() < 0.7
    ]
    return name + ":" * bool(parameters) + ",".join(parameters)


def command(kind: str, dice: random.Random) -> list[str]:
    """Return the words of a command of some kind."""
    spec, xs = activation(dice), dice.sample(XS, 3)
    low, high = sorted(dice.sample(("-1e308", "-6", "0", "1e-310", "1", "1e300", "-1e-320", "1e308"), 2), key=float)
    dtype = ["--dtype", dice.choice(("float64", "float32", "bfloat16", "float8_e4m3fn"))]
    if kind == "eval":
        return ["eval", spec, *dtype, *dice.choice([[], ["--digits", "30"]]), "--", *xs]
    if kind == "grad":
        return ["grad", spec, *dice.choice([["--sides"], ["--order", "2"], []]), "--", *xs]
    if kind == "table":
        return ["table", spec, activation(dice), *dtype, "--plot", "--range", f"{low}:{high}"]
    if kind == "compare":
        return ["compare", spec, activation(dice), "--range", f"{low}:{high}"]
    return ["show", spec, *dice.choice([[], ["-f", "json"]])]


STATED = (
    ["eval", "soft_exponential:alpha=-1e-309", "1"],
    ["show", "clip:min=1e310"],
    ["show", "clip:max=1.7976931348623157e308"],
    ["show", "max(x, 1e308)"],
    ["show", "min(x,1e310)"],
    ["compare", "relu", "hard_tanh:max_val=1e310"],
    ["compare", "min(x, 1.7976931348623157e308)", "relu"],
)


def check(words: list[str]) -> None:
    """Run a command and assert that it succeeds, or fails with one line that says why."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = run(*words)
    assert "internal error" not in outcome.err, words
    assert outcome.code in (0, 1, 2), words


@pytest.mark.parametrize("words", sampled(STATED, 3), ids=" ".join)
def test_stated_commands_succeed(words: list[str]) -> None:
    """A kink beyond float64, or at its largest number, is no reason to fail."""
    check(words)
    assert run(*words).code == 0


@pytest.mark.parametrize(("kind", "count"), [("eval", 25), ("grad", 25), ("table", 4), ("compare", 3), ("show", 3)])
def test_random_commands_have_no_internal_error(kind: str, count: int) -> None:
    """A command with numbers of any size succeeds, or says what it cannot do."""
    dice = random.Random(f"{SEED} {kind}")
    for _ in range(count):
        check(command(kind, dice))


@exhaustive
@pytest.mark.parametrize(
    ("kind", "count"), [("eval", 150), ("grad", 150), ("table", 20), ("compare", 10), ("show", 10)]
)
def test_many_random_commands_have_no_internal_error(kind: str, count: int) -> None:
    """A command with numbers of any size succeeds, or says what it cannot do, for many more of them."""
    dice = random.Random(f"{SEED + 1} {kind}")
    for _ in range(count):
        check(command(kind, dice))
