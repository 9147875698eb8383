"""Dead units: how relu units die under a high learning rate, and which activations prevent it.

A unit (neuron) is dead when f' of its weighted sum is 0 at every point of the data. The gradient by its weights and its
bias is then 0 too, so gradient descent cannot change them any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.datasets import Task, best_line, moons, scores
from actcli.core.demos.network import Network, TrainingHistory, train
from actcli.core.demos.sentences import score, stop_reason
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.number_formats import Bools

__all__ = [
    "HOSTILE",
    "NEARLY_DEAD_DERIVATIVE",
    "ORDINARY",
    "STEPS",
    "UNITS",
    "Conditions",
    "DeadUnits",
    "DeadUnitsRun",
    "dead_units",
]

UNITS = 12
STEPS = 150
NEARLY_DEAD_DERIVATIVE = 1e-6
"""A unit is nearly dead when |f'| is below this at every point."""

_CLIP = 1.0
"""The maximum length of a gradient."""
_SPREAD = 1.5
"""Spread of the initial weights (see Network)."""
_COMPARED_ACTIVATIONS = ("relu", "leaky_relu", "elu")
"""The activations that are compared."""


@dataclass(frozen=True)
class Conditions:
    """The set-up of a training.

    rate     the learning rate
    lowered  the amount subtracted from the initial biases of the hidden units, which keeps their sums low
    """

    name: str
    rate: float
    lowered: float


HOSTILE, ORDINARY = Conditions("hostile", 30.0, 1.5), Conditions("ordinary", 1.0, 0.0)


@dataclass(frozen=True)
class DeadUnitsRun:
    """A training with its dead units, counted before the first step and after each step.

    dead         number of units with f' = 0 at every point
    nearly_dead  number of units with |f'| < NEARLY_DEAD_DERIVATIVE at every point, including the dead
    right        number of points classified correctly at the end; nan if training stopped early
    """

    label: str
    conditions: Conditions
    trained: TrainingHistory
    dead: Sequence[int]
    nearly_dead: Sequence[int]
    right: float


@dataclass(frozen=True)
class DeadUnits:
    """Several activations trained under hostile conditions, and the first of them under ordinary ones (`remedy`).

    points, units, steps  number of points, hidden units and training steps
    nearly                the threshold of nearly_dead
    line                  number of points that the best straight line classifies correctly
    """

    points: int
    units: int
    steps: int
    nearly: float
    line: int
    runs: Sequence[DeadUnitsRun]
    remedy: DeadUnitsRun

    @property
    def columns(self) -> dict[str, list[float] | list[int] | list[str]]:
        """Every step of every training, by header."""
        runs = [*self.runs, self.remedy]
        return {
            "activation": [run.label for run in runs for _ in run.dead],
            "conditions": [run.conditions.name for run in runs for _ in run.dead],
            "rate": [run.conditions.rate for run in runs for _ in run.dead],
            "step": [step for run in runs for step in range(len(run.dead))],
            "units": [self.units for run in runs for _ in run.dead],
            "dead": [dead for run in runs for dead in run.dead],
            "nearly_dead": [nearly for run in runs for nearly in run.nearly_dead],
            "loss": [loss for run in runs for loss in run.trained.losses.tolist()],
        }

    @property
    def sentences(self) -> list[str]:
        """A summary: one sentence per training."""
        return [self._summary(run) for run in (*self.runs, self.remedy)]

    def _summary(self, run: DeadUnitsRun) -> str:
        left = f"Under {run.conditions.name} conditions, {run.label} left {run.dead[-1]} of {self.units} units dead"
        if run.trained.stopped:
            return f"{left} when its training stopped ({stop_reason(run.trained)})."
        return f"{left} and got {score(run.right, self.points)} right."


def dead_units(chosen: BoundActivation | None, seed: int) -> DeadUnits:
    """Train each activation under hostile conditions, and the first again under ordinary ones; `chosen` goes first."""
    bounds = [parse(name) for name in _COMPARED_ACTIVATIONS]
    if chosen is not None:
        bounds = [chosen, *(bound for bound in bounds if bound.label != chosen.label)]
    task = moons(np.random.default_rng(seed))
    return DeadUnits(
        points=len(task[1]),
        units=UNITS,
        steps=STEPS,
        nearly=NEARLY_DEAD_DERIVATIVE,
        line=best_line(task),
        runs=[_train_and_count(bound, task, HOSTILE, seed) for bound in bounds],
        remedy=_train_and_count(bounds[0], task, ORDINARY, seed),
    )


def _train_and_count(f: BoundActivation, task: Task, conditions: Conditions, seed: int) -> DeadUnitsRun:
    network = Network((2, UNITS, 1), f, np.random.default_rng([seed, 1]), _SPREAD)
    network.biases[0] = network.biases[0] - conditions.lowered
    dead: list[int] = []
    nearly: list[int] = []

    def watch() -> None:
        sizes = np.abs(network.derivatives[0])
        dead.append(_count_everywhere(sizes == 0))
        nearly.append(_count_everywhere(sizes < NEARLY_DEAD_DERIVATIVE))

    trained = train(network, *task, conditions.rate, STEPS, _CLIP, watch)
    x, y = task
    with np.errstate(all="ignore"):
        right = float("nan") if trained.stopped else float(scores(network.forward(x), y).sum())
    return DeadUnitsRun(f.label, conditions, trained, dead, nearly, right)


def _count_everywhere(mask: Bools) -> int:
    """Return the number of units (columns) for which the mask is true at every point (row)."""
    return int(mask.all(axis=0).sum())
