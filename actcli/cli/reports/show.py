"""What show found, as a page for a person and as JSON for programs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Context, Decimal, Inexact
from typing import TYPE_CHECKING, Any

from actcli.cli.options import Options
from actcli.cli.reports.kinks import kink_columns
from actcli.core.catalogue.activation import format_number
from actcli.display.numbers import significant
from actcli.display.report import JUDGED, Section, definitions, report, yes
from actcli.display.table import TableColumn
from actcli.streams.json_text import json_page

if TYPE_CHECKING:
    from actcli.cli.show_run import Portrait
    from actcli.core.analysis.landmarks import Landmarks
    from actcli.core.analysis.maxima import Location
    from actcli.core.catalogue.activation import Activation, Value
    from actcli.core.catalogue.framework_forms import FrameworkParameter
    from actcli.display.terminal import Terminal

__all__ = ["as_json", "page"]

_PLOT = 12
_SPAN = 6.0
_DIGITS = 40
"""Decimal digits that a parameter is spelled with, at most."""

_MOST = 6
"""How many places a line lists."""

_KINDS = {
    "elementwise": "a function of each element",
    "vector": "a function of a whole vector",
    "gated": "a function of the two halves of a vector",
}


def page(found: Portrait, terminal: Terminal, options: Options) -> str:
    """The page."""
    digits = options.precision or 6
    sections = [
        Section(_title(found), _head(found, terminal)),
        _parameters(found),
        _plot(found, terminal),
        Section("Facts", definitions(list(_facts(found, digits)), terminal), _usual(found)),
        _kinks(found, digits),
        _frameworks(found),
        _source(found, terminal),
    ]
    return report([section for section in sections if section is not None], terminal)


def _title(found: Portrait) -> str:
    """What it was asked for; an expression, which headers call f, by its own text."""
    bound = found.bound
    return bound.activation.name if bound.activation.is_expression else bound.label


def _head(found: Portrait, terminal: Terminal) -> str:
    entry = found.bound.activation
    said = [("kind", "an expression" if entry.is_expression else f"{', '.join(entry.kinds)}: {_nature(entry)}")]
    if entry.name not in (found.bound.label, _title(found)):
        said.insert(0, ("name", entry.name))
    if entry.aliases:
        said.append(("also", ", ".join(entry.aliases)))
    formula, derivative = found.bound.formulas
    words = ("f(x)[i]", "slope") if entry.is_vector else ("f(x)", "f'(x)")
    return definitions([*said, (words[0], formula), (words[1], derivative)], terminal)


def _nature(entry: Activation) -> str:
    """What kind of a function it is, in words."""
    *_, word = (word for word in entry.kinds if word in _KINDS)
    return _KINDS[word] + ", which training draws anew" * ("stochastic" in entry.kinds)


def _parameters(found: Portrait) -> Section | None:
    params = _taken(found)
    if not params:
        return None
    columns = [TableColumn("parameter", [param.name for param in params])]
    values = [_value(param, found) for param in params]
    if any(value is not None and not _is_default(param, found) for param, value in zip(params, values, strict=True)):
        columns.append(TableColumn("value", [value or "" for value in values]))
    columns += [
        TableColumn("default", ["must be given" if param.default is None else param.default for param in params]),
        TableColumn("valid", [param.valid_range for param in params]),
        TableColumn("meaning", [param.parameter.description for param in params]),
        TableColumn("also", [", ".join(param.aliases) for param in params]),
    ]
    return Section("Parameters", [column for column in columns if any(column.cells)])


def _taken(found: Portrait) -> list[FrameworkParameter]:
    """The parameters that can be given to what is shown."""
    from actcli.core.catalogue.framework_forms import framework_parameters

    return framework_parameters(found.bound.activation, found.bound.framework, found.bound.framework_function)


def _value(taken: FrameworkParameter, found: Portrait) -> str | None:
    """The parameter's value as a person types it there, if it has one."""
    values = found.bound.values
    return taken.spell(_shown(values[taken.parameter.name])) if taken.parameter.name in values else None


def _is_default(taken: FrameworkParameter, found: Portrait) -> bool:
    if taken.default is None:
        return False
    bound = found.bound
    word = next((ours for ours, theirs in taken.choice_names.items() if theirs == taken.default), taken.default)
    return bound.values[taken.parameter.name] == taken.parameter.parse(word, bound.activation.name)


def _shown(value: Value) -> str:
    """A parameter's value as a person types it: its decimal digits if they end, else a fraction."""
    from fractions import Fraction

    if value is None or isinstance(value, bool | str):
        return str(value).lower()
    text = format_number(value)
    if value == Fraction(text):
        return text
    try:
        # What ends within these digits is exactly that.
        decimal = Context(_DIGITS, traps=[Inexact]).divide(Decimal(value.numerator), Decimal(value.denominator))
    except Inexact:
        return str(value)
    return str(decimal).lower()


def _plot(found: Portrait, terminal: Terminal) -> Section | None:
    if found.course is None or terminal.width < 20:
        return None
    from actcli.cli.plot import Canvas, draw
    from actcli.number_formats import FLOATS

    far = max([_SPAN, *(1.5 * abs(corner.at) for corner in found.corners)])
    canvas = Canvas(terminal.width, _PLOT)
    return Section("", draw([found.bound], (-far, far), FLOATS["float64"], True, canvas, terminal, together=True))


# --- facts ----------------------------------------------------------------------------------------------------------


def _facts(found: Portrait, digits: int) -> Iterator[tuple[str, str]]:
    facts = found.facts.properties
    yield "range", facts.range or "?"
    if not found.bound.activation.is_vector:
        yield from [("odd", yes(facts.odd)), ("monotone", yes(facts.monotone)), ("saturates", facts.saturates or "?")]
    if found.course is not None:
        yield from _course(found, found.course, digits)


