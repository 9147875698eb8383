"""Compressed streams: gzip, bz2, xz and, where Python can, zstd; recognised by their first bytes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from actcli.errors import DataError

__all__ = ["COMPRESSIONS", "Compression", "Decompressor", "find_compression", "split_compression"]

_INPUT_BYTES = 1 << 17
"""How many compressed bytes are read at once."""
_OUTPUT_BYTES = 1 << 19
_MEMORY_LIMIT = 1 << 28
"""For the dictionary of an .xz file; `xz -9` needs a quarter of it."""
_XZ_PRESET = 3
"""Compresses almost as well as the default, with 32 MB of memory in place of 94 MB."""


class Compression(NamedTuple):
    """A format of compressed streams.

    extension     the extension of its files
    marks         what a stream may begin with
    modules       the modules that implement it, the first that is there is used
    requirement   what provides such a module
    decompressor  a function of the module that returns a decompressor: of bz2 and lzma, or with their interface
    compressor    a function of the module that returns how to compress, to flush and to finish
    """

    name: str
    extension: str
    marks: tuple[bytes, ...]
    modules: tuple[str, ...]
    requirement: str
    decompressor: Callable[[Any], Any]
    compressor: Callable[[Any], tuple[Callable[[Any], bytes], Callable[[], bytes], Callable[[], bytes]]]

    @property
    def command(self) -> str:
        """The command that decompresses a file."""
        return f"{'bzip2' if self.name == 'bz2' else self.name} -dc FILE | ..."

    def module(self, verb: str, name: str) -> Any:
        """Import and return the module. Raise DataError, about the file `name`, if none is installed."""
        for module in self.modules:
            try:
                return import_module(module)
            except ImportError:
                continue
        remedy = f", or decompress it ({self.command})" if verb == "read" else ""
        raise DataError(f"cannot {verb} '{name}': {self.name} compression requires {self.requirement}{remedy}")


class Decompressor:
    """The decompressed bytes of a source, whose parts may have been compressed one by one and concatenated.

    name   the name of the source in messages
    start  bytes that have been read already
    read   a function that reads at most so many bytes, b"" at the end
    """

    def __init__(self, compression: Compression, name: str, start: bytes, read: Callable[[int], bytes]) -> None:
        self._compression = compression
        self._name = name
        self._module = compression.module("read", name)
        self._data = start  # not decompressed yet
        self._read = read
        self._part: Any = None

    def read_some(self) -> bytes:
        """Return up to 512 KB as soon as any byte is available; b"" at the end. Raise DataError if that fails."""
        while True:
            if not self._data and (self._part is None or self._part.needs_input):
                self._data = self._read(_INPUT_BYTES)
                if not self._data:
                    if self._part is None:
                        return b""
                    raise self._error("is truncated")
            if self._part is None:
                self._data = self._data.lstrip(b"\0")  # parts may be filled up with zeros
                if not self._data:
                    continue
                self._part = self._compression.decompressor(self._module)
            output = self._decompress()
            if self._part.eof:
                self._data, self._part = self._part.unused_data, None
            if output:
                return output

    def _decompress(self) -> bytes:
        data, self._data = self._data, b""
        try:
            output: bytes = self._part.decompress(data, _OUTPUT_BYTES)
        except MemoryError:
            raise
        except Exception as error:  # each module has its own
            if "memory" in str(error).lower():
                raise self._error(f"needs too much memory: decompress it ({self._compression.command})") from error
            raise self._error("is damaged") from error
        return output

    def _error(self, problem: str) -> DataError:
        return DataError(f"cannot read '{self._name}': the {self._compression.name} data {problem}")


class _Gunzip:
    """A decompressor of zlib with the interface of those of bz2 and lzma."""

    def __init__(self, zlib: Any) -> None:
        self._inner = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int) -> bytes:
        output: bytes = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        # Otherwise zlib may hold more output for the input that it has taken.
        self.needs_input = not self._inner.unconsumed_tail and len(output) < max_length
        return output

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data)


def _gzip(zlib: Any) -> tuple[Callable[[Any], bytes], Callable[[], bytes], Callable[[], bytes]]:
    inner = zlib.compressobj(level=6, wbits=16 + zlib.MAX_WBITS)  # zlib's header holds no time
    return inner.compress, lambda: inner.flush(zlib.Z_SYNC_FLUSH), inner.flush


def _bz2(module: Any) -> tuple[Callable[[Any], bytes], Callable[[], bytes], Callable[[], bytes]]:
    inner = module.BZ2Compressor()
    return inner.compress, bytes, inner.flush


def _xz(module: Any) -> tuple[Callable[[Any], bytes], Callable[[], bytes], Callable[[], bytes]]:
    inner = module.LZMACompressor(preset=_XZ_PRESET)
    return inner.compress, bytes, inner.flush


def _zstd(module: Any) -> tuple[Callable[[Any], bytes], Callable[[], bytes], Callable[[], bytes]]:
    inner = module.ZstdCompressor()
    return inner.compress, lambda: inner.flush(inner.FLUSH_BLOCK), inner.flush


COMPRESSIONS = (
    Compression("gzip", "gz", (b"\x1f\x8b",), ("zlib",), "Python's module zlib", _Gunzip, _gzip),
    Compression(
        "bz2",
        "bz2",
        tuple(b"BZh%d%b" % (level, mark) for level in range(1, 10) for mark in (b"1AY&SY", b"\x17rE8P\x90")),
        ("bz2",),
        "Python's module bz2",
        lambda module: module.BZ2Decompressor(),
        _bz2,
    ),
    Compression(
        "xz",
        "xz",
        (b"\xfd7zXZ\0",),
        ("lzma",),
        "Python's module lzma",
        lambda module: module.LZMADecompressor(module.FORMAT_XZ, _MEMORY_LIMIT),
        _xz,
    ),
    Compression(
        "zstd",
        "zst",
        (b"(\xb5/\xfd", *(b"%c*M\x18" % i for i in range(0x50, 0x60))),
        ("compression.zstd", "backports.zstd"),
        "Python 3.14 or pip install 'actcli[zstd]'",
        lambda module: module.ZstdDecompressor(),
        _zstd,
    ),
)


def find_compression(start: bytes) -> Compression | None:
    """Return the compression of data that begins with `start`, or None."""
    return next((compression for compression in COMPRESSIONS if start.startswith(compression.marks)), None)


def split_compression(path: str) -> tuple[str, Compression | None]:
    """Return `path` without the extension of a compression, and that compression, or None."""
    stem, _, extension = path.rpartition(".")
    found = next((compression for compression in COMPRESSIONS if compression.extension == extension.lower()), None)
    return (stem, found) if found is not None and stem else (path, None)
