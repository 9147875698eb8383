"""The files in completions/: current, valid, in the wheel where shells and man search, and printed by the tool."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from actcli.cli.app import SUBCOMMANDS, app
from actcli.cli.completion import FILES, command_tree, names, text_of
from actcli.cli.completion.man import roff
from actcli.cli.help import format_examples
from actcli.cli.topics import TOPICS, read_topic
from actcli.core.catalogue.registry import entries
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.core.spec import parse
from tests.support.processes import environ, fault, rows, spawn

named = pytest.mark.parametrize

ROOT = Path(__file__).parents[3]
PLACES = {
    "bash": "share/bash-completion/completions/actcli",
    "zsh": "share/zsh/site-functions/_actcli",
    "fish": "share/fish/vendor_completions.d/actcli.fish",
    "man": "share/man/man1/actcli.1",
}
CHECKS = {
    "bash": ["bash", "-n"],
    "zsh": ["zsh", "-n"],
    "fish": ["fish", "--no-config", "-n"],
    "man": ["groff", "-man", "-Tutf8", "-ww", "-z"],
}


# --- the files ------------------------------------------------------------------------------------------------


@named("what", FILES)
def test_stored_files_are_current(what: str) -> None:
    """completions/ holds what the command tree and the catalogue generate now."""
    stored = (ROOT / "completions" / FILES[what]).read_text(encoding="utf-8")
    assert stored == text_of(what), "python -m tests.regenerate completions updates it"


def test_module_writes_all_files(tmp_path: Path) -> None:
    """`python -m actcli.cli.completion FOLDER` writes the four files and no other."""
    command = [sys.executable, "-P", "-m", "actcli.cli.completion", str(tmp_path / "new")]
    subprocess.run(command, env=environ(), check=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").iterdir()} == {
        name: text_of(what) for what, name in FILES.items()
    }


@named("args", [["--help"], ["-h"], ["a", "b"]], ids=str)
def test_module_rejects_options(args: list[str], tmp_path: Path) -> None:
    """An option or a second folder prints the usage of the module and creates nothing."""
    command = [sys.executable, "-P", "-m", "actcli.cli.completion", *args]
    done = subprocess.run(command, cwd=tmp_path, env=environ(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "python -m actcli.cli.completion [completions]" in done.stderr
    assert list(tmp_path.iterdir()) == []


@named("what", FILES)
def test_syntax(what: str, scripts: Path) -> None:
    """The shell accepts its script, and groff the page, without a message."""
    command = CHECKS[what]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    done = subprocess.run([*command, str(scripts / FILES[what])], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not any(mark in text_of(what) for mark in ("@NAMES@", "@TABLES@", "@COMMANDS@", "@OPTIONS@", "@ROOT@"))


def test_syntax_check_can_fail(tmp_path: Path) -> None:
    """groff reports an unknown macro."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed here")
    (tmp_path / "page.1").write_text(text_of("man") + ".NOSUCH\n")
    done = subprocess.run([*CHECKS["man"], str(tmp_path / "page.1")], capture_output=True, check=False)
    assert done.stderr


