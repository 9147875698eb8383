"""actcli table, as its users know it."""

from __future__ import annotations

import json
from pathlib import Path

import mpmath
import pytest

from .helpers import environ, fault, in_terminal, nearest, plain, rows, spawn

named = pytest.mark.parametrize


def test_several_side_by_side() -> None:
    """Without x the range is -6:6 with 13 points, and each activation has a column."""
    lines = rows("table", "relu", "tanh").splitlines()
    assert lines[0] == "x,relu(x),tanh(x)"
    assert [line.split(",")[0] for line in lines[1:]] == [f"{x}.0" for x in range(-6, 7)]
    assert lines[-1] == f"6.0,6.0,{nearest(mpmath.tanh(6))!r}"


def test_the_derivative_beside_it() -> None:
    """`--grad` puts each derivative right of its function, and words that read as numbers are x."""
    assert rows("table", "relu", "-2", "leaky_relu:alpha=0.5", "3", "--grad") == (
        "x,relu(x),relu_grad(x),leaky_relu:alpha=0.5(x),leaky_relu:alpha=0.5_grad(x)\n"
        "-2.0,0.0,0.0,-1.0,0.5\n3.0,3.0,1.0,3.0,1.0\n"
    )


def test_values_are_correctly_rounded() -> None:
    """The values and slopes are those of eval and grad."""
    with mpmath.workprec(300):
        expected = [f"{nearest(mpmath.tanh(x))!r} {nearest(mpmath.sech(x) ** 2)!r}" for x in (-1, 0.5, 20)]
    assert plain("table", "tanh", "--grad", "-1", "0.5", "20") == expected


def test_every_format() -> None:
    """json is an array of objects; md and table round to six digits."""
    assert json.loads(rows("table", "relu", "tanh", "1", "-f", "json"))[0]["relu(x)"] == 1.0
    assert "0.761594" in rows("table", "tanh", "1", "-f", "md")
    assert "─" in rows("table", "tanh", "1", "-f", "table")


def test_two_names_of_one_activation() -> None:
    """Aliases side by side keep the names they were typed with, so that one sees that they are one."""
    assert rows("table", "silu", "swish", "0") == "x,silu(x),swish(x)\n0.0,0.0,0.0\n"


def test_a_filter_of_several() -> None:
    """From CSV every activation appends a column."""
    assert rows("table", "relu", "identity", "-i", "-", stdin="a\n-1\n2\n") == (
        "a,relu(a),identity(a)\n-1,0.0,-1.0\n2,2.0,2.0\n"
    )


@named(
    ("args", "message"),
    [
        (("1",), "SPEC is missing: name an activation, or several"),
        (("rleu",), "no activation is called 'rleu'; did you mean relu, relu6 or leaky_relu?"),
        (("relu", "relu"), "'relu' is given twice"),
        (("softmax",), "softmax is a function of a vector: table takes elementwise ones"),
        (("relu", "1_000"), "'1_000' is not a number: digits go without separators"),
        (("relu", "tanh", "-p", "a=1"), "-p goes with one SPEC: with several write relu:NAME=VALUE"),
        (("relu", "--width", "40"), "--width, --height and --charset go with --plot"),
        (("relu", "--plot", "-f", "csv"), "--plot draws instead of writing rows: it does not go with -f csv"),
        (("relu", "--plot", "-i", "x.csv"), "--plot draws functions over a range: it does not go with -i"),
        (("relu", "--plot", "--range", "1:1"), "a range of x from 1.0 to 1.0: it must be finite and ascend"),
        (("relu", "--plot", "--width", "19"), "--width takes a whole number from 20 to 10000, not '19'"),
        (("relu", "--plot", "--charset", "brail"), None),
        (("relu", "--dtype", "q1.99"), None),
    ],
)
def test_usage_errors(args: tuple[str, ...], message: str | None) -> None:
    """Each wrong word is answered in one line, with exit code 2."""
    line = fault("table", *args)
    assert message is None or line == message


# --- the plot -----------------------------------------------------------------------------------------------

GOLDEN = Path(__file__).parent / "golden"
PLOTS = {
    "plot-gelu-relu-silu": ("gelu", "relu", "silu"),
    "plot-tanh-grad": ("tanh", "hard_tanh", "--grad", "--range", "-3:3"),
    "plot-hardshrink": ("hardshrink", "softshrink", "--range", "-2:2"),
    "plot-float8": ("gelu", "--dtype", "float8_e4m3fn", "--charset", "block"),
}


@named("name", PLOTS)
@named(("width", "height"), [(80, 24), (120, 40), (40, 12)])
def test_plots(name: str, width: int, height: int) -> None:
    """A plot is exactly as large as asked for, and the same bytes for the same words."""
    text = rows("table", *PLOTS[name], "--plot", "--width", str(width), "--height", str(height))
    assert len(text.splitlines()) == height
    assert max(map(len, text.splitlines())) <= width
    assert text == (GOLDEN / f"{name}-{width}x{height}.txt").read_text(encoding="utf-8")


def test_a_plot_in_a_pipe() -> None:
    """In a pipe a plot is 80x24 without colour; where stdout cannot encode more, all of it is ASCII."""
    text = spawn("table", "gelu", "--plot", env=environ(PYTHONIOENCODING="ascii"))
    assert (text.code, text.err, len(text.out.splitlines())) == (0, "", 24)
    assert text.out.isascii()
    assert "\x1b" not in text.out


def test_a_plot_in_a_terminal() -> None:
    """In a terminal a plot is coloured and leaves a line for the prompt."""
    shown = in_terminal("table", "gelu", "relu", "--plot")
    assert shown.code == 0
    assert "\x1b[36m" in shown.out
    assert len(shown.out.splitlines()) == 23


def test_nothing_is_joined_across_a_jump() -> None:
    """The jump of hardshrink at 0.5 shows as a gap: no column holds both its sides."""
    lines = rows("table", "hardshrink", "--range", "0:1", "--plot", "--charset", "ascii").splitlines()[:-2]
    columns = list(zip(*(line.ljust(80) for line in lines), strict=True))
    assert max(column.count("*") for column in columns) <= 2


def test_the_plot_goes_to_a_file(tmp_path: Path) -> None:
    """`-o` takes the plot too."""
    path = tmp_path / "plot.txt"
    assert rows("table", "relu", "--plot", "-o", str(path)) == ""
    assert len(path.read_text(encoding="utf-8").splitlines()) == 24
