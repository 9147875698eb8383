"""Names and calls as programs of a framework contain them: torch.nn.functional.gelu, nn.LeakyReLU(0.2)."""

from __future__ import annotations

import pytest

import actcli
from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.framework_calls import equivalents, expression_call
from actcli.core.catalogue.frameworks import find_by_path
from actcli.core.catalogue.vocabulary import FRAMEWORK_ALIASES, FRAMEWORKS
from actcli.core.spec import parse
from actcli.errors import ExpressionError, ParameterError, UnknownActivationError

FUNCTIONS = [
    (entry, framework, function, name)
    for entry in registry.entries().values()
    for framework in FRAMEWORKS
    for function in entry.framework_variants(framework)
    for name in function.callable_names
]
ROOTS = {
    "torch": {"nn.": ("torch.nn.",), "F.": ("F.", "torch.nn.functional."), "torch.": ("torch.",)},
    "jax": {"jax.": ("jax.",)},
    "keras": {"": ("keras.", "tf.keras.")},
    "tf": {"tf.": ("tf.", "tensorflow."), "tfa.": ("tfa.", "tensorflow_addons."), "tf_keras.": ("tf_keras.",)},
    "onnx": {"": ("onnx.",)},
    "mlx": {"nn.": ("mlx.nn.",), "mx.": ("mx.", "mlx.core.")},
    "hf": {"": ("transformers.",)},
}
"""The beginnings of a full path, by framework and by how a name in the catalogue begins."""


@pytest.mark.parametrize(
    ("entry", "framework", "function", "name"), FUNCTIONS, ids=[f"{name}@{word}" for _, word, _, name in FUNCTIONS]
)
def test_full_path_is_a_name(entry: Activation, framework: str, function: FrameworkFunction, name: str) -> None:
    """A full path denotes the framework's function, and its label NAME@FRAMEWORK denotes the same one."""
    for start, modules in ROOTS[framework].items():
        for module in modules if name.startswith(start) else ():
            bound = parse(f"{module}{name.removeprefix(start)}", partial=True)
            assert (bound.activation, bound.framework) == (entry, framework)
            assert bound.framework_function == function
            again = parse(bound.label, partial=True)
            assert (again.activation, again.framework_function) == (entry, function)
            assert bound.label.endswith(f"@{framework}")


def test_path_with_parameters() -> None:
    """A path takes parameters, which its label shows."""
    bound = parse("jax.nn.gelu:approximate=false")
    assert bound.label == "gelu@jax:approximate=false"
    assert actcli.evaluate("jax.nn.gelu:approximate=false", 2.5) == actcli.evaluate("gelu", 2.5)
    assert parse("torch.nn.functional.leaky_relu", {"negative_slope": "0.2"}).label == (
        "leaky_relu@torch:negative_slope=0.2"
    )
    assert parse(" F.gelu ").label == "gelu@torch"


@pytest.mark.parametrize(
    ("path", "frameworks"),
    [
        ("nn.SiLU", ["torch", "mlx"]),
        ("nn.Mish", ["torch", "mlx"]),
        ("nn.LeakyReLU", ["torch", "mlx"]),
        ("nn.gelu", ["jax", "tf", "mlx"]),
        ("layers.LeakyReLU", ["keras", "tf"]),
        ("activations.mish", ["keras", "tf"]),
    ],
)
def test_shared_path_is_an_error(path: str, frameworks: list[str]) -> None:
    """A path that several frameworks have is refused with each framework's SPEC."""
    assert list(find_by_path(path)) == frameworks
    with pytest.raises(ParameterError, match=f"^{path} is in .*: write ") as caught:
        parse(path)
    message = str(caught.value)
    for framework in frameworks:
        word = next(word for word in message.replace(",", "").split() if word.endswith(f"@{framework}"))
        assert parse(word, partial=True).framework == framework


def test_path_of_one_framework() -> None:
    """A path whose exact spelling only one framework has denotes that one."""
    assert parse("nn.Hardtanh").framework == "torch"
    assert parse("nn.HardTanh").framework == "mlx"
    assert parse("activations.relu").framework == "keras"


@pytest.mark.parametrize(
    "path", ["np.tanh", "math.exp", "numpy.tanh", "jax.nn.no_such", "torch.nn.no_such", "a.b.c", "relu.6"]
)
def test_unknown_path(path: str) -> None:
    """An unknown path is an unknown activation."""
    with pytest.raises(UnknownActivationError):
        parse(path)


@pytest.mark.parametrize(("alias", "framework"), FRAMEWORK_ALIASES.items())
def test_framework_aliases(alias: str, framework: str) -> None:
    """A framework is found by its other names, in any case; the label stays as typed."""
    for word in (alias, alias.upper(), alias.title(), framework.upper()):
        bound = parse(f"relu@{word}")
        assert (bound.framework, bound.label) == (framework, f"relu@{word}")


