"""Glyphs: from dots to lines of coloured characters, and the marks that distinguish curves."""

from __future__ import annotations

import string
from itertools import groupby

from actcli.display.plot.canvas import Canvas, Charset

__all__ = ["DIM", "Cell", "Line", "curve_cells", "curve_style", "join_cells", "mark", "place_letters"]

Cell = tuple[str, str]
"""A text and its style: the parameters of an ANSI escape sequence, "" for none."""

Line = list[Cell]

DIM = "2"
"""The style of faint text."""
# Colours that are clear on white and on black come first; yellow and cyan fade on white.
_STYLES = ("35", "32", "31", "36", "34", "33", "95", "92", "91", "96", "94", "93")
_GLYPHS = "*ox#@%&=~$"
_LETTERS = string.ascii_uppercase + string.ascii_lowercase
_LETTER_CLEARANCE = 1.5
"""Cells between a curve's letter and the other curves that are enough."""


def curve_style(number: int) -> str:
    """Return the style of the curve with this number: one of the 16 colours of a terminal's theme."""
    return _STYLES[number % len(_STYLES)]


def mark(number: int, count: int, charset: Charset) -> str:
    """Return the mark of a curve, one of `count`, without colour: its glyph in ASCII, else a letter on it."""
    if charset.cells is None:
        return _GLYPHS[number % len(_GLYPHS)]
    return _LETTERS[number % len(_LETTERS)] if count > 1 else ""


def join_cells(line: Line, color: bool) -> str:
    """Return the line as text without trailing blanks."""
    end = len(line)
    while end and not line[end - 1][0].strip(" ⠀"):
        end -= 1
    line = line[:end]
    if line:
        text, style = line[-1]
        line[-1] = text.rstrip(" ⠀"), style
    if not color:
        return "".join(text for text, _ in line)
    runs = groupby(line, key=lambda cell: cell[1])
    return "".join(_painted("".join(text for text, _ in cells), style) for style, cells in runs)


def _painted(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


def curve_cells(canvas: Canvas) -> dict[tuple[int, int], Cell]:
    """Return the cells of all curves by (column, row); curves that share cells take turns."""
    owners: dict[tuple[int, int], list[int]] = {}
    for number, layer in enumerate(canvas.layers):
        for position in layer:
            owners.setdefault(position, []).append(number)
    turns: dict[tuple[int, ...], int] = {}
    cells: dict[tuple[int, int], Cell] = {}
    for position in sorted(owners):
        sharing = owners[position]
        number = sharing[0]
        if len(sharing) > 1:
            turn = turns.get(tuple(sharing), 0)
            turns[tuple(sharing)] = turn + 1
            number = sharing[turn % len(sharing)]
        if canvas.charset.cells is None:
            text = _GLYPHS[number % len(_GLYPHS)]
        else:
            bits = 0
            for sharer in sharing:
                bits |= canvas.layers[sharer][position]
            text = canvas.charset.cells[bits]
        cells[position] = text, curve_style(number)
    return cells


def place_letters(canvas: Canvas) -> dict[tuple[int, int], Cell]:
    """Return a cell per curve with its letter, away from the other curves, spread over the width."""
    placed: dict[tuple[int, int], Cell] = {}
    count = len(canvas.layers)
    for number, heights in enumerate(canvas.heights):
        others = [canvas.heights[other] for other in range(count) if other != number]
        wanted = (number + 1) * canvas.columns / (count + 1)
        best: tuple[float, float, tuple[int, int]] | None = None
        for column, height in heights.items():
            position = column, int(height)
            if position in placed:
                continue
            clearance = min(
                (abs(other[column] - height) for other in others if column in other), default=_LETTER_CLEARANCE
            )
            crowded = any(abs(column - x) <= 3 and abs(height - y) <= 2 for x, y in placed)
            key = crowded - min(clearance, _LETTER_CLEARANCE), abs(column + 0.5 - wanted), position
            best = key if best is None else min(best, key)
        if best is not None:
            placed[best[2]] = mark(number, count, canvas.charset), curve_style(number)
    return placed
