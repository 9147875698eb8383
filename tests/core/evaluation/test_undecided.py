"""Undecided results: they are counted, and a search stops escalating them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcli.core.analysis.landmarks import landmarks
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, UNDECIDED, counting_undecided, may_escalate
from actcli.core.expressions.function import ExpressionFunction
from actcli.core.spec import parse
from actcli.number_formats import FLOATS

CANCELS = "exp(x) * exp(-x) - 1"


def test_every_undecided_element_counts() -> None:
    """Each undecided element counts, equal ones too; the enclosing context's count does not change."""
    x = np.array([1.0, 2.0, 1.0, 0.0])
    with counting_undecided() as outer, counting_undecided() as tally:
        found = evaluate(Quantity(parse(CANCELS)), x, FLOATS["float64"])
    assert np.isnan(found).tolist() == [True, True, True, False]
    assert (tally.count, outer.count) == (3, 0)


def test_search_stops_escalating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its limit a search, as each probe of its cost, evaluates hardly any more undecided results."""
    looked = []

    def counting(*args: Any) -> float:
        looked.append(args)
        return UNDECIDED

    monkeypatch.setattr(ExpressionFunction, "evaluate_one", counting)
    with counting_undecided(SEARCH_LIMIT) as tally:
        landmarks(parse(CANCELS))
        assert not may_escalate()
    assert len(looked) <= 3 * (SEARCH_LIMIT + 50) < tally.count


def test_without_limit_everything_is_evaluated() -> None:
    """Without a limit every result is evaluated with all precisions."""
    with counting_undecided() as tally:
        evaluate(Quantity(parse(CANCELS)), np.linspace(1, 2, SEARCH_LIMIT + 20), FLOATS["float64"])
        assert may_escalate()
    assert tally.count == SEARCH_LIMIT + 20
