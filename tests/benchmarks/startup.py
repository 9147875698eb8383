"""What starting costs: whole processes beside the imports they cannot do without, `python -m tests.benchmarks.startup`.

Each pair is one run of the installed `actcli` and one of its peer, a bare `python -c "import ..."` of the same
interpreter, in turn first and second; what is told is the median of the pairs' ratios with the middle half of them, in
wall time and in processor time. A machine with other work disturbs both runs of a pair alike. Nothing is asserted.
"""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from tests.benchmarks.speed import table

PAIRS = 40
WORDS, NUMBERS = "click", "numpy, click"
ROWS = [
    # (the words after actcli, what the peer imports, the ratio that is to be reached, whether stdout is a terminal)
    ("eval relu -- -2 0 3", NUMBERS, 1.15, False),
    ("--version", WORDS, 1.3, False),
    ("--help", WORDS, 1.3, False),
    ("--vresion", WORDS, 1.3, False),
    ("eval relu --formta csv 1", WORDS, 1.3, False),
    ("eval -h", WORDS, None, False),
    ("eval gelu -- -2 0 3", NUMBERS, None, False),
    ("grad mish -- -2 0 3", NUMBERS, None, False),
    ("eval leaky_relu:negative_slope=0.2 -- -2", NUMBERS, None, False),
    ("table relu --range -2:2", NUMBERS, None, False),
    ("eval relu -- -2 0 3", NUMBERS, None, True),
    ("compare relu gelu", NUMBERS, None, True),
]

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
"""Without Python's switches, of which some cost time (PYTHONDONTWRITEBYTECODE)."""


class Cost(NamedTuple):
    """What a process took, in seconds."""

    wall: float
    processor: float


def run(command: Sequence[str], terminal: bool) -> Cost:
    """Start `command`, read what it writes to its pipe or its terminal, and wait for it."""
    read, write = os.openpty() if terminal else os.pipe()
    nothing = subprocess.DEVNULL
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=nothing, stdout=write, stderr=nothing, env=ENVIRON) as process:
        os.close(write)
        # A terminal ends with an error where a pipe ends with nothing.
        with suppress(OSError):
            while os.read(read, 65536):
                pass
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = 0
    os.close(read)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def ratios(ours: Sequence[str], peer: Sequence[str], terminal: bool, pairs: int) -> tuple[list[Cost], list[Cost]]:
    """What each run of both took, after one of each that does not count."""
    commands = [ours, peer]
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for i in range(-1, pairs):
        for which in (0, 1) if i % 2 else (1, 0):
            cost = run(commands[which], terminal)
            if i >= 0:
                costs[which].append(cost)
    return costs


def cells(costs: tuple[list[Cost], list[Cost]]) -> list[str]:
    """The medians in milliseconds, and the ratios."""
    ours, peers = costs
    walls = sorted(own.wall / other.wall for own, other in zip(ours, peers, strict=True))
    low, middle, high = statistics.quantiles(walls, n=4)
    processor = statistics.median(own.processor / other.processor for own, other in zip(ours, peers, strict=True))
    times = (f"{1e3 * statistics.median(cost.wall for cost in side):.1f}" for side in costs)
    return [*times, f"{middle:.3f}", f"{low:.2f}..{high:.2f}", f"{processor:.3f}"]


def installed() -> str:
    """The console script of this interpreter; SystemExit if actcli is not installed beside it."""
    path = os.path.join(sysconfig.get_path("scripts"), "actcli")
    if not os.path.exists(path):
        raise SystemExit(f"{path} is not there: pip install . (not -e) first, with this Python")
    return path


def main(args: list[str]) -> None:
    """Print the table; the first argument is the number of pairs, others are words that a row must have."""
    pairs = int(args[0]) if args else PAIRS
    script = installed()
    rows = [["ms, and ratios in pairs", "beside import", "actcli", "peer", "wall", "half", "processor", "reach"]]
    # Not where the sources are: `python -c` would import them from there.
    os.chdir(tempfile.gettempdir())
    for words, imports, reach, terminal in ROWS:
        if not all(word in words for word in args[1:]):
            continue
        peer = [sys.executable, "-c", f"import {imports}"]
        found = ratios([script, *shlex.split(words)], peer, terminal, pairs)
        sink = " (terminal)" if terminal else ""
        rows.append([f"actcli {words}{sink}", imports, *cells(found), "" if reach is None else f"{reach:g}"])
    sys.stdout.write(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
