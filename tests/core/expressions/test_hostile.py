"""Hostile input: it is refused quickly, with a printable message, or evaluated at a bounded cost."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actcli
from actcli.core.expressions.parser import parse
from actcli.core.spec import parse as parse_spec
from actcli.errors import ExpressionError, ParameterError, UnknownActivationError
from tests.support.operations import calls, peak_bytes
from tests.support.tiers import examples

ATTACKS = [
    "9**9**9**9",
    "9**(9**9)",
    "(((9**999)**999)**999)**999",
    "x**9**9**9",
    "(" * 10_000,
    "(" * 10_000 + "x" + ")" * 10_000,
    "-" * 10_000 + "x",
    "not " * 240 + "x > 0",
    "(" * 400 + "x" + ")" * 400,
    "exp(" * 200 + "x" + ")" * 200,
    "x*" * 490 + "x",
    "x**" * 300 + "x",
    "x if x > 0 else " * 101 + "x",
    "max(" + "x," * 400 + "x)",
    "((1 + sqrt(2))**999)**999",
    "((x + pi)**999 - abs(x))**999",
    "1" * 5000,
    "1e" + "9" * 500,
    "1e400" + "*1e400" * 100,
    "x\x00",
    "x\x1b[2J",
    "\u202ex",
    "x\ny",
    "\ud800x",
    "__import__('os').system('true')",
    "().__class__.__bases__[0]",
    "[y for y in (1,)]",
    "lambda: x",
    "x := 2",
    "x if x else x",
    "f'{x}'",
    "@x",
    "x\\",
    "#",
    "$(true)",
    "`true`",
]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: ascii(text[:24]))
def test_attack_takes_little_work_and_memory(text: str) -> None:
    """Each attack is refused or evaluated with at most 100,000 calls and 1 MB of memory."""

    def attack() -> None:
        with suppress(ParameterError, UnknownActivationError):
            actcli.evaluate(text, [0.5, -3.0, 1e300])

    actcli.evaluate("x + exp(x)", [0.5, -3.0, 1e300])
    assert calls(attack) < 100_000
    assert peak_bytes(attack) < 1 << 20


@pytest.mark.parametrize(
    "text", ["9**9**9**9", "(" * 10_000 + "x" + ")" * 10_000, "exp(" * 200 + "x" + ")" * 200, "x\x1b"]
)
def test_excessive_input_is_refused(text: str) -> None:
    """Towers of powers, deep nesting, long texts and control characters raise ExpressionError."""
    with pytest.raises(ExpressionError):
        parse(text)


def refusal(text: str) -> ExpressionError | None:
    """Return the error of a malformed text, None for a valid one."""
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None


WORDS = st.sampled_from(
    [
        "x",
        "pi",
        "e",
        "a",
        "(",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "**",
        "<",
        ">=",
        "==",
        "!=",
        "=",
        "and",
        "or",
        "not",
        "if",
        "else",
        "where",
        "max",
        "clip",
        "abs",
        "exp",
        "log",
        "relu",
        "gelu",
        "softmax",
        "leaky_relu",
        "1",
        "0",
        "2.5",
        "1e9",
        ".5",
        "0x10",
        "1_0",
        "negative_slope",
        "none",
        "inf",
        "lambda",
        "import",
        "eval",
        ".",
        "[",
        "'",
    ]
)


@settings(max_examples=examples(1500), deadline=None)
@given(words=st.lists(WORDS, max_size=25))
def test_random_token_sequence(words: list[str]) -> None:
    """Any sequence of tokens is parsed, or refused with an offset inside the text."""
    text = " ".join(words)
    error = refusal(text)
    assert error is None or 0 <= error.at <= len(text)


@settings(max_examples=examples(1500), deadline=None)
@given(text=st.text(max_size=60))
def test_random_text(text: str) -> None:
    """Any text is parsed, or refused with a printable message and excerpt."""
    error = refusal(text)
    assert error is None or all(line.isprintable() for line in (error.message, *error.excerpt))


@settings(max_examples=examples(400), deadline=None)
@given(
    text=st.one_of(st.text(alphabet="x+-*/().,:=@ab12<>e ", max_size=30), st.lists(WORDS, max_size=12).map(" ".join))
)
def test_random_spec(text: str) -> None:
    """Any SPEC is accepted, or refused with ParameterError or UnknownActivationError."""
    with suppress(ParameterError, UnknownActivationError):
        parse_spec(text)
