"""Text: escaping, shortening, width, lists of words, shares in per cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.text import displayable, escape, join_and, join_or, percent, shorten, text_width


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
def test_escape(text: str, expected: str) -> None:
    """Control, format and separator characters and lone surrogates are escaped, all others stay."""
    assert expected == escape(text)


def test_escape_without_unicode() -> None:
    """With unicode=False every character beyond ASCII is escaped by its code point."""
    assert escape("温(x), é, 😀", unicode=False) == r"\u6e29(x), \xe9, \U0001f600"


@given(st.text(), st.booleans())
def test_escaped_text_is_printable(text: str, unicode: bool) -> None:
    """Escaped text is printable for any input, and ASCII with unicode=False."""
    safe = escape(text, unicode=unicode)
    assert safe.isprintable()
    assert unicode or safe.isascii()


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("abc", 3), ("温度", 4), ("e\u0301", 1), ("é", 1), ("\uff58", 2)]
)
def test_text_width(text: str, expected: int) -> None:
    """Wide characters take two columns, combining characters none."""
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
def test_shorten(width: int, unicode: bool, expected: str) -> None:
    """A text wider than `width` ends in an ellipsis, and no wide character is cut in half."""
    assert expected == shorten("leaky_温度", width, unicode=unicode)


def test_shorten_keeps_text_that_fits() -> None:
    """A text of at most `width` columns stays as it is."""
    assert shorten("relu", 4) == "relu"


def test_displayable_is_short() -> None:
    """Text of a message is escaped and cut to 200 characters that end in an ellipsis."""
    assert displayable("\n" * 100) == "\\n" * 100
    assert displayable(b"\xff" * 1000) == "\\xff" * 49 + "\\..."
    assert len(displayable("x" * 201)) == 200


@pytest.mark.parametrize(
    ("words", "with_or", "with_and"),
    [([], "", ""), (["a"], "a", "a"), (["a", "b"], "a or b", "a and b"), (["a", "b", "c"], "a, b or c", "a, b and c")],
)
def test_lists_of_words(words: list[str], with_or: str, with_and: str) -> None:
    """Words are separated by commas, the last two by the conjunction."""
    assert (join_or(words), join_and(words)) == (with_or, with_and)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "0%"), (0, 3, "0%"), (1, 3, "33.33%"), (99_999, 100_000, "99.99%"), (7, 7, "100%"), (0.12523, 1, "12.52%")],
)
def test_percent(part: float, whole: float, text: str) -> None:
    """A share has at most four digits and is 100% only if the part is the whole."""
    assert percent(part, whole) == text
