"""The Gaussian family: functions of the normal density and its integral."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import FormulaVariant, FrameworkFunction, Properties, activation
from actcli.core.catalogue.parameters import NONZERO, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_TANH_CUBIC = Fraction("0.044715")
_SIGMOID_FACTOR = Fraction("1.702")
_PAPER = "Hendrycks and Gimpel, Gaussian Error Linear Units, arXiv 1606.08415, 2016"
_TANH = "x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2"
_TANH_DERIVATIVE = (
    "s + x * s * (1 - s) * 2 * sqrt(2 / pi) * (1 + 0.134145 * x**2)"
    " with s = sigmoid(2 * sqrt(2 / pi) * (x + 0.044715 * x**3))"
)
_TANH_SECOND_DERIVATIVE = (
    "s * (1 - s) * (d * (2 + d * x * (1 - 2 * s)) + 0.53658 * sqrt(2 / pi) * x**2)"
    " with d = 2 * sqrt(2 / pi) * (1 + 0.134145 * x**2), s = sigmoid(2 * sqrt(2 / pi) * (x + 0.044715 * x**3))"
)

_SIGMOID = "x / (1 + exp(-1.702 * x))"
_SIGMOID_DERIVATIVE = "s * (1 + 1.702 * x * (1 - s)) with s = sigmoid(1.702 * x)"
_SIGMOID_SECOND_DERIVATIVE = "1.702 * s * (1 - s) * (2 + 1.702 * x * (1 - 2 * s)) with s = sigmoid(1.702 * x)"
_TRUE_IS_TANH = {"true": "tanh", "false": "none"}


def gelu_derivative(m: Arithmetic[N], x: N, approximate: str, approx: str = "none") -> N:
    """Return Phi(x) + x * phi(x), without cancellation in the left tail."""
    if approx == "fast":
        return quick_gelu_derivative(m, x)
    if "tanh" in (approximate, approx):
        return gelu_tanh_derivative(m, x)

    # For very negative x, Phi(x) and x * phi(x) nearly cancel; there Phi(x) = M(-x) * phi(x), M the Mills ratio.
    far = (x < -20, lambda x: m.phi(x) * (m.mills(-x) + x))
    return m.piecewise(x, far, lambda x: m.ndtr(x) + x * m.phi(x))


@activation(
    name="gelu",
    aliases=("gelu_exact", "gelu_erf", "gelu_python"),
    parameters=(
        Parameter(
            name="approximate",
            default="none",
            choices=("none", "tanh"),
            description="none: the exact function; tanh: gelu_tanh",
        ),
        Parameter(
            name="approx",
            default="none",
            choices=("none", "tanh", "fast"),
            optional=True,
            frameworks=("mlx",),
            description="none: the exact function; tanh or precise: gelu_tanh; fast: quick_gelu",
        ),
    ),
    formula="x * Phi(x)",
    derivative="Phi(x) + x * exp(-x**2 / 2) / sqrt(2 * pi)",
    second_derivative="(2 - x**2) * exp(-x**2 / 2) / sqrt(2 * pi)",
    formula_variants=(
        FormulaVariant(("approx=fast",), _SIGMOID, _SIGMOID_DERIVATIVE, _SIGMOID_SECOND_DERIVATIVE),
        FormulaVariant(("approximate", "approx"), _TANH, _TANH_DERIVATIVE, _TANH_SECOND_DERIVATIVE),
    ),
    df=gelu_derivative,
    properties=Properties(range="[-0.1699712074799037, inf)", monotone=False, odd=False, saturates="left"),
    frameworks={
        "torch": "nn.GELU; F.gelu",
        "jax": FrameworkFunction("jax.nn.gelu", defaults={"approximate": "tanh"}, choice_names=_TRUE_IS_TANH),
        "keras": (
            FrameworkFunction("activations.gelu", choice_names=_TRUE_IS_TANH),
            FrameworkFunction("ops.gelu", defaults={"approximate": "tanh"}, choice_names=_TRUE_IS_TANH),
        ),
        "tf": (
            FrameworkFunction("tf.nn.gelu", choice_names=_TRUE_IS_TANH),
            FrameworkFunction("tfa.activations.gelu", defaults={"approximate": "tanh"}, choice_names=_TRUE_IS_TANH),
        ),
        "onnx": "Gelu",
        "mlx": (
            FrameworkFunction("nn.gelu", parameters={}),
            FrameworkFunction("nn.GELU", parameters={"approx": "approx"}, choice_names={"precise": "tanh"}),
        ),
        "hf": FrameworkFunction("gelu; gelu_python", parameters={}),
    },
    paper=_PAPER,
    notes="Phi is the normal distribution function; jax.nn.gelu and keras.ops.gelu are gelu_tanh by default",
)
def gelu(m: Arithmetic[N], x: N, approximate: str, approx: str = "none") -> N:
    """Return x * Phi(x), or one of its two approximations. It is smooth."""
    if approx == "fast":
        return quick_gelu(m, x)
    return gelu_tanh(m, x) if "tanh" in (approximate, approx) else x * m.ndtr(x)


def _tanh_scale(m: Arithmetic[N]) -> N:
    """Return 2 * sqrt(2 / pi)."""
    return 2 * m.sqrt(2 / m.pi)


def gelu_tanh_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative, with 1 - s evaluated as cosigmoid to avoid cancellation."""
    scaled, square = _tanh_scale(m) * x, x**2
    z = scaled * (1 + _TANH_CUBIC * square)
    return m.sigmoid(z) * (1 + scaled * (1 + 3 * _TANH_CUBIC * square) * m.cosigmoid(z))


