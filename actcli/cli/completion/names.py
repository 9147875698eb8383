"""The activations as plain data: their names, and what may stand after `@`, `:` and `=`.

Names are keyed by their spelling (`core.catalogue.spelling`) without modules, so that LeakyReLU, leaky-relu and
layers.LeakyReLU are all `leakyrelu`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actcli.core.catalogue.activation import FRAMEWORKS, Activation, FrameworkFunction, Parameter
from actcli.core.catalogue.frameworks import variants_by_spelling
from actcli.core.catalogue.registry import entries, normalize_name

__all__ = ["aliases", "frameworks", "inverted", "names", "parameters", "values"]


def names() -> list[str]:
    """The canonical names."""
    return list(entries())


def aliases() -> list[str]:
    """The other names that people type."""
    return sorted(alias for entry in entries().values() for alias in entry.aliases)


def frameworks() -> dict[str, list[str]]:
    """The frameworks that know a name, by the name's spelling."""
    found: dict[str, list[str]] = {}
    for framework in FRAMEWORKS:
        for key in _forms(framework):
            found.setdefault(key, []).append(framework)
    return found


def parameters() -> dict[str, list[str]]:
    """The parameters that a name takes, by `NAME@FRAMEWORK` or `NAME@`."""
    return {where: [name for name, _, _ in taken] for where, taken in _taken() if taken}


def values() -> dict[str, list[str]]:
    """The words that a parameter takes, by `NAME@FRAMEWORK:PARAM` or `NAME@:PARAM`."""
    found: dict[str, list[str]] = {}
    for where, taken in _taken():
        for name, param, form in taken:
            words = [*param.choices, *(form.choice_names if form is not None else ())] or ["none"] * param.optional
            if words:
                for word in (name, *param.aliases):
                    found[f"{where}:{word}"] = words
    return found


def _taken() -> Iterator[tuple[str, list[tuple[str, Parameter, FrameworkFunction | None]]]]:
    """Every name, plain and in each framework, and the parameters that it takes there as they are called there."""
    for key, entry in _by_spelling().items():
        yield f"{key}@", [(param.name, param, None) for param in entry.available_parameters()]
    for framework in FRAMEWORKS:
        for key, (entry, form) in _forms(framework).items():
            yield f"{key}@{framework}", _in_form(entry, form, framework)


def _forms(framework: str) -> dict[str, tuple[Activation, FrameworkFunction]]:
    return {key: found for key, found in variants_by_spelling(framework).items() if "." not in key}


def _in_form(
    entry: Activation, form: FrameworkFunction, framework: str
) -> list[tuple[str, Parameter, FrameworkFunction | None]]:
    if form.parameters is None:
        return [(param.name, param, form) for param in entry.available_parameters(framework)]
    by_name: Mapping[str, Parameter] = {param.name: param for param in entry.parameters}
    return [(theirs, by_name[ours], form) for theirs, ours in form.parameters.items()]


def _by_spelling() -> dict[str, Activation]:
    return {normalize_name(word): entry for entry in entries().values() for word in (*entry.aliases, entry.name)}


def inverted(table: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """The keys that have the same words, by those words: each list is written once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, words in table.items():
        found.setdefault(tuple(words), []).append(key)
    return found
