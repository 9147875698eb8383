"""actcli table: rows, plots and lookup tables."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import mpmath
import pytest

from tests.support.golden_files import golden
from tests.support.processes import environ, fault, in_terminal, nearest, plain, rows, run, spawn

named = pytest.mark.parametrize


def test_default_range() -> None:
    """Without x the range is -6:6 with 13 points, and each activation has a column."""
    lines = rows("table", "relu", "tanh").splitlines()
    assert lines[0] == "x,relu(x),tanh(x)"
    assert [line.split(",")[0] for line in lines[1:]] == [f"{x}.0" for x in range(-6, 7)]
    assert lines[-1] == f"6.0,6.0,{nearest(mpmath.tanh(6))!r}"


def test_grad_adds_the_derivative() -> None:
    """`--grad` puts each derivative after its function, and words that parse as numbers are x."""
    assert rows("table", "relu", "-2", "leaky_relu:alpha=0.5", "3", "--grad") == (
        "x,relu(x),relu_grad(x),leaky_relu:alpha=0.5(x),leaky_relu:alpha=0.5_grad(x)\n"
        "-2.0,0.0,0.0,-1.0,0.5\n3.0,3.0,1.0,3.0,1.0\n"
    )


def test_values_equal_eval_and_grad() -> None:
    """The values and derivatives equal those of eval and grad."""
    with mpmath.workprec(300):
        expected = [f"{nearest(mpmath.tanh(x))!r} {nearest(mpmath.sech(x) ** 2)!r}" for x in (-1, 0.5, 20)]
    assert plain("table", "tanh", "--grad", "-1", "0.5", "20") == expected


def test_json_md_and_table() -> None:
    """json is an array of objects; md and table round to six digits."""
    assert json.loads(rows("table", "relu", "tanh", "1", "-f", "json"))[0]["relu(x)"] == 1.0
    assert "0.761594" in rows("table", "tanh", "1", "-f", "md")
    assert "─" in rows("table", "tanh", "1", "-f", "table")


def test_aliases_keep_their_names() -> None:
    """Aliases side by side keep the names that were typed."""
    assert rows("table", "silu", "swish", "0") == "x,silu(x),swish(x)\n0.0,0.0,0.0\n"


def test_csv_filter_of_several_activations() -> None:
    """From CSV every activation appends a column."""
    assert rows("table", "relu", "identity", "-i", "-", stdin="a\n-1\n2\n") == (
        "a,relu(a),identity(a)\n-1,0.0,-1.0\n2,2.0,2.0\n"
    )


@named(
    ("args", "message"),
    [
        (("1",), "ACTIVATION is missing: give the names of one or more activations"),
        (("rleu",), "no activation is called 'rleu'; did you mean relu, rrelu or relu6?"),
        (("relu", "relu"), "'relu' is given twice"),
        (("softmax",), "softmax is a function of a vector: table requires elementwise activations"),
        (("relu", "1_000"), "'1_000' is not a number: write digits without separators"),
        (("relu", "tanh", "-p", "a=1"), "-p requires a single activation: with several write relu:NAME=VALUE"),
        (("relu", "--width", "40"), "--width, --height and --charset require --plot"),
        (("relu", "--plot", "-f", "csv"), "--plot cannot be combined with -f csv"),
        (("relu", "--plot", "-i", "x.csv"), "--plot cannot be combined with CSV: it requires a range or values"),
        (("relu", "--plot", "--range", "1:1"), "a range of x from 1.0 to 1.0: it must be finite and ascend"),
        (("relu", "--plot", "--width", "19"), "--width: expected an integer from 20 to 10000, not '19'"),
        (("relu", "--plot", "--charset", "brail"), None),
        (("relu", "--dtype", "q1.99"), None),
    ],
)
def test_usage_errors_of_table(args: tuple[str, ...], message: str | None) -> None:
    """Each invalid argument is an error of one line with status 2."""
    line = fault("table", *args)
    assert message is None or line == message


# --- the plot -----------------------------------------------------------------------------------------------

PLOTS = {
    "plot-gelu-relu-silu": ("gelu", "relu", "silu"),
    "plot-tanh-grad": ("tanh", "hard_tanh", "--grad", "--range", "-3:3"),
    "plot-hardshrink": ("hardshrink", "softshrink", "--range", "-2:2"),
    "plot-float8": ("gelu", "--dtype", "float8_e4m3fn", "--charset", "block"),
}


@named("name", PLOTS)
@named(("width", "height"), [(80, 24), (120, 40), (40, 12)])
def test_plot_has_the_requested_size(name: str, width: int, height: int) -> None:
    """A plot has exactly the requested size and is reproducible."""
    text = rows("table", *PLOTS[name], "--plot", "--width", str(width), "--height", str(height))
    assert len(text.splitlines()) == height
    assert max(map(len, text.splitlines())) <= width
    golden(f"{name}-{width}x{height}.txt", text)


@pytest.mark.parametrize(
    ("spec", "span"),
    [("log(x - 5)", "-2:2"), ("log1mexp", "-2:-1"), ("sqrt(-1 - x**2)", "-1:1"), ("1e300 * 1e300", "0:1")],
)
def test_plot_without_values(spec: str, span: str) -> None:
    """Where f has no finite value in the range, a line says so instead of an empty frame."""
    low, high = span.split(":")
    expected = f"Nothing to plot: {spec} has no finite value for x from {low} to {high}.\n"
    assert rows("table", spec, "--range", span, "--plot") == expected


def test_plot_in_a_pipe() -> None:
    """In a pipe a plot is 80x24 without colour, and ASCII if stdout cannot encode more."""
    text = spawn("table", "gelu", "--plot", env=environ(PYTHONIOENCODING="ascii"))
    assert (text.code, text.err, len(text.out.splitlines())) == (0, "", 24)
    assert text.out.isascii()
    assert "\x1b" not in text.out


def test_plot_in_a_terminal() -> None:
    """In a terminal a plot is coloured and leaves a line for the prompt."""
    shown = in_terminal("table", "gelu", "relu", "--plot")
    assert shown.code == 0
    assert "\x1b[35m" in shown.out
    assert len(shown.out.splitlines()) == 23


def test_jump_is_a_gap() -> None:
    """The jump of hardshrink at 0.5 is a gap: no column has both of its sides."""
    lines = rows("table", "hardshrink", "--range", "0:1", "--plot", "--charset", "ascii").splitlines()[:-2]
    columns = list(zip(*(line.ljust(80) for line in lines), strict=True))
    assert max(column.count("*") for column in columns) <= 2


def test_plot_in_a_file(tmp_path: Path) -> None:
    """`-o` writes the plot."""
    path = tmp_path / "plot.txt"
    assert rows("table", "relu", "--plot", "-o", str(path)) == ""
    assert len(path.read_text(encoding="utf-8").splitlines()) == 24


# --- lookup tables ------------------------------------------------------------------------------------------

LOOKUP = ("table", "tanh", "--range", "-8:8", "-n", "256", "--half-open", "--dtype", "q1.14")


def fixed(value: mpmath.mpf, fraction: int, low: int, high: int) -> int:
    """Return the fixed-point code of `value`: nearest, ties to even, saturated."""
    return min(max(round(Fraction(*mpmath.libmp.to_rational(value._mpf_)) * 2**fraction), low), high)


def test_fixed_point_rows() -> None:
    """In fixed point csv has x (unrounded), the value and its integer code; half-open excludes B."""
    lines = rows(*LOOKUP).splitlines()
    assert lines[:2] == ["x,tanh(x),tanh_code(x)", "-8.0,-1.0,-16384"]
    with mpmath.workprec(300):
        codes = [fixed(mpmath.tanh(mpmath.mpf(i) / 16 - 8), 14, -(2**15), 2**15 - 1) for i in range(256)]
    assert [line.split(",")[2] for line in lines[1:]] == list(map(str, codes))
    assert [line.split(",")[1] for line in lines[1:]] == [repr(code / 2**14) for code in codes]


@named(
    ("dtype", "fraction", "low", "high"),
    [("q0.15", 15, -(2**15), 2**15 - 1), ("uq0.8", 8, 0, 255), ("q3.4", 4, -128, 127), ("q20.30", 30, -(2**50), 2**50)],
)
def test_fixed_point_rounds_once_and_saturates(dtype: str, fraction: int, low: int, high: int) -> None:
    """Each entry is the exact value rounded once, ties to even, saturated at the ends of the format."""
    args = ("--range", "-9.3:9.7", "-n", "77", "--dtype", dtype, "-f", "json")
    found = json.loads(run("table", "gelu", "sigmoid", *args).out)
    with mpmath.workprec(300):
        for row in found:
            x = mpmath.mpf(row["x"])
            assert row["gelu_code(x)"] == fixed(x * mpmath.ncdf(x), fraction, low, high)
            assert row["sigmoid_code(x)"] == fixed(1 / (1 + mpmath.exp(-x)), fraction, low, high)


def test_fixed_point_special_values() -> None:
    """In fixed point nan is 0, infinities saturate, and there is no negative zero."""
    args = ("nan", "inf", "-inf", "-0.0", "-1e-9", "--dtype", "q1.14")
    lines = run("table", "identity", "-f", "plain", *args).out.splitlines()
    assert lines == ["0.0 0", "1.99993896484375 32767", "-2.0 -32768", "0.0 0", "0.0 0"]


def test_hex_codes() -> None:
    """`-f hex` writes one two's-complement word per line, as $readmemh reads it."""
    lines = rows(*LOOKUP, "-f", "hex").splitlines()
    assert (len(lines), lines[0], lines[128], lines[129]) == (256, "c000", "0000", "03ff")


