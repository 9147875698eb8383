"""Report of actcli demo: runs an experiment and writes it as a page, as JSON, or as its curves."""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from actcli.cli.demo_topics import TOPICS
from actcli.cli.options import Options
from actcli.cli.output_format import REPORT
from actcli.cli.page import terminal_of, write_page
from actcli.cli.terminal_sink import escape_for_terminal
from actcli.core.demos.datasets import MAX_UNDECIDED
from actcli.core.demos.dead_units import DeadUnits, DeadUnitsRun
from actcli.core.demos.linearity import LAYER_SIZES, Fit, Linearity
from actcli.core.demos.sentences import number
from actcli.core.demos.threshold import KINDS, LEVEL_TOLERANCE, SWEEP_LIMIT, Threshold
from actcli.core.demos.training import Lesson, Training
from actcli.display.decision_map import DecisionMap, shades, side_by_side
from actcli.display.numbers import significant
from actcli.display.plot import MIN_WIDTH, Curve, Panel, plot_panels
from actcli.display.report import Section, report
from actcli.display.table import TableColumn
from actcli.number_formats import FLOATS
from actcli.streams.files import open_sink
from actcli.streams.json_text import storable
from actcli.streams.table_writers import Column, write_table
from actcli.text import percent

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.display.terminal import Terminal

__all__ = ["run_experiment", "write_demo"]

PLOT_LINES = 10
WIDE = 72
"""Terminal width from which tables have all their columns."""

_PLOTTED = ("step", "sigmoid", "relu", "identity")
_STEPS = (0, 1, 2, 5, 10, 20, 150)

_RANDOM_SLOPES = "{} draws its slopes left of 0 at random in training; here they have their mean."


class Experiment(Protocol):
    """What every experiment provides: columns of numbers, and sentences that state what they show."""

    @property
    def columns(self) -> Mapping[str, Sequence[float] | Sequence[int] | Sequence[str]]: ...

    @property
    def sentences(self) -> Sequence[str]: ...


def write_demo(topic: str, bound: BoundActivation | None, seed: int, form: str, options: Options) -> None:
    """Run the experiment of a topic and write it in the format `form`."""
    experiment = run_experiment(topic, bound, seed)
    if form == REPORT:
        has_random_slopes = bound is not None and bound.activation.random_slope_range
        remark = _RANDOM_SLOPES.format(bound.label) if bound is not None and has_random_slopes else ""
        write_page(_page(experiment, seed, terminal_of(options), remark), options)
    elif form == "json":
        write_page(_as_json({"topic": topic, "seed": seed}, experiment), options)
    else:
        _write_columns(experiment, form, options)


def run_experiment(topic: str, bound: BoundActivation | None, seed: int) -> Experiment:
    """Run the experiment of a topic."""
    name = TOPICS[topic].module
    experiment: Experiment = getattr(importlib.import_module(f"actcli.core.demos.{name}"), name)(bound, seed)
    return experiment


def _as_json(head: dict[str, Any], experiment: Experiment) -> str:
    """Return one object, a member a line: the question, the results and the sentences."""
    members = {**head, **_jsonable(experiment), "sentences": experiment.sentences}
    lines = [
        f"{json.dumps(key)}: {json.dumps(storable(_jsonable(value)), allow_nan=False)}"
        for key, value in members.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}"


