"""Parameters of an activation: what values they take, how text is parsed, and messages about wrong ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from actcli.errors import ParameterError
from actcli.number_text import exact_number
from actcli.text import join_or

__all__ = [
    "ANY_NUMBER",
    "NONZERO",
    "Parameter",
    "ValidRange",
    "Value",
    "describe_missing",
    "format_number",
    "parse_exact",
    "unknown_parameter_error",
]

_MAX_MESSAGE_CHARS = 40
"""Characters of a value that a message quotes."""

Value = Fraction | bool | str | None
"""The value of a parameter: an exact number, true or false, a choice, or none."""


class ValidRange(NamedTuple):
    """The valid values of a number, in place of a parameter's own: its fields are those of Parameter."""

    exclusive_minimum: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    nonzero: bool = False


ANY_NUMBER = ValidRange()
NONZERO = ValidRange(nonzero=True)


class Parameter(NamedTuple):
    """A parameter of an activation.

    name               its name, PyTorch's where PyTorch has the parameter
    default            text as users type it: a decimal (`0.01` is exactly 1/100), a fraction `1/6`, `none`, `true`,
                       `false` or one of `choices`; None if the parameter is required
    description        its meaning, a phrase for users
    aliases            other names
    choices            the valid words; empty for a number
    exclusive_minimum  valid values are greater than this
    minimum, maximum   valid values are at least, at most this
    optional           whether `none` is valid too
    frameworks         the frameworks whose functions have it; empty if it is available without a framework too
    integer, nonzero   whether it must be an integer, must not be 0
    """

    name: str
    default: str | None
    description: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    exclusive_minimum: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    optional: bool = False
    frameworks: tuple[str, ...] = ()
    integer: bool = False
    nonzero: bool = False

    def with_range(self, valid: ValidRange | None) -> Parameter:
        """Return the parameter with other valid numbers; None leaves it as it is."""
        return self if valid is None else self._replace(**valid._asdict())

    def parse(self, text: str, owner: str) -> Value:
        """Parse `text` as a value of this parameter.

        Raises ParameterError, which names `owner`, unless the value is valid.
        """
        word = text.strip().lower()
        if self.choices:
            if word not in self.choices:
                raise ParameterError(
                    f"{owner}: {self.name} is one of {', '.join(self.choices)}, not {text!r}", word, self.choices
                )
            return {"true": True, "false": False, "none": None}.get(word, word)
        if word == "none" and self.optional:
            return None
        value = parse_exact(word)
        if value is None:
            raise ParameterError(f"{owner}: {self.name}={text!r} is not a number or a fraction such as 1/6")
        return self.check(value, owner, text)

    def check(self, value: Fraction, owner: str, text: str) -> Fraction:
        """Return `value`, which was given as `text`; raise ParameterError unless it is valid."""
        shown = text if len(text) <= _MAX_MESSAGE_CHARS else f"{text[:_MAX_MESSAGE_CHARS]}..."
        if self.integer and value.denominator != 1:
            raise ParameterError(f"{owner}: {self.name} must be a whole number, not {shown}")
        if self.nonzero and not value:
            raise ParameterError(f"{owner}: {self.name} must not be 0")
        if self.exclusive_minimum is not None and not value > Fraction(self.exclusive_minimum):
            raise ParameterError(f"{owner}: {self.name} must be greater than {self.exclusive_minimum}, not {shown}")
        if self.minimum is not None and not value >= Fraction(self.minimum):
            raise ParameterError(f"{owner}: {self.name} must be at least {self.minimum}, not {shown}")
        if self.maximum is not None and not value <= Fraction(self.maximum):
            raise ParameterError(f"{owner}: {self.name} must be at most {self.maximum}, not {shown}")
        return value

    @property
    def valid_range(self) -> str:
        """The valid values as text: `> 0`, `any number`, `none | tanh`, `>= 0, or none`."""
        if self.choices:
            return " | ".join(self.choices)
        kind = "whole number" if self.integer else "number"
        low = f"> {self.exclusive_minimum}" if self.exclusive_minimum else f">= {self.minimum}" if self.minimum else ""
        high = f"<= {self.maximum}" if self.maximum else ""
        interval = ", ".join(part for part in (low, high) if part)
        text = f"{kind} {interval}" if interval and self.integer else interval or f"any {kind}"
        text += " but 0" * self.nonzero
        return f"{text}, or none" if self.optional else text


def parse_exact(text: str) -> Fraction | None:
    """Parse a decimal, a C99 hexadecimal number or a fraction of two numbers exactly; None if `text` is none of them.

    Exponents beyond +-400 are refused: no float64 is that large or small, and the integer would fill the memory.
    """
    first, slash, second = text.partition("/")
    numerator = exact_number(first)
    if not slash or numerator is None:
        return numerator
    denominator = exact_number(second)
    return numerator / denominator if denominator else None


def unknown_parameter_error(
    owner: str, word: str, names: Sequence[str], choices: Sequence[str], available_as: str = ""
) -> ParameterError:
    """Return the error for a parameter `word` that `owner` lacks.

    names         the parameters of `owner`
    choices       the words to suggest
    available_as  the activation that has the parameter, `NAME` or `NAME@FRAMEWORK`, if any
    """
    if available_as:
        return ParameterError(f"{owner} has no parameter {word!r}: use {available_as}, which has it")
    if not names:
        return ParameterError(f"{owner} has no parameters: drop {word!r}")
    return ParameterError(f"{owner} has no parameter {word!r}: expected {join_or(list(names))}", word, choices)


def describe_missing(names: Sequence[str]) -> str:
    """Return the required parameters as a phrase: `its parameters a and b`."""
    first = ", ".join(names[:-1])
    return f"its parameters {first} and {names[-1]}" if first else f"its parameter {names[-1]}"


def format_number(value: Fraction) -> str:
    """Format an exact number for a message: an integer, or the nearest float64."""
    return str(value.numerator) if value.denominator == 1 else repr(float(value))
