"""Text: escaping for display, shortening, width in terminal columns; lists of words, counts and shares in per cent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

__all__ = ["count_noun", "displayable", "escape", "join_and", "join_or", "percent", "shorten", "text_width"]

MAX_MESSAGE_CHARS = 200
"""How many characters of a file's or an argument's text an error message shows."""

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATE_ESCAPES = range(0xDC80, 0xDD00)
"""The surrogates that Python's surrogateescape decodes the invalid bytes 0x80 to 0xff to."""


def escape(text: str | bytes, *, unicode: bool = True) -> str:
    r"""Return `text` with every character escaped that could act on a terminal or hide: `\n`, `\x1b`, `\u202e`.

    Bytes are decoded as UTF-8. An invalid byte, in bytes or as a surrogate escape in a str, becomes `\xNN`.
    With unicode=False every character beyond ASCII is escaped too.
    """
    if isinstance(text, str) and not text.isprintable():
        with suppress(UnicodeEncodeError):
            # In a locale other than UTF-8 the system's names have a surrogate escape for each of their bytes.
            text = text.encode("utf-8", "surrogateescape")
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if text.isprintable() and (unicode or text.isascii()):
        return text
    return "".join(c if c.isprintable() and (unicode or c.isascii()) else _escape_character(c) for c in text)


def displayable(text: str | bytes) -> str:
    """Return `text` escaped and cut to at most 200 characters, the last three then being `...`."""
    # A code point takes at most four bytes, and one that is cut in half lies beyond what is shown.
    start = text[: 4 * MAX_MESSAGE_CHARS + 4] if isinstance(text, bytes) else text[: MAX_MESSAGE_CHARS + 1]
    line = escape(start)
    return line if len(line) <= MAX_MESSAGE_CHARS else line[: MAX_MESSAGE_CHARS - 3] + "..."


def text_width(text: str) -> int:
    """Return the terminal columns of printable `text`: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_character_width(c) for c in text)


def shorten(text: str, width: int, *, unicode: bool = True) -> str:
    """Return `text`, cut with an ellipsis if it takes more than `width` columns. Numbers must not be cut this way."""
    if text_width(text) <= width:
        return text
    ellipsis = ("…" if unicode else "...")[: max(width, 0)]
    room = width - len(ellipsis)
    shown: list[str] = []
    for character in text:
        room -= _character_width(character)
        if room < 0:
            break
        shown.append(character)
    return "".join(shown) + ellipsis


def join_or(words: Sequence[str]) -> str:
    """Return `a`, `a or b`, `a, b or c`."""
    return _join(words, " or ")


def join_and(words: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return _join(words, " and ")


def count_noun(count: int, noun: str) -> str:
    """Return `1 row`, `2 rows` and so on."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def percent(part: float, whole: float = 1.0) -> str:
    """Return part / whole in per cent with at most four digits; `100%` only if part is the whole."""
    if part == 0:
        return "0%"
    return "100%" if part >= whole else f"{min(100 * part / whole, 99.99):.4g}%"


def _join(words: Sequence[str], conjunction: str) -> str:
    return conjunction.join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _escape_character(character: str) -> str:
    r"""Return the shortest of `\n`, `\xNN`, `\uNNNN` and `\UNNNNNNNN` for one character."""
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    point = ord(character)
    if point in _SURROGATE_ESCAPES:
        point -= 0xDC00
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _character_width(character: str) -> int:
    """Return the terminal columns of one printable character."""
    import unicodedata  # late: only needed for text beyond ASCII

    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
