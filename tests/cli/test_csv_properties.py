"""Property test of the CSV filter: for every table and option, new cells equal Python's evaluate()."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import actcli
from actcli.cli import csv_filter
from actcli.number_formats import FLOATS
from actcli.number_text import is_number
from actcli.streams import files
from tests.streams.csv.test_filter_properties import cells, endings, numbers
from tests.support.filtering import OracleRow, oracle, try_every_row
from tests.support.processes import run
from tests.support.tiers import examples

ELEMENTWISE = ["relu", "silu", "gelu", "softplus:beta=2", "hardtanh", "x * sigmoid(1.702 * x)", "where(x > 0, x, 2)"]
VECTORS = ["softmax", "log_softmax", "hardmax", "glu"]
BAD = st.sampled_from([b"x", b"NA", b"1_0", b'"1,5"', b"0x", b"\xff", b"1\x00"])


class Case(NamedTuple):
    """A table and its options; `chosen` are 0-based columns, `reads` the bytes of a read."""

    data: bytes
    spec: str
    dtype: str
    chosen: list[int]
    replace: bool
    on_error: str
    format: str
    way: str
    reads: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw tables whose chosen columns contain numbers, missing values and non-numeric cells."""
    width = draw(st.integers(1, 4))
    chosen = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=width, unique=True))
    spec = draw(st.sampled_from(ELEMENTWISE + VECTORS[: 4 - len(chosen) % 2]))
    content = st.one_of(numbers, numbers, st.sampled_from([b"", b'""', b" "]), *([BAD] if draw(st.booleans()) else []))
    rows = draw(st.lists(st.tuples(*[content if i in chosen else cells for i in range(width)]), max_size=8))
    names = [b'"a ""name"""', b"b", b" c ", b'"d,"'][:width]
    data = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + b"".join(
        b",".join(row) + draw(endings) for row in [tuple(names), *rows]
    )
    return Case(
        data.rstrip(b"\r\n") if draw(st.booleans()) else data,
        spec,
        draw(st.sampled_from(["float64", "float64", "float32", "float16", "bfloat16"])),
        chosen,
        draw(st.booleans()) and spec != "glu",
        draw(st.sampled_from(["fail", "nan", "skip"])),
        draw(st.sampled_from(["csv", "csv", "plain", "json", "jsonl"])),
        draw(st.sampled_from(["row kernel", "fast kernel", "fast kernel", "two processes"])),
        draw(st.sampled_from([1, 2, 3, 7, 50, 1 << 19])),
    )


def digits(value: float, dtype: str) -> str:
    """Return the shortest digits that round-trip."""
    return repr(float(str(np.float32(value))) if dtype == "float32" else float(value))


def results(case: Case, rows: list[list[str]]) -> list[list[str] | None]:
    """Return the digits of each row's outputs, "" for a missing value, None for a row with a non-numeric cell."""
    bad = [[bool(text) and not is_number(text) for text in row] for row in rows]
    read = FLOATS[case.dtype].read
    x = [[read(text) if is_number(text) else np.nan for text in row] for row in rows]
    if not rows:
        return []
    joint = case.spec in VECTORS
    values = np.asarray(actcli.evaluate(case.spec, np.array(x), dtype=case.dtype), np.float64)
    found: list[list[str] | None] = []
    for row, spoiled, outputs in zip(rows, bad, values.tolist(), strict=True):
        if any(spoiled) and case.on_error != "nan":
            found.append(None)
            continue
        texts = [digits(value, case.dtype) for value in outputs]
        for i in range(len(texts)):
            mine, wrong = (row, spoiled) if joint else (row[i : i + 1], spoiled[i : i + 1])
            if any(wrong):
                texts[i] = "nan"
            elif "" in mine:
                texts[i] = ""
            if case.replace and not row[i]:
                texts[i] = ""
        found.append(texts)
    return found


