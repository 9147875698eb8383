"""Nanoseconds an element of every elementwise entry: `python -m tests.benchmarks.speed [NAME]...`.

f and f' over a million float64 from a normal distribution of standard deviation 4, on one thread, beside the entry's
formula in plain NumPy, and beside torch and scipy where they are installed; then what inputs cost that are undecided
by their nature, as a ratio to easy ones. All in one run; nothing is asserted.
"""

from __future__ import annotations

import ast
import math
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation
from actcli.core.evaluation import escalation
from actcli.core.evaluation.function import EntryFunction

SIZE = 1_000_000
HARD = 20_000
ROUNDS = 5
Array = Any
Column = dict[int, Callable[[Array], Array]]
"""A peer's f and f', by order."""


def best(function: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The least time of some rounds, in seconds; slow functions get fewer."""
    times: list[float] = []
    while len(times) < rounds and sum(times) < 3:
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


# --- peers -----------------------------------------------------------------------------------------------------------


class _Arrays(ast.NodeTransformer):
    """A formula's text for arrays: conditional expressions by np.where, chained comparisons by &, `or` by |."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        operator: ast.operator = ast.BitOr() if isinstance(node.op, ast.Or) else ast.BitAnd()
        whole, *rest = (self.visit(part) for part in node.values)
        for part in rest:
            whole = ast.BinOp(whole, operator, part)
        return whole

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        parts: list[ast.expr] = [self.visit(part) for part in (node.test, node.body, node.orelse)]
        return ast.Call(ast.Name("where", ast.Load()), parts, [])

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        left, whole = node.left, None
        for operator, right in zip(node.ops, node.comparators, strict=True):
            one: ast.expr = ast.Compare(left, [operator], [right])
            whole = one if whole is None else ast.BinOp(whole, ast.BitAnd(), one)
            left = right
        assert whole is not None
        return whole


def _scope(entry: Activation) -> dict[str, Any]:
    scope: dict[str, Any] = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
    scope |= {"atan": np.arctan, "asinh": np.arcsinh, "min": np.minimum, "max": np.maximum, "abs": np.abs}
    scope["sigmoid"] = lambda x: 1 / (1 + np.exp(-x))
    scope["softplus"] = lambda x: np.log1p(np.exp(x))
    error_function: Any = np.vectorize(math.erf, otypes=[float])
    with suppress(ImportError):
        from scipy import special

        error_function = special.erf
    scope["erf"] = error_function
    scope["Phi"] = lambda x: (1 + error_function(x / np.sqrt(2))) / 2
    for param in entry.parameters:
        number = None if param.choices or param.default in (None, "none") else float(param.parse(param.default, ""))  # type: ignore[arg-type]
        scope[param.name] = 0.5 if number is None and not param.choices else number
    return scope


def naive(entry: Activation) -> Column:
    """The entry's two texts as a person would write them in NumPy."""

    def compiled(text: str) -> Callable[[Array], Array]:
        body, _, definitions = text.partition(" with ")
        call = ast.parse(f"dict({definitions})", mode="eval").body
        assert isinstance(call, ast.Call)
        steps = [(str(word.arg), word.value) for word in call.keywords] + [("", ast.parse(body, mode="eval").body)]
        codes = [
            (name, compile(ast.fix_missing_locations(ast.Expression(_Arrays().visit(part))), name, "eval"))
            for name, part in steps
        ]

        def run(x: Array) -> Array:
            known = _scope(entry) | {"x": x, "f": lambda x: column[0](x)}
            for name, code in codes:
                known[name] = eval(code, known)
            return known[""]

        return run

    column: Column = {0: compiled(entry.formula), 1: compiled(entry.derivative)}
    return column


def torch_column(entry: Activation) -> Column:
    """What the entry is called in torch, with autograd for f'; empty where torch or the function is missing."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    forms = entry.framework_variants("torch")
    if not forms:
        return {}
    name = forms[0].names.split("; ")[0]
    try:
        module = eval(name if "(" in name or not name.startswith("nn.") else f"{name}()", vars(torch))
    except (AttributeError, NameError, TypeError):
        return {}

    def slope(x: Array) -> Array:
        leaf = torch.from_numpy(x).requires_grad_()
        return torch.autograd.grad(module(leaf).sum(), leaf)[0]

    return {0: lambda x: module(torch.from_numpy(x)), 1: slope}


def scipy_column(entry: Activation) -> Column:
    """The function of scipy.special, where there is one."""
    try:
        from scipy import special
    except ImportError:
        return {}
    names = {"sigmoid": "expit", "log_sigmoid": "log_expit", "ndtr": "ndtr", "log_ndtr": "log_ndtr", "erf": "erf"}
    function = getattr(special, names.get(entry.name, ""), None)
    return {0: function} if function is not None else {}


# --- measuring -------------------------------------------------------------------------------------------------------


def spelled(entry: Activation) -> str:
    """The entry as actcli takes it, parameters without a default being one half."""
    required = [
        f"{param.name}={param.choices[0] if param.choices else '0.5'}"
        for param in entry.parameters
        if not param.default
    ]
    return entry.name + (":" + ",".join(required) if required else "")


def own(entry: Activation, order: int) -> Callable[[Array], Array]:
    """actcli's function."""
    return lambda x: (actcli.gradient if order else actcli.evaluate)(spelled(entry), x)


def shares(entry: Activation, order: int, x: Array) -> tuple[float, float]:
    """Return the shares of the elements that needed the scaled double-double path, and arbitrary precision."""
    counts = {"scaled": 0, "balls": 0}
    evaluate_one = EntryFunction.evaluate_one
    escalate = escalation._escalate

    def scaled(accurate: Any, inputs: Any, out: Any, indices: Any, *rest: Any) -> None:
        counts["scaled"] += indices.size
        escalate(accurate, inputs, out, indices, *rest)

    def balls(self: EntryFunction, quantity: Any, x: float, fmt: Any) -> float:
        counts["balls"] += 1
        return evaluate_one(self, quantity, x, fmt)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(escalation, "_escalate", scaled)
        patch.setattr(EntryFunction, "evaluate_one", balls)
        own(entry, order)(x)
    return counts["scaled"] / x.size, counts["balls"] / x.size


def quietly(function: Callable[[Array], Array], x: Array) -> float:
    """Nanoseconds an element, NumPy's warnings aside."""
    with np.errstate(all="ignore"):
        return float(best(lambda: function(x)) / x.size * 1e9)


def mean(values: Iterable[float]) -> float:
    """The geometric mean."""
    logs = [math.log(value) for value in values]
    return math.exp(sum(logs) / len(logs)) if logs else math.nan


def table(rows: list[list[str]]) -> str:
    """Rows as aligned columns, the first to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines) + "\n"


def speeds(entries: list[Activation]) -> str:
    """The first table: nanoseconds an element, and how many elements the fast reading left open."""
    x = np.random.default_rng(4).normal(0, 4, SIZE)
    makers = {"numpy": naive, "torch": torch_column, "scipy": scipy_column}
    rows, means = (
        [["ns an element", "f", "f'", *(f"{peer} {f}" for peer in makers for f in ("f", "f'")), "scaled", "balls"]],
        [],
    )
    found: dict[str, list[float]] = {}
    for entry in entries:
        ours = [quietly(own(entry, order), x) for order in (0, 1)]
        means += ours
        cells = [f"{value:.1f}" for value in ours]
        for peer, make in makers.items():
            column = make(entry)
            for order in (0, 1):
                value = quietly(column[order], x) if order in column else math.nan
                cells.append("" if math.isnan(value) else f"{value:.1f}")
                if not math.isnan(value):
                    found.setdefault(f"{peer}{order}", []).append(value)
        wide, exact = (max(pair) for pair in zip(*(shares(entry, order, x) for order in (0, 1)), strict=True))
        rows.append([entry.name, *cells, f"{wide:.1e}", f"{exact:.1e}"])
        show(f"{entry.name}: {cells[0]}, {cells[1]}\n", sys.stderr)
    peers = [f"{mean(found[key]):.1f}" if (key := f"{p}{o}") in found else "" for p in makers for o in (0, 1)]
    rows.append(["geometric mean", f"{mean(means[::2]):.1f}", f"{mean(means[1::2]):.1f}", *peers, "", ""])
    rows.append(["all", f"{mean(means):.1f}", "", *[""] * len(peers), "", ""])
    rows.append(["slowest", f"{max(means[::2]):.1f}", f"{max(means[1::2]):.1f}", *[""] * len(peers), "", ""])
    return table(rows)


def hard_inputs() -> dict[str, tuple[Array, str]]:
    """Inputs undecided by their nature, and their dtype."""
    dice = np.random.default_rng(5)
    odd = 2 * dice.integers(0, 2**21, HARD) + 1.0
    sign = dice.choice([-1.0, 1.0], HARD)
    return {
        "odd subnormals, float64": (sign * odd * 2.0**-1074, "float64"),
        "odd subnormals, float32": (sign * odd * 2.0**-149, "float32"),
        "ties of x/6 + 1/2": (sign * 6 * (2 * dice.integers(2**48, 2**49, HARD) + 1.0) * 2.0**-54, "float64"),
        "ties of x/10 + 1/2": (sign * 10 * (2 * dice.integers(2**47, 2**48, HARD) + 1.0) * 2.0**-54, "float64"),
        "integers from 2^53 to 2^54": (sign * (2.0**53 + 2 * dice.integers(0, 2**52, HARD)), "float64"),
        "odd integers below 2^53": (sign * (2.0**52 + 2 * dice.integers(0, 2**51, HARD) + 1), "float64"),
        "tiny": (sign * 2.0 ** dice.uniform(-1000, -60, HARD), "float64"),
        "far out": (sign * 2.0 ** dice.uniform(11, 1000, HARD), "float64"),
    }


def ratios(entries: list[Activation]) -> str:
    """The second table: the time of hard inputs over that of as many easy ones, in the mean and for the worst three."""
    rows = [["hard inputs / easy ones", "mean", "worst", "", ""]]
    easy = np.random.default_rng(6).normal(0, 4, HARD)
    for kind, (x, dtype) in hard_inputs().items():
        held, plain = x.astype(dtype), easy.astype(dtype)
        found = []
        for entry in entries:
            for order in (0, 1):
                ratio = quietly(own(entry, order), held) / quietly(own(entry, order), plain)
                found.append((ratio, f"{entry.name} {'slope' if order else 'f'}"))
        worst = [f"{name} {ratio:.1f}" for ratio, name in sorted(found, reverse=True)[:3]]
        rows.append([kind, f"{mean(ratio for ratio, _ in found):.2f}", *worst, *[""] * (3 - len(worst))])
    return table(rows)


def show(text: str, where: Any = sys.stdout) -> None:
    where.write(text)
    where.flush()


def main(names: list[str]) -> None:
    """Both tables, of the entries called `names` or of all."""
    known = {name: entry for name, entry in registry.entries().items() if not entry.is_vector}
    entries = [known[name] for name in names] or list(known.values())
    show(speeds(entries) + "\n" + ratios(entries))


if __name__ == "__main__":
    main(sys.argv[1:])
