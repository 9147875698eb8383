"""CSV input: the options that describe it, the source, its progress bar, and the check that it is not the output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.cli.output_format import csv_delimiter
from actcli.display.progress import Progress
from actcli.streams.csv.column_selection import parts
from actcli.streams.csv.plan import FilterOptions
from actcli.streams.files import Source, open_source

__all__ = ["check_output_is_not_input", "filter_options", "open_input"]


def filter_options(options: Options, **more: Any) -> FilterOptions:
    """Return the options of the CSV filter: those that every command has, and `more` of one of them."""
    comment = (options.comment or "").encode("utf-8", "surrogateescape")
    delimiter = csv_delimiter(options)
    if options.comment is not None and (not comment or comment[:1] in (b'"', delimiter.encode()) or b"\n" in comment):
        raise usage_error(f"--comment: expected what comments start with ('#'), not {quote(options.comment)}")
    na = [text.strip(" \t") for spec in options.na for text in parts(spec)]
    return FilterOptions(
        **{"columns": options.column, "on_error": cast("Any", options.on_error)} | more,
        header=options.header,
        delimiter=delimiter,
        na=frozenset(text.encode("utf-8", "surrogateescape") for text in na if text),
        decimal=cast("Any", options.decimal),
        comment=comment,
        skip_lines=options.skip_lines,
        takes_sep=options.delimiter is None,
    )


@contextmanager
def open_input(path: str, show_progress: bool = True) -> Iterator[tuple[Source, Callable[[int], None]]]:
    """Open `path` and yield the source and a callback that takes the position reached in it.

    Only a regular file has a progress bar, because only its size is known.
    """
    with open_source(path) as source:
        stream = sys.stderr if source.size and show_progress else None
        with Progress(source.size, stream) as advance:
            yield source, _advance_to(advance)


def check_output_is_not_input(options: Options, remedy: str = "write to another file") -> None:
    """Raise UsageError if -o names the file of -i, under whichever name."""
    if options.path == "-" or options.output is None or options.to_stdout:
        return
    with suppress(OSError):
        if os.path.isfile(options.path) and os.path.samefile(options.path, options.output):
            raise usage_error(f"{quote(options.output)} is the input file: {remedy}")


def _advance_to(advance: Callable[[int], None]) -> Callable[[int], None]:
    """Return a callback that takes a position and calls `advance` with the bytes since the last one."""
    last = 0

    def advance_to(position: int) -> None:
        nonlocal last
        advance(position - last)
        last = position

    return advance_to
