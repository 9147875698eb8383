"""Failures of the CSV filter, each provoked in a real process."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.child_processes import PATIENCE, open_files, until
from tests.support.files import unprivileged
from tests.support.processes import COMMAND, environ, fault, process, run, shell, spawn
from tests.support.tiers import exhaustive, sampled

named = pytest.mark.parametrize

ROWS = b"".join(b'%d,"a, %d",%d.25\n' % (i, i, i % 100) for i in range(50_000))
HEAD = b"n,t,z\n"
SHORT, LONG = HEAD + ROWS[:80_000], HEAD + ROWS * 12
sizes = named("data", [SHORT[: SHORT.rindex(b"\n") + 1], LONG], ids=["short", "long"])


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a CSV file of about 14 MB."""
    path = tmp_path_factory.mktemp("long") / "long.csv"
    path.write_bytes(LONG)
    assert path.stat().st_size > 1 << 23
    return path


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Yield a file for -o and check that it is unchanged and alone in its directory at the end."""
    path = tmp_path / "out" / "mine.csv"
    path.parent.mkdir()
    path.write_text("mine")
    yield path
    assert path.read_text() == "mine"
    assert os.listdir(path.parent) == ["mine.csv"]


def others(pid: int) -> list[int]:
    """Return the child processes of `pid`."""
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def gone(team: list[int]) -> bool:
    """Return whether all of these processes have ended."""

    def alive(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return not any(map(alive, team))


# --- lack of space --------------------------------------------------------------------------------------------


@sizes
def test_full_disk(tmp_path: Path, target: Path, data: bytes) -> None:
    """A full disk is an error of one line with status 1; -o is unchanged and no partial file remains."""
    source = tmp_path / "a.csv"
    source.write_bytes(data)
    room = len(data) // 2
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))}
    outcome = spawn("eval", "relu", "-c", "z", "-i", str(source), "-o", str(target), **limit)
    assert outcome == (1, "", f"actcli: cannot write '{target}': File too large\n")


@sizes
def test_full_device(tmp_path: Path, data: bytes) -> None:
    """Writing to a full device, by name or as stdout, is an error of one line with status 1."""
    source = tmp_path / "a.csv"
    source.write_bytes(data)
    outcome = spawn("eval", "relu", "-c", "z", "-i", str(source), "-o", "/dev/full")
    assert outcome == (1, "", "actcli: cannot write '/dev/full': No space left on device\n")
    outcome = shell(f"actcli eval relu -c z -i {source} > /dev/full")
    assert outcome == (1, "", "actcli: cannot write '<stdout>': No space left on device\n")


def test_limited_address_space(long_file: Path) -> None:
    """The filter needs little more address space than NumPy."""
    expected = shell(f"actcli eval relu -c z -i {long_file} | md5sum")
    assert shell(f"ulimit -v 250000; actcli eval relu -c z -i {long_file} | md5sum") == expected


# --- signals and closed pipes ---------------------------------------------------------------------------------


def test_closed_pipe_ends_all_processes(long_file: Path) -> None:
    """When the reader goes away, a long run dies silently of SIGPIPE and no process remains."""
    with process("eval", "relu", "-c", "z", "-i", str(long_file)) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(200_000).startswith(b"n,t,z,relu(z)\n0,")
        team = others(running.pid)
        running.stdout.close()
        assert running.wait(PATIENCE) == -signal.SIGPIPE
        assert running.stderr.read() == b""
        until(partial(gone, team))


@named("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL])
@named("group", [False, True], ids=["alone", "with its group"])
def test_signal_ends_all_processes(tmp_path: Path, long_file: Path, number: int, group: bool) -> None:
    """A signal ends all processes silently; -o is unchanged, and no partial file remains."""
    target = tmp_path / "mine.csv"
    for _ in range(20):
        target.write_text("mine")
        with process("eval", "relu", "-c", "z", "-i", str(long_file), "-o", str(target), process_group=0) as running:
            until(lambda: running.poll() is not None or open_files(running.pid, tmp_path))
            until(lambda: others(running.pid) or running.poll() is not None or os.cpu_count() == 1)
            team = others(running.pid) if running.poll() is None else []
            (os.killpg if group else os.kill)(running.pid, number)
            code = running.wait(PATIENCE)
            assert running.stderr is not None
            assert running.stderr.read() == b""
        until(partial(gone, team))
        if code:
            break  # else it was too late for the signal
    assert code == (-number if number == signal.SIGKILL else 128 + number)
    assert target.read_text() == "mine"
    assert os.listdir(tmp_path) == ["mine.csv"]


def test_sigkill_leaves_the_output_unchanged(tmp_path: Path) -> None:
    """SIGKILL leaves -o unchanged."""
    target = tmp_path / "mine.csv"
    target.write_text("mine")
    with process("eval", "relu", "-c", "z", "-o", str(target)) as running:
        assert running.stdin is not None
        running.stdin.write(SHORT)
        running.stdin.flush()
        until(lambda: open_files(running.pid, tmp_path))
        running.kill()
        running.wait(PATIENCE)
    assert target.read_text() == "mine"
    assert os.listdir(tmp_path) == ["mine.csv"]


APPENDED = """
import os, sys
from actcli.cli import main
sync, path = os.fsync, sys.argv[sys.argv.index("-i") + 1]
def appending(descriptor):
    sync(descriptor)
    with open(path, "ab") as file:
        file.write(b"1,a,2\\n")
