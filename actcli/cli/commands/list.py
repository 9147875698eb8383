"""actcli list: the catalogue, searchable."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.help import under
from actcli.cli.options import RESULTS, OneOf, Options, color_option, format_option, output_option
from actcli.core.catalogue.vocabulary import FRAMEWORKS, KINDS

EXAMPLES = """
actcli list                                     # all of them
actcli list gelu                                # by a word
actcli list --framework jax                     # what JAX has
actcli list --kind gated -f csv                 # for programs
actcli list -f plain                            # names, one a line
"""
FORMATS = ("auto", "table", "csv", "tsv", "json", "jsonl", "md", "plain")


@click.command(cls=Command, name="list", examples=EXAMPLES, short_help="The catalogue, searchable.")
@click.argument("word", metavar="[WORD]", required=False, default="")
@under(
    "What is listed",
    click.option(
        "--framework",
        type=OneOf(list(FRAMEWORKS)),
        metavar="NAME",
        help=f"Only those that it has: {', '.join(FRAMEWORKS)}.",
    ),
    click.option("--kind", type=OneOf(KINDS), metavar="KIND", help=f"Only those of a kind: {', '.join(KINDS)}."),
)
@output_option
@format_option(FORMATS, "auto: a table on a terminal, else csv; plain: the names")
@under(RESULTS, click.option("-d", "--delimiter", metavar="CHAR", help="Cell separator of CSV (a comma)."))
@color_option
def command(word: str, framework: str | None, kind: str | None, **given: Any) -> None:
    """The activations there are: formula, range, and what each framework calls them.

    WORD is searched for in names, aliases, the frameworks' names, parameters, papers and notes.
    """
    from actcli.cli.list_run import run_list

    run_list(word, framework or "", kind or "", Options.of(**given))
