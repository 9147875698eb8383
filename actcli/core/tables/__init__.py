"""Tables of constants, read when they are first needed; tests/core/make_tables.py makes them with mpmath."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["table"]


@cache
def table(name: str) -> Any:
    """The constants of one table, an array to a row."""
    return np.load(Path(__file__).with_name(f"{name}.npy"))
