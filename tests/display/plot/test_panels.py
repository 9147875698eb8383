"""Plots: plot() and plot_panels()."""

from __future__ import annotations

import math
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.display.plot import Curve, Panel, plot, plot_panels, sample_points
from actcli.text import text_width
from tests.support.tiers import examples

Drawn = Callable[[str, tuple[float, float], int], Curve]
Golden = Callable[[str, str], None]
Page = tuple[tuple[float, float], list[Panel]]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
X = (-5.0, 5.0)
CHARSETS: list[Any] = ["braille", "block", "ascii"]

GOLDEN = {
    # name: curves, range of x, width, height
    "gelu-silu-relu": (["gelu", "silu", "relu"], X, 80, 24),
    "relu-leaky": (["relu", "leaky_relu"], X, 40, 12),
    "sigmoid-tanh": (["sigmoid", "tanh"], X, 80, 24),
    "relu6-sigmoid-one": (["relu6", "sigmoid", "one"], (-8.0, 8.0), 120, 40),
    "gelu": (["gelu"], X, 40, 12),
    "gelu-smallest": (["gelu"], X, 20, 6),
    "steep": (["steep"], X, 40, 12),
    "step": (["step"], X, 40, 12),
    "sign": (["sign"], X, 40, 12),
    "tan": (["tan"], X, 80, 24),
    "inverse-tanh": (["1/x", "tanh"], X, 80, 24),
    "log": (["log"], X, 40, 12),
    "sqrt": (["sqrt"], X, 40, 12),
    "one": (["one"], X, 40, 12),
    "zero": (["zero"], X, 40, 12),
    "spike": (["spike"], X, 40, 12),
    "huge-values": (["huge"], X, 40, 12),
    "tiny-values": (["tiny"], X, 40, 12),
    "nothing": (["nothing"], X, 40, 12),
    "huge-range": (["tanh"], (-1e300, 1e300), 60, 12),
    "tiny-range": (["tanh"], (-1e-300, 1e-300), 60, 12),
    "from-zero": (["sigmoid"], (0.0, 6.0), 40, 12),
}


def check_size(text: str, width: int, height: int) -> None:
    lines = text.split("\n")
    assert len(lines) == height
    for line in lines:
        assert text_width(line) <= width
        assert line == line.rstrip().rstrip("⠀")


@pytest.mark.parametrize("name", GOLDEN)
def test_plots_match_golden_files(drawn: Drawn, golden: Golden, name: str) -> None:
    """Plots equal the reviewed golden files byte for byte and have the requested size."""
    names, x_range, width, height = GOLDEN[name]
    curves = [drawn(function, x_range, width) for function in names]
    texts = []
    for charset in CHARSETS:
        texts.append(plot(curves, x_range=x_range, width=width, height=height, charset=charset))
        check_size(texts[-1], width, height)
    golden(f"plot-{name}.txt", "\n\n".join(texts))


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 12), (120, 40)])
@pytest.mark.parametrize("charset", ["braille", "ascii"])
def test_panels_match_golden_files(drawn: Drawn, golden: Golden, charset: Any, width: int, height: int) -> None:
    """Panels of a function and its derivative share the x-axis and equal the golden files."""
    panels = [Panel([drawn("gelu", X, width)]), Panel([drawn("gelu'", X, width)])]
    text = plot_panels(panels, x_range=X, width=width, height=height, charset=charset)
    check_size(text, width, height)
    golden(f"panels-{charset}-{width}x{height}.txt", text)


def test_coloured_plot_matches_golden_file(drawn: Drawn, golden: Golden) -> None:
    """Each curve has its own ANSI colour, and the zero lines are dim."""
    curves = [drawn(name, X, 60) for name in ("gelu", "tanh", "step")]
    golden("plot-colour.txt", plot(curves, x_range=X, width=60, height=16, color=True))


@pytest.mark.parametrize("charset", CHARSETS)
def test_colour_adds_escapes_only(drawn: Drawn, charset: Any) -> None:
    """Colour moves no character, uses 16 colours, and is reset on each line."""
    curves = [drawn(name, X, 80) for name in ("gelu", "silu", "relu")]
    plain = plot(curves, x_range=X, width=80, height=24, charset=charset)
    coloured = plot(curves, x_range=X, width=80, height=24, charset=charset, color=True)
    assert "\x1b" not in plain
    assert ANSI.sub("", coloured) == plain
    assert set(ANSI.findall(coloured)) == {f"\x1b[{code}m" for code in ("0", "2", "35", "32", "31")}
    assert all(
        not ANSI.findall(line) or line.endswith("\x1b[0m") or ANSI.findall(line)[-1] == "\x1b[0m"
        for line in coloured.split("\n")
    )


