"""Report of actcli show: everything about one activation, as a page or JSON."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.cli.options import Options
from actcli.cli.output_format import REPORT
from actcli.cli.page import terminal_of, write_page
from actcli.cli.plot import PlotSize, draw
from actcli.cli.reports.kinks import kink_columns
from actcli.cli.reports.trivial import find_in_dtype, trivial_members, trivial_section
from actcli.core.analysis.breakpoints import numeric_kinks
from actcli.core.analysis.inferred_facts import KnownProperties, properties_of
from actcli.core.analysis.landmarks import is_zero, landmarks
from actcli.core.catalogue.framework_forms import framework_parameters, framework_summaries
from actcli.core.catalogue.parameters import format_number
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.display.numbers import significant
from actcli.display.plot import MIN_WIDTH
from actcli.display.report import INFERRED_NOTE, Section, definitions, report, yes_or_no
from actcli.display.table import TableColumn
from actcli.number_formats import FLOATS
from actcli.streams.json_text import json_page

if TYPE_CHECKING:
    from actcli.core.analysis.breakpoints import NumericKink
    from actcli.core.analysis.landmarks import Landmarks
    from actcli.core.analysis.maxima import Location
    from actcli.core.catalogue.activation import Activation
    from actcli.core.catalogue.framework_forms import FrameworkParameter, FrameworkSummary
    from actcli.core.catalogue.parameters import Value
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.core.evaluation.trivial_intervals import TrivialIntervals
    from actcli.display.terminal import Terminal

__all__ = ["ActivationReport", "write_activation_report"]

PLOT_LINES = 12
MIN_PLOT_X = 6.0
"""The plot reaches from at least -6 to 6."""

MAX_PARAMETER_DIGITS = 40
MAX_LISTED = 6
"""How many zeros, extrema or jumps a line lists."""

_TOO_LONG = "too long to print; actcli grad --order 2 computes it"

_KIND_TEXTS = {
    "elementwise": "a function of each element",
    "vector": "a function of a whole vector",
    "gated": "a function of the two halves of a vector",
}


@dataclass(frozen=True)
class ActivationReport:
    """Everything that show found.

    landmarks   zeros, extrema and limits; None for a vector activation or without all parameters
    frameworks  the variants of the frameworks
    dtype       the number format of --dtype; "" without
    in_dtype    the trivial intervals of f and f' in it
    """

    bound: BoundActivation
    known: KnownProperties
    landmarks: Landmarks | None
    kinks: Sequence[NumericKink]
    frameworks: Sequence[FrameworkSummary]
    dtype: str = ""
    in_dtype: tuple[TrivialIntervals, ...] = ()


def write_activation_report(bound: BoundActivation, is_complete: bool, form: str, options: Options) -> None:
    """Write the report or JSON.

    is_complete  whether every parameter has a value; otherwise only the catalogue's statements are shown
    """
    found = _examine(bound, is_complete)
    if options.dtype:
        found = replace(found, dtype=options.dtype, in_dtype=find_in_dtype(bound, options.dtype))
    if form == REPORT:
        write_page(_page(found, terminal_of(options), options.precision or 6), options)
    else:
        write_page(_as_json(found), options)


def _examine(bound: BoundActivation, is_complete: bool) -> ActivationReport:
    frameworks = framework_summaries(bound.activation)
    if not is_complete:
        return ActivationReport(bound, KnownProperties(bound.activation.properties, True, {}), None, (), frameworks)
    if bound.activation.is_vector:
        return ActivationReport(bound, properties_of(bound), None, (), frameworks)
    with counting_undecided(SEARCH_LIMIT):
        return ActivationReport(bound, properties_of(bound), landmarks(bound), numeric_kinks(bound), frameworks)


# --- the page -------------------------------------------------------------------------------------------------------


def _page(found: ActivationReport, terminal: Terminal, digits: int) -> str:
    sections = [
        Section(found.bound.title, _head(found, terminal)),
        _parameters(found),
        _plot(found, terminal),
        Section("Facts", definitions(list(_facts(found, digits)), terminal), _inferred_note(found)),
        _kinks(found, digits),
        trivial_section(found.bound, found.dtype, found.in_dtype) if found.dtype else None,
        _frameworks(found),
        _source(found, terminal),
    ]
    return report([section for section in sections if section is not None], terminal)


def _head(found: ActivationReport, terminal: Terminal) -> str:
    entry = found.bound.activation
    rows = [("kind", "a formula" if entry.is_expression else f"{', '.join(entry.kinds)}: {_kind_text(entry)}")]
    if entry.name not in (found.bound.label, found.bound.title):
        rows.insert(0, ("name", entry.name))
    if entry.aliases:
        rows.append(("aliases", ", ".join(entry.aliases)))
    formula, derivative, second_derivative = found.bound.formulas
    if entry.is_vector:
        rows += [("f(x)[i]", formula), ("Jacobian", derivative)]
    else:
        rows += [("f(x)", formula), ("f'(x)", derivative), ("f''(x)", second_derivative or _TOO_LONG)]
    return definitions(rows, terminal)


def _kind_text(entry: Activation) -> str:
    """Return the kind of function in words."""
    *_, word = (word for word in entry.kinds if word in _KIND_TEXTS)
    return _KIND_TEXTS[word] + ", whose slope or noise is random in training" * ("stochastic" in entry.kinds)


def _parameters(found: ActivationReport) -> Section | None:
    params = _available_parameters(found)
    if not params:
        return None
    columns = [TableColumn("parameter", [param.name for param in params])]
    values = [_value(param, found) for param in params]
    if any(value is not None and not _is_default(param, found) for param, value in zip(params, values, strict=True)):
        columns.append(TableColumn("value", [value or "" for value in values]))
    columns += [
        TableColumn("default", ["required" if param.default is None else param.default for param in params]),
        TableColumn("valid", [param.valid_range for param in params]),
        TableColumn("meaning", [param.parameter.description for param in params]),
        TableColumn("aliases", [", ".join(param.aliases) for param in params]),
    ]
    return Section("Parameters", [column for column in columns if any(column.cells)])


def _available_parameters(found: ActivationReport) -> list[FrameworkParameter]:
    """Return the parameters that the activation accepts, in the framework if one is named."""
    return framework_parameters(found.bound.activation, found.bound.framework, found.bound.framework_function)


def _value(param: FrameworkParameter, found: ActivationReport) -> str | None:
    """Return the parameter's value as the framework spells it, or None if it has none."""
    values = found.bound.values
    return param.spell(_parameter_text(values[param.parameter.name])) if param.parameter.name in values else None


