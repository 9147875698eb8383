"""Linear activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import Properties, activation
from actcli.core.catalogue.parameters import Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N


@activation(
    name="identity",
    aliases=("linear", "none", "pass_through", "id"),
    formula="x",
    derivative="1",
    second_derivative="0",
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    frameworks={
        "torch": "nn.Identity",
        "jax": "jax.nn.identity",
        "keras": "activations.linear; layers.Identity",
        "tf": "tf.identity",
        "onnx": "Identity",
        "mlx": "nn.Identity",
        "hf": "linear",
    },
    paper="Widrow and Hoff, Adaptive Switching Circuits, IRE WESCON, 1960",
    notes="returns x",
)
def identity(m: Arithmetic[N], x: N) -> N:
    """Return x."""
    return x


@activation(
    name="affine",
    aliases=("linear_activation",),
    parameters=(
        Parameter(name="alpha", default=None, description="the slope"),
        Parameter(name="beta", default=None, description="the value at 0"),
    ),
    formula="alpha * x + beta",
    derivative="alpha",
    second_derivative="0",
    properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
    frameworks={"onnx": "Affine"},
    paper="ONNX's recurrent operators, since opset 1; Core ML's operator linear_activation",
    notes="a straight line",
)
def affine(m: Arithmetic[N], x: N, alpha: N, beta: N) -> N:
    """Return alpha * x + beta."""
    return alpha * x + beta
