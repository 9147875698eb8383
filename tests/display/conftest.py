"""Golden files: `golden(name, text)` compares; with ACTCLI_GOLDEN=write it writes the file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Return a function that asserts that `text` equals the golden file `name`."""

    def compare(name: str, text: str) -> None:
        path = HERE / name
        if os.environ.get("ACTCLI_GOLDEN") == "write":
            path.write_text(text + "\n", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text + "\n"

    return compare
