"""Which activations switch a unit on and off, against their known limits and formulas."""

from __future__ import annotations

import math

import mpmath
import pytest

from actcli.core.demos.threshold import COMPARED_ACTIVATIONS, KINDS, SUMMARIES, Response, threshold
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse
from tests.core.demos.special_activations import bound

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


def response(spec: str) -> Response:
    return threshold(named_bound(spec), 0).responses[0]


def named_bound(spec: str) -> BoundActivation:
    """Return the activation, an expression labelled with its own text as the command does."""
    return bound(spec)._replace(label=spec)


@named(("spec", "kind"), KNOWN.items())
def test_kinds(spec: str, kind: str) -> None:
    """Each activation has the kind that its formula implies, and one sentence of the summary states it."""
    found = threshold(named_bound(spec), 0)
    assert found.responses[0].kind == kind
    (sentence,) = (text for text in found.sentences if text.endswith(f" {SUMMARIES[kind]}."))
    assert spec in sentence


def test_every_kind_has_an_example() -> None:
    """KNOWN has an example of every kind, and every kind has a summary."""
    assert set(KNOWN.values()) == set(KINDS) == set(SUMMARIES)


def test_width_is_zero_only_at_jumps() -> None:
    """The width is 0 for a jump, and the resolution of the sweep for a steep continuous function."""
    for spec in ("step", "sign", "where(x > 3, 1, 0)"):
        assert response(spec).width == 0
    assert response("tanh(1000*x)").width == pytest.approx(2 * _STEP)
    summary = threshold(named_bound("tanh(1000*x)"), 0).sentences[0]
    assert "step (in a jump)" in summary
    assert "tanh(1000*x) (width 0.1)" in summary


def test_off_and_on_are_within_one_percent() -> None:
    """off_up_to and on_from are where the output is within 1% of a level, to within a step of the sweep."""
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


def test_sentences_rank_by_width() -> None:
    """The sharpest switch comes first; one that does not switch within the sweep comes last."""
    summary = threshold(parse("softsign"), 0).sentences[0]
    ranked = ("step (in a jump)", "tanh (width 5.3)", "sigmoid (width 9.2)", "softsign (not within this sweep)")
    positions = [summary.index(words) for words in ranked]
    assert positions == sorted(positions)


@named("seed", range(20))
def test_unit_sums_its_inputs(seed: int) -> None:
    """The sum is the weighted inputs plus the bias, exactly; the bias at the threshold is minus the weighted inputs."""
    found = threshold(None, seed)
    weighted = sum(round(10 * x) * round(10 * w) for x, w in zip(found.inputs, found.weights, strict=True))
    assert found.weighted == weighted / 100 == -found.at_bias
    assert 0 not in (*found.inputs, *found.weights)
    assert found.sums.tolist()[160] == 0
    assert found.bias.tolist()[160] == -weighted / 100
    for bias, total in zip(found.bias.tolist(), found.sums.tolist(), strict=True):
        assert bias + weighted / 100 == pytest.approx(total, abs=1e-14)
    assert [response.label for response in found.responses] == list(COMPARED_ACTIVATIONS)


def test_chosen_activation_goes_first() -> None:
    """The chosen activation is listed first and once."""
    assert [row.label for row in threshold(parse("relu"), 0).responses][:2] == ["relu", "step"]
    assert len(threshold(parse("relu"), 0).responses) == len(COMPARED_ACTIVATIONS)
    assert [row.label for row in threshold(parse("sin"), 0).responses][:2] == ["sin", "step"]
    assert math.isnan(response("sin").far_below)
