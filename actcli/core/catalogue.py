"""The catalogue: every entry of the families, found by any common spelling of its names.

Adding an activation is one `Activation` in the `ENTRIES` of the family it belongs to; nothing else lists them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from actcli.core.record import Activation

__all__ = ["UnknownActivation", "find", "names", "spelling"]

_FAMILIES = (
    "rectifier",
    "gaussian",
    "sigmoid",
    "swish_like",
    "exponential_unit",
    "hyperbolic",
    "linear",
    "vector",
    "gated",
    "hard",
    "threshold",
    "algebraic",
    "periodic",
)
"""Their modules, which are imported one by one until a name is found: those that are asked for most come first."""


class UnknownActivation(ValueError):
    """No activation has the name; `said` is that without a hint, `near` holds the nearest names, best first."""

    def __init__(self, word: str, near: tuple[str, ...], said: str = "") -> None:
        self.word = word
        self.near = near
        self.said = said or f"no activation is called {word!r}"
        hint = f"; did you mean {' or '.join(near)}?" if near else "" if said else "; actcli.names() lists them"
        super().__init__(self.said + hint)


def spelling(word: str) -> str:
    """`word` without what spellings differ in: case, underscores, hyphens, blanks. LeakyReLU gives leakyrelu."""
    return "".join(letter for letter in word.lower() if letter not in "_- ")


@cache
def entries() -> dict[str, Activation]:
    """Every activation by its canonical name, in alphabetical order."""
    return {entry.name: entry for entry in sorted(_all(), key=lambda entry: entry.name)}


def _all() -> list[Activation]:
    return [entry for family in _FAMILIES for entry in _entries(family)]


def _entries(family: str) -> tuple[Activation, ...]:
    entries: tuple[Activation, ...] = import_module(f"actcli.core.families.{family}").ENTRIES
    return entries


@cache
def _spelled(family: str) -> dict[str, Activation]:
    return {spelling(word): entry for entry in _entries(family) for word in (entry.name, *entry.aliases)}


@cache
def _by_spelling() -> dict[str, Activation]:
    return {key: entry for family in _FAMILIES for key, entry in _spelled(family).items()}


def names() -> list[str]:
    """The canonical names, in alphabetical order."""
    return list(entries())


def find(word: str) -> Activation:
    """The activation called `word`, in any common case or spelling; UnknownActivation if there is none."""
    entry = known(word)
    if entry is None:
        raise UnknownActivation(word, close_names(word))
    return entry


def known(word: str) -> Activation | None:
    """The activation called `word`, in any common spelling, if there is one."""
    key = spelling(word)
    return next((_spelled(family)[key] for family in _FAMILIES if key in _spelled(family)), None)


def nearest(word: str, keys: list[str]) -> list[str]:
    """The spellings among `keys` that are most like `word`, best first."""
    from difflib import get_close_matches

    return get_close_matches(spelling(word), keys, n=6, cutoff=0.6)


def close_names(word: str) -> tuple[str, ...]:
    """The canonical names of the three activations with a name most like `word`, best first."""
    close = nearest(word, list(_by_spelling()))
    return tuple(dict.fromkeys(_by_spelling()[key].name for key in close))[:3]
