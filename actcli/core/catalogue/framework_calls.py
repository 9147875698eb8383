"""Calls as programs of a framework contain them, `nn.LeakyReLU(0.2)` and `jax.nn.gelu(x)`, and the SPEC for each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.frameworks import find_by_path, find_in_framework, spell
from actcli.core.catalogue.parameters import Parameter, parse_exact
from actcli.core.catalogue.registry import find_or_none
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.errors import ActcliError

__all__ = ["equivalents", "expression_call"]

_CALL = re.compile(r"\s*(?P<name>[A-Za-z_]\w*(?:\.\w+)*)\s*\((?P<args>[^()]*)\)(?:\s*\(\s*x\s*\))?\s*", re.ASCII)
_KEYWORD = re.compile(r"\s*([A-Za-z_]\w*)\s*=(.*)", re.ASCII)
_TENSORS = ("x", "input", "inputs", "features", "data")
"""Names of the argument that is the tensor."""

_WORDS = ("true", "false", "none")


def equivalents(text: str) -> list[str]:
    """Return the SPECs that the call `text` stands for, one for each framework that has it; [] if it is none.

    A call with a module path is one: jax.nn.gelu(x). A call without a path is one if no argument is x, and its
    arguments are parameters of an activation: LeakyReLU(0.2), also LeakyReLU(0.2)(x). Anything else is a formula.
    """
    match = _CALL.fullmatch(text)
    if match is None:
        return []
    name, args = match["name"], [arg.strip() for arg in match["args"].split(",") if arg.strip()]
    if "." in name:
        if args and args[0] in _TENSORS:
            args = args[1:]
        if not all(map(_is_value, args)):
            return []
        calls = [(spell(word, found), _pairs(*found, word, args)) for word, found in find_by_path(name).items()]
        # A framework that lacks one of the arguments is not the one that is meant.
        most = max((len(pairs) for _, pairs in calls), default=0)
        return [_spec(spelled, pairs) for spelled, pairs in calls if len(pairs) == most]
    return _constructor(name, args) if all(map(_is_value, args)) else []


def expression_call(path: str) -> str:
    """Return the call in an expression that equals the framework's function at `path` with its defaults; "" if unknown.

    jax.nn.gelu is gelu(x, approximate=tanh).
    """
    last = path.rpartition(".")[2]
    calls = {_expression_call(last, entry, function) for entry, function in find_by_path(path).values()}
    return calls.pop() if len(calls) == 1 else ""


def _expression_call(name: str, entry: Activation, function: FrameworkFunction) -> str:
    available = {param.name: param.default for param in entry.available_parameters()}
    other = [
        f"{name}={default}"
        for name, default in function.defaults.items()
        if default is not None and available.get(name, default) != default
    ]
    return f"{name if find_or_none(name) is entry else entry.name}({', '.join(['x', *other])})"


def _constructor(name: str, args: Sequence[str]) -> list[str]:
    """Return the SPEC that NAME(ARGS) without a path stands for, in the framework that is asked first."""
    entry = find_or_none(name)
    if entry is not None and not args:
        return [name]
    for word in FRAMEWORKS:
        try:
            found = find_in_framework(word, name)
        except ActcliError:
            continue
        if entry is not None and found[0] is not entry:
            continue
        pairs = _pairs(*found, word, args)
        if not pairs:
            continue
        if entry is not None and all(_has(entry, pair) for pair in pairs):
            return [_spec(name, pairs)]
        return [_spec(spell(word, found), pairs)]
    pairs = _pairs(entry, None, "", args) if entry is not None else []
    # sin(2) is a constant; ReLU6(2) is not, because only classes are spelled so.
    is_call = entry is not None and (pairs or not name.islower())
    return [_spec(name, pairs)] if is_call else []


def _has(entry: Activation, pair: str) -> bool:
    word = pair.partition("=")[0]
    return any(word == param.name or word in param.aliases for param in entry.available_parameters())


def _spec(name: str, pairs: Sequence[str]) -> str:
    return f"{name}:{','.join(pairs)}" if pairs else name


def _pairs(entry: Activation, function: FrameworkFunction | None, framework: str, args: Sequence[str]) -> list[str]:
    """Return the arguments that are parameters with valid values as NAME=VALUE; the others do not change f."""
    theirs = _parameters(entry, function, framework)
    order = list(theirs) if function is None or function.constructor is None else function.constructor
    pairs = []
    for index, arg in enumerate(args):
        keyword = _KEYWORD.fullmatch(arg)
        word = _name(theirs, keyword[1]) if keyword else order[index] if index < len(order) else ""
        value = (keyword[2] if keyword else arg).strip().strip("'\"")
        if word in theirs and _is_valid(theirs[word], function, value):
            pairs.append(f"{word}={value.lower() if value.lower() in _WORDS else value}")
    return pairs


def _name(theirs: dict[str, Parameter], keyword: str) -> str:
    """Return the name that the framework uses now for a keyword: Keras called negative_slope alpha."""
    if keyword in theirs:
        return keyword
    return next((name for name, param in theirs.items() if keyword in param.aliases), keyword)


def _parameters(entry: Activation, function: FrameworkFunction | None, framework: str) -> dict[str, Parameter]:
    """Return the parameters of the function, or of the entry itself, by their names there and in its order."""
    available = {param.name: param for param in entry.available_parameters(framework)}
    if function is None or function.parameters is None:
        return available
    return {theirs: available[own] for theirs, own in function.parameters.items()}


def _is_valid(param: Parameter, function: FrameworkFunction | None, value: str) -> bool:
    value = value.lower()
    if param.choices:
        return value in param.choices or (function is not None and value in function.choice_names)
    return parse_exact(value) is not None or (param.optional and value == "none")


def _is_value(arg: str) -> bool:
    """Return whether an argument is a number, a word or a text in quotes, with or without a keyword before it."""
    keyword = _KEYWORD.fullmatch(arg)
    value = (keyword[2] if keyword else arg).strip()
    return parse_exact(value) is not None or value.lower() in _WORDS or re.fullmatch(r"(['\"]).*\1", value) is not None
