"""Pages of text for people: reports, tables and plots, with the properties of the terminal they go to."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, cast

from actcli.cli.options import Options
from actcli.display.table import TableColumn, table
from actcli.display.terminal import Terminal
from actcli.streams.files import open_sink
from actcli.streams.table_writers import Column

__all__ = ["terminal_of", "write_page", "write_table"]


def terminal_of(options: Options) -> Terminal:
    """Return the properties of the terminal that the output goes to, or those of a file."""
    return Terminal.of(sys.stdout if options.to_stdout else None, color=cast("Any", options.color))


def write_page(text: str, options: Options) -> None:
    """Write a page of text to the output; characters that its encoding lacks are escaped."""
    encoding = getattr(sys.stdout, "encoding", None) if options.to_stdout else None
    with open_sink(options.output) as sink:
        sink.write(f"{text}\n".encode(encoding or "utf-8", "backslashreplace"))


def write_table(columns: Sequence[Column], options: Options) -> None:
    """Write the columns as a table that fits the terminal."""
    ready = [TableColumn(column.header, list(column.text), column.number) for column in columns]
    write_page(table(ready, terminal_of(options)), options)
