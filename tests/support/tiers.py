"""The two tiers of the tests: the default one, which takes minutes, and the exhaustive one.

`pytest` runs the default tier: a sample of every property. `pytest -m exhaustive` runs the rest of the parameters and
the sweeps, and every property test again with its full number of examples. `pytest -m ""` runs everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from hypothesis import settings

from tests.support.seeds import SEARCHING

__all__ = ["COSTLY", "choose_tier", "examples", "exhaustive", "is_full", "sampled"]

exhaustive = pytest.mark.exhaustive
"""Mark a test of the exhaustive tier alone."""

COSTLY = frozenset({"aria2", "clipped_gelu", "laplace", "logish", "phish", "serf", "sin", "sinc", "snake", "tanhexp"})
"""Activations of which a sweep, or its reference values, takes seconds."""

_DEFAULT_EXAMPLES = 100
_SHARE = 8
_FEWEST = 10

_full = False


def choose_tier(expression: str) -> None:
    """Choose the number of examples for the marker expression of this run, before any test module is imported."""
    global _full
    _full = "not exhaustive" not in expression
    # A busy machine is no failure, and neither is bad luck.
    settings.register_profile(
        "tier", deadline=None, derandomize=not SEARCHING, max_examples=examples(_DEFAULT_EXAMPLES)
    )
    settings.load_profile("tier")


def is_full() -> bool:
    """Return whether this run goes beyond the default tier."""
    return _full


def examples(count: int) -> int:
    """Return how many examples a property test draws: `count` in the exhaustive tier, else an eighth."""
    return count if _full else min(count, max(_FEWEST, count // _SHARE))


def sampled(
    values: Iterable[Any], keep: int | None = None, *, offset: int = 0, costly: Collection[Any] = ()
) -> list[Any]:
    """Return parameters for `parametrize`, of which the default tier runs `keep` (None: all) and none that is costly.

    Those that are kept are evenly spread over the others. `offset` moves them, so that different tests keep different
    ones.
    """
    params = list(values)
    cheap = [place for place, param in enumerate(params) if param not in costly]
    keep = len(cheap) if keep is None else min(keep, len(cheap))
    kept = {cheap[(index * len(cheap) // keep + offset) % len(cheap)] for index in range(keep)}
    return [param if place in kept else _exhaustive(param) for place, param in enumerate(params)]


def _exhaustive(param: Any) -> Any:
    """Return the parameter, or the set of parameters (a plain tuple), with the marker added."""
    if isinstance(param, type(pytest.param())):
        return pytest.param(*param.values, id=param.id, marks=[*param.marks, exhaustive])
    return pytest.param(*param if type(param) is tuple else (param,), marks=exhaustive)
