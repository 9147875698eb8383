"""What a command does: a task (an activation and what is wanted of it) is brought together with x and with a sink."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from actcli.cli.console import print_error
from actcli.cli.errors import click_errors, quote, usage_error
from actcli.cli.options import Options
from actcli.cli.x_source import from_csv

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation, Quantity
    from actcli.core.evaluation.stochastic import SeededNoise
    from actcli.number_formats import Floats, Format

__all__ = ["Task", "Work", "bind", "report_undecided", "slopes", "values"]


class Work(Protocol):
    """What the CSV filter needs of a task."""

    @property
    def joint(self) -> bool: ...

    @property
    def once(self) -> bool: ...

    def apply(self, x: Floats, fmt: Format) -> Floats: ...

    def names(self, columns: Sequence[str]) -> list[str]: ...


class Task(NamedTuple):
    """What is computed: for each x one result for every suffix; or the outputs of a vector activation.

    suffixes  what the headers have after the activation's label, `_grad` and the like
    readings  the reading of each; empty for a vector activation
    draws     what is drawn for each x, in their order, for a stochastic activation as in training
    by        the parameter by which the outputs of a vector activation are differentiated; None: they themselves
    """

    bound: BoundActivation
    suffixes: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    draws: SeededNoise | None = None
    by: str | None = None

    @property
    def joint(self) -> bool:
        return self.bound.activation.is_vector

    @property
    def once(self) -> bool:
        """Whether each x is to be computed once, and in order, as what is drawn is."""
        return self.draws is not None

    def apply(self, x: Floats, fmt: Format) -> Floats:
        """The results of the 2-d array x, row by row: column after column, or a vector activation's outputs."""
        import numpy as np

        if self.joint:
            from actcli.core.evaluation import vectors

            if self.draws is not None:
                x = self.draws.with_gumbel_noise(x, fmt)
            return (
                vectors.values(self.bound, x, fmt)
                if self.by is None
                else vectors.parameter_derivatives(self.bound, x, fmt, self.by)
            )
        if self.draws is not None:
            from actcli.core.evaluation.stochastic import randomized_relu

            slopes = self.draws.take(x.size)
            results = [
                randomized_relu(quantity, x.ravel(), slopes, fmt).reshape(x.shape) for quantity in self.quantities
            ]
        else:
            from actcli.core.evaluation.elementwise import evaluate

            results = [evaluate(quantity, x.ravel(), fmt).reshape(x.shape) for quantity in self.quantities]
        return np.stack(results, axis=-1).reshape(len(x), -1)

    def exact(self, digits: int) -> list[Callable[[Floats], list[str]]]:
        """For every reading what spells its exact results at x, to so many digits."""
        from actcli.core.evaluation.exact_digits import format_exact

        def spelling(quantity: Quantity) -> Callable[[Floats], list[str]]:
            return lambda x: [format_exact(quantity, value, digits) for value in x.tolist()]

        return [spelling(quantity) for quantity in self.quantities]

    def names(self, columns: Sequence[str]) -> list[str]:
        """The headers of the results that come of the columns called so."""
        label = self.bound.label
        if self.joint:
            import numpy as np

            from actcli.number_formats import FLOATS

            label += self.suffixes[0]
            outputs = self._replace(draws=None).apply(np.zeros((1, len(columns))), FLOATS["float64"]).shape[1]
            if outputs != len(columns):
                return [f"{label}[{i + 1}]" for i in range(outputs)]
            return [f"{label}({column})" for column in columns]
        return [f"{label}{suffix}({column})" for column in columns for suffix in self.suffixes]


def values(spec: str, seed: int | None, options: Options) -> None:
    """Run `actcli eval`."""
    with click_errors(spec, *options.param):
        bound = bind(spec, options.param)
        from actcli.core.evaluation.quantity import Quantity

        quantities = () if bound.activation.is_vector else (Quantity(bound),)
        _run(Task(bound, ("",), quantities, _draws(bound, seed)), options)


def _draws(bound: BoundActivation, seed: int | None) -> SeededNoise | None:
    if seed is None:
        return None
    from actcli.core.evaluation.stochastic import SeededNoise

    return SeededNoise(bound, seed)


