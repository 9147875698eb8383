"""Joints: the points where the pieces of a formula meet."""

from __future__ import annotations

from fractions import Fraction

import pytest

from actcli.core.spec import parse
from tests.support.oracle import elementwise_entries


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("gelu", ()),
        ("sigmoid", ()),
        ("celu:alpha=3", (0,)),
        ("softsign", (0,)),
        ("hard_swish", (-3, 3)),
        ("hardshrink:lambd=1/3", (Fraction(-1, 3), Fraction(1, 3))),
        ("hard_sigmoid:slope=1/5,offset=1/2", (Fraction(-5, 2), Fraction(5, 2))),
        ("softplus@torch:beta=2", (10,)),
        ("relu6", (0, 6)),
        ("hard_elish", (-1, 0, 1)),
    ],
)
def test_joints_of_activations(spec: str, expected: tuple[Fraction | int, ...]) -> None:
    """The joints are the exact points where the formula changes, for these parameters."""
    assert parse(spec).function.joints() == expected


@pytest.mark.parametrize("name", elementwise_entries())
def test_joints_include_kinks(name: str) -> None:
    """Every kink that an entry states is a joint of its formula."""
    entry = elementwise_entries()[name]
    if any(param.default is None for param in entry.parameters):
        pytest.skip("a parameter has no default")
    bound = parse(name)
    assert {*bound.kink_points} <= {*bound.function.joints()}
