"""Sources and sinks of bytes: stdin, stdout, files, compressed or not; an output file is replaced atomically."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, Protocol

from actcli.errors import DataError, UsageError
from actcli.streams.compression import COMPRESSIONS, Compression, Decompressor, find_compression, split_compression
from actcli.text import displayable

__all__ = ["BLOCK", "Readable", "Sink", "Source", "Writable", "open_sink", "open_source"]

BLOCK = 1 << 19
"""The most bytes that one read returns."""
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
    """A source of bytes, decompressed if their first bytes are those of a compressed stream.

    name      the name in messages; `<stdin>` for stdin
    status    the status of a regular file when it was opened, else None
    size      the size of a regular file, else None
    position  the number of bytes read, compressed ones if it is compressed, for a progress bar
    """

    def __init__(self, raw: Any, name: str, wait: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.status = _regular_status(raw)
        self.size = None if self.status is None else self.status.st_size
        self.position = 0
        self._raw = raw
        self._wait = wait
        self._start: bytes | None = None  # what was read to recognise the type and not passed on yet
        self._compression: Compression | None = None
        self._read_next: Callable[[], bytes] | None = None  # None until the type is known

    @property
    def compression(self) -> Compression | None:
        """How the data are compressed. Reads their start if necessary; raises DataError if that fails."""
        if self._read_next is None:
            self._recognise()
        return self._compression

    def read_some(self) -> bytes:
        """Return up to 512 KB as soon as any byte is available; b"" at the end. Raise DataError if that fails."""
        if self._read_next is None:
            self._recognise()
        if self._start is not None:
            start, self._start = self._start, None
            return start
        assert self._read_next is not None
        return self._read_next()

    def _recognise(self) -> None:
        """Read no more than is necessary to recognise the type of the data. Raise DataError if it is unsupported."""
        read_next: Callable[[], bytes] = partial(self.read, BLOCK)
        start, ended = _read_mark(read_next)
        self._compression = find_compression(start)
        if self._compression is not None:
            decompressor = Decompressor(self._compression, self.name, start, self.read)
            read_next = decompressor.read_some
            start, ended = _read_mark(read_next)
        elif ended and (cut := _compression_cut_in_mark(start, self.name)):
            raise DataError(f"cannot read '{self.name}': the {cut.name} data is truncated")
        from actcli.streams.file_types import unsupported_type  # late: sinks do not need it

        if (found := unsupported_type(start)) is not None:
            raise DataError(f"cannot read '{self.name}': it is {found}")
        self._start, self._read_next = start, read_next

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes from the file itself, compressed or not. Raise DataError if that fails."""
        self._wait()
        with _data_errors("read", self.name):
            data: bytes | None = self._raw.read(size)
            while data is None:  # a non-blocking descriptor without data
                _select(readable=self._raw)
                data = self._raw.read(size)
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


class _CompressingSink(Sink):
    """A sink that compresses; the same writes and flushes give the same bytes."""

    def __init__(self, raw: Any, name: str, compression: Compression) -> None:
        super().__init__(raw, name)
        self._compress, self._flush, self._finish = compression.compressor(compression.module("write", name))
        self._has_pending = False

    def write(self, data: bytes | memoryview) -> None:
        self._has_pending = True
        super().write(self._compress(data))

    def flush(self) -> None:
        if self._has_pending:
            self._has_pending = False
            super().write(self._flush())
        super().flush()

    def finish(self) -> None:
        super().write(self._finish())
        super().flush()


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """Open `path` for reading: `-` is stdin. Raise DataError if that fails."""
    if path == "-":
        raw = _standard(sys.stdin, "read", "<stdin>")
        with _waiting(raw) as wait:
            yield Source(raw, "<stdin>", wait)
        return
    name = displayable(path)
    with _data_errors("read", name):
        raw = io.FileIO(path)
    with raw, _waiting(raw) as wait:
        yield Source(raw, name, wait)


def _waiting(raw: Any) -> AbstractContextManager[Callable[[], None]]:
    """Return the context of a function that waits for bytes; for a regular file it does nothing."""
    if _regular_status(raw) is not None:
        return nullcontext(lambda: None)
    from actcli.streams.interruptible_wait import interruptible_wait

    return interruptible_wait(raw)


@contextmanager
def open_sink(path: str | None, refuse_same_as: str | None = None, rewritten: Source | None = None) -> Iterator[Sink]:
    """Open `path` for writing: None and `-` are stdout, a name that ends in .gz, .bz2, .xz or .zst is compressed.

    A regular or new file is replaced atomically at the end of the `with` block; if that raises, the old file stays
    unchanged. Its mode, ACL and user attributes are preserved (see AtomicOutput). Anything else (a device, a FIFO) is
    written directly.

    refuse_same_as  the path of the source (`-`: stdin); UsageError if that is the same regular file
    rewritten       the source, if it is to be replaced: the output is compressed as it is, and it is an error if the
                    file has changed at the end

    Raises DataError if the file cannot be written; BrokenPipeError is not converted.
    """
    name = "<stdout>" if path is None or path == "-" else displayable(path)
    if refuse_same_as is not None and _is_same_file(path, refuse_same_as):
        raise UsageError(f"'{name}' is the input file: write to another file")
    compression = split_compression(path or "")[1] if rewritten is None else rewritten.compression
    with _opened(path, name, None if rewritten is None else rewritten.status) as raw:
        sink = Sink(raw, name) if compression is None else _CompressingSink(raw, name, compression)
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
    from actcli.streams.atomic_output import AtomicOutput  # late: stdout does not need it

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


def _read_mark(read: Callable[[], bytes]) -> tuple[bytes, bool]:
    """Return enough of the start to recognise the type of the data, and whether it is the whole."""
    from actcli.streams.file_types import is_start_of_mark  # late: sinks do not need it

    start = read()
    ended = not start
    while not ended and is_start_of_mark(start):
        piece = read()
        start += piece
        ended = not piece
    return start, ended


def _compression_cut_in_mark(data: bytes, name: str) -> Compression | None:
    """Return the compression of a stream that ends within its first bytes; None if it may be text."""
    is_text = len(data) < 4 and data.isascii() and data.decode().isprintable() and split_compression(name)[1] is None
    for compression in COMPRESSIONS:
        if data and not is_text and any(mark.startswith(data) for mark in compression.marks):
            return compression
    return None


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
