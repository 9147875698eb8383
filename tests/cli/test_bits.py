"""--bits: columns of bit patterns, in every command that reads and writes numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from actcli.number_formats import FLOATS, Format
from tests.support.processes import fault, rows, run

named = pytest.mark.parametrize

NARROW = [fmt for fmt in FLOATS.values() if fmt.name != "float64"]
WORD = {"float32": "3f800000", "float16": "3c00", "bfloat16": "3f80", "float8_e4m3fn": "38", "float8_e5m2": "3c",
        "float64": "3ff0000000000000"}  # fmt: skip
"""The bit pattern of 1."""


def patterns(fmt: Format) -> list[str]:
    """Return bit patterns of all kinds, without prefix: every tenth of an 8-bit format, and nans with payloads."""
    top = 1 << (fmt.width - 1)
    codes = [0, 1, top, top + 1, top - 1, 2 * top - 1, *range(3, 2 * top, max(1, top // 127))]
    return [f"{code:0{fmt.width // 4}x}" for code in codes]


def identity(fmt: Format, word: str) -> str:
    """Return the bit pattern that a nan or any other number is written with."""
    value = fmt.read_bits([word])[0]
    return "0x" + (fmt.hex(np.array([math.nan]))[0] if math.isnan(value) else word)


@named("fmt", FLOATS.values(), ids=str)
def test_values_round_trip(fmt: Format) -> None:
    """Values typed as bit patterns, with and without 0x, are written as bit patterns: x and the result."""
    words = patterns(fmt)
    out = rows("eval", "identity", "--dtype", fmt.name, "--bits", *words[::2], *(f"0x{word}" for word in words[1::2]))
    expected = [identity(fmt, word) for word in words[::2] + words[1::2]]
    assert out.splitlines()[1:] == [f"{word},{word}" for word in expected]


@named("fmt", FLOATS.values(), ids=str)
@named("prefix", ["", "0x"])
def test_csv_round_trip(fmt: Format, prefix: str) -> None:
    """In CSV each word has the same result whatever the size of the file, and all other bytes pass through."""
    words = [prefix + word for word in patterns(fmt)] * (1 + (1 << 17) // (len(patterns(fmt)) * fmt.width))
    out = rows("eval", "identity", "--dtype", fmt.name, "--bits", stdin="n,x\n" + "".join(f"_,{w}\n" for w in words))
    expected = [identity(fmt, word.removeprefix("0x")) for word in words]
    assert out.splitlines() == ["n,x,identity(x)", *(f"_,{w},{y}" for w, y in zip(words, expected, strict=True))]


@named("fmt", FLOATS.values(), ids=str)
def test_hex_output_reads_back(fmt: Format) -> None:
    """What -f hex writes is read with --bits, and gives the numbers that -f csv wrote as digits."""
    args = ("eval", "tanh", "--dtype", fmt.name, "--range", "-3:3", "-n", "101", "-f")
    words = rows(*args, "hex")
    again = rows("eval", "identity", "--dtype", fmt.name, "--bits", "-f", "plain", stdin=words)
    assert again.replace("0x", "") == words
    digits = rows(*args, "plain").split()
    assert [fmt.read(text) for text in digits] == fmt.read_bits(words.split()).tolist()


@named("dtype", ["float8_e4m3fn", "float8_e5m2"])
def test_all_in_bits(dtype: str) -> None:
    """--all --bits lists the codes in order, nans as the positive quiet nan."""
    fmt = FLOATS[dtype]
    out = rows("eval", "identity", "--all", "--dtype", dtype, "--bits").splitlines()[1:]
    assert out == [f"{word},{word}" for word in (identity(fmt, f"{code:02x}") for code in range(256))]


@named("fmt", FLOATS.values(), ids=str)
def test_every_command_reads_and_writes_bits(fmt: Format) -> None:
    """eval, grad, table and compare agree with their results in digits."""
    words = [WORD[fmt.name], fmt.hex(np.array([-2.0]))[0], fmt.hex(np.array([0.5]))[0]]
    texts = ["1", "-2", "0.5"]
    for command in (("eval", "silu"), ("grad", "silu"), ("grad", "relu", "--sides"), ("table", "silu", "tanh"),
                    ("compare", "silu", "tanh", "-f", "csv")):  # fmt: skip
        args = (*command, "--dtype", fmt.name)
        digits = rows(*args, "--", *texts).splitlines()
        bits = rows(*args, "--bits", *words).splitlines()
        assert bits[0] == digits[0]
        for line, other in zip(bits[1:], digits[1:], strict=True):
            assert line.split(",") == ["0x" + fmt.hex(np.array([fmt.read(text)]))[0] for text in other.split(",")]


def test_range_in_bits() -> None:
    """The ends of a range are numbers, or bit patterns with 0x; the points are written as bit patterns."""
    expected = "x,relu(x)\n0x3c00,0x3c00\n0x3e00,0x3e00\n0x4000,0x4000\n"
    args = ("table", "relu", "--dtype", "float16", "--bits", "-n", "3", "--range")
    assert rows(*args, "1:2") == expected
    assert rows(*args, "0x3c00:0x4000") == expected
    assert rows(*args, "1:0x4000") == expected


@named(
    ("form", "expected"),
    [
        ("json", '[\n{"x": "0x3c00", "relu(x)": "0x3c00"}\n]\n'),
        ("jsonl", '{"x": "0x3c00", "relu(x)": "0x3c00"}\n'),
        ("tsv", "x\trelu(x)\n0x3c00\t0x3c00\n"),
        ("plain", "0x3c00\n"),
        ("hex", "3c00\n"),
        ("md", "|      x | relu(x) |\n| -----: | ------: |\n| 0x3c00 |  0x3c00 |\n"),
    ],
)
def test_formats(form: str, expected: str) -> None:
    """Each format writes bit patterns with 0x, JSON as strings; hex without."""
    assert rows("eval", "relu", "--dtype", "float16", "--bits", "3c00", "-f", form) == expected


def test_missing_cells_and_non_patterns() -> None:
    """An empty cell stays empty; a decimal is an error with its line; under nan it becomes the pattern of nan."""
    args = ("eval", "relu", "--dtype", "bfloat16", "--bits")
    data = "x\n3f80\n\n1.5\n"
    assert rows(*args, stdin="x,y\n3f80,a\n,b\n") == "x,y,relu(x)\n3f80,a,0x3f80\n,b,\n"
    message = "<stdin>:4: column 'x': '1.5' is not a bit pattern of bfloat16: expected 4 hexadecimal digits"
    assert run(*args, stdin=data) == (1, "x,relu(x)\n3f80,0x3f80\n\n", f"actcli: {message}\n")
    outcome = run(*args, "--on-error", "nan", "-f", "plain", stdin=data)
    assert outcome.out == "0x3f80\n0x7fc0\n"
    assert rows(*args, "-f", "plain", "-c", "x", stdin="x,y\n,b\n3f80,a\n") == "0x7fc0\n0x3f80\n"


@named("form", ["table", "md"])
def test_table_of_csv_keeps_patterns(form: str) -> None:
    """A table of CSV shows the results as bit patterns, too."""
    out = rows("eval", "relu", "--dtype", "bfloat16", "--bits", "-f", form, stdin="x\n3f80\n")
    assert "0x3f80" in out
    assert "16256" not in out


def test_header_detection_follows_the_width() -> None:
    """A single column that starts with a word of the width is data; the default column is the one of such words."""
    assert rows("eval", "relu", "--dtype", "bfloat16", "--bits", stdin="beef\n") == "beef,0x0000\n"
    assert rows("eval", "relu", "--dtype", "float32", "--bits", stdin="beef\n") == "beef,relu(beef)\n"
    assert rows("eval", "relu", "--dtype", "bfloat16", "--bits", stdin="n,x\n7,3f80\n").endswith("7,3f80,0x3f80\n")
    assert "1.5" in fault("eval", "relu", "--dtype", "bfloat16", "--bits", stdin="1.5\n", code=1)


# --- without --bits -------------------------------------------------------------------------------------------


@named("fmt", NARROW, ids=str)
def test_words_without_bits_are_asked_about(fmt: Format, tmp_path: Path) -> None:
    """A hexadecimal integer under a narrow dtype is a usage error that names --bits, from every source."""
    word = f"0x{WORD[fmt.name]}"
    path = tmp_path / "x.csv"
    path.write_text(f"x,y\n{word},1.0\n1.0,{word}\n")
    dtype = ("--dtype", fmt.name)
    for args, stdin in (
        (("eval", "relu", word), ""),
        (("grad", "relu", "1.0", word), ""),
        (("table", "relu", word), ""),
        (("compare", "relu", "silu", word), ""),
        (("eval", "relu", "--range", f"0:{word}"), ""),
        (("eval", "relu"), f"{word}\n"),
        (("eval", "relu"), f"x\n{word}\n"),
        (("eval", "relu", "--on-error", "nan"), f"x\n{word}\n"),
        (("eval", "relu", "--on-error", "skip"), f"x\n1.0\n\n{word}\n"),
        (("grad", "relu", "-c", "x"), f"a,x\n7,1.0\n8, {word}\n"),
        (("table", "relu", "-i", "-"), f'x\n"{word.upper().replace("X", "x")}"\n'),
        (("compare", "relu", "-i", str(path), "-c", "x"), ""),
        (("compare", "relu", "-i", str(path), "-c", "y"), ""),
        (("compare", "relu", "-i", str(path), "-c", "x", "--y", "y", "--max-ulp", "1"), ""),
    ):
        assert "--bits" in fault(*args, *dtype, stdin=stdin), args


@named("fmt", FLOATS.values(), ids=str)
def test_patterns_without_prefix_are_named(fmt: Format) -> None:
    """A bit pattern without 0x that is no decimal is not a number, and the message names --bits."""
    word = "b" + "0" * (fmt.width // 4 - 1)
    hint = f"'{word}' is not a number: use --bits if it is a bit pattern"
    assert fault("eval", "relu", word, "--dtype", fmt.name) == hint
    assert fault("eval", "relu", "--dtype", fmt.name, stdin=f"x\n{word}\n", code=1).endswith(hint)


def test_later_words_end_the_run() -> None:
    """A hexadecimal integer far down a column ends the run; it is never read as an integer."""
    data = "x\n" + "1.0\n" * 100_000 + "0x3f80\n"
    outcome = run("eval", "relu", "--dtype", "bfloat16", stdin=data)
    assert outcome.code == 1
    assert outcome.err.startswith("actcli: <stdin>:100002: column 'x': '0x3f80' is a number or a bit pattern")


def test_numbers_in_hexadecimal_stay_numbers() -> None:
    """C99 floats with p or a point are numbers in every dtype, and so are integers in float64."""
    assert rows("eval", "identity", "--dtype", "bfloat16", "-f", "plain", "0x3f80p0", "0x1.8") == "16256.0\n1.5\n"
    assert rows("eval", "identity", "-f", "plain", "0x3f80") == "16256.0\n"
    assert rows("eval", "relu", "--dtype", "float16", stdin="x\n0x1.8p1\n") == "x,relu(x)\n0x1.8p1,3.0\n"


# --- compare --y and combinations -----------------------------------------------------------------------------


@named("fmt", FLOATS.values(), ids=str)
def test_results_as_bits(fmt: Format, tmp_path: Path) -> None:
    """compare --y reads x and y as bit patterns, and reports numbers."""
    path = tmp_path / "y.csv"
    path.write_text(rows("eval", "tanh", "--dtype", fmt.name, "--bits", "--range", "-2:2", "--as", "y"))
    args = (
        "compare",
        "tanh",
        "-i",
        str(path),
        "-c",
        "x",
        "--y",
        "y",
        "--dtype",
        fmt.name,
        "--bits",
        "--max-ulp",
        "0.5",
    )
    found = json.loads(rows(*args, "-f", "json"))
    assert (found["rows"], found["correctly_rounded"], found["exceeded"]) == (21, 1.0, False)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:-1], lines[-1].split(",")[0] + ",0x" + "0" * (fmt.width // 4)]))
    worst = json.loads(run(*args, "-f", "json").out)["worst"][0]
    assert (worst["x"], worst["y"]) == (2.0, 0.0)


@named(
    ("args", "says"),
    [
        (("--bits", "--digits", "3"), "--bits cannot be combined with --digits"),
        (("--bits", "--precision", "3"), "--bits cannot be combined with --precision"),
    ],
)
def test_combinations(args: tuple[str, ...], says: str) -> None:
    """--bits excludes options that round digits, and fixed point."""
    assert fault("eval", "relu", "3ff0000000000000", *args).startswith(says)
    assert rows("compare", "relu", "silu", "--bits", "3ff0000000000000", "--precision", "3")
    assert "-f hex" in fault("table", "relu", "--dtype", "q1.6", "--bits")
