"""The seed of what tests draw: one for everybody, so that a test fails for a change and not for bad luck.

`ACTCLI_TEST_SEED=random pytest` looks elsewhere each time, which is how new faults are found; `ACTCLI_TEST_SEED=N`
goes back to where one was.
"""

from __future__ import annotations

import os
import random

__all__ = ["SEARCHING", "SEED"]

_ASKED = os.environ.get("ACTCLI_TEST_SEED", "")
SEARCHING = _ASKED != ""
SEED = random.SystemRandom().getrandbits(32) if _ASKED == "random" else int(_ASKED or 20170505)
