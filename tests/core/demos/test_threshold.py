"""Which activations switch a unit on and off, against what is known of them."""

from __future__ import annotations

import math

import mpmath
import pytest

from actcli.core.demos.threshold import KINDS, USUAL, Response, threshold
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse
from tests.core.demos.odd_ones import bound

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
    "sign": "switches",
    "tanh(1000*x)": "switches",
    "0.001*tanh(x)": "switches",
    "relu": "opens",
    "gelu": "opens",
    "silu": "opens",
    "softplus": "opens",
    "elu": "opens",
    "exponential": "opens",
    "relu(-x)": "closes",
    "exp(-x)": "closes",
    "softplus(-x)": "closes",
    "log_sigmoid": "closes",
    "leaky_relu": "never off",
    "identity": "never off",
    "hardshrink": "never off",
    "square": "off at neither end",
    "x**2": "off at neither end",
    "abs(x)": "off at neither end",
    "-x**2": "off at neither end",
    "gaussian": "comes back",
    "sin(relu(x))": "restless above",
    "sin(relu(-x))": "restless below",
    "sin": "never settles",
    "thresholded_relu:theta=10": "beyond",
    "hardshrink:lambd=10": "beyond",
    "step(x-20)": "beyond",
    "sigmoid(x-100)": "beyond",
    "affine:alpha=0,beta=2": "constant",
    "log1mexp": "undefined",
}

SAID = {
    "switches": "between two levels",
    "opens": "off far below and open",
    "closes": "is the other way round, open far below and off far above, at 0",
    "never off": "never switch off",
    "off at neither end": "grows without bound on both sides",
    "comes back": "ends far above at the level where it began far below, 0",
    "restless above": "is off far below, at 0, and never settles above",
    "restless below": "never settles below, and is off far above, at 0",
    "never settles": "has no level to settle at on either side",
    "beyond": "stays within 0.01 of 0 in all of this sweep, and changes only beyond it",
    "constant": "the same for every sum",
    "undefined": "is undefined at 161 of the 321 sums",
}


def response(spec: str) -> Response:
    return threshold(named_bound(spec), 0).responses[0]


def named_bound(spec: str) -> BoundActivation:
    """An expression under its own text, as the command calls it."""
    return bound(spec)._replace(label=spec)


@named(("spec", "kind"), KNOWN.items())
def test_kinds(spec: str, kind: str) -> None:
    """Each activation is of the kind that its formula says, and a part of a sentence says so of it."""
    found = threshold(named_bound(spec), 0)
    assert found.responses[0].kind == kind
    assert len(found.sentences) == 2
    parts = [part for sentence in found.sentences for part in sentence.split("; ")]
    assert any(SAID[kind] in part and spec in part for part in parts)


def test_every_kind_is_known_here() -> None:
    """There is an example of every kind."""
    assert set(KNOWN.values()) == set(KINDS) == set(SAID)


def test_jumps() -> None:
    """What jumps switches at once; what is only steep does so as the sum changes by a little."""
    for spec in ("step", "sign", "where(x > 3, 1, 0)"):
        assert response(spec).width == 0
    assert response("tanh(1000*x)").width == pytest.approx(2 * _STEP)
    said = threshold(named_bound("tanh(1000*x)"), 0).sentences[0]
    assert "step at once, in a jump" in said
    assert "tanh(1000*x) as the sum changes by 0.1 or less" in said


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
        assert found.off_up_to == pytest.approx(-edge, abs=_STEP * 1.001)
        assert found.on_from == pytest.approx(edge, abs=_STEP * 1.001)
        assert found.width == pytest.approx(2 * edge, abs=2 * _STEP * 1.001 if edge else 0)
    assert response("relu6").on_from == 6.0
    assert (response("relu").off_up_to, response("relu").on_from) == (0.0, None)
    assert (response("softsign").off_up_to, response("softsign").width) == (None, None)
    softplus = float(mpmath.log(mpmath.expm1("0.01")))
    assert response("softplus").off_up_to == pytest.approx(softplus, abs=_STEP)


def test_the_sentences_rank_by_width() -> None:
    """The sharpest switch is told first; one that outlasts the sweep last."""
    ranked = threshold(parse("softsign"), 0).sentences[0].partition(": ")[2]
    places = [ranked.index(word) for word in ("step at", "tanh as", "sigmoid as", "softsign not all the way")]
    assert places == sorted(places)


@named("seed", range(20))
def test_the_unit(seed: int) -> None:
    """The sum is what the inputs weigh plus the bias, to the digit; the bias of the threshold is the sum's opposite."""
    found = threshold(None, seed)
    weighted = sum(round(10 * x) * round(10 * w) for x, w in zip(found.inputs, found.weights, strict=True))
    assert found.weighted == weighted / 100 == -found.at_bias
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
    assert math.isnan(response("sin").far_below)
