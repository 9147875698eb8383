"""The contract of display/progress.py."""

from __future__ import annotations

import io

import pytest

from actcli.display.progress import Progress, progress


class Screen(io.StringIO):
    """A terminal in memory; `lines` is what is left to see after carriage returns."""

    def __init__(self, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def shown(self) -> str:
        cells: list[str] = []
        at = 0
        for character in self.getvalue():
            if character == "\r":
                at = 0
            else:
                cells[at : at + 1] = [character]
                at += 1
        return "".join(cells).rstrip()


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_in_a_dumb_terminal(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a carriage return may not be obeyed, nothing is shown."""
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 5
        advance(50)
    assert screen.getvalue() == ""


def test_nothing_before_a_second(clock: Clock) -> None:
    """A run of less than a second shows nothing at all."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 0.99
        advance(50)
    assert screen.getvalue() == ""


def test_nothing_where_there_is_no_terminal(clock: Clock) -> None:
    """A pipe or a file gets nothing, however long it takes."""
    screen = Screen(terminal=False)
    with Progress(100, screen, clock) as advance:
        clock.now += 60
        advance(50)
    assert screen.getvalue() == ""


def test_the_bar(clock: Clock) -> None:
    """Share, bytes, rate and time left, in at most one column less than the terminal has."""
    screen = Screen()
    with Progress(55_000_000, screen, clock) as advance:
        advance(2_000_000)
        clock.now += 2
        advance(20_000_000)
        figures = " 40%  22.0 MB of 55.0 MB  11.0 MB/s  0:03 left"
        assert screen.shown.endswith(figures)
        bar = screen.shown.removesuffix(figures).rstrip()
        assert set(bar) == {"█", "░"}
        assert round(len(bar) * 0.4) == bar.count("█")
        assert len(screen.shown) <= 79


def test_the_line_is_wiped(clock: Clock) -> None:
    """At the end, and before something else is printed, nothing is left of the bar."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        for _ in range(2):
            clock.now += 2
            advance(40)
            assert screen.shown != ""
            advance.clear()
            assert screen.shown == ""
        clock.now += 2
        advance(10)
        assert screen.shown != ""
    assert screen.shown == ""
    assert screen.getvalue().endswith("\r")
    clock.now += 2
    advance(1)
    assert screen.shown == ""


def fail_midway(advance: Progress, clock: Clock) -> None:
    with advance:
        clock.now += 2
        advance(50)
        raise RuntimeError


def test_what_the_terminal_wrote_behind_it_is_wiped(clock: Clock) -> None:
    """The ^C of a key that was pressed goes with the bar, if that leaves room for it."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 2
        advance(40)
        screen.write("^C")
    assert screen.shown == ""


def test_the_line_is_wiped_after_a_failure(clock: Clock) -> None:
    """An error on the way leaves no bar either."""
    screen = Screen()
    with pytest.raises(RuntimeError):
        fail_midway(Progress(100, screen, clock), clock)
    assert "50%" in screen.getvalue()
    assert screen.shown == ""


def test_no_escape_sequences(clock: Clock) -> None:
    """Nothing but text and carriage returns, so that a killed process leaves no hidden cursor."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        for _ in range(20):
            clock.now += 1
            advance(5)
    assert "\x1b" not in screen.getvalue()
    assert "\n" not in screen.getvalue()


def test_ten_times_a_second(clock: Clock) -> None:
    """However often it is called, the bar is drawn at most ten times a second."""
    screen = Screen()
    with Progress(10**6, screen, clock) as advance:
        for _ in range(3000):
            clock.now += 0.001
            advance(1)
    assert 15 <= screen.getvalue().count("\r") <= 25


@pytest.mark.parametrize("width", [1, 5, 10, 20, 40, 79, 200])
def test_it_fits(clock: Clock, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """The bar leaves the last column free at any width and drops figures where they do not fit."""
    monkeypatch.setenv("COLUMNS", str(width))
    screen = Screen()
    with Progress(10**12, screen, clock) as advance:
        clock.now += 5
        advance(10**10)
        assert len(screen.shown) < width


def test_unknown_total(clock: Clock) -> None:
    """Without a total there are bytes and rate, no bar and no time left."""
    screen = Screen()
    with Progress(None, screen, clock) as advance:
        clock.now += 2
        advance(3000)
        assert screen.shown == "3.0 kB  1.5 kB/s"


def test_more_than_the_total(clock: Clock) -> None:
    """A file that grew on the way stays at 100% and promises no time."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 2
        advance(300)
        assert "100%  300 B  150 B/s" in screen.shown
        assert "left" not in screen.shown


def test_ascii(clock: Clock) -> None:
    """A terminal without Unicode gets an ASCII bar."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    stream.isatty = lambda: True  # type: ignore[method-assign]
    with Progress(100, stream, clock) as advance:
        clock.now += 2
        advance(50)
    assert b"###" in stream.buffer.getvalue()


def test_a_terminal_that_goes_away(clock: Clock) -> None:
    """A stream that can no longer be written to is given up, and the work goes on."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 2
        screen.close()
        advance(50)
        advance(50)


@pytest.mark.parametrize(
    ("count", "seconds", "expected"),
    [
        (999, 9.99, "999 B of 1.0 TB  100 B/s"),
        (99_949_999, 10, "99.9 MB of 1.0 TB  10.0 MB/s"),
        (999_499_999, 1, "999 MB of 1.0 TB  999 MB/s"),
        (999_500_000, 1000, "1.0 GB of 1.0 TB  1.0 MB/s"),
    ],
)
def test_units(clock: Clock, count: int, seconds: float, expected: str) -> None:
    """Sizes have three digits in decimal units."""
    screen = Screen()
    with Progress(10**12, screen, clock) as advance:
        clock.now += seconds
        advance(count)
        assert expected in screen.shown


def test_progress_counts_real_time() -> None:
    """The public door uses the clock of the machine: nothing is seen of a short run."""
    screen = Screen()
    with progress(10, screen) as advance:
        advance(10)
    assert screen.getvalue() == ""
