"""Update what is generated in the documents: the output of transcripts, and source code that a document quotes.

python -m tests.write_readme
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.support.transcripts import CONSOLE, INDENTED, executed

__all__ = ["DOCUMENTS", "README", "ROOT", "main", "quoted"]

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = (
    README,
    ROOT / "actcli" / "README.md",
    ROOT / "tests" / "README.md",
    ROOT / ".github" / "CONTRIBUTING.md",
    ROOT / ".github" / "SECURITY.md",
)
"""The Markdown documents of the repository."""

_QUOTED = re.compile(r"(?<=<!-- source: )(\S+) (\w+)( -->\n```python\n).*?(?=```)", re.DOTALL)
"""A block of Python code below the comment `source: FILE NAME`."""


def quoted(text: str) -> str:
    """Return `text` with the present source of every decorated function that it quotes."""

    def rewritten(found: re.Match[str]) -> str:
        source = (ROOT / found[1]).read_text(encoding="utf-8")
        code = _decorated_function(source, found[2])
        return f"{found[1]} {found[2]}{found[3]}{code}\n" if code else found[0]

    return _QUOTED.sub(rewritten, text)


def _decorated_function(source: str, name: str) -> str:
    """Return the source of a function with its decorators; the empty string if it has none."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name and node.decorator_list:
            return "\n".join(source.splitlines()[node.decorator_list[0].lineno - 1 : node.end_lineno])
    return ""


def main() -> None:
    """Write the documents and the topics of `actcli help` anew."""
    for path in DOCUMENTS:
        path.write_text(executed(quoted(path.read_text(encoding="utf-8")), CONSOLE), encoding="utf-8")
    for path in sorted((ROOT / "actcli" / "cli" / "topics").glob("*.txt")):
        path.write_text(executed(path.read_text(encoding="utf-8"), INDENTED), encoding="utf-8")


if __name__ == "__main__":
    main()
