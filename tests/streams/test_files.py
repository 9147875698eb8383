"""Sources of bytes, and their errors."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings

from actcli.errors import DataError
from actcli.streams.files import Source, open_source
from tests.support.files import contents, put, unprivileged
from tests.support.filtering import cut, places
from tests.support.tiers import examples


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


@pytest.mark.parametrize("name", ["in.gz", "in.csv.GZ"])
def test_gzip_is_decompressed(tmp_path: Path, name: str) -> None:
    """A name that ends in .gz is gzip, also of several members; its position counts compressed bytes."""
    path = tmp_path / name
    packed = gzip.compress(b"x" * 10**6) + gzip.compress(b"last\n")
    path.write_bytes(packed)
    with open_source(str(path)) as source:
        assert b"".join(iter(source.read_some, b"")) == b"x" * 10**6 + b"last\n"
        assert len(packed) == source.size == source.position
    path.write_bytes(b"")
    assert contents(path) == b""


def test_gzip_is_decompressed_without_delay(tmp_path: Path) -> None:
    """Data that a slow writer has flushed is available before the end."""
    path = tmp_path / "slow.gz"
    os.mkfifo(path)
    packer = zlib.compressobj(wbits=31)
    held = os.open(path, os.O_RDWR)
    try:
        with open_source(str(path)) as source:
            os.write(held, packer.compress(b"1\n") + packer.flush(zlib.Z_SYNC_FLUSH))
            assert source.read_some() == b"1\n"
    finally:
        os.close(held)


class Reluctant(io.RawIOBase):
    """A file that gives a piece a read, or less if less is asked for."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = [piece for piece in pieces if piece]

    def read(self, size: int = -1) -> bytes:
        if not self._pieces:
            return b""
        piece = self._pieces.pop(0)
        if piece[size:]:
            self._pieces.insert(0, piece[size:])
        return piece[:size]


@settings(max_examples=examples(100))
@given(places)
def test_gzip_in_reads_of_any_size(where: list[int]) -> None:
    """Compressed bytes decompress to the same for reads of any size, also within the magic number."""
    packed = gzip.compress(b"1\n", mtime=0) + gzip.compress(b"2\n", mtime=0)
    for at in (where, range(len(packed))):
        source = Source(Reluctant(cut(packed, at)), "FILE", compressed=True)
        assert b"".join(iter(source.read_some, b"")) == b"1\n2\n"


def test_damaged_gzip_is_an_error(tmp_path: Path) -> None:
    """Truncated and corrupt data in a .gz file are a DataError that names the file."""
    path = tmp_path / "in.gz"
    packed = gzip.compress(os.urandom(10_000))
    for data, message in [
        (packed[:5000], "truncated"),
        (packed[:-3], "truncated"),
        (packed[:5], "truncated"),
        (packed[:1], "truncated"),
        (packed[:5000] + b"~" * 100 + packed[5100:], "damaged"),
        (packed[:-5] + bytes([packed[-5] ^ 1]) + packed[-4:], "damaged"),
    ]:
        path.write_bytes(data)
        with pytest.raises(DataError) as caught:
            contents(path)
        assert f"cannot read '{path}': the gzip data is {message}" == str(caught.value)


def test_plain_text_named_gz_is_an_error(tmp_path: Path) -> None:
    """A file that is not gzip data in spite of its name is reported as such."""
    path = tmp_path / "in.csv.gz"
    for data in (b"a,b\n1,2\n", b"a"):
        path.write_bytes(data)
        with pytest.raises(DataError, match=r"in\.csv\.gz': its name ends in \.gz, but it is not gzip data"):
            contents(path)
