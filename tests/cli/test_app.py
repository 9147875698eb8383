"""Parsing of the command line: numbers, options, unknown commands, the version."""

from __future__ import annotations

from pathlib import Path

import pytest

import actcli
from actcli.cli.app import SUBCOMMANDS
from tests.support.processes import fault, plain, rows

named = pytest.mark.parametrize

NUMBERS = ["-2", "-.5", "-1e-3", "-1E+3", "-inf", "-Infinity", "-nan", "-0x1p3", "-0x.8", "-0", "-7."]


# --- numbers and options --------------------------------------------------------------------------------------


@named("text", NUMBERS)
def test_negative_numbers(text: str) -> None:
    """A word that parses as a number is a value, with and without `--` before it."""
    expected = plain("eval", "identity", "--", text)
    assert len(expected) == 1
    assert plain("eval", "identity", text) == expected


def test_numbers_and_options_in_any_order() -> None:
    """Options may stand before, between and after negative numbers."""
    expected = "x,relu(x)\n-2.0,0.0\n-inf,0.0\n3.0,3.0\n"
    assert rows("eval", "relu", "-2", "-f", "csv", "-inf", "3") == expected
    assert rows("eval", "-f", "csv", "relu", "-2", "-inf", "3") == expected
    assert rows("eval", "relu", "-2", "-inf", "3", "-f", "csv") == expected
    assert rows("eval", "relu", "-f", "csv", "--", "-2", "-inf", "3") == expected


def test_minus_inf_is_a_number() -> None:
    """`-inf` is minus infinity, not `-i` with the file `nf`."""
    assert rows("eval", "relu", "-inf") == "x,relu(x)\n-inf,0.0\n"


def test_negative_number_as_option_value() -> None:
    """A negative number after an option that takes a value is that value."""
    assert rows("eval", "relu", "-c", "-1", stdin="a,b\n1,-2\n") == "a,b,relu(b)\n1,-2,0.0\n"
    assert rows("eval", "relu", "-c-1", stdin="a,b\n1,-2\n") == "a,b,relu(b)\n1,-2,0.0\n"
    assert rows("eval", "relu", "--range", "1:-1", "--step", "-1") == "x,relu(x)\n1.0,1.0\n0.0,0.0\n-1.0,0.0\n"
    assert rows("eval", "relu", "1", "--as", "-1") == "x,-1\n1.0,1.0\n"
    assert "not '-3'" in fault("eval", "relu", "--range", "0:1", "-n", "-3")


def test_range_with_leading_hyphen() -> None:
    """`--range -1:1` needs no equals sign."""
    assert plain("eval", "relu", "--range", "-1:1", "-n", "3") == ["0.0", "0.0", "1.0"]


@named(
    ("text", "hint"),
    [
        ("1_000", "write digits without separators"),
        ("1,000,000", "write digits without separators"),
        ("1,5", "use '.' as the decimal separator"),
        ("\N{MINUS SIGN}2", "use a hyphen as the minus sign"),
        ("\N{ARABIC-INDIC DIGIT THREE}", "use the digits 0 to 9"),
        ("1 2", "write each number as a separate word"),
        ("data.csv", "use -i for a file"),
    ],
)
def test_invalid_numbers_have_hints(text: str, hint: str) -> None:
    """A word that resembles a number is rejected with a hint, with and without a sign."""
    assert fault("eval", "relu", text) == f"'{text}' is not a number: {hint}"
    if text[0].isdigit():
        assert fault("eval", "relu", f"-{text}") == f"'-{text}' is not a number: {hint}"


def test_non_numeric_word_is_named() -> None:
    """A word that does not resemble a number is quoted in the error."""
    assert fault("eval", "relu", "1", "two") == "'two' is not a number"


@named(
    ("option", "near"),
    [
        ("--formt", "--format"),
        ("--dytpe", "--dtype"),
        ("--rnage", "--range"),
        ("--colum", "--column"),
        ("--al", "--all"),
    ],
)
def test_mistyped_option_has_suggestion(option: str, near: str) -> None:
    """A mistyped option is never a value; the error suggests the nearest option."""
    assert fault("eval", "relu", option, "1") == f"no such option {option}; did you mean {near}?"


def test_unknown_option_refers_to_help() -> None:
    """An option without a similar one is an error that refers to the help."""
    assert fault("eval", "relu", "--xyzzy") == "no such option --xyzzy: see actcli eval -h"
    assert fault("eval", "relu", "-q") == "no such option -q: see actcli eval -h"
    assert fault("--xyzzy") == "no such option --xyzzy: see actcli -h"


def test_missing_or_surplus_option_value() -> None:
    """A missing option value, and a value for a flag, are errors of one line."""
    assert fault("eval", "relu", "1", "-f") == "-f requires a value, FORMAT: see actcli eval -h"
    assert fault("eval", "relu", "1", "--dtype") == "--dtype requires a value, DTYPE: see actcli eval -h"
    assert fault("eval", "relu", "--all=3") == "--all takes no value"
    assert fault("--version=3") == "--version takes no value"


