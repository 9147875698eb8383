"""Decisions before the first data row: the header, the chosen columns, the names of the new ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from actcli.errors import DataError, UsageError
from actcli.number_formats import Format
from actcli.number_text import is_hexadecimal_integer
from actcli.streams.csv.cells import cell_text, is_numeric, number_text, stripped_text
from actcli.streams.csv.column_selection import comment_hint, delimiter_hint, describe, select_columns
from actcli.streams.csv.header_detection import check_header, starts_with_data
from actcli.streams.csv.number_hints import number_hint
from actcli.streams.csv.row_reader import Record
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["FilterOptions", "Plan", "Transform", "make_plan", "non_numeric_error", "ragged_row_error"]


_MAX_RAGGED_ROWS = 1000
"""How many ragged rows may precede the first one, on which the default column depends."""


@dataclass(frozen=True)
class Transform:
    """The computation on the chosen columns.

    apply              float64 (rows, k) of values of `fmt` -> float64 (rows, outputs)
    names              names of the k chosen columns -> names of the outputs, in their order
    is_vector          whether a row's chosen cells are one vector; if not, each column is computed by itself and
                       gives outputs / k outputs, which are adjacent, column after column
    fmt                the format to which cells are rounded
    format_results     one output column -> its digits; None: `fmt.write_all`
    row_order_matters  whether `apply` must see each row once and in order, because it keeps a state
    pure               a side-effect-free `apply`, which may run in another process or be discarded; also returns the
                       number of undecided results; None: `apply` is pure and nothing is undecided
    on_undecided       called with that number when the results are written
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
    """The user's options.

    columns    the values of -c (see select_columns)
    header     whether the first row is a header; None: it is, unless it is a single numeric cell; required for a
               first row with a number in a chosen column (see header_detection)
    delimiter  one ASCII character; a blank stands for any run of blanks
    on_error   the effect of a non-numeric cell: end the run, become nan, or skip its row
    replace    whether outputs replace their columns
    as_names   names for the new columns instead of the transform's
    format     the output format; `arrays` is for tables (see row_writers)
    na         the texts of missing values, besides the empty one
    decimal    the decimal separator of numbers in cells and in the output, except in JSON
    comment    what lines that are no rows start with; b"" for none
    skip_lines how many lines at the start are no rows
    takes_sep  whether a first line `sep=;` sets the delimiter
    """

    columns: Sequence[str] = ()
    header: bool | None = None
    delimiter: str = ","
    on_error: Literal["fail", "nan", "skip"] = "fail"
    replace: bool = False
    as_names: list[str] | None = None
    format: Literal["csv", "json", "jsonl", "plain", "arrays"] = "csv"
    na: frozenset[bytes] = frozenset()
    decimal: Literal[".", ","] = "."
    comment: bytes = b""
    skip_lines: int = 0
    takes_sep: bool = False


@dataclass(frozen=True)
class Plan:
    """The properties that all rows share.

    header         the column names; None for a file without a header
    keys           the names as jsonl keys; 1-based numbers without a header
    header_record  the header's row; None without a header
    chosen         the 0-based columns to compute
    new_names      the names of the outputs
    """

    header: list[str] | None
    keys: list[str]
    header_record: Record | None
    chosen: list[int]
    new_names: list[str]

    @property
    def width(self) -> int:
        """The number of cells in a row."""
        return len(self.keys)


class _NumberTest:
    """What counts as a number in a file: digits, or with --bits a bit pattern."""

    def __init__(self, fmt: Format, decimal: str) -> None:
        self._fmt = fmt
        self._decimal = decimal

    def is_number(self, text: str) -> bool:
        """Return whether the text of a cell is a number as the options say."""
        return self._fmt.is_number(number_text(text, self._decimal))

    def may_be_number(self, text: str) -> bool:
        """Return whether it is one, or would be one in digits: then it is no name either."""
        return self.is_number(text) or is_numeric(text, self._decimal)


def make_plan(
    records: list[Record], ended: bool, options: FilterOptions, transform: Transform, name: str
) -> Plan | None:
    """Return the plan of a file that starts with `records` (all of it if `ended`); None if it takes more to decide.

    Raises UsageError for an unknown or ambiguous column, a first row that may be data, a new name that exists
    already, too few names, and a replacement that does not fit; DataError if the row on which the choice depends is
    ragged.
    """
    rows = [record for record in records if record.is_row]
    if not rows:
        return None
    test = _NumberTest(transform.fmt, options.decimal)
    texts = _texts(rows[0])
    width = len(texts)
    has_header = options.header
    if has_header is None:
        has_header = not starts_with_data(texts, name, test.may_be_number)
    header = texts if has_header else None
    data = rows[1:] if has_header else rows[:1]
    first_data = data[:1]
    if options.on_error == "skip":
        complete = [row for row in data[:_MAX_RAGGED_ROWS] if len(row.cells) == width]
        first_data = (complete or data[_MAX_RAGGED_ROWS:])[:1]

    if not options.columns and width > 1:
        if not first_data and not ended:
            return None
        if first_data and len(first_data[0].cells) != width:
            raise ragged_row_error(first_data[0], width, header, name, options)
    may_be_data = has_header and options.header is None
    try:
        first = _texts(first_data[0]) if first_data else None
        chosen = select_columns(options.columns, header, width, first, test.is_number)
    except UsageError:
        if may_be_data and options.columns:
            check_header(texts, None, options.columns, test.may_be_number)
        raise
    if may_be_data:
        na = frozenset(text.decode("utf-8", "surrogateescape") for text in options.na)
        check_header(texts, chosen, options.columns, test.may_be_number, na)
    _check_bit_patterns(records[1:] if has_header else records, chosen, header, transform.fmt, name)
    keys = texts if has_header else _numbers(1, width)
    new_names = _new_names(keys, chosen, has_header, options, transform)
    return Plan(header, keys, rows[0] if has_header else None, chosen, new_names)


