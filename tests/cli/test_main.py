"""How the program ends: exit codes, signals, streams that are closed or full."""

from __future__ import annotations

import importlib.metadata
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import actcli.cli
from actcli.cli.main import ExitCode
from tests.support.child_processes import PATIENCE, default_signals, until
from tests.support.processes import COMMAND, environ, process, shell, spawn
from tests.support.tiers import sampled

named = pytest.mark.parametrize

needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")


# --- exit codes -----------------------------------------------------------------------------------------------


def test_exit_codes() -> None:
    """0 is done, 1 data, 2 usage."""
    assert (ExitCode.DONE, ExitCode.DATA, ExitCode.USAGE) == (0, 1, 2)
    assert spawn("eval", "relu", "1").code == 0
    assert spawn("eval", "relu", stdin=b"z\nx\n").code == 1
    assert spawn("eval", "reul", "1").code == 2
    assert spawn("--version").code == 0
    assert spawn("-h").code == 0


def test_errors_are_one_line_on_stderr() -> None:
    """An error is one line on stderr that begins with the program's name; stdout stays empty."""
    outcome = spawn("eval", "reul", "1")
    assert outcome.out == ""
    assert outcome.err.startswith("actcli: no activation is called 'reul'")
    assert outcome.err.count("\n") == 1


def test_the_script_is_the_module() -> None:
    """The installed script and `python -m actcli` are one entry point."""
    scripts = [entry for entry in importlib.metadata.entry_points(group="console_scripts") if entry.name == "actcli"]
    if not scripts:
        pytest.skip("actcli runs from its source here: there is no script")
    assert scripts[0].load() is actcli.cli.main


def test_main_takes_arguments_and_exits() -> None:
    """`main` with arguments of its own runs them and raises SystemExit."""
    code = "from actcli.cli import main; main(['eval', 'relu', '-f', 'plain', '--', '-1'])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, env=environ(), check=True)
    assert done.stdout == b"0.0\n"


def test_main_ends_the_process(tmp_path: Path) -> None:
    """`main` without arguments ends the process there and then, with what was still to be written."""
    code = "import atexit, sys; from actcli.cli import main; atexit.register(print, 'later'); print('before'); main()"
    command = [sys.executable, "-P", "-c", code, "eval", "relu", "-o", str(tmp_path / "a.csv"), "1"]
    done = subprocess.run(command, capture_output=True, env=environ(PYTHONUNBUFFERED=""), check=True)
    assert (done.stdout, done.stderr) == (b"before\n", b"")


@named("flags", sampled([["-O"], ["-I"], ["-X", "dev"], ["-W", "error"]], 2), ids=str)
def test_any_python(flags: list[str], tmp_path: Path) -> None:
    """Python's own switches change nothing, and bring no warning to light."""
    command = [sys.executable, *flags, "-c", "import actcli"]
    if subprocess.run(command, env=environ(), cwd="/", capture_output=True, check=False).returncode:
        pytest.skip("actcli is not installed here, and these switches hide where it is")
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    for args in (["eval", "gelu", "1"], ["grad", "relu", "-i", str(path)], ["-h"]):
        command = [sys.executable, *flags, "-m", "actcli", *args]
        done = subprocess.run(
            command, capture_output=True, env=environ(), cwd=tmp_path, check=False, stdin=subprocess.DEVNULL
        )
        assert (done.returncode, done.stderr) == (0, b"")


# --- pipes ----------------------------------------------------------------------------------------------------


def test_a_closed_pipe_ends_it_by_the_signal() -> None:
    """A reader that goes away ends a long run by SIGPIPE, silently, as it does cat."""
    with process("eval", "relu", "--range", "0:1", "-n", "300000") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"x,relu(x)\n"
        running.stdout.close()
        assert running.wait(PATIENCE) == -signal.SIGPIPE
        assert running.stderr.read() == b""


