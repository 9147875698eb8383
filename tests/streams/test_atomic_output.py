"""Replacement of files: attributes, links, files of killed runs, changes by others."""

from __future__ import annotations

import errno
import os
import signal
import stat
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actcli.errors import DataError
from actcli.streams.files import open_sink, open_source
from tests.support.child_processes import PATIENCE, open_files
from tests.support.files import contents, put
from tests.support.processes import environ

named = pytest.mark.parametrize

ACL, DEFAULT_ACL = "system.posix_acl_access", "system.posix_acl_default"
USER_OBJECT, USER, GROUP_OBJECT, GROUP, MASK, OTHER = 1, 2, 4, 8, 16, 32
ALL = 0xFFFFFFFF


def acl(*entries: tuple[int, int, int]) -> bytes:
    """Return the extended attribute of an ACL of entries (tag, rights, identity), as Linux defines it."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


EVA_MAY_READ = acl(
    (USER_OBJECT, 6, ALL), (USER, 4, 1234), (GROUP_OBJECT, 0, ALL), (GROUP, 6, 4321), (MASK, 6, ALL), (OTHER, 0, ALL)
)
"""An ACL under which the mode shows rw for the group, which has no rights itself."""


@pytest.fixture
def acls(tmp_path: Path) -> None:
    """Skip the test where the file system has no ACLs."""
    path = tmp_path / "probe"
    path.write_bytes(b"")
    try:
        os.setxattr(path, ACL, EVA_MAY_READ)
        os.setxattr(path, "user.actcli", b"x")
    except (AttributeError, OSError):
        pytest.skip("the file system has no ACLs")
    path.unlink()


@pytest.fixture(params=["unnamed", "named"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return whether new files have temporary names, as on file systems without O_TMPFILE."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    elif not hasattr(os, "O_TMPFILE"):
        pytest.skip("the system has no unnamed files")
    return str(request.param)


def temporary(folder: Path) -> list[str]:
    """Return the names of temporary files in a directory."""
    return [name for name in os.listdir(folder) if name.startswith(".actcli-")]


@named("mode", [0o600, 0o664, 0o755])
def test_existing_file_keeps_mode(tmp_path: Path, mode: int, kind: str) -> None:
    """A replaced file keeps its mode, and its replacement never had a wider one."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    path.chmod(mode)
    with open_sink(str(path)) as sink:
        sink.write(b"new\n")
        (new,) = open_files("self", tmp_path)
        assert stat.S_IMODE(os.stat(new).st_mode) & ~0o600 == 0
        assert (kind == "named") == bool(temporary(tmp_path))
        assert path.read_bytes() == b"old\n"
    assert path.read_bytes() == b"new\n"
    assert mode == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.usefixtures("acls")
def test_existing_file_keeps_acl_and_user_attributes(tmp_path: Path, kind: str) -> None:
    """A replaced file keeps its POSIX ACL, the mode that this shows, and its user attributes."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    path.chmod(0o640)
    for name, value in {"user.origin": b"a\0b", "user.empty": b""}.items():
        os.setxattr(path, name, value)
    os.setxattr(path, ACL, EVA_MAY_READ)
    put(path)
    assert path.read_bytes() == b"new\n"
    assert os.getxattr(path, ACL) == EVA_MAY_READ
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert {name: os.getxattr(path, name) for name in os.listxattr(path) if name.startswith("user.")} == {
        "user.origin": b"a\0b",
        "user.empty": b"",
    }


@pytest.mark.usefixtures("acls")
def test_group_has_no_rights_if_the_acl_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the ACL cannot be copied, the group bits of the mode, which are its mask, are dropped."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    os.setxattr(path, ACL, EVA_MAY_READ)

    def refusing(*args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "setxattr", refusing)
    put(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("acls")
def test_acl_of_the_directory_is_for_new_files(tmp_path: Path, kind: str) -> None:
    """A new file inherits the default ACL of its directory; a replaced file without an ACL stays without."""
    path, new = tmp_path / "out.csv", tmp_path / "new.csv"
    path.write_bytes(b"old\n")
    path.chmod(0o664)
    os.setxattr(tmp_path, DEFAULT_ACL, EVA_MAY_READ)
    put(path)
    put(new)
    assert ACL not in os.listxattr(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o664
    assert os.getxattr(new, ACL) == EVA_MAY_READ


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_existing_file_keeps_owner(tmp_path: Path) -> None:
    """A replaced file keeps its owner."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    os.chown(path, 1234, 4321)
    put(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize(("group_may_stay", "mode"), [(True, 0o664), (False, 0o604)])
def test_existing_file_keeps_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group_may_stay: bool, mode: int
) -> None:
    """The group is kept though the owner cannot be; if it cannot, the group rights are dropped."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    os.chown(path, 1234, 4321)
    path.chmod(0o664)
    chown = os.chown

    def refusing(path: str, owner: int, group: int) -> None:
        if owner != -1 or not group_may_stay:
            raise PermissionError(1, "Operation not permitted")
        chown(path, owner, group)

    monkeypatch.setattr(os, "chown", refusing)
    put(path)
    status = path.stat()
    assert (status.st_gid == 4321, stat.S_IMODE(status.st_mode)) == (group_may_stay, mode)


def test_symbolic_link_is_followed(tmp_path: Path) -> None:
    """The target of a link is replaced or created, and the link stays."""
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "out.csv", tmp_path / "link"
    link.symlink_to("there/out.csv")
    for data in (b"first", b"second"):
        put(link, data)
        assert link.is_symlink()
        assert data == target.read_bytes()
    assert [target] == list((tmp_path / "there").iterdir())


def test_file_is_synced_before_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file is synced before the rename, so that a crash leaves the old or the new one."""
    steps: list[str] = []
    sync, replace = os.fsync, os.replace

    def noted_sync(descriptor: int) -> None:
        steps.append("sync")
        sync(descriptor)

    def noted_replace(new: str, old: str) -> None:
        steps.append("replace")
        replace(new, old)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_replace)
    put(tmp_path / "out.csv")
    assert steps == ["sync", "replace"]


