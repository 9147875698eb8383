"""Sources of x: numbers on the command line, a range, every value of a format, or CSV."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.number_formats import find_format
from actcli.number_text import read_number

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["is_from_csv", "range_ends", "x_interval", "x_points"]

DEFAULT_POINTS = 21


def is_from_csv(options: Options) -> bool:
    """Return whether x comes from CSV.

    Raise UsageError if there is no source or more than one, or an option that requires another source.
    """
    sources = {
        "numbers": bool(options.values),
        "--range": options.range is not None,
        "--all": options.all,
        "-i": options.input is not None,
    }
    chosen = [name for name, is_given in sources.items() if is_given]
    _check_values(options)
    if chosen == ["numbers", "-i"]:
        raise usage_error(
            f"x comes from one source: drop {quote(options.values[0])} or -i {quote(options.input or '')}"
        )
    if len(chosen) > 1:
        raise usage_error(f"x comes from one source: use only one of {', '.join(chosen)}")
    _require(
        "--range", sources["--range"],
        {"-n": options.number is not None, "--step": options.step is not None, "--half-open": options.half_open},
    )  # fmt: skip
    if options.number is not None and options.step is not None:
        raise usage_error("-n cannot be combined with --step")
    is_csv = not chosen or chosen == ["-i"]
    _require(
        "CSV (-i FILE or stdin)", is_csv,
        {
            "-c": bool(options.column), "--header": options.header is True, "--no-header": options.header is False,
            "--on-error": options.on_error != "fail", "--na": bool(options.na), "--decimal": options.decimal != ".",
            "--comment": options.comment is not None, "--skip-lines": options.skip_lines > 0,
            "--replace": options.replace, "--in-place": options.in_place,
        },
    )  # fmt: skip
    if not chosen and (sys.stdin is None or sys.stdin.isatty()):
        raise usage_error("x is missing: give numbers, --range A:B, -i FILE, or CSV on stdin")
    return is_csv


def _require(requirement: str, is_met: bool, options: dict[str, bool]) -> None:
    for name, is_given in options.items():
        if is_given and not is_met:
            raise usage_error(f"{name} requires {requirement}")


def _check_values(options: Options) -> None:
    """Raise UsageError for the first value that is not a number, or with --bits not a bit pattern."""
    for text in options.values:
        if refusal := options.number_format.refusal(text):
            from actcli.cli.suggestions import argument_hint  # late: only needed after an error

            hint = argument_hint(text) if refusal == " is not a number" else ""
            raise usage_error(f"{quote(text)}{refusal}{hint}")


def x_points(options: Options) -> tuple[Floats, Format]:
    """Return x of the values, the range or --all, as an array of values of the dtype, and the dtype."""
    fmt = options.number_format
    if options.all:
        if not fmt.has_all:
            raise usage_error(f"--all requires a 16- or 8-bit dtype, not {fmt}: use --dtype float16, or --range")
        return fmt.every(), fmt
    if options.range is None:
        return np.array([fmt.read(text) for text in options.values]), fmt

    from actcli.streams.ranges import points  # late: values on the command line do not need it

    start, stop = range_ends(options)
    count = options.number or (DEFAULT_POINTS if options.step is None else None)
    return points(start, stop, count=count, step=options.step, half_open=options.half_open, fmt=fmt), fmt


def range_ends(options: Options) -> tuple[str, str]:
    """Return the numbers A and B of --range; with --bits an end with 0x may be a bit pattern."""
    from actcli.streams.ranges import parse_range  # late, as above

    start, stop = parse_range(options.range or "")
    fmt = options.number_format
    ends = []
    for end in (start, stop):
        is_pattern = end[:2].lower() == "0x" and options.bits and fmt.is_number(end)
        if not is_pattern and (refusal := fmt._replace(in_bits=False).refusal(end)):
            raise usage_error(f"--range: {quote(end)}{refusal}")
        ends.append(repr(fmt.read(end)) if is_pattern else end)
    return ends[0], ends[1]


def x_interval(options: Options) -> tuple[float, float]:
    """Return the smallest and the largest finite x of the values or the range."""
    if options.range is not None:
        low, high = map(read_number, range_ends(options))
        return min(low, high), max(low, high)
    # Fixed point rounds the results only.
    is_fixed = find_format(options.dtype).is_fixed
    x, _ = x_points(options._replace(dtype="float64") if is_fixed else options)
    x = x[np.isfinite(x)]
    if not x.size:
        raise usage_error("no finite x to plot")
    return float(x.min()), float(x.max())