def slopes(spec: str, wrt: str | None, sides: bool, seed: int | None, options: Options) -> None:
    """Run `actcli grad`."""
    with click_errors(spec, *options.param, wrt or ""):
        bound = bind(spec, options.param)
        if bound.activation.is_vector:
            _of_vector(bound, wrt, sides, seed, options)
            return
        if wrt is not None and sides:
            raise usage_error("--sides is about x: it does not go with --wrt")
        name = None if wrt is None else bound.find_parameter(wrt).name
        from actcli.core.evaluation.quantity import derivative_quantity

        suffix = "_grad" if name is None else f"_grad_{name}"
        wanted = {suffix: derivative_quantity(bound, name)}
        if sides:
            wanted |= {
                "_grad_left": derivative_quantity(bound, side=-1),
                "_grad_right": derivative_quantity(bound, side=1),
            }
        if seed is not None and name is not None:
            raise usage_error("--seed draws the slopes by x: it does not go with --wrt")
        _run(Task(bound, tuple(wanted), tuple(wanted.values()), _draws(bound, seed)), options)


def _of_vector(bound: BoundActivation, wrt: str | None, sides: bool, seed: int | None, options: Options) -> None:
    """The derivative of each output by a parameter, or the Jacobian."""
    name = bound.activation.name
    if sides:
        raise usage_error(f"{name} is a function of a vector: its derivative has no --sides")
    draws = _draws(bound, seed)
    if wrt is not None:
        from actcli.core.array_api import vector_parameter

        by = vector_parameter(bound, wrt)
        _run(Task(bound, (f"_grad_{by}",), (), draws, by), options)
        return
    if from_csv(options):
        raise usage_error(f"{name} is a function of a vector: its Jacobian does not fit in a row of CSV")
    from actcli.cli.result_rows import jacobian_rows

    jacobian_rows(bound, draws, options)


@contextmanager
def report_undecided() -> Iterator[None]:
    """Say once, at the end, how many results of an expression are nan because they are not decided."""
    from actcli.core.evaluation.undecided import counting_undecided

    with counting_undecided() as tally:
        yield
    if tally.count:
        one = tally.count == 1
        results, them = ("1 result is", "it") if one else (f"{tally.count} results are", "them")
        print_error(f"{results} nan: 2,000 bits do not decide {them}")


def _run(task: Task, options: Options) -> None:
    with report_undecided():
        _run_quietly(task, options)


def _run_quietly(task: Task, options: Options) -> None:
    if options.digits is not None and task.joint:
        raise usage_error(
            f"--digits spells results of one number: {task.bound.activation.name} is a function of a vector"
        )
    if options.digits is not None and task.draws is not None:
        raise usage_error("--digits spells results of the exact reading: it does not go with --seed")
    if from_csv(options):
        from actcli.cli.csv_filter import filter_csv

        filter_csv(task, options)
    else:
        from actcli.cli.result_rows import result_rows

        result_rows(task, options)


def bind(spec: str, params: Sequence[str], partial: bool = False) -> BoundActivation:
    """What SPEC and the -p options stand for; `partial` lets parameters without a default be missing."""
    from actcli.cli.suggestions import file
    from actcli.core.spec import parse
    from actcli.number_formats import is_number

    if is_number(spec):
        raise usage_error(f"{quote(spec)} is a number: the name of an activation comes before it")
    if file(spec):
        raise usage_error(f"{quote(spec)} is no activation: a file goes after -i")
    extra: dict[str, object] = {}
    for item in params:
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name:
            raise usage_error(f"-p takes NAME=VALUE, not {quote(item)}")
        if name in extra:
            raise usage_error(f"-p {quote(name)} is given twice")
        extra[name] = value.strip()
    bound = parse(spec, extra, partial)
    if bound.activation.is_vector:
        from actcli.core.array_api import vector_axis
        from actcli.errors import ParameterError

        try:
            vector_axis(bound, 1)
        except ParameterError:
            axis = bound.values["axis"]
            raise usage_error(
                f"{bound.activation.name}: axis={axis} has no meaning here, where x is one vector"
            ) from None
    return bound
