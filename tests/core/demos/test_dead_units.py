"""Units that die, over many seeds, and what helps."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from actcli.core.demos.dead_units import HOSTILE, ORDINARY, STEPS, UNITS, Dying, Watched, dead_units
from actcli.core.demos.network import Trained
from actcli.core.spec import parse
from tests.core.demos.odd_ones import bound
from tests.support.operations import calls
from tests.support.tiers import sampled

named = pytest.mark.parametrize


@cache
def usual(seed: int = 0) -> Dying:
    """What is run if nothing is chosen."""
    return dead_units(None, seed)


@named("seed", sampled(range(20), 3))
def test_relu_dies_and_leaky_relu_does_not(seed: int) -> None:
    """relu loses most of its units for good and gets less than a line; leaky_relu loses none and gets more than relu;
    and under ordinary conditions relu keeps nearly all and gets more than any line.
    """
    found = usual(seed)
    relu, leaky, _ = found.runs
    assert relu.dead[-1] >= 0.75 * UNITS
    assert relu.dead[-1] > relu.dead[0]
    assert list(relu.dead) == sorted(relu.dead)
    assert set(leaky.dead) == set(leaky.nearly_dead) == {0}
    assert relu.right < leaky.right
    assert relu.right < found.line
    assert leaky.right >= 75
    assert found.remedy.dead[-1] <= 2
    assert found.remedy.right > found.line
    assert found.sentences[0] == (
        f"Under hostile conditions relu went from {relu.dead[0]} to {relu.dead[-1]} dead units of 12 and got "
        f"{relu.right:g} right, while leaky_relu lost no unit and got {leaky.right:g} right; of the 100 points a coin "
        f"gets 50 right and the best line {found.line}."
    )
    assert found.sentences[1].endswith(f"and got {found.remedy.right:g} right.")
    assert len(found.sentences) == 2


def test_the_dead_have_no_gradient() -> None:
    """Why they stay dead: the gradient by every weight and the bias of a dead unit is 0."""
    from actcli.core.demos.datasets import moons
    from actcli.core.demos.network import Network, loss_of

    x, y = moons(np.random.default_rng(0))
    network = Network((2, 3, 1), parse("relu"), np.random.default_rng(0))
    network.biases[0] = network.biases[0] - np.array([0.0, 99.0, 0.0])
    (by_weights, by_biases), _ = network.backward(loss_of(network.forward(x), y)[1])
    assert not by_weights[:, 1].any()
    assert by_biases[1] == 0
    assert by_weights[:, [0, 2]].all()


def test_a_derivative_that_is_zero_everywhere() -> None:
    """step has no derivative to begin with, and that is said."""
    found = dead_units(bound("step"), 0)
    assert set(found.runs[0].dead) == {UNITS}
    assert "step had an f' of 0 at every point from the start" in found.sentences[0]
    assert "while relu went from 5 to 12 dead units of 12" in found.sentences[0]
    assert "and leaky_relu lost no unit" in found.sentences[0]


def test_derivatives_that_are_next_to_zero() -> None:
    """A unit whose f' is tiny but not zero is counted apart from the dead."""
    elu = usual().runs[2]
    assert elu.dead[-1] < elu.nearly_dead[-1]


def test_the_one_that_is_chosen() -> None:
    """It goes first, once, and is the one that is tried under ordinary conditions; leaky_relu is compared with relu."""
    found = dead_units(bound("leaky_relu"), 0)
    assert [run.label for run in found.runs] == ["leaky_relu", "relu", "elu"]
    assert (found.remedy.label, found.remedy.conditions) == ("leaky_relu", ORDINARY)
    assert {run.conditions for run in found.runs} == {HOSTILE}
    assert "leaky_relu lost no unit" in found.sentences[0]
    assert "while relu went from" in found.sentences[0]


def test_a_square() -> None:
    """x**2 does not die, its loss stays finite, and what is said of it is true."""
    found = dead_units(bound("square"), 0)
    square = found.runs[0]
    assert len(square.dead) == STEPS + 1
    assert np.isfinite(square.trained.losses).all()
    assert f"square lost no unit and got {square.right:g} right" in found.sentences[0]


def test_a_training_that_is_given_up() -> None:
    """It is told with its step, the counts end there, and nothing is claimed of what was learnt."""
    found = dead_units(bound("log1mexp"), 0)
    run = found.runs[0]
    assert len(run.dead) == len(run.trained.losses) < STEPS + 1
    assert math.isnan(run.right)
    assert "until training was given up, as its loss is nan before the first step" in found.sentences[0]


def test_columns() -> None:
    """Every step of every training is a row, with counts of units."""
    columns = usual().columns
    assert {len(column) for column in columns.values()} == {4 * (STEPS + 1)}
    assert max(columns["dead"]) == UNITS
    assert set(columns["units"]) == {UNITS}


def test_sentences_follow_the_numbers() -> None:
    """The sentences are made from the counts."""
    kept = Watched("relu", HOSTILE, Trained(np.ones(2), ""), [1, 1], [1, 1], 60.0)
    cured = replace(kept, conditions=ORDINARY)
    more = Watched("leaky_relu", HOSTILE, Trained(np.ones(2), ""), [0, 3], [0, 3], 40.0)
    assert Dying(100, 12, 1, 1e-6, 90, [kept, more], cured).sentences == [
        "Under hostile conditions relu had 1 dead unit of 12 at the start and at the end and got 60 right, while "
        "leaky_relu went from 0 to 3 dead units of 12 and got 40 right; of the 100 points a coin gets 50 right and the "
        "best line 90.",
        "From an ordinary start and at a learning rate of 1, relu had 1 dead unit of 12 at the start and at the end "
        "and got 60 right.",
    ]


@named("spec", sampled(["tan(x)", "snake:a=5"], 1))
def test_waves_take_no_longer(spec: str) -> None:
    """Activations whose exact rounding is dear for large sums take at most five times the default's work."""
    work = [calls(partial(dead_units, chosen, 0)) for chosen in (None, parse(spec))]
    assert work[1] < 5 * work[0]
