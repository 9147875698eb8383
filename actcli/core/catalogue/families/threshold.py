"""Activations with a threshold: steps, cuts and shrinkage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import CodePath, FormulaVariant, FrameworkFunction, Kink, Properties, activation
from actcli.core.catalogue.parameters import ANY_NUMBER, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_AFFINE = "for affine=True use the formula 'max(x, a * x + t):a=VALUE,t=VALUE'"
_LOWER = Parameter(
    name="lower",
    default="none",
    optional=True,
    frameworks=("tf",),
    description="the threshold on the left; none: -lambd",
)

_UPPER = Parameter(
    name="upper",
    default="none",
    optional=True,
    frameworks=("tf",),
    description="the threshold on the right; none: lambd",
)

_ANY_LAMBD = {"lambd": ANY_NUMBER}
_JUMP_RIGHT = (Kink(at="-lambd", subgradient="1", is_jump=True),)
"""The kink of ONNX's Shrink for a negative lambd, where the two outer pieces meet."""


@activation(
    name="threshold",
    parameters=(
        Parameter(name="threshold", default=None, description="x passes if it is greater"),
        Parameter(name="value", default=None, aliases=("default_value",), description="the value for x <= threshold"),
    ),
    formula="x if x > threshold else value",
    derivative="1 if x > threshold else 0",
    second_derivative="0",
    kinks=(Kink(at="threshold", subgradient="0", is_jump=True),),
    properties=Properties(range="[value, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": "nn.Threshold; F.threshold",
        "keras": FrameworkFunction(
            "activations.threshold", parameters={"threshold": "threshold", "default_value": "value"}
        ),
    },
    paper="Collobert, Kavukcuoglu and Farabet, Torch7: A Matlab-like Environment for Machine Learning, 2011",
    notes="a rectifier with any threshold, and any value below it; no framework has defaults; "
    "if value <= threshold, it never decreases and its minimum is value",
)
def threshold(m: Arithmetic[N], x: N, threshold: N, value: N) -> N:
    """Return x for x > threshold, else value. The derivative at the jump is 0."""
    return m.piecewise(x, (x > threshold, lambda x: x), lambda x: value)


