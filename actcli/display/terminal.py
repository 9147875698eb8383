"""Properties of an output stream: colour, size, character set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Terminal", "is_terminal"]

_DRAWN = "─│┤┬└┄┆┼█░·▀▌▛⠁⣿…"
"""One character of each kind that tables, plots and bars draw."""
_COERCED_LOCALES = ("C.UTF-8", "C.utf8", "UTF-8")
"""The locales that Python may select instead of C."""
_MAX_SIZE = 10_000
"""Columns and lines beyond this are taken for an error."""


@dataclass(frozen=True)
class Terminal:
    """The properties of a stream that is read by a person.

    color    whether to write escape sequences for colour and weight
    width    columns
    height   lines
    unicode  whether all characters of tables and plots can be encoded; else only ASCII is written
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
        """Return the properties of `stream`; of a stream that is not a terminal, 80 by 24 without colour.

        stream   anything with `write`; `isatty`, `fileno` and `encoding` are optional
        color    with "auto", a non-empty NO_COLOR turns colour off, else FORCE_COLOR or CLICOLOR_FORCE (neither empty
                 nor "0") turns it on, else it is on for a terminal that is not dumb, unless CLICOLOR is 0
        environ  the environment, by default os.environ; COLUMNS and LINES override the terminal's size; a locale that
                 is not UTF-8 (LC_ALL, else LC_CTYPE, else LANG) selects ASCII
        """
        environ = os.environ if environ is None else environ
        columns, lines = _size(stream)
        return cls(
            color=_color(stream, color, environ),
            width=_valid_size(environ.get("COLUMNS", "")) or columns or 80,
            height=_valid_size(environ.get("LINES", "")) or lines or 24,
            unicode=_can_draw(stream, environ),
        )

    @property
    def charset(self) -> Literal["braille", "ascii"]:
        """The finest character set for plots that this terminal can show."""
        return "braille" if self.unicode else "ascii"


def is_terminal(stream: Any) -> bool:
    """Return whether `stream` is a terminal; False if it is closed or has no `isatty`."""
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
    return is_terminal(stream) and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"


def _size(stream: Any) -> tuple[int | None, int | None]:
    try:
        columns, lines = os.get_terminal_size(stream.fileno())
    except (AttributeError, TypeError, ValueError, OSError):
        return None, None
    return _valid_size(str(columns)), _valid_size(str(lines))


def _valid_size(text: str) -> int | None:
    """Return `text` as a number if it is a plausible size, else None: some terminals report 0 by 0."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_SIZE))):
        return None
    return int(text) if 1 <= int(text) <= _MAX_SIZE else None


def _can_draw(stream: Any, environ: Mapping[str, str]) -> bool:
    # Python writes UTF-8 in the C locale, but LC_ALL=C is an explicit request for ASCII.
    locale = _locale(environ).lower().replace("-", "")
    if locale and "utf8" not in locale and not environ.get("PYTHONIOENCODING") and _is_real(stream):
        return False
    encoding = getattr(stream, "encoding", None)
    if encoding is None:
        return True  # A text buffer such as io.StringIO encodes nothing.
    try:
        _DRAWN.encode(encoding)
    except (UnicodeEncodeError, LookupError, TypeError):
        return False
    return True


def _locale(environ: Mapping[str, str]) -> str:
    """Return the name of the locale that determines the characters; "" if none is set."""
    names = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    # In the C locale Python itself changes LC_CTYPE before it starts (PEP 538).
    if names[1] in _COERCED_LOCALES and environ is os.environ:
        names[1] = _at_start("LC_CTYPE")
    return next((name for name in names if name), "")


def _at_start(name: str) -> str:
    """Return an environment variable as it was when the process started; "" if unset, or if the system does not say."""
    try:
        with open("/proc/self/environ", "rb") as file:
            variables = file.read().split(b"\0")
    except OSError:
        return ""
    prefix = f"{name}=".encode()
    return next((os.fsdecode(each[len(prefix) :]) for each in variables if each.startswith(prefix)), "")


def _is_real(stream: Any) -> bool:
    """Return whether `stream` has a file descriptor."""
    try:
        stream.fileno()
    except (AttributeError, TypeError, ValueError, OSError):
        return False
    return True
