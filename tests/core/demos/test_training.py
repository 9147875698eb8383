"""What networks learn with an activation and without, over many seeds."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from actcli.core.demos.datasets import moons, xor
from actcli.core.demos.network import Trained
from actcli.core.demos.training import MOONS, SIZES, STEPS, XOR, Lesson, Run, Training, grid, lesson, training
from actcli.core.spec import parse
from tests.core.demos.odd_ones import bound
from tests.support.operations import calls
from tests.support.tiers import exhaustive, is_full, sampled

named = pytest.mark.parametrize

SEEDS = range(20)


@named("seed", sampled(SEEDS, 3))
def test_tanh_and_identity(seed: int) -> None:
    """tanh learns XOR whole and more of two moons than any line can; identity never more than the best line; and the
    two sentences say so.
    """
    found = training(bound("tanh"), seed)
    for each in found.lessons:
        tanh, identity = each.runs
        assert tanh.right > each.line
        assert tanh.right >= 0.98 * len(each.y)
        assert identity.right <= each.line < len(each.y)
    (all_xor, no_xor), (all_moons, no_moons) = (each.runs for each in found.lessons)
    line = found.lessons[1].line
    assert found.sentences == [
        f"tanh got {all_xor.right:g} of 4 points of XOR and {all_moons.right:g} of 100 points of two moons right, more "
        f"than any line can.",
        f"identity, which is as good as no activation, makes one line of all layers: it got 2 of 4 points of XOR "
        f"(undecided at 4, half of which count) and {no_moons.right:g} of 100 points of two moons right, and no line "
        f"can get more than 3 (75%) and {line} ({line}%).",
    ]
    assert no_xor.undecided == 4


def beaten(spec: str, seeds: range) -> int:
    """For how many seeds the activation got more of both tasks than any line."""
    found = 0
    for seed in seeds:
        tasks = ((XOR, xor()), (MOONS, moons(np.random.default_rng(seed))))
        lessons = [lesson(setting, task, [bound(spec)], seed) for setting, task in tasks]
        found += all(each.runs[0].right > each.line for each in lessons)
    return found


@named("spec", ["square", "sin", "relu"])
def test_others_learn(spec: str) -> None:
    """What bends gets more than any line for nearly every seed, the surprising choices too."""
    assert beaten(spec, range(3)) >= 2


@exhaustive
@named("spec", ["square", "sin", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "softsign",
                "gaussian", "abs(x)", "x**3"])  # fmt: skip
def test_others_learn_for_nearly_all_seeds(spec: str) -> None:
    """What bends gets more than any line for at least 18 of 20 seeds."""
    assert beaten(spec, SEEDS) >= 18


@named("spec", sampled(["tan(x)", "snake:a=5", "x*sin(x)"], 1))
def test_waves_take_no_longer(spec: str) -> None:
    """Activations whose exact rounding is dear for large sums take at most five times the default's work."""
    work = [calls(partial(training, parse(each), 0)) for each in ("tanh", spec)]
    assert work[1] < 5 * work[0]


def test_a_line_by_another_name() -> None:
    """An activation that is a straight line gets no more than a line, and no more is claimed."""
    spec = "affine:alpha=-2,beta=1"
    found = training(bound(spec), 1)
    assert all(each.runs[0].right <= each.line for each in found.lessons)
    assert "got no more than a line can in 160 steps, 2 of 4 points of XOR (the best line: 3)" in found.sentences[0]
    assert "more than any line can" not in found.sentences[0]


def test_identity_itself() -> None:
    """Where identity is what is looked at, it is not set against itself."""
    found = training(bound("identity"), 0)
    assert [len(each.runs) for each in found.lessons] == [1, 1]
    assert len(found.sentences) == 1


