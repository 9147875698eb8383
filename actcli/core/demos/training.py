"""The same network learns to tell two classes apart with an activation and with none, which can only draw a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import Network, train
from actcli.core.demos.tasks import Task, best_line, decided, moons, scores, xor
from actcli.core.demos.words import count, failure, lost, number
from actcli.core.spec import Bound, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.formats import Floats

__all__ = ["HIDDEN", "Lesson", "Run", "Setting", "Training", "lesson", "training"]

HIDDEN = 8
_SPREAD = 1.5
_GRID = 13, 36


@dataclass(frozen=True)
class Setting:
    """What is learnt and how: the learning rate, the steps, and the part of the plane that is looked at."""

    name: str
    rate: float
    steps: int
    across: tuple[float, float]
    up: tuple[float, float]


XOR = Setting("XOR", 0.5, 250, (-1.8, 1.8), (-1.3, 1.3))
MOONS = Setting("Two moons", 1.0, 400, (-1.4, 2.4), (-1.05, 1.55))


@dataclass(frozen=True)
class Run:
    """What a network with one activation learnt.

    losses  before the first step and after each; fewer than there are steps if one was not finite
    scores  for each point 1 if it is in the right class at the end, 1/2 if that is undecided, else 0
    region  what it decides over a grid of the plane, from its upper left: +1, -1, 0 for nothing, nan
    """

    label: str
    losses: Floats
    scores: Floats
    region: Floats

    @property
    def right(self) -> float:
        """How many points are in the right class, a coin being tossed for the undecided ones."""
        return float(self.scores.sum())


@dataclass(frozen=True)
class Lesson:
    """A task, the networks that learnt it, the last of them without an activation, and how the best line does.

    line  how many of the points the best of all straight lines gets right
    """

    setting: Setting
    x: Floats
    y: Floats
    line: int
    runs: Sequence[Run]

    @property
    def sentences(self) -> list[str]:
        """What was seen."""
        of, none = len(self.y), self.runs[-1]
        finite = [run for run in self.runs if not lost(run.losses)]
        right = [f"{run.label} gets {count(run.right)} of {of} points right" for run in finite[:1]]
        right += [f"{run.label} gets {count(run.right)}" for run in finite[1:]]
        found = [f"{self.setting.name}: {', '.join([*right, f'the best of all straight lines gets {self.line}'])}."]
        for run in self.runs:
            found += failure(run.label, run.losses)
        for run in finite:
            undecided = int((run.scores == 0.5).sum())
            if undecided:
                found.append(f"{run.label} decides nothing at {undecided} of them, and half of these count as right.")
        for run in finite:
            if run.right > self.line:
                found.append(f"{run.label} has drawn a border that is no line.")
            elif run is not none:
                found.append(f"{run.label} gets no more than a line can.")
        if none.right <= self.line:
            most = f"{self.line} of {of} ({number(100 * self.line / of)}%)"
            found.append(f"{none.label} can draw a line and nothing else: {most} is all that it could ever get.")
        return found


@dataclass(frozen=True)
class Training:
    """What was learnt of each task."""

    lessons: Sequence[Lesson]

    @property
    def columns(self) -> dict[str, list[float] | list[int] | list[str]]:
        """Every loss."""
        runs = [(lesson.setting.name, run) for lesson in self.lessons for run in lesson.runs]
        return {
            "task": [name for name, run in runs for _ in run.losses],
            "activation": [run.label for _, run in runs for _ in run.losses],
            "step": [step for _, run in runs for step in range(len(run.losses))],
            "loss": [loss for _, run in runs for loss in run.losses.tolist()],
        }

    @property
    def sentences(self) -> list[str]:
        """What was seen."""
        return [sentence for lesson in self.lessons for sentence in lesson.sentences]


def training(f: Bound, seed: int) -> Training:
    """XOR and two moons, learnt by a network with f and by one with identity, from the same start."""
    bounds = [f, *(bound for bound in [parse("identity")] if bound.label != f.label)]
    tasks = [(XOR, xor()), (MOONS, moons(np.random.default_rng(seed)))]
    return Training([lesson(setting, task, bounds, seed) for setting, task in tasks])


def lesson(setting: Setting, task: Task, bounds: Sequence[Bound], seed: int) -> Lesson:
    """One task, learnt with each of the activations from the same random start."""
    return Lesson(setting, *task, best_line(task), [_run(setting, task, bound, seed) for bound in bounds])


def _run(setting: Setting, task: Task, f: Bound, seed: int) -> Run:
    network = Network((2, HIDDEN, 1), f, np.random.default_rng([seed, 1]), _SPREAD)
    losses = train(network, *task, setting.rate, setting.steps)
    with np.errstate(all="ignore"):
        region = decided(network.forward(grid(setting))).reshape(_GRID)
        return Run(f.label, losses, scores(network.forward(task[0]), task[1]), region)


def grid(setting: Setting) -> Floats:
    """The middles of the cells that the part of the plane is cut into, row by row from its upper left."""
    rows, columns = _GRID
    (left, end), (bottom, top) = setting.across, setting.up
    x1 = left + (end - left) / columns * (np.arange(columns) + 0.5)
    x2 = top - (top - bottom) / rows * (np.arange(rows) + 0.5)
    return np.stack([np.tile(x1, rows), np.repeat(x2, columns)], axis=1)
