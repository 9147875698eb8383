"""NAME@FRAMEWORK against the frameworks' own results, which are stored in `evidence/` with their versions.

names.csv    a name, its parameters, and the formula that the framework's results agreed with
slopes.csv   the derivative that a framework returned at a kink
vectors.csv  the vector and the Jacobian that a vector activation returned
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import actcli
from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.registry import normalize_name
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.core.spec import parse
from actcli.errors import ParameterError, UnknownActivationError
from tests.support.tiers import sampled

EVIDENCE = Path(__file__).parents[2] / "support" / "evidence"
XS = (-7.3, -2.9, -1.1, -0.3, 0.2, 0.9, 2.7, 8.1, 14.5)

ROUGH = {
    # These frameworks round the constants.
    ("selu", "onnx"): 1e-6,
    ("selu", "mlx"): 1e-5,
}
FUNCTIONS = [
    (entry, framework, function)
    for entry in registry.entries().values()
    for framework in FRAMEWORKS
    for function in entry.framework_variants(framework)
]
each_function = pytest.mark.parametrize(
    ("entry", "framework", "function"),
    FUNCTIONS,
    ids=[f"{entry.name}-{function.names}@{word}" for entry, word, function in FUNCTIONS],
)


def stored(name: str) -> list[dict[str, str]]:
    with (EVIDENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


NAMES, SLOPES, VECTORS = stored("names.csv"), stored("slopes.csv"), stored("vectors.csv")


def spec(row: Mapping[str, str]) -> str:
    return f"{row['name']}@{row['framework']}" + f":{row['given']}" * bool(row["given"])


def number(text: str) -> Any:
    above, _, below = text.partition("/")
    return mpf(above) / mpf(below or 1)


SCOPE: dict[str, Any] = {
    name: getattr(mpmath, name)
    for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tanh", "erf", "erfc")
} | {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "min": min,
    "max": max,
    "abs": abs,
    "pi": mpmath.pi,
    "inf": mpmath.inf,
    "mpf": mpf,
}


def value(pieces: str, scope: Mapping[str, Any]) -> Any:
    """Evaluate `condition: expression; ...; else: expression`, or one expression, with exact decimals."""
    for piece in pieces.split("; "):
        condition, colon, expression = piece.rpartition(": ")
        if not colon or condition == "else" or eval(exact(condition), dict(scope)):
            return eval(exact(expression), dict(scope))
    raise AssertionError(pieces)


def exact(text: str) -> str:
    return re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[+-]?\d+)?)", r"mpf('\1')", text)


@pytest.mark.parametrize("row", sampled(NAMES, 60), ids=spec)
def test_framework_function_agrees_with_evidence(row: Mapping[str, str]) -> None:
    """A framework's name gives its defaults, parameters, values and derivatives."""
    allowed = ROUGH.get((row["row"], row["framework"]), 1e-15)
    with mpmath.workprec(1500):
        parameters = {
            name: number(text) for name, _, text in (p.partition("=") for p in row["parameters"].split(";")) if name
        }
    for x in XS:
        if row["row"] == "log1mexp" and x < 0:
            continue
        with mpmath.workprec(1500):
            scope = SCOPE | parameters | {"x": mpf(x)}
            wanted = [float(value(row[text], scope)) for text in ("formula", "derivative")]
        got = [float(actcli.evaluate(spec(row), x)), float(actcli.gradient(spec(row), x))]
        assert got == pytest.approx(wanted, rel=allowed, abs=1e-300), x


@pytest.mark.parametrize("row", SLOPES, ids=lambda row: f"{spec(row)} {row['x']}")
def test_derivative_at_kink_agrees_with_evidence(row: Mapping[str, str]) -> None:
    """The derivative at a kink is the framework's, up to its rounding."""
    allowed = 4e-3 if row["row"] == "xielu" else 1e-7
    assert float(actcli.gradient(spec(row), float(row["x"]))) == pytest.approx(
        float(row["slope"]), rel=allowed, abs=1e-12
    )


