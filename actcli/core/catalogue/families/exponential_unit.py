"""Exponential units: linear or quadratic for x > 0, exponential for x < 0."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import FormulaVariant, FrameworkFunction, Kink, Properties, activation
from actcli.core.catalogue.parameters import ANY_NUMBER, NONZERO, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_SELU_SCALE = Fraction("1.0507009873554804934193349852946")
_SELU_ALPHA = Fraction("1.6732632423543772848170429916717")
_KINK_FROM_THE_RIGHT = (Kink(at="0", subgradient="1.0507009873554804934193349852946"),)
"""The kink of selu with the derivative on its right."""

_NONZERO_ALPHA = {"alpha": NONZERO}


@activation(
    name="elu",
    aliases=("exponential_linear_unit",),
    parameters=(Parameter(name="alpha", default="1", description="the limit on the left is -alpha"),),
    formula="x if x > 0 else alpha * (exp(x) - 1)",
    derivative="1 if x > 0 else alpha * exp(x)",
    second_derivative="0 if x > 0 else alpha * exp(x)",
    kinks=(Kink(at="0", subgradient="alpha"),),
    properties=Properties(range="(-1, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": "nn.ELU; F.elu",
        "jax": "jax.nn.elu",
        "keras": "activations.elu; layers.ELU",
        "tf": FrameworkFunction("tf.nn.elu", parameters={}),
        "onnx": "Elu",
        "mlx": "nn.elu; nn.ELU",
    },
    paper="Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear "
    "Units, arXiv 1511.07289, 2015",
)
def elu(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return x for x > 0, else alpha * (exp(x) - 1). The derivative at 0 is alpha, as in every framework."""
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: alpha * m.expm1(x))


