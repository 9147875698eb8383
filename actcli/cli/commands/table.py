"""actcli table: f, and f' beside it, of several activations."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.help import under
from actcli.cli.options import (
    COMPUTED,
    FORMATS,
    RESULTS,
    Options,
    csv_options,
    format_option,
    look_options,
    output_option,
    param_option,
    x_options,
)
from actcli.cli.plot_options import dtype_option, plot_options

EXAMPLES = """
actcli table relu gelu silu                      # side by side, over -6:6
actcli table tanh --grad --range -3:3 -n 7       # with the derivative
actcli table gelu gelu_tanh --plot               # drawn
actcli table tanh --range -8:8 -n 256 --half-open --dtype q1.14 -f c
"""


@click.command(cls=Command, name="table", examples=EXAMPLES, short_help="f and f' over a range, as a table or a plot.")
@click.argument("words", metavar="SPEC... [X]...", nargs=-1)
@under(COMPUTED, click.option("--grad", is_flag=True, help="Also the derivative f'."))
@dtype_option
@param_option
@x_options(13)
@plot_options
@csv_options
@output_option
@format_option((*FORMATS, "c"))
@under(RESULTS, click.option("--verbose", is_flag=True, help="Say on stderr how accurate a lookup in the table is."))
@look_options
def command(
    words: tuple[str, ...],
    grad: bool,
    plot: bool,
    verbose: bool,
    width: int | None,
    height: int | None,
    charset: str,
    **given: Any,
) -> None:
    """Values of one or more activations side by side, over a range (-6:6) or at the numbers given.

    A word that reads as a number is an X; any other is a SPEC: a name, with parameters if wanted
    (NAME:PARAM=VALUE,...), or a formula in x, in quotes.
    """
    from actcli.cli.plot import Canvas
    from actcli.cli.table_run import run_table

    run_table(words, grad, plot, verbose, Canvas(width, height, charset), Options.of(**given))
