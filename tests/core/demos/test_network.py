"""Sums, gradients and loss of the network against NumPy, finite differences and mpmath."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from actcli.core.demos.network import (
    MAX_SUM,
    Network,
    activate,
    cross_entropy,
    matrix_product,
    pairwise_sum,
    train,
    uniform,
)
from actcli.core.spec import parse

named = pytest.mark.parametrize

_STEP = 1e-5


@named("count", [1, 2, 3, 7, 64, 101])
def test_total_is_the_sum(count: int) -> None:
    """total() differs from the exact sum by no more than the rounding errors of its additions."""
    terms = uniform(np.random.default_rng(count), (count, 2, 3))
    exact = [math.fsum(column) for column in terms.reshape(count, 6).T.tolist()]
    assert pairwise_sum(terms).ravel().tolist() == pytest.approx(exact, abs=1e-15 * count)
    assert pairwise_sum(np.arange(count)) == count * (count - 1) // 2


def test_product_is_the_matrix_product() -> None:
    """product() agrees with NumPy's matrix product to rounding."""
    random = np.random.default_rng(5)
    a, b = uniform(random, (7, 5)), uniform(random, (5, 3))
    np.testing.assert_allclose(matrix_product(a, b), a @ b, rtol=1e-13, atol=1e-14)


def test_loss_is_cross_entropy() -> None:
    """The loss is the mean cross-entropy, and its derivatives agree with mpmath."""
    out, y = np.array([-3.0, 0.5, 40.0, -800.0]), np.array([1.0, -1.0, 1.0, 1.0])
    loss, derivatives = cross_entropy(out, y)
    with mpmath.workprec(2000):
        terms = [mpmath.log(1 + mpmath.exp(-c * z)) for z, c in zip(out.tolist(), y.tolist(), strict=True)]
        assert loss == pytest.approx(float(sum(terms) / 4), rel=1e-15)
        exact = [float(-c / (1 + mpmath.exp(c * z)) / 4) for z, c in zip(out.tolist(), y.tolist(), strict=True)]
    assert derivatives.tolist() == pytest.approx(exact, rel=1e-15)


def test_forward() -> None:
    """forward() returns a weighted sum of f of weighted sums."""
    network = Network((2, 3, 1), parse("tanh"), np.random.default_rng(1))
    x = uniform(np.random.default_rng(2), (10, 2))
    hidden = np.tanh(x @ network.weights[0] + network.biases[0])
    expected = (hidden @ network.weights[1] + network.biases[1])[:, 0]
    np.testing.assert_allclose(network.forward(x), expected, rtol=1e-13, atol=1e-14)


@named("sizes", [(2, 5, 1), (2, 4, 3, 1), (1, 1)], ids=str)
@named("spec", ["tanh", "gelu", "sin", "relu", "leaky_relu:negative_slope=0.2", "softplus", "relu2"])
def test_gradients(spec: str, sizes: tuple[int, ...]) -> None:
    """The gradient by every weight and bias agrees with finite differences, away from kinks."""
    for seed in range(4):
        random = np.random.default_rng(seed)
        network = Network(sizes, parse(spec), random, 2.0)
        x, y = uniform(random, (12, sizes[0])), np.sign(uniform(random, (12,)))

        def loss(network: Network = network, x: np.ndarray = x, y: np.ndarray = y) -> float:
            return cross_entropy(network.forward(x), y)[0]

        gradient = network.backward(cross_entropy(network.forward(x), y)[1])
        # A finite difference must not step across a kink at 0.
        assert min((np.abs(sums).min() for sums in network.sums[:-1]), default=1.0) > 10 * _STEP
        for layer, both in enumerate(gradient):
            for part, found in zip((network.weights, network.biases), both, strict=True):
                array = part[layer]
                assert found.shape == array.shape
                for index in np.ndindex(array.shape):
                    original = float(array[index])
                    losses = []
                    for moved in (original + _STEP, original - _STEP):
                        array[index] = moved
                        losses.append(loss())
                    array[index] = original
                    assert found[index] == pytest.approx((losses[0] - losses[1]) / (2 * _STEP), rel=1e-5, abs=1e-9)


def test_descent_lowers_the_loss() -> None:
    """A small step against the gradient lowers the loss by the squared length of the gradient times the rate."""
    random = np.random.default_rng(3)
    network = Network((2, 6, 1), parse("tanh"), random)
    x, y = uniform(random, (20, 2)), np.sign(uniform(random, (20,)))
    before, by_output = cross_entropy(network.forward(x), y)
    gradient = network.backward(by_output)
    rate = 1e-6
    network.descend(gradient, rate)
    expected = -rate * sum(float((part**2).sum()) for both in gradient for part in both)
    assert cross_entropy(network.forward(x), y)[0] - before == pytest.approx(expected, rel=1e-3)


def test_long_gradient_is_clipped() -> None:
    """A step is the learning rate times the length of the gradient, or times `clip` if that is shorter."""
    for clip in (1e-3, 1e3):
        network = Network((2, 4, 1), parse("tanh"), np.random.default_rng(0))
        x = uniform(np.random.default_rng(1), (9, 2))
        before = [*network.weights, *network.biases]
        gradient = network.backward(cross_entropy(network.forward(x), np.sign(x[:, 0]))[1])
        network.descend(gradient, 0.5, clip)
        moved = [old - new for old, new in zip(before, [*network.weights, *network.biases], strict=True)]
        length, whole = (
            math.sqrt(sum(float((part**2).sum()) for part in parts))
            for parts in (moved, [part for both in gradient for part in both])
        )
        assert length == pytest.approx(0.5 * min(clip, whole))


def test_training_stops_at_non_finite_loss() -> None:
    """Training stops with the first loss that is not finite, without a warning."""
    x, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    network = Network((1, 2, 1), parse("affine:alpha=1e200,beta=0"), np.random.default_rng(0))
    found = train(network, x, y, 1.0, 50)
    assert found.stopped == "loss"
    assert 1 < len(found.losses) < 50
    assert np.isfinite(found.losses[:-1]).all()
    assert not np.isfinite(found.losses[-1])


def test_training_stops_at_large_sum() -> None:
    """Training stops at the step at which a weighted sum exceeds MAX_SUM."""
    x, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    network = Network((1, 2, 1), parse("x**2"), np.random.default_rng(0))
    found = train(network, x, y, 30.0, 50)
    assert found.stopped == "sums"
    assert 1 < len(found.losses) < 50
    assert np.abs(network.sums[0]).max() > MAX_SUM


def test_watcher_is_called_once_per_loss() -> None:
    """The watcher is called once per loss, when network.derivatives belong to that loss."""
    x, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    network = Network((1, 3, 1), parse("tanh"), np.random.default_rng(0))
    is_current: list[bool] = []

    def watch() -> None:
        is_current.append(bool((network.derivatives[0] == activate(network.f, network.sums[0], 1)).all()))

    found = train(network, x, y, 0.1, 7, watch=watch)
    assert len(found.losses) == 8
    assert found.stopped == ""
    assert is_current == [True] * 8
    assert found.losses[-1] < found.losses[0]
