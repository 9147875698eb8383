"""Sources of bytes, and their errors."""

from __future__ import annotations

import io
import os
import sys
import threading
import zlib
from pathlib import Path

import pytest

from actcli.errors import DataError
from actcli.streams.files import open_source
from tests.support.files import contents, put, unprivileged


def test_source_name_size_and_position(tmp_path: Path) -> None:
    """A source reports its name, the size of a regular file, and how far it has been read."""
    path = tmp_path / "in.csv"
    path.write_bytes(b"x" * 700_000)
    with open_source(str(path)) as source:
        assert (str(path), 700_000, 0) == (source.name, source.size, source.position)
        assert 1 << 19 == len(source.read_some()) == source.position
        assert len(source.read_some()) == 700_000 - (1 << 19)
        assert source.read_some() == b""
        assert source.position == 700_000


def test_name_is_escaped(tmp_path: Path) -> None:
    """The name of a source is printable."""
    path = tmp_path / "a\x1b[31m\nb"
    path.write_bytes(b"")
    with open_source(str(path)) as source:
        assert source.name.endswith("/a\\x1b[31m\\nb")


def test_pipe_read_returns_available_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A read of a pipe returns the available bytes; a pipe has no size."""
    out, into = os.pipe()
    with os.fdopen(out) as stdin, os.fdopen(into, "wb", buffering=0) as writer:
        monkeypatch.setattr(sys, "stdin", stdin)
        with open_source("-") as source:
            assert (source.name, source.size) == ("<stdin>", None)
            writer.write(b"1\n")
            assert source.read_some() == b"1\n"
            writer.write(b"2")
            assert source.read_some() == b"2"
            writer.close()
            assert source.read_some() == b""


def test_non_blocking_pipe_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty non-blocking stdin is not at its end."""
    out, into = os.pipe()
    os.set_blocking(out, False)
    with os.fdopen(out) as stdin, os.fdopen(into, "wb", buffering=0) as writer:
        monkeypatch.setattr(sys, "stdin", stdin)
        timer = threading.Timer(0.05, writer.write, [b"late"])
        timer.start()
        with open_source("-") as source:
            assert source.read_some() == b"late"
        timer.join()


def test_stdin_may_be_any_python_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """A substitute for sys.stdin without a descriptor is read too."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1,2\n")))
    assert contents("-") == b"1,2\n"


def test_closed_stdin_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing stdin is a DataError."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="cannot read '<stdin>': it is closed"):
        contents("-")


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    """The message names the file and the reason, in the words of the system."""
    path = tmp_path / "none.csv"
    with pytest.raises(DataError) as caught:
        contents(path)
    assert f"cannot read '{path}': No such file or directory" == str(caught.value)


def test_directory_is_an_error(tmp_path: Path) -> None:
    """A directory can be neither read nor written."""
    with pytest.raises(DataError, match=r"cannot read '.*': Is a directory"):
        contents(tmp_path)
    with pytest.raises(DataError, match=r"cannot write '.*': Is a directory"):
        put(tmp_path)
    with pytest.raises(DataError, match=r"cannot write '.*/': not the name of a file"):
        put(f"{tmp_path}/new/")
    with pytest.raises(DataError, match="cannot write '': not the name of a file"):
        put("")


def test_unreadable_file_is_an_error(place: Path) -> None:
    """A file without read permission is a DataError."""
    path = place / "in.csv"
    path.write_bytes(b"1\n")
    path.chmod(0)
    with unprivileged(), pytest.raises(DataError, match=r"cannot read '.*in.csv': Permission denied"):
        contents(path)


def test_gzip_is_decompressed_without_delay(tmp_path: Path) -> None:
    """Data that a slow writer has flushed is available before the end."""
    path = tmp_path / "slow"
    os.mkfifo(path)
    packer = zlib.compressobj(wbits=31)
    held = os.open(path, os.O_RDWR)
    try:
        with open_source(str(path)) as source:
            os.write(held, packer.compress(b"1\n") + packer.flush(zlib.Z_SYNC_FLUSH))
            assert source.read_some() == b"1\n"
    finally:
        os.close(held)
