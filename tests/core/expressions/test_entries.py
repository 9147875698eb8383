"""Every entry of the catalogue, written as an expression, gives the catalogue's own numbers."""

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
from tests.support import points
from tests.support.oracle import FORMATS, Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()


def as_expression(entry: Activation) -> str:
    """The text of an entry's formula as a person would type it, with the parameters that it uses."""
    text = unparse(parse_definition(re.sub(r"\bf\(", f"{entry.name}(", entry.formula)))
    values = points.usual(entry) | {p.name: p.default for p in entry.parameters if p.default not in (None, "none")}
    used = {name: str(values[name]) for name in free_names(parse(text)) if name in values}
    return points.spec(text, used)


OTHER_AT_KINKS = {
    "hard_mish": "the formula's piece at -2 is 0, and the slope that is given there is that of the other piece",
    "hard_sigmoid": "min and max have the mean of two slopes where they tie, and the entry the slope 0",
    "relu6": "as hard_sigmoid",
}
"""Entries whose formula, typed, has other slopes at its kinks than they have, and why."""

_SOME = 60


def grid(entry: Activation, dtype: str) -> list[float]:
    dice = random.Random(SEED)
    kinks = Oracle(entry, points.usual(entry)).kinks
    wide = dtype in ("float64", "float32")
    xs = points.general(dtype, dice) if wide else dice.sample([x for x in points.every(dtype) if x == x], _SOME)
    xs += points.near(kinks, dtype) if wide else [float(at) for at in kinks]
    if dtype == "float32":
        xs = dice.sample(xs, _SOME)
    return [*xs, *([] if dtype == "float8_e4m3fn" else [math.inf, -math.inf]), math.nan, 0.0, -0.0]


def same(a: float, b: float) -> bool:
    return (a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)


def agree(text: str, spec: str, entry: Activation, dtype: str, order: int, kinks: bool = True) -> None:
    """Assert that two specs have one value, or slope, everywhere, and one sign of zero."""
    xs = grid(entry, dtype)
    if order and not kinks:
        left_out = {float(at) for at in Oracle(entry, points.usual(entry)).kinks}
        xs = [x for x in xs if x not in left_out]
    function = actcli.gradient if order else actcli.evaluate
    typed, own = (function(each, xs, dtype=dtype).astype(np.float64).tolist() for each in (text, spec))
    faults = [(x.hex(), a, b) for x, a, b in zip(xs, typed, own, strict=True) if not same(a, b)]
    assert not faults, (SEED, text, faults[:5])


@pytest.mark.parametrize("name", sampled(ENTRIES, 15, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_formulas(name: str, order: int) -> None:
    """An entry's formula, typed, has the entry's values and slopes to the last bit, the sign of zero and kinks too."""
    entry = ENTRIES[name]
    for dtype in FORMATS:
        spec = points.spec(name, points.usual(entry))
        agree(as_expression(entry), spec, entry, dtype, order, kinks=name not in OTHER_AT_KINKS)


@pytest.mark.parametrize("name", OTHER_AT_KINKS)
def test_entries_that_are_excepted_have_a_reason(name: str) -> None:
    """An entry whose kinks are left out does differ there, so that none is left out for long."""
    entry = ENTRIES[name]
    with pytest.raises(AssertionError):
        agree(as_expression(entry), points.spec(name, points.usual(entry)), entry, "float64", 1)


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, offset=1, costly=COSTLY))
def test_calls(name: str) -> None:
    """An entry as a function of x is that entry: values, slopes, and slopes at kinks and beside them."""
    entry = ENTRIES[name]
    usual = points.usual(entry)
    call = f"{name}({', '.join(['x', *(f'{key}={value}' for key, value in usual.items())])}) * 1"
    for order in (0, 1):
        agree(call, points.spec(name, usual), entry, "float64", order)


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
    entry = find_or_none(name)
    tree = parse(f"{name}(x)")
    assert (entry is None) != isinstance(tree, EntryCall)
    if isinstance(tree, EntryCall):
        assert tree.entry is entry
