"""The facts of a function as it is with its parameters: the entry's own, or, where nobody has stated them, seen.

The facts of an entry are those of its default parameters. With others, and of an expression, the function is looked
at: densely near 0 and its kinks, more and more thinly up to the largest numbers. What is not seen to be true is not
said; so where the values leave what limits, extrema and kinks make of the range, that is not known.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.analysis.landmarks import extrema, is_zero, limits, search_radius
from actcli.core.analysis.maxima import ascending, search_points
from actcli.core.catalogue.activation import Properties
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["KnownProperties", "properties_of"]

_FORMAT = FLOATS["float64"]
_FAR_OCTAVES = np.concatenate([np.arange(0, 40, 0.25), np.arange(40, 1000, 96)])
"""How far beyond the reach there are more points, as powers of two of it."""


class KnownProperties(NamedTuple):
    """Facts, and whether they are stated in the catalogue or have been seen."""

    properties: Properties
    is_stated: bool


def properties_of(bound: BoundActivation) -> KnownProperties:
    """What is true of `bound`, every parameter of which has a value; of a function of vectors what its entry states."""
    entry = bound.activation
    usual = bound.is_default and all(param.default is not None for param in entry.parameters)
    if entry.is_vector or (usual and not entry.is_expression):
        return KnownProperties(entry.properties, True)
    # What no reading decides is nan here too, but nobody has asked for it.
    with counting_undecided(SEARCH_LIMIT):
        return KnownProperties(_infer(bound), False)


def _infer(bound: BoundActivation) -> Properties:
    reach = search_radius(bound)
    places = breakpoints([bound], -reach, reach)
    near = search_points(-reach, reach, places)
    quantity = Quantity(bound)
    broken = jumps(quantity, places)
    ends = limits(bound)
    # A wave is the same farther out, and takes long there.
    x = near if any(map(math.isnan, ends["f"])) else _with_far_points(near, reach)
    y = evaluate(quantity, x, _FORMAT)
    mirrored = -evaluate(quantity, -x, _FORMAT)
    whole = not np.isnan(y).any()
    flat = [end == 0 for end in ends["slope"]]
    saturating = [math.isfinite(limit) and level for limit, level in zip(ends["f"], flat, strict=True)]
    return Properties(
        range=_range(bound, near, x, y, ends["f"], broken) if whole else None,
        monotone=_is_monotone(y, evaluate(derivative_quantity(bound), x, _FORMAT)),
        odd=bool(((y == mirrored) | (np.isnan(y) & np.isnan(mirrored))).all()),
        saturates=("both" if saturating[1] else "left") if saturating[0] else ("right" if saturating[1] else "no"),
    )


def _with_far_points(near: Floats, reach: float) -> Floats:
    """The points, and more beyond them up to the largest numbers."""
    with np.errstate(over="ignore"):
        far = reach * np.exp2(_FAR_OCTAVES)
    far = far[np.isfinite(far)]
    return ascending(np.concatenate([-far, near, far]))


def _is_monotone(y: Floats, slopes: Floats) -> bool | None:
    """Whether the values never go down; None if there are places without one."""
    if (y[1:] < y[:-1]).any() or (slopes < 0).any():
        return False
    return None if np.isnan(y).any() or np.isnan(slopes).any() else True


def _range(
    bound: BoundActivation, near: Floats, x: Floats, y: Floats, far: tuple[float, float], broken: list[float]
) -> str | None:
    """The range as an interval, from what f comes near to far out and what it attains; None if more is seen."""
    if any(map(math.isnan, far)):
        return None
    known = [(limit, False) for limit in far]
    known += [(turn.value, True) for turn in extrema(bound, near, broken)]
    within = y[(x >= near[0]) & (x <= near[-1])]
    for value in (float(within.min()), float(within.max())):
        known.append((value, _is_attained(bound, value, x[y == value], value in far, broken)))
    words = []
    for choose, seen in ((min, float(y.min())), (max, float(y.max()))):
        end = choose(value for value, _ in known)
        if choose(end, seen) != end:
            return None
        words.append((f"{end + 0.0:.16g}", any(attained for value, attained in known if value == end)))
    (low, closed), (high, shut) = words
    return f"{'[' if closed else '('}{low}, {high}{']' if shut else ')'}"


def _is_attained(bound: BoundActivation, value: float, x: Floats, is_limit: bool, broken: list[float]) -> bool:
    """Whether f is `value` at one of the x where a float64 cannot tell it from that.

    Beside a jump f may only come near to it; and so it does where `value` is a limit, unless f stays there.
    """
    beside = {math.nextafter(at, side) for at in broken for side in (-math.inf, math.inf)}
    places = [at for at in x.tolist() if at not in beside]
    return bool(places) and (not is_limit or is_zero(derivative_quantity(bound), places[len(places) // 2]))