def test_places_in_the_wheel() -> None:
    """pyproject.toml maps every file to the place under share/ where shells or man search."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {f"completions/{name}": PLACES[what] for what, name in FILES.items()}


@named("what", FILES)
def test_installed_files(what: str) -> None:
    """An installed wheel has every file in its place."""
    try:
        files = importlib.metadata.distribution("actcli").files or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("actcli runs from its source here")
    found = [file for file in files if str(file).endswith(PLACES[what])]
    if not found and any("direct_url.json" in str(file) and '"editable": true' in file.read_text() for file in files):
        pytest.skip("an editable installation brings none")
    assert [Path(str(file.locate())).read_text(encoding="utf-8") for file in found] == [text_of(what)]


@named("shell", ["bash", "zsh", "fish"])
def test_command_prints_the_script(shell: str) -> None:
    """`actcli completion SHELL` prints the script."""
    assert rows("completion", shell) == text_of(shell)
    assert spawn("completion", shell).out == text_of(shell)


def test_unknown_shell() -> None:
    """An unknown or missing shell is an error that lists the shells."""
    assert fault("completion", "fsh") == "SHELL: expected bash, zsh or fish, not 'fsh'; did you mean fish?"
    assert fault("completion") == "SHELL is missing: bash, zsh or fish"


# --- what they are made of ------------------------------------------------------------------------------------


def test_tree_matches_click() -> None:
    """The tree has every option of click, with its names, and whether it takes a value."""
    ctx = click.Context(app)
    assert [command.name for command in command_tree.commands()] == list(SUBCOMMANDS)
    for command in command_tree.commands():
        real = app.get_command(ctx, command.name)
        assert real is not None
        options = [param for param in real.params if isinstance(param, click.Option)]
        assert {name for option in options for name in (*option.opts, *option.secondary_opts)} | {"-h", "--help"} == {
            name for flag in command.flags for name in flag.names
        }
        assert {name for option in options if not option.is_flag for name in option.opts} == {
            name for flag in command.flags if flag.value_kind for name in flag.names
        }


def test_options_have_headings() -> None:
    """In commands with many options, every option but --help is under a heading of its own."""
    for command in command_tree.commands():
        if any(flag.value_kind == "csv" for flag in command.flags):
            loose = [flag.names[-1] for flag in command.flags if flag.heading == "Options"]
            assert loose == ["--help"], command.name


def test_names_match_the_catalogue() -> None:
    """Every name and every alias of the catalogue is offered once."""
    assert names.names() == list(entries())
    assert sorted(names.aliases()) == sorted(alias for entry in entries().values() for alias in entry.aliases)


def test_offers_are_valid() -> None:
    """Every framework, parameter and value offered after a name is valid there."""
    for name, found in names.frameworks().items():
        for framework in found:
            assert parse(f"{name}@{framework}", partial=True).framework == framework
    for where, found in names.parameters().items():
        bound = parse(where.removesuffix("@"), partial=True)
        for name in found:
            assert bound.find_parameter(name)
    for where, found in names.values().items():
        at, _, param = where.partition(":")
        for word in found:
            parse(at.removesuffix("@"), {param: word}, partial=True)


def test_parameters_are_complete() -> None:
    """The parameters offered after a name are those of its entry without a framework."""
    offered = names.parameters()
    for name, entry in entries().items():
        key = f"{name.replace('_', '')}@"
        assert offered.get(key, []) == [param.name for param in entry.available_parameters()]


# --- the man page ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(scripts: Path) -> str:
    """Return the page as man shows it, with one line per paragraph."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed here")
    command = ["groff", "-man", "-Tutf8", "-P-cbou", "-rLL=5000n", str(scripts / "actcli.1")]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def test_page_is_complete(page: str) -> None:
    """The page has every command, option, topic, activation, framework, example and exit code."""
    for command in command_tree.commands():
        assert f"{command.usage}\n" in page
        for paragraph in command.text:
            assert all(line in page for line in paragraph.split("\n"))
        for flag in command.flags:
            assert ", ".join(flag.names) + f" {flag.metavar}" * bool(flag.metavar) in page
            assert flag.help in page
        for line in format_examples(command.examples, 68):
            assert line in page
    for word in (*entries(), *(f"@{name}" for name in FRAMEWORKS), "NO_COLOR", "COLUMNS", "130", "141"):
        assert word in page
    for topic in TOPICS:
        assert f"\n{topic.upper()}\n" in page
        text = read_topic(topic)
        for paragraph in re.findall(r"^[^# \n].*$", text.partition("\n")[2], re.MULTILINE):
            assert paragraph in page
        for line in re.findall(r"^(?:# |    )(.*)$", text, re.MULTILINE):
            assert line in page
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT"):
        assert f"\n{heading}\n" in page


def test_page_width(scripts: Path) -> None:
    """In 80 columns no line is wider, and no name is hyphenated."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed here")
    command = ["groff", "-man", "-Tutf8", "-P-cbou", "-rLL=78n", str(scripts / "actcli.1")]
    page = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert [line for line in page.splitlines() if len(line) > 80] == []
    assert "\u2010\n" not in page


def test_page_in_man(scripts: Path) -> None:
    """`man -l` shows the page."""
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("man is not installed here")
    done = subprocess.run(
        ["man", "-l", str(scripts / "actcli.1")], capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if b"minimized" in done.stdout or done.returncode:
        pytest.skip("man is only a stub here")
    assert b"correctly rounded" in b" ".join(done.stdout.replace("\u2010".encode(), b"").split())


@named("text", ["a\\b", "-x --y", ".TH", "'quoted'", "`touch`", "^ ~ \\- \\(aq", "f'(x)", "x.y", "a  b"])
def test_roff_escapes(text: str, tmp_path: Path) -> None:
    """Text that is a macro or an escape in roff is shown literally."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed here")
    (tmp_path / "page.1").write_text(f".TH A 1\n.nf\n{roff(text)}\n")
    command = ["groff", "-man", "-Tutf8", "-P-cbou", "-ww", str(tmp_path / "page.1")]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    assert f"\n{text}\n" in done.stdout.decode()
