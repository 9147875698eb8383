"""actcli show: everything about one activation."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors, usage_error
from actcli.cli.help import option_group
from actcli.cli.option_types import Choice, Count
from actcli.cli.options import COMPUTATION, OUTPUT, Options, color_option, format_option, output_option, param_option
from actcli.cli.output_format import REPORT, resolve_format
from actcli.cli.spec_arguments import bind
from actcli.errors import MissingParameterError
from actcli.number_formats import FLOATS

EXAMPLES = """
actcli show gelu                             # formula, facts, frameworks
actcli show leaky_relu:negative_slope=0.2    # with a parameter
actcli show LeakyReLU@keras                  # as in Keras
actcli show 'x * sigmoid(1.702 * x)'         # a formula
actcli show gelu --dtype bfloat16            # in a number format
actcli show silu -f json                     # for programs
"""
FORMATS = ("auto", "json")


@click.command(cls=Command, name="show", examples=EXAMPLES, short_help="Everything about one activation.")
@click.argument("spec", metavar="ACTIVATION")
@param_option
@option_group(
    COMPUTATION,
    click.option(
        "--dtype",
        type=Choice(list(FLOATS)),
        metavar="DTYPE",
        help=f"Also show where f and f' are 0, 1, x, their limit, subnormal or too large in {', '.join(FLOATS)}.",
    ),
)
@output_option
@format_option(FORMATS, "auto: a report; json: for programs")
@option_group(
    OUTPUT,
    click.option("--precision", type=Count(1, 17), metavar="N", help="Significant digits in the report (default 6)."),
)
@color_option
def command(spec: str, dtype: str | None, **arguments: Any) -> None:
    """Show one activation: formula, derivatives, parameters, properties, kinks, framework variants and paper.

    ACTIVATION is a name, with optional parameters (NAME:PARAM=VALUE,...), or a quoted formula in x (see actcli help
    formulas).
    """
    options = Options.of(**arguments, dtype=dtype or "")
    with click_errors(spec, *options.param):
        form = resolve_format(options, FORMATS, REPORT)
        try:
            bound, is_complete = bind(spec, options.param), True
        except MissingParameterError:
            if options.dtype:
                raise
            # The report says what the missing parameter is.
            bound, is_complete = bind(spec, options.param, partial=True), False
        if options.dtype and bound.activation.is_vector:
            raise usage_error(f"{bound.activation.name} is a function of a vector: --dtype requires an elementwise one")
        from actcli.cli.reports.show import write_activation_report  # late: needs NumPy

        write_activation_report(bound, is_complete, form, options)
