"""The catalogue: every entry of the families, found by any common spelling of its names.

Adding an activation is one `Activation` in the `ENTRIES` of the family it belongs to; nothing else lists them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from actcli.core.catalogue.activation import Activation, defined_in
from actcli.errors import UnknownActivationError

__all__ = ["find", "names", "normalize_name"]

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
"""Their modules, which are imported one by one until a name is found: those that are asked for most come first."""


def normalize_name(word: str) -> str:
    """`word` without what spellings differ in: case, underscores, hyphens, blanks. LeakyReLU gives leakyrelu."""
    return "".join(letter for letter in word.lower() if letter not in "_- ")


@cache
def entries() -> dict[str, Activation]:
    """Every activation by its canonical name, in alphabetical order."""
    return {entry.name: entry for entry in sorted(_all(), key=lambda entry: entry.name)}


def _all() -> list[Activation]:
    return [entry for family in _FAMILIES for entry in _entries(family)]


def _entries(family: str) -> tuple[Activation, ...]:
    return defined_in(import_module(f"actcli.core.catalogue.families.{family}").__name__)


@cache
def _names_of_family(family: str) -> dict[str, Activation]:
    return {normalize_name(word): entry for entry in _entries(family) for word in (entry.name, *entry.aliases)}


@cache
def _by_normalized_name() -> dict[str, Activation]:
    return {key: entry for family in _FAMILIES for key, entry in _names_of_family(family).items()}


def names() -> list[str]:
    """The canonical names, in alphabetical order."""
    return list(entries())


def find(word: str) -> Activation:
    """The activation called `word`, in any common case or spelling; UnknownActivation if there is none."""
    entry = find_or_none(word)
    if entry is None:
        raise UnknownActivationError(word, similar_names(word))
    return entry


def find_or_none(word: str) -> Activation | None:
    """The activation called `word`, in any common spelling, if there is one."""
    key = normalize_name(word)
    return next((_names_of_family(family)[key] for family in _FAMILIES if key in _names_of_family(family)), None)


def nearest_keys(word: str, keys: list[str]) -> list[str]:
    """The spellings among `keys` that are most like `word`, best first."""
    from difflib import get_close_matches

    return get_close_matches(normalize_name(word), keys, n=6, cutoff=0.6)


def similar_names(word: str) -> tuple[str, ...]:
    """The canonical names of the three activations with a name most like `word`, best first."""
    close = nearest_keys(word, list(_by_normalized_name()))
    return tuple(dict.fromkeys(_by_normalized_name()[key].name for key in close))[:3]
