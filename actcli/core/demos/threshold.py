"""One unit, its weighted sum swept past its threshold by the bias: which activations switch it on and off?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.demos.network import uniform, value
from actcli.core.demos.sentences import joined, number
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.core.spec import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.number_formats import Floats

__all__ = ["CLOSE", "KINDS", "REACH", "USUAL", "Response", "Threshold", "threshold"]

USUAL = ("step", "sigmoid", "tanh", "relu", "gelu", "leaky_relu", "identity")
REACH = 8
"""The sweep goes from minus this sum to this sum."""

CLOSE = 0.01
"""What is as good as a level: this share of the way between the two, or this itself if that is less."""

_PER_UNIT = 20
_FLAT = 1e-6

KINDS = {
    "switches": "switches",
    "opens": "off, then open",
    "closes": "open, then off",
    "comes back": "comes back",
    "never off": "never off",
    "off at neither end": "off at neither end",
    "restless above": "off, then restless",
    "restless below": "restless, then off",
    "never settles": "never settles",
    "beyond": "flat as far as seen",
    "constant": "never changes",
    "undefined": "not always defined",
}
"""What an activation does with a sum that goes from far below the threshold to far above it, and the table's words."""


@dataclass(frozen=True)
class Response:
    """What one activation makes of the sweep.

    label      the activation;  kind  one of KINDS
    far_below, far_above  its limits; infinite where it grows without bound, nan where it has none
    at_lowest  what it gives at the lowest sum of the sweep;  at_zero  at a sum of 0
    off_up_to  the sum up to which it is as good as at its level far below;  on_from  the sum from which it is as good
               as at that far above; None where there is no level, or where that is not within the sweep
    width      by how much the sum has to change, at most, to switch it from one level to the other; 0 where it jumps
    jumps      the sums at which it jumps;  outputs  what it gives at every sum of the sweep
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
    """A unit with fixed inputs and weights, its bias, its sums, and what several activations make of them.

    inputs, weights, weighted   what comes in, how it is weighed, and the sum without the bias
    at_bias                     the bias that brings the sum to the threshold, 0
    bias, sums                  the bias, swept, and the sum with it
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
        """The sweep."""
        outputs = {f"{response.label}(sum)": response.outputs for response in self.responses}
        return {name: column.tolist() for name, column in ({"bias": self.bias, "sum": self.sums} | outputs).items()}

    @property
    def sentences(self) -> list[str]:
        """What was seen: which of them switch and how sharply, and what the others do instead."""
        by_kind: dict[str, list[Response]] = {}
        for response in self.responses:
            by_kind.setdefault(response.kind, []).append(response)
        said = {kind: _said(kind, some) for kind, some in by_kind.items()}
        rest = [text for kind, text in said.items() if kind != "switches"]
        return [f"{text}." for text in (said.get("switches", ""), "; ".join(rest)) if text]


