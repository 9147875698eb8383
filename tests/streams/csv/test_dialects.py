"""Dialects: comments, skipped lines, `sep=;`, missing values, decimal commas, runs of blanks, ragged rows."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actcli.number_formats import FLOATS
from actcli.streams.csv.column_reader import read_columns
from actcli.streams.csv.fast_path import FastKernel
from actcli.streams.csv.plan import FilterOptions
from tests.support.filtering import Outcome, Pieces, cut, outcome, places, row_by_row, try_every_row
from tests.support.tiers import examples

named = pytest.mark.parametrize
shared = settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try the fast kernel on every row."""
    try_every_row(monkeypatch)


def everywhere(data: bytes, where: list[int], **given_options: Any) -> Outcome:
    """Run the filter with any pieces, in one and in two kernels: the outcome must be the same."""
    options = FilterOptions(**given_options)
    got = outcome(cut(data, where), options)
    assert row_by_row(data, options) == got
    return got


def read(data: bytes, where: list[int], options: FilterOptions) -> list[float]:
    """Return what commands that only read find in the first chosen column."""
    blocks = read_columns(Pieces(cut(data, where)), options, FLOATS["float64"])
    return [value for block in blocks for value in block.columns[0].values.tolist()]


# --- comments and skipped lines -------------------------------------------------------------------------------

rows = st.sampled_from(
    [b"1,a", b'2,"x\n#y"', b'"3","a ""b"" c"', b'-4,"#,"', b",\x00", b'5,a"b', b'6,"\r\n"', b'"8","x\n#y"']
)
others = st.sampled_from([b"", b"#", b'#"', b'#,"x', b'# "a", "b', b"#1,2", b'#"",', b"# \xff"])
lines = st.lists(st.tuples(st.booleans(), rows, others, st.sampled_from([b"\n", b"\r\n"])), max_size=12)
RESULTS = {
    b"1": b"2.0",
    b"2": b"4.0",
    b'"3"': b"6.0",
    b"-4": b"-8.0",
    b"": b"",
    b"5": b"10.0",
    b"6": b"12.0",
    b'"8"': b"16.0",
}


@shared
@given(lines, lines, places, st.integers(0, 3), st.booleans(), st.sampled_from(["fail", "nan", "skip"]))
@example([], [(True, b'2,"x\n#y"', b"", b"\n"), (False, b"", b'#,"x', b"\n")], [7], 0, False, "fail")
@example([], [(False, b"", b"#1,2", b"\n"), (True, b"1,a", b"", b"\n")], [], 0, False, "nan")
def test_comments_pass_through(
    quick: None,
    before: list[tuple[bool, bytes, bytes, bytes]],
    after: list[tuple[bool, bytes, bytes, bytes]],
    where: list[int],
    skip: int,
    is_open: bool,
    on_error: Literal["fail", "nan", "skip"],
) -> None:
    """Comments pass through before the header and between rows, whatever quotes they hold; so do skipped lines."""
    data = expected = b'junk "\r\n' * skip

    for _, _, other, ending in before:
        data += other + ending
        expected += other + ending
    data, expected = data + b"x,y\n", expected + b"x,y,f(x)\n"
    for is_row, row, other, ending in after:
        body = row if is_row else other
        data += body + ending
        expected += body + (b"," + RESULTS[row.partition(b",")[0]] if is_row else b"") + ending
    if is_open:
        data, expected = data.rstrip(b"\r\n"), expected.rstrip(b"\r\n")
    got = everywhere(data, where, columns=["x"], comment=b"#", skip_lines=skip, on_error=on_error)
    assert (got.data, got.error) == (expected, None)
    numbers = [float(RESULTS[row.partition(b",")[0]] or "nan") / 2 for is_row, row, _, _ in after if is_row]
    found = read(data, where, FilterOptions(columns=["x"], comment=b"#", skip_lines=skip))
    assert list(map(repr, found)) == list(map(repr, numbers))


def test_quotes_after_a_comment() -> None:
    """Wherever a read ends, the quotes of a comment open no cell, and those after a quoted cell in its row do."""
    data = b'#"\nx,y\n#,"\n"8","x\n#y"\n"9","\n#"\n'
    expected = b'#"\nx,y,f(x)\n#,"\n"8","x\n#y",16.0\n"9","\n#",18.0\n'
    for i in range(len(data)):
        assert everywhere(data, [i], columns=["x"], comment=b"#").data == expected


