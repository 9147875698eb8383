"""CSV files in the shapes of real ones: of statistics packages, spreadsheets, databases and instruments.

What is expected of a file in real_files is written by hand: the x of each line, of which mpmath computes the result;
or the one-line error.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import mpmath
import pytest

from tests.support.processes import rows, run

named = pytest.mark.parametrize
FILES = Path(__file__).parent / "real_files"


class Lines(NamedTuple):
    """A file whose lines get a new cell.

    args       the arguments
    x          for each line the number in its chosen cell; "" if it is missing, None if the line passes through, and
               other text after `>` as it is appended
    delimiter  the delimiter
    decimal    the decimal separator of the results
    dropped    the 0-based lines that are dropped
    err        the note on stderr
    """

    args: str
    x: list[str | None]
    delimiter: str = ","
    decimal: str = "."
    dropped: tuple[int, ...] = ()
    err: str = ""


EXPECTED = {
    "r_write_csv.csv": Lines("-c score --na NA", [">silu(score)", "", "-1.5", "2"]),
    "r_write_csv2.csv": Lines("-c score -d ; --decimal , --na NA", [">silu(score)", "-1.5", "", "0.25"], ";", ","),
    "sas_export.csv": Lines("-c SCORE --na .", [">silu(SCORE)", "", "-0.5", "12.75"]),
    "spss_export.csv": Lines("-c score --na #NULL!", [">silu(score)", "", "-0.5", ""]),
    "stata_outsheet.csv": Lines("-c score --na .,.a", [">silu(score)", "", "", "-7"]),
    "survey_codes.csv": Lines("-c age --na=-999,-99", [">silu(age)", "", "41", ""]),
    "excel_european.csv": Lines("-c Wert --decimal ,", [None, ">silu(Wert)", "-1.5", "12"], ";", ","),
    "excel_trailing_delimiters.csv": Lines("-c flow", [">silu(flow)", "-0.5", "3.25", ""]),
    "excel_errors.csv": Lines("-c ratio --na #DIV/0!,#N/A", [">silu(ratio)", "0.5", "", "", "-2"]),
    "mysql_export.tsv": Lines("-c z --na \\N", [">silu(z)", "", "-3"], "\t"),
    "postgres_copy.csv": Lines("-c z --na NULL", [">silu(z)", "", "", "4"]),
    "sqlite_dump.csv": Lines("-c 2 --no-header", ["-0.5", "", "1000"]),
    "instrument_preamble.csv": Lines(
        "-c 2 --skip-lines 3", [None, None, None, ">silu(Voltage (V))", "-0.125", "1.5"]
    ),
    "weather_station.csv": Lines("-c t --comment #", [None, None, None, ">silu(t)", "-2.5", None, "3"]),
    "gnuplot.dat": Lines("-c 2 --no-header --comment # -d BLANK", [None, "-1.5", "2", None, None, "-0.25"], " "),
    "numpy_savetxt.txt": Lines("-c 2 --no-header --comment # -d BLANK", [None, "-2.5", "nan"], " "),
    "aligned_columns.txt": Lines("-c z -d BLANK --na NA", [">silu(z)", "-1.5", "12", '>""'], " "),
    "tab_and_blank_runs.txt": Lines("-c b -d BLANK", [">silu(b)", "-2", "4"], " "),
    "pandas_index.csv": Lines("-c z", [">silu(z)", "-1.5", "", "inf", "nan"]),
    "julia_missing.csv": Lines("-c z --na missing", [">silu(z)", "", "-3"]),
    "json_null.csv": Lines("-c z --na null", [">silu(z)", "", "-3"]),
    "msvc_printf.csv": Lines("-c x", [">silu(x)", "inf", ">-0.0", "nan", "nan", "nan", "-0.5"]),
    "no_final_newline.csv": Lines("-c z", [">silu(z)", "-2", "4"]),
    "mixed_line_ends.csv": Lines("-c z", [">silu(z)", "-2", "4"]),
    "blank_lines.csv": Lines("-c z", [None, None, ">silu(z)", None, "-2", None, None, "4", None]),
    "bare_quotes.csv": Lines("-c z", [">silu(z)", "-2", "4"]),
    "embedded_line_ends.csv": Lines("-c z", [">silu(z)", None, "-2", "4"]),
    "backslash_quotes.csv": Lines("-c z", [">silu(z)", "-2", "4"]),
    "latin1.csv": Lines("-c z", [">silu(z)", "-2", "4"]),
    "nul_bytes.csv": Lines("-c z", [">silu(z)", "-2"]),
    "duplicate_names.csv": Lines("-c 2", [">silu(z)", "2"]),
    "pipes.psv": Lines("-c z -d |", [">silu(z)", "-0.5", "1.5"], "|"),
    "year_columns.csv": Lines("-c 2020", [">silu(2020)", "-2", "3"]),
    "dates_without_header.csv": Lines("-c 2 --no-header", ["1.5", "-2"]),
    "one_number_a_line.txt": Lines("", ["-1.5", None, "2", "0.001"]),
    "header_only.csv": Lines("-c z", [">silu(z)"]),
    "empty.csv": Lines("-c z", []),
    "bom_only.csv": Lines("-c z", [None]),
    "truncated_download.csv": Lines(
        "-c z --on-error skip", [">silu(z)", "2", None, None, "-11"], dropped=(2, 3),
        err="actcli: skipped 2 rows with another number of cells\n",
    ),
    "slow_log.csv": Lines(
        "-c z --on-error skip", [">silu(z)", "2", None, "-4"], dropped=(2,),
        err="actcli: skipped 1 row with another number of cells\n",
    ),
    "euro_quoted.csv": Lines("-c z --decimal ,", [">silu(z)", "-1.5", "0.25"], ",", ","),
}  # fmt: skip

THOUSANDS = "remove the thousands separators"
QUESTION = "use --no-header if it is data, or --header if these are names"
ERRORS = [
    ("r_write_csv.csv", "-c score", 1,
     ":2: column 'score': 'NA' is not a number: use --na 'NA' if it is a missing value"),
    ("r_write_table.txt", "-c score -d BLANK", 1, ":2: 3 cells, but the header has 2"),
    ("sas_export.csv", "-c SCORE", 1, ":2: column 'SCORE': '.' is not a number: use --na '.' if it is a missing value"),
    ("excel_european.csv", "-c Wert", 1,
     ":3: column 'Wert': '-1,5' is not a number: use --decimal , if ',' is the decimal separator"),
    ("excel_european.csv", "-c Wert -d ,", 2, "unknown column 'Wert': 1 column ('Datum;Wert;Notiz')"),
    ("excel_errors.csv", "-c ratio", 1, ":3: column 'ratio': '#DIV/0!' is not a number"),
    ("excel_thousands.csv", "-c total", 1, f":2: column 'total': '1,234.50' is not a number: {THOUSANDS}"),
    ("excel_whole_thousands.csv", "-c total", 1,
     ":2: column 'total': '12,345' is not a number: remove thousands separators, or use --decimal ,"),
    ("swiss_thousands.csv", "-c Betrag -d ;", 1, f":2: column 'Betrag': '1'234.50' is not a number: {THOUSANDS}"),
    ("german_thousands.csv", "-c Betrag -d ; --decimal ,", 1,
     f":3: column 'Betrag': '1.234,50' is not a number: {THOUSANDS}"),
    ("currency.csv", "-c price", 1, ":2: column 'price': '$3.50' is not a number"),
    ("percent.csv", "-c share", 1, ":2: column 'share': '45%' is not a number"),
    ("single_quotes.csv", "-c w", 1, ":2: 3 cells, but the header has 4"),
    ("single_quoted_numbers.csv", "-c z", 1, ":2: column 'z': ''2.5'' is not a number"),
    ("mysql_export.tsv", "-c z", 1, ":2: column 'z': '\\N' is not a number: use --na '\\N' if it is a missing value"),
    ("instrument_preamble.csv", "-c 2", 2, "unknown column 2: 1 column ('Instrument: X-100')"),
    ("weather_station.csv", "-c t", 2, "unknown column 't'"),
    ("gnuplot.dat", "-c 2 --comment # -d BLANK", 2, f"the first row has a number in column '-1.5': {QUESTION}"),
    ("fortran_list.txt", "-c y -d BLANK", 1,
     ":2: column 'y': '-0.150000000000000D+01' is not a number: write the exponent with 'e'"),
    ("utf16_le.csv", "-c z", 1, "cannot read '{}': it is UTF-16 text: convert it"),
    ("utf16_be.csv", "-c z", 1, "cannot read '{}': it is UTF-16 text: convert it"),
    ("mac_line_ends.csv", "-c z", 1, ":1: bare CR: line endings must be LF or CRLF"),
    ("unclosed_quote.csv", "-c z", 1, ":2: unclosed quote"),
    ("backslash_comma.csv", "-c z", 1, ":2: 3 cells, but the header has 2"),
    ("duplicate_names.csv", "-c z", 2, "2 columns are named 'z': choose by index (1, 2)"),
    ("year_columns.csv", "-c -1", 2, f"the first row has a number in column '2020': {QUESTION}"),
    ("dates_without_header.csv", "", 2, f"the first row has a number in column '1.5': {QUESTION}"),
    ("numbers_without_header.csv", "-c 1", 2, f"the first row has a number in column '1': {QUESTION}"),
    ("truncated_download.csv", "-c z", 1, ":3: 2 cells, but the header has 3"),
    ("semicolons_read_as_commas.csv", "-c z", 2,
     "unknown column 'z': 1 column ('id;z'); if its columns are separated by semicolons, use -d ';'"),
    ("semicolons_read_as_commas.csv", "--decimal ,", 1, ":2: 2 cells, but the header has 1; if its columns are"),
    ("unicode_minus.csv", "-c z", 1, ":2: column 'z': '\u22122.5' is not a number: use a hyphen as the minus sign"),
    ("c_floats.csv", "-c y", 1, ":2: column 'y': '0.7310586f' is not a number: drop the suffix 'f'"),
    ("json_null.csv", "-c z", 1, ":2: column 'z': 'null' is not a number: use --na 'null' if it is a missing value"),
]  # fmt: skip


def silu(text: str) -> str:
    """Return the shortest digits of silu at a number, rounded once."""
    with mpmath.workprec(300):
        x = mpmath.mpf(float(text))
        value = x if mpmath.isnan(x) or mpmath.isinf(x) else x / (1 + mpmath.exp(-x))
        return repr(float(value))


def arguments(name: str, args: str) -> list[str]:
    return ["eval", "silu", "-i", name, *(" " if word == "BLANK" else word for word in args.split())]


def appended(case: Lines, data: bytes) -> bytes:
    """Return the lines of a file with the cells that are expected."""
    lines = data.splitlines(keepends=True)
    assert len(lines) == len(case.x)
    out = b""
    for i, (line, x) in enumerate(zip(lines, case.x, strict=True)):
        body = line.rstrip(b"\r\n")
        cell = "" if not x else x[1:] if x.startswith(">") else silu(x).replace(".", case.decimal)
        if case.delimiter in cell:
            cell = f'"{cell}"'
        if i not in case.dropped:
            out += line if x is None else body + (case.delimiter + cell).encode() + line[len(body) :]
    return out


def test_every_file_is_used() -> None:
    """Each file has an expectation."""
    assert {path.name for path in FILES.iterdir()} == {*EXPECTED, *(error[0] for error in ERRORS)}


@named("name", EXPECTED)
@named("way", ["file", "pipe"])
def test_file_gets_a_new_column(name: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte of the file passes through, and each row gets the exact result."""
    monkeypatch.chdir(FILES)
    case, data = EXPECTED[name], (FILES / name).read_bytes()
    args = arguments(name, case.args)
    if way == "pipe":
        args[3] = "-"
        args += ["-d", "tab"] if name.endswith(".tsv") else []
    outcome = run(*args, stdin=data)
    assert (outcome.code, outcome.err) == (0, case.err)
    assert outcome.out.encode("utf-8", "surrogateescape") == appended(case, data)


