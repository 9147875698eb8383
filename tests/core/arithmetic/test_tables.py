"""Tables and constants of the double-double functions, recomputed with mpmath and compared to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp
from numpy.typing import NDArray

from actcli.core.arithmetic import (
    dd_exponential,
    dd_functions,
    dd_gaussian,
    dd_logarithmic,
    dd_trigonometric,
    scaled_dd_functions,
)
from actcli.core.arithmetic.double_double import DoubleDouble, truncate26
from actcli.core.arithmetic.tables import table
from tests.support import make_tables
from tests.support.tiers import exhaustive

each_table = pytest.mark.parametrize("name", make_tables.TABLES)

HI_ROWS = {"powers": (0,), "log1p": (1,), "logarithms": (1,), "mills": (0, 2), "circle": (0, 2), "arctangents": (0,)}
"""The rows of each table with the hi of a double-double; the next row has its lo."""


def bits(values: NDArray[np.float64]) -> list[int]:
    found: list[int] = values.view(np.int64).ravel().tolist()
    return found


@each_table
def test_tables_match_script(name: str) -> None:
    """The script computes the stored tables when it works with 300 bits, four times those of a table."""
    with mp.workprec(300):
        made = np.ascontiguousarray(make_tables.TABLES[name]())
    stored = np.load(make_tables.FOLDER / f"{name}.npy")
    assert (stored.dtype, stored.shape) == (made.dtype, made.shape)
    assert bits(stored) == bits(made)


@exhaustive
@each_table
def test_tables_match_script_at_full_precision(name: str) -> None:
    """The script computes the stored tables when it works with its own precision."""
    assert bits(np.load(make_tables.FOLDER / f"{name}.npy")) == bits(make_tables.build(name))


def test_script_writes_one_file_per_table(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script writes each of its tables to a file of the table's name, and no other file."""
    monkeypatch.setattr(make_tables, "FOLDER", tmp_path)
    monkeypatch.setattr(make_tables, "TABLES", {"erf": make_tables.erf, "logcosh": make_tables.logcosh})
    make_tables.main()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["erf.npy", "logcosh.npy"]
    assert bits(np.load(tmp_path / "erf.npy")) == bits(make_tables.build("erf"))


def test_no_stray_tables() -> None:
    """The folder of tables has only tables that the script writes."""
    files = {path.name for path in make_tables.FOLDER.iterdir()} - {"__pycache__"}
    assert files == {"__init__.py"} | {f"{name}.npy" for name in make_tables.TABLES}


@each_table
def test_table_returns_file_contents(name: str) -> None:
    """table() returns the numbers of the file, all finite, and the same array at each call."""
    read = table(name)
    assert read is table(name)
    assert read.dtype == np.float64
    assert np.isfinite(read).all()
    assert bits(np.ascontiguousarray(read)) == bits(np.load(make_tables.FOLDER / f"{name}.npy"))


@pytest.mark.parametrize(("name", "rows"), HI_ROWS.items(), ids=HI_ROWS)
def test_hi_has_26_bits(name: str, rows: tuple[int, ...]) -> None:
    """Each hi has at most 26 bits, so that products of two are exact, and its lo is below its last bit."""
    values = table(name)
    for row in rows:
        hi, lo = np.ascontiguousarray(values[row]), values[row + 1]
        assert bits(hi) == bits(truncate26(hi))
        assert (np.abs(lo) <= np.ldexp(1.0, np.frexp(hi)[1] - 26)).all()


@pytest.mark.parametrize("name", ["log1p", "logarithms"])
def test_reciprocals_have_12_bits(name: str) -> None:
    """The numbers c near 1/m have at most 12 bits, so that their products with a hi are exact."""
    reciprocals = table(name)[0] * 2048
    assert (reciprocals == np.rint(reciprocals)).all()
    assert (reciprocals <= 4096).all()


# --- constants -------------------------------------------------------------------------------------------------------


def exactly(value: float) -> Any:
    return mpmath.mpf(value)


def parts(value: Any, *sizes: int) -> list[float]:
    """Split the value into parts of the given numbers of bits; the part of 53 bits is rounded to nearest."""
    found = []
    for size in sizes:
        part = float(value) if size == 53 else make_tables.truncate(value, size)
        found.append(part)
        value = value - exactly(part)
    return found


