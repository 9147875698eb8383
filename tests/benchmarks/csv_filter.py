"""The CSV filter compared with other tools: `python -m tests.benchmarks.csv_filter [ROUNDS]`.

One column, the sigmoid of a float column, is appended to a million rows of 55 MB (an id, a quoted text with commas, two
floats). Every tool found does so once per round, in turn; reported is the median over the rounds of actcli's time
divided by the tool's in the same round. Then follow the peak memory of all processes, for that file and one five times
as long, the latter with less address space than its size; the time for ten rows compared with ten values; and the CPU
time for cells in many chosen columns compared with as many in one. Nothing is installed, and only the number of output
rows is asserted. Python tools are those of the Python that runs this.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median

import numpy as np

import actcli

ROWS = 1_000_000
ROUNDS = 7
LONGER = 5
CELLS = 200_000
COLUMNS = (1, 1_000, 4_000, 10_000)
ADDRESS_SPACE_KB = 200_000
"""The limit for the run over the longer file: less than its size."""
TEXTS = ["red, green", "a, b", "north, by east", "x, y, z", "one, two", ", "]
ENVIRON = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(Path(actcli.__file__).parents[1])
}
Command = Sequence[str]

ACTCLI = [sys.executable, "-m", "actcli", "eval", "sigmoid", "-c", "logit", "-i", "{source}", "-o", "{target}"]
LOOP = """
import csv, math, sys
with open(sys.argv[1], newline="") as source, open(sys.argv[2], "w", newline="") as target:
    rows, out = csv.reader(source), csv.writer(target)
    out.writerow(next(rows) + ["s"])
    for row in rows:
        row.append(1 / (1 + math.exp(-float(row[2]))))
        out.writerow(row)
