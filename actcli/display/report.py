"""Reports: sections of text, tables and bars, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actcli.display.table import TableColumn, table
from actcli.display.terminal import Terminal
from actcli.text import escape, percent, text_width

__all__ = ["INFERRED_NOTE", "Section", "bars", "definitions", "report", "yes_or_no"]

_MIN_TEXT_WIDTH = 16
"""Columns to which text is wrapped at least."""


@dataclass(frozen=True)
class Section:
    """A section: title, body (columns of a table, finished lines, or nothing), and notes below the body."""

    title: str
    body: Sequence[TableColumn] | str
    notes: Sequence[str] = ()


def report(sections: Sequence[Section], terminal: Terminal) -> str:
    """Return the sections within the terminal's width, a blank line between two; no newline at the end."""
    return "\n\n".join(_section(section, terminal) for section in sections)


def _section(section: Section, terminal: Terminal) -> str:
    lines = _wrapped(escape(section.title, unicode=terminal.unicode), terminal.width) if section.title else []
    if terminal.color:
        lines = [f"\x1b[1m{line}\x1b[0m" for line in lines]
    if section.body:
        lines.append(section.body if isinstance(section.body, str) else table(section.body, terminal))
    for note in section.notes:
        lines += _wrapped(escape(note, unicode=terminal.unicode), terminal.width)
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    """Return `text` in lines broken between words; a word longer than a line stays whole."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and text_width(lines[-1]) + 1 + text_width(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def definitions(pairs: Sequence[tuple[str, str]], terminal: Terminal) -> str:
    """Return a line per (term, definition), in two columns; long definitions are wrapped."""
    indent = max(text_width(term) for term, _ in pairs) + 2
    lines = []
    for term, definition in pairs:
        text = escape(definition, unicode=terminal.unicode)
        parts = _wrapped(text, max(terminal.width - indent, _MIN_TEXT_WIDTH))
        heads = [term + " " * (indent - text_width(term)), *[" " * indent] * (len(parts) - 1)]
        lines += [head + part for head, part in zip(heads, parts, strict=True)]
    return "\n".join(lines)


def bars(labels: Sequence[str], counts: Sequence[int], terminal: Terminal) -> str:
    """Return a horizontal bar per label, proportional to its count; a nonzero count has at least one character."""
    total = sum(counts)
    texts = [f"{count} ({percent(count, total)})" for count in counts]
    label_width = max(map(text_width, labels))
    room = max(terminal.width - label_width - max(map(len, texts)) - 4, 1)
    mark = "█" if terminal.unicode else "#"
    most = max(counts) or 1
    lines = []
    for label, count, text in zip(labels, counts, texts, strict=True):
        length = max(round(room * count / most), 1) if count else 0
        pad = " " * (label_width - text_width(label))
        lines.append(f"{pad}{label}  {mark * length}{' ' if length else ''}{text}")
    return "\n".join(lines)


INFERRED_NOTE = "observed at thousands of points, unproven"
"""The note on properties that are inferred from samples."""


def yes_or_no(fact: bool | None) -> str:
    """Return `yes`, `no`, or `?` if unknown."""
    return "?" if fact is None else "yes" if fact else "no"
