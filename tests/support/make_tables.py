"""Write the tables of `actcli/core/arithmetic/tables/` with mpmath: `python -m tests.support.make_tables`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[2] / "actcli" / "core" / "arithmetic" / "tables"
BITS = 2000


def short(value: Any, bits: int) -> float:
    """`value` cut to its first `bits` significant bits, towards zero."""
    if value == 0:
        return 0.0
    shift = bits - int(mpmath.floor(mpmath.log(abs(value), 2))) - 1
    return float(mpmath.ldexp(int(mpmath.ldexp(value, shift)), -shift))


def head_tail(value: Any) -> tuple[float, float]:
    """`value` as a head of 26 bits and a float64 tail."""
    head = short(value, 26)
    return head, float(value - head)


def powers() -> NDArray[np.float64]:
    """2^(j/512) for j = 0..511: heads, tails."""
    return np.array([head_tail(mpmath.mpf(2) ** (mpmath.mpf(j) / 512)) for j in range(512)]).T


def reciprocal(j: int) -> Any:
    """An 11-bit number near 1 / (1 + j/512)."""
    return mpmath.nint(2048 / (1 + mpmath.mpf(j) / 512)) / 2048


def log1p() -> NDArray[np.float64]:
    """For the cells j = 0..512 of [1, 2] around m = 1 + j/512: c near 1/m, then -log c as head and tail.

    After them the same cells for m / 2: twice the c, which is near 1 for m near 2.
    """
    cs = [reciprocal(j) for j in range(513)] + [2 * reciprocal(j) for j in range(513)]
    return np.array([(float(c), *head_tail(-mpmath.log(c))) for c in cs]).T


def logarithms() -> NDArray[np.float64]:
    """For the same cells: c, then -log c, or -log 2c from m = sqrt 2 on, where the next power of two is nearer."""
    rows = []
    for j in range(513):
        c = reciprocal(j)
        rows.append((float(c), *head_tail(-mpmath.log(2 * c if j >= 212 else c))))
    return np.array(rows).T


def mills() -> NDArray[np.float64]:
    """The Mills ratio M(t) = Phi(-t) / phi(t): Taylor coefficients at the left ends of 512 cells an octave of t + 1.

    Rows: the constant's head and tail, the linear head and tail, then the coefficients of degree 2 to 7; t <= 63.
    """
    rows = []
    for octave in range(6):
        for cell in range(512):
            t = mpmath.ldexp(1 + mpmath.mpf(cell) / 512, octave) - 1
            ratio = mpmath.sqrt(mpmath.pi / 2) * mpmath.erfc(t / mpmath.sqrt(2)) * mpmath.exp(t * t / 2)
            derivatives = [ratio, t * ratio - 1]
            for n in range(1, 7):
                derivatives.append(t * derivatives[n] + n * derivatives[n - 1])
            terms = [value / mpmath.factorial(n) for n, value in enumerate(derivatives)]
            rows.append((*head_tail(terms[0]), *head_tail(terms[1]), *map(float, terms[2:])))
    return np.array(rows).T


def circle() -> NDArray[np.float64]:
    """sin and cos of 2 pi j / 1024 for j = 0..1023: heads and tails of the one, then of the other."""
    rows = []
    for j in range(1024):
        angle = mpmath.mpf(j) / 512
        rows.append((*head_tail(mpmath.sinpi(angle)), *head_tail(mpmath.cospi(angle))))
    return np.array(rows).T


def arctangents() -> NDArray[np.float64]:
    """atan(j/256) for j = 0..256: heads, tails."""
    return np.array([head_tail(mpmath.atan(mpmath.mpf(j) / 256)) for j in range(257)]).T


def tanh_coefficients(count: int) -> list[Any]:
    """The coefficients of x, x^3, x^5 ... in tanh x."""
    return [4**n * (4**n - 1) * mpmath.bernoulli(2 * n) / mpmath.factorial(2 * n) for n in range(1, count + 1)]


def tanhshrink() -> NDArray[np.float64]:
    """The coefficients of x^7, x^9 ... in x - tanh x."""
    return np.array([float(-c) for c in tanh_coefficients(16)[3:]])


def logcosh() -> NDArray[np.float64]:
    """The coefficients of x^6, x^8 ... in log cosh x, whose slope is tanh x."""
    return np.array([float(c / (2 * n)) for n, c in enumerate(tanh_coefficients(16), start=1)][2:])


def erf() -> NDArray[np.float64]:
    """The coefficients of x^5, x^7 ... in erf x."""
    terms = [(-1) ** n / (mpmath.factorial(n) * (2 * n + 1)) for n in range(2, 16)]
    return np.array([float(2 * term / mpmath.sqrt(mpmath.pi)) for term in terms])


TABLES = {
    "erf": erf,
    "tanhshrink": tanhshrink,
    "logcosh": logcosh,
    "powers": powers,
    "log1p": log1p,
    "logarithms": logarithms,
    "mills": mills,
    "circle": circle,
    "arctangents": arctangents,
}


def main() -> None:
    for name in TABLES:
        np.save(FOLDER / f"{name}.npy", build(name))


def build(name: str) -> NDArray[np.float64]:
    """The table called `name`."""
    with mpmath.workprec(BITS):
        return np.ascontiguousarray(TABLES[name]())


if __name__ == "__main__":
    main()
