"""Which activations switch a unit on and off, against what is known of them."""

from __future__ import annotations

import math

import mpmath
import pytest

from actcli.core.demos.threshold import KINDS, USUAL, Response, threshold
from actcli.core.spec import parse

from .odd_ones import bound

named = pytest.mark.parametrize

_STEP = 0.05

KNOWN = {
    "step": "switches",
    "sigmoid": "switches",
    "tanh": "switches",
    "hard_tanh": "switches",
    "relu6": "switches",
    "softsign": "switches",
    "arctan": "switches",
    "relu": "opens",
    "gelu": "opens",
    "silu": "opens",
    "softplus": "opens",
    "elu": "opens",
    "exponential": "opens",
    "leaky_relu": "never off",
    "identity": "never off",
    "hardshrink": "never off",
    "log_sigmoid": "never off",
    "square": "never off",
    "gaussian": "peaks",
    "sin": "never settles",
    "affine:alpha=0,beta=2": "constant",
    "log1mexp": "undefined",
}


def response(spec: str) -> Response:
    return threshold(bound(spec), 0).responses[0]


@named(("spec", "kind"), KNOWN.items())
def test_kinds(spec: str, kind: str) -> None:
    """Each activation is of the kind that its formula says, and a sentence names it."""
    found = threshold(bound(spec), 0)
    assert found.responses[0].kind == kind
    opening = {
        "switches": "between two levels",
        "opens": "off below and open above",
        "never off": "never switch off",
        "peaks": "comes back above to the level far below, 0",
        "never settles": "no level to settle at far below",
        "constant": "the same for every sum",
        "undefined": "not defined for every sum",
    }[kind]
    assert any(opening in sentence and spec in sentence for sentence in found.sentences)


def test_every_kind_is_known_here() -> None:
    """There is an example of every kind."""
    assert set(KNOWN.values()) == set(KINDS)


def test_how_sharply() -> None:
    """Off up to and on from are where the distance to the levels is 1% of the way, to within a step of the sweep."""
    edges = {
        "sigmoid": float(mpmath.log(99)),
        "tanh": float(mpmath.atanh("0.99")),
        "hard_tanh": 0.99,
        "step": 0.0,
    }
    for spec, edge in edges.items():
        found = response(spec)
        assert found.off == pytest.approx(-edge, abs=_STEP * 1.001)
        assert found.on == pytest.approx(edge, abs=_STEP * 1.001)
        assert found.width == pytest.approx(2 * edge, abs=2 * _STEP * 1.001)
    assert response("relu6").on == 6.0
    assert (response("relu").off, response("relu").on) == (0.0, None)
    assert (response("softsign").off, response("softsign").width) == (None, None)
    softplus = float(mpmath.log(mpmath.expm1("0.01")))
    assert response("softplus").off == pytest.approx(softplus, abs=_STEP)


def test_the_sentences_rank_by_width() -> None:
    """The sharpest switch is told first; one that outlasts the sweep last."""
    said = threshold(parse("softsign"), 0).sentences[1]
    ranked = said.partition(": ")[2]
    assert [
        word.strip() for word in ("step at once", "tanh as", "sigmoid as", "softsign more gently") if word in ranked
    ]
    assert sorted(("step at", "tanh as", "sigmoid as", "softsign more"), key=ranked.index) == [
        "step at", "tanh as", "sigmoid as", "softsign more",
    ]  # fmt: skip


@named("seed", range(20))
def test_the_unit(seed: int) -> None:
    """The sum is what the inputs weigh plus the bias, to the digit; the bias of the threshold is the sum's opposite."""
    found = threshold(None, seed)
    weighted = sum(round(10 * x) * round(10 * w) for x, w in zip(found.inputs, found.weights, strict=True))
    assert found.weighted == weighted / 100
    assert 0 not in (*found.inputs, *found.weights)
    assert found.sums.tolist()[160] == 0
    assert found.bias.tolist()[160] == -weighted / 100
    for bias, total in zip(found.bias.tolist(), found.sums.tolist(), strict=True):
        assert bias + weighted / 100 == pytest.approx(total, abs=1e-14)
    assert [response.label for response in found.responses] == list(USUAL)


def test_the_one_that_is_chosen() -> None:
    """It goes first, and is there once."""
    assert [row.label for row in threshold(parse("relu"), 0).responses][:2] == ["relu", "step"]
    assert len(threshold(parse("relu"), 0).responses) == len(USUAL)
    assert [row.label for row in threshold(parse("sin"), 0).responses][:2] == ["sin", "step"]
    assert math.isnan(response("sin").below)
