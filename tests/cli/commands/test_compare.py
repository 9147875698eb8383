"""actcli compare: report, JSON, points, and errors of results."""

from __future__ import annotations

import json
import math
import re
import subprocess
from fractions import Fraction
from pathlib import Path
from statistics import pstdev
from typing import Any

import mpmath
import numpy as np
import pytest

from actcli.number_formats import FLOATS
from tests.support.child_processes import PATIENCE
from tests.support.golden_files import GOLDEN, golden
from tests.support.processes import COMMAND, environ, fault, in_terminal, nearest, plain, rows, run, spawn

named = pytest.mark.parametrize


def found(*args: str, stdin: bytes | str = b"") -> Any:
    """Return the JSON of a comparison."""
    return json.loads(rows("compare", *args, "-f", "json", stdin=stdin))


# --- comparison ---------------------------------------------------------------------------------------------


def test_largest_difference_of_gelu_and_gelu_tanh() -> None:
    """The report has the largest difference of gelu and gelu_tanh and its x."""
    text = rows("compare", "gelu", "gelu_tanh")
    assert re.search(r"^gelu_tanh +0\.0004732 +±2\.699 ", text, re.MULTILINE)
    assert "\x1b" not in text


def test_json_shape() -> None:
    """`-f json` has points, differences, properties and data in the documented shape."""
    whole = found("gelu", "gelu_tanh", "relu")
    assert list(whole) == ["points", "differences", "properties", "data"]
    assert [point["x"] for point in whole["points"]] == [float(x) for x in range(-6, 7)]
    assert list(whole["points"][0]) == ["x", "gelu(x)", "gelu_tanh(x)", "relu(x)"]
    first, slope = whole["differences"][:2]
    assert list(first) == ["of", "against", "order", "max_abs", "at", "rms", "max_ulp", "ulp_at", "evidence"]
    assert (first["of"], first["against"], first["order"], slope["order"]) == ("gelu_tanh", "gelu", 0, 1)
    assert f"{first['max_abs']:.3e}" == "4.732e-04"
    assert first["at"] == [-2.69894138637727, 2.69894138637727]
    relu = whole["properties"][2]
    assert relu["kinks"] == [{"at": 0.0, "left": 0.0, "given": 0.0, "right": 1.0}]
    assert whole["data"] == []


def test_csv_has_the_points() -> None:
    """`-f csv` writes the points, plain the values alone."""
    assert rows("compare", "relu", "identity", "-1", "2", "-f", "csv") == (
        "x,relu(x),identity(x)\n-1.0,0.0,-1.0\n2.0,2.0,2.0\n"
    )
    assert plain("compare", "relu", "identity", "-1", "2") == ["0.0 -1.0", "2.0 2.0"]


def test_same_function_with_other_parameters() -> None:
    """The same function with other parameters is compared like any two, with its own properties."""
    args = ("leaky_relu:negative_slope=0.01", "leaky_relu:negative_slope=0.2")
    values, slopes = found(*args)["differences"]
    assert (values["max_abs"], values["at"]) == (1.14, [-6.0])
    assert (slopes["max_abs"], slopes["at"]) == (0.19, [[-6.0, 0.0]])
    assert "* observed" not in rows("compare", *args)
    assert "in ulp: the largest that was found; unproven" in rows("compare", *args)
    assert values["evidence"] == {"max_abs": "proven", "max_ulp": "observed"}


def test_two_names_of_one_function() -> None:
    """silu and swish do not differ, and both are labelled as typed."""
    difference = found("silu", "swish")["differences"][0]
    assert (difference["of"], difference["max_abs"], difference["at"], difference["ulp_at"]) == ("swish", 0.0, [], None)


def test_infinities_in_json() -> None:
    """Infinities are strings in JSON, and the report explains infinite ulp."""
    assert found("relu", "silu")["differences"][0]["max_ulp"] == "inf"
    assert "inf ulp: more than 1e308 units, for instance where relu is 0" in rows("compare", "relu", "silu")


def test_ulp_of_float16() -> None:
    """In float16 the differences are in ulp of float16, over all of its values."""
    difference = found("gelu", "gelu_tanh", "--dtype", "float16")["differences"][0]
    assert f"{difference['max_abs']:.3e}" == "4.732e-04"
    assert 100 < difference["max_ulp"] < 1100