"""
PANDAS = """
import sys, numpy as np, pandas as pd
frame = pd.read_csv(sys.argv[1])
frame["s"] = 1 / (1 + np.exp(-frame.logit))
frame.to_csv(sys.argv[2], index=False)
"""
DUCKDB = """
import sys, duckdb
select = f"SELECT *, 1 / (1 + exp(-logit)) AS s FROM read_csv('{sys.argv[1]}')"
duckdb.sql(f"COPY ({select}) TO '{sys.argv[2]}' (HEADER)")
"""
POLARS = """
import sys, polars as pl
pl.scan_csv(sys.argv[1]).with_columns((1 / (1 + (-pl.col("logit")).exp())).alias("s")).sink_csv(sys.argv[2])
"""
MILLER = 'mlr --csv put \'$s = 1 / (1 + exp(-$logit))\' "$1" > "$2"'


def tools() -> dict[str, Command]:
    """Return the commands of all tools found, with placeholders for the two files."""
    python = {name: [sys.executable, "-c", code, "{source}", "{target}"] for name, code in (
        ("csv loop", LOOP), ("pandas", PANDAS), ("duckdb", DUCKDB), ("polars", POLARS),
    )}  # fmt: skip
    found: dict[str, Command] = {"actcli": ACTCLI, "one processor": ["taskset", "-c", "0", *ACTCLI]}
    if not shutil.which("taskset"):
        del found["one processor"]
    found |= {name: command for name, command in python.items() if name == "csv loop" or find_spec(name)}
    if shutil.which("mlr"):
        found["miller"] = ["sh", "-c", MILLER, "sh", "{source}", "{target}"]
    missing = {*python, "miller"} - found.keys()
    show(f"found {', '.join(found)}; not found {', '.join(sorted(missing)) or 'none'}\n\n")
    return found


def make(path: Path, rows: int) -> None:
    """Write the input file, the same on each run."""
    rng = np.random.default_rng(7)
    with path.open("w", newline="") as file:
        file.write("id,text,logit,amount\n")
        for start in range(0, rows, 10_000):
            columns = (rng.choice(TEXTS, 10_000), rng.normal(0, 4, 10_000), rng.uniform(0, 1000, 10_000))
            lines = zip(range(start, start + 10_000), *(column.tolist() for column in columns), strict=True)
            file.write("".join(f'{i},"{text}",{logit!r},{amount!r}\n' for i, text, logit, amount in lines))


def filled(command: Command, source: Path, target: Path) -> list[str]:
    """Return the command with the names of the two files."""
    return [part.format(source=source, target=target) if part[:1] == "{" else part for part in command]


def seconds(command: Command) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, env=ENVIRON, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def race(found: dict[str, Command], source: Path, rounds: int) -> None:
    """Run every tool in turn; print a table of medians."""
    target = source.with_name("out.csv")
    times: dict[str, list[float]] = {name: [] for name in found}
    for turn in range(rounds + 1):
        for name, command in found.items():
            target.unlink(missing_ok=True)
            took = seconds(filled(command, source, target))
            if turn:  # the first warms the caches
                times[name].append(took)
            else:
                lines = target.read_bytes().count(b"\n")
                assert lines == ROWS + 1, f"{name} wrote {lines} lines"
    show(f"{'':14}{'ms':>8}  actcli / tool\n")
    for name, took in times.items():
        ratio = median(mine / its for mine, its in zip(times["actcli"], took, strict=True))
        show(f"{name:14}{median(took) * 1000:8.0f}{ratio:13.2f}\n")


# --- memory -----------------------------------------------------------------------------------------------------------


def family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    found = [pid]
    for each in found:
        try:
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
        except OSError:
            continue
    return found


def resident(pid: int, shared: bool) -> int:
    """Return the resident bytes of a process; of shared ones all (`shared`) or its proportional part."""
    word = "Rss:" if shared else "Pss:"
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(word)), 0)


def peak(command: Command) -> tuple[int, int]:
    """Return the peak memory summed over the processes, with shared bytes counted for each process and once."""
    most = (0, 0)
    with subprocess.Popen(command, env=ENVIRON) as running:
        while running.poll() is None:
            team = family(running.pid)
            now = (sum(resident(pid, shared) for pid in team) for shared in (True, False))
            most = tuple(map(max, most, now))
            time.sleep(0.002)
    assert running.returncode == 0
    return most


def memory(source: Path) -> None:
    """Print the peak memory for both files, and run the longer one in limited address space."""
    target = source.with_name("out.csv")
    longer = source.with_name("longer.csv")
    with longer.open("wb") as file:
        head, _, body = source.read_bytes().partition(b"\n")
        file.write(head + b"\n" + body)
        for _ in range(LONGER - 1):
            file.write(body)
    del body
    for path in (source, longer):
        each, once = peak(filled(ACTCLI, path, target))
        size = path.stat().st_size
        show(f"{size / 1e6:8.0f} MB: peak {each / 1e6:.0f} MB summed over processes ({once / 1e6:.0f} MB of memory)\n")
    assert longer.stat().st_size > ADDRESS_SPACE_KB * 1024
    limited = ["sh", "-c", f'ulimit -v {ADDRESS_SPACE_KB}; exec "$@"', "sh", *filled(ACTCLI, longer, target)]
    subprocess.run(limited, env=ENVIRON, check=True)
    assert sum(block.count(b"\n") for block in _blocks(target)) == LONGER * ROWS + 1
    show(f"{longer.stat().st_size / 1e6:8.0f} MB in {ADDRESS_SPACE_KB * 1024 / 1e6:.0f} MB of addresses: completed\n")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(1 << 20), b"")


# --- small input ------------------------------------------------------------------------------------------------------


def small_input(source: Path, rounds: int) -> None:
    """Print the time for ten rows divided by that for ten values."""
    path = source.with_name("ten.csv")
    with source.open("rb") as file:
        path.write_bytes(b"".join(islice(file, 11)))
    values = [line.split(",")[-2] for line in path.read_text().splitlines()[1:]]
    start = [sys.executable, "-m", "actcli", "eval", "sigmoid"]
    by_rows, by_values = [*start, "-c", "logit", "-i", str(path)], [*start, *values]
    ratios = [seconds(by_rows) / seconds(by_values) for _ in range(3 * rounds)]
    show(f"{len(values)} rows / as many values: {median(ratios):.2f}\n")


# --- many columns -----------------------------------------------------------------------------------------------------


def cpu_seconds(command: Command) -> float:
    """Return the CPU time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=ENVIRON, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def many_columns(directory: Path, rounds: int) -> None:
    """Print the CPU time for cells in many chosen columns, divided by that for as many in one."""
    rng = np.random.default_rng(7)
    commands = []
    for columns in COLUMNS:
        path = directory / f"{columns}.csv"
        names = [f"u{i}" for i in range(columns)]
        rows = rng.normal(0, 4, (CELLS // columns, columns)).round(4).tolist()
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in (names, *rows)))
        commands.append([sys.executable, "-m", "actcli", "eval", "sigmoid", "-i", str(path), "-c", ",".join(names)])
    times = [[cpu_seconds(command) for command in commands] for _ in range(rounds)]
    for i, columns in enumerate(COLUMNS[1:], 1):
        ratio = median(took[i] / took[0] for took in times)
        show(f"{columns} columns x {CELLS // columns} rows / 1 x {CELLS}: {ratio:.2f}\n")


def show(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main(rounds: int) -> None:
    """Run all parts in a temporary directory."""
    with tempfile.TemporaryDirectory(prefix="actcli-") as directory:
        source = Path(directory) / "in.csv"
        make(source, ROWS)
        show(f"{ROWS} rows, {source.stat().st_size / 1e6:.1f} MB, {len(os.sched_getaffinity(0))} processors\n")
        race(tools(), source, rounds)
        show("\n")
        memory(source)
        show("\n")
        small_input(source, rounds)
        many_columns(Path(directory), rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
