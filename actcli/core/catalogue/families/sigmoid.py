"""The sigmoid family: sigmoids and their integrals, such as softplus."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.arithmetic.dual import Dual
from actcli.core.catalogue.activation import FormulaVariant, FrameworkFunction, Kink, Properties, activation
from actcli.core.catalogue.parameters import NONZERO, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N


@activation(
    name="sigmoid",
    aliases=("logistic", "expit"),
    formula="1 / (1 + exp(-x))",
    derivative="f(x) * (1 - f(x))",
    second_derivative="s * (1 - s) * (1 - 2 * s) with s = sigmoid(x)",
    properties=Properties(range="(0, 1)", monotone=True, odd=False, saturates="both"),
    frameworks={
        "torch": "nn.Sigmoid; F.sigmoid; torch.sigmoid; torch.special.expit",
        "jax": "jax.nn.sigmoid; jax.lax.logistic; jax.scipy.special.expit",
        "keras": "activations.sigmoid",
        "tf": "tf.nn.sigmoid; tf.math.sigmoid; tf.sigmoid",
        "onnx": "Sigmoid",
        "mlx": "nn.sigmoid; nn.Sigmoid",
        "hf": "sigmoid",
    },
    paper="Verhulst, 1838; as an activation Rumelhart, Hinton and Williams, Nature 323, 1986",
)
def sigmoid(m: Arithmetic[N], x: N) -> N:
    """Return 1 / (1 + exp(-x)). It is smooth."""
    return m.sigmoid(x)


@activation(
    name="tanh",
    aliases=("hyperbolic_tangent",),
    formula="(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
    derivative="1 - tanh(x)**2",
    second_derivative="-2 * tanh(x) * (1 - tanh(x)**2)",
    properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
    frameworks={
        "torch": "nn.Tanh; F.tanh; torch.tanh",
        "jax": "jax.nn.tanh; jax.numpy.tanh; jax.lax.tanh",
        "keras": "activations.tanh",
        "tf": "tf.nn.tanh; tf.math.tanh; tf.tanh",
        "onnx": "Tanh",
        "mlx": "nn.tanh; nn.Tanh",
        "hf": "tanh",
    },
    paper="LeCun, Bottou, Orr and Mueller, Efficient BackProp, 1998",
)
def tanh(m: Arithmetic[N], x: N) -> N:
    """Return the hyperbolic tangent. It is smooth."""
    return m.tanh(x)


@activation(
    name="scaled_tanh",
    aliases=("lecun_tanh",),
    parameters=(
        Parameter(name="alpha", default="1.7159", description="the limits are -alpha and alpha"),
        Parameter(name="beta", default="2/3", description="the factor of x"),
    ),
    formula="alpha * tanh(beta * x)",
    derivative="alpha * beta * (1 - tanh(beta * x)**2)",
    second_derivative="-2 * alpha * beta**2 * t * (1 - t**2) with t = tanh(beta * x)",
    properties=Properties(range="(-1.7159, 1.7159)", monotone=True, odd=True, saturates="both"),
    frameworks={"onnx": FrameworkFunction("ScaledTanh", defaults={"alpha": None, "beta": None})},
    paper="LeCun, Bottou, Orr and Mueller, Efficient BackProp, 1998",
    notes="the defaults are LeCun's; soft capping at c is alpha=c, beta=1/c; also in Core ML, and in ONNX as an "
    "activation of recurrent operators",
)
def scaled_tanh(m: Arithmetic[N], x: N, alpha: N, beta: N) -> N:
    """Return alpha * tanh(beta * x). It is smooth."""
    return alpha * m.tanh(beta * x)


@activation(
    name="bipolar_sigmoid",
    formula="tanh(x / 2)",
    derivative="(1 - tanh(x / 2)**2) / 2",
    second_derivative="-t * (1 - t**2) / 2 with t = tanh(x / 2)",
    properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
    paper="Fausett, Fundamentals of Neural Networks, 1994",
    notes="(1 - exp(-x)) / (1 + exp(-x)): a sigmoid from -1 to 1",
)
def bipolar_sigmoid(m: Arithmetic[N], x: N) -> N:
    """Return tanh(x / 2) = 2 * sigmoid(x) - 1. It is smooth."""
    return m.tanh(x / 2)


def soft_clipping_derivative(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return the difference of the two sigmoids, written as a product to avoid cancellation."""
    return -m.expm1(-alpha) * m.sigmoid(alpha * x) * m.sigmoid(alpha * (1 - x))


