"""Rows: results of values and ranges, as a table or in a format of the user's choice."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from actcli.cli.errors import quote, usage_error
from actcli.cli.options import FORMATS, REPORT_FORMATS, Options
from actcli.cli.terminal_sink import escape_for_terminal
from actcli.cli.x_source import points
from actcli.text import displayable

if TYPE_CHECKING:
    from collections.abc import Callable

    from actcli.cli.task import Task
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.core.evaluation.stochastic import SeededNoise
    from actcli.number_formats import Floats, Format

__all__ = [
    "Rows",
    "format_of_extension",
    "jacobian_rows",
    "reject_unsupported_extension",
    "report_format",
    "result_rows",
    "row_format",
    "rows_of",
    "stem",
    "write_rows",
]

_BLOCK = 8192
_PRECISION = 6
_FOREIGN = {
    *("xlsx", "xls", "ods", "parquet", "feather", "arrow", "orc", "avro", "npy", "npz", "h5", "hdf5", "pkl", "mat"),
    *("pt", "sqlite", "db", "html", "xml", "yaml", "yml", "pdf", "png", "svg", "zip", "bz2", "xz", "zst"),
}
"""Endings of what is nothing that this tool writes."""
_ENDINGS = {"tab": "tsv", "ndjson": "jsonl", "markdown": "md"}


class Rows(NamedTuple):
    """Columns of numbers under their headers.

    results  how many columns at the end are what plain and hex show
    whole    the headers of columns of whole numbers
    exact    the spelling of each result, in which they are x, where exact digits are wanted
    """

    headers: list[str]
    columns: list[Floats]
    results: int
    fmt: Format
    whole: frozenset[str] = frozenset()
    exact: Sequence[Callable[[Floats], list[str]]] = ()

    def texts(self, form: str, options: Options) -> list[_Texts]:
        """The columns' digits in the format `form`."""
        spells = [_spelling(header in self.whole, self.fmt, form, options) for header in self.headers]
        spells[len(spells) - len(self.exact) :] = self.exact
        return [_Texts(column, spell) for column, spell in zip(self.columns, spells, strict=True)]


def result_rows(task: Task, options: Options) -> None:
    """Write x and the results beside it; for a vector activation the places i, x and the outputs."""
    import numpy as np

    form = row_format(options)
    x, fmt = points(options)
    if options.digits is not None:
        # What is spelled from x need not be computed.
        given, results = {"x": x}, dict.fromkeys(task.names(["x"]), x)
    elif task.joint:
        out = task.apply(x[np.newaxis], fmt)[0]
        given = {"i": np.arange(1.0, out.size + 1)} | ({"x": x} if out.size == x.size else {})
        results = {f"{task.bound.label}{task.suffixes[0]}(x)": out}
    else:
        columns = task.apply(x[:, np.newaxis], fmt)
        given = {"x": x}
        results = dict(zip(task.names(["x"]), columns.T, strict=True))
    rows = rows_of(given, results, options, fmt)
    if options.digits is not None:
        rows = rows._replace(columns=[x] * len(rows.columns), exact=task.exact(options.digits))
    write_rows(rows, form, options)


def jacobian_rows(bound: BoundActivation, draws: SeededNoise | None, options: Options) -> None:
    """Write the Jacobian of a vector activation: a row for each output i, a column for each input j."""
    import numpy as np

    from actcli.core.evaluation import vectors

    form = row_format(options)
    x, fmt = points(options)
    row = x[np.newaxis] if draws is None else draws.with_gumbel_noise(x[np.newaxis], fmt)
    out = vectors.jacobians(bound, row, fmt)[0]
    results = {f"{bound.label}_grad[{j}]": column for j, column in enumerate(out.T, start=1)}
    write_rows(rows_of({"i": np.arange(1.0, len(out) + 1)}, results, options, fmt), form, options)


def rows_of(given: dict[str, Floats], results: dict[str, Floats], options: Options, fmt: Format) -> Rows:
    """The columns together, the results under the names of --as if there are any."""
    names = list(options.as_names) or list(results)
    if len(names) != len(results):
        named = "1 name" if len(names) == 1 else f"{len(names)} names"
        new = "1 column is" if len(results) == 1 else f"{len(results)} columns are"
        raise usage_error(f"--as gives {named}, but {new} new: {displayable(', '.join(results))}")
    for i, name in enumerate(names):
        if name in given or name in names[:i]:
            raise usage_error(f"--as {quote(name)}: there is a column of that name already")
    whole = frozenset({"i"} & given.keys())
    return Rows([*given, *names], [*given.values(), *results.values()], len(results), fmt, whole)


