"""Characters with their colours: from dots to lines of text, and how curves are told apart."""

from __future__ import annotations

import string
from itertools import groupby

from actcli.display.plot.canvas import Canvas, Charset

__all__ = ["DIM", "Cell", "Line", "curve_cells", "curve_style", "join_cells", "mark", "place_letters"]

Cell = tuple[str, str]
"""A text and its colour: the numbers of an ANSI escape sequence, "" for none."""

Line = list[Cell]

DIM = "2"
# Those that common palettes show clearly on white and on black come first; yellow and cyan fade on white.
_STYLES = ("35", "32", "31", "36", "34", "33", "95", "92", "91", "96", "94", "93")
_GLYPHS = "*ox#@%&=~$"
_LETTERS = string.ascii_uppercase + string.ascii_lowercase
_CLEAR = 1.5  # Cells that a curve's letter should be away from the other curves.


def curve_style(number: int) -> str:
    """The colour of the curve with this number; one of the 16 that a terminal's theme sets."""
    return _STYLES[number % len(_STYLES)]


def mark(number: int, count: int, charset: Charset) -> str:
    """By what a curve, one of `count`, is known without colour: its glyph in ASCII, else a letter upon it."""
    if charset.cells is None:
        return _GLYPHS[number % len(_GLYPHS)]
    return _LETTERS[number % len(_LETTERS)] if count > 1 else ""


def join_cells(line: Line, color: bool) -> str:
    """The line as text without blanks at its end."""
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
    """The cells, by column and row, that curves go through; those that several share are shown by turns."""
    owners: dict[tuple[int, int], list[int]] = {}
    for number, layer in enumerate(canvas.layers):
        for place in layer:
            owners.setdefault(place, []).append(number)
    turns: dict[tuple[int, ...], int] = {}
    cells: dict[tuple[int, int], Cell] = {}
    for place in sorted(owners):
        sharing = owners[place]
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
                bits |= canvas.layers[sharer][place]
            text = canvas.charset.cells[bits]
        cells[place] = text, curve_style(number)
    return cells


def place_letters(canvas: Canvas) -> dict[tuple[int, int], Cell]:
    """For each curve a cell of it for its letter, well away from the other curves, spread over the width."""
    placed: dict[tuple[int, int], Cell] = {}
    count = len(canvas.layers)
    for number, heights in enumerate(canvas.heights):
        others = [canvas.heights[other] for other in range(count) if other != number]
        wanted = (number + 1) * canvas.columns / (count + 1)
        best: tuple[float, float, tuple[int, int]] | None = None
        for column, height in heights.items():
            place = column, int(height)
            if place in placed:
                continue
            apart = min((abs(other[column] - height) for other in others if column in other), default=_CLEAR)
            crowded = any(abs(column - x) <= 3 and abs(height - y) <= 2 for x, y in placed)
            key = crowded - min(apart, _CLEAR), abs(column + 0.5 - wanted), place
            best = key if best is None else min(best, key)
        if best is not None:
            placed[best[2]] = mark(number, count, canvas.charset), curve_style(number)
    return placed
