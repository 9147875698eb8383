"""Units that die: at a learning rate and from a start that are too much for them, their slope becomes zero everywhere.

A unit is dead when f' of its sum is zero at every point: no slope reaches its weights, so no step can move them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import Network, train
from actcli.core.demos.tasks import Task, moons, scores
from actcli.core.demos.words import count, failure, joined, lost, number
from actcli.core.spec import Bound, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.formats import Bools, Floats

__all__ = ["GENTLE", "HOSTILE", "NEARLY", "UNITS", "Dying", "Watched", "dying"]

UNITS = 16
HOSTILE, GENTLE = 20.0, 0.5
STEPS = 60
NEARLY = 1e-6
_SHIFT = 1.0
_SPREAD = 2.0
_USUAL = ("relu", "leaky_relu", "elu")


@dataclass(frozen=True)
class Watched:
    """A training whose units were counted before the first step and after each.

    dead     units whose slope is zero at every point;  nearly  below NEARLY in size at every point, the dead included
    woken    how often a dead unit has come back
    losses   the loss at the same times; fewer than there are steps if one was not finite
    right    how many of the points are in the right class at the end
    """

    label: str
    rate: float
    dead: Sequence[int]
    nearly: Sequence[int]
    woken: int
    losses: Floats
    right: float


@dataclass(frozen=True)
class Dying:
    """The same hostile training with several activations, the first of them the one in question; and with a remedy."""

    points: int
    runs: Sequence[Watched]
    gentle: Watched

    @property
    def columns(self) -> dict[str, list[float] | list[int] | list[str]]:
        """Every step of every training."""
        runs = [*self.runs, self.gentle]
        return {
            "activation": [run.label for run in runs for _ in run.dead],
            "rate": [run.rate for run in runs for _ in run.dead],
            "step": [step for run in runs for step in range(len(run.dead))],
            "dead": [share / UNITS for run in runs for share in run.dead],
            "nearly_dead": [share / UNITS for run in runs for share in run.nearly],
            "loss": [loss for run in runs for loss in run.losses.tolist()],
        }

    @property
    def sentences(self) -> list[str]:
        """What was seen."""
        subject, others = self.runs[0], self.runs[1:]
        ends = joined([f"{run.label} ends with {_units(run.dead[-1])}" for run in others])
        found = [f"At a learning rate of {number(HOSTILE)}, {_fate(subject)}; {ends}."]
        if any(run.dead[-1] for run in self.runs):
            woken = sum(run.woken for run in self.runs)
            found.append(f"{woken} of the dead came back." if woken else "None of the dead came back.")
        faint = [(run.label, run.nearly[-1] - run.dead[-1]) for run in self.runs if run.nearly[-1] > run.dead[-1]]
        if faint:
            more = joined([f"{units} of {label}" for label, units in faint])
            found.append(f"Next to dead, with slopes below {number(NEARLY)} at every point, are {more}.")
        for run in (*self.runs, self.gentle):
            found += failure(f"{run.label} at a rate of {number(run.rate)}", run.losses)
        named = [(subject.label, subject)]
        named += [("leaky_relu from the same start", run) for run in others if run.label == "leaky_relu"]
        named.append((f"{subject.label} at a rate of {number(GENTLE)}", self.gentle))
        right = [
            f"{name} gets {count(run.right)} right, with {_units(run.dead[-1])}"
            for name, run in named
            if not lost(run.losses)
        ]
        return [*found, f"Of {self.points} points, {'; '.join(right)}."] if right else found


def dying(chosen: Bound | None, seed: int) -> Dying:
    """Train at a hostile rate from a hostile start; then the first activation again, at a gentle rate."""
    bounds = [parse(name) for name in _USUAL]
    if chosen is not None:
        bounds = [chosen, *(bound for bound in bounds if bound.label != chosen.label)]
    task = moons(np.random.default_rng(seed))
    runs = [_watched(bound, task, HOSTILE, seed) for bound in bounds]
    return Dying(len(task[1]), runs, _watched(bounds[0], task, GENTLE, seed))


def _watched(f: Bound, task: Task, rate: float, seed: int) -> Watched:
    network = Network((2, UNITS, 1), f, np.random.default_rng([seed, 1]), _SPREAD)
    # The hostile start: biases that hold every sum down.
    network.biases[0] = network.biases[0] - _SHIFT
    dead: list[Bools] = []
    nearly: list[int] = []

    def watch() -> None:
        slopes = np.abs(network.slopes[0])
        dead.append((slopes == 0).all(axis=0))
        nearly.append(int((slopes < NEARLY).all(axis=0).sum()))

    losses = train(network, *task, rate, STEPS, watch)
    with np.errstate(all="ignore"):
        out = network.forward(task[0])
    history = np.stack(dead)
    woken = int((history[:-1] & ~history[1:]).sum())
    counts = history.sum(axis=1).tolist()
    return Watched(f.label, rate, counts, nearly, woken, losses, float(scores(out, task[1]).sum()))


def _fate(run: Watched) -> str:
    first, last = run.dead[0], run.dead[-1]
    if lost(run.losses):
        return f"{run.label} has {_units(last)} when its loss is lost"
    if first == UNITS:
        return f"{run.label} has a slope of 0 at every point from the start, so none of its {UNITS} units can learn"
    if first == last:
        return f"{run.label} {f'has {_units(last)} of {UNITS} at first and at last' if last else 'loses no unit'}"
    return f"{run.label} goes from {first} to {last} dead units of {UNITS} in {len(run.dead) - 1} steps"


def _units(dead: int) -> str:
    return "no dead unit" if not dead else f"{dead} dead unit{'s' * (dead > 1)}"
