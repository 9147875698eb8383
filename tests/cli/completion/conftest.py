"""Fixtures for all shells: the generated scripts, and a folder with files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from actcli.cli.completion import FILES, text_of

NAMES = [
    "logit",
    "my col",
    "$(touch pwned)",
    "`touch pwned`",
    "a;b",
    'say "hi", you',
    "back\\slash",
    "it's",
    "été",
    "x:y",
]
"""The columns of data.csv."""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the generated files."""
    folder = tmp_path_factory.mktemp("scripts")
    for what, name in FILES.items():
        (folder / name).write_text(text_of(what), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with files to complete; no command in their names or contents may be executed."""
    folder = tmp_path_factory.mktemp("files")
    header = ",".join('"' + name.replace('"', '""') + '"' if set(name) & set('", ') else name for name in NAMES)
    (folder / "data.csv").write_bytes(f"\ufeff{header}\r\n".encode() + b"1\r\n")
    (folder / "my file.csv").write_text("other\n1\n")
    (folder / "tabs.tsv").write_text("a\tb c\td,e\n1\t2\t3\n")
    (folder / "semi.csv").write_text("a,1;b;;c\n")
    (folder / "lines.csv").write_text('a,"two\nlines",$(touch pwned)\n1,2,3\n')
    (folder / "control.csv").write_text("a,b\x1b[31m,c\n1,2,3\n")
    (folder / "long.csv").write_text(",".join(f"column{i}" for i in range(2000)) + "\n")
    (folder / "packed.csv.gz").write_bytes(b"\x1f\x8b")
    (folder / "packed.csv.xz").write_bytes(b"a,b\n")
    (folder / "notes.txt").write_text("a,b\n")
    (folder / "$(touch pwned).csv").write_text("x\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "deep.csv").write_text("deep\n1\n")
    yield folder
    assert "pwned" not in os.listdir(folder)
