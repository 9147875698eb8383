"""New text in the place of some spans of bytes, and all else as it was: many spans at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.streams.csv.float_parser import windows

if TYPE_CHECKING:
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets

__all__ = ["MARGIN", "splice"]

MARGIN = 64
"""How many bytes `splice` may look at behind those that it takes: they have to be there."""


def splice(page: Bytes, begin: int, end: int, spans: tuple[Offsets, Offsets], texts: tuple[Offsets, Offsets]) -> Bytes:
    """page[begin:end] with text in the place of spans.

    spans  where each span begins and ends, in their order, none overlapping another
    texts  where in `page` the text for each begins, and its length

    Bytes are copied MARGIN at a time, from the left to the right: what a copy writes too much is written over by
    the next one. That relies on NumPy assigning the elements of an array that overlap, as it does not say that it
    does, one after another in their order: a test holds it to that.
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
