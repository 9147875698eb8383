"""A run of `actcli compare`: what is compared, where, and in which form it goes out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from actcli.cli.errors import click_errors, usage_error
from actcli.cli.options import Options
from actcli.cli.spec_arguments import bind_all, sourced, split_words
from actcli.cli.task import report_undecided

if TYPE_CHECKING:
    from actcli.core.analysis.comparison import Difference
    from actcli.core.analysis.data_statistics import StatisticsCollector
    from actcli.core.analysis.inferred_facts import KnownProperties
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["Findings", "run_compare"]

_POINTS = 13


@dataclass(frozen=True)
class Findings:
    """What was found: the points and the values there, the differences from the first, facts, what became of data."""

    bounds: Sequence[BoundActivation]
    x: Floats
    values: Sequence[Floats]
    span: tuple[float, float]
    differences: Sequence[tuple[BoundActivation, Difference]]
    facts: Sequence[KnownProperties]
    profiles: StatisticsCollector | None
    fmt: Format


def run_compare(words: Sequence[str], y: str | None, grad: bool, max_ulp: float | None, options: Options) -> int:
    """Run `actcli compare`; its exit code."""
    specs, values = split_words(words)
    options = options._replace(values=values)
    with click_errors(*specs, *options.param):
        bounds = bind_all(specs, options.param, "compare")
        if y is not None:
            from actcli.cli.reports.accuracy import run_verdict

            if len(bounds) > 1:
                raise usage_error("--y holds a column against one activation: give one SPEC")
            return run_verdict(bounds[0], y, grad, max_ulp, _form(options), options)
        if max_ulp is not None or grad:
            raise usage_error(f"{'--grad' if grad else '--max-ulp'} goes with --y, the column of results")
        if len(bounds) == 1 and options.input is None:
            raise usage_error("compare takes two activations or more, or one with -i FILE (and --y COL)")
        form = _form(options)
        found = _findings(bounds, sourced(options))
        _write(found, form, options)
    return 0


def _form(options: Options) -> str:
    """The format that is meant by -f and the ending of -o: `report`, or that of rows or json."""
    from actcli.cli.result_rows import report_format

    form = report_format(options)
    if options.precision is not None and form not in ("report", "md"):
        raise usage_error(f"--precision goes with the report and md: {form} has every digit")
    if options.delimiter is not None and options.input is None and form != "csv":
        raise usage_error("-d goes with CSV: with -i, or with -f csv")
    return form


def _findings(bounds: Sequence[BoundActivation], options: Options) -> Findings:
    import numpy as np

    from actcli.cli.x_source import from_csv, points
    from actcli.core.analysis.comparison import difference
    from actcli.core.analysis.inferred_facts import properties_of
    from actcli.core.analysis.maxima import ascending
    from actcli.core.evaluation.elementwise import evaluate
    from actcli.core.evaluation.quantity import Quantity
    from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
    from actcli.number_formats import FLOATS

    fmt = FLOATS[options.dtype]
    profiles = None
    if from_csv(options):
        profiles = _profiles(bounds, options, fmt)
        span = profiles.low, profiles.high
        x = ascending(fmt.round(np.linspace(*span, _POINTS)))
    else:
        from actcli.cli.plot import span as span_of

        x, fmt = points(options)
        span = span_of(options)
    with report_undecided():
        values = [evaluate(Quantity(bound), x, fmt) for bound in bounds]
    differences = []
    for other, order in product(bounds[1:], (0, 1)):
        with counting_undecided(SEARCH_LIMIT):
            differences.append((other, difference(other, bounds[0], order, *span, fmt)))
    return Findings(bounds, x, values, span, differences, [properties_of(bound) for bound in bounds], profiles, fmt)


def _profiles(bounds: Sequence[BoundActivation], options: Options, fmt: Format) -> StatisticsCollector:
    """What the activations do to the column of -i."""
    from actcli.cli.csv_filter import delimiter_of, steps
    from actcli.core.analysis.data_statistics import StatisticsCollector
    from actcli.display.progress import progress
    from actcli.errors import DataError
    from actcli.streams.csv.column_reader import non_numeric_cell_error, read_columns
    from actcli.streams.csv.plan import FilterOptions
    from actcli.streams.files import open_source

    path = options.path
    how = FilterOptions(columns=options.column, header=options.header, delimiter=delimiter_of(path, options))
    profiles = StatisticsCollector(bounds, fmt)
    bad = 0
    with open_source(path) as source, progress(source.size, sys.stderr if source.size else None) as advance:
        for piece in read_columns(source, how, fmt, steps(advance)):
            if len(piece.columns) > 1:
                raise usage_error("compare looks at one column of data: give one with -c")
            fault = non_numeric_cell_error(piece, source.name)
            if fault is not None and options.on_error == "fail":
                raise fault
            column = piece.columns[0]
            bad += int(column.bad.sum())
            profiles.add(column.values[~(column.bad | column.missing)])
        profiles.finish()
        if not profiles.data.count:
            raise DataError(f"{source.name}: no cell of the column is a finite number")
    if bad:
        import click

        click.echo(f"actcli: {bad} {'cell that is' if bad == 1 else 'cells that are'} no number left out", err=True)
    return profiles


def _write(found: Findings, form: str, options: Options) -> None:
    if form in ("report", "json"):
        from actcli.cli.plot import send, terminal_of
        from actcli.cli.reports.compare import as_json, page

        text = as_json(found) if form == "json" else page(found, terminal_of(options), options)
        send(text, options)
        return
    from actcli.cli.result_rows import rows_of, write_rows

    results = {f"{bound.label}(x)": column for bound, column in zip(found.bounds, found.values, strict=True)}
    write_rows(rows_of({"x": found.x}, results, options, found.fmt), form, options)
