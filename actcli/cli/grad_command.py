"""actcli grad: derivatives f'(x)."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.options import Options, csv_options, input_options, output_options

EXAMPLES = """
actcli grad gelu -- -1 0 1
actcli grad gelu -f plain -- 0.3
actcli grad relu --sides -1 0 1
actcli grad leaky_relu --wrt negative_slope -- -2 3
"""


@click.command(cls=Command, name="grad", examples=EXAMPLES, short_help="Derivatives f'(x).")
@click.argument("spec")
@click.argument("values", metavar="[X]...", nargs=-1)
@click.option("--wrt", metavar="PARAM", help="Differentiate by this parameter instead of x.")
@click.option("--sides", is_flag=True, help="Also the slopes just left and right of x.")
@input_options
@csv_options
@output_options
def command(spec: str, wrt: str | None, sides: bool, **given: Any) -> None:
    """Derivatives f'(x) of the activation SPEC: a name, with parameters if wanted (NAME:PARAM=VALUE,...).

    They are exact, not differences. At a kink the slope is the one that the catalogue gives; --sides shows the
    one-sided slopes beside it. A vector activation's derivative is its Jacobian. x comes as in eval.
    """
    from actcli.cli.work import slopes

    slopes(spec, wrt, sides, Options.of(**given))