def test_report_shows_a_sample_of_points() -> None:
    """The report shows a sample of many points and says so; csv has all."""
    text = rows("compare", "relu", "tanh", "--all", "--dtype", "float8_e5m2")
    assert "25 of 256 points; -f csv has all" in text
    assert len(rows("compare", "relu", "tanh", "--all", "--dtype", "float8_e5m2", "-f", "csv").splitlines()) == 257


# --- effect on data -----------------------------------------------------------------------------------------


def test_effect_on_data() -> None:
    """With -i the report has the effect of each activation on the data."""
    data = "z\n-5\n-1\n0\n2\n4\n"
    x, relu, tanh = found("relu", "tanh", "-i", "-", stdin=data)["data"]
    assert x == {"of": "x", "count": 5, "mean": 0.0, "spread": math.sqrt(9.2), "zeros": 0.2}
    assert (relu["of"], relu["mean"], relu["zeros"], relu["dead"], relu["saturated"]) == ("relu", 1.2, 0.6, 0.6, 0.6)
    with mpmath.workprec(200):
        values = [nearest(mpmath.tanh(value)) for value in (-5, -1, 0, 2, 4)]
    assert tanh["mean"] == pytest.approx(math.fsum(values) / 5, rel=1e-15)
    assert (tanh["zeros"], tanh["dead"], tanh["saturated"]) == (0.2, 0.0, 0.4)
    text = rows("compare", "relu", "-i", "-", stdin=data)
    assert "The data: 5 numbers from -5 to 4" in text
    assert "The data: 1 number from 2 to 2" in rows("compare", "relu", "-c", "z", stdin="z\n2\n")


@named(
    "values", ["1e308 1e308 -1e308", "1.5e308 -1.7e308 0", "1e200 -1e200", "5e-324 1e-320", "1e-200 3e-200", "1e160 2"]
)
def test_data_of_any_size(values: str) -> None:
    """Data whose sums or squares are beyond float64 have a mean, a spread and points, without a warning."""
    exact = [Fraction(float(value)) for value in values.split()]
    whole = found("relu", "x**3", "-i", "-", stdin="z\n" + values.replace(" ", "\n"))
    assert whole["data"][0]["mean"] == pytest.approx(float(sum(exact) / len(exact)), rel=1e-14, abs=0)
    assert whole["data"][0]["spread"] == pytest.approx(pstdev(exact), rel=1e-14, abs=0)
    points = [point["x"] for point in whole["points"]]
    assert (points[0], points[-1]) == (float(min(exact)), float(max(exact)))
    assert all(isinstance(point, float) for point in points)


def test_non_numeric_cells() -> None:
    """A non-numeric cell is an error or skipped by --on-error; an empty one is a missing value."""
    data = "z\n1\nabc\n\n2\n"
    assert fault("compare", "relu", "-i", "-", stdin=data, code=1) == "<stdin>:3: column 'z': 'abc' is not a number"
    outcome = run("compare", "relu", "-i", "-", "--on-error", "skip", "-f", "json", stdin=data)
    assert (outcome.code, outcome.err) == (0, "actcli: skipped 1 non-numeric cell\n")
    assert json.loads(outcome.out)["data"][0]["count"] == 2


@named(
    ("args", "message"),
    [
        (("relu", "tanh", "--max-ulp", "1"), "--max-ulp requires --y, the column of results"),
        (("relu", "tanh", "--order", "4"), "--order: expected an integer from 0 to 3, not '4'"),
        (("relu", "tanh", "--y", "b", "-i", "f", "-c", "a"),
         "--y requires a single activation"),
        (("relu", "--y", "b", "-i", "f"), "--y requires one -c COL, the column of x"),
        (("relu", "--y", "b", "-c", "a", "-i", "f", "--range", "-1:1"),
         "--range cannot be combined with --y: x is a column of the same CSV (-c)"),
        (("relu", "--y", "b", "-c", "a", "--range", "-1:1"), "--range cannot be combined with --y"),
        (("relu", "--y", "b", "-c", "a", "--all", "--dtype", "float16"), "--all cannot be combined with --y"),
        (("relu", "3", "--y", "b", "-c", "a", "-i", "f"), "numbers cannot be combined with --y"),
        (("relu", "--y", "b", "-c", "a", "-n", "3"), "-n requires --range"),
        (("relu", "--y", "b", "-c", "a", "--half-open", "-i", "f"), "--half-open requires --range"),
        (("relu",), "compare requires two or more activations, or one with a column of CSV (-c)"),
        (("softmax", "relu"), "softmax is a function of a vector: compare requires elementwise activations"),
        (("relu", "tanh", "nan"), "no finite x to plot"),
        (("relu", "tahn"), "no activation is called 'tahn'; did you mean tanh"),
        (("relu", "tanh", "-f", "json", "--precision", "3"),
         "--precision requires the report or -f md: json prints every digit"),
        (("relu", "--y", "b", "-c", "a", "-i", "f", "--max-ulp", "-1"),
         "--max-ulp: expected a number of at least 0, not '-1'"),
    ],
)  # fmt: skip
def test_usage_errors_of_compare(args: tuple[str, ...], message: str) -> None:
    """Each invalid argument is an error of one line with status 2."""
    assert fault("compare", *args).startswith(message)


