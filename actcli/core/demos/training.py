"""The same network learns to tell two classes apart with an activation and with none, which can only draw a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.datasets import Task, best_line, decided, moons, scores, xor
from actcli.core.demos.network import Network, Trained, train
from actcli.core.demos.sentences import count, giving_up, joined
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.number_formats import Floats

__all__ = ["MOONS", "SIZES", "STEPS", "XOR", "Lesson", "Run", "Setting", "Training", "lesson",
           "training"]  # fmt: skip

SIZES = (2, 10, 6, 1)
"""Two hidden layers: with x**2 in one of them a border is a conic, and no conic runs between two moons."""

RATE, CLIP = 6.0, 0.08
"""A learning rate that is high enough for the small gradients of sigmoid, and a length that no gradient exceeds, so
that it is not too high for the large ones of x**2."""

STEPS = 160
_SPREAD = 2.5


@dataclass(frozen=True)
class Setting:
    """What is learnt, and the part of the plane that is looked at.

    rows, columns  into how many cells it is cut;  x1, x2  from where to where it goes, from left to right and upwards
    """

    name: str
    rows: int
    columns: int
    x1: tuple[float, float]
    x2: tuple[float, float]


XOR = Setting("XOR", 7, 36, (-1.7, 1.7), (-1.6, 1.6))
MOONS = Setting("two moons", 11, 36, (-2.25, 2.25), (-2.2, 2.2))


@dataclass(frozen=True)
class Run:
    """What a network with one activation learnt.

    scores     for each point 1 if it is in the right class at the end, 1/2 if the output is as good as 0 there, so that
               it is undecided, else 0; nan if training was given up
    right      how many are in the right class, half of the undecided ones counted as right
    undecided  how many are undecided
    region     what the network decides over the plane, row by row from its upper left: +1, -1, 0 for nothing, nan
    """

    label: str
    trained: Trained
    scores: Floats
    right: float
    undecided: int
    region: Floats


@dataclass(frozen=True)
class Lesson:
    """A task, the networks that learnt it, the last of them without an activation, and how the best line does.

    x, y  the points and their classes, +1 and -1
    line  how many of the points the best of all straight lines gets right
    """

    setting: Setting
    x: Floats
    y: Floats
    line: int
    runs: Sequence[Run]


@dataclass(frozen=True)
class Training:
    """What was learnt of each task, and how.

    sizes  the layers: inputs, hidden units, outputs;  rate  the learning rate;  clip  the length that no gradient
    exceeds;  steps  how many there were
    """

    sizes: Sequence[int]
    rate: float
    clip: float
    steps: int
    lessons: Sequence[Lesson]

    @property
    def columns(self) -> dict[str, list[float] | list[int] | list[str]]:
        """Every loss."""
        runs = [(lesson.setting.name, run) for lesson in self.lessons for run in lesson.runs]
        return {
            "task": [name for name, run in runs for _ in run.trained.losses],
            "activation": [run.label for _, run in runs for _ in run.trained.losses],
            "step": [step for _, run in runs for step in range(len(run.trained.losses))],
            "loss": [loss for _, run in runs for loss in run.trained.losses.tolist()],
        }

    @property
    def sentences(self) -> list[str]:
        """What was seen: what the activation learnt, and what a network without one did."""
        runs = self.lessons[0].runs
        found = [self._learnt(runs[0].label)] if len(runs) > 1 else []
        got = joined([_got(lesson) for lesson in self.lessons])
        most = joined([f"{lesson.line} ({100 * lesson.line / len(lesson.y):g}%)" for lesson in self.lessons])
        return [
            *found,
            f"{runs[-1].label}, which is as good as no activation, makes one line of all layers: it got {got} right, "
            f"and no line can get more than {most}.",
        ]

    def _learnt(self, label: str) -> str:
        better, worse, failed = [], [], []
        for lesson in self.lessons:
            run, name = lesson.runs[0], lesson.setting.name
            got = f"{count(run.right)} of {len(lesson.y)} points of {name}"
            if run.trained.stopped:
                failed.append(f"could not be trained on {name} ({giving_up(run.trained)})")
            elif run.right > lesson.line:
                better.append(got)
            else:
                worse.append(f"{got} (the best line: {lesson.line})")
        good = f"got {joined(better)} right, more than any line can" if better else ""
        rest = [f"got no more than a line can in {self.steps} steps, {joined(worse)}"] if worse else []
        return f"{label} {', but '.join(filter(None, [good, joined([*rest, *failed])]))}."


def _got(lesson: Lesson) -> str:
    none = lesson.runs[-1]
    tossed = f" (undecided at {none.undecided}, half of which count)" if none.undecided else ""
    return f"{count(none.right)} of {len(lesson.y)} points of {lesson.setting.name}{tossed}"


def training(f: BoundActivation, seed: int) -> Training:
    """XOR and two moons, learnt by a network with f and by one with identity, from the same start."""
    bounds = [f, *(bound for bound in [parse("identity")] if bound.label != f.label)]
    tasks = [(XOR, xor()), (MOONS, moons(np.random.default_rng(seed)))]
    return Training(SIZES, RATE, CLIP, STEPS, [lesson(setting, task, bounds, seed) for setting, task in tasks])


def lesson(setting: Setting, task: Task, bounds: Sequence[BoundActivation], seed: int) -> Lesson:
    """One task, learnt with each of the activations from the same random start."""
    return Lesson(setting, *task, best_line(task), [_run(setting, task, bound, seed) for bound in bounds])


def _run(setting: Setting, task: Task, f: BoundActivation, seed: int) -> Run:
    network = Network(SIZES, f, np.random.default_rng([seed, 1]), _SPREAD)
    trained = train(network, *task, RATE, STEPS, CLIP)
    x, y = task
    cells = grid(setting)
    if trained.stopped:
        known, region = np.full(len(x), np.nan), np.full(len(cells), np.nan)
    else:
        with np.errstate(all="ignore"):
            known, region = scores(network.forward(x), y), decided(network.forward(cells))
    return Run(
        label=f.label,
        trained=trained,
        scores=known,
        right=float(known.sum()),
        undecided=int((known == 0.5).sum()),
        region=region.reshape(setting.rows, setting.columns),
    )


def grid(setting: Setting) -> Floats:
    """The middles of the cells that the part of the plane is cut into, row by row from its upper left."""
    (left, right), (bottom, top) = setting.x1, setting.x2
    x1 = left + (right - left) / setting.columns * (np.arange(setting.columns) + 0.5)
    x2 = top - (top - bottom) / setting.rows * (np.arange(setting.rows) + 0.5)
    return np.stack([np.tile(x1, setting.rows), np.repeat(x2, setting.columns)], axis=1)
