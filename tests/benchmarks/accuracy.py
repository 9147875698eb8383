"""How far torch and jax are from the exact results: `python -m tests.benchmarks.accuracy [NAME]...`.

The largest error of f and f' in units in the last place of float64, and the share that is correctly rounded, at
20,001 points from -10 to 10 (and at as many random ones), beside the results of this package at the same points. The
truth is the exact reading, which the tests hold against mpmath. Needs numpy alone; what is not installed has no column.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.core.analysis.accuracy import ulp_errors
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.core.catalogue.test_parity import KINDS

USUAL = (
    "sigmoid", "tanh", "softplus", "log_sigmoid", "silu", "mish", "gelu", "gelu_tanh", "elu", "selu", "softsign",
    "hard_swish", "tanhshrink", "squareplus",
)  # fmt: skip
_RANGE = 10.0
_COUNT = 20_001


def points() -> Any:
    """The points, without kinks, where the slope is a matter of choice."""
    random = np.random.default_rng(7).uniform(-_RANGE, _RANGE, _COUNT)
    x = np.concatenate([np.linspace(-_RANGE, _RANGE, _COUNT), random])
    return x[x != np.rint(x)]


def peers() -> dict[str, Any]:
    """The frameworks that are installed."""
    found = {}
    for name, kind in KINDS.items():
        try:
            found[name] = kind()
        except pytest.skip.Exception as missing:
            print(f"{name}: {missing}", file=sys.stderr)  # noqa: T201 - a script that says what it has not measured
    return found


def called(name: str, framework: str) -> tuple[str, dict[str, Any]] | None:
    """What a framework calls an activation, and with which arguments, if it has it."""
    for form in actcli.get(name).framework_variants(framework):
        text = form.names.split("; ")[-1 if framework == "torch" and len(form.callable_names) > 1 else 0]
        function, _, given = text.partition("(")
        pairs = (pair.split("=") for pair in given.rstrip(")").split(", ") if pair)
        return function, {word: {"True": True}.get(value, value.strip("'")) for word, value in pairs}
    return None


def measured(name: str, order: int, results: Callable[[], Any], x: Any) -> str:
    """The largest error and the share of correctly rounded results."""
    bound = parse(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = np.asarray(results(), dtype=np.float64)
    exact, size = ulp_errors(derivative_quantity(bound) if order else Quantity(bound), x, y, FLOATS["float64"])
    return f"{short(float(size.max()))} | {100 * float((y == exact).mean()):.1f}%"


def short(size: float) -> str:
    """An error as a person reads it."""
    if math.isinf(size):
        return "inf"
    return f"{size:.2f}" if size < 100 else f"{size:.0f}" if size < 10_000 else f"{size:.0e}".replace("e+", "e")


def main(names: list[str]) -> None:
    """Print the table as Markdown."""
    found, x = peers(), points()
    heads = ["", *(f"{who} {what}" for who in ("actcli", *found) for what in ("max ulp", "exact"))]
    lines = [" | ".join(heads), " | ".join(["---", *["--:"] * (len(heads) - 1)])]
    for name in names or USUAL:
        for order in (0, 1):
            own = actcli.gradient if order else actcli.evaluate
            cells = [measured(name, order, lambda own=own, name=name: own(name, x), x)]  # type: ignore[misc]
            for framework, peer in found.items():
                theirs = called(name, framework)
                if theirs is None:
                    cells.append(" | ")
                    continue
                run = peer.slopes if order else peer.values
                cells.append(measured(name, order, lambda run=run, theirs=theirs: run(*theirs, x), x))  # type: ignore[misc]
            lines.append(" | ".join([f"`{name}`" + "'" * order, *cells]))
    print("\n".join(f"| {line} |" for line in lines))  # noqa: T201 - the table is what the script is for


if __name__ == "__main__":
    main(sys.argv[1:])
