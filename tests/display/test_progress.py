"""The progress bar."""

from __future__ import annotations

import io

import pytest

from actcli.display.progress import Progress


class Screen(io.StringIO):
    """A terminal in memory; `shown` is the visible line after carriage returns."""

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


def test_silent_on_a_dumb_terminal(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written if TERM=dumb."""
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 5
        advance(50)
    assert screen.getvalue() == ""


def test_silent_in_the_first_second(clock: Clock) -> None:
    """Nothing is written by a run of less than a second."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 0.99
        advance(50)
    assert screen.getvalue() == ""


def test_silent_without_a_terminal(clock: Clock) -> None:
    """Nothing is written to a pipe or a file, however long the run takes."""
    screen = Screen(terminal=False)
    with Progress(100, screen, clock) as advance:
        clock.now += 60
        advance(50)
    assert screen.getvalue() == ""


def test_bar_and_figures(clock: Clock) -> None:
    """The line shows bar, share, bytes, rate and time left, and leaves the last column free."""
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


def test_line_is_wiped_at_the_end(clock: Clock) -> None:
    """The line is wiped by clear() and at the end."""
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


def test_echoed_interrupt_is_wiped(clock: Clock) -> None:
    """A ^C that the terminal echoes after the bar is wiped with it."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 2
        advance(40)
        screen.write("^C")
    assert screen.shown == ""


def test_line_is_wiped_after_an_exception(clock: Clock) -> None:
    """The line is wiped if an exception ends the run."""
    screen = Screen()
    with pytest.raises(RuntimeError):
        fail_midway(Progress(100, screen, clock), clock)
    assert "50%" in screen.getvalue()
    assert screen.shown == ""


def test_no_escape_sequences(clock: Clock) -> None:
    """The bar uses only text and carriage returns, so that a killed process leaves no hidden cursor."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        for _ in range(20):
            clock.now += 1
            advance(5)
    assert "\x1b" not in screen.getvalue()
    assert "\n" not in screen.getvalue()


def test_at_most_ten_updates_a_second(clock: Clock) -> None:
    """The bar is drawn at most ten times a second, however often it is called."""
    screen = Screen()
    with Progress(10**6, screen, clock) as advance:
        for _ in range(3000):
            clock.now += 0.001
            advance(1)
    assert 15 <= screen.getvalue().count("\r") <= 25


@pytest.mark.parametrize("width", [1, 5, 10, 20, 40, 79, 200])
def test_bar_fits_the_width(clock: Clock, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """The bar leaves the last column free at any width, and omits figures that do not fit."""
    monkeypatch.setenv("COLUMNS", str(width))
    screen = Screen()
    with Progress(10**12, screen, clock) as advance:
        clock.now += 5
        advance(10**10)
        assert len(screen.shown) < width


def test_unknown_total(clock: Clock) -> None:
    """Without a total only bytes and rate are shown."""
    screen = Screen()
    with Progress(None, screen, clock) as advance:
        clock.now += 2
        advance(3000)
        assert screen.shown == "3.0 kB  1.5 kB/s"


def test_more_than_the_total(clock: Clock) -> None:
    """Beyond the total the share stays at 100% and no time left is shown."""
    screen = Screen()
    with Progress(100, screen, clock) as advance:
        clock.now += 2
        advance(300)
        assert "100%  300 B  150 B/s" in screen.shown
        assert "left" not in screen.shown


def test_bar_in_ascii(clock: Clock) -> None:
    """A terminal without Unicode shows an ASCII bar."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    stream.isatty = lambda: True  # type: ignore[method-assign]
    with Progress(100, stream, clock) as advance:
        clock.now += 2
        advance(50)
    assert b"###" in stream.buffer.getvalue()


def test_closed_terminal_is_ignored(clock: Clock) -> None:
    """After an error in writing the bar is silent and the work goes on."""
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


def test_progress_uses_the_real_clock() -> None:
    """Progress uses the system clock: a short run writes nothing."""
    screen = Screen()
    with Progress(10, screen) as advance:
        advance(10)
    assert screen.getvalue() == ""
