"""actcli table: values and derivatives of several activations, as rows, a plot or a lookup table."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors, usage_error
from actcli.cli.help import option_group
from actcli.cli.options import (
    COMPUTATION,
    FORMATS,
    OUTPUT,
    Options,
    csv_options,
    derivative_options,
    dtype_option,
    format_option,
    look_options,
    output_option,
    param_option,
    plot_options,
    x_options,
)
from actcli.cli.spec_arguments import bind_all, split_words, with_default_range

EXAMPLES = """
actcli table relu gelu silu                      # side by side, over -6:6
actcli table tanh --grad --range -3:3 -n 7       # with the derivative
actcli table gelu gelu_tanh --plot               # drawn
actcli table tanh --range -8:8 -n 256 --half-open --dtype q1.14 -f c
"""


@click.command(cls=Command, name="table", examples=EXAMPLES, short_help="f and f' over a range, as a table or a plot.")
@click.argument("words", metavar="ACTIVATION... [X]...", nargs=-1)
@option_group(COMPUTATION, *derivative_options("Add"))
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
    order: int | None,
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
    (NAME:PARAM=VALUE,...), or a quoted formula in x (see actcli help formulas).
    """
    options = Options.of(**arguments)
    order = int(grad) if order is None else order
    specs, values = split_words(words, options.number_format)
    options = with_default_range(options._replace(values=values))
    with click_errors(*specs, *options.param):
        bounds = bind_all(specs, options.param, "table")
        if not plot and (width, height, charset) != (None, None, "auto"):
            raise usage_error("--width, --height and --charset require --plot")
        from actcli.cli import tabulate  # late: needs NumPy

        if plot:
            tabulate.write_plot(bounds, order, (width, height, charset), options)
        else:
            tabulate.write_table(bounds, order, verbose, options)
