"""Plots: curves drawn with characters in exactly as many lines and columns as asked for.

    curves   sampled functions: which points are joined, and the range of y that shows them
    axis     the scale of an axis and its round tick values
    canvas   dots in character cells: braille, blocks, ASCII
    glyphs   from dots to coloured characters; how curves are distinguished
    frame    one frame: curves, zero lines, y-axis, names
    panels   frames below each other over a common x-axis

The same input gives the same bytes on every machine.
"""

from actcli.display.plot.curves import Curve, sample_points
from actcli.display.plot.panels import MIN_WIDTH, Panel, plot, plot_panels

__all__ = ["MIN_WIDTH", "Curve", "Panel", "plot", "plot_panels", "sample_points"]