def test_a_closed_pipe_ends_the_filter(tmp_path: Path) -> None:
    """`actcli ... | head -1` shows 141 in the shell, with nothing on stderr."""
    path = tmp_path / "a.csv"
    path.write_text("z\n" + "1\n" * 200_000)
    outcome = shell(f'actcli eval relu -i {path} | head -1; echo "${{PIPESTATUS[0]}}"')
    assert outcome == (0, "z,relu(z)\n141\n", "")


def test_a_closed_pipe_when_its_signal_was_ignored(tmp_path: Path) -> None:
    """So it is when the parent ignored SIGPIPE."""
    path = tmp_path / "a.csv"
    path.write_text("z\n" + "1\n" * 200_000)
    outcome = shell(f"trap '' PIPE; actcli eval relu -i {path} | head -1; echo \"${{PIPESTATUS[0]}}\"")
    assert outcome == (0, "z,relu(z)\n141\n", "")


def test_the_main_jobs_in_a_shell() -> None:
    """Values into a variable, a pipe of numbers, a pipe of CSV."""
    assert shell('y=$(actcli grad relu -f plain -- 0.3) && echo "<$y>"') == (0, "<1.0>\n", "")
    assert shell("seq -2 2 | actcli eval relu") == (0, "-2,0.0\n-1,0.0\n0,0.0\n1,1.0\n2,2.0\n", "")
    two = r"printf 'z\n-1\n' | actcli eval relu | actcli grad relu -c z"
    assert shell(two) == (0, "z,relu(z),relu_grad(z)\n-1,0.0,0.0\n", "")


# --- signals --------------------------------------------------------------------------------------------------