@pytest.mark.parametrize("row", VECTORS, ids=spec)
def test_vector_activation_agrees_with_evidence(row: Mapping[str, str]) -> None:
    """A framework's name of a vector activation gives its vector and Jacobian."""
    x, values = ([float(word) for word in row[column].split()] for column in ("x", "values"))
    jacobian = [[float(word) for word in line.split()] for line in row["jacobian"].split("; ")]
    assert actcli.evaluate(spec(row), x).tolist() == pytest.approx(values, rel=1e-14, abs=1e-15)
    for got, wanted in zip(actcli.gradient(spec(row), x).tolist(), jacobian, strict=True):
        assert got == pytest.approx(wanted, rel=1e-14, abs=1e-15)


def test_gumbel_softmax_without_noise() -> None:
    """gumbel_softmax without a seed is softmax of x / tau, also with PyTorch's parameters."""
    x = [1.5, -0.25, 3.0]
    for tau in (1, 0.5, 4):
        wanted = actcli.evaluate("softmax", [value / tau for value in x])
        assert actcli.evaluate("F.gumbel_softmax@torch", x, tau=tau, dim=-1).tolist() == pytest.approx(wanted.tolist())
        slopes = actcli.gradient("gumbel_softmax", x, tau=tau)
        by_hand = (np.diag(wanted) - np.outer(wanted, wanted)) / tau
        np.testing.assert_allclose(slopes, by_hand, rtol=1e-13, atol=1e-16)
    with pytest.raises(ParameterError, match="tau must be greater than 0"):
        actcli.evaluate("gumbel_softmax:tau=0", x)
    hard = "F.gumbel_softmax@torch:hard=true"
    assert actcli.evaluate(hard, x).tolist() == [0, 0, 1]
    assert actcli.gradient(hard, x).tolist() == actcli.gradient("gumbel_softmax", x).tolist()
    assert (
        actcli.evaluate("F.gumbel_softmax@torch:hard=false", x).tolist()
        == actcli.evaluate("gumbel_softmax", x).tolist()
    )


def test_values_valid_in_a_framework() -> None:
    """Values that a framework accepts are valid: a negative threshold, a falling hard_sigmoid."""
    assert actcli.evaluate("ThresholdedRelu@onnx:alpha=-1", [-2.0, -1.0, -0.5]).tolist() == [0, 0, -0.5]
    falling = "HardSigmoid@onnx:alpha=-0.2"
    assert actcli.evaluate(falling, [-4.0, -2.5, 1.0, 2.5, 4.0]).tolist() == [1, 1, 0.3, 0, 0]
    assert actcli.gradient(falling, [-4.0, -2.5, 1.0, 2.5, 4.0]).tolist() == [0, 0, -0.2, 0, 0]
    assert float(actcli.gradient(falling, 1.0, wrt="alpha")) == 1


def test_unsupported_parameter_is_refused() -> None:
    """An unsupported parameter of a framework's function is refused with a remedy."""
    with pytest.raises(ParameterError, match=r"tlu@tf: affine is not supported: .* 'max\(x, a \* x \+ t\)"):
        actcli.evaluate("tfa.layers.TLU@tf:affine=true", 1.0)


def test_softmax2d() -> None:
    """Softmax2d is softmax of a single vector, and works along the third axis from the end of an array."""
    x = np.random.default_rng(2).normal(size=(5, 2, 3))
    assert actcli.evaluate("nn.Softmax2d@torch", x[:, 0, 0]).tolist() == actcli.evaluate("softmax", x[:, 0, 0]).tolist()
    assert actcli.evaluate("nn.Softmax2d@torch", x).tolist() == actcli.evaluate("softmax", x, axis=0).tolist()
    with pytest.raises(ParameterError, match="axis=-3 does not exist in an array of 2 dimensions"):
        actcli.evaluate("nn.Softmax2d@torch", x[0])


# --- the records -----------------------------------------------------------------------------------------------------


