"""Helpers of the tests of sources and sinks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actcli.streams.files import open_sink, open_source


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user who is subject to file modes."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def contents(path: Path | str) -> bytes:
    """Return the bytes of a file, read through `open_source`."""
    with open_source(str(path)) as source:
        return b"".join(iter(source.read_some, b""))


def put(path: Path | str, data: bytes = b"new\n", source: str | None = None) -> None:
    """Write a file through `open_sink`."""
    with open_sink(str(path), refuse_same_as=source) as sink:
        sink.write(data)
