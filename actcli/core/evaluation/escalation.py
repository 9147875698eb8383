"""The escalation: double-double, scaled double-double, arbitrary precision, each for the undecided rest.

    inputs --> double-double, block by block  --> Ziv's test --> results
                  undecided --> scaled double-double, in arrays --> results
                          undecided --> arbitrary precision, one by one --> results

The double-double path (78 bits) leaves about one element in a million undecided by chance. Others are undecided by
nature: they under- or overflow on the way, or lie next to a tie. Those come in whole arrays, and the scaled
double-double path decides them. The remaining elements are evaluated one by one at growing precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.ziv import ziv_round

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Bools, Floats, Format

    Indices = NDArray[np.intp]
    Path = Callable[[Sequence[Floats]], tuple[Floats, Bools]]
    """Inputs to (results, undecided). Raises FloatingPointError or Undecided where it cannot evaluate the block."""

__all__ = ["BLOCK_SIZE", "Path", "accurate_path", "correctly_rounded", "escalate", "evaluate_in_parts", "fast_path"]

BLOCK_SIZE = 8192
"""Elements per block: the temporaries of a block stay in the second-level cache."""

_MIN_SPLIT_SIZE = 16
"""Blocks of fewer elements are not split: the scaled path takes them as they are."""


def correctly_rounded(
    formula: Callable[..., Any],
    inputs: Sequence[Floats],
    fmt: Format,
    finish: Callable[[Indices], Floats],
    *,
    double_double: Any,
    scaled: Callable[[], Any],
    select: Callable[[slice, Floats], Indices | None] | None = None,
    shortcut: Callable[[Indices, Floats], Indices] | None = None,
    block_size: int = BLOCK_SIZE,
) -> Floats:
    """Return formula(m, *inputs), correctly rounded to fmt.

    formula        the function, for any arithmetic m
    double_double  the arithmetic of the fast path
    scaled         returns the arithmetic of the accurate path; called only if that is needed
    others         as for `escalate`
    """
    return escalate(
        fast_path(formula, fmt, double_double),
        accurate_path(formula, fmt, scaled),
        inputs,
        finish,
        select=select,
        shortcut=shortcut,
        block_size=block_size,
    )


def escalate(
    fast: Path,
    accurate: Path,
    inputs: Sequence[Floats],
    finish: Callable[[Indices], Floats],
    *,
    select: Callable[[slice, Floats], Indices | None] | None = None,
    shortcut: Callable[[Indices, Floats], Indices] | None = None,
    block_size: int = BLOCK_SIZE,
) -> Floats:
    """Return the results of the first path that decides each element.

    fast        the double-double path
    accurate    the scaled double-double path
    inputs      float64 arrays of the same length: x, the two halves of pairs, or rows
    finish      results at the given indices by arbitrary precision
    select      fills in special points of a block, and returns the indices of the other elements (None: all of them)
    shortcut    fills in a few undecided elements cheaply before the accurate path; returns the indices that remain
    block_size  elements (or rows) per block
    returns     an array of the shape of inputs[0]
    """
    out = np.empty_like(inputs[0])
    size = len(out)
    pending: list[Any] = []
    for start in range(0, size, block_size):
        part = slice(start, start + block_size)
        chosen = None if select is None else select(part, out[part])
        block = [column[part] if chosen is None else column[part][chosen] for column in inputs]
        results, undecided = evaluate_in_parts(fast, block, patience=1)
        rows = np.flatnonzero(_any_in_row(undecided))
        if chosen is None:
            out[part] = results
        else:
            out[part][chosen] = results
            rows = chosen[rows]
        pending.append(rows + start)
        if sum(map(len, pending)) >= block_size or part.stop >= size:
            _escalate(accurate, inputs, out, np.concatenate(pending), finish, shortcut)
            pending = []
    return out


def _escalate(
    accurate: Path,
    inputs: Sequence[Floats],
    out: Floats,
    indices: Indices,
    finish: Callable[[Indices], Floats],
    shortcut: Callable[[Indices, Floats], Indices] | None,
) -> None:
    """Fill in the elements that failed Ziv's test: accurate path, then arbitrary precision."""
    if indices.size and shortcut is not None:
        indices = shortcut(indices, out)
    if indices.size:
        results, undecided = evaluate_in_parts(accurate, [column[indices] for column in inputs])
        out[indices] = results
        indices = indices[_any_in_row(undecided)]
    if indices.size:
        out[indices] = finish(indices)


def evaluate_in_parts(path: Path, inputs: Sequence[Floats], patience: float = math.inf) -> tuple[Floats, Bools]:
    """Evaluate a block; where that fails, its halves by magnitude, so that only the offending elements escalate.

    patience  how many more times both halves of a block may fail before all of it is left undecided
    """
    return _attempt(path, inputs) or _evaluate_halves(path, inputs, patience)


def _evaluate_halves(path: Path, inputs: Sequence[Floats], patience: float) -> tuple[Floats, Bools]:
    out, undecided = np.zeros_like(inputs[0]), np.ones(inputs[0].shape, dtype=bool)
    size = len(out)
    if size < _MIN_SPLIT_SIZE:
        return out, undecided
    # Underflow comes from small elements and overflow from large ones.
    magnitude = np.abs(inputs[0]) if inputs[0].ndim == 1 else np.abs(inputs[0]).max(axis=-1)
    halves = np.split(np.argsort(magnitude, kind="stable"), [size // 2])
    parts = [[column[half] for column in inputs] for half in halves]
    results = [_attempt(path, part) for part in parts]
    patience -= results[0] is None and results[1] is None
    for half, part, result in zip(halves, parts, results, strict=True):
        if result is None and patience >= 0:
            result = _evaluate_halves(path, part, patience)
        if result is not None:
            out[half], undecided[half] = result
    return out, undecided


def _attempt(path: Path, inputs: Sequence[Floats]) -> tuple[Floats, Bools] | None:
    try:
        return path(inputs)
    except (FloatingPointError, Undecided):
        return None


def _any_in_row(undecided: Bools) -> Bools:
    return undecided if undecided.ndim == 1 else np.asarray(undecided.any(axis=-1))


def fast_path(formula: Callable[..., Any], fmt: Format, arithmetic: Any) -> Path:
    """Return the double-double path of formula(arithmetic, *inputs), rounded to fmt."""

    def path(inputs: Sequence[Floats]) -> tuple[Floats, Bools]:
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            result = as_double_double(formula(arithmetic, *map(DoubleDouble.from_float, inputs)))
            return ziv_round(result, inputs[0].shape, fmt)

    return path


def accurate_path(formula: Callable[..., Any], fmt: Format, arithmetic: Callable[[], Any]) -> Path:
    """Return the scaled double-double path of formula(arithmetic(), *inputs), rounded to fmt."""

    def path(inputs: Sequence[Floats]) -> tuple[Floats, Bools]:
        from actcli.core.arithmetic import scaled_dd, scaled_dd_rounding  # late: most results need no second path

        with np.errstate(all="ignore"):
            result = scaled_dd.as_scaled_dd(formula(arithmetic(), *map(scaled_dd.ScaledDD.from_float, inputs)))
            return scaled_dd_rounding.round_certainly(result, inputs[0].shape, fmt)

    return path