os.fsync = appending
main()
"""


def test_row_appended_during_in_place(tmp_path: Path) -> None:
    """A row that another process appends during --in-place is not lost: the run fails and the file stays."""
    path = tmp_path / "a.csv"
    path.write_bytes(HEAD + ROWS)
    command = [sys.executable, "-P", "-c", APPENDED, "eval", "relu", "-c", "z", "-i", str(path), "--in-place"]
    done = subprocess.run(command, capture_output=True, env=environ(), text=True, check=False)
    said = f"actcli: cannot write '{path}': it was changed while it was read: run the command again\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    assert path.read_bytes() == HEAD + ROWS + b"1,a,2\n"
    assert os.listdir(tmp_path) == ["a.csv"]


# --- truncated and unreadable input ---------------------------------------------------------------------------


@named("times", [2, 12], ids=["short", "long"])
def test_input_truncated_while_read(tmp_path: Path, times: int) -> None:
    """A file that is truncated while it is read is an error, even at the end of a row."""
    source = tmp_path / "a.csv"
    source.write_bytes(HEAD + ROWS * times)
    with process("eval", "relu", "-c", "z", "-i", str(source)) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        # The process waits until its output is read.
        assert select.select([running.stdout], [], [], PATIENCE)[0]
        os.truncate(source, len(HEAD) + ROWS.index(b"\n") + 1)
        assert running.stdout.read().endswith(b"\n")
        assert running.wait(PATIENCE) == 1
        expected = f"actcli: cannot read '{source}': the file was truncated while it was read\n"
        assert running.stderr.read().decode() == expected


@named(
    ("cut", "says"),
    [
        (b'7,"a, ', "unclosed quote"),
        (b"7,a", "2 cells, but the header has 3"),
        (b"7,a,1e", "column 'z': '1e' is not a number"),
    ],
)
@sizes
def test_truncated_input(tmp_path: Path, target: Path, data: bytes, cut: bytes, says: str) -> None:
    """Input truncated inside a quote, row or number is an error with its line; all rows before it are written."""
    source = tmp_path / "a.csv"
    source.write_bytes(data + cut)
    line = data.count(b"\n") + 1
    message = f"actcli: {source}:{line}: {says}\n"
    assert spawn("eval", "relu", "-c", "z", "-i", str(source), "-o", str(target)) == (1, "", message)
    outcome = spawn("eval", "relu", "-c", "z", "-i", str(source))
    assert (outcome.code, outcome.out.count("\n"), outcome.err) == (1, line - 1, message)


@sizes
def test_truncated_inside_a_character(tmp_path: Path, data: bytes) -> None:
    """Input truncated inside a UTF-8 character passes through unchanged."""
    source = tmp_path / "a.csv"
    source.write_bytes(data + b'7,"caf\xc3",1.5\n8,caf\xc3,1\n' + data[len(HEAD) :] + b"7,1.5,\xe2\x82")
    outcome = spawn("eval", "relu", "-c", "z", "--on-error", "nan", "-i", str(source))
    assert '\n7,"caf\udcc3",1.5,1.5\n8,caf\udcc3,1,1.0\n' in outcome.out
    assert outcome.out.endswith("\n7,1.5,\udce2\udc82,nan")


def test_unreadable_file(place: Path) -> None:
    """A file without read permission is an error of the system's wording with status 1."""
    path = place / "a.csv"
    path.write_text("z\n1\n")
    assert run("eval", "relu", "-i", str(path)).code == 0
    path.chmod(0)
    with unprivileged():
        assert fault("eval", "relu", "-i", str(path), code=1) == f"cannot read '{path}': Permission denied"


