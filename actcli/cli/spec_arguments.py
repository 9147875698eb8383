"""Several activations at once: which words are which, and their results side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.cli.suggestions import argument
from actcli.cli.task import Task, bind
from actcli.number_formats import is_number

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["Together", "bind_all", "sourced", "split_words"]

_RANGE = "-6:6"
_POINTS = 13


@dataclass(frozen=True)
class Together:
    """Tasks of elementwise activations as one: all results of a column stand together, task after task."""

    tasks: Sequence[Task]
    joint: bool = False

    @property
    def once(self) -> bool:
        """As Task.once."""
        return any(task.once for task in self.tasks)

    def apply(self, x: Floats, fmt: Format) -> Floats:
        """As Task.apply."""
        import numpy as np

        columns = np.split(x, x.shape[1], axis=1)
        return np.hstack([task.apply(column, fmt) for column in columns for task in self.tasks])

    def names(self, columns: Sequence[str]) -> list[str]:
        """As Task.names."""
        return [name for column in columns for task in self.tasks for name in task.names([column])]


def split_words(words: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The SPECs and the numbers among `words`."""
    specs = [word for word in words if not is_number(word)]
    for word in specs:
        # 1_000 and 1,5 were meant as numbers, and no activation is called so.
        if word[:1] in "+-.0123456789" and not set(word) - set("0123456789+-.,_;: "):
            raise usage_error(f"{quote(word)} is not a number{argument(word)}")
    if not specs:
        raise usage_error("SPEC is missing: name an activation, or several")
    return specs, tuple(word for word in words if is_number(word))


def bind_all(specs: Sequence[str], params: Sequence[str], command: str) -> list[BoundActivation]:
    """What the SPECs stand for, each under a label of its own."""
    if params and len(specs) > 1:
        raise usage_error(f"-p goes with one SPEC: with several write {specs[0].partition(':')[0]}:NAME=VALUE")
    bounds = [bind(spec, params) for spec in specs]
    for bound in bounds:
        if bound.activation.is_vector:
            raise usage_error(f"{bound.activation.name} is a function of a vector: {command} takes elementwise ones")
    labels = [bound.label for bound in bounds]
    # Two names of one activation are both shown as they were typed.
    return _distinct(
        [
            bound._replace(label=spec) if labels.count(bound.label) > 1 else bound
            for spec, bound in zip(specs, bounds, strict=True)
        ]
    )


def _distinct(bounds: list[BoundActivation]) -> list[BoundActivation]:
    labels = [bound.label for bound in bounds]
    for i, label in enumerate(labels):
        if label in labels[:i]:
            raise usage_error(f"{quote(label)} is given twice")
    return bounds


def sourced(options: Options) -> Options:
    """The options with a range to work on where the words name no source of x."""
    if not (options.values or options.range is not None or options.all or options.input is not None):
        options = options._replace(range=_RANGE)
    if options.range is not None and options.step is None and options.number is None:
        options = options._replace(number=_POINTS)
    return options
