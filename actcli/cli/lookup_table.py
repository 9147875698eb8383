"""Lookup tables: rows with integer codes in fixed point, C arrays, and the error of reading them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.cli.console import print_error
from actcli.cli.errors import usage_error
from actcli.cli.options import FORMATS, Options
from actcli.cli.output_format import ROWS, resolve_format
from actcli.cli.page import write_page
from actcli.cli.result_rows import make_rows, write_rows
from actcli.cli.titles import heading
from actcli.cli.x_source import range_ends, x_points
from actcli.core.analysis.lookup_error import interpolation_error, nearest_error, saturated_entries, table_entries
from actcli.number_formats import find_format
from actcli.number_text import read_number
from actcli.text import escape

if TYPE_CHECKING:
    from actcli.cli.computation import Computation
    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Floats, Format

__all__ = ["write_lookup_tables"]

C_LINE_CHARS = 78

MIN_INT32 = -(1 << 31)


@dataclass(frozen=True)
class _LookupTable:
    """The entries of one function or derivative."""

    name: str
    quantity: Quantity
    x: Floats
    values: Floats
    fmt: Format

    def codes(self) -> list[int]:
        """Return the entries as integers: in fixed point the signed or unsigned code, else the bit pattern."""
        codes: list[int] = self.fmt.bits(self.values).astype("uint64").tolist()
        if self.fmt.is_fixed and self.fmt.lowest < 0:
            return [code - (code >> (self.fmt.width - 1) << self.fmt.width) for code in codes]
        return codes


def write_lookup_tables(computation: Computation, verbose: bool, options: Options) -> None:
    """Write the results at the points of the options, one table for each.

    verbose  also write the errors of lookup and interpolation to stderr
    """
    fmt = find_format(options.dtype)
    form = resolve_format(options, (*FORMATS, "c"), ROWS)
    # Fixed point rounds the results only.
    x, _ = x_points(options._replace(dtype="float64") if fmt.is_fixed else options)
    tables = [
        _LookupTable(result.header, result.quantity, x, table_entries(result.quantity, x, fmt), fmt)
        for result in computation.results
    ]
    if form == "c":
        if options.as_names and len(options.as_names) != len(tables):
            raise usage_error(f"--as names the C arrays: it gives {len(options.as_names)}, but there are {len(tables)}")
        write_page(_c_file(tables, options), options)
    else:
        _write_rows(tables, form, options)
    for table in tables:
        if fmt.is_fixed and (note := _saturation_note(table)):
            print_error(note)
    if verbose and form != "c":
        for table in tables:
            print_error(f"{table.name} in {fmt}: {', '.join(_error_notes(table, options))}")


def _write_rows(tables: Sequence[_LookupTable], form: str, options: Options) -> None:
    columns: dict[str, Floats] = {}
    headings: dict[str, str] = {}
    code_columns = []
    for table in tables:
        columns[f"{table.name}(x)"] = table.values
        for name in (table.name, f"{table.name}_code"):
            headings[f"{name}(x)"] = heading(name, table.quantity.bound)
        # In hexadecimal the codes would be the same digits again.
        if table.fmt.is_fixed and form != "hex":
            code_columns.append(len(columns) + 1)
            columns[f"{table.name}_code(x)"] = np.array(table.codes(), dtype=np.float64)
    rows = make_rows({"x": tables[0].x}, columns, options, options.number_format)
    integers = frozenset(rows.headers[i] for i in code_columns)
    write_rows(rows._replace(integer_headers=integers, headings=headings), form, options)


def _saturation_note(table: _LookupTable) -> str:
    """Return a line with the number of entries beyond the range of the fixed-point format; "" without such entries."""
    fmt = table.fmt
    count = int(saturated_entries(table.quantity, table.x, table.values, fmt).sum())
    if not count:
        return ""
    verb = "saturates" if count == 1 else "saturate"
    ends = f"{fmt.lowest!r} to {fmt.largest!r}"
    return f"{table.name}: {count} of {table.x.size} entries {verb}: values of {fmt} are {ends}"


def _error_notes(table: _LookupTable, options: Options) -> list[str]:
    """Return the largest errors of lookup and interpolation in words; they require entries in the order of x."""
    steps = np.diff(table.x)
    if not np.isfinite(table.x).all() or not ((steps > 0).all() or (steps < 0).all()):
        return ["no errors of lookup and interpolation: the entries are not in the order of x"]
    nearest = nearest_error(table.quantity, table.x, table.values, _range_end(table, options))
    linear = interpolation_error(table.quantity, table.x, table.values)
    methods = [(nearest, "by the nearest entry"), (linear, "by linear interpolation between entries")]
    notes = [f"{error.max_abs:.4g} at x = {error.at:.6g} {method}" for error, method in methods if error is not None]
    return [f"largest error {notes[0]}", *notes[1:]]


def _range_end(table: _LookupTable, options: Options) -> float:
    """Return the end of the range, which with --half-open lies beyond the last entry."""
    if options.range is None or not options.half_open:
        return float(table.x[-1])
    return read_number(range_ends(options)[1])


# --- C ------------------------------------------------------------------------------------------------------


def _c_file(tables: Sequence[_LookupTable], options: Options) -> str:
    """Return the tables as C source: includes and one array for each."""
    fmt = tables[0].fmt
    includes = [] if fmt.name in ("float32", "float64") else ["#include <stdint.h>"]
    if not includes and not all(np.isfinite(table.values).all() for table in tables):
        includes = ["#include <math.h>"]
    names = options.as_names or ("",) * len(tables)
    arrays = [_c_array(table, name, options) for table, name in zip(tables, names, strict=True)]
    return "\n\n".join([*includes, *arrays])


def _c_array(table: _LookupTable, name: str, options: Options) -> str:
    if options.range is not None:
        where = f"x over {options.range}{', half-open' if options.half_open else ''}"
    else:
        where = "x as given" if options.values else f"every {table.fmt} by bit pattern"
    size = "1 entry" if len(table.x) == 1 else f"{len(table.x)} entries"
    lines = [f"{table.name}(x), {where}, {size} in {table.fmt}{_unit_note(table.fmt)};"]
    lines += ",\n".join(_error_notes(table, options)).split("\n")
    # The text of a formula must not end the comment.
    comment = "\n   ".join(escape(line, unicode=False) for line in lines).replace("*/", "* /")
    name = re.sub(r"[^A-Za-z0-9]+", "_", name or f"{table.name}_{str(table.fmt).replace('-', 'm')}").strip("_")
    name = name if name[:1].isalpha() else f"f_{name}"
    head = f"static const {_c_type(table.fmt)} {name}[{len(table.x)}] = {{"
    return "\n".join([f"/* {comment} */", head, *_wrapped(_literals(table)), "};"])


def _unit_note(fmt: Format) -> str:
    if fmt.is_fixed:
        operator = "/" if fmt.least_exponent <= 0 else "*"
        return f": value = code {operator} 2^{abs(fmt.least_exponent)}"
    return "" if fmt.name in ("float32", "float64") else ", as bit patterns"


def _c_type(fmt: Format) -> str:
    if fmt.name in ("float32", "float64"):
        return {"float32": "float", "float64": "double"}[fmt.name]
    width = next(width for width in (8, 16, 32, 64) if fmt.width <= width)
    return f"{'' if fmt.is_fixed and fmt.lowest < 0 else 'u'}int{width}_t"


def _literals(table: _LookupTable) -> list[str]:
    fmt = table.fmt
    if fmt.name in ("float32", "float64"):
        suffix = "f" if fmt.name == "float32" else ""
        special = {"nan": "NAN", "inf": "INFINITY", "-inf": "-INFINITY"}
        return [special.get(text) or text + suffix for text in fmt.write_all(table.values)]
    if not fmt.is_fixed:
        return [f"0x{text}" for text in fmt.hex(table.values)]
    # C reads -2147483648 as the negation of 2147483648, which is not an int.
    return [
        "(-2147483647 - 1)" if code == MIN_INT32 else f"{code}LL" if abs(code) > -MIN_INT32 - 1 else str(code)
        for code in table.codes()
    ]


def _wrapped(words: Sequence[str]) -> list[str]:
    """Return lines of the words, a comma after each, right-aligned in as many columns as fit."""
    width = max(map(len, words)) + 1
    count = max(1, (C_LINE_CHARS - 4) // (width + 1))
    cells = [f"{word},".rjust(width) for word in words]
    return ["    " + " ".join(cells[i : i + count]) for i in range(0, len(cells), count)]