@activation(
    name="celu",
    parameters=(
        Parameter(name="alpha", default="1", exclusive_minimum="0", description="the limit on the left is -alpha"),
    ),
    formula="x if x > 0 else alpha * (exp(x / alpha) - 1)",
    derivative="1 if x > 0 else exp(x / alpha)",
    second_derivative="0 if x > 0 else exp(x / alpha) / alpha",
    properties=Properties(range="(-1, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": FrameworkFunction("nn.CELU; F.celu", ranges=_NONZERO_ALPHA),
        "jax": FrameworkFunction("jax.nn.celu", ranges=_NONZERO_ALPHA),
        "keras": FrameworkFunction(
            "activations.celu",
            ranges=_NONZERO_ALPHA,
            backend_kinks={"tensorflow": (Kink(at="0", subgradient="2"),)},
        ),
        "onnx": FrameworkFunction("Celu", ranges=_NONZERO_ALPHA),
        "mlx": FrameworkFunction(
            "nn.celu; nn.CELU",
            ranges=_NONZERO_ALPHA,
            remarks=("the derivative at 0 is 0, although the function is smooth there",),
        ),
    },
    paper="Barron, Continuously Differentiable Exponential Linear Units, arXiv 1704.07483, 2017",
    notes="elu with the derivative 1 at 0 for every alpha; equal to elu for alpha = 1",
)
def celu(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return x for x > 0, else alpha * (exp(x / alpha) - 1), which is smooth at 0."""
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: alpha * m.expm1(x / alpha))


@activation(
    name="selu",
    aliases=("scaled_elu",),
    parameters=(
        Parameter(
            name="alpha",
            default="none",
            optional=True,
            frameworks=("onnx",),
            description="the limit on the left is -alpha * gamma; none: the paper's alpha, 1.67326...",
        ),
        Parameter(
            name="gamma",
            default="none",
            optional=True,
            frameworks=("onnx",),
            description="the slope on the right; none: the paper's gamma, 1.05070...",
        ),
    ),
    formula="s * x if x > 0 else s * a * (exp(x) - 1) with s = 1.0507009873554804934193349852946, "
    "a = 1.6732632423543772848170429916717",
    derivative="s if x > 0 else s * a * exp(x) with s = 1.0507009873554804934193349852946, "
    "a = 1.6732632423543772848170429916717",
    second_derivative="0 if x > 0 else s * a * exp(x)"
    " with s = 1.0507009873554804934193349852946, a = 1.6732632423543772848170429916717",
    formula_variants=(
        FormulaVariant(
            parameters=("alpha", "gamma"),
            formula="gamma * x if x > 0 else gamma * alpha * (exp(x) - 1)",
            derivative="gamma if x > 0 else gamma * alpha * exp(x)",
            second_derivative="0 if x > 0 else gamma * alpha * exp(x)",
        ),
    ),
    kinks=(Kink(at="0", subgradient="1.75809934084737685994021752081231934206024580891220830977098282"),),
    properties=Properties(range="(-1.758099340847377, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": FrameworkFunction("nn.SELU; F.selu", parameters={}),
        "jax": FrameworkFunction("jax.nn.selu", parameters={}),
        "keras": FrameworkFunction(
            "activations.selu", parameters={}, backend_kinks={"tensorflow": _KINK_FROM_THE_RIGHT}
        ),
        "tf": FrameworkFunction("tf.nn.selu", parameters={}, kinks=_KINK_FROM_THE_RIGHT),
        "onnx": FrameworkFunction(
            "Selu",
            defaults={"alpha": "1.67326319217681884765625", "gamma": "1.05070102214813232421875"},
            parameters={"alpha": "alpha", "gamma": "gamma"},
            kinks=(Kink(at="0", subgradient="gamma * alpha"),),
        ),
        "mlx": FrameworkFunction(
            "nn.selu; nn.SELU",
            defaults={"alpha": "1.67326", "gamma": "1.0507"},
            parameters={},
            kinks=(Kink(at="0", subgradient="gamma * alpha"),),
        ),
    },
    paper="Klambauer et al., Self-Normalizing Neural Networks, arXiv 1706.02515, 2017",
)
def selu(m: Arithmetic[N], x: N, alpha: N | None, gamma: N | None) -> N:
    """Return elu scaled by the paper's constants. The derivative at 0 is that on the left, as in PyTorch."""
    scale = _SELU_SCALE if gamma is None else gamma
    left = scale * (_SELU_ALPHA if alpha is None else alpha)
    return m.piecewise(x, (x > 0, lambda x: scale * x), lambda x: left * m.expm1(x))


def elish_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative, with 1 - s evaluated as cosigmoid to avoid cancellation."""

    def left(x: N) -> N:
        return m.sigmoid(x) * (m.exp(x) + m.expm1(x) * m.cosigmoid(x))

    return m.piecewise(x, (x > 0, lambda x: m.sigmoid(x) * (1 + x * m.cosigmoid(x))), left)


@activation(
    name="elish",
    formula="x / (1 + exp(-x)) if x > 0 else (exp(x) - 1) / (1 + exp(-x))",
    derivative="s * (1 + x * (1 - s)) if x > 0 else s * (exp(x) + (exp(x) - 1) * (1 - s)) with s = sigmoid(x)",
    second_derivative="s * (1 - s) * (2 + x * (1 - 2 * s)) if x > 0"
    " else s * (exp(x) + (1 - s) * (2 * exp(x) + (exp(x) - 1) * (1 - 2 * s))) with s = sigmoid(x)",
    df=elish_derivative,
    properties=Properties(range="[-0.1715728752538099, inf)", monotone=False, odd=False, saturates="left"),
    paper="Basirat and Roth, The Quest for the Golden Activation Function, arXiv 1808.00783, 2018",
)
def elish(m: Arithmetic[N], x: N) -> N:
    """Return x * sigmoid(x) for x > 0, else (exp(x) - 1) * sigmoid(x), which is smooth at 0."""
    return m.piecewise(x, (x > 0, lambda x: x * m.sigmoid(x)), lambda x: m.expm1(x) * m.sigmoid(x))


@activation(
    name="hard_elish",
    formula="0 if x <= -1 else (exp(x) - 1) * (x + 1) / 2 if x < 0 else x * (x + 1) / 2 if x < 1 else x",
    derivative="0 if x <= -1 else (exp(x) * (x + 2) - 1) / 2 if x < 0 else x + 1/2 if x < 1 else 1",
    second_derivative="0 if x <= -1 else exp(x) * (x + 3) / 2 if x < 0 else 1 if x < 1 else 0",
    kinks=(Kink(at="-1", subgradient="0"), Kink(at="1", subgradient="1")),
    properties=Properties(range="[-0.09967315152874264, inf)", monotone=False, odd=False, saturates="left"),
    paper="Basirat and Roth, The Quest for the Golden Activation Function, arXiv 1808.00783, 2018",
    notes="the paper gives no derivatives at the kinks; those of the outer pieces are used, as for hard_swish",
)
def hard_elish(m: Arithmetic[N], x: N) -> N:
    """Return elish with a piecewise linear sigmoid. The derivatives at the kinks are those of the outer pieces."""
    left = (x < 0, lambda x: m.expm1(x) * (x + 1) / 2)
    return m.piecewise(x, (x <= -1, lambda x: 0), left, (x < 1, lambda x: x * (x + 1) / 2), lambda x: x)


@activation(
    name="xielu",
    parameters=(
        Parameter(
            name="alpha_p",
            default="0.8",
            exclusive_minimum="0",
            description="half the curvature on the right; learned",
        ),
        Parameter(
            name="alpha_n",
            default="0.8",
            exclusive_minimum="0",
            description="the factor of the exponential on the left; learned",
        ),
        Parameter(name="beta", default="0.5", description="the slope at 0"),
        Parameter(
            name="eps",
            default="none",
            optional=True,
            frameworks=("hf",),
            description="exp(x) is replaced by exp(eps) for eps < x <= 0; none: nowhere",
        ),
    ),
    derived_arguments={"gap": "beta - alpha_n"},
    formula="alpha_p * x**2 + beta * x if x > 0 else alpha_n * (exp(x) - 1 - x) + beta * x",
    derivative="2 * alpha_p * x + beta if x > 0 else alpha_n * (exp(x) - 1) + beta",
    second_derivative="2 * alpha_p if x > 0 else alpha_n * exp(x)",
    formula_variants=(
        FormulaVariant(
            parameters=("eps",),
            formula="alpha_p * x**2 + beta * x if x > 0 else alpha_n * (exp(min(x, eps)) - 1 - x) + beta * x",
            derivative="2 * alpha_p * x + beta if x > 0 else beta - alpha_n if x > eps"
            " else alpha_n * (exp(x) - 1) + beta",
            second_derivative="2 * alpha_p if x > 0 else 0 if x > eps else alpha_n * exp(x)",
        ),
    ),
    properties=Properties(range="[-0.2057512240964821, inf)", monotone=False, odd=False, saturates="no"),
    frameworks={
        "hf": FrameworkFunction(
            "xielu",
            defaults={"eps": "-1e-6"},
            parameters={"alpha_p_init": "alpha_p", "alpha_n_init": "alpha_n", "beta": "beta", "eps": "eps"},
            ranges={"alpha_n": ANY_NUMBER},
            kinks=(Kink(at="eps", subgradient=None), Kink(at="0", subgradient="beta - alpha_n", is_jump=True)),
        )
    },
    paper="Huang and Schlag, Deriving Activation Functions Using Integration, arXiv 2411.13010, 2024",
)
def xielu(m: Arithmetic[N], x: N, alpha_p: N, alpha_n: N, beta: N, eps: N | None, gap: N) -> N:
    """Return a parabola for x > 0, else alpha_n * (exp(x) - 1 - x) + beta * x; gap is beta - alpha_n."""

    def left(x: N) -> N:
        return alpha_n * m.expm1(x) + gap * x

    right = (x > 0, lambda x: alpha_p * x**2 + beta * x)
    if eps is not None:
        # Hugging Face replaces exp(x) - 1 by exp(eps) - 1 for eps < x <= 0.
        between = (x > eps, lambda x: alpha_n * m.expm1(eps) + gap * x)
        return m.piecewise(x, right, between, left)
    return m.piecewise(x, right, left)


@activation(
    name="soft_exponential",
    parameters=(
        Parameter(name="alpha", default=None, description="-1: logarithm, 0: identity, 1: exponential; learned"),
    ),
    formula="(exp(alpha * x) - 1) / alpha + alpha if alpha > 0 else "
    "-log(1 - alpha * (x + alpha)) / alpha if alpha < 0 else x",
    derivative="exp(alpha * x) if alpha >= 0 else 1 / (1 - alpha * (x + alpha)) if alpha * (x + alpha) < 1 "
    "else log(-1)",
    second_derivative="alpha * exp(alpha * x) if alpha >= 0"
    " else alpha / (1 - alpha * (x + alpha))**2 if alpha * (x + alpha) < 1 else log(-1)",
    domain=lambda alpha: (1 / alpha - alpha if alpha < 0 else None, None),
    properties=Properties(range="(alpha - 1 / alpha, inf)", monotone=True, odd=False, saturates="left"),
    paper="Godfrey and Gashler, A Continuum among Logarithmic, Linear, and Exponential Functions, "
    "arXiv 1602.01321, 2015",
    notes="for negative alpha defined where alpha * (x + alpha) < 1, with all real numbers as values; "
    "the function with -alpha is the inverse",
)
def soft_exponential(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return a logarithm, the identity or an exponential, by the sign of alpha. It is smooth."""
    if alpha > 0:
        return m.expm1(alpha * x) / alpha + alpha
    if alpha < 0:
        return -m.log(1 - alpha * (x + alpha)) / alpha
    # This is x, written so that the derivative with respect to alpha is right too.
    return x + alpha * (x**2 / 2 + 1)
