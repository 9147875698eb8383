"""Error messages: one line with subject, problem and remedy, where possible with the nearest valid word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from actcli.cli.synonyms import WORDS
from actcli.errors import DataError, LocatedError, ParameterError, UnknownActivationError, UsageError
from actcli.text import displayable, escape, join_or

__all__ = [
    "click_errors",
    "one_line",
    "quote",
    "suggestion",
    "usage_error",
]

MAX_NAME_CHARS = 200
"""A message that quotes a longer text of the user is cut in the middle."""

MIN_WORD_SIMILARITY = 0.6
"""difflib's ratio from which on a word counts as a misspelling of another."""


class LocatedUsageError(click.UsageError):
    """A usage error at a known position of an argument; the excerpt shows the text and a caret below it."""

    def __init__(self, message: str, excerpt: Sequence[str]) -> None:
        super().__init__(message)
        self.excerpt = tuple(excerpt)


def usage_error(message: str) -> click.UsageError:
    """Return an error of the command line, which ends the program with exit code 2."""
    return click.UsageError(message)


def quote(text: str) -> str:
    """Return the user's text in quotes, escaped and shortened for a message."""
    return f"'{displayable(text)}'"


def suggestion(word: str, choices: Iterable[str]) -> str:
    """Return `; did you mean X?` with the choices that `word` is a synonym of, else with the nearest; "" if none is."""
    from difflib import get_close_matches  # late: only needed after an error

    choices = list(choices)
    near = [choice for choice in WORDS.get(word.lower(), ()) if choice in choices]
    near = near or get_close_matches(word.lower(), choices, n=1, cutoff=MIN_WORD_SIMILARITY)
    return f"; did you mean {join_or(near)}?" if near else ""


def one_line(error: click.ClickException) -> str:
    """Return the message of `error` in one printable line, and below it the excerpt if it has one."""
    if isinstance(error, LocatedUsageError):
        return "\n".join([escape(error.format_message()), *map(escape, error.excerpt)])
    if isinstance(error, click.NoSuchOption):
        from actcli.cli.suggestions import option_hint  # late: only needed after an error

        return f"no such option {displayable(error.option_name)}{option_hint(error)}"
    if isinstance(error, click.MissingParameter) and error.param is not None and error.ctx is not None:
        choices = getattr(error.param.type, "choices", ())
        remedy = join_or(choices) if choices else f"see {error.ctx.command_path} -h"
        return f"{error.param.make_metavar(error.ctx)} is missing: {remedy}"
    if isinstance(error, click.BadOptionUsage) and error.ctx is not None:
        return _bad_option_value(error.option_name, error.ctx)
    return escape(error.format_message())


def _bad_option_value(name: str, ctx: click.Context) -> str:
    """Return the message for an option that lacks its value, or has a value and takes none."""
    param = next((param for param in ctx.command.get_params(ctx) if name in (*param.opts, *param.secondary_opts)), None)
    if not isinstance(param, click.Option) or param.is_flag:
        return f"{displayable(name)} takes no value"
    return f"{displayable(name)} requires a value, {param.make_metavar(ctx)}: see {ctx.command_path} -h"


@contextmanager
def click_errors(*texts: str) -> Iterator[None]:
    """Translate actcli's exceptions into click's; `texts` are the user's texts that a message may quote."""
    try:
        yield
    except UnknownActivationError as error:
        from actcli.cli.suggestions import framework_spec  # late: only needed after an error
        from actcli.core.expressions.functions import usage

        close = [theirs] if (theirs := framework_spec(error.word, texts)) else error.suggestions
        listing = "" if ":" in error.statement else "; actcli list prints all names"
        near = f"; did you mean {join_or(close)}?" if close else listing
        if not theirs and (call := usage(error.word)) is not None and error.word in texts:
            near = f": to use the function, write the formula '{call}'"
        raise usage_error(shorten_names(error.statement, texts) + near) from None
    except LocatedError as error:
        raise LocatedUsageError(error.message, error.excerpt) from None
    except ParameterError as error:
        near = suggestion(error.word, error.choices) if error.word else ""
        raise usage_error(shorten_names(str(error), texts) + near) from None
    except UsageError as error:
        raise usage_error(str(error)) from None
    except DataError as error:
        raise click.ClickException(str(error)) from None


def shorten_names(message: str, texts: Iterable[str]) -> str:
    """Return `message`, cut in the middle if one of the `texts` that it may quote is too long."""
    # repr() writes an invalid byte as its surrogate escape.
    message = re.sub(r"(?<!\\)\\udc([89a-f][0-9a-f])", r"\\x\1", message)
    if all(len(repr(text)) <= MAX_NAME_CHARS for text in texts) or len(message) <= MAX_NAME_CHARS:
        return message
    return f"{message[: MAX_NAME_CHARS // 2]} ... {message[5 - MAX_NAME_CHARS // 2 :]}"