def test_comments_of_several_characters() -> None:
    """A comment may start with any text; a line that starts with less is a row."""
    got = everywhere(b'//,"\nx,y\n/,1\n//2,3\n4,5\n', [], columns=["y"], comment=b"//")
    assert got.data == b'//,"\nx,y,f(y)\n/,1,2.0\n//2,3\n4,5,10.0\n'


@named("format", ["plain", "jsonl"])
def test_comments_are_in_csv_only(format: Any) -> None:
    """Comments, skipped lines and `sep=` are no part of other formats."""
    data = b"junk\n#a\nx,y\n#b\n1,2\n"
    expected = {"plain": b"2.0\n", "jsonl": b'{"x": 1, "y": 2, "f(x)": 2.0}\n'}
    assert everywhere(data, [], columns=["x"], comment=b"#", skip_lines=1, format=format).data == expected[format]


def test_errors_count_all_lines() -> None:
    """The line of an error counts the lines that pass through."""
    data = b'sep=,\n"junk\n#a\nx,y\n#"b\n\n1,2\nz,2\n'
    got = everywhere(data, [], columns=["x"], comment=b"#", skip_lines=2)
    assert got.error == "DataError: FILE:8: column 'x': 'z' is not a number"


@named("data", [b"", b"a", b"a\n", b"a\nb", b"a\nb\n"])
def test_fewer_lines_than_are_skipped(data: bytes) -> None:
    """A file without rows after the skipped lines passes through."""
    assert everywhere(data, [], skip_lines=2, columns=["x"]).data == data
    assert everywhere(b"\xef\xbb\xbf" + data, [], skip_lines=3, columns=["x"]).data == b"\xef\xbb\xbf" + data