def test_ascii_charset() -> None:
    """With charset="ascii" frame, legend and names are ASCII."""
    curves = [Curve(name, [-5.0, 5.0], [0.0, 1.0]) for name in ("温度", "é", "\x1b[31m", "relu")]
    assert plot(curves, x_range=X, width=80, height=24, charset="ascii").isascii()


def test_names_are_escaped() -> None:
    """Control characters in a name are escaped."""
    text = plot([Curve("a\x1b[2J\nb", [-5.0, 5.0], [0.0, 1.0])], x_range=X, width=80, height=24)
    assert "\x1b" not in text
    assert r"a\x1b[2J\nb" in text


def test_lines_have_no_trailing_blanks() -> None:
    """No line ends in a blank, even if a name does."""
    for name in ("f  ", "f⠀", "⠀", " "):
        for end in (0.0, 5.0):
            curve = Curve(name, [-5.0, end], [0.0, 1.0])
            check_size(plot([curve], x_range=X, width=40, height=12), 40, 12)


def test_empty_braille_cells_are_braille_blanks(drawn: Drawn) -> None:
    """Empty cells between dots are braille blanks, which have the width of their neighbours in every font."""
    for line in plot([drawn("tanh", X, 80)], x_range=X, width=80, height=24).split("\n")[:-2]:
        inside = re.split("[│┤]", line)[1].removesuffix(" tanh")
        assert " " not in inside


def test_names_at_the_ends_of_curves(drawn: Drawn) -> None:
    """Names stand on the lines where their curves end, and then there is no legend."""
    lines = plot([drawn("relu", X, 80), drawn("step", X, 80)], x_range=X, width=80, height=24).split("\n")
    rows = [[row for row, line in enumerate(lines) if line.endswith(name)] for name in (" relu", " step")]
    assert [len(found) for found in rows] == [1, 1]
    assert rows[0] < rows[1]


@pytest.mark.parametrize(
    ("charset", "expected"),
    [
        ("ascii", "* silu   o gelu   x relu"),
        ("braille", "A silu   B gelu   C relu"),
        ("block", "A silu   B gelu   C relu"),
    ],
)
def test_legend_order(drawn: Drawn, charset: Any, expected: str) -> None:
    """If names do not fit at the ends, a legend lists them in order with glyph or letter."""
    curves = [drawn(name, X, 80) for name in ("silu", "gelu", "relu")]
    text = plot(curves, x_range=X, width=80, height=24, charset=charset)
    legend, _, body = text.partition("\n")
    assert legend == expected
    assert all(mark in body for mark in legend.split()[::2])


def test_long_legend_is_cut() -> None:
    """A legend takes no more lines than the plot can spare, and counts the omitted names."""
    curves = [Curve(f"a rather long name {i}", [-5.0, 5.0], [0.0, 1.0]) for i in range(9)]
    text = plot(curves, x_range=X, width=60, height=12)
    check_size(text, 60, 12)
    assert "+3" in text.split("\n")[2]
    assert text.split("\n")[0] == "A a rather long name 0   B a rather long name 1"


def test_equal_curves_are_dashed() -> None:
    """Two equal curves take turns of four columns, and neither hides the other."""
    curves = [Curve(name, [-5.0, 5.0], [0.0, 0.0]) for name in "fg"]
    text = plot(curves, x_range=X, width=40, height=9, charset="ascii")
    assert "oooo****" * 4 in text


def test_last_curve_is_on_top_at_a_crossing() -> None:
    """Where two curves cross, the cell is that of the last one."""
    curves = [Curve("f", [-5.0, 5.0], [-5.0, 5.0]), Curve("g", [-5.0, 5.0], [5.0, -5.0])]
    found = Counter(plot(curves, x_range=X, width=41, height=10, charset="ascii"))
    assert found["o"] > found["*"]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("count", [2, 3, 4, 6, 8, 10, 12])
