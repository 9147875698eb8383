"""Write the tables of the double-double functions with mpmath: `python -m tests.support.make_tables`.

The tables are .npy files of float64 in `actcli/core/arithmetic/tables/`, one row per constant or coefficient. A value
tabulated to 79 bits has two rows: hi, its first 26 bits, and lo, the rest rounded to a float64. Products of two hi are
exact. The script is deterministic: tests/core/arithmetic/test_tables.py compares the files with it bit by bit.

To add a table, write a function that returns its array, add it to TABLES, run the script and commit the new file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[2] / "actcli" / "core" / "arithmetic" / "tables"
BITS = 2000
"""Working precision, far above the 79 bits kept, so that every entry is correctly rounded."""


def truncate(value: Any, bits: int) -> float:
    """Return `value` truncated to its first `bits` significant bits, towards zero."""
    if value == 0:
        return 0.0
    shift = bits - int(mpmath.floor(mpmath.log(abs(value), 2))) - 1
    return float(mpmath.ldexp(int(mpmath.ldexp(value, shift)), -shift))


def hi_lo(value: Any) -> tuple[float, float]:
    """Return `value` as a double-double: hi of 26 bits and lo rounded to a float64."""
    hi = truncate(value, 26)
    return hi, float(value - hi)


def powers() -> NDArray[np.float64]:
    """Return 2^(j/512) for j = 0..511. Rows: hi, lo."""
    return np.array([hi_lo(mpmath.mpf(2) ** (mpmath.mpf(j) / 512)) for j in range(512)]).T


def reciprocal(j: int) -> Any:
    """Return the multiple of 1/2048 nearest to 1 / (1 + j/512), a number of at most 12 bits."""
    return mpmath.nint(2048 / (1 + mpmath.mpf(j) / 512)) / 2048


def log1p() -> NDArray[np.float64]:
    """Return c near 1/m and -log c for the cells j = 0..512 of [1, 2] around m = 1 + j/512. Rows: c, hi, lo.

    513 more columns have the same cells for m / 2, with twice the c, which is near 1 for m near 2.
    """
    cs = [reciprocal(j) for j in range(513)] + [2 * reciprocal(j) for j in range(513)]
    return np.array([(float(c), *hi_lo(-mpmath.log(c))) for c in cs]).T


def logarithms() -> NDArray[np.float64]:
    """Return c and -log c for the same cells, but -log 2c from m = sqrt 2 on. Rows: c, hi, lo."""
    rows = []
    for j in range(513):
        c = reciprocal(j)
        rows.append((float(c), *hi_lo(-mpmath.log(2 * c if j >= 212 else c))))
    return np.array(rows).T


def mills() -> NDArray[np.float64]:
    """Return Taylor coefficients of the Mills ratio M(t) = Phi(-t) / phi(t) at the left ends of cells.

    There are 512 cells per octave of t + 1, for 0 <= t < 63. Rows: hi and lo of degree 0, hi and lo of degree 1, then
    degrees 2 to 7. The derivatives follow from M' = t M - 1: M^(n+1) = t M^(n) + n M^(n-1).
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
            rows.append((*hi_lo(terms[0]), *hi_lo(terms[1]), *map(float, terms[2:])))
    return np.array(rows).T


def circle() -> NDArray[np.float64]:
    """Return sin and cos of 2 pi j / 1024 for j = 0..1023. Rows: hi and lo of sin, hi and lo of cos."""
    rows = []
    for j in range(1024):
        angle = mpmath.mpf(j) / 512
        rows.append((*hi_lo(mpmath.sinpi(angle)), *hi_lo(mpmath.cospi(angle))))
    return np.array(rows).T


def arctangents() -> NDArray[np.float64]:
    """Return atan(j/256) for j = 0..256. Rows: hi, lo."""
    return np.array([hi_lo(mpmath.atan(mpmath.mpf(j) / 256)) for j in range(257)]).T


def tanh_coefficients(count: int) -> list[Any]:
    """Return the first `count` coefficients of x, x^3, x^5 ... in tanh x."""
    return [4**n * (4**n - 1) * mpmath.bernoulli(2 * n) / mpmath.factorial(2 * n) for n in range(1, count + 1)]


def tanhshrink() -> NDArray[np.float64]:
    """Return the coefficients of x^7, x^9 ... x^31 in x - tanh x."""
    return np.array([float(-c) for c in tanh_coefficients(16)[3:]])


def logcosh() -> NDArray[np.float64]:
    """Return the coefficients of x^6, x^8 ... x^32 in log cosh x, whose derivative is tanh x."""
    return np.array([float(c / (2 * n)) for n, c in enumerate(tanh_coefficients(16), start=1)][2:])


def erf() -> NDArray[np.float64]:
    """Return the coefficients of x^5, x^7 ... x^31 in erf x."""
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
    """Write all tables."""
    for name in TABLES:
        np.save(FOLDER / f"{name}.npy", build(name))


def build(name: str) -> NDArray[np.float64]:
    """Return the table called `name`, computed with BITS bits."""
    with mpmath.workprec(BITS):
        return np.ascontiguousarray(TABLES[name]())


if __name__ == "__main__":
    main()
