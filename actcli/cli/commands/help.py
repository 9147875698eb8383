"""actcli help: topics, such as the formula language, and the help of a command."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import SUBCOMMANDS, Command
from actcli.cli.console import print_text
from actcli.cli.errors import quote, suggestion, usage_error
from actcli.cli.option_types import Choice
from actcli.cli.topics import RELATED_WORDS, TOPICS
from actcli.cli.topics.layout import topic_list, topic_page

EXAMPLES = """
actcli help             # the list of topics
actcli help formulas    # the formula language
actcli help csv         # the CSV filter
actcli help eval        # a command: the same as actcli eval -h
"""


class TopicName(Choice):
    """The name of a topic or a command; the error of an unknown one suggests the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return `value`; UsageError if it is neither a topic nor a command."""
        if value in self.choices:
            return str(value)
        related = RELATED_WORDS.get(value.lower())
        near = f"; did you mean {related}?" if related else suggestion(value, self.choices)
        raise usage_error(f"unknown help topic {quote(value)}{near or '; actcli help lists the topics'}")


@click.command(cls=Command, name="help", examples=EXAMPLES, short_help="Topics: formulas, csv, numbers, exactness, ...")
@click.argument("topic", metavar="[TOPIC]", required=False, type=TopicName([*TOPICS, *SUBCOMMANDS]))
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Explain a topic, or list the topics.

    TOPIC can also be the name of a command, whose help is then shown.
    """
    if topic in SUBCOMMANDS:
        root = ctx.find_root()
        group = root.command
        assert isinstance(group, click.Group)
        chosen = group.get_command(root, str(topic))
        assert chosen is not None
        chosen.make_context(topic, ["--help"], parent=root)
        return
    print_text(topic_list(ctx.make_formatter()) if topic is None else topic_page(topic, ctx.make_formatter()))
