"""Dead units in training: their counts over many seeds, and the summary."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from actcli.core.demos.dead_units import HOSTILE, ORDINARY, STEPS, UNITS, DeadUnits, DeadUnitsRun, dead_units
from actcli.core.demos.network import TrainingHistory
from actcli.core.spec import parse
from tests.core.demos.special_activations import bound
from tests.support.operations import calls
from tests.support.tiers import exhaustive, sampled

named = pytest.mark.parametrize


@cache
def usual(seed: int = 0) -> DeadUnits:
    """Return the experiment without a chosen activation."""
    return dead_units(None, seed)


@named("seed", sampled(range(20), 3))
def test_relu_dies_and_leaky_relu_does_not(seed: int) -> None:
    """Under hostile conditions most relu units die and accuracy is below a line's; leaky_relu and ordinary conditions
    avoid both.
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
        f"Under hostile conditions, relu left {relu.dead[-1]} of 12 units dead and got {relu.right:g} of 100 points "
        f"right."
    )
    assert found.sentences[-1].endswith(f"and got {found.remedy.right:g} of 100 points right.")
    assert len(found.sentences) == 4


def test_gradient_of_dead_units_is_zero() -> None:
    """The gradient by every weight and the bias of a dead unit is 0, so that it stays dead."""
    from actcli.core.demos.datasets import moons
    from actcli.core.demos.network import Network, cross_entropy

    x, y = moons(np.random.default_rng(0))
    network = Network((2, 3, 1), parse("relu"), np.random.default_rng(0))
    network.biases[0] = network.biases[0] - np.array([0.0, 99.0, 0.0])
    (by_weights, by_biases), _ = network.backward(cross_entropy(network.forward(x), y)[1])
    assert not by_weights[:, 1].any()
    assert by_biases[1] == 0
    assert by_weights[:, [0, 2]].all()


def test_units_of_step_are_dead_from_the_start() -> None:
    """All units are dead at every step if f' is 0 everywhere."""
    found = dead_units(bound("step"), 0)
    assert set(found.runs[0].dead) == {UNITS}
    assert "step left 12 of 12 units dead" in found.sentences[0]
    assert "relu left 12 of 12 units dead" in found.sentences[1]
    assert "leaky_relu left 0 of 12 units dead" in found.sentences[2]


def test_nearly_dead_units_are_counted_separately() -> None:
    """A unit with tiny but nonzero f' counts as nearly dead, not as dead."""
    elu = usual().runs[2]
    assert elu.dead[-1] < elu.nearly_dead[-1]


def test_chosen_activation_goes_first() -> None:
    """The chosen activation is listed first and once, and is the one trained under ordinary conditions."""
    found = dead_units(bound("leaky_relu"), 0)
    assert [run.label for run in found.runs] == ["leaky_relu", "relu", "elu"]
    assert (found.remedy.label, found.remedy.conditions) == ("leaky_relu", ORDINARY)
    assert {run.conditions for run in found.runs} == {HOSTILE}


@exhaustive
def test_square_has_no_dead_units() -> None:
    """x**2 keeps all units alive and its loss finite under hostile conditions."""
    found = dead_units(bound("square"), 0)
    square = found.runs[0]
    assert len(square.dead) == STEPS + 1
    assert np.isfinite(square.trained.losses).all()
    assert f"square left 0 of 12 units dead and got {square.right:g} of 100 points right" in found.sentences[0]


def test_training_that_stops_early() -> None:
    """The counts end where the training stopped, and the summary states the step instead of an accuracy."""
    found = dead_units(bound("log1mexp"), 0)
    run = found.runs[0]
    assert len(run.dead) == len(run.trained.losses) < STEPS + 1
    assert math.isnan(run.right)
    assert found.sentences[0].endswith("units dead when its training stopped (loss nan at step 0).")


def test_columns_have_a_row_per_step() -> None:
    """The columns have a row for every step of every training."""
    columns = usual().columns
    assert {len(column) for column in columns.values()} == {4 * (STEPS + 1)}
    assert max(columns["dead"]) == UNITS
    assert set(columns["units"]) == {UNITS}


def test_sentences_state_the_counts() -> None:
    """The summary states final dead units and accuracy of each training, whatever they are."""
    kept = DeadUnitsRun("relu", HOSTILE, TrainingHistory(np.ones(2), ""), [1, 1], [1, 1], 60.0)
    cured = replace(kept, conditions=ORDINARY)
    more = DeadUnitsRun("leaky_relu", HOSTILE, TrainingHistory(np.ones(2), ""), [0, 3], [0, 3], 40.0)
    assert DeadUnits(100, 12, 1, 1e-6, 90, [kept, more], cured).sentences == [
        "Under hostile conditions, relu left 1 of 12 units dead and got 60 of 100 points right.",
        "Under hostile conditions, leaky_relu left 3 of 12 units dead and got 40 of 100 points right.",
        "Under ordinary conditions, relu left 1 of 12 units dead and got 60 of 100 points right.",
    ]


@exhaustive
@named("spec", ["tan(x)", "snake:a=5"])
def test_work_is_bounded_for_periodic_activations(spec: str) -> None:
    """Activations that are slow to round for large sums take at most five times the work of the default ones."""
    work = [calls(partial(dead_units, chosen, 0)) for chosen in (None, parse(spec))]
    assert work[1] < 5 * work[0]
