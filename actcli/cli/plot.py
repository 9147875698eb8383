"""A plot of activations: sampled where their shape asks for it, drawn, and sent where the options say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from actcli.cli.errors import usage_error
from actcli.cli.options import Options

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.plot import Curve
    from actcli.display.terminal import Terminal
    from actcli.number_formats import Format

__all__ = ["Canvas", "draw", "send", "span", "terminal_of"]


@dataclass(frozen=True)
class Canvas:
    """How large a plot is and what it is drawn with; None is what the terminal has."""

    width: int | None = None
    height: int | None = None
    charset: str = "auto"

    @property
    def given(self) -> bool:
        """Whether the words say anything of it."""
        return self != Canvas()


def draw(bounds: Sequence[BoundActivation], x_range: tuple[float, float], fmt: Format, grad: bool, canvas: Canvas,
         terminal: Terminal, together: bool = False) -> str:  # fmt: skip
    """f of each activation, and with `grad` below it, or in the same frame if `together`, f', over `x_range`."""
    from actcli.display.plot import Panel, plot_panels

    # The line below is for the prompt: a plot that is scrolled is not seen whole.
    height = terminal.height - bool(sys.stdout is not None and sys.stdout.isatty())
    width = canvas.width or terminal.width
    curves = [[_curve(bound, order, x_range, width, fmt) for bound in bounds] for order in range(1 + grad)]
    panels = [Panel([curve for part in curves for curve in part])] if together else [Panel(part) for part in curves]
    charset = terminal.charset if canvas.charset == "auto" else canvas.charset
    try:
        return plot_panels(
            panels, x_range=x_range, width=width, height=canvas.height or height,
            charset=cast("Any", charset), color=terminal.color,
        )  # fmt: skip
    except ValueError as fault:
        raise usage_error(str(fault)) from None


def _curve(bound: BoundActivation, order: int, x_range: tuple[float, float], width: int, fmt: Format) -> Curve:
    import numpy as np

    from actcli.core.analysis.breakpoints import breakpoints, jumps
    from actcli.core.evaluation.elementwise import evaluate
    from actcli.core.evaluation.quantity import Quantity
    from actcli.display.plot import Curve, sample_points

    quantity = Quantity(bound, order)
    places = breakpoints([bound], *x_range)
    try:
        x = np.array(sample_points(x_range, width, places))
    except ValueError as fault:
        raise usage_error(str(fault)) from None
    rounded = x if fmt.is_fixed else fmt.round(x)
    y = evaluate(quantity, rounded, fmt)
    label = bound.label + "'" * order
    return Curve(label, x.tolist(), y.tolist(), jumps(quantity, places))


def span(options: Options) -> tuple[float, float]:
    """From where to where the x of values or a range go."""
    if options.range is not None:
        from actcli.number_formats import read_number
        from actcli.streams.ranges import parse_range

        low, high = map(read_number, parse_range(options.range))
        return min(low, high), max(low, high)
    import numpy as np

    from actcli.cli.x_source import points
    from actcli.number_formats import find_format

    fixed = find_format(options.dtype).is_fixed
    x, _ = points(options._replace(dtype="float64") if fixed else options)
    x = x[np.isfinite(x)]
    if not x.size:
        raise usage_error("none of the numbers is finite")
    return float(x.min()), float(x.max())


def terminal_of(options: Options) -> Terminal:
    """What may be written where the options send it."""
    from actcli.display.terminal import Terminal

    return Terminal.of(sys.stdout if options.to_stdout else None, color=cast("Any", options.color))


def send(text: str, options: Options) -> None:
    """Write a page for a person."""
    from actcli.streams.files import open_sink

    encoding = getattr(sys.stdout, "encoding", None) if options.to_stdout else None
    with open_sink(options.output) as sink:
        sink.write(f"{text}\n".encode(encoding or "utf-8", "backslashreplace"))
