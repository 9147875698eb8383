"""Sinks of bytes, and the state of the file after an error."""

from __future__ import annotations

import errno
import gzip
import io
import os
import resource
import stat
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from actcli.errors import DataError, UsageError
from actcli.streams.files import open_sink
from tests.support.files import contents, put, unprivileged


def test_new_file_appears_complete(tmp_path: Path) -> None:
    """A file has its name only at the end, complete, with the mode of the umask."""
    path = tmp_path / "out.csv"
    old = os.umask(0o027)
    try:
        with open_sink(str(path)) as sink:
            sink.write(b"1\n")
            sink.flush()
            assert not path.exists()
    finally:
        os.umask(old)
    assert path.read_bytes() == b"1\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, DataError, ValueError, BrokenPipeError])
@pytest.mark.parametrize("before", [b"old\n", None])
def test_failure_leaves_file_unchanged(tmp_path: Path, error: type[BaseException], before: bytes | None) -> None:
    """An error of any kind leaves the file unchanged and no temporary file, and passes through."""
    path = tmp_path / "out.csv"
    if before is not None:
        path.write_bytes(before)

    def fail() -> None:
        with open_sink(str(path)) as sink:
            sink.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert ([] if before is None else [path]) == list(tmp_path.iterdir())
    assert before is None or before == path.read_bytes()


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_full_disk_leaves_file_unchanged(tmp_path: Path, name: str) -> None:
    """A failing write is a DataError, and the old file stays."""
    path = tmp_path / name
    path.write_bytes(b"old\n")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        with pytest.raises(DataError) as caught:
            put(path, os.urandom(20_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert f"cannot write '{path}': {os.strerror(errno.EFBIG)}" == str(caught.value)
    assert path.read_bytes() == b"old\n"
    assert [path] == list(tmp_path.iterdir())


def test_missing_directory_is_an_error(tmp_path: Path) -> None:
    """A file in a missing directory is a DataError."""
    path = tmp_path / "none" / "out.csv"
    with pytest.raises(DataError) as caught:
        put(path)
    assert f"cannot write '{path}': No such file or directory" == str(caught.value)


def test_read_only_directory_is_an_error(place: Path) -> None:
    """A file in a read-only directory can be neither created nor replaced."""
    path = place / "out.csv"
    path.write_bytes(b"old\n")
    path.chmod(0o666)
    place.chmod(0o555)
    for target in (path, place / "new.csv"):
        with unprivileged(), pytest.raises(DataError, match=r"cannot write '.*': Permission denied"):
            put(target)
    assert path.read_bytes() == b"old\n"
    assert [path] == list(place.iterdir())


def test_read_only_file_is_an_error(place: Path) -> None:
    """A read-only file is not replaced, although its directory would permit it."""
    place.chmod(0o777)
    path = place / "out.csv"
    path.write_bytes(b"old\n")
    path.chmod(0o444)
    with unprivileged(), pytest.raises(DataError, match=r"cannot write '.*out.csv': the file is read-only"):
        put(path)
    assert [path] == list(place.iterdir())


def test_device_is_written_directly() -> None:
    """/dev/null accepts anything and stays a device; /dev/full is a DataError."""
    put("/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(DataError, match="cannot write '/dev/full': No space left on device"):
        put("/dev/full")


def test_fifo_is_written_at_once(tmp_path: Path) -> None:
    """The reader of a FIFO receives each write before the end, compressed ones at each flush."""
    unpacked: Callable[[bytes], bytes] = zlib.decompressobj(wbits=31).decompress
    readers: list[tuple[str, Callable[[bytes], bytes]]] = [("fifo", bytes), ("fifo.gz", unpacked)]
    for name, read in readers:
        path = tmp_path / name
        os.mkfifo(path)
        held = os.open(path, os.O_RDWR)
        try:
            with open_sink(str(path)) as sink:
                for row in (b"1\n", b"2\n"):
                    sink.write(row)
                    sink.flush()
                    sink.flush()
                    assert row == read(os.read(held, 1000))
        finally:
            os.close(held)
        assert stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.parametrize("start", ["/dev/fd/", "/proc/self/fd/"])
def test_descriptor_is_appended_to(tmp_path: Path, start: str) -> None:
    """/dev/fd/N appends to what was written to N before."""
    path = tmp_path / "log"
    with path.open("wb", buffering=0) as file:
        file.write(b"before\n")
        put(f"{start}{file.fileno()}")
        file.write(b"after\n")
    assert path.read_bytes() == b"before\nnew\nafter\n"


@pytest.mark.parametrize("name", [None, "-", "/dev/stdout"])
def test_stdout_is_written_after_print(name: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes for stdout follow the text that print() had buffered."""
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept))
    sys.stdout.write("first\n")
    with open_sink(name) as sink:
        sink.write(b"then\n")
    assert kept.getvalue() == b"first\nthen\n"


def test_full_stdout_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """No buffer is left that would fail a second time when Python exits."""
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with (
            pytest.raises(DataError, match="cannot write '<stdout>': No space left on device"),
            open_sink(None) as s,
        ):
            s.write(b"1\n")


def test_closed_stdout_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing stdout is a DataError."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(DataError, match="cannot write '<stdout>': it is closed"), open_sink(None):
        pass


def test_broken_pipe_is_not_converted(tmp_path: Path) -> None:
    """BrokenPipeError passes through unchanged."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    held = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def write() -> None:
        with open_sink(str(path)) as sink:
            os.close(held)
            sink.write(b"1\n")

    with pytest.raises(BrokenPipeError):
        write()


def test_non_blocking_pipe_receives_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full non-blocking stdout is awaited, and no byte of a large write is lost."""
    out, into = os.pipe()
    os.set_blocking(into, False)
    data = os.urandom(1 << 20)
    got: list[bytes] = []
    with os.fdopen(out, "rb") as reader, os.fdopen(into, "w") as stdout:
        thread = threading.Thread(target=lambda: got.append(reader.read(len(data))))
        monkeypatch.setattr(sys, "stdout", stdout)
        with open_sink(None) as sink:
            thread.start()
            sink.write(data)
        thread.join()
    assert [data] == got


def test_gzip_output_is_reproducible(tmp_path: Path) -> None:
    """A name that ends in .gz is compressed, without time and name in the header."""
    first, second = tmp_path / "a.gz", tmp_path / "b.gz"
    for path in (first, second):
        with open_sink(str(path)) as sink:
            sink.write(b"1,2\n" * 1000)
            sink.flush()
            sink.write(b"3,4\n")
    assert first.read_bytes() == second.read_bytes()
    assert bytes(4) == first.read_bytes()[4:8]
    assert b"1,2\n" * 1000 + b"3,4\n" == gzip.decompress(first.read_bytes()) == contents(first)
    put(first, b"")
    assert gzip.decompress(first.read_bytes()) == b""


def test_input_file_is_rejected_as_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sink that is the source by any name is a UsageError, and the file stays unchanged."""
    path, link, hard = tmp_path / "a.csv", tmp_path / "link", tmp_path / "hard"
    path.write_bytes(b"old\n")
    link.symlink_to(path)
    hard.hardlink_to(path)
    for sink, source in [(path, path), (link, path), (path, link), (hard, path)]:
        with pytest.raises(UsageError, match="is the input file"):
            put(sink, source=str(source))
    with path.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        with pytest.raises(UsageError, match="is the input file"):
            put(path, source="-")
    with path.open("a") as file:
        monkeypatch.setattr(sys, "stdout", file)
        with (
            pytest.raises(UsageError, match="'<stdout>' is the input file"),
            open_sink(None, refuse_same_as=str(path)),
        ):
            pass
    assert path.read_bytes() == b"old\n"


def test_other_files_are_accepted(tmp_path: Path) -> None:
    """A new file, another file and a device that is both are no conflict."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"old\n")
    put(tmp_path / "new.csv", source=str(path))
    put(path, source=str(tmp_path / "new.csv"))
    put("/dev/null", source="/dev/null")
    put(tmp_path / "b.csv", source=str(tmp_path / "none.csv"))