@named("option", ["-i", "-o"])
def test_directory_as_file(tmp_path: Path, option: str) -> None:
    """A directory as input or output is an error."""
    verb = "read" if option == "-i" else "write"
    outcome = spawn("eval", "relu", option, str(tmp_path), stdin=b"z\n1\n")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"actcli: cannot {verb} '{tmp_path}': ")
    assert "directory" in outcome.err


# --- unusual but valid input ----------------------------------------------------------------------------------


@named("cell", [b"x" * 10_000_000, b'"' + b"a,\n" * 3_000_000 + b'"'], ids=["bare", "quoted"])
def test_ten_megabyte_cell(cell: bytes) -> None:
    """A cell of ten megabytes passes through unchanged."""
    data = b"z,t\n1.5,%b\n-2,b\n" % cell
    done = subprocess.run([*COMMAND, "eval", "relu"], input=data, capture_output=True, env=environ(), check=True)
    assert done.stdout == b"z,t,relu(z)\n1.5,%b,1.5\n-2,b,0.0\n" % cell


def test_ten_megabyte_number() -> None:
    """A number of ten megabytes is read; a non-numeric cell of that size is shortened in the message."""
    digits = "1." + "0" * 10_000_000
    assert spawn("eval", "relu", "-f", "plain", stdin=f"z\n{digits}\n".encode()).out == "1.0\n"
    outcome = spawn("eval", "relu", stdin=f"z\n{digits}_\n".encode())
    assert outcome.code == 1
    assert len(outcome.err) < 300


@exhaustive
def test_million_columns() -> None:
    """A row of a million cells is processed as one row."""
    count = 1_000_000
    head = b",".join(b"c%d" % i for i in range(count))
    body = b",".join([b"1.5"] * count)
    done = subprocess.run(
        [*COMMAND, "eval", "relu", "-c", "c999999"],
        input=b"%b\n%b\n%b\n" % (head, body, body), capture_output=True, env=environ(), check=True,
    )  # fmt: skip
    assert done.stdout == b"%b,relu(c999999)\n%b,1.5\n%b,1.5\n" % (head, body, body)
    outcome = spawn("eval", "relu", stdin=b"%b\n%b\n" % (head, body))
    assert outcome.code == 2
    assert outcome.err.startswith("actcli: 1000000 columns start with a number: choose with -c from 1000000 columns (")
    assert len(outcome.err) < 400


@named("repeat", [1, 20_000])
def test_nul_bytes(repeat: int) -> None:
    """NUL is an ordinary byte in headers and cells, and makes a number non-numeric."""
    rows = b"\x00a,1.5\nb\x00,-2\n" * repeat
    expected = b"\x00a,1.5,1.5\nb\x00,-2,0.0\n" * repeat
    out = spawn("eval", "relu", "-c", "z", stdin=b"\x00n,z\n" + rows).out
    assert out.encode("utf-8", "surrogateescape") == b"\x00n,z,relu(z)\n" + expected
    outcome = spawn("eval", "relu", "-c", "z", stdin=b"n,z\n" + rows + b"a,1\x005\n")
    message = f"actcli: <stdin>:{2 * repeat + 2}: column 'z': '1\\x005' is not a number\n"
    assert (outcome.code, outcome.err) == (1, message)


@named("count", [2, 100_000])
def test_cr_line_endings(count: int) -> None:
    """A file with bare CR line endings is refused with the command that converts it."""
    outcome = spawn("eval", "relu", "-c", "z", stdin=b"n,z\r" + b"a,1\r" * count)
    assert (outcome.code, outcome.out) == (1, "")
    said = "bare CR: line endings must be LF or CRLF (tr '\\r' '\\n' converts lines that end in CR)"
    assert outcome.err == f"actcli: <stdin>:1: {said}\n"


@named("repeat", [1, 20_000])
def test_duplicate_column_names(repeat: int) -> None:
    """A duplicate name selects nothing, a number selects the column, and headers pass through unchanged."""
    data = b"a,z,z\n" + b"x,1,-2\n" * repeat
    assert spawn("eval", "relu", "-c", "z", stdin=data) == (
        2,
        "",
        "actcli: 2 columns are named 'z': choose by index (2, 3)\n",
    )
    out = spawn("eval", "relu", "-c", "3", stdin=data).out
    assert out == "a,z,z,relu(z)\n" + "x,1,-2,0.0\n" * repeat


