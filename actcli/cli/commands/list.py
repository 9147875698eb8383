"""actcli list: the searchable catalogue."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors, usage_error
from actcli.cli.help import option_group
from actcli.cli.option_types import Choice
from actcli.cli.options import OUTPUT, Options, color_option, format_option, output_option
from actcli.cli.output_format import ROWS, resolve_format
from actcli.core.catalogue.vocabulary import FRAMEWORKS, KINDS
from actcli.errors import NoMatchError
from actcli.text import join_or

EXAMPLES = """
actcli list                                     # every activation
actcli list gelu                                # by a word
actcli list --framework jax                     # those that JAX has
actcli list --kind gated -f csv                 # for programs
actcli list -f plain                            # names, one per line
actcli list -f table | less                     # in a pager: pipes get CSV
"""
FORMATS = ("auto", "table", "csv", "tsv", "json", "jsonl", "md", "plain")


@click.command(cls=Command, name="list", examples=EXAMPLES, short_help="Search the catalogue.")
@click.argument("word", metavar="[WORD]", required=False, default="")
@option_group(
    "Filters",
    click.option(
        "--framework",
        type=Choice(list(FRAMEWORKS)),
        metavar="NAME",
        help=f"Only activations of this framework: {', '.join(FRAMEWORKS)}.",
    ),
    click.option(
        "--kind", type=Choice(KINDS), metavar="KIND", help=f"Only activations of this kind: {', '.join(KINDS)}."
    ),
)
@output_option
@format_option(FORMATS, "auto: a table on a terminal, else csv; plain: the names")
@option_group(OUTPUT, click.option("-d", "--delimiter", metavar="CHAR", help="Cell separator of CSV (default: comma)."))
@color_option
def command(word: str, framework: str | None, kind: str | None, **arguments: Any) -> None:
    """List activations with formula, range and the names that frameworks give them.

    WORD is searched for in names, aliases, the frameworks' names, parameters, papers and notes.
    """
    from actcli.core.catalogue.search import search  # late: help needs no catalogue

    options = Options.of(**arguments)
    with click_errors(word):
        try:
            entries = search(word, framework or "", kind or "")
        except NoMatchError as error:
            near = f"; did you mean {join_or(error.suggestions)}?" if error.suggestions else ""
            raise usage_error(f"{error}{near}") from None
        form = resolve_format(options, FORMATS, ROWS)
        from actcli.cli.reports.list import write_catalogue  # late: help does not need it

        write_catalogue(entries, word.strip(), framework or "", form, options)
