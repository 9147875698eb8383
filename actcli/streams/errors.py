"""What can go wrong with data and files, and how text from elsewhere is shown when it does."""

from __future__ import annotations

from contextlib import suppress

__all__ = ["DataError", "UsageError", "displayable", "escape"]

_LONGEST = 200
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class DataError(Exception):
    """The data or a file is at fault (exit status 1).

    The message is one finished line without control characters.
    """


class UsageError(Exception):
    """The words of the command do not fit the data (exit status 2).

    The message is one finished line without control characters.
    """


def escape(text: str | bytes) -> str:
    r"""`text` with everything spelled out that could act on a terminal or hide: `\n`, `\x1b`, `\u202e`.

    Bytes are read as UTF-8; a byte that is none, in bytes or as a surrogate escape in a str, is `\xNN`.
    """
    if isinstance(text, str) and not text.isprintable():
        with suppress(UnicodeEncodeError):
            # Where the locale is not of UTF-8, a name from the system has each of its bytes as a surrogate.
            text = text.encode("utf-8", "surrogateescape")
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    return text if text.isprintable() else "".join(map(_visible, text))


def displayable(text: str | bytes) -> str:
    """`text` as a message may show it: `escaped`, and at most 200 characters long (the end is then `...`)."""
    # One code point takes at most four bytes, and one that is cut in half lies beyond what is shown.
    start = text[: 4 * _LONGEST + 4] if isinstance(text, bytes) else text[: _LONGEST + 1]
    line = escape(start)
    if len(line) <= _LONGEST:
        return line
    return line[: _LONGEST - 3] + "..."


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return _SHORT.get(character) or character.encode("unicode_escape").decode("ascii")
