"""The floors of the house, read from the source: who imports whom, and what from outside."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import actcli

PACKAGE = Path(actcli.__file__).parent

SHARED = {"error_free", "errors", "number_formats", "text"}
"""Modules that every layer may import."""

ROOMS = {
    "": {"core", *SHARED},
    "__main__": {"cli"},
    "cli": {"", "cli", "core", "display", *SHARED, "streams"},
    "core": {"core", *SHARED},
    "display": {"display", *SHARED},
    **{module: set() for module in SHARED},
    "errors": {"text"},
    "streams": {*SHARED, "streams"},
}
"""What each room may import of the others; the root (`actcli/__init__.py`) is the room without a name."""

OUTSIDE = {
    "": {"numpy"},
    "__main__": set(),
    "cli": {"click", "numpy"},
    "core": {"numpy"},
    "display": {"numpy", "rich"},
    "error_free": set(),
    "errors": set(),
    "number_formats": {"numpy"},
    "text": set(),
    "streams": {"numpy"},
}
"""What each room may import beyond the standard library."""

LONGEST = 400


class Import(NamedTuple):
    """That `module` imports `target` (a module of the package, or a distribution's top-level name)."""

    module: str
    target: str
    only_for_types: bool


def sources() -> dict[str, str]:
    """The package's modules by name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("actcli", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imports(modules: dict[str, str]) -> Iterator[Import]:
    """Every import statement of every module, wherever it stands."""
    for module, source in modules.items():
        tree = ast.parse(source)
        for_types = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(module, _target(alias.name, modules), node in for_types)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module}: imports are absolute here"
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    target = whole if whole in modules else str(node.module)
                    yield Import(module, _target(target, modules), node in for_types)


def _target(name: str, modules: dict[str, str]) -> str:
    return name if name in modules else name.partition(".")[0]


def room(module: str) -> str:
    return [*module.split("."), ""][1]


def breaches(modules: dict[str, str]) -> list[str]:
    """Every import that a floor forbids."""
    found = []
    for module, target, _ in imports(modules):
        if target in modules:
            if room(target) not in ROOMS[room(module)]:
                found.append(f"{module} imports {target}")
        elif target not in sys.stdlib_module_names and target not in OUTSIDE[room(module)]:
            found.append(f"{module} imports {target}")
    return found


def circles(modules: dict[str, str]) -> list[list[str]]:
    """Modules that import each other, be it late; imports for the type checker alone are no need of the program's."""
    edges: dict[str, set[str]] = {module: set() for module in modules}
    for module, target, only_for_types in imports(modules):
        if target in modules and not only_for_types and target != module:
            edges[module].add(target)
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> None:
        if module in path:
            found.append([*path[path.index(module) :], module])
        elif module not in done:
            for target in sorted(edges[module]):
                visit(target, [*path, module])
            done.add(module)

    for module in edges:
        visit(module, [])
    return found


def test_the_floors_hold() -> None:
    """cli stands on everything; streams, display and core do not import each other; all may import SHARED; rich
    is display's alone; core needs NumPy and the standard library.
    """
    assert breaches(sources()) == []


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("actcli.core.x", "import rich"),
        ("actcli.core.x", "import scipy.special"),
        ("actcli.core.x", "from actcli.streams import files"),
        ("actcli.core.x", "def f():\n    from actcli.display.table import table"),
        ("actcli.streams.x", "from actcli.core.catalogue.registry import find"),
        ("actcli.streams.x", "if TYPE_CHECKING:\n    from actcli.display import terminal"),
        ("actcli.display.x", "from actcli.core import spec"),
        ("actcli.display.x", "import actcli"),
        ("actcli.cli.x", "from rich.table import Table"),
        ("actcli.number_formats", "from actcli.core.catalogue.activation import Parameter"),
    ],
)
def test_a_breach_is_found(module: str, statement: str) -> None:
    """The check can fail: an import that a floor forbids is named, wherever it stands."""
    assert [module] == [line.split()[0] for line in breaches(dict.fromkeys(sources(), "") | {module: statement})]


def test_no_circles() -> None:
    """No module imports, directly or through others, a module that imports it."""
    assert circles(sources()) == []


def test_a_circle_is_found() -> None:
    """The check can fail: a circle is told in its order, even if one import of it is late."""
    modules = {
        "actcli.a": "from actcli import b",
        "actcli.b": "def f():\n    import actcli.c",
        "actcli.c": "from actcli.a import f",
        "actcli": "",
    }
    assert circles(modules) == [["actcli.a", "actcli.b", "actcli.c", "actcli.a"]]


def test_files_are_short() -> None:
    """No file of the package has more than 400 lines."""
    assert {name: text.count("\n") for name, text in sources().items() if text.count("\n") > LONGEST} == {}


def test_every_module_says_what_it_is() -> None:
    """Every module that holds anything opens with a docstring."""
    assert [name for name, text in sources().items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []
