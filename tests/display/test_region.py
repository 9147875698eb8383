"""Decision regions as maps of characters."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from actcli.display.region import Region, side_by_side
from actcli.display.terminal import Terminal

MAP = Region(
    title="f",
    out=[[1.0, 1.0, -1.0, -1.0], [0.0, 1.0, -1.0, math.nan]],
    points=[(0.5, 1.5), (3.5, 1.5), (1.5, 0.5), (1.9, 0.1), (9.0, -9.0)],
    classes=[1.0, -1.0, -1.0, 1.0, 1.0],
    right=[True, True, False, True, False],
    across=(0.0, 4.0),
    up=(0.0, 2.0),
)


def test_a_map() -> None:
    """Shades and dots for the two sides, `?` for neither; points by class, capitals where wrong, none of them hidden by
    a right one, and those beyond the map at its edge.
    """
    assert MAP.lines(Terminal()) == ["f", "x░·o", "?O·X"]
    assert MAP.lines(Terminal(unicode=False)) == ["f", "x:.o", "?O.X"]


def test_colour_changes_no_character() -> None:
    """Each class has a colour, of which nothing is left if the escapes are taken away."""
    coloured = MAP.lines(Terminal(color=True))
    assert "\x1b[32mx░\x1b[0m" in coloured[1]
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == MAP.lines(Terminal())


def test_titles() -> None:
    """A title is cut at the map's width, and what acts on a terminal is spelled out."""
    assert replace(MAP, title="longer than the map").lines(Terminal())[0] == "lon…"
    assert "\x1b" not in replace(MAP, title="\x1b").lines(Terminal())[0]


def test_side_by_side() -> None:
    """Maps stand side by side as far as they fit, else below each other; where not one fits there is none."""
    maps = [MAP, replace(MAP, title="g"), replace(MAP, title="h")]
    assert side_by_side(maps, Terminal(width=20)).splitlines() == [
        "f       g       h",
        "x░·o    x░·o    x░·o",
        "?O·X    ?O·X    ?O·X",
    ]
    assert side_by_side(maps, Terminal(width=19)).splitlines() == [
        "f       g", "x░·o    x░·o", "?O·X    ?O·X", "", "h", "x░·o", "?O·X",
    ]  # fmt: skip
    assert side_by_side(maps, Terminal(width=3)) == ""
    coloured = side_by_side(maps, Terminal(width=20, color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == side_by_side(maps, Terminal(width=20))
