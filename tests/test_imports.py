"""Import budget: nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import actcli

HEAVY = {"numpy", "rich"}
FOR_OTHERS = {
    *("dataclasses", "difflib", "csv", "gzip", "bz2", "lzma", "shutil", "actcli.display"),
    *(f"actcli.core.evaluation.{name}" for name in ("arbitrary_precision", "vectors")),
    *("actcli.core.catalogue.frameworks", "actcli.core.analysis.comparison"),
    *(f"actcli.core.arithmetic.{name}" for name in ("ball_functions", "scaled_dd", "scaled_dd_rounding")),
    *(f"actcli.streams.{name}" for name in ("atomic_output", "csv.filter", "csv.plan", "csv.row_reader")),
    *(f"actcli.streams.{name}" for name in ("file_types", "json_text", "ranges")),
    *(f"actcli.cli.{name}" for name in ("csv_filter", "csv_input", "lookup_table", "page", "plot")),
}
"""What a few values do without: defining a dataclass takes as long as importing a family."""

SCRIPT = """
import json, os, sys
report = os.fdopen(int(sys.argv.pop(1)), "w")
exec(sys.argv.pop(1))
from actcli.cli import main
try:
    main(sys.argv[1:])
finally:
    json.dump(sorted(sys.modules), report)
"""


def imported(*args: str, stdin: bytes = b"", before: str = "") -> set[str]:
    """Return the modules of a process that ran `before` and then `actcli` with `args`."""
    read, write = os.pipe()
    with os.fdopen(read) as report:
        environ = {**os.environ, "PYTHONPATH": str(Path(actcli.__file__).parents[1])}
        command = [sys.executable, "-P", "-c", SCRIPT, str(write), before, *args]
        subprocess.run(command, input=stdin, capture_output=True, pass_fds=[write], env=environ, check=False)
        os.close(write)
        return set(json.load(report))


@pytest.mark.parametrize(
    "args",
    [
        ("--help",),
        ("-h",),
        ("--version",),
        ("--vresion",),
        ("evla", "relu"),
        ("relu", "-2"),
        ("eval", "-h"),
        ("completion", "bash"),
        ("grad", "--help"),
        ("eval", "relu", "--formta", "csv", "1"),
        ("eval", "relu", "-f", "cvs", "1"),
        ("eval", "relu", "--dtype", "flaot32", "1"),
        ("eval", "reul", "1"),
        ("grad", "leaky_relu:alpa=1", "1"),
        ("demo", "-h"),
        ("demo", "lineartiy"),
        ("demo", "linearity", "--activation", "reul"),
        ("eval", "x^2", "1"),
        ("eval", "celu(x, alpha=-1)", "1"),
    ],
    ids=" ".join,
)
def test_usage_errors_import_neither_numpy_nor_rich(args: tuple[str, ...]) -> None:
    """Help, the version and usage errors import neither NumPy nor rich."""
    assert set() == imported(*args) & HEAVY


def test_help_imports_no_heavy_modules() -> None:
    """The list of commands imports no heavy module."""
    few = {
        "shutil",
        "dataclasses",
        "fractions",
        "actcli.core.catalogue.activation",
        *(
            f"actcli.cli.{name}"
            for name in ("evaluate", "page", "plot", "reports", "suggestions", "tabulate", "x_source")
        ),
    }
    assert set() == imported("--help") & few


@pytest.mark.parametrize(
    ("args", "stdin"),
    [
        (("eval", "relu", "-2", "0", "3"), b""),
        (("grad", "gelu", "--range", "-1:1"), b""),
        (("eval", "softmax", "1", "2", "-f", "json"), b""),
        (("eval", "relu", "1", "-f", "md"), b""),
        (("eval", "relu"), b"a,b\n1,x\n"),
        (("eval", "relu", "-f", "jsonl"), b"a,b\n1,x\n"),
    ],
    ids=str,
)
def test_rows_in_a_pipe_do_not_import_rich(args: tuple[str, ...], stdin: bytes) -> None:
    """Rows in a pipe are written without rich, and with NumPy, which shows that the run was real."""
    assert {"numpy"} == imported(*args, stdin=stdin) & HEAVY


def test_values_import_one_family() -> None:
    """Values in a pipe import the family of the activation, and nothing that only other runs need."""
    modules = imported("eval", "leaky_relu:alpha=0.5", "-2", "0", "3")
    assert set() == modules & FOR_OTHERS
    assert {name for name in modules if name.startswith("actcli.core.catalogue.families.")} == {
        "actcli.core.catalogue.families.rectifier"
    }


def test_names_do_not_import_expressions() -> None:
    """A plain name is evaluated without importing the expression modules."""
    code = "import sys, actcli; actcli.evaluate('relu', 1.0); print([m for m in sys.modules if 'expression' in m])"
    environ = {**os.environ, "PYTHONPATH": str(Path(actcli.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, env=environ, check=True)
    assert done.stdout == b"[]\n"


def test_package_import_is_light() -> None:
    """`import actcli` imports neither NumPy nor rich nor click."""
    code = "import sys, actcli; print({'numpy', 'rich', 'click'} & set(sys.modules))"
    environ = {**os.environ, "PYTHONPATH": str(Path(actcli.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, env=environ, check=True)
    assert done.stdout == b"set()\n"


@pytest.mark.parametrize("module", sorted(HEAVY | FOR_OTHERS))
def test_check_detects_every_listed_module(module: str) -> None:
    """A listed module that is imported before `--version` is detected."""
    assert {module} <= imported("--version", before=f"import {module}")
