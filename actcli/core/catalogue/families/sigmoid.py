"""The sigmoid family: functions of e^x that saturate, and their integrals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from actcli.core.catalogue.activation import Activation, FormulaVariant, FrameworkFunction, Kink, Parameter, Properties


def softplus(m: Any, x: Any, beta: Any, threshold: Any) -> Any:
    if threshold is None:
        return m.softplus(beta * x) / beta
    return m.piecewise(x, (beta * x > threshold, lambda x: x), lambda x: m.softplus(beta * x) / beta)


def softplus_parametric(m: Any, x: Any, alpha: Any, beta: Any) -> Any:
    return alpha * m.softplus(beta * x)


def shifted_softplus(m: Any, x: Any) -> Any:
    # Near 0, where the difference cancels, it is x/2 + log cosh(x/2).
    near = (m.abs(x) < 1, lambda x: x / 2 + m.logcosh(x / 2))
    return m.piecewise(x, near, lambda x: m.softplus(x) - m.log(m.number(2)))


def sqrtsoftplus(m: Any, x: Any) -> Any:
    # Far on the left log(1 + u) is u to more digits than are ever asked for.
    far = (x < -10000, lambda x: m.exp(x / 2))
    return m.piecewise(x, far, lambda x: m.sqrt(m.softplus(x)))


def sqrtsoftplus_slope(m: Any, x: Any) -> Any:
    far = (x < -10000, lambda x: m.exp(x / 2) / 2)
    return m.piecewise(x, far, lambda x: m.sigmoid(x) / (2 * m.sqrt(m.softplus(x))))


def scaled_tanh(m: Any, x: Any, alpha: Any, beta: Any) -> Any:
    return alpha * m.tanh(beta * x)


def soft_clipping(m: Any, x: Any, alpha: Any) -> Any:
    # The quotient of the powers less 1 is written out; on the right the function is 1 less its mirror image.
    def left(x: Any) -> Any:
        power = m.exp(alpha * x)
        return m.log1p(-m.expm1(-alpha) * power / (1 + m.exp(alpha * (x - 1)))) / alpha

    return m.piecewise(x, (x < Fraction(1, 2), left), lambda x: 1 - left(1 - x))


def soft_clipping_slope(m: Any, x: Any, alpha: Any) -> Any:
    return -m.expm1(-alpha) * m.sigmoid(alpha * x) * m.sigmoid(alpha * (1 - x))


def log1mexp(m: Any, x: Any) -> Any:
    return m.piecewise(x, (x > 1, lambda x: m.log1p(-m.exp(-x))), lambda x: m.log(-m.expm1(-x)))


ENTRIES = (
    Activation(
        name="sigmoid",
        aliases=("logistic", "expit"),
        formula="1 / (1 + exp(-x))",
        derivative="f(x) * (1 - f(x))",
        f=lambda m, x: m.sigmoid(x),
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
    ),
    Activation(
        name="tanh",
        aliases=("hyperbolic_tangent",),
        formula="(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
        derivative="1 - tanh(x)**2",
        f=lambda m, x: m.tanh(x),
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
    ),
    Activation(
        name="scaled_tanh",
        aliases=("lecun_tanh",),
        parameters=(
            Parameter(name="alpha", default="1.7159", description="the limits are -alpha and alpha"),
            Parameter(name="beta", default="2/3", description="the factor of x"),
        ),
        formula="alpha * tanh(beta * x)",
        derivative="alpha * beta * (1 - tanh(beta * x)**2)",
        f=scaled_tanh,
        properties=Properties(range="(-1.7159, 1.7159)", monotone=True, odd=True, saturates="both"),
        frameworks={"onnx": FrameworkFunction("ScaledTanh", defaults={"alpha": None, "beta": None})},
        paper="LeCun, Bottou, Orr and Mueller, Efficient BackProp, 1998",
        notes="the defaults are LeCun's; soft capping at c is alpha=c, beta=1/c; Core ML has it too, and ONNX as an "
        "activation of its recurrent operators",
    ),
    Activation(
        name="bipolar_sigmoid",
        formula="tanh(x / 2)",
        derivative="(1 - tanh(x / 2)**2) / 2",
        f=lambda m, x: m.tanh(x / 2),
        properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
        paper="Fausett, Fundamentals of Neural Networks, 1994",
        notes="(1 - exp(-x)) / (1 + exp(-x)): a sigmoid from -1 to 1",
    ),
    Activation(
        name="soft_clipping",
        parameters=(
            Parameter(name="alpha", default=None, exclusive_minimum="0", description="how sharply it bends at 0 and 1"),
        ),
        formula="(softplus(alpha * x) - softplus(alpha * (x - 1))) / alpha",
        derivative="sigmoid(alpha * x) - sigmoid(alpha * (x - 1))",
        f=soft_clipping,
        df=soft_clipping_slope,
        properties=Properties(range="(0, 1)", monotone=True, odd=False, saturates="both"),
        paper="Klimek and Perelstein, Neural Network-Based Approach to Phase Space Integration, arXiv 1810.11509, 2018",
    ),
    Activation(
        name="softplus",
        aliases=("smooth_relu",),
        parameters=(
            Parameter(name="beta", default="1", exclusive_minimum="0", description="how sharply it bends"),
            Parameter(
                name="threshold",
                default="none",
                optional=True,
                frameworks=("torch",),
                description="where beta x is greater it is x; none: nowhere",
            ),
        ),
        formula="log(1 + exp(beta * x)) / beta",
        derivative="sigmoid(beta * x)",
        formula_variants=(
            FormulaVariant(
                parameters=("threshold",),
                formula="x if beta * x > threshold else log(1 + exp(beta * x)) / beta",
                derivative="1 if beta * x > threshold else sigmoid(beta * x)",
            ),
        ),
        f=softplus,
        properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": FrameworkFunction(
                "nn.Softplus; F.softplus",
                defaults={"threshold": "20"},
                kinks=(Kink(at="threshold / beta", subgradient=None, is_jump=True),),
                remarks=("x itself where beta x > threshold",),
            ),
            "jax": FrameworkFunction("jax.nn.softplus", parameters={}),
            "keras": FrameworkFunction("activations.softplus", parameters={}),
            "tf": FrameworkFunction("tf.nn.softplus; tf.math.softplus", parameters={}),
            "onnx": FrameworkFunction("Softplus", parameters={}),
            "mlx": FrameworkFunction("nn.softplus; nn.Softplus", parameters={}),
        },
        paper="Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, NIPS 2000",
        notes="PyTorch returns x above beta * x = 20, which hides a weakness of its arithmetic; here it does not",
    ),
    Activation(
        name="softplus_parametric",
        aliases=("parametric_softplus",),
        parameters=(
            Parameter(name="alpha", default=None, description="the factor of the whole"),
            Parameter(name="beta", default=None, description="the factor of x"),
        ),
        formula="alpha * softplus(beta * x)",
        derivative="alpha * beta * sigmoid(beta * x)",
        f=softplus_parametric,
        properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
        paper="Core ML's operator softplus_parametric",
        notes="unlike softplus it is not divided by beta",
    ),
    Activation(
        name="shifted_softplus",
        aliases=("ssp",),
        formula="log(exp(x) / 2 + 1/2)",
        derivative="sigmoid(x)",
        f=shifted_softplus,
        df=lambda m, x: m.sigmoid(x),
        properties=Properties(range="(-0.6931471805599453, inf)", monotone=True, odd=False, saturates="left"),
        paper="Schuett et al., SchNet: A Continuous-Filter Convolutional Neural Network for Modeling Quantum "
        "Interactions, arXiv 1706.08566, 2017",
        notes="softplus(x) - log(2), so that it is 0 at 0",
    ),
    Activation(
        name="sqrtsoftplus",
        aliases=("sqrt_softplus",),
        formula="sqrt(softplus(x))",
        derivative="sigmoid(x) / (2 * sqrt(softplus(x)))",
        f=sqrtsoftplus,
        df=sqrtsoftplus_slope,
        properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={"hf": "sqrtsoftplus"},
        paper="Hugging Face transformers 5, the router scores of DeepSeek V4",
    ),
    Activation(
        name="log_sigmoid",
        aliases=("logsigmoid",),
        formula="-log(1 + exp(-x))",
        derivative="sigmoid(-x)",
        f=lambda m, x: -m.softplus(-x),
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
    ),
    Activation(
        name="log1mexp",
        formula="log(1 - exp(-x))",
        derivative="1 / (exp(x) - 1) if x > 0 else log(-1)",
        f=log1mexp,
        domain=lambda: (Fraction(0), None),
        properties=Properties(range="(-inf, 0)", monotone=True, odd=False, saturates="right"),
        frameworks={"jax": "jax.nn.log1mexp"},
        paper="Maechler, Accurately Computing log(1 - exp(-|a|)), 2012",
        notes="defined for x > 0",
    ),
)
