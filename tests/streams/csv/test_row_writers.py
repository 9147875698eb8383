"""The output of each format, observed through the filter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.number_formats import FLOATS
from actcli.streams.csv.filter import run
from actcli.streams.csv.plan import FilterOptions, Transform
from tests.support.filtering import Pieces, RecordingSink, doubled, outcome, summed


def ran(data: bytes, outputs: int = 1, **options: Any) -> bytes:
    got = outcome(data, FilterOptions(**options), doubled(outputs=outputs))
    assert got.error is None
    return got.data


# --- csv ------------------------------------------------------------


def test_other_cells_are_preserved() -> None:
    """Quotes, blanks, zeros, invalid UTF-8, NUL and each line end are written as they were read."""
    data = b'id, x ,t\r\n007, 0.10 ,"a ""b"", c"\n"0",1,\xff\x00\r\n\n,"2","\n"'
    expected = b'id, x ,t,f( x )\r\n007, 0.10 ,"a ""b"", c",0.2\n"0",1,\xff\x00,2.0\r\n\n,"2","\n",4.0'
    assert expected == ran(data, columns=[" x "])


def test_replace_changes_only_chosen_cells() -> None:
    """A result replaces its cell under the old header; a missing value stays as it is."""
    data = b'a,"x",b\r\n1,"2",3\n4, ,"5"\r\n6,"",\n'
    assert ran(data, columns=["x"], replace=True) == b'a,"x",b\r\n1,4.0,3\n4, ,"5"\r\n6,"",\n'
    data = b"a,b,c\n1,x,2\n"
    assert ran(data, columns=["c,a"], replace=True) == b"a,b,c\n2.0,x,4.0\n"


def test_replace_with_missing_vector_element() -> None:
    """If one cell of a vector is missing, the results that replace the others are empty."""
    data = b'a,b,c\n1,,x\n" ",2,x\n1,3,x\n'
    got = outcome(data, FilterOptions(columns=["b,a"], replace=True), summed())
    assert got.data == b'a,b,c\n,,x\n" ",,x\n0.25,0.75,x\n'


def test_missing_values_stay_empty() -> None:
    """An empty cell, quoted or blank, gives empty new cells."""
    assert (
        ran(b'x,y\n,a\n"",b\n 	,c\n1,d\n', columns=["x"], outputs=2)
        == b'x,y,f(x),g(x)\n,a,,\n"",b,,\n 	,c,,\n1,d,2.0,3.0\n'
    )


def test_digits_are_quoted_if_they_contain_delimiter() -> None:
    """Output with a delimiter that occurs in numbers reads back."""
    assert ran(b"a.x\nb.1\n", delimiter=".") == b'a.x.f(x)\nb.1."2.0"\n'
    assert ran(b"aex\nbe1\n", delimiter="e", columns=["x"]) == b"aexef(x)\nbe1e2.0\n"


# --- jsonl ------------------------------------------------------------


def test_jsonl_values() -> None:
    """JSON numbers keep their digits, other cells are strings, nan and inf strings, missing results null."""
    data = b'id,"x",t\r\n007,1.50,"a ""b"""\n\n1,nan,\xff\n2,,\n3,1e999,z'
    expected = (
        '{"id": "007", "x": 1.50, "t": "a \\"b\\"", "f(x)": 3.0}\n'
        '{"id": 1, "x": "nan", "t": "\ufffd", "f(x)": "nan"}\n'
        '{"id": 2, "x": "", "t": "", "f(x)": null}\n'
        '{"id": 3, "x": 1e999, "t": "z", "f(x)": "inf"}\n'
    )
    assert expected == ran(data, columns=["x"], format="jsonl").decode()


NUMBERS = ["0", "-0", "10115", "-1.50", "0.10", "1E5", "1e+05", "2.5e-3", "123456789012345678901234567890"]
TEXTS = [
    "007",
    "+1",
    ".5",
    "5.",
    "-",
    "1e",
    " 1",
    "1 ",
    "1_000",
    "0x1",
    "NaN",
    "Infinity",
    "-inf",
    "true",
    "null",
    "٣",
    "1\n",
]


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_cells_that_are_json_numbers(form: Any) -> None:
    """A cell goes out as a number with its own digits exactly if it is a number in JSON, quoted or not."""
    for text in NUMBERS + TEXTS:
        for cell in (text, f'"{text}"') if text.isprintable() else (f'"{text}"',):
            out = ran(f"x,t\n1,{cell}\n".encode(), columns=["x"], format=form).decode()
            (value,) = re.findall(r'"t": (.*), "f\(x\)"', out)
            assert value == (text if text in NUMBERS else json.dumps(text, ensure_ascii=False))


