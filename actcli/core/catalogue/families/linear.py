"""Activations made of straight lines alone, without a threshold."""

from __future__ import annotations

from typing import Any

from actcli.core.catalogue.activation import Activation, Parameter, Properties


def affine(m: Any, x: Any, alpha: Any, beta: Any) -> Any:
    return alpha * x + beta


ENTRIES = (
    Activation(
        name="identity",
        aliases=("linear", "none", "pass_through", "id"),
        formula="x",
        derivative="1",
        f=lambda m, x: x,
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
        notes="x itself, as a linear unit has it",
    ),
    Activation(
        name="affine",
        aliases=("linear_activation",),
        parameters=(
            Parameter(name="alpha", default=None, description="the slope"),
            Parameter(name="beta", default=None, description="the value at 0"),
        ),
        formula="alpha * x + beta",
        derivative="alpha",
        f=affine,
        properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
        frameworks={"onnx": "Affine"},
        paper="ONNX's recurrent operators, since opset 1; Core ML's operator linear_activation",
        notes="a straight line",
    ),
)
