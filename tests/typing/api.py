"""A user's module, which mypy checks with --strict: the types of the public interface are these."""

from __future__ import annotations

from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import actcli

assert_type(actcli.__version__, str)
assert_type(actcli.names(), list[str])


def values(logits: NDArray[np.float32], words: list[float]) -> None:
    """Evaluate activations of everything that NumPy takes for an array."""
    assert_type(actcli.evaluate("gelu", logits), NDArray[Any])
    assert_type(actcli.evaluate("gelu", words), NDArray[Any])
    assert_type(actcli.evaluate("silu", 0.5, dtype="bfloat16", beta="1/3"), NDArray[Any])
    assert_type(actcli.evaluate("rrelu", [[-1, 2]], dtype=np.float16, seed=7), NDArray[Any])
    found: NDArray[np.float64] = actcli.evaluate("x * sigmoid(a * x)", words, a=1.5)
    assert_type(found.tolist(), Any)


def slopes(logits: NDArray[np.float32]) -> None:
    """Differentiate by x and by a parameter."""
    assert_type(actcli.gradient("relu", logits), NDArray[Any])
    assert_type(actcli.gradient("leaky_relu", 1.0, wrt="negative_slope", negative_slope=0.2), NDArray[Any])


def facts() -> None:
    """Look an activation up."""
    entry = actcli.get("swish")
    assert_type(entry.name, str)
    assert_type(entry.formula, str)
    assert_type(entry.aliases, tuple[str, ...])
    assert_type([kink.at for kink in entry.kinks], list[str])


def errors() -> None:
    """Misuse is a type error: --strict reports an ignore that is not needed."""
    actcli.evaluate(3, [1.0])  # type: ignore[arg-type]
    actcli.evaluate("relu")  # type: ignore[call-arg]
    actcli.gradient("relu", 1.0, wrt=2)  # type: ignore[arg-type]
    actcli.names("relu")  # type: ignore[call-arg]
    actcli.get("relu").no_such_field  # type: ignore[attr-defined]  # noqa: B018