def _jsonable(value: Any) -> Any:
    """Return records as dictionaries and arrays as lists."""
    if dataclasses.is_dataclass(value):
        return {field.name: _jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [_jsonable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _write_columns(experiment: Experiment, form: str, options: Options) -> None:
    columns = []
    for header, values in experiment.columns.items():
        has_words = any(isinstance(value, str) for value in values)
        texts = [FLOATS["float64"].write(value) if isinstance(value, float) else str(value) for value in values]
        columns.append(Column(header, texts, not has_words, True))
    with open_sink(options.output) as sink:
        write_table(form, columns, escape_for_terminal(sink, options))


# --- the page -----------------------------------------------------------------------------------------------

_Content = tuple[str, list[str], list[Section]]
"""Title, notes and sections of a topic."""


def _page(experiment: Experiment, seed: int, terminal: Terminal, remark: str) -> str:
    """Return the page: what was done, plots, numbers, and the sentences that state what they show."""
    match experiment:
        case Linearity():
            title, notes, sections = _linearity(experiment, terminal)
        case Threshold():
            title, notes, sections = _threshold(experiment, terminal)
        case Training():
            title, notes, sections = _training(experiment, terminal)
        case DeadUnits():
            title, notes, sections = _dead_units(experiment, terminal)
    head = Section(f"{title}; seed {seed}", "", [note for note in (*notes, remark) if note])
    return report([head, *sections, Section("Observations", "", experiment.sentences)], terminal)


def _plot(panels: Sequence[Panel], x_range: tuple[float, float], height: int, terminal: Terminal) -> str:
    """Return a plot as wide as the terminal; "" if that is too narrow or if there is nothing to plot."""
    if terminal.width < MIN_WIDTH or not panels:
        return ""
    return plot_panels(
        panels, x_range=x_range, width=terminal.width, height=height, charset=terminal.charset, color=terminal.color
    )


def _words(header: str, cells: Iterable[str]) -> TableColumn:
    return TableColumn(header, list(cells))


def _numbers(header: str, values: Iterable[float | None], digits: int = 4) -> TableColumn:
    return TableColumn(header, ["" if v is None else significant(v + 0.0, digits) for v in values], True)


def _fit_width(terminal: Terminal, columns: Sequence[TableColumn], *optional: str) -> list[TableColumn]:
    """Return the columns, in a narrow terminal without the optional ones."""
    is_wide = terminal.width >= WIDE
    return [column for column in columns if is_wide or column.header not in optional]


def _share(value: float, total: int) -> str:
    """Return a share of `total` in per cent."""
    return "" if math.isnan(value) else percent(value / total)


# --- linearity ----------------------------------------------------------------------------------------------


def _linearity(found: Linearity, terminal: Terminal) -> _Content:
    t = found.t.tolist()
    outputs = ((found.label, found.output), ("no activation", found.output_without))
    panels = [Panel([Curve(label, t, out.tolist())]) for label, out in outputs if any(map(math.isfinite, out))]
    sizes = f"2 inputs, {found.layers - 1} hidden layers of {LAYER_SIZES[1]} units, 1 output"
    fits = (found.fit, found.fit_without)
    plot = _plot(panels, (t[0], t[-1]), PLOT_LINES * len(panels), terminal)
    return (
        f"A network with random weights and biases: {sizes}",
        [],
        [
            Section("Its output along the line x1 = x2 = t", plot),
            Section(
                f"The best linear fit to its output at {found.points} random points",
                [
                    _words("between the layers", [found.label, "no activation"]),
                    _words("unexplained", map(_unexplained, fits)),
                    _words("furthest", (_furthest(fit) for fit in fits)),
                ],
                [
                    "unexplained: the share of the output's variance that the fit leaves; furthest: the largest "
                    "distance of an output from the fit, as a share of the largest output"
                ],
            ),
        ],
    )


def _unexplained(fit: Fit) -> str:
    if math.isnan(fit.unexplained):
        return "no fit"
    return "0, to rounding" if fit.is_exact else percent(fit.unexplained)


def _furthest(fit: Fit) -> str:
    return "" if math.isnan(fit.furthest) else significant(fit.furthest, 3)


# --- threshold ----------------------------------------------------------------------------------------------


def _threshold(found: Threshold, terminal: Terminal) -> _Content:
    terms = " + ".join(f"{_signed(w)}*{_signed(x)}" for w, x in zip(found.weights, found.inputs, strict=True))
    rows, sums = found.responses, found.sums.tolist()
    curves = [
        Curve(row.label, sums, row.outputs.tolist(), row.jumps)
        for row in rows
        if row.label in _PLOTTED or row is rows[0]
    ]
    return (
        "One unit (neuron) with three inputs",
        [
            f"weighted sum = {terms} + bias = {found.weighted:g} + bias",
            f"The threshold, where the sum is 0, is at a bias of {found.at_bias:g}.",
        ],
        [
            Section(
                "Its output by the weighted sum; the vertical line at 0 is the threshold",
                _plot([Panel(curves, (-1.5, 2.5))], (-4, 4), 14, terminal),
            ),
            Section(
                f"As the bias moves the weighted sum from {-SWEEP_LIMIT} to {SWEEP_LIMIT}",
                _fit_width(
                    terminal,
                    [
                        _words("activation", (row.label for row in rows)),
                        _levels("far below", (row.far_below for row in rows)),
                        _numbers("at 0", (row.at_zero for row in rows), 3),
                        _levels("far above", (row.far_above for row in rows)),
                        _numbers("off up to", (row.off_up_to for row in rows), 3),
                        _numbers("on from", (row.on_from for row in rows), 3),
                        _numbers("width", (row.width for row in rows), 3),
                        _words("behaviour", (KINDS[row.kind] for row in rows)),
                    ],
                    "far below",
                    "at 0",
                    "far above",
                    "width",
                ),
                [
                    f"off up to, on from: the output is within {LEVEL_TOLERANCE} of its level far below or far above, "
                    f"and within {LEVEL_TOLERANCE:.0%} of the way between them",
                    *(["width: the distance between these two, 0 for a jump"] if terminal.width >= WIDE else []),
                ],
            ),
        ],
    )


def _levels(header: str, limits: Iterable[float]) -> TableColumn:
    return TableColumn(header, ["none" if math.isnan(v) else significant(v + 0.0, 3) for v in limits], True)


def _signed(value: float) -> str:
    return f"({value:g})" if value < 0 else f"{value:g}"


# --- training -----------------------------------------------------------------------------------------------


def _training(found: Training, terminal: Terminal) -> _Content:
    inputs, *hidden, outputs = found.sizes
    layers = " and ".join(map(str, hidden))
    rows = [(lesson, run) for lesson in found.lessons for run in lesson.runs]
    undecided = any((run.region == 0).any() for _, run in rows if run.region.any())
    first, second = shades(terminal)
    legend = "x and o are points of the two classes, X and O those that the network gets wrong; "
    legend += f"{first} is where it decides for x, {second} where it decides for o"
    if undecided:
        legend += f"; within {MAX_UNDECIDED:g} of 0 its output is undecided: ? there, and * for the points"
    panels = [
        Panel(
            [Curve(run.label, range(len(run.trained.losses)), run.trained.losses.tolist()) for run in lesson.runs],
            logarithmic=True,
        )
        for lesson in found.lessons
    ]
    return (
        f"A network of {inputs} inputs, hidden layers of {layers} units and {outputs} output learns to tell two "
        f"classes apart, in {found.steps} steps of gradient descent (learning rate {found.rate:g}, gradients clipped "
        f"to a length of {found.clip:g})",
        [legend],
        [
            *(_maps(lesson, terminal) for lesson in found.lessons),
            Section(
                f"Loss by step, logarithmic: {', then '.join(lesson.setting.name for lesson in found.lessons)}",
                _plot(panels, (0, found.steps), 2 * 8, terminal),
            ),
            Section(
                "",
                _fit_width(
                    terminal,
                    [
                        _words("task", (lesson.setting.name for lesson, _ in rows)),
                        _words("activation", (run.label for _, run in rows)),
                        _numbers("first loss", (run.trained.losses[0] for _, run in rows), 3),
                        _numbers("last loss", (run.trained.losses[-1] for _, run in rows), 3),
                        TableColumn("accuracy", [_share(run.right, len(lesson.y)) for lesson, run in rows], True),
                        TableColumn("best line", [_share(lesson.line, len(lesson.y)) for lesson, _ in rows], True),
                    ],
                    "first loss",
                    "last loss",
                ),
            ),
        ],
    )


def _maps(lesson: Lesson, terminal: Terminal) -> Section:
    setting, of = lesson.setting, len(lesson.y)
    maps = [
        DecisionMap(
            titles=[
                run.label,
                f"{run.undecided} of {of} undecided" if run.undecided else f"{run.right:g} of {of} right",
            ],
            out=run.region.tolist(),
            points=lesson.x.tolist(),
            classes=lesson.y.tolist(),
            scores=run.scores.tolist(),
            across=setting.x1,
            up=setting.x2,
        )
        for run in lesson.runs
        if not run.trained.stopped and run.region.any()
    ]
    notes = []
    if maps and terminal.width >= MIN_WIDTH:
        (left, right), (bottom, top) = setting.x1, setting.x2
        notes.append(f"x1 from {left:g} to {right:g} across, x2 from {bottom:g} to {top:g} upwards")
    notes += [
        f"{run.label} has no map: its output is within {MAX_UNDECIDED:g} of 0 everywhere, so it decides for no class."
        for run in lesson.runs
        if not run.region.any()
    ]
    if setting.name == "XOR" and lesson.runs[-1].undecided == of:
        notes.append("A line's least loss on XOR is that of an output of 0 everywhere, so that is what it learns.")
    body = side_by_side(maps, terminal) if maps else ""
    return Section(f"{setting.name[:1].upper()}{setting.name[1:]}: {of} points", body, notes)


# --- dying-relu ---------------------------------------------------------------------------------------------


def _dead_units(found: DeadUnits, terminal: Terminal) -> _Content:
    curves = [Curve(run.label, range(len(run.dead)), run.dead) for run in found.runs]
    rows = [*found.runs, found.remedy]
    hostile, ordinary = found.runs[0].conditions, found.remedy.conditions
    return (
        f"Two moons, {found.points} points, learnt by a hidden layer of {found.units} units in {found.steps} steps",
        [
            f"Hostile conditions: a learning rate of {hostile.rate:g}, and biases lowered by {hostile.lowered:g} at "
            f"the start, which holds the sums down. Ordinary ones: a rate of {ordinary.rate:g}, and biases as drawn.",
            "A unit (neuron) is dead when f' of its sum is 0 at every point: its gradient is then 0, so no step can "
            "move its weights again and the dead stay dead.",
        ],
        [
            Section(
                f"Dead units by step, of {found.units}, under hostile conditions",
                _plot([Panel(curves, (0, found.units))], (0, found.steps), PLOT_LINES, terminal),
            ),
            Section(
                "",
                [
                    _numbers("step", _STEPS),
                    *(TableColumn(run.label, [_dead_at(run, step) for step in _STEPS], True) for run in found.runs),
                ],
            ),
            Section(
                "How they fared, and the remedy",
                _fit_width(
                    terminal,
                    [
                        _words("activation", (run.label for run in rows)),
                        _words("conditions", (run.conditions.name for run in rows)),
                        _numbers("dead at first", (run.dead[0] for run in rows)),
                        _numbers("dead at last", (run.dead[-1] for run in rows)),
                        _numbers("nearly dead", (run.nearly_dead[-1] for run in rows)),
                        _numbers("right", (None if math.isnan(run.right) else run.right for run in rows)),
                    ],
                    "dead at first",
                    "nearly dead",
                ),
                [
                    f"right: of {found.points} points (a coin gets {found.points / 2:g}, the best line {found.line})",
                    *(
                        [f"nearly dead: f' below {number(found.nearly)} in size at every point, the dead included"]
                        if terminal.width >= WIDE
                        else []
                    ),
                ],
            ),
        ],
    )


def _dead_at(run: DeadUnitsRun, step: int) -> str:
    return str(run.dead[step]) if step < len(run.dead) else ""
