"""One cell: its bytes and its text."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.streams.csv.cells import cell_bytes, cell_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", b""),
        (b"plain", b"plain"),
        (b'""', b""),
        (b'"a,b"', b"a,b"),
        (b'"say ""no"""', b'say "no"'),
        (b'"a\nb"', b"a\nb"),
        (b'"a"b', b"ab"),
        (b'"a"b"c', b'ab"c'),
        (b'a"b"', b'a"b"'),
        (b' "a"', b' "a"'),
        (b'"\xff"', b"\xff"),
    ],
)
def test_cell_text(raw: bytes, text: bytes) -> None:
    """Quotes around a cell are removed; quotes elsewhere are characters."""
    assert text == cell_text(raw)


@given(st.text(), st.sampled_from([",", ";", "\t", "|", ".", "e"]))
def test_csv_module_reads_back_cell_bytes(text: str, delimiter: str) -> None:
    """A cell is quoted exactly when Python's csv module would quote it, and reads back the same."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerow([text, "x"])
    assert written.getvalue() == f"{cell_bytes(text, delimiter)}{delimiter}x\r\n"
