"""Write all generated files anew, or some of them.

python -m tests.regenerate [PART]...

Parts: tables, documents, completions, golden, pictures, truth (all of them without PART).
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from actcli.cli.completion import write_files
from tests import write_pictures, write_readme
from tests.support import make_tables, make_truth

__all__ = ["PARTS", "main"]

ROOT = Path(__file__).parents[1]


class _GoldenTests:
    """A pytest plugin that runs only tests that compare with a golden file."""

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if isinstance(item, pytest.Function) and _is_golden(item.function)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def _is_golden(test: Callable[..., object]) -> bool:
    return "golden(" in inspect.getsource(test)


def _write_golden_files() -> None:
    """Run the tests that compare with golden files, and let them write instead; SystemExit if one fails."""
    os.environ["ACTCLI_GOLDEN"] = "write"
    paths = [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if "golden" in path.read_text("utf-8")]
    code = pytest.main(["-q", "-m", "", f"--rootdir={ROOT}", *paths], plugins=[_GoldenTests()])
    del os.environ["ACTCLI_GOLDEN"]
    if code:
        sys.exit(int(code))


PARTS: dict[str, Callable[[], None]] = {
    "tables": make_tables.main,
    "documents": write_readme.main,
    "completions": lambda: write_files(ROOT / "completions"),
    "golden": _write_golden_files,
    "pictures": write_pictures.main,
    "truth": make_truth.main,
}
"""How each part is written, in an order that respects dependencies: all results depend on the tables, and the manual
page on the help topics."""


def main(parts: Sequence[str]) -> None:
    """Write these parts, or all if there are none; explain with -h; SystemExit for an unknown part."""
    if "-h" in parts or "--help" in parts:
        print(f"usage: python -m tests.regenerate [{'|'.join(PARTS)}]...")  # noqa: T201 - a script
        return
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"unknown part {unknown[0]!r}: the parts are {', '.join(PARTS)}")
    for part, write in PARTS.items():
        if part in parts or not parts:
            print(f"{part} ...", flush=True)  # noqa: T201 - a script that takes minutes shows its progress
            write()


if __name__ == "__main__":
    main(sys.argv[1:])
