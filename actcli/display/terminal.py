"""What an output stream can show: colour, size, character set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Terminal", "is_terminal"]

_DRAWN = "─│┤┬└┄┆┼█░·▀▌▛⠁⣿…"
_LARGEST = 10_000


@dataclass(frozen=True)
class Terminal:
    """What may be written to a stream for a person to read.

    color    whether escape sequences for colour and weight may be written
    width    columns
    height   lines
    unicode  whether all that tables and plots draw can be encoded; if not, ASCII alone may be written
    """

    color: bool = False
    width: int = 80
    height: int = 24
    unicode: bool = True

    @classmethod
    def of(
        cls,
        stream: Any,
        color: Literal["auto", "always", "never"] = "auto",
        environ: Mapping[str, str] | None = None,
    ) -> Terminal:
        """The terminal behind `stream`, or what comes closest to one where there is none.

        stream   anything with `write`; what it lacks of `isatty`, `fileno` and `encoding` is done without
        color    "always" and "never" decide; with "auto" a non-empty NO_COLOR forbids colour, else
                 FORCE_COLOR or CLICOLOR_FORCE (neither empty nor "0") demands it, else a terminal that is not
                 dumb has it
        environ  the environment, os.environ by default; COLUMNS and LINES in it go before the terminal's size, and
                 LC_ALL=C asks for ASCII
        """
        environ = os.environ if environ is None else environ
        columns, lines = _size(stream)
        return cls(
            color=_color(stream, color, environ),
            width=_sane(environ.get("COLUMNS", "")) or columns or 80,
            height=_sane(environ.get("LINES", "")) or lines or 24,
            unicode=_can_draw(stream, environ),
        )

    @property
    def charset(self) -> Literal["braille", "ascii"]:
        """The finest character set for plots that this terminal can be sent."""
        return "braille" if self.unicode else "ascii"


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; a closed one, or one that cannot be asked, is not."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError, OSError):
        return False


def _color(stream: Any, color: str, environ: Mapping[str, str]) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def _size(stream: Any) -> tuple[int | None, int | None]:
    try:
        columns, lines = os.get_terminal_size(stream.fileno())
    except (AttributeError, TypeError, ValueError, OSError):
        return None, None
    return _sane(str(columns)), _sane(str(lines))


def _sane(text: str) -> int | None:
    """The number that `text` spells if it can be a terminal's size (some report themselves 0 by 0)."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST))):
        return None
    return int(text) if 1 <= int(text) <= _LARGEST else None


def _can_draw(stream: Any, environ: Mapping[str, str]) -> bool:
    # Python writes UTF-8 in the C locale; who asks for that one by name asks for ASCII.
    if environ.get("LC_ALL") in ("C", "POSIX") and not environ.get("PYTHONIOENCODING") and _is_real(stream):
        return False
    encoding = getattr(stream, "encoding", None)
    if encoding is None:
        return True  # Nothing stands between such a stream and the text (io.StringIO).
    try:
        _DRAWN.encode(encoding)
    except (UnicodeEncodeError, LookupError, TypeError):
        return False
    return True


def _is_real(stream: Any) -> bool:
    """Whether `stream` leads out of the process."""
    try:
        stream.fileno()
    except (AttributeError, TypeError, ValueError, OSError):
        return False
    return True
