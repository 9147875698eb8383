"""What goes out in each format, seen through the filter."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from actcli.number_formats import FLOATS
from actcli.streams.csv.filter import FilterOptions, Transform
from tests.support.filtering import doubled, outcome, summed


def ran(data: bytes, outputs: int = 1, **options: Any) -> bytes:
    got = outcome(data, FilterOptions(**options), doubled(outputs=outputs))
    assert got.fault is None
    return got.data


# --- csv ------------------------------------------------------------


def test_other_cells_leave_byte_for_byte() -> None:
    """Quotes, blanks, zeros, invalid UTF-8, NUL and each row's own line end come out as they came."""
    data = b'id, x ,t\r\n007, 0.10 ,"a ""b"", c"\n"0",1,\xff\x00\r\n\n,"2","\n"'
    expected = b'id, x ,t,f( x )\r\n007, 0.10 ,"a ""b"", c",0.2\n"0",1,\xff\x00,2.0\r\n\n,"2","\n",4.0'
    assert expected == ran(data, columns=[" x "])


def test_replace_changes_only_the_chosen_cells() -> None:
    """A result takes its column's place under the old header; a missing value stays as it came."""
    data = b'a,"x",b\r\n1,"2",3\n4, ,"5"\r\n6,"",\n'
    assert ran(data, columns=["x"], replace=True) == b'a,"x",b\r\n1,4.0,3\n4, ,"5"\r\n6,"",\n'
    data = b"a,b,c\n1,x,2\n"
    assert ran(data, columns=["c,a"], replace=True) == b"a,b,c\n2.0,x,4.0\n"


def test_replaced_rows_hold_nothing_of_what_came() -> None:
    """Where one cell of a vector is missing the others give way to nothing: only a cell that is empty stays."""
    data = b'a,b,c\n1,,x\n" ",2,x\n1,3,x\n'
    got = outcome(data, FilterOptions(columns=["b,a"], replace=True), summed())
    assert got.data == b'a,b,c\n,,x\n" ",,x\n0.25,0.75,x\n'


def test_missing_values_stay_empty() -> None:
    """An empty cell, quoted or blank, gives empty new cells."""
    assert (
        ran(b'x,y\n,a\n"",b\n 	,c\n1,d\n', columns=["x"], outputs=2)
        == b'x,y,f(x),g(x)\n,a,,\n"",b,,\n 	,c,,\n1,d,2.0,3.0\n'
    )


def test_digits_are_quoted_for_a_delimiter_that_is_in_them() -> None:
    """Even a delimiter that numbers are spelled with gives rows that read back."""
    assert ran(b"a.x\nb.1\n", delimiter=".") == b'a.x.f(x)\nb.1."2.0"\n'
    assert ran(b"aex\nbe1\n", delimiter="e", columns=["x"]) == b"aexef(x)\nbe1e2.0\n"


# --- jsonl ------------------------------------------------------------


def test_jsonl_has_words_for_cells_and_numbers_for_results() -> None:
    """One object a line: cells as strings, results as numbers, nan and inf as strings, missing as null."""
    data = b'id,"x",t\r\n007,1.50,"a ""b"""\n\n1,nan,\xff\n2,,\n3,1e999,z'
    expected = (
        '{"id": "007", "x": "1.50", "t": "a \\"b\\"", "f(x)": 3.0}\n'
        '{"id": "1", "x": "nan", "t": "\ufffd", "f(x)": "nan"}\n'
        '{"id": "2", "x": "", "t": "", "f(x)": null}\n'
        '{"id": "3", "x": "1e999", "t": "z", "f(x)": "inf"}\n'
    )
    assert expected == ran(data, columns=["x"], format="jsonl").decode()


def test_jsonl_without_a_header_counts_the_columns() -> None:
    """Keys are then 1-based numbers, the new columns' too."""
    assert ran(b"5\n", format="jsonl") == b'{"1": "5", "2": 10.0}\n'
    assert ran(b"5\n", format="jsonl", as_names=["y"]) == b'{"1": "5", "y": 10.0}\n'


def test_jsonl_replaces_in_place() -> None:
    """A replaced column is a number under its old key or its new name."""
    data = b"a,x,b\n1,2,3\n4,,6\n"
    assert (
        ran(data, columns=["x"], replace=True, format="jsonl")
        == b'{"a": "1", "x": 4.0, "b": "3"}\n{"a": "4", "x": null, "b": "6"}\n'
    )
    assert (
        ran(data, columns=["x"], replace=True, format="jsonl", as_names=["y"])
        == b'{"a": "1", "y": 4.0, "b": "3"}\n{"a": "4", "y": null, "b": "6"}\n'
    )


@given(st.lists(st.binary(), min_size=1, max_size=5))
def test_jsonl_is_json_whatever_the_bytes(cells: list[bytes]) -> None:
    """Each line is one object, and no byte of the input could act on a terminal."""
    row = b",".join(b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells)
    (line,) = ran(b"1," + row + b"\n", header=False, columns=["1"], format="jsonl").decode().splitlines()
    values = list(json.loads(line).values())
    assert ["1", *(cell.decode("utf-8", "replace") for cell in cells), 2.0] == values
    assert line.isprintable()


# --- plain ------------------------------------------------------------


def test_plain_has_the_results_alone() -> None:
    """A row a line, one space between results, nan for a missing value, no header and no blank lines."""
    data = b"a,x\r\n1,2\r\n\r\n,4\r\n5,"
    assert ran(data, columns=["x"], format="plain") == b"4.0\n8.0\nnan\n"
    assert ran(data, columns=["a,x"], format="plain") == b"2.0 4.0\nnan 8.0\n10.0 nan\n"


# --- digits ------------------------------------------------------------


def test_a_transform_may_spell_its_digits() -> None:
    """With `spell` the digits are the transform's, as they are."""
    spelled = Transform(
        lambda values: values,
        lambda names: [f"f({name})" for name in names],
        is_vector=False,
        fmt=FLOATS["float64"],
        format_results=lambda values: [f"{value:.3e}" for value in np.ravel(values)],
    )
    got = outcome(b"x,y\n1.5,a\n,b\n", FilterOptions(), spelled)
    assert got.data == b"x,y,f(x)\n1.5,a,1.500e+00\n,b,\n"
