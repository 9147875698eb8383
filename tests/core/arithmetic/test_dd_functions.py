"""Double-doubles and scaled double-doubles: their error bounds and enclosures hold against mpmath."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import RULES, Dual, DualArithmetic
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_unbounded import UnboundedScaledDDArithmetic
from actcli.core.arithmetic.signals import Undecided
from tests.support.oracle import elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import sampled

ENTRIES = elementwise_entries()
BITS = 400
DD, SCALED = DoubleDoubleArithmetic(), UnboundedScaledDDArithmetic()
Pair = tuple[Any, list[Any]]
"""A DoubleDouble array, and the true numbers that its elements approximate."""

TRUE: dict[str, Callable[[Any], Any]] = {
    name: getattr(mpmath, name)
    for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "asinh")
} | {
    "abs": abs,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "ndtr": mpmath.ncdf,
    "phi": mpmath.npdf,
    "mills": lambda x: mpmath.erfc(x / mpmath.sqrt(2)) / 2 / mpmath.npdf(x),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "cosigmoid": lambda x: 1 / (1 + mpmath.exp(x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "logcosh": lambda x: mpmath.log(mpmath.cosh(x)) if abs(x) > 1 else mpmath.log1p(2 * mpmath.sinh(x / 2) ** 2),
    "tanhshrink": lambda x: x - mpmath.tanh(x),
    "tanh_softplus": lambda x: mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "sech": mpmath.sech,
}
POSITIVE = {"log", "sqrt", "mills"}
NOT_FUNCTIONS = {"number", "piecewise", "maximum", "minimum"}
LARGEST = {"erfc": 35.0, "mills": 35.0}

COSTLY = {"erf", "erfc", "mills", "ndtr"}
"""Functions whose reference values take a second each."""


def functions(kind: type) -> list[str]:
    """Return the functions of one argument of an arithmetic, without the derivatives d_NAME."""
    known = {name for name in dir(kind) if not name.startswith(("_", "d_")) and callable(getattr(kind, name))}
    return sorted(known - NOT_FUNCTIONS)


def exact_values(name: str, xs: Sequence[Any]) -> list[Any]:
    return [TRUE[name](x) for x in xs]


# --- arguments -------------------------------------------------------------------------------------------------------


def sizes(dice: random.Random, largest: float) -> Iterator[list[float]]:
    """Yield groups of sizes: small, tiny, large, near 1, near multiples of pi / 2, at cell borders, and simple."""
    yield [dice.uniform(0, 2) for _ in range(40)]
    yield [dice.uniform(0, 40) for _ in range(40)]
    yield [2.0 ** dice.uniform(-12, 0) for _ in range(30)]
    yield [2.0 ** dice.uniform(-60, -12) for _ in range(30)]
    yield [2.0 ** dice.uniform(-250, -60) for _ in range(20)]
    yield [2.0 ** dice.uniform(5, min(9.4, math.log2(largest))) for _ in range(20)]
    yield [2.0 ** dice.uniform(9, math.log2(largest)) for _ in range(20)] if largest > 1e4 else []
    yield [math.nextafter(k / 64, dice.choice((0, 9))) for k in dice.sample(range(1, 300), 30)]
    yield [k * math.log(2) / 1024 * (1 + dice.gauss(0, 1e-15)) for k in dice.sample(range(1, 4000), 30)]
    yield [k / 8 for k in range(1, 33)]
    yield [1 + dice.choice((-1, 1)) * 2.0 ** dice.uniform(-52, -3) for _ in range(20)]
    yield [k * math.pi / 2 * (1 + dice.gauss(0, 1e-4)) for k in dice.sample(range(1, 190), 40)]


def numbers(dice: random.Random, positive: bool = False, largest: float = 1e15) -> Iterator[Pair]:
    """Yield DoubleDouble arrays, exact ones and ones in error by up to their bound, with the true numbers."""
    for group in sizes(dice, largest):
        group = [x for x in group if x <= largest]
        if not group:
            continue
        signs = [1.0 if positive else dice.choice((-1.0, 1.0)) for _ in group]
        x = np.array(group) * signs
        yield DoubleDouble.from_float(x), [mpf(value) for value in x.tolist()]
        one = np.abs(x) if positive or dice.random() < 0.5 else -np.abs(x)
        yield DoubleDouble.from_float(one, 1 if one[0] > 0 else -1), [mpf(value) for value in one.tolist()]
        low = x * np.array([dice.uniform(-1, 1) * 2.0**-54 for _ in group])
        for relative, absolute in ((0.0, None), (2.0**-70, None), (2.0**-72, np.abs(x) * 2.0**-40)):
            number = DoubleDouble.from_sum(x, low, relative, absolute)
            yield number, [value + off for value, off in zip(values(number), offsets(number, dice), strict=True)]


def values(number: DoubleDouble) -> list[Any]:
    """Return hi + lo of each element."""
    his, los = np.broadcast_arrays(number.hi, number.lo)
    return [mpf(hi) + mpf(lo) for hi, lo in zip(his.ravel().tolist(), los.ravel().tolist(), strict=True)]


def offsets(number: DoubleDouble, dice: random.Random) -> list[Any]:
    """Return an error for each element, of the size of its bound or less."""
    absolute = np.broadcast_to(0.0 if number.abs_err is None else number.abs_err, np.shape(number.hi)).tolist()
    bounds = [abs(x) * mpf(number.rel_err) + mpf(a) for x, a in zip(values(number), absolute, strict=True)]
    return [bound * dice.choice((-1, 1, dice.uniform(-1, 1))) for bound in bounds]


def violations(number: Any, trues: Sequence[Any]) -> list[str]:
    """Describe the elements whose error exceeds their bound."""
    number = number if isinstance(number, DoubleDouble) else DoubleDouble.from_rational(number)
    size = len(trues)
    bounds = np.broadcast_to(number.error_bound(), size).tolist()
    found = values(number) if np.ndim(number.hi) else values(number) * size
    errors = [
        f"{mpmath.nstr(y, 20)} for {mpmath.nstr(t, 20)}: error {mpmath.nstr(abs(y - t), 5)}, bound {bound:.5g}"
        for y, t, bound in zip(found, trues, bounds, strict=True)
        if not abs(y - t) <= bound
    ]
    if number.exact_float is not None and not number.rel_err and number.abs_err is None:
        doubles = np.broadcast_to(number.exact_float, size).tolist()
        errors += [f"exact_float {y!r} is not exact" for y, t in zip(doubles, trues, strict=True) if mpf(y) != t]
    if number.sign:
        errors += [f"the sign of {mpmath.nstr(t)} is not {number.sign}" for t in trues if t * number.sign < 0]
    return errors


def attempt(function: Callable[[], Any]) -> Any:
    """Return the function's result, or None where the fast path falls back to another."""
    try:
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            return function()
    except (FloatingPointError, Undecided, AttributeError):
        return None


