"""What compare found, as a page for a person and as JSON for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actcli.cli.options import Options
from actcli.cli.reports.kinks import kink_columns
from actcli.display.numbers import significant
from actcli.display.report import JUDGED, Section, report, share, yes
from actcli.display.table import TableColumn
from actcli.streams.json_text import json_page

if TYPE_CHECKING:
    from actcli.cli.compare_run import Findings
    from actcli.core.analysis.data_statistics import DataStatistics
    from actcli.core.analysis.inferred_facts import KnownProperties
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal

__all__ = ["as_json", "page"]

_ROWS = 25
_PLOT = 12
_PLACES = 6


def page(found: Findings, terminal: Terminal, options: Options) -> str:
    """The report."""
    fine, coarse = options.precision or 6, options.precision or 4
    sections = [_plot(found, terminal), _values(found, fine), _differences(found, terminal, coarse)]
    sections += [_properties(found), _kinks(found, fine), _data(found, coarse)]
    return report([section for section in sections if section is not None], terminal)


def _plot(found: Findings, terminal: Terminal) -> Section | None:
    low, high = found.span
    if terminal.width < 20 or not low < high:
        return None
    from actcli.cli.plot import Canvas, draw
    from actcli.number_formats import FLOATS

    canvas = Canvas(terminal.width, _PLOT)
    return Section("", draw(found.bounds, found.span, FLOATS["float64"], False, canvas, terminal))


def _values(found: Findings, digits: int) -> Section:
    # A few points are what a person looks at.
    count = len(found.x)
    rows = range(count) if count <= _ROWS else [round(i * (count - 1) / (_ROWS - 1)) for i in range(_ROWS)]
    headers = ["x", *(f"{bound.label}(x)" for bound in found.bounds)]
    columns = [
        TableColumn(header, [significant(float(column[i]), digits) for i in rows], True)
        for header, column in zip(headers, [found.x, *found.values], strict=True)
    ]
    notes = [f"{len(rows)} of {count} points; -f csv has all"] if count > len(rows) else []
    return Section("", columns, notes)


def _differences(found: Findings, terminal: Terminal, digits: int) -> Section | None:
    if not found.differences:
        return None
    low, high = (significant(end, 6) for end in found.span)
    first = found.bounds[0].label
    rows = [difference for _, difference in found.differences]

    def numbers(header: str, values: list[float | None]) -> TableColumn:
        return TableColumn(header, ["" if v is None else significant(v, digits) for v in values], True)

    columns = [
        TableColumn("function", [bound.label + "'" * row.order for bound, row in found.differences]),
        numbers("largest", [row.max_abs for row in rows]),
        TableColumn("at x", [_places(row.at, digits, terminal.unicode) for row in rows]),
        numbers("rms", [row.rms for row in rows]),
        numbers("in ulp", [row.max_ulp for row in rows]),
        numbers("at x", [row.ulp_at for row in rows]),
    ]
    notes = []
    if any(math.isinf(row.max_ulp) for row in rows):
        notes.append(f"inf ulp: more than 1e308 units, for instance where {first} is 0")
    return Section(f"Differences from {first}, x from {low} to {high} (ulp of {found.fmt})", columns, notes)


def _places(at: tuple[Any, ...], digits: int, unicode: bool) -> str:
    """The x as text: +-x for two that differ in sign alone, `a to b` for a stretch."""
    texts: list[str] = []
    for place in at:
        if isinstance(place, tuple):
            texts.append(" to ".join(significant(end, digits) for end in place))
        elif -place not in at or place == 0:
            texts.append(significant(place, digits))
        elif place > 0:
            texts.append(("±" if unicode else "+-") + significant(place, digits))
    more = f" and {len(texts) - _PLACES} more" if len(texts) > _PLACES else ""
    return ", ".join(texts[:_PLACES]) + more


def _properties(found: Findings) -> Section:
    facts = [each.properties for each in found.facts]
    stated = [each.is_stated for each in found.facts]
    columns = [
        TableColumn("function", [b.label + ("" if ok else " *") for b, ok in zip(found.bounds, stated, strict=True)]),
        TableColumn("range", [fact.range or "?" for fact in facts]),
        TableColumn("odd", [yes(fact.odd) for fact in facts]),
        TableColumn("monotone", [yes(fact.monotone) for fact in facts]),
        TableColumn("saturates", [fact.saturates or "?" for fact in facts]),
    ]
    return Section("Properties", columns, [] if all(stated) else [f"* {JUDGED}"])


def _kinks(found: Findings, digits: int) -> Section | None:
    from actcli.core.analysis.breakpoints import numeric_kinks

    rows = [(bound.label, corner) for bound in found.bounds for corner in numeric_kinks(bound)]
    if not rows:
        return None
    columns = [TableColumn("function", [label for label, _ in rows])]
    columns += kink_columns([corner for _, corner in rows], digits)
    return Section("Kinks", columns)


def _data(found: Findings, digits: int) -> Section | None:
    if found.profiles is None:
        return None
    from actcli.core.analysis.data_statistics import SATURATION_SLOPE

    data, each = found.profiles.data, found.profiles.each
    rows = [data, *each]
    columns = [TableColumn("function", [row.label for row in rows])]
    columns += [
        TableColumn(name, [significant(value, digits) for value in values], True)
        for name, values in (("mean", [row.mean for row in rows]), ("spread", [row.std for row in rows]))
    ]
    columns.append(TableColumn("zeros", [share(row.zeros, row.count) for row in rows], True))
    columns += [
        TableColumn(name, ["", *(share(count, row.count) for count, row in zip(counts, each, strict=True))], True)
        for name, counts in (
            ("dead", [row.zero_slopes for row in each]),
            ("saturated", [row.saturated for row in each]),
        )
    ]
    notes = [f"dead: a slope of 0; saturated: a slope below {SATURATION_SLOPE} in size, 0 included"]
    if found.profiles.non_finite:
        notes.append(f"left out: {found.profiles.non_finite} not finite")
    low, high = (significant(end, digits) for end in found.span)
    return Section(f"The data: {data.count} numbers from {low} to {high}", columns, notes)


# --- for programs -------------------------------------------------------------------------------------------


def as_json(found: Findings) -> str:
    """The shape that programs rely on: points, differences, properties, data."""
    spelled = [[float(text) for text in found.fmt.write_all(column)] for column in (found.x, *found.values)]
    headers = ["x", *(f"{bound.label}(x)" for bound in found.bounds)]
    whole = {
        "points": [dict(zip(headers, row, strict=True)) for row in zip(*spelled, strict=True)],
        "differences": [
            {"of": bound.label, "against": found.bounds[0].label, **vars(row)} for bound, row in found.differences
        ],
        "properties": [_facts(*each) for each in zip(found.bounds, found.facts, strict=True)],
        "data": [_profile(row) for row in (found.profiles.data, *found.profiles.each)] if found.profiles else [],
    }
    return json_page(whole)


def _facts(bound: BoundActivation, facts: KnownProperties) -> dict[str, Any]:
    from actcli.core.analysis.breakpoints import numeric_kinks

    kinks = [vars(corner) for corner in numeric_kinks(bound)]
    return {
        "of": bound.label,
        **facts.properties._asdict(),
        "facts_stated": facts.is_stated,
        "default_parameters": bound.is_default,
        "kinks": kinks,
    }


def _profile(row: DataStatistics) -> dict[str, Any]:
    whole: dict[str, Any] = {"of": row.label, "count": row.count, "mean": row.mean, "spread": row.std}
    whole["zeros"] = row.zeros / row.count
    if row.label != "x":
        whole |= {"dead": row.zero_slopes / row.count, "saturated": row.saturated / row.count}
    return whole