@pytest.mark.parametrize(
    ("call", "specs"),
    [
        ("LeakyReLU(0.2)", ["LeakyReLU:negative_slope=0.2"]),
        (" LeakyReLU( 1/5 ) ", ["LeakyReLU:negative_slope=1/5"]),
        ("leaky_relu(0.2)", ["leaky_relu:negative_slope=0.2"]),
        ("LeakyReLU(negative_slope=0.2, inplace=True)", ["LeakyReLU:negative_slope=0.2"]),
        ("ELU(1.5)", ["ELU:alpha=1.5"]),
        ("CELU(alpha=2)", ["CELU:alpha=2"]),
        ("Hardtanh(-2, 2)", ["Hardtanh:min_val=-2,max_val=2"]),
        ("Threshold(0.1, 20)", ["Threshold:threshold=0.1,value=20"]),
        ("Softplus(2, 20)", ["softplus@torch:beta=2,threshold=20"]),
        ("Softshrink(0.7)", ["Softshrink:lambd=0.7"]),
        ("ReLU(6.0)", ["ReLU@keras:max_value=6.0"]),
        ("ReLU()", ["ReLU"]),
        ("ReLU6(0.5)", ["ReLU6"]),
        ("GELU('tanh')", ["GELU:approximate=tanh"]),
        ("nn.LeakyReLU(0.2)", ["leaky_relu@torch:negative_slope=0.2", "leaky_relu@mlx:negative_slope=0.2"]),
        ("torch.nn.LeakyReLU(0.2)", ["leaky_relu@torch:negative_slope=0.2"]),
        ("nn.Softplus(2, 20)", ["softplus@torch:beta=2,threshold=20"]),
        ("nn.GELU(approximate='tanh')", ["gelu@torch:approximate=tanh"]),
        ("torch.nn.PReLU(1, 0.3)", ["PReLU@torch:init=0.3"]),
        ("torch.nn.PReLU(8)", ["PReLU@torch"]),
        ("F.prelu(x, 0.3)", ["prelu@torch:weight=0.3"]),
        ("F.leaky_relu(x, 0.2)", ["leaky_relu@torch:negative_slope=0.2"]),
        ("torch.clamp(input, -1, 1)", ["clip@torch:min=-1,max=1"]),
        ("jax.nn.gelu(x)", ["gelu@jax"]),
        ("jax.nn.gelu(x, False)", ["gelu@jax:approximate=false"]),
        ("keras.layers.LeakyReLU(0.1)", ["LeakyReLU@keras:negative_slope=0.1"]),
        ("keras.layers.ReLU(6.)", ["ReLU@keras:max_value=6."]),
        ("keras.activations.relu(x, 0.1)", ["relu@keras:negative_slope=0.1"]),
        ("tf.nn.leaky_relu(x, alpha=0.1)", ["leaky_relu@tf:alpha=0.1"]),
        ("keras.layers.LeakyReLU(alpha=0.1)", ["LeakyReLU@keras:negative_slope=0.1"]),
        ("LeakyReLU(alpha=0.1)", ["LeakyReLU:negative_slope=0.1"]),
        ("torch.nn.Softmax(dim=0)", ["softmax@torch:axis=0"]),
        ("LeakyReLU(0.2)(x)", ["LeakyReLU:negative_slope=0.2"]),
        ("torch.nn.ELU(alpha=2) (x)", ["elu@torch:alpha=2"]),
        ("ReLU()(x)", ["ReLU"]),
    ],
)
def test_framework_call_is_an_error_with_its_spec(call: str, specs: list[str]) -> None:
    """A constructor, or a call with a module path, is refused with the SPEC that it stands for, which is valid."""
    assert equivalents(call) == specs
    with pytest.raises(ExpressionError) as caught:
        parse(call)
    assert all(spec in str(caught.value) for spec in specs)
    for spec in specs:
        parse(spec)


@pytest.mark.parametrize(
    "formula", ["sin(2)", "exp(0)", "relu(x)", "clip(x, -1, 1)", "sigmoid(2)", "relu(a)", "max(1, 2)"]
)
def test_formula_is_not_a_framework_call(formula: str) -> None:
    """A formula in x or other names, and a constant of a function without parameters, are formulas."""
    assert equivalents(formula) == []
    assert parse(formula, partial=True).activation.is_expression


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("jax.nn.gelu", "gelu(x, approximate=tanh)"),
        ("F.gelu", "gelu(x)"),
        ("nn.SiLU", "SiLU(x)"),
        ("jax.numpy.exp", "exp(x)"),
        ("keras.layers.LeakyReLU", "LeakyReLU(x, negative_slope=0.3)"),
        ("tf_keras.activations.hard_sigmoid", "hard_sigmoid(x, slope=0.2)"),
        ("np.tanh", ""),
    ],
)
def test_call_inside_an_expression(path: str, call: str) -> None:
    """Inside an expression the hint for a path has the framework's defaults."""
    assert expression_call(path) == call
    with pytest.raises(ExpressionError, match="without the module name") as caught:
        parse(f"1 + {path}(x)")
    assert (call or "tanh(x)") in str(caught.value)