# --- double-doubles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sampled(functions(DoubleDoubleArithmetic), costly=COSTLY))
def test_functions_keep_their_bounds(name: str) -> None:
    """Each function's error is within its bound, for exact and for inexact arguments."""
    dice = random.Random(SEED)
    done = 0
    with mpmath.workprec(BITS):
        for argument, trues in numbers(dice, name in POSITIVE, LARGEST.get(name, 1e15)):
            mpmath.mp.prec = BITS + 3 * int(abs(math.log2(min(map(abs, trues)))))
            if name == "log1p" and min(trues) <= -0.99:
                continue
            if name == "cosigmoid" and attempt(lambda argument=argument: DD.sigmoid(argument)) is None:  # type: ignore[misc]
                continue  # cosigmoid needs the cache of sigmoid
            result = attempt(lambda argument=argument: getattr(DD, name)(argument))  # type: ignore[misc]
            if result is not None:
                done += 1
                errors = violations(result, exact_values(name, trues))
                assert not errors, (SEED, errors[:3])
    assert done >= 8


def test_expm1_keeps_its_bound_next_to_zero() -> None:
    """The error of e^x - 1 is within its bound, without a safety factor, where e^x is just below a power of two."""
    dice = random.Random(SEED)
    x = np.array([-math.log(2) / 1024 * (1 + dice.uniform(0, 0.01)) for _ in range(1000)])
    result = DD.expm1(DoubleDouble.from_float(x))
    bounds = (result.error_bound() / 1.25).tolist()
    with mpmath.workprec(BITS):
        exact = [mpmath.expm1(mpf(value)) for value in x.tolist()]
        assert all(abs(y - t) <= bound for y, t, bound in zip(values(result), exact, bounds, strict=True))