@each_function
def test_framework_functions_are_complete(entry: Activation, framework: str, function: FrameworkFunction) -> None:
    """A function has printable names, defaults and parameters of its entry, and exact kinks."""
    assert framework in FRAMEWORKS
    assert function.names.isprintable()
    names = {param.name for param in entry.available_parameters(framework)}
    assert set(function.defaults) <= {param.name for param in entry.parameters}
    assert set((function.parameters or {}).values()) <= names
    bound = parse(f"{entry.name}@{framework}", partial=True)
    if None not in bound.values.values() and len(bound.values) == len(entry.parameters):
        assert all(len(kink) == 2 for kink in bound.kinks)


def test_framework_names_are_unambiguous() -> None:
    """A framework's full name denotes one function in any spelling, except MLX's gelu and GELU; its last part denotes
    one entry.
    """
    for framework in FRAMEWORKS:
        whole: dict[str, set[str]] = {}
        for entry, word, function in FUNCTIONS:
            if word == framework:
                for name in function.callable_names:
                    whole.setdefault(normalize_name(name), set()).add(f"{entry.name} {function.names}")
        assert [name for name, functions in whole.items() if len(functions) > 1] == ["nn.gelu"] * (framework == "mlx")
        parts: dict[str, set[str]] = {}
        for entry, word, function in FUNCTIONS:
            if word == framework:
                for name in function.callable_names:
                    parts.setdefault(normalize_name(name.rpartition(".")[2]), set()).add(entry.name)
        assert {name: sorted(entries) for name, entries in parts.items() if len(entries) > 1} == {}


@each_function
def test_every_framework_name_is_found(entry: Activation, framework: str, function: FrameworkFunction) -> None:
    """Each callable name finds its entry and function, with or without its module; the entry's own name finds the
    first.
    """
    for name in function.callable_names:
        bound = parse(f"{name}@{framework}", partial=True)
        assert (bound.activation, bound.framework_function) == (entry, function)
        assert parse(f"{name.rpartition('.')[2]}@{framework}", partial=True).activation is entry
    assert parse(f"{entry.name}@{framework}", partial=True).activation is entry


def test_two_functions_of_one_framework() -> None:
    """Both functions of a framework can be named in full, or by their last part as spelled there."""
    for word, slope in (("leaky_relu", -0.2), ("activations.leaky_relu", -0.2), ("layers.LeakyReLU", -0.3)):
        assert actcli.evaluate(f"{word}@keras", -1.0) == slope
    assert actcli.evaluate("LeakyReLU@keras", -1.0) == -0.3
    assert actcli.evaluate("keras.layers.LeakyReLU@keras:alpha=0.25", -1.0) == -0.25


def test_framework_parameters() -> None:
    """A framework's parameters and defaults apply with it and only with it."""
    assert actcli.evaluate("softplus@torch", 20.5) == 20.5
    assert actcli.gradient("softplus@torch", 20.5) == 1
    assert actcli.evaluate("softplus", 20.5) > 20.5
    assert actcli.evaluate("softplus@torch:threshold=30", 20.5) > 20.5
    assert actcli.evaluate("relu@keras:max_value=6", 9.0) == 6
    assert actcli.evaluate("Clip@onnx:max=2", [-9.0, 9.0]).tolist() == [-9, 2]
    assert actcli.evaluate("gelu@jax", 2.5) == actcli.evaluate("gelu_tanh", 2.5)
    assert actcli.evaluate("gelu@jax", 2.5, approximate=False) == actcli.evaluate("gelu", 2.5)
    assert actcli.evaluate("xielu@hf", 0.0) == pytest.approx(-8e-7, rel=1e-6)
    for words, message in (
        ("relu:max_value=6", "relu has no parameter 'max_value': use relu@keras, which has it"),
        ("elu@tf:alpha=2", "elu@tf has no parameter 'alpha': use elu, which has it"),
        ("LeakyRelu@onnx:beta=2", "leaky_relu@onnx has no parameter 'beta': expected alpha"),
        ("PRelu@onnx", "prelu@onnx requires its parameter slope: write prelu@onnx:slope=VALUE"),
        ("hard_tanh:min_val=2", "hard_tanh: min_val must be at most max_val, not 2 > 1"),
        ("relu@", "missing framework after @: expected torch, jax, keras, tf, onnx, mlx or hf"),
        ("relu@caffe", "unknown framework 'caffe': expected torch, jax, keras, tf, onnx, mlx or hf"),
    ):
        with pytest.raises(ParameterError) as caught:
            actcli.evaluate(words, 1.0)
        assert str(caught.value) == message


