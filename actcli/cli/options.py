"""The options that commands share, declared once, and the one object that a command hands on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from actcli.cli.errors import quote, suggestion, usage_error
from actcli.cli.help import WORDS, declared, under
from actcli.number_formats import FLOATS

__all__ = [
    "COMPUTED",
    "FORMATS",
    "REPORT_FORMATS",
    "RESULTS",
    "Count",
    "OneOf",
    "Options",
    "Switch",
    "color_option",
    "csv_options",
    "format_option",
    "input_options",
    "look_options",
    "output_option",
    "output_options",
    "param_option",
    "read_options",
    "seed_option",
    "x_options",
]

FORMATS = ("auto", "table", "csv", "tsv", "json", "jsonl", "md", "plain", "hex")
REPORT_FORMATS = ("auto", "csv", "tsv", "json", "jsonl", "md", "plain")
"""What a command takes whose own form is a report."""


class Options(NamedTuple):
    """Where x comes from and where results go, as the command line says it; None is what it does not say."""

    values: tuple[str, ...] = ()
    range: str | None = None
    number: int | None = None
    step: str | None = None
    half_open: bool = False
    all: bool = False
    input: str | None = None
    dtype: str = "float64"
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
    replace: bool = False
    in_place: bool = False

    @classmethod
    def of(cls, **given: Any) -> Options:
        """The options from a command's keyword arguments."""
        return cls(**{**given, **{name: _path(given.get(name)) for name in ("input", "output")}})

    @property
    def path(self) -> str:
        """What CSV is read from."""
        return "-" if self.input is None else self.input

    @property
    def to_stdout(self) -> bool:
        return self.output in (None, "-", "/dev/stdout")

    @property
    def separator(self) -> str | None:
        """The delimiter; a tab, hard to type in a shell, may be spelled `tab` or backslash t."""
        return "\t" if self.delimiter in ("tab", "\\t") else self.delimiter


def _path(words: str | None) -> str | None:
    """A path as the system's functions take it, which is not UTF-8 everywhere as the words of a line are."""
    if words is None or sys.getfilesystemencoding() == "utf-8":
        return words
    return os.fsdecode(words.encode("utf-8", "surrogateescape"))


