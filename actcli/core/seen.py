"""The facts of a function as it is with its parameters: the entry's own, or, where nobody has stated them, seen.

The facts of an entry are those of its default parameters. With others, and of an expression, the function is looked
at: densely near 0 and its kinks, more and more thinly up to the largest numbers. What is not seen to be true is not
said; so where the values leave what limits, extrema and kinks make of the range, that is not known.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.core.door import slope
from actcli.core.engine import Reading, compute
from actcli.core.landmarks import extrema, is_zero, limits_of, reach_of
from actcli.core.peaks import ascending, search_points
from actcli.core.record import Facts
from actcli.core.shape import breakpoints, jumps
from actcli.core.unknown import SEARCHING, tallied
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.spec import Bound
    from actcli.formats import Floats

__all__ = ["Found", "facts"]

_FORMAT = FLOATS["float64"]
_OCTAVES = np.concatenate([np.arange(0, 40, 0.25), np.arange(40, 1000, 96)])
"""How far beyond the reach there are more points, as powers of two of it."""


class Found(NamedTuple):
    """Facts, and whether they are stated in the catalogue or have been seen."""

    facts: Facts
    stated: bool


def facts(bound: Bound) -> Found:
    """What is true of `bound`, every parameter of which has a value; of a function of vectors what its entry states."""
    entry = bound.activation
    usual = bound.is_default and all(param.default is not None for param in entry.params)
    if entry.is_vector or (usual and not entry.typed):
        return Found(entry.facts, True)
    # What no reading decides is nan here too, but nobody has asked for it.
    with tallied(SEARCHING):
        return Found(_seen(bound), False)


def _seen(bound: Bound) -> Facts:
    reach = reach_of(bound)
    places = breakpoints([bound], -reach, reach)
    near = search_points(-reach, reach, places)
    reading = Reading(bound)
    broken = jumps(reading, places)
    ends = limits_of(bound)
    # A wave is the same farther out, and takes long there.
    x = near if any(map(math.isnan, ends["f"])) else _farther(near, reach)
    y = compute(reading, x, _FORMAT)
    mirrored = -compute(reading, -x, _FORMAT)
    whole = not np.isnan(y).any()
    flat = [end == 0 for end in ends["slope"]]
    saturating = [math.isfinite(limit) and level for limit, level in zip(ends["f"], flat, strict=True)]
    return Facts(
        range=_range(bound, near, x, y, ends["f"], broken) if whole else None,
        monotone=_rises(y, compute(slope(bound), x, _FORMAT)),
        odd=bool(((y == mirrored) | (np.isnan(y) & np.isnan(mirrored))).all()),
        saturates=("both" if saturating[1] else "left") if saturating[0] else ("right" if saturating[1] else "no"),
    )


def _farther(near: Floats, reach: float) -> Floats:
    """The points, and more beyond them up to the largest numbers."""
    with np.errstate(over="ignore"):
        far = reach * np.exp2(_OCTAVES)
    far = far[np.isfinite(far)]
    return ascending(np.concatenate([-far, near, far]))


def _rises(y: Floats, slopes: Floats) -> bool | None:
    """Whether the values never go down; None if there are places without one."""
    if (y[1:] < y[:-1]).any() or (slopes < 0).any():
        return False
    return None if np.isnan(y).any() or np.isnan(slopes).any() else True


def _range(
    bound: Bound, near: Floats, x: Floats, y: Floats, far: tuple[float, float], broken: list[float]
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


def _is_attained(bound: Bound, value: float, x: Floats, is_limit: bool, broken: list[float]) -> bool:
    """Whether f is `value` at one of the x where a float64 cannot tell it from that.

    Beside a jump f may only come near to it; and so it does where `value` is a limit, unless f stays there.
    """
    beside = {math.nextafter(at, side) for at in broken for side in (-math.inf, math.inf)}
    places = [at for at in x.tolist() if at not in beside]
    return bool(places) and (not is_limit or is_zero(slope(bound), places[len(places) // 2]))
