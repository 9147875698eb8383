"""Files that are neither UTF-8 text nor compressed, recognised by their first bytes, with a way to convert them."""

from __future__ import annotations

import re

from actcli.streams.compression import COMPRESSIONS, find_compression

__all__ = ["is_start_of_mark", "unsupported_type"]

_ZIP = b"PK\x03\x04"
_ZIP_BYTES = 100
"""Enough of a ZIP archive for the name of its first file."""
_UTF_32 = "UTF-32 text: convert it (iconv -f utf-32 -t utf-8 FILE | ...)"
_UTF_16 = "UTF-16 text: convert it (iconv -f utf-16 -t utf-8 FILE | ...)"
_FROM_PYTHON = "write its numbers as CSV from Python"
_SPREADSHEET = "save it as CSV, or convert it (libreoffice --headless --convert-to csv FILE)"

_MARKS = {
    b"\xff\xfe\0\0": _UTF_32,
    b"\0\0\xfe\xff": _UTF_32,
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
    b"\x93NUMPY": (
        "a NumPy array: convert it "
        "(python3 -c \"import numpy; numpy.savetxt('x.csv', numpy.load('FILE'), delimiter=',')\")"
    ),
    b"PAR1\x15": "a Parquet file: convert it (duckdb -csv -c \"from 'FILE'\" | ...)",
    b"ARROW1\0\0": f"a Feather or Arrow file: {_FROM_PYTHON} (pandas.read_feather)",
    b"FEA1\0": f"a Feather file: {_FROM_PYTHON} (pandas.read_feather)",
    b"\xff\xff\xff\xff": f"an Arrow stream: {_FROM_PYTHON} (pyarrow.ipc.open_stream)",
    b"\x89HDF\r\n\x1a\n": f"an HDF5 file: {_FROM_PYTHON} (h5py)",
    **{b"\x80%c" % i: f"a pickle or a PyTorch file, which may run code: {_FROM_PYTHON}" for i in range(2, 6)},
    **{b"GGUF%c\0\0\0" % i: f"a GGUF model: {_FROM_PYTHON} (gguf)" for i in range(1, 8)},
    b"MATLAB 5.0 MAT-file": f"a MATLAB file: {_FROM_PYTHON} (scipy.io.loadmat)",
    b"MATLAB 7.3 MAT-file": f"a MATLAB file, of HDF5: {_FROM_PYTHON} (h5py)",
    b"$FL2": f"an SPSS file: {_FROM_PYTHON} (pandas.read_spss)",
    b"$FL3": f"an SPSS file: {_FROM_PYTHON} (pandas.read_spss)",
    b"<stata_dta>": f"a Stata file: {_FROM_PYTHON} (pandas.read_stata)",
    bytes(12) + b"\xc2\xea\x81\x60": f"a SAS file: {_FROM_PYTHON} (pandas.read_sas)",
    b"RDX2\n": "an R data file: write it as CSV from R (write.csv)",
    b"RDX3\n": "an R data file: write it as CSV from R (write.csv)",
    b"Obj\x01": f"an Avro file: {_FROM_PYTHON} (fastavro)",
    b"SQLite format 3\0": "an SQLite database: export a table (sqlite3 -csv -header FILE 'select * from TABLE' | ...)",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": f"an Excel workbook (xls): {_SPREADSHEET}",
    b"%PDF-": "a PDF document: save its table as CSV",
    **dict.fromkeys((b"<!DOCTYPE html", b"<!doctype html", b"<html"), "a web page (HTML): save its table as CSV"),
    b"<?xml ": "an XML document: write its numbers as CSV",
    b"PK\x05\x06": "an empty ZIP archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive: extract it (7z x -so FILE | ...)",
    b"Rar!\x1a\x07": "a RAR archive: extract it (unrar p -inul FILE | ...)",
    b"\x04\x22\x4d\x18": "compressed with lz4: decompress it (lz4 -dc FILE | ...)",
    b"\x1f\x9d": "compressed with compress: decompress it (gzip -dc FILE | ...)",
    b"LZIP\x01": "compressed with lzip: decompress it (lzip -dc FILE | ...)",
    b"\xff\x06\0\0sNaPpY": "compressed with snappy: decompress it first",
    b"version https://git-lfs.github.com/spec/": "a Git LFS pointer: fetch the file itself (git lfs pull)",
}
"""What files of a type begin with, and what they are; longer ones before those that begin them."""

_PATTERNS = {
    rb'[\s\S]{4}\0{4}\{\s*"': f"a safetensors file: {_FROM_PYTHON} (safetensors.numpy.load_file)",
    rb"[\s\S]{257}ustar": "a tar archive: extract it (tar -xOf FILE | ...)",
    rb"X\n\0\0\0[\2\3]": "an R data file: write it as CSV from R (write.csv)",
    rb"ORC[\s\S]{0,60}\0": f"an ORC file: {_FROM_PYTHON} (pyarrow.orc)",
}
"""Patterns of other starts, for which no read waits: text may begin in the same way."""

_FIRST_FILES = {
    rb"\[Content_Types\]\.xml|_rels/|docProps/|xl/": f"an Excel workbook (xlsx): {_SPREADSHEET}",
    rb"mimetype": f"an OpenDocument file: {_SPREADSHEET}",
    rb".*\.npy$": f"a NumPy archive (npz): {_FROM_PYTHON} (numpy.load)",
    rb".*/data\.pkl$|.*/\.format_version$": f"a PyTorch file, which may run code: {_FROM_PYTHON}",
}
"""What a ZIP archive is by the name of its first file."""

_FROM_START = (*_MARKS, _ZIP, *(mark for compression in COMPRESSIONS for mark in compression.marks))


def is_start_of_mark(start: bytes) -> bool:
    """Return whether more bytes decide what data that begins with `start` are."""
    if start.startswith(_ZIP):
        return len(start) < _ZIP_BYTES
    return any(len(start) < len(mark) and mark.startswith(start) for mark in _FROM_START)


def unsupported_type(start: bytes) -> str | None:
    """Return what data that begins with `start` are, and how to convert them; None for anything that may be text."""
    for mark, found in _MARKS.items():
        if start.startswith(mark):
            return found
    if start.startswith(_ZIP):
        name = start[30 : 30 + int.from_bytes(start[26:28], "little")]
        found = next((kind for pattern, kind in _FIRST_FILES.items() if re.match(pattern, name)), "")
        return found or "a ZIP archive: extract it (unzip -p FILE | ...)"
    for pattern, found in _PATTERNS.items():
        if re.match(pattern, start):
            return found
    if compression := find_compression(start):
        return f"compressed twice: decompress it once ({compression.command})"
    return None
