"""Bytes in and bytes out: stdin, files, gzip; and an output file that is replaced whole or not at all."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from actcli.errors import DataError, UsageError
from actcli.text import displayable

if TYPE_CHECKING:
    import gzip

__all__ = ["BLOCK", "Readable", "Sink", "Source", "Writable", "open_sink", "open_source"]

BLOCK = 1 << 19
_EARLY = 1 << 23
_GZIP = b"\x1f\x8b"
_DESCRIPTOR = r"/(?:dev|proc/self)/fd/([0-9]{1,9})"


class Readable(Protocol):
    """What the rest of this room needs of a source."""

    @property
    def name(self) -> str: ...

    @property
    def position(self) -> int: ...

    def read_some(self) -> bytes: ...


class Writable(Protocol):
    """What the rest of this room needs of a sink."""

    def write(self, data: bytes | memoryview) -> None: ...

    def flush(self) -> None: ...


class Source:
    """Bytes as they come.

    name      what messages call it; `<stdin>` for stdin
    size      its bytes if it is a regular file, else None
    position  how many of them have been read (of a .gz: the packed ones), for a progress bar
    """

    def __init__(self, raw: Any, name: str, packed: bool, wait: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.size = _regular_size(raw)
        self.position = 0
        self._raw = raw
        self._wait = wait
        self._unpacked = _unpack(self) if packed else None

    def read_some(self) -> bytes:
        """Up to 512 KB as soon as any byte is there; b"" at the end. Raises DataError if that fails."""
        if self._unpacked is None:
            return self.read(BLOCK)
        import zlib

        try:
            return self._unpacked.read1(BLOCK)
        except EOFError as error:
            raise DataError(f"cannot read '{self.name}': the gzip data is cut short") from error
        except (OSError, zlib.error) as error:
            raise DataError(f"cannot read '{self.name}': the gzip data is damaged") from error

    def read(self, size: int) -> bytes:
        """One read of the file itself, packed or not, of at most `size` bytes. Raises DataError."""
        self._wait()
        with _faults("read", self.name):
            data: bytes | None = self._raw.read(size)
            while data is None:  # a descriptor that was made non-blocking says so when it is empty
                _wait(quantity=self._raw)
                data = self._raw.read(size)
        if self.position == 0 and self._unpacked is None and data.startswith(_GZIP):
            raise DataError(f"cannot read '{self.name}': it is packed with gzip; {_unpacking(self.name)}")
        self.position += len(data)
        if not data and self.size is not None and (_regular_size(self._raw) or 0) < self.size:
            raise DataError(f"cannot read '{self.name}': the file has become shorter while it was read")
        return data


class Sink:
    """Where bytes go, each write whole. Raises DataError if that fails; BrokenPipeError passes untouched."""

    def __init__(self, raw: Any, name: str) -> None:
        self.name = name
        self._raw = raw

    def write(self, data: bytes | memoryview) -> None:
        """Write all of `data`."""
        with _faults("write", self.name):
            rest = memoryview(data)
            while rest:
                written = self._raw.write(rest)
                if written is None:
                    _wait(writing=self._raw)
                else:
                    rest = rest[written:]

    def flush(self) -> None:
        """Let everything written so far go on its way."""
        with _faults("write", self.name):
            self._raw.flush()

    def finish(self) -> None:
        """Write what belongs to the end."""
        self.flush()


class _GzipSink(Sink):
    """A sink that packs: the same writes and flushes give the same bytes, as zlib's header holds no time."""

    def __init__(self, raw: Any, name: str) -> None:
        import zlib

        super().__init__(raw, name)
        self._packer = zlib.compressobj(level=6, wbits=16 + zlib.MAX_WBITS)
        self._kept = False
        self._sync, self._end = zlib.Z_SYNC_FLUSH, zlib.Z_FINISH

    def write(self, data: bytes | memoryview) -> None:
        self._kept = True
        super().write(self._packer.compress(data))

    def flush(self) -> None:
        if self._kept:
            self._kept = False
            super().write(self._packer.flush(self._sync))
        super().flush()

    def finish(self) -> None:
        super().write(self._packer.flush(self._end))
        super().flush()


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """Open `path` for reading: `-` is stdin, a name that ends in .gz is unpacked. Raises DataError."""
    if path == "-":
        raw = _standard(sys.stdin, "read", "<stdin>")
        with _waking(raw) as wait:
            yield Source(raw, "<stdin>", packed=False, wait=wait)
        return
    name = displayable(path)
    with _faults("read", name):
        raw = io.FileIO(path)
    with raw, _waking(raw) as wait:
        yield Source(raw, name, _is_packed(path), wait)


def _waking(raw: Any) -> AbstractContextManager[Callable[[], None]]:
    """A way to wait for bytes of what may let one wait, which a regular file does not."""
    if _regular_size(raw) is not None:
        return nullcontext(lambda: None)
    from actcli.streams.interruptible_wait import waking

    return waking(raw)


@contextmanager
def open_sink(path: str | None, refuse_same_as: str | None = None) -> Iterator[Sink]:
    """Open `path` for writing: None and `-` are stdout, a name that ends in .gz is packed.

    A regular file, or one that is not there yet, is replaced at the end of the `with` block if that ended
    well; otherwise it stays as it was. Symbolic links are followed; mode and, where possible, owner are
    kept. Anything else (a device, a FIFO) is written straight.

    refuse_same_as  the path of the source (`-`: stdin); UsageFault if that is the same regular file

    Raises DataError if the file cannot be written; BrokenPipeError passes untouched.
    """
    name = "<stdout>" if path is None or path == "-" else displayable(path)
    if refuse_same_as is not None and _is_same_file(path, refuse_same_as):
        raise UsageError(f"'{name}' is the input itself: write to another file")
    with _opened(path, name) as raw:
        sink = _GzipSink(raw, name) if path is not None and _is_packed(path) else Sink(raw, name)
        yield sink
        sink.finish()


