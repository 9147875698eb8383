"""Replace many spans of bytes at once, and copy everything between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.streams.csv.float_parser import windows

if TYPE_CHECKING:
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets

__all__ = ["MARGIN", "splice"]

MARGIN = 64
"""How many bytes after its sources `splice` may read: they must exist."""


def splice(page: Bytes, begin: int, end: int, spans: tuple[Offsets, Offsets], texts: tuple[Offsets, Offsets]) -> Bytes:
    """Return page[begin:end] with each span replaced by its text.

    spans  where each span starts and ends, in their order, without overlaps
    texts  where in `page` the text of each starts, and its length

    Bytes are copied MARGIN at a time, from left to right: the excess bytes of a copy are overwritten by the next one.
    This relies on NumPy assigning overlapping elements of an array in their order, which it does not document: a test
    checks it.
    """
    count = spans[0].size
    sources = np.empty(2 * count + 1, np.int64)
    lengths = np.empty(2 * count + 1, np.int64)
    sources[0], sources[2::2] = begin, spans[1]
    lengths[:-1:2], lengths[-1] = spans[0], end
    lengths[::2] -= sources[::2]
    sources[1::2], lengths[1::2] = texts

    targets = np.cumsum(lengths)
    total = int(targets[-1])
    targets -= lengths
    if lengths.max() > MARGIN:
        copies = (lengths + (MARGIN - 1)) // MARGIN
        step = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
        sources = np.repeat(sources, copies) + MARGIN * step
        targets = np.repeat(targets, copies) + MARGIN * step
    out = np.empty(total + MARGIN, np.uint8)
    windows(out, MARGIN)[targets] = windows(page, MARGIN)[sources]
    return out[:total]
