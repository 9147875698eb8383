"""SPEC: the activation, parameters and label that it gives, and the messages for wrong ones."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation, Kink, Properties
from actcli.core.catalogue.parameters import Parameter
from actcli.core.spec import parse
from actcli.errors import ParameterError, UnknownActivationError
from tests.support.operations import peak_bytes

NEEDY = Activation(
    name="needy",
    formula="a * x + abs(x + b) + abs(x + 2.5)",
    derivative="a + sign(x + b) + sign(x + 2.5)",
    f=lambda m, x, a, b: a * x + m.abs(x + b) + m.abs(x + Fraction(5, 2)),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    paper="none",
    aliases=("in_need",),
    parameters=(
        Parameter(name="a", default=None, description="the slope", aliases=("slope",)),
        Parameter(name="b", default="1/3", description="nothing"),
    ),
    kinks=(Kink(at="-b", subgradient="a"), Kink(at="-2.5", subgradient="-1/2")),
)


@pytest.fixture
def needy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an activation with a required parameter into the catalogue for one test."""
    monkeypatch.setattr("actcli.core.spec.find", lambda word: NEEDY if word in ("needy", "in_need") else None)


def error_of(spec: str, **extra: Any) -> ParameterError:
    """Return the error of a spec; its message is one printable line."""
    with pytest.raises(ParameterError) as caught:
        parse(spec, extra)
    assert str(caught.value).isprintable()
    return caught.value


# --- labels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "label"),
    [
        ("relu", "relu"),
        ("ReLU", "relu"),
        (" relu ", "relu"),
        ("swish", "silu"),
        ("Leaky-ReLU", "leaky_relu"),
        ("leaky_relu:negative_slope=0.2", "leaky_relu:negative_slope=0.2"),
        ("LeakyReLU:alpha=1/6", "LeakyReLU:alpha=1/6"),
        ("swish:beta=2", "swish:beta=2"),
        ("gelu:approximate=TANH", "gelu:approximate=TANH"),
        ("hard_tanh:min_val=-2,max=2.0", "hard_tanh:min_val=-2,max=2.0"),
        ("clip : min = -2 , max_val = 2", "clip:min=-2,max_val=2"),
    ],
)
def test_labels(spec: str, label: str) -> None:
    """The label of a bare name or alias is the canonical name, that of a spec with parameters is the text as typed."""
    assert parse(spec).label == label


def test_labels_with_extra_parameters() -> None:
    """Extra parameters appear in the label after those of the spec, as if typed."""
    assert parse("LReLU", {"alpha": "0.2"}).label == "LReLU:alpha=0.2"
    assert parse("silu", {"beta": 2}).label == "silu:beta=2"
    assert parse("clip:min=-2", {"max": "3"}).label == "clip:min=-2,max=3"


@settings(deadline=None)
@given(st.sampled_from(registry.names()))
def test_canonical_name_gives_entry_with_defaults(name: str) -> None:
    """A canonical name gives its entry with every default."""
    bound = parse(name, partial=True)
    assert bound.activation is registry.find(name)
    assert bound.label == name
    defaults = {param.name: param for param in bound.activation.parameters if param.default is not None}
    assert bound.values == {key: param.parse(param.default, name) for key, param in defaults.items()}


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        ("0.2", Fraction(1, 5)),
        (" 1/6 ", Fraction(1, 6)),
        ("0x1.8p-3", Fraction(3, 16)),
        (0.2, Fraction(0.2)),
        (3, Fraction(3)),
        (-(10**30), Fraction(-(10**30))),
        (Fraction(1, 7), Fraction(1, 7)),
        (Decimal("0.1"), Fraction(1, 10)),
        (np.float64(0.1), Fraction(0.1)),
        (np.float32(0.1), Fraction(float(np.float32(0.1)))),
        (np.int64(-4), Fraction(-4)),
        (np.array(0.25), Fraction(1, 4)),
    ],
)
def test_values_are_exact(value: Any, exact: Fraction) -> None:
    """Text means that exact decimal, and a number of Python or NumPy its own value."""
    assert parse("leaky_relu", {"negative_slope": value}).values == {"negative_slope": exact}
    if isinstance(value, str):
        assert parse(f"leaky_relu:negative_slope={value}").values == {"negative_slope": exact}


