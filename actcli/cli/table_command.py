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


@click.command(cls=Command, name="table", examples=EXAMPLES, short_help="f and f' over a range, as a table or plot.")
@click.argument("words", metavar="SPEC... [X]...", nargs=-1)
@under(COMPUTED, click.option("--grad", is_flag=True, help="The derivative f' too."))
@dtype_option
@param_option
@x_options
@plot_options
@csv_options
@output_option
@format_option((*FORMATS, "c"))
@under(RESULTS, click.option("--verbose", is_flag=True, help="Tell on stderr how exact it is to read the table."))
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
    """Values of one or more activations SPEC side by side, over a range (-6:6) or for the numbers given.

    A word that reads as a number is an X, every other a SPEC: a name or a formula in x, with parameters if wanted
    (NAME:PARAM=VALUE,...).
    """
    from actcli.cli.drawing import Canvas
    from actcli.cli.table_run import run_table

    run_table(words, grad, plot, verbose, Canvas(width, height, charset), Options.of(**given))
