"""Compute the reference results of the 16- and 8-bit sweeps: `python -m tests.support.make_truth`.

Missing and stale results are computed on all cores and stored in `truth/`. A file contains, for f and the derivative of
one entry with its defaults, a digest of each block of results in the order of the inputs' bit patterns, and a digest of
the texts that they were computed from.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from actcli.core.catalogue.activation import Activation
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries

__all__ = ["BLOCK", "FOLDER", "ORDERS", "SWEPT", "digests", "made_from", "stored", "truths"]

FOLDER = Path(__file__).parent / "truth"
ORDERS = ("f", "slope")
SWEPT = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")
BLOCK = 1024


def made_from(entry: Activation, order: int) -> str:
    """Return a digest of all that the results depend on: if it changes, the stored results are stale."""
    facts: list[Any] = [
        entry.formula,
        [(param.name, param.default) for param in entry.parameters],
        entry.properties.odd,
    ]
    if entry.domain is not None and entry.frameworks:
        facts.append("limits at the ends of the domain")
    if order:
        facts += [entry.derivative, [(kink.at, kink.subgradient) for kink in entry.kinks]]
    return blake2b(json.dumps(facts).encode(), digest_size=8).hexdigest()


def digests(results: ArrayLike) -> list[str]:
    """Return a digest of each block of results; all nans are equal."""
    values = np.array(results, dtype="<f8")
    values[np.isnan(values)] = np.nan
    blocks = range(0, len(values), BLOCK)
    return [blake2b(values[start : start + BLOCK].tobytes(), digest_size=6).hexdigest() for start in blocks]


def truths(name: str, order: int, dtype: str, xs: list[float]) -> list[float]:
    """Return the reference result at each of xs, values of the format called `dtype`."""
    entry = elementwise_entries()[name]
    oracle = Oracle(entry, points.usual(entry))
    return [oracle.result(order, x, dtype) for x in xs]


def stored(name: str) -> dict[str, dict[str, Any]]:
    """Return the stored data of an entry: by "f" and "slope", the digest of its texts and the digests by format."""
    path = FOLDER / f"{name}.json"
    known: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
    return known


def missing() -> list[tuple[str, int]]:
    """Return the names and orders whose stored results are missing or stale."""
    wanted = [(name, order) for name in elementwise_entries() for order in (0, 1)]
    return [(name, order) for name, order in wanted if not is_stored(name, order)]


def is_stored(name: str, order: int) -> bool:
    """Return whether the stored results of an entry were computed from its present texts."""
    part = stored(name).get(ORDERS[order], {})
    return part.get("made from") == made_from(elementwise_entries()[name], order) and all(
        dtype in part for dtype in SWEPT
    )


def _compute(task: tuple[str, int]) -> tuple[str, int, dict[str, Any]]:
    name, order = task
    part: dict[str, Any] = {"made from": made_from(elementwise_entries()[name], order)}
    for dtype in SWEPT:
        part[dtype] = digests(truths(name, order, dtype, points.every(dtype)))
    return name, order, part


def main() -> None:
    """Compute and store missing results; delete those of removed entries."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.stem not in elementwise_entries():
            path.unlink()
    with ProcessPoolExecutor() as pool:
        for name, order, part in pool.map(_compute, missing()):
            whole = stored(name) | {ORDERS[order]: part}
            (FOLDER / f"{name}.json").write_text(_to_json(whole))
            print(name, ORDERS[order])  # noqa: T201 - progress of a script that takes minutes


def _to_json(whole: dict[str, dict[str, Any]]) -> str:
    """Return JSON with eight digests per line."""
    parts = []
    for order in sorted(whole):
        lines = [f'    "made from": "{whole[order]["made from"]}"']
        for dtype in SWEPT:
            words = [f'"{digest}"' for digest in whole[order][dtype]]
            rows = (", ".join(words[start : start + 8]) for start in range(0, len(words), 8))
            lines.append(f'    "{dtype}": [\n      ' + ",\n      ".join(rows) + "\n    ]")
        parts.append(f'  "{order}": {{\n' + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
