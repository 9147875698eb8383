"""Report of `actcli compare --y`: the errors of a column of results against the exact values."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from actcli.cli.console import print_error
from actcli.cli.csv_input import check_output_is_not_input, filter_options, open_input
from actcli.cli.errors import usage_error
from actcli.cli.main import ExitCode
from actcli.cli.options import Options
from actcli.cli.output_format import REPORT
from actcli.cli.page import terminal_of, write_page
from actcli.cli.titles import title
from actcli.cli.x_source import is_from_csv
from actcli.core.analysis.accuracy import HISTOGRAM_BOUNDS, AccuracyReport
from actcli.core.evaluation.quantity import Quantity
from actcli.display.numbers import significant
from actcli.display.report import Section, bars, report
from actcli.display.table import TableColumn
from actcli.errors import DataError
from actcli.number_formats import FLOATS
from actcli.streams.csv.column_reader import non_numeric_cell_error, read_columns
from actcli.streams.json_text import json_page
from actcli.text import count_noun, percent

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal

__all__ = ["check_results"]


def check_results(
    bound: BoundActivation, y: str, order: int, max_ulp: float | None, form: str, options: Options
) -> int:
    """Compare the column `y` with the exact values, write a report, and return the exit code.

    order    the order of the derivative that the column contains, 0 for f
    max_ulp  the largest error allowed, or None; beyond it the exit code is 3
    """
    _check_source(options)
    if options.on_error == "nan":
        raise usage_error("--on-error nan cannot be combined with --y: use --on-error skip to leave out such rows")
    if form not in (REPORT, "json"):
        raise usage_error(f"--y cannot be combined with the format {form}: it writes a report or json")
    quantity = Quantity(bound, order)
    errors = AccuracyReport(quantity, FLOATS[options.dtype])
    left_out = _read(errors, y, options)
    note = _dtype_note(errors)
    if note:
        print_error(note)
    label = bound.label + "'" * order
    if form == "json":
        write_page(_as_json(errors, label, left_out, max_ulp), options)
    else:
        write_page(_page(errors, title(bound, order), left_out, max_ulp, terminal_of(options)), options)
    return ExitCode.EXCEEDED if _exceeds(errors, left_out, max_ulp) else ExitCode.DONE


def _dtype_note(errors: AccuracyReport) -> str:
    """Return a line that names the dtype of the results if it is narrower than float64 and --dtype is missing."""
    fmt = errors.narrow.format
    source = click.get_current_context().get_parameter_source("dtype")
    if fmt is None or source is not click.core.ParameterSource.DEFAULT:
        return ""
    return f"every y is a {fmt} number, not a float64: use --dtype {fmt}"


def _check_source(options: Options) -> None:
    """Raise UsageError unless x is one column of CSV."""
    others = {"numbers": options.values, "--range": options.range is not None, "--all": options.all}
    for name, is_given in others.items():
        if is_given:
            raise usage_error(f"{name} cannot be combined with --y: x is a column of the same CSV (-c)")
    if len(options.column) != 1:
        raise usage_error("--y requires one -c COL, the column of x")
    if options.input is None and (sys.stdin is None or sys.stdin.isatty()):
        raise usage_error("--y requires CSV that contains the column: -i FILE, or stdin")
    is_from_csv(options)
    check_output_is_not_input(options)


@dataclass
class _LeftOut:
    """Rows without an error in ulp, counted.

    not_numbers       rows that --on-error skip dropped because of a cell
    ragged            rows that it dropped because of their number of cells
    missing           rows without an x
    unreadable        rows with an x, but without a readable y
    first_unreadable  the line of the first of these
    """

    not_numbers: int = 0
    ragged: int = 0
    missing: int = 0
    unreadable: int = 0
    first_unreadable: int = 0


def _exceeds(errors: AccuracyReport, left_out: _LeftOut, max_ulp: float | None) -> bool:
    # A wrong nan or infinity exceeds any bound, even an infinite one, and so does an unreadable result.
    return max_ulp is not None and (errors.wrong > 0 or left_out.unreadable > 0 or errors.max_ulp > max_ulp)


def _read(errors: AccuracyReport, y: str, options: Options) -> _LeftOut:
    """Add the rows that have numbers to `errors`, and count the others."""
    described = filter_options(options, columns=(*options.column, y))
    skips = options.on_error == "skip"
    left_out = _LeftOut()
    with open_input(options.path) as (source, advance_to):
        for block in read_columns(source, described, options.number_format, advance_to):
            if len(block.columns) != 2:
                raise usage_error(f"-c and --y choose {len(block.columns)} columns: --y requires one of x and one of y")
            x, results = block.columns
            error = non_numeric_cell_error(block._replace(columns=[x]), source.name, options.decimal)
            if error is not None and not skips:
                raise error
            lines = np.array(block.lines, dtype=np.int64)  # of no rows too
            unreadable = (results.bad | results.missing) & ~(x.bad | x.missing)
            left_out.ragged += block.ragged
            left_out.missing += int(x.missing.sum())
            if skips:
                left_out.not_numbers += int((x.bad | unreadable).sum())
            elif unreadable.any():
                left_out.unreadable += int(unreadable.sum())
                left_out.first_unreadable = left_out.first_unreadable or int(lines[unreadable][0])
            good = ~(x.bad | x.missing | unreadable)
            errors.add(lines[good], x.values[good], results.values[good])
        errors.finish()
        if not errors.rows and not left_out.unreadable:
            raise DataError(f"{source.name}: no row has numbers in both columns")
    return left_out


def _page(errors: AccuracyReport, label: str, left_out: _LeftOut, max_ulp: float | None, terminal: Terminal) -> str:
    rows, fmt = errors.rows, errors.fmt
    lines = [
        f"correctly rounded  {percent(errors.correct, rows)} ({errors.correct} of {rows})",
        f"largest error      {significant(errors.max_ulp, 6)} ulp",
        f"mean error         {significant(errors.mean_ulp, 4)} ulp",
    ] * (rows > 0)
    if left_out.unreadable:
        first = f", the first in line {left_out.first_unreadable}"
        lines.append(f"unreadable y       {count_noun(left_out.unreadable, 'row')}{first}")
    if left_out.not_numbers:
        lines.append(f"non-numeric        {count_noun(left_out.not_numbers, 'row')} skipped")
    if left_out.ragged:
        lines.append(f"ragged             {count_noun(left_out.ragged, 'row')} skipped")
    if left_out.missing:
        lines.append(f"empty              {count_noun(left_out.missing, 'row')} skipped")
    if max_ulp is not None:
        outcome = "EXCEEDED" if _exceeds(errors, left_out, max_ulp) else "not exceeded"
        lines.append(f"bound              {max_ulp:g} ulp: {outcome}")
    if note := _dtype_note(errors):
        lines.append(f"note               {note}")
    sections = [
        Section(f"{label} in {fmt}: {count_noun(rows, 'row')} against the exact values", "\n".join(lines)),
    ]
    if rows:
        sections.append(Section("Errors in ulp", bars(_bin_labels(HISTOGRAM_BOUNDS), errors.histogram, terminal)))
    if errors.worst:
        columns = [
            TableColumn("line", [str(row.line) for row in errors.worst], True),
            TableColumn("x", [fmt.write(row.x) for row in errors.worst], True),
            TableColumn("y", [fmt.write(row.y) for row in errors.worst], True),
            TableColumn("exact, rounded", [fmt.write(row.exact) for row in errors.worst], True),
            TableColumn("ulp", [significant(row.error, 6) for row in errors.worst], True),
        ]
        sections.append(Section("Worst rows", columns))
    return report(sections, terminal)


def _bin_labels(bounds: tuple[float, ...]) -> list[str]:
    texts = [f"{bound:g}" for bound in bounds]
    return [f"up to {text}" for text in texts] + [f"beyond {texts[-1]}", "wrong nan or inf"]


def _as_json(errors: AccuracyReport, label: str, left_out: _LeftOut, max_ulp: float | None) -> str:
    to_text = errors.fmt.write
    members: dict[str, Any] = {
        "of": label,
        "dtype": str(errors.fmt),
        "rows": errors.rows,
        "not_numbers": left_out.not_numbers,
        "ragged": left_out.ragged,
        "missing": left_out.missing,
        "unreadable": left_out.unreadable,
        "correctly_rounded": errors.correct / errors.rows if errors.rows else None,
        "max_ulp": errors.max_ulp if errors.rows else None,
        "mean_ulp": errors.mean_ulp if errors.rows else None,
        "wrong": errors.wrong,
        "histogram": [
            {"up_to": bound, "rows": count}
            for bound, count in zip([*HISTOGRAM_BOUNDS, "inf"], errors.histogram, strict=False)
        ],
        "worst": [
            {"line": row.line, "x": float(to_text(row.x)), "y": float(to_text(row.y)),
             "exact": float(to_text(row.exact)), "ulp": row.error}
            for row in errors.worst
        ],
    }  # fmt: skip
    if _dtype_note(errors):
        members["narrower_dtype"] = str(errors.narrow.format)
    if max_ulp is not None:
        members |= {"bound": max_ulp, "exceeded": _exceeds(errors, left_out, max_ulp)}
    return json_page(members)
