"""Activations made of straight lines alone, without a threshold."""

from __future__ import annotations

from actcli.core.record import Activation, Facts

ENTRIES = (
    Activation(
        name="identity",
        aliases=("linear", "none", "pass_through"),
        formula="x",
        derivative="1",
        f=lambda m, x: x,
        facts=Facts(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={
            "torch": "nn.Identity",
            "jax": "jax.nn.identity",
            "keras": "activations.linear",
            "tf": "tf.identity",
            "onnx": "Identity",
            "hf": "linear",
        },
        paper="the function that changes nothing",
    ),
)
