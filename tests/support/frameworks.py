"""The frameworks themselves: calls of their functions by the names and parameters of the catalogue, in float64.

CASES lists parameters that select a code path of a function or lie at the edge of what it accepts. Their results are
stored in `evidence/paths.csv` by `make_framework_evidence`, and `test_code_paths` compares the catalogue with them.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Given = Mapping[str, Any]


class Refused(Exception):
    """The framework refuses the parameters."""


class Case(NamedTuple):
    """A function with parameters.

    framework, name  as in NAME@FRAMEWORK
    given            the parameters by the framework's names
    """

    framework: str
    name: str
    given: Given

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.framework}" + f":{self.parameters}" * bool(self.given)

    @property
    def parameters(self) -> str:
        return ",".join(f"{word}={value}" for word, value in self.given.items())

    @property
    def points(self) -> list[float]:
        """Points on every piece, at each parameter and its quotients, and on both sides of it."""
        numbers = [value for value in self.given.values() if isinstance(value, int | float)]
        special = [0.0, 6.0, *numbers, *(-value for value in numbers)]
        special += [a / b for a in numbers for b in numbers if b and (a / b).is_integer()]
        found = [-7.0, -1.25, -0.25, 0.25, 1.25, 4.0, 7.5, *special]
        return sorted({0.0 + x for x in (*found, *(x + d for x in special for d in (-0.125, 0.125)))})


def _cases(framework: str, names: str, parameters: Sequence[Given]) -> list[Case]:
    return [Case(framework, name, given) for name in names.split() for given in parameters]


def _each(word: str, *values: float) -> list[Given]:
    return [{word: value} for value in values]


_KERAS_RELU: list[Given] = [
    {"negative_slope": slope, "max_value": largest, "threshold": threshold}
    for slope in (0.0, 0.125, 1.0, -0.5)
    for largest in (None, 6.0, 3.0, 0.0)
    for threshold in (0.0, 1.0, -1.0, 6.0)
]
_BOUNDS = [(-1.0, 1.0), (-0.5, 2.0), (0.5, 0.5), (2.0, -0.5)]

CASES: list[Case] = [
    *_cases("keras", "activations.relu", _KERAS_RELU),
    *_cases("keras", "layers.ReLU", _KERAS_RELU[:6:5] + _KERAS_RELU[19:21] + _KERAS_RELU[-1:]),
    *_cases("keras", "activations.leaky_relu", _each("negative_slope", 0.0, 0.5, 1.0, 2.0, -0.5)),
    *_cases("keras", "layers.LeakyReLU", _each("negative_slope", 0.5)),
    *_cases("keras", "layers.PReLU", _each("alpha", 0.0, 0.5, 2.0, -0.5)),
    *_cases("keras", "activations.elu layers.ELU", _each("alpha", 1.0, 0.0, 2.0, -0.5)),
    *_cases("keras", "activations.celu", _each("alpha", 1.0, 2.0, -0.5)),
    *_cases("keras", "activations.soft_shrink activations.hard_shrink", _each("threshold", 0.5, 0.0, -0.5)),
    *_cases("keras", "activations.threshold", [{"threshold": 0.5, "default_value": -7.0}]),
    *_cases("keras", "activations.squareplus", _each("b", 4.0, 0.0)),
    *_cases("keras", "activations.hard_tanh activations.hard_sigmoid activations.hard_silu activations.relu6", [{}]),
    *_cases("keras", "activations.gelu ops.gelu", [{}, {"approximate": True}, {"approximate": False}]),
    *_cases("keras", "ops.clip", [{"x_min": low, "x_max": high} for low, high in _BOUNDS[:3]]),
    *_cases("torch", "F.leaky_relu nn.LeakyReLU", _each("negative_slope", 0.0, 0.5, 2.0, -0.5)),
    *_cases("torch", "F.prelu", _each("weight", 0.0, 0.5, 2.0, -0.5)),
    *_cases("torch", "F.rrelu", [{"lower": -0.25, "upper": 0.75}, {"lower": 0.5, "upper": 0.25}]),
    *_cases("torch", "F.elu", _each("alpha", 0.0, 2.0, -0.5)),
    *_cases("torch", "F.celu nn.CELU", _each("alpha", 2.0, -0.5, -4.0, 0.0)),
    *_cases("torch", "F.hardshrink nn.Hardshrink F.softshrink", _each("lambd", 0.5, 0.0, -0.5)),
    *_cases("torch", "F.threshold", [{"threshold": 0.5, "value": -7.0}]),
    *_cases(
        "torch", "F.softplus nn.Softplus", [*_each("beta", 2.0, -3.0, -0.5, 0.125), *_each("threshold", -1.0, 0.0)]
    ),
    *_cases("torch", "F.softplus", [{"beta": -4.0, "threshold": -2.0}, {"beta": 2.0, "threshold": 1.0}]),
    *_cases("torch", "F.hardtanh", [{"min_val": low, "max_val": high} for low, high in _BOUNDS]),
    *_cases("torch", "torch.clamp torch.clip", [{"min": low, "max": high} for low, high in _BOUNDS]),
    *_cases("torch", "torch.clamp", [*_each("min", 0.5, -1.0), *_each("max", 0.5, -1.0)]),
    *_cases("torch", "F.gelu", [{"approximate": "none"}, {"approximate": "tanh"}]),
    *_cases("jax", "jax.nn.leaky_relu", _each("negative_slope", 0.0, 0.5, 2.0, -0.5)),
    *_cases("jax", "jax.nn.elu", _each("alpha", 0.0, 2.0, -0.5)),
    *_cases("jax", "jax.nn.celu", _each("alpha", 2.0, -0.5, -4.0)),
    *_cases("jax", "jax.nn.squareplus", _each("b", 4.0, 0.0, -1.0)),
    *_cases("jax", "jax.nn.gelu", [{}, {"approximate": True}, {"approximate": False}]),
    *_cases("jax", "jax.numpy.clip", [{"min": low, "max": high} for low, high in _BOUNDS]),
    *_cases("jax", "jax.numpy.clip", [*_each("min", 0.5, -1.0), *_each("max", 0.5, -1.0)]),
    *_cases("tf", "tf.nn.leaky_relu", _each("alpha", 0.0, 0.5, 1.0, 2.0, -0.5)),
    *_cases("tf", "tf.nn.swish tf.nn.silu", _each("beta", 0.0, -1.0, 2.0)),
    *_cases("tf", "tf.clip_by_value", [{"clip_value_min": low, "clip_value_max": high} for low, high in _BOUNDS[:3]]),
    *_cases("tf", "tfa.activations.snake", _each("frequency", 0.5, -0.25, -2.0)),
    *_cases("tf", "tfa.activations.rrelu", [{"lower": -0.25, "upper": 0.75}, {"lower": 0.5, "upper": 0.25}]),
    *_cases("tf", "tfa.activations.softshrink tfa.activations.hardshrink", [{"lower": -2.0, "upper": 0.5}]),
    *_cases("tf", "tfa.activations.softshrink tfa.activations.hardshrink", [{"lower": 0.5, "upper": 2.0}]),
    *_cases("tf", "tfa.activations.softshrink", [{"lower": 0.5, "upper": -2.0}]),
    *_cases("mlx", "nn.leaky_relu", _each("negative_slope", 0.0, 0.5, 1.0, 2.0, -0.5)),
    *_cases("mlx", "nn.prelu", _each("alpha", 0.0, 0.5, 2.0, -0.5)),
    *_cases("mlx", "nn.elu", _each("alpha", 0.0, 2.0, -0.5)),
    *_cases("mlx", "nn.celu", _each("alpha", 2.0, -0.5)),
    *_cases("mlx", "nn.softshrink nn.hard_shrink", _each("lambd", 0.5, 0.0, -0.5)),
    *_cases("mlx", "nn.step", _each("threshold", 0.0, 0.5, -0.5)),
    *_cases("mlx", "nn.hard_tanh", [{"min_val": low, "max_val": high} for low, high in _BOUNDS]),
    *_cases("mlx", "mx.clip", [{"a_min": low, "a_max": high} for low, high in _BOUNDS]),
    *_cases("onnx", "LeakyRelu", _each("alpha", 0.5, 2.0, -0.5)),
    *_cases("onnx", "Elu", _each("alpha", 0.5, 2.0, -0.5)),
    *_cases("onnx", "Celu", _each("alpha", 0.5, 2.0, -0.5)),
    *_cases("onnx", "Selu", [{}, {"alpha": 0.0}, {"alpha": -0.5, "gamma": 2.0}, {"gamma": -0.5}]),
    *_cases("onnx", "HardSigmoid", [{}, {"alpha": -0.25}, {"alpha": 0.5, "beta": 2.0}]),
    *_cases("onnx", "ThresholdedRelu", _each("alpha", 0.5, -1.0)),
    *_cases(
        "onnx", "Shrink", [{"lambd": lambd, "bias": bias} for lambd in (0.5, 0.0, -0.5) for bias in (0.0, 0.25, -1.0)]
    ),
    *_cases("onnx", "Swish", _each("alpha", 0.0, -1.0, 2.0)),
    *_cases("onnx", "Clip", [{"min": low, "max": high} for low, high in _BOUNDS]),
    *_cases("onnx", "Clip", [{}, *_each("min", 0.5), *_each("max", -1.0)]),
    *_cases("onnx", "Gelu", [{}, {"approximate": "tanh"}]),
]


class Framework:
    """A framework, or one of its backends: values and derivatives of its functions."""

    name: str
    backend = ""
    version: str

    def run(self, case: Case, x: Sequence[float]) -> tuple[list[float], list[float] | None]:
        """Return values and derivatives; None instead of derivatives if it defines none. Raise Refused."""
        try:
            values, derivatives = self._run(case, list(x))
        except Exception as error:
            raise Refused(str(error).splitlines()[0]) from error
        return [float(v) for v in values], None if derivatives is None else [float(d) for d in derivatives]

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        raise NotImplementedError


class Torch(Framework):
    """PyTorch."""

    name = "torch"

    def __init__(self) -> None:
        import torch

        self.torch, self.version = torch, f"torch {torch.__version__.partition('+')[0]}"

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        module, _, last = case.name.rpartition(".")
        functions = {"F": self.torch.nn.functional, "nn": self.torch.nn, "torch": self.torch}[module]
        points = self.torch.tensor(x, dtype=self.torch.float64, requires_grad=True)
        if module == "nn":
            values = getattr(functions, last)(**case.given).double().eval()(points)
        elif last == "prelu":
            values = functions.prelu(points, *(self.torch.tensor([v], dtype=points.dtype) for v in case.given.values()))
        else:
            values = getattr(functions, last)(points, **case.given)
        values.sum().backward()
        return values.detach().tolist(), points.grad.tolist()


class Jax(Framework):
    """JAX."""

    name = "jax"

    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax, self.version = jax, f"jax {jax.__version__}"

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        module, _, last = case.name.rpartition(".")
        function = functools.partial(getattr(importlib.import_module(module), last), **case.given)
        points = self.jax.numpy.asarray(x)
        return function(points), self.jax.vmap(self.jax.grad(function))(points)


class Keras(Framework):
    """Keras on the backend that the environment variable KERAS_BACKEND names; one in a process."""

    name = "keras"

    def __init__(self) -> None:
        import keras

        keras.backend.set_floatx("float64")
        self.keras, self.backend = keras, keras.backend.backend()
        if self.backend == "jax":
            import jax

            jax.config.update("jax_enable_x64", True)
        self.version = f"keras {keras.__version__}, {self.backend} {self._backend_version()}"

    def _backend_version(self) -> str:
        return str(importlib.import_module(self.backend).__version__).partition("+")[0]

    def _function(self, case: Case) -> Callable[[Any], Any]:
        module, _, last = case.name.rpartition(".")
        function, given = getattr(getattr(self.keras, module), last), dict(case.given)
        if module != "layers":
            return functools.partial(function, **given)
        if last == "PReLU":
            given = {"alpha_initializer": self.keras.initializers.Constant(given["alpha"]), "shared_axes": [1]}
        layer = function(**given, dtype="float64")
        reshape = self.keras.ops.reshape
        return lambda x: reshape(layer(reshape(x, (1, -1))), x.shape)

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        function = self._function(case)
        if self.backend == "torch":
            import torch

            points = torch.tensor(x, dtype=torch.float64, requires_grad=True)
            values = function(points)
            values.sum().backward()
            return values.detach().tolist(), points.grad.tolist()
        if self.backend == "jax":
            import jax

            points = jax.numpy.asarray(x)
            return function(points), jax.vmap(jax.grad(function))(points)
        return _run_tensorflow(function, x)


class TensorFlow(Framework):
    """TensorFlow, with TensorFlow Addons if its source is unpacked in the folder that the variable TFA_SOURCE names."""

    name = "tf"

    def __init__(self) -> None:
        import tensorflow as tf

        self.tf, self.version = tf, f"tensorflow {tf.__version__}"

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        module, _, last = case.name.rpartition(".")
        if module == "tfa.activations":
            function = _addons_function(last)
        else:
            function = getattr(functools.reduce(getattr, module.split(".")[1:], self.tf), last)
        return _run_tensorflow(functools.partial(function, **case.given), x)


def _run_tensorflow(function: Callable[[Any], Any], x: list[float]) -> tuple[Any, Any]:
    import tensorflow as tf

    points = tf.constant(x, dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(points)
        values = function(points)
    return values.numpy(), tf.convert_to_tensor(tape.gradient(values, points)).numpy()


def _addons_function(name: str) -> Callable[..., Any]:
    """Return a function of tensorflow_addons.activations from its source, which no longer imports as a package."""
    import tensorflow as tf

    text = (Path(os.environ["TFA_SOURCE"]) / "tensorflow_addons" / "activations" / f"{name}.py").read_text()
    body = text[text.index("\ndef ") :]
    # The mean slope of rrelu; the original asks a function that Keras 3 lacks whether it is in training.
    body = body.replace(
        "tf.keras.backend.in_train_phase(random_a, (lower + upper) / 2, training)", "(lower + upper) / 2"
    )
    scope: dict[str, Any] = {"tf": tf, "types": Any, "Optional": dict, "TensorLike": Any, "Number": float}
    exec("from __future__ import annotations\n" + body, scope)
    function: Callable[..., Any] = scope[name]
    return function


class Mlx(Framework):
    """MLX, on the CPU."""

    name = "mlx"

    def __init__(self) -> None:
        import mlx.core as mx
        import mlx.nn as nn

        mx.set_default_device(mx.cpu)
        self.modules, self.version = {"mx": mx, "nn": nn}, f"mlx {importlib.metadata.version('mlx')}"

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        mx = self.modules["mx"]
        module, _, last = case.name.rpartition(".")
        given = case.given
        if last == "prelu":
            given = {word: mx.array(value) for word, value in given.items()}
        function = functools.partial(getattr(self.modules[module], last), **given)
        points = mx.array(x, dtype=mx.float64)
        return function(points).tolist(), mx.grad(lambda x: function(x).sum())(points).tolist()


class Onnx(Framework):
    """The operators of ONNX, by its reference evaluator. They define no derivatives."""

    name = "onnx"

    def __init__(self) -> None:
        import onnx

        self.version = f"onnx {onnx.__version__}"

    def _run(self, case: Case, x: list[float]) -> tuple[Any, Any]:
        from onnx import TensorProto, helper
        from onnx.reference import ReferenceEvaluator

        inputs, attributes = {"x": np.array(x)}, dict(case.given)
        names = ["x"]
        if case.name == "Clip":
            names += ["min" if "min" in attributes else "", "max" if "max" in attributes else ""]
            inputs |= {word: np.array(value) for word, value in attributes.items()}
            attributes = {}
        node = helper.make_node(case.name, names, ["y"], **attributes)
        double = functools.partial(helper.make_tensor_value_info, elem_type=TensorProto.DOUBLE)
        graph = helper.make_graph(
            [node],
            "one",
            [double(name, shape=np.shape(value)) for name, value in inputs.items()],
            [double("y", shape=[None])],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)])
        return ReferenceEvaluator(model).run(None, inputs)[0], None


FRAMEWORKS: dict[str, type[Framework]] = {kind.name: kind for kind in (Torch, Jax, Keras, TensorFlow, Mlx, Onnx)}


def installed(name: str) -> Framework | None:
    """Return the framework, or None if it cannot be imported here."""
    try:
        return FRAMEWORKS[name]()
    except ImportError:
        return None
