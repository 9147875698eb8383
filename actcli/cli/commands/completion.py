"""actcli completion: the completion script of a shell."""

from __future__ import annotations

import click

from actcli.cli.app import Command
from actcli.cli.console import print_text
from actcli.cli.option_types import Choice

EXAMPLES = """
source <(actcli completion bash)    # in ~/.bashrc
source <(actcli completion zsh)     # in ~/.zshrc, after compinit
actcli completion fish | source     # in ~/.config/fish/config.fish
"""


@click.command(cls=Command, name="completion", examples=EXAMPLES, short_help="Print the completion script of a shell.")
@click.argument("shell", metavar="SHELL", type=Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script with which SHELL (bash, zsh or fish) completes commands, options, activations, files and
    columns.

    No script is needed if the package is installed under /usr/local, or by pipx 1.16 or later.
    """
    from actcli.cli.completion import text_of  # late: imports every command

    print_text(text_of(shell))
