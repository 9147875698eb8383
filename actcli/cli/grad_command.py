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
    click.option("--wrt", metavar="PARAM", help="Differentiate by this parameter instead of x."),
    click.option("--sides", is_flag=True, help="Also the slopes just left and right of x."),
)
@input_options
@seed_option
@csv_options
@output_options
def command(spec: str, wrt: str | None, sides: bool, seed: int | None, **given: Any) -> None:
    """Derivatives f'(x) of the activation SPEC: a name or a formula in x, with parameters if wanted.

    They are exact, not differences. At a kink the slope is the one that the catalogue gives; --sides shows the
    one-sided slopes beside it. A vector activation's derivative is its Jacobian. x comes as in eval.
    """
    from actcli.cli.work import slopes

    slopes(spec, wrt, sides, seed, Options.of(**given))