def threshold(chosen: BoundActivation | None, seed: int) -> Threshold:
    """Sweep the bias of a unit whose inputs and weights are drawn by `seed`; `chosen` goes first."""
    bounds = [parse(name) for name in USUAL]
    if chosen is not None:
        bounds = [chosen, *(bound for bound in bounds if bound.label != chosen.label)]
    # Whole tenths, so that a person can add them up; their products are whole hundredths.
    tenths = uniform(np.random.default_rng(seed), (2, 3))
    inputs, weights = (np.sign(tenths) * np.ceil(9 * np.abs(tenths))).tolist()
    weighted = sum(x * w for x, w in zip(inputs, weights, strict=True))
    places = np.arange(-REACH * _PER_UNIT, REACH * _PER_UNIT + 1)
    sums = places / _PER_UNIT
    return Threshold(
        inputs=tuple(x / 10 for x in inputs),
        weights=tuple(w / 10 for w in weights),
        weighted=weighted / 100,
        at_bias=-weighted / 100,
        bias=(places * (100 // _PER_UNIT) - weighted) / 100,
        sums=sums,
        responses=[_response(bound, sums) for bound in bounds],
    )


def _response(bound: BoundActivation, sums: Floats) -> Response:
    values = value(bound, sums)
    below, above = value(bound, np.array([-math.inf, math.inf])).tolist()
    between = abs(above - below)
    close = CLOSE * min(1.0, between) if between > 0 else CLOSE
    # How far the sweep's values stay close to a level, counted from either end.
    start, end = (
        int(np.argmin([*(np.abs(column - level) <= close), False])) if math.isfinite(level) else 0
        for column, level in ((values, below), (values[::-1], above))
    )
    off = float(sums[start - 1]) if start else None
    on = float(sums[::-1][end - 1]) if end else None
    breaks = jumps(Quantity(bound), breakpoints([bound], -REACH, REACH))
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
        width=_width(off, on, breaks) if kind == "switches" else None,
        jumps=breaks,
        outputs=values,
    )


def _width(off: float | None, on: float | None, breaks: Sequence[float]) -> float | None:
    if off is None or on is None or on < off:
        return None
    jumped = on - off < 2.5 / _PER_UNIT and any(off <= at <= on for at in breaks)
    return 0.0 if jumped else on - off


def _kind(below: float, above: float, values: Floats) -> str:
    """Told by the two ends: each has a level, or grows without bound, or wanders (nan)."""
    if np.isnan(values).any():
        return "undefined"
    if (values == values[0]).all() and below == above == values[0]:
        return "constant"
    between = abs(above - below)
    if np.ptp(values) <= (CLOSE * between if 0 < between < math.inf else _FLAT):
        return "beyond"
    match _end(below), _end(above):
        case "level", "level":
            return "comes back" if below == above else "switches"
        case "level", "grows":
            return "opens"
        case "grows", "level":
            return "closes"
        case "grows", "grows":
            return "off at neither end" if below == above else "never off"
        case "level", "wanders":
            return "restless above"
        case "wanders", "level":
            return "restless below"
        case _:
            return "never settles"


def _end(limit: float) -> str:
    return "wanders" if math.isnan(limit) else "grows" if math.isinf(limit) else "level"


def _said(kind: str, some: Sequence[Response]) -> str:
    labels, one = joined([response.label for response in some]), len(some) == 1
    is_, s = ("is", "s") if one else ("are", "")
    lows = joined([number(response.far_below) for response in some])
    highs = joined([number(response.far_above) for response in some])
    match kind:
        case "switches":
            ranked = sorted(some, key=lambda response: math.inf if response.width is None else response.width)
            how = joined([f"{response.label} {_sharply(response)}" for response in ranked])
            return f"{labels} switch{'es' if one else ''} between two levels: {how}"
        case "opens":
            how = joined([_closed(response) for response in some])
            return f"{labels} {is_} off far below and open{s} above, without an upper level: {how}"
        case "closes":
            return f"{labels} {is_} the other way round, open far below and off far above, at {highs}"
        case "comes back":
            return f"{labels} end{s} far above at the level where {'it' if one else 'they'} began far below, {lows}"
        case "never off":
            gives = joined([number(response.at_lowest) for response in some])
            return f"{labels} never switch{'es' if one else ''} off: a sum of {-REACH} still gives {gives}"
        case "off at neither end":
            return f"{labels} grow{s} without bound on both sides: off at neither end"
        case "restless above":
            return f"{labels} {is_} off far below, at {lows}, and never settle{s} above"
        case "restless below":
            return f"{labels} never settle{s} below, and {is_} off far above, at {highs}"
        case "never settles":
            return f"{labels} {'has' if one else 'have'} no level to settle at on either side, so no off and no on"
        case "beyond":
            at = joined([number(r.far_below if math.isfinite(r.far_below) else r.at_zero) for r in some])
            return f"{labels} stay{s} within {CLOSE} of {at} in all of this sweep, and change{s} only beyond it"
        case "constant":
            return f"{labels} give{s} the same for every sum: no bias can switch {'it' if one else 'them'}"
        case _:
            how = joined([_undefined(response) for response in some])
            return f"{how} sums of this sweep"


def _undefined(response: Response) -> str:
    return f"{response.label} is undefined at {int(np.isnan(response.outputs).sum())} of the {len(response.outputs)}"


def _sharply(response: Response) -> str:
    width = response.width
    if width is None:
        return f"not all the way within this sweep, from {-REACH} to {REACH}"
    if width == 0:
        return "at once, in a jump"
    return f"as the sum changes by {number(width)}{' or less' if width < 2.5 / _PER_UNIT else ''}"


def _closed(response: Response) -> str:
    level = number(response.far_below)
    if response.off_up_to is None:
        return f"{response.label} is not yet at its level of {level} at a sum of {-REACH}"
    return f"{response.label} stays within {CLOSE} of {level} up to a sum of {number(response.off_up_to)}"
