"""The command group, its subcommands, and the parsing of the command line.

A word that parses as a number is never an option, so that negative values need no `--`. A subcommand is imported when
it is called.
"""

from __future__ import annotations

import importlib
from typing import Any

import click

import actcli
from actcli.cli.argument_words import check_words, is_value
from actcli.cli.console import print_text
from actcli.cli.errors import quote, suggestion, usage_error
from actcli.cli.help import Documented, write_sections
from actcli.cli.once import check_repetition

__all__ = ["Command", "app"]

SUBCOMMANDS = ("eval", "grad", "table", "compare", "list", "show", "demo", "help", "completion")
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Command(Documented):
    """A command that accepts negative numbers as arguments and whose help begins with examples."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"context_settings": CONTEXT, **kwargs})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does; report surplus words with a suggestion."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            from actcli.cli.suggestions import surplus_words_message  # late: only needed after an error

            raise click.UsageError(surplus_words_message(ctx, rest), ctx)
        return rest

    def make_parser(self, ctx: click.Context) -> Any:
        """Return click's parser, which sees numbers prefixed with NUL and so does not take them for options.

        No argument of a process can contain NUL.
        """
        parser = super().make_parser(ctx)
        parse = parser.parse_args

        def parse_marked(args: list[str]) -> tuple[Any, list[str], list[Any]]:
            check_words(ctx, args)
            options, rest, order = parse([f"\0{arg}" if is_value(arg) else arg for arg in args])
            check_repetition(order)
            return {name: _unmark(value) for name, value in options.items()}, _unmark(rest), order

        parser.parse_args = parse_marked  # type: ignore[method-assign]  # click offers no hook between the two
        return parser


def _unmark(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix("\0")
    return type(value)(map(_unmark, value)) if isinstance(value, list | tuple) else value


class _App(Documented, click.Group):
    """The group; each subcommand is the `command` of a module of actcli.cli.commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the help."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the module of a command and return the command, or None if there is none of this name."""
        if name not in SUBCOMMANDS:
            return None
        module = importlib.import_module(f"actcli.cli.commands.{name}")
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does; report a number in place of the command."""
        if args and is_value(args[0]):
            raise _no_such_command(args)
        check_words(ctx, args)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve as click does; report an unknown command with a suggestion."""
        if args[0] not in SUBCOMMANDS and not args[0].startswith("-"):
            raise _no_such_command(args)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        commands = [
            (name, command.short_help or "") for name in SUBCOMMANDS if (command := self.get_command(ctx, name))
        ]
        options = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))]
        write_sections(formatter, {"Commands": commands, "Options": options})


def _no_such_command(args: list[str]) -> click.UsageError:
    """Return the error for a first word that is not a command: misspelt, or an activation without its command."""
    from actcli.cli.suggestions import command_hint  # late: only needed after an error

    near = command_hint(args) or suggestion(args[0], SUBCOMMANDS)
    return usage_error(f"no such command {quote(args[0])}{near or ': the commands are ' + ', '.join(SUBCOMMANDS)}")


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        print_text(f"actcli {actcli.__version__}\n")
        ctx.exit()


EXAMPLES = """
actcli eval relu -- -2 0 3                    # values
actcli grad gelu -- -1 0 1                    # exact derivatives
actcli eval silu --range -6:6 -n 13           # over a range
actcli eval sigmoid -i data.csv -c logit      # a new column in a CSV
actcli table relu gelu --plot                 # a drawing
actcli compare gelu gelu_tanh                 # differences
actcli show gelu                              # everything about it
"""


@click.group(cls=_App, context_settings=CONTEXT, no_args_is_help=False, invoke_without_command=True, examples=EXAMPLES)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Print the version."
)
@click.pass_context
def app(ctx: click.Context) -> None:
    """Activation functions of neural networks: values and derivatives, correctly rounded.

    Examples and options of a command: actcli COMMAND -h
    """
    if ctx.invoked_subcommand is None:
        print_text(f"{ctx.get_help()}\n")
        ctx.exit()
