"""The contract of display/text.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.text import escape, shorten, text_width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu(x)", "relu(x)"),
        ("[bold]", "[bold]"),
        ("温度 é", "温度 é"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("\u202e\u2028", r"\u202e\u2028"),
        ("\udcff", r"\xff"),
        ("\ud800", r"\ud800"),
        ("\U000e0001", r"\U000e0001"),
    ],
)
def test_escaped(text: str, expected: str) -> None:
    """Control, format and separator characters and lone surrogates are spelled out, all else stays."""
    assert expected == escape(text)


def test_escaped_without_unicode() -> None:
    """A terminal without Unicode is sent the code points."""
    assert escape("温(x), é, 😀", unicode=False) == r"\u6e29(x), \xe9, \U0001f600"


@given(st.text(), st.booleans())
def test_escaped_is_always_printable(text: str, unicode: bool) -> None:
    """Whatever comes in, what goes out is printable, and ASCII where that is asked for."""
    safe = escape(text, unicode=unicode)
    assert safe.isprintable()
    assert unicode or safe.isascii()


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("abc", 3), ("温度", 4), ("e\u0301", 1), ("é", 1), ("\uff58", 2)]
)
def test_text_width(text: str, expected: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert expected == text_width(text)


@pytest.mark.parametrize(
    ("width", "unicode", "expected"),
    [
        (9, True, "leaky_温…"),
        (8, True, "leaky_…"),
        (7, True, "leaky_…"),
        (8, False, "leaky..."),
        (2, False, ".."),
        (0, True, ""),
    ],
)
def test_shortened(width: int, unicode: bool, expected: str) -> None:
    """A text too long ends in an ellipsis, and a wide character is not cut in half."""
    assert expected == shorten("leaky_温度", width, unicode=unicode)


def test_shortened_leaves_what_fits() -> None:
    """A text that fits is left as it is."""
    assert shorten("relu", 4) == "relu"
