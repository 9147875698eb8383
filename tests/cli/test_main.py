"""Exit statuses, signals, and streams that are closed or full."""

from __future__ import annotations

import errno
import importlib.metadata
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import actcli.cli
from actcli.cli.main import ExitCode
from tests.support.child_processes import PATIENCE, default_signals, open_files, until
from tests.support.processes import COMMAND, environ, process, shell, spawn
from tests.support.tiers import is_full, sampled

named = pytest.mark.parametrize

needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")


# --- exit codes -----------------------------------------------------------------------------------------------


def test_exit_statuses() -> None:
    """The status is 0 for success, 1 for a data error and 2 for a usage error."""
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


def test_script_and_module_share_the_entry_point() -> None:
    """The installed script and `python -m actcli` have the same entry point."""
    scripts = [entry for entry in importlib.metadata.entry_points(group="console_scripts") if entry.name == "actcli"]
    if not scripts:
        pytest.skip("actcli runs from its source here: there is no script")
    assert scripts[0].load() is actcli.cli.main


def test_main_with_arguments_raises_system_exit() -> None:
    """`main` with arguments runs them and raises SystemExit."""
    code = "from actcli.cli import main; main(['eval', 'relu', '-f', 'plain', '--', '-1'])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, env=environ(), check=True)
    assert done.stdout == b"0.0\n"


def test_main_without_arguments_ends_the_process(tmp_path: Path) -> None:
    """`main` without arguments flushes the streams and ends the process at once."""
    code = "import atexit, sys; from actcli.cli import main; atexit.register(print, 'later'); print('before'); main()"
    command = [sys.executable, "-P", "-c", code, "eval", "relu", "-o", str(tmp_path / "a.csv"), "1"]
    done = subprocess.run(command, capture_output=True, env=environ(PYTHONUNBUFFERED=""), check=True)
    assert (done.stdout, done.stderr) == (b"before\n", b"")


@named("flags", sampled([["-O"], ["-I"], ["-X", "dev"], ["-W", "error"]], 2), ids=str)
def test_python_flags(flags: list[str], tmp_path: Path) -> None:
    """Python's own flags change no output and cause no warning."""
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


def test_closed_pipe_kills_by_sigpipe() -> None:
    """When the reader goes away, a long run dies silently of SIGPIPE, as cat does."""
    with process("eval", "relu", "--range", "0:1", "-n", "300000") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"x,relu(x)\n"
        running.stdout.close()
        assert running.wait(PATIENCE) == -signal.SIGPIPE
        assert running.stderr.read() == b""


def test_closed_pipe_status_in_a_shell(tmp_path: Path) -> None:
    """`actcli ... | head -1` has status 141 in the shell and writes nothing to stderr."""
    path = tmp_path / "a.csv"
    path.write_text("z\n" + "1\n" * 200_000)
    outcome = shell(f'actcli eval relu -i {path} | head -1; echo "${{PIPESTATUS[0]}}"')
    assert outcome == (0, "z,relu(z)\n141\n", "")


def test_closed_pipe_if_the_parent_ignores_sigpipe(tmp_path: Path) -> None:
    """SIGPIPE ends the run even if the parent process ignores it."""
    path = tmp_path / "a.csv"
    path.write_text("z\n" + "1\n" * 200_000)
    outcome = shell(f"trap '' PIPE; actcli eval relu -i {path} | head -1; echo \"${{PIPESTATUS[0]}}\"")
    assert outcome == (0, "z,relu(z)\n141\n", "")


def test_common_uses_in_a_shell() -> None:
    """Command substitution, a pipe of numbers and a pipe of CSV work in a shell."""
    assert shell('y=$(actcli grad relu -f plain -- 0.3) && echo "<$y>"') == (0, "<1.0>\n", "")
    assert shell("seq -2 2 | actcli eval relu") == (0, "-2,0.0\n-1,0.0\n0,0.0\n1,1.0\n2,2.0\n", "")
    two = r"printf 'z\n-1\n' | actcli eval relu | actcli grad relu -c z"
    assert shell(two) == (0, "z,relu(z),relu_grad(z)\n-1,0.0,0.0\n", "")


