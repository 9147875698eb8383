"""What a command computes for each x: functions and derivatives of elementwise activations, or a vector activation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.cli.titles import heading
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.core.evaluation.stochastic import SeededNoise
    from actcli.number_formats import Floats, Format

__all__ = ["Computation", "Result", "suffix", "values_and_derivatives"]


class Result(NamedTuple):
    """One result of an elementwise activation at each x.

    header    name of its column without `(x)`: `relu_grad`
    quantity  the function or derivative
    """

    header: str
    quantity: Quantity


class Computation(NamedTuple):
    """What is computed for each x: the results of one or several elementwise activations, or a vector activation.

    results    of elementwise activations, in the order of their columns; empty for a vector activation
    vector     the vector activation, or None
    parameter  the parameter by which the outputs of the vector activation are differentiated, or None
    noise      source of random numbers of a stochastic activation as in training, or None
    """

    results: tuple[Result, ...] = ()
    vector: BoundActivation | None = None
    parameter: str | None = None
    noise: SeededNoise | None = None

    @property
    def is_vector(self) -> bool:
        """Whether a row's columns are one vector instead of independent numbers."""
        return self.vector is not None

    @property
    def row_order_matters(self) -> bool:
        """Whether each x must be computed exactly once and in order, because random numbers are drawn for it."""
        return self.noise is not None

    @property
    def vector_header(self) -> str:
        """The vector activation's header without `(x)`."""
        assert self.vector is not None
        return self.vector.label + (f"_grad_{self.parameter}" if self.parameter is not None else "")

    def apply(self, x: Floats, fmt: Format) -> Floats:
        """Return the results for each row of the 2-d array x: shape (rows, outputs).

        The results of one column of x are adjacent, column after column.
        """
        if self.vector is not None:
            return self._apply_vector(self.vector, x, fmt)
        if self.noise is not None:
            from actcli.core.evaluation.stochastic import randomized_relu  # late: only with --seed

            slopes = self.noise.take(x.size)
            columns = [randomized_relu(result.quantity, x.ravel(), slopes, fmt) for result in self.results]
        else:
            columns = [evaluate(result.quantity, x.ravel(), fmt) for result in self.results]
        return np.stack([column.reshape(x.shape) for column in columns], axis=-1).reshape(
            len(x), x.shape[1] * len(columns)
        )

    def _apply_vector(self, bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
        from actcli.core.evaluation import vectors  # late: elementwise activations do not need it

        if self.noise is not None:
            x = self.noise.with_gumbel_noise(x, fmt)
        if self.parameter is None:
            return vectors.values(bound, x, fmt)
        return vectors.parameter_derivatives(bound, x, fmt, self.parameter)

    def exact(self, digits: int) -> list[Callable[[Floats], list[str]]]:
        """Return for each result a function from x to its exact values with `digits` significant digits."""
        from actcli.core.evaluation.exact_digits import format_exact  # late: only with --digits

        def formatter(quantity: Quantity) -> Callable[[Floats], list[str]]:
            return lambda x: [format_exact(quantity, value, digits) for value in x.tolist()]

        return [formatter(result.quantity) for result in self.results]

    def headers(self, columns: Sequence[str]) -> list[str]:
        """Return the headers of the results computed from the columns with these names."""
        if self.vector is None:
            return [f"{result.header}({column})" for column in columns for result in self.results]
        outputs = self._replace(noise=None).apply(np.zeros((1, len(columns))), FLOATS["float64"]).shape[1]
        if outputs != len(columns):
            return [f"{self.vector_header}[{i + 1}]" for i in range(outputs)]
        return [f"{self.vector_header}({column})" for column in columns]

    @property
    def headings(self) -> dict[str, str]:
        """The headings in a table for people, by the headers of the results at x."""
        return {f"{result.header}(x)": heading(result.header, result.quantity.bound) for result in self.results}


def suffix(order: int) -> str:
    """Return what follows the label in the header of a derivative: `_grad`, `_grad2`; nothing for f."""
    return f"_grad{order if order > 1 else ''}" if order else ""


def values_and_derivatives(bounds: Sequence[BoundActivation], order: int) -> Computation:
    """Return the computation of f and its derivatives up to `order` of each elementwise activation."""
    return Computation(
        tuple(Result(bound.label + suffix(k), Quantity(bound, k)) for bound in bounds for k in range(order + 1))
    )
