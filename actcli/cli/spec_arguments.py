"""SPEC arguments: which words are activations and which are numbers, and the activations with their parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actcli.cli.argument_words import is_file_name
from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.errors import ParameterError
from actcli.number_text import is_number
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Format

__all__ = ["bind", "bind_all", "split_words", "with_default_range"]

DEFAULT_RANGE = "-6:6"
DEFAULT_RANGE_POINTS = 13
"""Range of commands that take several activations, one point for every integer."""


def bind(spec: str, params: Sequence[str], partial: bool = False) -> BoundActivation:
    """Return the activation that `spec` names, with the parameters of -p.

    partial  allow parameters without a default to have no value

    Raise UsageError, or an ActcliError of the parser.
    """
    from actcli.core.spec import parse  # late: help needs no catalogue

    if is_number(spec):
        raise usage_error(f"{quote(spec)} is a number: put the name of an activation before it")
    if is_file_name(spec):
        raise usage_error(f"{quote(spec)} is a file, not an activation: use -i {displayable(spec)}")
    bound = parse(spec, _parse_params(params), partial)
    if bound.activation.is_vector:
        _check_axis(bound)
    return bound


def _parse_params(params: Sequence[str]) -> dict[str, object]:
    """Return the values of the -p options by name."""
    values: dict[str, object] = {}
    for item in params:
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name:
            raise usage_error(f"-p: expected NAME=VALUE, not {quote(item)}")
        if name in values:
            raise usage_error(f"-p {quote(name)} is given twice")
        values[name] = value.strip()
    return values


def _check_axis(bound: BoundActivation) -> None:
    from actcli.core.array_api import vector_axis  # late: needs NumPy

    try:
        vector_axis(bound, 1)
    except ParameterError:
        axis = bound.values["axis"]
        raise usage_error(f"{bound.activation.name}: axis={axis} has no meaning here, where x is one vector") from None


def split_words(words: Sequence[str], fmt: Format) -> tuple[list[str], tuple[str, ...]]:
    """Return the SPECs and the numbers among `words`; with --bits, bit patterns are numbers too."""
    are_values = [is_number(word) or fmt.is_number(word) for word in words]
    specs = [word for word, is_value in zip(words, are_values, strict=True) if not is_value]
    for word in specs:
        # 1_000 and 1,5 are meant as numbers, and no activation has such a name.
        looks_numeric = word[:1] in "+-.0123456789" and not set(word) - set("0123456789+-.,_;: ")
        if looks_numeric or is_number(word.strip()):
            from actcli.cli.suggestions import argument_hint  # late: only needed after an error

            raise usage_error(f"{quote(word)} is not a number{argument_hint(word)}")
    if not specs:
        raise usage_error("ACTIVATION is missing: give the names of one or more activations")
    return specs, tuple(word for word, is_value in zip(words, are_values, strict=True) if is_value)


def bind_all(specs: Sequence[str], params: Sequence[str], command: str) -> list[BoundActivation]:
    """Return the elementwise activations that the SPECs name, each with its own label."""
    if params and len(specs) > 1:
        raise usage_error(
            f"-p requires a single activation: with several write {specs[0].partition(':')[0]}:NAME=VALUE"
        )
    bounds = [bind(spec, params) for spec in specs]
    for bound in bounds:
        if bound.activation.is_vector:
            raise usage_error(
                f"{bound.activation.name} is a function of a vector: {command} requires elementwise activations"
            )
    labels = [bound.label for bound in bounds]
    # Two names of one activation are shown as typed.
    bounds = [
        bound._replace(label=spec) if labels.count(bound.label) > 1 else bound
        for spec, bound in zip(specs, bounds, strict=True)
    ]
    labels = [bound.label for bound in bounds]
    for i, label in enumerate(labels):
        if label in labels[:i]:
            raise usage_error(f"{quote(label)} is given twice")
    return bounds


def with_default_range(options: Options) -> Options:
    """Return the options with the default range if there is no source of x; a column means CSV on stdin."""
    is_csv = options.input is not None or bool(options.column)
    if not (options.values or options.range is not None or options.all or is_csv):
        options = options._replace(range=DEFAULT_RANGE)
    if options.range is not None and options.step is None and options.number is None:
        options = options._replace(number=DEFAULT_RANGE_POINTS)
    return options
