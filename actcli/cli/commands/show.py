"""actcli show: all that is known of one activation."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.help import under
from actcli.cli.options import RESULTS, Count, Options, color_option, format_option, output_option, param_option

EXAMPLES = """
actcli show gelu                             # formula, facts, frameworks
actcli show leaky_relu:negative_slope=0.2    # with a parameter
actcli show LeakyReLU@keras                  # as Keras means it
actcli show 'x * sigmoid(1.702 * x)'         # an expression
actcli show silu -f json                     # for programs
"""


@click.command(cls=Command, name="show", examples=EXAMPLES, short_help="All that is known of one activation.")
@click.argument("spec", metavar="SPEC")
@param_option
@output_option
@format_option(("auto", "json"), "auto: a page to read; json: for programs")
@under(
    RESULTS,
    click.option("--precision", type=Count(1, 17), metavar="N", help="Significant digits on the page (6)."),
)
@color_option
def command(spec: str, **given: Any) -> None:
    """One activation: its formula, derivative, parameters, shape and kinks, its forms in the frameworks, its paper."""
    from actcli.cli.show_run import run_show

    run_show(spec, Options.of(**given))
