"""Re-chunking of a stream of arrays."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.core.analysis.rechunk import Rechunker


@pytest.mark.parametrize("sizes", [[10], [1] * 10, [3, 3, 4], [4, 0, 6], [7, 3], []])
def test_chunks_have_one_size(sizes: list[int]) -> None:
    """Rows arrive in order in chunks of the given size, and the remaining rows with finish()."""
    chunks: list[tuple[list[int], list[int]]] = []
    rechunker = Rechunker(4, lambda a, b: chunks.append((a.tolist(), b.tolist())))
    start = 0
    for size in sizes:
        rows = np.arange(start, start + size)
        rechunker.add(rows, -rows)
        start += size
    rechunker.finish()
    expected = [list(range(i, min(i + 4, start))) for i in range(0, start, 4)]
    assert chunks == [(rows, [-row for row in rows]) for rows in expected]
