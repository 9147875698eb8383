"""Plots of activations: sampled where their shape requires it, and drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from actcli.cli.console import stdout_is_terminal
from actcli.cli.errors import usage_error
from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.display.numbers import significant
from actcli.display.plot import Curve, Panel, plot_panels, sample_points

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal
    from actcli.number_formats import Format

__all__ = ["PlotSize", "draw"]


@dataclass(frozen=True)
class PlotSize:
    """Size and character set of a plot; None stands for the terminal's."""

    width: int | None = None
    height: int | None = None
    charset: str = "auto"


def draw(bounds: Sequence[BoundActivation], x_range: tuple[float, float], fmt: Format, grad: bool, size: PlotSize,
         terminal: Terminal, one_panel: bool = False) -> str:  # fmt: skip
    """Return a plot of f of each activation over `x_range`.

    grad       draw f' too
    one_panel  draw f' in the panel of f instead of below it
    """
    # The last line is left for the prompt, so that the whole plot stays visible.
    height = terminal.height - stdout_is_terminal()
    width = size.width or terminal.width
    curves = [[_curve(bound, order, x_range, width, fmt) for bound in bounds] for order in range(1 + grad)]
    if not any(math.isfinite(y) for curve in curves[0] for y in curve.y):
        low, high = (significant(end, 6) for end in x_range)
        labels = ", ".join(bound.label for bound in bounds)
        return f"Nothing to plot: {labels} has no finite value for x from {low} to {high}."
    panels = [Panel([curve for part in curves for curve in part])] if one_panel else [Panel(part) for part in curves]
    charset = terminal.charset if size.charset == "auto" else size.charset
    try:
        return plot_panels(
            panels, x_range=x_range, width=width, height=size.height or height,
            charset=cast("Any", charset), color=terminal.color,
        )  # fmt: skip
    except ValueError as error:
        raise usage_error(str(error)) from None


def _curve(bound: BoundActivation, order: int, x_range: tuple[float, float], width: int, fmt: Format) -> Curve:
    quantity = Quantity(bound, order)
    points = breakpoints([bound], *x_range)
    try:
        x = np.array(sample_points(x_range, width, points))
    except ValueError as error:
        raise usage_error(str(error)) from None
    rounded = x if fmt.is_fixed else fmt.round(x)
    y = evaluate(quantity, rounded, fmt)
    label = bound.label + "'" * order
    return Curve(label, x.tolist(), y.tolist(), jumps(quantity, points))