def test_jsonl_keys_without_header() -> None:
    """Without a header the keys are 1-based numbers, those of new columns too."""
    assert ran(b"5\n", format="jsonl") == b'{"1": 5, "2": 10.0}\n'
    assert ran(b"5\n", format="jsonl", as_names=["y"]) == b'{"1": 5, "y": 10.0}\n'


def test_jsonl_replace() -> None:
    """A replaced column is a number under its old key or its new name."""
    data = b"a,x,b\n1,2,3\n4,,6\n"
    assert (
        ran(data, columns=["x"], replace=True, format="jsonl")
        == b'{"a": 1, "x": 4.0, "b": 3}\n{"a": 4, "x": null, "b": 6}\n'
    )
    assert (
        ran(data, columns=["x"], replace=True, format="jsonl", as_names=["y"])
        == b'{"a": 1, "y": 4.0, "b": 3}\n{"a": 4, "y": null, "b": 6}\n'
    )


def test_json_is_an_array() -> None:
    """-f json is one array, also of no rows."""
    assert ran(b"x\n1\n\n2\n", format="json") == b'[\n{"x": 1, "f(x)": 2.0},\n{"x": 2, "f(x)": 4.0}\n]\n'
    for empty in (b"x\n", b"", b"\n"):
        assert ran(empty, format="json") == b"[]\n"


def test_json_is_written_row_by_row() -> None:
    """Each object goes out before the next read."""
    sink = RecordingSink()
    rows = [b"x\n", b"1\n", b"2\n"]
    seen = []

    def pieces() -> Iterator[bytes]:
        for row in rows:
            seen.append(sink.flushed)
            yield row

    run(Pieces(pieces()), sink, doubled(), FilterOptions(format="json", header=True))
    assert seen == [b"", b"", b'[\n{"x": 1, "f(x)": 2.0}']


def test_arrays_have_all_texts() -> None:
    """The format for tables has every column, whether it is a result, and the texts of all cells."""
    data = b'a,"x ""y"""\n\xff,1\n"b,c",\n'
    assert ran(data, columns=["2"], format="arrays").decode().splitlines() == [
        '[["a", false], ["x \\"y\\"", false], ["f(x \\"y\\")", true]]',
        '["\ufffd", "1", "2.0"]',
        '["b,c", "", ""]',
    ]
    assert ran(data, columns=["2"], format="arrays", replace=True).decode().splitlines() == [
        '[["a", false], ["x \\"y\\"", true]]',
        '["\ufffd", "2.0"]',
        '["b,c", ""]',
    ]


def is_json_number(text: str) -> bool:
    return re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", text, re.ASCII) is not None


@given(st.lists(st.binary(), min_size=1, max_size=5))
def test_jsonl_is_valid_for_any_bytes(cells: list[bytes]) -> None:
    """Each line is one printable JSON object for any bytes of the input."""
    row = b",".join(b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells)
    (line,) = ran(b"1," + row + b"\n", header=False, columns=["1"], format="jsonl").decode().splitlines()
    values = list(json.loads(line).values())
    texts = [cell.decode("utf-8", "replace") for cell in cells]
    assert [1, *(json.loads(text) if is_json_number(text) else text for text in texts), 2.0] == values
    assert line.isprintable()


# --- plain ------------------------------------------------------------


def test_plain_has_results_only() -> None:
    """Each line has the results of a row, nan for a missing one, without header and blank lines."""
    data = b"a,x\r\n1,2\r\n\r\n,4\r\n5,"
    assert ran(data, columns=["x"], format="plain") == b"4.0\n8.0\nnan\n"
    assert ran(data, columns=["a,x"], format="plain") == b"2.0 4.0\nnan 8.0\n10.0 nan\n"


# --- digits ------------------------------------------------------------


def test_format_results() -> None:
    """With `format_results` the digits are those of the transform."""
    spelled = Transform(
        lambda values: values,
        lambda names: [f"f({name})" for name in names],
        is_vector=False,
        fmt=FLOATS["float64"],
        format_results=lambda values: [f"{value:.3e}" for value in np.ravel(values)],
    )
    got = outcome(b"x,y\n1.5,a\n,b\n", FilterOptions(), spelled)
    assert got.data == b"x,y,f(x)\n1.5,a,1.500e+00\n,b,\n"