def test_c_header(tmp_path: Path) -> None:
    """`-o tanh.h` writes a C file with the entries and the errors of lookup."""
    path = tmp_path / "tanh.h"
    assert rows(*LOOKUP, "-o", str(path)) == ""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#include <stdint.h>\n\n/* tanh(x), x over -8:8, half-open, 256 entries in q1.14: ")
    assert "1 entry in float32;" in rows("table", "tanh", "1", "--dtype", "float32", "-f", "c")
    assert "largest error 0.03124 at x = -0.03125 by the nearest entry" in text
    assert "static const int16_t tanh_q1_14[256] = {" in text
    body = text.partition("{")[2].partition("}")[0]
    assert [int(word) for word in body.replace(",", " ").split()] == [
        int(line) for line in (row.split(",")[2] for row in rows(*LOOKUP).splitlines()[1:])
    ]
    assert max(map(len, text.splitlines())) <= 80


SATURATED = {
    "q0.7": (Fraction(-1), Fraction(127, 128)),
    "q1.6": (Fraction(-2), Fraction(127, 64)),
    "uq0.8": (Fraction(0), Fraction(255, 256)),
    "q-1.8": (Fraction(-1, 2), Fraction(127, 256)),
    "q3.-1": (Fraction(-8), Fraction(6)),
    "q3.12": (Fraction(-8), 8 - Fraction(1, 4096)),
    "q0.15": (Fraction(-1), 1 - Fraction(1, 32768)),
}
"""The least and the largest value of each format."""


