"""Functions for plots: `drawn(name, x_range, width)` samples one of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from actcli.display.plot import Curve, sample_points

POLES = [k * math.pi / 2 for k in (-3, -1, 1, 3)]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def gelu(x: float) -> float:
    return 0.5 * x * math.erfc(-x / math.sqrt(2))


def gelu_grad(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2)) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


FUNCTIONS: dict[str, tuple[Callable[[float], float], Sequence[float], Sequence[float]]] = {
    # name: function, kinks, jumps
    "relu": (lambda x: max(x, 0.0), [0.0], []),
    "leaky_relu": (lambda x: x if x > 0 else 0.1 * x, [0.0], []),
    "relu6": (lambda x: min(max(x, 0.0), 6.0), [0.0, 6.0], []),
    "gelu": (gelu, [], []),
    "gelu'": (gelu_grad, [], []),
    "silu": (lambda x: x * sigmoid(x), [], []),
    "sigmoid": (sigmoid, [], []),
    "steep": (lambda x: sigmoid(50 * x), [], []),
    "tanh": (math.tanh, [], []),
    "step": (lambda x: float(x > 0), [], [0.0]),
    "sign": (lambda x: float((x > 0) - (x < 0)), [], [0.0]),
    "tan": (math.tan, [], POLES),
    "1/x": (lambda x: 1 / x if x else math.nan, [], [0.0]),
    "log": (log, [], [0.0]),
    "sqrt": (lambda x: math.sqrt(x) if x >= 0 else math.nan, [0.0], []),
    "one": (lambda x: 1.0, [], []),
    "zero": (lambda x: 0.0, [], []),
    "spike": (lambda x: max(0.0, 1 - 100 * abs(x - 1)), [0.99, 1.0, 1.01], []),
    "huge": (lambda x: x * 2e299, [], []),
    "tiny": (lambda x: x * 1e-300, [], []),
    "nothing": (lambda x: math.nan, [], []),
}


@pytest.fixture
def drawn() -> Callable[[str, tuple[float, float], int], Curve]:
    """Return a function that samples a named function for a plot of the given range and width."""

    def sampled(name: str, x_range: tuple[float, float], width: int) -> Curve:
        function, kinks, jumps = FUNCTIONS[name]
        x = sample_points(x_range, width, [*kinks, *jumps])
        return Curve(name, x, [function(value) for value in x], jumps)

    return sampled
