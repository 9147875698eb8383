"""Text from elsewhere in messages."""

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
def test_escaped_spells_out_what_is_not_printable(text: str | bytes, expected: str) -> None:
    """Control characters, hidden ones and bytes that are no UTF-8 are spelled out, all else stays."""
    assert expected == escape(text)


@pytest.mark.parametrize("long", ["é" * 10**6, "é".encode() * 10**6, b"\xf0\x9f\x98\x80" * 300, "\n" * 300])
def test_shown_cuts_at_200_characters(long: str | bytes) -> None:
    """A long text is shown by its first characters and three dots, 200 in all."""
    assert len(displayable(long)) == 200
    assert displayable(long).endswith("...")


def test_shown_leaves_200_characters() -> None:
    """Exactly 200 characters are not cut."""
    assert displayable("x" * 200) == "x" * 200


@given(st.text() | st.binary())
def test_shown_is_one_safe_line(text: str | bytes) -> None:
    """Whatever the text, what is shown of it is printable and at most 200 characters long."""
    line = displayable(text)
    assert line.isprintable()
    assert len(line) <= 200
    assert line == displayable(line)


def test_the_two_faults_are_apart() -> None:
    """Exit statuses 1 and 2 come from two classes, neither of which is the other."""
    assert not issubclass(DataError, UsageError)
    assert not issubclass(UsageError, DataError)
