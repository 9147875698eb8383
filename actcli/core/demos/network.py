"""A multilayer perceptron with backpropagation and gradient descent.

    x --> weighted sums + biases --> f --> weighted sums + biases --> f --> ... --> weighted sum + bias = output

Forward pass: each unit (neuron) computes a weighted sum of its inputs, adds its bias and applies the activation f. The
output layer has no activation. Backward pass: the chain rule gives the gradient, the derivative of the loss by every
weight and bias; it contains f'. Gradient descent subtracts a multiple of the gradient. f and f' are correctly rounded.

The same seed gives the same bits on every machine. Random numbers are uniform fractions from PCG64, and sums are added
elementwise in a fixed order. (`@` adds in an order that depends on the machine.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = [
    "MAX_SUM",
    "Network",
    "TrainingHistory",
    "activate",
    "cross_entropy",
    "matrix_product",
    "pairwise_sum",
    "train",
    "uniform",
]

MAX_SUM = 1000.0
"""Training stops when a weighted sum exceeds this in size. It would not recover, and correct rounding of periodic
activations becomes slow there."""


class Network:
    """A fully connected network: sizes=(2, 8, 1) means two inputs, a hidden layer of eight units, one output.

    weights, biases  per layer, arrays of shape (inputs, units) and (units,); initially uniform over
                     +-spread / sqrt(inputs), which keeps the variance of a sum independent of the layer's width
    activations      per layer, its inputs in the last forward pass: x, then f of the previous layer's sums
    sums             per layer, its weighted sums with biases in the last forward pass
    derivatives      per hidden layer, f' of its sums in the last backward pass
    """

    def __init__(
        self, sizes: Sequence[int], f: BoundActivation, random: np.random.Generator, spread: float = 1.0
    ) -> None:
        shapes = list(pairwise(sizes))
        self.f = f
        self.weights = [uniform(random, shape) * (spread / math.sqrt(shape[0])) for shape in shapes]
        self.biases = [uniform(random, shape[1:]) * (spread / math.sqrt(shape[0])) for shape in shapes]
        self.activations: list[Floats] = []
        self.sums: list[Floats] = []
        self.derivatives: list[Floats] = []

    def forward(self, x: Floats) -> Floats:
        """Return the outputs (n,) for n points x (n, inputs)."""
        self.activations, self.sums = [], []
        for weights, biases in zip(self.weights, self.biases, strict=True):
            self.activations.append(activate(self.f, self.sums[-1]) if self.sums else x)
            self.sums.append(matrix_product(self.activations[-1], weights) + biases)
        return self.sums[-1][:, 0]

    def backward(self, by_output: Floats) -> list[tuple[Floats, Floats]]:
        """Return the gradient per layer, (by weights, by biases), from the loss's derivatives by the outputs (n,).

        It belongs to the last forward pass.
        """
        self.derivatives = [activate(self.f, sums, 1) for sums in self.sums[:-1]]
        by_sums = by_output[:, np.newaxis]
        gradient = []
        for layer in reversed(range(len(self.weights))):
            gradient.append((matrix_product(self.activations[layer].T, by_sums), pairwise_sum(by_sums)))
            if layer > 0:
                by_sums = matrix_product(by_sums, self.weights[layer].T) * self.derivatives[layer - 1]
        return gradient[::-1]

    def descend(self, gradient: list[tuple[Floats, Floats]], rate: float, clip: float = math.inf) -> None:
        """Take one step of gradient descent; scale a gradient longer than `clip` to that length."""
        squares = np.concatenate([part.ravel() ** 2 for both in gradient for part in both])
        length = math.sqrt(pairwise_sum(squares))
        step = rate * min(1.0, clip / length) if length else rate
        for layer, (by_weights, by_biases) in enumerate(gradient):
            self.weights[layer] = self.weights[layer] - step * by_weights
            self.biases[layer] = self.biases[layer] - step * by_biases


@dataclass(frozen=True)
class TrainingHistory:
    """The course of a training.

    losses   the loss before the first step and after each step
    stopped  why it stopped early: "loss" (not finite), "sums" (an input of f exceeded MAX_SUM), or "" (it did not)
    """

    losses: Floats
    stopped: str


def train(network: Network, x: Floats, y: Floats, rate: float, steps: int, clip: float = math.inf,
          watch: Callable[[], None] = lambda: None) -> TrainingHistory:  # fmt: skip
    """Train with gradient descent on all points at once.

    `watch` is called once per loss, when network.derivatives belong to that loss.
    """
    losses: list[float] = []
    stopped = ""
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            loss, by_output = cross_entropy(network.forward(x), y)
            losses.append(loss)
            if not math.isfinite(loss):
                stopped = "loss"
            elif any(np.abs(sums).max() > MAX_SUM for sums in network.sums[:-1]):
                stopped = "sums"
            gradient = network.backward(by_output)
            watch()
            if stopped or step == steps:
                break
            network.descend(gradient, rate, clip)
    return TrainingHistory(np.array(losses), stopped)


def cross_entropy(out: Floats, y: Floats) -> tuple[float, Floats]:
    """Return the cross-entropy of the outputs for classes y (+1 and -1), and its derivative by each output.

    The cross-entropy is mean(softplus(-y * out)): sigmoid(out) is the predicted probability of class +1.
    """
    logits = -y * out
    loss = pairwise_sum(activate(parse("softplus"), logits)) / len(y)
    return float(loss), activate(parse("sigmoid"), logits) * (-y / len(y))


def activate(f: BoundActivation, z: Floats, order: int = 0) -> Floats:
    """Return f, or f' with order=1, at every element of an array of any shape."""
    return evaluate(Quantity(f, order), z.ravel(), FLOATS["float64"]).reshape(z.shape)


def uniform(random: np.random.Generator, shape: Sequence[int]) -> Floats:
    """Return uniform random numbers in [-1, 1)."""
    return 2 * random.random(tuple(shape)) - 1


def matrix_product(a: Floats, b: Floats) -> Floats:
    """Return the matrix product of a (n, k) and b (k, m), the same on every machine."""
    return pairwise_sum(a.T[:, :, np.newaxis] * b[:, np.newaxis, :])


def pairwise_sum(terms: Floats) -> Floats:
    """Return the sum along the first axis, by pairwise summation in a fixed order."""
    while len(terms) > 1:
        half = len(terms) // 2
        sums = terms[:half] + terms[half : 2 * half]
        terms = sums if len(terms) == 2 * half else np.concatenate([sums, terms[2 * half :]])
    return terms[0]