def test_comments_do_not_slow_the_file_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks without a comment still go through the fast kernel."""
    calls: list[int] = []
    kernel = FastKernel.__call__

    def spy(self: FastKernel, block: Any) -> Any:
        result = kernel(self, block)
        calls.append(result.rows if result else 0)
        return result

    monkeypatch.setattr(FastKernel, "__call__", spy)
    data = b"# start\nx,y\n" + b"1.5,abc\n" * 100_000 + b"# middle\n" + b"2.5,abc\n" * 100_000
    got = outcome(data, FilterOptions(columns=["x"], comment=b"#"))
    assert got.data.count(b",3.0\n") == got.data.count(b",5.0\n") == 100_000
    assert sum(calls) > 180_000


# --- sep= -----------------------------------------------------------------------------------------------------


@shared
@given(st.sampled_from(";,\t|: "), st.sampled_from(["sep={}", '"sep={}"', "SEP={}", "Sep={}"]), places, st.booleans())
def test_separator_line(quick: None, delimiter: str, line: str, where: list[int], bom: bool) -> None:
    """A first line `sep=;` sets the delimiter and passes through, after a byte order mark too."""
    first = b"\xef\xbb\xbf" * bom + line.format(delimiter).encode() + b"\r\n"
    d = delimiter.encode()
    data = first + d.join([b"x", b"y"]) + b"\r\n" + d.join([b"1", b"a"]) + b"\r\n"
    expected = first + d.join([b"x", b"y", b"f(x)"]) + b"\r\n" + d.join([b"1", b"a", b"2.0"]) + b"\r\n"
    assert everywhere(data, where, columns=["x"], takes_sep=True).data == expected
    assert everywhere(data, where, takes_sep=True).data == expected
    assert read(data, where, FilterOptions(columns=["x"], takes_sep=True)) == [1.0]


@shared
@given(st.sampled_from([";", " "]), st.lists(st.sampled_from([b'#"', b'# "a', b"#"]), max_size=4), places)
def test_comments_after_a_separator_line(quick: None, delimiter: str, comments: list[bytes], where: list[int]) -> None:
    """Comments are those of the delimiter that the line `sep=` sets: after blanks only where blanks delimit."""
    d = delimiter.encode()
    start = b"sep=" + d + b"\n"
    between = b"".join(b" " * (d == b" ") + comment + b"\n" for comment in comments)
    data = start + between + d.join([b"x", b'"y\nz"']) + b"\n" + between + d.join([b"1", b'"a\nb"']) + b"\n" + between
    expected = start + between + d.join([b"x", b'"y\nz"', b"f(x)"]) + b"\n"
    expected += between + d.join([b"1", b'"a\nb"', b"2.0"]) + b"\n" + between
    got = everywhere(data, where, columns=["x"], takes_sep=True, comment=b"#")
    assert (got.data, got.error) == (expected, None)


@named("line", [b"sep=;;\n", b"sep=\n", b"sep\n", b"sep=;", b" sep=;\n", b"sep;\n", b"separator\n", b's"ep=;\n'])
def test_other_first_lines_are_headers(line: bytes) -> None:
    """Any other first line is the header."""
    got = everywhere(line + b"1\n" * line.endswith(b"\n"), [1, 2, 3], header=True, takes_sep=True)
    assert got.error is None
    assert got.data.startswith(line.rstrip(b"\n") + b",")


def test_given_delimiter_wins() -> None:
    """A delimiter that the user chose is not changed by the line `sep=`, which passes through."""
    assert everywhere(b"sep=;\nx,y\n1,a\n", [], delimiter=",").data == b"sep=;\nx,y,f(x)\n1,a,2.0\n"


# --- missing values -------------------------------------------------------------------------------------------

TOKENS = [b"NA", b"NULL", b"-999", b"nan", b"?", b"\\N", b"1e5", b"n/a"]


@shared
@given(st.lists(st.sampled_from([*TOKENS, b"-998", b"2", b"", b"-999.0"]), max_size=12), places, st.booleans())
def test_missing_values(quick: None, cells: list[bytes], where: list[int], replaced: bool) -> None:
    """A declared missing value passes through and gives an empty result, quoted or with blanks around it too."""
    wraps = [b"%b", b'"%b"', b" %b ", b'" %b"']
    texts = [wraps[i % 4] % cell for i, cell in enumerate(cells)]
    results = [b"" if not cell or cell in TOKENS else repr(2 * float(cell)).encode() for cell in cells]
    data = b"x,y\n" + b"".join(text + b",z\n" for text in texts)
    pairs = zip(texts, results, strict=True)
    if replaced:
        expected = b"x,y\n" + b"".join((result or text) + b",z\n" for text, result in pairs)
    else:
        expected = b"x,y,f(x)\n" + b"".join(text + b",z," + result + b"\n" for text, result in pairs)
    got = everywhere(data, where, columns=["x"], na=frozenset(TOKENS), replace=replaced)
    assert (got.data, got.error) == (expected, None)


def test_missing_values_are_exact_texts() -> None:
    """A missing value is compared as text: case and digits count."""
    assert everywhere(b"x,y\nNa,1\n", [], columns=["x"], na=frozenset([b"NA"])).error is not None
    assert everywhere(b"x,y\n-9.0,1\n", [], columns=["x"], na=frozenset([b"-9"])).data == b"x,y,f(x)\n-9.0,1,-18.0\n"


# --- decimal commas -------------------------------------------------------------------------------------------


@shared
@given(st.lists(st.floats() | st.integers(-9, 9), max_size=12), places, st.sampled_from(";\t, "), st.booleans())
def test_decimal_commas(quick: None, values: list[float], where: list[int], delimiter: str, replaced: bool) -> None:
    """With decimal commas the output is that of points with every point a comma, quoted where commas delimit."""
    quote = '"{}"' if delimiter == "," else "{}"

    def comma(value: float) -> str:
        text = repr(value).replace(".", ",")
        return quote.format(text) if "," in text else text

    def row(*cells: str) -> str:
        return delimiter.join(cells) + "\n"

    data = row("x", "y") + "".join(row(comma(value), "1.5") for value in values)
    doubles = [comma(2.0 * value) for value in values]
    if replaced:
        expected = row("x", "y") + "".join(row(double, "1.5") for double in doubles)
    else:
        pairs = zip(values, doubles, strict=True)
        expected = row("x", "y", "f(x)") + "".join(row(comma(value), "1.5", double) for value, double in pairs)
    options = {"columns": ["x"], "delimiter": delimiter, "decimal": ",", "replace": replaced}
    got = everywhere(data.encode(), where, **options)
    assert (got.data.decode(), got.error) == (expected, None)
    plain = everywhere(data.encode(), where, **options, format="plain").data.decode()
    assert plain.splitlines() == [double.strip('"') for double in doubles]


@named(
    ("cell", "value"),
    [("1,5", "1.5"), ("-12", "-12"), ("1.5", '"1.5"'), ("1.234,5", '"1.234,5"'), ("a", '"a"'), ("", '""')],
)
def test_json_has_points(cell: str, value: str) -> None:
    """In JSON a decimal comma becomes a point, and a cell with a point stays a string."""
    data = f"x;y\n2,5;{cell}\n".encode()
    got = everywhere(data, [], columns=["x"], delimiter=";", decimal=",", format="jsonl")
    assert got.data.decode() == f'{{"x": 2.5, "y": {value}, "f(x)": 5.0}}\n'


@named("cell", [b"1.5", b"1.000,5", b"1,5,0", b",", b"1.e3"])
def test_points_are_no_decimal_commas(cell: bytes) -> None:
    """With decimal commas a point is an error."""
    assert everywhere(b"x;y\n%b;1\n" % cell, [], columns=["x"], delimiter=";", decimal=",").error is not None


def test_unquoted_decimal_comma_between_commas() -> None:
    """Where commas separate cells too, the error of a ragged row says how to tell them apart."""
    error = everywhere(b"x,y\n1,5,2\n", [], columns=["x"], decimal=",").error
    assert error == (
        "DataError: FILE:2: 3 cells, but the header has 2; with commas in numbers, separate cells by another character "
        "(-d ';'), or quote the numbers"
    )


def test_header_detection_knows_decimal_commas() -> None:
    """A number with a decimal comma in the first row is asked about, and a single column has no header."""
    error = everywhere(b"1,5;a\n2,5;b\n", [], delimiter=";", decimal=",").error
    assert error is not None
    assert error.endswith("use --no-header if it is data, or --header if these are names")
    assert everywhere(b"1,5\n2\n", [], delimiter=";", decimal=",").data == b"1,5;3,0\n2;4,0\n"


# --- runs of blanks -------------------------------------------------------------------------------------------

runs = st.sampled_from([b" ", b"  ", b"\t", b" \t ", b"     "])
edges = st.sampled_from([b"", b"", b" ", b"   ", b"\t"])
blank_cells = st.sampled_from([b"a", b'"b c"', b'"d\n e"', b"1.5", b'f"g', b"h,i", b'"j ""k"""', b'""', b"\xff"])


