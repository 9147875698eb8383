"""Quantities of entries and of formulas outside the catalogue, and their evaluated results."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from actcli.core.catalogue.activation import Activation, Properties
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support import points
from tests.support.oracle import FORMATS, elementwise_entries
from tests.support.seeds import SEED

__all__ = [
    "ENTRIES",
    "SEED",
    "by_parameters",
    "each_entry",
    "each_format",
    "each_order",
    "got",
    "own",
    "quantity",
    "same",
    "usual",
]

ENTRIES = elementwise_entries()

each_entry = pytest.mark.parametrize("name", ENTRIES)
each_order = pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
each_format = pytest.mark.parametrize("dtype", FORMATS)


def quantity(spec: str, order: int = 0, wrt: str | None = None, side: int = 0, **params: Any) -> Quantity:
    return Quantity(parse(spec, params), order, wrt, side)


def usual(name: str) -> str:
    """Return an entry as a SPEC, with a value for each required parameter."""
    return points.spec(name, points.usual(ENTRIES[name]))


def by_parameters(name: str) -> list[tuple[str, str]]:
    """Return (SPEC, parameter) for each parameter that the entry can be differentiated by, in any framework."""
    found = []
    for param in (param for param in ENTRIES[name].parameters if not param.choices):
        owner = f"{name}@{param.frameworks[0]}" if param.frameworks else name
        spec = points.spec(owner, points.usual(ENTRIES[name]))
        if parse(spec).values[param.name] is None:
            spec = points.spec(owner, points.usual(ENTRIES[name]) | {param.name: "2"})
        if isinstance(parse(spec).values[param.name], Fraction):
            found.append((spec, param.name))
    return found


def own(f: Any, **more: Any) -> Quantity:
    """Return the quantity of a formula outside the catalogue."""
    properties = Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no")
    return Quantity(
        BoundActivation(
            Activation(name="own", formula="x", derivative="1", f=f, properties=properties, paper="none"), {}, "own"
        ),
        **more,
    )


def got(quantity: Quantity, xs: Sequence[float] | NDArray[np.float64], dtype: str = "float64") -> list[float]:
    """Return the results at values of the format, with every warning an error."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        results: list[float] = evaluate(quantity, np.array(xs, dtype=np.float64), FLOATS[dtype]).tolist()
    return results


def same(found: Sequence[float], wanted: Sequence[float]) -> bool:
    """Whether two lists hold the same numbers, signs of zeros included."""
    return list(map(repr, found)) == list(map(repr, wanted))
