"""Pages of text for people: reports, tables and plots, with the properties of the terminal they go to."""

from __future__ import annotations

import sys
from typing import Any, cast

from actcli.cli.options import Options
from actcli.display.terminal import Terminal
from actcli.streams.files import open_sink

__all__ = ["terminal_of", "write_page"]


def terminal_of(options: Options) -> Terminal:
    """Return the properties of the terminal that the output goes to, or those of a file."""
    return Terminal.of(sys.stdout if options.to_stdout else None, color=cast("Any", options.color))


def write_page(text: str, options: Options) -> None:
    """Write a page of text to the output; characters that its encoding lacks are escaped."""
    encoding = getattr(sys.stdout, "encoding", None) if options.to_stdout else None
    with open_sink(options.output) as sink:
        sink.write(f"{text}\n".encode(encoding or "utf-8", "backslashreplace"))