@pytest.mark.parametrize(
    ("step", "names", "module"),
    [
        (lambda: mpmath.log(2) / 512, ("_STEP_HI", "_STEP_MID", "_STEP_LO"), dd_exponential),
        (lambda: mp.pi / 512, ("_STEP_HI", "_STEP_MID", "_STEP_LO"), dd_trigonometric),
    ],
    ids=["ln 2 / 512", "pi / 512"],
)
def test_reduction_constants(step: Callable[[], Any], names: tuple[str, ...], module: Any) -> None:
    """The step of a Cody-Waite reduction is the sum of three parts; a 20-bit count times the first two is exact."""
    with mp.workprec(400):
        assert [getattr(module, name) for name in names] == parts(step(), 33, 33, 53)
        assert float(1 / step()) == module._INVERSE_STEP
        rest = step() - mpmath.fsum(exactly(getattr(module, name)) for name in names)
        assert abs(rest) < mpmath.ldexp(step(), -118)
    for name in names[:2]:
        part = Fraction(getattr(module, name))
        for count in (1, 2**20 - 1, 699_999, -511_977):
            assert Fraction(float(count) * float(part)) == count * part


def test_ln2_parts() -> None:
    """ln 2 is the sum of two parts; an exponent times the first is exact."""
    with mp.workprec(400):
        assert parts(mpmath.log(2), 42, 53) == [dd_logarithmic._LN2_HI, dd_logarithmic._LN2_LO]
    for exponent in (1, 1023, -1074, 2047):
        assert Fraction(exponent * dd_logarithmic._LN2_HI) == exponent * Fraction(dd_logarithmic._LN2_HI)


CONSTANTS: dict[str, tuple[Any, Callable[[], Any]]] = {
    "log 2": (dd_logarithmic._LN2, lambda: mpmath.log(2)),
    "pi": (dd_functions._PI, lambda: mp.pi),
    "e": (dd_functions._E, lambda: mp.e),
    "1/2": (dd_logarithmic._HALF, lambda: mpmath.mpf(1) / 2),
    "1/3": (dd_exponential._THIRD, lambda: mpmath.mpf(1) / 3),
    "1/12": (dd_logarithmic._TWELFTH, lambda: mpmath.mpf(1) / 12),
    "2/15": (dd_exponential._TWO_FIFTEENTHS, lambda: mpmath.mpf(2) / 15),
    "pi/2": (dd_trigonometric._HALF_PI, lambda: mp.pi / 2),
    "sqrt 2": (dd_gaussian._SQRT_2, lambda: mpmath.sqrt(2)),
    "1/sqrt(2 pi)": (dd_gaussian._INVERSE_SQRT_2PI, lambda: 1 / mpmath.sqrt(2 * mp.pi)),
    "sqrt(2/pi)": (dd_gaussian._SQRT_2_OVER_PI, lambda: mpmath.sqrt(2 / mp.pi)),
    "2/sqrt pi": (dd_gaussian._TWO_OVER_SQRT_PI, lambda: 2 / mpmath.sqrt(mp.pi)),
    "2/(3 sqrt pi)": (dd_gaussian._TWO_OVER_3_SQRT_PI, lambda: 2 / (3 * mpmath.sqrt(mp.pi))),
}


@pytest.mark.parametrize(("number", "true"), CONSTANTS.values(), ids=CONSTANTS)
def test_constants(number: DoubleDouble, true: Callable[[], Any]) -> None:
    """A constant's hi has the first 26 bits of the nearest float64 and its lo the rest, within the error bound."""
    with mp.workprec(400):
        value = true() + 0
        head = float(truncate26(np.float64(float(value))))
        assert (float(number.hi), float(number.lo)) == (head, float(value - exactly(head)))
        off = abs(value - exactly(float(number.hi)) - exactly(float(number.lo)))
        assert off <= number.rel_err * abs(value)


@pytest.mark.parametrize(
    ("value", "true"),
    [(scaled_dd_functions._LN2, lambda: mpmath.log(2)), (scaled_dd_functions._PI, lambda: mp.pi)],
    ids=["log 2", "pi"],
)
def test_scaled_constants(value: Fraction, true: Callable[[], Any]) -> None:
    """The constants of scaled double-doubles are correct to 98 decimal digits, more than their 106 bits."""
    with mp.workprec(600):
        off = abs(mpmath.mpf(value.numerator) / value.denominator - true())
        assert off < mpmath.mpf(10) ** -98
