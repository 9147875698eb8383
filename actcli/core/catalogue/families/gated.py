"""Gated units: vector activations of which each output depends on one element of each half of the input.

Their formulas take x as such a pair, two numbers of the arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import FrameworkFunction, Properties, activation
from actcli.core.catalogue.families.gaussian import gelu
from actcli.core.catalogue.families.softmax import AXIS
from actcli.core.catalogue.parameters import Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_SHAZEER = "Shazeer, GLU Variants Improve Transformer, arXiv 2002.05202, 2020"
_FIRST = "the first half goes through the activation, as in the paper and in ONNX"


@activation(
    name="glu",
    kind="vector",
    dependence="pair",
    aliases=("gated_linear_unit",),
    parameters=(AXIS,),
    formula="a[i] * sigmoid(b[i]) for the halves a, b of x",
    derivative="by a[i]: sigmoid(b[i]); by b[i]: a[i] * sigmoid(b[i]) * (1 - sigmoid(b[i]))",
    properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
    frameworks={
        "torch": "nn.GLU; F.glu",
        "jax": "jax.nn.glu",
        "keras": "activations.glu",
        "mlx": "nn.glu; nn.GLU",
    },
    paper="Dauphin et al., Language Modeling with Gated Convolutional Networks, arXiv 1612.08083, 2016",
    notes="the second half is the gate",
)
def glu(m: Arithmetic[N], x: tuple[N, N]) -> N:
    """Return a * sigmoid(b) for the pair (a, b)."""
    value, gate = x
    return value * m.sigmoid(gate)


@activation(
    name="swiglu",
    kind="vector",
    dependence="pair",
    parameters=(
        Parameter(name="beta", default="1", aliases=("alpha",), description="the steepness of the gate"),
        AXIS,
    ),
    formula="a[i] * sigmoid(beta * a[i]) * b[i] for the halves a, b of x",
    derivative="by a[i]: b[i] * silu'(a[i]); by b[i]: silu(a[i])",
    properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
    frameworks={"onnx": FrameworkFunction("SwiGLU", parameters={"alpha": "beta", "axis": "axis"})},
    paper=_SHAZEER,
    notes=f"{_FIRST}; ONNX takes the halves as two inputs",
)
def swiglu(m: Arithmetic[N], x: tuple[N, N], beta: N) -> N:
    """Return silu(a) * b for the pair (a, b), with silu's beta."""
    gate, value = x
    return gate * m.sigmoid(beta * gate) * value


@activation(
    name="geglu",
    kind="vector",
    dependence="pair",
    parameters=(AXIS,),
    formula="a[i] * Phi(a[i]) * b[i] for the halves a, b of x",
    derivative="by a[i]: b[i] * gelu'(a[i]); by b[i]: gelu(a[i])",
    properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
    paper=_SHAZEER,
    notes=_FIRST,
)
def geglu(m: Arithmetic[N], x: tuple[N, N]) -> N:
    """Return gelu(a) * b for the pair (a, b)."""
    gate, value = x
    return gelu(m, gate, "none") * value


@activation(
    name="reglu",
    kind="vector",
    dependence="pair",
    parameters=(AXIS,),
    formula="max(a[i], 0) * b[i] for the halves a, b of x",
    derivative="by a[i]: b[i] if a[i] > 0 else 0; by b[i]: max(a[i], 0)",
    properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
    paper=_SHAZEER,
    notes=_FIRST,
)
def reglu(m: Arithmetic[N], x: tuple[N, N]) -> N:
    """Return relu(a) * b for the pair (a, b). The derivative of relu at 0 is 0."""
    gate, value = x
    return m.piecewise(gate, (gate > 0, lambda gate: gate), lambda gate: 0) * value
