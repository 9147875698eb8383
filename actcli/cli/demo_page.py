"""What a demonstration showed, as a page for a person."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from actcli.core.demos.dying import GENTLE, HOSTILE, NEARLY, STEPS, UNITS, Dying, Watched
from actcli.core.demos.linearity import SIZES, Linearity
from actcli.core.demos.threshold import KINDS, Threshold
from actcli.core.demos.training import HIDDEN, Lesson, Training
from actcli.core.demos.words import lost, percent
from actcli.display.numbers import significant
from actcli.display.plot import Curve, Panel, plot_panels
from actcli.display.region import Region, side_by_side
from actcli.display.report import Section, report, share
from actcli.display.table import TableColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from actcli.cli.demo_run import Demo
    from actcli.display.terminal import Terminal

__all__ = ["page"]

_PLOT = 11
_LEAST = 20
_DRAWN = ("step", "sigmoid", "relu", "identity")
_SHOWN = (0, 1, 2, 5, 10, 20, 40, 60)


def page(found: Demo, seed: int, terminal: Terminal) -> str:
    """The report: what was done, what it looks like, its numbers, and the sentences that say what was seen."""
    match found:
        case Linearity():
            sections = _linearity(found, seed, terminal)
        case Threshold():
            sections = _threshold(found, seed, terminal)
        case Training():
            sections = _training(found, seed, terminal)
        case Dying():
            sections = _dying(found, seed, terminal)
    return report([*sections, Section("What was seen", "", found.sentences)], terminal)


def _plot(panels: Sequence[Panel], x_range: tuple[float, float], height: int, terminal: Terminal) -> str:
    """A plot as wide as the terminal; nothing if that is too narrow for one."""
    if terminal.width < _LEAST:
        return ""
    return plot_panels(
        panels, x_range=x_range, width=terminal.width, height=height, charset=terminal.charset, color=terminal.color
    )


def _words(header: str, cells: Iterable[str]) -> TableColumn:
    return TableColumn(header, list(cells))


def _numbers(header: str, values: Iterable[float | None], digits: int = 4) -> TableColumn:
    return TableColumn(header, ["" if v is None else significant(v + 0.0, digits) for v in values], True)


def _linearity(found: Linearity, seed: int, terminal: Terminal) -> list[Section]:
    t = found.t.tolist()
    panels = [
        Panel([Curve(label, t, out.tolist())])
        for label, out in ((found.label, found.bent), ("no activation", found.flat))
    ]
    sizes = f"2 inputs, {found.layers - 1} hidden layers of {SIZES[1]} units, 1 output"
    return [
        Section(f"A network with random weights and biases: {sizes}; seed {seed}", ""),
        Section("Its output along the line x1 = x2 = t", _plot(panels, (t[0], t[-1]), 2 * _PLOT, terminal)),
        Section(
            f"The best linear fit to its output at {found.points} random points",
            [
                _words("between the layers", [found.label, "no activation"]),
                TableColumn("unexplained", [percent(fit.unexplained) for fit in found.fits], True),
                _numbers("furthest", [fit.furthest for fit in found.fits], 3),
            ],
            [
                "unexplained: the share of the output's variance that the fit leaves; furthest: the largest distance "
                "of an output from the fit, as a share of the largest output"
            ],
        ),
    ]


def _threshold(found: Threshold, seed: int, terminal: Terminal) -> list[Section]:
    terms = " + ".join(f"{_signed(w)}*{_signed(x)}" for w, x in zip(found.weights, found.inputs, strict=True))
    bias, rows = found.bias.tolist(), found.responses
    curves = [
        Curve(response.label, bias, out.tolist(), [place - found.weighted for place in breaks])
        for response, out, breaks in zip(rows, found.values, found.breaks, strict=True)
        if response.label in _DRAWN or response is rows[0]
    ]
    span = -4 - found.weighted, 4 - found.weighted
    levels = {"far below": [row.below for row in rows], "far above": [row.above for row in rows]}
    below, above = (
        TableColumn(header, ["none" if math.isnan(v) else significant(v + 0.0, 3) for v in values], True)
        for header, values in levels.items()
    )
    return [
        Section(
            f"One unit of three inputs; seed {seed}",
            "",
            [f"weighted sum = {terms} + bias = {found.weighted:g} + bias"],
        ),
        Section("Its output by the bias", _plot([Panel(curves, (-1.5, 2.5))], span, 16, terminal)),
        Section(
            "Its output by the weighted sum, from -8 to 8",
            [
                _words("activation", (row.label for row in rows)),
                below,
                _numbers("at 0", (row.middle for row in rows), 3),
                above,
                _numbers("off up to", (row.off for row in rows), 3),
                _numbers("on from", (row.on for row in rows), 3),
                _words("behaviour", (KINDS[row.kind] for row in rows)),
            ],
            [
                "off up to, on from: up to and from which sum the output is as good as at its level far below or "
                "far above, within 0.01 and within 1% of the way between them"
            ],
        ),
    ]


def _signed(value: float) -> str:
    return f"({value:g})" if value < 0 else f"{value:g}"


def _training(found: Training, seed: int, terminal: Terminal) -> list[Section]:
    title = f"A network of 2 inputs, {HIDDEN} hidden units and 1 output learns to tell two classes apart; seed {seed}"
    legend = (
        "x and o are points of the two classes, in capitals where the network is not right; ? is where it is undecided"
    )
    return [Section(title, "", [legend]), *(part for lesson in found.lessons for part in _lesson(lesson, terminal))]


def _lesson(lesson: Lesson, terminal: Terminal) -> list[Section]:
    setting, runs, of = lesson.setting, lesson.runs, len(lesson.y)
    maps = [
        Region(
            title=f"{run.right:g} of {of} right: {run.label}",
            out=run.region.tolist(),
            points=lesson.x.tolist(),
            classes=lesson.y.tolist(),
            right=(run.scores == 1).tolist(),
            across=setting.across,
            up=setting.up,
        )
        for run in runs
        if not lost(run.losses)
    ]
    curves = [Curve(run.label, range(len(run.losses)), run.losses.tolist()) for run in runs]
    right = ["" if lost(run.losses) else f"{significant(100 * run.right / of, 4)}%" for run in runs]
    return [
        Section(
            f"{setting.name}: {of} points, {setting.steps} steps of gradient descent, learning rate {setting.rate:g}",
            side_by_side(maps, terminal),
        ),
        Section("Loss by step", _plot([Panel(curves)], (0, setting.steps), _PLOT, terminal)),
        Section(
            "",
            [
                _words("activation", [*(run.label for run in runs), "best line"]),
                _numbers("first loss", [*(run.losses[0] for run in runs), None], 3),
                _numbers("last loss", [*(run.losses[-1] for run in runs), None], 3),
                TableColumn("accuracy", [*right, f"{significant(100 * lesson.line / of, 4)}%"], True),
            ],
        ),
    ]


def _dying(found: Dying, seed: int, terminal: Terminal) -> list[Section]:
    curves = [Curve(run.label, range(len(run.dead)), run.dead) for run in found.runs]
    rows = [*found.runs, found.gentle]
    return [
        Section(
            f"Two moons, {found.points} points, learnt by {UNITS} hidden units at a learning rate of {HOSTILE:g} from "
            f"low biases; seed {seed}",
            "",
            ["A unit is dead when its slope f' is 0 at every point: no step can move its weights any more."],
        ),
        Section("Dead units by step", _plot([Panel(curves, (0, UNITS))], (0, STEPS), 14, terminal)),
        Section(
            "Share of units that are dead",
            [
                _numbers("step", _SHOWN),
                *(TableColumn(run.label, [_dead_at(run, step) for step in _SHOWN], True) for run in found.runs),
            ],
        ),
        Section(
            f"Remedies: another activation, or a learning rate of {GENTLE:g}",
            [
                _words("activation", (run.label for run in rows)),
                _numbers("rate", (run.rate for run in rows)),
                _numbers("dead at first", (run.dead[0] for run in rows)),
                _numbers("at last", (run.dead[-1] for run in rows)),
                _numbers("nearly", (run.nearly[-1] for run in rows)),
                _numbers("last loss", (run.losses[-1] for run in rows)),
                _numbers("right", (run.right for run in rows)),
            ],
            [f"nearly: slopes below {NEARLY:g} in size at every point, the dead included; right: of {found.points}"],
        ),
    ]


def _dead_at(run: Watched, step: int) -> str:
    return share(run.dead[step], UNITS) if step < len(run.dead) else ""
