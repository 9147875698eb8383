"""Decision maps: characters, colours, arrangement."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from actcli.display.decision_map import DecisionMap, shades, side_by_side
from actcli.display.terminal import Terminal

MAP = DecisionMap(
    titles=["f"],
    out=[[1.0, 1.0, -1.0, -1.0], [0.0, 1.0, -1.0, math.nan]],
    points=[(0.5, 1.5), (3.5, 1.5), (1.5, 0.5), (1.9, 0.1), (9.0, -9.0)],
    classes=[1.0, -1.0, -1.0, 1.0, 1.0],
    scores=[1, 1, 0, 1, 0],
    across=(0.0, 4.0),
    up=(0.0, 2.0),
)


def test_map_characters() -> None:
    """A map has shades and dots per class and `?` for undecided cells; wrong points are capitals, never hidden."""
    assert MAP.lines(Terminal()) == ["f", "x░·o", "?O·X"]
    assert MAP.lines(Terminal(unicode=False)) == ["f", "x:.o", "?O.X"]


def test_undecided_points() -> None:
    """An undecided point is drawn as `*` whatever its class, and hides no wrong point."""
    assert replace(MAP, scores=[0.5, 1, 0.5, 0, 0.5]).lines(Terminal()) == ["f", "*░·o", "?X·*"]


def test_shades() -> None:
    """shades() returns the characters of the map for its legend."""
    assert shades(Terminal()) == ("░", "·")
    assert shades(Terminal(unicode=False)) == (":", ".")


def test_maps_are_halved_to_fit() -> None:
    """Maps are halved if that puts them side by side and leaves them wide enough."""
    wide = replace(MAP, out=[[1.0] * 18 + [-1.0] * 18] * 2, points=[(3.5, 1.5)], classes=[-1.0], scores=[1])
    assert side_by_side([wide, wide], Terminal(width=76)).splitlines()[1] == "    ".join(
        ["░" * 18 + "·" * 13 + "o" + "·" * 4] * 2
    )
    assert side_by_side([wide, wide], Terminal(width=40)).splitlines()[1] == "    ".join(
        ["░" * 9 + "·" * 6 + "o" + "·" * 2] * 2
    )
    assert len(side_by_side([wide, wide], Terminal(width=39)).splitlines()) == 7


def test_colour_adds_escapes_only() -> None:
    """Each class has a colour, and the map without escape sequences is unchanged."""
    coloured = MAP.lines(Terminal(color=True))
    assert "\x1b[32mx░\x1b[0m" in coloured[1]
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == MAP.lines(Terminal())


def test_titles_are_cut_and_escaped() -> None:
    """A title is cut at the width of the map, and its control characters are escaped."""
    assert replace(MAP, titles=["longer than the map"]).lines(Terminal())[0] == "lon…"
    assert "\x1b" not in replace(MAP, titles=["\x1b"]).lines(Terminal())[0]


def test_maps_are_arranged_in_rows() -> None:
    """Maps stand side by side as far as they fit; if a single one does not fit, the result is empty."""
    maps = [MAP, replace(MAP, titles=["g"]), replace(MAP, titles=["h"])]
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