# --- errors of results --------------------------------------------------------------------------------------


def results(count: int = 200) -> tuple[list[str], list[str]]:
    """Return x, and gelu(x) correctly rounded to float32, as digits."""
    fmt = FLOATS["float32"]
    x = fmt.round(np.random.default_rng(11).normal(0, 2, count)).tolist()
    with mpmath.workprec(200):
        y = [fmt.round(np.array([nearest(v * mpmath.ncdf(v))]))[0] for v in map(mpmath.mpf, x)]
    return [fmt.write(v) for v in x], [fmt.write(v) for v in y]


def table_of(x: list[str], y: list[str], header: str = "x,out\n") -> str:
    return header + "".join(f"{a},{b}\n" for a, b in zip(x, y, strict=True))


TRUTH = ("gelu", "-i", "-", "-c", "x", "--y", "out", "--dtype", "float32")


def test_correct_results_have_at_most_half_an_ulp() -> None:
    """Correctly rounded results have errors of at most half an ulp and meet any bound from there on."""
    data = table_of(*results())
    whole = found(*TRUTH, "--max-ulp", "0.5", stdin=data)
    assert (whole["rows"], whole["correctly_rounded"], whole["exceeded"]) == (200, 1.0, False)
    assert 0.4 < whole["max_ulp"] <= 0.5
    assert run("compare", *TRUTH, "--max-ulp", "0.5", stdin=data).code == 0


def test_result_with_an_error_of_one_ulp() -> None:
    """An error of one ulp exceeds a bound of 1/2: status 3, and the report has its line."""
    x, y = results()
    y[7] = FLOATS["float32"].write(float(np.nextafter(np.float32(y[7]), np.float32(9))))
    outcome = run("compare", *TRUTH, "--max-ulp", "0.5", stdin=table_of(x, y))
    assert (outcome.code, outcome.err) == (3, "")
    assert "bound              0.5 ulp: EXCEEDED" in outcome.out
    worst = found_in(outcome.out)
    assert worst[0] == "9"
    assert worst[1:3] == [x[7], y[7]]
    with mpmath.workprec(200):
        at = mpmath.mpf(float(np.float32(x[7])))
        exact = at * mpmath.ncdf(at)
        unit = float(np.spacing(np.abs(np.float32(nearest(exact)))))
        error = float(abs(mpmath.mpf(float(np.float32(y[7]))) - exact) / unit)
    assert float(worst[4]) == pytest.approx(error, rel=1e-5)
    assert run("compare", *TRUTH, "--max-ulp", "1.5", stdin=table_of(x, y)).code == 0


def found_in(text: str) -> list[str]:
    """Return the first of the worst rows."""
    return text.partition("Worst rows\n")[2].splitlines()[2].split()


@named("wrong", ["nan", "inf", "-inf"])
def test_wrong_nan_or_infinity(wrong: str) -> None:
    """A wrong nan or infinity exceeds any bound, even an infinite one."""
    x, y = results(20)
    y[3] = wrong
    assert run("compare", *TRUTH, "--max-ulp", "inf", stdin=table_of(x, y)).code == 3
    assert found(*TRUTH, stdin=table_of(x, y))["wrong"] == 1


UNREADABLE = ["", " ", '""', "None", "NA", "-", "0.7310586f", "1,5", "1.#J", "nan(", "#N/A", "0.1.2"]
"""Cells that are no result: missing, or no number."""