def _is_default(param: FrameworkParameter, found: ActivationReport) -> bool:
    if param.default is None:
        return False
    bound = found.bound
    word = next((ours for ours, theirs in param.choice_names.items() if theirs == param.default), param.default)
    return bound.values[param.parameter.name] == param.parameter.parse(word, bound.activation.name)


def _parameter_text(value: Value) -> str:
    """Return a parameter's value as typed: a decimal if it has a finite one, else a fraction."""
    if value is None or isinstance(value, bool | str):
        return str(value).lower()
    text = format_number(value)
    if value == Fraction(text):
        return text
    try:
        context = Context(MAX_PARAMETER_DIGITS, traps=[Inexact])
        decimal = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    except Inexact:
        return str(value)
    return str(decimal).lower()


def _plot(found: ActivationReport, terminal: Terminal) -> Section | None:
    if found.landmarks is None or terminal.width < MIN_WIDTH:
        return None
    far = min(sys.float_info.max, max([MIN_PLOT_X, *(1.5 * abs(kink.at) for kink in found.kinks)]))
    size = PlotSize(terminal.width, PLOT_LINES)
    return Section("", draw([found.bound], (-far, far), FLOATS["float64"], 1, size, terminal, one_panel=True))


# --- facts ----------------------------------------------------------------------------------------------------------


