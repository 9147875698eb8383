"""Draw the pictures of README.md anew: what a terminal shows of some commands, as SVG.

python -m tests.write_pictures
"""

from __future__ import annotations

import html
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import actcli

__all__ = ["FOLDER", "LINES", "PICTURES", "shown", "text_of", "unstyled"]

FOLDER = Path(__file__).parents[1] / ".pictures"
COLUMNS = 84

PICTURES = {
    "curves.svg": "actcli table gelu tanh sigmoid --plot --range -4:4 --height 18",
    "slopes.svg": "actcli table sigmoid silu --grad --plot --height 26",
}

_WIDTH, _HEIGHT, _EDGE = 8.4, 17.0, 16.0
"""A cell, and the room about all of them, in pixels."""
_COLOURS = {"35": "#e48be4", "32": "#7fd97f", "31": "#ff8a80", "36": "#66d9e8", "34": "#8ab4ff", "33": "#e8c66a"}
_PLAIN, _DIM, _PAPER = "#d8dadf", "#7d828c", "#1b1d21"
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Where the dots of a braille character are, column and row, by its bits."""
_UP, _DOWN, _LEFT, _RIGHT = (0, -1), (0, 1), (-1, 0), (1, 0)
_SIDES = {
    "│": (_UP, _DOWN),
    "┤": (_UP, _DOWN, _LEFT),
    "─": (_LEFT, _RIGHT),
    "┬": (_LEFT, _RIGHT, _DOWN),
    "└": (_UP, _RIGHT),
}
"""To which sides the line of a character goes."""
LINES = "".join(_SIDES)

Cell = tuple[float, float, str, str]
"""Where a character stands, the character, and its colour."""


def shown(command: str) -> str:
    """What a terminal of COLUMNS columns shows of a command, with its colours."""
    environ = os.environ | {
        "PYTHONPATH": str(Path(actcli.__file__).parents[1]),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": str(COLUMNS),
    }
    tool, name, *rest = shlex.split(command)
    words = [sys.executable, "-P", "-m", tool, name, "--color", "always", *rest]
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout


def text_of(svg: str) -> str:
    """The text that a picture says it shows."""
    return html.unescape(re.findall(r"<desc>(.*?)</desc>", svg, re.DOTALL)[0])


def unstyled(text: str) -> str:
    """`text` without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def drawn(name: str) -> str:
    """The picture of this name: letters as text; dots and lines as such, which look the same in any font."""
    text = f"$ {PICTURES[name]}\n{shown(PICTURES[name])}"
    cells = list(_cells(text))
    width = 2 * _EDGE + _WIDTH * COLUMNS
    height = 2 * _EDGE + _HEIGHT * len(text.splitlines())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">',
        f"<desc>{html.escape(unstyled(text))}</desc>",
        f'<rect fill="{_PAPER}" width="{width:g}" height="{height:g}" rx="8"/>',
        f'<g font-family="Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="{_HEIGHT * 0.8:g}">',
        *(_letters(list(row)) for _, row in groupby(filter(_is_letter, cells), lambda cell: (cell[1], cell[3]))),
        "</g>",
        '<g fill="none" stroke-width="1.2">',
        *(_lines(colour, cells) for colour in dict.fromkeys(cell[3] for cell in cells)),
        "</g>",
        '<g fill="none" stroke-width="2.6" stroke-linecap="round">',
        *(_dots(colour, cells) for colour in dict.fromkeys(cell[3] for cell in cells)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _cells(text: str) -> Iterator[Cell]:
    """Every character that leaves a mark."""
    for row, line in enumerate(text.splitlines()):
        x, y, colour = _EDGE, _EDGE + row * _HEIGHT, _PLAIN
        for code, part in re.findall(r"(?:\x1b\[([0-9;]*)m)?([^\x1b]*)", line):
            if code:
                colour = _COLOURS.get(code, _DIM if code == "2" else _PLAIN)
            for character in part:
                if character not in " \u2800":
                    yield x, y, character, colour
                x += _WIDTH


def _is_braille(cell: Cell) -> bool:
    return "\u2800" <= cell[2] <= "\u28ff"


def _is_letter(cell: Cell) -> bool:
    return not _is_braille(cell) and cell[2] not in _SIDES


def _letters(row: list[Cell]) -> str:
    """The letters of one colour in one line, word by word, each word where it belongs and as wide."""
    texts = []
    for _, group in groupby(enumerate(row), lambda item: round(item[1][0] / _WIDTH - item[0])):
        word = [cell for _, cell in group]
        x, y, _, colour = word[0]
        letters = html.escape("".join(letter for _, _, letter, _ in word))
        place = f'x="{x:.1f}" y="{y + 0.75 * _HEIGHT:.1f}" textLength="{len(word) * _WIDTH:.1f}"'
        texts.append(f'<text fill="{colour}" {place}>{letters}</text>')
    return "\n".join(texts)


def _lines(colour: str, cells: list[Cell]) -> str:
    """All lines of one colour: each of them goes from the middle of its cell to some of its sides."""
    steps = []
    for x, y, character, own in cells:
        if own == colour and character in _SIDES:
            middle = f"M{x + _WIDTH / 2:.1f} {y + _HEIGHT / 2:.1f}"
            steps += [f"{middle}l{dx * _WIDTH / 2:.1f} {dy * _HEIGHT / 2:.1f}" for dx, dy in _SIDES[character]]
    return f'<path stroke="{colour}" d="{"".join(steps)}"/>' if steps else ""


def _dots(colour: str, cells: list[Cell]) -> str:
    """All dots of one colour, as strokes of no length."""
    steps = [
        f"M{x + (0.25 + column / 2) * _WIDTH:.1f} {y + (0.125 + row / 4) * _HEIGHT:.1f}h0"
        for x, y, character, own in filter(_is_braille, cells)
        for bit, (column, row) in enumerate(_DOTS)
        if own == colour and ord(character) >> bit & 1
    ]
    return f'<path stroke="{colour}" d="{"".join(steps)}"/>' if steps else ""


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        (FOLDER / picture).write_text(drawn(picture), encoding="utf-8")