@activation(
    name="gelu_tanh",
    aliases=(
        "gelu_new",
        "gelu_fast",
        "gelu_pytorch_tanh",
        "gelu_approx",
        "approximate_gelu",
        "gelu_accurate",
        "gelu_python_tanh",
    ),
    formula=_TANH,
    derivative=_TANH_DERIVATIVE,
    second_derivative=_TANH_SECOND_DERIVATIVE,
    df=gelu_tanh_derivative,
    properties=Properties(range="[-0.1700407505712541, inf)", monotone=False, odd=False, saturates="left"),
    frameworks={
        "torch": "nn.GELU(approximate='tanh')",
        "jax": "jax.nn.gelu(approximate=True)",
        "keras": "activations.gelu(approximate=True)",
        "tf": "tf.nn.gelu(approximate=True)",
        "onnx": "Gelu(approximate='tanh')",
        "mlx": "nn.gelu_approx",
        "hf": "gelu_new; gelu_pytorch_tanh; gelu_python_tanh; gelu_accurate; gelu_fast",
    },
    paper=_PAPER,
)
def gelu_tanh(m: Arithmetic[N], x: N) -> N:
    """Return the approximation x * (1 + tanh(t)) / 2 of gelu. It is smooth."""
    # (1 + tanh(t)) / 2 is sigmoid(2 t), which does not cancel on the left.
    return x * m.sigmoid(_tanh_scale(m) * x * (1 + _TANH_CUBIC * x**2))


