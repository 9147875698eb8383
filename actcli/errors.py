"""Exceptions of the public interface, one tree rooted in ActcliError.

    ActcliError (a ValueError)
      UsageError                  the options do not fit the data (exit code 2)
      DataError                   the data or a file is invalid or cannot be read or written (exit code 1)
      UnknownActivationError      no activation has the name
      NoMatchError                no activation matches a search
      ParameterError              a parameter is unknown, missing or invalid
        MissingParameterError     a parameter without a default has no value
        LocatedError              an error at a known position of a SPEC
          ExpressionError         an expression cannot be parsed or evaluated

Every message is one finished line: subject, problem, remedy.
"""

from __future__ import annotations

from collections.abc import Sequence

from actcli.text import escape, join_or

__all__ = [
    "ActcliError",
    "DataError",
    "ExpressionError",
    "LocatedError",
    "MissingParameterError",
    "NoMatchError",
    "ParameterError",
    "UnknownActivationError",
    "UsageError",
]

_CHARS_BEFORE, _CHARS_AFTER = 50, 30
"""How much of an expression an excerpt shows on either side of the error."""


class ActcliError(ValueError):
    """Base class of all exceptions that actcli raises on purpose."""


class UsageError(ActcliError):
    """Options that do not fit the data. The message is one line without control characters."""


class DataError(ActcliError):
    """Data or a file that is invalid, unreadable or unwritable. The message is one line without control characters."""


class UnknownActivationError(ActcliError):
    """An unknown name of an activation.

    word         the unknown name
    suggestions  the nearest names, best first
    statement    the message without the suggestions
    """

    def __init__(self, word: str, suggestions: Sequence[str], statement: str = "") -> None:
        self.word = word
        self.suggestions = tuple(suggestions)
        self.statement = statement or f"no activation is called {word!r}"
        hint = f"; did you mean {join_or(suggestions)}?" if suggestions else ""
        super().__init__(self.statement + (hint or ("" if statement else "; actcli.names() lists them")))


class NoMatchError(ActcliError):
    """A search without a match.

    word         the word searched for
    suggestions  the nearest names, best first
    """

    def __init__(self, message: str, word: str, suggestions: Sequence[str]) -> None:
        super().__init__(message)
        self.word = word
        self.suggestions = tuple(suggestions)


class ParameterError(ActcliError):
    """A parameter that is unknown, missing, or outside its valid range.

    word     the word in question, where another may be suggested
    choices  the words that are valid in its place
    """

    def __init__(self, message: str, word: str = "", choices: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.word = word
        self.choices = tuple(choices)


class MissingParameterError(ParameterError):
    """A parameter that has neither a default nor a value."""


class LocatedError(ParameterError):
    """An error at a known position of a text.

    message  the message without the position
    at       the position, in characters from the start of the text
    excerpt  the text around the position, and a line with a caret below it
    """

    def __init__(self, message: str, text: str, at: int) -> None:
        super().__init__(f"{message}, at character {at + 1}")
        self.message = message
        self.at = at
        self.excerpt = _excerpt(text, at)


class ExpressionError(LocatedError):
    """An expression that cannot be parsed or evaluated."""


def _excerpt(text: str, at: int) -> tuple[str, str]:
    start = max(0, at - _CHARS_BEFORE)
    before = "..." * (start > 0) + escape(text[start:at])
    after = escape(text[at : at + _CHARS_AFTER]) + "..." * (len(text) > at + _CHARS_AFTER)
    return f"  {before}{after}", f"  {' ' * len(before)}^"
