"""Every entry of the catalogue, written as an expression, gives the catalogue's own numbers."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest

import actcli
from actcli.core.catalogue import known
from actcli.core.expression.names import ELEMENTARY
from actcli.core.expression.parser import parse
from actcli.core.expression.slopes import definite
from actcli.core.expression.tree import Entry, free, written
from actcli.core.record import Activation
from tests.core import points
from tests.core.oracle import Oracle, elementwise
from tests.seeds import SEED

ENTRIES = elementwise()


def as_expression(entry: Activation) -> str:
    """The text of an entry's formula as a person would type it, with the parameters that it uses."""
    text = written(definite(re.sub(r"\bf\(", f"{entry.name}(", entry.formula)))
    values = points.usual(entry) | {p.name: p.default for p in entry.params if p.default not in (None, "none")}
    used = {name: str(values[name]) for name in free(parse(text)) if name in values}
    return points.spec(text, used)


def grid(entry: Activation) -> list[float]:
    xs = points.general("float64", random.Random(SEED)) + points.near(
        Oracle(entry, points.usual(entry)).kinks, "float64"
    )
    return [*xs, math.inf, -math.inf, math.nan, 0.0, -0.0]


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_formulas(name: str, order: int) -> None:
    """An entry's formula, typed, has the entry's values and slopes to the last bit; at its kinks it has its own."""
    entry = ENTRIES[name]
    function = actcli.gradient if order else actcli.evaluate
    xs = grid(entry)
    if order:
        kinks = {float(at) for at in Oracle(entry, points.usual(entry)).kinks}
        xs = [x for x in xs if x not in kinks]
    typed, own = (
        function(spec, np.array(xs)).tolist() for spec in (as_expression(entry), points.spec(name, points.usual(entry)))
    )
    faults = [(x.hex(), a, b) for x, a, b in zip(xs, typed, own, strict=True) if not same(a, b)]
    assert not faults, (SEED, as_expression(entry), faults[:5])


@pytest.mark.parametrize("name", ENTRIES)
def test_calls(name: str) -> None:
    """An entry as a function of x is that entry: values, slopes, and slopes at kinks and beside them."""
    entry = ENTRIES[name]
    usual = points.usual(entry)
    call = f"{name}({', '.join(['x', *(f'{key}={value}' for key, value in usual.items())])}) * 1"
    xs = np.array(grid(entry))
    for function in (actcli.evaluate, actcli.gradient):
        typed, own = function(call, xs).tolist(), function(points.spec(name, usual), xs).tolist()
        assert all(map(same, typed, own)), (SEED, call, function)


def test_clip() -> None:
    """With bounds by name or by place clip is the catalogue's, values and slopes; its slope is spelled out."""
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
def test_a_built_in_and_an_entry_of_one_name_are_one_object(name: str) -> None:
    """Where the catalogue has a function of the language, the language has the catalogue's."""
    entry = known(name)
    tree = parse(f"{name}(x)")
    assert (entry is None) != isinstance(tree, Entry)
    if isinstance(tree, Entry):
        assert tree.entry is entry