def quick_gelu_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative, with 1 - s evaluated as cosigmoid to avoid cancellation."""
    z = _SIGMOID_FACTOR * x
    return m.sigmoid(z) * (1 + z * m.cosigmoid(z))


@activation(
    name="quick_gelu",
    aliases=("gelu_sigmoid", "gelu_quick", "sigmoid_gelu", "gelu_fast_approx"),
    formula=_SIGMOID,
    derivative=_SIGMOID_DERIVATIVE,
    second_derivative=_SIGMOID_SECOND_DERIVATIVE,
    df=quick_gelu_derivative,
    properties=Properties(range="[-0.1636101896363536, inf)", monotone=False, odd=False, saturates="left"),
    frameworks={
        "onnx": "Swish(alpha=1.702)",
        "mlx": FrameworkFunction("nn.gelu_fast_approx; nn.GELU(approx='fast')", ambiguous_names=("gelu_fast",)),
        "hf": "quick_gelu",
    },
    paper=_PAPER,
)
def quick_gelu(m: Arithmetic[N], x: N) -> N:
    """Return the approximation x * sigmoid(1.702 * x) of gelu. It is smooth."""
    return x * m.sigmoid(_SIGMOID_FACTOR * x)


def gaussian_derivative(m: Arithmetic[N], x: N) -> N:
    """Return -2 * x * exp(-x**2)."""
    return -2 * x * m.exp(-(x**2))


@activation(
    name="gaussian",
    formula="exp(-x**2)",
    derivative="-2 * x * exp(-x**2)",
    second_derivative="(4 * x**2 - 2) * exp(-x**2)",
    df=gaussian_derivative,
    properties=Properties(range="(0, 1]", monotone=False, odd=False, saturates="both"),
    paper="Broomhead and Lowe, Multivariable Functional Interpolation and Adaptive Networks, 1988",
)
def gaussian(m: Arithmetic[N], x: N) -> N:
    """Return exp(-x**2). It is smooth."""
    return m.exp(-(x**2))


def erf_derivative(m: Arithmetic[N], x: N) -> N:
    """Return 2 / sqrt(pi) * exp(-x**2)."""
    return 2 / m.sqrt(m.pi) * m.exp(-(x**2))


@activation(
    name="erf",
    formula="erf(x)",
    derivative="2 / sqrt(pi) * exp(-x**2)",
    second_derivative="-4 * x * exp(-x**2) / sqrt(pi)",
    df=erf_derivative,
    properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
    frameworks={
        "torch": "torch.erf; torch.special.erf",
        "jax": "jax.scipy.special.erf; jax.lax.erf",
        "keras": "ops.erf",
        "tf": "tf.math.erf",
        "onnx": "Erf",
        "mlx": "mx.erf",
    },
    paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 7.1; DLMF 7.2",
)
def erf(m: Arithmetic[N], x: N) -> N:
    """Return the error function. It is smooth."""
    return m.erf(x)


def ndtr_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the normal density."""
    return m.phi(x)


@activation(
    name="ndtr",
    aliases=("normal_cdf", "phi"),
    formula="Phi(x)",
    derivative="exp(-x**2 / 2) / sqrt(2 * pi)",
    second_derivative="-x * exp(-x**2 / 2) / sqrt(2 * pi)",
    df=ndtr_derivative,
    properties=Properties(range="(0, 1)", monotone=True, odd=False, saturates="both"),
    frameworks={"torch": "torch.special.ndtr", "jax": "jax.scipy.special.ndtr"},
    paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.2",
    notes="the normal distribution function",
)
def ndtr(m: Arithmetic[N], x: N) -> N:
    """Return the normal distribution function Phi(x). It is smooth."""
    return m.ndtr(x)


def log_ndtr_derivative(m: Arithmetic[N], x: N) -> N:
    """Return phi(x) / Phi(x), for x < 0 the reciprocal of the Mills ratio M(-x)."""
    return m.piecewise(x, (x < 0, lambda x: 1 / m.mills(-x)), lambda x: m.phi(x) / m.ndtr(x))


@activation(
    name="log_ndtr",
    formula="log(Phi(x))",
    derivative="exp(-x**2 / 2) / (sqrt(2 * pi) * Phi(x))",
    second_derivative="-r * (x + r) with r = exp(-x**2 / 2) / (sqrt(2 * pi) * Phi(x))",
    df=log_ndtr_derivative,
    properties=Properties(range="(-inf, 0)", monotone=True, odd=False, saturates="right"),
    frameworks={"torch": "torch.special.log_ndtr", "jax": "jax.scipy.special.log_ndtr"},
    paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.2",
    notes="the logarithm of the normal distribution function",
)
def log_ndtr(m: Arithmetic[N], x: N) -> N:
    """Return log(Phi(x)), for x < 0 through the Mills ratio M: Phi(x) = M(-x) * phi(x). It is smooth."""

    def left(x: N) -> N:
        return m.log(m.mills(-x)) - x**2 / 2 - m.log(2 * m.pi) / 2

    return m.piecewise(x, (x < 0, left), lambda x: m.log1p(-m.ndtr(-x)))


