"""Sources of x: values, a range, every value of a format, CSV."""

from __future__ import annotations

import gzip
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.processes import fault, plain, rows, run

named = pytest.mark.parametrize


def xs(*args: str) -> list[str]:
    """Return the x of a run."""
    return [line.split(",")[0] for line in rows("eval", "relu", *args).splitlines()[1:]]


# --- ranges ---------------------------------------------------------------------------------------------------


def test_default_range_points() -> None:
    """A range has 21 points by default, with both ends, each the rounded exact decimal."""
    assert xs("--range", "-1:1") == [repr(float(Fraction(i, 10))) for i in range(-10, 11)]


def test_number_of_points() -> None:
    """-n N gives N points with both ends; a single point is A."""
    assert xs("--range", "0:1", "-n", "3") == ["0.0", "0.5", "1.0"]
    assert xs("--range", "5:7", "-n", "1") == ["5.0"]


def test_step() -> None:
    """--step S counts from A, and includes B only if it is reached exactly."""
    assert xs("--range", "0:1", "--step", "0.1")[3] == "0.3"
    assert xs("--range", "0:1", "--step", "0.25") == ["0.0", "0.25", "0.5", "0.75", "1.0"]
    assert xs("--range", "0:1", "--step", "0.3") == ["0.0", "0.3", "0.6", "0.9"]
    assert xs("--range", "1:0", "--step", "-0.5") == ["1.0", "0.5", "0.0"]


def test_half_open_excludes_the_end() -> None:
    """--half-open excludes B, with -n and with --step."""
    assert xs("--range", "0:1", "-n", "4", "--half-open") == ["0.0", "0.25", "0.5", "0.75"]
    assert xs("--range", "0:1", "--step", "0.5", "--half-open") == ["0.0", "0.5"]


def test_range_points_are_rounded_once_to_the_dtype() -> None:
    """Each point is the dtype's value nearest to the exact decimal."""
    assert xs("--range", "0:1", "-n", "4", "--dtype", "float32") == ["0.0", "0.33333334", "0.6666667", "1.0"]
    assert xs("--range", "0:0.3", "-n", "2", "--dtype", "float8_e4m3fn") == ["0.0", "0.3125"]


def test_range_longer_than_a_block() -> None:
    """A range longer than an output block is complete."""
    assert xs("--range", "0:20000", "--step", "1") == [f"{i}.0" for i in range(20001)]


@named(
    ("args", "says"),
    [
        (["--range", "1"], "--range: expected two numbers with a colon"),
        (["--range", "1:2:3"], "--range: expected two numbers with a colon"),
        (["--range", "a:2"], "'a' is not a number"),
        (["--range", "0:inf"], "finite"),
        (["--range", "0:1", "--step", "0"], "the step of a range cannot be 0"),
        (["--range", "0:1", "--step", "-1"], "leads away"),
        (["--range", "0:1", "--step", "x"], "'x' is not a number"),
        (["--range", "0:1e9", "--step", "1"], "at most"),
        (["--range", "0:1", "-n", "0"], "-n: expected an integer of at least 1, not '0'"),
        (["--range", "0:1", "-n", "2.5"], "-n: expected an integer of at least 1, not '2.5'"),
        (["--range", "0:1", "-n", "9" * 30], "-n: expected an integer of at least 1 and at most 18 digits"),
        (["--range", "0:1", "-n", "3", "--step", "1"], "-n cannot be combined with --step"),
        (["-n", "3", "1"], "-n requires --range"),
        (["--step", "3", "1"], "--step requires --range"),
        (["--half-open", "1"], "--half-open requires --range"),
    ],
    ids=str,
)
def test_invalid_ranges(args: list[str], says: str) -> None:
    """An invalid range, and options that do not fit it, are usage errors."""
    assert says in fault("eval", "relu", *args)


# --- every value of a format ----------------------------------------------------------------------------------