@named("dtype", SATURATED)
@named("form", ["csv", "tsv", "json", "jsonl", "md", "plain", "hex", "c", "table"])
def test_saturated_entries_are_counted(dtype: str, form: str) -> None:
    """A line on stderr has the number of entries that exceed the range after rounding, and the largest value."""
    low, high = SATURATED[dtype]
    step = Fraction(2) ** -int(dtype.partition(".")[2])
    x = [Fraction(i, 16) for i in range(-128, 128)]
    for spec, exact in (("relu", [max(value, Fraction(0)) for value in x]), ("identity", x)):
        count = sum(not low <= round(value / step) * step <= high for value in exact)
        outcome = run("table", spec, "--range", "-8:8", "-n", "256", "--half-open", "--dtype", dtype, "-f", form)
        assert outcome.code == 0
        note = f"actcli: {spec}: {count} of 256 entries saturate: values of {dtype} are {float(low)} to {float(high)}\n"
        assert outcome.err == (note if count else "")


def test_entries_that_round_to_the_ends_do_not_saturate() -> None:
    """An entry that is rounded to the largest or least value does not saturate, nor do nan and other functions."""
    assert rows("table", "identity", "--dtype", "q0.7", "0.995", "-1.003", "nan", "-1", "0.9921875").count("\n") == 6
    outcome = run("table", "identity", "x*x", "--grad", "--dtype", "q0.7", "0.9961", "inf", "-inf", "0.25")
    assert outcome.err.splitlines() == [
        "actcli: identity: 3 of 4 entries saturate: values of q0.7 are -1.0 to 0.9921875",
        "actcli: identity_grad: 4 of 4 entries saturate: values of q0.7 are -1.0 to 0.9921875",
        "actcli: f: 2 of 4 entries saturate: values of q0.7 are -1.0 to 0.9921875",
        "actcli: f_grad: 3 of 4 entries saturate: values of q0.7 are -1.0 to 0.9921875",
    ]
    assert run("table", "exp(x)", "--dtype", "q0.7", "0.25").err.startswith("actcli: f: 1 of 1 entries saturates")


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
@named("dtype", ["q1.14", "uq0.8", "q-1.8", "q9.-2", "q31.0", "q10.40", "float64", "float32", "float16", "bfloat16"])
def test_c_file_compiles(tmp_path: Path, dtype: str) -> None:
    """The C file compiles without warnings, infinities and the lowest integers included."""
    text = run("table", "identity", "log_sigmoid", "-3e9", "-1", "0", "inf", "--dtype", dtype, "-f", "c").out
    path = tmp_path / "table.c"
    names = re.findall(r"static const \w+ (\w+)\[", text)
    uses = " + ".join(f"(double){name}[0]" for name in names)
    path.write_text(f"{text}\nint main(void) {{ return ({uses}) > 1e300; }}\n", encoding="utf-8")
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-o", str(tmp_path / "a.out"), str(path)], check=True)