@named("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_signals_leave_no_litter(tmp_path: Path, number: int) -> None:
    """A signal half-way ends it quietly with 128 and its number (130 is Ctrl-C); -o stays as it was."""
    target = tmp_path / "b.csv"
    target.write_text("mine")
    with process("eval", "relu", "-o", str(target)) as running:
        assert running.stdin is not None
        running.stdin.write(b"z\n1\n")
        running.stdin.flush()
        until(lambda: len(os.listdir(tmp_path)) == 2)
        running.send_signal(number)
        assert running.wait(PATIENCE) == 128 + number
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert os.listdir(tmp_path) == ["b.csv"]
    assert target.read_text() == "mine"


@named("burst", sampled(["INT " * 6, "INT " * 12, "TERM HUP INT TERM INT", "QUIT INT QUIT TERM"], 2))
@named("late", [False, True], ids=["at once", "late"])
def test_many_signals_are_as_one(tmp_path: Path, burst: str, late: bool) -> None:
    """The first of them ends it; those that come while it tidies up, or late, after that, change nothing."""
    numbers = [getattr(signal, "SIG" + name) for name in burst.split()]
    target = tmp_path / "b.csv"
    for _ in range(4):
        with process("eval", "relu", "-o", str(target)) as running:
            assert running.stdin is not None
            running.stdin.write(b"z\n1\n")
            running.stdin.flush()
            until(lambda: os.listdir(tmp_path) != [])
            running.send_signal(numbers[0])
            if late:
                until(lambda: os.listdir(tmp_path) == [])
            for number in numbers[1:]:
                running.send_signal(number)
            try:
                code = running.wait(2)
            except subprocess.TimeoutExpired:
                # All came when Python was about to read, and heeds none before that is over or one more comes.
                running.send_signal(numbers[0])
                code = running.wait(PATIENCE)
            assert running.stderr is not None
            assert running.stderr.read() == b""
        assert code - 128 in numbers
        assert os.listdir(tmp_path) == []


def test_ignored_signals_stay_ignored(tmp_path: Path) -> None:
    """What nohup has set to be ignored does not end it."""

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with process("eval", "relu", "-o", str(tmp_path / "b.csv"), preexec_fn=ignore) as running:
        assert running.stdin is not None
        running.stdin.write(b"z\n1\n")
        running.stdin.flush()
        until(lambda: os.listdir(tmp_path) != [])
        running.send_signal(signal.SIGHUP)
        running.stdin.write(b"2\n")
        running.stdin.close()
        assert running.wait(PATIENCE) == 0
    assert (tmp_path / "b.csv").read_text() == "z,relu(z)\n1,1.0\n2,2.0\n"


INTERRUPTED = """
import builtins, os, signal, sys
real, when = builtins.__import__, sys.argv.pop(1)
def interrupted(name, *args, **kwargs):
    if name == when:
        os.kill(os.getpid(), signal.SIGINT)
    return real(name, *args, **kwargs)
from actcli.cli import main
builtins.__import__ = interrupted
main()
"""


@named("when", ["click", "actcli.cli.app", "actcli.core.catalogue.registry", "numpy", "actcli.streams.table_writers"])
def test_ctrl_c_at_any_moment(when: str) -> None:
    """Ctrl-C ends it quietly while it is still starting, too."""
    command = [sys.executable, "-P", "-c", INTERRUPTED, when, "eval", "relu", "1"]
    done = subprocess.run(command, capture_output=True, env=environ(), check=False, preexec_fn=default_signals())
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


# --- streams that are closed or full --------------------------------------------------------------------------


@named("args", ["eval relu 1", "--version", "-h", "eval -h", "eval relu 1 -f table"])
def test_stdout_closed(args: str) -> None:
    """With stdout closed there is one line and exit code 1."""
    outcome = shell(f"actcli {args} >&-")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': it is closed\n")


@needs_full
@named("args", ["eval relu 1", "--version", "-h", "eval -h", "eval relu 1 -f table"])
def test_stdout_full(args: str) -> None:
    """With no room left there is one line and exit code 1."""
    outcome = shell(f"actcli {args} >/dev/full")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': No space left on device\n")


@needs_full
def test_the_filter_with_stdout_full() -> None:
    """So it is for the filter."""
    outcome = shell(r"printf 'z\n1\n' | actcli eval relu >/dev/full")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': No space left on device\n")


@named(("script", "code"), [("actcli eval reul 1", 2), ("actcli eval relu 1", 0), ("actcli eval relu -i none.csv", 1)])
@named("where", ["2>&-", pytest.param("2>/dev/full", marks=needs_full)])
def test_stderr_closed_or_full(script: str, code: int, where: str) -> None:
    """Without stderr the exit code says it all, and nothing goes to stdout that does not belong there."""
    outcome = shell(f"{script} {where}")
    assert (outcome.code, outcome.out) == (code, "x,relu(x)\n1.0,1.0\n" if code == 0 else "")


@needs_full
def test_a_note_that_cannot_be_said() -> None:
    """What is only a note does not fail the run that it is about."""
    outcome = shell(r"printf 'z\nx\n' | actcli eval relu -c z --on-error nan 2>/dev/full")
    assert outcome == (0, "z,relu(z)\nx,nan\n", "")


def test_stdin_closed(tmp_path: Path) -> None:
    """With stdin closed there is no x, unless it is given; a file is read as ever."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    assert shell("actcli eval relu <&-").code == 2
    assert shell("actcli eval relu 1 <&-") == (0, "x,relu(x)\n1.0,1.0\n", "")
    assert shell(f"actcli eval relu -i {path} <&-") == (0, "z,relu(z)\n1,1.0\n", "")
    assert shell("actcli eval relu -i - <&-") == (1, "", "actcli: cannot read '<stdin>': it is closed\n")


def test_all_closed(tmp_path: Path) -> None:
    """With nothing open at all, a file is still written."""
    path = tmp_path / "b.csv"
    assert shell(f"actcli eval relu 1 -o {path} <&- >&- 2>&-").code == 0
    assert path.read_text() == "x,relu(x)\n1.0,1.0\n"


def test_a_run_without_a_home(tmp_path: Path) -> None:
    """Neither a home nor a place to write is needed."""
    env = {name: value for name, value in environ().items() if name != "HOME"}
    done = subprocess.run([*COMMAND, "eval", "relu", "1"], capture_output=True, env=env, cwd="/", check=False)
    assert (done.returncode, done.stderr) == (0, b"")