def _facts(found: ActivationReport, digits: int) -> Iterator[tuple[str, str]]:
    facts = found.known.properties
    yield "range", facts.range or "?"
    if not found.bound.activation.is_vector:
        yield from [
            ("odd", yes_or_no(facts.odd)),
            ("monotone", yes_or_no(facts.monotone)),
            ("saturates", facts.saturates or "?"),
        ]
    if found.landmarks is not None:
        yield from _landmarks(found, found.landmarks, digits)


def _inferred_note(found: ActivationReport) -> list[str]:
    """Return a note that names the properties that are only observed, if there are any."""
    observed = [
        name for name, evidence in found.known.evidence.items() if evidence != "proven" and _is_known(found, name)
    ]
    return [f"({', '.join(observed)}: {INFERRED_NOTE})"] if observed else []


def _is_known(found: ActivationReport, name: str) -> bool:
    return getattr(found.known.properties, name) is not None


def _landmarks(found: ActivationReport, marks: Landmarks, digits: int) -> Iterator[tuple[str, str]]:
    def number(value: float) -> str:
        return significant(value + 0.0, digits)

    for name, (left, right) in marks.limits.items():
        shown = [number(limit) if limit == limit else "no limit" for limit in (left, right)]
        yield ("limits" if name == "f" else "limits of f'"), f"{shown[0]} at -inf, {shown[1]} at inf"
    where = f"from {number(-marks.search_radius)} to {number(marks.search_radius)}"
    remarks = {"proven": "", "searched": f" ({where})", "observed": f" (observed {where})"}
    zeros = _list([_zero(found, zero, digits) for zero in marks.zeros], "zeros" in marks.partial)
    zeros = zeros or ("?" if "zeros" in marks.partial else "none")
    yield "zeros", zeros + remarks[marks.evidence["zeros"]]
    extrema = [f"{extremum.kind} {number(extremum.value)} at {number(extremum.at)}" for extremum in marks.extrema]
    if extrema:
        yield "extrema", _list(extrema, "extrema" in marks.partial) + remarks[marks.evidence["extrema"]]
    if marks.jumps:
        yield "jumps", _list([f"at {number(at)}" for at in marks.jumps])
    if math.isinf(marks.lipschitz):
        yield "Lipschitz", "no: it jumps" if marks.jumps else "no: the derivative is unbounded"
    elif not math.isnan(marks.lipschitz):
        at = _list([_interval(location, digits) for location in marks.steepest])
        is_observed = marks.evidence["lipschitz"] == "observed"
        is_proven = marks.evidence["lipschitz"] == "proven"
        # The constant of a wave is proven everywhere, the points that attain it are those of the search.
        repeats = f" ({where})" if any(map(math.isnan, marks.limits["slope"])) and is_proven else ""
        where = f", at {at}{repeats}" if at else "" if is_observed else ", not attained"
        most = f", at most {number(marks.lipschitz_bound)}" if math.isfinite(marks.lipschitz_bound) else ""
        remark = f" (observed{most})" if is_observed else remarks[marks.evidence["lipschitz"]]
        yield "Lipschitz", f"{number(marks.lipschitz)}{where}{remark}"


def _list(texts: list[str], is_partial: bool = False) -> str:
    """Return the first texts, and how many more there are, which is unknown for a partial list."""
    more = f" and {len(texts) - MAX_LISTED} more" if len(texts) > MAX_LISTED else ""
    if is_partial and texts:
        more = " and more"
    return ", ".join(texts[:MAX_LISTED]) + more


def _zero(found: ActivationReport, location: Location, digits: int) -> str:
    """Return a zero, or an interval of zeros, as text; the bounds are inclusive if f is 0 there."""
    if isinstance(location, float):
        return significant(location, digits)
    is_closed = any(is_zero(Quantity(found.bound), end) for end in location if math.isfinite(end))
    return _interval(location, digits, is_closed)


