"""Text from files and arguments in messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.errors import DataError, UsageError
from actcli.text import displayable, escape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 漢", "plain é 漢"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x1b[31m\x07\x7f\x9b", "\\x1b[31m\\x07\\x7f\\x9b"),
        ("1\u00a0000\u202e\u2028", "1\\xa0000\\u202e\\u2028"),
        ("\U000e0001", "\\U000e0001"),
        ("caf\udce9", "caf\\xe9"),
        ("caf\udcc3\udca9", "café"),
        ("\ud800", "\\ud800"),
        (b"caf\xe9 \xc3\xa9\x00", "caf\\xe9 é\\x00"),
    ],
)
def test_escape_of_unprintable_characters(text: str | bytes, expected: str) -> None:
    """Control characters, invisible ones and invalid UTF-8 are escaped, all others stay."""
    assert expected == escape(text)


@pytest.mark.parametrize("long", ["é" * 10**6, "é".encode() * 10**6, b"\xf0\x9f\x98\x80" * 300, "\n" * 300])
def test_displayable_shortens_to_200_characters(long: str | bytes) -> None:
    """A long text is cut to 200 characters that end in three dots."""
    assert len(displayable(long)) == 200
    assert displayable(long).endswith("...")


def test_displayable_keeps_200_characters() -> None:
    """A text of exactly 200 characters is not cut."""
    assert displayable("x" * 200) == "x" * 200


@given(st.text() | st.binary())
def test_displayable_is_one_safe_line(text: str | bytes) -> None:
    """Any text becomes printable and at most 200 characters long."""
    line = displayable(text)
    assert line.isprintable()
    assert len(line) <= 200
    assert line == displayable(line)


def test_data_and_usage_errors_are_distinct() -> None:
    """DataError and UsageError, with exit statuses 1 and 2, are not subclasses of each other."""
    assert not issubclass(DataError, UsageError)
    assert not issubclass(UsageError, DataError)