# --- signals --------------------------------------------------------------------------------------------------


@named("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_signals_leave_no_partial_file(tmp_path: Path, number: int) -> None:
    """A signal ends the run silently with status 128 plus its number, and leaves -o unchanged."""
    target = tmp_path / "b.csv"
    target.write_text("mine")
    with process("eval", "relu", "-o", str(target)) as running:
        assert running.stdin is not None
        running.stdin.write(b"z\n1\n")
        running.stdin.flush()
        until(lambda: open_files(running.pid, tmp_path))
        running.send_signal(number)
        assert running.wait(PATIENCE) == 128 + number
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert os.listdir(tmp_path) == ["b.csv"]
    assert target.read_text() == "mine"


@named("burst", sampled(["INT " * 6, "INT " * 12, "TERM HUP INT TERM INT", "QUIT INT QUIT TERM"], 2))
@named("late", [False, True], ids=["at once", "late"])
def test_repeated_signals_exit_once(tmp_path: Path, burst: str, late: bool) -> None:
    """The first signal decides the status; signals during and after the clean-up change nothing."""
    numbers = [getattr(signal, "SIG" + name) for name in burst.split()]
    target = tmp_path / "b.csv"
    for _ in range(4):
        with process("eval", "relu", "-o", str(target)) as running:
            assert running.stdin is not None
            running.stdin.write(b"z\n1\n")
            running.stdin.flush()
            until(lambda: open_files(running.pid, tmp_path))
            running.send_signal(numbers[0])
            if late:
                until(lambda: running.poll() is not None or not open_files(running.pid, tmp_path))
            for number in numbers[1:]:
                running.send_signal(number)
            try:
                code = running.wait(2)
            except subprocess.TimeoutExpired:
                # All signals arrived just before a blocking read; Python handles them after it, or on the next signal.
                running.send_signal(numbers[0])
                code = running.wait(PATIENCE)
            assert running.stderr is not None
            assert running.stderr.read() == b""
        assert code - 128 in numbers
        assert os.listdir(tmp_path) == []


def test_ignored_signals_stay_ignored(tmp_path: Path) -> None:
    """A signal that nohup ignores does not end the run."""

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with process("eval", "relu", "-o", str(tmp_path / "b.csv"), preexec_fn=ignore) as running:
        assert running.stdin is not None
        running.stdin.write(b"z\n1\n")
        running.stdin.flush()
        until(lambda: open_files(running.pid, tmp_path))
        running.send_signal(signal.SIGHUP)
        running.stdin.write(b"2\n")
        running.stdin.close()
        assert running.wait(PATIENCE) == 0
    assert (tmp_path / "b.csv").read_text() == "z,relu(z)\n1,1.0\n2,2.0\n"


INTERRUPTING = """
import os, signal, sys
where, log = int(os.environ["INTERRUPT_AT"]), os.environ["IMPORT_LOG"]
names = []
def hook(event, args):
    if event == "import" and ("actcli.startup" in sys.modules or args[0] == "actcli.startup"):
        names.append(args[0])
        if where == len(names):
            os.kill(os.getpid(), signal.SIGINT)
        elif not where:
            with open(log, "a") as file:
                print(args[0], file=file)
sys.addaudithook(hook)
"""
"""A sitecustomize module that interrupts the process at one of the imports after the package's own first one."""

SCRIPT = """
import re, sys
from actcli.cli import main
if __name__ == "__main__":
    sys.exit(main())
"""
"""The script that pip installs."""


@named("start", ["script", "module"])
def test_ctrl_c_during_start_up(tmp_path: Path, start: str) -> None:
    """Ctrl-C ends the run silently with status 130 at every import of start-up."""
    script, log = tmp_path / "actcli", tmp_path / "log"
    script.write_text(SCRIPT)
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTING)
    command = [sys.executable, "-P", str(script)] if start == "script" else COMMAND

    def interrupted(at: int) -> tuple[int, bytes, bytes]:
        env = environ(INTERRUPT_AT=str(at), IMPORT_LOG=str(log))
        env["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{env['PYTHONPATH']}"
        done = subprocess.run(
            [*command, "eval", "relu", "1"], capture_output=True, env=env, check=False, preexec_fn=default_signals()
        )
        return done.returncode, done.stdout, done.stderr

    assert interrupted(0) == (0, b"x,relu(x)\n1.0,1.0\n", b"")
    imports = log.read_text().split()
    assert {"typing", "actcli.errors", "actcli.cli.main", "click", "numpy", "actcli.streams.files"} <= set(imports)
    step = 1 if is_full() else len(imports) // 12
    for at in [2, *range(3, len(imports) + 1, step)]:
        assert interrupted(at) == (130, b"", b""), imports[at - 1]


def test_library_keeps_its_interrupt_handler(tmp_path: Path) -> None:
    """A program that imports actcli still raises KeyboardInterrupt, and an ignored SIGINT stays ignored."""
    code = "import actcli, signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    for command in ([sys.executable, "-P", "-c", code], [sys.executable, "-P", str(tmp_path / "program.py")]):
        (tmp_path / "program.py").write_text(code)
        done = subprocess.run(
            [*command, "actcli"], capture_output=True, env=environ(), check=True, preexec_fn=default_signals()
        )
        assert done.stdout == b"True\n"
    (tmp_path / "actcli").write_text("import actcli, signal; print(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)")
    outcome = subprocess.run(
        ["bash", "-c", f"trap '' INT; {sys.executable} -P {tmp_path}/actcli"],
        capture_output=True, env=environ(), check=True,
    )  # fmt: skip
    assert outcome.stdout == b"True\n"


# --- lack of descriptors and memory ---------------------------------------------------------------------------

EXHAUSTED = """
import os, sys
from actcli.cli import main
at, number, count = int(sys.argv.pop(1)), int(sys.argv.pop(1)), 0
def hook(event, args):
    global count
    if event == "open" and not str(args[0]).startswith("/proc"):
        count += 1
        if count >= at:
            raise OSError(number, os.strerror(number), args[0])
sys.addaudithook(hook)
main()
"""
"""The command line where no file can be opened from some number on."""


@named(("number", "says"), [(errno.EMFILE, "oo many open files"), (errno.ENOMEM, "ut of memory"), (errno.EIO, "rror")])
@named(
    "args",
    sampled(["eval relu 1", "eval relu -i IN -c z -o OUT", "table relu gelu --plot", "help csv", "eval x*sin(x) 1"], 2),
)
def test_exhausted_descriptors_and_memory(tmp_path: Path, number: int, says: str, args: str) -> None:
    """Where files, also those of modules, cannot be opened, the error is one line with status 1 that says why."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("n,z\na,1\n")
    words = [{"IN": str(source), "OUT": str(target)}.get(word, word) for word in args.split()]
    done, at = None, 1
    while done is None or done.returncode:
        command = [sys.executable, "-P", "-c", EXHAUSTED, str(at), str(number), *words]
        done = subprocess.run(command, capture_output=True, env=environ(), text=True, check=False)
        if done.returncode:
            assert (done.returncode, done.stdout) == (1, ""), at
            assert done.stderr.startswith("actcli: "), at
            assert done.stderr.count("\n") == 1
            assert "internal error" not in done.stderr
            assert says in done.stderr or os.strerror(number) in done.stderr
            assert "cannot write" not in done.stderr or str(target) in done.stderr
            assert not target.exists()
        at += 1 if is_full() or at < 3 else 31


@named("size", sampled(range(14_000, 64_000, 1_700), 6))
@named("args", ["eval relu 1", "help csv", "table relu gelu --plot"])
def test_limited_memory(size: int, args: str) -> None:
    """Where memory does not suffice to import what a run needs, the error is one line that says so."""
    done = shell(f"ulimit -v {size}; actcli {args}")
    if done.code == 0 or "<frozen" in done.err or "<no Python frame>" in done.err or "OpenBLAS" in done.err:
        return  # enough, or too little for Python itself to start, or for NumPy's library, which ends the process
    assert (done.code, done.out, done.err) == (1, "", "actcli: out of memory: use fewer points, or CSV in a pipe\n")


# --- streams that are closed or full --------------------------------------------------------------------------


@named("args", ["eval relu 1", "--version", "-h", "eval -h", "eval relu 1 -f table"])
def test_closed_stdout(args: str) -> None:
    """A closed stdout is an error of one line with status 1."""
    outcome = shell(f"actcli {args} >&-")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': it is closed\n")


@needs_full
@named("args", ["eval relu 1", "--version", "-h", "eval -h", "eval relu 1 -f table"])
def test_full_stdout(args: str) -> None:
    """A full stdout is an error of one line with status 1."""
    outcome = shell(f"actcli {args} >/dev/full")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': No space left on device\n")


@needs_full
def test_full_stdout_of_the_filter() -> None:
    """A full stdout of the CSV filter is an error of one line with status 1."""
    outcome = shell(r"printf 'z\n1\n' | actcli eval relu >/dev/full")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': No space left on device\n")


@named(("script", "code"), [("actcli eval reul 1", 2), ("actcli eval relu 1", 0), ("actcli eval relu -i none.csv", 1)])
@named("where", ["2>&-", pytest.param("2>/dev/full", marks=needs_full)])
def test_closed_or_full_stderr(script: str, code: int, where: str) -> None:
    """With stderr closed or full the status is unchanged, and no message goes to stdout."""
    outcome = shell(f"{script} {where}")
    assert (outcome.code, outcome.out) == (code, "x,relu(x)\n1.0,1.0\n" if code == 0 else "")


@named(
    ("args", "code"),
    [
        ("eval relu 1", 0), ("eval relu -c z --on-error nan", 0), ("eval relu -c z --on-error skip", 0),
        ("eval relu -c z", 1), ("eval relu -i none.csv", 1), ("eval relu 1 -o none/a.csv", 1),
        ("eval reul 1", 2), ("eval 'x +' 1", 2), ("eval relu --formta csv 1", 2), ("evla relu 1", 2),
        ("compare relu -i <(echo -1,1) --no-header -c 1 --y 2 --max-ulp 1", 3),
    ],
)  # fmt: skip
@named("ignored", sampled([False, True], 1), ids=["default", "ignored"])
def test_closed_pipe_as_stderr(args: str, code: int, ignored: bool) -> None:
    """When nobody reads stderr any more, the status and the output are those of a run whose messages are read."""
    script = rf"printf 'z\nx\n-1\n' | actcli {args}"
    expected = shell(f"{script} 2>/dev/null")
    read, write = os.pipe()
    os.close(read)
    try:
        trap = "trap '' PIPE; " * ignored
        outcome = shell(f"{trap}{script} 2>&{write}", pass_fds=[write])
    finally:
        os.close(write)
    assert expected.code == code
    assert outcome == expected


@needs_full
def test_unwritable_note_does_not_fail_the_run() -> None:
    """A note that cannot be written to stderr does not change the status."""
    outcome = shell(r"printf 'z\nx\n' | actcli eval relu -c z --on-error nan 2>/dev/full")
    assert outcome == (0, "z,relu(z)\nx,nan\n", "")


def test_closed_stdin(tmp_path: Path) -> None:
    """With stdin closed, x is missing unless it is given; files are read as usual."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    assert shell("actcli eval relu <&-").code == 2
    assert shell("actcli eval relu 1 <&-") == (0, "x,relu(x)\n1.0,1.0\n", "")
    assert shell(f"actcli eval relu -i {path} <&-") == (0, "z,relu(z)\n1,1.0\n", "")
    assert shell("actcli eval relu -i - <&-") == (1, "", "actcli: cannot read '<stdin>': it is closed\n")


def test_all_streams_closed(tmp_path: Path) -> None:
    """With all standard streams closed a file is still written."""
    path = tmp_path / "b.csv"
    assert shell(f"actcli eval relu 1 -o {path} <&- >&- 2>&-").code == 0
    assert path.read_text() == "x,relu(x)\n1.0,1.0\n"


def test_no_home_directory(tmp_path: Path) -> None:
    """A run requires neither a home directory nor a writable directory."""
    env = {name: value for name, value in environ().items() if name != "HOME"}
    done = subprocess.run([*COMMAND, "eval", "relu", "1"], capture_output=True, env=env, cwd="/", check=False)
    assert (done.returncode, done.stderr) == (0, b"")
