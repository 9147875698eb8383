"""The datasets, and the best accuracy of a straight line on them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from actcli.core.demos.datasets import Task, best_line, moons, predicted_classes, scores, xor
from actcli.core.demos.network import uniform


def by_angles(task: Task) -> int:
    """Return the best accuracy of a line, by trying every order of the points along a direction."""
    x, y = task
    angles = [math.atan2(*(b - a)[[1, 0]]) + math.pi / 2 for i, a in enumerate(x) for b in x[i + 1 :]]
    turns = sorted(angle % math.pi for angle in angles)
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
    """Class +1 has exactly one input on; the best line gets three of the four points."""
    x, y = xor()
    assert [(*point, label) for point, label in zip(x.tolist(), y.tolist(), strict=True)] == [
        (-1, -1, -1), (-1, 1, 1), (1, -1, 1), (1, 1, -1),
    ]  # fmt: skip
    assert best_line((x, y)) == 3


@pytest.mark.parametrize("count", [2, 3, 5, 9, 14])
def test_best_line_of_random_points(count: int) -> None:
    """best_line equals the best accuracy found by sorting the points along every direction."""
    for seed in range(12):
        random = np.random.default_rng(seed)
        task = uniform(random, (count, 2)), np.where(random.random(count) < 0.5, 1.0, -1.0)
        assert best_line(task) == by_angles(task)


def test_best_line_of_moons() -> None:
    """No line separates two moons, for any of 20 seeds; the count equals that found by sorting."""
    for seed in range(20):
        task = moons(np.random.default_rng(seed))
        assert 80 <= best_line(task) < 100
    fewer = moons(np.random.default_rng(0), 12)
    assert best_line(fewer) == by_angles(fewer)


def test_best_line_of_separable_classes() -> None:
    """best_line gets all points right if a line separates the classes."""
    x = uniform(np.random.default_rng(1), (60, 2))
    assert best_line((x, np.where(x @ [2.0, -1.0] > 0.3, 1.0, -1.0))) == 60


def test_moons() -> None:
    """The moons are half-circles, standardised to mean 0 and standard deviation 1, with coordinates of few bits."""
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
    """A score is 1 if right, 0 if wrong or nan, and 1/2 if the output is within MAX_UNDECIDED of 0."""
    out = np.array([2.0, -2.0, 1e-4, 0.0, math.nan, math.inf, -1e-2])
    assert predicted_classes(out)[:4].tolist() == [1.0, -1.0, 0.0, 0.0]
    assert scores(out, np.ones(7)).tolist() == [1.0, 0.0, 0.5, 0.5, 0.0, 1.0, 0.0]
    assert scores(out, -np.ones(7)).tolist() == [0.0, 1.0, 0.5, 0.5, 0.0, 0.0, 1.0]
