"""The functions that an expression may call: a few of its own, and every elementwise activation of the catalogue.

At ties: `where` takes the branch that its condition chooses, with that branch's slope; of two equal arguments `max` and
`min` have the mean of both slopes; `abs` and `sign` have the slope 0 at 0; `clip` has the slope of its first argument
at its bounds. So do PyTorch's where, maximum, minimum, abs, sign and clamp.
"""

from __future__ import annotations

from typing import Any

from actcli.core.catalogue.activation import Activation, describe_missing
from actcli.core.catalogue.registry import entries, find_or_none, nearest_keys, normalize_name
from actcli.core.expressions import hints
from actcli.core.expressions.lexer import Token
from actcli.core.expressions.nodes import Call, Choice, Entry, Name, Node, free_names
from actcli.errors import ExpressionError, ParameterError

__all__ = ["ELEMENTARY", "RESERVED", "called"]

ELEMENTARY = {
    *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asinh", "atan"),
    *("erf", "erfc"),
}
_ARGUMENTS = {
    **dict.fromkeys(ELEMENTARY, (1, 1)),
    "abs": (1, 1),
    "sign": (1, 1),
    "min": (2, 20),
    "max": (2, 20),
    "clip": (3, 3),
    "where": (3, 3),
}
RESERVED = {*_ARGUMENTS, "and", "or", "not", "if", "else"}
"""The words that no parameter can have for a name."""

_USAGE = {"clip": "clip(x, LEAST, LARGEST)", "where": "where(CONDITION, A, B)", "min": "min(A, B)", "max": "max(A, B)"}

Named = list[tuple[Token, "Node | str"]]


def called(word: Token, args: list[Node], named: Named, text: str) -> Node:
    """The function called `word.text` at `args`, with parameters by name; ExpressionError if there is no such call."""
    name = word.text
    if name not in _ARGUMENTS or (name == "clip" and len(args) == 1):
        # clip(x, A, B) has bounds of any kind; those of the activation clip go by name.
        return _activation(word, args, named, text)
    if named:
        raise ExpressionError(f"{name} has no parameters by name", text, named[0][0].at)
    least, most = _ARGUMENTS[name]
    if not least <= len(args) <= most:
        usage = _USAGE.get(name, f"{name}(x)")
        raise ExpressionError(f"it has to be {usage}, not {name} of {len(args)}", text, word.at)
    if name == "where":
        return Choice(args[0], args[1], args[2], at=word.at)
    entry = find_or_none(name) if len(args) == 1 else None
    if entry is not None:
        return Entry(name, entry, args[0], at=word.at)
    return Call(name, tuple(args), at=word.at)


def no_function(name: str) -> str:
    """What to say of a function that there is not."""
    known_as = hints.function(name)
    if known_as is not None:
        return f"no function is called {name}: write {known_as}"
    words = {normalize_name(word): word for word in _ARGUMENTS}
    words |= {
        normalize_name(alias): entry.name for entry in entries().values() for alias in (entry.name, *entry.aliases)
    }
    near = list(dict.fromkeys(words[key] for key in nearest_keys(name, list(words))))[:3]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no function is called '{name[:40]}'{hint}"


def _activation(word: Token, args: list[Node], named: Named, text: str) -> Node:
    entry = find_or_none(word.text)
    if entry is None:
        raise ExpressionError(no_function(word.text), text, word.at)
    if entry.is_vector:
        raise ExpressionError(f"{entry.name} is a function of a vector, and x is one number", text, word.at)
    if len(args) != 1:
        names = ", ".join(["x", *(f"{param.name}=VALUE" for param in entry.available_parameters())])
        raise ExpressionError(f"{entry.name}({names}) has one argument, and its parameters go by name", text, word.at)
    params: dict[str, Any] = {}
    for token, value in named:
        try:
            param = entry.find_parameter(token.text)
        except ParameterError as fault:
            raise ExpressionError(str(fault), text, token.at) from None
        if param.name in params:
            raise ExpressionError(f"{entry.name}: {param.name} is given twice", text, token.at)
        params[param.name] = _value(entry, param.name, token, value, text)
    missing = [param.name for param in entry.parameters if param.default is None and param.name not in params]
    if missing:
        pairs = ", ".join(f"{name}=VALUE" for name in missing)
        message = f"{entry.name} needs {describe_missing(missing)}: write {pairs} in the parentheses"
        raise ExpressionError(message, text, word.at)
    return Entry(entry.name, entry, args[0], tuple(params.items()), at=word.at)


def _value(entry: Activation, name: str, token: Token, value: Node | str, text: str) -> Any:
    """A parameter's value: an expression without x, or what a word stands for."""
    param = entry.find_parameter(name)
    if isinstance(value, str):
        if param.choices or (value.lower() == "none" and param.optional):
            try:
                return param.parse(value, entry.name)
            except ParameterError as fault:
                raise ExpressionError(str(fault), text, token.at) from None
        value = Name(value, at=token.at)
    if param.choices:
        raise ExpressionError(f"{entry.name}: {name} is one of {', '.join(param.choices)}", text, token.at)
    for used in ("x", "pi", "e"):
        if used in free_names(value):
            why = "a parameter cannot depend on x" if used == "x" else f"{used} is no exact number, as a parameter is"
            raise ExpressionError(f"{entry.name}: {why}", text, token.at)
    return value
