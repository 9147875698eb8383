"""Rectifiers: two pieces that meet at 0, of which the right one rises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import CodePath, FormulaVariant, FrameworkFunction, Kink, Properties, activation
from actcli.core.catalogue.parameters import ANY_NUMBER, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_KINK_WITH_ONE = (Kink(at="0", subgradient="1"),)
_KINK_AT_THRESHOLD = Kink(at="threshold", subgradient="0")
_KINK_AT_MAXIMUM = Kink(at="max_value", subgradient="1")
_MAXIMUM_IN_JAX = Kink(at="max_value", subgradient="1/2")

_KERAS_RELU_DEFAULTS: dict[str, str | None] = {"negative_slope": "0", "threshold": "0"}
_KERAS_RELU_PATHS = (
    # Keras calls leaky_relu.
    CodePath(
        conditions=("negative_slope != 0", "max_value is none", "threshold == 0"),
        kinks=(Kink(at="0", subgradient="negative_slope"),),
        backend_kinks={"jax": _KINK_WITH_ONE},
    ),
    # Keras calls relu6.
    CodePath(
        conditions=("max_value == 6", "threshold == 0"),
        kinks=(Kink(at="0", subgradient="0"), Kink(at="max_value", subgradient="0")),
    ),
    # Keras clips the part above the threshold to [0, max_value], with a kink at each bound.
    CodePath(
        conditions=("threshold < 0", "max_value >= 0"),
        kinks=(_KINK_AT_THRESHOLD, Kink(at="0", subgradient="1"), _KINK_AT_MAXIMUM),
        backend_kinks={"jax": (Kink(at="0", subgradient="1/2"), _MAXIMUM_IN_JAX)},
    ),
    CodePath(conditions=("max_value < 0",), kinks=(_KINK_AT_THRESHOLD,)),
    CodePath(conditions=("max_value <= threshold",), kinks=(_KINK_AT_THRESHOLD,)),
)
_CLIP_IN_TORCH = "where it clips, the derivative at a bound is 1/2 on the torch backend from PyTorch 2.14 on"


@activation(
    name="relu",
    aliases=("rectifier", "ramp", "rectified_linear", "positive_part"),
    parameters=(
        Parameter(
            name="negative_slope",
            default="none",
            aliases=("alpha",),
            minimum="0",
            optional=True,
            frameworks=("keras",),
            description="the slope for x <= threshold; none means 0",
        ),
        Parameter(
            name="max_value",
            default="none",
            minimum="0",
            optional=True,
            frameworks=("keras",),
            description="the upper bound; none: unbounded above",
        ),
        Parameter(
            name="threshold",
            default="none",
            minimum="0",
            optional=True,
            frameworks=("keras",),
            description="x passes if it is greater; none means 0",
        ),
    ),
    formula="x if x > 0 else 0",
    derivative="1 if x > 0 else 0",
    second_derivative="0",
    formula_variants=(
        FormulaVariant(
            parameters=("max_value",),
            formula="min(max(x if x > threshold else 0, 0), max_value) - negative_slope * max(threshold - x, 0)",
            derivative="1 if x > threshold and 0 < x < max_value else 0 if x >= threshold else negative_slope",
            second_derivative="0",
        ),
        FormulaVariant(
            parameters=("negative_slope", "threshold"),
            formula="x if x > threshold else negative_slope * (x - threshold)",
            derivative="1 if x > threshold else negative_slope",
            second_derivative="0",
        ),
    ),
    kinks=(Kink(at="0", subgradient="0"),),
    properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": FrameworkFunction("nn.ReLU; F.relu; torch.relu", parameters={}),
        "jax": FrameworkFunction("jax.nn.relu", parameters={}),
        "keras": (
            FrameworkFunction(
                "activations.relu",
                defaults=_KERAS_RELU_DEFAULTS,
                parameters={"negative_slope": "negative_slope", "max_value": "max_value", "threshold": "threshold"},
                ranges={"negative_slope": ANY_NUMBER, "max_value": ANY_NUMBER, "threshold": ANY_NUMBER},
                kinks=(_KINK_AT_THRESHOLD, _KINK_AT_MAXIMUM),
                backend_kinks={"jax": (_MAXIMUM_IN_JAX,)},
                paths=_KERAS_RELU_PATHS,
                remarks=(_CLIP_IN_TORCH,),
            ),
            FrameworkFunction(
                "layers.ReLU",
                defaults=_KERAS_RELU_DEFAULTS,
                parameters={"max_value": "max_value", "negative_slope": "negative_slope", "threshold": "threshold"},
                kinks=(_KINK_AT_THRESHOLD, _KINK_AT_MAXIMUM),
                backend_kinks={"jax": (_MAXIMUM_IN_JAX,)},
                paths=_KERAS_RELU_PATHS,
                remarks=(_CLIP_IN_TORCH,),
            ),
        ),
        "tf": FrameworkFunction("tf.nn.relu", parameters={}),
        "onnx": FrameworkFunction("Relu", parameters={}),
        "mlx": FrameworkFunction("nn.relu; nn.ReLU", parameters={}),
        "hf": FrameworkFunction("relu", parameters={}),
    },
    paper="Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010",
    notes="every framework's relu has the derivative 0 at 0; a hand-written maximum(x, 0) or clamp has 0.5 or 1",
)
def relu(m: Arithmetic[N], x: N, negative_slope: N | None, max_value: N | None, threshold: N | None) -> N:
    """Return max(x, 0), in Keras with a slope, a largest value and a threshold. The derivative at 0 is 0."""
    if negative_slope is None and max_value is None and threshold is None:
        return m.piecewise(x, (x > 0, lambda x: x), lambda x: 0)
    slope = 0 if negative_slope is None else negative_slope
    start = 0 if threshold is None else threshold
    if max_value is None:
        return m.piecewise(x, (x <= start, lambda x: slope * (x - start)), lambda x: x)
    if max_value < 0:
        return m.piecewise(x, (x <= start, lambda x: slope * (x - start) + max_value), lambda x: max_value)
    # Where the threshold is negative, Keras raises what lies between it and 0 to 0.
    left = (x <= start, lambda x: slope * (x - start))
    return m.piecewise(x, left, (x <= 0, lambda x: 0), (x < max_value, lambda x: x), lambda x: max_value)


@activation(
    name="leaky_relu",
    aliases=("lrelu",),
    parameters=(
        Parameter(
            name="negative_slope",
            default="0.01",
            aliases=("alpha", "slope"),
            description="the slope for x <= 0",
        ),
    ),
    formula="x if x > 0 else negative_slope * x",
    derivative="1 if x > 0 else negative_slope",
    second_derivative="0",
    kinks=(Kink(at="0", subgradient="negative_slope"),),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
    frameworks={
        "torch": "nn.LeakyReLU; F.leaky_relu",
        "jax": FrameworkFunction("jax.nn.leaky_relu", kinks=_KINK_WITH_ONE),
        "keras": (
            FrameworkFunction(
                "activations.leaky_relu", defaults={"negative_slope": "0.2"}, backend_kinks={"jax": _KINK_WITH_ONE}
            ),
            FrameworkFunction(
                "layers.LeakyReLU", defaults={"negative_slope": "0.3"}, backend_kinks={"jax": _KINK_WITH_ONE}
            ),
        ),
        "tf": (
            FrameworkFunction(
                "tf.nn.leaky_relu", defaults={"negative_slope": "0.2"}, parameters={"alpha": "negative_slope"}
            ),
            FrameworkFunction(
                "tf_keras.layers.LeakyReLU",
                defaults={"negative_slope": "0.3"},
                parameters={"alpha": "negative_slope"},
            ),
        ),
        "onnx": FrameworkFunction("LeakyRelu", parameters={"alpha": "negative_slope"}),
        "mlx": FrameworkFunction(
            "nn.leaky_relu; nn.LeakyReLU",
            kinks=_KINK_WITH_ONE,
            paths=(
                CodePath(
                    conditions=("negative_slope > 1",),
                    kinks=_KINK_WITH_ONE,
                    f=lambda m, x, negative_slope: m.piecewise(x, (x > 0, lambda x: negative_slope * x), lambda x: x),
                    formula="max(negative_slope * x, x)",
                    derivative="negative_slope if x > 0 else 1",
                    second_derivative="0",
                ),
            ),
        ),
        "hf": FrameworkFunction("leaky_relu", parameters={}),
    },
    paper="Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, ICML 2013",
    notes="the default slope is 0.01 in PyTorch, JAX, ONNX, MLX and Hugging Face, "
    "0.2 in TensorFlow and keras.activations, 0.3 in keras.layers.LeakyReLU; "
    "the derivative at 0 is negative_slope in PyTorch, 1 in JAX and MLX",
)
def leaky_relu(m: Arithmetic[N], x: N, negative_slope: N) -> N:
    """Return x for x > 0, else negative_slope * x. The derivative at 0 is negative_slope, as in PyTorch."""
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: negative_slope * x)


@activation(
    name="prelu",
    aliases=("parametric_relu",),
    parameters=(
        Parameter(
            name="weight",
            default="0.25",
            aliases=("alpha", "slope", "negative_slope"),
            description="the slope for x <= 0, learned; PyTorch starts at 0.25",
        ),
    ),
    formula="x if x > 0 else weight * x",
    derivative="1 if x > 0 else weight",
    second_derivative="0",
    kinks=(Kink(at="0", subgradient="weight"),),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
    frameworks={
        "torch": (
            FrameworkFunction("F.prelu", parameters={"weight": "weight", "init": "weight"}, constructor=("weight",)),
            FrameworkFunction("nn.PReLU", parameters={"init": "weight", "weight": "weight"}, constructor=("", "init")),
        ),
        "keras": FrameworkFunction(
            "layers.PReLU",
            defaults={"weight": "0"},
            parameters={"alpha": "weight"},
            constructor=(),
            kinks=(Kink(at="0", subgradient="0"),),
        ),
        "onnx": FrameworkFunction("PRelu", defaults={"weight": None}, parameters={"slope": "weight"}),
        "mlx": FrameworkFunction(
            "nn.PReLU; nn.prelu",
            parameters={"alpha": "weight", "init": "weight"},
            constructor=("", "init"),
            kinks=(Kink(at="0", subgradient="1 + weight"),),
        ),
        "hf": FrameworkFunction("prelu", parameters={}),
    },
    paper="He, Zhang, Ren and Sun, Delving Deep into Rectifiers, arXiv 1502.01852, 2015",
    notes="leaky_relu with a learned slope; the derivative by weight is min(x, 0)",
)
def prelu(m: Arithmetic[N], x: N, weight: N) -> N:
    """Return leaky_relu with a learned slope. The derivative at 0 is weight, as in PyTorch."""
    return leaky_relu(m, x, weight)


@activation(
    name="rrelu",
    aliases=("randomized_relu", "randomized_leaky_relu"),
    parameters=(
        Parameter(name="lower", default="1/8", description="the smallest slope drawn in training for x <= 0"),
        Parameter(name="upper", default="1/3", description="the largest slope drawn in training for x <= 0"),
    ),
    ordered_parameters=(("lower", "upper"),),
    random_slope_range=("lower", "upper"),
    formula="x if x > 0 else (lower + upper) / 2 * x",
    derivative="1 if x > 0 else (lower + upper) / 2",
    second_derivative="0",
    kinks=(Kink(at="0", subgradient="(lower + upper) / 2"),),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
    frameworks={
        "torch": "nn.RReLU; F.rrelu",
        "tf": FrameworkFunction("tfa.activations.rrelu", unordered=True, kinks=_KINK_WITH_ONE),
    },
    paper="Xu et al., Empirical Evaluation of Rectified Activations in Convolutional Network, arXiv 1505.00853, 2015",
    notes="as in evaluation mode, with the mean of lower and upper as slope; "
    "with a seed as in training mode, with slopes drawn between them",
)
def rrelu(m: Arithmetic[N], x: N, lower: N, upper: N) -> N:
    """Return leaky_relu with the mean slope, as in evaluation. The derivative at 0 is that slope."""
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: (lower + upper) / 2 * x)


@activation(
    name="relu2",
    aliases=("relu_squared", "squared_relu", "sqrrelu"),
    formula="x**2 if x > 0 else 0",
    derivative="2 * x if x > 0 else 0",
    second_derivative="2 if x > 0 else 0",
    properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={"mlx": "nn.relu2; nn.ReLU2", "hf": "relu2"},
    paper="So et al., Primer: Searching for Efficient Transformers for Language Modeling, arXiv 2109.08668, 2021",
)
def relu2(m: Arithmetic[N], x: N) -> N:
    """Return max(x, 0)**2, which is smooth at 0."""
    return m.piecewise(x, (x > 0, lambda x: x**2), lambda x: 0)


@activation(
    name="star_relu",
    parameters=(
        Parameter(name="scale", default="0.8944", aliases=("s",), description="the factor of the square"),
        Parameter(name="bias", default="-0.4472", aliases=("b",), description="the value for x <= 0"),
    ),
    formula="scale * x**2 + bias if x > 0 else bias",
    derivative="2 * scale * x if x > 0 else 0",
    second_derivative="2 * scale if x > 0 else 0",
    properties=Properties(range="[-0.4472, inf)", monotone=True, odd=False, saturates="left"),
    paper="Yu et al., MetaFormer Baselines for Vision, arXiv 2210.13452, 2022",
    notes="the defaults give mean 0 and variance 1 for standard normal x; the paper learns both",
)
def star_relu(m: Arithmetic[N], x: N, scale: N, bias: N) -> N:
    """Return scale * max(x, 0)**2 + bias, which is smooth at 0."""
    return m.piecewise(x, (x > 0, lambda x: scale * x**2 + bias), lambda x: bias)


@activation(
    name="nlrelu",
    aliases=("natural_logarithm_relu",),
    parameters=(
        Parameter(name="beta", default="1", exclusive_minimum="0", description="the derivative just right of 0"),
    ),
    formula="log(beta * x + 1) if x > 0 else 0",
    derivative="beta / (beta * x + 1) if x > 0 else 0",
    second_derivative="-(beta / (beta * x + 1))**2 if x > 0 else 0",
    kinks=(Kink(at="0", subgradient="0"),),
    properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
    paper="Liu et al., Natural-Logarithm-Rectified Activation Function in Convolutional Neural Networks, "
    "arXiv 1908.03682, 2019",
)
def nlrelu(m: Arithmetic[N], x: N, beta: N) -> N:
    """Return log(1 + beta * max(x, 0)). The derivative at 0 is 0, as for relu."""
    return m.piecewise(x, (x > 0, lambda x: m.log1p(beta * x)), lambda x: 0)
