"""Runs of `actcli table`: a plot, a CSV filter, or a table of a range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actcli.cli.computation import values_and_derivatives
from actcli.cli.csv_filter import filter_csv
from actcli.cli.errors import usage_error
from actcli.cli.evaluate import report_undecided
from actcli.cli.lookup_table import write_lookup_tables
from actcli.cli.options import Options
from actcli.cli.output_format import check_plot_output
from actcli.cli.page import terminal_of, write_page
from actcli.cli.plot import PlotSize, draw
from actcli.cli.x_source import is_from_csv, x_interval
from actcli.number_formats import FLOATS, find_format
from actcli.text import join_or

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["write_plot", "write_table"]


def write_plot(
    bounds: Sequence[BoundActivation], order: int, size: tuple[int | None, int | None, str], options: Options
) -> None:
    """Draw the activations, and their derivatives up to `order` below them.

    size  width, height and character set
    """
    if is_from_csv(options):
        raise usage_error("--plot cannot be combined with CSV: it requires a range or values")
    check_plot_output(options)
    fmt = find_format(options.dtype)
    with report_undecided():
        write_page(draw(bounds, x_interval(options), fmt, order, PlotSize(*size), terminal_of(options)), options)


def write_table(bounds: Sequence[BoundActivation], order: int, verbose: bool, options: Options) -> None:
    """Write the activations, and their derivatives up to `order`, side by side."""
    computation = values_and_derivatives(bounds, order)
    is_csv = is_from_csv(options)
    if is_csv and options.dtype not in FLOATS:
        raise usage_error(f"--dtype {options.dtype} cannot be combined with CSV input: use {join_or([*FLOATS])}")
    with report_undecided():
        if is_csv:
            filter_csv(computation, options)
        else:
            write_lookup_tables(computation, verbose, options)
