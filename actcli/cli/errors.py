"""What is said when something is wrong: one line that names it and, where there is one, the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from actcli.text import displayable, escape, join_or

__all__ = [
    "LocatedUsageError",
    "click_errors",
    "join_or",
    "no_such_command",
    "one_line",
    "quote",
    "shorten_names",
    "suggestion",
    "usage_error",
]

_LONGEST = 200
_NEAR = 0.6


class LocatedUsageError(click.UsageError):
    """A fault of the command line that has a place: under its line stand the text and a caret."""

    def __init__(self, message: str, picture: Sequence[str]) -> None:
        super().__init__(message)
        self.excerpt = tuple(picture)


def usage_error(message: str) -> click.UsageError:
    """A fault of the command line: exit code 2."""
    return click.UsageError(message)


def quote(text: str) -> str:
    """Text that the user gave, as a message may show it."""
    return f"'{displayable(text)}'"


def suggestion(word: str, choices: Iterable[str]) -> str:
    """`; did you mean X?` with what `word` stands for among the choices, or the nearest of them, or nothing."""
    from difflib import get_close_matches

    from actcli.cli.synonyms import WORDS

    choices = list(choices)
    near = [choice for choice in WORDS.get(word.lower(), ()) if choice in choices]
    near = near or get_close_matches(word.lower(), choices, n=1, cutoff=_NEAR)
    return f"; did you mean {join_or(near)}?" if near else ""


def one_line(error: click.ClickException) -> str:
    """What went wrong, in one line that a terminal can be shown; below it the picture of its place, if it has one."""
    if isinstance(error, LocatedUsageError):
        return "\n".join([escape(error.format_message()), *map(escape, error.excerpt)])
    if isinstance(error, click.NoSuchOption):
        from actcli.cli import suggestions

        return f"no such option {displayable(error.option_name)}{suggestions.option(error)}"
    if isinstance(error, click.MissingParameter) and error.param is not None and error.ctx is not None:
        choices = getattr(error.param.type, "choices", ())
        said = join_or(choices) if choices else f"see {error.ctx.command_path} -h"
        return f"{error.param.make_metavar(error.ctx)} is missing: {said}"
    if isinstance(error, click.BadOptionUsage) and error.ctx is not None:
        return _misused(error.option_name, error.ctx)
    return escape(error.format_message())


def _misused(name: str, ctx: click.Context) -> str:
    """An option without the value that it takes, or with one where it takes none."""
    param = next((param for param in ctx.command.get_params(ctx) if name in (*param.opts, *param.secondary_opts)), None)
    if not isinstance(param, click.Option) or param.is_flag:
        return f"{displayable(name)} takes no value"
    return f"{displayable(name)} needs a value, {param.make_metavar(ctx)}: see {ctx.command_path} -h"


def no_such_command(args: Sequence[str], commands: Sequence[str]) -> click.UsageError:
    """The fault of a first word that is no command: a command misspelt, or an activation without its command."""
    from actcli.cli import suggestions

    near = suggestions.command(args, commands) or suggestion(args[0], commands)
    return usage_error(f"no such command {quote(args[0])}{near or ': the commands are ' + ', '.join(commands)}")


@contextmanager
def click_errors(*texts: str) -> Iterator[None]:
    """Turn what the rooms raise into what click reports; `texts` are what the user wrote and a message may quote."""
    from actcli.errors import DataError, LocatedError, ParameterError, UnknownActivationError, UsageError

    try:
        yield
    except UnknownActivationError as fault:
        from actcli.cli.suggestions import in_framework

        close = [theirs] if (theirs := in_framework(fault.word, texts)) else fault.suggestions
        near = f"; did you mean {join_or(close)}?" if close else "; actcli list names them"
        raise usage_error(shorten_names(fault.statement, texts) + near) from None
    except LocatedError as fault:
        raise LocatedUsageError(fault.message, fault.excerpt) from None
    except ParameterError as fault:
        near = suggestion(fault.word, fault.choices) if fault.word else ""
        raise usage_error(shorten_names(str(fault), texts) + near) from None
    except UsageError as fault:
        raise usage_error(str(fault)) from None
    except DataError as fault:
        raise click.ClickException(str(fault)) from None


def shorten_names(message: str, texts: Iterable[str]) -> str:
    """`message`, cut in the middle if one of the `texts` that it may quote is longer than a person reads."""
    # repr() spells a byte that is no UTF-8 as the surrogate that stands for it.
    message = re.sub(r"(?<!\\)\\udc([89a-f][0-9a-f])", r"\\x\1", message)
    if all(len(repr(text)) <= _LONGEST for text in texts) or len(message) <= _LONGEST:
        return message
    return f"{message[: _LONGEST // 2]} ... {message[5 - _LONGEST // 2 :]}"