@activation(
    name="soft_clipping",
    parameters=(
        Parameter(
            name="alpha", default=None, exclusive_minimum="0", description="the sharpness of the bends at 0 and 1"
        ),
    ),
    formula="(softplus(alpha * x) - softplus(alpha * (x - 1))) / alpha",
    derivative="sigmoid(alpha * x) - sigmoid(alpha * (x - 1))",
    second_derivative="alpha * (s - t) * (1 - s - t) with s = sigmoid(alpha * x), t = sigmoid(alpha * (x - 1))",
    df=soft_clipping_derivative,
    properties=Properties(range="(0, 1)", monotone=True, odd=False, saturates="both"),
    paper="Klimek and Perelstein, Neural Network-Based Approach to Phase Space Integration, arXiv 1810.11509, 2018",
)
def soft_clipping(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return (softplus(alpha * x) - softplus(alpha * (x - 1))) / alpha, a smooth clip to [0, 1]."""

    # The two logarithms are combined, so that they do not cancel for a small alpha, and no power exceeds 1:
    # f(x) = log1p((1 - exp(-alpha)) exp(alpha x) / (1 + exp(alpha (x - 1)))) / alpha, for x >= 0 less x.
    def negative(x: N) -> N:
        power = m.exp(alpha * x)
        return m.log1p(-m.expm1(-alpha) * power / (1 + m.exp(alpha * (x - 1)))) / alpha

    def lower_half(x: N) -> N:
        excess = -m.expm1(alpha * (2 * x - 1)) * m.exp(-alpha * x) / (1 + m.exp(alpha * (x - 1)))
        return x + m.log1p(excess) / alpha

    # For x > 1/2, f(x) = 1 - f(1 - x) is used.
    return m.piecewise(
        x,
        (x < 0, negative),
        (x <= Fraction(1, 2), lower_half),
        (x <= 1, lambda x: 1 - lower_half(1 - x)),
        lambda x: 1 - negative(1 - x),
    )


@activation(
    name="softplus",
    aliases=("smooth_relu",),
    parameters=(
        Parameter(name="beta", default="1", exclusive_minimum="0", description="the sharpness of the bend at 0"),
        Parameter(
            name="threshold",
            default="none",
            optional=True,
            frameworks=("torch",),
            description="f(x) is x where beta * x is greater; none: nowhere",
        ),
    ),
    formula="log(1 + exp(beta * x)) / beta",
    derivative="sigmoid(beta * x)",
    second_derivative="beta * s * (1 - s) with s = sigmoid(beta * x)",
    formula_variants=(
        FormulaVariant(
            parameters=("threshold",),
            formula="x if beta * x > threshold else log(1 + exp(beta * x)) / beta",
            derivative="1 if beta * x > threshold else sigmoid(beta * x)",
            second_derivative="0 if beta * x > threshold else beta * s * (1 - s) with s = sigmoid(beta * x)",
        ),
    ),
    properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": FrameworkFunction(
            "nn.Softplus; F.softplus",
            defaults={"threshold": "20"},
            ranges={"beta": NONZERO},
            kinks=(Kink(at="threshold / beta", subgradient=None, is_jump=True),),
            remarks=("x itself where beta * x > threshold",),
        ),
        "jax": FrameworkFunction("jax.nn.softplus", parameters={}),
        "keras": FrameworkFunction(
            "activations.softplus", parameters={}, remarks=("x itself where x > 20 on the torch backend",)
        ),
        "tf": FrameworkFunction("tf.nn.softplus; tf.math.softplus", parameters={}),
        "onnx": FrameworkFunction("Softplus", parameters={}),
        "mlx": FrameworkFunction("nn.softplus; nn.Softplus", parameters={}),
    },
    paper="Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, NIPS 2000",
    notes="PyTorch replaces f by x where beta * x > 20; actcli needs no such threshold",
)
def softplus(m: Arithmetic[N], x: N, beta: N, threshold: N | None) -> N:
    """Return log(1 + exp(beta * x)) / beta; in PyTorch x itself, with a jump, above threshold / beta."""
    if threshold is None:
        number: object = beta
        if isinstance(number, Dual):
            # The derivative by beta: x, which cancels in it, is separated from a positive beta x.
            above = (beta * x > 0, lambda x: x + m.softplus(-(beta * x)) / beta)
            return m.piecewise(x, above, lambda x: m.softplus(beta * x) / beta)
        return m.softplus(beta * x) / beta
    return m.piecewise(x, (beta * x > threshold, lambda x: x), lambda x: m.softplus(beta * x) / beta)


@activation(
    name="softplus_parametric",
    aliases=("parametric_softplus",),
    parameters=(
        Parameter(name="alpha", default=None, description="the factor of the result"),
        Parameter(name="beta", default=None, description="the factor of x"),
    ),
    formula="alpha * softplus(beta * x)",
    derivative="alpha * beta * sigmoid(beta * x)",
    second_derivative="alpha * beta**2 * s * (1 - s) with s = sigmoid(beta * x)",
    properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
    paper="Core ML's operator softplus_parametric",
    notes="unlike softplus, not divided by beta",
)
def softplus_parametric(m: Arithmetic[N], x: N, alpha: N, beta: N) -> N:
    """Return alpha * softplus(beta * x). It is smooth."""
    return alpha * m.softplus(beta * x)


def shifted_softplus_derivative(m: Arithmetic[N], x: N) -> N:
    """Return sigmoid(x)."""
    return m.sigmoid(x)


@activation(
    name="shifted_softplus",
    aliases=("ssp",),
    formula="log(exp(x) / 2 + 1/2)",
    derivative="sigmoid(x)",
    second_derivative="s * (1 - s) with s = sigmoid(x)",
    df=shifted_softplus_derivative,
    properties=Properties(range="(-0.6931471805599453, inf)", monotone=True, odd=False, saturates="left"),
    paper="Schuett et al., SchNet: A Continuous-Filter Convolutional Neural Network for Modeling Quantum "
    "Interactions, arXiv 1706.08566, 2017",
    notes="softplus(x) - log(2), so that it is 0 at 0",
)
def shifted_softplus(m: Arithmetic[N], x: N) -> N:
    """Return softplus(x) - log(2). It is smooth."""
    # Near 0 the difference cancels; x/2 + log(cosh(x/2)) does not.
    near = (m.abs(x) < 1, lambda x: x / 2 + m.logcosh(x / 2))
    return m.piecewise(x, near, lambda x: m.softplus(x) - m.log(m.number(2)))


def sqrtsoftplus_derivative(m: Arithmetic[N], x: N) -> N:
    """Return sigmoid(x) / (2 * sqrt(softplus(x)))."""
    far = (x < -10000, lambda x: m.exp(x / 2) / 2)
    return m.piecewise(x, far, lambda x: m.sigmoid(x) / (2 * m.sqrt(m.softplus(x))))


@activation(
    name="sqrtsoftplus",
    aliases=("sqrt_softplus",),
    formula="sqrt(softplus(x))",
    derivative="sigmoid(x) / (2 * sqrt(softplus(x)))",
    second_derivative="s * (1 - s - s / (2 * p)) / (2 * sqrt(p)) with s = sigmoid(x), p = softplus(x)",
    df=sqrtsoftplus_derivative,
    properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={"hf": "sqrtsoftplus"},
    paper="Hugging Face transformers 5, the router scores of DeepSeek V4",
)
def sqrtsoftplus(m: Arithmetic[N], x: N) -> N:
    """Return sqrt(softplus(x)). It is smooth."""
    # For very negative x, log(1 + u) equals u to more digits than any evaluation uses.
    far = (x < -10000, lambda x: m.exp(x / 2))
    return m.piecewise(x, far, lambda x: m.sqrt(m.softplus(x)))


@activation(
    name="log_sigmoid",
    aliases=("logsigmoid",),
    formula="-log(1 + exp(-x))",
    derivative="sigmoid(-x)",
    second_derivative="-s * (1 - s) with s = sigmoid(x)",
    properties=Properties(range="(-inf, 0)", monotone=True, odd=False, saturates="right"),
    frameworks={
        "torch": "nn.LogSigmoid; F.logsigmoid",
        "jax": "jax.nn.log_sigmoid",
        "keras": "activations.log_sigmoid",
        "tf": "tf.math.log_sigmoid",
        "mlx": "nn.log_sigmoid; nn.LogSigmoid",
    },
    paper="Collobert, Kavukcuoglu and Farabet, Torch7: A Matlab-like Environment for Machine Learning, 2011",
    notes="the logarithm of the logistic function",
)
def log_sigmoid(m: Arithmetic[N], x: N) -> N:
    """Return log(sigmoid(x)) = -softplus(-x). It is smooth."""
    return -m.softplus(-x)


@activation(
    name="log1mexp",
    formula="log(1 - exp(-x))",
    derivative="1 / (exp(x) - 1) if x > 0 else log(-1)",
    second_derivative="-exp(x) / (exp(x) - 1)**2 if x > 0 else log(-1)",
    domain=lambda: (Fraction(0), None),
    properties=Properties(range="(-inf, 0)", monotone=True, odd=False, saturates="right"),
    frameworks={"jax": "jax.nn.log1mexp"},
    paper="Maechler, Accurately Computing log(1 - exp(-|a|)), 2012",
    notes="defined for x > 0; at 0, as in JAX, the limits: -inf for f and inf for the derivative",
)
def log1mexp(m: Arithmetic[N], x: N) -> N:
    """Return log(1 - exp(-x)) for x > 0, with the better of two forms on each side of 1."""
    return m.piecewise(x, (x > 1, lambda x: m.log1p(-m.exp(-x))), lambda x: m.log(-m.expm1(-x)))
