"""Threshold: which activations switch a unit on and off as its bias is swept past the threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.demos.network import activate, uniform
from actcli.core.demos.sentences import number
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.core.spec import parse
from actcli.text import join_and

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.number_formats import Floats

__all__ = [
    "COMPARED_ACTIVATIONS",
    "KINDS",
    "LEVEL_TOLERANCE",
    "SUMMARIES",
    "SWEEP_LIMIT",
    "Response",
    "Threshold",
    "threshold",
]

COMPARED_ACTIVATIONS = ("step", "sigmoid", "tanh", "relu", "gelu", "leaky_relu", "identity")
"""The activations that are compared."""
SWEEP_LIMIT = 8
"""The weighted sum is swept from -SWEEP_LIMIT to SWEEP_LIMIT."""
LEVEL_TOLERANCE = 0.01
"""The output has reached a level within this share of the distance between the levels, or within this if that is less.
"""

_STEPS_PER_UNIT = 20
"""Steps of the sweep per unit of the weighted sum."""
_FLAT_TOLERANCE = 1e-6
"""An output that varies by at most this over the sweep is flat, if its levels give no scale."""

KINDS = {
    "switches": "switches",
    "opens": "off, unbounded",
    "closes": "unbounded, off",
    "comes back": "same level",
    "never off": "never off",
    "off at neither end": "never off",
    "restless above": "off, no level",
    "restless below": "no level, off",
    "never settles": "no level",
    "beyond": "flat here",
    "constant": "constant",
    "undefined": "partly undefined",
}
"""How a unit responds to sums from far below to far above the threshold, and the words for it in tables."""

SUMMARIES = {
    "switches": "can switch the unit between two levels",
    "opens": "can switch the unit off, but cannot limit it above",
    "closes": "can switch the unit off above, but cannot limit it below",
    "comes back": "cannot switch the unit: the output approaches the same level on both sides",
    "never off": "cannot switch the unit off: the output is unbounded on both sides",
    "off at neither end": "cannot switch the unit off: the output tends to the same infinity on both sides",
    "restless above": "can switch the unit off, but cannot hold it at a level above",
    "restless below": "can switch the unit off above, but cannot hold it at a level below",
    "never settles": "cannot hold the unit at a level on either side",
    "beyond": f"cannot switch the unit in this sweep: the output hardly changes from {-SWEEP_LIMIT} to {SWEEP_LIMIT}",
    "constant": "cannot switch the unit: the output is the same for every sum",
    "undefined": "cannot be evaluated at every sum of this sweep",
}
"""The rest of a sentence about activations of each kind. Modal verbs suit one activation as well as several."""


@dataclass(frozen=True)
class Response:
    """The response of one activation to the sweep.

    label      the activation
    kind       one of KINDS
    far_below  the limit of the output for sums to -inf: infinite if unbounded, nan if there is none
    at_lowest  the output at the lowest sum of the sweep
    at_zero    the output at a sum of 0
    far_above  the limit of the output for sums to inf
    off_up_to  the largest sum of the sweep up to which the output is close to far_below; None if there is none
    on_from    the smallest sum of the sweep from which the output is close to far_above; None if there is none
    width      on_from - off_up_to, or 0 if the output jumps in between; None unless it switches within the sweep
    jumps      the sums at which the output jumps
    outputs    the output at each sum of the sweep
    """

    label: str
    kind: str
    far_below: float
    at_lowest: float
    at_zero: float
    far_above: float
    off_up_to: float | None
    on_from: float | None
    width: float | None
    jumps: Sequence[float]
    outputs: Floats


@dataclass(frozen=True)
class Threshold:
    """A unit with fixed inputs and weights, and the responses of several activations as its bias is swept.

    inputs, weights  the inputs and their weights
    weighted         the weighted sum without the bias
    at_bias          the bias at the threshold, where the sum is 0
    bias, sums       the biases of the sweep and the weighted sums with them
    responses        one per activation
    """

    inputs: tuple[float, ...]
    weights: tuple[float, ...]
    weighted: float
    at_bias: float
    bias: Floats
    sums: Floats
    responses: Sequence[Response]

    @property
    def columns(self) -> dict[str, list[float]]:
        """The sweep, by header."""
        outputs = {f"{response.label}(sum)": response.outputs for response in self.responses}
        return {name: column.tolist() for name, column in ({"bias": self.bias, "sum": self.sums} | outputs).items()}

    @property
    def sentences(self) -> list[str]:
        """A summary: one sentence per kind of response."""
        by_kind: dict[str, list[str]] = {}
        for response in sorted(self.responses, key=_width_or_inf):
            by_kind.setdefault(response.kind, []).append(response.label + _detail(response))
        return [f"{join_and(labels)} {SUMMARIES[kind]}." for kind, labels in by_kind.items()]


def threshold(chosen: BoundActivation | None, seed: int) -> Threshold:
    """Sweep the bias of a unit with random inputs and weights; `chosen`, if any, is listed first."""
    bounds = [parse(name) for name in COMPARED_ACTIVATIONS]
    if chosen is not None:
        bounds = [chosen, *(bound for bound in bounds if bound.label != chosen.label)]
    # Inputs and weights are multiples of 0.1, so that a reader can check the sum; products are multiples of 0.01.
    tenths = uniform(np.random.default_rng(seed), (2, 3))
    inputs, weights = (np.sign(tenths) * np.ceil(9 * np.abs(tenths))).tolist()
    weighted = sum(x * w for x, w in zip(inputs, weights, strict=True))
    steps = np.arange(-SWEEP_LIMIT * _STEPS_PER_UNIT, SWEEP_LIMIT * _STEPS_PER_UNIT + 1)
    sums = steps / _STEPS_PER_UNIT
    return Threshold(
        inputs=tuple(x / 10 for x in inputs),
        weights=tuple(w / 10 for w in weights),
        weighted=weighted / 100,
        at_bias=-weighted / 100,
        bias=(steps * (100 // _STEPS_PER_UNIT) - weighted) / 100,
        sums=sums,
        responses=[_response(bound, sums) for bound in bounds],
    )


def _response(bound: BoundActivation, sums: Floats) -> Response:
    values = activate(bound, sums)
    below, above = activate(bound, np.array([-math.inf, math.inf])).tolist()
    distance = abs(above - below)
    close = LEVEL_TOLERANCE * min(1.0, distance) if distance > 0 else LEVEL_TOLERANCE
    # The number of outputs close to a level, counted from either end of the sweep.
    off_count, on_count = (
        int(np.argmin([*(np.abs(column - level) <= close), False])) if math.isfinite(level) else 0
        for column, level in ((values, below), (values[::-1], above))
    )
    off = float(sums[off_count - 1]) if off_count else None
    on = float(sums[::-1][on_count - 1]) if on_count else None
    discontinuities = jumps(Quantity(bound), breakpoints([bound], -SWEEP_LIMIT, SWEEP_LIMIT))
    kind = _kind(below, above, values)
    return Response(
        label=bound.label,
        kind=kind,
        far_below=below,
        at_lowest=float(values[0]),
        at_zero=float(values[len(values) // 2]),
        far_above=above,
        off_up_to=off,
        on_from=on,
        width=_width(off, on, discontinuities) if kind == "switches" else None,
        jumps=discontinuities,
        outputs=values,
    )


def _width(off: float | None, on: float | None, jumps: Sequence[float]) -> float | None:
    if off is None or on is None or on < off:
        return None
    # The sweep resolves a jump to two steps: one before it, one after it.
    is_jump = on - off < 2.5 / _STEPS_PER_UNIT and any(off <= at <= on for at in jumps)
    return 0.0 if is_jump else on - off


def _kind(below: float, above: float, values: Floats) -> str:
    """Return the kind of response: each end has a level, is unbounded, or has no limit (nan)."""
    if np.isnan(values).any():
        return "undefined"
    if (values == values[0]).all() and below == above == values[0]:
        return "constant"
    distance = abs(above - below)
    if np.ptp(values) <= (LEVEL_TOLERANCE * distance if 0 < distance < math.inf else _FLAT_TOLERANCE):
        return "beyond"
    match _end(below), _end(above):
        case "level", "level":
            return "comes back" if below == above else "switches"
        case "level", "unbounded":
            return "opens"
        case "unbounded", "level":
            return "closes"
        case "unbounded", "unbounded":
            return "off at neither end" if below == above else "never off"
        case "level", "no limit":
            return "restless above"
        case "no limit", "level":
            return "restless below"
        case _:
            return "never settles"


def _end(limit: float) -> str:
    return "no limit" if math.isnan(limit) else "unbounded" if math.isinf(limit) else "level"


def _width_or_inf(response: Response) -> float:
    return math.inf if response.width is None else response.width


def _detail(response: Response) -> str:
    """Return where the activation switches, in parentheses; "" if it does not."""
    if response.width is not None:
        return f" (width {number(response.width)})" if response.width else " (in a jump)"
    if response.kind == "switches":
        return " (not within this sweep)"
    if response.kind == "opens" and response.off_up_to is not None:
        return f" (off up to {number(response.off_up_to)})"
    return ""