def laplace_derivative(m: Arithmetic[N], x: N, mu: N, sigma: N, rate: N) -> N:
    """Return the normal density with mean mu and standard deviation sigma."""
    return m.phi((x - mu) * rate) * rate


@activation(
    name="laplace",
    aliases=("mega_laplace",),
    parameters=(
        Parameter(name="mu", default="0.707107", description="the x where f is 1/2"),
        Parameter(name="sigma", default="0.282095", exclusive_minimum="0", description="the standard deviation"),
    ),
    derived_arguments={"rate": "1 / sigma"},
    formula="Phi((x - mu) / sigma)",
    derivative="exp(-((x - mu) / sigma)**2 / 2) / (sigma * sqrt(2 * pi))",
    second_derivative="-t * exp(-t**2 / 2) / (sigma**2 * sqrt(2 * pi)) with t = (x - mu) / sigma",
    df=laplace_derivative,
    properties=Properties(range="(0, 1)", monotone=True, odd=False, saturates="both"),
    frameworks={"hf": FrameworkFunction("laplace", ranges={"sigma": NONZERO})},
    paper="Ma et al., Mega: Moving Average Equipped Gated Attention, arXiv 2209.10655, 2022",
    notes="a normal distribution function, despite its name",
)
def laplace(m: Arithmetic[N], x: N, mu: N, sigma: N, rate: N) -> N:
    """Return Phi((x - mu) / sigma); rate is 1 / sigma. It is smooth."""
    return m.ndtr((x - mu) * rate)


@activation(
    name="clipped_gelu",
    aliases=("gelu_10",),
    parameters=(
        Parameter(name="min_value", default="-10", aliases=("min",), description="the lower bound"),
        Parameter(name="max_value", default="10", aliases=("max",), description="the upper bound"),
    ),
    ordered_parameters=(("min_value", "max_value"),),
    formula="max_value if g > max_value else min_value if g < min_value else g with g = x * Phi(x)",
    derivative="0 if g > max_value or g < min_value else Phi(x) + x * exp(-x**2 / 2) / sqrt(2 * pi)"
    " with g = x * Phi(x)",
    second_derivative="0 if g > max_value or g < min_value else (2 - x**2) * exp(-x**2 / 2) / sqrt(2 * pi)"
    " with g = x * Phi(x)",
    has_unlisted_kinks=True,
    properties=Properties(range="[-0.1699712074799037, 10]", monotone=False, odd=False, saturates="both"),
    frameworks={"hf": "gelu_10"},
    paper="Wu et al., Integer Quantization for Deep Learning Inference, arXiv 2004.09602, 2020",
    notes="the lower bound of -10 has no effect; the kink is where gelu(x) = 10, slightly above x = 10",
)
def clipped_gelu(m: Arithmetic[N], x: N, min_value: N, max_value: N) -> N:
    """Return gelu limited to [min_value, max_value]. Its kinks lie where gelu equals a bound."""

    def near(x: N) -> N:
        y = gelu(m, x, "none")
        return m.piecewise(y, (y > max_value, lambda y: max_value), (y < min_value, lambda y: min_value), lambda y: y)

    def far(x: N) -> N:
        # Here gelu is negative and closer to 0 than any bound other than 0 itself.
        return max_value if max_value < 0 else min_value if min_value >= 0 else gelu(m, x, "none")

    return m.piecewise(x, (x > -10000, near), far)
