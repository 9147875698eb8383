"""Activations that nobody would choose, for which the sentences have to be true as well."""

from __future__ import annotations

from dataclasses import replace

from actcli.core.catalogue import find
from actcli.core.spec import Bound, parse

__all__ = ["AFFINE", "bound"]

AFFINE = ("identity", "affine:alpha=-2,beta=1", "affine:alpha=1,beta=1e9", "leaky_relu:negative_slope=1")


def bound(spec: str) -> Bound:
    """What `spec` stands for; `square` is x * x, which the catalogue does not have."""
    if spec != "square":
        return parse(spec)
    identity = find("identity")
    facts = replace(identity.facts, odd=False, monotone=False)
    entry = replace(identity, name="square", aliases=(), f=lambda m, x: x * x, df=None, facts=facts)
    return Bound(entry, {}, "square")
