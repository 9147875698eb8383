"""A run of `actcli show`: what is known of an activation, and what is found out by looking at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from actcli.cli.faults import spoken, usage
from actcli.cli.options import Options
from actcli.cli.rows import report_format
from actcli.cli.work import bind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.core.forms import Form
    from actcli.core.landmarks import Landmarks
    from actcli.core.seen import Found
    from actcli.core.shape import Corner
    from actcli.core.spec import Bound

__all__ = ["Portrait", "run_show"]


@dataclass(frozen=True)
class Portrait:
    """An activation with its parameters, the course of it (None for one of a vector), and its forms in frameworks.

    complete  whether every parameter has a value, as it takes to look at the function
    facts     what is true of it, and whether the catalogue says so
    """

    bound: Bound
    complete: bool
    facts: Found
    course: Landmarks | None
    corners: Sequence[Corner]
    forms: Sequence[Form]


def run_show(spec: str, options: Options) -> None:
    """Run `actcli show`."""
    with spoken(spec, *options.param):
        found = _portrait(spec, options)
        as_object = report_format(options) == "json"
        if options.precision is not None and as_object:
            raise usage("--precision goes with the page: json has every digit")
        from actcli.cli.drawing import send, terminal_of
        from actcli.cli.show_page import as_json, page

        send(as_json(found) if as_object else page(found, terminal_of(options), options), options)


def _portrait(spec: str, options: Options) -> Portrait:
    from actcli.core.forms import forms
    from actcli.core.record import MissingParameterError
    from actcli.core.seen import Found, facts

    try:
        bound = bind(spec, options.param)
    except MissingParameterError:
        # What a parameter without a default is, one sees here.
        bound = bind(spec, options.param, partial=True)
        return Portrait(bound, False, Found(bound.activation.facts, True), None, (), forms(bound.activation))
    if bound.activation.is_vector:
        return Portrait(bound, True, facts(bound), None, (), forms(bound.activation))
    from actcli.core.landmarks import landmarks
    from actcli.core.shape import corners
    from actcli.core.unknown import SEARCHING, tallied

    with tallied(SEARCHING):
        return Portrait(bound, True, facts(bound), landmarks(bound), corners(bound), forms(bound.activation))
