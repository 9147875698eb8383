"""Decimal digits -> float64, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.number_text import read_number
from actcli.streams.csv.float_parser import MARGIN, parse_floats
from tests.support.doubles import FAMILIES, family
from tests.support.tiers import examples


def read(cells: Sequence[str], between: str = ",") -> tuple[list[float], list[bool]]:
    """Return what `parse_floats` makes of adjacent cells."""
    page, starts = b"7" * MARGIN, []
    for cell in cells:
        starts.append(len(page))
        page += (cell + between).encode()
    ends = [start + len(cell.encode()) for start, cell in zip(starts, cells, strict=True)]
    array = np.frombuffer(page + b".7" * MARGIN, np.uint8)
    values, certain = parse_floats(array, np.array(starts), np.array(ends))
    return values.tolist(), certain.tolist()


def agree(cells: Sequence[str], between: str = ",") -> float:
    """Check that every decided cell is parsed as one by one does; return the share of decided cells."""
    values, certain = read(cells, between)
    for cell, value, known in zip(cells, values, certain, strict=True):
        if known:
            expected = read_number(cell.removeprefix('"').removesuffix('"') if cell.startswith('"') else cell)
            assert repr(expected) == repr(value), cell
    return sum(certain) / len(certain)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("between", [",", "", ".", "5", "-", "\n"])
def test_families_of_doubles(name: str, between: str) -> None:
    """Numbers of every family are parsed correctly or undecided, with any bytes between the cells."""
    cells = [repr(value) for value in family(name, 5000)]
    quoted = [f'"{cell}"' for cell in cells[:500]]
    share = agree(cells + quoted, between)
    if name in ("normal", "uniform", "two decimals", "float32"):
        assert share > 0.99


@pytest.mark.parametrize("digits", range(1, 21))
def test_decimals_near_ties(digits: int) -> None:
    """Decimals of any number of digits, nearer to a tie than doubles are, are parsed correctly or undecided."""
    rng = np.random.default_rng(digits)
    whole = ["".join(map(str, rng.integers(0, 10, digits))) for _ in range(2000)]
    cells = [f"{sign}{text[:k]}.{text[k:]}" for sign in ("", "-") for text in whole for k in (0, 1, digits // 2)]
    share = agree([*whole, *cells])
    assert share > (0.9 if 1 < digits < 9 else 0.5 if digits < 19 else 0)


def hardest(behind: int, below: int) -> list[str]:
    """Decimals with so many digits behind the point that miss the middle of two doubles by as little as they can.

    N / 10**behind is the middle (2m + 1) / 2**(below + behind) but for one unit where N 2**below = (2m + 1) 5**behind
    +- 1, and m + 1/2 has 53 bits before its point.
    """
    found = []
    for miss in (-1, 1):
        start = miss * pow(2**below, -1, 5**behind) % 5**behind
        least = 2**53 * 5**behind // 2**below
        for turn in range(1, 200):
            number = start + 5**behind * (least // 5**behind + turn * max(1, least // 5**behind // 200))
            twice, rest = divmod(number * 2**below - miss, 5**behind)
            assert rest == 0
            if 2**53 < twice < 2**54 and number < 9 * 10**18 and number // 10**behind < 10**8:
                assert twice % 2
                text = f"{number:0{behind + 1}d}"
                found.append(f"{text[:-behind]}.{text[-behind:]}")
    return found


def test_hardest_quotients() -> None:
    """The decimals nearest to the midpoint of two doubles are parsed correctly, and nearly all are decided."""
    cells = [cell for behind in range(11, 21) for below in range(1, 60) for cell in hardest(behind, below)]
    assert len(cells) > 10_000
    assert agree(cells) > 0.98


numberlike = st.text('0123456789.-+eE "x\x00/:', max_size=26)


@settings(max_examples=examples(1000))
@given(st.lists(st.one_of(numberlike, st.floats().map(repr), st.decimals().map(str)), min_size=1, max_size=8))
@example(["-"])
@example(["."])
@example(["-."])
@example(["5.", ".5", "-.5", "-0", "00.10"])
@example(["1.2.3"])
@example(["--1"])
@example(['"', '""', '"1', '1"', '"-1.5"', '"1""5"', '"1"5"'])
@example(["0.18446744073709551615", "99999999.99999999999999999999"])
@example(["123456789", "12345678", "12345678.5", "1234567.5"])
def test_non_numeric_cells_are_undecided(cells: list[str]) -> None:
    """A non-numeric cell is undecided, and a decided one is parsed correctly."""
    for between in (",", "", "."):
        agree(cells, between)
