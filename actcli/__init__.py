"""actcli: neural-network activation functions and their derivatives, correctly rounded.

>>> import actcli
>>> actcli.evaluate("relu", [-2, 0, 3]).tolist()
[0.0, 0.0, 3.0]
>>> float(actcli.gradient("leaky_relu", -1.0, negative_slope=0.25))
0.25
"""

from __future__ import annotations

from actcli.startup import exit_on_interrupt

exit_on_interrupt()  # before the other imports, which take time

# ruff: noqa: E402
from typing import TYPE_CHECKING, Any

from actcli.errors import (
    ActcliError,
    DataError,
    ExpressionError,
    LocatedError,
    MissingParameterError,
    NoMatchError,
    ParameterError,
    UnknownActivationError,
    UsageError,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from actcli.core.catalogue.activation import Activation

__all__ = [
    "ActcliError",
    "DataError",
    "ExpressionError",
    "LocatedError",
    "MissingParameterError",
    "NoMatchError",
    "ParameterError",
    "UnknownActivationError",
    "UsageError",
    "__version__",
    "evaluate",
    "get",
    "gradient",
    "names",
]
__version__ = "0.1.0"


def evaluate(spec: str, x: ArrayLike, *, dtype: Any = None, seed: int | None = None, **params: Any) -> NDArray[Any]:
    """Return the values of an activation at x, each the exact result rounded once.

    spec     name of an activation in any common spelling, optionally with parameters: `leaky_relu:negative_slope=0.2`;
             or a formula in x: `x * sigmoid(a * x):a=1.5`
    x        array-like of any shape; float64, float32 and float16 arrays keep their dtype, others become float64;
             the vectors of a vector activation lie along `axis` (default -1)
    dtype    float64, float32, float16, bfloat16, float8_e4m3fn or float8_e5m2 instead; x is first rounded to it
    seed     evaluates a stochastic activation (rrelu, gumbel_softmax) as in training; the same seed gives the same
             random numbers; None: as in inference
    params   the activation's parameters; a float is exactly that float, text (`"0.2"`, `"1/6"`) is that exact number
    returns  a NumPy array of x's shape; bfloat16 and float8 results are float32 arrays that hold their values
    raises   UnknownActivationError, ParameterError, ExpressionError; ActcliError for a wrong dtype or a non-numeric x

    nan gives nan. At an infinity the result is the limit, or nan where there is none. No warning is ever raised.
    """
    from actcli.core.array_api import evaluate

    return evaluate(spec, x, dtype, seed, params)


def gradient(
    spec: str,
    x: ArrayLike,
    *,
    dtype: Any = None,
    seed: int | None = None,
    wrt: str | None = None,
    order: int = 1,
    **params: Any,
) -> NDArray[Any]:
    """Return the derivatives of an activation at x, each the exact result rounded once. Arguments as for `evaluate`.

    wrt      the parameter to differentiate with respect to; None: x
    order    1, 2 or 3: f', f'' or f''' of an elementwise activation
    returns  an array of x's shape; for a vector activation without wrt its Jacobians df[i]/dx[j], of shape
             (..., m, n), with the vectors' axis moved to the end

    At a kink, where the one-sided derivatives differ, the result is the entry's subgradient (`get(spec).kinks`).
    A derivative of order 2 or 3 is nan where the one before is not differentiable.
    """
    from actcli.core.array_api import gradient

    return gradient(spec, x, dtype, seed, wrt, order, params)


def get(spec: str) -> Activation:
    """Return the catalogue entry of an activation, by any common spelling of its name, or the record of a formula.

    Raises UnknownActivationError, and ParameterError or ExpressionError for an invalid SPEC.
    """
    from actcli.core.spec import parse

    return parse(spec, partial=True).activation


def names() -> list[str]:
    """Return the canonical names of all activations in alphabetical order."""
    from actcli.core.catalogue.registry import names

    return names()
