"""actcli compare: activations side by side, or results of a kernel against the exact values."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors, usage_error
from actcli.cli.help import option_group
from actcli.cli.once import Once
from actcli.cli.option_types import Count, NonNegative
from actcli.cli.options import (
    COMPUTATION,
    OUTPUT,
    REPORT_FORMATS,
    Options,
    color_option,
    derivative_options,
    format_option,
    input_options,
    output_option,
    read_options,
)
from actcli.cli.output_format import REPORT, resolve_format
from actcli.cli.spec_arguments import bind_all, split_words, with_default_range

EXAMPLES = """
actcli compare gelu gelu_tanh quick_gelu         # differences
actcli compare relu leaky_relu:alpha=0.2 -2 3    # at these points
actcli compare relu silu -i data.csv -c logit    # on your data
actcli compare gelu -i kernel.csv -c x --y out --dtype float32 --max-ulp 1
./kernel | actcli compare gelu -c x --y out      # CSV on stdin
"""


@click.command(
    cls=Command, name="compare", examples=EXAMPLES, short_help="Differences of activations; errors of your results."
)
@click.argument("words", metavar="ACTIVATION... [X]...", nargs=-1)
@option_group(COMPUTATION, *derivative_options("Compare"))
@option_group(
    "Errors of your results",
    click.option("--y", cls=Once, metavar="COL", help="The column of results f(x) to check."),
    click.option(
        "--max-ulp",
        cls=Once,
        type=NonNegative(),
        metavar="N",
        help="Exit with code 3 if an error exceeds N ulp or a y is unreadable.",
    ),
)
@input_options(13)
@read_options
@output_option
@format_option(REPORT_FORMATS, "auto: a report; json: the whole report; others: the points")
@option_group(
    OUTPUT,
    click.option(
        "--precision",
        type=Count(1, 17),
        metavar="N",
        help="Significant digits in the report (default 6; differences 4).",
    ),
)
@color_option
def command(
    words: tuple[str, ...], y: str | None, order: int | None, grad: bool, max_ulp: float | None, **arguments: Any
) -> int:
    """Compare activations: values, differences from the first one, properties; with -i, their effect on your data.

    With --y, compare a column of results (of a kernel, a table or a converted model) with the exact values, of f or of
    the derivative that --grad or --order says. Errors are
    in units in the last place (ulp) of the dtype.

    A word that parses as a number is an X; any other is an ACTIVATION: a name, with optional parameters
    (NAME:PARAM=VALUE,...), or a quoted formula in x (see actcli help formulas).
    """
    options = Options.of(**arguments)
    specs, values = split_words(words, options.number_format)
    options = options._replace(values=values)
    with click_errors(*specs, *options.param):
        bounds = bind_all(specs, options.param, "compare")
        is_csv = options.input is not None or bool(options.column)
        form = resolve_format(options, REPORT_FORMATS, REPORT, csv_input=is_csv)
        if y is not None:
            if len(bounds) > 1:
                raise usage_error("--y requires a single activation")
            from actcli.cli.reports.accuracy import check_results  # late: needs NumPy

            return check_results(bounds[0], y, int(grad) if order is None else order, max_ulp, form, options)
        if max_ulp is not None:
            raise usage_error("--max-ulp requires --y, the column of results")
        if len(bounds) == 1 and not is_csv:
            raise usage_error("compare requires two or more activations, or one with a column of CSV (-c)")
        from actcli.cli.reports.compare import write_comparison  # late: needs NumPy

        write_comparison(bounds, 1 if order is None else order, form, with_default_range(options))
    return 0
