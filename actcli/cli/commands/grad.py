"""actcli grad: derivatives f'(x)."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.help import under
from actcli.cli.options import COMPUTED, Options, csv_options, input_options, output_options, seed_option

EXAMPLES = """
actcli grad gelu -- -1 0 1                             # f'(x)
y=$(actcli grad gelu -f plain -- 0.3)                  # for a script
actcli grad relu --sides -1 0 1                        # the kink
actcli grad leaky_relu --wrt negative_slope -- -2 3    # by a parameter
actcli grad 'x * sigmoid(a * x):a=1.5' --wrt a 0.3     # of a formula
"""


@click.command(cls=Command, name="grad", examples=EXAMPLES, short_help="Derivatives f'(x).")
@click.argument("spec")
@click.argument("values", metavar="[X]...", nargs=-1)
@under(
    COMPUTED,
    click.option("--wrt", metavar="PARAM", help="Differentiate with respect to this parameter instead of x."),
    click.option("--sides", is_flag=True, help="Also give the slopes just left and right of x."),
)
@input_options()
@seed_option
@csv_options
@output_options
def command(spec: str, wrt: str | None, sides: bool, seed: int | None, **given: Any) -> None:
    """Derivatives f'(x) of an activation. SPEC is its name, with parameters if wanted (NAME:PARAM=VALUE,...), or a
    formula in x, in quotes.

    They are exact, not finite differences. At a kink the slope is the one that the catalogue gives; --sides adds the
    one-sided slopes. The derivative of a vector activation is its Jacobian. x is given as for eval.
    """
    from actcli.cli.task import slopes

    slopes(spec, wrt, sides, seed, Options.of(**given))
