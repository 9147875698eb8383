"""Many chosen columns: the work depends on the number of cells, not on how they are divided into columns."""

from __future__ import annotations

from typing import Any

import pytest

from actcli.number_formats import FLOATS
from actcli.streams.csv.column_selection import select_columns
from actcli.streams.csv.plan import FilterOptions, Transform, make_plan
from actcli.streams.csv.row_reader import Record
from tests.support.filtering import outcome
from tests.support.operations import calls
from tests.support.tiers import sampled

CELLS = 24_000
MANY = 1_200

DOUBLE = Transform(lambda x: 2 * x, lambda names: [f"f({name})" for name in names], False, FLOATS["float64"])


def table(columns: int, cell: str = "-1.5") -> bytes:
    """Return CELLS cells in `columns` columns."""
    rows = [[f"u{i}" for i in range(columns)], *[[cell] * columns] * (CELLS // columns)]
    return lines(rows)


def lines(rows: list[list[str]]) -> bytes:
    """Return the rows as CSV."""
    return "".join(",".join(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize("form", sampled(["csv", "plain", "jsonl"], 1))
@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("cell", ["-1.5", "x"])
def test_calls_depend_on_the_cells(form: Any, replace: bool, cell: str) -> None:
    """As many cells in one column and in many take about as many calls, numeric or not."""
    options = FilterOptions(["1-"], True, on_error="nan", replace=replace, format=form)
    one = calls(lambda: outcome(table(1, cell), options, DOUBLE))
    many = calls(lambda: outcome(table(MANY, cell), options, DOUBLE))
    assert many < 1.5 * one + 20 * MANY


class CountingName(str):
    """A name that counts its comparisons."""

    __slots__ = ()
    comparisons = 0

    def __eq__(self, other: object) -> bool:
        CountingName.comparisons += 1
        return str.__eq__(self, str(other))

    __hash__ = str.__hash__


@pytest.mark.parametrize("specs", [[f"u{i}" for i in range(MANY)], [",".join(f"u{i}" for i in range(MANY))]])
def test_names_are_compared_once(specs: list[str]) -> None:
    """Each chosen name is compared with a few names of the header, however many there are."""
    CountingName.comparisons = 0
    header: list[str] = [CountingName(f"u{i}") for i in range(MANY)]
    assert select_columns(specs, header, MANY, None) == list(range(MANY))
    assert CountingName.comparisons < 4 * MANY


@pytest.mark.parametrize("replace", [False, True])
def test_new_names_are_compared_once(replace: bool) -> None:
    """Each new name is compared with a few others, however many there are."""
    CountingName.comparisons = 0
    row = [b"%d" % i for i in range(MANY)]
    new = [CountingName(f"v{i}") for i in range(MANY)]
    options = FilterOptions(["1-"], True, replace=replace, as_names=list(new), format="jsonl")
    plan = make_plan([Record(1, b",".join(row), row, b"\n")], True, options, DOUBLE, "FILE")
    assert plan is not None
    assert plan.new_names == new
    assert CountingName.comparisons < 8 * MANY


def test_output_of_many_columns() -> None:
    """Each of many columns gets its own result, appended or in its place, in order."""
    header = [f"u{i}" for i in range(MANY)]
    cells = [str(i) if i % 7 else "" for i in range(MANY)]
    doubled = [f"{2.0 * i}" if i % 7 else "" for i in range(MANY)]
    data = lines([header, *[cells] * 30])
    assert outcome(data, FilterOptions(["u*"], replace=True), DOUBLE).data == lines([header, *[doubled] * 30])
    names = [f"f({name})" for name in header]
    assert outcome(data, FilterOptions(["u*"]), DOUBLE).data == lines([header + names, *[cells + doubled] * 30])