@named("name", EXPECTED)
def test_replacing_keeps_all_other_bytes(name: str, tmp_path: Path) -> None:
    """--in-place --replace changes nothing but the chosen cells: the others are those of the file."""
    case, path = EXPECTED[name], tmp_path / name
    path.write_bytes((FILES / name).read_bytes())
    assert run(*arguments(str(path), case.args), "--in-place", "--replace").code == 0
    before, after = ((FILES / name).read_bytes().splitlines(), path.read_bytes().splitlines())
    kept = [(line, x) for i, (line, x) in enumerate(zip(before, case.x, strict=True)) if i not in case.dropped]
    assert len(kept) == len(after)
    for (line, x), new in zip(kept, after, strict=True):
        if x is None or not x or (x.startswith(">") and x != ">-0.0"):
            assert new == line
        else:
            result = x[1:] if x.startswith(">") else silu(x)
            assert result.replace(".", case.decimal).encode() in new


@named(("name", "args", "code", "message"), ERRORS)
def test_file_is_an_error(name: str, args: str, code: int, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read is an error of one line that names the place and a remedy."""
    monkeypatch.chdir(FILES)
    outcome = run(*arguments(name, args))
    expected = f"{name}{message}" if message.startswith(":") else message.replace("{}", name)
    assert outcome.code == code
    assert outcome.err.startswith(f"actcli: {expected}")
    assert outcome.err.count("\n") == 1


def test_ten_thousand_columns(tmp_path: Path) -> None:
    """A file of 10,000 columns gets its new column."""
    names = [f"c{i}" for i in range(10_000)]
    table = [names, [f"{i}.5" for i in range(10_000)], [""] * 10_000]
    path = tmp_path / "wide.csv"
    path.write_text("".join(",".join(row) + "\n" for row in table))
    expected = [[*names, "silu(c9)"], [*table[1], silu("9.5")], [*table[2], ""]]
    assert rows("eval", "silu", "-c", "c9", "-i", str(path)) == "".join(",".join(row) + "\n" for row in expected)
