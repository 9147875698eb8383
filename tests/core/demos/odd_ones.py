"""Activations that nobody would choose, for which the sentences have to be true as well."""

from __future__ import annotations

from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse

__all__ = ["AFFINE", "bound"]

AFFINE = ("identity", "affine:alpha=-2,beta=1", "affine:alpha=1,beta=1e9", "leaky_relu:negative_slope=1")


def bound(spec: str) -> BoundActivation:
    """What `spec` stands for; `square` is an expression under a name of its own."""
    return parse("x * x")._replace(label="square") if spec == "square" else parse(spec)
