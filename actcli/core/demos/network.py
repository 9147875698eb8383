"""A neural network small enough to be read in one sitting, and how it learns.

    x --> weighted sums + biases --> f --> weighted sums + biases --> f --> ... --> weighted sum + bias = output

Forward: every unit (neuron) weighs its inputs, adds its bias and hands on f of that sum, its activation; the output is
a sum without f. Backward: the chain rule carries the derivative of the loss from the output to every weight and bias,
through f'; together these derivatives are the gradient. Gradient descent then moves every weight and bias against it.
f and f' are the core's, correctly rounded.

The same seed gives the same bits on every machine: random numbers are PCG64's plain fractions, and sums are NumPy's
elementwise additions in an order that is written down here. (The order in which `@` adds is the machine's own choice.)
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

__all__ = ["LARGEST", "Network", "Trained", "loss_of", "product", "total", "train", "uniform", "value"]

LARGEST = 1000.0
"""The size of a weighted sum at which training is given up: no step in reach brings it back, and exact rounding of sin
and its like takes ever longer there."""


class Network:
    """Layers of units. `sizes` says how many: (2, 8, 1) is two inputs, a hidden layer of eight units, one output.

    weights, biases  for each layer an array of (inputs, units) and one of (units,); they start at random, spread
                     evenly over +-spread / sqrt(inputs), so that a sum is as large as what it is made of
    activations      for each layer what it was given in the last forward pass: x, then f of the sums before it
    sums             for each layer its weighted sums, biases added, in the last forward pass
    derivatives      for each hidden layer f' of its sums, in the last backward pass
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
        """The outputs (n,) for n points x (n, inputs)."""
        self.activations, self.sums = [], []
        for weights, biases in zip(self.weights, self.biases, strict=True):
            self.activations.append(value(self.f, self.sums[-1]) if self.sums else x)
            self.sums.append(product(self.activations[-1], weights) + biases)
        return self.sums[-1][:, 0]

    def backward(self, by_output: Floats) -> list[tuple[Floats, Floats]]:
        """The gradient: for each layer the loss's derivatives by its weights and biases, given those by the outputs."""
        self.derivatives = [value(self.f, sums, 1) for sums in self.sums[:-1]]
        by_sums = by_output[:, np.newaxis]
        gradient = []
        for layer in reversed(range(len(self.weights))):
            gradient.append((product(self.activations[layer].T, by_sums), total(by_sums)))
            if layer > 0:
                by_sums = product(by_sums, self.weights[layer].T) * self.derivatives[layer - 1]
        return gradient[::-1]

    def descend(self, gradient: list[tuple[Floats, Floats]], rate: float, clip: float = math.inf) -> None:
        """One step of gradient descent with a learning rate; a gradient longer than `clip` is shortened to that."""
        squares = np.concatenate([part.ravel() ** 2 for both in gradient for part in both])
        length = math.sqrt(total(squares))
        step = rate * min(1.0, clip / length) if length else rate
        for layer, (by_weights, by_biases) in enumerate(gradient):
            self.weights[layer] = self.weights[layer] - step * by_weights
            self.biases[layer] = self.biases[layer] - step * by_biases


@dataclass(frozen=True)
class Trained:
    """How a training went.

    losses   before the first step and after each, as far as it came
    stopped  why it was given up: `loss` where that is not finite, `sums` where a weighted sum that f is to be taken of
             has passed LARGEST; "" if it was not
    """

    losses: Floats
    stopped: str


def train(network: Network, x: Floats, y: Floats, rate: float, steps: int, clip: float = math.inf,
          watch: Callable[[], None] = lambda: None) -> Trained:  # fmt: skip
    """Gradient descent on all points at once.

    `watch` is called once for every loss, when network.derivatives are those that belong to it.
    """
    losses: list[float] = []
    stopped = ""
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            loss, by_output = loss_of(network.forward(x), y)
            losses.append(loss)
            if not math.isfinite(loss):
                stopped = "loss"
            elif any(np.abs(sums).max() > LARGEST for sums in network.sums[:-1]):
                stopped = "sums"
            gradient = network.backward(by_output)
            watch()
            if stopped or step == steps:
                break
            network.descend(gradient, rate, clip)
    return Trained(np.array(losses), stopped)


def loss_of(out: Floats, y: Floats) -> tuple[float, Floats]:
    """The cross-entropy of outputs against classes y, +1 and -1, and its derivative by each output.

    It is the mean of softplus(-y * out): the surprise that a point is of class y where sigmoid(out) was the
    probability given to +1.
    """
    doubt = -y * out
    loss = total(value(parse("softplus"), doubt)) / len(y)
    return float(loss), value(parse("sigmoid"), doubt) * (-y / len(y))


def value(f: BoundActivation, z: Floats, order: int = 0) -> Floats:
    """f, or with order=1 f', at every element of an array of any shape."""
    return evaluate(Quantity(f, order), z.ravel(), FLOATS["float64"]).reshape(z.shape)


def uniform(random: np.random.Generator, shape: Sequence[int]) -> Floats:
    """Random numbers between -1 and 1."""
    return 2 * random.random(tuple(shape)) - 1


def product(a: Floats, b: Floats) -> Floats:
    """The matrix product of a (n, k) and b (k, m)."""
    return total(a.T[:, :, np.newaxis] * b[:, np.newaxis, :])


def total(terms: Floats) -> Floats:
    """The sum along the first axis: one half is added to the other until a single term is left."""
    while len(terms) > 1:
        half = len(terms) // 2
        sums = terms[:half] + terms[half : 2 * half]
        terms = sums if len(terms) == 2 * half else np.concatenate([sums, terms[2 * half :]])
    return terms[0]
