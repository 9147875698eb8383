"""A file that is replaced atomically: at any moment it is complete under its name, the old one or the new one.

On Linux the new file has no name until it is complete, so that a killed run leaves nothing. On file systems without
unnamed files it has a temporary name, and the next run to the same target removes what a killed run left: a running
process holds a lock on its temporary file.
"""

from __future__ import annotations

import binascii
import errno
import io
import os
import stat
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

__all__ = ["AtomicOutput"]

_WRITEBACK_BYTES = 1 << 23
"""After so many bytes the system is asked to write them to the disk."""
_MAX_ABANDONED = 8
"""How many temporary names of a target are searched for files of killed runs."""
_ACL = "system.posix_acl_access"


class AtomicOutput:
    """The new content of `path`: open() creates it, commit() gives it its name, discard() deletes it.

    Symbolic links are followed. An existing file keeps its mode, POSIX ACL and user attributes and, where possible,
    its owner and group.

    expected  the status of the existing file when it was read; commit() fails if it has changed since

    The methods raise OSError.
    """

    def __init__(self, path: str, expected: os.stat_result | None = None) -> None:
        self.raw: io.FileIO | None = None
        self._expected = expected
        self._target = os.path.realpath(path)
        folder, name = os.path.split(self._target)
        self._folder = folder
        # The hash of the name is the same in each run and short: names of files have a limited length.
        self._stem = os.path.join(folder, f".actcli-{binascii.crc32(os.fsencode(name)):08x}")
        self._temporary = ""

    def open(self) -> io.FileIO:
        """Create the new file and return it, open for writing."""
        mode = 0o666
        if os.path.exists(self._target):
            if not os.access(self._target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
                raise PermissionError(None, "the file is read-only")
            mode = 0o600  # the new file is not readable by more users than the old one
        for number in range(_MAX_ABANDONED):
            _remove_abandoned(self._temporary_name(number))
        unnamed = _open_unnamed(self._folder, mode)
        self.raw = self._create_named(mode) if unnamed is None else _WritebackFile(unnamed, "w")
        return self.raw

    def commit(self) -> None:
        """Replace the target by the new file."""
        assert self.raw is not None
        descriptor = self.raw.fileno()
        _copy_attributes(self._target, descriptor if os.chmod in os.supports_fd else self._temporary)
        os.fsync(descriptor)
        if not self._temporary:
            self._name(descriptor)
        if self._expected is not None and not _is_same(os.stat(self._target), self._expected):
            raise OSError(None, "it was changed while it was read: run the command again")
        if os.name == "nt":  # which renames no open file; elsewhere closing it would release its lock
            self.raw.close()
        os.replace(self._temporary, self._target)
        self.raw.close()

    def discard(self) -> None:
        """Delete the new file, unless it has replaced the target."""
        if self.raw is None:
            _remove_abandoned(self._temporary)  # a signal may have interrupted its creation
            return
        with suppress(OSError):
            # The name may belong to another process: a signal may have come before the file was linked.
            if self.raw.closed or os.path.samestat(os.lstat(self._temporary), os.fstat(self.raw.fileno())):
                os.unlink(self._temporary)
        with suppress(OSError):
            self.raw.close()

    def _temporary_name(self, number: int) -> str:
        return f"{self._stem}-{number}.tmp"

    def _create_named(self, mode: int) -> io.FileIO:
        """Create the new file under a temporary name."""
        for number in count():
            self._temporary = self._temporary_name(number)
            with suppress(FileExistsError):
                raw = _WritebackFile(self._temporary, "x", opener=partial(os.open, mode=mode))
                _lock(raw.fileno(), wait=True)
                if os.fstat(raw.fileno()).st_nlink:
                    return raw
                raw.close()  # another process has removed the file before it had a lock
        raise AssertionError

    def _name(self, descriptor: int) -> None:
        """Give the file without a name a temporary one."""
        _lock(descriptor, wait=True)
        for number in count():
            self._temporary = self._temporary_name(number)
            with suppress(FileExistsError):
                # With a directory descriptor Python follows the symbolic link /proc/self/fd/N, else it does not.
                os.link(f"/proc/self/fd/{descriptor}", self._temporary, src_dir_fd=descriptor)
                return


class _WritebackFile(io.FileIO):
    """A new file that is written to the disk while it grows, so that the fsync at the end is short."""

    _unwritten = 0

    def write(self, data: Any) -> int:
        written = super().write(data)
        self._unwritten += written
        if self._unwritten >= _WRITEBACK_BYTES and hasattr(os, "posix_fadvise"):
            # Linux starts to write pages that are not needed; dirty ones stay in memory until they are written.
            os.posix_fadvise(self.fileno(), self.tell() - self._unwritten, self._unwritten, os.POSIX_FADV_DONTNEED)
            self._unwritten = 0
        return written


def _open_unnamed(folder: str, mode: int) -> int | None:
    """Return a new file without a name; None if that fails: then a file with a name reports the error, if any."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir("/proc/self/fd"):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, mode)
    except OSError:
        return None


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Return whether this process has got the lock of a file. False on file systems without locks."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remove_abandoned(name: str) -> None:
    """Remove a temporary file of a process that has ended."""
    with suppress(OSError):
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            # Only the process that has the lock of a file may remove it, so the name is still that of this file.
            if _lock(descriptor, wait=False) and os.path.samestat(os.lstat(name), os.fstat(descriptor)):
                os.unlink(name)
        finally:
            os.close(descriptor)


def _is_same(now: os.stat_result, before: os.stat_result) -> bool:
    """Return whether a file is the same, unchanged."""
    return os.path.samestat(now, before) and (now.st_size, now.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def _copy_attributes(target: str, new: int | str) -> None:
    """Give `new` the mode, ACL and user attributes of `target`, if that exists, and its owner and group if permitted.

    The group has no rights if the group or the ACL cannot be kept.
    """
    try:
        old = os.stat(target)
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(new, old.st_uid, -1)
        with suppress(OSError):
            os.chown(new, -1, old.st_gid)
    mode = stat.S_IMODE(old.st_mode)
    if os.stat(new).st_gid != old.st_gid or not _copy_acl(target, new):
        mode &= ~stat.S_IRWXG  # the rights of one group are not for another; with an ACL they limit all its entries
    os.chmod(new, mode)
    _copy_user_attributes(target, new)


def _copy_acl(target: str, new: int | str) -> bool:
    """Give `new` the POSIX ACL of `target`, or none if that has none; return whether that is done."""
    if not hasattr(os, "setxattr"):
        return True
    try:
        acl = os.getxattr(target, _ACL)
    except OSError as error:
        if error.errno != errno.ENODATA:
            return error.errno == errno.ENOTSUP
        acl = b""
    try:
        if acl:
            os.setxattr(new, _ACL, acl)
        else:
            os.removexattr(new, _ACL)  # it may have inherited one from its directory
    except OSError as error:
        return not acl and error.errno in (errno.ENODATA, errno.ENOTSUP)
    return True


def _copy_user_attributes(target: str, new: int | str) -> None:
    """Give `new` the extended attributes of `target` that users and programs have set."""
    if not hasattr(os, "listxattr"):
        return
    names: list[str] = []
    with suppress(OSError):  # a file system without extended attributes
        names = [name for name in os.listxattr(target) if name.startswith("user.")]
    for name in names:
        os.setxattr(new, name, os.getxattr(target, name))
