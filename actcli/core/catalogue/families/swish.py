"""Self-gated activations: x times a function that rises from 0 to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import FrameworkFunction, Properties, activation
from actcli.core.catalogue.parameters import Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N


def silu_derivative(m: Arithmetic[N], x: N, beta: N) -> N:
    """Return the derivative, with 1 - s evaluated as cosigmoid to avoid cancellation."""
    z = beta * x
    return m.sigmoid(z) * (1 + z * m.cosigmoid(z))


@activation(
    name="silu",
    aliases=("swish", "sigmoid_weighted_linear_unit", "swish1", "swish_beta"),
    parameters=(Parameter(name="beta", default="1", description="the steepness of the gate"),),
    formula="x / (1 + exp(-beta * x))",
    derivative="s * (1 + beta * x * (1 - s)) with s = sigmoid(beta * x)",
    second_derivative="beta * s * (1 - s) * (2 + beta * x * (1 - 2 * s)) with s = sigmoid(beta * x)",
    df=silu_derivative,
    properties=Properties(range="[-0.2784645427610738, inf)", monotone=False, odd=False, saturates="left"),
    frameworks={
        "torch": FrameworkFunction("nn.SiLU; F.silu", parameters={}),
        "jax": FrameworkFunction("jax.nn.silu; jax.nn.swish", parameters={}),
        "keras": FrameworkFunction("activations.silu; activations.swish", parameters={}),
        "tf": FrameworkFunction("tf.nn.silu; tf.nn.swish", parameters={"beta": "beta"}),
        "onnx": FrameworkFunction("Swish", parameters={"alpha": "beta"}),
        "mlx": FrameworkFunction("nn.silu; nn.SiLU", parameters={}),
        "hf": FrameworkFunction("silu; swish", parameters={}),
    },
    paper="Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, arXiv 1702.03118, 2017; with beta "
    "Ramachandran, Zoph and Le, Searching for Activation Functions, arXiv 1710.05941, 2017",
    notes="silu and swish are the same function; beta is fixed at 1 except in tf.nn.swish and ONNX Swish",
)
def silu(m: Arithmetic[N], x: N, beta: N) -> N:
    """Return x * sigmoid(beta * x). It is smooth."""
    return x * m.sigmoid(beta * x)


def e_swish_derivative(m: Arithmetic[N], x: N, beta: N) -> N:
    """Return beta times the derivative of silu."""
    return beta * (m.sigmoid(x) * (1 + x * m.cosigmoid(x)))


@activation(
    name="e_swish",
    parameters=(Parameter(name="beta", default=None, description="the factor; 1 to 2 in the paper"),),
    formula="beta * x / (1 + exp(-x))",
    derivative="beta * s * (1 + x * (1 - s)) with s = sigmoid(x)",
    second_derivative="beta * s * (1 - s) * (2 + x * (1 - 2 * s)) with s = sigmoid(x)",
    df=e_swish_derivative,
    properties=Properties(range="[-0.2784645427610738 * beta, inf)", monotone=False, odd=False, saturates="left"),
    paper="Alcaide, E-swish: Adjusting Activations to Different Network Depths, arXiv 1801.07145, 2018",
    notes="beta times silu",
)
def e_swish(m: Arithmetic[N], x: N, beta: N) -> N:
    """Return beta * x * sigmoid(x). It is smooth."""
    return beta * x * m.sigmoid(x)


def aria2_derivative(m: Arithmetic[N], x: N, alpha: N, beta: N) -> N:
    """Return the derivative, with the power evaluated through its logarithm."""
    z = -beta * x
    return m.exp(-alpha * m.softplus(z)) * (1 - alpha * z * m.sigmoid(z))


@activation(
    name="aria2",
    parameters=(
        Parameter(name="alpha", default=None, exclusive_minimum="0", description="the exponent"),
        Parameter(name="beta", default=None, exclusive_minimum="0", description="the steepness of the gate"),
    ),
    formula="x * exp(-alpha * log(1 + exp(-beta * x)))",
    derivative="g * (1 + alpha * beta * x * sigmoid(-beta * x)) with g = exp(-alpha * log(1 + exp(-beta * x)))",
    second_derivative="alpha * beta * g * u * (2 + beta * x * ((alpha + 1) * u - 1))"
    " with u = sigmoid(-beta * x), g = exp(-alpha * log(1 + exp(-beta * x)))",
    df=aria2_derivative,
    properties=Properties(range="[least / beta, inf)", monotone=False, odd=False, saturates="left"),
    paper="Patwardhan, Ingalhalikar and Walambe, ARiA: Utilizing Richard's Curve for Controlling the "
    "Non-monotonicity of the Activation Function in Deep Neural Nets, arXiv 1805.08878, 2018",
    notes="x * (1 + exp(-beta * x))**-alpha: silu with its gate raised to the power alpha; "
    "least depends on alpha alone and is -0.278 for alpha = 1",
)
def aria2(m: Arithmetic[N], x: N, alpha: N, beta: N) -> N:
    """Return x * (1 + exp(-beta * x))**-alpha, with the power as exp of its logarithm. It is smooth."""
    return x * m.exp(-alpha * m.softplus(-beta * x))


def mish_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative as a rational function of x and u = exp(x); tanh(softplus(x)) is n / (n + 2)."""

    def large(x: N) -> N:
        # The same in terms of w = exp(-x): u would overflow.
        w = m.exp(-x)
        denominator = 1 + 2 * w * (1 + w)
        return (1 + 2 * w) / denominator * (1 + 4 * x * w**2 * (1 + w) / (denominator * (1 + 2 * w)))

    def elsewhere(x: N) -> N:
        u = m.exp(x)
        n = u * (u + 2)
        return n / (n + 2) * (1 + 4 * x * (u + 1) / ((n + 2) * (u + 2)))

    return m.piecewise(x, (x > 100, large), elsewhere)


