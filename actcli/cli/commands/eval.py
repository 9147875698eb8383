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
NOTES = """
CSV is as in RFC 4180, with lines ending in LF or CRLF. NUL bytes, invalid UTF-8 and quotes inside an unquoted cell are
ordinary data; blanks around a number are ignored; an empty cell, or one of blanks, has an empty result; a blank line
passes through. A row of another length, an unclosed quote and a CR that ends no line are errors. Where two columns
share a name, -c takes the number.
"""


@click.command(cls=Command, name="eval", examples=EXAMPLES, epilog=NOTES, short_help="Values f(x).")
@click.argument("spec")
@click.argument("values", metavar="[X]...", nargs=-1)
@input_options()
@seed_option
@csv_options
@output_options
def command(spec: str, seed: int | None, **given: Any) -> None:
    """Values f(x) of an activation. SPEC is its name, with parameters if wanted (NAME:PARAM=VALUE,...), or a formula in
    x, in quotes.

    x is the numbers given, a --range, or a column of CSV: of a file with -i, or of stdin. The results are appended to
    CSV as a new column; everything else passes through unchanged.
    """
    from actcli.cli.task import values

    values(spec, seed, Options.of(**given))
