"""Selections: vector activations of which each output is an input, its negative, or a constant.

Their formulas take the array itself, with the vectors along the last axis, and say which input each output selects.
NumPy is imported only when one is evaluated, because listing the catalogue does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from actcli.core.catalogue.activation import Properties, activation
from actcli.core.catalogue.families.softmax import AXIS
from actcli.core.catalogue.parameters import Parameter
from actcli.errors import ParameterError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from actcli.number_formats import Floats


class Selection(NamedTuple):
    """The outputs of a selection, each factor * x[inputs], or constant where the factor is 0."""

    inputs: NDArray[np.intp]
    factor: Floats
    constant: Floats | float


@activation(
    name="crelu",
    kind="vector",
    dependence="single",
    aliases=("concatenated_relu",),
    parameters=(AXIS,),
    formula="max(x[i], 0), then max(-x[i], 0): twice as many",
    derivative="1 if x[i] > 0 else 0, then -1 if x[i] < 0 else 0, by x[i]",
    properties=Properties(range="[0, inf)", monotone=False, odd=False, saturates="no"),
    frameworks={"tf": "tf.nn.crelu"},
    paper="Shang et al., Understanding and Improving Convolutional Neural Networks via Concatenated Rectified "
    "Linear Units, arXiv 1603.05201, 2016",
)
def crelu(m: None, x: Floats) -> Selection:
    """Select relu(x), then relu(-x): twice as many outputs as inputs. The derivatives at 0 are 0."""
    import numpy as np

    index = np.broadcast_to(np.arange(x.shape[-1]), x.shape)
    factor = np.concatenate([(x > 0) * 1.0, (x < 0) * -1.0], axis=-1)
    return Selection(np.concatenate([index, index], axis=-1), factor, 0.0)


@activation(
    name="maxout",
    kind="vector",
    dependence="single",
    parameters=(
        Parameter(
            name="num_units",
            default=None,
            aliases=("units",),
            minimum="1",
            integer=True,
            description="the number of outputs; the input size must be a multiple of it",
        ),
        AXIS,
    ),
    formula="max of x[i], x[i + num_units], x[i + 2 * num_units], ...",
    derivative="1 by the largest, the first of equals, else 0",
    properties=Properties(range="(-inf, inf)", monotone=False, odd=False, saturates="no"),
    frameworks={"tf": "tfa.layers.Maxout"},
    paper="Goodfellow et al., Maxout Networks, arXiv 1302.4389, 2013",
    notes="the elements of a group are num_units apart, as in TensorFlow Addons",
)
def maxout(m: None, x: Floats, num_units: int) -> Selection:
    """Select the largest element of each group. A group's elements are num_units apart."""
    import numpy as np

    rows, size = x.shape
    if size % num_units:
        raise ParameterError(f"maxout requires a multiple of num_units={num_units} values, not {size}")
    if not size:
        raise ParameterError("maxout requires at least one value")
    group = x.reshape(rows, size // num_units, num_units).argmax(axis=1)
    return Selection(group * num_units + np.arange(num_units), np.ones(group.shape), 0.0)


@activation(
    name="hardmax",
    kind="vector",
    dependence="single",
    aliases=("one_hot_max",),
    parameters=(AXIS,),
    formula="1 for the largest x[i], the first of equals, else 0",
    derivative="0",
    properties=Properties(range="[0, 1]", monotone=False, odd=False, saturates="both"),
    frameworks={"onnx": "Hardmax"},
    paper="ONNX's operator Hardmax, since opset 1",
)
def hardmax(m: None, x: Floats) -> Selection:
    """Select 1 for the largest element, the first of equals, and 0 for the others."""
    import numpy as np

    if not x.size:
        return Selection(np.zeros(x.shape, dtype=np.intp), np.zeros(x.shape), np.zeros(x.shape))
    largest = x.argmax(axis=-1)[:, np.newaxis]
    one_hot = (np.arange(x.shape[-1]) == largest) * 1.0
    return Selection(np.broadcast_to(largest, x.shape), np.zeros(x.shape), one_hot)
