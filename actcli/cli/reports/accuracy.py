"""`compare --y`: a column of somebody's results against the exact values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from actcli.cli.errors import usage_error
from actcli.cli.main import ExitCode
from actcli.cli.options import Options

if TYPE_CHECKING:
    from actcli.core.analysis.accuracy import AccuracyReport
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal

__all__ = ["run_verdict"]


def run_verdict(bound: BoundActivation, y: str, grad: bool, max_ulp: float | None, form: str, options: Options) -> int:
    """Run `actcli compare SPEC -i FILE -c XCOL --y YCOL`; its exit code. `form` is `report` or `json`."""
    from actcli.cli.plot import send, terminal_of
    from actcli.core.analysis.accuracy import AccuracyReport
    from actcli.core.evaluation.quantity import Quantity, derivative_quantity
    from actcli.number_formats import FLOATS

    others = options.values or options.range is not None or options.all
    if others or options.input is None or len(options.column) != 1:
        raise usage_error("--y goes with -i FILE and one -c COL, the column of x")
    if options.on_error != "fail":
        raise usage_error("--on-error does not go with --y: cells that are no numbers are counted in the report")
    verdict = AccuracyReport(derivative_quantity(bound) if grad else Quantity(bound), FLOATS[options.dtype])
    left_out = _read(verdict, y, options)
    label = bound.label + "'" * grad
    if form == "json":
        text = _json(verdict, label, left_out, max_ulp)
    elif form == "report":
        text = _page(verdict, label, left_out, max_ulp, terminal_of(options))
    else:
        raise usage_error(f"with --y the formats are a report (auto) and json, not {form}")
    send(text, options)
    return ExitCode.EXCEEDED if _exceeded(verdict, max_ulp) else ExitCode.DONE


def _exceeded(verdict: AccuracyReport, max_ulp: float | None) -> bool:
    # A wrong nan or infinity exceeds any bound, an infinite one too.
    return max_ulp is not None and (verdict.wrong > 0 or verdict.max_ulp > max_ulp)


def _read(verdict: AccuracyReport, y: str, options: Options) -> dict[str, int]:
    """Hand all rows to `verdict`; how many had a cell that was no number, or nothing."""
    import numpy as np

    from actcli.cli.csv_filter import delimiter_of, steps
    from actcli.display.progress import progress
    from actcli.errors import DataError
    from actcli.streams.csv.column_reader import read_columns
    from actcli.streams.csv.plan import FilterOptions
    from actcli.streams.files import open_source

    path = options.path
    how = FilterOptions((*options.column, y), options.header, delimiter_of(path, options))
    left_out = {"not_numbers": 0, "missing": 0}
    with open_source(path) as source, progress(source.size, sys.stderr if source.size else None) as advance:
        for piece in read_columns(source, how, verdict.fmt, steps(advance)):
            if len(piece.columns) != 2:
                raise usage_error("--y goes with one column of x: -c names more")
            x, found = piece.columns
            bad = x.bad | found.bad
            missing = (x.missing | found.missing) & ~bad
            left_out["not_numbers"] += int(bad.sum())
            left_out["missing"] += int(missing.sum())
            good = ~(bad | missing)
            verdict.add(np.array(piece.lines)[good], x.values[good], found.values[good])
        verdict.finish()
        if not verdict.rows:
            raise DataError(f"{source.name}: no row has numbers in both columns")
    return left_out


def _bin_labels(bounds: tuple[float, ...]) -> list[str]:
    texts = [f"{bound:g}" for bound in bounds]
    return [f"up to {text}" for text in texts] + [f"beyond {texts[-1]}", "wrong nan or inf"]


def _page(
    verdict: AccuracyReport, label: str, left_out: dict[str, int], max_ulp: float | None, terminal: Terminal
) -> str:
    from actcli.core.analysis.accuracy import HISTOGRAM_BOUNDS
    from actcli.display.numbers import significant
    from actcli.display.report import Section, bars, report, share
    from actcli.display.table import TableColumn

    rows = verdict.rows
    facts = [
        f"correctly rounded  {share(verdict.correct, rows)} ({verdict.correct} of {rows})",
        f"largest error      {significant(verdict.max_ulp, 6)} ulp",
        f"mean error         {significant(verdict.mean_ulp, 4)} ulp",
    ]
    if left_out["not_numbers"]:
        facts.append(f"no number          {left_out['not_numbers']} rows left out")
    if left_out["missing"]:
        facts.append(f"empty              {left_out['missing']} rows left out")
    if max_ulp is not None:
        facts.append(f"bound              {max_ulp:g} ulp: {'EXCEEDED' if _exceeded(verdict, max_ulp) else 'kept'}")
    labels = _bin_labels(HISTOGRAM_BOUNDS)
    sections = [
        Section(f"{label} in {verdict.fmt}: {rows} rows against the exact values", "\n".join(facts)),
        Section("Errors in ulp", bars(labels, verdict.histogram, terminal)),
    ]
    if verdict.worst:
        fmt = verdict.fmt
        columns = [TableColumn("line", [str(row.line) for row in verdict.worst], True)]
        columns += [
            TableColumn(name, [fmt.write(getattr(row, key)) for row in verdict.worst], True)
            for name, key in (("x", "x"), ("y", "y"), ("exact, rounded", "exact"))
        ]
        columns.append(TableColumn("ulp", [significant(row.error, 6) for row in verdict.worst], True))
        sections.append(Section("Worst rows", columns))
    return report(sections, terminal)


def _json(verdict: AccuracyReport, label: str, left_out: dict[str, int], max_ulp: float | None) -> str:
    from actcli.core.analysis.accuracy import HISTOGRAM_BOUNDS
    from actcli.streams.json_text import json_page

    spell = verdict.fmt.write
    whole: dict[str, Any] = {
        "of": label,
        "dtype": str(verdict.fmt),
        "rows": verdict.rows,
        **left_out,
        "correctly_rounded": verdict.correct / verdict.rows,
        "max_ulp": verdict.max_ulp,
        "mean_ulp": verdict.mean_ulp,
        "wrong": verdict.wrong,
        "histogram": [
            {"up_to": bound, "rows": count}
            for bound, count in zip([*HISTOGRAM_BOUNDS, "inf"], verdict.histogram, strict=False)
        ],
        "worst": [
            {"line": row.line, "x": float(spell(row.x)), "y": float(spell(row.y)), "exact": float(spell(row.exact)),
             "ulp": row.error} for row in verdict.worst
        ],
    }  # fmt: skip
    if max_ulp is not None:
        whole |= {"bound": max_ulp, "exceeded": _exceeded(verdict, max_ulp)}
    return json_page(whole)
