"""Networks trained with an activation and without one, over many seeds."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from actcli.core.demos.datasets import moons, xor
from actcli.core.demos.network import TrainingHistory
from actcli.core.demos.training import LAYER_SIZES, MOONS, STEPS, XOR, Lesson, Run, Training, grid, train_on, training
from actcli.core.spec import parse
from tests.core.demos.special_activations import bound
from tests.support.operations import calls
from tests.support.tiers import exhaustive, is_full, sampled

named = pytest.mark.parametrize

SEEDS = range(20)


@named("seed", sampled(SEEDS, 3))
def test_tanh_beats_the_best_line_and_identity_does_not(seed: int) -> None:
    """tanh classifies more points than the best line, identity never does, and the summary states both counts."""
    found = training(bound("tanh"), seed)
    for each in found.lessons:
        tanh, identity = each.runs
        assert tanh.right > each.line
        assert tanh.right >= 0.98 * len(each.y)
        assert identity.right <= each.line < len(each.y)
    (all_xor, no_xor), (all_moons, no_moons) = (each.runs for each in found.lessons)
    line = found.lessons[1].line
    assert found.sentences == [
        f"On XOR, tanh got {all_xor.right:g} of 4 points right and identity got 2 of 4 points right (4 undecided, each "
        f"counted as one half). The best straight line gets 3.",
        f"On two moons, tanh got {all_moons.right:g} of 100 points right and identity got {no_moons.right:g} of 100 "
        f"points right. The best straight line gets {line}.",
        "identity stands for no activation: all layers together can only draw a straight line.",
    ]
    assert no_xor.undecided == 4


def beaten(spec: str, seeds: range) -> int:
    """Return for how many seeds the activation beats the best line on both datasets."""
    found = 0
    for seed in seeds:
        tasks = ((XOR, xor()), (MOONS, moons(np.random.default_rng(seed))))
        lessons = [train_on(setting, task, [bound(spec)], seed) for setting, task in tasks]
        found += all(each.runs[0].right > each.line for each in lessons)
    return found


@named("spec", sampled(["square", "sin", "relu"], 1))
def test_nonlinear_activations_beat_the_best_line(spec: str) -> None:
    """A nonlinear activation, even an unusual one, beats the best line for at least 2 of 3 seeds."""
    assert beaten(spec, range(3)) >= 2


@exhaustive
@named("spec", ["square", "sin", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "softsign",
                "gaussian", "abs(x)", "x**3"])  # fmt: skip
def test_nonlinear_activations_beat_the_best_line_for_nearly_all_seeds(spec: str) -> None:
    """A nonlinear activation beats the best line for at least 18 of 20 seeds."""
    assert beaten(spec, SEEDS) >= 18


@named("spec", sampled(["tan(x)", "snake:a=5", "x*sin(x)"], 1))
def test_work_is_bounded_for_periodic_activations(spec: str) -> None:
    """Activations that are slow to round for large sums take at most five times the work of tanh."""
    work = [calls(partial(training, parse(each), 0)) for each in ("tanh", spec)]
    assert work[1] < 5 * work[0]


def test_affine_activation_does_not_beat_the_best_line() -> None:
    """An affine activation gets no more than the best line, and the summary states its count."""
    spec = "affine:alpha=-2,beta=1"
    found = training(bound(spec), 1)
    assert all(each.runs[0].right <= each.line for each in found.lessons)
    assert found.sentences[0].startswith("On XOR, affine:alpha=-2,beta=1 got 2 of 4 points right")
    assert found.sentences[0].endswith("The best straight line gets 3.")


def test_identity_is_trained_once() -> None:
    """Identity is not compared with itself."""
    found = training(bound("identity"), 0)
    assert [len(each.runs) for each in found.lessons] == [1, 1]
    assert "identity got 2 of 4 points right" in found.sentences[0]


@named(("spec", "reason"), [
    ("affine:alpha=1e200,beta=0", "loss nan at step 0"),
    ("log1mexp", "loss nan at step 0"),
    ("tan(x)", "weighted sum beyond 1000 at step 1"),
])  # fmt: skip
def test_training_that_stops_early(spec: str, reason: str) -> None:
    """The summary states when and why a training stopped, and no accuracy."""
    found = training(bound(spec)._replace(label=spec), 0)
    assert found.sentences[0].startswith(f"On XOR, training with {spec} stopped early ({reason}) and identity got")
    assert f"{spec} got" not in found.sentences[0]
    for each in found.lessons:
        assert np.isnan(each.runs[0].right)
        assert len(each.runs[0].trained.losses) < STEPS


def _run(label: str, scores: list[float], stopped: str = "") -> Run:
    half = scores.count(0.5)
    return Run(
        label, TrainingHistory(np.array([1.0, 0.5]), stopped), np.array(scores), sum(scores), half, np.zeros((1, 1))
    )


def test_sentences_state_the_counts() -> None:
    """The summary states the accuracy of each network, whatever it is."""
    x, y = xor()
    runs = [_run("f", [1, 1, 1, 0]), _run("identity", [0.5] * 4)]
    assert Training((2, 1), 1.0, 1.0, 9, [Lesson(XOR, x, y, 3, runs)]).sentences == [
        "On XOR, f got 3 of 4 points right and identity got 2 of 4 points right (4 undecided, each counted as one "
        "half). The best straight line gets 3.",
        "identity stands for no activation: all layers together can only draw a straight line.",
    ]


def test_grid_of_cell_centres() -> None:
    """The grid lists the cells' centres from left to right and from top to bottom."""
    for setting in (XOR, MOONS):
        cells = grid(setting).reshape(setting.rows, setting.columns, 2)
        assert (np.diff(cells[:, :, 0], axis=1) > 0).all()
        assert (np.diff(cells[:, :, 1], axis=0) < 0).all()
        assert cells[0, 0].tolist() == pytest.approx([
            setting.x1[0] + (setting.x1[1] - setting.x1[0]) / setting.columns / 2,
            setting.x2[1] - (setting.x2[1] - setting.x2[0]) / setting.rows / 2,
        ])  # fmt: skip


def test_map_shows_the_predicted_classes() -> None:
    """The map's cell at each learnt point has the point's class, except near a border."""
    for each in training(bound("tanh"), 0).lessons:
        setting, run = each.setting, each.runs[0]
        column = ((each.x[:, 0] - setting.x1[0]) / (setting.x1[1] - setting.x1[0]) * setting.columns).astype(int)
        row = ((setting.x2[1] - each.x[:, 1]) / (setting.x2[1] - setting.x2[0]) * setting.rows).astype(int)
        assert (run.region[row, column] == each.y).mean() >= 0.9


def test_overflow_gives_no_warning() -> None:
    """Outputs of the map that overflow, as those of exponential, give no warning."""
    for seed in range(4 if is_full() else 1):
        training(bound("exponential"), seed)


def test_network_has_two_hidden_layers() -> None:
    """The network has two hidden layers: with one, x**2 could only draw a conic."""
    assert len(LAYER_SIZES) == 4


def test_results_depend_on_the_seed_only() -> None:
    """The same seed gives the same bits, another seed others."""
    first, again, other = (
        train_on(MOONS, moons(np.random.default_rng(seed)), [bound("tanh")], seed).runs[0] for seed in (4, 4, 5)
    )
    assert first.trained.losses.tobytes() == again.trained.losses.tobytes()
    assert first.region.tobytes() == again.region.tobytes()
    assert first.trained.losses.tobytes() != other.trained.losses.tobytes()
