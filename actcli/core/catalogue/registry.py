"""The registry of activations: finds an entry by any common spelling of its names.

An activation is added by decorating its formula in one of the modules of `families`; no other list mentions it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from actcli.core.catalogue.activation import Activation, defined_in
from actcli.errors import UnknownActivationError

__all__ = [
    "entries",
    "find",
    "find_or_none",
    "names",
    "nearest_keys",
    "normalize_name",
    "similar_names",
]

_FAMILIES = (
    "rectifier",
    "gaussian",
    "sigmoid",
    "swish",
    "exponential_unit",
    "hyperbolic",
    "linear",
    "softmax",
    "gated",
    "selections",
    "piecewise_linear",
    "threshold",
    "algebraic",
    "periodic",
)
"""The modules of `families`. They are imported one by one until a name is found, so the most used come first."""


def normalize_name(word: str) -> str:
    """Return `word` in lower case without underscores, hyphens and blanks: LeakyReLU gives leakyrelu."""
    return "".join(letter for letter in word.lower() if letter not in "_- ")


@cache
def entries() -> dict[str, Activation]:
    """Return every activation by its canonical name, in alphabetical order."""
    return {entry.name: entry for entry in sorted(_all(), key=lambda entry: entry.name)}


def _all() -> list[Activation]:
    return [entry for family in _FAMILIES for entry in _entries(family)]


def _entries(family: str) -> tuple[Activation, ...]:
    module = f"actcli.core.catalogue.families.{family}"
    import_module(module)
    return defined_in(module)


@cache
def _names_of_family(family: str) -> dict[str, Activation]:
    return {normalize_name(word): entry for entry in _entries(family) for word in (entry.name, *entry.aliases)}


@cache
def _by_normalized_name() -> dict[str, Activation]:
    return {key: entry for family in _FAMILIES for key, entry in _names_of_family(family).items()}


def names() -> list[str]:
    """Return the canonical names in alphabetical order."""
    return list(entries())


def find(word: str) -> Activation:
    """Return the activation with the name or alias `word`, in any common spelling.

    Raises UnknownActivationError, with the most similar names, if there is none.
    """
    entry = find_or_none(word)
    if entry is None:
        raise UnknownActivationError(word, similar_names(word))
    return entry


def find_or_none(word: str) -> Activation | None:
    """Return the activation with the name or alias `word`, in any common spelling; None if there is none."""
    key = normalize_name(word)
    return next((_names_of_family(family)[key] for family in _FAMILIES if key in _names_of_family(family)), None)


def nearest_keys(word: str, keys: list[str]) -> list[str]:
    """Return up to six of the normalized names `keys`, the most similar to `word` first."""
    from difflib import get_close_matches

    return get_close_matches(normalize_name(word), keys, n=6, cutoff=0.6)


def similar_names(word: str) -> tuple[str, ...]:
    """Return the canonical names of up to three activations, the most similar to `word` first."""
    nearest = nearest_keys(word, list(_by_normalized_name()))
    return tuple(dict.fromkeys(_by_normalized_name()[key].name for key in nearest))[:3]
