"""Tables of entries: rows with integer codes in fixed point, C arrays, and how exact reading them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actcli.cli.errors import usage_error
from actcli.cli.options import Options
from actcli.cli.task import Task

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Floats, Format

__all__ = ["write_lookup"]

_LINE = 78


@dataclass(frozen=True)
class _Entries:
    """One table: of what, where, and its entries."""

    name: str
    quantity: Quantity
    x: Floats
    values: Floats
    fmt: Format

    def codes(self) -> list[int]:
        """The entries as integers: in fixed point what a signed or unsigned word holds, else the bit patterns."""
        codes: list[int] = self.fmt.bits(self.values).astype("uint64").tolist()
        if self.fmt.is_fixed and self.fmt.lowest < 0:
            return [code - (code >> (self.fmt.width - 1) << self.fmt.width) for code in codes]
        return codes


def write_lookup(tasks: Sequence[Task], verbose: bool, options: Options) -> None:
    """Write the values of the tasks at the points of the options."""
    from actcli.cli.result_rows import row_format
    from actcli.cli.x_source import points
    from actcli.core.analysis.lookup_error import table_entries
    from actcli.number_formats import find_format

    fmt = find_format(options.dtype)
    form = "c" if _is_c(options) else row_format(options)
    # Fixed point rounds the results only.
    x, _ = points(options._replace(dtype="float64") if fmt.is_fixed else options)
    tables = [
        _Entries(task.bound.label + suffix, quantity, x, table_entries(quantity, x, fmt), fmt)
        for task in tasks
        for suffix, quantity in zip(task.suffixes, task.quantities, strict=True)
    ]
    if form == "c":
        from actcli.cli.plot import send

        _check_c(len(tables), options)
        send(_c_file(tables, options), options._replace(color="never"))
        return
    _write_rows(tables, form, options)
    if verbose:
        import click

        for table in tables:
            click.echo(f"actcli: {table.name} in {fmt}: {', '.join(_faults(table, options))}", err=True)


def _is_c(options: Options) -> bool:
    from actcli.cli.result_rows import stem

    named = not options.to_stdout and stem(options.output or "").lower().endswith((".c", ".h"))
    return options.format == "c" or (options.format == "auto" and named)


def _write_rows(tables: Sequence[_Entries], form: str, options: Options) -> None:
    import numpy as np

    from actcli.cli.result_rows import rows_of, write_rows

    columns: dict[str, Floats] = {}
    whole = []
    for table in tables:
        columns[f"{table.name}(x)"] = table.values
        # In hexadecimal the code is all there is.
        if table.fmt.is_fixed and form != "hex":
            whole.append(len(columns) + 1)
            columns[f"{table.name}_code(x)"] = np.array(table.codes(), dtype=np.float64)
    rows = rows_of({"x": tables[0].x}, columns, options, tables[0].fmt)
    write_rows(rows._replace(whole=frozenset(rows.headers[i] for i in whole)), form, options)


def _faults(table: _Entries, options: Options) -> list[str]:
    """The largest errors of reading the table, in words; nothing can be said of entries in no order."""
    import numpy as np

    from actcli.core.analysis.lookup_error import interpolation_error, nearest_error

    steps = np.diff(table.x)
    if not np.isfinite(table.x).all() or not ((steps > 0).all() or (steps < 0).all()):
        return ["the entries stand in no order of x, so there is nothing between them"]
    nearest = nearest_error(table.quantity, table.x, table.values, _stop(table, options))
    linear = interpolation_error(table.quantity, table.x, table.values)
    ways = [(nearest, "by the nearest entry"), (linear, "by linear interpolation between entries")]
    said = [f"{fault.max_abs:.4g} at x = {fault.at:.6g} {way}" for fault, way in ways if fault is not None]
    return [f"largest error {said[0]}", *said[1:]]


def _stop(table: _Entries, options: Options) -> float:
    """Where the range ends: half-open, that is beyond the last entry."""
    last = float(table.x[-1])
    if options.range is None or not options.half_open:
        return last
    from actcli.number_formats import read_number
    from actcli.streams.ranges import parse_range

    return read_number(parse_range(options.range)[1])


# --- C ------------------------------------------------------------------------------------------------------


def _check_c(count: int, options: Options) -> None:
    if options.precision is not None or options.delimiter is not None:
        raise usage_error("--precision and -d do not go with -f c, which has every digit")
    if options.as_names and len(options.as_names) != count:
        raise usage_error(f"--as names the C arrays: it gives {len(options.as_names)}, but there are {count}")


def _c_file(tables: Sequence[_Entries], options: Options) -> str:
    import numpy as np

    fmt = tables[0].fmt
    heads = [] if fmt.name in ("float32", "float64") else ["#include <stdint.h>"]
    if not heads and not all(np.isfinite(table.values).all() for table in tables):
        heads = ["#include <math.h>"]
    names = options.as_names or ("",) * len(tables)
    arrays = [_c_array(table, name, options) for table, name in zip(tables, names, strict=True)]
    return "\n\n".join([*heads, *arrays])


def _c_array(table: _Entries, name: str, options: Options) -> str:
    from actcli.text import escape

    if options.range is not None:
        where = f"x over {options.range}{', half-open' if options.half_open else ''}"
    else:
        where = "x as given" if options.values else f"x every {table.fmt} in the order of its bits"
    lines = [f"{table.name}(x), {where}, {len(table.x)} entries in {table.fmt}{_meaning(table.fmt)};"]
    lines += ",\n".join(_faults(table, options)).split("\n")
    # Nothing that a SPEC says may end the comment.
    comment = "\n   ".join(escape(line, unicode=False) for line in lines).replace("*/", "* /")
    name = re.sub(r"[^A-Za-z0-9]+", "_", name or f"{table.name}_{table.fmt}").strip("_")
    name = name if name[:1].isalpha() else f"f_{name}"
    head = f"static const {_c_type(table.fmt)} {name}[{len(table.x)}] = {{"
    return "\n".join([f"/* {comment} */", head, *_packed(_literals(table)), "};"])


def _meaning(fmt: Format) -> str:
    if fmt.is_fixed:
        return f": value = code / 2^{-fmt.least_exponent}"
    return "" if fmt.name in ("float32", "float64") else ", as bit patterns"


def _c_type(fmt: Format) -> str:
    if fmt.name in ("float32", "float64"):
        return {"float32": "float", "float64": "double"}[fmt.name]
    width = next(width for width in (8, 16, 32, 64) if fmt.width <= width)
    return f"{'' if fmt.is_fixed and fmt.lowest < 0 else 'u'}int{width}_t"


def _literals(table: _Entries) -> list[str]:
    fmt = table.fmt
    if fmt.name in ("float32", "float64"):
        suffix = "f" if fmt.name == "float32" else ""
        special = {"nan": "NAN", "inf": "INFINITY", "-inf": "-INFINITY"}
        return [special.get(text) or text + suffix for text in fmt.write_all(table.values)]
    if not fmt.is_fixed:
        return [f"0x{text}" for text in fmt.hex(table.values)]
    # C reads -2147483648 as the negative of a number that is no int.
    lowest = -(1 << 31)
    return [
        "(-2147483647 - 1)" if code == lowest else f"{code}LL" if abs(code) > -lowest - 1 else str(code)
        for code in table.codes()
    ]


def _packed(words: Sequence[str]) -> list[str]:
    """The words, a comma after each, right-aligned in as many columns as a line holds."""
    width = max(map(len, words)) + 1
    count = max(1, (_LINE - 4) // (width + 1))
    cells = [f"{word},".rjust(width) for word in words]
    return ["    " + " ".join(cells[i : i + count]) for i in range(0, len(cells), count)]