def test_clip() -> None:
    """clip has the bounds that are given, by each framework's names and with its derivative there; max_val wins if the
    bounds cross.
    """
    x = [-5.0, -0.5, 0.25, 2.0, 5.0]
    assert actcli.evaluate("clip", x).tolist() == x
    assert actcli.evaluate("clamp:min=0", x).tolist() == [0, 0, 0.25, 2, 5]
    for spec, slope in (
        ("clip:min=-0.5,max=2", 0),
        ("torch.clamp@torch:min=-0.5,max=2", 0),
        ("jnp.clip@jax:min=-0.5,max=2", 0.5),
        ("ops.clip@keras:x_min=-0.5,x_max=2", 0),
        ("clip@tf:clip_value_min=-0.5,clip_value_max=2", 1),
        ("Clip@onnx:min=-0.5,max=2", 0),
        ("mx.clip@mlx:a_min=-0.5,a_max=2", 0),
    ):
        assert actcli.evaluate(spec, x).tolist() == [-0.5, -0.5, 0.25, 2, 2]
        assert actcli.gradient(spec, x).tolist() == [0, slope, 1, slope, 0]
    for spec in ("clip:min=2,max=-0.5", "Clip@onnx:min=2,max=-0.5", "jnp.clip@jax:min=2,max=-0.5"):
        assert actcli.evaluate(spec, x).tolist() == [-0.5] * 5
        assert actcli.gradient(spec, x).tolist() == [0] * 5
    with pytest.raises(ParameterError, match="clip@tf requires its parameters"):
        actcli.evaluate("clip@tf", x)
    for framework in ("torch", "jax", "keras", "tf", "onnx", "mlx"):
        assert actcli.evaluate(f"hard_tanh@{framework}", 5.0) == 1


def test_ambiguous_name() -> None:
    """gelu_fast is quick_gelu in MLX, and gelu_tanh in Hugging Face and without a framework."""
    assert actcli.evaluate("gelu_fast@mlx", -2.0) == actcli.evaluate("quick_gelu", -2.0)
    for spec in ("gelu_fast@hf", "gelu_fast"):
        assert actcli.evaluate(spec, -2.0) == actcli.evaluate("gelu_tanh", -2.0)


@pytest.mark.parametrize("word", ["exp", "sin", "sign", "atan", "arctan", "asinh", "arcsinh", "erf"])
def test_tensor_functions(word: str) -> None:
    """Elementary functions are found in every framework but Hugging Face, by either of their names."""
    for framework in set(FRAMEWORKS) - {"hf"}:
        assert actcli.evaluate(f"{word}@{framework}", 0.5) == actcli.evaluate(word, 0.5)


def test_activation_missing_in_framework() -> None:
    """An activation that a framework lacks is refused with the frameworks that have it, an unknown name with the
    nearest ones.
    """
    for words, message in (
        (
            "softshrink@jax",
            "JAX has no softshrink: use softshrink@torch, softshrink@keras, softshrink@tf, softshrink@onnx or "
            "softshrink@mlx",
        ),
        ("star_relu@torch", "PyTorch has no star_relu: use star_relu without @, since no framework has it"),
        ("leaky_rleu@torch", "PyTorch has no 'leaky_rleu'; did you mean leaky_relu?"),
        ("zzzz@jax", "JAX has no 'zzzz'"),
    ):
        with pytest.raises(UnknownActivationError) as caught:
            actcli.evaluate(words, 1.0)
        assert str(caught.value) == message


def test_labels() -> None:
    """With a framework the label is the text as typed."""
    assert parse("LeakyReLU@keras").label == "LeakyReLU@keras"
    assert parse("LeakyReLU").label == "leaky_relu"
    assert parse("LeakyRelu@onnx:alpha=0.1").label == "LeakyRelu@onnx:alpha=0.1"
