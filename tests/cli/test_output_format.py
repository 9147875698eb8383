"""The output format: decided by -f, the extension of -o, the terminal and CSV input; options that depend on it."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from actcli.cli.options import FORMATS, REPORT_FORMATS, Options
from actcli.cli.output_format import CSV_INPUT_FORMATS, REPORT, ROWS, csv_delimiter, resolve_format
from tests.support.files import contents
from tests.support.processes import fault, rows

named = pytest.mark.parametrize


@named(
    ("options", "default", "csv_input", "form"),
    [
        (Options(), ROWS, False, "csv"),
        (Options(), REPORT, False, REPORT),
        (Options(format="md"), REPORT, False, "md"),
        (Options(output="a.json"), REPORT, False, "json"),
        (Options(output="a.txt"), REPORT, False, REPORT),
        (Options(output="a.plain"), REPORT, False, "plain"),
        (Options(output="csv"), REPORT, False, REPORT),
        (Options(output="a.json/b"), REPORT, True, REPORT),
        (Options(output="json"), ROWS, False, "csv"),
        (Options(output="a.plain"), ROWS, True, "plain"),
        (Options(output="a.hex.gz"), ROWS, False, "hex"),
        (Options(output="a.json.XZ"), ROWS, False, "json"),
        (Options(output="a.md.bz2"), ROWS, False, "md"),
        (Options(output="a.csv.zst"), ROWS, False, "csv"),
        (Options(output="a.txt"), ROWS, False, "csv"),
        (Options(output="table"), ROWS, False, "csv"),
        (Options(output="a.xlsx", format="csv"), ROWS, False, "csv"),
        (Options(output="a.ndjson"), ROWS, True, "jsonl"),
        (Options(output="a.tsv", delimiter="tab"), ROWS, True, "csv"),
    ],
    ids=str,
)
def test_resolved_format(options: Options, default: str, csv_input: bool, form: str) -> None:
    """-f decides first, then a known extension that is allowed, then the default."""
    allowed = REPORT_FORMATS if default == REPORT else CSV_INPUT_FORMATS if csv_input else FORMATS
    assert resolve_format(options, allowed, default, csv_input=csv_input) == form


def test_c_requires_a_command_that_writes_it() -> None:
    """The extensions .c and .h stand for C, and are an error where that is not written."""
    for name in ("a.c", "a.h", "A.H.GZ"):
        assert resolve_format(Options(output=name), (*FORMATS, "c"), ROWS) == "c"
        for allowed, default, csv_input in (
            (FORMATS, ROWS, False),
            (FORMATS, ROWS, True),
            (REPORT_FORMATS, REPORT, True),
        ):
            with pytest.raises(
                click.UsageError, match=r"cannot write \.[ch]: use csv|cannot be combined with CSV input"
            ):
                resolve_format(Options(output=name), allowed, default, csv_input=csv_input)


@named(
    ("line", "names"),
    [
        ("compare relu gelu", "a.hex a.c a.h.gz a.mem a.svg.gz"),
        ("compare relu -c x --y y -i data.csv", "a.hex a.csv a.plain a.c"),
        ("show relu", "a.csv a.md a.plain a.hex a.c"),
        ("demo linearity", "a.hex a.c"),
        ("list", "a.hex a.c a.coe"),
        ("eval relu 1", "a.c a.h a.cpp a.npy.gz"),
        ("eval relu -c x -i data.csv", "a.c a.hex a.coe"),
        ("table relu", "a.mem a.coe a.mif a.ROM a.mem.gz a.cpp a.hpp"),
        ("table relu --plot", "a.csv a.md a.hex a.c a.mem a.svg a.png.gz"),
    ],
)
def test_no_file_gets_another_content_than_its_name_says(
    line: str, names: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extension of a format that the command does not write is an error that names it or the format."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("x,y\n1,1\n")
    for name in names.split():
        extension = name.lower().removesuffix(".gz").rpartition(".")[2]
        message = fault(*line.split(), "-o", name)
        assert f".{extension}" in message.lower() or f"format {extension}" in message
        assert os.listdir() == ["data.csv"]


@named("name", ["out.coe", "out.mif", "out.mem"])
def test_memory_files_are_written_with_a_format(name: str, tmp_path: Path) -> None:
    """-f hex fills a memory file."""
    assert "use -f hex for bit patterns, one per line" in fault("table", "tanh", "-o", str(tmp_path / name))
    assert rows("table", "identity", "1", "--dtype", "float16", "-f", "hex", "-o", str(tmp_path / name)) == ""
    assert (tmp_path / name).read_text() == "3c00\n"


@named("line", ["eval relu", "grad relu", "table relu gelu", "compare relu gelu", "compare relu --y y", "compare relu"])
@named("way", ["itself", "symbolic link", "hard link", "other spelling"])
def test_output_is_not_the_input(line: str, way: str, tmp_path: Path) -> None:
    """-o never replaces the file of -i, under whichever name; where rows pass through, the error names --in-place."""
    source = tmp_path / "data.csv"
    source.write_text("x,y\n1,1\n")
    target = source if way == "itself" else tmp_path / ".." / tmp_path.name / "data.csv"
    if way.endswith("link"):
        target = tmp_path / "link.txt"
        (target.symlink_to if way == "symbolic link" else target.hardlink_to)(source)
    message = fault(*line.split(), "-c", "x", "-i", str(source), "-o", str(target), *(["-f", "json"] * ("--y" in line)))
    assert "is the input file" in message
    assert ("--in-place" in message) == (not line.startswith("compare"))
    assert source.read_text() == "x,y\n1,1\n"


@named(
    ("options", "default", "csv_input", "message"),
    [
        (Options(format="hex", digits=3), ROWS, False, "--digits cannot be combined with -f hex"),
        (Options(format="md", digits=3, precision=3), ROWS, False, "--digits cannot be combined with --precision"),
        (Options(format="csv", precision=3), ROWS, False,
         "--precision requires -f table or -f md: csv prints every digit"),
        (Options(format="csv", precision=3), ROWS, True,
         "--precision requires -f table or -f md: csv prints every digit"),
        (Options(format="json", precision=3), REPORT, False,
         "--precision requires the report or -f md: json prints every digit"),
        (Options(format="json", delimiter=";"), ROWS, False,
         "-d cannot be combined with the format json: it requires CSV"),
        (Options(output="a.parquet"), ROWS, False, "cannot write .parquet: use csv, tsv, json, jsonl or md (or -f)"),
        (Options(format="hex"), ROWS, True,
         "-f hex cannot be combined with CSV input: use -f csv, json, jsonl, plain, table or md"),
    ],
    ids=str,
)  # fmt: skip
def test_invalid_combinations(options: Options, default: str, csv_input: bool, message: str) -> None:
    """A format that is not allowed, and an option that it excludes, are usage errors with a remedy."""
    allowed = REPORT_FORMATS if default == REPORT else FORMATS
    with pytest.raises(click.UsageError) as error:
        resolve_format(options, allowed, default, csv_input=csv_input)
    assert error.value.message == message


@named(
    ("options", "delimiter"),
    [
        (Options(), ","),
        (Options(input="a.csv"), ","),
        (Options(input="a.TSV"), "\t"),
        (Options(input="a.tab.gz"), "\t"),
        (Options(input="a.tsv.Xz"), "\t"),
        (Options(input="a.tsv.zst"), "\t"),
        (Options(input="a.tsv", delimiter=";"), ";"),
        (Options(delimiter="tab"), "\t"),
    ],
    ids=str,
)
def test_delimiter_of_csv_input(options: Options, delimiter: str) -> None:
    """-d sets the delimiter of CSV input, else the extension .tsv or .tab, else it is a comma."""
    assert csv_delimiter(options) == delimiter


@named("name", ["a.xlsx", "a.parquet", "a.PNG", "a.csv.zip", "a.svg", "a.npy.gz"])
@named(
    "line",
    [
        "eval relu 1",
        "eval relu -i data.csv",
        "compare relu gelu",
        "table relu gelu",
        "table relu --plot",
        "show relu",
        "list",
    ],
)
def test_unsupported_extensions_require_a_format(
    line: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extension of another format is an error unless -f is given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("x\n1\n")
    message = fault(*line.split(), "-o", name)
    extension = name.removesuffix(".gz").rpartition(".")[2].lower()
    assert message.startswith(f"cannot write .{extension}: ")
    assert "use csv" in message or "use json (or -f)" in message or "a plot is text, use .txt" in message
    assert os.listdir() == ["data.csv"]
    assert rows("eval", "relu", "1", "-f", "csv", "-o", name) == ""
    assert contents(tmp_path / name) == b"x,relu(x)\n1.0,1.0\n"


def test_memory_files_require_a_format(tmp_path: Path) -> None:
    """A .mem file, which hardware tools read as bit patterns, is never filled with CSV."""
    path = tmp_path / "tanh.mem"
    assert fault("table", "tanh", "-o", str(path)) == (
        "cannot write .mem without -f: use -f hex for bit patterns, one per line"
    )
    assert rows("eval", "identity", "1", "-f", "hex", "-o", str(path)) == ""
    assert path.read_text() == "3ff0000000000000\n"


@named("form", ["csv", "tsv", "json", "jsonl", "plain", "hex"])
def test_precision_requires_a_rounded_format(form: str) -> None:
    """--precision with a format that prints every digit is a usage error."""
    assert fault("eval", "relu", "-f", form, "--precision", "3", "1").startswith(
        "--precision requires -f table or -f md"
    )


def test_precision_with_the_default_format() -> None:
    """--precision with the default format has no effect in a pipe."""
    assert rows("eval", "identity", "--precision", "2", "3.14159") == "x,identity(x)\n3.14159,3.14159\n"


@named(
    ("name", "begins"),
    [
        ("y.csv", "x,relu(x)\n"),
        ("y.tsv", "x\trelu(x)\n"),
        ("y.json", "[\n{"),
        ("y.jsonl", '{"x": 1.0'),
        ("y.md", "|   x |"),
        ("y.hex", "3ff0000000000000\n"),
        ("y.dat", "x,relu(x)\n"),
        ("y", "x,relu(x)\n"),
        ("y.TSV", "x\trelu(x)\n"),
    ],
)
def test_extension_sets_the_format(tmp_path: Path, name: str, begins: str) -> None:
    """-o FILE writes the format of the extension, and nothing to stdout."""
    assert rows("eval", "relu", "1", "-o", str(tmp_path / name)) == ""
    assert (tmp_path / name).read_text().startswith(begins)


def test_format_option_overrides_the_extension(tmp_path: Path) -> None:
    """-f takes precedence over the extension."""
    rows("eval", "relu", "1", "-o", str(tmp_path / "y.csv"), "-f", "plain")
    assert (tmp_path / "y.csv").read_text() == "1.0\n"


def test_delimiter_requires_csv() -> None:
    """-d with a format without a delimiter is a usage error."""
    assert (
        fault("eval", "relu", "1", "-d", ";", "-f", "json")
        == "-d cannot be combined with the format json: it requires CSV"
    )


@named(
    ("args", "says"),
    [
        (("-f", "hex"), "-f hex cannot be combined with CSV input: use -f csv, json, jsonl, plain, table or md"),
        (("-f", "tsv"), "-f tsv requires tabs, but the delimiter is ',': use -d tab or -f csv"),
        (("-o", "y.hex"), "the extension of 'y.hex' cannot be combined with CSV input"),
        (("-o", "y.tsv"), "the extension of 'y.tsv' requires tabs"),
        (("--precision", "3"), "--precision requires -f table or -f md: csv prints every digit"),
    ],
    ids=str,
)
def test_unsupported_formats_of_the_filter(args: tuple[str, ...], says: str) -> None:
    """With CSV input, bit patterns and tabs are a usage error."""
    assert says in fault("eval", "relu", *args, stdin="z\n1\n")


def test_tabs_do_not_go_to_csv_files(tmp_path: Path) -> None:
    """Tab-separated input is written to a .csv file only if -d or -f says so."""
    source, target = tmp_path / "a.tsv", tmp_path / "b.csv"
    source.write_text("a\tz\n1\t2\n")
    start = ["eval", "relu", "-c", "z", "-i", str(source), "-o", str(target)]
    assert "requires commas, but the delimiter is a tab: use -d tab or -f csv" in fault(*start)
    assert not target.exists()
    for more in (["-f", "csv"], ["-d", "tab"]):
        rows(*start, *more)
        assert target.read_text() == "a\tz\trelu(z)\n1\t2\t2.0\n"