@named("cell", UNREADABLE)
@named("extra", [(), ("--grad",), ("--dtype", "float64")])
def test_unreadable_result_exceeds_every_bound(cell: str, extra: tuple[str, ...]) -> None:
    """A row with an x, but without a readable y, exceeds every bound; without one it is only counted."""
    quoted = f'"{cell}"' if "," in cell else cell
    data = f"x,out\n1,1\n2,{quoted}\n3,3\n4,{quoted}\n"
    args = ("compare", "relu", *TRUTH[1:], *extra, "-f", "json")
    for bound in ("0", "1e9", "inf"):
        outcome = run(*args, "--max-ulp", bound, stdin=data.replace("3,3", "3,1") if "--grad" in extra else data)
        whole = json.loads(outcome.out)
        assert (outcome.code, outcome.err) == (3, "")
        assert (whole["rows"], whole["unreadable"], whole["missing"], whole["exceeded"]) == (2, 2, 0, True)
    unbounded = found("relu", *TRUTH[1:], *extra, stdin=data)
    assert (unbounded["unreadable"], unbounded["not_numbers"], "exceeded" in unbounded) == (2, 0, False)
    text = run("compare", "relu", *TRUTH[1:], "--max-ulp", "9", stdin=data).out
    assert "unreadable y       2 rows, the first in line 3" in text
    assert "bound              9 ulp: EXCEEDED" in text


def test_no_readable_result_at_all() -> None:
    """A file without a single readable result exceeds a bound too."""
    data = "x,out\n1,None\n2,\n"
    outcome = run("compare", "relu", *TRUTH[1:], "--max-ulp", "1", stdin=data)
    assert (outcome.code, outcome.err) == (3, "")
    assert outcome.out.splitlines() == [
        "relu in float32: 0 rows against the exact values",
        "unreadable y       2 rows, the first in line 2",
        "bound              1 ulp: EXCEEDED",
    ]
    whole = found("relu", *TRUTH[1:], stdin=data)
    assert (whole["rows"], whole["unreadable"], whole["correctly_rounded"], whole["max_ulp"]) == (0, 2, None, None)


@named("bound", [(), ("--max-ulp", "1")])
def test_unreadable_x_ends_the_check(bound: tuple[str, ...]) -> None:
    """An x that is not a number is an error, as in the filter, with or without a bound."""
    error = fault("compare", "relu", *TRUTH[1:], *bound, stdin="x,out\n1,1\n0.5f,0.5\n2,2\n", code=1)
    assert error.startswith("<stdin>:3: column 'x': '0.5f' is not a number")


def test_skipped_rows_are_counted() -> None:
    """--on-error skip drops rows with an unreadable x or y and counts them; a row without x is left out always."""
    x, y = results(5)
    data = table_of([*x, "abc", "1", "", "2", "?"], [*y, "1", "n/a", "2", "", ""])
    args = (*TRUTH, "--on-error", "skip", "--max-ulp", "0.5")
    whole = found(*args, stdin=data)
    counts = ("rows", "not_numbers", "missing", "unreadable", "exceeded")
    assert [whole[count] for count in counts] == [5, 4, 1, 0, False]
    text = rows("compare", *args, stdin=table_of([*x, "abc"], [*y, "1"]))
    assert "non-numeric        1 row skipped" in text
    assert found(*TRUTH, stdin=table_of([*x, ""], [*y, "1"]))["missing"] == 1
    huge = found("relu", "-i", "-", "-c", "x", "--y", "y", stdin="x,y\n-1,1e10\n-2,3e300\n-3,1e300\n")
    assert huge["mean_ulp"] == huge["max_ulp"] == float(np.finfo(float).max)
    empty = fault("compare", *TRUTH, "--on-error", "skip", stdin="x,out\na,b\n", code=1)
    assert empty == "<stdin>: no row has numbers in both columns"
    assert fault("compare", *TRUTH, "--on-error", "nan").startswith("--on-error nan cannot be combined with --y")


@named("cell", ["-nan(ind)", "nan(0x1)", "1.#QNAN", "1.#IND00", "-nan"])
def test_nan_as_c_prints_it_is_a_result(cell: str) -> None:
    """C's spellings of nan and infinity are results, right or wrong."""
    whole = found("relu", *TRUTH[1:], stdin=f"x,out\n1,1\n2,{cell}\nnan,{cell}\n1.#INF,1.#INF\n-1.#INF,0\n")
    assert (whole["rows"], whole["wrong"], whole["unreadable"], whole["correctly_rounded"]) == (5, 1, 0, 0.8)


def test_check_without_a_header() -> None:
    """A file without a header works with `-c 1 --y 2 --no-header`."""
    data = table_of(*results(30), header="")
    args = ("gelu", "-i", "-", "-c", "1", "--y", "2", "--no-header", "--dtype", "float32")
    whole = found(*args, stdin=data)
    assert (whole["rows"], whole["correctly_rounded"]) == (30, 1.0)