ACCEPTED = {
    "1": "1.0", "+1": "1.0", "007": "7.0", "0.10": "0.1", ".5": "0.5", "5.": "5.0", "1e3": "1000.0", "1E+2": "100.0",
    "1e-320": "1e-320", "1e400": "inf", "inf": "inf", "+Infinity": "inf", "INF": "inf", "nan": "nan", "-NaN": "nan",
    "nan(1)": "nan", "-nan(ind)": "nan", "1.#QNAN": "nan", "-1.#INF": "-inf",
    "0x1.8p1": "3.0", "0X.8P-1": "0.25", "0xff": "255.0", "-0": "-0.0", "-0.0": "-0.0", " 2 ": "2.0", "\t2": "2.0",
    '"3"': "3.0", '" 3 "': "3.0", "": "", '""': "", "  ": "", "0.1000000000000000055511151231257827": "0.1",
    "9007199254740993": "9007199254740992.0", "4.35": "4.35", "2.2250738585072011e-308": "2.225073858507201e-308",
}  # fmt: skip
REFUSED = [
    "1_000", '"1,5"', "1 000", "1.2.3", "--1", "+-1", "e5", "1e", "1e+", ".", "-", "+", "0x", "0x1p", "1f", "1.0d",
    "$1", "1%", "abc", "infin", "nan(1", "\u0661", "\u22121", "1\xa0", "0b1", "0o7", "1e1.5", "None", "true", "NA",
]  # fmt: skip


@named("filler", [b"", ROWS], ids=["alone", "among many"])
def test_accepted_number_spellings(filler: bytes) -> None:
    """Every accepted spelling of a number is read to its nearest value."""
    rows = "".join(f"1,t,{cell}\n" for cell in ACCEPTED).encode()
    out = spawn("eval", "identity", "-c", "z", stdin=HEAD + filler + rows + filler).out
    start = filler.count(b"\n") + 1
    new = [line.rpartition(",")[2] for line in out.split("\n")[start : start + len(ACCEPTED)]]
    assert dict(zip(ACCEPTED, new, strict=True)) == ACCEPTED


@named("cell", REFUSED)
def test_rejected_number_spellings(cell: str) -> None:
    """Every other text is rejected and quoted, alone and among many rows."""
    for filler in (b"", ROWS[: ROWS.index(b"4000,")]):
        outcome = run("eval", "identity", "-c", "z", stdin=HEAD + filler + f"1,t,{cell}\n".encode() + filler)
        assert outcome.code == 1
        line = filler.count(b"\n") + 2
        assert outcome.err.startswith(f"actcli: <stdin>:{line}: column 'z': '")
        assert "' is not a number" in outcome.err.rstrip()


# --- sources and sinks ----------------------------------------------------------------------------------------


