"""A line on stderr."""

from __future__ import annotations

import sys

__all__ = ["print_error"]


def print_error(line: str) -> None:
    """Say `line`; where stderr is closed or full, the exit code has to say it all."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"actcli: {line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
