"""The activations as plain data: names, and the completions after `@`, `:` and `=`.

Names are keyed by their normalized spelling (`normalize_name`) without modules: LeakyReLU, leaky-relu and
layers.LeakyReLU are all `leakyrelu`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.frameworks import variants_by_spelling
from actcli.core.catalogue.parameters import Parameter
from actcli.core.catalogue.registry import entries, normalize_name
from actcli.core.catalogue.vocabulary import FRAMEWORKS

__all__ = ["aliases", "frameworks", "group_by_value", "names", "parameters", "values"]


def names() -> list[str]:
    """Return the canonical names."""
    return list(entries())


def aliases() -> list[str]:
    """Return the other names of all activations."""
    return sorted(alias for entry in entries().values() for alias in entry.aliases)


def frameworks() -> dict[str, list[str]]:
    """Return the frameworks that have a function of a name, by normalized name."""
    found: dict[str, list[str]] = {}
    for framework in FRAMEWORKS:
        for key in _variants(framework):
            found.setdefault(key, []).append(framework)
    return found


def parameters() -> dict[str, list[str]]:
    """Return the parameters of a name, by `NAME@FRAMEWORK` or `NAME@`."""
    return {where: [name for name, _, _ in params] for where, params in _parameters_by_name() if params}


def values() -> dict[str, list[str]]:
    """Return the words that are values of a parameter, by `NAME@FRAMEWORK:PARAM` or `NAME@:PARAM`."""
    found: dict[str, list[str]] = {}
    for where, params in _parameters_by_name():
        for name, param, function in params:
            theirs = function.choice_names if function is not None else ()
            words = [*param.choices, *theirs] or ["none"] * param.optional
            if words:
                for word in (name, *param.aliases):
                    found[f"{where}:{word}"] = words
    return found


def _parameters_by_name() -> Iterator[tuple[str, list[tuple[str, Parameter, FrameworkFunction | None]]]]:
    """Yield every name, plain and in each framework, with its parameters there: (name there, parameter, function)."""
    for key, entry in _by_spelling().items():
        yield f"{key}@", [(param.name, param, None) for param in entry.available_parameters()]
    for framework in FRAMEWORKS:
        for key, (entry, function) in _variants(framework).items():
            yield f"{key}@{framework}", _parameters_of_function(entry, function, framework)


def _variants(framework: str) -> dict[str, tuple[Activation, FrameworkFunction]]:
    return {key: found for key, found in variants_by_spelling(framework).items() if "." not in key}


def _parameters_of_function(
    entry: Activation, function: FrameworkFunction, framework: str
) -> list[tuple[str, Parameter, FrameworkFunction | None]]:
    if function.parameters is None:
        return [(param.name, param, function) for param in entry.available_parameters(framework)]
    by_name: Mapping[str, Parameter] = {param.name: param for param in entry.parameters}
    return [(theirs, by_name[ours], function) for theirs, ours in function.parameters.items()]


def _by_spelling() -> dict[str, Activation]:
    return {normalize_name(word): entry for entry in entries().values() for word in (*entry.aliases, entry.name)}


def group_by_value(table: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """Return the keys with the same words, by those words, so that a script contains each list once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, words in table.items():
        found.setdefault(tuple(words), []).append(key)
    return found
