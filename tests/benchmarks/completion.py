"""What one TAB costs in each shell, in a terminal: `python -m tests.benchmarks.completion`.

From the keys' being typed to the shell's telling what stands on the line, so that the shell's own part (reading keys,
showing offers) counts too; beside it, what the shell takes for a line that completes to nothing. Nothing is asserted.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from actcli.cli.completion import FILES, text_of
from tests.benchmarks.speed import table
from tests.cli.completion.shells import Shell, bash, fish, zsh

ROUNDS = 50
SHELLS: dict[str, Callable[[Path, Path], Shell]] = {"bash": bash, "zsh": zsh, "fish": fish}
LINES = [
    ": ",
    "actcli ",
    "actcli eval lea",
    "actcli eval ",
    "actcli eval leaky_relu@",
    "actcli eval hard_tanh@torch:min_val=0,",
    "actcli table relu gelu silu --range -6:6 -n 13 -",
    "actcli eval relu -i wide.csv -c column1",
    "actcli eval relu -i ",
]


def milliseconds(shell: Shell, line: str) -> tuple[float, float]:
    """The least and the median time of a TAB at the end of `line`."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        shell.tab(line)
        times.append((time.perf_counter() - start) * 1e3)
    return min(times), statistics.median(times)


def main() -> None:
    """Measure and print."""
    rows = [["TAB at the end of", "least ms", "median ms"]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wide.csv").write_text(",".join(f"column{i}" for i in range(500)) + "\n")
        for i in range(200):
            (folder / f"file{i}.csv").touch()
        for what, start in SHELLS.items():
            script = folder / FILES[what]
            script.write_text(text_of(what), encoding="utf-8")
            shell = start(script, folder)
            for line in LINES:
                least, median = milliseconds(shell, line)
                rows.append([f"{what}  {line}", f"{least:.1f}", f"{median:.1f}"])
            shell.close()
    sys.stdout.write(table(rows))


if __name__ == "__main__":
    main()
