"""Where x comes from: numbers on the command line, a range, every value of a format, or CSV."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from actcli.cli.errors import join_or, quote, usage_error
from actcli.cli.options import Options
from actcli.number_formats import find_format, is_number

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["from_csv", "points"]

_POINTS = 21


def from_csv(options: Options) -> bool:
    """Whether x comes from CSV; a usage error if there are two sources or none, or options that do not fit."""
    sources = {
        "values": bool(options.values),
        "--range": options.range is not None,
        "--all": options.all,
        "-i": options.input is not None,
    }
    given = [name for name, there in sources.items() if there]
    if given == ["values"]:
        _refuse_words(options.values)
    if given == ["values", "-i"]:
        raise usage_error(
            f"x comes from {quote(options.input or '')} already: drop the value {quote(options.values[0])}, or -i"
        )
    if len(given) > 1:
        raise usage_error(f"x comes from one source: give either {join_or(given)}")
    _only_with("--range", sources["--range"], {
        "-n": options.number is not None, "--step": options.step is not None, "--half-open": options.half_open,
    })  # fmt: skip
    if options.number is not None and options.step is not None:
        raise usage_error("-n and --step say the same thing: give one of them")
    reads = not given or given == ["-i"]
    _only_with("CSV (-i FILE or stdin)", reads, {
        "-c": bool(options.column), "--header": options.header is True, "--no-header": options.header is False,
        "--on-error": options.on_error != "fail", "--replace": options.replace, "--in-place": options.in_place,
    })  # fmt: skip
    if not given and (sys.stdin is None or sys.stdin.isatty()):
        raise usage_error("no x: give numbers, --range A:B, -i FILE, or pipe CSV in")
    return reads


def _only_with(company: str, there: bool, options: dict[str, bool]) -> None:
    for name, given in options.items():
        if given and not there:
            raise usage_error(f"{name} goes with {company}")


def _refuse_words(values: Sequence[str]) -> None:
    """Refuse the first that is no number: a file's name, with options for CSV, is answered with what it wants."""
    for text in values:
        if not is_number(text):
            from actcli.cli.suggestions import argument

            raise usage_error(f"{quote(text)} is not a number{argument(text)}")


def points(options: Options) -> tuple[Floats, Format]:
    """The x of values or a range, as an array of values of its format."""
    import numpy as np

    fmt = find_format(options.dtype)
    if options.all:
        if not fmt.has_all:
            raise usage_error(
                f"--all lists the values of a 16- or 8-bit dtype, not of {fmt}: say --dtype float16, or --range"
            )
        return fmt.every(), fmt
    if options.range is None:
        return np.array([fmt.read(text) for text in options.values]), fmt

    from actcli.streams.ranges import parse_range, points

    start, stop = parse_range(options.range)
    count = options.number or (_POINTS if options.step is None else None)
    return points(start, stop, count=count, step=options.step, half_open=options.half_open, fmt=fmt), fmt
