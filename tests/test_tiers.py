"""The two tiers of the tests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

from tests.support import tiers
from tests.support.tiers import examples, is_full, sampled


def kept(params: list[Any]) -> list[Any]:
    """Return the parameters of the default tier."""
    return [param for param in params if not getattr(param, "marks", ())]


def test_a_sample_is_spread_evenly() -> None:
    """The default tier keeps as many parameters as asked for, evenly spread; the others are marked, none is lost."""
    assert kept(sampled(range(10), 3)) == [0, 3, 6]
    assert kept(sampled(range(10), 3, offset=4)) == [0, 4, 7]
    assert kept(sampled("ab", 5)) == kept(sampled("ab")) == ["a", "b"]
    assert kept(sampled(range(8), 3, costly={0, 1})) == [2, 4, 6]
    params = sampled([(1, "a"), (2, "b"), pytest.param(3, "c", id="three")], 1)
    assert [getattr(param, "values", param) for param in params] == [(1, "a"), (2, "b"), (3, "c")]
    assert params[2].id == "three"
    assert [mark.name for param in params[1:] for mark in param.marks] == ["exhaustive"] * 2


@pytest.mark.parametrize(("full", "counts"), [(True, [5, 100, 1000]), (False, [5, 12, 125])])
def test_the_default_tier_draws_fewer_examples(full: bool, counts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A property test draws all of its examples in the exhaustive tier, and an eighth in the default one."""
    monkeypatch.setattr(tiers, "_full", full)
    assert [examples(5), examples(100), examples(1000)] == counts


def test_the_profile_is_that_of_the_tier(request: pytest.FixtureRequest) -> None:
    """A test without settings of its own draws as many examples as the tier asks for, the same in every run."""
    assert is_full() == ("not exhaustive" not in request.config.option.markexpr)
    assert settings.default is not None
    assert settings.default.max_examples == examples(100)
    assert settings.default.deadline is None
