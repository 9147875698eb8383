"""Tables of constants, read when they are first needed; tests/support/make_tables/py makes them with mpmath."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np

__all__ = ["table"]

_FOLDER = os.path.dirname(__file__)


@cache
def table(name: str) -> Any:
    """The constants of one table, an array to a row."""
    return np.load(os.path.join(_FOLDER, f"{name}.npy"))
