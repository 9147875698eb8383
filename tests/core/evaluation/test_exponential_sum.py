"""The sum of the exponentials of a vector: within its stated error of mpmath."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.exponential_sum import exponential_sum
from tests.support.seeds import SEED

SIZE = 200
DICE = np.random.default_rng(SEED)
SIGNS = DICE.choice([-1.0, 1.0], SIZE)
VECTORS = {
    "normal": DICE.normal(0, 4, SIZE),
    "narrow": DICE.normal(0, 1e-3, SIZE),
    "wide": DICE.uniform(-1000, 1000, SIZE),
    "far out": DICE.normal(1e6, 1, SIZE),
    "tiny": SIGNS * 2.0 ** DICE.uniform(-1074, 5, SIZE),
    "huge": SIGNS * 2.0 ** DICE.uniform(-900, 1023, SIZE),
    "halfway": DICE.integers(-5000, 5000, SIZE) * 2.0**-12,
    "equal": np.full(SIZE, 0.3),
    "single": np.array([-2.5]),
}
TEMPERATURES = [Fraction(1), Fraction(1, 10), Fraction(3), Fraction(1, 3), Fraction(10**5, 7), Fraction(1, 10**6)]


@pytest.mark.parametrize("tau", TEMPERATURES, ids=str)
@pytest.mark.parametrize("kind", VECTORS)
def test_error_bound(kind: str, tau: Fraction) -> None:
    """The sum differs from the true one by less than the stated error, which is below 2^-84 of it."""
    x = VECTORS[kind]
    top = float(x.max()) + 0.1
    found = exponential_sum(x, top, tau)
    with mpmath.workprec(300 if kind != "huge" else 2400):
        scale = mpmath.mpf(tau.numerator) / tau.denominator
        # Relative to e^shift, which may be beyond mpmath's patience.
        centre = mpmath.mpf(found.shift.numerator) / found.shift.denominator + mpmath.mpf(top) / scale
        true = mpmath.fsum(mpmath.exp(mpmath.mpf(value) / scale - centre) for value in x.tolist())
        mantissa = mpmath.mpf(found.mantissa.numerator) / found.mantissa.denominator
        error = abs(mantissa - true) * found.error.denominator / found.error.numerator
    assert error < 1
    assert found.error < found.mantissa / 2**84


def test_refusals() -> None:
    """Extreme temperatures are left to arbitrary precision."""
    for tau in (Fraction(10**400), Fraction(1, 10**400)):
        with pytest.raises(Undecided):
            exponential_sum(np.array([1.0]), 0.0, tau)
