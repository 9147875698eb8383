"""NAME@torch and NAME@jax against the frameworks themselves, where they are installed: `pip install actcli[parity]`.

Their results are stored in `evidence/` with their versions, and `test_frameworks.py` compares the catalogue with those
everywhere. Here each function is called by its own name, with its own defaults and parameters.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.parameters import Parameter
from actcli.core.spec import parse

Given = dict[str, Any]

FUNCTIONS = [
    (entry, framework, function, name)
    for entry in registry.entries().values()
    for framework in ("torch", "jax")
    for function in entry.framework_variants(framework)
    for name in function.callable_names
    if name != "F.gumbel_softmax"  # it adds noise
]

REQUIRED: dict[str, Given] = {
    "threshold": {"threshold": 0.5, "value": -1.0},
    "step": {"values": 0.25, "half_maximum": 0.25},
    "clamp": {"min": -0.5, "max": 2.0},
    "clip": {"min": -0.5, "max": 2.0},
}
"""Values of required parameters, by the entry or the last part of the function's name."""

ROUGH = {
    # PyTorch's backward pass uses these constants in float32.
    ("hard_sigmoid", "torch"): 1e-7,
    ("celu", "torch"): 1e-7,
    # JAX's log(1 - exp(-x)) cancels, and its series for the left tail of log_ndtr is short.
    ("log1mexp", "jax"): 1e-11,
    ("log_ndtr", "jax"): 1e-9,
}


class Torch:
    """PyTorch's functions and modules by their names."""

    def __init__(self) -> None:
        self.torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def call(self, name: str, given: Given, x: Any) -> Any:
        torch = self.torch
        module, _, last = name.rpartition(".")
        if module == "nn":
            return getattr(torch.nn, last)(**given).double().eval()(x)
        home: Any = {"F": torch.nn.functional, "torch": torch}.get(module) or functools.reduce(
            getattr, module.split(".")[1:], torch
        )
        if last in ("prelu", "heaviside"):
            return getattr(home, last)(x, *(torch.tensor([value], dtype=x.dtype) for value in given.values()))
        return getattr(home, last)(x, **given)

    def values(self, name: str, given: Given, x: Any) -> Any:
        return self.call(name, given, self.torch.tensor(x)).detach().numpy()

    def slopes(self, name: str, given: Given, x: Any) -> Any:
        points = self.torch.tensor(x, requires_grad=True)
        self.call(name, given, points).sum().backward()
        return points.grad.numpy()

    def jacobian(self, name: str, given: Given, x: Any) -> Any:
        jacobian = self.torch.autograd.functional.jacobian
        return jacobian(functools.partial(self.call, name, given), self.torch.tensor(x)).numpy()


class Jax:
    """JAX's functions by their names."""

    def __init__(self) -> None:
        self.jax = pytest.importorskip("jax", reason="JAX is not installed")
        self.jax.config.update("jax_enable_x64", True)
        self.jax.config.update("jax_platforms", "cpu")

    def function(self, name: str, given: Given) -> Callable[[Any], Any]:
        module, _, last = name.rpartition(".")
        function = getattr(importlib.import_module(module), last)
        if last == "heaviside":
            return lambda x: function(x, *given.values())
        return functools.partial(function, **given)

    def values(self, name: str, given: Given, x: Any) -> Any:
        return np.asarray(self.function(name, given)(self.jax.numpy.asarray(x)))

    def slopes(self, name: str, given: Given, x: Any) -> Any:
        return np.asarray(self.jax.vmap(self.jax.grad(self.function(name, given)))(self.jax.numpy.asarray(x)))

    def jacobian(self, name: str, given: Given, x: Any) -> Any:
        return np.asarray(self.jax.jacobian(self.function(name, given))(self.jax.numpy.asarray(x)))


KINDS = {"torch": Torch, "jax": Jax}


@functools.cache
def peer(framework: str) -> Any:
    return KINDS[framework]()


def parameters_of(entry: Activation, function: FrameworkFunction) -> Mapping[str, Parameter]:
    """Return the parameters of a function by the framework's names."""
    by_name = {param.name: param for param in entry.available_parameters()}
    if function.parameters is None:
        return by_name
    return {their: by_name[our] for their, our in function.parameters.items() if our in by_name}


