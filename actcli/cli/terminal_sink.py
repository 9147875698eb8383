"""A sink that escapes control characters when stdout is a terminal, so that text from files cannot act on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actcli.cli.console import stdout_is_terminal
from actcli.cli.options import Options
from actcli.text import escape

if TYPE_CHECKING:
    from actcli.streams.files import Writable

__all__ = ["escape_for_terminal", "writes_to_terminal"]

_CONTROL = r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\udc80-\udcff]"
"""Control characters, bidirectional overrides, and the surrogates of invalid UTF-8."""


def writes_to_terminal(options: Options) -> bool:
    """Return whether the output goes to a terminal."""
    return options.to_stdout and not options.in_place and stdout_is_terminal()


def escape_for_terminal(sink: Writable, options: Options) -> Writable:
    """Return `sink`, wrapped to escape control characters and invalid UTF-8 if it is a terminal."""
    return _EscapingSink(sink) if writes_to_terminal(options) else sink


class _EscapingSink:
    def __init__(self, sink: Writable) -> None:
        self._sink = sink

    def write(self, data: bytes | memoryview) -> None:
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._sink.write(re.sub(_CONTROL, lambda match: escape(match[0]), text).encode())

    def flush(self) -> None:
        self._sink.flush()
