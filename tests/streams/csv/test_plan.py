"""The decisions before the first data row, observed through the filter."""

from __future__ import annotations

from typing import Any

import pytest

from actcli.streams.csv.plan import FilterOptions
from tests.support.filtering import doubled, outcome, summed


def ran(data: bytes, **options: Any) -> bytes:
    got = outcome(data, FilterOptions(**options))
    assert got.error is None
    return got.data


def refused(data: bytes, outputs: int = 1, **options: Any) -> str:
    """The usage error that a run ends with, before anything has gone out."""
    got = outcome(data, FilterOptions(**options), doubled(outputs=outputs))
    assert got.error is not None
    assert got.data == b""
    kind, _, message = got.error.partition(": ")
    assert kind == "UsageError"
    assert message.isprintable()
    return message


# --- header ------------------------------------------------------------


def test_single_number_is_data() -> None:
    """A file of one column that starts with a number has no header; any other file has one."""
    assert ran(b"-3\n") == b"-3,-6.0\n"
    assert ran(b"\n\nnan\n") == b"\n\nnan,nan\n"
    assert ran(b'" 1.5"\n') == b'" 1.5",3.0\n'
    assert ran(b"x\n-3\n") == b"x,f(x)\n-3,-6.0\n"
    assert ran(b"1,y\na,5\n") == b"1,y,f(y)\na,5,10.0\n"


def test_header_option_decides() -> None:
    """With header=False the first row is data, with header=True it is names, numeric or not."""
    assert ran(b"a,5\n", header=False) == b"a,5,10.0\n"
    assert ran(b"5\n6\n", header=True) == b"5,f(5)\n6,12.0\n"


def test_header_alone() -> None:
    """A file that ends after its header gives the header with the new name."""
    assert ran(b"x") == b"x,f(x)"
    assert ran(b"x,y\r\n", columns=["y"]) == b"x,y,f(y)\r\n"
    assert ran(b"x,y\n\n", columns=["1"]) == b"x,y,f(x)\n\n"
    assert "the default column requires a row of data" in refused(b"x,y\n")


def test_empty_input() -> None:
    """Empty input gives empty output, and blank lines and a BOM alone pass through, whatever the columns."""
    for data in (b"", b"\n\r\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xef"[:0]):
        assert data == ran(data, columns=["nope"])
    assert ran(b"\n\n", format="jsonl") == b""
    assert ran(b"\xef\xbb\xbf\n", format="plain") == b""


def test_bom_stays_first() -> None:
    """A byte order mark precedes the header and is not part of the first name."""
    assert ran(b"\xef\xbb\xbfx,y\n1,a\n", columns=["x"]) == b"\xef\xbb\xbfx,y,f(x)\n1,a,2.0\n"
    assert ran(b'\xef\xbb\xbf\n"x"\n1\n') == b'\xef\xbb\xbf\n"x",f(x)\n1,2.0\n'
    assert ran(b"\xef\xbb\xbf1\n") == b"\xef\xbb\xbf1,2.0\n"


# --- names ------------------------------------------------------------


def test_new_headers_are_quoted_for_the_delimiter() -> None:
    """A new name is quoted exactly if it contains the delimiter or a quote."""
    assert ran(b'"a,b",c\n1,x\n') == b'"a,b",c,"f(a,b)"\n1,x,2.0\n'
    assert ran(b"a,b;c\n1;x\n", delimiter=";") == b"a,b;c;f(a,b)\n1;x;2.0\n"
    assert ran(b'"say ""x"""\n1\n') == b'"say ""x""","f(say ""x"")"\n1,2.0\n'


def test_non_utf8_header() -> None:
    """The new name holds the bytes of the old one."""
    assert ran(b"caf\xe9\n1\n") == b"caf\xe9,f(caf\xe9)\n1,2.0\n"


def test_as_names_new_columns() -> None:
    """as_names names each new column, also one that replaces another."""
    assert ran(b"x\n1\n", as_names=["y z"]) == b"x,y z\n1,2.0\n"
    assert ran(b"x,v\n1,a\n", as_names=["u"], replace=True) == b"u,v\n2.0,a\n"
    assert ran(b"x,v\n1,a\n", as_names=["x"], replace=True) == b"x,v\n2.0,a\n"
    assert ran(b"x,v\n1,a\n", as_names=[""], replace=True) == b'"",v\n2.0,a\n'


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"x,f(x)\n1,a\n", {}, "column 'f(x)' already exists"),
        (b"x,v\n1,a\n", {"as_names": ["v"]}, "column 'v' already exists"),
        (b"x,v\n1,a\n", {"as_names": ["v"], "replace": True}, "column 'v' already exists"),
        (b"x,y\n1,2\n", {"columns": ["x,y"], "as_names": ["a", "a"]}, "two new columns have the name 'a'"),
        (b"x,y\n1,2\n", {"columns": ["x,y"], "as_names": ["a"]}, "--as gives 1 name, but there are 2 new columns"),
        (b"x\n1\n", {"as_names": ["a\x1b[2J", "b"]}, "--as gives 2 names, but there is 1 new column"),
        (b"x\n1\n", {"delimiter": "::"}, "the delimiter must be one ASCII character"),
        (b"x y\n1 2\n", {"delimiter": "  "}, "not '  ': for any run of blanks use -d ' '"),
        (b"x,y\n1,2\n", {}, "2 columns start with a number"),
        (b"x,y\n1,2\n", {"columns": ["z"]}, "unknown column 'z'"),
        (b"1\n", {"columns": ["z"]}, "unknown column 'z': 1 column without a header"),
        (b"x,x,f(x)\n1,2,\n", {"columns": ["1"]}, "column 'f(x)' already exists"),
        (b"x,x,y\n1,2,\n", {"columns": ["y"], "format": "jsonl"}, "the header has 'x' twice"),
        (b"x,x\n1,2\n", {"columns": ["1"], "format": "jsonl", "replace": True}, "the header has 'x' twice"),
        (b"1\n", {"format": "jsonl", "as_names": ["1"]}, "column '1' already exists"),
    ],
)
def test_options_that_do_not_fit(data: bytes, options: dict[str, Any], message: str) -> None:
    """Options that do not fit the file are an error before anything is written."""
    assert message in refused(data, **options)


def test_replace_requires_one_output_per_column() -> None:
    """Two outputs cannot replace one column."""
    assert "but 1 column would become 2" in refused(b"x\n1\n", outputs=2, replace=True)


def test_replacing_one_of_two_equal_names() -> None:
    """A duplicate name may stay when its column is replaced."""
    assert ran(b"x,x\n1,2\n", columns=["1"], replace=True) == b"x,x\n2.0,2\n"


def test_no_name_clash_without_header() -> None:
    """Without a header in the output a new name cannot clash."""
    assert ran(b"1,a\n", header=False, as_names=["2"]) == b"1,a,2.0\n"
    assert ran(b"x,f(x)\n1,a\n", format="plain") == b"2.0\n"


def test_vector_names() -> None:
    """A vector transform names its outputs after all chosen columns, in their order."""
    got = outcome(b"a,b\n1,3\n", FilterOptions(columns=["b,a"]), summed())
    assert got.data == b"a,b,s(b),s(a)\n1,3,0.75,0.25\n"
