"""Vector activations whose outputs stand apart: gated ones, functions of an element of each half, and ones that pick.

A gated formula sees the two halves as two numbers. One that picks sees the array itself, vectors along its last axis,
and gives for each output the element that it is, the factor of that (1, -1 or 0), and what it is where that is 0;
NumPy is imported only then, as the catalogue is read for names alone too.
"""

from __future__ import annotations

from typing import Any

from actcli.core.catalogue.activation import Activation, FrameworkFunction, Parameter, Properties
from actcli.core.catalogue.families.gaussian import gelu
from actcli.core.catalogue.families.softmax import AXIS
from actcli.errors import ParameterError


def glu(m: Any, x: Any) -> Any:
    value, gate = x
    return value * m.sigmoid(gate)


def swiglu(m: Any, x: Any, beta: Any) -> Any:
    gate, value = x
    return gate * m.sigmoid(beta * gate) * value


def geglu(m: Any, x: Any) -> Any:
    gate, value = x
    return gelu(m, gate, "none") * value


def reglu(m: Any, x: Any) -> Any:
    gate, value = x
    return m.piecewise(gate, (gate > 0, lambda gate: gate), lambda gate: 0) * value


def crelu(m: Any, x: Any) -> Any:
    import numpy as np

    index = np.broadcast_to(np.arange(x.shape[-1]), x.shape)
    factor = np.concatenate([(x > 0) * 1.0, (x < 0) * -1.0], axis=-1)
    return np.concatenate([index, index], axis=-1), factor, 0.0


def maxout(m: Any, x: Any, num_units: int) -> Any:
    import numpy as np

    rows, size = x.shape
    if size % num_units:
        raise ParameterError(f"maxout: {size} values are no multiple of num_units={num_units}")
    # The elements of a group are num_units apart.
    place = x.reshape(rows, size // num_units, num_units).argmax(axis=1)
    return place * num_units + np.arange(num_units), np.ones(place.shape), 0.0


def hardmax(m: Any, x: Any) -> Any:
    import numpy as np

    place = x.argmax(axis=-1)[:, np.newaxis]
    hot = (np.arange(x.shape[-1]) == place) * 1.0
    return np.broadcast_to(place, x.shape), np.zeros(x.shape), hot


_SHAZEER = "Shazeer, GLU Variants Improve Transformer, arXiv 2002.05202, 2020"
_FIRST = "the first half is the one that goes through the activation, as in the paper and in ONNX"

ENTRIES = (
    Activation(
        name="glu",
        kind="vector",
        dependence="pair",
        aliases=("gated_linear_unit",),
        parameters=(AXIS,),
        formula="a[i] * sigmoid(b[i]) for the halves a, b of x",
        derivative="by a[i]: sigmoid(b[i]); by b[i]: a[i] * sigmoid(b[i]) * (1 - sigmoid(b[i]))",
        f=glu,
        properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
        frameworks={
            "torch": "nn.GLU; F.glu",
            "jax": "jax.nn.glu",
            "keras": "activations.glu",
            "mlx": "nn.glu; nn.GLU",
        },
        paper="Dauphin et al., Language Modeling with Gated Convolutional Networks, arXiv 1612.08083, 2016",
        notes="the second half is the gate",
    ),
    Activation(
        name="swiglu",
        kind="vector",
        dependence="pair",
        parameters=(
            Parameter(name="beta", default="1", aliases=("alpha",), description="how sharply it switches"),
            AXIS,
        ),
        formula="a[i] * sigmoid(beta * a[i]) * b[i] for the halves a, b of x",
        derivative="by a[i]: b[i] times the slope of silu at a[i]; by b[i]: silu(a[i])",
        f=swiglu,
        properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
        frameworks={"onnx": FrameworkFunction("SwiGLU", parameters={"alpha": "beta", "axis": "axis"})},
        paper=_SHAZEER,
        notes=f"{_FIRST}; ONNX takes the two as inputs of their own",
    ),
    Activation(
        name="geglu",
        kind="vector",
        dependence="pair",
        parameters=(AXIS,),
        formula="a[i] * Phi(a[i]) * b[i] for the halves a, b of x",
        derivative="by a[i]: b[i] times the slope of gelu at a[i]; by b[i]: gelu(a[i])",
        f=geglu,
        properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
        paper=_SHAZEER,
        notes=_FIRST,
    ),
    Activation(
        name="reglu",
        kind="vector",
        dependence="pair",
        parameters=(AXIS,),
        formula="max(a[i], 0) * b[i] for the halves a, b of x",
        derivative="by a[i]: b[i] if a[i] > 0 else 0; by b[i]: max(a[i], 0)",
        f=reglu,
        properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
        paper=_SHAZEER,
        notes=_FIRST,
    ),
    Activation(
        name="crelu",
        kind="vector",
        dependence="one",
        aliases=("concatenated_relu",),
        parameters=(AXIS,),
        formula="max(x[i], 0), then max(-x[i], 0): twice as many",
        derivative="1 if x[i] > 0 else 0, then -1 if x[i] < 0 else 0, by x[i]",
        f=crelu,
        properties=Properties(range="[0, inf)", monotone=False, odd=False, saturates="no"),
        frameworks={"tf": "tf.nn.crelu"},
        paper="Shang et al., Understanding and Improving Convolutional Neural Networks via Concatenated Rectified "
        "Linear Units, arXiv 1603.05201, 2016",
    ),
    Activation(
        name="maxout",
        kind="vector",
        dependence="one",
        parameters=(
            Parameter(
                name="num_units",
                default=None,
                aliases=("units",),
                minimum="1",
                integer=True,
                description="how many outputs there are; the size must be a multiple of it",
            ),
            AXIS,
        ),
        formula="max of x[i], x[i + num_units], x[i + 2 * num_units], ...",
        derivative="1 by the largest, the first of equals, else 0",
        f=maxout,
        properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
        frameworks={"tf": "tfa.layers.Maxout"},
        paper="Goodfellow et al., Maxout Networks, arXiv 1302.4389, 2013",
        notes="the elements of a group are num_units apart, as in TensorFlow Addons",
    ),
    Activation(
        name="hardmax",
        kind="vector",
        dependence="one",
        aliases=("one_hot_max",),
        parameters=(AXIS,),
        formula="1 for the largest x[i], the first of equals, else 0",
        derivative="0",
        f=hardmax,
        properties=Properties(range="[0, 1]", monotone=False, odd=False, saturates="both"),
        frameworks={"onnx": "Hardmax"},
        paper="ONNX's operator Hardmax, since opset 1",
    ),
)