def test_check_of_derivatives() -> None:
    """`--grad` compares with derivatives, kinks included."""
    data = "x,d\n-1,0\n0,0\n2,1\n"
    whole = found("relu", "--grad", "-i", "-", "-c", "x", "--y", "d", stdin=data)
    assert (whole["of"], whole["correctly_rounded"]) == ("relu'", 1.0)


def test_cells_are_read_in_the_dtype() -> None:
    """Cells are rounded to the dtype once: 0.1 in float16 is float16's 0.1."""
    whole = found("identity", "-i", "-", "-c", "1", "--y", "2", "--no-header", "--dtype", "float16", stdin="0.1,0.1\n")
    assert whole["max_ulp"] == 0.0


FLOAT32 = table_of(*results(30), header="x,y\n")
"""x and gelu(x) in float32."""


def test_narrow_results_are_noted() -> None:
    """float32 results without --dtype have a note on stderr, in the report and in JSON, which names the option."""
    args = ("compare", "gelu", "-i", "-", "-c", "x", "--y", "y")
    note = "every y is a float32 number, not a float64: use --dtype float32"
    outcome = run(*args, stdin=FLOAT32)
    assert (outcome.code, outcome.err) == (0, f"actcli: {note}\n")
    assert note in outcome.out
    outcome = run(*args, "-f", "json", "--max-ulp", "1", stdin=FLOAT32)
    assert (outcome.code, outcome.err) == (3, f"actcli: {note}\n")
    assert json.loads(outcome.out)["narrower_dtype"] == "float32"


@named("dtype", ["float64", "float32", "bfloat16"])
def test_explicit_dtype_has_no_note(dtype: str) -> None:
    """With --dtype nothing is noted, whichever it is."""
    outcome = run("compare", "gelu", "-i", "-", "-c", "x", "--y", "y", "--dtype", dtype, stdin=FLOAT32)
    assert outcome.err == ""
    assert "every y" not in outcome.out


@named("spec", ["relu", "identity", "hard_sigmoid", "x / 4"])
def test_short_float64_results_have_no_note(spec: str) -> None:
    """Exact float64 results that are float32 numbers too have no note."""
    x = np.arange(-40, 40) * 0.75
    data = rows("eval", spec, "--as", "y", stdin="x\n" + "".join(f"{value}\n" for value in x))
    assert rows("compare", spec, "-i", "-", "-c", "x", "--y", "y", stdin=data).count("every y") == 0


def test_column_means_csv_on_stdin(tmp_path: Path) -> None:
    """With -c and no source, x and y come from CSV on stdin, as for eval."""
    data = "x,y\n-1,0\n2,2\n"
    path = tmp_path / "a.csv"
    path.write_text(data)
    for args in (("relu", "-c", "x", "--y", "y"), ("relu", "gelu", "-c", "x"), ("relu", "-c", "x", "-f", "json")):
        assert rows("compare", *args, stdin=data) == rows("compare", *args, "-i", str(path))


def test_column_without_csv() -> None:
    """On a terminal, -c without a file is a usage error."""
    check, effect = in_terminal("compare", "relu", "-cx", "--y=y"), in_terminal("compare", "relu", "gelu", "-c", "x")
    assert (check.code, effect.code) == (2, 2)
    assert "--y requires CSV that contains the column: -i FILE, or stdin" in check.out
    assert "x is missing" in effect.out


@named("args", [("-c", "x", "--y", "y*"), ("-c", "1-2", "--y", "y2"), ("-c", "x,y1", "--y", "y2")])
def test_x_and_y_are_one_column_each(args: tuple[str, ...]) -> None:
    """A range, a pattern or a list that chooses another column of x or y is a usage error."""
    message = fault("compare", "relu", *args, stdin="x,y1,y2\n1,1,1\n")
    assert message == "-c and --y choose 3 columns: --y requires one of x and one of y"


