"""The escalation: what a path decides is correct, and what it leaves undecided reaches the next path."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.evaluation import elementwise, escalation
from actcli.core.evaluation.escalation import accurate_path, evaluate_in_parts, fast_path
from actcli.core.evaluation.function import EntryFunction
from actcli.core.evaluation.quantity import Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()


@pytest.mark.parametrize("name", sampled(ENTRIES, 25, costly=COSTLY))
@pytest.mark.parametrize("order", [0, 1], ids=["f", "slope"])
def test_ziv_test_never_accepts_wrong_rounding(name: str, order: int) -> None:
    """Whatever the double-double or the scaled path decides, and every result of arbitrary precision, is correct."""
    dice = random.Random(SEED)
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    quantity = Quantity(parse(points.spec(name, usual)), order)
    dtype = dice.choice(("float64", "float32"))
    fmt = FLOATS[dtype]
    kinks = set(map(float, oracle.kinks)) if order else set()
    xs = [x for x in dice.sample(points.general(dtype, dice), 150) if x != 0 and x not in kinks]
    truths = [oracle.result(order, x, dtype) for x in xs]
    paths = {
        "double-double": fast_path(quantity.__call__, fmt, DoubleDoubleArithmetic()),
        "scaled double-double": accurate_path(quantity.__call__, fmt, ScaledDDArithmetic),
    }
    for label, path in paths.items():
        for start in range(0, len(xs), 15):
            part = slice(start, start + 15)
            results, undecided = evaluate_in_parts(path, [np.array(xs[part])])
            for x, y, open_, truth in zip(xs[part], results.tolist(), undecided.tolist(), truths[part], strict=True):
                assert open_ or repr(y) == repr(truth), (label, SEED, dtype, x.hex(), y, truth)
    # Above about 700 arbitrary precision alone takes a result next to a tie for that tie. So it does with tanh(x/2) of
    # a subnormal x, which differs from x/2 by 2^-2000 of its size. The scaled path decides both before.
    least = 2.0**-1022 if name == "bipolar_sigmoid" else 0.0
    for x, truth in [(x, truth) for x, truth in zip(xs, truths, strict=True) if least <= abs(x) < 500][:25]:
        found = quantity.bound.function.evaluate_one(quantity, x, fmt)
        assert repr(found) == repr(truth), ("arbitrary precision", SEED, dtype, x.hex(), truth)


class CallCounter:
    """Arbitrary precision for entries, with the arguments of its calls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[float] = []
        evaluate_one, calls = EntryFunction.evaluate_one, self.calls

        def counting(self: EntryFunction, quantity: Any, x: float, fmt: Any) -> float:
            calls.append(x)
            return evaluate_one(self, quantity, x, fmt)

        monkeypatch.setattr(EntryFunction, "evaluate_one", counting)


def undecided_path(*_: Any) -> escalation.Path:
    """Return a path that decides nothing."""

    def path(inputs: Sequence[Any]) -> Any:
        return np.full_like(inputs[0], 7.0), np.ones(inputs[0].shape, dtype=bool)

    return path


@pytest.mark.parametrize("name", ENTRIES)
def test_small_batches_skip_accurate_path(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few elements that fail Ziv's test are correct, and hardly ever need the scaled path."""
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    asked: list[float] = []

    def watched(formula: Any, fmt: Any, arithmetic: Any) -> escalation.Path:
        path = accurate_path(formula, fmt, arithmetic)
        return lambda inputs: (asked.extend(inputs[0].tolist()), path(inputs))[1]

    monkeypatch.setattr(escalation, "fast_path", undecided_path)
    monkeypatch.setattr(escalation, "accurate_path", watched)
    xs = [0.37, -1.62, 5.0, -11.25, 2.0**-40, -30.5]
    for order, function in enumerate((actcli.evaluate, actcli.gradient)):
        assert list(map(repr, function(points.spec(name, usual), xs).tolist())) == [
            repr(oracle.result(order, x, "float64")) for x in xs
        ]
    assert len(asked) <= 4, asked


@pytest.mark.parametrize("name", ENTRIES)
def test_arbitrary_precision_is_reached_once_for_equal_elements(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What both array paths leave undecided is evaluated by arbitrary precision, equal x once, and is correct."""
    usual = points.usual(ENTRIES[name])
    oracle = Oracle(ENTRIES[name], usual)
    xs = [0.37, -1.62, 5.0, 0.37, -11.25, -1.62, 2.0**-40, -30.5]
    counter = CallCounter(monkeypatch)
    monkeypatch.setattr(escalation, "fast_path", undecided_path)
    monkeypatch.setattr(escalation, "accurate_path", undecided_path)
    monkeypatch.setattr(elementwise, "_FEW_ELEMENTS", 0)
    for order, function in enumerate((actcli.evaluate, actcli.gradient)):
        counter.calls.clear()
        results = function(points.spec(name, usual), xs).tolist()
        start = parse(points.spec(name, usual)).domain[0]
        assert sorted(counter.calls) == sorted({x for x in xs if start is None or x > start})
        assert list(map(repr, results)) == [repr(oracle.result(order, x, "float64")) for x in xs]


def test_arbitrary_precision_is_rarely_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Easy arguments, ties, subnormals and large integers need no arbitrary precision; sines of huge arguments do."""
    counter = CallCounter(monkeypatch)
    for name in ENTRIES:
        spec = points.spec(name, points.usual(ENTRIES[name]))
        actcli.evaluate(spec, np.linspace(-20, 20, 2001))
        actcli.gradient(spec, np.linspace(-20, 20, 2001))
    assert len(counter.calls) <= len(ENTRIES), counter.calls[:9]
    counter.calls.clear()
    huge = [2.0**k * 1.1 for k in range(300, 1000, 50)]
    for name in ENTRIES:
        actcli.gradient(points.spec(name, points.usual(ENTRIES[name])), huge)
    assert set(counter.calls) >= set(huge)