@shared
@given(st.lists(st.tuples(edges, runs, blank_cells, runs, edges, st.booleans()), max_size=10), places, st.booleans())
def test_runs_of_blanks(quick: None, table: list[Any], where: list[int], replaced: bool) -> None:
    """Runs of blanks are one delimiter, those around a row none; all bytes pass through."""
    data = b"  name x\t n \n"
    expected = data if replaced else b"  name x\t n  f(x)\n"
    for i, (start, first, cell, second, end, is_blank) in enumerate(table):
        if is_blank:
            data += end + b"\r\n"
            expected += end + b"\r\n"
        body = start + cell + first + b"%b" + second + b"0" + end
        data += body % b"%d" % i + b"\n" if b"%" not in cell else b""
        number = repr(2.0 * i).encode()
        expected += (body % number if replaced else body % (b"%d" % i) + b" " + number) + b"\n"
    got = everywhere(data, where, columns=["x"], delimiter=" ", replace=replaced)
    assert (got.data, got.error) == (expected, None)
    numbers = [float(i) for i in range(len(table))]
    assert read(data, where, FilterOptions(columns=["x"], delimiter=" ")) == numbers


@shared
@given(st.lists(st.text(alphabet=" \t1a", max_size=7), max_size=8), places, st.sampled_from(["nan", "skip"]))
@example(["1  1"], [], "nan")
@example([" 1 1"], [], "nan")
@example(["1 1 "], [], "nan")
@example(["1 1\t1 1"], [], "skip")
def test_cells_between_blanks_are_words(quick: None, table: list[str], where: list[int], on_error: Any) -> None:
    """The cells are the words that str.split finds; a row with more or fewer is ragged."""
    bodies = ["1 1 1", *table, "1 1 1"]
    expected = "x y z f(x)\n"
    for body in bodies:
        words = body.split()
        if words and len(words) != 3 and on_error == "nan":
            break
        number = "nan" if "a" in "".join(words[:1]) else repr(2 * float(words[0])) if words else ""
        if not words:
            expected += body + "\n"
        elif len(words) == 3 and not (number == "nan" and on_error == "skip"):
            expected += f"{body} {number}\n"
    data = "x y z\n" + "".join(body + "\n" for body in bodies)
    got = everywhere(data.encode(), where, columns=["x"], delimiter=" ", on_error=on_error)
    assert got.data.decode() == expected


