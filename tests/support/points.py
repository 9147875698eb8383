"""Test points where errors are likely: near rounding ties, zeros, overflow, underflow and changes of the formula.

`general` is independent of the activation; `near` and `thresholds` surround the special points of one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from actcli.core.catalogue.activation import Activation
from actcli.core.catalogue.parameters import Parameter
from tests.support.oracle import FORMATS

__all__ = ["every", "general", "near", "neighbours", "settings", "spec", "thresholds", "usual"]


_CODES = {"float64": "u8", "float32": "u4"}
_WIDTHS = {"float16": 16, "bfloat16": 16, "float8_e4m3fn": 8, "float8_e5m2": 8}


def _count(x: float, name: str) -> int:
    """Return the index of x among the ordered values of float64 or float32; 0 for both zeros."""
    code = int(np.array(abs(x), dtype=name).view(_CODES[name]))
    return -code if math.copysign(1.0, x) < 0 else code


def _value(count: int, name: str) -> float:
    size = float(np.array(abs(count), dtype=_CODES[name]).view(name))
    return -size if count < 0 else size


def every(name: str) -> list[float]:
    """Return every value of a 16- or 8-bit format in the order of its bit patterns; nan for a non-numeric pattern."""
    grid = FORMATS[name]
    implicit = 1 << grid.precision - 1
    found = []
    for code in range(1 << _WIDTHS[name] - 1):
        field, fraction = divmod(code, implicit)
        x = math.ldexp(fraction + implicit * (field > 0), max(field - 1, 0) + grid.least)
        above = x > grid.largest
        found.append(math.nan if above and (fraction or math.isnan(grid.beyond)) else math.inf if above else x)
    return found + [-x for x in found]


def neighbours(x: float, name: str, reach: int = 2) -> list[float]:
    """Return the finite values of float64 or float32 around the one nearest to x, `reach` on each side."""
    with np.errstate(over="ignore"):
        at = float(np.array(x).astype(name))
    if not math.isfinite(at):
        at = math.copysign(float(FORMATS[name].largest), x)
    around = (_value(_count(at, name) + step, name) for step in range(-reach, reach + 1))
    return [value for value in around if math.isfinite(value)]


def general(name: str, dice: random.Random, scale: int = 1) -> list[float]:
    """Return values of float64 or float32: about 400 with scale 1, proportionally more with a larger one."""
    found = [x for x in _candidates(name, dice, scale) if abs(x) <= FORMATS[name].largest]
    values = np.array(found).astype(name).astype(np.float64).tolist()
    return list({(x, math.copysign(1.0, x)): x for x in values}.values())


def _candidates(name: str, dice: random.Random, scale: int) -> Iterator[float]:
    grid = FORMATS[name]
    most = grid.least + grid.precision - 1
    top = -grid.least - grid.precision + 3

    def sign() -> float:
        return dice.choice((-1.0, 1.0))

    for x in (0.0, *(k / 2 for k in range(1, 13)), *(k / 8 for k in range(1, 8)), float(grid.largest)):
        yield from (x, -x)
    # Subnormals, odd ones too, and the least normal numbers.
    for quanta in (1, 2, 3, 5, (1 << grid.precision - 1) - 1, 1 << grid.precision - 1, (1 << grid.precision) - 1):
        yield from (math.ldexp(quanta, grid.least), -math.ldexp(quanta, grid.least))
    for _ in range(8 * scale):
        yield sign() * math.ldexp(dice.getrandbits(dice.randint(2, grid.precision)) | 1, grid.least)
    # Powers of two with their neighbours, and numbers of every magnitude.
    for exponent in dice.sample(range(most, top), min(12 * scale, top - most)):
        yield from neighbours(sign() * 2.0**exponent, name, 1)
    for exponent in dice.sample(range(-grid.precision - 4, 8), min(8 * scale, grid.precision + 12)):
        yield from neighbours(sign() * 2.0**exponent, name, 1)
    for _ in range(40 * scale):
        yield sign() * math.ldexp(dice.uniform(1, 2), dice.randint(most, top - 1))
    for _ in range(30 * scale):
        yield sign() * math.ldexp(dice.uniform(1, 2), dice.randint(-grid.precision - 4, 12))
    # The usual inputs of activations.
    for k in range(60 * scale):
        yield 80 * (k + dice.random()) / (60 * scale) - 40
    for _ in range(60 * scale):
        yield dice.gauss(0, 4)
    # Large integers, odd ones if possible, and ties of x / d + c.
    for _ in range(6 * scale):
        yield sign() * float((1 << grid.precision - 1) + dice.getrandbits(grid.precision - 1) | 1)
        yield sign() * float((1 << grid.precision) + dice.getrandbits(grid.precision))
    for _ in range(16 * scale):
        multiple = dice.choice((1, 2, 3, 5, 6, 7, 9, 10, 12)) * (dice.getrandbits(grid.precision - 5) | 1)
        yield sign() * math.ldexp(multiple, dice.randint(-2, 5) - grid.precision - 1)


def near(positions: Iterable[Fraction], name: str) -> list[float]:
    """Return the values of float64 or float32 around each position, such as a kink; clamped to the largest value."""
    largest = FORMATS["float64"].largest
    return [x for at in positions for x in neighbours(float(max(-largest, min(at, largest))), name)]


def thresholds(
    xs: Sequence[float], results: Sequence[float], result: Callable[[float], float], name: str, most: int = 12
) -> list[float]:
    """Return points around changes of the results' kind: sign, zero, subnormal, normal, infinity, a limit, x itself.

    xs, results  points and their results
    result       function that gives the result at another point
    most         number of changes that are located
    """
    known = sorted(zip(xs, results, strict=True))
    limits = (known[0][1], known[-1][1], 0.5, 1.0)
    least = math.ldexp(1.0, FORMATS[name].least + FORMATS[name].precision - 1)

    def kind(x: float, y: float) -> tuple[object, ...]:
        return (y > 0, y < 0, abs(y) < least, math.isfinite(y), y == x, *(y == limit for limit in limits))

    found: list[float] = []
    changes = [(a, b) for a, b in pairwise(known) if kind(*a) != kind(*b)]
    step = max(1, math.ceil(len(changes) / most))
    for below, above in changes[::step]:
        low, high = _count(below[0], name), _count(above[0], name)
        while high - low > 1:
            middle = (low + high) // 2
            x = _value(middle, name)
            low, high = (middle, high) if kind(x, result(x)) == kind(*below) else (low, middle)
        found += [_value(low + k, name) for k in (-2, -1, 0, 1, 2, 3)]
    return [x for x in found if math.isfinite(x)]


# --- parameters ------------------------------------------------------------------------------------------------------

_NUMBERS = ("1/3", "1e-5", "0", "-0.7", "1.0625", "37.5", "1000")
_EXTREMES = ("1e-30", "-1e-30", "1e30", "-1e30", "1e-300", "1e300", "-1e-310", "3e-400", "-1e350")


def _valid(param: Parameter, text: str) -> bool:
    value = Fraction(text)
    return (
        not (param.nonzero and not value)
        and (param.exclusive_minimum is None or value > Fraction(param.exclusive_minimum))
        and (param.minimum is None or value >= Fraction(param.minimum))
        and (param.maximum is None or value <= Fraction(param.maximum))
    )


def spec(name: str, params: Mapping[str, str]) -> str:
    """Return an entry and its parameters as a SPEC."""
    return name + ":" * bool(params) + ",".join(f"{key}={value}" for key, value in params.items())


def usual(entry: Activation) -> dict[str, str]:
    """Return a value for each parameter without a default."""
    required = [param for param in entry.parameters if param.default is None]
    texts = ("0.5", "-1", "2", "1", "0")
    return {
        param.name: param.choices[0] if param.choices else next(text for text in texts[index:] if _valid(param, text))
        for index, param in enumerate(required)
    }


def settings(entry: Activation, names: set[str], extreme: bool = False) -> list[dict[str, str]]:
    """Return settings of the parameters in `names` other than the usual ones: each in turn, then all at once."""
    base = usual(entry)
    choices: dict[str, list[str]] = {}
    for param in entry.parameters:
        if param.name in names:
            numbers = _EXTREMES if extreme else _NUMBERS
            texts = param.choices or tuple(text for text in numbers if _valid(param, text))
            choices[param.name] = [text for text in texts if text not in (param.default, base.get(param.name))]
    found = [base | {name: text} for name, texts in choices.items() for text in texts]
    if len(choices) > 1:
        deepest = max(map(len, choices.values()))
        found += [
            base
            | {
                name: texts[(k + 2 * index) % len(texts)]
                for index, (name, texts) in enumerate(choices.items())
                if texts
            }
            for k in range(deepest)
        ]
    return found
