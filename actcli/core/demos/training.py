"""Training: the same network learns two classes with an activation, and without one, which can only draw a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.datasets import Task, best_line, moons, predicted_classes, scores, xor
from actcli.core.demos.network import Network, TrainingHistory, train
from actcli.core.demos.sentences import score, stop_reason
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse
from actcli.text import join_and

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.number_formats import Floats

__all__ = [
    "LAYER_SIZES",
    "MOONS",
    "STEPS",
    "XOR",
    "Lesson",
    "Run",
    "Setting",
    "Training",
    "train_on",
    "training",
]  # fmt: skip

LAYER_SIZES = (2, 10, 6, 1)
"""Inputs, hidden units, output. One hidden layer with x**2 could only draw a conic, which cannot separate two moons."""

RATE, CLIP = 6.0, 0.08
"""The learning rate and the maximum length of a gradient: the rate suits the small gradients of sigmoid, and clipping
makes it suit the large ones of x**2."""

STEPS = 160
_SPREAD = 2.5
"""Spread of the initial weights (see Network)."""


@dataclass(frozen=True)
class Setting:
    """A dataset's name and its map: a grid of rows by columns over the ranges x1 (horizontal) and x2 (vertical)."""

    name: str
    rows: int
    columns: int
    x1: tuple[float, float]
    x2: tuple[float, float]


XOR = Setting("XOR", 7, 36, (-1.7, 1.7), (-1.6, 1.6))
MOONS = Setting("two moons", 11, 36, (-2.25, 2.25), (-2.2, 2.2))


@dataclass(frozen=True)
class Run:
    """The result of training with one activation.

    scores     per point 1 if it is classified correctly at the end, 1/2 if undecided, else 0; nan if training stopped
               early
    right      number of points classified correctly, undecided ones counted as one half
    undecided  number of undecided points
    region     the predicted class per cell of the map, from the upper left: +1, -1, 0 (undecided) or nan
    """

    label: str
    trained: TrainingHistory
    scores: Floats
    right: float
    undecided: int
    region: Floats


@dataclass(frozen=True)
class Lesson:
    """A dataset and the networks trained on it, the last of them without an activation (identity).

    x, y  the points and their classes, +1 and -1
    line  number of points that the best straight line classifies correctly
    """

    setting: Setting
    x: Floats
    y: Floats
    line: int
    runs: Sequence[Run]


@dataclass(frozen=True)
class Training:
    """The results on each dataset, and the set-up.

    sizes  inputs, hidden units per layer, outputs
    rate   the learning rate
    clip   the maximum length of a gradient
    steps  number of training steps
    """

    sizes: Sequence[int]
    rate: float
    clip: float
    steps: int
    lessons: Sequence[Lesson]

    @property
    def columns(self) -> dict[str, list[float] | list[int] | list[str]]:
        """Every loss of every training, by header."""
        runs = [(lesson.setting.name, run) for lesson in self.lessons for run in lesson.runs]
        return {
            "task": [name for name, run in runs for _ in run.trained.losses],
            "activation": [run.label for _, run in runs for _ in run.trained.losses],
            "step": [step for _, run in runs for step in range(len(run.trained.losses))],
            "loss": [loss for _, run in runs for loss in run.trained.losses.tolist()],
        }

    @property
    def sentences(self) -> list[str]:
        """A summary: one sentence per dataset, and one on the network without an activation."""
        no_activation = self.lessons[0].runs[-1].label
        return [
            *map(_summary, self.lessons),
            f"{no_activation} stands for no activation: all layers together can only draw a straight line.",
        ]


def _summary(lesson: Lesson) -> str:
    points = len(lesson.y)
    results = join_and([_result(run, points) for run in lesson.runs])
    return f"On {lesson.setting.name}, {results}. The best straight line gets {lesson.line}."


def _result(run: Run, points: int) -> str:
    if run.trained.stopped:
        return f"training with {run.label} stopped early ({stop_reason(run.trained)})"
    undecided = f" ({run.undecided} undecided, each counted as one half)" if run.undecided else ""
    return f"{run.label} got {score(run.right, points)} right{undecided}"


def training(f: BoundActivation, seed: int) -> Training:
    """Train a network with f and one with identity on XOR and two moons, from the same initial weights."""
    bounds = [f, *(bound for bound in [parse("identity")] if bound.label != f.label)]
    tasks = [(XOR, xor()), (MOONS, moons(np.random.default_rng(seed)))]
    return Training(LAYER_SIZES, RATE, CLIP, STEPS, [train_on(setting, task, bounds, seed) for setting, task in tasks])


def train_on(setting: Setting, task: Task, bounds: Sequence[BoundActivation], seed: int) -> Lesson:
    """Train one network per activation on a dataset, from the same initial weights."""
    return Lesson(setting, *task, best_line(task), [_run(setting, task, bound, seed) for bound in bounds])


def _run(setting: Setting, task: Task, f: BoundActivation, seed: int) -> Run:
    network = Network(LAYER_SIZES, f, np.random.default_rng([seed, 1]), _SPREAD)
    trained = train(network, *task, RATE, STEPS, CLIP)
    x, y = task
    cells = grid(setting)
    if trained.stopped:
        point_scores, region = np.full(len(x), np.nan), np.full(len(cells), np.nan)
    else:
        with np.errstate(all="ignore"):
            point_scores, region = scores(network.forward(x), y), predicted_classes(network.forward(cells))
    return Run(
        label=f.label,
        trained=trained,
        scores=point_scores,
        right=float(point_scores.sum()),
        undecided=int((point_scores == 0.5).sum()),
        region=region.reshape(setting.rows, setting.columns),
    )


def grid(setting: Setting) -> Floats:
    """Return the centres of the map's cells (n, 2), row by row from the upper left."""
    (left, right), (bottom, top) = setting.x1, setting.x2
    x1 = left + (right - left) / setting.columns * (np.arange(setting.columns) + 0.5)
    x2 = top - (top - bottom) / setting.rows * (np.arange(setting.rows) + 0.5)
    return np.stack([np.tile(x1, setting.rows), np.repeat(x2, setting.columns)], axis=1)
