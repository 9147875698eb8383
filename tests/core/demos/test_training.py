"""What networks learn with an activation and without, over many seeds."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.core.demos.tasks import moons, xor
from actcli.core.demos.training import MOONS, XOR, Lesson, Run, lesson, training

from .odd_ones import bound

named = pytest.mark.parametrize


@named("seed", range(5))
def test_tanh_and_identity(seed: int) -> None:
    """tanh learns XOR whole and more of two moons than any line can; identity never more than the best line."""
    for found in training(bound("tanh"), seed).lessons:
        tanh, identity = found.runs
        assert tanh.right > found.line
        assert tanh.right >= 0.98 * len(found.y)
        assert identity.right <= found.line < len(found.y)
        assert f"tanh gets {tanh.right:g} of {len(found.y)} points right" in found.sentences[0]
        assert "tanh has drawn a border that is no line." in found.sentences
        share = 100 * found.line / len(found.y)
        assert any(f"{found.line} of {len(found.y)} ({share:g}%) is all" in sentence for sentence in found.sentences)


@named("spec", ["sin", "relu", "gelu", "square"])
def test_others_learn(spec: str) -> None:
    """XOR is learnt by all that bends, for several seeds."""
    for seed in range(4):
        found = lesson(XOR, xor(), [bound(spec)], seed)
        assert found.runs[0].right == 4


def test_a_line_by_another_name() -> None:
    """An activation that is a straight line gets no more than a line, and no more is claimed."""
    spec = "affine:alpha=-2,beta=1"
    for found in training(bound(spec), 1).lessons:
        assert found.runs[0].right <= found.line
        assert f"{spec} gets no more than a line can." in found.sentences


def test_identity_itself() -> None:
    """Where identity is what is looked at, it is not set against itself."""
    found = training(bound("identity"), 0)
    assert [len(each.runs) for each in found.lessons] == [1, 1]
    assert not any("no line" in sentence for sentence in found.sentences)


@named(("spec", "said"), [
    ("affine:alpha=1e200,beta=0", "became nan at step 1"),
    ("log1mexp", "is nan from the start"),
])  # fmt: skip
def test_a_loss_that_is_lost(spec: str, said: str) -> None:
    """A loss that leaves the finite numbers is told with its step, and nothing is claimed of what was learnt."""
    for found in training(bound(spec), 0).lessons:
        assert f"The loss of {spec} {said}: from there on nothing is learnt." in found.sentences
        assert not any(f"{spec} gets" in sentence or "border" in sentence for sentence in found.sentences)


def _run(label: str, scores: list[float], last: float = 0.5) -> Run:
    return Run(label, np.array([1.0, last]), np.array(scores), np.zeros((1, 1)))


def test_sentences_follow_the_numbers() -> None:
    """What is said is made from the counts: neither praise nor blame stands in it beforehand."""
    x, y = xor()
    good, bad, tossed = _run("f", [1, 1, 1, 1]), _run("f", [1, 1, 1, 0]), _run("identity", [0.5] * 4)
    assert Lesson(XOR, x, y, 3, [good, tossed]).sentences == [
        "XOR: f gets 4 of 4 points right, identity gets 2, the best of all straight lines gets 3.",
        "identity decides nothing at 4 of them, and half of these count as right.",
        "f has drawn a border that is no line.",
        "identity can draw a line and nothing else: 3 of 4 (75%) is all that it could ever get.",
    ]
    assert "f gets no more than a line can." in Lesson(XOR, x, y, 3, [bad, tossed]).sentences


def test_the_same_seed() -> None:
    """The same seed gives the same bits, another seed others."""
    first, again, other = (
        lesson(MOONS, moons(np.random.default_rng(seed)), [bound("tanh")], seed).runs[0] for seed in (4, 4, 5)
    )
    assert first.losses.tobytes() == again.losses.tobytes()
    assert first.region.tobytes() == again.region.tobytes()
    assert first.losses.tobytes() != other.losses.tobytes()
