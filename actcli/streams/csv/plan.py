"""What is settled before the first row of data: the header, the chosen columns, the names of the new ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from actcli.errors import DataError, UsageError
from actcli.number_formats import Format, is_number
from actcli.streams.csv.cells import cell_text
from actcli.streams.csv.column_selection import describe, otherwise_cut, select_columns
from actcli.streams.csv.row_reader import Record
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["FilterOptions", "Plan", "Transform", "make_plan", "non_numeric_error", "ragged_row_error"]


@dataclass(frozen=True)
class Transform:
    """What is done to the chosen columns.

    apply  float64 (rows, k) of values of `fmt` -> float64 (rows, outputs)
    names  the k chosen columns' names -> the names of the outputs, in their order
    joint  whether a row's chosen columns are one vector. If not, each column is computed by itself and gives
           outputs / k outputs, which stand together, column after column
    fmt    the format that cells are read to
    spell  one output column -> its digits; without it `fmt.write_all`
    once   whether `apply` is to see each row once, and in their order, as it remembers what it has seen
    trial  `apply` for what may be done elsewhere, or in vain: the outputs, and how many of them there is something to
           tell of. `told` gets that number if they are written. Without it there is nothing to tell
    """

    apply: Callable[[Floats], Floats]
    names: Callable[[list[str]], list[str]]
    is_vector: bool
    fmt: Format
    format_results: Callable[[Floats], list[str]] | None = None
    row_order_matters: bool = False
    pure: Callable[[Floats], tuple[Floats, int]] | None = None
    on_undecided: Callable[[int], None] = lambda count: None


@dataclass(frozen=True)
class FilterOptions:
    """How the user wants the filter.

    columns    what -c was given (see columns.select)
    header     whether the first row is one; None: it is, unless it is a single cell that is a number; of a row of
               nothing but numbers, not all of them whole, it has to be said
    delimiter  one ASCII character
    on_error   what a cell that is no number does: end the run, become nan, or take its row along
    replace    whether outputs take their columns' places
    as_names   names for the new columns instead of the transform's
    format     what goes out
    """

    columns: Sequence[str] = ()
    header: bool | None = None
    delimiter: str = ","
    on_error: Literal["fail", "nan", "skip"] = "fail"
    replace: bool = False
    as_names: list[str] | None = None
    format: Literal["csv", "jsonl", "plain"] = "csv"


@dataclass(frozen=True)
class Plan:
    """What every row has in common.

    header  the names of the columns; None if the file has none
    keys    how jsonl calls them: by name, or by 1-based number if they have none
    head    the header's row; None if there is none
    chosen  the 0-based columns to compute
    new     the names of the outputs
    """

    header: list[str] | None
    keys: list[str]
    head: Record | None
    chosen: list[int]
    new: list[str]

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.keys)


def make_plan(
    records: list[Record], ended: bool, options: FilterOptions, transform: Transform, name: str
) -> Plan | None:
    """The layout of a file that begins with `records` (all of it if `ended`); None if it takes more to tell.

    Raises UsageFault for columns that are not there or not to be told, several numbers where the header of one column
    should be, names that are taken or too few, and a replacement that does not fit; DataError when the row that the
    choice depends on is uneven.
    """
    rows = [record for record in records if record.body][:2]
    if not rows:
        return None
    texts = _texts(rows[0])
    width = len(texts)
    named = options.header
    if named is None:
        named = not (width == 1 and is_number(texts[0].strip(" \t")))
        if named and width == 1 and _several(texts[0]):
            raise UsageError(f"{name} begins with '{displayable(texts[0])}': one number a line, or columns with -d")
        if named and _is_data(texts):
            raise UsageError(
                "the first row holds numbers: say --no-header if it is data, or --header if these are names"
            )
    header = texts if named else None
    first = rows[1:] if named else rows[:1]

    if not options.columns and width > 1:
        if not first and not ended:
            return None
        if first and len(first[0].cells) != width:
            raise ragged_row_error(first[0], width, header, name)
    chosen = select_columns(options.columns, header, width, _texts(first[0]) if first else None)
    keys = texts if named else _numbers(1, width)
    new = _new_names(keys, chosen, named, options, transform)
    return Plan(header, keys, rows[0] if named else None, chosen, new)


def _is_data(texts: list[str]) -> bool:
    """Whether a row is rather data than names: nothing but numbers, which as names would be whole (0, 1, 2; 2024)."""
    texts = [text.strip(" \t") for text in texts]
    return all(map(is_number, texts)) and not all(text.isdigit() for text in texts)


def _several(text: str) -> bool:
    """Whether a cell is rather several numbers in a line."""
    parts = text.replace(";", " ").split()
    return len(parts) > 1 and all(map(is_number, parts))


def ragged_row_error(record: Record, width: int, header: list[str] | None, name: str) -> DataError:
    """The fault of a row whose cells are not `width`."""
    cells = "1 cell" if len(record.cells) == 1 else f"{len(record.cells)} cells"
    measure = "first row" if header is None else "header"
    return DataError(f"{name}:{record.line}: {cells}, but the {measure} has {width}{otherwise_cut(header)}")


def non_numeric_error(record: Record, column: int, header: list[str] | None, name: str) -> DataError:
    """The fault of a cell that is no number."""
    text = cell_text(record.cells[column])
    said = f"{name}:{record.line}: {describe(column, header)}: '{displayable(text)}' is not a number"
    if is_number(text.decode("utf-8", "replace").strip(" \t").replace(",", ".", 1)):
        return DataError(f"{said}: the decimal point is a point")
    return DataError(said + otherwise_cut(header))


def _texts(record: Record) -> list[str]:
    # Arguments hold bytes that are no UTF-8 in the same way, so such names can be chosen too.
    return [cell_text(raw).decode("utf-8", "surrogateescape") for raw in record.cells]


def _numbers(first: int, count: int) -> list[str]:
    return [str(first + i) for i in range(count)]


def _new_names(
    keys: list[str], chosen: list[int], named: bool, options: FilterOptions, transform: Transform
) -> list[str]:
    """The names of the outputs: what the user says, or else the columns they replace, or the transform."""
    old = [keys[i] for i in chosen]
    names = transform.names(old)
    if options.replace and len(names) != len(old):
        raise UsageError(
            f"--replace puts each new column in the place of one, but {_count(len(old), 'column')} would become "
            f"{len(names)}"
        )
    if options.as_names is not None and len(options.as_names) != len(names):
        given, new = _count(len(options.as_names), "name"), _count(len(names), "new column")
        raise UsageError(f"--as gives {given}, but there {'is' if len(names) == 1 else 'are'} {new}")

    if options.as_names is not None:
        names = options.as_names
    elif options.replace:
        names = old
    elif not named:
        names = _numbers(len(keys) + 1, len(names))
    if options.format == "jsonl" or (options.format == "csv" and named):
        kept = [key for i, key in enumerate(keys) if not (options.replace and i in chosen)]
        if names is not old:
            _check_new(names, kept)
        if options.format == "jsonl":
            _check_members(kept + names)
    return names


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _check_new(names: list[str], kept: list[str]) -> None:
    """UsageFault if a new name is taken. Old names may be as ambiguous as they came."""
    for i, name in enumerate(names):
        if name in kept:
            raise UsageError(f"there is a column '{displayable(name)}' already: name the new one with --as")
        if name in names[:i]:
            raise UsageError(f"two new columns have the name '{displayable(name)}': name them with --as")


def _check_members(keys: list[str]) -> None:
    """UsageFault if an object with these keys would lose a value: most readers keep one of two."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise UsageError(f"the header has '{displayable(key)}' twice, which a JSON object cannot have")
        seen.add(key)
