"""Frame, labels and legend: everything around the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actcli.display.plot.axis import Scale, Tick, tick_choices
from actcli.display.plot.canvas import CHARSETS, Charset, column_of
from actcli.display.plot.curves import Curve, check_range
from actcli.display.plot.frame import Frame
from actcli.display.plot.glyphs import Line, join_cells

__all__ = ["Panel", "plot", "plot_panels"]

CharsetName = Literal["braille", "block", "ascii"]

_LEAST_WIDTH = 20
_LEAST_HEIGHT = 6
_LEAST_PANEL = 5


@dataclass(frozen=True)
class Panel:
    """Curves in one frame, and the range of y to show; by default what they need."""

    curves: Sequence[Curve]
    y_range: tuple[float, float] | None = None


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
    """The curves over `x_range` as `height` lines of at most `width` columns; no newline at the end.

    Names stand at the right ends of the curves if they find room there, else above in the order given, with
    the glyph (ASCII) or letter by which each curve is known without colour. Curves that share cells take
    turns. With charset="ascii" all is ASCII; with color=True the same characters are coloured (ANSI, 16
    colours).

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
    """Plots below each other over one x-axis, such as a function and its derivative. Otherwise as `plot`.

    Raises ValueError as `plot` does, or if there is no panel; each beyond the first needs 5 lines more.
    """
    x = Scale(*check_range("x", x_range))
    if charset not in CHARSETS:
        raise ValueError(f"unknown charset {charset!r}: choose from {', '.join(CHARSETS)}")
    if not panels:
        raise ValueError("nothing to plot")
    least = _LEAST_HEIGHT + (len(panels) - 1) * _LEAST_PANEL
    if width < _LEAST_WIDTH or height < least:
        raise ValueError(
            f"a plot takes at least {_LEAST_WIDTH} columns and {least} lines, and not {width} and {height}"
        )
    count = len(panels)
    shares = [(height - 1) // count + (number < (height - 1) % count) for number in range(count)]
    frames = [
        Frame(panel.curves, panel.y_range, x, width, share, CHARSETS[charset])
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
    """The columns that have a tick, counted from the frame, and the line of labels below it."""
    for ticks in tick_choices(x.low, x.high, max(columns // 3, 1), min(max(columns / 12, 3), 8)):
        line = ""
        places = [column_of(tick.value, x, columns, charset) for tick in ticks]
        for tick, place in zip(ticks, places, strict=True):
            line = _with_label(line, tick, left + place, width)
            if not line:
                break
        else:
            return set(places), line
    return set(), ""


def _with_label(line: str, tick: Tick, centre: int, width: int) -> str:
    """`line` with the label of `tick` about `centre`; "" if it would touch another or leave the width."""
    start = min(max(centre - (len(tick.label) - 1) // 2, 0), width - len(tick.label))
    if start < 0 or (line and start < len(line) + 1):
        return ""
    return line.ljust(start) + tick.label
