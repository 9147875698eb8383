"""The options of table and compare alone: how a plot looks, fixed point, bounds."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.errors import quote, suggestion, usage_error
from actcli.cli.help import under
from actcli.cli.options import COMPUTED, Count, OneOf
from actcli.number_formats import FLOATS, find_format, is_number, read_number

__all__ = ["Dtype", "Least", "dtype_option", "plot_options"]

plot_options = under(
    "A plot instead of rows",
    click.option("--plot", is_flag=True, help="Draw the functions, with --grad the derivatives below them."),
    click.option("--width", type=Count(20, 10_000), metavar="N", help="Width of the plot in columns (the terminal's)."),
    click.option("--height", type=Count(6, 10_000), metavar="N", help="Height of the plot in lines (the terminal's)."),
    click.option(
        "--charset", type=OneOf(["auto", "braille", "block", "ascii"]), default="auto",
        help="Characters to draw with (auto).",
    ),
)  # fmt: skip


class Dtype(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.5 on
    """The name of a number format, fixed point included."""

    name = "dtype"
    choices = (*FLOATS, "q1.6", "q1.14", "q7.8", "uq0.8", "uq0.16")
    """The names, and of fixed point the usual ones, as a shell may offer them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(find_format(value))
        except KeyError:
            near = suggestion(value, FLOATS)
            raise usage_error(
                f"--dtype takes {', '.join(FLOATS)}, or qM.N or uqM.N of at most 53 bits, not {quote(value)}{near}"
            ) from None


class Least(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.5 on
    """A number from 0 on."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        if is_number(value) and read_number(value) >= 0:
            return read_number(value)
        option = param.opts[0] if param is not None else "this"
        raise usage_error(f"{option} takes a number from 0 on, not {quote(value)}")


dtype_option = under(
    COMPUTED,
    click.option(
        "--dtype", type=Dtype(), default="float64", metavar="DTYPE",
        help=f"Number format: {', '.join(FLOATS)}; for the results alone also fixed point: qM.N (a sign, M and N bits) "
        "or uqM.N (float64).",
    ),
)  # fmt: skip
