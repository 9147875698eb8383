"""The options that commands share, declared once, and the record that holds their values."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from actcli.cli.errors import quote, usage_error
from actcli.cli.help import WORDS, compose, option_group
from actcli.cli.once import Once
from actcli.cli.option_types import Choice, Count, DtypeType, Switch
from actcli.number_formats import FLOATS, Format, find_format

__all__ = [
    "COMPUTATION",
    "FORMATS",
    "OUTPUT",
    "REPORT_FORMATS",
    "SEED_DIGITS",
    "Options",
    "color_option",
    "csv_options",
    "dtype_option",
    "format_option",
    "input_options",
    "look_options",
    "output_option",
    "output_options",
    "param_option",
    "plot_options",
    "read_options",
    "seed_option",
    "x_options",
]

FORMATS = ("auto", "table", "csv", "tsv", "json", "jsonl", "md", "plain", "hex")
"""Formats of commands that write rows."""

REPORT_FORMATS = ("auto", "csv", "tsv", "json", "jsonl", "md", "plain")
"""Formats of commands that write a report."""

SEED_DIGITS = 100
"""NumPy takes a seed of any size."""


class Options(NamedTuple):
    """Values of the shared options; None where the command line has no value."""

    values: tuple[str, ...] = ()
    range: str | None = None
    number: int | None = None
    step: str | None = None
    half_open: bool = False
    all: bool = False
    input: str | None = None
    dtype: str = "float64"
    bits: bool = False
    param: tuple[str, ...] = ()
    output: str | None = None
    format: str = "auto"
    precision: int | None = None
    digits: int | None = None
    color: str = "auto"
    as_names: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    header: bool | None = None
    delimiter: str | None = None
    on_error: str = "fail"
    na: tuple[str, ...] = ()
    decimal: str = "."
    comment: str | None = None
    skip_lines: int = 0
    replace: bool = False
    in_place: bool = False

    @classmethod
    def of(cls, **arguments: Any) -> Options:
        """Return the options in a command's keyword arguments."""
        return cls(**{**arguments, **{name: _path(arguments.get(name)) for name in ("input", "output")}})

    @property
    def number_format(self) -> Format:
        """The format of --dtype, in bit patterns with --bits."""
        return find_format(self.dtype)._replace(in_bits=self.bits)

    @property
    def path(self) -> str:
        """The path that CSV is read from; `-` is stdin."""
        return "-" if self.input is None else self.input

    @property
    def to_stdout(self) -> bool:
        """Whether results go to stdout."""
        return self.output in (None, "-", "/dev/stdout")

    @property
    def separator(self) -> str | None:
        r"""The delimiter; `tab` and `\t` stand for a tab, which is hard to type in a shell."""
        return "\t" if self.delimiter in ("tab", "\\t") else self.delimiter


def _path(text: str | None) -> str | None:
    """Return a path as the system's functions expect it: arguments are decoded as UTF-8 in every locale."""
    if text is None or sys.getfilesystemencoding() == "utf-8":
        return text
    return os.fsdecode(text.encode("utf-8", "surrogateescape"))


# --- input --------------------------------------------------------------------------------------------------


def _range(ctx: click.Context, param: click.Parameter, text: str | None) -> str | None:
    """Return the range. Without the check `--range -1 1` would be read as a range and an x."""
    if text is not None and text.count(":") != 1:
        from actcli.cli.suggestions import intended_range  # late: only needed after an error

        words = ctx.meta.get(WORDS, ())
        following = words[words.index(text) + 1 :] if text in words else ()
        intended = intended_range(text, following[0] if following else "")
        hint = f": write {intended}" if intended else ""
        raise usage_error(f"--range: expected two numbers with a colon between them (-6:6), not {quote(text)}{hint}")
    return text


def x_options(default_points: int) -> Callable[[Any], Any]:
    """Return the options that say where x comes from."""
    return option_group(
        "Input",
        click.option("--range", cls=Once, metavar="A:B", callback=_range, help="x from A to B inclusive."),
        click.option(
            "-n", "number", cls=Once, type=Count(1), metavar="N", help=f"Number of points (default {default_points})."
        ),
        click.option("--step", cls=Once, metavar="S", help="Distance between points, instead of -n."),
        click.option("--half-open", cls=Once, is_flag=True, help="Exclude B from the range."),
        click.option(
            "--all", cls=Once, is_flag=True, help="Every value of a 16- or 8-bit dtype, ordered by bit pattern."
        ),
        click.option(
            "-i", "--input", cls=Once, metavar="FILE",
            help="Read x from CSV, compressed or not: - is stdin, .tsv is tab-separated.",
        ),
    )  # fmt: skip


COMPUTATION = "Computation"

param_option = option_group(
    COMPUTATION,
    click.option(
        "-p", "--param", multiple=True, metavar="NAME=VALUE",
        help="Set a parameter; VALUE is a number, a fraction (1/6) or a word such as none.",
    ),
)  # fmt: skip

seed_option = option_group(
    COMPUTATION,
    click.option(
        "--seed", type=Count(0, digits=SEED_DIGITS), metavar="N",
        help="Random numbers as in training (rrelu, gumbel_softmax); the same N gives the same results.",
    ),
)  # fmt: skip