@named(("spec", "said"), [
    ("affine:alpha=1e200,beta=0", "its loss is nan before the first step"),
    ("log1mexp", "its loss is nan before the first step"),
    ("tan(x)", "a weighted sum passed 1000 at step 1"),
])  # fmt: skip
def test_a_training_that_is_given_up(spec: str, said: str) -> None:
    """It is told when and why, and nothing is claimed of what was learnt."""
    found = training(bound(spec)._replace(label=spec), 0)
    assert f"{spec} could not be trained on XOR ({said})" in found.sentences[0]
    assert "got" not in found.sentences[0]
    for each in found.lessons:
        assert np.isnan(each.runs[0].right)
        assert len(each.runs[0].trained.losses) < STEPS


def _run(label: str, scores: list[float], stopped: str = "") -> Run:
    half = scores.count(0.5)
    return Run(label, Trained(np.array([1.0, 0.5]), stopped), np.array(scores), sum(scores), half, np.zeros((1, 1)))


def test_sentences_follow_the_numbers() -> None:
    """What is said is made from the counts: neither praise nor blame stands in it beforehand."""
    x, y = xor()
    good, bad, tossed = _run("f", [1, 1, 1, 1]), _run("f", [1, 1, 1, 0]), _run("identity", [0.5] * 4)
    last = (
        "identity, which is as good as no activation, makes one line of all layers: it got 2 of 4 points of XOR "
        "(undecided at 4, half of which count) right, and no line can get more than 3 (75%)."
    )
    for run, said in (
        (good, "f got 4 of 4 points of XOR right, more than any line can."),
        (bad, "f got no more than a line can in 9 steps, 3 of 4 points of XOR (the best line: 3)."),
    ):
        assert Training((2, 1), 1.0, 1.0, 9, [Lesson(XOR, x, y, 3, [run, tossed])]).sentences == [said, last]
    both = Training((2, 1), 1.0, 1.0, 9, [Lesson(XOR, x, y, 3, [run, tossed]) for run in (good, bad)]).sentences[0]
    assert both == (
        "f got 4 of 4 points of XOR right, more than any line can, but got no more than a line can in 9 steps, 3 of 4 "
        "points of XOR (the best line: 3)."
    )


def test_the_grid() -> None:
    """Its cells go from left to right and from the top down, each at its middle."""
    for setting in (XOR, MOONS):
        cells = grid(setting).reshape(setting.rows, setting.columns, 2)
        assert (np.diff(cells[:, :, 0], axis=1) > 0).all()
        assert (np.diff(cells[:, :, 1], axis=0) < 0).all()
        assert cells[0, 0].tolist() == pytest.approx([
            setting.x1[0] + (setting.x1[1] - setting.x1[0]) / setting.columns / 2,
            setting.x2[1] - (setting.x2[1] - setting.x2[0]) / setting.rows / 2,
        ])  # fmt: skip


def test_the_map_shows_what_was_learnt() -> None:
    """Where a network has learnt its points, the cell that each lies in is of its class; but for those at a border."""
    for each in training(bound("tanh"), 0).lessons:
        setting, run = each.setting, each.runs[0]
        column = ((each.x[:, 0] - setting.x1[0]) / (setting.x1[1] - setting.x1[0]) * setting.columns).astype(int)
        row = ((setting.x2[1] - each.x[:, 1]) / (setting.x2[1] - setting.x2[0]) * setting.rows).astype(int)
        assert (run.region[row, column] == each.y).mean() >= 0.9


def test_nothing_is_warned_of() -> None:
    """Outputs beyond the points that overflow, as exponential's do, give no warning."""
    for seed in range(4 if is_full() else 1):
        training(bound("exponential"), seed)


def test_the_sizes() -> None:
    """There are two hidden layers, without which x**2 could draw no more than a conic."""
    assert len(SIZES) == 4


def test_the_same_seed() -> None:
    """The same seed gives the same bits, another seed others."""
    first, again, other = (
        lesson(MOONS, moons(np.random.default_rng(seed)), [bound("tanh")], seed).runs[0] for seed in (4, 4, 5)
    )
    assert first.trained.losses.tobytes() == again.trained.losses.tobytes()
    assert first.region.tobytes() == again.region.tobytes()
    assert first.trained.losses.tobytes() != other.trained.losses.tobytes()
