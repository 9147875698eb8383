"""What a command does: a task (an activation and what is wanted of it) is brought together with x and with a sink."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from actcli.cli.faults import quoted, spoken, usage
from actcli.cli.options import Options
from actcli.cli.source import from_csv
from actcli.cli.stderr import say

if TYPE_CHECKING:
    from actcli.core.engine import Reading
    from actcli.core.spec import Bound
    from actcli.core.stochastic import Draws
    from actcli.formats import Floats, Format

__all__ = ["Task", "Work", "bind", "slopes", "telling", "values"]


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

    bound: Bound
    suffixes: tuple[str, ...]
    readings: tuple[Reading, ...]
    draws: Draws | None = None
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
            from actcli.core import vectors

            if self.draws is not None:
                x = self.draws.added(x, fmt)
            return (
                vectors.values(self.bound, x, fmt)
                if self.by is None
                else vectors.by_parameter(self.bound, x, fmt, self.by)
            )
        if self.draws is not None:
            from actcli.core.stochastic import trained

            slopes = self.draws.take(x.size)
            results = [trained(reading, x.ravel(), slopes, fmt).reshape(x.shape) for reading in self.readings]
        else:
            from actcli.core.engine import compute

            results = [compute(reading, x.ravel(), fmt).reshape(x.shape) for reading in self.readings]
        return np.stack(results, axis=-1).reshape(len(x), -1)

    def exact(self, digits: int) -> list[Callable[[Floats], list[str]]]:
        """For every reading what spells its exact results at x, to so many digits."""
        from actcli.core.digits import spelled

        def spelling(reading: Reading) -> Callable[[Floats], list[str]]:
            return lambda x: [spelled(reading, value, digits) for value in x.tolist()]

        return [spelling(reading) for reading in self.readings]

    def names(self, columns: Sequence[str]) -> list[str]:
        """The headers of the results that come of the columns called so."""
        label = self.bound.label
        if self.joint:
            import numpy as np

            from actcli.formats import FLOATS

            label += self.suffixes[0]
            outputs = self._replace(draws=None).apply(np.zeros((1, len(columns))), FLOATS["float64"]).shape[1]
            if outputs != len(columns):
                return [f"{label}[{i + 1}]" for i in range(outputs)]
            return [f"{label}({column})" for column in columns]
        return [f"{label}{suffix}({column})" for column in columns for suffix in self.suffixes]


def values(spec: str, seed: int | None, options: Options) -> None:
    """Run `actcli eval`."""
    with spoken(spec, *options.param):
        bound = bind(spec, options.param)
        from actcli.core.engine import Reading

        readings = () if bound.activation.is_vector else (Reading(bound),)
        _run(Task(bound, ("",), readings, _draws(bound, seed)), options)


def _draws(bound: Bound, seed: int | None) -> Draws | None:
    if seed is None:
        return None
    from actcli.core.stochastic import Draws

    return Draws(bound, seed)


def slopes(spec: str, wrt: str | None, sides: bool, seed: int | None, options: Options) -> None:
    """Run `actcli grad`."""
    with spoken(spec, *options.param, wrt or ""):
        bound = bind(spec, options.param)
        if bound.activation.is_vector:
            _of_vector(bound, wrt, sides, seed, options)
            return
        if wrt is not None and sides:
            raise usage("--sides is about x: it does not go with --wrt")
        name = None if wrt is None else bound.param(wrt).name
        from actcli.core.door import slope

        suffix = "_grad" if name is None else f"_grad_{name}"
        wanted = {suffix: slope(bound, name)}
        if sides:
            wanted |= {"_grad_left": slope(bound, side=-1), "_grad_right": slope(bound, side=1)}
        if seed is not None and name is not None:
            raise usage("--seed draws the slopes by x: it does not go with --wrt")
        _run(Task(bound, tuple(wanted), tuple(wanted.values()), _draws(bound, seed)), options)


def _of_vector(bound: Bound, wrt: str | None, sides: bool, seed: int | None, options: Options) -> None:
    """The derivative of each output by a parameter, or the Jacobian."""
    name = bound.activation.name
    if sides:
        raise usage(f"{name} is a function of a vector: its derivative has no --sides")
    draws = _draws(bound, seed)
    if wrt is not None:
        from actcli.core.door import vector_parameter

        by = vector_parameter(bound, wrt)
        _run(Task(bound, (f"_grad_{by}",), (), draws, by), options)
        return
    if from_csv(options):
        raise usage(f"{name} is a function of a vector: its Jacobian does not fit in a row of CSV")
    from actcli.cli.rows import jacobian_rows

    jacobian_rows(bound, draws, options)


@contextmanager
def telling() -> Iterator[None]:
    """Say once, at the end, how many results of an expression are nan because they are not decided."""
    from actcli.core.unknown import tallied

    with tallied() as tally:
        yield
    if tally.count:
        one = tally.count == 1
        results, them = ("1 result is", "it") if one else (f"{tally.count} results are", "them")
        say(f"{results} nan: 2,000 bits do not decide {them}")


def _run(task: Task, options: Options) -> None:
    with telling():
        _run_quietly(task, options)


def _run_quietly(task: Task, options: Options) -> None:
    if options.digits is not None and task.joint:
        raise usage(f"--digits spells results of one number: {task.bound.activation.name} is a function of a vector")
    if options.digits is not None and task.draws is not None:
        raise usage("--digits spells results of the exact reading: it does not go with --seed")
    if from_csv(options):
        from actcli.cli.csv_run import filter_csv

        filter_csv(task, options)
    else:
        from actcli.cli.rows import result_rows

        result_rows(task, options)


def bind(spec: str, params: Sequence[str], partial: bool = False) -> Bound:
    """What SPEC and the -p options stand for; `partial` lets parameters without a default be missing."""
    from actcli.cli.nearest import file
    from actcli.core.spec import parse
    from actcli.formats import is_number

    if is_number(spec):
        raise usage(f"{quoted(spec)} is a number: the name of an activation comes before it")
    if file(spec):
        raise usage(f"{quoted(spec)} is no activation: a file goes after -i")
    extra: dict[str, object] = {}
    for item in params:
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name:
            raise usage(f"-p takes NAME=VALUE, not {quoted(item)}")
        if name in extra:
            raise usage(f"-p {quoted(name)} is given twice")
        extra[name] = value.strip()
    bound = parse(spec, extra, partial)
    if bound.activation.is_vector:
        from actcli.core.door import vector_axis
        from actcli.core.record import ParameterError

        try:
            vector_axis(bound, 1)
        except ParameterError:
            axis = bound.values["axis"]
            raise usage(f"{bound.activation.name}: axis={axis} has no meaning here, where x is one vector") from None
    return bound
