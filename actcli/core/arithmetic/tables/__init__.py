"""Tables of the double-double functions, loaded when first needed; tests/support/make_tables.py writes them."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Floats

__all__ = ["table"]

_FOLDER = os.path.dirname(__file__)


@cache
def table(name: str) -> Floats:
    """Return the table called `name`, with one constant or coefficient per row; make_tables documents the rows."""
    values: Floats = np.load(os.path.join(_FOLDER, f"{name}.npy"))
    return values
