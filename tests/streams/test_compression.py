"""Compressed sources and sinks, recognised by their first bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.errors import DataError
from actcli.streams.compression import COMPRESSIONS, split_compression
from actcli.streams.files import Source, open_sink, open_source
from tests.support.files import contents, put
from tests.support.filtering import cut, places
from tests.support.tiers import examples

Compress = Callable[[bytes], bytes]

named = pytest.mark.parametrize

FORMATS: dict[str, tuple[str, Compress]] = {
    "gz": ("gzip", lambda data: gzip.compress(data, mtime=0)),
    "bz2": ("bz2", bz2.compress),
    "xz": ("xz", lzma.compress),
}
ZSTD: Any = None
for module in ("compression.zstd", "backports.zstd"):
    with suppress(ImportError):
        ZSTD = import_module(module)
        FORMATS["zst"] = ("zstd", ZSTD.compress)
        break

formats = named("extension", FORMATS)


def random_text(size: int) -> bytes:
    """Return `size` bytes that hardly compress."""
    return random.Random(1).randbytes(size // 2).hex().encode()


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


def decompressed(pieces: list[bytes], name: str = "FILE") -> bytes:
    """Return what a source of these pieces reads."""
    source = Source(Reluctant(pieces), name)
    return b"".join(iter(source.read_some, b""))


# --- sources --------------------------------------------------------------------------------------------------


@formats
@named("name", ["in.csv", "in.{}", "in.csv.{}", "in.gz", "in.tar.xz"])
def test_compressed_file(tmp_path: Path, extension: str, name: str) -> None:
    """The first bytes decide, under any name; concatenated parts are one file; its position counts compressed bytes."""
    path = tmp_path / name.format(extension.upper())
    compress = FORMATS[extension][1]
    data = compress(b"x" * 10**6) + compress(b"") + compress(b"last\n")
    path.write_bytes(data)
    with open_source(str(path)) as source:
        assert b"".join(iter(source.read_some, b"")) == b"x" * 10**6 + b"last\n"
        assert len(data) == source.size == source.position
        assert source.compression is not None
        assert source.compression.extension == extension


@formats
def test_compressed_stdin(extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed data on stdin are decompressed."""
    data = FORMATS[extension][1](b"1\n2\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert contents("-") == b"1\n2\n"


@formats
@settings(max_examples=examples(100))
@given(where=places, lead=st.sampled_from([b"", b"x", b"z\n" * 1000]))
def test_reads_of_any_size(extension: str, where: list[int], lead: bytes) -> None:
    """Compressed bytes decompress to the same for reads of any size, also within the first bytes."""
    compress = FORMATS[extension][1]
    data = compress(lead) + compress(b"2\n") + bytes(8)
    for at in (where, range(len(data))):
        assert decompressed(cut(data, at)) == lead + b"2\n"


@formats
def test_long_output_of_short_input(extension: str) -> None:
    """The last bytes that a decompressor holds back for lack of room are read too."""
    compress = FORMATS[extension][1]
    for size in ((1 << 19) - 1, 1 << 19, (1 << 19) + 1, (1 << 19) + 200, 1 << 20):
        assert len(decompressed([compress(b"a" * size)])) == size


@formats
@named("name", ["<stdin>", "a.csv", "a.csv.{}"])
def test_cut_anywhere(extension: str, name: str) -> None:
    """A compressed stream that is cut anywhere is an error; of a name that does not tell, from the fourth byte on."""
    title, compress = FORMATS[extension]
    name = name.format(extension)
    parts = compress(random_text(100)), compress(b"last\n")
    data = b"".join(parts)
    for at in set(range(1, len(data))) - {len(parts[0])}:
        for pieces in ([data[:at]], cut(data[:at], range(at))):
            if at < 4 and data[:at].isascii() and data[:at].decode().isprintable() and not name.endswith(extension):
                assert decompressed(pieces, name) == data[:at]
                continue
            with pytest.raises(DataError) as caught:
                decompressed(pieces, name)
            assert str(caught.value) == f"cannot read '{name}': the {title} data is truncated"
    assert decompressed([parts[0]]) == random_text(100)


@formats
def test_damaged_data(extension: str) -> None:
    """No damaged stream gives other data, and garbage behind a stream is an error."""
    title, compress = FORMATS[extension]
    text = random_text(200)
    data = compress(text)
    found = 0
    for i in range(10, len(data)):
        damaged = bytearray(data)
        damaged[i] ^= 16
        try:
            assert decompressed([bytes(damaged)]) == text or title == "zstd"  # which has no checksum by default
        except DataError as error:
            found += str(error).startswith(f"cannot read 'FILE': the {title} data ")
    assert found > len(data) // 2 or title == "zstd"
    for garbage in (b"~", b"1,2\n", compress(b"2")[:-2] + b"~~~~~~~~"):
        with pytest.raises(DataError, match=f"cannot read 'FILE': the {title} data is (damaged|truncated)"):
            decompressed([data + garbage])


@named("name", ["in.csv.gz", "in.csv.bz2", "in.csv.xz", "in.csv.zst", "in.tsv.GZ"])
@named("data", [b"a,b\n1,2\n", b"a", b"Bz,x\n", b"(\n", b""])
def test_text_under_the_name_of_a_compressed_file(tmp_path: Path, name: str, data: bytes) -> None:
    """Text is read as it is under any name."""
    path = tmp_path / name
    path.write_bytes(data)
    assert contents(path) == data


@named(
    "first", ["7", "B", "BZh", "BZh9,", "(", "P", "PK", "%", "v", "version", "Obj", "SQLite", "L", "a", '"', "\ufeff"]
)
def test_row_that_begins_like_another_type(first: str) -> None:
    """A row of text is passed on as soon as it has been read, whatever its first bytes are."""
    row = f"{first}\n".encode()
    waiting = iter([row[:1], row[1:]])

    class Slow(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return next(waiting)  # StopIteration if more than the row is read

    source = Source(Slow(), "FILE")
    text = b""
    while not text.endswith(b"\n"):
        text += source.read_some()
    assert text == row


def test_zstd_without_its_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where Python cannot read zstd, the message names what can."""
    (zstd,) = (compression for compression in COMPRESSIONS if compression.name == "zstd")
    for name in zstd.modules:
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "a.csv"
    for start in (b"(\xb5/\xfd", b"\x50*M\x18"):
        path.write_bytes(start + b"\4\0\x09\0\0")
        with pytest.raises(DataError) as caught:
            contents(path)
        assert str(caught.value) == (
            f"cannot read '{path}': zstd compression requires Python 3.14 or pip install 'actcli[zstd]', "
            "or decompress it (zstd -dc FILE | ...)"
        )
    with pytest.raises(DataError) as caught:
        put(tmp_path / "b.csv.zst")
    assert str(caught.value).endswith("zstd compression requires Python 3.14 or pip install 'actcli[zstd]'")
    assert [path] == list(tmp_path.iterdir())


def test_xz_with_a_huge_dictionary() -> None:
    """An .xz file whose dictionary exceeds the memory limit is an error that names the command for it."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 29}]
    compressor = lzma.LZMACompressor(filters=filters)
    try:
        data = compressor.compress(b"1\n") + compressor.flush()
    except MemoryError:
        pytest.skip("not enough memory to make the file")
    with pytest.raises(DataError) as caught:
        decompressed([data])
    assert str(caught.value) == (
        "cannot read 'FILE': the xz data needs too much memory: decompress it (xz -dc FILE | ...)"
    )


# --- sinks ----------------------------------------------------------------------------------------------------


@formats
@named("capital", [False, True])
def test_compressed_output(tmp_path: Path, extension: str, capital: bool) -> None:
    """The extension of a name compresses, reproducibly: without time and name in the header."""
    first, second = (tmp_path / f"{name}.{extension.upper() if capital else extension}" for name in "ab")
    for path in (first, second):
        with open_sink(str(path)) as sink:
            sink.write(b"1,2\n" * 1000)
            sink.flush()
            sink.write(b"3,4\n")
    assert first.read_bytes() == second.read_bytes()
    decompress = {
        "gz": gzip.decompress,
        "bz2": bz2.decompress,
        "xz": lzma.decompress,
        "zst": getattr(ZSTD, "decompress", None),
    }
    expected = b"1,2\n" * 1000 + b"3,4\n"
    assert decompress[extension](first.read_bytes()) == expected == contents(first)
    assert len(first.read_bytes()) < 400
    put(first, b"")
    assert decompress[extension](first.read_bytes()) == b""


@formats
@named("name", ["a.csv", "a.csv.gz", "a.csv.xz"])
def test_rewritten_file_stays_compressed(tmp_path: Path, extension: str, name: str) -> None:
    """A file that is rewritten is compressed as it was, under any name; text stays text."""
    compress = FORMATS[extension][1]
    path = tmp_path / name
    for data in (compress(b"1\n"), b"1\n"):
        path.write_bytes(data)
        with open_source(str(path)) as source, open_sink(str(path), rewritten=source) as sink:
            sink.write(source.read_some() + b"2\n")
        assert contents(path) == b"1\n2\n"
        assert path.read_bytes().startswith(data[:2])


@named(
    ("path", "expected"),
    [
        ("a.csv.gz", ("a.csv", "gzip")), ("a.tsv.XZ", ("a.tsv", "xz")), ("d.xz/a.csv", ("d.xz/a.csv", None)),
        ("a.csv", ("a.csv", None)), (".gz", (".gz", None)), ("-", ("-", None)), ("a.zst", ("a", "zstd")),
        ("gz", ("gz", None)), ("a.bz2", ("a", "bz2")), ("", ("", None)),
    ],
)  # fmt: skip
def test_split_compression(path: str, expected: tuple[str, str | None]) -> None:
    """The extension of a compression is split off, in any case."""
    stem, compression = split_compression(path)
    assert (stem, compression and compression.name) == expected
