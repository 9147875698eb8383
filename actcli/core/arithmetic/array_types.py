"""Names for the types of arrays in the double-double and scaled double-double arithmetics (imported by type checkers).

A constant has NumPy scalars where a variable has arrays. They behave as arrays of no dimension and are typed as such.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bools", "Floats", "Index", "Integers"]

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Index: TypeAlias = NDArray[np.intp] | Bools | tuple[NDArray[np.intp], ...] | slice | int
"""A selection of array elements: positions, one array of positions per axis, a mask, a slice, or one position."""
