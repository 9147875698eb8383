"""A run of `actcli demo`: the experiment that is asked for, and the form in which it goes out."""

from __future__ import annotations

import dataclasses
import importlib
import json
from typing import TYPE_CHECKING, Any, Protocol

from actcli.cli.demo_topics import TOPICS
from actcli.cli.errors import click_errors, quote, usage_error
from actcli.cli.options import Options
from actcli.cli.plot import send, terminal_of
from actcli.cli.result_rows import report_format
from actcli.cli.spec_arguments import bind_all
from actcli.number_formats import is_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["Demo", "run_demo"]

_DRAWN = "{} draws its slopes left of 0 at random in training; here they have their mean."


class Demo(Protocol):
    """What every experiment gives: columns of what was seen, and sentences that say it."""

    @property
    def columns(self) -> Mapping[str, Sequence[float] | Sequence[int] | Sequence[str]]: ...

    @property
    def sentences(self) -> Sequence[str]: ...


def run_demo(topic: str, activation: str | None, seed: int, options: Options) -> None:
    """Run `actcli demo`."""
    form = report_format(options)
    with click_errors(activation or ""):
        spec = activation if activation is not None else TOPICS[topic].own
        chosen = _chosen(spec) if spec is not None else None
        found = _experiment(topic, chosen, seed)
        if form == "report":
            from actcli.cli.reports.demo import page

            drawn = chosen is not None and chosen.activation.random_slope_range
            remark = _DRAWN.format(chosen.label) if chosen is not None and drawn else ""
            send(page(found, seed, terminal_of(options), remark), options)
        elif form == "json":
            send(_as_json({"topic": topic, "seed": seed}, found), options)
        else:
            _write_columns(found, form, options)


def _chosen(spec: str) -> BoundActivation:
    """What SPEC stands for; an expression, which headers call f, is called by its own text here."""
    from actcli.core.spec import parse

    if is_number(spec.strip()):
        raise usage_error(f"--activation takes an activation or an expression in x, not the number {quote(spec)}")
    if parse(spec, partial=True).activation.is_vector:
        # Said before a parameter is asked for that would not help.
        raise usage_error(f"{quote(spec)} is a function of a vector: demo takes elementwise ones")
    bound = bind_all([spec], (), "demo")[0]
    return bound._replace(label=spec.strip()) if bound.label == "f" else bound


def _experiment(topic: str, chosen: BoundActivation | None, seed: int) -> Demo:
    name = TOPICS[topic].room
    found: Demo = getattr(importlib.import_module(f"actcli.core.demos.{name}"), name)(chosen, seed)
    return found


def _as_json(head: dict[str, Any], found: Demo) -> str:
    """One object, a member a line: what was asked, all that was found, and the sentences."""
    whole = {**head, **_members(found), "sentences": found.sentences}
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_text(value)}" for key, value in whole.items()) + "\n}"


def _text(value: Any) -> str:
    from actcli.streams.json_text import storable

    return json.dumps(storable(_members(value)), allow_nan=False)


def _members(value: Any) -> Any:
    """Records as objects, arrays as lists."""
    import numpy as np

    if dataclasses.is_dataclass(value):
        return {field.name: _members(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [_members(inner) for inner in value] if isinstance(value, list | tuple) else value


def _write_columns(found: Demo, form: str, options: Options) -> None:
    from actcli.cli.terminal_sink import escape_for_terminal
    from actcli.number_formats import FLOATS
    from actcli.streams.files import open_sink
    from actcli.streams.table_writers import Column, write_table

    columns = []
    for header, values in found.columns.items():
        words = any(isinstance(value, str) for value in values)
        texts = [FLOATS["float64"].write(value) if isinstance(value, float) else str(value) for value in values]
        columns.append(Column(header, texts, not words, True))
    with open_sink(options.output) as sink:
        write_table(form, columns, escape_for_terminal(sink, options))
