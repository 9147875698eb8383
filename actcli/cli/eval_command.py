"""actcli eval: values f(x)."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.options import Options, csv_options, input_options, output_options, seed_option

EXAMPLES = """
actcli eval relu -- -2 0 3                             # values
actcli eval leaky_relu:negative_slope=0.2 -2 -1        # with a parameter
actcli eval tanh --range -6:6 -n 13                    # over a range
actcli eval sigmoid -i data.csv -c logit -o out.csv    # a new column
actcli eval 'x * sigmoid(1.702 * x)' -- -1 2           # any formula
seq -3 3 | actcli eval silu                            # in a pipe
"""


@click.command(cls=Command, name="eval", examples=EXAMPLES, short_help="Values f(x).")
@click.argument("spec")
@click.argument("values", metavar="[X]...", nargs=-1)
@input_options
@seed_option
@csv_options
@output_options
def command(spec: str, seed: int | None, **given: Any) -> None:
    """Values f(x) of the activation SPEC: a name or a formula in x, with parameters if wanted (NAME:PARAM=VALUE,...).
    A formula goes in quotes: 'x * sigmoid(a * x):a=1.5'.

    x comes from the numbers given, from --range, or from CSV: a file with -i, or stdin. From CSV the result is a new
    column, and everything else leaves as it came.

    CSV is what RFC 4180 says, lines ending in LF or CRLF. NUL, invalid UTF-8 and quotes inside a bare cell are ordinary
    bytes; blanks around a number are ignored; an empty cell, or one of blanks, has an empty result; a line with nothing
    on it passes through. An uneven row, an unclosed quote and a CR that ends no line are errors. Of two columns with
    one name -c takes the number.
    """
    from actcli.cli.work import values

    values(spec, seed, Options.of(**given))
