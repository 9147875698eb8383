"""What is learnt, and what the best straight line can do with it."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from actcli.core.demos.datasets import Task, best_line, decided, moons, scores, xor
from actcli.core.demos.network import uniform


def by_angles(task: Task) -> int:
    """The most points that a line gets right, tried for every order that the points can have along a direction."""
    x, y = task
    ways = [math.atan2(*(b - a)[[1, 0]]) + math.pi / 2 for i, a in enumerate(x) for b in x[i + 1 :]]
    turns = sorted(way % math.pi for way in ways)
    turns.append(turns[0] + math.pi)
    most = 0
    for before, after in pairwise(turns):
        angle = (before + after) / 2
        ordered = y[np.argsort(x @ [math.cos(angle), math.sin(angle)])]
        for cut in range(len(y) + 1):
            agree = int((ordered[:cut] < 0).sum() + (ordered[cut:] > 0).sum())
            most = max(most, agree, len(y) - agree)
    return most


def test_xor() -> None:
    """One class has exactly one input on; no line gets more than three of the four."""
    x, y = xor()
    assert [(*point, label) for point, label in zip(x.tolist(), y.tolist(), strict=True)] == [
        (-1, -1, -1), (-1, 1, 1), (1, -1, 1), (1, 1, -1),
    ]  # fmt: skip
    assert best_line((x, y)) == 3


@pytest.mark.parametrize("count", [2, 3, 5, 9, 14])
def test_the_best_line(count: int) -> None:
    """It is the best of all that sorting the points along every direction finds."""
    for seed in range(12):
        random = np.random.default_rng(seed)
        task = uniform(random, (count, 2)), np.where(random.random(count) < 0.5, 1.0, -1.0)
        assert best_line(task) == by_angles(task)


def test_the_best_line_between_moons() -> None:
    """Two moons cannot be told apart by a line, for many seeds; the count is the one that sorting finds."""
    for seed in range(20):
        task = moons(np.random.default_rng(seed))
        assert 80 <= best_line(task) < 100
    fewer = moons(np.random.default_rng(0), 12)
    assert best_line(fewer) == by_angles(fewer)


def test_classes_that_a_line_can_tell_apart() -> None:
    """Where there is a line between the classes it is found."""
    x = uniform(np.random.default_rng(1), (60, 2))
    assert best_line((x, np.where(x @ [2.0, -1.0] > 0.3, 1.0, -1.0))) == 60


def test_moons() -> None:
    """Each class lies within the noise of a half-circle, whatever shifting and scaling brought either coordinate to
    mean 0 and standard deviation 1; the coordinates have few bits.
    """
    x, y = moons(np.random.default_rng(4))
    assert (x.shape, y.tolist()) == ((100, 2), [1.0] * 50 + [-1.0] * 50)
    assert x.mean(axis=0).tolist() == pytest.approx([0, 0], abs=1e-6)
    assert x.std(axis=0).tolist() == pytest.approx([1, 1], abs=1e-6)
    assert ((x * 2**20) % 1 == 0).all()
    for label, side in ((1.0, 1.0), (-1.0, -1.0)):
        along, up = x[y == label].T
        # A half-circle is an ellipse here, whose top or bottom is in the middle of its width.
        middle = np.abs(along - (along.max() + along.min()) / 2) < 0.3 * np.ptp(along) / 2
        assert (up[middle] * side).min() > (up[~middle] * side).mean()


def test_scores() -> None:
    """1 for right, 0 for wrong, 1/2 for what is as good as 0, 0 for nan."""
    out = np.array([2.0, -2.0, 1e-4, 0.0, math.nan, math.inf, -1e-2])
    assert decided(out)[:4].tolist() == [1.0, -1.0, 0.0, 0.0]
    assert scores(out, np.ones(7)).tolist() == [1.0, 0.0, 0.5, 0.5, 0.0, 1.0, 0.0]
    assert scores(out, -np.ones(7)).tolist() == [0.0, 1.0, 0.5, 0.5, 0.0, 0.0, 1.0]
