"""Runs of the tool: in this process, as a child process, or in a terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fcntl import ioctl
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import mpmath

import actcli
from actcli.cli.main import run as run_here
from tests.support.child_processes import PATIENCE, default_signals

COMMAND = [sys.executable, "-P", "-m", "actcli"]


class Outcome(NamedTuple):
    """The outcome of a run; `code` is negative if a signal ended it."""

    code: int
    out: str
    err: str


def environ(**extra: str) -> dict[str, str]:
    """Return an environment with the package under test and without settings of the output."""
    looks = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TERM", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if name not in looks}
    return {**kept, "PYTHONPATH": str(Path(actcli.__file__).parents[1]), "TERM": "xterm", "LC_ALL": "C.UTF-8", **extra}


def run(*args: str, stdin: bytes | str = b"") -> Outcome:
    """Run `actcli` with `args` in this process, with standard streams in memory."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    names = ("stdin", "stdout", "stderr")
    saved = [getattr(sys, name) for name in names]
    inner = [
        io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", write_through=True) for content in (data, b"", b"")
    ]
    try:
        for name, stream in zip(names, inner, strict=True):
            setattr(sys, name, stream)
        code = run_here(list(args))
    finally:
        for name, stream in zip(names, saved, strict=True):
            setattr(sys, name, stream)
    out, err = (stream.buffer.getvalue().decode("utf-8", "surrogateescape") for stream in inner[1:])  # type: ignore[attr-defined]
    return Outcome(code, out, err)


def rows(*args: str, stdin: bytes | str = b"") -> str:
    """Return the output of a run that succeeds without writing to stderr."""
    outcome = run(*args, stdin=stdin)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


def plain(*args: str) -> list[str]:
    """Return the results of a run as lines."""
    return rows(args[0], "-f", "plain", *args[1:]).splitlines()


def unstyled(text: str) -> str:
    """Return `text` without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def fault(*args: str, stdin: bytes | str = b"", code: int = 2) -> str:
    """Return the one-line message of a run that fails with status `code`, without its `actcli: `."""
    outcome = run(*args, stdin=stdin)
    assert code == outcome.code, outcome
    lines = outcome.err.splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("actcli: ")
    return lines[0].removeprefix("actcli: ")


def spawn(*args: str, stdin: bytes | None = b"", env: Mapping[str, str] | None = None, **settings: Any) -> Outcome:
    """Run `actcli` with `args` as a child process with pipes."""
    settings["preexec_fn"] = default_signals(settings.get("preexec_fn"))
    done = subprocess.run(
        [*COMMAND, *args], input=stdin, capture_output=True, env=env or environ(), timeout=PATIENCE, check=False,
        **settings,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode())


def shell(script: str, **settings: Any) -> Outcome:
    """Run a line of bash in which `actcli` is the tool under test."""
    body = f'actcli() {{ {" ".join(COMMAND)} "$@"; }}; {script}'
    done = subprocess.run(
        ["bash", "-c", body], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environ(), timeout=PATIENCE,
        check=False, preexec_fn=default_signals(), **settings,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


@contextmanager
def process(*args: str, **settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Yield `actcli` as a running child process, killed at the end if necessary."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    settings["preexec_fn"] = default_signals(settings.get("preexec_fn"))
    with subprocess.Popen([*COMMAND, *args], env=environ(), **{**pipes, **settings}) as running:
        try:
            yield running
        finally:
            running.kill()


def in_terminal(
    *args: str,
    keys: Sequence[tuple[str, bytes]] = (),
    env: Mapping[str, str] | None = None,
    width: int = 80,
    command: Sequence[str] = COMMAND,
    **pipes: Any,
) -> Outcome:
    """Run `actcli` in a terminal (a pty) save for the streams in `pipes`; `out` is all that the terminal shows.

    keys     what to type, each as soon as the terminal shows the text before it
    command  how `actcli` is started
    """
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    streams = {"stdin": slave, "stdout": slave, "stderr": slave, **pipes}
    settings = {"start_new_session": True, "preexec_fn": default_signals(_take_terminal)}
    with subprocess.Popen([*command, *args], env=env or environ(), **settings, **streams) as running:
        os.close(slave)
        try:
            shown = _watched(master, list(keys))
            code = running.wait(PATIENCE)
        finally:
            running.kill()
            os.close(master)
    return Outcome(code, shown.replace("\r\n", "\n"), "")


def _watched(master: int, keys: list[tuple[str, bytes]]) -> str:
    """Type `keys` and read until the other side is closed."""
    shown = b""
    while True:
        if keys and keys[0][0].encode() in shown:
            os.write(master, keys.pop(0)[1])
        assert select.select([master], [], [], PATIENCE)[0], f"the terminal shows nothing more after {shown!r}"
        try:
            piece = os.read(master, 1 << 16)
        except OSError:  # Linux says EIO when the other side is closed.
            piece = b""
        if not piece:
            return shown.decode("utf-8", "replace")
        shown += piece


def _take_terminal() -> None:
    """Make the terminal on stdin, stdout or stderr the controlling one, so that Ctrl-C reaches the process."""
    for descriptor in range(3):
        if os.isatty(descriptor):
            ioctl(descriptor, termios.TIOCSCTTY, 0)
            return


def nearest(value: Any) -> float:
    """Return the float64 nearest to an mpmath number."""
    return float(Fraction(*mpmath.libmp.to_rational(value._mpf_)))
