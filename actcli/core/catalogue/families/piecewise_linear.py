"""Hard activations: piecewise linear and quadratic counterparts of smooth ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import FormulaVariant, FrameworkFunction, Kink, Properties, activation
from actcli.core.catalogue.parameters import ANY_NUMBER, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_KINKS_WITH_ONE = (Kink(at="min_val", subgradient="1"), Kink(at="max_val", subgradient="1"))
_KINKS_WITH_HALF = (Kink(at="min_val", subgradient="1/2"), Kink(at="max_val", subgradient="1/2"))
_KINKS_WITH_ZERO = (Kink(at="min_val", subgradient="0"), Kink(at="max_val", subgradient="0"))

_REQUIRED: dict[str, str | None] = {"min_val": None, "max_val": None}
"""The bounds as required parameters."""


@activation(
    name="relu6",
    formula="min(max(x, 0), 6)",
    derivative="1 if 0 < x < 6 else 0",
    second_derivative="0",
    kinks=(Kink(at="0", subgradient="0"), Kink(at="6", subgradient="0")),
    properties=Properties(range="[0, 6]", monotone=True, odd=False, saturates="both"),
    frameworks={
        "torch": "nn.ReLU6; F.relu6",
        "jax": "jax.nn.relu6",
        "keras": "activations.relu6",
        "tf": "tf.nn.relu6",
        "onnx": "Clip(min=0, max=6)",
        "mlx": "nn.relu6; nn.ReLU6",
        "hf": "relu6",
    },
    paper="Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010",
)
def relu6(m: Arithmetic[N], x: N) -> N:
    """Return x limited to [0, 6]. The derivatives at the kinks are 0."""
    return m.piecewise(x, (x <= 0, lambda x: 0), (x < 6, lambda x: x), lambda x: 6)


@activation(
    name="hard_tanh",
    aliases=("htanh",),
    parameters=(
        Parameter(name="min_val", default="-1", aliases=("min",), description="the lower bound"),
        Parameter(name="max_val", default="1", aliases=("max",), description="the upper bound"),
    ),
    ordered_parameters=(("min_val", "max_val"),),
    overrides=(("min_val", "max_val"),),
    formula="min_val if x <= min_val else x if x < max_val else max_val",
    derivative="1 if min_val < x < max_val else 0",
    second_derivative="0",
    kinks=_KINKS_WITH_ZERO,
    properties=Properties(range="[-1, 1]", monotone=True, odd=True, saturates="both"),
    frameworks={
        "torch": "nn.Hardtanh; F.hardtanh",
        "jax": FrameworkFunction("jax.nn.hard_tanh", parameters={}, kinks=_KINKS_WITH_ONE),
        "keras": FrameworkFunction(
            "activations.hard_tanh",
            parameters={},
            backend_kinks={"jax": _KINKS_WITH_ONE, "tensorflow": _KINKS_WITH_ONE},
        ),
        "tf": FrameworkFunction("tf.clip_by_value(-1, 1)", parameters={}, kinks=_KINKS_WITH_ONE),
        "onnx": FrameworkFunction("Clip(min=-1, max=1)", parameters={}),
        "mlx": FrameworkFunction("nn.hard_tanh; nn.HardTanh", unordered=True),
    },
    paper="Collobert, Large Scale Machine Learning, PhD thesis, 2004",
    notes="the derivative at the kinks is 0 in PyTorch and MLX, 1 in JAX and TensorFlow; clip has other bounds",
)
def hard_tanh(m: Arithmetic[N], x: N, min_val: N, max_val: N) -> N:
    """Return x limited to [min_val, max_val]. The derivatives at the kinks are 0, as in PyTorch."""
    return clip(m, x, min_val, max_val)


@activation(
    name="clip",
    aliases=("clamp", "clip_by_value"),
    parameters=(
        Parameter(
            name="min_val",
            default="none",
            aliases=("min", "min_value"),
            optional=True,
            description="the lower bound; none: unbounded below",
        ),
        Parameter(
            name="max_val",
            default="none",
            aliases=("max", "max_value"),
            optional=True,
            description="the upper bound; none: unbounded above",
        ),
    ),
    overrides=(("min_val", "max_val"),),
    formula="x",
    derivative="1",
    second_derivative="0",
    formula_variants=(
        FormulaVariant(
            parameters=("min_val", "max_val"),
            requires_all=True,
            formula="min(max(x, min_val), max_val)",
            derivative="1 if min_val < x < max_val else 0",
            second_derivative="0",
        ),
        FormulaVariant(
            parameters=("min_val",),
            formula="max(x, min_val)",
            derivative="1 if x > min_val else 0",
            second_derivative="0",
        ),
        FormulaVariant(
            parameters=("max_val",),
            formula="min(x, max_val)",
            derivative="1 if x < max_val else 0",
            second_derivative="0",
        ),
    ),
    kinks=_KINKS_WITH_ZERO,
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    frameworks={
        "torch": FrameworkFunction("torch.clamp; torch.clip", parameters={"min": "min_val", "max": "max_val"}),
        "jax": FrameworkFunction(
            "jax.numpy.clip", parameters={"min": "min_val", "max": "max_val"}, kinks=_KINKS_WITH_HALF
        ),
        "keras": FrameworkFunction(
            "ops.clip",
            defaults=_REQUIRED,
            parameters={"x_min": "min_val", "x_max": "max_val"},
            backend_kinks={"jax": _KINKS_WITH_HALF, "tensorflow": _KINKS_WITH_ONE, "torch": _KINKS_WITH_ONE},
            remarks=("1/2 at the bounds on the torch backend from PyTorch 2.14 on",),
        ),
        "tf": FrameworkFunction(
            "tf.clip_by_value",
            defaults=_REQUIRED,
            parameters={"clip_value_min": "min_val", "clip_value_max": "max_val"},
            kinks=_KINKS_WITH_ONE,
        ),
        "onnx": FrameworkFunction("Clip", parameters={"min": "min_val", "max": "max_val"}),
        "mlx": FrameworkFunction("mx.clip", defaults=_REQUIRED, parameters={"a_min": "min_val", "a_max": "max_val"}),
    },
    paper="ONNX's operator Clip, since opset 1",
    notes="min(max(x, min_val), max_val); without bounds it is x; if min_val > max_val it is max_val everywhere, "
    "which TensorFlow leaves unspecified; with the bounds -1 and 1 it is hard_tanh; "
    "the derivative at the bounds is 0 as in PyTorch from 2.14 on; PyTorch 2.13 has 1",
)
def clip(m: Arithmetic[N], x: N, min_val: N | None, max_val: N | None) -> N:
    """Return min(max(x, min_val), max_val). The derivatives at the bounds are 0, as in PyTorch 2.14."""
    if min_val is not None and max_val is not None and min_val > max_val:
        return m.piecewise(x, lambda x: max_val)
    cases = []
    if min_val is not None:
        cases.append((x <= min_val, lambda x: min_val))
    if max_val is not None:
        cases.append((x >= max_val, lambda x: max_val))
    return m.piecewise(x, *cases, lambda x: x)


@activation(
    name="hard_sigmoid",
    parameters=(
        Parameter(name="slope", default="1/6", aliases=("alpha",), nonzero=True, description="the slope in the middle"),
        Parameter(name="offset", default="1/2", aliases=("beta",), description="the value at 0"),
    ),
    derived_arguments={"low": "-offset / slope", "high": "(1 - offset) / slope"},
    formula="min(max(slope * x + offset, 0), 1)",
    derivative="slope if 0 < slope * x + offset < 1 else 0",
    second_derivative="0",
    kinks=(Kink(at="-offset / slope", subgradient="0"), Kink(at="(1 - offset) / slope", subgradient="0")),
    properties=Properties(range="[0, 1]", monotone=True, odd=False, saturates="both"),
    frameworks={
        "torch": FrameworkFunction("nn.Hardsigmoid; F.hardsigmoid", parameters={}),
        "jax": FrameworkFunction("jax.nn.hard_sigmoid", parameters={}),
        "keras": FrameworkFunction("activations.hard_sigmoid", parameters={}),
        "tf": FrameworkFunction(
            "tf_keras.activations.hard_sigmoid",
            defaults={"slope": "0.2"},
            parameters={},
            kinks=(
                Kink(at="-offset / slope", subgradient="slope"),
                Kink(at="(1 - offset) / slope", subgradient="slope"),
            ),
        ),
        "onnx": FrameworkFunction(
            "HardSigmoid",
            defaults={"slope": "0.2"},
            parameters={"alpha": "slope", "beta": "offset"},
            ranges={"slope": ANY_NUMBER},
        ),
    },
    paper="with the slope 1/6 Howard et al., Searching for MobileNetV3, arXiv 1905.02244, 2019; with 1/2 "
    "Courbariaux, Bengio and David, BinaryConnect, arXiv 1511.00363, 2015",
    notes="the default slope is 0.2 in Keras 2 and ONNX, as in Theano, and 1/6 in PyTorch, JAX and Keras 3",
)
def hard_sigmoid(m: Arithmetic[N], x: N, slope: N, offset: N, low: N | None, high: N | None) -> N:
    """Return slope * x + offset limited to [0, 1]; low and high are its kinks, with derivative 0, None for slope 0."""

    def line(x: N) -> N:
        return slope * x + offset

    if low is None or high is None:
        return m.piecewise(x, lambda x: 0 if offset <= 0 else 1 if offset >= 1 else line(x))
    if slope > 0:
        return m.piecewise(x, (x <= low, lambda x: 0), (x < high, line), lambda x: 1)
    return m.piecewise(x, (x >= low, lambda x: 0), (x > high, line), lambda x: 1)


@activation(
    name="hard_swish",
    aliases=("hard_silu", "hswish", "h_swish"),
    formula="0 if x <= -3 else x * (x + 3) / 6 if x < 3 else x",
    derivative="0 if x <= -3 else x / 3 + 1/2 if x < 3 else 1",
    second_derivative="1/3 if -3 < x < 3 else 0",
    kinks=(Kink(at="-3", subgradient="0"), Kink(at="3", subgradient="1")),
    properties=Properties(range="[-0.375, inf)", monotone=False, odd=False, saturates="left"),
    frameworks={
        "torch": "nn.Hardswish; F.hardswish",
        "jax": "jax.nn.hard_swish; jax.nn.hard_silu",
        "keras": "activations.hard_silu; activations.hard_swish",
        "onnx": "HardSwish",
        "mlx": "nn.hardswish; nn.Hardswish",
        "hf": "hardswish",
    },
    paper="Howard et al., Searching for MobileNetV3, arXiv 1905.02244, 2019",
)
def hard_swish(m: Arithmetic[N], x: N) -> N:
    """Return x * relu6(x + 3) / 6. The derivatives at the kinks are those of the outer pieces."""
    return m.piecewise(x, (x <= -3, lambda x: 0), (x < 3, lambda x: x * (x + 3) / 6), lambda x: x)


@activation(
    name="hard_mish",
    aliases=("h_mish",),
    formula="0 if x <= -2 else x * (x + 2) / 2 if x < 0 else x",
    derivative="0 if x < -2 else x + 1 if x < 0 else 1",
    second_derivative="1 if -2 < x < 0 else 0",
    kinks=(Kink(at="-2", subgradient="-1"),),
    properties=Properties(range="[-0.5, inf)", monotone=False, odd=False, saturates="left"),
    paper="Misra, H-Mish, github.com/digantamisra98/H-Mish, 2020",
    notes="timm implements it, with the derivative -1 at -2",
)
def hard_mish(m: Arithmetic[N], x: N) -> N:
    """Return x * min(2, max(0, x + 2)) / 2. The derivative at -2 is -1, as in timm; 0 is no kink."""
    return m.piecewise(x, (x <= -2, lambda x: 0), (x < 0, lambda x: x * (x + 2) / 2), lambda x: x)


@activation(
    name="sparse_plus",
    formula="0 if x <= -1 else (x + 1)**2 / 4 if x < 1 else x",
    derivative="0 if x <= -1 else (x + 1) / 2 if x < 1 else 1",
    second_derivative="1/2 if -1 < x < 1 else 0",
    properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={"jax": "jax.nn.sparse_plus", "keras": "activations.sparse_plus"},
    paper="Blondel, Martins and Niculae, Learning with Fenchel-Young Losses, arXiv 1901.02324, 2019",
    notes="to softplus what sparsemax is to softmax",
)
def sparse_plus(m: Arithmetic[N], x: N) -> N:
    """Return 0, a parabola or x, which is smooth at -1 and 1."""
    return m.piecewise(x, (x <= -1, lambda x: 0), (x < 1, lambda x: (x + 1) ** 2 / 4), lambda x: x)


@activation(
    name="sparse_sigmoid",
    formula="0 if x <= -1 else (x + 1) / 2 if x < 1 else 1",
    derivative="1/2 if -1 < x < 1 else 0",
    second_derivative="0",
    kinks=(Kink(at="-1", subgradient="0"), Kink(at="1", subgradient="0")),
    properties=Properties(range="[0, 1]", monotone=True, odd=False, saturates="both"),
    frameworks={
        "jax": FrameworkFunction(
            "jax.nn.sparse_sigmoid",
            kinks=(
                Kink(at="-1", subgradient="1/4"),
                Kink(at="1", subgradient="1/4"),
            ),
        ),
        "keras": FrameworkFunction(
            "activations.sparse_sigmoid",
            backend_kinks={"jax": (Kink(at="-1", subgradient="1/4"), Kink(at="1", subgradient="1/4"))},
        ),
    },
    paper="Blondel, Martins and Niculae, Learning with Fenchel-Young Losses, arXiv 1901.02324, 2019",
    notes="the derivative of sparse_plus; JAX's derivative at the kinks is 1/4",
)
def sparse_sigmoid(m: Arithmetic[N], x: N) -> N:
    """Return (x + 1) / 2 limited to [0, 1]. The derivatives at the kinks are 0."""
    return m.piecewise(x, (x <= -1, lambda x: 0), (x < 1, lambda x: (x + 1) / 2), lambda x: 1)
