"""Where bytes come from, and what is said when that fails."""

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


def test_a_source_knows_its_name_size_and_position(tmp_path: Path) -> None:
    """A regular file says how large it is and how far it has been read."""
    path = tmp_path / "in.csv"
    path.write_bytes(b"x" * 700_000)
    with open_source(str(path)) as source:
        assert (str(path), 700_000, 0) == (source.name, source.size, source.position)
        assert 1 << 19 == len(source.read_some()) == source.position
        assert len(source.read_some()) == 700_000 - (1 << 19)
        assert source.read_some() == b""
        assert source.position == 700_000


def test_a_name_is_shown_without_control_characters(tmp_path: Path) -> None:
    """What messages call a source is safe to print."""
    path = tmp_path / "a\x1b[31m\nb"
    path.write_bytes(b"")
    with open_source(str(path)) as source:
        assert source.name.endswith("/a\\x1b[31m\\nb")


def test_stdin_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A read of a pipe returns with what is there, and has no size."""
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


def test_a_pipe_that_does_not_block_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty non-blocking stdin is not its end."""
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
    """A stand-in for sys.stdin that has no descriptor is read too."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1,2\n")))
    assert contents("-") == b"1,2\n"


def test_a_closed_stdin_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a stdin there is a message, no traceback."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="cannot read '<stdin>': it is closed"):
        contents("-")


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """The message says what cannot be read and why, in the words of the system."""
    path = tmp_path / "none.csv"
    with pytest.raises(DataError) as caught:
        contents(path)
    assert f"cannot read '{path}': No such file or directory" == str(caught.value)


def test_a_directory_is_a_fault(tmp_path: Path) -> None:
    """A directory can be neither read nor written."""
    with pytest.raises(DataError, match=r"cannot read '.*': Is a directory"):
        contents(tmp_path)
    with pytest.raises(DataError, match=r"cannot write '.*': Is a directory"):
        put(tmp_path)
    with pytest.raises(DataError, match=r"cannot write '.*/': not the name of a file"):
        put(f"{tmp_path}/new/")
    with pytest.raises(DataError, match="cannot write '': not the name of a file"):
        put("")


def test_an_unreadable_file_is_a_fault(place: Path) -> None:
    """Neither may a file be read that its mode protects."""
    path = place / "in.csv"
    path.write_bytes(b"1\n")
    path.chmod(0)
    with unprivileged(), pytest.raises(DataError, match=r"cannot read '.*in.csv': Permission denied"):
        contents(path)


@pytest.mark.parametrize("name", ["in.gz", "in.csv.GZ"])
def test_gzip_is_unpacked(tmp_path: Path, name: str) -> None:
    """A name that ends in .gz is gzip, of several members too; its position counts packed bytes."""
    path = tmp_path / name
    packed = gzip.compress(b"x" * 10**6) + gzip.compress(b"last\n")
    path.write_bytes(packed)
    with open_source(str(path)) as source:
        assert b"".join(iter(source.read_some, b"")) == b"x" * 10**6 + b"last\n"
        assert len(packed) == source.size == source.position
    path.write_bytes(b"")
    assert contents(path) == b""


def test_gzip_comes_out_as_it_comes_in(tmp_path: Path) -> None:
    """What a slow writer has flushed is there before the end."""
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
def test_gzip_may_come_in_any_pieces(where: list[int]) -> None:
    """Wherever the packed bytes are cut, in the middle of what gzip begins with too, they unpack to the same."""
    packed = gzip.compress(b"1\n", mtime=0) + gzip.compress(b"2\n", mtime=0)
    for at in (where, range(len(packed))):
        source = Source(Reluctant(cut(packed, at)), "FILE", compressed=True)
        assert b"".join(iter(source.read_some, b"")) == b"1\n2\n"


def test_damaged_gzip_is_a_fault(tmp_path: Path) -> None:
    """Truncated, corrupt and no gzip at all: each is a message that names the file."""
    path = tmp_path / "in.gz"
    packed = gzip.compress(os.urandom(10_000))
    for data, said in [
        (packed[:5000], "truncated"),
        (packed[:-3], "truncated"),
        (packed[:5], "truncated"),
        (packed[:1], "truncated"),
        (packed[:5000] + b"~" * 100 + packed[5100:], "damaged"),
        (packed[:-5] + bytes([packed[-5] ^ 1]) + packed[-4:], "damaged"),
        (b"a,b\n1,2\n", "damaged"),
    ]:
        path.write_bytes(data)
        with pytest.raises(DataError) as caught:
            contents(path)
        assert f"cannot read '{path}': the gzip data is {said}" == str(caught.value)