# --- killed runs ----------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
kind, moment, path = sys.argv[1:]
if kind == "named" and hasattr(os, "O_TMPFILE"):
    del os.O_TMPFILE
from actcli.streams.files import open_sink, open_source
def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)
if moment != "write":
    setattr(os, moment, die)
with open_sink(path) as sink:
    sink.write(b"half")
    if moment == "write":
        die()
"""


@named("moment", ["write", "fsync", "replace"])
def test_killed_run_leaves_nothing(tmp_path: Path, kind: str, moment: str) -> None:
    """SIGKILL leaves the old file, and no other if files can be unnamed; the next run to it removes what is left."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    command = [sys.executable, "-P", "-c", KILLED, kind, moment, str(path)]
    done = subprocess.run(command, env=environ(), capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")
    assert path.read_bytes() == b"old\n"
    # Between the link and the rename the file has a name on every file system.
    assert len(temporary(tmp_path)) == (kind == "named" or moment == "replace")
    put(tmp_path / "other.csv")
    assert len(temporary(tmp_path)) == (kind == "named" or moment == "replace")
    put(path)
    assert temporary(tmp_path) == []
    assert path.read_bytes() == b"new\n"


@named("step", ["open", "link", "fsync", "replace"])
def test_interruption_after_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, step: str) -> None:
    """Whatever step a signal follows, no temporary file remains, and the file is the old or the new one."""
    if (step, kind) == ("link", "named"):
        pytest.skip("nothing is linked")
    path = tmp_path / "out.csv"
    path.write_bytes(b"old\n")
    done = getattr(os, step)

    def interrupted(*args: Any, **kwargs: Any) -> None:
        done(*args, **kwargs)
        monkeypatch.setattr(os, step, done)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        put(path)
    assert path.read_bytes() == (b"new\n" if step == "replace" else b"old\n")
    assert [path] == list(tmp_path.iterdir())


def test_concurrent_runs_do_not_disturb_each_other(tmp_path: Path, kind: str) -> None:
    """Runs to one target at the same time each write it completely; the last to end wins, and no file remains."""
    path = tmp_path / "out.csv"
    with open_sink(str(path)) as first:
        first.write(b"first ")
        with open_sink(str(path)) as second:
            second.write(b"second\n")
            with open_sink(str(path)) as third:
                third.write(b"third\n")
                assert len(temporary(tmp_path)) == 3 * (kind == "named")
            assert contents(path) == b"third\n"
        assert contents(path) == b"second\n"
        first.write(b"end\n")
    assert contents(path) == b"first end\n"
    assert [path] == list(tmp_path.iterdir())


def test_several_killed_runs(tmp_path: Path) -> None:
    """Files of several killed runs are removed, those of a running one and those of users are not."""
    path = tmp_path / "out.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(os, "O_TMPFILE", raising=False)
        with open_sink(str(path)):
            (running,) = temporary(tmp_path)
            for i in (1, 3):
                (tmp_path / running.replace("-0.tmp", f"-{i}.tmp")).write_bytes(b"half")
            (tmp_path / running.replace("-0.tmp", "-2.tmp")).mkdir()
            with open_sink(str(path)):
                assert {running, running.replace("-0.tmp", "-1.tmp"), running.replace("-0.tmp", "-2.tmp")} == set(
                    temporary(tmp_path)
                )
    assert [running.replace("-0.tmp", "-2.tmp")] == temporary(tmp_path)
    assert path.exists()


def test_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Without locks files are written as usual, and no file is taken for one of a killed run."""
    import fcntl

    def refusing(*args: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refusing)
    path = tmp_path / "out.csv"
    with open_sink(str(path)) as first:
        first.write(b"first\n")
        put(path)
        assert len(temporary(tmp_path)) == (kind == "named")
    assert path.read_bytes() == b"first\n"
    assert [path] == list(tmp_path.iterdir())


# --- changes during the run -----------------------------------------------------------------------------------


def append(path: Path) -> None:
    """Append a row."""
    with path.open("ab") as file:
        file.write(b"3\n")


def rewrite(path: Path) -> None:
    """Write as many bytes into the file."""
    path.write_bytes(b"3\n")


def renew(path: Path) -> None:
    """Replace the file by another of the same size and time."""
    status = path.stat()
    new = path.with_name("new")
    new.write_bytes(b"3\n")
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(path)


@named("change", [append, rewrite, renew], ids=lambda change: change.__name__)
def test_changed_file_is_not_replaced(tmp_path: Path, kind: str, change: Callable[[Path], None]) -> None:
    """A file that changes between its status and the rename is an error, and it keeps the change."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"1\n")
    os.utime(path, ns=(10**18, 10**18))  # the clock of a file system may stand still for milliseconds

    def replace() -> None:
        with open_source(str(path)) as source, open_sink(str(path), rewritten=source) as sink:
            sink.write(b"2\n")
            change(path)

    with pytest.raises(DataError) as caught:
        replace()
    assert f"cannot write '{path}': it was changed while it was read: run the command again" == str(caught.value)
    assert path.read_bytes() == (b"1\n3\n" if change is append else b"3\n")
    assert [path] == list(tmp_path.iterdir())


def test_unchanged_file_is_replaced(tmp_path: Path, kind: str) -> None:
    """A file with the expected status is replaced."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"1\n")
    with open_source(str(path)) as source, open_sink(str(path), rewritten=source) as sink:
        sink.write(b"2\n")
    assert path.read_bytes() == b"2\n"
