"""What the networks learn: points of the plane in two classes, +1 and -1; and how well a line can tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import total, uniform, value
from actcli.core.spec import parse

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["UNDECIDED", "Task", "best_line", "decided", "moons", "scores", "xor"]

Task = tuple["Floats", "Floats"]
"""The points (n, 2) and their classes (n,)."""

_FINEST = 2.0**20
_NOISE = 0.2
UNDECIDED = 1e-3


def xor() -> Task:
    """Exclusive or: of two inputs, -1 for off and +1 for on, exactly one is on."""
    x = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    return x, np.where(x[:, 0] != x[:, 1], 1.0, -1.0)


def moons(random: np.random.Generator, each: int = 50) -> Task:
    """Two half-circles that reach into each other, `each` points along either, a little beside it.

    As is usual before training, either coordinate has been shifted and scaled to mean 0 and standard deviation 1.
    """
    turn, quarter = np.pi * random.random((2, each)), np.pi / 2
    sine, cosine = (value(parse("sin"), turn + shift) for shift in (0.0, quarter))
    upper = np.stack([cosine[0], sine[0]], axis=1)
    lower = np.stack([1 - cosine[1], 0.5 - sine[1]], axis=1)
    x = np.concatenate([upper, lower]) + _NOISE * uniform(random, (2 * each, 2))
    x = x - total(x) / len(x)
    x = x / np.sqrt(total(x * x) / len(x))
    # So few bits that best_line's products are exact.
    return np.round(x * _FINEST) / _FINEST, np.repeat([1.0, -1.0], each)


def scores(out: Floats, y: Floats) -> Floats:
    """1 for each point whose output decides for its class y, 1/2 if it is undecided, a coin to be tossed, else 0."""
    return np.nan_to_num(0.5 + 0.5 * decided(out) * y)


def decided(out: Floats) -> Floats:
    """+1 or -1, as the output decides; 0 for an output of 0, which decides nothing; nan for nan.

    What is within UNDECIDED of 0 is taken for 0: where a network has learnt to say nothing, it comes ever closer to 0
    and the sign of its output means nothing.
    """
    return np.where(np.abs(out) <= UNDECIDED, 0.0, np.sign(out))


def best_line(task: Task) -> int:
    """How many of the points the best of all straight lines puts in their class.

    Any line can be moved, without a point changing sides, until it touches two of them; and from there turned and
    shifted a little so that these two fall on whichever side they should. So the lines through two points are all that
    need be tried, those two counted as right. (Where three points are in line this may be more than a line can do.)
    """
    x, y = task
    most = 0
    for i in range(len(x) - 1):
        # The side on which each point k lies of the line from point i to each later point j: the sign of [j, k].
        across, up = (x[i + 1 :] - x[i]).T
        side = np.sign(across[:, np.newaxis] * (x[:, 1] - x[i, 1]) - up[:, np.newaxis] * (x[:, 0] - x[i, 0]))
        touched = (side == 0).sum(axis=1)
        agree = (side == y).sum(axis=1)
        most = max(most, int((np.maximum(agree, len(x) - touched - agree) + touched).max()))
    return most