def _interval(location: Location, digits: int, is_closed: bool = False) -> str:
    """Return a point or an interval as text; `is_closed` makes the bounds of a half-line inclusive."""
    if isinstance(location, float):
        return significant(location, digits)
    low, high = (significant(end, digits) for end in location)
    equals = "=" if is_closed else ""
    if low == "-inf":
        return "every x" if high == "inf" else f"x <{equals} {high}"
    return f"x >{equals} {low}" if high == "inf" else f"x from {low} to {high}"


def _kinks(found: ActivationReport, digits: int) -> Section | None:
    return Section("Kinks", kink_columns(found.kinks, digits)) if found.kinks else None


# --- frameworks -----------------------------------------------------------------------------------------------------


def _frameworks(found: ActivationReport) -> Section | None:
    if not found.frameworks:
        return None
    columns = [
        TableColumn("framework", [f"@{summary.framework}" for summary in found.frameworks]),
        TableColumn("names", [", ".join(summary.names) for summary in found.frameworks]),
        TableColumn("parameters", [_defaults(summary.defaults) for summary in found.frameworks]),
        TableColumn("differences", ["; ".join(summary.differences) for summary in found.frameworks]),
    ]
    return Section("Frameworks", [column for column in columns if any(column.cells)])


def _defaults(defaults: Any) -> str:
    return ", ".join(f"{name}={'...' if default is None else default}" for name, default in defaults.items())


def _source(found: ActivationReport, terminal: Terminal) -> Section | None:
    entry = found.bound.activation
    rows = [(word, text) for word, text in (("paper", entry.paper), ("notes", entry.notes)) if text]
    return Section("Source", definitions(rows, terminal)) if rows else None


# --- JSON ---------------------------------------------------------------------------------------------------------


def _as_json(found: ActivationReport) -> str:
    """Return everything as one object."""
    bound, entry = found.bound, found.bound.activation
    members: dict[str, Any] = {
        "name": entry.name,
        "spec": bound.label,
        "kind": entry.kind,
        "kinds": entry.kinds,
        "aliases": entry.aliases,
        "formula": bound.formulas[0],
        "derivative": bound.formulas[1],
        "second_derivative": bound.formulas[2] or None,
        "parameters": [_parameter(param, found) for param in _available_parameters(found)],
        **found.known.properties._asdict(),
        "facts_stated": found.known.is_stated,
        "evidence": {**found.known.evidence, **(found.landmarks.evidence if found.landmarks else {})},
        "default_parameters": bound.is_default,
        "kinks": [vars(kink) for kink in found.kinks],
    }
    if found.landmarks is not None:
        marks = found.landmarks
        members |= {
            "zeros": marks.zeros,
            "jumps": marks.jumps,
            "extrema": [vars(extremum) for extremum in marks.extrema],
            "limits": marks.limits,
            "lipschitz": {"constant": marks.lipschitz, "at": marks.steepest},
            "searched": [-marks.search_radius, marks.search_radius],
        }
    if found.dtype:
        members |= trivial_members(found.dtype, found.in_dtype)
    members["frameworks"] = [
        {
            "framework": summary.framework,
            "names": summary.names,
            "parameters": dict(summary.defaults),
            "differs": summary.differences,
        }
        for summary in found.frameworks
    ]
    return json_page(_without_negative_zero(members) | {"paper": entry.paper, "notes": entry.notes})


def _parameter(param: FrameworkParameter, found: ActivationReport) -> dict[str, Any]:
    return {
        "name": param.name,
        "value": _value(param, found),
        "default": param.default,
        "valid": param.valid_range,
        "aliases": param.aliases,
        "meaning": param.parameter.description,
    }


def _without_negative_zero(value: Any) -> Any:
    """Return `value` with 0 for every -0: the sign has no meaning in limits and positions."""
    if isinstance(value, float):
        return value + 0.0
    if isinstance(value, dict):
        return {name: _without_negative_zero(part) for name, part in value.items()}
    return [_without_negative_zero(part) for part in value] if isinstance(value, list | tuple) else value
