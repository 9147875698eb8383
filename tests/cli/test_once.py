"""Options that a run takes once."""

from __future__ import annotations

import click
import pytest

from actcli.cli.app import SUBCOMMANDS, app
from tests.support.processes import fault, run

ONCE = {"-i", "-o", "--y", "--range", "-n", "--step", "--half-open", "--all", "--max-ulp"}
"""The input, the output, the source of x with its points, the results to check, and their bound."""
ARGUMENTS = {"demo": ["linearity"], "list": [], "help": [], "completion": ["bash"]}
VALUES = {"--range": "0:1", "-n": "3", "--step": "1", "--max-ulp": "1", "-p": "negative_slope=0.1"}


def options() -> list[tuple[str, click.Option]]:
    """Return every option of every command."""
    context = click.Context(app)
    return [
        (name, param)
        for name in SUBCOMMANDS
        for param in (app.get_command(context, name) or app).params
        if isinstance(param, click.Option)
    ]


def words(option: click.Option) -> list[str]:
    """Return one occurrence of an option, with a value if it has one."""
    if option.is_flag:
        return [option.opts[0]]
    choices = [word for word in getattr(option.type, "choices", ()) if word not in ("auto", "table")]
    return [option.opts[0], choices[0] if choices else VALUES.get(option.opts[0], "7")]


@pytest.mark.parametrize(
    ("name", "option"), [pytest.param(*each, id=f"{each[0]} {each[1].opts[0]}") for each in options()]
)
def test_second_occurrence(name: str, option: click.Option) -> None:
    """A second input, output, source, result or bound is a usage error that names it; no other option is refused."""
    args = [name, *ARGUMENTS.get(name, ["leaky_relu"]), *words(option), *words(option)]
    if option.opts[0] in ONCE:
        assert fault(*args) == f"{option.opts[0]} is given twice: a run takes it once"
    else:
        assert "given twice: a run" not in run(*args).err


@pytest.mark.parametrize(
    "args",
    [
        ["-ia.csv", "--input", "b.csv"],
        ["--input=a.csv", "-i", "a.csv"],
        ["-i", "a.csv", "-c", "x", "-i", "b.csv"],
        ["-i", "-", "-i", "-"],
    ],
)
def test_spellings_of_one_option(args: list[str]) -> None:
    """Every spelling of an option counts, with the same value too."""
    assert fault("eval", "relu", *args) == "-i is given twice: a run takes it once"


def test_options_after_the_end_of_options_are_words() -> None:
    """After -- nothing is an option."""
    assert "-i" in fault("eval", "relu", "-i", "a.csv", "--", "-i", "b.csv")
    assert "given twice" not in fault("eval", "relu", "-i", "a.csv", "--", "-i", "b.csv")


def test_last_of_other_options_counts() -> None:
    """Of a repeated format, dtype or delimiter the last one counts."""
    args = ("eval", "relu", "0.3", "-f", "csv", "-f", "plain", "--dtype", "float64", "--dtype", "float16")
    assert run(*args).out == "0.300048828125\n"
