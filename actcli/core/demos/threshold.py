"""One unit, its weighted sum swept past its threshold by the bias: which activations switch it on and off?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.demos.network import uniform, value
from actcli.core.demos.words import joined, number
from actcli.core.engine import Reading
from actcli.core.shape import breakpoints, jumps
from actcli.core.spec import Bound, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.formats import Floats

__all__ = ["KINDS", "USUAL", "Response", "Threshold", "threshold"]

USUAL = ("step", "sigmoid", "tanh", "relu", "gelu", "leaky_relu", "identity")
_REACH = 8
_PER_UNIT = 20
_CLOSE = 0.01

KINDS = {
    "switches": "switches",
    "opens": "off, then open",
    "peaks": "comes back",
    "never off": "never off",
    "never settles": "never settles",
    "constant": "never changes",
    "undefined": "not everywhere defined",
}
"""What an activation does with a sum that goes from far below the threshold to far above it."""


@dataclass(frozen=True)
class Response:
    """What one activation makes of the sweep.

    label          the activation;  kind  one of KINDS
    below, above   its limits far below and far above; infinite where it grows without bound, nan where it has none
    lowest         what it gives at the lowest sum of the sweep;  middle  at a sum of 0
    off, on        the sum up to which it stays within 1% of the way between its limits (or within 0.01, if that is
                   less) of the one below, and the sum from which it stays as close to the one above; None where that
                   is not within the sweep
    """

    label: str
    kind: str
    below: float
    lowest: float
    middle: float
    above: float
    off: float | None
    on: float | None

    @property
    def width(self) -> float | None:
        """By how much the sum has to change to switch it."""
        return None if self.off is None or self.on is None else self.on - self.off


@dataclass(frozen=True)
class Threshold:
    """A unit with fixed inputs and weights, its bias, its sums, and what several activations make of them.

    inputs, weights, weighted   what comes in, how it is weighed, and the sum without the bias
    bias, sums                  the bias, swept, and the sum with it
    values, breaks              for each activation its outputs, and the sums at which it jumps
    """

    inputs: tuple[float, ...]
    weights: tuple[float, ...]
    weighted: float
    bias: Floats
    sums: Floats
    values: Sequence[Floats]
    breaks: Sequence[list[float]]
    responses: Sequence[Response]

    @property
    def columns(self) -> dict[str, list[float]]:
        """The sweep."""
        outputs = {
            f"{response.label}(sum)": column for response, column in zip(self.responses, self.values, strict=True)
        }
        return {name: column.tolist() for name, column in ({"bias": self.bias, "sum": self.sums} | outputs).items()}

    @property
    def sentences(self) -> list[str]:
        """What was seen."""
        found = [
            f"The weighted inputs add up to {number(self.weighted)}, so the threshold, where the sum is 0, is at a "
            f"bias of {number(-self.weighted)}."
        ]
        for kind in KINDS:
            some = [response for response in self.responses if response.kind == kind]
            if some:
                found.append(_said(kind, some))
        return found


def threshold(chosen: Bound | None, seed: int) -> Threshold:
    """Sweep the bias of a unit whose inputs and weights are drawn by `seed`; `chosen` goes first."""
    bounds = [parse(name) for name in USUAL]
    if chosen is not None:
        bounds = [chosen, *(bound for bound in bounds if bound.label != chosen.label)]
    # Whole tenths, so that a person can add them up; their products are whole hundredths.
    tenths = uniform(np.random.default_rng(seed), (2, 3))
    inputs, weights = (np.sign(tenths) * np.ceil(9 * np.abs(tenths))).tolist()
    weighted = sum(x * w for x, w in zip(inputs, weights, strict=True))
    places = np.arange(-_REACH * _PER_UNIT, _REACH * _PER_UNIT + 1)
    sums = places / _PER_UNIT
    values = [value(bound, sums) for bound in bounds]
    return Threshold(
        inputs=tuple(x / 10 for x in inputs),
        weights=tuple(w / 10 for w in weights),
        weighted=weighted / 100,
        bias=(places * (100 // _PER_UNIT) - weighted) / 100,
        sums=sums,
        values=values,
        breaks=[jumps(Reading(bound), breakpoints([bound], -_REACH, _REACH)) for bound in bounds],
        responses=[_response(bound, sums, column) for bound, column in zip(bounds, values, strict=True)],
    )


def _response(bound: Bound, sums: Floats, values: Floats) -> Response:
    below, above = value(bound, np.array([-math.inf, math.inf])).tolist()
    lowest, middle = float(values[0]), float(values[len(values) // 2])
    between = abs(above - below)
    close = _CLOSE * min(1.0, between) if between > 0 else _CLOSE
    # How far the sweep's values stay close to a limit, counted from either end.
    start, end = (
        int(np.argmin([*(np.abs(column - limit) <= close), False]))
        for column, limit in ((values, below), (values[::-1], above))
    )
    return Response(
        label=bound.label,
        kind=_kind(below, above, values),
        below=below,
        lowest=lowest,
        middle=middle,
        above=above,
        off=float(sums[start - 1]) if start else None,
        on=float(sums[::-1][end - 1]) if end else None,
    )


def _kind(below: float, above: float, values: Floats) -> str:
    if np.isnan(values).any():
        return "undefined"
    if (values == values[0]).all():
        return "constant"
    if math.isnan(below):
        return "never settles"
    if math.isinf(below):
        return "never off"
    if not math.isfinite(above):
        return "opens"
    return "peaks" if below == above else "switches"


def _said(kind: str, some: Sequence[Response]) -> str:
    labels = joined([response.label for response in some])
    one = len(some) == 1
    match kind:
        case "switches":
            ranked = sorted(some, key=lambda response: math.inf if response.width is None else response.width)
            how = joined([f"{response.label} {_width(response.width)}" for response in ranked])
            return f"{labels} {'switches' if one else 'switch'} between two levels: {how}."
        case "opens":
            how = joined([_closed(response) for response in some])
            return f"{labels} {'is' if one else 'are'} off below and open above: {how}."
        case "never off":
            gives = joined([number(response.lowest) for response in some])
            still = f"at a sum of {-_REACH} {'it still gives' if one else 'they still give'} {gives}"
            return f"{labels} never {'switches' if one else 'switch'} off: {still}."
        case "peaks":
            levels = joined([number(response.below) for response in some])
            return f"{labels} {'comes' if one else 'come'} back above to the level far below, {levels}."
        case "never settles":
            return f"{labels} {'has' if one else 'have'} no level to settle at far below, so there is no off."
        case "constant":
            return f"{labels} {'gives' if one else 'give'} the same for every sum: no bias can switch it."
        case _:
            return f"{labels} {'is' if one else 'are'} not defined for every sum of the sweep."


def _width(width: float | None) -> str:
    if width is None:
        return "more gently than this sweep is long"
    return "at once" if width <= 1 / _PER_UNIT else f"as the sum changes by {number(width)}"


def _closed(response: Response) -> str:
    if response.off is None:
        return f"{response.label} is not yet off at {-_REACH}"
    return f"{response.label} is within {_CLOSE} of {number(response.below)} up to a sum of {number(response.off)}"
