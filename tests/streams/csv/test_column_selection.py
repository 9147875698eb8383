"""The columns that -c chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.errors import UsageError
from actcli.streams.csv.column_selection import describe, select_columns

HEADER = ["id", "x,y", "b", "2", "b", "", "long name"]
FIRST = ["a", "c", "1.5", "d", "e", "f", "g"]


def chosen(*specs: str, header: list[str] | None = HEADER, width: int = 7) -> list[int]:
    return select_columns(specs, header, width, FIRST[:width])


def refusal(*specs: str, header: list[str] | None = HEADER, width: int = 7) -> str:
    with pytest.raises(UsageError) as caught:
        chosen(*specs, header=header, width=width)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        (["id"], [0]),
        (["x,y"], [1]),
        (['"x,y",id'], [1, 0]),
        (["id", "x,y"], [0, 1]),
        (["2"], [3]),
        (["1"], [0]),
        (["-1"], [6]),
        (["-7"], [0]),
        (["+3"], [2]),
        (["3,5"], [2, 4]),
        (["long name,1"], [6, 0]),
        ([""], [5]),
        (["id,"], [0, 5]),
    ],
)
def test_names_precede_indices(specs: list[str], expected: list[int]) -> None:
    """A spec is a whole header name first, then a CSV record of names and 1-based indices."""
    assert expected == chosen(*specs)


def test_headerless_columns_have_only_indices() -> None:
    """Without a header, columns are chosen by index."""
    assert chosen("2,-1", header=None) == [1, 6]
    assert refusal("id", header=None) == "unknown column 'id': 7 columns without a header"


def test_default_is_only_numeric_column() -> None:
    """Without a spec the only column whose first cell is a number, blanks around it or not, is chosen."""
    assert chosen() == [2]
    assert select_columns([], ["a", "b"], 2, ["x", "\t-inf "]) == [1]


def test_single_column_is_default() -> None:
    """A single column is the default whatever it holds, and before any data."""
    assert select_columns([], ["a"], 1, ["word"]) == [0]
    assert select_columns([], ["a"], 1, None) == [0]


def test_ambiguous_default_lists_columns() -> None:
    """No numeric column, several, or no data are an error that lists the columns."""
    none, two = select_error(["x", "y"]), select_error(["1", "2"])
    assert none == "no column starts with a number: choose with -c from 2 columns ('a', 'b')"
    assert two == "2 columns start with a number: choose with -c from 2 columns ('a', 'b')"
    assert select_error(None).startswith("the default column requires a row of data")


def select_error(first: list[str] | None) -> str:
    with pytest.raises(UsageError) as caught:
        select_columns([], ["a", "b"], 2, first)
    return str(caught.value)


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        (["lnog name"], "unknown column 'lnog name': did you mean 'long name'?"),
        (["ID"], "unknown column 'ID': did you mean 'id'?"),
        (["zzz"], "unknown column 'zzz': 7 columns ('id', 'x,y', 'b'"),
        (["b"], "2 columns are named 'b': choose by index (3, 5)"),
        (["8"], "unknown column 8: 7 columns"),
        (["0"], "unknown column 0: 7 columns"),
        (["-8"], "unknown column -8: 7 columns"),
        (["9" * 5000], "unknown column '999"),
        (["id", "1"], "column 'id' is chosen twice"),
        (["id,id"], "column 'id' is chosen twice"),
        (['"id'], "as a list of columns"),
        (["a\x1b[2J"], "unknown column 'a\\x1b[2J'"),
        (["٣"], "unknown column '٣'"),
    ],
)
def test_errors_state_a_remedy(specs: list[str], message: str) -> None:
    """An unknown or ambiguous column is an error with the nearest name, the indices or the list of columns."""
    assert message in refusal(*specs)


def test_non_utf8_names_can_be_chosen() -> None:
    """A name that is not UTF-8 is chosen by the same bytes in an argument."""
    assert chosen("caf\udce9", header=["caf\udce9"], width=1) == [0]


def test_describe() -> None:
    """A message names a column by its name, or by its index without a header."""
    assert describe(1, HEADER) == "column 'x,y'"
    assert describe(1, None) == "column 2"


@given(st.lists(st.text(), min_size=1, max_size=8, unique=True), st.data())
def test_every_name_finds_its_column(header: list[str], data: st.DataObject) -> None:
    """Each name of a header of any characters chooses its own column."""
    place = data.draw(st.integers(0, len(header) - 1))
    assert [place] == select_columns([header[place]], header, len(header), None)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["n;z"], "; if its columns are separated by semicolons, use -d ';'"),
        (["n\tz"], "; if its columns are separated by tabs, use -d tab"),
        (["n|z"], "; if its columns are separated by bars, use -d '|'"),
        (["n", "a;z"], ""),
    ],
)
def test_hint_at_another_delimiter(header: list[str], message: str) -> None:
    """If the only name looks like several with another delimiter, the error suggests that one."""
    with pytest.raises(UsageError) as caught:
        select_columns(["z"], header, len(header), None)
    assert str(caught.value).endswith(message)
    assert ("-d" in str(caught.value)) == bool(message)
