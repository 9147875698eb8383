"""A run of `actcli compare`: what is compared, where, and in which form it goes out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from actcli.cli.faults import spoken, usage
from actcli.cli.options import Options
from actcli.cli.several import bind_all, sourced, split_words
from actcli.cli.work import telling

if TYPE_CHECKING:
    from actcli.core.comparison import Difference
    from actcli.core.profile import Profiles
    from actcli.core.seen import Found
    from actcli.core.spec import Bound
    from actcli.formats import Floats, Format

__all__ = ["Findings", "run_compare"]

_POINTS = 13


@dataclass(frozen=True)
class Findings:
    """What was found: the points and the values there, the differences from the first, facts, what became of data."""

    bounds: Sequence[Bound]
    x: Floats
    values: Sequence[Floats]
    span: tuple[float, float]
    differences: Sequence[tuple[Bound, Difference]]
    facts: Sequence[Found]
    profiles: Profiles | None
    fmt: Format


def run_compare(words: Sequence[str], y: str | None, grad: bool, max_ulp: float | None, options: Options) -> int:
    """Run `actcli compare`; its exit code."""
    specs, values = split_words(words)
    options = options._replace(values=values)
    with spoken(*specs, *options.param):
        bounds = bind_all(specs, options.param, "compare")
        if y is not None:
            from actcli.cli.verdict_run import run_verdict

            if len(bounds) > 1:
                raise usage("--y holds a column against one activation: give one SPEC")
            return run_verdict(bounds[0], y, grad, max_ulp, _form(options), options)
        if max_ulp is not None or grad:
            raise usage(f"{'--grad' if grad else '--max-ulp'} goes with --y, the column of results")
        if len(bounds) == 1 and options.input is None:
            raise usage("compare takes two activations or more, or one with -i FILE (and --y COL)")
        form = _form(options)
        found = _findings(bounds, sourced(options))
        _write(found, form, options)
    return 0


def _form(options: Options) -> str:
    """The format that is meant by -f and the ending of -o: `report`, or that of rows or json."""
    from actcli.cli.rows import report_format

    form = report_format(options)
    if options.precision is not None and form not in ("report", "md"):
        raise usage(f"--precision goes with the report and md: {form} has every digit")
    if options.delimiter is not None and options.input is None and form != "csv":
        raise usage("-d goes with CSV: with -i, or with -f csv")
    return form


def _findings(bounds: Sequence[Bound], options: Options) -> Findings:
    import numpy as np

    from actcli.cli.source import from_csv, points
    from actcli.core.comparison import difference
    from actcli.core.engine import Reading, compute
    from actcli.core.peaks import ascending
    from actcli.core.seen import facts
    from actcli.core.unknown import SEARCHING, tallied
    from actcli.formats import FLOATS

    fmt = FLOATS[options.dtype]
    profiles = None
    if from_csv(options):
        profiles = _profiles(bounds, options, fmt)
        span = profiles.low, profiles.high
        x = ascending(fmt.round(np.linspace(*span, _POINTS)))
    else:
        from actcli.cli.drawing import span as span_of

        x, fmt = points(options)
        span = span_of(options)
    with telling():
        values = [compute(Reading(bound), x, fmt) for bound in bounds]
    differences = []
    for other, order in product(bounds[1:], (0, 1)):
        with tallied(SEARCHING):
            differences.append((other, difference(other, bounds[0], order, *span, fmt)))
    return Findings(bounds, x, values, span, differences, [facts(bound) for bound in bounds], profiles, fmt)


def _profiles(bounds: Sequence[Bound], options: Options, fmt: Format) -> Profiles:
    """What the activations do to the column of -i."""
    from actcli.cli.csv_run import delimiter_of, steps
    from actcli.core.profile import Profiles
    from actcli.display.progress import progress
    from actcli.streams.faults import DataError
    from actcli.streams.files import open_source
    from actcli.streams.layout import FilterOptions
    from actcli.streams.reading import bad_cell, read_columns

    path = options.path
    how = FilterOptions(columns=options.column, header=options.header, delimiter=delimiter_of(path, options))
    profiles = Profiles(bounds, fmt)
    bad = 0
    with open_source(path) as source, progress(source.size, sys.stderr if source.size else None) as advance:
        for piece in read_columns(source, how, fmt, steps(advance)):
            if len(piece.columns) > 1:
                raise usage("compare looks at one column of data: give one with -c")
            fault = bad_cell(piece, source.name)
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
        from actcli.cli.compare_page import as_json, page
        from actcli.cli.drawing import send, terminal_of

        text = as_json(found) if form == "json" else page(found, terminal_of(options), options)
        send(text, options)
        return
    from actcli.cli.rows import rows_of, write_rows

    results = {f"{bound.label}(x)": column for bound, column in zip(found.bounds, found.values, strict=True)}
    write_rows(rows_of({"x": found.x}, results, options, found.fmt), form, options)