@pytest.mark.parametrize("shape", ["equal", "crossing", "random"])
def test_every_curve_has_its_own_mark_without_colour(charset: Any, count: int, shape: str) -> None:
    """Each of k curves has its name where it ends, or a mark of its own, both in the legend and on the curve."""
    dice = random.Random(count)
    ends = [(0.0, 0.0) if shape == "equal" else (dice.random(), dice.random()) for _ in range(count)]
    if shape == "crossing":
        ends = [(float(i), float(-i)) for i in range(count)]
    curves = [Curve(f"c{i}", [-5.0, 5.0], [*pair]) for i, pair in enumerate(ends)]
    lines = plot(curves, x_range=X, width=80, height=24, charset=charset).split("\n")
    legend = " ".join(takewhile(lambda line: not re.search("[│|┤+]", line), lines))
    if not legend:
        assert [sum(line.endswith(f" c{i}") for line in lines) for i in range(count)] == [1] * count
        return
    body = "\n".join(line for line in lines[:-2] if re.search("[│|┤+]", line))
    marks = [re.search(rf"(\S) c{i}\b", legend)[1] for i in range(count)]  # type: ignore[index]
    assert len(set(marks)) == count
    assert set(marks) <= set(body)


def test_no_line_is_drawn_between_the_sides_of_a_lone_point() -> None:
    """A lone point is more than a dot of an axis."""
    curves = [Curve("f", [-5.0, 0.0, 5.0], [math.nan, 0.0, math.nan])]
    text = plot(curves, x_range=X, width=40, height=10)
    blank = plot([Curve("f", [0.0], [math.nan])], x_range=X, width=40, height=10)
    assert text != blank
    assert max(bin(ord(c) - 0x2800).count("1") for c in text if "⠀" <= c <= "⣿") >= 6


def test_logarithmic_panel() -> None:
    """On a logarithmic scale powers of ten are in rows at equal distances, and values below 0 are omitted."""
    curve = Curve("f", [0.0, 1.0, 2.0, 3.0, 4.0], [1e-6, -1.0, 1e-3, 1.0, 100.0])
    panel = Panel([curve], logarithmic=True)
    lines = plot_panels([panel], x_range=(0, 4), width=60, height=20, charset="ascii").split("\n")
    labels = {float(line.split("+")[0]): row for row, line in enumerate(lines[:-2]) if "+" in line}
    rows = [labels[value] for value in sorted(labels)]
    exponents = [math.log10(value) for value in sorted(labels)]
    assert len(rows) >= 3
    assert len({round((e1 - e0) / (r0 - r1), 9) for (e0, e1), (r0, r1) in
                zip(pairwise(exponents), pairwise(rows), strict=True)}) == 1  # fmt: skip
    assert not any("." * 5 in line for line in lines)


@pytest.mark.parametrize(
    "losses", [[0.5, 0.51], [0.3, 0.3], [1.0, 1.0], [1e-300, 1e300], [0.0, 1.0], [0.0, 0.0], [9.99, 10.01]]
)
def test_logarithmic_panel_has_a_power_of_ten(losses: list[float]) -> None:
    """However small the range, a logarithmic scale has a label, and it is a power of ten."""
    panel = Panel([Curve("f", [0.0, 1.0], losses)], logarithmic=True)
    text = plot_panels([panel], x_range=(0, 1), width=40, height=8, charset="ascii")
    labels = [
        Fraction(line.split("+")[0].strip()) for line in text.split("\n")[:-2] if re.match(r" *[\d.e-]+ *\+", line)
    ]
    assert labels
    for label in labels:
        assert {label.numerator, label.denominator} <= {10**k for k in range(1000)}


def test_glyphs_are_distinct() -> None:
    """Ten curves have ten glyphs, none of which occurs in the frame or the zero lines."""
    curves = [Curve(str(i), [-5.0, 5.0], [float(i), float(i)]) for i in range(10)]
    lines = plot(curves, x_range=X, width=40, height=24, charset="ascii").split("\n")
    glyphs = {line[-1]: line[-3] for line in lines[:-2] if line[-1].isdigit()}
    assert [glyphs[str(i)] for i in range(10)] == list("*ox#@%&=~$")
    assert not set(glyphs.values()) & set("+-|.:")


def rows_of(text: str, glyph: str = "*") -> dict[int, list[int]]:
    """Return the rows that contain `glyph`, by column."""
    rows: dict[int, list[int]] = {}
    for row, line in enumerate(text.split("\n")[:-2]):
        for column, character in enumerate(line):
            if character == glyph:
                rows.setdefault(column, []).append(row)
    return rows


