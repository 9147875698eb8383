"""The door for Python: arrays of any shape and dtype in, arrays of that shape out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actcli.core.evaluation import elementwise
from actcli.core.evaluation.elementwise import Quantity
from actcli.core.evaluation.stochastic import SeededNoise, randomized_relu
from actcli.core.spec import BoundActivation, parse
from actcli.errors import ParameterError
from actcli.number_formats import FLOATS, Format

__all__ = ["evaluate", "gradient"]

_NUMPY_DTYPES = {"float64": np.float64, "float32": np.float32, "float16": np.float16}


def evaluate(spec: str, x: ArrayLike, dtype: Any, seed: int | None, params: Mapping[str, Any]) -> NDArray[Any]:
    """See actcli.evaluate."""
    bound = parse(spec, params)
    points, fmt = _as_points(x, dtype)
    draws = None if seed is None else SeededNoise(bound, seed)
    if bound.activation.is_vector:
        from actcli.core.evaluation import vectors

        return _as_dtype(_outputs(vectors.values, bound, points, draws, fmt), fmt)
    return _as_dtype(_results(Quantity(bound), points, draws, fmt), fmt)


def gradient(
    spec: str, x: ArrayLike, dtype: Any, seed: int | None, wrt: str | None, params: Mapping[str, Any]
) -> NDArray[Any]:
    """See actcli.gradient."""
    bound = parse(spec, params)
    points, fmt = _as_points(x, dtype)
    draws = None if seed is None else SeededNoise(bound, seed)
    if bound.activation.is_vector:
        from actcli.core.evaluation import vectors

        if wrt is not None:
            by = partial(vectors.parameter_derivatives, name=vector_parameter(bound, wrt))
            return _as_dtype(_outputs(by, bound, points, draws, fmt), fmt)
        rows, shape = _rows(np.moveaxis(points, vector_axis(bound, points.ndim), -1), draws, fmt)
        out = vectors.jacobians(bound, rows, fmt)
        return _as_dtype(out.reshape(*shape, *out.shape[1:]), fmt)
    if draws is not None and wrt is not None:
        raise ParameterError("a seed draws the slopes by x, and does not go with wrt")
    return _as_dtype(_results(derivative_quantity(bound, wrt), points, draws, fmt), fmt)


def _outputs(
    function: Callable[[BoundActivation, Any, Format], Any],
    bound: BoundActivation,
    points: NDArray[np.float64],
    draws: SeededNoise | None,
    fmt: Format,
) -> NDArray[np.float64]:
    """What a function of rows gives for the vectors that lie along the activation's axis."""
    axis = vector_axis(bound, points.ndim)
    rows, shape = _rows(np.moveaxis(points, axis, -1), draws, fmt)
    out = function(bound, rows, fmt)
    return np.moveaxis(out.reshape(*shape, out.shape[-1]), -1, axis)


def _rows(
    moved: NDArray[np.float64], draws: SeededNoise | None, fmt: Format
) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    """The vectors along the last axis as rows, with what is drawn for them added, and the shape that they stand in."""
    shape = moved.shape[:-1]
    rows = moved.reshape(math.prod(shape), moved.shape[-1])
    return (rows if draws is None else draws.with_gumbel_noise(rows, fmt)), shape


def _results(
    quantity: Quantity, points: NDArray[np.float64], draws: SeededNoise | None, fmt: Format
) -> NDArray[np.float64]:
    x = points.ravel()
    results = (
        elementwise.evaluate(quantity, x, fmt)
        if draws is None
        else randomized_relu(quantity, x, draws.take(x.size), fmt)
    )
    return results.reshape(points.shape)


def derivative_quantity(bound: BoundActivation, wrt: str | None = None, side: int = 0) -> Quantity:
    """The reading of a slope by x, or by the parameter called `wrt`; ParameterError if that is not a number."""
    name = None if wrt is None else bound.find_parameter(wrt).name
    quantity = Quantity(bound, 1, name, side)
    quantity.check_differentiable()
    return quantity


def vector_parameter(bound: BoundActivation, wrt: str) -> str:
    """The parameter of a vector activation called `wrt`; ParameterError if it is not a number to differentiate by."""
    param = bound.find_parameter(wrt)
    if param.integer or not isinstance(bound.values.get(param.name), Fraction):
        raise ParameterError(f"{bound.activation.name}: {param.name} is not a number to differentiate by")
    return param.name


def vector_axis(bound: BoundActivation, dimensions: int) -> int:
    """The axis along which a vector activation's vectors lie; ParameterError if an array has no such axis.

    An axis that a framework's function has for good, as nn.Softmax2d its channels, is a lone vector's own.
    """
    axis = bound.values["axis"]
    if dimensions == 1 and bound.framework_function is not None and "axis" in bound.framework_function.defaults:
        return -1
    if not isinstance(axis, Fraction) or axis.denominator != 1 or not -dimensions <= axis < dimensions:
        raise ParameterError(f"{bound.activation.name}: axis={axis} is no axis of an array of {dimensions} dimensions")
    return int(axis)


def _as_points(x: ArrayLike, dtype: Any) -> tuple[NDArray[np.float64], Format]:
    """x as a float64 array of values of its format, and that format."""
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"x must hold real numbers, not {array.dtype}")
    name = array.dtype.name if dtype is None and array.dtype.name in _NUMPY_DTYPES else "float64"
    if dtype is not None:
        name = dtype if isinstance(dtype, str) else np.dtype(dtype).name
    if name not in FLOATS:
        raise ValueError(f"dtype {name!r} is none of {', '.join(FLOATS)}")
    fmt = FLOATS[name]
    points = np.asarray(array, dtype=np.float64)
    return (points if name == array.dtype.name else fmt.round(points)), fmt


def _as_dtype(values: NDArray[np.float64], fmt: Format) -> NDArray[Any]:
    with np.errstate(all="ignore"):
        return values.astype(_NUMPY_DTYPES.get(fmt.name, np.float32), copy=False)
