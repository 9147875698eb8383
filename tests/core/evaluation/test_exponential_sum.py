"""The sum of the exponentials of a vector: within its stated error of mpmath."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest

from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation import exponential_sum as exponential_sum_module
from actcli.core.evaluation.exponential_sum import exponential_sum
from tests.support.seeds import SEED
from tests.support.tiers import sampled

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


@pytest.mark.parametrize(("kind", "tau"), sampled(product(VECTORS, TEMPERATURES), 6))
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


@pytest.mark.parametrize("tau", [*TEMPERATURES, Fraction(29001, 58001), Fraction(61001, 122001)], ids=str)
def test_parts_add_exactly(tau: Fraction) -> None:
    """A float64 holds the sum of any two parts of 2^24 elements, in units of their grids."""
    width = 2.0 ** np.floor(np.log2(float(tau / 2**11)))
    offsets = width / 2 * np.concatenate([DICE.uniform(-1, 1, 100_000), 1 - DICE.uniform(0, 2**-6, 100_000)])
    inverse = exponential_sum_module._high_and_rest(1 / tau)
    coarse, fine, _ = exponential_sum_module._expm1_parts(offsets, *inverse)
    assert np.abs(coarse).max() * exponential_sum_module._GRID * 2**24 < 2**53
    assert np.abs(fine).max() * exponential_sum_module._FINE_GRID * 2**24 < 2**53


def test_refusals() -> None:
    """Extreme temperatures are left to arbitrary precision."""
    for tau in (Fraction(10**400), Fraction(1, 10**400)):
        with pytest.raises(Undecided):
            exponential_sum(np.array([1.0]), 0.0, tau)