def test_missing_argument() -> None:
    """A missing argument is named in the error."""
    assert fault("eval") == "ACTIVATION is missing: see actcli eval -h"
    assert fault("demo") == "TOPIC is missing: linearity, threshold, training or dying-relu"


@named(
    "formula",
    ["-x", "- x", "-x*2", "-x**2", "-(x + 1)", "-relu(x)", "-pi*x", "-e**x", "-pi", "-e + x", "-x-relu(x)", "-x == 1"],
)
@named("command", ["eval", "grad", "table", "compare", "show"])
def test_negated_formula_is_not_an_option(command: str, formula: str) -> None:
    """A formula that begins with - is an error that shows both ways to write it."""
    assert fault(command, formula, "1") == (
        f"'{formula}' begins with - like an option: write '({formula})', or put it after --"
    )


def test_negated_formula_after_dashes() -> None:
    """A formula after `--` or in parentheses is accepted."""
    assert plain("eval", "--", "-pi*x", "0") == plain("eval", "(-pi*x)", "0") == ["-0.0"]


@named("name", ["- x", "-x*2", "-relu(x)", "-pi*x", "-range", "-f", "--format"])
def test_option_value_with_leading_hyphen(name: str) -> None:
    """The word after an option that takes a value is that value, even with a leading hyphen."""
    assert rows("eval", "relu", "-c", name, stdin=f"{name},y\n-1,2\n") == f"{name},y,relu({name})\n-1,2,0.0\n"
    assert rows("eval", "relu", "1", "--as", name) == f"x,{name}\n1.0,1.0\n"


@named(
    ("line", "near"),
    [
        ("eval relu -on-error nan 1", "-on-error; did you mean --on-error?"),
        ("eval -help", "-help; did you mean --help?"),
        ("-help", "-help; did you mean --help?"),
        ("-version", "-version; did you mean --version?"),
        ("eval relu -range 0:1", "-range; did you mean --range?"),
        ("eval relu -range=0:1", "-range; did you mean --range?"),
        ("grad leaky_relu -wrt negative_slope 1", "-wrt; did you mean --wrt?"),
        ("eval relu -wrt beta 1", "-wrt here: it is an option of actcli grad"),
        ("eval relu -dtype float32 1", "-dtype; did you mean --dtype?"),
        ("eval relu -format json 1", "-format; did you mean --format?"),
        ("eval relu -rnage 0:1", "-rnage; did you mean --range?"),
        ("compare gelu -y out", "-y; did you mean --y?"),
        ("table relu -plot", "-plot; did you mean --plot?"),
    ],
)
def test_long_option_with_one_hyphen(line: str, near: str) -> None:
    """A long option with one hyphen is an error, never a short option with a value."""
    assert fault(*line.split()) == f"no such option {near}"


def test_joined_short_options(tmp_path: Path) -> None:
    """A short option and its value may be one word."""
    assert rows("eval", "relu", "-fcsv", "1") == "x,relu(x)\n1.0,1.0\n"
    assert rows("eval", "relu", "-fplain", "--range", "0:1", "-n2") == "0.0\n1.0\n"
    assert rows("eval", "leaky_relu", "-palpha=1", "-fplain", "--", "-3") == "-3.0\n"
    assert rows("eval", "relu", "-cz", "-d;", stdin="y;z\n1;2\n") == "y;z;relu(z)\n1;2;2.0\n"
    assert rows("eval", "relu", f"-o{tmp_path / 'a.csv'}", "1") == ""
    assert (tmp_path / "a.csv").read_text() == "x,relu(x)\n1.0,1.0\n"


# --- commands -------------------------------------------------------------------------------------------------


@named(("word", "near"), [("evla", "eval"), ("gard", "grad"), ("EVAL", "eval")])
def test_mistyped_command_has_suggestion(word: str, near: str) -> None:
    """A mistyped command is an error that suggests the nearest command."""
    assert fault(word, "relu", "1") == f"no such command '{word}'; did you mean {near}?"


def test_unknown_command_lists_commands() -> None:
    """A command without a similar one is an error that lists the commands."""
    assert fault("xyzzy") == f"no such command 'xyzzy': the commands are {', '.join(SUBCOMMANDS)}"


def test_activation_without_command() -> None:
    """An activation in place of a command is an error that suggests the command line."""
    assert fault("relu", "-2") == "no such command 'relu'; did you mean actcli eval relu -2?"
    assert fault("LeakyReLU:alpha=0.2", "1", "2", "3", "4") == (
        "no such command 'LeakyReLU:alpha=0.2'; did you mean actcli eval LeakyReLU:alpha=0.2 1 2 3 4?"
    )


# --- the version ----------------------------------------------------------------------------------------------


def test_version() -> None:
    """`--version` prints the name and the package's version."""
    assert rows("--version") == f"actcli {actcli.__version__}\n"
