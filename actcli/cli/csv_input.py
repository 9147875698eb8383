"""CSV input: the source, its progress bar, and the check that the output does not replace it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.display.progress import Progress
from actcli.streams.files import Source, open_source

__all__ = ["check_output_is_not_input", "open_input"]


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