@contextmanager
def _opened(path: str | None, name: str) -> Iterator[Any]:
    """The raw file behind `open_sink`."""
    if path is None or path in ("-", "/dev/stdout"):
        raw = _standard(sys.stdout, "write", name)
        with _faults("write", name):
            sys.stdout.flush()
        yield raw
        return
    with _faults("write", name):
        descriptor = re.fullmatch(_DESCRIPTOR, "/dev/fd/2" if path == "/dev/stderr" else path)
        straight = descriptor is not None or _is_special(path)
    if not straight:
        with _replacement(path, name) as raw:
            yield raw
        return
    with _faults("write", name):
        # The name of a descriptor would open its file anew, at the beginning.
        raw = io.FileIO(os.dup(int(descriptor[1])) if descriptor else path, "w")
    try:
        yield raw
    finally:
        with _faults("write", name):
            raw.close()


@contextmanager
def _replacement(path: str, name: str) -> Iterator[io.FileIO]:
    """A new file beside `path`, which takes its place at the end, or vanishes if anything goes wrong."""
    target = os.path.realpath(path)
    temporary = os.path.join(os.path.dirname(target), f".actcli-{os.urandom(8).hex()}.tmp")
    raw = None
    try:
        with _faults("write", name):
            mode = 0o666
            if os.path.exists(target):
                if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
                    raise PermissionError(None, "the file is read-only")
                mode = 0o600  # nobody reads what only the file itself may show
            raw = _Early(temporary, "x", opener=partial(os.open, mode=mode))
        yield raw
        with _faults("write", name):
            _take_after(target, temporary)
            os.fsync(raw.fileno())
            raw.close()
            os.replace(temporary, target)
    except BaseException:
        if raw is not None:
            with suppress(OSError):
                raw.close()
        with suppress(OSError):
            os.unlink(temporary)
        raise


class _Early(io.FileIO):
    """A new file whose bytes start on their way to the disk while others are still to come.

    So there is little to wait for when it is synced at the end.
    """

    _waiting = 0

    def write(self, data: Any) -> int:
        written = super().write(data)
        self._waiting += written
        if self._waiting >= _EARLY and hasattr(os, "posix_fadvise"):
            # What is not needed is written out; as it still has to be, it stays in memory too.
            os.posix_fadvise(self.fileno(), self.tell() - self._waiting, self._waiting, os.POSIX_FADV_DONTNEED)
            self._waiting = 0
        return written


def _take_after(target: str, temporary: str) -> None:
    """Give `temporary` the owner and the group, as far as is allowed, and the mode of `target`, if that exists."""
    try:
        old = os.stat(target)
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(temporary, old.st_uid, -1)
        with suppress(OSError):
            os.chown(temporary, -1, old.st_gid)
    mode = stat.S_IMODE(old.st_mode)
    if os.stat(temporary).st_gid != old.st_gid:
        mode &= ~stat.S_IRWXG  # what that group might do is not for another
    os.chmod(temporary, mode)


def _is_special(path: str) -> bool:
    """Whether `path` is there and no regular file. Raises OSError if it cannot be a file at all."""
    if not os.path.basename(path):
        raise IsADirectoryError(None, "not the name of a file")
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return False


def _is_same_file(sink: str | None, source: str) -> bool:
    """Whether both are one regular file. What cannot be asked is not the same: opening it will say why."""
    try:
        there = os.fstat(sys.stdout.fileno()) if sink is None or sink == "-" else os.stat(sink)
        here = os.fstat(sys.stdin.fileno()) if source == "-" else os.stat(source)
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISREG(here.st_mode) and os.path.samestat(here, there)


def _unpacking(name: str) -> str:
    return "unpack it with zcat, or give the file to -i" if name == "<stdin>" else "a name that ends in .gz says so"


def _is_packed(path: str) -> bool:
    return path.lower().endswith(".gz")


def _unpack(source: Source) -> gzip.GzipFile:
    import gzip

    return gzip.GzipFile(filename="", mode="rb", fileobj=cast("Any", _Packed(source)))


class _Packed:
    """What is read for GzipFile, which asks for the two bytes that gzip begins with only once."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        while 0 < len(data) < 2 <= size and (more := self._source.read(size - len(data))):
            data += more
        if size == 2 and data == _GZIP[:1]:
            raise EOFError
        return data


def _regular_size(raw: Any) -> int | None:
    try:
        status = os.fstat(raw.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _standard(stream: Any, verb: str, name: str) -> Any:
    """The unbuffered file below sys.stdin or sys.stdout.

    Unbuffered, because a buffer that could not be written is tried again, and complains, when Python ends.
    """
    if stream is None:
        raise DataError(f"cannot {verb} '{name}': it is closed")
    return getattr(stream.buffer, "raw", stream.buffer)


def _wait(quantity: Any = None, writing: Any = None) -> None:
    import select

    select.select([quantity] if quantity else [], [writing] if writing else [], [])


@contextmanager
def _faults(verb: str, name: str) -> Iterator[None]:
    """OSErrors as DataErrors that name the file, save a broken pipe."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DataError(f"cannot {verb} '{name}': {error.strerror or error}") from error
