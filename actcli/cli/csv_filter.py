"""The CSV filter: options become a transform, a source and a sink."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from actcli.cli.console import print_error
from actcli.cli.csv_input import check_output_is_not_input, filter_options, open_input
from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.cli.output_format import CSV_INPUT_FORMATS, ROWS, resolve_format
from actcli.cli.terminal_sink import escape_for_terminal, writes_to_terminal
from actcli.core.evaluation.undecided import count_undecided, counting_undecided
from actcli.streams.csv.filter import run
from actcli.streams.csv.plan import FilterOptions, Transform
from actcli.streams.files import open_sink
from actcli.text import count_noun

if TYPE_CHECKING:
    from actcli.cli.computation import Computation
    from actcli.number_formats import Floats
    from actcli.streams.csv.filter import Report

__all__ = ["filter_csv"]

MIN_BYTES_FOR_WORKER = 1 << 23
"""Size from which a file is worth a second process."""

_DESCRIPTOR_PATHS = ("/dev/fd/", "/dev/std", "/proc/")
"""Paths of open files: writing to them does not replace their content."""


def filter_csv(computation: Computation, options: Options) -> None:
    """Read CSV from -i or stdin, append the result columns or replace columns by them, and write it."""
    path = options.path
    form = resolve_format(options, CSV_INPUT_FORMATS, ROWS, csv_input=True)
    is_table = form in ("table", "md")
    described = filter_options(
        options,
        replace=options.replace,
        as_names=list(options.as_names) or None,
        format="arrays" if is_table else form,
    )
    if options.in_place:
        _check_in_place(path, options)
    else:
        check_output_is_not_input(options, "use --in-place, or write to another file")
    transform = _transform(computation, options)
    if is_table:
        _write_table(transform, described, form, options)
        return
    target = path if options.in_place else options.output
    with (
        # On a terminal the rows themselves show the progress.
        open_input(path, show_progress=not writes_to_terminal(options)) as (source, advance_to),
        open_sink(target, None if options.in_place else path, source if options.in_place else None) as sink,
    ):
        is_long = source.size is not None and source.size >= MIN_BYTES_FOR_WORKER
        report = run(source, escape_for_terminal(sink, options), transform, described, advance_to, is_long)
    _report_non_numeric(report)


def _write_table(transform: Transform, described: FilterOptions, form: str, options: Options) -> None:
    """Collect the rows of the filter and write them as a table."""
    from actcli.cli.csv_table import RowCollector  # late: display is only for formats that people read

    with open_input(options.path) as (source, advance_to):
        rows = RowCollector(source.name)
        report = run(source, rows, transform, described, advance_to)
    rows.write_table(form, options)
    _report_non_numeric(report)


def _transform(computation: Computation, options: Options) -> Transform:
    fmt = options.number_format
    if options.digits is not None:
        exact = computation.exact(options.digits)
        if len(exact) > 1:
            raise usage_error("--digits cannot be combined with --sides and CSV input: it writes one column")
        # The exact values are formatted from x itself, so nothing is computed before.
        return Transform(lambda x: x, computation.headers, False, fmt, exact[0])

    def pure(x: Floats) -> tuple[Floats, int]:
        # Undecided results are counted when they are written, in whichever process that is.
        with counting_undecided() as counter:
            return computation.apply(x, fmt), counter.count

    return Transform(
        lambda x: computation.apply(x, fmt),
        computation.headers,
        computation.is_vector,
        fmt,
        row_order_matters=computation.row_order_matters,
        pure=pure,
        on_undecided=count_undecided,
    )


def _check_in_place(path: str, options: Options) -> None:
    if path == "-" or options.output is not None:
        raise usage_error("--in-place requires -i FILE and cannot be combined with -o")
    if options.format not in ("auto", "csv"):
        raise usage_error(f"--in-place cannot be combined with -f {options.format}: the file stays CSV")
    is_replaceable = not path.startswith(_DESCRIPTOR_PATHS) and (os.path.isfile(path) or not os.path.exists(path))
    if not is_replaceable:
        raise usage_error(f"--in-place requires a regular file under its own name, not {quote(path)}")


def _report_non_numeric(report: Report) -> None:
    if report.replaced:
        print_error(f"replaced {count_noun(report.replaced, 'non-numeric cell')} by nan")
    if report.skipped:
        print_error(f"skipped {count_noun(report.skipped, 'row')} with non-numeric cells")
    if report.ragged:
        print_error(f"skipped {count_noun(report.ragged, 'row')} with another number of cells")
