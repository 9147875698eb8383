"""A run of `actcli list`: the entries that are wanted, as rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actcli.cli.errors import click_errors, join_or, usage_error
from actcli.cli.options import Options
from actcli.cli.result_rows import row_format
from actcli.cli.terminal_sink import escape_for_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.core.catalogue.activation import Activation
    from actcli.streams.table_writers import Column

__all__ = ["run_list"]

_NUMBER = re.compile(r"[0-9]+\.[0-9]+")
_WIDE = 110
"""From so many columns on there is room for all that an activation is called."""


def run_list(word: str, framework: str, kind: str, options: Options) -> None:
    """Run `actcli list`."""
    from actcli.core.catalogue.search import search
    from actcli.errors import NoMatchError

    with click_errors(word):
        try:
            found = search(word, framework, kind)
        except NoMatchError as fault:
            raise usage_error(
                str(fault) + (f"; did you mean {join_or(fault.suggestions)}?" if fault.suggestions else "")
            ) from None
        form = row_format(options)
        if form == "table":
            _table(found, word.strip(), framework, options)
        else:
            _rows(found, form, options)


def _rows(found: Sequence[Activation], form: str, options: Options) -> None:
    """All that is a word or two, a row for each; `plain` are the names, and JSON has several words as an array."""
    from actcli.core.catalogue.activation import FRAMEWORKS
    from actcli.streams.csv.row_reader import delimiter_byte
    from actcli.streams.files import open_sink
    from actcli.streams.table_writers import write_table

    columns: dict[str, Sequence[str | Sequence[str]]] = {
        "name": [entry.name for entry in found],
        "kind": [entry.kind for entry in found],
        "kinds": [entry.kinds for entry in found],
        "aliases": [entry.aliases for entry in found],
        "parameters": [_params(entry) for entry in found],
        "formula": [entry.formula for entry in found],
        "derivative": [entry.derivative for entry in found],
        "range": [entry.properties.range or "" for entry in found],
    }
    columns |= {word: [_called(entry, word) for entry in found] for word in FRAMEWORKS}
    columns["paper"] = [entry.paper for entry in found]
    delimiter = "," if options.separator is None else delimiter_byte(options.separator).decode()
    with open_sink(options.output) as sink:
        texts = [_column(header, cells) for header, cells in columns.items()]
        write_table(form, texts, escape_for_terminal(sink, options), delimiter=delimiter)


def _column(header: str, cells: Sequence[str | Sequence[str]]) -> Column:
    from actcli.streams.table_writers import Column

    texts = [cell if isinstance(cell, str) else ", ".join(cell) for cell in cells]
    parts = [cell for cell in cells if not isinstance(cell, str)]
    return Column(header, texts, False, header == "name", parts if len(parts) == len(cells) else None)


def _table(found: Sequence[Activation], word: str, framework: str, options: Options) -> None:
    """What a person looks for first; where there is room for it, all that it is called."""
    from actcli.cli.plot import send, terminal_of
    from actcli.core.catalogue.activation import FRAMEWORKS
    from actcli.core.catalogue.search import matched_name
    from actcli.display.table import TableColumn, table

    terminal = terminal_of(options)
    wide = terminal.width >= _WIDE
    names = [matched_name(entry, word, framework) for entry in found]
    shown = [f"{entry.name} ({name})" if name else entry.name for entry, name in zip(found, names, strict=True)]
    columns = [TableColumn("name", [entry.name for entry in found] if wide else shown)]
    if wide:
        columns.append(TableColumn("also", [", ".join(entry.aliases) for entry in found]))
    if framework:
        called = [", ".join(_called(entry, framework)) for entry in found]
        columns.append(TableColumn(f"in {FRAMEWORKS[framework]}", called))
    columns += [
        TableColumn("f(x)", [entry.formula for entry in found]),
        TableColumn("range", [_short(entry.properties.range or "") for entry in found]),
    ]
    if not framework:
        columns.append(TableColumn("frameworks", [_frameworks(entry, wide) for entry in found]))
    send(table([column for column in columns if any(column.cells)], terminal), options)


def _frameworks(entry: Activation, wide: bool) -> str:
    """The frameworks that have it, with what each calls it first if there is room."""
    from actcli.core.catalogue.activation import FRAMEWORKS

    having = [word for word in FRAMEWORKS if entry.framework_variants(word)]
    return ", ".join(f"{word} {_called(entry, word)[0]}" for word in having) if wide else " ".join(having)


def _short(interval: str) -> str:
    """An interval with numbers of six digits."""
    from actcli.display.numbers import significant

    return _NUMBER.sub(lambda number: significant(float(number.group()), 6), interval)


def _params(entry: Activation) -> list[str]:
    return [
        param.name if param.default is None else f"{param.name}={param.default}"
        for param in entry.available_parameters()
    ]


def _called(entry: Activation, framework: str) -> list[str]:
    """What a framework calls it, every name once."""
    return list(dict.fromkeys(name for form in entry.framework_variants(framework) for name in form.names.split("; ")))