def write_rows(rows: Rows, form: str, options: Options) -> None:
    """Write `rows` where and as the options say."""
    from actcli.streams.files import open_sink
    from actcli.streams.table_writers import Column, write_table

    delimiter = ","
    if options.separator is not None:
        from actcli.streams.csv.row_reader import delimiter_byte

        delimiter = delimiter_byte(options.separator).decode()
    with open_sink(options.output) as sink:
        if form == "table":
            sink.write(_table(rows, options))
            return
        first = len(rows.columns) - rows.results
        columns = [
            Column(header, texts, True, i >= first)
            for i, (header, texts) in enumerate(zip(rows.headers, rows.texts(form, options), strict=True))
        ]
        write_table(
            "plain" if form == "hex" else form, columns, escape_for_terminal(sink, options), delimiter=delimiter
        )


class _Texts(Sequence[str]):
    """A column's digits, spelled a block at a time, so that a long one takes no room as text."""

    def __init__(self, column: Floats, spell: Callable[[Floats], list[str]]) -> None:
        self._column = column
        self._spell = spell

    def __len__(self) -> int:
        return self._column.size

    def __getitem__(self, index: Any) -> Any:
        import numpy as np

        texts = self._spell(np.atleast_1d(self._column[index]))
        return texts if isinstance(index, slice) else texts[0]

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _BLOCK):
            yield from self._spell(self._column[start : start + _BLOCK])


def _spelling(whole: bool, fmt: Format, form: str, options: Options) -> Callable[[Floats], list[str]]:
    """How a column's numbers become text in the format `form`."""
    if whole:
        return lambda column: [str(int(place)) for place in column]
    if form == "hex":
        return fmt.hex
    if form in ("md", "table"):
        from actcli.display.numbers import significant

        digits = options.precision or _PRECISION
        return lambda column: [significant(value, digits) for value in column.tolist()]
    return fmt.write_all


def _table(rows: Rows, options: Options) -> bytes:
    from actcli.display.table import TableColumn, table
    from actcli.display.terminal import Terminal

    stream = sys.stdout if options.to_stdout else None
    columns = [
        TableColumn(header, list(texts), True)
        for header, texts in zip(rows.headers, rows.texts("table", options), strict=True)
    ]
    text = table(columns, Terminal.of(stream, color=cast("Any", options.color)))
    return f"{text}\n".encode(getattr(stream, "encoding", None) or "utf-8", "backslashreplace")


def row_format(options: Options) -> str:
    """The format that is meant by -f, the ending of -o, and what stdout is."""
    form = options.format
    if form == "auto" and options.to_stdout:
        return "table" if sys.stdout is not None and sys.stdout.isatty() else "csv"
    if form == "auto":
        form = format_of_extension(options.output or "")
    if options.digits is not None and (form == "hex" or options.precision is not None):
        raise usage_error("--digits spells exact values, and goes with no -f hex and no --precision")
    if options.precision is not None and form not in ("table", "md"):
        raise usage_error(f"--precision goes with the formats table and md: {form} has every digit")
    if options.delimiter is not None and form != "csv":
        raise usage_error(f"-d goes with CSV, not with the format {form}")
    return form


def report_format(options: Options) -> str:
    """The format that is meant, for a command that gives a report: `report`, or that of -f or of the ending of -o."""
    if options.format != "auto" or options.to_stdout:
        return "report" if options.format == "auto" else options.format
    name = options.output or ""
    reject_unsupported_extension(name)
    word = stem(name).lower().rpartition(".")[2]
    return format_of_extension(name) if _ENDINGS.get(word, word) in REPORT_FORMATS else "report"


def reject_unsupported_extension(name: str) -> None:
    """Refuse a file whose ending promises what would not be in it."""
    word = name.lower().rpartition(".")[2]
    if word in _FOREIGN:
        raise usage_error(f"no format here is .{word}: {quote(name)} can be csv, tsv, json, jsonl, md, or what -f says")


def stem(name: str) -> str:
    """A file's name without the ending .gz."""
    return name[: -len(".gz")] if name.lower().endswith(".gz") else name


def format_of_extension(name: str) -> str:
    """The format that a file's ending stands for; csv for all that stand for none."""
    reject_unsupported_extension(name)
    word = stem(name).lower().rpartition(".")[2]
    word = _ENDINGS.get(word, word)
    return word if word in FORMATS and word not in ("auto", "table", "plain") else "csv"
