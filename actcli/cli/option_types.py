"""The types of option values: words, counts, numbers and number formats, with error messages of one line."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.errors import quote, suggestion, usage_error
from actcli.number_formats import FLOATS, find_format
from actcli.number_text import is_number, read_number
from actcli.text import join_or

__all__ = ["Choice", "Count", "DtypeType", "NonNegative", "Switch"]

_PICTURES = ("svg", "png", "pdf", "jpg", "jpeg", "html")

MAX_COUNT_DIGITS = 18
"""More than any count has, and few enough for int()."""


class Switch(click.Option):
    """An option --NAME/--no-NAME; `sides` are the help texts of the two, for shell completion."""

    def __init__(self, *args: Any, sides: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides


def _option_name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Argument):
        return param.metavar or (param.name or "").upper()
    return "this option" if param is None else param.opts[-1]


class Choice(click.Choice[str]):
    """One of several words; the error message for another word suggests the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return `value` if it is one of the choices."""
        if value in self.choices:
            return str(value)
        is_picture = value.lower() in _PICTURES and "csv" in self.choices
        near = "; a plot is text (actcli table ... --plot)" if is_picture else suggestion(value, self.choices)
        choices = [word if word[0].isalnum() else quote(word) for word in self.choices]
        raise usage_error(f"{_option_name(param)}: expected {join_or(choices)}, not {quote(value)}{near}")


class Count(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.5 on
    """An integer from `minimum` to `maximum` with at most `digits` digits."""

    name = "count"

    def __init__(self, minimum: int, maximum: int | None = None, digits: int = MAX_COUNT_DIGITS) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.digits = digits

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the integer that `value` spells."""
        digits = value.removeprefix("+")
        is_integer = digits.isascii() and digits.isdigit()
        if is_integer and len(digits) <= self.digits:
            number = int(digits)
            if self.minimum <= number and (self.maximum is None or number <= self.maximum):
                return number
        span = f"of at least {self.minimum}" if self.maximum is None else f"from {self.minimum} to {self.maximum}"
        if is_integer and len(digits) > self.digits and self.maximum is None:
            span += f" and at most {self.digits} digits"
        name = param.opts[0] if param is not None else "this option"
        raise usage_error(f"{name}: expected an integer {span}, not {quote(value)}")


class NonNegative(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.5 on
    """A number of at least 0."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number that `value` spells."""
        if isinstance(value, float):
            return value
        if is_number(value) and read_number(value) >= 0:
            return read_number(value)
        name = param.opts[0] if param is not None else "this option"
        raise usage_error(f"{name}: expected a number of at least 0, not {quote(value)}")


class DtypeType(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.5 on
    """The name of a number format.

    has_fixed  whether fixed point is allowed
    choices    the names that shell completion offers; of fixed point only the usual ones
    """

    name = "dtype"

    def __init__(self, has_fixed: bool = False) -> None:
        self.has_fixed = has_fixed
        self.choices = (*FLOATS, *(("q1.6", "q1.14", "q7.8", "uq0.8", "uq0.16") if has_fixed else ()))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the canonical name of the format."""
        try:
            fmt = find_format(value)
        except KeyError:
            known = ", ".join(FLOATS) + ", qM.N or uqM.N with at most 53 bits" if self.has_fixed else join_or([*FLOATS])
            raise usage_error(f"--dtype: expected {known}, not {quote(value)}{suggestion(value, FLOATS)}") from None
        if fmt.is_fixed and not self.has_fixed:
            raise usage_error(f"--dtype {fmt} requires actcli table: expected {join_or([*FLOATS])} here")
        return fmt.name
