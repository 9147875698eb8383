"""A network small enough to be read in one sitting, and how it learns.

    x --> weighted sums + biases --> f --> weighted sums + biases --> f --> ... --> weighted sum + bias = output

Forward, every unit weighs what it sees, adds its bias and hands on f of that sum; the output is a sum without f.
Backward, the chain rule carries the slope of the loss from the output to every weight and bias, through f'. Gradient
descent then moves each of them a little against its slope. f and f' are the core's, correctly rounded.

The same seed gives the same bits on every machine: random numbers are PCG64's plain fractions, and sums are NumPy's
elementwise additions in an order that is written down here. (The order in which `@` adds is the machine's own choice.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.engine import Reading, compute
from actcli.core.spec import Bound, parse
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.formats import Floats

__all__ = ["Network", "loss_of", "product", "total", "train", "uniform", "value"]


class Network:
    """Layers of units. `sizes` says how many: (2, 8, 1) is two inputs, a hidden layer of eight units, one output.

    weights, biases  for each layer an array of (inputs, units) and one of (units,); they start at random, spread
                     evenly over +-spread / sqrt(inputs), so that a sum is as large as what it is made of
    seen, sums       for each layer what the last forward pass brought to it, and the weighted sums it made of that
    slopes           for each hidden layer f' of its sums, of the last backward pass
    """

    def __init__(self, sizes: Sequence[int], f: Bound, random: np.random.Generator, spread: float = 1.0) -> None:
        self.f = f
        shapes = list(pairwise(sizes))
        self.weights = [uniform(random, shape) * (spread / math.sqrt(shape[0])) for shape in shapes]
        self.biases = [uniform(random, shape[1:]) * (spread / math.sqrt(shape[0])) for shape in shapes]

    def forward(self, x: Floats) -> Floats:
        """The outputs (n,) for n points x (n, inputs)."""
        self.seen: list[Floats] = []
        self.sums: list[Floats] = []
        for weights, biases in zip(self.weights, self.biases, strict=True):
            self.seen.append(value(self.f, self.sums[-1]) if self.sums else x)
            self.sums.append(product(self.seen[-1], weights) + biases)
        return self.sums[-1][:, 0]

    def backward(self, slope: Floats) -> list[tuple[Floats, Floats]]:
        """For each layer the slopes of the loss by its weights and biases, given those by the outputs (n,)."""
        by_sums = slope[:, np.newaxis]
        found: list[tuple[Floats, Floats]] = []
        self.slopes = [value(self.f, sums, 1) for sums in self.sums[:-1]]
        for layer in reversed(range(len(self.weights))):
            found.append((product(self.seen[layer].T, by_sums), total(by_sums)))
            if layer > 0:
                by_sums = product(by_sums, self.weights[layer].T) * self.slopes[layer - 1]
        return found[::-1]

    def descend(self, slopes: list[tuple[Floats, Floats]], rate: float) -> None:
        """One step of gradient descent: every weight and bias moves against its slope."""
        self.weights = [old - rate * slope for old, (slope, _) in zip(self.weights, slopes, strict=True)]
        self.biases = [old - rate * slope for old, (_, slope) in zip(self.biases, slopes, strict=True)]


def train(network: Network, x: Floats, y: Floats, rate: float, steps: int,
          watch: Callable[[], None] = lambda: None) -> Floats:  # fmt: skip
    """Gradient descent on all points at once; the losses before the first step and after each, `steps` + 1 of them.

    It ends early where the loss is no longer finite: from there on nothing can be learnt. `watch` is called once for
    every loss, when network.slopes are those that belong to it.
    """
    losses = []
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            loss, slope = loss_of(network.forward(x), y)
            losses.append(loss)
            slopes = network.backward(slope)
            watch()
            if step == steps or not math.isfinite(loss):
                break
            network.descend(slopes, rate)
    return np.array(losses)


def loss_of(out: Floats, y: Floats) -> tuple[float, Floats]:
    """The cross-entropy of outputs against classes y, +1 and -1, and its slope by each output.

    It is the mean of softplus(-y * out): the surprise that a point is of class y where sigmoid(out) was the
    probability given to +1.
    """
    doubt = -y * out
    loss = total(value(parse("softplus"), doubt)) / len(y)
    return float(loss), value(parse("sigmoid"), doubt) * (-y / len(y))


def value(f: Bound, z: Floats, order: int = 0) -> Floats:
    """f, or with order=1 f', at every element of an array of any shape."""
    return compute(Reading(f, order), z.ravel(), FLOATS["float64"]).reshape(z.shape)


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
