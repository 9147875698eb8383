"""Framework summaries: consistent with the entries and with the results of Keras's backends."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path

import pytest

import actcli
from actcli.core.catalogue import registry
from actcli.core.catalogue.framework_forms import FrameworkSummary, framework_summaries
from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.core.spec import parse

with (Path(__file__).parents[2] / "support" / "evidence" / "backends.csv").open(newline="") as file:
    BACKENDS = list(csv.DictReader(file))


def summary(name: str, framework: str, index: int = 0) -> FrameworkSummary:
    return [found for found in framework_summaries(actcli.get(name)) if found.framework == framework][index]


@pytest.mark.parametrize("row", BACKENDS, ids=lambda row: f"{row['name']}-{row['backend']}-{row['x']}")
def test_keras_backend_derivatives(row: dict[str, str]) -> None:
    """The derivative returned at a kink, or stated for a backend, is what Keras returned on that backend."""
    name, colon, given = row["name"].partition(":")
    spec = f"{name}@keras{colon}{given}"
    bound = parse(spec)
    assert bound.framework_function is not None
    x, slope = float(row["x"]), float(actcli.gradient(spec, [float(row["x"])])[0])
    for kink in bound.framework_function.backend_kinks.get(row["backend"], ()):
        if None not in map(bound.values.get, names_in(kink.at)) and evaluate_formula(kink.at, bound.values) == x:
            slope = float(evaluate_formula(kink.subgradient, bound.values))
    assert slope == pytest.approx(float(row["slope"]), rel=1e-7)


def test_summaries_list_every_function() -> None:
    """Every function has a summary under its framework, and the summary's defaults are the ones used."""
    for entry in registry.entries().values():
        found = framework_summaries(entry)
        assert [one.framework for one in found] == [word for word in FRAMEWORKS for _ in entry.framework_variants(word)]
        for one in found:
            spelled = [name for name in one.names if "(" not in name]
            if not spelled:
                continue
            missing = "".join(f",{name}=1" for name, default in one.defaults.items() if default is None)
            stated = "".join(f",{name}={default}" for name, default in one.defaults.items() if default is not None)
            spec = f"{spelled[0]}@{one.framework}"
            bare = parse(spec + missing.replace(",", ":", 1))
            names = [
                name for name in one.defaults if [*one.defaults].index(name) == _first(bare, [*one.defaults], name)
            ]
            given = [f"{name}={one.defaults[name] or 1}" for name in names]
            assert stated or missing or not one.defaults
            assert parse(f"{spec}:{','.join(given)}" if given else spec).values == bare.values


def _first(bound: object, names: list[str], name: str) -> int:
    """Return the index of the first of `names` that denotes the same parameter as `name`."""
    param = bound.find_parameter(name)  # type: ignore[attr-defined]
    return next(i for i, other in enumerate(names) if bound.find_parameter(other) == param)  # type: ignore[attr-defined]


def test_summary_of_a_function() -> None:
    """A summary has the names, the parameters by the framework's names, and the differences."""
    assert summary("leaky_relu", "onnx") == FrameworkSummary(
        "onnx", ("LeakyRelu",), {"alpha": "0.01"}, ("alpha is negative_slope",)
    )
    assert summary("leaky_relu", "jax").differences == ("derivative at 0 is 1",)
    assert summary("leaky_relu", "keras", 1).defaults == {"negative_slope": "0.3"}
    assert summary("leaky_relu", "tf").differences == ("alpha is negative_slope, 0.2 by default, not 0.01",)
    assert summary("leaky_relu", "keras", 1).differences[0] == "negative_slope is 0.3 by default, not 0.01"
    assert summary("gelu", "keras", 1).defaults == {"approximate": "true"}
    assert summary("gelu", "jax").differences == ("approximate=true is tanh, and the default",)
    assert summary("gelu", "keras").differences == ("approximate=true is tanh",)
    assert summary("prelu", "onnx").defaults == {"slope": None}
    assert summary("prelu", "onnx").differences == ("slope is weight, required",)
    assert summary("prelu", "mlx").differences[:2] == ("alpha is weight", "init is weight")
    assert summary("relu", "keras").defaults == {"negative_slope": "0", "max_value": "none", "threshold": "0"}
    assert summary("hard_tanh", "tf") == FrameworkSummary(
        "tf", ("tf.clip_by_value(-1, 1)",), {}, ("derivative at min_val and max_val is 1",)
    )
    assert summary("celu", "mlx").differences == (
        "alpha may be any number but 0",
        "the derivative at 0 is 0, although the function is smooth there",
    )
    assert summary("leaky_relu", "mlx").differences == (
        "derivative at 0 is 1",
        "for negative_slope > 1: f is max(negative_slope * x, x)",
    )
    assert summary("relu", "keras").differences[-3:-1] == (
        "for negative_slope != 0 and max_value is none and threshold == 0: "
        "derivative at 0 is negative_slope, derivative at 0 is 1 on the jax backend",
        "for max_value == 6 and threshold == 0: derivative at 0 and max_value is 0",
    )
    assert summary("softplus", "torch").defaults == {"beta": "1", "threshold": "20"}
    assert summary("hard_tanh", "keras").differences == (
        "derivative at min_val and max_val is 1 on the jax and tensorflow backends",
    )
    assert summary("selu", "mlx").differences[:2] == ("alpha is 1.67326", "gamma is 1.0507")
    assert summary("quick_gelu", "onnx") == FrameworkSummary("onnx", ("Swish(alpha=1.702)",), {}, ())


SCOPE = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "tanh", "pi")} | {
    "min": min,
    "max": max,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}


@pytest.mark.parametrize(
    "spec",
    [
        "clip:min=-0.5,max=1",
        "clip:min=1,max=-0.5",
        "clip:min=-0.5",
        "clip:max=1",
        "relu@keras:max_value=3,negative_slope=0.2,threshold=0.5",
        "relu@keras:negative_slope=0.2,threshold=0.5",
        "relu@keras",
        "softplus@torch:threshold=1.5",
        "gelu:approximate=tanh",
        "gelu@jax",
        "GELU@mlx:approx=fast",
        "GELU@mlx:approx=precise",
        "softshrink@tf:lower=-1,upper=0.25",
        "hardshrink@tf:lower=-1,upper=0.25",
        "selu@onnx:alpha=1.5,gamma=0.5",
        "xielu@hf:eps=-0.5",
    ],
)
@pytest.mark.parametrize("order", [0, 1])
def test_formula_variants_describe_the_results(spec: str, order: int) -> None:
    """With optional parameters the formulas as text change and agree with the results."""
    bound = parse(spec)
    text, _, names = bound.formulas[order].partition(" with ")
    assert text != (bound.activation.formula, bound.activation.derivative)[order]
    compute = (actcli.evaluate, actcli.gradient)[order]
    for x in (-3.1, -0.7, -0.2, 0.2, 0.7, 1.3, 2.9, 3.3):
        scope = SCOPE | {"x": x} | {k: float(v) for k, v in bound.values.items() if isinstance(v, Fraction)}
        for part in filter(None, names.split(", ")):
            name, _, expression = part.partition(" = ")
            scope[name] = eval(expression, {}, scope)
        assert eval(text, {}, scope) == pytest.approx(float(compute(spec, [x])[0]), rel=1e-12, abs=1e-300)
