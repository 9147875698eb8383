"""The layers of the package, read from its source: which module may import which, and what from outside."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import actcli

PACKAGE = Path(actcli.__file__).parent

SHARED = {"error_free", "errors", "number_formats", "number_text", "text"}
"""Modules that every layer may import."""

LAYERS = {
    "": {"core", *SHARED, "startup"},
    "__main__": {"cli"},
    "cli": {"", "cli", "core", "display", *SHARED, "streams"},
    "core": {"core", *SHARED},
    "display": {"display", *SHARED},
    **{module: set() for module in SHARED},
    "errors": {"text"},
    "number_formats": {"number_text"},
    "startup": set(),
    "streams": {*SHARED, "streams"},
}
"""What each layer may import of the others; the root (`actcli/__init__.py`) is the layer without a name."""

OUTSIDE = {
    "": {"numpy"},
    "__main__": set(),
    "cli": {"click", "numpy"},
    "core": {"numpy"},
    "display": {"numpy", "rich"},
    "error_free": {"numpy"},
    "errors": set(),
    "number_formats": {"numpy"},
    "number_text": set(),
    "startup": set(),
    "streams": {"numpy"},
    "text": set(),
}
"""What each layer may import beyond the standard library."""

_EVALUATION = {"arithmetic", "catalogue", "evaluation"}
_SPEC = {*_EVALUATION, "expressions", "analysis", "spec"}

CORE_LAYERS = {
    "arithmetic": {"arithmetic"},
    "catalogue": {"arithmetic", "catalogue"},
    "evaluation": _EVALUATION,
    "expressions": {*_EVALUATION, "expressions"},
    "analysis": {*_EVALUATION, "analysis"},
    "spec": {*_EVALUATION, "expressions", "spec"},
    "array_api": {*_SPEC, "array_api"},
    "demos": {*_SPEC, "demos"},
    "": set(),
}
"""What each part of core may import of the others, from the arithmetics up."""

MAX_LINES = 400


class Import(NamedTuple):
    """An import statement of `module`; `target` is a module of the package, or a distribution's top-level name."""

    module: str
    target: str


def sources() -> dict[str, str]:
    """Return the source of every module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("actcli", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imports(modules: dict[str, str]) -> Iterator[Import]:
    """Yield every import of every module, including those in functions and those for the type checker alone."""
    for module, source in modules.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(module, _target(alias.name, modules))
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module}: imports are absolute here"
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    target = whole if whole in modules else str(node.module)
                    yield Import(module, _target(target, modules))


def _target(name: str, modules: dict[str, str]) -> str:
    return name if name in modules else name.partition(".")[0]


def layer(module: str) -> str:
    """Return the layer of a module: cli, core, ..."""
    return [*module.split("."), ""][1]


def core_layer(module: str) -> str:
    """Return the part of core to which a module of core belongs."""
    return [*module.split("."), ""][2]


def breaches(modules: dict[str, str]) -> list[str]:
    """Return every import that the layers forbid."""
    found = []
    for module, target in imports(modules):
        if target in modules:
            is_allowed = layer(target) in LAYERS[layer(module)]
            if layer(module) == layer(target) == "core":
                is_allowed = core_layer(target) in CORE_LAYERS[core_layer(module)]
            if not is_allowed:
                found.append(f"{module} imports {target}")
        elif target not in sys.stdlib_module_names and target not in OUTSIDE[layer(module)]:
            found.append(f"{module} imports {target}")
    return found


def cycles(modules: dict[str, str]) -> list[list[str]]:
    """Return the import cycles. Late imports and imports for the type checker alone count."""
    edges: dict[str, set[str]] = {module: set() for module in modules}
    for module, target in imports(modules):
        if target in modules and target != module:
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


def test_layers_hold() -> None:
    """cli may import all layers; streams, display and core do not import each other; only display imports rich."""
    assert breaches(sources()) == []


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("actcli.core.demos.x", "import rich"),
        ("actcli.core.demos.x", "import scipy.special"),
        ("actcli.core.demos.x", "from actcli.streams import files"),
        ("actcli.core.demos.x", "def f():\n    from actcli.display.table import table"),
        ("actcli.core.arithmetic.x", "from actcli.core.catalogue.registry import find"),
        ("actcli.core.evaluation.x", "def f():\n    from actcli.core.expressions.limits import limit_of"),
        ("actcli.core.expressions.x", "if TYPE_CHECKING:\n    from actcli.core.analysis.landmarks import Landmarks"),
        ("actcli.streams.x", "from actcli.core.catalogue.registry import find"),
        ("actcli.streams.x", "if TYPE_CHECKING:\n    from actcli.display import terminal"),
        ("actcli.display.x", "from actcli.core import spec"),
        ("actcli.display.x", "import actcli"),
        ("actcli.cli.x", "from rich.table import Table"),
        ("actcli.number_formats", "from actcli.core.catalogue.activation import Activation"),
    ],
)
def test_breach_is_found(module: str, statement: str) -> None:
    """A forbidden import is found wherever it is in the module, so that the check can fail."""
    assert [module] == [line.split()[0] for line in breaches(sources() | {module: statement})]


def test_no_cycles() -> None:
    """No module imports, directly or through others, a module that imports it."""
    assert cycles(sources()) == []


def test_cycle_is_found() -> None:
    """A cycle is found in its order, even if one import of it is late and another for the type checker alone."""
    modules = {
        "actcli.a": "from actcli import b",
        "actcli.b": "def f():\n    import actcli.c",
        "actcli.c": "if TYPE_CHECKING:\n    from actcli.a import f",
        "actcli": "",
    }
    assert cycles(modules) == [["actcli.a", "actcli.b", "actcli.c", "actcli.a"]]


def test_files_are_short() -> None:
    """No file of the package has more than 400 lines."""
    lengths = {name: text.count("\n") for name, text in sources().items()}
    assert {name: count for name, count in lengths.items() if count > MAX_LINES} == {}


def test_every_module_has_a_docstring() -> None:
    """Every module opens with a docstring."""
    assert [name for name, text in sources().items() if not ast.get_docstring(ast.parse(text))] == []
