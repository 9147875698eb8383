"""The functions that an expression may call: some of its own, and every elementwise activation of the catalogue.

At ties they follow PyTorch's where, maximum, minimum, abs, sign and clamp; `interpreter_base` states the convention.
"""

from __future__ import annotations

from actcli.core.catalogue.activation import Activation
from actcli.core.catalogue.parameters import describe_missing
from actcli.core.catalogue.registry import entries, find_or_none, nearest_keys, normalize_name
from actcli.core.expressions import hints
from actcli.core.expressions.lexer import Token
from actcli.core.expressions.nodes import Call, EntryCall, Name, Node, ParameterValue, Where, free_names
from actcli.errors import ExpressionError, ParameterError
from actcli.text import join_or

__all__ = ["ELEMENTARY", "RESERVED", "ROUNDINGS", "NamedArguments", "make_call", "usage"]

ELEMENTARY = {
    *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asinh", "atan"),
    *("erf", "erfc"),
}
ROUNDINGS = ("floor", "ceil", "round")
"""Functions whose values are integers."""

_ARGUMENT_COUNTS = {
    **dict.fromkeys(ELEMENTARY, (1, 1)),
    "abs": (1, 1),
    "sign": (1, 1),
    **dict.fromkeys(ROUNDINGS, (1, 1)),
    "mod": (2, 2),
    "min": (2, 20),
    "max": (2, 20),
    "clip": (3, 3),
    "where": (3, 3),
}
"""The fewest and the most arguments of each function."""

RESERVED = {*_ARGUMENT_COUNTS, "and", "or", "not", "if", "else"}
"""Words that cannot be names of parameters."""

_MAX_NAME_CHARS = 40
"""The most characters of an unknown name that a message quotes."""

NamedArguments = list[tuple[Token, "Node | str"]]
"""The arguments written NAME=VALUE; a str is a value that is a lone word."""


def make_call(word: Token, args: list[Node], named: NamedArguments, text: str) -> Node:
    """Return the node that calls the function `word.text`; raise ExpressionError if the call is not possible."""
    name = word.text
    if name not in _ARGUMENT_COUNTS or (name == "clip" and len(args) == 1):
        # clip(x, A, B) takes any expressions as bounds; the activation clip takes its bounds by name.
        return _make_entry_call(word, args, named, text)
    if named:
        raise ExpressionError(f"{name} takes no named parameters: write {usage(name)}", text, named[0][0].at)
    least, most = _ARGUMENT_COUNTS[name]
    if not least <= len(args) <= most:
        count = f"{most}" if least == most else f"{least} to {most}"
        expected = f"{count} argument{'s' * (most > 1)}"
        raise ExpressionError(f"{name} requires {expected}, not {len(args)}: write {usage(name)}", text, word.at)
    if name == "where":
        return Where(args[0], args[1], args[2], at=word.at)
    entry = find_or_none(name) if len(args) == 1 else None
    if entry is not None:
        return EntryCall(name, entry, args[0], at=word.at)
    return Call(name, tuple(args), at=word.at)


def usage(name: str) -> str | None:
    """Return how to call the function `name`, of expressions or of another language; None if it is unknown."""
    if name in _ARGUMENT_COUNTS:
        return hints.USAGE.get(name, f"{name}(x)")
    return hints.function(name)


def _unknown_function(name: str) -> str:
    """Return the message about an unknown function."""
    equivalent = hints.function(name)
    if equivalent is not None:
        return f"unknown function '{name}': write {equivalent}"
    words = {normalize_name(word): word for word in _ARGUMENT_COUNTS}
    words |= {
        normalize_name(alias): entry.name for entry in entries().values() for alias in (entry.name, *entry.aliases)
    }
    near = list(dict.fromkeys(words[key] for key in nearest_keys(name, list(words))))[:3]
    hint = f"; did you mean {join_or(near)}?" if near else ""
    return f"unknown function '{name[:_MAX_NAME_CHARS]}'{hint}"


def _make_entry_call(word: Token, args: list[Node], named: NamedArguments, text: str) -> Node:
    entry = find_or_none(word.text)
    if entry is None:
        raise ExpressionError(_unknown_function(word.text), text, word.at)
    if entry.is_vector:
        message = f"{entry.name} is a function of a vector: a formula requires functions of one number"
        raise ExpressionError(message, text, word.at)
    if len(args) != 1:
        names = ", ".join(["x", *(f"{param.name}=VALUE" for param in entry.available_parameters())])
        message = f"{entry.name} requires 1 argument, and its parameters by name: write {entry.name}({names})"
        raise ExpressionError(message, text, word.at)
    params: dict[str, ParameterValue] = {}
    for token, value in named:
        try:
            param = entry.find_parameter(token.text)
        except ParameterError as error:
            raise ExpressionError(str(error), text, token.at) from None
        if param.name in params:
            raise ExpressionError(f"{entry.name}: {param.name} is given twice", text, token.at)
        params[param.name] = _parameter_value(entry, param.name, token, value, text)
    missing = [param.name for param in entry.parameters if param.default is None and param.name not in params]
    if missing:
        pairs = ", ".join(f"{name}=VALUE" for name in missing)
        message = f"{entry.name} requires {describe_missing(missing)}: write {pairs} in the parentheses"
        raise ExpressionError(message, text, word.at)
    return EntryCall(entry.name, entry, args[0], tuple(params.items()), at=word.at)


def _parameter_value(entry: Activation, name: str, token: Token, value: Node | str, text: str) -> ParameterValue:
    """Return a parameter's value: an expression without x, or the parsed value of a word such as none or tanh."""
    param = entry.find_parameter(name)
    if isinstance(value, str):
        if param.choices or (value.lower() == "none" and param.optional):
            try:
                return param.parse(value, entry.name)
            except ParameterError as error:
                raise ExpressionError(str(error), text, token.at) from None
        value = Name(value, at=token.at)
    if param.choices:
        raise ExpressionError(f"{entry.name}: {name} must be one of {', '.join(param.choices)}", text, token.at)
    for used in ("x", "pi", "e"):
        if used in free_names(value):
            why = "a parameter cannot depend on x" if used == "x" else f"a parameter must be exact, and {used} is not"
            raise ExpressionError(f"{entry.name}: {why}", text, token.at)
    return value
