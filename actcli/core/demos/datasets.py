"""Datasets: points of the plane in two classes, +1 and -1; and the best accuracy of a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import activate, pairwise_sum, uniform
from actcli.core.spec import parse

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["MAX_UNDECIDED", "Task", "best_line", "moons", "predicted_classes", "scores", "xor"]

Task = tuple["Floats", "Floats"]
"""The points (n, 2) and their classes (n,)."""

_GRID = 2.0**20
"""Coordinates are multiples of 1 / _GRID, so that the products in best_line are exact."""
_NOISE = 0.2
"""The largest displacement of a moon's point in either coordinate."""
MAX_UNDECIDED = 1e-3
"""An output of at most this size counts as undecided.

A network that cannot separate the classes converges to an output of 0, whose sign has no meaning.
"""


def xor() -> Task:
    """Return the four points of exclusive or: class +1 if exactly one of the inputs (-1 off, +1 on) is on."""
    x = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    return x, np.where(x[:, 0] != x[:, 1], 1.0, -1.0)


def moons(random: np.random.Generator, each: int = 50) -> Task:
    """Return two interleaved half-circles of `each` noisy points.

    Both coordinates are standardised to mean 0 and standard deviation 1, as is usual before training.
    """
    angle, quarter = np.pi * random.random((2, each)), np.pi / 2
    sine, cosine = (activate(parse("sin"), angle + shift) for shift in (0.0, quarter))
    upper = np.stack([cosine[0], sine[0]], axis=1)
    lower = np.stack([1 - cosine[1], 0.5 - sine[1]], axis=1)
    x = np.concatenate([upper, lower]) + _NOISE * uniform(random, (2 * each, 2))
    x = x - pairwise_sum(x) / len(x)
    x = x / np.sqrt(pairwise_sum(x * x) / len(x))
    return np.round(x * _GRID) / _GRID, np.repeat([1.0, -1.0], each)


def scores(out: Floats, y: Floats) -> Floats:
    """Return per point 1 if the output predicts its class y, 1/2 if it is undecided, else 0 (also for nan)."""
    return np.nan_to_num(0.5 + 0.5 * predicted_classes(out) * y)


def predicted_classes(out: Floats) -> Floats:
    """Return the predicted class per output: +1 or -1, 0 if it is undecided, nan for nan."""
    return np.where(np.abs(out) <= MAX_UNDECIDED, 0.0, np.sign(out))


def best_line(task: Task) -> int:
    """Return how many points the best straight line classifies correctly.

    Any line can be moved until it touches two points without another point changing sides. A small rotation and shift
    then puts these two on the correct sides. So it suffices to try the lines through two points, both counted as
    correct. With three collinear points the result is only an upper bound.
    """
    x, y = task
    most = 0
    for i in range(len(x) - 1):
        # side[j, k]: the side of the line from point i to a later point j on which point k lies.
        across, up = (x[i + 1 :] - x[i]).T
        side = np.sign(across[:, np.newaxis] * (x[:, 1] - x[i, 1]) - up[:, np.newaxis] * (x[:, 0] - x[i, 0]))
        on_line = (side == 0).sum(axis=1)
        agree = (side == y).sum(axis=1)
        most = max(most, int((np.maximum(agree, len(x) - on_line - agree) + on_line).max()))
    return most