@named("dtype", ["float8_e4m3fn", "float8_e5m2"])
def test_all_values_by_bit_pattern(dtype: str) -> None:
    """--all gives every value of the dtype in the order of its bit patterns."""
    patterns = plain("eval", "identity", "--dtype", dtype, "--all", "-f", "hex")
    nans = {"float8_e4m3fn": {0x7F, 0xFF}, "float8_e5m2": {*range(0x7D, 0x80), *range(0xFD, 0x100)}}[dtype]
    assert len(patterns) == 256
    assert {i for i, text in enumerate(patterns) if int(text, 16) != i} <= nans


def test_all_float16_values() -> None:
    """--all gives the 65,536 values of a 16-bit format."""
    lines = xs("--dtype", "float16", "--all")
    assert len(lines) == 65536
    assert lines[:2] == ["0.0", repr(2.0**-24)]


@named("dtype", ["float64", "float32"])
def test_all_requires_a_small_format(dtype: str) -> None:
    """--all of a format with too many values is a usage error."""
    assert "16- or 8-bit" in fault("eval", "relu", "--all", "--dtype", dtype)


# --- conflicting sources --------------------------------------------------------------------------------------


@named(
    "args",
    [
        ("1", "--range", "0:1"),
        ("1", "--all", "--dtype", "float16"),
        ("1", "-i", "data.csv"),
        ("--range", "0:1", "--all", "--dtype", "float16"),
        ("--range", "0:1", "-i", "data.csv"),
        ("1", "-i", "-"),
    ],
    ids=" ".join,
)
def test_two_sources_are_an_error(args: tuple[str, ...]) -> None:
    """Two sources of x are a usage error."""
    assert "x " in fault("eval", "relu", *args)


def test_conflicting_sources_are_named() -> None:
    """The error for several sources names them."""
    message = fault("eval", "relu", "1", "--range", "0:1", "--all")
    assert message == "x comes from one source: use only one of numbers, --range, --all"


def test_values_do_not_read_stdin() -> None:
    """With values, stdin is not read."""
    assert rows("eval", "relu", "1", stdin="a\n5\n") == "x,relu(x)\n1.0,1.0\n"


def test_csv_sources(tmp_path: Path) -> None:
    """-i reads a file, `-` reads stdin, and compressed data are decompressed."""
    (tmp_path / "a.csv").write_text("z\n-1\n2\n")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"z\n-1\n2\n"))
    expected = "z,relu(z)\n-1,0.0\n2,2.0\n"
    assert rows("eval", "relu", "-i", str(tmp_path / "a.csv")) == expected
    assert rows("eval", "relu", "-i", str(tmp_path / "a.csv.gz")) == expected
    assert rows("eval", "relu", "-i", "-", stdin="z\n-1\n2\n") == expected
    assert rows("eval", "relu", stdin="z\n-1\n2\n") == expected


@named(
    "option",
    [
        ("-c", "a"),
        ("--no-header",),
        ("--header",),
        ("--on-error", "nan"),
        ("--na", "NA"),
        ("--decimal", ","),
        ("--comment", "#"),
        ("--skip-lines", "1"),
        ("--replace",),
        ("--in-place",),
    ],
    ids=" ".join,
)
def test_csv_options_require_csv(option: tuple[str, ...]) -> None:
    """An option for CSV without CSV input is a usage error."""
    assert fault("eval", "relu", *option, "1") == f"{option[0]} requires CSV (-i FILE or stdin)"


@named("path", ["none.csv", "none.csv.gz", "."], ids=str)
def test_unreadable_files(tmp_path: Path, path: str) -> None:
    """A missing file or a directory is an error of one line with status 1."""
    outcome = run("eval", "relu", "-i", str(tmp_path / path))
    assert outcome.code == 1
    assert outcome.err.startswith(f"actcli: cannot read '{tmp_path / path}': ")
    assert outcome.err.count("\n") == 1


@named("args", ["eval relu", "grad relu", "compare relu tanh", "compare relu -c x --y y"])
def test_empty_file_name(args: str) -> None:
    """An empty file name, as from an unset shell variable, is an error, not stdin."""
    said = fault(*args.split(), "-i", "", stdin="x,y\n1,1\n", code=1)
    assert said == "cannot read '': No such file or directory"