def test_jump_has_no_vertical_line(drawn: Drawn) -> None:
    """Nothing is drawn between the two levels of a step."""
    rows = rows_of(plot([drawn("step", X, 60)], x_range=X, width=60, height=20, charset="ascii"))
    assert len({row for column in rows.values() for row in column}) == 2


def test_steep_curve_is_joined(drawn: Drawn) -> None:
    """A continuous curve is drawn through every row it crosses."""
    rows = rows_of(plot([drawn("steep", X, 60)], x_range=X, width=60, height=20, charset="ascii"))
    found = {row for column in rows.values() for row in column}
    assert found == set(range(min(found), max(found) + 1))
    assert len(found) > 15


def test_pole_has_no_vertical_line(drawn: Drawn) -> None:
    """A pole leaves an empty column between its branches."""
    rows = rows_of(plot([drawn("1/x", X, 61)], x_range=X, width=61, height=21, charset="ascii"))
    upper = [column for column, found in rows.items() if min(found) < 8]
    lower = [column for column, found in rows.items() if max(found) > 11]
    assert max(lower) < min(upper)


def test_kink_is_sharp(drawn: Drawn) -> None:
    """relu is flat up to 0 and rises from there, to within a column."""
    rows = rows_of(plot([drawn("relu", X, 60)], x_range=X, width=60, height=20, charset="ascii"))
    first, last = min(rows), max(rows)
    assert last - first + 1 == len(rows)
    zero = (first + last) / 2
    assert all(rows[column] == [17] for column in rows if column < zero)
    assert all(rows[column] != [17] for column in rows if column > zero + 1)


def test_narrow_spike_is_drawn(drawn: Drawn) -> None:
    """A spike narrower than a column reaches its full height, because its breakpoints are sampled."""
    text = plot([drawn("spike", X, 60)], x_range=X, width=60, height=20, charset="ascii")
    top = min(row for found in rows_of(text).values() for row in found)
    assert text.split("\n")[top].startswith("1")


def test_gentle_slope_has_one_glyph_per_column() -> None:
    """A gentle slope has one glyph in each column."""
    curve = Curve("f", sample_points(X, 60), [0.1 * x for x in sample_points(X, 60)])
    rows = rows_of(plot([curve], x_range=X, width=60, height=20, charset="ascii", y_range=(-5.0, 5.0)))
    assert all(len(found) == 1 for found in rows.values())


def test_numpy_arrays() -> None:
    """Arrays are drawn like lists, without a warning on overflow."""
    numpy = pytest.importorskip("numpy")
    x, y = [-5.0, 0.0, 1.0, 5.0], [-sys.float_info.max, sys.float_info.max, math.inf, math.nan]
    expected = plot([Curve("f", x, y, [2.0])], x_range=X, width=40, height=12)
    curve = Curve("f", numpy.array(x), numpy.array(y), numpy.array([2.0]))
    assert plot([curve], x_range=X, width=40, height=12) == expected


def test_single_point() -> None:
    """One point is one dot."""
    text = plot([Curve("", [1.0], [2.0])], x_range=X, width=40, height=12, charset="ascii")
    assert sum(map(len, rows_of(text).values())) == 1
    text = plot([Curve("", [1.0], [2.0])], x_range=X, width=40, height=12)
    dots = [c for c in text if "⠀" < c <= "⣿"]
    assert len(dots) > 1  # those of the zero lines


def test_range_of_y_can_be_set(drawn: Drawn) -> None:
    """With a given range of y the curve is cut at its ends."""
    text = plot([drawn("relu", X, 60)], x_range=X, width=60, height=20, charset="ascii", y_range=(0.0, 2.0))
    rows = rows_of(text)
    assert max(rows) < 45
    assert "2" in text.split("\n")[1][:6]


def test_zero_is_a_tick(drawn: Drawn) -> None:
    """0 is a tick on both axes if it is in range, without a sign."""
    text = plot([drawn("tanh", X, 80)], x_range=X, width=80, height=24, charset="ascii")
    assert re.search(r"^ 0\.0 \+", text, re.MULTILINE)
    assert " 0.0 " in text.split("\n")[-1]
    assert not re.search(r"-0(\.0*)?(?![.\d])", text)


@pytest.mark.parametrize(
    ("width", "height", "message"),
    [
        (19, 6, "at least 20 columns and 6 lines, and not 19 and 6"),
        (20, 5, "at least 20 columns and 6 lines"),
        (0, 0, "at least 20 columns and 6 lines"),
        (-5, 99, "at least 20 columns and 6 lines"),
    ],
)
def test_minimum_size(width: int, height: int, message: str) -> None:
    """A plot below 20 by 6 raises ValueError."""
    with pytest.raises(ValueError, match=message):
        plot([Curve("f", [0.0], [0.0])], x_range=X, width=width, height=height)


