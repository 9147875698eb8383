"""actcli compare: activations side by side, or somebody's results against the truth."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.help import under
from actcli.cli.options import (
    REPORT_FORMATS,
    RESULTS,
    Count,
    Options,
    color_option,
    format_option,
    input_options,
    output_option,
    read_options,
)
from actcli.cli.plot_options import Least

EXAMPLES = """
actcli compare gelu gelu_tanh quick_gelu         # how far from the first
actcli compare relu leaky_relu:alpha=0.2 -2 3    # at these points
actcli compare relu silu -i data.csv -c logit    # on these data
actcli compare gelu -i kernel.csv -c x --y out --dtype float32 --max-ulp 1
"""


@click.command(
    cls=Command, name="compare", examples=EXAMPLES, short_help="Side by side, or your results against exact ones."
)
@click.argument("words", metavar="SPEC... [X]...", nargs=-1)
@under(
    "Your results against the exact values",
    click.option("--y", metavar="COL", help="The column of results f(x) to check."),
    click.option("--grad", is_flag=True, help="The column of --y holds f'(x)."),
    click.option("--max-ulp", type=Least(), metavar="N", help="Exit with status 3 if an error is beyond N ulp."),
)
@input_options(13)
@read_options
@output_option
@format_option(REPORT_FORMATS, "auto: a report; json: all of it; the others: the points")
@under(
    RESULTS,
    click.option(
        "--precision", type=Count(1, 17), metavar="N", help="Significant digits in the report (6, of differences 4)."
    ),
)
@color_option
def command(words: tuple[str, ...], y: str | None, grad: bool, max_ulp: float | None, **given: Any) -> int:
    """Activations side by side: their values, how far each is from the first, their properties; with -i, what they do
    to your data.

    With --y, the results of a kernel, a table or a converted model are held against the exact values, in units in the
    last place (ulp) of the dtype.

    A word that reads as a number is an X; any other is a SPEC: a name, with parameters if wanted
    (NAME:PARAM=VALUE,...), or a formula in x, in quotes.
    """
    from actcli.cli.compare_run import run_compare

    return run_compare(words, y, grad, max_ulp, Options.of(**given))
