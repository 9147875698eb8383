"""Curves drawn with characters, in exactly as many lines and columns as asked for.

    curves   what is drawn: sampled points, where they may be joined, the range they need
    scale    where a value stands on an axis, and the round numbers along it
    canvas   dots in character cells: braille, blocks, ASCII
    page     frame, labels, legend: everything around the curves

Nothing here depends on the machine: the same input gives the same bytes.
"""

from actcli.display.plot.curves import Curve, sample_points
from actcli.display.plot.panels import Panel, plot, plot_panels

__all__ = ["Curve", "Panel", "plot", "plot_panels", "sample_points"]
