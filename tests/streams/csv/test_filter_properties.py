"""Properties of the filter for every input."""

from __future__ import annotations

import csv
import io

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from actcli.number_text import is_number, read_number
from actcli.streams.csv.plan import FilterOptions
from tests.support.filtering import cut, oracle, outcome, places
from tests.support.tiers import examples

numbers = st.one_of(
    st.floats().map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["", '""', '"1.5"', " 2\t", '" -.5e3 "', "0x1p-3", "-Infinity", "007", "0.10", "-0"]),
).map(str.encode)
bare = st.binary(max_size=6).filter(lambda cell: not cell.startswith(b'"') and not set(cell) & set(b",\r\n"))
quoted = st.tuples(st.binary(max_size=6), bare).map(
    lambda parts: b'"' + parts[0].replace(b'"', b'""') + b'"' + parts[1]
)
cells = st.one_of(bare, quoted, st.sampled_from([b'"\r\n"', b'","', b'""""', b'a"b', b"\xff\xfe", b"\x00"]))
endings = st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\n\r\n"])


@st.composite
def numeric_tables(draw: st.DrawFn) -> tuple[bytes, int]:
    """CSV bytes, and the 0-based column whose cells are numbers or missing in every row but the header."""
    width = draw(st.integers(1, 4))
    column = draw(st.integers(0, width - 1))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))
    for row in rows[1:]:
        row[column] = draw(numbers)
    data = b"".join(b",".join(row) + draw(endings) for row in rows)
    if draw(st.booleans()):
        data = data.rstrip(b"\r\n")
    assume(not data.startswith((b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")))  # rejected as other formats
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + data, column


@settings(max_examples=examples(400))
@given(numeric_tables(), places)
@example((b'a,"b"\r\n1,"2\n3"\n\n,x', 0), [])
def test_table_is_preserved_with_one_new_column(table: tuple[bytes, int], where: list[int]) -> None:
    """A table with a numeric column, as csv.reader reads it, is preserved byte for byte with the results appended."""
    data, column = table
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    read = [row for row in csv.reader(io.StringIO(data.removeprefix(bom).decode("latin-1"), newline="")) if row]
    assume(read and len({len(row) for row in read}) == 1)
    texts = [row[column].strip(" \t") for row in read[1:]]
    assume(all(not text or is_number(text) for text in texts))

    rows, line = oracle(data.removeprefix(bom), b",")
    assert line is None
    assert read == [[c.decode("latin-1") for c in row.texts] for row in rows if row.body]
    expected = bom
    new = iter([None, *texts])
    for row in rows:
        expected += row.body
        if row.body:
            text = next(new)
            value = b"NAME" if text is None else repr(2 * read_number(text)).encode() if text else b""
            expected += b"," + value
        expected += row.ending

    options = FilterOptions(columns=[str(column + 1)], header=True, as_names=["NAME"])
    assume(b"NAME" not in rows[0].texts and str(column + 1) not in read[0])
    got = outcome(cut(data, where), options)
    assert got.error is None
    assert expected == got.data
    assert got.report is not None
    assert len(texts) == got.report.rows


anything = st.one_of(
    numeric_tables().map(lambda table: table[0]),
    st.text(alphabet=',"\n\r a1.', max_size=40).map(str.encode),
    st.binary(max_size=40),
)
anyhow = st.builds(
    FilterOptions,
    columns=st.sampled_from([[], ["1"], ["-1"], ["1", "2"], ["a"]]),
    header=st.sampled_from([None, True, False]),
    delimiter=st.sampled_from([",", "a", "1"]),
    on_error=st.sampled_from(["fail", "nan", "skip"]),
    replace=st.booleans(),
    format=st.sampled_from(["csv", "csv", "jsonl", "json", "plain", "arrays"]),
)


@settings(max_examples=examples(600))
@given(anything, anyhow, places)
def test_output_independent_of_read_sizes(data: bytes, options: FilterOptions, where: list[int]) -> None:
    """Output, report and error are the same for reads of any size, and no input ends in a traceback."""
    assert outcome(data, options) == outcome(cut(data, where), options)
    assert outcome(data, options) == outcome([data[i : i + 1] for i in range(len(data))], options)


@settings(max_examples=examples(300))
@given(anything, anyhow)
def test_output_is_whole_rows(data: bytes, options: FilterOptions) -> None:
    """The output, also before an error, is rows of one width that are in the input, each with its new cells."""
    got = outcome(data, options)
    assume(options.format == "csv" and not options.replace)
    delimiter = options.delimiter.encode()
    rows, _ = oracle(got.data.removeprefix(b"\xef\xbb\xbf"), delimiter)
    came, _ = oracle(data.removeprefix(b"\xef\xbb\xbf"), delimiter)
    filled = [row for row in rows if row.body]
    assert len({len(row.cells) for row in filled}) <= 1
    bodies = [row.body + row.ending for row in came if row.body]
    for row in filled:
        assert any(row.body.startswith(body.rstrip(b"\r\n")) for body in bodies)
    if got.error is not None and filled:
        assert filled[-1].ending
