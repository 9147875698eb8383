"""Re-chunking of a stream of arrays to one size, so that running sums do not depend on how the data arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column: TypeAlias = NDArray[Any]

__all__ = ["Rechunker"]


class Rechunker:
    """Collects rows of parallel columns and passes them to `consume` in chunks of `size` rows."""

    def __init__(self, size: int, consume: Callable[..., None]) -> None:
        self._size = size
        self._consume = consume
        self._pending: list[tuple[Column, ...]] = []
        self._rows = 0

    def add(self, *columns: Column) -> None:
        """Add rows: one array per column, all of one length."""
        self._pending.append(columns)
        self._rows += len(columns[0])
        if self._rows < self._size:
            return
        joined = [np.concatenate(pieces) for pieces in zip(*self._pending, strict=True)]
        end = self._rows // self._size * self._size
        for start in range(0, end, self._size):
            self._consume(*(column[start : start + self._size] for column in joined))
        self._pending, self._rows = [tuple(column[end:] for column in joined)], self._rows - end

    def finish(self) -> None:
        """Pass the remaining rows on."""
        if self._rows:
            self._consume(*(np.concatenate(pieces) for pieces in zip(*self._pending, strict=True)))
        self._pending, self._rows = [], 0
