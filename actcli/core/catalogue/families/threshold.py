"""Activations that act at a threshold: steps, cuts and what lets through only what is beyond."""

from __future__ import annotations

from typing import Any

from actcli.core.catalogue.activation import Activation, FormulaVariant, FrameworkFunction, Kink, Parameter, Properties


def threshold_(m: Any, x: Any, threshold: Any, value: Any) -> Any:
    return m.piecewise(x, (x > threshold, lambda x: x), lambda x: value)


def thresholded_relu(m: Any, x: Any, alpha: Any) -> Any:
    return m.piecewise(x, (x > alpha, lambda x: x), lambda x: 0)


def clamped_relu(m: Any, x: Any, alpha: Any, beta: Any) -> Any:
    return m.piecewise(x, (x >= beta, lambda x: beta), (x > 0, lambda x: x), lambda x: alpha * x)


def tlu(m: Any, x: Any, tau: Any) -> Any:
    return m.piecewise(x, (x > tau, lambda x: x), lambda x: tau)


def step(m: Any, x: Any, threshold: Any, value: Any) -> Any:
    return m.piecewise(x, (x > threshold, lambda x: 1), (x < threshold, lambda x: 0), lambda x: value)


def sign(m: Any, x: Any) -> Any:
    return m.piecewise(x, (x > 0, lambda x: 1), (x < 0, lambda x: -1), lambda x: 0)


def softshrink(m: Any, x: Any, lambd: Any, lower: Any, upper: Any) -> Any:
    low, high = -lambd if lower is None else lower, lambd if upper is None else upper
    return m.piecewise(x, (x > high, lambda x: x - high), (x < low, lambda x: x - low), lambda x: 0)


def hardshrink(m: Any, x: Any, lambd: Any, lower: Any, upper: Any) -> Any:
    low, high = -lambd if lower is None else lower, lambd if upper is None else upper
    return m.piecewise(x, (x > high, lambda x: x), (x < low, lambda x: x), lambda x: 0)


def shrink(m: Any, x: Any, lambd: Any, bias: Any) -> Any:
    return m.piecewise(x, (x > lambd, lambda x: x - bias), (x < -lambd, lambda x: x + bias), lambda x: 0)


_AFFINE = "with affine=True it is the formula 'max(x, a * x + t):a=VALUE,t=VALUE'"

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

