"""Transcripts in documents: commands after `$ `, each followed by what it prints on stdout and stderr."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import actcli

__all__ = ["CONSOLE", "INDENTED", "commands", "executed"]

CONSOLE = re.compile(r"(?<=```console\n)()(.*?)(?=```)", re.DOTALL)
"""The transcripts of a Markdown document: fenced blocks in the language `console`."""

INDENTED = re.compile(r"^(    )(\$ .*\n(?:    .*\n|\n(?=    (?!\$ )))*)", re.MULTILINE)
"""The transcripts of a topic of `actcli help`: blocks indented by four spaces; outputs may contain blank lines."""

DATA = {
    "neurons.csv": 'id,layer,z\n007,"conv, 1",-1.50\n008,"conv, 1",0.25\n009,dense,\n',
    "z.csv": "# pump 2\nt;z\n1;-1,5\n2;NA\n",
}
"""The files that transcripts read."""


def commands(text: str, pattern: re.Pattern[str] = CONSOLE) -> list[str]:
    """Return every command of every transcript."""
    return [command for found in pattern.finditer(text) for command in _commands_of(found[2])]


def executed(text: str, pattern: re.Pattern[str] = CONSOLE) -> str:
    """Return `text` with the present output of every command of every transcript."""
    with tempfile.TemporaryDirectory() as folder:
        run = _runner(Path(folder))

        def rewritten(found: re.Match[str]) -> str:
            shown = "".join(f"$ {command}\n{run(command)}" for command in _commands_of(found[2]))
            return "".join(f"{found[1]}{line}".rstrip(" ") + "\n" for line in shown.splitlines())

        return pattern.sub(rewritten, text)


def _commands_of(transcript: str) -> list[str]:
    lines = (line.strip() for line in transcript.splitlines())
    return [line[2:] for line in lines if line.startswith("$ ")]


def _runner(folder: Path) -> Callable[[str], str]:
    """Return a function that runs a command in bash, in a folder with DATA, and returns its output on both streams."""
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
