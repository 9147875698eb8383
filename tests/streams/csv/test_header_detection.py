"""Header or data: a number or a declared missing value in a chosen column of the first row is asked about."""

from __future__ import annotations

import pytest

from actcli.streams.csv.plan import FilterOptions
from tests.streams.csv.test_plan import ran
from tests.support.filtering import outcome

named = pytest.mark.parametrize
QUESTION = "use --no-header if it is data, or --header if these are names"

NUMBERS = ("0.5", "-2", "+7", " 3", "1e-3", ".5", "inf", "-Infinity", "nan", "0x1p-2", '"4.5"')
"""Cells that read as numbers."""


@named("cell", [*NUMBERS, "0", "1", "2"])
@named(
    ("first", "second", "columns"),
    [
        ("{},abc,x", "-2,def,y", []),
        ("abc,{},x", "def,5,y", []),
        ("{},abc,x", "-2,def,y", ["1"]),
        ("abc,x,{}", "def,y,3", ["-1"]),
        ("abc,{},x", "4,5,6", ["-3,-2"]),
        ("{0},{0},{0}", "4,5,6", ["1"]),
    ],
)
def test_number_in_a_chosen_column_is_asked_about(cell: str, first: str, second: str, columns: list[str]) -> None:
    """A number in a chosen column of the first row requires --header or --no-header; nothing is written before."""
    data = f"{first.format(cell)}\n{second}\n".encode()
    got = outcome(data, FilterOptions(columns=columns))
    assert got.data == b""
    assert got.error.startswith("UsageError: the first row ")
    assert got.error.endswith(QUESTION)


@named("cell", NUMBERS)
def test_both_answers(cell: str) -> None:
    """--no-header reads the first row as data, --header as names."""
    data = f"{cell},abc\n4,def\n".encode()
    assert ran(data, columns=["1"], header=False).splitlines()[1] == b"4,def,8.0"
    assert ran(data, columns=["1"], header=True).splitlines()[1:] == [b"4,def,8.0"]


@named(
    ("first", "columns", "last"),
    [
        ("name,2020,2021", ["2020"], "f(2020)"),
        ("name,2020,2021", ["2021,2020"], "f(2021),f(2020)"),
        ("2019,2020,2021", ["2020"], "f(2020)"),
        ("0.5,2020,x", ["2020"], "f(2020)"),
        ("0,x,y", ["0"], "f(0)"),
        ('"4",x,y', ["4"], "f(4)"),
    ],
)
def test_whole_number_that_is_no_index_is_a_name(first: str, columns: list[str], last: str) -> None:
    """A whole number that -c names and that is not a valid index is a name: years, an index from 0."""
    assert ran(f"{first}\n1,2,3\n".encode(), columns=columns).splitlines()[0] == f"{first},{last}".encode()


@named(
    ("first", "columns"),
    [
        ("name,2020,2021", ["-1"]),
        ("name,2020,2021", ["2"]),
        ("1,2,3", ["3"]),
        ("x,2.5,y", ["2.5"]),
        ("x,inf,y", ["inf"]),
        ("x, 2020,y", [" 2020"]),
        ("1,1,2", ["1"]),
    ],
)
def test_other_numbers_are_not_names(first: str, columns: list[str]) -> None:
    """A number is asked about if -c chooses it by index, or if it is also an index, no whole number, or ambiguous."""
    assert QUESTION in outcome(f"{first}\n4,5,6\n".encode(), FilterOptions(columns=columns)).error


@named(
    ("first", "columns"),
    [
        ("NA", []),
        (" NA ", []),
        ("NA,x", ["1"]),
        ("NA,x", []),
        ("x,n/a", ["-1"]),
        ('NA,"?"', ["1-2"]),
        ("-999,x", ["1"]),
    ],
)
def test_missing_value_in_a_chosen_column_is_asked_about(first: str, columns: list[str]) -> None:
    """A declared missing value in a chosen column of the first row is asked about like a number."""
    na = frozenset([b"NA", b"n/a", b"?", b"-999"])
    width = first.count(",") + 1
    data = f"{first}\n{','.join(['4', 'NA'][:width])}\n".encode()
    got = outcome(data, FilterOptions(columns=columns, na=na))
    assert got.data == b""
    assert got.error.startswith("UsageError: the first row has a ")
    assert got.error.endswith(QUESTION)
    for header in (True, False):
        assert ran(data, columns=columns or ["1"], na=na, header=header).count(b"\n") == 2


def test_missing_value_that_names_a_column() -> None:
    """A declared missing value that -c names is a name; in other columns, and if it is not declared, it is one too."""
    na = frozenset([b"NA"])
    assert ran(b"NA,x\n1,2\n", columns=["NA"], na=na) == b"NA,x,f(NA)\n1,2,2.0\n"
    assert ran(b"NA,x\n1,2\n", columns=["x"], na=na) == b"NA,x,f(x)\n1,2,4.0\n"
    assert ran(b"NA,x\n1,2\n", columns=["1"]) == b"NA,x,f(NA)\n1,2,2.0\n"


def test_numbers_in_other_columns_are_names() -> None:
    """A number in a column that is not chosen does not matter."""
    assert ran(b"2020,z\n1,2\n", columns=["z"]) == b"2020,z,f(z)\n1,2,4.0\n"
    assert ran(b"0.5,z\na,2\n") == b"0.5,z,f(z)\na,2,4.0\n"


def test_single_column() -> None:
    """A single column that starts with a number has no header."""
    assert ran(b"-3\n2\n") == b"-3,-6.0\n2,4.0\n"
    assert ran(b"-3\n2\n", columns=["1"]) == b"-3,-6.0\n2,4.0\n"