def expected(case: Case) -> tuple[int, list[Any]]:
    """Return the exit status and the output row by row: bytes, or for json and jsonl the members of an object."""
    bom = b"\xef\xbb\xbf" if case.data.startswith(b"\xef\xbb\xbf") else b""
    rows, fault = oracle(case.data.removeprefix(bom), b",")
    assert fault is None
    filled = [row for row in rows if row.body]
    chosen = [[filled[i].texts[c].decode("latin-1").strip(" \t") for c in case.chosen] for i in range(1, len(filled))]
    new = iter(results(case, chosen))
    names = [f"new {i}" for i in range(outputs(case))]
    out: list[Any] = [bom] if case.format == "csv" else []
    for row in rows:
        if not row.body:
            out += [row.ending] if case.format == "csv" else []
        elif row is filled[0]:
            out += [head(case, row, names)] if case.format == "csv" else []
        elif (texts := next(new)) is not None:
            out.append(rendered(case, filled[0], row, texts, names))
        elif case.on_error == "fail":
            return 1, out
    return 0, out


def outputs(case: Case) -> int:
    return len(case.chosen) // (2 if case.spec == "glu" else 1)


def head(case: Case, row: OracleRow, names: list[str]) -> bytes:
    return row.body + ("" if case.replace else "," + ",".join(names)).encode() + row.ending


def rendered(case: Case, header: OracleRow, row: OracleRow, texts: list[str], names: list[str]) -> Any:
    """Return a row and its results in the format of the case."""
    if case.format == "plain":
        return " ".join(text or "nan" for text in texts).encode() + b"\n"
    if case.format == "csv":
        parts = list(row.cells)
        for column, text in zip(case.chosen, texts, strict=False):
            if case.replace and row.texts[column].strip(b" \t"):
                parts[column] = text.encode()
        added = [] if case.replace else [text.encode() for text in texts]
        return b",".join(parts + added) + row.ending
    keys = [text.decode() for text in header.texts]
    members: dict[str, Any] = {
        key: json_value(text.decode("utf-8", "replace")) for key, text in zip(keys, row.texts, strict=True)
    }
    places = [keys[column] for column in case.chosen] if case.replace else names
    return members | {name: json_value(text) if text else None for name, text in zip(places, texts, strict=True)}


class Digits:
    """A number in JSON, known by its digits."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digits) and self.text == other.text

    __hash__ = None  # type: ignore[assignment]


def parse_json(text: str) -> Any:
    """Parse JSON; a number becomes its digits."""
    return json.loads(text, parse_float=Digits, parse_int=Digits, parse_constant=lambda word: word)


def json_value(text: str) -> Digits | str:
    """Return the number that is exactly this text; the text if it is none."""
    try:
        value = parse_json(text)
    except ValueError:
        return text
    return value if isinstance(value, Digits) and value.text == text else text


@settings(max_examples=examples(250), suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_filter_preserves_cells_and_matches_evaluate(case: Case) -> None:
    """Every cell passes through unchanged and new cells equal evaluate(), on every path of the filter."""
    text = case.data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    read = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    rows, _ = oracle(case.data.removeprefix(b"\xef\xbb\xbf"), b",")
    assert read == [[cell.decode("latin-1") for cell in row.texts] for row in rows if row.body]

    columns = [f"-c{column + 1}" for column in case.chosen]
    names = [] if case.replace else [f"--as=new {i}" for i in range(outputs(case))]
    args = [case.spec, *columns, *names, "--dtype", case.dtype, "--on-error", case.on_error, "-f", case.format]
    event(case.way)
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "in.csv"
        path.write_bytes(case.data)
        patch.setattr(files, "BLOCK", case.reads)
        if case.way != "row kernel":
            try_every_row(patch)
        if case.way == "two processes":
            patch.setattr(csv_filter, "MIN_BYTES_FOR_WORKER", 0)
        got = run("eval", *args, *(["--replace"] if case.replace else []), "-i", str(path))
    code, out = expected(case)
    assert code == got.code, got.err
    if case.format == "jsonl":
        assert out == [parse_json(line) for line in got.out.split("\n")[:-1]]
    elif case.format == "json":
        # A run that fails leaves the array open.
        assert out == parse_json((got.out or "[") + "]" * bool(code))
    else:
        assert b"".join(out) == got.out.encode("utf-8", "surrogateescape")
