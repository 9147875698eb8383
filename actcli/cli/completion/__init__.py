"""Completion scripts and the manual page, generated from the command tree and the catalogue.

    command_tree.py               commands and options as plain data, read from click
    names.py                      activations as plain data, read from the catalogue
    bash.py  zsh.py  fish.py      one completion script each: a template filled with these data
    actcli.bash  _actcli  actcli.fish  tables.sh      the templates; bash and zsh share the last one
    man.py                        the manual page
    templates.py                  filling of the templates
    __main__.py                   writes all of them into completions/ of a checkout

Only `actcli completion` and `python -m actcli.cli.completion` import this package.
"""

from __future__ import annotations

import importlib
from pathlib import Path

__all__ = ["FILES", "text_of", "write_files"]

FILES = {"bash": "actcli.bash", "zsh": "_actcli", "fish": "actcli.fish", "man": "actcli.1"}
"""The generated files: a module of this package, and the name of the file that it generates."""


def text_of(module: str) -> str:
    """Return the text of one of `FILES`."""
    script: str = importlib.import_module(f"actcli.cli.completion.{module}").script()
    return script


def write_files(folder: Path) -> None:
    """Write all `FILES` into `folder`, and create it if it does not exist."""
    folder.mkdir(exist_ok=True)
    for module, name in FILES.items():
        (folder / name).write_text(text_of(module), encoding="utf-8")
