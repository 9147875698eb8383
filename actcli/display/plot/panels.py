"""Panels: frames below each other over a common x-axis, with its ticks and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actcli.display.plot.axis import Scale, Tick, tick_choices
from actcli.display.plot.canvas import CHARSETS, Charset, column_of
from actcli.display.plot.curves import Curve, check_range
from actcli.display.plot.frame import Frame
from actcli.display.plot.glyphs import Line, join_cells

__all__ = ["MIN_WIDTH", "Panel", "plot", "plot_panels"]

CharsetName = Literal["braille", "block", "ascii"]

MIN_WIDTH = 20
"""The fewest columns of a plot."""
_MIN_HEIGHT = 6
"""Lines of a plot with a single panel."""
_MIN_PANEL_HEIGHT = 5
"""Lines of each further panel."""


@dataclass(frozen=True)
class Panel:
    """Curves in one frame.

    y_range       the range of y to show; None for the range that shows all of them
    logarithmic   whether the scale of y is logarithmic; y_range is then that of the decimal logarithms
    first_number  the number of the first curve, which decides on its colour and mark: 0 unless another panel has the
                  same functions
    """

    curves: Sequence[Curve]
    y_range: tuple[float, float] | None = None
    first_number: int = 0
    logarithmic: bool = False


def plot(
    curves: Sequence[Curve],
    *,
    x_range: tuple[float, float],
    width: int,
    height: int,
    charset: CharsetName = "braille",
    color: bool = False,
    y_range: tuple[float, float] | None = None,
) -> str:
    """Return a plot of the curves over `x_range`: `height` lines of at most `width` columns, no newline at the end.

    The names are at the right ends of the curves if there is room, else in a legend above. The legend has the glyph
    (ASCII) or letter that marks each curve without colour. Curves that share cells are dashed. With charset="ascii" all
    characters are ASCII. With color=True the same characters are coloured (ANSI; from the seventh curve on, some of the
    256 colours). Ticks of the y-axis are in the middles of rows, and the range of y is extended as that requires.

    Raises ValueError if a range is not finite and ascending, the size below 20 by 6, or the charset unknown.
    """
    panels = [Panel(curves, y_range)]
    return plot_panels(panels, x_range=x_range, width=width, height=height, charset=charset, color=color)


def plot_panels(
    panels: Sequence[Panel],
    *,
    x_range: tuple[float, float],
    width: int,
    height: int,
    charset: CharsetName = "braille",
    color: bool = False,
) -> str:
    """Return panels below each other over one x-axis, such as a function and its derivative; otherwise as `plot`.

    Raises ValueError as `plot` does, or if there is no panel. Each panel beyond the first needs 5 more lines.
    """
    x = Scale(*check_range("x", x_range))
    if charset not in CHARSETS:
        raise ValueError(f"unknown charset {charset!r}: choose from {', '.join(CHARSETS)}")
    if not panels:
        raise ValueError("nothing to plot")
    min_height = _MIN_HEIGHT + (len(panels) - 1) * _MIN_PANEL_HEIGHT
    if width < MIN_WIDTH or height < min_height:
        raise ValueError(
            f"a plot takes at least {MIN_WIDTH} columns and {min_height} lines, and not {width} and {height}"
        )
    count = len(panels)
    shares = [(height - 1) // count + (number < (height - 1) % count) for number in range(count)]
    frames = [
        Frame(panel.curves, panel.y_range, x, width, share, CHARSETS[charset], panel.first_number, panel.logarithmic)
        for panel, share in zip(panels, shares, strict=True)
    ]
    left = max(frame.left for frame in frames)
    right = max(frame.right for frame in frames)
    ticks, labels = _x_axis(x, left, width - left - right, width, CHARSETS[charset])
    lines: list[Line] = []
    for frame in frames:
        lines += frame.lines(left, right, ticks)
    return "\n".join(join_cells(line, color) for line in [*lines, [(labels, "")]])


def _x_axis(x: Scale, left: int, columns: int, width: int, charset: Charset) -> tuple[set[int], str]:
    """Return the columns that have a tick, counted from the frame, and the line of labels below the frame."""
    for ticks in tick_choices(float(x.low), float(x.high), max(columns // 3, 1), min(max(columns / 12, 3), 8)):
        line = ""
        positions = [column_of(tick.value, x, columns, charset) for tick in ticks]
        for tick, position in zip(ticks, positions, strict=True):
            line = _with_label(line, tick, left + position, width)
            if not line:
                break
        else:
            return set(positions), line
    return set(), ""


def _with_label(line: str, tick: Tick, centre: int, width: int) -> str:
    """Return `line` with the label of `tick` centred at `centre`; "" if it would touch another or exceed the width."""
    start = min(max(centre - (len(tick.label) - 1) // 2, 0), width - len(tick.label))
    if start < 0 or (line and start < len(line) + 1):
        return ""
    return line.ljust(start) + tick.label