def cases(entry: Activation, function: FrameworkFunction, name: str) -> list[Given]:
    """Return parameters to give: only the required ones, then another value for each number in turn."""
    last = name.rpartition(".")[2].lower()
    theirs = parameters_of(entry, function)
    required = {**REQUIRED.get(entry.name, {}), **REQUIRED.get(last, {})}
    base: Given = {word: value for word, value in required.items() if word in theirs}
    if last == "prelu" and name.startswith("F."):
        base = {"weight": 0.25}
    words = [word for word, param in theirs.items() if not param.choices and not param.integer and word != "weight"]
    if name == "F.prelu":
        return [base, {"weight": 0.7}]
    return [base, *(base | {word: 1.75} for word in words if word not in ("upper", "lower", "max", "min", "min_val"))]


def points(bound: Any) -> Any:
    """Return a few hundred numbers in the usual range, without kinks, where the derivative is a convention."""
    x = np.concatenate([np.random.default_rng(11).normal(size=300) * 4, np.linspace(-9, 9, 73), [25.0, -25.0]])
    kinks = [float(at) for at, _ in bound.kinks]
    return x[~np.isin(x, [*kinks, 0.0])]


def close(got: Any, theirs: Any, scale: Any, relative: float) -> bool:
    """Return whether results agree to a few ulps of the framework's intermediate sums, nan and infinities alike."""
    return bool(np.all(np.isclose(got, theirs, rtol=relative, atol=scale * 8e-16, equal_nan=True)))


elementwise = pytest.mark.parametrize(
    ("entry", "framework", "function", "name"),
    [case for case in FUNCTIONS if not case[0].is_vector],
    ids=[f"{name}@{framework}" for entry, framework, _, name in FUNCTIONS if not entry.is_vector],
)
vectors = pytest.mark.parametrize(
    ("entry", "framework", "function", "name"),
    [case for case in FUNCTIONS if case[0].is_vector],
    ids=[f"{name}@{framework}" for entry, framework, _, name in FUNCTIONS if entry.is_vector],
)


@elementwise
def test_values_and_derivatives(entry: Activation, framework: str, function: FrameworkFunction, name: str) -> None:
    """A framework's name gives its values and derivatives, up to its rounding, for any parameters."""
    theirs = peer(framework)
    for given in cases(entry, function, name):
        bound = parse(f"{name}@{framework}", given)
        x = points(bound)
        if entry.name == "log1mexp":
            x = x[x > 0]
        relative = ROUGH.get((entry.name, framework), 1e-14)
        values = actcli.evaluate(f"{name}@{framework}", x, **given)
        assert close(values, theirs.values(name, given, x), 1 + np.abs(x), relative)
        if name != "torch.heaviside":  # PyTorch defines no derivative
            slopes = actcli.gradient(f"{name}@{framework}", x, **given)
            assert close(slopes, theirs.slopes(name, given, x), 1 + x**2, relative)


@elementwise
def test_derivatives_at_kinks(entry: Activation, framework: str, function: FrameworkFunction, name: str) -> None:
    """At a kink the derivative is the framework's."""
    theirs = peer(framework)
    if entry.name == "clip" and framework == "torch" and theirs.torch.__version__ < "2.14":
        pytest.skip("the derivative at the bounds is that of PyTorch 2.14")
    given = cases(entry, function, name)[0]
    kinks = [float(at) for at, _ in parse(f"{name}@{framework}", given).kinks]
    if kinks and name != "torch.heaviside":
        slopes = actcli.gradient(f"{name}@{framework}", kinks, **given)
        assert slopes.tolist() == pytest.approx(theirs.slopes(name, given, np.array(kinks)).tolist(), rel=2e-16)


@vectors
def test_vectors_and_jacobians(entry: Activation, framework: str, function: FrameworkFunction, name: str) -> None:
    """A vector activation gives its framework's vector and Jacobian."""
    theirs = peer(framework)
    x = np.random.default_rng(3).normal(size=8) * 3
    given: Given = {"dim": -1} if framework == "torch" and "Softmax2d" not in name else {}
    got, slopes = actcli.evaluate(f"{name}@{framework}", x, **given), actcli.gradient(f"{name}@{framework}", x, **given)
    shaped = x.reshape(8, 1, 1) if "Softmax2d" in name else x
    assert close(got, theirs.values(name, given, shaped).ravel(), 1, 1e-13)
    assert close(slopes, theirs.jacobian(name, given, shaped).reshape(slopes.shape), 1, 1e-13)
