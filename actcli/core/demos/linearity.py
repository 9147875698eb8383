"""Linearity: without an activation, the layers of a network compose to a single affine map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import Network, matrix_product, pairwise_sum, uniform
from actcli.core.demos.sentences import number
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse
from actcli.text import percent

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["LAYER_SIZES", "Fit", "Linearity", "collapse_layers", "linear_fit", "linearity"]

LAYER_SIZES = (2, 12, 12, 12, 12, 12, 1)
_SPREAD = 2.5
"""Spread of the weights (see Network): wide enough for saturating activations to bend."""
_POINTS = 400
"""Random points of the linear fit."""
_LINE_POINTS = 161
"""Points along the line x1 = x2 = t, from t = -2 to 2."""
_ROUNDING_RTOL = 1e-12
"""Distances below this, relative to the largest output, are rounding errors: float64 has 1e-16 per operation."""


@dataclass(frozen=True)
class Fit:
    """The residuals of the best linear fit; nan if an output is not finite or all outputs are equal.

    unexplained  the share of the outputs' variance that the fit leaves unexplained
    furthest     the largest residual, relative to the largest output
    """

    unexplained: float
    furthest: float

    @property
    def is_exact(self) -> bool:
        """Whether the residuals are rounding errors."""
        return self.furthest < _ROUNDING_RTOL


@dataclass(frozen=True)
class Linearity:
    """A deep network at random points of a square, with an activation and without one.

    label            the activation
    layers           number of layers
    numbers          number of weights and biases
    points           number of random points
    weights, offset  the affine map equal to the network without an activation: x1 * w1 + x2 * w2 + offset
    deviation        the largest difference between that network and the affine map at the points
    largest          the largest output of the network without an activation, in size
    fit, fit_without the best linear fit to the outputs, with the activation and without
    not_finite       number of infinite or nan outputs with the activation
    t, output, output_without   outputs along the line x1 = x2 = t, with the activation and without
    """

    label: str
    layers: int
    numbers: int
    points: int
    weights: tuple[float, float]
    offset: float
    deviation: float
    largest: float
    fit: Fit
    fit_without: Fit
    not_finite: int
    t: Floats
    output: Floats
    output_without: Floats

    @property
    def columns(self) -> dict[str, list[float]]:
        """The outputs along the line, by header."""
        return {"t": self.t.tolist(), self.label: self.output.tolist(), "none": self.output_without.tolist()}

    @property
    def sentences(self) -> list[str]:
        """A summary of the results."""
        (w1, w2), label = self.weights, self.label
        if self.not_finite:
            with_activation = f"With {label}, {self.not_finite} of {self.points} outputs are infinite or nan."
        elif np.isnan(self.fit.unexplained):
            with_activation = f"With {label}, the output is the same at all {self.points} points."
        elif self.fit.is_exact:
            with_activation = f"With {label}, the network is an affine map too, up to rounding errors."
        else:
            unexplained = percent(self.fit.unexplained)
            with_activation = f"With {label}, the best linear fit leaves {unexplained} of the variance unexplained."
        return [
            f"Without an activation, the {self.layers} layers with {self.numbers} weights and biases are a single "
            f"affine map: {_terms((w1, '*x1'), (w2, '*x2'), (self.offset, ''))}.",
            f"At {self.points} points the two differ by at most {number(self.deviation)}, where outputs are up to "
            f"{number(self.largest)} in size.",
            with_activation,
        ]


def linearity(f: BoundActivation, seed: int) -> Linearity:
    """Evaluate a random network with f between the layers, and the same network without an activation."""
    random = np.random.default_rng(seed)
    x = 2 * uniform(random, (_POINTS, 2))
    active, linear = Network(LAYER_SIZES, f, random, _SPREAD), Network(LAYER_SIZES, parse("identity"), random)
    linear.weights, linear.biases = active.weights, active.biases
    t = np.arange(-(_LINE_POINTS // 2), _LINE_POINTS // 2 + 1) / (_LINE_POINTS // 4)
    line = np.stack([t, t], axis=1)
    matrix, offset = collapse_layers(linear)
    with np.errstate(all="ignore"):
        out, out_linear = active.forward(x), linear.forward(x)
        return Linearity(
            label=f.label,
            layers=len(LAYER_SIZES) - 1,
            numbers=sum((above + 1) * below for above, below in pairwise(LAYER_SIZES)),
            points=_POINTS,
            weights=(float(matrix[0, 0]), float(matrix[1, 0])),
            offset=float(offset[0]),
            deviation=float(np.abs(out_linear - (matrix_product(x, matrix) + offset)[:, 0]).max()),
            largest=float(np.abs(out_linear).max()),
            fit=linear_fit(x, out),
            fit_without=linear_fit(x, out_linear),
            not_finite=int((~np.isfinite(out)).sum()),
            t=t,
            output=active.forward(line),
            output_without=linear.forward(line),
        )


def collapse_layers(network: Network) -> tuple[Floats, Floats]:
    """Return weights (inputs, outputs) and biases of the single layer equal to the network without its activation."""
    matrix, offset = network.weights[0], network.biases[0]
    for weights, biases in zip(network.weights[1:], network.biases[1:], strict=True):
        matrix = matrix_product(matrix, weights)
        offset = matrix_product(offset[np.newaxis], weights)[0] + biases
    return matrix, offset


def linear_fit(x: Floats, out: Floats) -> Fit:
    """Return the residuals of the least-squares fit w1 * x1 + w2 * x2 + b to outputs (n,) at points x (n, 2)."""
    largest = np.abs(out).max()
    if not np.isfinite(largest) or (out == out[0]).all():
        return Fit(float("nan"), float("nan"))
    # Scaling keeps the squares from overflow and underflow.
    y = out / largest
    y = y - pairwise_sum(y) / len(y)
    a, b = (x - pairwise_sum(x) / len(x)).T
    # The normal equations for two centred variables, solved by Cramer's rule.
    aa, ab, bb, ay, by = (pairwise_sum(p * q) for p, q in ((a, a), (a, b), (b, b), (a, y), (b, y)))
    determinant = aa * bb - ab * ab
    residuals = y - a * ((ay * bb - by * ab) / determinant) - b * ((by * aa - ay * ab) / determinant)
    return Fit(float(pairwise_sum(residuals * residuals) / pairwise_sum(y * y)), float(np.abs(residuals).max()))


def _terms(*terms: tuple[float, str]) -> str:
    """Return a sum such as `0.5*x1 - 2*x2 + 1`; each term is (coefficient, factor)."""
    text = ""
    for value, factor in terms:
        sign = ("-" if value < 0 else "") if not text else (" - " if value < 0 else " + ")
        text += sign + number(abs(value)) + factor
    return text
