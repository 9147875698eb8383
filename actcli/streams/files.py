"""Sources and sinks of bytes: stdin, stdout, files, gzip; an output file is replaced atomically."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, cast

from actcli.errors import DataError, UsageError
from actcli.streams.atomic_output import AtomicOutput
from actcli.text import displayable

if TYPE_CHECKING:
    import gzip

__all__ = ["BLOCK", "Readable", "Sink", "Source", "Writable", "open_sink", "open_source"]

BLOCK = 1 << 19
"""The most bytes that one read returns."""
_GZIP = b"\x1f\x8b"
_DESCRIPTOR = r"/(?:dev|proc/self)/fd/([0-9]{1,9})"


class Readable(Protocol):
    """A source of bytes; see Source."""

    @property
    def name(self) -> str: ...

    @property
    def position(self) -> int: ...

    def read_some(self) -> bytes: ...


class Writable(Protocol):
    """A sink of bytes; see Sink."""

    def write(self, data: bytes | memoryview) -> None: ...

    def flush(self) -> None: ...


class Source:
    """A source of bytes.

    name      the name in messages; `<stdin>` for stdin
    status    the status of a regular file when it was opened, else None
    size      the size of a regular file, else None
    position  the number of bytes read (compressed ones of a .gz), for a progress bar
    """

    def __init__(self, raw: Any, name: str, compressed: bool, wait: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.status = _regular_status(raw)
        self.size = None if self.status is None else self.status.st_size
        self.position = 0
        self._raw = raw
        self._wait = wait
        self._gzip = _decompressed(self) if compressed else None

    def read_some(self) -> bytes:
        """Return up to 512 KB as soon as any byte is available; b"" at the end. Raise DataError if that fails."""
        if self._gzip is None:
            return self.read(BLOCK)
        import zlib

        try:
            return self._gzip.read1(BLOCK)
        except EOFError as error:
            raise DataError(f"cannot read '{self.name}': the gzip data is truncated") from error
        except (OSError, zlib.error) as error:
            raise DataError(f"cannot read '{self.name}': the gzip data is damaged") from error

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes from the file itself, compressed or not. Raise DataError if that fails."""
        self._wait()
        with _data_errors("read", self.name):
            data: bytes | None = self._raw.read(size)
            while data is None:  # a non-blocking descriptor without data
                _select(readable=self._raw)
                data = self._raw.read(size)
        if self.position == 0 and self._gzip is None and data.startswith(_GZIP):
            raise DataError(f"cannot read '{self.name}': it is compressed with gzip; {_gzip_remedy(self.name)}")
        self.position += len(data)
        if not data and self.size is not None and os.fstat(self._raw.fileno()).st_size < self.size:
            raise DataError(f"cannot read '{self.name}': the file was truncated while it was read")
        return data


class Sink:
    """A sink of bytes that writes all or raises DataError; BrokenPipeError is not converted."""

    def __init__(self, raw: Any, name: str) -> None:
        self.name = name
        self._raw = raw

    def write(self, data: bytes | memoryview) -> None:
        """Write all of `data`."""
        with _data_errors("write", self.name):
            rest = memoryview(data)
            while rest:
                written = self._raw.write(rest)
                if written is None:
                    _select(writable=self._raw)
                else:
                    rest = rest[written:]

    def flush(self) -> None:
        """Pass on everything written so far."""
        with _data_errors("write", self.name):
            self._raw.flush()

    def finish(self) -> None:
        """Write the end of the data."""
        self.flush()


class _GzipSink(Sink):
    """A sink that compresses; the same writes and flushes give the same bytes, as zlib's header holds no time."""

    def __init__(self, raw: Any, name: str) -> None:
        import zlib

        super().__init__(raw, name)
        self._compressor = zlib.compressobj(level=6, wbits=16 + zlib.MAX_WBITS)
        self._has_pending = False
        self._sync_flush, self._finish = zlib.Z_SYNC_FLUSH, zlib.Z_FINISH

    def write(self, data: bytes | memoryview) -> None:
        self._has_pending = True
        super().write(self._compressor.compress(data))

    def flush(self) -> None:
        if self._has_pending:
            self._has_pending = False
            super().write(self._compressor.flush(self._sync_flush))
        super().flush()

    def finish(self) -> None:
        super().write(self._compressor.flush(self._finish))
        super().flush()


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """Open `path` for reading: `-` is stdin, a name that ends in .gz is decompressed. Raise DataError if that fails."""
    if path == "-":
        raw = _standard(sys.stdin, "read", "<stdin>")
        with _waiting(raw) as wait:
            yield Source(raw, "<stdin>", compressed=False, wait=wait)
        return
    name = displayable(path)
    with _data_errors("read", name):
        raw = io.FileIO(path)
    with raw, _waiting(raw) as wait:
        yield Source(raw, name, _is_gzip(path), wait)


def _waiting(raw: Any) -> AbstractContextManager[Callable[[], None]]:
    """Return the context of a function that waits for bytes; for a regular file it does nothing."""
    if _regular_status(raw) is not None:
        return nullcontext(lambda: None)
    from actcli.streams.interruptible_wait import interruptible_wait

    return interruptible_wait(raw)


