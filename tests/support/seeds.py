"""The seed of the tests' random numbers: fixed by default, so that a test fails because of a change, not by chance.

`ACTCLI_TEST_SEED=random pytest` uses another seed each time, to search for new failures. `ACTCLI_TEST_SEED=N` repeats a
run with seed N.
"""

from __future__ import annotations

import os
import random

__all__ = ["SEARCHING", "SEED"]

_SETTING = os.environ.get("ACTCLI_TEST_SEED", "")
SEARCHING = _SETTING != ""
SEED = random.SystemRandom().getrandbits(32) if _SETTING == "random" else int(_SETTING or 20170505)
