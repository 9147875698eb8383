"""Search of the catalogue by word, framework and kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.registry import entries, find_or_none, normalize_name, similar_names
from actcli.errors import NoMatchError

__all__ = ["matched_name", "search"]


def search(word: str = "", framework: str = "", kind: str = "") -> list[Activation]:
    """Return the entries that match all arguments, the best matches first; raise NoMatchError if none does.

    word       part of a name or alias, here or in a framework, in any spelling; else part of a parameter's name;
               else the beginning of a word of the paper or the notes
    framework  a framework that has the activation
    kind       one of KINDS
    """
    candidates = [
        entry
        for entry in entries().values()
        if (not framework or entry.framework_variants(framework)) and (not kind or kind in entry.kinds)
    ]
    ranks = {entry.name: _rank(entry, word.strip(), framework) for entry in candidates}
    found = [entry for entry in candidates if ranks[entry.name] < _NO_MATCH]
    if not found:
        raise _no_match(word, framework, kind)
    return sorted(found, key=lambda entry: ranks[entry.name])


_NAME, _PART_OF_NAME, _PARAMETER, _TEXT, _NO_MATCH = range(5)
"""Where a word is found, the best match first."""


def _rank(entry: Activation, word: str, framework: str) -> int:
    """Return where `word` is found in the entry."""
    spelled = normalize_name(word)
    if not word or spelled in map(normalize_name, (entry.name, *entry.aliases)):
        return _NAME
    if spelled and any(spelled in normalize_name(name) for name in _names(entry, framework)):
        return _PART_OF_NAME
    if spelled and any(spelled in normalize_name(name) for name in _parameter_names(entry, framework)):
        return _PARAMETER
    texts = entry.paper, entry.notes, *(function.names for function in _functions(entry, framework))
    # A match inside a word would be accidental: glu is part of a person's name.
    beginning = re.compile(rf"(?<![^\W_]){re.escape(word)}", re.IGNORECASE)
    return _TEXT if any(beginning.search(text) for text in texts) else _NO_MATCH


def matched_name(entry: Activation, word: str, framework: str = "") -> str:
    """Return the alias or framework name that contains `word`; "" if the entry's own name does, or none."""
    spelled = normalize_name(word)
    matching = [name for name in _names(entry, framework) if spelled in normalize_name(name)]
    equal = [name for name in matching if normalize_name(name) == spelled]
    return "" if not word or not matching or entry.name in matching else (equal or matching)[0]


def _parameter_names(entry: Activation, framework: str) -> Iterator[str]:
    """Yield the names of the entry's parameters, its own and the frameworks'."""
    for param in entry.parameters:
        yield from (param.name, *param.aliases)
    for function in _functions(entry, framework):
        yield from function.parameters or ()


def _functions(entry: Activation, framework: str) -> Iterator[FrameworkFunction]:
    """Yield the functions that compute the entry in one framework, or in all."""
    for word in [framework] if framework else entry.frameworks:
        yield from entry.framework_variants(word)


def _names(entry: Activation, framework: str) -> Iterator[str]:
    """Yield the names of the entry, its own and the frameworks', without arguments in parentheses."""
    yield entry.name
    yield from entry.aliases
    for function in _functions(entry, framework):
        yield from (name.partition("(")[0] for name in function.names.split("; "))


def _no_match(word: str, framework: str, kind: str) -> NoMatchError:
    what = f"{kind} activation".strip() + f" of {framework}" * bool(framework)
    if not word:
        return NoMatchError(f"no {what}", "", ())
    message = f"no {what} has {word!r} in its names, parameters, paper or notes"
    entry = find_or_none(word)
    if entry is not None:
        where = ", ".join(entry.frameworks) or "no framework"
        return NoMatchError(f"{message}: {entry.name} is {' and '.join(entry.kinds)}, in {where}", word, ())
    return NoMatchError(message, word, similar_names(word))
