"""Files that are no text are named by their first bytes."""

from __future__ import annotations

import io
import lzma
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from actcli.errors import DataError
from actcli.streams.file_types import is_start_of_mark, unsupported_type
from tests.support.files import contents

named = pytest.mark.parametrize


def zipped(*names: str) -> bytes:
    """Return a ZIP archive of small files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"1\n" * 100)
    return file.getvalue()


def numpy_file(save: Callable[[io.BytesIO, np.ndarray], None]) -> bytes:
    """Return a file as NumPy writes it."""
    file = io.BytesIO()
    save(file, np.arange(3.0))
    return file.getvalue()


def tarred() -> bytes:
    """Return a tar archive."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"), io.BytesIO())
    return file.getvalue()


FILES = {
    "NumPy array": numpy_file(np.save),
    "NumPy archive": numpy_file(np.savez),
    "NumPy archive, compressed": numpy_file(np.savez_compressed),
    "Excel workbook (xlsx)": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "Excel workbook (xlsx), of openpyxl": zipped("docProps/app.xml", "xl/workbook.xml"),
    "OpenDocument": zipped("mimetype", "content.xml"),
    "PyTorch": zipped("model/data.pkl", "model/version"),
    "ZIP archive": zipped("data.csv"),
    "empty ZIP": zipped(),
    "tar archive": tarred(),
    "Parquet": b"PAR1\x15\x04\x15\x10" + bytes(100) + b"PAR1",
    "Feather": b"ARROW1\0\0" + bytes(100),
    "Arrow stream": b"\xff\xff\xff\xff\x78\0\0\0" + bytes(100),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    **{f"pickle, {n}": pickle.dumps([1.0] * 100, protocol=n) for n in range(2, pickle.HIGHEST_PROTOCOL + 1)},
    "GGUF": b"GGUF\x03\0\0\0" + bytes(100),
    "safetensors": b"\x48\0\0\0\0\0\0\0"
    + b'{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(72)
    + bytes(4),
    "MATLAB": b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(128),
    "MATLAB file, of HDF5": b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512) + b"\x89HDF\r\n\x1a\n",
    "SPSS": b"$FL2@(#) SPSS DATA FILE",
    "Stata": b"<stata_dta><header><release>118</release>",
    "SAS": bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf" + bytes(300),
    "R data": b"RDX3\nX\n\0\0\0\3",
    "R data, of one value": b"X\n\0\0\0\3\0\4\2\1",
    "ORC": b"ORC\x1d\0\0\n\x0c\n\4\x08\2P\0",
    "HTML": b"<!DOCTYPE html>\n<html lang='en'>\n",
    "XML": b'<?xml version="1.0" encoding="UTF-8"?>\n',
    "Avro": b"Obj\x01\x04\x14avro.codec",
    "SQLite": b"SQLite format 3\0" + bytes(100),
    "Excel workbook (xls)": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "PDF": b"%PDF-1.7\n1 0 obj\n",
    "7-Zip": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(30),
    "RAR": b"Rar!\x1a\x07\x01\0",
    "lz4": b"\x04\x22\x4d\x18\x64\x40\xa7",
    "compress": b"\x1f\x9d\x90\x7a",
    "lzip": b"LZIP\x01\x0c",
    "snappy": b"\xff\x06\0\0sNaPpY\x01",
    "Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    "UTF-32": "z\n1\n".encode("utf-32"),
    "UTF-32, big-endian": b"\0\0\xfe\xff" + "z\n1\n".encode("utf-32-be"),
    "UTF-16": "z\n1\n".encode("utf-16"),
    "UTF-16, big-endian": b"\xfe\xff" + "z\n1\n".encode("utf-16-be"),
    "compressed twice": lzma.compress(lzma.compress(b"z\n1\n")),
}


PATTERNS = {"safetensors", "tar archive", "R data, of one value", "ORC"}
"""Files whose type is recognised only if the first read gives enough of them."""


@named("kind", FILES)
@named("compressed", [False, True], ids=["plain", "compressed"])
@named("name", ["a.csv", "a.bin"])
def test_type_is_named(tmp_path: Path, kind: str, compressed: bool, name: str) -> None:
    """A file of another type is an error of one line that names the type and a way to convert it, under any name."""
    path = tmp_path / name
    twice = compressed and kind == "compressed twice"
    path.write_bytes(lzma.compress(FILES[kind]) if compressed and not twice else FILES[kind])
    with pytest.raises(DataError) as caught:
        contents(path)
    message = str(caught.value)
    assert message.startswith(f"cannot read '{path}': it is ")
    assert kind.split(",")[0] in message
    assert "\n" not in message
    assert len(message.removeprefix(f"cannot read '{path}': ")) < 140


@named("kind", [kind for kind in FILES if not PATTERNS & {kind}])
def test_type_is_named_for_reads_of_one_byte(kind: str) -> None:
    """The first bytes are recognised as soon as they are there, and not before."""
    data = FILES[kind]
    size = 1
    while is_start_of_mark(data[:size]):
        size += 1
    start = lzma.decompress(data) if kind == "compressed twice" else data[:size]
    assert kind.split(",")[0] in (unsupported_type(start) or "")
    assert size <= 100


@named(
    "text",
    [
        b"PAR1,x\n1,2\n", b"PAR1\n", b"ORC\n1\n", b"X\n", b"X\n1\n", b"$FL,x\n", b"<x>\n", b"R\n", b"RDX2,1\n",
        b"GGUF,x\n", b"Obj,n\n", b"%,x\n", b"PK,x\n1,2\n", b"7z\n", b"Rar!\n", b"LZIP,x\n", b"version,https\n",
        b"MATLAB\n", b"SQLite\n", b"\xff\n", b"\x80,1\n", b"abcdefgh{\n", b"BZh\n", b"\xef\xbb\xbfz\n",
        b"\n\n\n\n\0\0\0\0\n", b"\x89,1\n", b"\xd0\xbf\n", b"\x04\n", b"x" * 257 + b"ustra\n",
    ],
)  # fmt: skip
def test_text_is_text(text: bytes) -> None:
    """Text that begins almost like a file of another type is text."""
    assert unsupported_type(text) is None
    assert not is_start_of_mark(text)
