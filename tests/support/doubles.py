"""Families of doubles that are hard to convert to and from digits."""

from __future__ import annotations

import numpy as np

__all__ = ["FAMILIES", "family"]

FAMILIES = [
    "normal", "uniform", "any bits", "decades", "two decimals", "few digits", "float32", "integers",
    "next to powers of two", "next to powers of ten", "next to short decimals", "dyadic", "ties", "special",
]  # fmt: skip


def family(name: str, size: int) -> list[float]:
    """Return `size` members of a family, or all of a small one; the same on each call."""
    rng = np.random.default_rng(FAMILIES.index(name))
    sign = rng.choice([-1.0, 1.0], size)
    steps = rng.integers(-3, 4, size)
    if name == "normal":
        found = rng.normal(0, 4, size)
    elif name == "uniform":
        found = rng.uniform(-1000, 1000, size)
    elif name == "any bits":
        found = rng.integers(0, 1 << 64, size, np.uint64, endpoint=False).view(np.float64)
    elif name == "decades":
        found = sign * 10.0 ** rng.uniform(-8, 20, size)
    elif name == "two decimals":
        found = sign * rng.integers(0, 10**6, size) / 100
    elif name == "few digits":
        found = np.array([float(f"{n}e{e}") for n, e in rng.integers([1, -9], [10**4, 9], (size, 2)).tolist()])
    elif name == "float32":
        found = rng.normal(0, 4, size).astype(np.float32).astype(np.float64)
    elif name == "integers":
        found = sign * rng.integers(0, 10 ** rng.integers(1, 19, size))
    elif name == "next to powers of two":
        found = _stepped(2.0 ** rng.integers(-20, 60, size), steps)
    elif name == "next to powers of ten":
        found = _stepped(10.0 ** rng.integers(-7, 18, size), steps)
    elif name == "next to short decimals":
        found = _stepped(rng.integers(1, 10**5, size) / 10.0 ** rng.integers(0, 8, size), steps)
    elif name == "dyadic":
        found = sign * rng.integers(0, 1 << 30, size) / 2.0 ** rng.integers(0, 40, size)
    elif name == "ties":
        # Numbers with one digit more than is written: a 5.
        found = sign * (2 * rng.integers(1, 1 << 20, size) + 1) / 2.0 ** rng.integers(10, 34, size)
    else:
        found = np.array([0.0, -0.0, 1.0, np.nan, np.inf, -np.inf, 5e-324, 2.2250738585072014e-308, 1e22, 1e-4, 9e15])
    return [float(value) for value in found]


def _stepped(values: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return the doubles that many steps above or below `values`."""
    return (values.view(np.int64) + steps).view(np.float64)
