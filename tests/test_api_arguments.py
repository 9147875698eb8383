"""Arguments of a wrong type in the Python interface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import actcli


@pytest.mark.parametrize(
    "arguments",
    [
        *({"spec": spec} for spec in (None, 1, b"relu", ["relu"], object(), actcli.get("relu"))),
        *({"x": x} for x in ([[1, 2], [3]], "abc", None, {}, {1}, object(), 10**400, [10**400], [1j], ["1"])),
        *(
            {"x": np.array(x, dtype)}
            for x, dtype in ((["a"], None), ([None], None), ([1], "M8[s]"), ([(1,)], [("a", int)]))
        ),
        *({"dtype": dtype} for dtype in ("", "nope\n", 1, [], {}, object(), 10**5000, np.zeros(3), slice(1))),
        *(
            {"spec": "elu", "alpha": alpha}
            for alpha in ([], {}, object(), np.ma.array([1, 2], mask=[0, 1]), np.zeros(99))
        ),
        *({"spec": "rrelu", "seed": seed} for seed in (-1, "1", 1.5, object(), [-1])),
        *({"wrt": wrt, "spec": "elu"} for wrt in (1, ["alpha"], np.zeros(0), np.array(["alpha"]), b"alpha")),
    ],
    ids=list,
)
def test_arguments_of_a_wrong_type(arguments: dict[str, Any]) -> None:
    """An argument of a wrong type is an ActcliError of one short line."""
    function = actcli.gradient if "wrt" in arguments else actcli.evaluate
    with pytest.raises(actcli.ActcliError) as caught:
        function(**{"spec": "relu", "x": [1.0], **arguments})
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
