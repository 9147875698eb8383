"""Update the transcripts of README.md and of the topics of `actcli help`.

python -m tests.write_readme
"""

from __future__ import annotations

from pathlib import Path

from actcli.cli.topics import TOPICS, topic_path
from tests.support.transcripts import CONSOLE, INDENTED, executed

__all__ = ["README", "main"]

README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    """Execute every transcript and write the documents with its present output."""
    README.write_text(executed(README.read_text(encoding="utf-8"), CONSOLE), encoding="utf-8")
    for path in map(topic_path, TOPICS):
        path.write_text(executed(path.read_text(encoding="utf-8"), INDENTED), encoding="utf-8")


if __name__ == "__main__":
    main()
