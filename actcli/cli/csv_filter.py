"""A run of the CSV filter: the options become a transform, a source and a sink."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from actcli.cli.console import print_error
from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.cli.result_rows import format_of_extension, stem
from actcli.cli.terminal_sink import escape_for_terminal, writes_to_terminal
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.cli.task import Task, Work
    from actcli.number_formats import Floats
    from actcli.streams.csv.filter import Report

__all__ = ["delimiter_of", "filter_csv", "steps"]

_LONG = 1 << 23
"""From here on a file is worth a second process."""
_DESCRIPTORS = ("/dev/fd/", "/dev/std", "/proc/")
"""Names of open files: what is written to them does not replace what they hold."""


def filter_csv(task: Work, options: Options) -> None:
    """Read CSV from -i or stdin, append (or replace) the results' columns, and write it."""
    from actcli.core.evaluation.undecided import count_undecided, counting_undecided
    from actcli.display.progress import progress
    from actcli.streams.csv.filter import FilterOptions, Transform, run
    from actcli.streams.files import open_sink, open_source

    path = options.path
    how = FilterOptions(
        columns=options.column,
        header=options.header,
        delimiter=delimiter_of(path, options),
        on_error=cast("Any", options.on_error),
        replace=options.replace,
        as_names=list(options.as_names) or None,
        format=cast("Any", _format(path, options)),
    )
    if options.in_place:
        _check_in_place(path, options)
    fmt = FLOATS[options.dtype]

    def trial(x: Floats) -> tuple[Floats, int]:
        # Results that are not known are counted when they are written, in whatever process that is.
        with counting_undecided() as tally:
            return task.apply(x, fmt), tally.count

    transform = Transform(
        lambda x: task.apply(x, fmt),
        task.names,
        task.joint,
        fmt,
        row_order_matters=task.once,
        pure=trial,
        on_undecided=count_undecided,
    )
    if options.digits is not None:
        # Only eval and grad have this option, and both work on a Task.
        spellings = cast("Task", task).exact(options.digits)
        if len(spellings) > 1:
            raise usage_error("--digits from CSV gives one new column for each chosen one: not with --sides")
        # The results are spelled from x itself, and so nothing is computed before.
        transform = Transform(lambda x: x, task.names, False, fmt, spellings[0])
    target = path if options.in_place else options.output
    with (
        open_source(path) as source,
        open_sink(target, None if options.in_place else path) as sink,
        # Only files have an end to be near to, and rows that run through the terminal are progress enough.
        progress(source.size, sys.stderr if source.size and not writes_to_terminal(options) else None) as advance,
    ):
        long = source.size is not None and source.size >= _LONG
        report = run(source, escape_for_terminal(sink, options), transform, how, steps(advance), long)
    _tell(report)


def steps(advance: Callable[[int], None]) -> Callable[[int], None]:
    """From the position in the file, which the filter tells, to the bytes since the last call."""
    last = 0

    def reach(position: int) -> None:
        nonlocal last
        advance(position - last)
        last = position

    return reach


def _check_in_place(path: str, options: Options) -> None:
    if path == "-" or options.output is not None:
        raise usage_error("--in-place rewrites the file of -i, and goes with no -o")
    if options.format not in ("auto", "csv"):
        raise usage_error(f"--in-place leaves a CSV a CSV: it does not go with -f {options.format}")
    if path.startswith(_DESCRIPTORS):
        raise usage_error(f"--in-place rewrites a file by its own name, which {quote(path)} is not")
    if os.path.exists(path) and not os.path.isfile(path):
        raise usage_error(f"--in-place rewrites a regular file, which {quote(path)} is not")


def delimiter_of(path: str, options: Options) -> str:
    if options.separator is not None:
        return options.separator
    return "\t" if stem(path).lower().endswith((".tsv", ".tab")) else ","


def _format(path: str, options: Options) -> str:
    """csv, jsonl or plain: a filter stays a filter."""
    form, named = options.format, f"-f {options.format}"
    if form == "auto":
        form = "csv" if options.to_stdout else format_of_extension(options.output or "")
        named = f"the ending of {quote(options.output or '')}"
    if form == "tsv":
        delimiter = delimiter_of(path, options)
        if delimiter == "\t":
            return "csv"
        raise usage_error(
            f"{named} asks for tabs, but the CSV has {quote(delimiter)}, in and out: say -d tab, or -f csv"
        )
    guessed = options.format == "auto" and not options.to_stdout and options.separator is None
    if form == "csv" and guessed and delimiter_of(path, options) == "\t":
        raise usage_error(f"{named} asks for commas, but the CSV has tabs, in and out: say -d tab, or -f csv")
    if form not in ("csv", "jsonl", "plain"):
        raise usage_error(f"x comes as CSV, so the format can be csv, jsonl or plain, and not {form} ({named})")
    if options.precision is not None:
        raise usage_error(f"--precision goes with the formats table and md: {form} has every digit")
    return form


def _tell(report: Report) -> None:
    if report.replaced:
        cells = "1 cell that is" if report.replaced == 1 else f"{report.replaced} cells that are"
        print_error(f"{cells} no number became nan")
    if report.skipped:
        rows = "1 row" if report.skipped == 1 else f"{report.skipped} rows"
        print_error(f"{rows} with a cell that is no number left out")
