"""The network's sums, its gradients and its loss, against NumPy, finite differences and mpmath."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from actcli.core.demos.network import Network, loss_of, product, total, train, uniform, value
from actcli.core.spec import parse

named = pytest.mark.parametrize

_STEP = 1e-5


@named("count", [1, 2, 3, 7, 64, 101])
def test_total(count: int) -> None:
    """The sum along the first axis is the exact sum but for the rounding of its additions."""
    terms = uniform(np.random.default_rng(count), (count, 2, 3))
    exact = [math.fsum(column) for column in terms.reshape(count, 6).T.tolist()]
    assert total(terms).ravel().tolist() == pytest.approx(exact, abs=1e-15 * count)
    assert total(np.arange(count)) == count * (count - 1) // 2


def test_product() -> None:
    """It is the matrix product."""
    random = np.random.default_rng(5)
    a, b = uniform(random, (7, 5)), uniform(random, (5, 3))
    np.testing.assert_allclose(product(a, b), a @ b, rtol=1e-13, atol=1e-14)


def test_loss() -> None:
    """The loss is the mean cross-entropy, and its slopes are those of mpmath's derivative."""
    out, y = np.array([-3.0, 0.5, 40.0, -800.0]), np.array([1.0, -1.0, 1.0, 1.0])
    loss, slopes = loss_of(out, y)
    with mpmath.workprec(2000):
        terms = [mpmath.log(1 + mpmath.exp(-c * z)) for z, c in zip(out.tolist(), y.tolist(), strict=True)]
        assert loss == pytest.approx(float(sum(terms) / 4), rel=1e-15)
        exact = [float(-c / (1 + mpmath.exp(c * z)) / 4) for z, c in zip(out.tolist(), y.tolist(), strict=True)]
    assert slopes.tolist() == pytest.approx(exact, rel=1e-15)


def test_forward() -> None:
    """The output is a weighted sum of f of weighted sums."""
    network = Network((2, 3, 1), parse("tanh"), np.random.default_rng(1))
    x = uniform(np.random.default_rng(2), (10, 2))
    hidden = np.tanh(x @ network.weights[0] + network.biases[0])
    expected = (hidden @ network.weights[1] + network.biases[1])[:, 0]
    np.testing.assert_allclose(network.forward(x), expected, rtol=1e-13, atol=1e-14)


@named("sizes", [(2, 5, 1), (2, 4, 3, 1), (1, 1)], ids=str)
@named("spec", ["tanh", "gelu", "sin", "relu", "leaky_relu:negative_slope=0.2", "softplus", "relu2"])
def test_gradients(spec: str, sizes: tuple[int, ...]) -> None:
    """The slope of the loss by every weight and bias is that of a finite difference, away from kinks."""
    for seed in range(4):
        random = np.random.default_rng(seed)
        network = Network(sizes, parse(spec), random, 2.0)
        x, y = uniform(random, (12, sizes[0])), np.sign(uniform(random, (12,)))

        def loss(network: Network = network, x: np.ndarray = x, y: np.ndarray = y) -> float:
            return loss_of(network.forward(x), y)[0]

        slopes = network.backward(loss_of(network.forward(x), y)[1])
        # A step must not carry a sum across a kink at 0.
        assert min((np.abs(sums).min() for sums in network.sums[:-1]), default=1.0) > 10 * _STEP
        for layer, both in enumerate(slopes):
            for part, found in zip((network.weights, network.biases), both, strict=True):
                array = part[layer]
                assert found.shape == array.shape
                for place in np.ndindex(array.shape):
                    was = float(array[place])
                    losses = []
                    for moved in (was + _STEP, was - _STEP):
                        array[place] = moved
                        losses.append(loss())
                    array[place] = was
                    assert found[place] == pytest.approx((losses[0] - losses[1]) / (2 * _STEP), rel=1e-5, abs=1e-9)


def test_descent() -> None:
    """A small step against the slopes lowers the loss by as much as the slopes say."""
    random = np.random.default_rng(3)
    network = Network((2, 6, 1), parse("tanh"), random)
    x, y = uniform(random, (20, 2)), np.sign(uniform(random, (20,)))
    before, slope = loss_of(network.forward(x), y)
    slopes = network.backward(slope)
    rate = 1e-6
    network.descend(slopes, rate)
    expected = -rate * sum(float((part**2).sum()) for both in slopes for part in both)
    assert loss_of(network.forward(x), y)[0] - before == pytest.approx(expected, rel=1e-3)


def test_training_ends_where_the_loss_is_not_finite() -> None:
    """A loss that leaves the finite numbers is the last one, and no warning is given."""
    x, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    network = Network((1, 2, 1), parse("affine:alpha=1e200,beta=0"), np.random.default_rng(0))
    losses = train(network, x, y, 1.0, 50)
    assert 1 < len(losses) < 50
    assert np.isfinite(losses[:-1]).all()
    assert not np.isfinite(losses[-1])


def test_what_is_watched() -> None:
    """The watcher is called once for each loss, with the slopes that belong to it."""
    x, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    network = Network((1, 3, 1), parse("tanh"), np.random.default_rng(0))
    seen: list[bool] = []

    def watch() -> None:
        seen.append(bool((network.slopes[0] == value(network.f, network.sums[0], 1)).all()))

    losses = train(network, x, y, 0.1, 7, watch)
    assert len(losses) == 8
    assert seen == [True] * 8
    assert losses[-1] < losses[0]
