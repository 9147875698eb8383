"""actcli completion: the completion script of a shell."""

from __future__ import annotations

import click

from actcli.cli.app import Command
from actcli.cli.options import OneOf
from actcli.cli.stdout import print_text

EXAMPLES = """
source <(actcli completion bash)    # in ~/.bashrc
source <(actcli completion zsh)     # in ~/.zshrc, after compinit
actcli completion fish | source     # in ~/.config/fish/config.fish
"""


@click.command(
    cls=Command, name="completion", examples=EXAMPLES, short_help="The completion script of a shell: what TAB offers."
)
@click.argument("shell", metavar="SHELL", type=OneOf(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that has SHELL (bash, zsh or fish) complete commands, options, activations, files and columns.

    A shell finds it by itself if the package is installed under /usr/local, or by pipx 1.16 or later.
    """
    from actcli.cli.completion import text_of

    print_text(text_of(shell))