def test_formula_does_not_end_the_c_comment() -> None:
    """The text of an activation stays inside the comment of the C file."""
    text = rows("table", "leaky_relu:alpha=1/2", "-n", "2", "-f", "c")
    assert text.count("*/") == 1


def test_verbose_writes_lookup_errors() -> None:
    """With other formats `--verbose` writes the largest errors of lookup to stderr."""
    said = run(*LOOKUP, "--verbose")
    assert said.err == (
        "actcli: tanh in q1.14: largest error 0.03124 at x = -0.03125 by the nearest entry, "
        "0.0003813 at x = -0.719092 by linear interpolation between entries\n"
    )
    assert run(*LOOKUP).err == ""


def test_fixed_point_requires_a_range() -> None:
    """Fixed point cannot be combined with CSV input."""
    assert fault("table", "relu", "-i", "-", "--dtype", "q1.14", stdin="1\n").startswith(
        "--dtype q1.14 cannot be combined with CSV input"
    )


@named("width", [40, 80, 120])
@named("frequency", [0.5, 3.0, 20.0, 77.7, 1000.0, 123456.0])
def test_every_oscillation_reaches_its_extremes(frequency: float, width: int) -> None:
    """In each column of a plot an oscillation is drawn up to the extrema that lie in that column."""
    size = ("--width", str(width), "--height", "24", "--charset", "ascii")
    lines = rows("table", f"sin({frequency}*x)", "--plot", "--range", "-6:6", *size).splitlines()
    left = next(line.index("+") for line in lines if line.startswith(" 1.0"))
    top, bottom = (next(i for i, line in enumerate(lines) if line.startswith(label)) for label in (" 1.0", "-1.0"))
    columns = lines[-2].rstrip().rindex("-" if lines[-2].rstrip()[-1] == "-" else "+") - left
    for column in range(1, columns - 1):
        # A column reaches half a column from its middle; its outer tenths are left to the rounding of the drawing.
        start, end = (frequency * (-6 + 12 * (column + shift) / (columns - 1)) for shift in (-0.4, 0.4))
        for row, extremum in ((top, math.pi / 2), (bottom, -math.pi / 2)):
            if math.floor((end - extremum) / math.tau) > math.floor((start - extremum) / math.tau):
                assert lines[row][left + 1 + column] == "*"


