"""Properties inferred by sampling."""

from __future__ import annotations

import math

import pytest

from actcli.core.analysis import inferred_facts
from actcli.core.catalogue.activation import Properties
from actcli.core.catalogue.parameter_formulas import evaluate_formula
from actcli.core.spec import parse
from tests.support.oracle import elementwise_entries
from tests.support.tiers import COSTLY, sampled

ENTRIES = elementwise_entries()


def ends(text: str) -> list[float]:
    """Return the two ends of a range as numbers."""
    return [
        float(word) if "inf" in word else float(evaluate_formula(word.strip(), {})) for word in text[1:-1].split(",")
    ]


@pytest.mark.parametrize(
    "name",
    sampled(
        [name for name, entry in ENTRIES.items() if all(param.default is not None for param in entry.parameters)],
        30,
        costly=COSTLY,
    ),
)
def test_inferred_properties_agree_with_stated_ones(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For default parameters each inferred property is unknown or equal to the stated one."""
    stated = ENTRIES[name].properties
    bound = parse(name)
    assert inferred_facts.properties_of(bound)[:2] == (stated, True)
    monkeypatch.setattr(type(bound), "is_default", False)
    facts, is_stated, _ = inferred_facts.properties_of(parse(name))
    assert not is_stated
    for fact in ("monotone", "odd", "saturates"):
        assert getattr(facts, fact) in (None, getattr(stated, fact)), fact
    if facts.range is not None:
        assert facts.range[0] + facts.range[-1] == stated.range[0] + stated.range[-1]
        assert all(
            a == b or math.isclose(a, b, rel_tol=1e-13)
            for a, b in zip(ends(facts.range), ends(stated.range), strict=True)
        )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("x**2", Properties("[0, inf)", False, False, "no")),
        ("-(x**3)", Properties("(-inf, inf)", False, True, "no")),
        ("max(x, 0)", Properties("[0, inf)", True, False, "left")),
        ("min(1, max(-1, x))", Properties("[-1, 1]", True, True, "both")),
        ("where(x < 0, x + 1, 0)", Properties("(-inf, 1)", False, False, "right")),
        ("where(x <= 0, exp(x), 0.5)", Properties("(0, 1]", False, False, "both")),
        ("sigmoid(1000 * x)", Properties("(0, 1)", True, False, "both")),
        ("x + sin(x)", Properties("(-inf, inf)", True, True, "no")),
        ("sin(x)", Properties(None, False, True, "no")),
        ("x * exp(-x / 20)", Properties("(-inf, 7.357588823428847]", False, False, "right")),
        ("1 / x", Properties(None, False, True, "both")),
        ("sqrt(x)", Properties(None, None, False, "no")),
        ("leaky_relu:negative_slope=-1", Properties("[0, inf)", False, False, "no")),
        ("affine:alpha=-1,beta=0", Properties("(-inf, inf)", False, True, "no")),
        ("threshold:threshold=1,value=2", Properties("(1, inf)", False, False, "left")),
        ("e_swish:beta=-1", Properties("(-inf, 0.2784645427610738]", False, False, "left")),
        ("gelu@jax", Properties("[-0.17004075057125406, inf)", False, False, "left")),
        ("hard_tanh:min_val=0,max_val=2.5", Properties("[0, 2.5]", True, False, "both")),
    ],
)
def test_inferred_properties(spec: str, expected: Properties) -> None:
    """Inferred properties are true, and unknown where samples do not suffice."""
    assert inferred_facts.properties_of(parse(spec))[:2] == (expected, False)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("where(x > 0, pi + 1 / (1 + x), 0)", "[0, 4.141592653589793)"),
        ("where(x >= 0, pi + 1 / (1 + x), 0)", "[0, 4.141592653589793]"),
        ("where(x > 0, 3 + 1 / (1 + x), 0)", "[0, 4)"),
        ("where(x < 1, exp(x), 0)", "[0, 2.718281828459045)"),
        ("where(x <= 1, exp(x), 0)", "[0, 2.718281828459045]"),
        ("where(x == 2, e * x, 3)", "[3, 5.43656365691809]"),
        ("where(x == -4, -pi * x, pi)", "[3.141592653589793, 12.566370614359172]"),
        ("where(x == 1, x, tanh(x))", "(-1, 1]"),
        ("where(x == 1, -x, tanh(x))", "[-1, 1)"),
        ("where(x > 1, pi, min(0, x))", "(-inf, 3.141592653589793]"),
        ("mod(clip(x, -1, 1), 0.75) * pi", "[0, 2.356194490192345)"),
        ("round(clip(x, -3, 3)) * pi", "[-9.424777960769379, 9.424777960769379]"),
        ("gaussian(x**0)", "[0.36787944117144233, 0.36787944117144233]"),
        ("tanh(x) * pi", "(-3.141592653589793, 3.141592653589793)"),
    ],
)
def test_ends_of_ranges(spec: str, expected: str) -> None:
    """The ends of a range are the numbers to which its bounds round, closed if f attains them, beside jumps too."""
    assert inferred_facts.properties_of(parse(spec)).properties.range == expected


def test_vector_properties_are_stated() -> None:
    """The properties of a vector activation are the stated ones."""
    assert inferred_facts.properties_of(parse("softmax")).is_stated


def test_narrow_dip_is_found() -> None:
    """A dip as narrow as 1/40 makes a function non-monotone."""
    assert inferred_facts.properties_of(parse("x - sigmoid(400 * (x - 3.3)) / 4")).properties.monotone is False


@pytest.mark.parametrize("spec", ["1/(x**2-2)", "x/(x**3-5)", "1/(x**2-2)**2"])
def test_range_with_a_pole_is_unproven(spec: str) -> None:
    """A range is not proven if the function has a pole between two float64."""
    assert inferred_facts.properties_of(parse(spec)).evidence["range"] != "proven"
