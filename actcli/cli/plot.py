"""Plots of activations: sampled where their shape requires it, and drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from actcli.cli.console import stdout_is_terminal
from actcli.cli.errors import usage_error
from actcli.cli.titles import title
from actcli.core.analysis.breakpoints import breakpoints
from actcli.core.analysis.curve_samples import curve_samples
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.display.numbers import significant
from actcli.display.plot import Curve, Panel, plot_panels, sample_points
from actcli.text import escape

if TYPE_CHECKING:
    from actcli.core.analysis.curve_samples import Function
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal
    from actcli.number_formats import Floats, Format

__all__ = ["PlotSize", "draw"]


@dataclass(frozen=True)
class PlotSize:
    """Size and character set of a plot; None stands for the terminal's."""

    width: int | None = None
    height: int | None = None
    charset: str = "auto"


def draw(bounds: Sequence[BoundActivation], x_range: tuple[float, float], fmt: Format, order: int, size: PlotSize,
         terminal: Terminal, one_panel: bool = False, differences: bool = False) -> str:  # fmt: skip
    """Return a plot of f of each activation over `x_range`; one line if none of them has a finite value there.

    order        draw the derivatives up to this order too
    one_panel    draw them in the panel of f instead of below it
    differences  draw below f the differences from the first activation
    """
    # The last line is left for the prompt, so that the whole plot stays visible.
    height = terminal.height - stdout_is_terminal()
    width = size.width or terminal.width
    points = [breakpoints([bound], *x_range) for bound in bounds]
    parts = [
        [_curve(title(bound, k, max(width - 12, 12)), partial(evaluate, Quantity(bound, k)),
                x_range, width, kinks, fmt)
         for bound, kinks in zip(bounds, points, strict=True)]
        for k in range(1 + order)
    ]  # fmt: skip
    if not any(math.isfinite(y) for part in parts for curve in part for y in curve.y):
        return _nothing_to_draw(bounds, x_range, terminal)
    if differences:
        parts.append([
            _difference(bounds[0], other, x_range, width, sorted({*points[0], *kinks}), fmt)
            for other, kinks in zip(bounds[1:], points[1:], strict=True)
        ])  # fmt: skip
    if one_panel:
        parts = [[curve for part in parts for curve in part]]
    # In the panel of the differences each activation keeps its colour.
    panels = [Panel(part, first_number=len(bounds) - len(part) if differences else 0) for part in parts]
    charset = terminal.charset if size.charset == "auto" else size.charset
    try:
        return plot_panels(
            panels, x_range=x_range, width=width, height=size.height or height,
            charset=cast("Any", charset), color=terminal.color,
        )  # fmt: skip
    except ValueError as error:
        raise usage_error(str(error)) from None


def _curve(
    label: str, f: Function, x_range: tuple[float, float], width: int, points: Sequence[float], fmt: Format
) -> Curve:
    """Return the curve of a function; its label says so if it has no finite value."""
    try:
        x = np.array(sample_points(x_range, width, points))
    except ValueError as error:
        raise usage_error(str(error)) from None
    samples = curve_samples(f, x, points, fmt)
    return Curve(label if any(map(math.isfinite, samples.y)) else f"{label} (no finite value)", *samples)


def _difference(
    first: BoundActivation, other: BoundActivation, x_range: tuple[float, float], width: int,
    points: Sequence[float], fmt: Format,
) -> Curve:  # fmt: skip
    def f(x: Floats, fmt: Format) -> Floats:
        with np.errstate(all="ignore"):
            return evaluate(Quantity(other), x, fmt) - evaluate(Quantity(first), x, fmt)

    subtrahend = f"({title(first)})" if first.activation.is_expression else title(first)
    return _curve(f"{title(other)} - {subtrahend}", f, x_range, width, points, fmt)


def _nothing_to_draw(bounds: Sequence[BoundActivation], x_range: tuple[float, float], terminal: Terminal) -> str:
    where = "finite value for x from {} to {}".format(*(significant(end, 6) for end in x_range))
    if len(bounds) > 1:
        return f"Nothing to plot: no function has a {where}."
    room = max(terminal.width - len(f"Nothing to plot:  has no {where}."), 12)
    return f"Nothing to plot: {escape(title(bounds[0], max_chars=room), unicode=terminal.unicode)} has no {where}."
