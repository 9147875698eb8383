"""Units that die: at a learning rate and from a start that are too much for them, their derivative is zero everywhere.

A unit (neuron) is dead when f' of its weighted sum is zero at every point of the data: then so is the gradient by its
weights and its bias, and no step of gradient descent can move them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.datasets import Task, best_line, moons, scores
from actcli.core.demos.network import Network, Trained, train
from actcli.core.demos.sentences import count, giving_up, joined, number
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.number_formats import Bools

__all__ = ["HOSTILE", "NEARLY", "ORDINARY", "STEPS", "UNITS", "Conditions", "Dying", "Watched", "dead_units"]

UNITS = 12
STEPS = 150
NEARLY = 1e-6
"""A unit whose f' is smaller than this at every point is nearly dead."""

_CLIP = 1.0
_SPREAD = 1.5
_USUAL = ("relu", "leaky_relu", "elu")
_COMPARED = ("relu", "leaky_relu")


@dataclass(frozen=True)
class Conditions:
    """How a training is set up.

    rate     its learning rate
    lowered  by how much the biases of the hidden units are lowered at the start, which holds their sums down
    """

    name: str
    rate: float
    lowered: float


HOSTILE, ORDINARY = Conditions("hostile", 30.0, 1.5), Conditions("ordinary", 1.0, 0.0)


@dataclass(frozen=True)
class Watched:
    """A training whose units were counted before the first step and after each.

    dead   units whose f' is zero at every point;  nearly_dead  below NEARLY in size at every point, the dead included
    right  how many of the points are in the right class at the end; nan if training was given up
    """

    label: str
    conditions: Conditions
    trained: Trained
    dead: Sequence[int]
    nearly_dead: Sequence[int]
    right: float


@dataclass(frozen=True)
class Dying:
    """Several activations under hostile conditions, the first of them the one in question; and that one's remedy.

    points, units, steps  how much there is to learn, and of what;  nearly  the size of f' that counts as nearly dead
    line                  how many of the points the best of all straight lines gets right
    """

    points: int
    units: int
    steps: int
    nearly: float
    line: int
    runs: Sequence[Watched]
    remedy: Watched

    @property
    def columns(self) -> dict[str, list[float] | list[int] | list[str]]:
        """Every step of every training."""
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
        """What was seen: how the activation fared, and relu or leaky_relu, and what helps."""
        others = joined([self._fate(run) for run in self.runs[1:] if run.label in _COMPARED])
        return [
            f"Under hostile conditions {self._fate(self.runs[0])}, while {others}; of the {self.points} points a coin "
            f"gets {count(self.points / 2)} right and the best line {self.line}.",
            f"From an ordinary start and at a learning rate of {number(self.remedy.conditions.rate)}, "
            f"{self._fate(self.remedy)}.",
        ]

    def _fate(self, run: Watched) -> str:
        first, last = run.dead[0], run.dead[-1]
        if first == self.units:
            died = f"had an f' of 0 at every point from the start, so that none of its {self.units} units could learn,"
        elif first < last:
            died = f"went from {first} to {last} dead units of {self.units}"
        elif last:
            died = f"had {last} dead unit{'s' * (last > 1)} of {self.units} at the start and at the end"
        else:
            died = "lost no unit"
        if run.trained.stopped:
            return f"{run.label} {died} until training was given up, as {giving_up(run.trained)}"
        return f"{run.label} {died} and got {count(run.right)} right"


def dead_units(chosen: BoundActivation | None, seed: int) -> Dying:
    """Train under hostile conditions; then the first activation again, under ordinary ones."""
    bounds = [parse(name) for name in _USUAL]
    if chosen is not None:
        bounds = [chosen, *(bound for bound in bounds if bound.label != chosen.label)]
    task = moons(np.random.default_rng(seed))
    return Dying(
        points=len(task[1]),
        units=UNITS,
        steps=STEPS,
        nearly=NEARLY,
        line=best_line(task),
        runs=[_watched(bound, task, HOSTILE, seed) for bound in bounds],
        remedy=_watched(bounds[0], task, ORDINARY, seed),
    )


def _watched(f: BoundActivation, task: Task, conditions: Conditions, seed: int) -> Watched:
    network = Network((2, UNITS, 1), f, np.random.default_rng([seed, 1]), _SPREAD)
    network.biases[0] = network.biases[0] - conditions.lowered
    dead: list[int] = []
    nearly: list[int] = []

    def watch() -> None:
        sizes = np.abs(network.derivatives[0])
        dead.append(_everywhere(sizes == 0))
        nearly.append(_everywhere(sizes < NEARLY))

    trained = train(network, *task, conditions.rate, STEPS, _CLIP, watch)
    x, y = task
    with np.errstate(all="ignore"):
        right = float("nan") if trained.stopped else float(scores(network.forward(x), y).sum())
    return Watched(f.label, conditions, trained, dead, nearly, right)


def _everywhere(facts: Bools) -> int:
    """For how many of the units (columns) something is so at every point."""
    return int(facts.all(axis=0).sum())