@contextmanager
def open_sink(
    path: str | None, refuse_same_as: str | None = None, expected: os.stat_result | None = None
) -> Iterator[Sink]:
    """Open `path` for writing: None and `-` are stdout, a name that ends in .gz is compressed.

    A regular or new file is replaced atomically at the end of the `with` block; if that raises, the old file stays
    unchanged. Its mode, ACL and user attributes are preserved (see AtomicOutput). Anything else (a device, a FIFO) is
    written directly.

    refuse_same_as  the path of the source (`-`: stdin); UsageError if that is the same regular file
    expected        the status of the file when it was read; it is an error if the file has changed at the end

    Raises DataError if the file cannot be written; BrokenPipeError is not converted.
    """
    name = "<stdout>" if path is None or path == "-" else displayable(path)
    if refuse_same_as is not None and _is_same_file(path, refuse_same_as):
        raise UsageError(f"'{name}' is the input file: write to another file")
    with _opened(path, name, expected) as raw:
        sink = _GzipSink(raw, name) if path is not None and _is_gzip(path) else Sink(raw, name)
        yield sink
        sink.finish()


@contextmanager
def _opened(path: str | None, name: str, expected: os.stat_result | None) -> Iterator[Any]:
    """Open the raw file of `open_sink`."""
    if path is None or path in ("-", "/dev/stdout"):
        raw = _standard(sys.stdout, "write", name)
        with _data_errors("write", name):
            sys.stdout.flush()
        yield raw
        return
    with _data_errors("write", name):
        descriptor = re.fullmatch(_DESCRIPTOR, "/dev/fd/2" if path == "/dev/stderr" else path)
        is_direct = descriptor is not None or _is_special(path)
    if not is_direct:
        with _replacement(path, name, expected) as raw:
            yield raw
        return
    with _data_errors("write", name):
        # Opening the name of a descriptor would start at the beginning of its file.
        raw = io.FileIO(os.dup(int(descriptor[1])) if descriptor else path, "w")
    try:
        yield raw
    finally:
        with _data_errors("write", name):
            raw.close()


@contextmanager
def _replacement(path: str, name: str, expected: os.stat_result | None) -> Iterator[io.FileIO]:
    """Open the new content of `path`, which replaces the old at the end, or is deleted on an error."""
    output = AtomicOutput(path, expected)
    try:
        with _data_errors("write", name):
            raw = output.open()
        yield raw
        with _data_errors("write", name):
            output.commit()
    except BaseException:
        output.discard()
        raise


def _is_special(path: str) -> bool:
    """Return whether `path` exists and is not a regular file. Raise OSError if it cannot name a file."""
    if not os.path.basename(path):
        raise IsADirectoryError(None, "not the name of a file")
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return False


def _is_same_file(sink: str | None, source: str) -> bool:
    """Return whether both are the same regular file; False if that cannot be determined: opening will report it."""
    try:
        output = os.fstat(sys.stdout.fileno()) if sink is None or sink == "-" else os.stat(sink)
        source_status = os.fstat(sys.stdin.fileno()) if source == "-" else os.stat(source)
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISREG(source_status.st_mode) and os.path.samestat(source_status, output)


def _gzip_remedy(name: str) -> str:
    return "decompress it with zcat, or use -i FILE.gz" if name == "<stdin>" else "rename it to end in .gz"


def _is_gzip(path: str) -> bool:
    return path.lower().endswith(".gz")


def _decompressed(source: Source) -> gzip.GzipFile:
    import gzip

    return gzip.GzipFile(filename="", mode="rb", fileobj=cast("Any", _GzipInput(source)))


class _GzipInput:
    """The compressed input for GzipFile, which requests the two bytes of the magic number only once."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        while 0 < len(data) < 2 <= size and (more := self._source.read(size - len(data))):
            data += more
        if size == 2 and data == _GZIP[:1]:
            raise EOFError
        if data and self._source.position == len(data) and not data.startswith(_GZIP[: len(data)]):
            raise DataError(f"cannot read '{self._source.name}': its name ends in .gz, but it is not gzip data")
        return data


def _regular_status(raw: Any) -> os.stat_result | None:
    """Return the status of a regular file; None for anything else."""
    try:
        status = os.fstat(raw.fileno())
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _standard(stream: Any, verb: str, name: str) -> Any:
    """Return the unbuffered file of sys.stdin or sys.stdout.

    Python would try again to write a buffer that could not be written when it exits, and report the error twice.
    """
    if stream is None:
        raise DataError(f"cannot {verb} '{name}': it is closed")
    return getattr(stream.buffer, "raw", stream.buffer)


def _select(readable: Any = None, writable: Any = None) -> None:
    """Wait until a descriptor is ready."""
    import select

    select.select([readable] if readable else [], [writable] if writable else [], [])


@contextmanager
def _data_errors(verb: str, name: str) -> Iterator[None]:
    """Convert OSErrors, except a broken pipe, to DataErrors that name the file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DataError(f"cannot {verb} '{name}': {error.strerror or error}") from error
