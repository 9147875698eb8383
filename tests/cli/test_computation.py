"""Computations: headers and results of one or several elementwise activations, and of vector activations."""

from __future__ import annotations

import numpy as np
import pytest

import actcli
from actcli.cli.computation import Computation, values_and_derivatives
from actcli.core.spec import parse
from actcli.number_formats import FLOATS

FLOAT64 = FLOATS["float64"]


@pytest.fixture
def pair() -> Computation:
    """Return f and f' of relu and tanh."""
    return values_and_derivatives([parse("relu"), parse("tanh")], 1)


def test_headers_and_results_have_one_order(pair: Computation) -> None:
    """The results of a column stand together, activation by activation, each function before its derivative."""
    assert pair.headers(["a", "b"]) == [
        *("relu(a)", "relu_grad(a)", "tanh(a)", "tanh_grad(a)"),
        *("relu(b)", "relu_grad(b)", "tanh(b)", "tanh_grad(b)"),
    ]
    x = np.array([[-1.0, 2.0], [0.5, 0.0]])
    out = pair.apply(x, FLOAT64)
    for column, values in enumerate(x.T):
        for index, (function, spec) in enumerate(
            [(f, spec) for spec in ("relu", "tanh") for f in (actcli.evaluate, actcli.gradient)]
        ):
            assert out[:, 4 * column + index].tolist() == function(spec, values).tolist()


def test_no_rows_give_no_rows(pair: Computation) -> None:
    """An array without rows gives an array without rows that has every column."""
    assert pair.apply(np.empty((0, 2)), FLOAT64).shape == (0, 8)


def test_headers_of_a_vector_activation() -> None:
    """Outputs are named after their columns, or numbered if there are not as many as columns."""
    assert Computation(vector=parse("softmax")).headers(["a", "b"]) == ["softmax(a)", "softmax(b)"]
    assert Computation(vector=parse("glu")).headers(["a", "b"]) == ["glu[1]"]
