"""actcli eval: values f(x)."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors
from actcli.cli.options import Options, csv_options, input_options, output_options, seed_option
from actcli.cli.spec_arguments import bind

EXAMPLES = """
actcli eval relu -- -2 0 3                             # values
actcli eval leaky_relu:negative_slope=0.2 -2 -1        # with a parameter
actcli eval tanh --range -6:6 -n 13                    # over a range
actcli eval sigmoid -i data.csv -c logit -o out.csv    # a new column
actcli eval 'x * sigmoid(1.702 * x)' -- -1 2           # any formula
seq -3 3 | actcli eval silu                            # in a pipe
"""
NOTES = """
CSV follows RFC 4180, with lines ending in LF or CRLF. NUL bytes, invalid UTF-8 and quotes inside an unquoted cell are
ordinary data. Blanks around a number are ignored. An empty or blank cell has an empty result, and a blank line passes
through. Rows of different lengths (unless they are skipped), an unclosed quote and a bare CR are errors. If two columns
have the same name, -c requires the index.
"""


@click.command(cls=Command, name="eval", examples=EXAMPLES, epilog=NOTES, short_help="Values f(x).")
@click.argument("spec", metavar="ACTIVATION")
@click.argument("values", metavar="[X]...", nargs=-1)
@input_options()
@seed_option
@csv_options
@output_options
def command(spec: str, seed: int | None, **arguments: Any) -> None:
    """Compute values f(x) of an activation.

    ACTIVATION is a name, with optional parameters (NAME:PARAM=VALUE,...), or a quoted formula in x (see actcli help
    formulas).

    x is the numbers given, a --range, or a column of CSV from a file (-i) or stdin. With CSV the results are appended
    as a new column, and everything else passes through unchanged.
    """
    options = Options.of(**arguments)
    with click_errors(spec, *options.param):
        bound = bind(spec, options.param)
        from actcli.cli.evaluate import evaluate_values  # late: needs NumPy

        evaluate_values(bound, seed, options)
