"""Golden files: what a command is known to write; ACTCLI_GOLDEN=write in the environment writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "cli" / "golden"


def golden(name: str, text: str) -> None:
    """Assert that `text` is what the golden file `name` holds."""
    path = GOLDEN / name
    if os.environ.get("ACTCLI_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
