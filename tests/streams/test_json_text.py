"""Strings and numbers as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.streams.json_text import json_number, json_string


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.0", "3.0"),
        ("-0.0", "-0.0"),
        ("1e-05", "1e-05"),
        ("1.5E+300", "1.5E+300"),
        ("7", "7"),
        ("", "null"),
        ("nan", '"nan"'),
        ("-inf", '"-inf"'),
        ("+1", '"+1"'),
        (".5", '".5"'),
        ("007", '"007"'),
        ("1.", '"1."'),
        ("3c00", '"3c00"'),
    ],
)
def test_json_number(text: str, expected: str) -> None:
    """Digits that JSON allows stay as they are, nan and inf become strings, "" becomes null."""
    assert expected == json_number(text)


@given(st.floats())
def test_every_float_reads_back(value: float) -> None:
    """The shortest digits of a finite number are a JSON number, others a string that float() parses."""
    assert repr(value) == repr(float(json.loads(json_number(repr(value)))))


@given(st.text())
def test_json_string_reads_back(text: str) -> None:
    """Every text reads back, and its JSON is printable."""
    line = json_string(text)
    assert text == json.loads(line)
    assert line.isprintable()


def test_json_string_is_readable() -> None:
    """Letters of any script are not escaped."""
    assert json_string("é漢") == '"é漢"'
    assert json_string("\x9b\udce9") == '"\\u009b\\udce9"'