def test_choices_as_text_or_none() -> None:
    """A choice may be text or Python's None."""
    assert parse("gelu:approximate=tanh").values["approximate"] == "tanh"
    assert parse("gelu", {"approximate": None}).values["approximate"] is None
    assert parse("gelu").values["approximate"] is None


def test_every_alias_means_its_parameter() -> None:
    """A parameter's aliases denote it, in the spec and as extra parameters."""
    for name in registry.names():
        for param in registry.find(name).available_parameters():
            text = param.choices[-1] if param.choices else "2" if param.integer else "0.75"
            text = "0.25" if param.name in ("lower", "min_val", "min_value") else text
            for word in (param.name, *param.aliases):
                expected = param.parse(text, name)
                assert parse(f"{name}:{word}={text}", partial=True).values[param.name] == expected
                assert parse(name, {word: text}, partial=True).values[param.name] == expected


@pytest.mark.usefixtures("needy")
def test_kinks_follow_the_parameters() -> None:
    """A kink's point and derivative are computed exactly from the parameters."""
    assert parse("needy:a=0.1").kinks == (
        (Fraction(-1, 3), Fraction(1, 10)),
        (Fraction(-5, 2), Fraction(-1, 2)),
    )
    assert parse("needy:a=-7,b=-2").kinks[0] == (Fraction(2), Fraction(-7))


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "item"),
    [
        ("leaky_relu:", ""),
        ("leaky_relu:0.1", "0.1"),
        ("leaky_relu:alpha", "alpha"),
        ("leaky_relu:=0.1", "=0.1"),
        ("leaky_relu: =0.1", " =0.1"),
        ("leaky_relu:alpha=0.1,", ""),
        ("leaky_relu:alpha=1,5", "5"),
        ("relu:,", ""),
        ("leaky_relu:a\nb", "a\nb"),
    ],
)
def test_malformed_items(spec: str, item: str) -> None:
    """An item that is not NAME=VALUE is refused with the spec and the item; a lone number gives a hint."""
    hint = "; did you mean negative_slope=0.1?" if spec == "leaky_relu:0.1" else ""
    assert str(error_of(spec)) == f"{spec!r}: expected NAME=VALUE after the colon, not {item!r}{hint}"


@pytest.mark.parametrize("extra", [{}, {"alpha": "1"}, {"negative_slope": 1}])
def test_parameter_given_twice(extra: dict[str, Any]) -> None:
    """A parameter given twice is refused, by whichever names and wherever it is given."""
    spec = "leaky_relu:slope=1" if extra else "leaky_relu:slope=1,alpha=1"
    assert str(error_of(spec, **extra)) == "leaky_relu: negative_slope is given twice"


def test_unknown_parameters() -> None:
    """An unknown parameter is refused with the known names, and the error carries the choices."""
    error = error_of("hard_tanh:minimum=0")
    assert str(error) == "hard_tanh has no parameter 'minimum': expected min_val or max_val"
    assert (error.word, error.choices) == ("minimum", ("min_val", "min", "max_val", "max"))
    for error in (error_of("relu:alpha=1"), error_of("relu", alpha=1)):
        assert (str(error), error.choices) == (
            "relu has no parameter 'alpha': use relu@keras, which has it",
            (),
        )
    assert str(error_of("softplus:threshold=20")).endswith("use softplus@torch, which has it")
    assert str(error_of("silu@torch:beta=2")) == "silu@torch has no parameter 'beta': use silu, which has it"
    assert str(error_of("clip:x_max=2")).endswith("use clip@keras, which has it")
    assert str(error_of("silu:BETA=1")).startswith("silu has no parameter 'BETA'")


