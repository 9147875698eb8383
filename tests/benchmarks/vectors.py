"""Times of the vector activations beside naive NumPy: `python -m tests.benchmarks.vectors`.

One vector of 10^6 normal numbers of standard deviation 4 (10^5 for sparsemax), a tenth of it, vectors of 100, and a
vector most of whose elements need the accurate path. All in one run; nothing is asserted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import actcli
from tests.benchmarks.speed import best, show, table

Array = Any


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax(x: Array) -> Array:
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def sparsemax(x: Array) -> Array:
    descending = -np.sort(-x, axis=-1)
    sums = np.cumsum(descending, axis=-1)
    size = np.count_nonzero(1 + np.arange(1, x.shape[-1] + 1) * descending > sums, axis=-1)[..., np.newaxis]
    return np.maximum(x - (np.take_along_axis(sums, size - 1, axis=-1) - 1) / size, 0)


NAIVE: dict[str, Callable[[Array], Array]] = {
    "softmax": softmax,
    "log_softmax": log_softmax,
    "softmin": lambda x: softmax(-x),
    "gumbel_softmax:tau=0.3": lambda x: softmax(x / 0.3),
    "sparsemax": sparsemax,
}


def main() -> None:
    """The table."""
    dice = np.random.default_rng(4)
    rows = [["ms", "shape", "sd", "actcli", "numpy", "ratio"]]
    for name, naive in NAIVE.items():
        long = 10**5 if name == "sparsemax" else 10**6
        for shape, deviation in (((long // 10,), 4), ((long,), 4), ((long // 100, 100), 4), ((long,), 400)):
            x = dice.normal(0, deviation, shape)
            ours, theirs = best(lambda: actcli.evaluate(name, x)), best(lambda: naive(x))  # noqa: B023
            sizes = "x".join(map(str, shape))
            times = [f"{ours * 1e3:.1f}", f"{theirs * 1e3:.1f}", f"{ours / theirs:.1f}"]
            rows.append([name, sizes, str(deviation), *times])
    show(table(rows))


if __name__ == "__main__":
    main()