def _check_bit_patterns(
    records: list[Record], chosen: list[int], header: list[str] | None, fmt: Format, name: str
) -> None:
    """Raise UsageError if a chosen cell is a number or a bit pattern, and the options do not say which."""
    for record in records:
        for column in chosen:
            text = _stripped(record.cells[column]) if record.is_row and column < len(record.cells) else ""
            if is_hexadecimal_integer(text) and fmt.refusal(text):
                raise UsageError(str(non_numeric_error(record, column, header, name, fmt)))


def _stripped(raw: bytes) -> str:
    return stripped_text(raw).decode("utf-8", "replace")


def ragged_row_error(
    record: Record, width: int, header: list[str] | None, name: str, options: FilterOptions
) -> DataError:
    """Return the error of a row that has not `width` cells."""
    cells = "1 cell" if len(record.cells) == 1 else f"{len(record.cells)} cells"
    measure = "first row" if header is None else "header"
    hint = delimiter_hint(header) or comment_hint(_stripped(record.cells[0]))
    if not hint and options.decimal == options.delimiter:
        hint = "; with commas in numbers, separate cells by another character (-d ';'), or quote the numbers"
    return DataError(f"{name}:{record.line}: {cells}, but the {measure} has {width}{hint}")


def non_numeric_error(
    record: Record, column: int, header: list[str] | None, name: str, fmt: Format, decimal: str = "."
) -> DataError:
    """Return the error of a cell that cannot be read."""
    text = cell_text(record.cells[column])
    stripped = number_text(_stripped(record.cells[column]), decimal)
    message = f"{name}:{record.line}: {describe(column, header)}: '{displayable(text)}'{fmt.refusal(stripped)}"
    if not message.endswith(" is not a number"):
        return DataError(message)
    hint = number_hint(_stripped(record.cells[column]), decimal)
    return DataError(message + (hint or delimiter_hint(header) or comment_hint(_stripped(record.cells[0]))))


def _texts(record: Record) -> list[str]:
    # Arguments represent bytes that are not UTF-8 in the same way, so such names can be chosen too.
    return [cell_text(raw).decode("utf-8", "surrogateescape") for raw in record.cells]


def _numbers(first: int, count: int) -> list[str]:
    return [str(first + i) for i in range(count)]


def _new_names(
    keys: list[str], chosen: list[int], has_header: bool, options: FilterOptions, transform: Transform
) -> list[str]:
    """Return the names of the outputs: the user's, or those of the columns they replace, or the transform's."""
    old = [keys[i] for i in chosen]
    names = transform.names(old)
    if options.replace and len(names) != len(old):
        raise UsageError(
            f"--replace requires one new column for each chosen one, but {_count(len(old), 'column')} would become "
            f"{len(names)}"
        )
    if options.as_names is not None and len(options.as_names) != len(names):
        given, new = _count(len(options.as_names), "name"), _count(len(names), "new column")
        raise UsageError(f"--as gives {given}, but there {'is' if len(names) == 1 else 'are'} {new}")

    if options.as_names is not None:
        names = options.as_names
    elif options.replace:
        names = old
    elif not has_header:
        names = _numbers(len(keys) + 1, len(names))
    is_json = options.format in ("json", "jsonl")
    if is_json or (options.format in ("csv", "arrays") and has_header):
        replaced = set(chosen) if options.replace else ()
        kept = [key for i, key in enumerate(keys) if i not in replaced]
        if names is not old:
            _check_new(names, kept)
        if is_json:
            _check_members(kept + names)
    return names


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _check_new(names: list[str], kept: list[str]) -> None:
    """Raise UsageError if a new name exists already. Old names may be ambiguous."""
    existing, seen = set(kept), set[str]()
    for name in names:
        if name in existing:
            raise UsageError(f"column '{displayable(name)}' already exists: name the new one with --as")
        if name in seen:
            raise UsageError(f"two new columns have the name '{displayable(name)}': name them with --as")
        seen.add(name)


def _check_members(keys: list[str]) -> None:
    """Raise UsageError if a key occurs twice: most JSON readers keep one of two values."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise UsageError(f"the header has '{displayable(key)}' twice: a JSON object cannot have duplicate keys")
        seen.add(key)