@pytest.mark.usefixtures("needy")
def test_missing_parameters() -> None:
    """A missing required parameter is refused with what to write; with `partial` it may be missing."""
    assert str(error_of("in_need")) == "needy requires its parameter a: write needy:a=VALUE"
    assert str(error_of("needy:b=1")) == "needy requires its parameter a: write needy:b=1,a=VALUE"
    assert parse("needy:slope=2").values == {"a": 2, "b": Fraction(1, 3)}
    assert parse("needy", {"slope": 2}).values == {"a": 2, "b": Fraction(1, 3)}
    assert parse("needy", partial=True).values == {"b": Fraction(1, 3)}
    assert parse("needy:a=1", partial=True).values == {"a": 1, "b": Fraction(1, 3)}


def test_missing_parameters_are_named_together() -> None:
    """All missing parameters are named at once, by the framework's names, after the given ones."""
    assert str(error_of("threshold")) == (
        "threshold requires its parameters threshold and value: write threshold:threshold=VALUE,value=VALUE"
    )
    assert str(error_of("threshold", value="1/2")) == (
        "threshold requires its parameter threshold: write threshold:value=1/2,threshold=VALUE"
    )
    assert "write clip@tf:clip_value_min=VALUE,clip_value_max=VALUE" in str(error_of("clip@tf"))
    assert "write threshold=VALUE, value=VALUE in the parentheses" in str(error_of("threshold(x)"))


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("HardSigmoid@onnx:alpha=abc", "hard_sigmoid@onnx: alpha="),
        ("leaky_relu:alpha=abc", "leaky_relu: alpha="),
        ("leaky_relu:alpha=", "leaky_relu: alpha="),
        ("leaky_relu:alpha=a\nb", "leaky_relu: alpha="),
        ("swish:beta=none", "silu: beta="),
        ("softplus:beta=0", "softplus: beta must be greater than 0"),
        ("isru:alpha=-1", "isru: alpha must be at least 0"),
        ("gelu:approximate=erf", "gelu: approximate is one of none, tanh"),
        ("leaky_relu:alpha=1=2", "leaky_relu: alpha="),
    ],
)
def test_invalid_values(spec: str, says: str) -> None:
    """An invalid value is refused on one line that begins with the activation and the parameter."""
    assert str(error_of(spec)).startswith(says)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 1j, [1, 2], {}, object(), np.array([1.0, 2.0]), True, False, None]
)
def test_non_numeric_values(value: Any) -> None:
    """A value that is not a finite number is refused; booleans are not numbers."""
    assert str(error_of("silu", beta=value)).startswith("silu: beta=")


@pytest.mark.parametrize("name", ["no_such", "", ":alpha=1", "relu alpha=1", "a\nb"])
def test_unknown_activations(name: str) -> None:
    """A body that names no activation is refused on one line, with or without parameters."""
    for spec in (name, f"{name}:alpha=1"):
        with pytest.raises(UnknownActivationError) as caught:
            parse(spec)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("value", ["1e999999999", "0x1p-9999999999", "1/1e9999999999"])
def test_huge_exponent_takes_no_memory(value: str) -> None:
    """A huge exponent is refused without computing the number."""
    errors: list[Exception] = []
    assert peak_bytes(lambda: errors.append(error_of(f"silu:beta={value}"))) < 1 << 20
    assert str(errors[0]).startswith("silu: beta=")


@settings(deadline=None)
@given(
    st.text(max_size=30), st.sampled_from(["{}", "{}:beta=1", "silu:{}", "silu:beta={}", "silu:{}=1", "silu:beta=1,{}"])
)
def test_any_text_parses_or_raises_one_line(text: str, pattern: str) -> None:
    """Any text gives a bound activation or a ValueError of one printable line."""
    spec, message = pattern.format(text), ""
    try:
        found = parse(spec).activation
        assert found.is_expression or found in registry.entries().values()
    except (UnknownActivationError, ParameterError) as error:
        message = str(error)
    assert message.isprintable()
