"""How help is laid out: worked examples first, then the options under the headings that a user thinks in."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from actcli.cli.stdout import print_text

__all__ = ["WORDS", "Context", "Documented", "declared", "heading", "in_order", "laid_out", "under", "write_sections"]

Rows = TypeVar("Rows")

HEADINGS = (
    "Where x comes from",
    "What is computed",
    "A plot instead of rows",
    "How CSV is read and written",
    "Where results go, and how they look",
    "Options",
)
"""The headings that commands share, in their order."""

_COMMENT = "  # "
_PARTS = re.compile(r"--?[a-z][a-z-]* (?!-[^0-9])(?:'[^']*'|\S)+|(?:'[^']*'|\S)+")
"""The words of a command, an option with its value as one."""
_NARROWEST = 30
_OPTION_WIDTH = 26
WORDS = "actcli.words"
"""Where a context keeps the words of its command, as they were typed."""
_HEADINGS: dict[click.Parameter, str] = {}


def declared(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """One decorator made of several, the first of which is listed first in the help."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def under(words: str, *options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """As `declared`: options that stand together in the help, under this heading."""
    together = declared(*options)

    def decorate(function: Any) -> Any:
        before = len(getattr(function, "__click_params__", ()))
        function = together(function)
        for option in function.__click_params__[before:]:
            _HEADINGS.setdefault(option, words)
        return function

    return decorate


def heading(param: click.Parameter) -> str:
    """The heading under which an option stands."""
    return _HEADINGS.get(param, "Options")


def in_order(sections: Mapping[str, Rows]) -> dict[str, Rows]:
    """Sections by their headings in the order of every help: what only one command has comes first."""
    first = [words for words in sections if words not in HEADINGS]
    return {words: sections[words] for words in (*first, *HEADINGS) if words in sections}


def laid_out(examples: Sequence[str], width: int) -> list[str]:
    """Examples in lines of `width` columns: as they are, or if one is too wide, their comments above them.

    A command is parted between words only, and runs in a shell in this form too.
    """
    apart = any(len(example) > width and _COMMENT in example for example in examples)
    lines: list[str] = []
    for example in examples:
        command, _, comment = example.partition(_COMMENT)
        if apart and 0 < len(comment) <= width - 2:
            lines.append(f"# {comment}")
        lines += _parted(command.rstrip(), width) if apart or len(example) > width else [example]
    return lines


def _parted(command: str, width: int) -> list[str]:
    lines = []
    line = ""
    for part in _PARTS.findall(command):
        longer = f"{line} {part}" if line else part
        # Two more columns, for the mark that the line goes on.
        if line and len(longer) > width - 2:
            lines.append(f"{line} \\")
            longer = f"    {part}"
        line = longer
    return [*lines, line]


class _Formatter(click.HelpFormatter):
    """As wide as the terminal, even if that is narrower than click holds to be possible."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        if width is None:
            width = max(min(_columns(), max_width or 80) - 2, _NARROWEST)
        super().__init__(indent_increment, width, max_width)


def _columns() -> int:
    """The terminal's width, as shutil.get_terminal_size has it, which takes longer to import than help to write."""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and 0 < len(said) < 6 and int(said) > 0:
        return int(said)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


class Context(click.Context):
    """A context whose help fits the terminal."""

    formatter_class = _Formatter


class Documented(click.Command):
    """What has help: examples, then words, then options under their headings."""

    context_class = Context

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples.strip().splitlines()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click's -h, which fails where its text cannot be written."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _print_help
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Click's; faults of the words may look at all of them."""
        ctx.meta[WORDS] = tuple(args)
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            # Click's parser does not say whose option it is.
            error.ctx = ctx
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples so that they can be copied, and then the text, lists in it as lists."""
        if self.examples:
            with formatter.section("Examples"):
                for line in laid_out(self.examples, formatter.width - formatter.current_indent):
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
        """Write the options under their headings, all in the same columns."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                sections.setdefault(heading(param), []).append(record)
        write_sections(formatter, in_order(sections))


def _print_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        print_text(f"{ctx.get_help()}\n")
        ctx.exit()


def write_sections(formatter: click.HelpFormatter, sections: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write lists of words and their meanings, the meanings of all of them one below the other."""
    limit = min(_OPTION_WIDTH, formatter.width // 2)
    width = min(limit, max(len(word) for rows in sections.values() for word, _ in rows))
    for words, rows in sections.items():
        with formatter.section(words):
            formatter.write_dl([(word.ljust(width), text) for word, text in rows], col_max=limit)