@named("ending", [b"", b"\n", b"\r\n"])
@named("lead", [b"", b"\xef\xbb\xbf", b"\n", b" \n", b"#a\n"])
def test_blanks_without_rows(lead: bytes, ending: bytes) -> None:
    """A file of nothing but blanks passes through, also where no line end follows them."""
    data = lead + b" \t" + ending
    assert everywhere(data, [1], columns=["x"], delimiter=" ", comment=b"#").data == data


def test_missing_result_between_blanks(quick: None) -> None:
    """A missing result is a quoted empty cell, so that rows keep their width; comments may be indented."""
    got = everywhere(
        b'x y\n1 a\nNA b\n  # c\n"" d\n', [], columns=["x"], delimiter=" ", na=frozenset([b"NA"]), comment=b"#"
    )
    assert got.data == b'x y f(x)\n1 a 2.0\nNA b ""\n  # c\n"" d ""\n'
    again = outcome(got.data, FilterOptions(columns=["f(x)"], delimiter=" ", comment=b"#"))
    assert again.data == b'x y f(x) f(f(x))\n1 a 2.0 4.0\nNA b "" ""\n  # c\n"" d "" ""\n'


# --- ragged rows ----------------------------------------------------------------------------------------------


@shared
@given(st.lists(st.sampled_from([b"1,a", b"2", b"3,b,c", b"q,d", b'"4","\n"', b"", b"5,", b"#"]), max_size=14), places)
def test_ragged_rows_are_skipped(quick: None, bodies: list[bytes], where: list[int]) -> None:
    """Under --on-error skip rows of another width are dropped and counted, and all others are as before."""
    kept = [body for body in bodies if body not in (b"2", b"3,b,c", b"q,d", b"#")]
    data = b"x,y\n" + b"".join(body + b"\n" for body in bodies)
    got = everywhere(data, where, columns=["x"], on_error="skip")
    clean = outcome(b"x,y\n" + b"".join(body + b"\n" for body in kept), FilterOptions(columns=["x"]))
    assert (got.data, got.error) == (clean.data, None)
    assert got.report is not None
    ragged = sum(body in (b"2", b"3,b,c", b"#") for body in bodies)
    assert (got.report.ragged, got.report.skipped) == (ragged, bodies.count(b"q,d"))
    options = FilterOptions(columns=["x"], on_error="skip")
    blocks = list(read_columns(Pieces(cut(data, where)), options, FLOATS["float64"]))
    assert sum(block.ragged for block in blocks) == ragged


def test_ragged_rows_before_the_default_column() -> None:
    """The default column depends on the first row that is not ragged; a file of ragged rows alone is an error."""
    assert everywhere(b"x,y\n1\n2,3,4\na,5\n", [], on_error="skip").data == b"x,y,f(y)\na,5,10.0\n"
    many = b"x,y\n" + b"1\n" * 2000
    assert everywhere(many, [], on_error="skip").error == "DataError: FILE:1002: 1 cell, but the header has 2"
    assert everywhere(many, [], on_error="skip", columns=["x"]).data == b"x,y,f(x)\n"


def test_regular_files_do_not_depend_on_the_options() -> None:
    """A dialect that a file does not use changes nothing."""
    data = b'x,y\n1.5,"a, b"\n\n-2,c\r\n,d\n' * 3
    plain = outcome(data.replace(b"x,y\n", b"", 2), FilterOptions(header=False, columns=["1"], on_error="nan"))
    options = FilterOptions(
        header=False, columns=["1"], on_error="nan", comment=b"#", na=frozenset([b"NA"]), takes_sep=True
    )
    assert outcome(data.replace(b"x,y\n", b"", 2), options).data == plain.data
