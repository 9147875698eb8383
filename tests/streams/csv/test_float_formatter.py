"""float64 -> shortest digits, many at once."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.number_formats import FLOATS, Format
from actcli.streams.csv.float_formatter import FIELD, format_floats
from tests.support.doubles import FAMILIES, family
from tests.support.tiers import examples

FLOAT64 = FLOATS["float64"]


def written(values: list[float], fmt: Format = FLOAT64, delimiter: str = ",") -> list[str]:
    """The cells, each with its delimiter."""
    fields = np.full((len(values), FIELD), ord("#"), np.uint8)
    starts, lengths = format_floats(np.array(values, np.float64), fields, ord(delimiter), fmt)
    return [
        fields[i, start : start + length].tobytes().decode()
        for i, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True))
    ]


@pytest.mark.parametrize("name", FAMILIES)
def test_families_of_doubles(name: str) -> None:
    """Each number of every family is written as repr writes it."""
    values = family(name, 20000)
    assert [f",{value!r}" for value in values] == written(values)


def test_numbers_in_range_are_formatted_in_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """No number from 1e-4 to 1e4, and no zero, is formatted individually."""
    values = [value for name in FAMILIES for value in family(name, 1000) if 1e-4 <= abs(value) < 1e4 or value == 0]
    monkeypatch.setattr(Format, "write_all", None)
    assert len(written(values)) == len(values) > 5000


@pytest.mark.parametrize("scale", range(13, 21))
def test_ties_between_digits(scale: int) -> None:
    """A number halfway between two shortest candidates is written as repr writes it."""
    # Odd multiples of 2**-17 and less, whose last of seventeen digits, or the one behind it, is a 5.
    start = 10.0 ** (17 - scale)
    values = [start * (1 - k / 2**9) + j / 2.0**bits for bits in range(scale - 2, scale + 3) for k in range(1, 400)
              for j in (1, 3)]  # fmt: skip
    assert [f",{value!r}" for value in values] == written(values)


def test_powers_of_two_and_ten() -> None:
    """Numbers at and next to each power of two and of ten in the range are written as repr writes them."""
    edges = [2.0**e for e in range(-16, 18)] + [float(f"1e{e}") for e in range(-6, 7)]
    near = [np.float64(edge).view(np.int64) + step for edge, step in itertools.product(edges, range(-200, 201))]
    values = np.array(near, np.int64).view(np.float64).tolist()
    values += [-value for value in values]
    assert [f",{value!r}" for value in values] == written(values)


@pytest.mark.parametrize("name", list(FLOATS))
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "\x00"])
def test_formats_and_delimiters(name: str, delimiter: str) -> None:
    """Values of every format have that format's digits, after any delimiter."""
    fmt = FLOATS[name]
    values = fmt.round(np.array(family("normal", 500) + family("decades", 500))).tolist()
    assert [delimiter + fmt.write(value) for value in values] == written(values, fmt, delimiter)


@settings(max_examples=examples(500))
@given(st.lists(st.one_of(st.floats(), st.floats(-10000, 10000), st.floats(0, 1)), min_size=1, max_size=20))
def test_any_doubles(values: list[float]) -> None:
    """Arrays of any doubles are written as repr writes them."""
    assert [f",{value!r}" for value in values] == written(values)
