"""Words and numbers as JSON."""

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
    """Digits stay as they are if JSON allows them; what it has no number for is a string, nothing is null."""
    assert expected == json_number(text)


@given(st.floats())
def test_every_float_reads_back(value: float) -> None:
    """The shortest digits of a finite number are a JSON number, others a string that float() reads."""
    assert repr(value) == repr(float(json.loads(json_number(repr(value)))))


@given(st.text())
def test_json_string_reads_back(text: str) -> None:
    """Every text reads back, and nothing in its JSON could act on a terminal."""
    line = json_string(text)
    assert text == json.loads(line)
    assert line.isprintable()


def test_json_string_is_readable() -> None:
    """Letters of any script are not spelled out."""
    assert json_string("é漢") == '"é漢"'
    assert json_string("\x9b\udce9") == '"\\u009b\\udce9"'