_bits_option = option_group(
    COMPUTATION,
    click.option(
        "--bits", is_flag=True,
        help="Columns hold bit patterns of the dtype: 0x (optional in input) and all hexadecimal digits.",
    ),
)  # fmt: skip

dtype_option = compose(
    option_group(
        COMPUTATION,
        click.option(
            "--dtype", type=DtypeType(has_fixed=True), default="float64", metavar="DTYPE",
            help=f"Number format: {', '.join(FLOATS)} (default float64); for results also fixed point: qM.N (sign, M "
            "and N bits) or uqM.N.",
        ),
    ),
    _bits_option,
)  # fmt: skip


def input_options(default_points: int = 21) -> Callable[[Any], Any]:
    """Return the options that say where x comes from and in which number format to compute."""
    return compose(
        x_options(default_points),
        option_group(
            COMPUTATION,
            click.option(
                "--dtype", type=DtypeType(), default="float64", metavar="DTYPE",
                help=f"Number format of x and results: {', '.join(FLOATS)} (default float64).",
            ),
        ),
        _bits_option,
        param_option,
    )  # fmt: skip


_CSV = "CSV"

read_options = option_group(
    _CSV,
    click.option(
        "-c", "--column", multiple=True, metavar="COL",
        help="Column: a name, an index (-1 is the last), a range (2-5), a pattern ('u*'), or several of these (a,2-5).",
    ),
    click.option(
        "--header/--no-header", cls=Switch, default=None,
        sides=("The first row is a header, even if it is a number.", "The first row is data."),
        help="Whether the first row is a header (default: yes, unless it is a single number).",
    ),
    click.option(
        "-d", "--delimiter", metavar="CHAR",
        help="Cell separator of input and output (default: comma); ' ' is any run of blanks.",
    ),
    click.option(
        "--on-error", type=Choice(["fail", "nan", "skip"]), default="fail",
        help="What to do with a non-numeric cell: fail, write nan, or skip the row, ragged ones too (default fail).",
    ),
    click.option("--na", multiple=True, metavar="TEXT,...", help="Missing values besides the empty cell: NA,NULL."),
    click.option("--decimal", type=Choice([".", ","]), default=".", help="Decimal separator of cells and results."),
    click.option("--comment", metavar="TEXT", help="Pass lines through that start with TEXT, such as '#'."),
    click.option("--skip-lines", type=Count(0), default="0", metavar="N", help="Pass the first N lines through."),
)  # fmt: skip

csv_options = compose(
    read_options,
    option_group(
        _CSV,
        click.option("--replace", is_flag=True, help="Replace the column by the results instead of appending them."),
        click.option(
            "--in-place", is_flag=True,
            help="Replace the file of -i by the result; a hard link to it keeps the old content.",
        ),
    ),
)  # fmt: skip


# --- output -------------------------------------------------------------------------------------------------

MAX_ORDER = 3
"""The highest order of a derivative."""


def derivative_options(verb: str) -> tuple[Callable[[Any], Any], ...]:
    """Return --order and --grad; `verb` begins their help."""
    return (
        click.option(
            "--order",
            type=Count(0, MAX_ORDER),
            metavar="K",
            help=f"{verb} the derivatives up to order K, at most 3.",
        ),
        click.option("--grad", is_flag=True, help=f"{verb} the derivative f': --order 1."),
    )


plot_options = option_group(
    "Plot",
    click.option("--plot", is_flag=True, help="Draw the functions; with --order the derivatives below."),
    click.option("--width", type=Count(20, 10_000), metavar="N", help="Width in columns (default: the terminal's)."),
    click.option("--height", type=Count(6, 10_000), metavar="N", help="Height in lines (default: the terminal's)."),
    click.option(
        "--charset", type=Choice(["auto", "braille", "block", "ascii"]), default="auto",
        help="Characters to draw with (default auto).",
    ),
)  # fmt: skip

OUTPUT = "Output"

output_option = option_group(
    OUTPUT,
    click.option(
        "-o",
        "--output",
        cls=Once,
        metavar="FILE",
        help="Write to FILE; the extension sets the format; .gz, .bz2 and .xz compress.",
    ),
)

color_option = option_group(
    OUTPUT,
    click.option(
        "--color", type=Choice(["auto", "always", "never"]), default="auto", metavar="WHEN",
        help="Use colour: auto, always or never (default auto).",
    ),
)  # fmt: skip


def format_option(
    formats: Sequence[str], meaning: str = "auto: a table on a terminal, else csv"
) -> Callable[[Any], Any]:
    """Return the option -f with these formats."""
    return option_group(
        OUTPUT,
        click.option(
            "-f", "--format", type=Choice(formats), default="auto", metavar="FORMAT",
            help=f"{', '.join(formats)} ({meaning}).",
        ),
    )  # fmt: skip


look_options = option_group(
    OUTPUT,
    click.option("--precision", type=Count(1, 17), metavar="N", help="Significant digits in table and md (default 6)."),
    click.option(
        "--as", "as_names", multiple=True, metavar="NAME", help="Name of the new column; repeat it for several columns."
    ),
    color_option,
)

digits_option = option_group(
    OUTPUT,
    click.option("--digits", type=Count(1, 1000), metavar="N", help="Print the exact value to N significant digits."),
)

output_options = compose(output_option, format_option(FORMATS), digits_option, look_options)