def test_invalid_arguments() -> None:
    """Unknown charsets, descending ranges and panels that do not fit raise ValueError."""
    curve = Curve("f", [0.0], [0.0])
    with pytest.raises(ValueError, match="unknown charset 'sixel': choose from braille, block, ascii"):
        plot([curve], x_range=X, width=80, height=24, charset="sixel")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a range of x"):
        plot([curve], x_range=(5.0, -5.0), width=80, height=24)
    with pytest.raises(ValueError, match="a range of y"):
        plot([curve], x_range=X, width=80, height=24, y_range=(1.0, 1.0))
    with pytest.raises(ValueError, match="at least 20 columns and 11 lines"):
        plot_panels([Panel([curve]), Panel([curve])], x_range=X, width=80, height=10)
    with pytest.raises(ValueError, match="nothing to plot"):
        plot_panels([], x_range=X, width=80, height=24)


def test_panels_share_their_margins(drawn: Drawn) -> None:
    """The frames of all panels begin in the same column."""
    panels = [Panel([drawn("huge", X, 80)]), Panel([drawn("relu", X, 80)])]
    lines = plot_panels(panels, x_range=X, width=80, height=24, charset="ascii").split("\n")
    assert len({re.search(r"[|+]", line).start() for line in lines[:-1]}) == 1  # type: ignore[union-attr]


labels = st.text(max_size=30)
anything = st.one_of(st.floats(), st.floats(-10, 10), st.sampled_from([0.0, -0.0, 1.0, math.nan, math.inf]))
finite = st.floats(allow_nan=False, allow_infinity=False)
ranges = st.tuples(finite, finite).filter(lambda pair: pair[0] < pair[1])


@st.composite
def curves(draw: st.DrawFn, x_range: tuple[float, float]) -> Curve:
    if draw(st.booleans()):
        x = sorted(draw(st.lists(st.floats(*x_range), max_size=40)))
    else:
        x = sample_points(x_range, draw(st.integers(1, 10)))
    y = draw(st.lists(anything, min_size=len(x), max_size=len(x)))
    return Curve(draw(labels), x, y, draw(st.lists(st.floats(), max_size=3)))


@st.composite
def pages(draw: st.DrawFn) -> Page:
    x_range = draw(st.one_of(ranges, st.just(X)))
    panel = st.builds(Panel, st.lists(curves(x_range), max_size=4), st.none() | ranges)
    return x_range, draw(st.lists(panel, min_size=1, max_size=2))


@settings(deadline=None, max_examples=examples(200))
@given(pages(), st.integers(20, 130), st.integers(0, 40), st.sampled_from(CHARSETS))
@example((X, [Panel([Curve("f", [-5.0, 5.0], [-sys.float_info.max, sys.float_info.max])])]), 20, 0, "braille")
@example(((0.0, 5e-324), [Panel([Curve("f", [0.0, 5e-324], [0.0, 5e-324])])]), 20, 0, "ascii")
def test_any_plot_has_the_requested_size(page: Page, width: int, extra: int, charset: Any) -> None:
    """Any plot has the exact size, no trailing blanks, the same characters in colour, and is reproducible."""
    x_range, panels = page
    height = 6 + 5 * (len(panels) - 1) + extra
    text = plot_panels(panels, x_range=x_range, width=width, height=height, charset=charset)
    check_size(text, width, height)
    assert text.isascii() or charset != "ascii"
    assert all(line.isprintable() for line in text.split("\n"))
    coloured = plot_panels(panels, x_range=x_range, width=width, height=height, charset=charset, color=True)
    assert ANSI.sub("", coloured) == text
    assert plot_panels(panels, x_range=x_range, width=width, height=height, charset=charset) == text


def test_plots_need_neither_numpy_nor_rich() -> None:
    """A plot is drawn with the standard library alone."""
    code = """if True:
        import sys
        from actcli.display.plot import Curve, plot
        plot([Curve("f", [0.0, 1.0], [0.0, 1.0])], x_range=(0.0, 1.0), width=80, height=24)
        assert not {"numpy", "rich", "click"} & {name.partition(".")[0] for name in sys.modules}
    """
    subprocess.run([sys.executable, "-c", code], check=True)