@exhaustive
def test_sources_and_sinks_agree(tmp_path: Path, long_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipes, FIFOs, /dev/stdin, redirection and gzip give the bytes that a file gives."""
    expected = HEAD.replace(b"\n", b",relu(z)\n") + b"".join(
        line + b",%d.25\n" % (int(line.partition(b",")[0]) % 100) for line in (ROWS * 12).splitlines()
    )
    monkeypatch.chdir(tmp_path)
    for script in [
        f"actcli eval relu -c z -i {long_file}",
        f"actcli eval relu -c z < {long_file}",
        f"cat {long_file} | actcli eval relu -c z",
        f"actcli eval relu -c z -i /dev/stdin < {long_file}",
        f"cat {long_file} | actcli eval relu -c z -i /dev/stdin",
        f"mkfifo p; cat {long_file} > p & actcli eval relu -c z -i p",
        f"mkfifo q; actcli eval relu -c z -i {long_file} -o q & cat q",
        f"actcli eval relu -c z -i {long_file} | tee copy",
        f"gzip -c {long_file} > a.csv.gz; actcli eval relu -c z -i a.csv.gz",
        f"actcli eval relu -c z -i {long_file} -o b.csv.gz; gzip -cd b.csv.gz",
        f"cp {long_file} c.csv; actcli eval relu -c z -i c.csv --in-place; cat c.csv",
        f"taskset -c 0 {' '.join(COMMAND)} eval relu -c z -i {long_file}",
    ]:
        outcome = shell(f"({script}) > out")
        assert outcome == (0, "", ""), script
        assert Path("out").read_bytes() == expected, script
    assert (
        shell(f"actcli eval relu -c z -i {long_file} | head -2").out.encode()
        == b"\n".join(expected.split(b"\n")[:2]) + b"\n"
    )


PACKERS = {
    "gzip": ["cat a.csv", "gzip -c a.csv", "(head -c 9 a.csv | gzip; tail -c +10 a.csv | gzip)"],
    "bzip2": ["bzip2 -c a.csv"],
    "xz": ["xz -c a.csv", "xz -9 -c a.csv"],
}


@named("tool", sampled(PACKERS, 1))
def test_compressed_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    """What the usual tools compress is read from stdin, a FIFO and files of any name."""
    if shutil.which(tool) is None:
        pytest.skip(f"there is no {tool}")
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_bytes(HEAD + ROWS[: ROWS.index(b"\n4000,") + 1])
    expected = shell("actcli eval relu -c z -i a.csv | md5sum")
    for pack in PACKERS[tool]:
        for script in (
            f"{pack} | actcli eval relu -c z",
            f"{pack} > b; actcli eval relu -c z < b",
            f"{pack} > b; actcli eval relu -c z -i b",
            f"{pack} > b.csv; actcli eval relu -c z -i b.csv",
            f"{pack} > b.gz; actcli eval relu -c z -i b.gz",
            f"actcli eval relu -c z -i <({pack})",
            f"{pack} > c.csv; actcli eval relu -c z --in-place -i c.csv; actcli eval identity -c z --replace -i c.csv",
        ):
            assert shell(f"{script} | md5sum") == expected, script
        cut = shell(f"{pack} | head -c 1000 | actcli eval relu -c z | tail -1")
        name = "gzip" if pack.startswith("(") else {"bzip2": "bz2", "cat": ""}.get(pack.split()[0], pack.split()[0])
        assert cut.err == (f"actcli: cannot read '<stdin>': the {name} data is truncated\n" if name else cut.err)


def test_compressed_rows_without_delay() -> None:
    """A row from a slow producer is written as soon as its compressed bytes are complete, and a plain one too."""
    packer = zlib.compressobj(wbits=31)
    for pack in (bytes, lambda row: packer.compress(row) + packer.flush(zlib.Z_SYNC_FLUSH)):
        with process("eval", "relu", "-c", "B") as running:
            assert running.stdin is not None
            assert running.stdout is not None
            for row, expected in [(b"B\n", b"B,relu(B)\n"), (b"7\n", b"7,7.0\n"), (b"-1\n", b"-1,0.0\n")]:
                running.stdin.write(pack(row))
                running.stdin.flush()
                assert running.stdout.readline() == expected


PEAK = """
import sys
from actcli.cli import main
try:
    main(sys.argv[1:])
finally:
    print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


@named("where", ["a file", "stdin"])
@named("compress", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bz2", "xz"])
def test_compression_bomb(tmp_path: Path, compress: Callable[[bytes], bytes], where: str) -> None:
    """A row of a gigabyte in a small compressed file is an error of one line, in bounded memory."""
    path = tmp_path / "a"
    path.write_bytes(compress(b"z\n1\n") + 100 * compress(b"a" * 10**7))
    command = [sys.executable, "-P", "-c", PEAK, "eval", "relu", *(["-i", str(path)] if where == "a file" else [])]
    with path.open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, env=environ(), text=True, check=False)
    name = path if where == "a file" else "<stdin>"
    message, peak = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "z,relu(z)\n1,1.0\n")
    assert message == f"actcli: {name}:3: a row of more than 20 MB"
    assert int(peak) < 150_000


def test_tail_follow(tmp_path: Path) -> None:
    """Behind `tail -f` each line is written before the next one is appended."""
    log = tmp_path / "log.csv"
    log.write_bytes(HEAD + ROWS)
    with (
        subprocess.Popen(["tail", "-c", "+1", "-f", str(log)], stdout=subprocess.PIPE) as tail,
        process("eval", "relu", "-c", "z", stdin=tail.stdout) as running,
    ):
        assert running.stdout is not None
        for _ in range(1 + ROWS.count(b"\n")):
            last = running.stdout.readline()
        assert last == b'49999,"a, 49999",99.25,99.25\n'
        for i in range(3):
            with log.open("ab") as file:
                file.write(b"%d,t,%d\n" % (i, i))
            assert running.stdout.readline() == b"%d,t,%d,%d.0\n" % (i, i, i)
        tail.kill()
