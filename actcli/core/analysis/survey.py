"""The survey of a function: cells of the line with what is proven of f in each, and the evidence for its facts."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.proofs import Course, Steepness, course_of, largest_derivative
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.enclosures import Enclosures, first_ends, line_end
from actcli.core.evaluation.number_line import neighbours
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.evidence import Evidence
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["Survey", "survey"]

_MAX_POINTS = 3000
"""More cells than these are not searched one by one: f oscillates."""


class Survey:
    """What is proven of an activation on the whole line, or else within the search radius.

    course      the cells, with what is proven of each
    everywhere  whether they cover the line; otherwise they reach from -radius to radius
    """

    course: Course

    def __init__(self, bound: BoundActivation, radius: float, limits: dict[str, tuple[float, float]]) -> None:
        self.bound = bound
        self.radius = radius
        self._limits = limits
        self.enclosures = Enclosures(bound)
        end = max(line_end(bound), radius)
        self._line = first_ends(self.enclosures, -end, end)
        # An oscillating tail has a turn in each period; one outside the domain has none.
        tails = evaluate(Quantity(bound), np.array([-end, end]), FLOATS["float64"]).tolist()
        self.everywhere = not any(
            math.isnan(limit) and not math.isnan(y) for limit, y in zip(limits["f"], tails, strict=True)
        )
        if self.everywhere:
            self.course = course_of(self.enclosures, self._line)
            self.everywhere = self.course.is_decided
        if not self.everywhere:
            self.course = course_of(self.enclosures, first_ends(self.enclosures, -radius, radius))

    @property
    def points(self) -> Floats:
        """The ends of the cells, as samples that no feature found by the survey escapes."""
        cells = self.course.cells
        turns = np.array([turn[:2] for turn in self.course.turns()]).reshape(-1, 2)
        around = [neighbours(turns[:, 0])[0], neighbours(turns[:, 1])[1]]
        points = np.unique(np.concatenate([cells.lo, cells.hi, *around]))
        return points if points.size <= _MAX_POINTS else points[:0]

    @cached_property
    def steepness(self) -> tuple[Steepness, bool]:
        """Bounds of sup |f'|, and whether they hold everywhere; otherwise from -radius to radius."""
        slopes = self._limits["slope"]
        found = largest_derivative(self.enclosures, self._line, slopes)
        if math.isfinite(found.greatest) or max(map(abs, slopes)) == math.inf:
            return found, True
        near = first_ends(self.enclosures, -self.radius, self.radius)
        inside = largest_derivative(self.enclosures, near, slopes)
        return (inside, False) if math.isfinite(inside.greatest) else (found, True)

    def evidence(self, is_proven: bool) -> Evidence:
        """Return the evidence for a fact of the course."""
        return "observed" if not is_proven else "proven" if self.everywhere else "searched"


_last: list[tuple[BoundActivation, Survey]] = []


def survey(bound: BoundActivation, radius: float, limits: dict[str, tuple[float, float]]) -> Survey:
    """Return the survey of an activation; that of the last one is kept, since a report asks for it twice."""
    for known, found in _last[-1:]:
        if known is bound:
            return found
    found = Survey(bound, radius, limits)
    _last[:] = [(bound, found)]
    return found
