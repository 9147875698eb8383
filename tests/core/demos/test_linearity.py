"""A deep network without an activation is an affine map; with one it is not."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.core.demos.linearity import LAYER_SIZES, collapse_layers, linear_fit, linearity
from actcli.core.demos.network import Network, uniform
from actcli.core.spec import parse
from actcli.text import percent
from tests.core.demos.special_activations import AFFINE, bound

named = pytest.mark.parametrize

_NONLINEAR = [
    "relu",
    "tanh",
    "sin",
    "gelu",
    "sigmoid",
    "leaky_relu",
    "step",
    "hardshrink",
    "relu6",
    "softsign",
    "square",
]


@named("seed", range(30))
def test_network_without_activation_is_affine(seed: int) -> None:
    """Without an activation the network equals its affine map, NumPy's matrix product, to within rounding."""
    found = linearity(parse("relu"), seed)
    assert found.deviation < 1e-13 * max(found.largest, 1)
    assert found.fit_without.furthest < 1e-13
    random = np.random.default_rng(seed)
    uniform(random, (found.points, 2))
    network = Network(LAYER_SIZES, parse("identity"), random, 2.5)
    matrix = np.linalg.multi_dot(network.weights)
    np.testing.assert_allclose(found.weights, matrix[:, 0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(collapse_layers(network)[0], matrix, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(
        found.output_without, found.t * sum(found.weights) + found.offset, rtol=1e-10, atol=1e-10
    )
    assert found.numbers == sum(part.size for part in (*network.weights, *network.biases))


@named("spec", _NONLINEAR)
def test_network_with_activation_is_not_affine(spec: str) -> None:
    """With a nonlinear activation the best linear fit leaves variance unexplained, and the summary says how much."""
    for seed in range(12):
        found = linearity(bound(spec), seed)
        share = found.fit.unexplained
        assert 1e-5 < share <= 1
        assert found.sentences[2] == (
            f"With {spec}, the best linear fit leaves {percent(share)} of the variance unexplained."
        )


@named("spec", AFFINE)
def test_affine_activation_leaves_network_affine(spec: str) -> None:
    """An affine activation makes the network an affine map too, and the summary says so."""
    for seed in range(12):
        found = linearity(bound(spec), seed)
        assert found.fit.furthest < 1e-12
        assert found.sentences[2].endswith("the network is an affine map too, up to rounding errors.")


def test_outputs_without_linear_fit() -> None:
    """The summary reports infinite, nan and constant outputs instead of a fit."""
    found = linearity(parse("exponential"), 0)
    assert found.not_finite == int((~np.isfinite(found.output)).any()) * 400
    assert "400 of 400 outputs are infinite or nan" in found.sentences[2]
    assert "infinite or nan" in linearity(parse("log1mexp"), 0).sentences[2]
    assert "the output is the same at all 400 points" in linearity(parse("affine:alpha=0,beta=3"), 0).sentences[2]


@named("scale", [1.0, 1e-200, 1e200])
def test_linear_fit_is_least_squares(scale: float) -> None:
    """The residuals are those of NumPy's least squares, whatever the scale of the outputs."""
    random = np.random.default_rng(9)
    x = uniform(random, (50, 2))
    out = scale * (x @ [2.0, -1.0] + 3 + np.sin(3 * x[:, 0]))
    design = np.column_stack([x, np.ones(50)])
    rest = out / scale - design @ np.linalg.lstsq(design, out / scale, rcond=None)[0]
    fit = linear_fit(x, out)
    assert fit.unexplained == pytest.approx(float(np.var(rest) / np.var(out / scale)), rel=1e-10)
    assert fit.furthest == pytest.approx(float(np.abs(rest).max() / np.abs(out / scale).max()), rel=1e-10)


def test_deviation_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deviation is the measured distance of the network from the affine map: 1/8 if its bias is wrong by 1/8."""

    def shifted(network: Network) -> tuple[np.ndarray, np.ndarray]:
        matrix, offset = collapse_layers(network)
        return matrix, offset + 0.125

    monkeypatch.setattr("actcli.core.demos.linearity.collapse_layers", shifted)
    found = linearity(parse("relu"), 0)
    assert found.deviation == pytest.approx(0.125)
    assert "At 400 points the two differ by at most 0.125," in found.sentences[1]


def test_deviation_shows_rounding() -> None:
    """The deviation is not 0: two orders of summation differ in some bits."""
    assert all(linearity(parse("relu"), seed).deviation > 0 for seed in range(5))


def test_results_depend_on_the_seed_only() -> None:
    """The same seed gives the same bits, another seed others."""
    first, again, other = (linearity(parse("tanh"), seed) for seed in (4, 4, 5))
    assert first.columns == again.columns
    assert first.columns != other.columns
