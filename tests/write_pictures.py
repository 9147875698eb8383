"""Write the pictures of README.md: the output of a command in a terminal, as SVG.

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

__all__ = ["FOLDER", "LINES", "PICTURES", "main", "text_of", "transcript"]

FOLDER = Path(__file__).parents[1] / ".pictures"
COLUMNS = 84

PICTURES = {"relu-gelu.svg": "actcli table relu gelu --grad --plot --range -4:4 --height 26"}
"""The command that each picture shows."""

_WIDTH, _HEIGHT, _MARGIN = 8.4, 17.0, 16.0
"""The size of a character cell, and the margin around all of them, in pixels."""
_COLOURS = {"35": "#e48be4", "32": "#7fd97f", "31": "#ff8a80", "36": "#66d9e8", "34": "#8ab4ff", "33": "#e8c66a"}
_PLAIN, _DIM, _BACKGROUND = "#d8dadf", "#7d828c", "#1b1d21"
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""The column and row of each dot of a braille character, by bit."""
_UP, _DOWN, _LEFT, _RIGHT = (0, -1), (0, 1), (-1, 0), (1, 0)
_SIDES = {
    "│": (_UP, _DOWN),
    "┤": (_UP, _DOWN, _LEFT),
    "─": (_LEFT, _RIGHT),
    "┬": (_LEFT, _RIGHT, _DOWN),
    "└": (_UP, _RIGHT),
}
"""The sides of a cell that the line of a box-drawing character reaches."""
LINES = "".join(_SIDES)
"""The box-drawing characters that are drawn as lines."""

Cell = tuple[float, float, str, str]
"""Position (x, y), character and colour."""


def transcript(name: str) -> str:
    """Return the text of a picture without colours: the command, and below it what a terminal shows."""
    return re.sub(r"\x1b\[[0-9;]*m", "", _coloured_transcript(name))


def _coloured_transcript(name: str) -> str:
    command = PICTURES[name]
    environ = os.environ | {
        "PYTHONPATH": str(Path(actcli.__file__).parents[1]),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": str(COLUMNS),
    }
    tool, subcommand, *rest = shlex.split(command)
    words = [sys.executable, "-P", "-m", tool, subcommand, "--color", "always", *rest]
    output = subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout
    return f"$ {command}\n{output}"


def text_of(svg: str) -> str:
    """Return the text in the description of a picture."""
    return html.unescape(re.findall(r"<desc>(.*?)</desc>", svg, re.DOTALL)[0])


def _svg(name: str) -> str:
    """Return a picture: letters as text, braille dots and lines as shapes, which look the same in every font."""
    text = _coloured_transcript(name)
    cells = list(_cells(text))
    width = 2 * _MARGIN + _WIDTH * COLUMNS
    height = 2 * _MARGIN + _HEIGHT * len(text.splitlines())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">',
        f"<desc>{html.escape(transcript(name))}</desc>",
        f'<rect fill="{_BACKGROUND}" width="{width:g}" height="{height:g}" rx="8"/>',
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
    """Yield every visible character."""
    for row, line in enumerate(text.splitlines()):
        x, y, colour = _MARGIN, _MARGIN + row * _HEIGHT, _PLAIN
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
    """Return the letters of one colour in one line, a text element of fixed width for each word."""
    texts = []
    for _, group in groupby(enumerate(row), lambda item: round(item[1][0] / _WIDTH - item[0])):
        word = [cell for _, cell in group]
        x, y, _, colour = word[0]
        letters = html.escape("".join(letter for _, _, letter, _ in word))
        place = f'x="{x:.1f}" y="{y + 0.75 * _HEIGHT:.1f}" textLength="{len(word) * _WIDTH:.1f}"'
        texts.append(f'<text fill="{colour}" {place}>{letters}</text>')
    return "\n".join(texts)


def _lines(colour: str, cells: list[Cell]) -> str:
    """Return the lines of one colour as a path: from the centre of a cell to some of its sides."""
    steps = []
    for x, y, character, own in cells:
        if own == colour and character in _SIDES:
            middle = f"M{x + _WIDTH / 2:.1f} {y + _HEIGHT / 2:.1f}"
            steps += [f"{middle}l{dx * _WIDTH / 2:.1f} {dy * _HEIGHT / 2:.1f}" for dx, dy in _SIDES[character]]
    return f'<path stroke="{colour}" d="{"".join(steps)}"/>' if steps else ""


def _dots(colour: str, cells: list[Cell]) -> str:
    """Return the dots of one colour as a path of strokes without length."""
    steps = [
        f"M{x + (0.25 + column / 2) * _WIDTH:.1f} {y + (0.125 + row / 4) * _HEIGHT:.1f}h0"
        for x, y, character, own in filter(_is_braille, cells)
        for bit, (column, row) in enumerate(_DOTS)
        if own == colour and ord(character) >> bit & 1
    ]
    return f'<path stroke="{colour}" d="{"".join(steps)}"/>' if steps else ""


def main() -> None:
    """Write all pictures, and remove files that are none of them."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        if path.name not in PICTURES:
            path.unlink()
    for name in PICTURES:
        (FOLDER / name).write_text(_svg(name), encoding="utf-8")


if __name__ == "__main__":
    main()
