"""Results that nothing decides: they are counted, and a search does not look into them for ever."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcli.core import decide
from actcli.core.engine import Reading, compute
from actcli.core.landmarks import landmarks
from actcli.core.spec import parse
from actcli.core.unknown import SEARCHING, UNKNOWN, patient, tallied
from actcli.formats import FLOATS

CANCELS = "exp(x) * exp(-x) - 1"


def test_all_are_counted() -> None:
    """Each element that is not decided counts, be it the same as another; nothing outside of the block is touched."""
    x = np.array([1.0, 2.0, 1.0, 0.0])
    with tallied() as outer, tallied() as tally:
        found = compute(Reading(parse(CANCELS)), x, FLOATS["float64"])
    assert np.isnan(found).tolist() == [True, True, True, False]
    assert (tally.count, outer.count) == (3, 0)


def test_a_search_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a patience of so many, no more results than that and a few are looked into; what can be decided is."""
    looked = []

    def counting(*args: Any) -> float:
        looked.append(args)
        return UNKNOWN

    monkeypatch.setattr(decide, "decide", counting)
    with tallied(SEARCHING) as tally:
        landmarks(parse(CANCELS))
        assert not patient()
    assert len(looked) <= SEARCHING + 50 < tally.count


def test_without_a_search_nothing_is_given_up() -> None:
    """Where no patience is said, every result is looked into."""
    with tallied() as tally:
        compute(Reading(parse(CANCELS)), np.linspace(1, 2, SEARCHING + 20), FLOATS["float64"])
        assert patient()
    assert tally.count == SEARCHING + 20
