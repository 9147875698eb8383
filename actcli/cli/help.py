"""Layout of help: worked examples, then the description, then the options in groups."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from actcli.cli.console import print_text

__all__ = [
    "WORDS",
    "Context",
    "Documented",
    "compose",
    "format_examples",
    "heading",
    "option_group",
    "sort_groups",
    "write_sections",
]

Rows = TypeVar("Rows")

HEADINGS = (
    "Input",
    "Computation",
    "Plot",
    "CSV",
    "Output",
    "Options",
)
"""Headings of option groups that commands share, in their order."""

_COMMENT = "  # "
_PARTS = re.compile(r"--?[a-z][a-z-]* (?!-[^0-9])(?:'[^']*'|\S)+|(?:'[^']*'|\S)+")
"""Parts of an example command that stay on one line: words, and options with their values."""
MIN_HELP_WIDTH = 30
MAX_OPTION_WIDTH = 26
"""Columns for the names of options."""

WORDS = "actcli.words"
"""Key of a context's `meta` for the words of the command line as typed."""

_HEADINGS: dict[click.Parameter, str] = {}


def compose(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return one decorator composed of several; the first is listed first in the help."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def option_group(heading_text: str, *options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return one decorator composed of several options, which the help lists under the heading."""
    together = compose(*options)

    def decorate(function: Any) -> Any:
        before = len(getattr(function, "__click_params__", ()))
        function = together(function)
        for option in function.__click_params__[before:]:
            _HEADINGS.setdefault(option, heading_text)
        return function

    return decorate


def heading(param: click.Parameter) -> str:
    """Return the heading under which the help lists an option."""
    return _HEADINGS.get(param, "Options")


def sort_groups(sections: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return the groups in the order of HEADINGS; a group that only one command has comes first."""
    own = [name for name in sections if name not in HEADINGS]
    return {name: sections[name] for name in (*own, *HEADINGS) if name in sections}


def format_examples(examples: Sequence[str], width: int) -> list[str]:
    """Return the examples in lines of at most `width` columns.

    If one is too wide, all comments move above their commands, and long commands are continued with backslashes, so
    that they still run in a shell.
    """
    split = any(len(example) > width and _COMMENT in example for example in examples)
    lines: list[str] = []
    for example in examples:
        command, _, comment = example.partition(_COMMENT)
        if split and 0 < len(comment) <= width - 2:
            lines.append(f"# {comment}")
        lines += _continued(command.rstrip(), width) if split or len(example) > width else [example]
    return lines


def _continued(command: str, width: int) -> list[str]:
    lines = []
    line = ""
    for part in _PARTS.findall(command):
        longer = f"{line} {part}" if line else part
        # Two columns are left for the backslash.
        if line and len(longer) > width - 2:
            lines.append(f"{line} \\")
            longer = f"    {part}"
        line = longer
    return [*lines, line]


class _Formatter(click.HelpFormatter):
    """Formatter for the terminal's width, also below click's minimum."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        if width is None:
            width = max(min(_columns(), max_width or 80) - 2, MIN_HELP_WIDTH)
        super().__init__(indent_increment, width, max_width)


def _columns() -> int:
    """Return the terminal's width, as shutil.get_terminal_size does, whose import takes longer than the help itself."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) < 6 and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


class Context(click.Context):
    """Context whose help fits the terminal."""

    formatter_class = _Formatter


class Documented(click.Command):
    """Command whose help has examples, a description, and options in groups."""

    context_class = Context

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples.strip().splitlines()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's -h, changed to fail if its text cannot be written."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _print_help
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does; keep the words and the command for error messages."""
        ctx.meta[WORDS] = tuple(args)
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            # Click's parser does not set the command.
            error.ctx = ctx
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, unwrapped so that they can be copied, then the description."""
        if self.examples:
            with formatter.section("Examples"):
                for line in format_examples(self.examples, formatter.width - formatter.current_indent):
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")
        for paragraph in inspect.cleandoc(self.help or "").split("\n\n"):
            formatter.write_paragraph()
            with formatter.indentation():
                if paragraph.startswith("\b\n"):
                    rows = [line.split(maxsplit=1) for line in paragraph.splitlines()[1:]]
                    formatter.write_dl([(word, meaning) for word, meaning in rows])
                else:
                    formatter.write_text(paragraph)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups, all in the same columns."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                sections.setdefault(heading(param), []).append(record)
        write_sections(formatter, sort_groups(sections))


def _print_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        print_text(f"{ctx.get_help()}\n")
        ctx.exit()


def write_sections(formatter: click.HelpFormatter, sections: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write lists of names and descriptions; the descriptions of all lists are aligned."""
    limit = min(MAX_OPTION_WIDTH, formatter.width // 2)
    width = min(limit, max(len(word) for rows in sections.values() for word, _ in rows))
    for words, rows in sections.items():
        with formatter.section(words):
            formatter.write_dl([(word.ljust(width), text) for word, text in rows], col_max=limit)
