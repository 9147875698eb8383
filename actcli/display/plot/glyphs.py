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
# Colours that are clear on white and on black come first; yellow and cyan fade on white. The bright colours of a theme
# are too similar to these on white: orange, pink, brown, indigo, olive and grey of the 256 colours are distinct.
_STYLES = ("35", "32", "31", "36", "34", "33", "38;5;208", "38;5;211", "38;5;94", "38;5;99", "38;5;100", "38;5;245")
# Letters that look like one of the first glyphs are omitted.
_GLYPHS = "*ox#@%&=~$" + "ABCDEFGHIJKLMNPQRSTUVWYZ" + "abcdefghijkmnpqrstuvwyz" + "0123456789"
_LETTERS = string.ascii_uppercase + string.ascii_lowercase
_DASH = 4
"""Columns of each curve in turn where several share cells."""
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


def curve_cells(canvas: Canvas, first: int) -> dict[tuple[int, int], Cell]:
    """Return the cells of all curves by (column, row). A cell shows one curve: where they cross, mostly the last.

    Curves that run through the same cells take turns of a few columns, so that each of them is seen.

    first  the number of the first curve
    """
    owners: dict[tuple[int, int], list[int]] = {}
    for number, layer in enumerate(canvas.layers):
        for position in layer:
            owners.setdefault(position, []).append(number)
    cells: dict[tuple[int, int], Cell] = {}
    for position, sharing in owners.items():
        number = sharing[-1 - position[0] // _DASH % len(sharing)]
        if canvas.charset.cells is None:
            text = mark(first + number, len(canvas.layers), canvas.charset)
        else:
            text = canvas.charset.cells[canvas.layers[number][position]]
        cells[position] = text, curve_style(first + number)
    return cells


def place_letters(canvas: Canvas, first: int) -> dict[tuple[int, int], Cell]:
    """Return a cell per curve with its letter, away from the other curves, spread over the width.

    first  the number of the first curve
    """
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
            placed[best[2]] = mark(first + number, count, canvas.charset), curve_style(first + number)
    return placed
