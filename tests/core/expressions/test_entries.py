"""Entries of the catalogue as expressions: their formulas, and calls of them, give the catalogue's own numbers."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest

import actcli
from actcli.core.catalogue.activation import Activation
from actcli.core.catalogue.registry import find_or_none
from actcli.core.expressions.derivative import parse_definition
from actcli.core.expressions.functions import ELEMENTARY
from actcli.core.expressions.nodes import EntryCall, free_names, unparse
from actcli.core.expressions.parser import parse
from actcli.core.spec import parse as parse_spec
from tests.support import points
from tests.support.oracle import FORMATS, Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()


def as_expression(entry: Activation) -> str:
    """Return an entry's formula as a SPEC, with the parameters that it uses."""
    text = unparse(parse_definition(re.sub(r"\bf\(", f"{entry.name}(", entry.formula)))
    values = points.usual(entry) | {p.name: p.default for p in entry.parameters if p.default not in (None, "none")}
    used = {name: str(values[name]) for name in free_names(parse(text)) if name in values}
    return points.spec(text, used)


OTHER_SUBGRADIENTS = {
    "hard_mish": "at -2 the formula selects the piece 0, and the entry states the derivative of the other piece",
    "hard_sigmoid": "min and max have the mean of both derivatives at a tie, and the entry states 0",
    "relu6": "as hard_sigmoid",
}
"""Entries whose formula, as an expression, has other derivatives at kinks than the entry states, and why."""

SAMPLE_SIZE = 60


def grid(entry: Activation, dtype: str) -> list[float]:
    dice = random.Random(SEED)
    kinks = Oracle(entry, points.usual(entry)).kinks
    wide = dtype in ("float64", "float32")
    xs = points.general(dtype, dice) if wide else dice.sample([x for x in points.every(dtype) if x == x], SAMPLE_SIZE)
    xs += points.near(kinks, dtype) if wide else [float(at) for at in kinks]
    if dtype == "float32":
        xs = dice.sample(xs, SAMPLE_SIZE)
    return [*xs, *([] if dtype == "float8_e4m3fn" else [math.inf, -math.inf]), math.nan, 0.0, -0.0]


def same(a: float, b: float) -> bool:
    return (a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)


def agree(text: str, spec: str, entry: Activation, dtype: str, order: int, kinks: bool = True) -> None:
    """Assert that two SPECs have equal values or derivatives on the grid, signs of zeros included."""
    # At a pole on the edge of its domain an entry has the limit. A formula is nan outside the open domain.
    edges = {float(end) for end in parse_spec(spec).domain if end is not None}
    xs = [x for x in grid(entry, dtype) if x not in edges]
    if order and not kinks:
        excluded = {float(at) for at in Oracle(entry, points.usual(entry)).kinks}
        xs = [x for x in xs if x not in excluded]
    function = actcli.gradient if order else actcli.evaluate
    first, second = (function(each, xs, dtype=dtype).astype(np.float64).tolist() for each in (text, spec))
    differences = [(x.hex(), a, b) for x, a, b in zip(xs, first, second, strict=True) if not same(a, b)]
    assert not differences, (SEED, text, differences[:5])


@pytest.mark.parametrize("name", sampled(ENTRIES, 5, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "derivative"])
def test_formula_equals_entry(name: str, order: int) -> None:
    """An entry's formula, as an expression, has the entry's values and derivatives bit for bit."""
    entry = ENTRIES[name]
    for dtype in FORMATS:
        spec = points.spec(name, points.usual(entry))
        agree(as_expression(entry), spec, entry, dtype, order, kinks=name not in OTHER_SUBGRADIENTS)


@pytest.mark.parametrize("name", OTHER_SUBGRADIENTS)
def test_exceptions_are_needed(name: str) -> None:
    """Each entry in OTHER_SUBGRADIENTS does differ from its formula at a kink."""
    entry = ENTRIES[name]
    with pytest.raises(AssertionError):
        agree(as_expression(entry), points.spec(name, points.usual(entry)), entry, "float64", 1)


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_call_equals_entry(name: str) -> None:
    """A call of an entry has the entry's values and derivatives, also at its kinks."""
    entry = ENTRIES[name]
    usual = points.usual(entry)
    call = f"{name}({', '.join(['x', *(f'{key}={value}' for key, value in usual.items())])}) * 1"
    for order in (0, 1):
        agree(call, points.spec(name, usual), entry, "float64", order)


def test_clip_equals_entry() -> None:
    """clip(x, LEAST, LARGEST) and clip with named bounds equal the entry clip, and the derivative does not call it."""
    x = np.array([-5.0, -0.5, 0.25, 2.0, 5.0])
    for calls, spec in (
        (("clip(x, -0.5, 2)", "clip(x, min=-0.5, max=2)", "clip(x, min=a, max=2):a=-1/2"), "clip:min=-0.5,max=2"),
        (("clip(x, 2, -0.5)", "clip(x, min=2, max=-0.5)"), "clip:min=2,max=-0.5"),
        (("clip(x, max=2)",), "clip:max=2"),
        (("clip(x)",), "clip"),
    ):
        for call in calls:
            assert actcli.evaluate(call, x).tolist() == actcli.evaluate(spec, x).tolist()
            assert actcli.gradient(call, x).tolist() == actcli.gradient(spec, x).tolist()
            if "max" not in spec or "min" not in spec:
                assert "clip" not in actcli.get(call).derivative


@pytest.mark.parametrize("name", sorted(ELEMENTARY))
def test_elementary_function_is_catalogue_entry(name: str) -> None:
    """A function of the language that the catalogue has too is the catalogue's entry."""
    entry = find_or_none(name)
    tree = parse(f"{name}(x)")
    assert (entry is None) != isinstance(tree, EntryCall)
    if isinstance(tree, EntryCall):
        assert tree.entry is entry
