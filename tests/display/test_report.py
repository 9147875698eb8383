"""Reports: sections, wrapped text, bars."""

from __future__ import annotations

import pytest

from actcli.display.report import Section, bars, report
from actcli.display.table import TableColumn
from actcli.display.terminal import Terminal
from actcli.text import percent

PLAIN = Terminal(width=40)


def test_sections() -> None:
    """A section has title, body and notes, and a blank line separates sections."""
    text = report([Section("One", [TableColumn("n", ["1", "2"], True)], ["a note"]), Section("", "body")], PLAIN)
    assert text == "One\nn\n─\n1\n2\na note\n\nbody"


def test_titles_are_bold_in_colour() -> None:
    """With colour titles are bold, and no character changes."""
    text = report([Section("Title", "body")], Terminal(color=True))
    assert text == "\x1b[1mTitle\x1b[0m\nbody"


def test_long_titles_and_notes_are_wrapped() -> None:
    """Titles and notes are wrapped between words, and their control characters are escaped."""
    text = report([Section("word " * 20, "body", ["note\x1b " * 10])], PLAIN)
    assert max(map(len, text.splitlines())) <= 40
    assert "\x1b" not in text
    assert "\\x1b" in text


@pytest.mark.parametrize("unicode", [True, False])
def test_bars(unicode: bool) -> None:
    """The largest bar fills the width, nonzero counts have a bar, and without Unicode all is ASCII."""
    lines = bars(["a", "bb", "c"], [9999, 1, 0], Terminal(width=50, unicode=unicode)).splitlines()
    mark = "█" if unicode else "#"
    assert [line.count(mark) > 0 for line in lines] == [True, True, False]
    assert lines[0].endswith("9999 (99.99%)")
    assert lines[1] == f"bb  {mark} 1 (0.01%)"
    assert max(map(len, lines)) <= 50
    assert unicode or all(line.isascii() for line in lines)


def test_bars_of_zero_counts() -> None:
    """Counts of 0 have no bars."""
    assert bars(["a"], [0], PLAIN) == "a  0 (0%)"


def test_share_is_exact_at_the_ends() -> None:
    """Only the whole is 100% and only 0 is 0%."""
    assert [percent(n, 10**6) for n in (0, 1, 999_999, 10**6)] == ["0%", "0.0001%", "99.99%", "100%"]
