"""A run of `actcli list`: the entries that are wanted, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.cli.eyes import for_eyes
from actcli.cli.faults import either, spoken, usage
from actcli.cli.options import Options
from actcli.cli.rows import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.core.record import Activation

__all__ = ["run_list"]


def run_list(word: str, framework: str, kind: str, options: Options) -> None:
    """Run `actcli list`."""
    from actcli.core.search import NothingFound, search

    with spoken(word):
        try:
            found = search(word, framework, kind)
        except NothingFound as fault:
            raise usage(str(fault) + (f"; did you mean {either(fault.near)}?" if fault.near else "")) from None
        form = format_of(options)
        if form == "table":
            _table(found, framework, options)
        else:
            _rows(found, form, options)


def _rows(found: Sequence[Activation], form: str, options: Options) -> None:
    """All that is a word or two, a row for each; `plain` are the names."""
    from actcli.core.record import FRAMEWORKS
    from actcli.streams.files import open_sink
    from actcli.streams.records import delimiter_byte
    from actcli.streams.writers import Column, write

    columns = {
        "name": [entry.name for entry in found],
        "kind": [entry.kinds[-1] for entry in found],
        "aliases": [", ".join(entry.aliases) for entry in found],
        "parameters": [", ".join(_params(entry)) for entry in found],
        "formula": [entry.formula for entry in found],
        "derivative": [entry.derivative for entry in found],
        "range": [entry.facts.range or "" for entry in found],
    }
    columns |= {word: [_called(entry, word) for entry in found] for word in FRAMEWORKS}
    columns["paper"] = [entry.paper for entry in found]
    delimiter = "," if options.separator is None else delimiter_byte(options.separator).decode()
    with open_sink(options.output) as sink:
        texts = [Column(header, cells, False, header == "name") for header, cells in columns.items()]
        write(form, texts, for_eyes(sink, options), delimiter=delimiter)


def _table(found: Sequence[Activation], framework: str, options: Options) -> None:
    """What a person looks for first."""
    from actcli.cli.drawing import send, terminal_of
    from actcli.core.record import FRAMEWORKS
    from actcli.display.table import TableColumn, table

    columns = [TableColumn("name", [entry.name for entry in found])]
    if framework:
        columns.append(TableColumn(f"in {FRAMEWORKS[framework]}", [_called(entry, framework) for entry in found]))
    columns += [
        TableColumn("f(x)", [entry.formula for entry in found]),
        TableColumn("range", [_short(entry.facts.range or "") for entry in found]),
    ]
    if not framework:
        columns.append(TableColumn("frameworks", [" ".join(filter(entry.forms, FRAMEWORKS)) for entry in found]))
    send(table(columns, terminal_of(options)), options)


def _short(interval: str) -> str:
    """An interval with numbers of six digits; an end that is a word or two stays as it is."""
    from actcli.display.numbers import significant
    from actcli.formats import is_number

    ends = [end.strip() for end in interval[1:-1].split(",")]
    ends = [significant(float(end), 6) if is_number(end) else end for end in ends]
    return f"{interval[0]}{', '.join(ends)}{interval[-1]}"


def _params(entry: Activation) -> list[str]:
    return [param.name if param.default is None else f"{param.name}={param.default}" for param in entry.taken()]


def _called(entry: Activation, framework: str) -> str:
    """What a framework calls it, every name once."""
    return ", ".join(dict.fromkeys(name for form in entry.forms(framework) for name in form.called.split("; ")))
