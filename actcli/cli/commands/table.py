"""actcli table: values and derivatives of several activations, as rows, a plot or a lookup table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors, join_or, usage_error
from actcli.cli.help import option_group
from actcli.cli.options import (
    COMPUTATION,
    FORMATS,
    OUTPUT,
    Options,
    csv_options,
    dtype_option,
    format_option,
    look_options,
    output_option,
    param_option,
    plot_options,
    x_options,
)
from actcli.cli.output_format import check_plot_output
from actcli.cli.spec_arguments import bind_all, split_words, with_default_range
from actcli.number_formats import FLOATS, find_format

if TYPE_CHECKING:
    from actcli.core.spec import BoundActivation

EXAMPLES = """
actcli table relu gelu silu                      # side by side, over -6:6
actcli table tanh --grad --range -3:3 -n 7       # with the derivative
actcli table gelu gelu_tanh --plot               # drawn
actcli table tanh --range -8:8 -n 256 --half-open --dtype q1.14 -f c
"""


@click.command(cls=Command, name="table", examples=EXAMPLES, short_help="f and f' over a range, as a table or a plot.")
@click.argument("words", metavar="ACTIVATION... [X]...", nargs=-1)
@option_group(COMPUTATION, click.option("--grad", is_flag=True, help="Add the derivative f'."))
@dtype_option
@param_option
@x_options(13)
@plot_options
@csv_options
@output_option
@format_option((*FORMATS, "c"))
@option_group(
    OUTPUT,
    click.option("--verbose", is_flag=True, help="Write the errors of lookup and interpolation to stderr."),
)
@look_options
def command(
    words: tuple[str, ...],
    grad: bool,
    plot: bool,
    verbose: bool,
    width: int | None,
    height: int | None,
    charset: str,
    **arguments: Any,
) -> None:
    """Tabulate one or more activations over a range (-6:6) or at the numbers given.

    A word that parses as a number is an X; any other is an ACTIVATION: a name, with optional parameters
    (NAME:PARAM=VALUE,...), or a quoted formula in x.
    """
    specs, values = split_words(words)
    options = with_default_range(Options.of(**arguments, values=values))
    with click_errors(*specs, *options.param):
        bounds = bind_all(specs, options.param, "table")
        if not plot and (width, height, charset) != (None, None, "auto"):
            raise usage_error("--width, --height and --charset require --plot")
        from actcli.cli.evaluate import report_undecided  # late: needs NumPy

        with report_undecided():
            if plot:
                _plot(bounds, grad, (width, height, charset), options)
            else:
                _write(bounds, grad, verbose, options)


def _plot(
    bounds: Sequence[BoundActivation], grad: bool, size: tuple[int | None, int | None, str], options: Options
) -> None:
    from actcli.cli.page import terminal_of, write_page  # late: needs NumPy and display
    from actcli.cli.plot import PlotSize, draw
    from actcli.cli.x_source import is_from_csv, x_interval

    if is_from_csv(options):
        raise usage_error("--plot cannot be combined with -i: it requires a range or values")
    check_plot_output(options)
    fmt = find_format(options.dtype)
    write_page(draw(bounds, x_interval(options), fmt, grad, PlotSize(*size), terminal_of(options)), options)


def _write(bounds: Sequence[BoundActivation], grad: bool, verbose: bool, options: Options) -> None:
    from actcli.cli.computation import values_and_derivatives  # late: needs NumPy
    from actcli.cli.x_source import is_from_csv

    computation = values_and_derivatives(bounds, int(grad))
    if not is_from_csv(options):
        from actcli.cli.lookup_table import write_lookup_tables  # late: CSV does not need it

        write_lookup_tables(computation, verbose, options)
        return
    if options.dtype not in FLOATS:
        raise usage_error(f"--dtype {options.dtype} cannot be combined with CSV input: use {join_or([*FLOATS])}")
    from actcli.cli.csv_filter import filter_csv  # late: ranges do not need it

    filter_csv(computation, options)
