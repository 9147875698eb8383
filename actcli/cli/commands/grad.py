"""actcli grad: derivatives f'(x)."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors
from actcli.cli.help import option_group
from actcli.cli.option_types import Count
from actcli.cli.options import (
    COMPUTATION,
    MAX_ORDER,
    Options,
    csv_options,
    input_options,
    output_options,
    seed_option,
)
from actcli.cli.spec_arguments import bind

EXAMPLES = """
actcli grad gelu -- -1 0 1                             # f'(x)
y=$(actcli grad gelu -f plain -- 0.3)                  # for a script
actcli grad gelu --order 2 -- -1 0 1                   # f''(x)
actcli grad relu --sides -1 0 1                        # at the kink
actcli grad leaky_relu --wrt negative_slope -- -2 3    # wrt a parameter
actcli grad 'x * sigmoid(a * x):a=1.5' --wrt a 0.3     # of a formula
"""


@click.command(cls=Command, name="grad", examples=EXAMPLES, short_help="Derivatives f'(x).")
@click.argument("spec", metavar="ACTIVATION")
@click.argument("values", metavar="[X]...", nargs=-1)
@option_group(
    COMPUTATION,
    click.option("--order", type=Count(1, MAX_ORDER), default="1", metavar="K", help="Order, 1 to 3 (default 1)."),
    click.option("--wrt", metavar="PARAM", help="Differentiate with respect to this parameter instead of x."),
    click.option("--sides", is_flag=True, help="Add the left and right derivatives."),
)
@input_options()
@seed_option
@csv_options
@output_options
def command(spec: str, order: int, wrt: str | None, sides: bool, seed: int | None, **arguments: Any) -> None:
    """Compute derivatives f'(x) of an activation.

    ACTIVATION is a name, with optional parameters (NAME:PARAM=VALUE,...), or a quoted formula in x (see actcli help
    formulas). x is given as for eval.

    The derivatives are exact, not finite differences. At a kink the result is the subgradient chosen in the catalogue;
    --sides adds the one-sided derivatives. A derivative of order 2 or 3 is nan where the one before is not
    differentiable. The derivative of a vector activation is its Jacobian.
    """
    options = Options.of(**arguments)
    with click_errors(spec, *options.param, wrt or ""):
        bound = bind(spec, options.param)
        from actcli.cli.evaluate import evaluate_derivatives  # late: needs NumPy

        evaluate_derivatives(bound, order, wrt, sides, seed, options)
