"""Colours and marks of curves."""

from __future__ import annotations

from itertools import combinations

import pytest

from actcli.display.plot.canvas import CHARSETS
from actcli.display.plot.glyphs import curve_style, mark

THEMES = {
    # The colours 31 to 36 of common themes, in this order: red, green, yellow, blue, magenta, cyan.
    "xterm": "cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd",
    "VGA": "aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa",
    "Tango": "cc0000 4e9a06 c4a000 3465a4 75507b 06989a",
    "Solarized": "dc322f 859900 b58900 268bd2 d33682 2aa198",
}
LEVELS = (0, 95, 135, 175, 215, 255)
"""The levels of red, green and blue in the cube of the 256 colours."""


def components(style: str, theme: str) -> tuple[int, int, int]:
    """Return red, green and blue of a style in a theme."""
    *indexed, code = map(int, style.split(";"))
    if not indexed:
        return tuple(bytes.fromhex(THEMES[theme].split()[code - 31]))  # type: ignore[return-value]
    assert indexed == [38, 5]
    if code >= 232:
        return (8 + 10 * (code - 232),) * 3
    return LEVELS[(code - 16) // 36], LEVELS[(code - 16) // 6 % 6], LEVELS[(code - 16) % 6]


def luminance(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance of the Web Content Accessibility Guidelines."""
    red, green, blue = (c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES)
def test_ten_curves_have_ten_colours(theme: str) -> None:
    """The colours of ten curves are distinct in common themes, and those beyond the theme's own on white and black."""
    colours = [components(curve_style(number), theme) for number in range(10)]
    for one, other in combinations(colours, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 30
    for colour in colours[6:]:
        # Lines are legible from a contrast of about 2 on.
        assert 1.05 / (luminance(colour) + 0.05) > 1.9
        assert (luminance(colour) + 0.05) / 0.05 > 1.9


@pytest.mark.parametrize("charset", CHARSETS)
def test_marks_are_distinct(charset: str) -> None:
    """Fifty curves have fifty marks, and in ASCII none of them is a character of the frame or of the zero lines."""
    marks = {mark(number, 50, CHARSETS[charset]) for number in range(50)}
    assert len(marks) == 50
    assert not marks & set("+-|.:")
