"""Evaluation: the runs of `actcli eval` and `actcli grad`, from a bound activation to rows or a CSV filter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from actcli.cli.computation import Computation, Result, suffix
from actcli.cli.console import print_error
from actcli.cli.errors import usage_error
from actcli.cli.options import FORMATS, Options
from actcli.cli.output_format import ROWS, resolve_format
from actcli.cli.result_rows import make_rows, write_rows
from actcli.cli.x_source import is_from_csv, x_points
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.evaluation.undecided import counting_undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.core.evaluation.stochastic import SeededNoise

__all__ = ["evaluate_derivatives", "evaluate_values", "report_undecided"]


def evaluate_values(bound: BoundActivation, seed: int | None, options: Options) -> None:
    """Run `actcli eval`: write f(x)."""
    noise = _noise(bound, seed)
    if bound.activation.is_vector:
        computation = Computation(vector=bound, noise=noise)
    else:
        computation = Computation((Result(bound.label, Quantity(bound)),), noise=noise)
    _run(computation, bound, options)


def evaluate_derivatives(
    bound: BoundActivation, order: int, wrt: str | None, sides: bool, seed: int | None, options: Options
) -> None:
    """Run `actcli grad`: write a derivative with respect to x or to the parameter `wrt`, or the Jacobian.

    sides  add the one-sided derivatives
    """
    if order > 1:
        _check_higher_order(bound, wrt, seed)
    if bound.activation.is_vector:
        _evaluate_vector_derivatives(bound, wrt, sides, seed, options)
        return
    if wrt is not None and sides:
        raise usage_error("--sides cannot be combined with --wrt: one-sided derivatives are with respect to x")
    parameter = None if wrt is None else bound.find_parameter(wrt).name
    header = bound.label + suffix(order) + ("" if parameter is None else f"_{parameter}")
    results = [Result(header, derivative_quantity(bound, parameter, order=order))]
    if sides:
        results += [
            Result(f"{header}_left", derivative_quantity(bound, side=-1, order=order)),
            Result(f"{header}_right", derivative_quantity(bound, side=1, order=order)),
        ]
    if seed is not None and parameter is not None:
        raise usage_error("--seed cannot be combined with --wrt: it requires the derivative with respect to x")
    _run(Computation(tuple(results), noise=_noise(bound, seed)), bound, options)


def _check_higher_order(bound: BoundActivation, wrt: str | None, seed: int | None) -> None:
    """Raise UsageError unless a derivative of order 2 or 3 exists for the activation and the options."""
    if bound.activation.is_vector:
        raise usage_error(
            f"--order requires an elementwise activation: {bound.activation.name} is a function of a vector"
        )
    if wrt is not None:
        raise usage_error("--order cannot be combined with --wrt: higher derivatives are with respect to x")
    if seed is not None:
        raise usage_error("--order cannot be combined with --seed: random slopes have no higher derivatives")


def _evaluate_vector_derivatives(
    bound: BoundActivation, wrt: str | None, sides: bool, seed: int | None, options: Options
) -> None:
    """Write the derivative of each output by a parameter, or the Jacobian."""
    name = bound.activation.name
    if sides:
        raise usage_error(f"--sides requires an elementwise activation: {name} is a function of a vector")
    noise = _noise(bound, seed)
    if wrt is not None:
        from actcli.core.array_api import vector_parameter  # late: elementwise activations do not need it

        parameter = vector_parameter(bound, wrt)
        _run(Computation(vector=bound, parameter=parameter, noise=noise), bound, options)
        return
    if is_from_csv(options):
        raise usage_error(f"{name} is a function of a vector: its Jacobian does not fit in a row of CSV")
    _write_jacobian(bound, noise, options)


def _noise(bound: BoundActivation, seed: int | None) -> SeededNoise | None:
    if seed is None:
        return None
    from actcli.core.evaluation.stochastic import SeededNoise  # late: only with --seed

    return SeededNoise(bound, seed)


@contextmanager
def report_undecided() -> Iterator[None]:
    """Write a note at the end if results of an expression are nan because their rounding is undecided."""
    with counting_undecided() as counter:
        yield
    if counter.count:
        results = "1 result is" if counter.count == 1 else f"{counter.count} results are"
        print_error(f"{results} nan: undecided at 2,000 bits of precision")


def _run(computation: Computation, bound: BoundActivation, options: Options) -> None:
    if options.digits is not None and computation.is_vector:
        raise usage_error(
            f"--digits requires an elementwise activation: {bound.activation.name} is a function of a vector"
        )
    if options.digits is not None and computation.noise is not None:
        raise usage_error("--digits cannot be combined with --seed: it prints exact values")
    with report_undecided():
        if is_from_csv(options):
            from actcli.cli.csv_filter import filter_csv  # late: values and ranges do not need it

            filter_csv(computation, options)
        else:
            _write_results(computation, options)


def _write_results(computation: Computation, options: Options) -> None:
    """Write x and the results next to it; for a vector activation the index i, x and the outputs."""
    form = resolve_format(options, FORMATS, ROWS)
    x, fmt = x_points(options)
    if options.digits is not None:
        headers = computation.headers(["x"])
        # The exact values are formatted from x itself, so nothing is computed before.
        rows = make_rows({"x": x}, dict.fromkeys(headers, x), options, fmt)
        exact = computation.exact(options.digits)
        write_rows(rows._replace(exact=exact, headings=computation.headings), form, options)
        return
    if computation.is_vector:
        outputs = computation.apply(x[np.newaxis], fmt)[0]
        inputs = {"i": np.arange(1.0, outputs.size + 1)} | ({"x": x} if outputs.size == x.size else {})
        results = {f"{computation.vector_header}(x)": outputs}
    else:
        inputs = {"x": x}
        columns = computation.apply(x[:, np.newaxis], fmt)
        results = dict(zip(computation.headers(["x"]), columns.T, strict=True))
    write_rows(make_rows(inputs, results, options, fmt)._replace(headings=computation.headings), form, options)


def _write_jacobian(bound: BoundActivation, noise: SeededNoise | None, options: Options) -> None:
    """Write the Jacobian of a vector activation: a row for each output i, a column for each input j."""
    from actcli.core.evaluation import vectors  # late: elementwise activations do not need it

    form = resolve_format(options, FORMATS, ROWS)
    x, fmt = x_points(options)
    row = x[np.newaxis] if noise is None else noise.with_gumbel_noise(x[np.newaxis], fmt)
    jacobian = vectors.jacobians(bound, row, fmt)[0]
    results = {f"{bound.label}_grad[{j}]": column for j, column in enumerate(jacobian.T, start=1)}
    write_rows(make_rows({"i": np.arange(1.0, len(jacobian) + 1)}, results, options, fmt), form, options)
