"""The columns that -c chooses."""

from __future__ import annotations

from fnmatch import fnmatchcase

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


WIDE = ["u1", "u2", "u10", "v", "[x]", "x*", "1-2", "U3"]


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        (["2-5"], [1, 2, 3, 4]),
        (["2-4,8"], [1, 2, 3, 7]),
        (["8,2-4", "1"], [7, 1, 2, 3, 0]),
        (["7-"], [6, 7]),
        (["3-3"], [2]),
        (["-2--1"], [6, 7]),
        (["7--1"], [6, 7]),
        (["1-2"], [6]),  # a header name
        (["u*"], [0, 1, 2]),
        (["u?"], [0, 1]),
        (["[uv]*"], [0, 1, 2, 3]),
        (["*[!0-9]"], [3, 4, 5]),
        (["[x]"], [4]),  # header names
        (["x*"], [5]),
        (["v,u*", "-1"], [3, 0, 1, 2, 7]),
        (["*"], [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_ranges_and_patterns(specs: list[str], expected: list[int]) -> None:
    """A part of a spec that is no header name may be a range of indices or a pattern of names."""
    assert expected == chosen(*specs, header=WIDE, width=8)


def test_ranges_without_header() -> None:
    """Without a header a range of indices chooses columns, and a pattern none."""
    assert chosen("2-3,7", header=None) == [1, 2, 6]
    assert refusal("*", header=None) == "unknown column '*': 7 columns without a header"


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        (["7-9"], "unknown column 9 in '7-9': the last of 8 is column 'U3'"),
        (["9-"], "unknown column 9 in '9-': the last of 8 is column 'U3'"),
        (["0-3"], "unknown column 0 in '0-3': the last of 8 is column 'U3'"),
        (["-9-3"], "unknown column -9 in '-9-3': the last of 8 is column 'U3'"),
        (["11-2"], "unknown column 11 in '11-2': did you mean '1-2'?"),
        (["4-2"], "the range '4-2' is empty: write the smaller index first"),
        (["-1-2"], "the range '-1-2' is empty"),
        (["w*"], "unknown column 'w*': 8 columns ('u1', 'u2'"),
        (["V*"], "unknown column 'V*': did you mean 'v'?"),
        (["u*,2"], "column 'u2' is chosen twice"),
        (["2-4,3"], "column 'u10' is chosen twice"),
        (["-"], "unknown column '-': 8 columns"),
        (["2:3"], "unknown column '2:3': write a range of indices as 2-3"),
        (["2.."], "unknown column '2..': write a range of indices as 2-"),
        (["1-2-3"], "unknown column '1-2-3': did you mean '1-2'?"),
    ],
)
def test_errors_of_ranges_and_patterns(specs: list[str], message: str) -> None:
    """A range beyond the columns, an empty one, and a pattern without a match are errors with a remedy."""
    assert message in refusal(*specs, header=WIDE, width=8)


def test_hostile_pattern_ends() -> None:
    """A pattern of many stars takes no exponential time."""
    assert "unknown column" in refusal("*a" * 60 + "b", header=["a" * 3000, "b"], width=2)


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


def expected_columns(spec: str, header: list[str]) -> list[int] | None:
    """Return the columns of a spec without commas and quotes, by the rules in order; None for an error."""
    width = len(header)
    indices = {**{str(i + 1): i for i in range(width)}, **{str(i - width): i for i in range(width)}}
    if spec in header:
        return [header.index(spec)] if header.count(spec) == 1 else None
    if spec in indices:
        return [indices[spec]]
    for cut in range(1, len(spec)):
        first, last = spec[:cut], spec[cut + 1 :] or "-1"
        if spec[cut] == "-" and first.lstrip("-").isdigit() and last.lstrip("-").isdigit():
            if first not in indices or last not in indices:
                return None
            return list(range(indices[first], indices[last] + 1)) or None
    if set(spec) & set("*?["):
        return [i for i, name in enumerate(header) if fnmatchcase(name, spec)] or None
    return None


@given(st.lists(st.text("ab1-*", max_size=3), min_size=1, max_size=6), st.text("ab123-*?[]", min_size=1, max_size=5))
def test_every_spec_follows_the_rules(header: list[str], spec: str) -> None:
    """A spec is a header name, an index, a range of indices, or a pattern, in this order; anything else is an error."""
    expected = expected_columns(spec, header)
    if expected is None:
        refusal(spec, header=header, width=len(header))
    else:
        assert expected == select_columns([spec], header, len(header), None)


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