def test_invalid_columns_and_rows() -> None:
    """An unknown column has a suggestion, and a ragged row is located."""
    assert fault("compare", "relu", "-i", "-", "-c", "x", "--y", "oot", stdin="x,out\n1,1\n") == (
        "unknown column 'oot': did you mean 'out'?"
    )
    assert fault("compare", "relu", "-i", "-", "-c", "x", "--y", "out", stdin="x,out\n1,1\n2\n", code=1) == (
        "<stdin>:3: 1 cell, but the header has 2"
    )


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    """Five times the rows take no more memory."""
    peaks = []
    for count in (100_000, 500_000):
        path = tmp_path / f"{count}.csv"
        values = np.random.default_rng(1).normal(0, 2, count).astype(np.float32)
        path.write_text("x,y\n" + "".join(f"{v},{max(v, 0)}\n" for v in values.tolist()), encoding="utf-8")
        script = (
            "import sys; from actcli.cli.main import run; code = run(sys.argv[1:]);"
            "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0], file=sys.stderr); sys.exit(code)"
        )
        done = subprocess.run(
            [COMMAND[0], "-P", "-c", script, "compare", "relu", "-i", str(path), "-c", "x", "--y", "y"],
            env=environ(), capture_output=True, text=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
        peaks.append(int(done.stderr))
    assert peaks[1] < peaks[0] * 1.1, peaks


# --- layout -------------------------------------------------------------------------------------------------

REPORTS = {
    "compare-gelus": ("gelu", "gelu_tanh", "relu"),
    "compare-leaky": ("leaky_relu:negative_slope=0.01", "leaky_relu:negative_slope=0.2", "--", "-2", "0", "3"),
}


@named("name", REPORTS)
@named("width", [40, 80, 120])
def test_report_matches_golden_file(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is reproducible and fits the width."""
    monkeypatch.setenv("COLUMNS", str(width))
    text = rows("compare", *REPORTS[name])
    assert max(map(len, text.splitlines())) <= width
    golden(f"{name}-{width}.txt", text)


def test_kernel_report_matches_golden_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report on a kernel has shares, histogram and worst rows."""
    monkeypatch.setenv("COLUMNS", "80")
    data = (GOLDEN / "kernel.csv").read_text(encoding="utf-8")
    outcome = run("compare", *TRUTH, "--max-ulp", "1", stdin=data)
    assert outcome.code == 3
    golden("kernel-report.txt", outcome.out)


def test_terminal_adds_only_colour() -> None:
    """A terminal adds colour only, and an ASCII pipe gets ASCII only."""
    shown = in_terminal("compare", "relu", "gelu").out
    assert "\x1b[" in shown
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    assert bare == spawn("compare", "relu", "gelu").out
    ascii_only = spawn("compare", "gelu", "gelu_tanh", env=environ(PYTHONIOENCODING="ascii"))
    assert ascii_only.code == 0
    assert ascii_only.out.isascii()
    assert "+-2.699" in ascii_only.out


def test_extension_sets_the_form(tmp_path: Path) -> None:
    """`-o` writes the report, or JSON or CSV by its extension."""
    for name in ("report.txt", "report.json", "points.csv"):
        assert rows("compare", "relu", "tanh", "-o", str(tmp_path / name)) == ""
    assert "Differences from relu" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "differences" in json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (tmp_path / "points.csv").read_text(encoding="utf-8").startswith("x,relu(x),tanh(x)\n")


def test_differences_are_drawn() -> None:
    """Below the functions, a second panel shows the differences from the first one on a scale of their own."""
    text = rows("compare", "gelu", "gelu_tanh", "quick_gelu")
    first, second = (panel.split("\n") for panel in text.split("└")[:2])
    assert first[0] == "A gelu   B gelu_tanh   C quick_gelu"
    assert second[1] == "B gelu_tanh - gelu   C quick_gelu - gelu"
    labels = [float(line.split("┤")[0]) for line in second if "┤" in line]
    # The largest difference is that of quick_gelu, about -0.0203.
    assert -0.03 < min(labels) < -0.01
    assert max(labels) < 0.02


def test_difference_of_equal_functions_is_drawn_at_zero() -> None:
    """The difference of two names of one function is a line at 0."""
    panel = rows("compare", "silu", "x*sigmoid(x)").split("└")[1]
    row = next(line for line in panel.split("\n") if re.match(" *0 ┤", line))
    assert row.count("⠒") > 50


def test_orders_of_differences() -> None:
    """`--order K` compares the derivatives up to order K, and with --y it says which one the column contains."""
    orders = [row["order"] for row in found("gelu", "gelu_tanh", "--order", "3", "-1", "1")["differences"]]
    assert orders == [0, 1, 2, 3]
    first, second = ("x,y\n0.5,0.5\n2,2\n", "x,y\n0.5,1\n2,1\n")
    for order, data in (("1", first), ("2", second)):
        assert found("x**2/2", "--order", order, "-c", "x", "--y", "y", stdin=data)["max_ulp"] == 0
