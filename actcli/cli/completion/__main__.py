"""Write the completion scripts and the manual page into a directory: python -m actcli.cli.completion [completions]."""

from __future__ import annotations

import sys
from pathlib import Path

from actcli.cli.completion import write_files


def main(folder: str = "completions", *others: str) -> None:
    """Write all files; SystemExit for anything but the name of one folder."""
    if others or folder.startswith("-"):
        sys.exit(__doc__)
    write_files(Path(folder))


main(*sys.argv[1:])
