"""Text that came from elsewhere, made safe to print; and how many columns a text takes."""

from __future__ import annotations

import unicodedata

__all__ = ["escape", "shorten", "text_width"]

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape(text: str, *, unicode: bool = True) -> str:
    r"""`text` with each character that could act on a terminal, or hide, spelled out (`\n`, `\x1b`).

    What str.isprintable() calls printable stays; a byte that was no UTF-8 (surrogateescape) becomes `\xNN`.
    With unicode=False everything beyond ASCII is spelled out too.
    """
    if text.isprintable() and (unicode or text.isascii()):
        return text
    return "".join(c if c.isprintable() and (unicode or c.isascii()) else _code(c) for c in text)


def text_width(text: str) -> int:
    """The columns that `text` (printable) takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_character_width(c) for c in text)


def shorten(text: str, width: int, *, unicode: bool = True) -> str:
    """`text` if it takes at most `width` columns, else its beginning and an ellipsis. Not for numbers."""
    if text_width(text) <= width:
        return text
    ellipsis = ("…" if unicode else "...")[: max(width, 0)]
    room = width - len(ellipsis)
    kept: list[str] = []
    for character in text:
        room -= _character_width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + ellipsis


def _code(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    point = ord(character)
    if 0xDC80 <= point <= 0xDCFF:
        point -= 0xDC00
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
