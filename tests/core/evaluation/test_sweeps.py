"""Every value of the 16- and 8-bit formats against the truth stored by `make_truth`."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

import actcli
from actcli.number_formats import FLOATS
from tests.support import points
from tests.support.make_truth import BLOCK, FOLDER, ORDERS, SWEPT, digests, is_stored, missing, stored, truths
from tests.support.oracle import FORMATS, elementwise_entries, ulps
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, exhaustive, sampled

RENEW = "run python -m tests.regenerate truth"

each_entry = pytest.mark.parametrize("name", elementwise_entries())
each_order = pytest.mark.parametrize("order", [0, 1], ids=ORDERS)
each_format = pytest.mark.parametrize("dtype", SWEPT)

Array = NDArray[np.float64]


@cache
def every(dtype: str) -> Array:
    """Every value of a format."""
    return np.array(points.every(dtype))


def got(name: str, order: int, dtype: str, xs: Array) -> Array:
    """What actcli gives."""
    spec = points.spec(name, points.usual(elementwise_entries()[name]))
    return (actcli.gradient if order else actcli.evaluate)(spec, xs, dtype=dtype).astype(np.float64)


def differences(name: str, order: int, dtype: str, xs: Array, ys: Array) -> list[str]:
    """A line for each x whose result is not the truth, by the oracle here and now."""
    known = truths(name, order, dtype, xs.tolist())
    return [
        f"{name} {ORDERS[order]} {dtype} x={x.hex()} ({x!r}): got {y!r}, truth {truth!r}, "
        f"{ulps(y, truth, FORMATS[dtype]):.3g} ulp"
        for x, y, truth in zip(xs.tolist(), ys.tolist(), known, strict=True)
        if repr(y) != repr(truth)
    ]


@each_format
def test_sweep_covers_every_value(dtype: str) -> None:
    """The inputs of a sweep are all bit patterns in their order, as the format lists them."""
    assert list(map(repr, FLOATS[dtype].every().tolist())) == list(map(repr, points.every(dtype)))


def test_stored_truth_is_complete() -> None:
    """The stored truth of each entry was made from its current formula, and nothing else is stored."""
    stale = [f"{name} {ORDERS[order]}" for name, order in missing()]
    assert not stale, f"{RENEW}: missing or stale are {', '.join(stale)}"
    extra = {path.stem for path in FOLDER.iterdir()} - elementwise_entries().keys()
    assert not extra, f"{RENEW}: no longer in the catalogue are {', '.join(extra)}"


@each_entry
@each_order
def test_sweep_of_8_bits(name: str, order: int) -> None:
    """All 256 inputs of the float8 formats give the stored truth, to the bit."""
    sweep(name, order, [dtype for dtype in SWEPT if len(every(dtype)) == 1 << 8])


@pytest.mark.parametrize("name", sampled(elementwise_entries(), costly=COSTLY))
@each_order
def test_sweep_of_16_bits(name: str, order: int) -> None:
    """All 65,536 inputs of float16 and bfloat16 give the stored truth, to the bit."""
    sweep(name, order, [dtype for dtype in SWEPT if len(every(dtype)) == 1 << 16])


def sweep(name: str, order: int, formats: list[str]) -> None:
    """Compare every result in these formats with the stored truth."""
    assert formats
    faults: list[str] = []
    for dtype in formats:
        xs = every(dtype)
        if not is_stored(name, order):
            # Until it is stored, some inputs are held against the oracle here and now.
            xs = np.array(random.Random(SEED).sample(xs.tolist(), min(len(xs), 500)))
            faults += differences(name, order, dtype, xs, got(name, order, dtype, xs))
            continue
        ys = got(name, order, dtype, xs)
        wanted = stored(name)[ORDERS[order]][dtype]
        wrong = [place for place, digest in enumerate(digests(ys)) if digest != wanted[place]]
        for place in wrong[:2]:
            part = slice(place * BLOCK, (place + 1) * BLOCK)
            found = differences(name, order, dtype, xs[part], ys[part])
            faults += found or [f"{name} {dtype}: actcli is right, and what is stored of block {place} is not: {RENEW}"]
        if wrong:
            faults.append(f"{dtype}: {len(wrong)} of {len(wanted)} blocks of {BLOCK} inputs differ")
    if faults:
        pytest.fail(f"{len(faults)} faults (seed {SEED}):\n" + "\n".join(faults[:20] + faults[-1:]), pytrace=False)


@exhaustive
@each_entry
@each_order
@each_format
def test_stored_truth_is_reproducible(name: str, order: int, dtype: str) -> None:
    """The oracle reproduces a sixteenth of the stored truth; `make_truth` recomputes all of it."""
    if not is_stored(name, order):
        pytest.skip(f"not stored: {RENEW}")
    xs, known = points.every(dtype), stored(name)[ORDERS[order]][dtype]
    for place in random.Random(f"{SEED} {name} {order} {dtype}").sample(range(len(known)), -(-len(known) // 16)):
        block = xs[place * BLOCK : (place + 1) * BLOCK]
        assert digests(truths(name, order, dtype, block)) == [known[place]]
