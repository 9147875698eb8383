"""Columns of text -> rows in csv, tsv, json, jsonl, md or plain, one writer per format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from actcli.streams.csv.cells import appears_in_numbers, cell_bytes
from actcli.text import escape

if TYPE_CHECKING:
    from actcli.streams.files import Writable

__all__ = ["FORMATS", "Column", "write_table"]

_BLOCK_ROWS = 8192


class Column(NamedTuple):
    """A column of output.

    header  its name
    text    its cells, as many as in every other column
    number  whether the cells are numbers (`1e-05`, `nan`; "" if missing) rather than words
    result  whether `plain` includes it
    parts   the words of each cell, joined in `text` and an array in JSON; None if each cell is one word
    """

    header: str
    text: Sequence[str]
    number: bool = True
    result: bool = False
    parts: Sequence[Sequence[str]] | None = None


def write_table(format: str, columns: Sequence[Column], sink: Writable, *, delimiter: str = ",") -> None:
    """Write `columns` to `sink` as `format`, one of FORMATS; csv with `delimiter`.

    A few thousand rows are written at a time. Raises ValueError for columns of several lengths, no columns, or (plain)
    no result column, KeyError for an unknown format, and whatever `sink.write` raises.
    """
    if not columns or len({len(column.text) for column in columns}) != 1:
        raise ValueError("rows require columns of one length")
    lines = _WRITERS[format](columns, delimiter)
    while block := "".join(islice(lines, _BLOCK_ROWS)):
        sink.write(block.encode("utf-8", "surrogateescape"))


def _csv(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    cells = [
        column.text
        if column.number and not appears_in_numbers(delimiter)
        else [cell_bytes(text, delimiter) for text in column.text]
        for column in columns
    ]
    header = [cell_bytes(column.header, delimiter) for column in columns]
    for row in chain([header], zip(*cells, strict=True)):
        # A row of one empty cell would be a blank line, which readers ignore.
        yield (delimiter.join(row) or '""') + "\n"


def _tsv(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    return _csv(columns, "\t")


def _json(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    before = "[\n"
    for line in _jsonl(columns, delimiter):
        yield before + line.rstrip("\n")
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _jsonl(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    from actcli.streams.json_text import json_array, json_number, json_string

    def spelling(column: Column) -> Callable[[Any], str]:
        return json_array if column.parts is not None else json_number if column.number else json_string

    members = [(json_string(column.header) + ": ", spelling(column)) for column in columns]
    texts = [column.text if column.parts is None else column.parts for column in columns]
    for row in zip(*texts, strict=True):
        cells = [key + value(text) for (key, value), text in zip(members, row, strict=True)]
        yield "{" + ", ".join(cells) + "}\n"


def _md(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    cells = [[_md_cell(text) for text in (column.header, *column.text)] for column in columns]
    widths = [max(3, *map(len, column)) for column in cells]
    rules = [
        "-" * (width - 1) + ":" if column.number else "-" * width for column, width in zip(columns, widths, strict=True)
    ]
    pads = [str.rjust if column.number else str.ljust for column in columns]
    for i, row in enumerate(zip(*cells, strict=True)):
        padded = [pad(text, width) for pad, text, width in zip(pads, row, widths, strict=True)]
        yield "| " + " | ".join(padded) + " |\n"
        if i == 0:
            yield "| " + " | ".join(rules) + " |\n"


def _md_cell(text: str) -> str:
    return escape(text).replace("|", "\\|")


def _plain(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    results = [column.text for column in columns if column.result]
    if not results:
        raise ValueError("plain requires a result column")
    for row in zip(*results, strict=True):
        yield " ".join(row) + "\n"


_WRITERS: dict[str, Callable[[Sequence[Column], str], Iterator[str]]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "jsonl": _jsonl,
    "md": _md,
    "plain": _plain,
}

FORMATS = tuple(_WRITERS)
"""The names of the formats."""
