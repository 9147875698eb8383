"""Bring README.md up to date: its list of activations and the output of its transcripts.

python -m tests.write_readme
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import actcli

README = Path(__file__).parents[1] / "README.md"

DATA = {"neurons.csv": 'id,layer,z\n007,"conv, 1",-1.50\n008,"conv, 1",0.25\n009,dense,\n'}
"""The files that transcripts read."""

_LIST = re.compile(r"(?<=<!-- activations -->\n).*?(?=<!-- end of activations -->)", re.DOTALL)
_TRANSCRIPT = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def commands(readme: str) -> list[str]:
    """Every command of every transcript."""
    return [line[2:] for text in _TRANSCRIPT.findall(readme) for line in text.splitlines() if line.startswith("$ ")]


def executed(readme: str) -> str:
    """`readme` with the output of every transcript as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        run = _runner(Path(folder))
        return _TRANSCRIPT.sub(
            lambda found: "".join(
                f"{line}\n{run(line[2:])}" for line in found[0].splitlines() if line.startswith("$ ")
            ),
            readme,
        )


def _runner(folder: Path) -> Callable[[str], str]:
    """A function that runs a command in bash, in a folder with DATA, and gives what it prints on either stream."""
    for name, text in DATA.items():
        (folder / name).write_text(text)
    tools = folder / ".tools"
    tools.mkdir()
    script = tools / "actcli"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m actcli "$@"\n')
    script.chmod(0o755)
    environ = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ} | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(actcli.__file__).parents[1]),
        "LC_ALL": "C.UTF-8",
    }

    def run(command: str) -> str:
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        ).stdout  # fmt: skip

    return run


def listed(readme: str) -> str:
    """`readme` with the list of activations as the catalogue is now."""
    lines = ["| name | f(x) | parameters | also known as |", "| --- | --- | --- | --- |"]
    for name in actcli.names():
        entry = actcli.get(name)
        params = ", ".join(
            _code(p.name if p.default is None else f"{p.name}={p.default}") for p in entry.available_parameters()
        )
        aliases = ", ".join(_code(alias) for alias in entry.aliases)
        lines.append(f"| {_code(name)} | {_code(entry.formula)} | {params} | {aliases} |")
    return _LIST.sub(lambda _: "\n".join(lines) + "\n", readme)


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


if __name__ == "__main__":
    README.write_text(executed(listed(README.read_text(encoding="utf-8"))), encoding="utf-8")
