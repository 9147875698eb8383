"""Long vectors: the bits of the exact path, results within their rounding of mpmath, and work in proportion to size."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actcli
from actcli.core.evaluation import vectors
from tests.support.oracle import FORMATS, nearest
from tests.support.seeds import SEED
from tests.support.tiers import examples

SOFT = ("softmax", "log_softmax", "softmin", "gumbel_softmax:tau=0.3", "gumbel_softmax@torch:tau=-7")
NAMES = (*SOFT, "sparsemax", "gumbel_softmax@torch:tau=0.3,hard=true")
SIZE = 5_000
DICE = np.random.default_rng(SEED)
VECTORS = {
    "normal": DICE.normal(0, 4, SIZE),
    "wide": DICE.normal(0, 400, SIZE),
    "narrow": DICE.normal(0, 1e-5, SIZE),
    "one far above": np.append(DICE.normal(0, 4, SIZE), 1e6),
    "ties": DICE.integers(-3, 4, SIZE) / 2,
    "masked": np.where(DICE.random(SIZE) < 0.5, -math.inf, DICE.normal(0, 4, SIZE)),
}


def expected(name: str, x: list[float], places: list[int]) -> list[float]:
    """The correctly rounded float64 results at `places`, by mpmath or, for sparsemax, exact rationals."""
    if name == "sparsemax":
        ordered = sorted((Fraction(value) for value in x if math.isfinite(value)), reverse=True)
        total, threshold = Fraction(0), Fraction(0)
        for size, value in enumerate(ordered, 1):
            total += value
            if 1 + size * value > total:
                threshold = (total - 1) / size
        return [
            nearest(max(Fraction(x[i]) - threshold, Fraction(0)), FORMATS["float64"]) if math.isfinite(x[i]) else 0.0
            for i in places
        ]
    sign, tau = {"softmin": (-1, "1"), SOFT[3]: (1, "0.3"), SOFT[4]: (-1, "7")}.get(name, (1, "1"))
    with mpmath.workprec(220):
        shifted = [sign * mpmath.mpf(value) / mpmath.mpf(tau) for value in x]
        top = max(shifted)
        first = shifted.index(top)
        others = mpmath.fsum(mpmath.exp(value - top) for i, value in enumerate(shifted) if i != first)
        found = []
        for i in places:
            if name == "log_softmax":
                true = shifted[i] - top - mpmath.log1p(others)
            else:
                true = mpmath.exp(shifted[i] - top) / (1 + others)
            if not mpmath.isfinite(true):
                found.append(float(true))
                continue
            tiny = abs(true) < mpmath.mpf("1e-400")
            found.append(
                float(true) if tiny else nearest(Fraction(*map(int, true.as_integer_ratio())), FORMATS["float64"])
            )
    return found


@pytest.mark.parametrize("kind", VECTORS)
@pytest.mark.parametrize("name", [*SOFT, "sparsemax"])
def test_correct_rounding(name: str, kind: str) -> None:
    """Elements of a long vector have the float64 nearest to the true result."""
    if kind == "masked" and name in ("softmin", SOFT[4]):
        pytest.skip("the masked elements would take everything")
    x = VECTORS[kind]
    places = [*np.random.default_rng(SEED).choice(x.size, 60).tolist(), int(np.argmax(x)), int(np.argmin(x))]
    found = actcli.evaluate(name, x)
    assert [float(found[i]) for i in places] == expected(name, x.tolist(), places)


@pytest.mark.parametrize("kind", VECTORS)
@pytest.mark.parametrize("name", NAMES)
def test_no_long_vector_by_arbitrary_precision(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long vector is never evaluated as a whole in arbitrary precision, which takes 0.1 ms an element."""
    x = VECTORS[kind]
    if kind == "masked" and name in ("softmin", SOFT[4]):
        x = -x
        x[np.flatnonzero(np.isinf(x))[1:]] = 1.0
    sizes = []
    ball_row = vectors._ball_row

    def recorded(bound: Any, row: list[float], *rest: Any) -> list[float]:
        sizes.append(len(row))
        return ball_row(bound, row, *rest)

    monkeypatch.setattr(vectors, "_ball_row", recorded)
    actcli.evaluate(name, x)
    assert sum(sizes) < 10


ELEMENTS = st.floats(-800, 800) | st.floats(width=16) | st.sampled_from([0.0, 1.0, -math.inf, math.inf, 1e308, 5e-324])


@settings(deadline=None, max_examples=examples(150))
@given(
    st.lists(ELEMENTS, min_size=2, max_size=9),
    st.sampled_from(NAMES),
    st.sampled_from(["float64", "float32", "bfloat16"]),
)
def test_bits_of_the_exact_path(row: list[float], name: str, dtype: str) -> None:
    """Element by element a vector has the bits that it has as a whole."""
    whole = actcli.evaluate(name, row, dtype=dtype)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "_MIN_LONG_SIZE", 2)
        for block_size in (1, 4096):
            patch.setattr(vectors, "_BLOCK_SIZE", block_size)
            assert actcli.evaluate(name, row, dtype=dtype).tobytes() == whole.tobytes()


@pytest.mark.parametrize("rows", [1, 7])
def test_support_of_many_vectors(rows: int) -> None:
    """sparsemax in a batch has the exact support, at ties and next to them too."""
    dice = np.random.default_rng(SEED)
    size = 12
    x = np.concatenate(
        [
            dice.normal(0, 0.5, (rows, size)),
            dice.integers(-3, 4, (rows, size)) / 4,
            1 - dice.integers(0, 3, (rows, size)) * 2.0**-53,
        ]
    )
    found = actcli.evaluate("sparsemax", x)
    for row, results in zip(x.tolist(), found.tolist(), strict=True):
        assert results == expected("sparsemax", row, list(range(size)))


@pytest.mark.parametrize(("name", "shape"), [("softmax", 10**6), ("glu", 2 * 10**5), ("hardmax", (200, 2000))])
def test_no_enormous_jacobians(name: str, shape: Any) -> None:
    """Jacobians that would take gigabytes are refused with one line before anything is computed."""
    with pytest.raises(actcli.ActcliError, match=r": the Jacobian of \d+ values has \d+ elements") as error:
        actcli.gradient(name, np.zeros(shape))
    assert "\n" not in str(error.value)
