"""The layout of topics: headings, paragraphs, lists of terms and examples, in the width of the terminal."""

from __future__ import annotations

import re

import click

from actcli.cli.help import format_examples, write_sections
from actcli.cli.topics import TOPICS, read_topic, summary_of

__all__ = ["topic_list", "topic_page"]

_INDENT = 2


def topic_list(formatter: click.HelpFormatter) -> str:
    """Return the list of topics, a line for each."""
    write_sections(formatter, {"Topics": [(name, summary_of(name)) for name in TOPICS]})
    formatter.write_paragraph()
    formatter.write_text("A topic: actcli help TOPIC. The options of a command: actcli help COMMAND.")
    return formatter.getvalue()


def topic_page(name: str, formatter: click.HelpFormatter) -> str:
    """Return a topic as a page."""
    summary, *blocks = read_topic(name).rstrip("\n").split("\n\n")
    formatter.write_text(f"{name} - {summary}")
    for block in blocks:
        formatter.write_paragraph()
        if block.startswith("# "):
            formatter.write(f"{block.removeprefix('# ')}:\n")
        elif block.startswith("    "):
            _write_example(formatter, [line[4:] for line in block.split("\n")])
        elif block.startswith("  "):
            rows = [line[2:].split("  ", 1) for line in block.split("\n")]
            with formatter.indentation():
                formatter.write_dl([(term, meaning) for term, meaning in rows], col_max=formatter.width // 3)
        else:
            with formatter.indentation():
                formatter.write_text(block)
    # A heading is followed by its text without a blank line.
    return re.sub(r"(?<=\n)(\S.*:\n)\n", r"\1", formatter.getvalue())


def _write_example(formatter: click.HelpFormatter, lines: list[str]) -> None:
    """Write commands, parted between words where they are too long, and their output as it is."""
    for line in lines:
        shown = [line]
        if line.startswith("$ "):
            shown = format_examples([line], formatter.width - 2 * _INDENT)
        for part in shown:
            formatter.write(f"{'':{2 * _INDENT}}{part}".rstrip() + "\n")