@activation(
    name="thresholded_relu",
    aliases=("trec",),
    parameters=(
        Parameter(
            name="alpha",
            default="1",
            aliases=("theta", "threshold"),
            description="x passes if it is greater; at least 0 in the paper",
        ),
    ),
    formula="x if x > alpha else 0",
    derivative="1 if x > alpha else 0",
    second_derivative="0",
    kinks=(Kink(at="alpha", subgradient="0", is_jump=True),),
    properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "onnx": "ThresholdedRelu",
        "tf": FrameworkFunction("tf_keras.layers.ThresholdedReLU", parameters={"theta": "alpha"}),
    },
    paper="Konda, Memisevic and Krueger, Zero-bias Autoencoders and the Benefits of Co-adapting Features, "
    "arXiv 1402.3337, 2014",
    notes="at x = alpha the value is 0 in ONNX and Keras 2, x in Core ML",
)
def thresholded_relu(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return x for x > alpha, else 0. The derivative at the jump is 0."""
    return m.piecewise(x, (x > alpha, lambda x: x), lambda x: 0)


@activation(
    name="clamped_relu",
    parameters=(
        Parameter(name="alpha", default=None, minimum="0", description="the slope for x <= 0"),
        Parameter(name="beta", default=None, minimum="0", description="the largest value"),
    ),
    formula="beta if x >= beta else x if x > 0 else alpha * x",
    derivative="0 if x >= beta else 1 if x > 0 else alpha",
    second_derivative="0",
    kinks=(Kink(at="0", subgradient="alpha"), Kink(at="beta", subgradient="0")),
    properties=Properties(range="(-inf, beta]", monotone=True, odd=False, saturates="right"),
    paper="Core ML's operator clamped_relu",
)
def clamped_relu(m: Arithmetic[N], x: N, alpha: N, beta: N) -> N:
    """Return leaky_relu limited to at most beta. The derivatives are alpha at 0 and 0 at beta."""
    return m.piecewise(x, (x >= beta, lambda x: beta), (x > 0, lambda x: x), lambda x: alpha * x)


@activation(
    name="tlu",
    aliases=("thresholded_linear_unit",),
    parameters=(Parameter(name="tau", default="0", description="the threshold and smallest value; learned"),),
    formula="x if x > tau else tau",
    derivative="1 if x > tau else 0",
    second_derivative="0",
    kinks=(Kink(at="tau", subgradient="0"),),
    properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "tf": FrameworkFunction(
            "tfa.layers.TLU",
            parameters={"tau": "tau"},
            kinks=(Kink(at="tau", subgradient="1"),),
            unsupported={"affine": _AFFINE, "alpha": _AFFINE},
        )
    },
    paper="Singh and Krishnan, Filter Response Normalization Layer, arXiv 1911.09737, 2019",
    notes="TensorFlow Addons' TLU with affine=False; with affine=True that is max(x, alpha * x + tau)",
)
def tlu(m: Arithmetic[N], x: N, tau: N) -> N:
    """Return max(x, tau). The derivative at tau is 0."""
    return m.piecewise(x, (x > tau, lambda x: x), lambda x: tau)


@activation(
    name="step",
    aliases=("heaviside", "binary_step", "unit_step"),
    parameters=(
        Parameter(name="threshold", default="0", description="the x of the step from 0 to 1"),
        Parameter(
            name="value",
            default="1",
            aliases=("values", "half_maximum"),
            description="the value at the threshold itself",
        ),
    ),
    formula="1 if x > threshold else 0 if x < threshold else value",
    derivative="0",
    second_derivative="0",
    kinks=(Kink(at="threshold", subgradient="0", is_jump=True),),
    properties=Properties(range="[0, 1]", monotone=True, odd=False, saturates="both"),
    frameworks={
        "torch": FrameworkFunction("torch.heaviside", defaults={"value": None}, parameters={"values": "value"}),
        "jax": FrameworkFunction("jax.numpy.heaviside", defaults={"value": None}, parameters={"half_maximum": "value"}),
        "mlx": FrameworkFunction("nn.step; nn.Step", parameters={"threshold": "threshold"}),
    },
    paper="McCulloch and Pitts, A Logical Calculus of the Ideas Immanent in Nervous Activity, 1943",
    notes="the value at the threshold is 1 in MLX, an argument of heaviside in PyTorch and JAX",
)
def step(m: Arithmetic[N], x: N, threshold: N, value: N) -> N:
    """Return 1 above the threshold, 0 below it, and value at it. The derivative is 0 everywhere."""
    return m.piecewise(x, (x > threshold, lambda x: 1), (x < threshold, lambda x: 0), lambda x: value)


@activation(
    name="sign",
    aliases=("signum", "bipolar_step"),
    formula="1 if x > 0 else -1 if x < 0 else 0",
    derivative="0",
    second_derivative="0",
    kinks=(Kink(at="0", subgradient="0", is_jump=True),),
    properties=Properties(range="[-1, 1]", monotone=True, odd=True, saturates="both"),
    frameworks={
        "torch": "torch.sign",
        "jax": "jax.numpy.sign",
        "keras": "ops.sign",
        "tf": "tf.math.sign",
        "onnx": "Sign",
        "mlx": "mx.sign",
    },
    paper="Courbariaux et al., Binarized Neural Networks, arXiv 1602.02830, 2016",
    notes="0 at 0, where the paper takes 1",
)
def sign(m: Arithmetic[N], x: N) -> N:
    """Return the sign of x, which is 0 at 0. The derivative is 0 everywhere."""
    return m.piecewise(x, (x > 0, lambda x: 1), (x < 0, lambda x: -1), lambda x: 0)


@activation(
    name="softshrink",
    aliases=("soft_threshold",),
    parameters=(
        Parameter(
            name="lambd", default="0.5", aliases=("lambda", "threshold"), minimum="0", description="the threshold"
        ),
        _LOWER,
        _UPPER,
    ),
    ordered_parameters=(("lower", "upper"),),
    formula="x - lambd if x > lambd else x + lambd if x < -lambd else 0",
    derivative="1 if abs(x) > lambd else 0",
    second_derivative="0",
    formula_variants=(
        FormulaVariant(
            parameters=("lower", "upper"),
            formula="x - upper if x > upper else x - lower if x < lower else 0",
            derivative="1 if x > upper or x < lower else 0",
            second_derivative="0",
        ),
    ),
    kinks=(Kink(at="-lambd", subgradient="0"), Kink(at="lambd", subgradient="0")),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    frameworks={
        "torch": "nn.Softshrink; F.softshrink",
        "keras": FrameworkFunction(
            "activations.soft_shrink",
            parameters={"threshold": "lambd"},
            ranges=_ANY_LAMBD,
            paths=(CodePath(conditions=("lambd < 0",), kinks=(Kink(at="lambd", subgradient="1", is_jump=True),)),),
            remarks=("the torch backend refuses a negative threshold",),
        ),
        "onnx": FrameworkFunction(
            "Shrink(lambd=0.5, bias=0.5)",
            parameters={"lambd": "lambd"},
            ranges=_ANY_LAMBD,
            paths=(
                CodePath(
                    conditions=("lambd < 0",),
                    kinks=_JUMP_RIGHT,
                    f=lambda m, x, lambd, lower, upper: m.piecewise(
                        x, (x < -lambd, lambda x: x + lambd), lambda x: x - lambd
                    ),
                    formula="x + lambd if x < -lambd else x - lambd",
                    derivative="1",
                    second_derivative="0",
                ),
            ),
        ),
        "tf": FrameworkFunction(
            "tfa.activations.softshrink",
            defaults={"lower": "-0.5", "upper": "0.5"},
            parameters={"lower": "lower", "upper": "upper"},
            kinks=(
                Kink(at="lower", subgradient="0"),
                Kink(at="upper", subgradient="0"),
            ),
        ),
        "mlx": FrameworkFunction(
            "nn.softshrink; nn.Softshrink",
            ranges=_ANY_LAMBD,
            paths=(
                CodePath(
                    conditions=("lambd < 0",),
                    kinks=(Kink(at="0", subgradient="1", is_jump=True),),
                    f=lambda m, x, lambd, lower, upper: m.piecewise(
                        x, (x > 0, lambda x: x - lambd), (x < 0, lambda x: x + lambd), lambda x: 0
                    ),
                    formula="x - lambd if x > 0 else x + lambd if x < 0 else 0",
                    derivative="1",
                    second_derivative="0",
                ),
            ),
        ),
    },
    paper="Donoho, De-noising by Soft-Thresholding, IEEE Transactions on Information Theory 41, 1995",
)
def softshrink(m: Arithmetic[N], x: N, lambd: N, lower: N | None, upper: N | None) -> N:
    """Return x moved towards 0 by the threshold. The derivatives at the kinks are 0."""
    low, high = -lambd if lower is None else lower, lambd if upper is None else upper
    return m.piecewise(x, (x > high, lambda x: x - high), (x < low, lambda x: x - low), lambda x: 0)


@activation(
    name="hardshrink",
    aliases=("hard_threshold",),
    parameters=(
        Parameter(
            name="lambd", default="0.5", aliases=("lambda", "threshold"), minimum="0", description="the threshold"
        ),
        _LOWER,
        _UPPER,
    ),
    ordered_parameters=(("lower", "upper"),),
    formula="x if abs(x) > lambd else 0",
    derivative="1 if abs(x) > lambd else 0",
    second_derivative="0",
    formula_variants=(
        FormulaVariant(
            parameters=("lower", "upper"),
            formula="x if x > upper else x if x < lower else 0",
            derivative="1 if x > upper or x < lower else 0",
            second_derivative="0",
        ),
    ),
    kinks=(Kink(at="-lambd", subgradient="0", is_jump=True), Kink(at="lambd", subgradient="0", is_jump=True)),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    frameworks={
        "torch": FrameworkFunction("nn.Hardshrink; F.hardshrink", ranges=_ANY_LAMBD),
        "keras": FrameworkFunction("activations.hard_shrink", parameters={"threshold": "lambd"}, ranges=_ANY_LAMBD),
        "onnx": FrameworkFunction("Shrink(lambd=0.5)", parameters={"lambd": "lambd"}, ranges=_ANY_LAMBD),
        "tf": FrameworkFunction(
            "tfa.activations.hardshrink",
            defaults={"lower": "-0.5", "upper": "0.5"},
            parameters={"lower": "lower", "upper": "upper"},
            kinks=(
                Kink(at="lower", subgradient="0", is_jump=True),
                Kink(at="upper", subgradient="0", is_jump=True),
            ),
        ),
        "mlx": FrameworkFunction("nn.hard_shrink; nn.HardShrink", ranges=_ANY_LAMBD),
    },
    paper="Donoho and Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage, Biometrika 81, 1994",
)
def hardshrink(m: Arithmetic[N], x: N, lambd: N, lower: N | None, upper: N | None) -> N:
    """Return x beyond the thresholds, else 0. The derivatives at the jumps are 0."""
    low, high = -lambd if lower is None else lower, lambd if upper is None else upper
    return m.piecewise(x, (x > high, lambda x: x), (x < low, lambda x: x), lambda x: 0)


@activation(
    name="shrink",
    parameters=(
        Parameter(
            name="lambd", default="0.5", aliases=("lambda", "threshold"), minimum="0", description="the threshold"
        ),
        Parameter(name="bias", default="0", description="the amount subtracted from |x| beyond the threshold"),
    ),
    formula="x + bias if x < -lambd else x - bias if x > lambd else 0",
    derivative="1 if abs(x) > lambd else 0",
    second_derivative="0",
    kinks=(Kink(at="-lambd", subgradient="0", is_jump=True), Kink(at="lambd", subgradient="0", is_jump=True)),
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    frameworks={
        "onnx": FrameworkFunction(
            "Shrink", ranges=_ANY_LAMBD, paths=(CodePath(conditions=("lambd < 0",), kinks=_JUMP_RIGHT),)
        )
    },
    paper="ONNX's operator Shrink, since opset 9",
    notes="hardshrink for bias = 0, softshrink for bias = lambd",
)
def shrink(m: Arithmetic[N], x: N, lambd: N, bias: N) -> N:
    """Return x moved towards 0 by bias beyond the threshold, else 0. The derivatives at the jumps are 0."""
    # ONNX tests the left threshold first, which matters where lambd is negative.
    return m.piecewise(x, (x < -lambd, lambda x: x + bias), (x > lambd, lambda x: x - bias), lambda x: 0)
