"""Layers upon layers of weighted sums are one weighted sum, unless something between them bends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import Network, product, total, uniform
from actcli.core.demos.sentences import number, percent
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["SIZES", "Fit", "Linearity", "collapsed", "linear_fit", "linearity"]

SIZES = (2, 12, 12, 12, 12, 12, 1)
_SPREAD = 2.5
_POINTS = 400
_LINE = 161
_ROUNDING = 1e-12
"""What is off by less than this share of the largest output is off by rounding."""


@dataclass(frozen=True)
class Fit:
    """What the best linear fit misses; nan where an output is not finite, or all are the same.

    unexplained  the share of the outputs' variance that it leaves
    furthest     the largest distance of an output from it, as a share of the largest output
    """

    unexplained: float
    furthest: float

    @property
    def is_exact(self) -> bool:
        """Whether all that it misses is rounding."""
        return self.furthest < _ROUNDING


@dataclass(frozen=True)
class Linearity:
    """A deep network at random points of a square, with its activation and without.

    label        the activation
    layers, numbers  how many layers the network has, and how many weights and biases
    weights, offset  the one layer that the network without an activation is: out = x1 * w1 + x2 * w2 + offset
    deviation    the largest difference of the two at any of the points;  largest  the largest output
    fit, fit_without        how well the best linear fit does, with the activation and without
    not_finite              how many outputs of the network with its activation are infinite or nan
    t, output, output_without  the outputs of both networks along the line x1 = x2 = t
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
        """The outputs along the line."""
        return {"t": self.t.tolist(), self.label: self.output.tolist(), "none": self.output_without.tolist()}

    @property
    def sentences(self) -> list[str]:
        """What was seen."""
        (first, second), offset = self.weights, self.offset
        plane = f"out = {_terms((first, 'x1'), (second, 'x2'), (offset, ''))}"
        return [
            f"Without an activation the {self.layers} layers and their {self.numbers} weights and biases are one "
            f"matrix and one bias, {plane}, to within {number(self.deviation)} at {self.points} points, where the "
            f"largest output is {number(self.largest)}.",
            self._bent(),
        ]

    def _bent(self) -> str:
        fit = self.fit
        network = f"With {self.label} between the layers"
        if self.not_finite:
            return (
                f"{network} {self.not_finite} of the {self.points} outputs are infinite or nan: there is nothing that "
                f"a fit could be made to."
            )
        if np.isnan(fit.unexplained):
            return f"{network} the output is the same at all {self.points} points: nothing of x comes through."
        if fit.is_exact:
            return (
                f"{network} the output is one matrix and one bias too: no output is further from the best linear fit "
                f"than {number(fit.furthest)} of the largest, which is rounding. {self.label} bends nothing here."
            )
        return (
            f"{network} it is not: the best linear fit leaves {percent(fit.unexplained)} of the output's "
            f"variance unexplained."
        )


def linearity(f: BoundActivation, seed: int) -> Linearity:
    """The same random weights and biases with f between the layers, and with nothing."""
    random = np.random.default_rng(seed)
    x = 2 * uniform(random, (_POINTS, 2))
    bent, flat = Network(SIZES, f, random, _SPREAD), Network(SIZES, parse("identity"), random)
    flat.weights, flat.biases = bent.weights, bent.biases
    t = np.arange(-(_LINE // 2), _LINE // 2 + 1) / (_LINE // 4)
    line = np.stack([t, t], axis=1)
    matrix, offset = collapsed(flat)
    with np.errstate(all="ignore"):
        curved, straight = bent.forward(x), flat.forward(x)
        return Linearity(
            label=f.label,
            layers=len(SIZES) - 1,
            numbers=sum((above + 1) * below for above, below in pairwise(SIZES)),
            points=_POINTS,
            weights=(float(matrix[0, 0]), float(matrix[1, 0])),
            offset=float(offset[0]),
            deviation=float(np.abs(straight - (product(x, matrix) + offset)[:, 0]).max()),
            largest=float(np.abs(straight).max()),
            fit=linear_fit(x, curved),
            fit_without=linear_fit(x, straight),
            not_finite=int((~np.isfinite(curved)).sum()),
            t=t,
            output=bent.forward(line),
            output_without=flat.forward(line),
        )


def collapsed(network: Network) -> tuple[Floats, Floats]:
    """The one layer that the network's layers are without an activation: (inputs, outputs) weights and biases."""
    matrix, offset = network.weights[0], network.biases[0]
    for weights, biases in zip(network.weights[1:], network.biases[1:], strict=True):
        matrix = product(matrix, weights)
        offset = product(offset[np.newaxis], weights)[0] + biases
    return matrix, offset


def linear_fit(x: Floats, out: Floats) -> Fit:
    """How well out = w1 * x1 + w2 * x2 + b, by least squares, fits outputs (n,) at points x (n, 2)."""
    largest = np.abs(out).max()
    if not np.isfinite(largest) or (out == out[0]).all():
        return Fit(float("nan"), float("nan"))
    # Scaled, so that no square overflows or vanishes.
    y = out / largest
    y = y - total(y) / len(y)
    a, b = (x - total(x) / len(x)).T
    # Least squares for two slopes: the normal equations, by Cramer's rule.
    aa, ab, bb, ay, by = (total(p * q) for p, q in ((a, a), (a, b), (b, b), (a, y), (b, y)))
    determinant = aa * bb - ab * ab
    rest = y - a * ((ay * bb - by * ab) / determinant) - b * ((by * aa - ay * ab) / determinant)
    return Fit(float(total(rest * rest) / total(y * y)), float(np.abs(rest).max()))


def _terms(*terms: tuple[float, str]) -> str:
    """`0.5*x1 - 2*x2 + 1`."""
    text = ""
    for value, name in terms:
        sign = ("-" if value < 0 else "") if not text else (" - " if value < 0 else " + ")
        text += sign + number(abs(value)) + f"*{name}" * bool(name)
    return text
