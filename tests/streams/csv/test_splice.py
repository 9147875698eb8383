"""Replacement of byte spans."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.streams.csv.float_parser import windows
from actcli.streams.csv.splice import MARGIN, splice
from tests.support.tiers import examples


def text(most: int) -> st.SearchStrategy[bytes]:
    """Bytes of any length up to `most`, each other than the next."""
    return st.builds(
        lambda length, first: bytes((first + i) % 251 for i in range(length)), st.integers(0, most), st.integers(0, 250)
    )


parts = st.tuples(text(200), text(80), text(50))


def test_overlapping_elements_are_assigned_in_order() -> None:
    """Of two overlapping elements the later one remains, in arrays of every size."""
    for count in (1, 2, 3, 7, 100, 5000, 100_000):
        for step in (1, 3, MARGIN - 1):
            page = np.arange(count * MARGIN, dtype=np.uint32).astype(np.uint8)
            out = np.zeros(step * count + MARGIN, np.uint8)
            starts = MARGIN * np.random.default_rng(count).permutation(count)
            windows(out, MARGIN)[step * np.arange(count)] = windows(page, MARGIN)[starts]
            expected = np.concatenate([page[start : start + step] for start in starts])
            assert (out[: step * count] == expected).all()


@settings(max_examples=examples(300))
@given(st.lists(parts, min_size=1, max_size=30), text(200), st.booleans())
def test_spans_are_replaced(parts: list[tuple[bytes, bytes, bytes]], end: bytes, short: bool) -> None:
    """Each span is replaced by its text, empty or not; all bytes between and around stay."""
    if short:
        parts = [(kept[:60], span[:4], text[:24]) for kept, span, text in parts]
    page, spans, texts = b"<" * MARGIN, [], []
    for kept, span, _ in parts:
        page += kept + span
        spans.append((len(page) - len(span), len(page)))
    page += end
    stop = len(page)
    page += b">" * MARGIN
    for _, _, text in parts:
        texts.append((len(page), len(text)))
        page += text
    page += b">" * MARGIN
    out = splice(np.frombuffer(page, np.uint8), MARGIN, stop, tuple(np.array(spans).T), tuple(np.array(texts).T))
    assert b"".join(kept + text for kept, _, text in parts) + end == out.tobytes()
