"""A deep network without an activation is one matrix, for every seed; with one it is not."""

from __future__ import annotations

import re

import numpy as np
import pytest

from actcli.core.demos.linearity import SIZES, collapsed, linear_fit, linearity
from actcli.core.demos.network import Network, uniform
from actcli.core.demos.sentences import percent
from actcli.core.spec import parse
from tests.core.demos.odd_ones import AFFINE, bound

named = pytest.mark.parametrize

_BENT = ["relu", "tanh", "sin", "gelu", "sigmoid", "leaky_relu", "step", "hardshrink", "relu6", "softsign", "square"]


@named("seed", range(30))
def test_without_an_activation(seed: int) -> None:
    """The network is its one matrix and bias, and their fit, to within rounding; the matrix is NumPy's product."""
    found = linearity(parse("relu"), seed)
    assert found.deviation < 1e-13 * max(found.largest, 1)
    assert found.fit_without.furthest < 1e-13
    random = np.random.default_rng(seed)
    uniform(random, (found.points, 2))
    network = Network(SIZES, parse("identity"), random, 2.5)
    matrix = np.linalg.multi_dot(network.weights)
    np.testing.assert_allclose(found.weights, matrix[:, 0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(collapsed(network)[0], matrix, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(
        found.output_without, found.t * sum(found.weights) + found.offset, rtol=1e-10, atol=1e-10
    )
    assert found.numbers == sum(part.size for part in (*network.weights, *network.biases))


@named("spec", _BENT)
def test_with_an_activation(spec: str) -> None:
    """What bends leaves part of the variance unexplained, for every seed, and the sentence says how much."""
    for seed in range(12):
        found = linearity(bound(spec), seed)
        share = found.fit.unexplained
        assert 1e-5 < share <= 1
        assert (
            f"With {spec} between the layers it is not: the best linear fit leaves {percent(share)}"
            in found.sentences[1]
        )


def test_percentages() -> None:
    """What is not all is never rounded to all."""
    assert [percent(share) for share in (0.12523, 0.99999, 1.0)] == ["12.52%", "99.99%", "100%"]


@named("spec", AFFINE)
def test_an_activation_that_does_not_bend(spec: str) -> None:
    """Of one that is a straight line itself it is not claimed that it makes the network anything else."""
    for seed in range(12):
        found = linearity(bound(spec), seed)
        assert found.fit.furthest < 1e-12
        assert re.search(r"is one matrix and one bias too: .* rounding\. .* bends nothing here\.$", found.sentences[1])


def test_outputs_without_a_fit() -> None:
    """Outputs that are infinite, nan or all the same are counted and called so."""
    found = linearity(parse("exponential"), 0)
    assert found.not_finite == int((~np.isfinite(found.output)).any()) * 400
    assert "400 of the 400 outputs are infinite or nan" in found.sentences[1]
    assert "infinite or nan" in linearity(parse("log1mexp"), 0).sentences[1]
    assert "the output is the same at all 400 points" in linearity(parse("affine:alpha=0,beta=3"), 0).sentences[1]


@named("scale", [1.0, 1e-200, 1e200])
def test_the_fit(scale: float) -> None:
    """It is that of least squares, whatever the size of the outputs."""
    random = np.random.default_rng(9)
    x = uniform(random, (50, 2))
    out = scale * (x @ [2.0, -1.0] + 3 + np.sin(3 * x[:, 0]))
    design = np.column_stack([x, np.ones(50)])
    rest = out / scale - design @ np.linalg.lstsq(design, out / scale, rcond=None)[0]
    fit = linear_fit(x, out)
    assert fit.unexplained == pytest.approx(float(np.var(rest) / np.var(out / scale)), rel=1e-10)
    assert fit.furthest == pytest.approx(float(np.abs(rest).max() / np.abs(out / scale).max()), rel=1e-10)


def test_the_deviation_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed as the deviation is how far the network without an activation is from the one layer it is
    compared with: a layer whose bias is off by 1/8 is off by that.
    """

    def shifted(network: Network) -> tuple[np.ndarray, np.ndarray]:
        matrix, offset = collapsed(network)
        return matrix, offset + 0.125

    monkeypatch.setattr("actcli.core.demos.linearity.collapsed", shifted)
    found = linearity(parse("relu"), 0)
    assert found.deviation == pytest.approx(0.125)
    assert "to within 0.125 at 400 points" in found.sentences[0]


def test_the_deviation_is_not_zero() -> None:
    """Its rounding is seen: two ways of adding up do not give the same bits at all points."""
    assert all(linearity(parse("relu"), seed).deviation > 0 for seed in range(5))


def test_the_same_seed() -> None:
    """The same seed gives the same bits, another seed others."""
    first, again, other = (linearity(parse("tanh"), seed) for seed in (4, 4, 5))
    assert first.columns == again.columns
    assert first.columns != other.columns
