"""Ziv's rounding test: round a double-double, and find the elements whose error bound leaves the rounding undecided.

Both ends of the error interval are rounded. Where they agree, every number between them, the exact result included,
rounds to the same value (Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded last bit",
ACM TOMS 17, 1991, doi:10.1145/114697.116813).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.error_free import two_sum

if TYPE_CHECKING:
    from actcli.core.arithmetic.double_double import DoubleDouble
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["ziv_round"]


def ziv_round(result: DoubleDouble, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    """Return `result` rounded to `fmt`, and the mask of undecided elements, both of `shape`.

    An undecided element holds the rounding of one end of its error interval.
    """
    if result.exact_float is not None and result.rel_err == 0 and result.abs_err is None:
        # An exact 0 is +0.0, also as a product with a negative number: x itself is not 0 here.
        return np.broadcast_to(fmt.round(np.asarray(result.exact_float + 0.0)), shape), np.zeros(shape, dtype=bool)
    if fmt.name == "float64":
        # The sign of the error does not matter, as both ends are tried. 1.25 covers the rounding of the bound itself.
        error = result.hi * (1.25 * result.rel_err) if result.abs_err is None else result.error_bound()
        above, below = result.hi + (result.lo + error), result.hi + (result.lo - error)
        # An element that is nan at both ends is outside the domain: nothing else makes a nan here.
        undecided = (above != below) & ((above == above) | (below == below))
    else:
        error = result.error_bound()
        high = result.hi + result.lo
        low = (result.hi - high) + result.lo
        above, below = fmt.round(*two_sum(high, low + error)), fmt.round(*two_sum(high, low - error))
        undecided = (above != below) & ((above == above) | (below == below))
        # Ends of opposite sign do not agree, although a format without infinities has nan for both.
        undecided |= (np.signbit(above) != np.signbit(below)) | (np.isnan(above) & (error >= np.abs(high)))
    if above.shape == shape:
        return above, undecided
    return np.broadcast_to(above, shape), np.broadcast_to(undecided, shape)
