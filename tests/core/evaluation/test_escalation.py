"""The readings in turn: what one is sure of is right, and what it leaves open is read by the next."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.core.evaluation import arbitrary_precision, elementwise
from actcli.core.evaluation.elementwise import Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_what_is_sure_is_right(name: str, order: int) -> None:
    """Where the fast and the wide reading are sure, and the exact one always, it is the oracle's result."""
    dice = random.Random(SEED)
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    quantity = Quantity(parse(points.spec(name, usual)), order)
    dtype = dice.choice(("float64", "float32"))
    fmt = FLOATS[dtype]
    kinks = set(map(float, oracle.kinks)) if order else set()
    xs = [x for x in dice.sample(points.general(dtype, dice), 150) if x != 0 and x not in kinks]
    truths = [oracle.result(order, x, dtype) for x in xs]
    for layer in (elementwise._evaluate_block, elementwise._scaled_double_double):
        for start in range(0, len(xs), 15):
            part = slice(start, start + 15)
            with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
                results, unsure = layer(quantity, np.array(xs[part]), fmt)
            for x, y, open_, truth in zip(xs[part], results.tolist(), unsure.tolist(), truths[part], strict=True):
                assert open_ or repr(y) == repr(truth), (layer.__name__, SEED, dtype, x.hex(), y, truth)
    # From some 700 on the exact reading alone takes what is only a little more than a tie for that tie; so it does with
    # tanh(x/2) of a subnormal x, which is x/2 but for 2^-2000 of it.
    least = 2.0**-1022 if name == "bipolar_sigmoid" else 0.0
    for x, truth in [(x, truth) for x, truth in zip(xs, truths, strict=True) if least <= abs(x) < 500][:25]:
        assert repr(arbitrary_precision.evaluate_one(quantity, x, fmt)) == repr(truth), (
            "exact",
            SEED,
            dtype,
            x.hex(),
            truth,
        )


class Counted:
    """The exact reading with its calls counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[float] = []
        self.exact = arbitrary_precision.evaluate_one
        monkeypatch.setattr(arbitrary_precision, "evaluate_one", self)

    def __call__(self, quantity: Any, x: float, fmt: Any) -> float:
        self.calls.append(x)
        return self.exact(quantity, x, fmt)


def never_sure(quantity: Any, x: Any, fmt: Any) -> Any:
    """A reading that leaves everything open."""
    return np.full_like(x, 7.0), np.ones(x.shape, dtype=bool)


@pytest.mark.parametrize("name", ENTRIES)
def test_a_few_are_told_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few elements that the fast reading leaves open are right, and hardly ever need the wide one."""
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    asked: list[float] = []
    wide = elementwise._scaled_double_double
    monkeypatch.setattr(elementwise, "_evaluate_block", never_sure)
    monkeypatch.setattr(
        elementwise,
        "_scaled_double_double",
        lambda quantity, x, fmt: (asked.extend(x.tolist()), wide(quantity, x, fmt))[1],
    )
    xs = [0.37, -1.62, 5.0, -11.25, 2.0**-40, -30.5]
    for order, function in enumerate((actcli.evaluate, actcli.gradient)):
        assert list(map(repr, function(points.spec(name, usual), xs).tolist())) == [
            repr(oracle.result(order, x, "float64")) for x in xs
        ]
    assert len(asked) <= 4, asked


@pytest.mark.parametrize("name", ENTRIES)
def test_the_exact_reading_is_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What both other readings leave open is read exactly, equal x once, and what comes of it is right."""
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    xs = [0.37, -1.62, 5.0, 0.37, -11.25, -1.62, 2.0**-40, -30.5]
    counted = Counted(monkeypatch)
    monkeypatch.setattr(elementwise, "_evaluate_block", never_sure)
    monkeypatch.setattr(elementwise, "_scaled_double_double", never_sure)
    monkeypatch.setattr(elementwise, "_FEW_ELEMENTS", 0)
    for order, function in enumerate((actcli.evaluate, actcli.gradient)):
        counted.calls.clear()
        results = function(points.spec(name, usual), xs).tolist()
        start = parse(points.spec(name, usual)).domain[0]
        assert sorted(counted.calls) == sorted({x for x in xs if start is None or x > start})
        assert list(map(repr, results)) == [repr(oracle.result(order, x, "float64")) for x in xs]


def test_no_more_than_needed_is_read_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Easy arguments, ties, subnormals and large integers need no exact reading, the sines of huge arguments do."""
    counted = Counted(monkeypatch)
    for name in ENTRIES:
        spec = points.spec(name, points.usual(ENTRIES[name]))
        actcli.evaluate(spec, np.linspace(-20, 20, 2001))
        actcli.gradient(spec, np.linspace(-20, 20, 2001))
    assert len(counted.calls) <= len(ENTRIES), counted.calls[:9]
    counted.calls.clear()
    huge = [2.0**k * 1.1 for k in range(300, 1000, 50)]
    for name in ENTRIES:
        actcli.gradient(points.spec(name, points.usual(ENTRIES[name])), huge)
    assert set(counted.calls) >= set(huge)
