"""Report of actcli compare: differences, properties and effect on data, as a page, JSON or rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.cli.console import print_error
from actcli.cli.csv_input import check_output_is_not_input, filter_options, open_input
from actcli.cli.errors import usage_error
from actcli.cli.evaluate import report_undecided
from actcli.cli.options import Options
from actcli.cli.output_format import REPORT
from actcli.cli.page import terminal_of, write_page
from actcli.cli.plot import PlotSize, draw
from actcli.cli.reports.kinks import kink_columns
from actcli.cli.result_rows import make_rows, write_rows
from actcli.cli.titles import heading, title
from actcli.cli.x_source import is_from_csv, x_interval, x_points
from actcli.core.analysis.breakpoints import numeric_kinks
from actcli.core.analysis.comparison import difference
from actcli.core.analysis.data_statistics import SATURATION_DERIVATIVE, StatisticsCollector
from actcli.core.analysis.inferred_facts import properties_of
from actcli.core.analysis.maxima import ascending
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.display.numbers import significant
from actcli.display.plot import MIN_WIDTH
from actcli.display.report import INFERRED_NOTE, Section, report, yes_or_no
from actcli.display.table import TableColumn
from actcli.errors import DataError
from actcli.number_formats import FLOATS
from actcli.streams.csv.column_reader import non_numeric_cell_error, read_columns
from actcli.streams.json_text import json_page
from actcli.text import count_noun, percent

if TYPE_CHECKING:
    from actcli.core.analysis.comparison import Difference
    from actcli.core.analysis.data_statistics import DataStatistics
    from actcli.core.analysis.inferred_facts import KnownProperties
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal
    from actcli.number_formats import Floats, Format

__all__ = ["ComparisonReport", "write_comparison"]

DATA_POINTS = 13
"""Number of points at which values are shown if x is data."""

MAX_VALUE_ROWS = 25
PLOT_LINES = 12
DIFFERENCE_LINES = 9
"""Lines of a plot, and how many more it takes with the differences below."""
MAX_LOCATIONS = 6
"""How many x with the largest difference are listed."""


@dataclass(frozen=True)
class ComparisonReport:
    """Everything that compare found.

    x, values    the points, and for each activation its values there
    interval     smallest and largest x
    differences  for each activation but the first its differences from the first, of f and of its derivatives
    statistics   effect on the data of -i, or None
    """

    bounds: Sequence[BoundActivation]
    x: Floats
    values: Sequence[Floats]
    interval: tuple[float, float]
    differences: Sequence[tuple[BoundActivation, Difference]]
    properties: Sequence[KnownProperties]
    statistics: StatisticsCollector | None
    fmt: Format

    @property
    def headers(self) -> list[str]:
        """Headers of x and the values."""
        return ["x", *(f"{bound.label}(x)" for bound in self.bounds)]


def write_comparison(bounds: Sequence[BoundActivation], order: int, form: str, options: Options) -> None:
    """Compare the activations and write the report, JSON, or the points as rows.

    order  the highest order of the derivatives that are compared
    """
    found = _compare(bounds, order, options)
    if form == REPORT:
        write_page(_page(found, terminal_of(options), options), options)
    elif form == "json":
        write_page(_as_json(found), options)
    else:
        results = dict(zip(found.headers[1:], found.values, strict=True))
        write_rows(make_rows({"x": found.x}, results, options, options.number_format), form, options)


def _compare(bounds: Sequence[BoundActivation], highest: int, options: Options) -> ComparisonReport:
    fmt = FLOATS[options.dtype]
    statistics = None
    if is_from_csv(options):
        statistics = _collect_statistics(bounds, options, fmt)
        interval = statistics.low, statistics.high
        low, high = interval
        scale = 0.5 if math.isinf(high - low) else 1.0  # the width of the interval may be beyond float64
        x = ascending(fmt.round(np.linspace(scale * low, scale * high, DATA_POINTS) / scale))
    else:
        x, _ = x_points(options)
        interval = x_interval(options)
    with report_undecided():
        values = [evaluate(Quantity(bound), x, fmt) for bound in bounds]
    differences = []
    for other, order in product(bounds[1:], range(highest + 1)):
        with counting_undecided(SEARCH_LIMIT):
            differences.append((other, difference(other, bounds[0], order, *interval, fmt)))
    properties = [properties_of(bound) for bound in bounds]
    return ComparisonReport(bounds, x, values, interval, differences, properties, statistics, fmt)


def _collect_statistics(bounds: Sequence[BoundActivation], options: Options, fmt: Format) -> StatisticsCollector:
    """Return the statistics of the column of -i under the activations."""
    check_output_is_not_input(options)
    described = filter_options(options)
    statistics = StatisticsCollector(bounds, fmt)
    skipped = ragged = 0
    with open_input(options.path) as (source, advance_to):
        for block in read_columns(source, described, options.number_format, advance_to):
            if len(block.columns) > 1:
                raise usage_error("compare reads one column of data: choose it with -c")
            error = non_numeric_cell_error(block, source.name, options.decimal)
            if error is not None and options.on_error == "fail":
                raise error
            column = block.columns[0]
            skipped += int(column.bad.sum())
            ragged += block.ragged
            statistics.add(column.values[~(column.bad | column.missing)])
        statistics.finish()
        if not statistics.data.count:
            raise DataError(f"{source.name}: the column has no finite number")
    if skipped:
        print_error(f"skipped {count_noun(skipped, 'non-numeric cell')}")
    if ragged:
        print_error(f"skipped {count_noun(ragged, 'row')} with another number of cells")
    return statistics


# --- the page -----------------------------------------------------------------------------------------------


def _page(found: ComparisonReport, terminal: Terminal, options: Options) -> str:
    digits, difference_digits = options.precision or 6, options.precision or 4
    sections = [
        _plot(found, terminal),
        _values(found, digits),
        _differences(found, terminal, difference_digits),
        _properties(found),
        _kinks(found, digits),
        _data(found, difference_digits),
    ]
    return report([section for section in sections if section is not None], terminal)


def _plot(found: ComparisonReport, terminal: Terminal) -> Section | None:
    low, high = found.interval
    if terminal.width < MIN_WIDTH or not low < high:
        return None
    several = len(found.bounds) > 1
    size = PlotSize(terminal.width, PLOT_LINES + DIFFERENCE_LINES * several)
    fmt = FLOATS["float64"]
    return Section("", draw(found.bounds, found.interval, fmt, 0, size, terminal, differences=several))


def _values(found: ComparisonReport, digits: int) -> Section:
    count = len(found.x)
    rows: Sequence[int] = range(count)
    notes = []
    if count > MAX_VALUE_ROWS:
        rows = [round(i * (count - 1) / (MAX_VALUE_ROWS - 1)) for i in range(MAX_VALUE_ROWS)]
        notes = [f"{len(rows)} of {count} points; -f csv has all"]
    headings = ["x", *(heading(bound.label, bound) for bound in found.bounds)]
    columns = [
        TableColumn(name, [significant(float(column[i]), digits) for i in rows], True)
        for name, column in zip(headings, [found.x, *found.values], strict=True)
    ]
    return Section("", columns, notes)


def _differences(found: ComparisonReport, terminal: Terminal, digits: int) -> Section | None:
    if not found.differences:
        return None
    low, high = (significant(end, 6) for end in found.interval)
    first = title(found.bounds[0])
    rows = [row for _, row in found.differences]

    def numbers(header: str, values: list[float | None]) -> TableColumn:
        return TableColumn(header, ["" if v is None else significant(v, digits) for v in values], True)

    columns = [
        TableColumn("function", [title(bound, row.order) for bound, row in found.differences]),
        numbers("largest", [row.max_abs for row in rows]),
        TableColumn("at x", [_locations(row.at, digits, terminal.unicode) for row in rows]),
        numbers("rms", [row.rms for row in rows]),
        numbers("in ulp", [row.max_ulp for row in rows]),
        numbers("at x", [row.ulp_at for row in rows]),
    ]
    notes = []
    if any(math.isinf(row.max_ulp) for row in rows):
        notes.append(f"inf ulp: more than 1e308 units, for instance where {first} is 0")
    for name, column in (("max_abs", "largest"), ("max_ulp", "in ulp")):
        if any(row.evidence[name] == "observed" for row in rows):
            notes.append(f"{column}: the largest that was found; unproven")
    return Section(f"Differences from {first}, x from {low} to {high} (ulp of {found.fmt})", columns, notes)


def _locations(at: tuple[Any, ...], digits: int, unicode: bool) -> str:
    """Return the x as text: `+-x` for two that differ in sign alone, `a to b` for an interval."""
    texts: list[str] = []
    for location in at:
        if isinstance(location, tuple):
            texts.append(" to ".join(significant(end, digits) for end in location))
        elif -location not in at or location == 0:
            texts.append(significant(location, digits))
        elif location > 0:
            texts.append(("±" if unicode else "+-") + significant(location, digits))
    more = f" and {len(texts) - MAX_LOCATIONS} more" if len(texts) > MAX_LOCATIONS else ""
    return ", ".join(texts[:MAX_LOCATIONS]) + more


def _properties(found: ComparisonReport) -> Section:
    facts = [known.properties for known in found.properties]
    proven = [set(known.evidence.values()) <= {"proven"} for known in found.properties]
    columns = [
        TableColumn("function", [title(b) + ("" if ok else " *") for b, ok in zip(found.bounds, proven, strict=True)]),
        TableColumn("range", [fact.range or "?" for fact in facts]),
        TableColumn("odd", [yes_or_no(fact.odd) for fact in facts]),
        TableColumn("monotone", [yes_or_no(fact.monotone) for fact in facts]),
        TableColumn("saturates", [fact.saturates or "?" for fact in facts]),
    ]
    return Section("Properties", columns, [] if all(proven) else [f"* {INFERRED_NOTE}"])


def _kinks(found: ComparisonReport, digits: int) -> Section | None:
    rows = [(title(bound), kink) for bound in found.bounds for kink in numeric_kinks(bound)]
    if not rows:
        return None
    columns = [TableColumn("function", [label for label, _ in rows])]
    columns += kink_columns([kink for _, kink in rows], digits)
    return Section("Kinks", columns)


def _data(found: ComparisonReport, digits: int) -> Section | None:
    if found.statistics is None:
        return None
    data, each = found.statistics.data, found.statistics.each
    rows = [data, *each]

    def shares(header: str, counts: list[int]) -> TableColumn:
        cells = [percent(count, row.count) for count, row in zip(counts, each, strict=True)]
        return TableColumn(header, ["", *cells], True)

    columns = [
        TableColumn("function", [data.label, *map(title, found.bounds)]),
        TableColumn("mean", [significant(row.mean, digits) for row in rows], True),
        TableColumn("spread", [significant(row.std, digits) for row in rows], True),
        TableColumn("zeros", [percent(row.zeros, row.count) for row in rows], True),
        shares("dead", [row.zero_derivatives for row in each]),
        shares("saturated", [row.saturated for row in each]),
    ]
    notes = [f"dead: f' = 0; saturated: |f'| < {SATURATION_DERIVATIVE}, 0 included"]
    if found.statistics.non_finite:
        notes.append(f"skipped: {count_noun(found.statistics.non_finite, 'non-finite number')}")
    low, high = (significant(end, digits) for end in found.interval)
    return Section(f"The data: {count_noun(data.count, 'number')} from {low} to {high}", columns, notes)


# --- JSON ---------------------------------------------------------------------------------------------------


def _as_json(found: ComparisonReport) -> str:
    """Return an object with the points, differences, properties and data; programs rely on its shape."""
    columns = [[float(text) for text in found.fmt.write_all(column)] for column in (found.x, *found.values)]
    statistics = found.statistics
    return json_page(
        {
            "points": [dict(zip(found.headers, row, strict=True)) for row in zip(*columns, strict=True)],
            "differences": [
                {"of": bound.label, "against": found.bounds[0].label, **vars(row)} for bound, row in found.differences
            ],
            "properties": [_properties_as_json(*pair) for pair in zip(found.bounds, found.properties, strict=True)],
            "data": [_statistics_as_json(row) for row in (statistics.data, *statistics.each)] if statistics else [],
        }
    )


def _properties_as_json(bound: BoundActivation, known: KnownProperties) -> dict[str, Any]:
    return {
        "of": bound.label,
        **known.properties._asdict(),
        "facts_stated": known.is_stated,
        "evidence": known.evidence,
        "default_parameters": bound.is_default,
        "kinks": [vars(kink) for kink in numeric_kinks(bound)],
    }


def _statistics_as_json(row: DataStatistics) -> dict[str, Any]:
    members: dict[str, Any] = {"of": row.label, "count": row.count, "mean": row.mean, "spread": row.std}
    members["zeros"] = row.zeros / row.count
    if row.label != "x":
        members |= {"dead": row.zero_derivatives / row.count, "saturated": row.saturated / row.count}
    return members
