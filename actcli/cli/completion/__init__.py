"""What shells and man are told of the tool, written from the command tree and the catalogue.

    tree.py                       the commands and their options as plain data, read from click
    words.py                      the activations as plain data, read from the catalogue
    bash.py  zsh.py  fish.py      a completion script: the code of a shell, filled with those data
    actcli.bash  _actcli  actcli.fish  tables.sh      that code; bash and zsh have the last in common
    man.py                        the man page
    __main__.py                   writes all of them into completions/ of a checkout

Nothing of it is imported but by `actcli completion` and by that.
"""

from __future__ import annotations

import importlib

__all__ = ["FILES", "text_of"]

FILES = {"bash": "actcli.bash", "zsh": "_actcli", "fish": "actcli.fish", "man": "actcli.1"}
"""What is written, and what the file is called."""


def text_of(what: str) -> str:
    """The text of one of `FILES`."""
    script: str = importlib.import_module(f"actcli.cli.completion.{what}").script()
    return script