@pytest.mark.parametrize("name", sampled(sorted(RULES.keys() & set(functions(DoubleDoubleArithmetic))), costly=COSTLY))
def test_derivatives_keep_their_bounds(name: str) -> None:
    """Each derivative's error is within its bound, by the general rule or by the function's own d_NAME."""
    dice = random.Random(SEED)
    with mpmath.workprec(2 * BITS):
        for argument, trues in numbers(dice, name in POSITIVE, LARGEST.get(name, 600.0)):
            if (name == "log1p" and min(trues) <= -0.99) or min(map(abs, trues)) < 1e-20:
                continue
            result = attempt(lambda argument=argument: getattr(DualArithmetic(DD), name)(Dual(argument, 1)))  # type: ignore[misc]
            if result is None:
                continue
            derivatives = [
                mpmath.diff(TRUE[name], x, h=abs(x) * mpf(2) ** -150, method="step", direction=0) for x in trues[:6]
            ]
            known = result.derivative.take(slice(6)) if np.ndim(result.derivative.hi) else result.derivative
            near = [derivative * (1 + sign * mpf(2) ** -100) for derivative in derivatives for sign in (-1, 1)]
            errors = [error for shift in (0, 1) for error in violations(known, near[shift::2])]
            assert not errors, (SEED, errors[:3])


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a, b: -a,
    "abs": lambda a, b: abs(a),
    "square": lambda a, b: a * a,
    "**3": lambda a, b: a**3,
    "**-2": lambda a, b: a**-2,
    "**7": lambda a, b: a**7,
    "+1": lambda a, b: a + 1,
    "1-": lambda a, b: 1 - a,
    "*3": lambda a, b: 3 * a,
    "*2": lambda a, b: a * 2,
    "/6": lambda a, b: a / 6,
    "/4": lambda a, b: a / 4,
    "1/": lambda a, b: 1 / a,
    "cancel": lambda a, b: (a + b) - a,
    "a/(a+b)": lambda a, b: a / (a + b),
    "-0.1*": lambda a, b: tenth(a) * a,
    "+0.1": lambda a, b: a + tenth(a),
}


def tenth(a: Any) -> Any:
    """Return -1/10 in a type that combines with `a`."""
    return Fraction(-1, 10) if isinstance(a, DoubleDouble) else mpf(-1) / 10


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_keep_their_bounds(name: str) -> None:
    """Each operator's error is within its bound, whether or not the operands cancel."""
    dice = random.Random(SEED)
    operator, done = OPERATORS[name], 0
    with mpmath.workprec(4 * BITS):
        known = [pair for pair in numbers(dice, largest=1e9) if min(abs(x) for x in pair[1]) > 1e-30]
        for a, trues in known:
            others = dice.sample(known, 4)
            size = len(trues)
            near = DoubleDouble.from_sum(a.hi * (1 - 2.0**-26), a.lo, 0.0)
            for b, more in [*others, (near, values(near)), (-a, [-x for x in trues])]:
                indices = [k % len(more) for k in range(size)]
                result = attempt(lambda a=a, b=b, indices=indices: operator(a, b.take(np.array(indices))))  # type: ignore[misc]
                if result is None:
                    continue
                pairs = [(x, more[k]) for x, k in zip(trues, indices, strict=True)]
                if any(x + y == 0 for x, y in pairs) and name == "a/(a+b)":
                    continue
                done += 1
                errors = violations(result, [operator(x, y) for x, y in pairs])
                assert not errors, (SEED, errors[:3])
    assert done > 20


