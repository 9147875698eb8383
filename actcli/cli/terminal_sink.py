"""A terminal as a sink: what a file or an argument says may be seen there, but may not act on it."""

from __future__ import annotations

import re
import sys
from typing import Any

from actcli.cli.options import Options
from actcli.text import escape

__all__ = ["escape_for_terminal", "writes_to_terminal"]

_ACTING = r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\udc80-\udcff]"


def writes_to_terminal(options: Options) -> bool:
    """Whether what is written goes to a terminal."""
    return options.to_stdout and not options.in_place and sys.stdout is not None and sys.stdout.isatty()


def escape_for_terminal(sink: Any, options: Options) -> Any:
    """`sink`, with control characters and bytes that are no UTF-8 spelled out if a terminal would see them."""
    return _Sink(sink) if writes_to_terminal(options) else sink


class _Sink:
    def __init__(self, sink: Any) -> None:
        self._sink = sink

    def write(self, data: bytes | memoryview) -> None:
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._sink.write(re.sub(_ACTING, lambda found: escape(found[0]), text).encode())

    def flush(self) -> None:
        self._sink.flush()
