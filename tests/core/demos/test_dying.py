"""Units that die, over many seeds, and what helps."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from actcli.core.demos.dying import STEPS, UNITS, Dying, Watched, dying

from .odd_ones import bound

named = pytest.mark.parametrize


@cache
def usual() -> Dying:
    """What is run if nothing is chosen."""
    return dying(None, 0)


@named("seed", range(5))
def test_relu_dies_and_leaky_relu_does_not(seed: int) -> None:
    """relu loses most of its units for good; leaky_relu none, and gets more right; so does relu at a gentle rate."""
    found = dying(None, seed)
    relu, leaky, _ = found.runs
    assert relu.dead[-1] >= 0.75 * UNITS
    assert relu.dead[-1] > relu.dead[0]
    assert relu.woken == 0
    assert list(relu.dead) == sorted(relu.dead)
    assert set(leaky.dead) == set(leaky.nearly) == {0}
    assert leaky.right > relu.right
    assert found.gentle.dead[0] == relu.dead[0]
    assert found.gentle.dead[-1] < relu.dead[-1]
    assert found.gentle.right > relu.right
    assert f"relu goes from {relu.dead[0]} to {relu.dead[-1]} dead units of 16 in 60 steps" in found.sentences[0]
    assert "None of the dead came back." in found.sentences


def test_a_slope_that_is_zero_everywhere() -> None:
    """step has no slope to begin with, and that is said."""
    found = dying(bound("step"), 0)
    assert set(found.runs[0].dead) == {UNITS}
    assert (
        "step has a slope of 0 at every point from the start, so none of its 16 units can learn" in found.sentences[0]
    )


def test_slopes_that_are_next_to_zero() -> None:
    """A unit whose slopes are tiny but not zero is counted apart from the dead."""
    found = usual()
    elu = found.runs[2]
    assert elu.dead[-1] < elu.nearly[-1]
    more = elu.nearly[-1] - elu.dead[-1]
    assert f"Next to dead, with slopes below 1e-06 at every point, are {more} of elu." in found.sentences


def test_the_one_that_is_chosen() -> None:
    """It goes first, once, and is the one that is tried at a gentle rate."""
    found = dying(bound("leaky_relu"), 0)
    assert [run.label for run in found.runs] == ["leaky_relu", "relu", "elu"]
    assert (found.gentle.label, found.gentle.rate) == ("leaky_relu", 0.5)
    assert "leaky_relu loses no unit" in found.sentences[0]


@named("spec", ["affine:alpha=1e200,beta=0", "square"])
def test_a_loss_that_is_lost(spec: str) -> None:
    """A loss that leaves the finite numbers is told with its step, and the counts end there."""
    found = dying(bound(spec), 0)
    run = found.runs[0]
    assert len(run.dead) == len(run.losses) < STEPS + 1
    assert re.search(rf"{re.escape(spec)} has (no|\d+) dead units? when its loss is lost", found.sentences[0])
    assert any(f"The loss of {spec} at a rate of 20 became" in sentence for sentence in found.sentences)
    assert f"{spec} gets" not in found.sentences[-1]


def test_columns() -> None:
    """Every step of every training is a row."""
    columns = usual().columns
    assert {len(column) for column in columns.values()} == {4 * (STEPS + 1)}
    assert max(share for share in columns["dead"] if isinstance(share, float)) <= 1


def test_units_that_come_back_would_be_told() -> None:
    """The sentence on the dead is made from the count of those that came back."""
    run = Watched("f", 20.0, [3, 1], [3, 1], 2, np.array([1.0, 0.5]), 60.0)
    assert "2 of the dead came back." in Dying(100, [run], run).sentences