def test_plot_of_several_functions_without_values() -> None:
    """If none of several functions has a finite value, the line says that of all of them."""
    expected = "Nothing to plot: no function has a finite value for x from 1000 to 1001.\n"
    assert rows("table", "exp(x)", "log(999-x)", "--range", "1000:1001", "--plot", "--grad") == expected


def test_plot_names_what_is_not_drawn() -> None:
    """In a plot of several functions the legend says which of them has no finite value."""
    legend = rows("table", "relu", "log(x-5)", "--range", "-2:2", "--plot").partition("\n")[0]
    assert legend == "A relu   B log(x-5) (no finite value)"


@named("x", ["exp(-x)", "1/(x-1/3)", "sqrt(-x*x)", "0*x+3", "1e300*x", "1e-300*x", "x-1e9", "where(x>5.9,1e308,0)"])
@named("width", [20, 40, 80])
def test_plot_has_ticks_at_equal_distances(x: str, width: int) -> None:
    """The ticks of the y-axis are equally many rows apart, and 0 is on the row of the zero line."""
    size = ("--width", str(width), "--height", "21", "--charset", "ascii")
    lines = rows("table", x, "--plot", "--range", "-6:6", *size).splitlines()[:-2]
    labels = {row: line.split(" +")[0] for row, line in enumerate(lines) if re.match(r" *[-\d]\S* *\+", line)}
    assert len({after - before for before, after in pairwise(labels)}) <= 1
    for row, label in labels.items():
        if re.fullmatch(r" *0(\.0*)? *", label):
            assert re.search(r"[.:*]{5}", lines[row])


def test_formulas_are_titled_with_their_text() -> None:
    """Tables for people show a formula's own text, shortened; machine formats call it f."""
    assert rows("table", "x**2", "3", "--grad", "-f", "table").split("\n")[0] == "x  x**2  (x**2)'"
    assert rows("table", "x**2", "3", "--grad").split("\n")[0] == "x,f(x),f_grad(x)"
    long = "+".join(["x"] * 40)
    heading = rows("table", long, "relu", "3", "-f", "table").split("\n")[0]
    assert heading.split() == ["x", "x+x+x+x+x+x+x+x+x+x+...x+x+x+x+x", "relu(x)"]
    assert re.search(" x[*][*]2$", rows("table", "relu", "x**2", "--plot"), re.MULTILINE)


def test_orders_side_by_side() -> None:
    """`--order K` adds the derivatives up to order K, and `--grad` is `--order 1`."""
    header = "x,f(x),f_grad(x),f_grad2(x),f_grad3(x)"
    assert rows("table", "x**3", "--order", "3", "2") == f"{header}\n2.0,8.0,12.0,12.0,6.0\n"
    assert rows("table", "x**3", "--order", "1", "2") == rows("table", "x**3", "--grad", "2")
    assert rows("table", "x**3", "--order", "0", "2") == rows("table", "x**3", "2")


def test_orders_are_drawn() -> None:
    """A plot has a panel for each order."""
    drawn = rows("table", "tanh", "--order", "2", "--plot", "--charset", "ascii", "--width", "60", "--height", "24")
    assert "tanh''" in drawn