ENTRIES = (
    Activation(
        name="threshold",
        parameters=(
            Parameter(name="threshold", default=None, description="x is kept if it is greater"),
            Parameter(
                name="value", default=None, aliases=("default_value",), description="the value for x <= threshold"
            ),
        ),
        formula="x if x > threshold else value",
        derivative="1 if x > threshold else 0",
        f=threshold_,
        kinks=(Kink(at="threshold", subgradient="0", is_jump=True),),
        properties=Properties(range="[value, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.Threshold; F.threshold",
            "keras": FrameworkFunction(
                "activations.threshold", parameters={"threshold": "threshold", "default_value": "value"}
            ),
        },
        paper="Collobert, Kavukcuoglu and Farabet, Torch7: A Matlab-like Environment for Machine Learning, 2011",
        notes="a rectifier with any threshold, and any value up to it; no framework has defaults; "
        "with value <= threshold it never decreases, and value is its least",
    ),
    Activation(
        name="thresholded_relu",
        aliases=("trec",),
        parameters=(
            Parameter(
                name="alpha",
                default="1",
                aliases=("theta", "threshold"),
                description="x is kept if it is greater; the paper takes none below 0",
            ),
        ),
        formula="x if x > alpha else 0",
        derivative="1 if x > alpha else 0",
        f=thresholded_relu,
        kinks=(Kink(at="alpha", subgradient="0", is_jump=True),),
        properties=Properties(range="[0, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "onnx": "ThresholdedRelu",
            "tf": FrameworkFunction("tf_keras.layers.ThresholdedReLU", parameters={"theta": "alpha"}),
        },
        paper="Konda, Memisevic and Krueger, Zero-bias Autoencoders and the Benefits of Co-adapting Features, "
        "arXiv 1402.3337, 2014",
        notes="at x = alpha ONNX and Keras 2 give 0, Core ML gives x",
    ),
    Activation(
        name="clamped_relu",
        parameters=(
            Parameter(name="alpha", default=None, minimum="0", description="the slope for x <= 0"),
            Parameter(name="beta", default=None, minimum="0", description="the largest value"),
        ),
        formula="beta if x >= beta else x if x > 0 else alpha * x",
        derivative="0 if x >= beta else 1 if x > 0 else alpha",
        f=clamped_relu,
        kinks=(Kink(at="0", subgradient="alpha"), Kink(at="beta", subgradient="0")),
        properties=Properties(range="(-inf, beta]", monotone=True, odd=False, saturates="right"),
        paper="Core ML's operator clamped_relu",
    ),
    Activation(
        name="tlu",
        aliases=("thresholded_linear_unit",),
        parameters=(
            Parameter(name="tau", default="0", description="the threshold and the least value; it is learned"),
        ),
        formula="x if x > tau else tau",
        derivative="1 if x > tau else 0",
        f=tlu,
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
        notes="as TensorFlow Addons has it with affine=False; with affine=True it is max(x, alpha * x + tau) there",
    ),
    Activation(
        name="step",
        aliases=("heaviside", "binary_step", "unit_step"),
        parameters=(
            Parameter(name="threshold", default="0", description="where it steps from 0 to 1"),
            Parameter(
                name="value",
                default="1",
                aliases=("values", "half_maximum"),
                description="the value at the threshold itself",
            ),
        ),
        formula="1 if x > threshold else 0 if x < threshold else value",
        derivative="0",
        f=step,
        kinks=(Kink(at="threshold", subgradient="0", is_jump=True),),
        properties=Properties(range="[0, 1]", monotone=True, odd=False, saturates="both"),
        frameworks={
            "torch": FrameworkFunction("torch.heaviside", defaults={"value": None}, parameters={"values": "value"}),
            "jax": FrameworkFunction(
                "jax.numpy.heaviside", defaults={"value": None}, parameters={"half_maximum": "value"}
            ),
            "mlx": FrameworkFunction("nn.step; nn.Step", parameters={"threshold": "threshold"}),
        },
        paper="McCulloch and Pitts, A Logical Calculus of the Ideas Immanent in Nervous Activity, 1943",
        notes="at the threshold MLX gives 1; PyTorch's and JAX's heaviside take the value there",
    ),
    Activation(
        name="sign",
        aliases=("signum", "bipolar_step"),
        formula="1 if x > 0 else -1 if x < 0 else 0",
        derivative="0",
        f=sign,
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
        notes="0 at 0; the paper takes 1 there",
    ),
    Activation(
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
        formula_variants=(
            FormulaVariant(
                parameters=("lower", "upper"),
                formula="x - upper if x > upper else x - lower if x < lower else 0",
                derivative="1 if x > upper or x < lower else 0",
            ),
        ),
        f=softshrink,
        kinks=(Kink(at="-lambd", subgradient="0"), Kink(at="lambd", subgradient="0")),
        properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={
            "torch": "nn.Softshrink; F.softshrink",
            "keras": FrameworkFunction("activations.soft_shrink", parameters={"threshold": "lambd"}),
            "onnx": FrameworkFunction("Shrink(lambd=0.5, bias=0.5)", parameters={"lambd": "lambd"}),
            "tf": FrameworkFunction(
                "tfa.activations.softshrink",
                defaults={"lower": "-0.5", "upper": "0.5"},
                parameters={"lower": "lower", "upper": "upper"},
                kinks=(
                    Kink(at="lower", subgradient="0"),
                    Kink(at="upper", subgradient="0"),
                ),
            ),
            "mlx": "nn.softshrink; nn.Softshrink",
        },
        paper="Donoho, De-noising by Soft-Thresholding, IEEE Transactions on Information Theory 41, 1995",
    ),
    Activation(
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
        formula_variants=(
            FormulaVariant(
                parameters=("lower", "upper"),
                formula="x if x > upper else x if x < lower else 0",
                derivative="1 if x > upper or x < lower else 0",
            ),
        ),
        f=hardshrink,
        kinks=(Kink(at="-lambd", subgradient="0", is_jump=True), Kink(at="lambd", subgradient="0", is_jump=True)),
        properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={
            "torch": "nn.Hardshrink; F.hardshrink",
            "keras": FrameworkFunction("activations.hard_shrink", parameters={"threshold": "lambd"}),
            "onnx": FrameworkFunction("Shrink(lambd=0.5)", parameters={"lambd": "lambd"}),
            "tf": FrameworkFunction(
                "tfa.activations.hardshrink",
                defaults={"lower": "-0.5", "upper": "0.5"},
                parameters={"lower": "lower", "upper": "upper"},
                kinks=(
                    Kink(at="lower", subgradient="0", is_jump=True),
                    Kink(at="upper", subgradient="0", is_jump=True),
                ),
            ),
            "mlx": "nn.hard_shrink; nn.HardShrink",
        },
        paper="Donoho and Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage, Biometrika 81, 1994",
    ),
    Activation(
        name="shrink",
        parameters=(
            Parameter(
                name="lambd", default="0.5", aliases=("lambda", "threshold"), minimum="0", description="the threshold"
            ),
            Parameter(name="bias", default="0", description="what is taken off |x| beyond the threshold"),
        ),
        formula="x - bias if x > lambd else x + bias if x < -lambd else 0",
        derivative="1 if abs(x) > lambd else 0",
        f=shrink,
        kinks=(Kink(at="-lambd", subgradient="0", is_jump=True), Kink(at="lambd", subgradient="0", is_jump=True)),
        properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={"onnx": "Shrink"},
        paper="ONNX's operator Shrink, since opset 9",
        notes="with bias 0 it is hardshrink, with bias = lambd softshrink",
    ),
)