@activation(
    name="mish",
    formula="x * tanh(log(1 + exp(x)))",
    derivative="tanh(s) + x * sigmoid(x) / cosh(s)**2 with s = log(1 + exp(x))",
    second_derivative="s * (1 - t**2) * (2 + x * (1 - s - 2 * s * t)) with s = sigmoid(x), t = tanh(log(1 + exp(x)))",
    df=mish_derivative,
    properties=Properties(range="[-0.3088434130172504, inf)", monotone=False, odd=False, saturates="left"),
    frameworks={
        "torch": "nn.Mish; F.mish",
        "jax": "jax.nn.mish",
        "keras": "activations.mish",
        "tf": "tfa.activations.mish",
        "onnx": "Mish",
        "mlx": "nn.mish; nn.Mish",
        "hf": "mish",
    },
    paper="Misra, Mish: A Self Regularized Non-Monotonic Activation Function, arXiv 1908.08681, 2019",
)
def mish(m: Arithmetic[N], x: N) -> N:
    """Return x * tanh(softplus(x)). It is smooth."""
    return x * m.tanh_softplus(x)


@activation(
    name="serf",
    formula="x * erf(log(1 + exp(x)))",
    derivative="erf(s) + x * 2 / sqrt(pi) * exp(-s**2) * sigmoid(x) with s = log(1 + exp(x))",
    second_derivative="2 / sqrt(pi) * exp(-l**2) * s * (2 + x * (1 - s - 2 * l * s))"
    " with s = sigmoid(x), l = log(1 + exp(x))",
    properties=Properties(range="[-0.3484374587596064, inf)", monotone=False, odd=False, saturates="left"),
    paper="Nag and Bhattacharyya, SERF: Towards Better Training of Deep Neural Networks Using Log-Softplus ERror "
    "Activation Function, arXiv 2108.09598, 2021",
)
def serf(m: Arithmetic[N], x: N) -> N:
    """Return x * erf(softplus(x)). It is smooth."""
    return x * m.erf(m.softplus(x))


def smish_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative as a rational function of x and s = sigmoid(x)."""
    s = m.sigmoid(x)
    d = s * (s + 2) + 2
    return s / d * (s + 2 + 4 * x * (1 + s) * m.cosigmoid(x) / d)


@activation(
    name="smish",
    formula="x * tanh(log(1 + sigmoid(x)))",
    derivative="tanh(l) + x * (1 - tanh(l)**2) * s * (1 - s) / (1 + s) with s = sigmoid(x), l = log(1 + s)",
    second_derivative="(1 - t**2) * v * (2 + x * ((1 - 2 * s - s**2) / (1 + s) - 2 * t * v))"
    " with s = sigmoid(x), v = s * (1 - s) / (1 + s), t = tanh(log(1 + s))",
    df=smish_derivative,
    properties=Properties(range="[-0.2499936636601295, inf)", monotone=False, odd=False, saturates="left"),
    paper="Wang, Ren and Wang, Smish: A Novel Activation Function for Deep Learning Methods, Electronics 11, 2022",
)
def smish(m: Arithmetic[N], x: N) -> N:
    """Return x * tanh(log(1 + sigmoid(x))). It is smooth."""
    # tanh(log(1 + s)) is ((1 + s)^2 - 1) / ((1 + s)^2 + 1).
    s = m.sigmoid(x)
    n = s * (s + 2)
    return x * (n / (n + 2))


def logish_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative, with 1 - s evaluated as cosigmoid to avoid cancellation."""
    s = m.sigmoid(x)
    return m.log1p(s) + x * s * m.cosigmoid(x) / (1 + s)


@activation(
    name="logish",
    formula="x * log(1 + sigmoid(x))",
    derivative="log(1 + s) + x * s * (1 - s) / (1 + s) with s = sigmoid(x)",
    second_derivative="v * (2 + x * (1 - 2 * s - s**2) / (1 + s)) with s = sigmoid(x), v = s * (1 - s) / (1 + s)",
    df=logish_derivative,
    properties=Properties(range="[-0.2527688167894404, inf)", monotone=False, odd=False, saturates="left"),
    paper="Zhu et al., Logish: A New Nonlinear Nonmonotonic Activation Function for Convolutional Neural Network, "
    "Neurocomputing 458, 2021",
)
def logish(m: Arithmetic[N], x: N) -> N:
    """Return x * log(1 + sigmoid(x)). It is smooth."""
    return x * m.log1p(m.sigmoid(x))


@activation(
    name="phish",
    formula="x * tanh(x * Phi(x))",
    derivative="tanh(g) + x * (1 - tanh(g)**2) * (Phi(x) + x * exp(-x**2 / 2) / sqrt(2 * pi)) with g = x * Phi(x)",
    second_derivative="(1 - t**2) * (2 * d + x * ((2 - x**2) * p - 2 * t * d**2))"
    " with t = tanh(x * Phi(x)), p = exp(-x**2 / 2) / sqrt(2 * pi), d = Phi(x) + x * p",
    properties=Properties(range="[0, inf)", monotone=False, odd=False, saturates="left"),
    paper="Naveen, Phish: A Novel Hyper-Optimizable Activation Function, TechRxiv, 2022",
    notes="x times the hyperbolic tangent of gelu",
)
def phish(m: Arithmetic[N], x: N) -> N:
    """Return x * tanh(gelu(x)). It is smooth."""
    return x * m.tanh(x * m.ndtr(x))