class Switch(click.Option):
    """A switch of two sides; `sides` are what each of them does, for where they are told apart."""

    def __init__(self, *args: Any, sides: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides


class OneOf(click.Choice[str]):
    """One of several words; the fault of another names the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in self.choices:
            return str(value)
        option = "this" if param is None else param.opts[-1]
        if isinstance(param, click.Argument):
            option = param.metavar or option.upper()
        near = suggestion(value, self.choices)
        raise usage_error(
            f"{option} takes {', '.join(self.choices[:-1])} or {self.choices[-1]}, not {quote(value)}{near}"
        )


SEED_DIGITS = 100
"""NumPy takes a seed of any size."""


class Count(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.5 on
    """A whole number from `least` to `most`, of at most so many `digits`."""

    name = "count"

    # Eighteen digits are more than any count, and few enough for int().
    def __init__(self, least: int, most: int | None = None, digits: int = 18) -> None:
        self.least = least
        self.most = most
        self.digits = digits

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        digits = value.removeprefix("+")
        many = digits.isascii() and digits.isdigit() and len(digits) > self.digits
        if digits.isascii() and digits.isdigit() and not many:
            number = int(digits)
            if self.least <= number and (self.most is None or number <= self.most):
                return number
        span = f"from {self.least}{' on' if self.most is None else f' to {self.most}'}"
        if many and self.most is None:
            span += f", of at most {self.digits} digits"
        option = param.opts[0] if param is not None else "this"
        raise usage_error(f"{option} takes a whole number {span}, not {quote(value)}")


def _once(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> str | None:
    """The only value of an option that would silently drop one x for another if its last value counted."""
    if len(given) > 1:
        raise usage_error(f"x comes from one source: {param.opts[0]} is given twice")
    return given[0] if given else None


def _range(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> str | None:
    """The range, which is no number: `--range -1 1` would else be taken for a range and an x."""
    text = _once(ctx, param, given)
    if text is not None and text.count(":") != 1:
        from actcli.cli.suggestions import range_ends

        words = ctx.meta.get(WORDS, ())
        behind = words[words.index(text) + 1 :] if text in words else ()
        meant = range_ends(text, behind[0] if behind else "")
        hint = f": write {meant}" if meant else ""
        raise usage_error(f"a range is two numbers with a colon between them (-6:6), not {quote(text)}{hint}")
    return text


def x_options(points: int) -> Callable[[Any], Any]:
    """Where x comes from; `points` is how many a range has if nothing is said."""
    return under(
        "Where x comes from",
        click.option("--range", metavar="A:B", multiple=True, callback=_range, help="x from A to B, both included."),
        click.option("-n", "number", type=Count(1), metavar="N", help=f"Number of points ({points})."),
        click.option("--step", metavar="S", help="Distance between points, instead of -n."),
        click.option("--half-open", is_flag=True, help="Leave B out of the range."),
        click.option("--all", is_flag=True, help="Every value of a 16- or 8-bit dtype, in the order of the bits."),
        click.option(
            "-i", "--input", metavar="FILE", multiple=True, callback=_once,
            help="Read x from CSV; - is stdin, .gz is gzip, .tsv has tabs.",
        ),
    )  # fmt: skip


COMPUTED = "What is computed"

param_option = under(
    COMPUTED,
    click.option(
        "-p", "--param", multiple=True, metavar="NAME=VALUE", help="Set a parameter; VALUE is like 0.2, 1/6, none."
    ),
)

seed_option = under(
    COMPUTED,
    click.option(
        "--seed", type=Count(0, digits=SEED_DIGITS), metavar="N",
        help="Draw as in training (rrelu, gumbel_softmax); the same N gives the same draws.",
    ),
)  # fmt: skip


def input_options(points: int = 21) -> Callable[[Any], Any]:
    """Where x comes from, and in which format it is computed."""
    return declared(
        x_options(points),
        under(
            COMPUTED,
            click.option(
                "--dtype", type=OneOf(list(FLOATS)), default="float64", metavar="DTYPE",
                help=f"Number format of x and results: {', '.join(FLOATS)} (float64).",
            ),
        ),
        param_option,
    )  # fmt: skip


_CSV = "How CSV is read and written"

read_options = under(
    _CSV,
    click.option("-c", "--column", multiple=True, metavar="COL", help="Column, by name or number (-1 is the last)."),
    click.option(
        "--header/--no-header", cls=Switch, default=None,
        sides=("The first row is a header, even if it is a number.", "There is no header: the first row is data."),
        help="Whether the first row is a header (yes, unless it is a single number).",
    ),
    click.option("-d", "--delimiter", metavar="CHAR", help="Cell separator, in and out (a comma)."),
    click.option(
        "--on-error", type=OneOf(["fail", "nan", "skip"]), default="fail",
        help="If a cell is not a number: fail, write nan, or skip the row (fail).",
    ),
)  # fmt: skip

csv_options = declared(
    read_options,
    under(
        _CSV,
        click.option("--replace", is_flag=True, help="Put the results in place of their column."),
        click.option(
            "--in-place", is_flag=True, help="Rewrite the file of -i; as with -o, a hard link to it keeps the old one."
        ),
    ),
)

RESULTS = "Where results go, and how they look"

output_option = under(
    RESULTS,
    click.option("-o", "--output", metavar="FILE", help="Write to FILE; its ending sets the format, .gz is gzip."),
)

color_option = under(
    RESULTS,
    click.option(
        "--color", type=OneOf(["auto", "always", "never"]), default="auto", metavar="WHEN",
        help="Use colour: auto, always or never (auto).",
    ),
)  # fmt: skip


def format_option(
    formats: Sequence[str], meaning: str = "auto: a table on a terminal, else csv"
) -> Callable[[Any], Any]:
    """-f, with these formats."""
    return under(
        RESULTS,
        click.option(
            "-f", "--format", type=OneOf(formats), default="auto", metavar="FORMAT",
            help=f"{', '.join(formats)} ({meaning}).",
        ),
    )  # fmt: skip


look_options = under(
    RESULTS,
    click.option("--precision", type=Count(1, 17), metavar="N", help="Significant digits in table and md (6)."),
    click.option(
        "--as", "as_names", multiple=True, metavar="NAME", help="Name of the new column; repeat it for several."
    ),
    color_option,
)

digits_option = under(
    RESULTS,
    click.option("--digits", type=Count(1, 1000), metavar="N", help="Print the exact value to N significant digits."),
)

output_options = declared(output_option, format_option(FORMATS), digits_option, look_options)