def test_constants_keep_their_bounds() -> None:
    """The errors of pi, e and fractions of all sizes are within their bounds."""
    dice = random.Random(SEED)
    with mpmath.workprec(BITS):
        assert not violations(DD.pi, [+mpmath.pi])
        assert not violations(DD.e, [+mpmath.e])
        for _ in range(300):
            value = Fraction(dice.getrandbits(dice.randint(1, 200)) + 1, dice.getrandbits(dice.randint(1, 200)) + 1)
            for number in (value, -value):
                assert not violations(DD.number(number), [mpf(number.numerator) / number.denominator])


# --- scaled double-doubles -------------------------------------------------------------------------------------------


def not_enclosed(number: ScaledDD, trues: Sequence[Any]) -> list[str]:
    """Describe the elements whose true number is outside the enclosure."""
    fields = np.broadcast_arrays(
        number.hi, number.lo, number.exponent, number.rem_lo, number.rem_hi, np.empty(len(trues))
    )
    rows = zip(*(field.tolist() for field in fields[:5]), trues, strict=True)
    errors = []
    for high, low, exponent, least, most, t in rows:
        kind = Fraction if isinstance(t, Fraction) else mpf
        over = t * number.denominator * kind(2) ** -exponent - kind(high) - kind(low)
        if not (over == 0 if least == most == 0 else least <= over <= most):
            errors.append(f"{float(t)!r}: {float(over)!r} is not in ({least!r}, {most!r})")
    return errors


@pytest.mark.parametrize("name", sampled(functions(UnboundedScaledDDArithmetic), costly=COSTLY))
def test_scaled_functions_enclose(name: str) -> None:
    """Each function of scaled double-doubles encloses the true value, from tiny to huge arguments."""
    dice = random.Random(SEED)
    largest = LARGEST.get(name, 300.0)
    groups = [*sizes(dice, largest), [2.0 ** dice.uniform(-1070, -250) for _ in range(12)]]
    done = 0
    for group in groups:
        signs = (1,) if name in POSITIVE or (name == "log1p" and max(group, default=0) > 0.9) else (-1, 1)
        x = np.array([size * dice.choice(signs) for size in group if size <= largest])
        if not x.size:
            continue
        try:
            with np.errstate(all="ignore"):
                result = getattr(SCALED, name)(ScaledDD.from_float(x))
        except Undecided:
            continue
        done += 1
        with mpmath.workprec(5000 if min(group) < 1e-80 else 2500):
            errors = not_enclosed(result, exact_values(name, [mpf(value) for value in x.tolist()]))
        assert not errors, (SEED, x.tolist(), errors[:3])
    assert done >= 6


MORE: list[Callable[[Any, Any], Any]] = [
    lambda a, b: b,
    lambda a, b: a * b / 3 + 1,
    lambda a, b: (a - b) * Fraction(2, 15) * a,
]


@pytest.mark.parametrize("name", sorted(OPERATORS.keys() - {"-0.1*", "+0.1"}))
def test_scaled_operators_enclose(name: str) -> None:
    """Each operator of scaled double-doubles encloses the exact rational result, whether or not the operands cancel."""
    dice = random.Random(SEED)
    operator = OPERATORS[name]
    xs, ys = (np.array([dice.choice((-1, 1)) * 2.0 ** dice.uniform(-70, 9) for _ in range(60)]) for _ in range(2))
    ys[:20] = xs[:20] * (1 + np.array([dice.choice((-1, 1)) * 2.0 ** -dice.randint(1, 52) for _ in range(20)]))
    a, b = ScaledDD.from_float(xs), ScaledDD.from_float(ys)
    trues = [(Fraction(x), Fraction(y)) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    with np.errstate(all="ignore"):
        for more in MORE:
            result = operator(a, more(a, b))
            errors = not_enclosed(result, [operator(x, more(x, y)) for x, y in trues])
            assert not errors, (SEED, errors[:3])
