"""Unusual activations, for which the reports must be correct too."""

from __future__ import annotations

from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse

__all__ = ["AFFINE", "bound"]

AFFINE = ("identity", "affine:alpha=-2,beta=1", "affine:alpha=1,beta=1e9", "leaky_relu:negative_slope=1")


def bound(spec: str) -> BoundActivation:
    """Return the activation that `spec` names; `square` is x * x under that label."""
    return parse("x * x")._replace(label="square") if spec == "square" else parse(spec)
