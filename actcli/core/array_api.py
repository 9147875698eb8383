"""evaluate() and gradient() for arrays of any shape and dtype. Results have the shape of the input."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actcli.core.evaluation import elementwise
from actcli.core.evaluation.quantity import BoundActivation, Quantity, derivative_quantity
from actcli.core.spec import parse
from actcli.errors import ActcliError, ParameterError
from actcli.number_formats import FLOATS, Format, find_format
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.core.evaluation.stochastic import SeededNoise
    from actcli.number_formats import Floats

__all__ = ["evaluate", "gradient", "vector_axis", "vector_parameter"]

MAX_ORDER = 3
"""The highest order of a derivative."""

_NUMPY_DTYPES = {"float64": np.float64, "float32": np.float32, "float16": np.float16}
"""Formats whose results are returned in their own dtype; the others are held in float32."""


def evaluate(spec: str, x: ArrayLike, dtype: Any, seed: int | None, params: Mapping[str, Any]) -> NDArray[Any]:
    """Return the values of an activation; see actcli.evaluate."""
    bound = parse(spec, params)
    points, fmt = _as_points(x, dtype)
    noise = _noise(bound, seed)
    if bound.activation.is_vector:
        from actcli.core.evaluation import vectors

        return _as_dtype(_along_axis(vectors.values, bound, points, noise, fmt), fmt)
    return _as_dtype(_elementwise(Quantity(bound), points, noise, fmt), fmt)


def gradient(
    spec: str,
    x: ArrayLike,
    dtype: Any,
    seed: int | None,
    wrt: str | None,
    order: int,
    params: Mapping[str, Any],
) -> NDArray[Any]:
    """Return the derivatives of an activation; see actcli.gradient."""
    bound = parse(spec, params)
    if not isinstance(wrt, str | None):
        raise ParameterError(f"wrt: expected the name of a parameter, not {type(wrt).__name__}")
    _check_order(order, bound, seed, wrt)
    points, fmt = _as_points(x, dtype)
    noise = _noise(bound, seed)
    if bound.activation.is_vector:
        from actcli.core.evaluation import vectors

        if wrt is not None:
            by_parameter = partial(vectors.parameter_derivatives, name=vector_parameter(bound, wrt))
            return _as_dtype(_along_axis(by_parameter, bound, points, noise, fmt), fmt)
        rows, shape = _rows(np.moveaxis(points, vector_axis(bound, points.ndim), -1), noise, fmt)
        out = vectors.jacobians(bound, rows, fmt)
        return _as_dtype(out.reshape(*shape, *out.shape[1:]), fmt)
    if noise is not None and wrt is not None:
        raise ParameterError("seed cannot be combined with wrt: random slopes are derivatives with respect to x")
    return _as_dtype(_elementwise(derivative_quantity(bound, wrt, order=order), points, noise, fmt), fmt)


def _check_order(order: int, bound: BoundActivation, seed: int | None, wrt: str | None) -> None:
    """Raise ParameterError unless the derivative of this order exists for the activation and the arguments."""
    if order not in range(1, MAX_ORDER + 1):
        raise ParameterError(f"order={order!r}: expected an integer from 1 to {MAX_ORDER}")
    if order == 1:
        return
    if bound.activation.is_vector:
        name = bound.activation.name
        raise ParameterError(f"order={order} requires an elementwise activation: {name} is a function of a vector")
    if seed is not None or wrt is not None:
        raise ParameterError(f"order={order} cannot be combined with {'wrt' if seed is None else 'seed'}")


def _noise(bound: BoundActivation, seed: int | None) -> SeededNoise | None:
    if seed is None:
        return None
    from actcli.core.evaluation.stochastic import SeededNoise

    return SeededNoise(bound, seed)


def _along_axis(
    function: Callable[[BoundActivation, Floats, Format], Floats],
    bound: BoundActivation,
    points: Floats,
    noise: SeededNoise | None,
    fmt: Format,
) -> Floats:
    """Apply a function of rows to the vectors along the activation's axis."""
    axis = vector_axis(bound, points.ndim)
    rows, shape = _rows(np.moveaxis(points, axis, -1), noise, fmt)
    out = function(bound, rows, fmt)
    return np.moveaxis(out.reshape(*shape, out.shape[-1]), -1, axis)


def _rows(moved: Floats, noise: SeededNoise | None, fmt: Format) -> tuple[Floats, tuple[int, ...]]:
    """Return the vectors along the last axis as rows, with noise added, and the shape of the other axes."""
    shape = moved.shape[:-1]
    rows = moved.reshape(math.prod(shape), moved.shape[-1])
    return (rows if noise is None else noise.with_gumbel_noise(rows, fmt)), shape


def _elementwise(quantity: Quantity, points: Floats, noise: SeededNoise | None, fmt: Format) -> Floats:
    x = points.ravel()
    if noise is None:
        return elementwise.evaluate(quantity, x, fmt).reshape(points.shape)
    from actcli.core.evaluation.stochastic import randomized_relu

    return randomized_relu(quantity, x, noise.take(x.size), fmt).reshape(points.shape)


def vector_parameter(bound: BoundActivation, wrt: str) -> str:
    """Return the name of a vector activation's numeric parameter `wrt`. Raise ParameterError for other parameters."""
    param = bound.find_parameter(wrt)
    if param.integer or not isinstance(bound.values.get(param.name), Fraction):
        raise ParameterError(f"{bound.activation.name}: {param.name} is not a number to differentiate by")
    return param.name


def vector_axis(bound: BoundActivation, dimensions: int) -> int:
    """Return the axis of a vector activation. Raise ParameterError if an array of `dimensions` has no such axis.

    A framework's function with a fixed axis (nn.Softmax2d: the channels) takes a single vector along its only axis.
    """
    axis = bound.values["axis"]
    if dimensions == 1 and bound.framework_function is not None and "axis" in bound.framework_function.defaults:
        return -1
    if not isinstance(axis, Fraction) or axis.denominator != 1 or not -dimensions <= axis < dimensions:
        raise ParameterError(
            f"{bound.activation.name}: axis={axis} does not exist in an array of {dimensions} dimensions"
        )
    return int(axis)


def _as_points(x: ArrayLike, dtype: Any) -> tuple[Floats, Format]:
    """Return x as a float64 array of values of its format, and that format."""
    # A signalling nan raises the invalid flag when it is converted; a NumPy scalar in a list is converted at once.
    with np.errstate(all="ignore"):
        try:
            array = np.asarray(x)
        except ValueError:
            raise ActcliError("x must hold real numbers, in rows of one length") from None
    if array.dtype.kind not in "biuf":
        raise ActcliError(f"x must hold real numbers, not {array.dtype}")
    name = array.dtype.name if dtype is None and array.dtype.name in _NUMPY_DTYPES else "float64"
    try:
        if dtype is not None:
            name = type(dtype).__name__  # for the message, if it stands for no dtype
            name = dtype if isinstance(dtype, str) else np.dtype(dtype).name
        fmt = FLOATS[find_format(name).name]
    except (KeyError, TypeError, ValueError):
        raise ActcliError(f"unknown dtype '{displayable(name)}': expected one of {', '.join(FLOATS)}") from None
    with np.errstate(all="ignore"):
        points = np.asarray(array, dtype=np.float64)
    return (points if fmt.name == array.dtype.name else fmt.round(points)), fmt


def _as_dtype(values: Floats, fmt: Format) -> NDArray[Any]:
    with np.errstate(all="ignore"):
        return values.astype(_NUMPY_DTYPES.get(fmt.name, np.float32), copy=False)
