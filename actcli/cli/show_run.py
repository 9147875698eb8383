"""A run of `actcli show`: what is known of an activation, and what is found out by looking at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from actcli.cli.errors import click_errors, usage_error
from actcli.cli.options import Options
from actcli.cli.result_rows import report_format
from actcli.cli.task import bind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.core.analysis.breakpoints import NumericKink
    from actcli.core.analysis.inferred_facts import KnownProperties
    from actcli.core.analysis.landmarks import Landmarks
    from actcli.core.catalogue.framework_forms import FrameworkSummary
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["Portrait", "run_show"]


@dataclass(frozen=True)
class Portrait:
    """An activation with its parameters, the course of it (None for one of a vector), and its forms in frameworks.

    complete  whether every parameter has a value, as it takes to look at the function
    facts     what is true of it, and whether the catalogue says so
    """

    bound: BoundActivation
    complete: bool
    facts: KnownProperties
    course: Landmarks | None
    corners: Sequence[NumericKink]
    forms: Sequence[FrameworkSummary]


def run_show(spec: str, options: Options) -> None:
    """Run `actcli show`."""
    with click_errors(spec, *options.param):
        found = _portrait(spec, options)
        as_object = report_format(options) == "json"
        if options.precision is not None and as_object:
            raise usage_error("--precision goes with the page: json has every digit")
        from actcli.cli.plot import send, terminal_of
        from actcli.cli.reports.show import as_json, page

        send(as_json(found) if as_object else page(found, terminal_of(options), options), options)


def _portrait(spec: str, options: Options) -> Portrait:
    from actcli.core.analysis.inferred_facts import KnownProperties, properties_of
    from actcli.core.catalogue.framework_forms import framework_summaries
    from actcli.errors import MissingParameterError

    try:
        bound = bind(spec, options.param)
    except MissingParameterError:
        # What a parameter without a default is, one sees here.
        bound = bind(spec, options.param, partial=True)
        return Portrait(
            bound,
            False,
            KnownProperties(bound.activation.properties, True),
            None,
            (),
            framework_summaries(bound.activation),
        )
    if bound.activation.is_vector:
        return Portrait(bound, True, properties_of(bound), None, (), framework_summaries(bound.activation))
    from actcli.core.analysis.breakpoints import numeric_kinks
    from actcli.core.analysis.landmarks import landmarks
    from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided

    with counting_undecided(SEARCH_LIMIT):
        return Portrait(
            bound,
            True,
            properties_of(bound),
            landmarks(bound),
            numeric_kinks(bound),
            framework_summaries(bound.activation),
        )
