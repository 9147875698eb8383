"""Write the completion scripts and the man page into a directory: python -m actcli.cli.completion [completions]."""

from __future__ import annotations

import sys
from pathlib import Path

from actcli.cli.completion import FILES, text_of


def main(folder: str = "completions", *others: str) -> None:
    """Write all of them; SystemExit for anything but the name of a folder."""
    if others or folder.startswith("-"):
        sys.exit(__doc__)
    Path(folder).mkdir(exist_ok=True)
    for what, name in FILES.items():
        (Path(folder) / name).write_text(text_of(what), encoding="utf-8")


main(*sys.argv[1:])
