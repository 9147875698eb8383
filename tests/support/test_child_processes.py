"""The helpers for the processes that tests start."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.support.child_processes import default_signals

NUMBERS = [signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE]

SHOW = "import signal, sys; print(*(signal.getsignal(int(n)) == signal.SIG_IGN for n in sys.argv[1:]))"


@pytest.fixture
def ignoring() -> Iterator[None]:
    """Ignore the signals in this process, as a background job of a script ignores SIGINT."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ignored(preexec: Callable[[], None] | None) -> list[str]:
    """Return whether a child ignores each signal; Python itself ignores SIGPIPE."""
    command = [sys.executable, "-c", SHOW, *(str(int(number)) for number in NUMBERS if number != signal.SIGPIPE)]
    return subprocess.run(command, preexec_fn=preexec, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.usefixtures("ignoring")
def test_default_signals_are_restored_in_the_child() -> None:
    """A child started with `default_signals` ignores no signal although its parent ignores them."""
    assert ignored(None) == ["True"] * 4
    assert ignored(default_signals()) == ["False"] * 4


@pytest.mark.usefixtures("ignoring")
@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_ends_the_child(number: signal.Signals) -> None:
    """Each of the signals ends a child started with `default_signals`."""
    done = subprocess.run(["sh", "-c", f"kill -{int(number)} $$"], preexec_fn=default_signals(), check=False)
    assert done.returncode == -number


def test_then_is_called_last() -> None:
    """What a test sets in the child itself takes precedence over the defaults."""

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    assert ignored(default_signals(ignore)) == ["False", "False", "False", "True"]
