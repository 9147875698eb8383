"""Activations made of straight lines alone, without a threshold."""

from __future__ import annotations

from typing import Any

from actcli.core.record import Activation, Facts, Param


def affine(m: Any, x: Any, alpha: Any, beta: Any) -> Any:
    return alpha * x + beta


ENTRIES = (
    Activation(
        name="identity",
        aliases=("linear", "none", "pass_through", "id"),
        formula="x",
        derivative="1",
        f=lambda m, x: x,
        facts=Facts(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
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
        params=(
            Param(name="alpha", default=None, meaning="the slope"),
            Param(name="beta", default=None, meaning="the value at 0"),
        ),
        formula="alpha * x + beta",
        derivative="alpha",
        f=affine,
        facts=Facts(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
        frameworks={"onnx": "Affine"},
        paper="ONNX's recurrent operators, since opset 1; Core ML's operator linear_activation",
        notes="a straight line",
    ),
)
