"""Golden files of commands; ACTCLI_GOLDEN=write in the environment regenerates them."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "cli" / "golden"


def golden(name: str, text: str) -> None:
    """Assert that `text` equals the golden file `name`."""
    path = GOLDEN / name
    if os.environ.get("ACTCLI_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