def _usual(found: Portrait) -> list[str]:
    """Who says so: nobody has stated the facts of an expression, or of an entry with other parameters."""
    if found.facts.is_stated:
        return []
    return [f"(range, odd, monotone and saturates: {JUDGED})"]


def _course(found: Portrait, course: Landmarks, digits: int) -> Iterator[tuple[str, str]]:
    def number(value: float) -> str:
        return significant(value + 0.0, digits)

    for name, (left, right) in course.limits.items():
        shown = [number(limit) if limit == limit else "no limit" for limit in (left, right)]
        yield ("limits" if name == "f" else "slope"), f"{shown[0]} at -inf, {shown[1]} at inf"
    where = f" from {number(-course.search_radius)} to {number(course.search_radius)}"
    yield "zeros", _listed([_zero(found, place, digits) for place in course.zeros]) or f"none seen{where}"
    turns = [f"{turn.kind} {number(turn.value)} at {number(turn.at)}" for turn in course.extrema]
    if turns:
        yield "extrema", _listed(turns)
    if course.jumps:
        yield "jumps", _listed([f"at {number(at)}" for at in course.jumps])
    if math.isinf(course.lipschitz):
        yield "Lipschitz", "no: it jumps" if course.jumps else "no: it grows ever steeper"
    elif not math.isnan(course.lipschitz):
        at = _listed([_stretch(place, digits) for place in course.steepest])
        yield "Lipschitz", f"{number(course.lipschitz)}{f', at {at}' if at else ', not attained'}"


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - _MOST} more" if len(texts) > _MOST else ""
    return ", ".join(texts[:_MOST]) + more


def _zero(found: Portrait, place: Location, digits: int) -> str:
    """Where f is 0, with the ends of a stretch if f is 0 there too."""
    if isinstance(place, float):
        return significant(place, digits)
    from actcli.core.analysis.landmarks import is_zero
    from actcli.core.evaluation.quantity import Quantity

    closed = any(is_zero(Quantity(found.bound), end) for end in place if math.isfinite(end))
    return _stretch(place, digits, "=" if closed else "")


def _stretch(place: Location, digits: int, closed: str = "") -> str:
    """A place in words; `closed` is "=" where a stretch has its end."""
    if isinstance(place, float):
        return significant(place, digits)
    low, high = (significant(end, digits) for end in place)
    if low == "-inf":
        return "every x" if high == "inf" else f"x <{closed} {high}"
    return f"x >{closed} {low}" if high == "inf" else f"x from {low} to {high}"


def _kinks(found: Portrait, digits: int) -> Section | None:
    return Section("Kinks", kink_columns(found.corners, digits)) if found.corners else None


# --- frameworks -----------------------------------------------------------------------------------------------------


def _frameworks(found: Portrait) -> Section | None:
    if not found.forms:
        return None
    columns = [
        TableColumn("framework", [f"@{form.framework}" for form in found.forms]),
        TableColumn("name there", [", ".join(form.names) for form in found.forms]),
        TableColumn("parameters", [_defaults(form.defaults) for form in found.forms]),
        TableColumn("what differs", ["; ".join(form.differences) for form in found.forms]),
    ]
    return Section("Frameworks", [column for column in columns if any(column.cells)])


def _defaults(defaults: Any) -> str:
    return ", ".join(f"{name}={'...' if default is None else default}" for name, default in defaults.items())


def _source(found: Portrait, terminal: Terminal) -> Section | None:
    entry = found.bound.activation
    said = [(word, text) for word, text in (("paper", entry.paper), ("notes", entry.notes)) if text]
    return Section("Source", definitions(said, terminal)) if said else None


# --- for programs ---------------------------------------------------------------------------------------------------


def as_json(found: Portrait) -> str:
    """All of it as one object."""
    bound, entry = found.bound, found.bound.activation
    whole: dict[str, Any] = {
        "name": entry.name,
        "spec": bound.label,
        "kind": entry.kind,
        "kinds": entry.kinds,
        "aliases": entry.aliases,
        "formula": bound.formulas[0],
        "derivative": bound.formulas[1],
        "parameters": [_parameter(param, found) for param in _taken(found)],
        **found.facts.properties._asdict(),
        "facts_stated": found.facts.is_stated,
        "default_parameters": bound.is_default,
        "kinks": [vars(corner) for corner in found.corners],
    }
    if found.course is not None:
        course = found.course
        whole |= {
            "zeros": course.zeros,
            "jumps": course.jumps,
            "extrema": [vars(turn) for turn in course.extrema],
            "limits": course.limits,
            "lipschitz": {"constant": course.lipschitz, "at": course.steepest},
        }
    whole["frameworks"] = [
        {
            "framework": form.framework,
            "names": form.names,
            "parameters": dict(form.defaults),
            "differs": form.differences,
        }
        for form in found.forms
    ]
    return json_page(_unsigned(whole) | {"paper": entry.paper, "notes": entry.notes})


def _parameter(taken: FrameworkParameter, found: Portrait) -> dict[str, Any]:
    return {
        "name": taken.name,
        "value": _value(taken, found),
        "default": taken.default,
        "valid": taken.valid_range,
        "aliases": taken.aliases,
        "meaning": taken.parameter.description,
    }


def _unsigned(value: Any) -> Any:
    """The same with 0 for -0, which as a limit or a place is no other number."""
    if isinstance(value, float):
        return value + 0.0
    if isinstance(value, dict):
        return {name: _unsigned(part) for name, part in value.items()}
    return [_unsigned(part) for part in value] if isinstance(value, list | tuple) else value
