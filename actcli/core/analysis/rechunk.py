"""Arrays that come in pieces of any size, handed on in pieces of one size, so that sums do not depend on the pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Rechunker"]


class Rechunker:
    """Gathers columns that grow together and hands `take` as many rows of them at a time as `size`."""

    def __init__(self, size: int, take: Callable[..., None]) -> None:
        self._size = size
        self._take = take
        self._waiting: list[tuple[Any, ...]] = []
        self._rows = 0

    def add(self, *columns: Any) -> None:
        """The next rows."""
        self._waiting.append(columns)
        self._rows += len(columns[0])
        if self._rows < self._size:
            return
        whole = [np.concatenate(pieces) for pieces in zip(*self._waiting, strict=True)]
        end = self._rows // self._size * self._size
        for start in range(0, end, self._size):
            self._take(*(column[start : start + self._size] for column in whole))
        self._waiting, self._rows = [tuple(column[end:] for column in whole)], self._rows - end

    def finish(self) -> None:
        """Hand on what is left."""
        if self._rows:
            self._take(*(np.concatenate(pieces) for pieces in zip(*self._waiting, strict=True)))
        self._waiting, self._rows = [], 0
