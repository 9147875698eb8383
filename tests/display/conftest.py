"""Golden files: `golden(name, text)` compares; ACTCLI_GOLDEN=write in the environment writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """A function that asserts that `text` is what the golden file `name` holds."""

    def compare(name: str, text: str) -> None:
        path = HERE / name
        if os.environ.get("ACTCLI_GOLDEN") == "write":
            path.write_text(text + "\n", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text + "\n"

    return compare
