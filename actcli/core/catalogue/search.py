"""Looking something up in the catalogue: by a word, by framework, by kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.registry import entries, find_or_none, normalize_name, similar_names
from actcli.errors import NoMatchError

__all__ = ["matched_name", "search"]


def search(word: str = "", framework: str = "", kind: str = "") -> list[Activation]:
    """The entries that match all that is given, those whose name matches first; NothingFound if there is none.

    word       found in a name or alias, here or in any framework, however it is spelled; then in the names of
               parameters, the frameworks' too; then where a word of the paper or the notes begins with it
    framework  one that has the activation
    kind       one of KINDS
    """
    among = [
        entry
        for entry in entries().values()
        if (not framework or entry.framework_variants(framework)) and (not kind or kind in entry.kinds)
    ]
    ranks = {entry.name: _rank(entry, word.strip(), framework) for entry in among}
    found = sorted((entry for entry in among if ranks[entry.name] < _NOWHERE), key=lambda entry: ranks[entry.name])
    if not found:
        raise _no_match(word, framework, kind)
    return found


_NOWHERE = 4


def _rank(entry: Activation, word: str, framework: str) -> int:
    """Where the word is found: 0 it is a name, 1 in a name, 2 in a parameter, 3 in the paper or notes, 4 nowhere."""
    spelled = normalize_name(word)
    if not word or spelled in map(normalize_name, (entry.name, *entry.aliases)):
        return 0
    if spelled and any(spelled in normalize_name(name) for name in _names(entry, framework)):
        return 1
    if spelled and any(spelled in normalize_name(name) for name in _parameters(entry, framework)):
        return 2
    texts = entry.paper, entry.notes, *(form.names for form in _forms(entry, framework))
    # Within a word it would be by chance, as glu is in a person's name.
    begins = re.compile(rf"(?<![^\W_]){re.escape(word)}", re.IGNORECASE)
    return 3 if any(begins.search(text) for text in texts) else _NOWHERE


def matched_name(entry: Activation, word: str, framework: str = "") -> str:
    """The name, here or in a framework, in which the word was found, if that is not the entry's own; else nothing."""
    spelled = normalize_name(word)
    names = [name for name in _names(entry, framework) if spelled in normalize_name(name)]
    exact = [name for name in names if normalize_name(name) == spelled]
    return "" if not word or not names or entry.name in names else (exact or names)[0]


def _parameters(entry: Activation, framework: str) -> Iterator[str]:
    """All that its parameters are called, by itself and in the frameworks."""
    for param in entry.parameters:
        yield from (param.name, *param.aliases)
    for form in _forms(entry, framework):
        yield from form.parameters or ()


def _forms(entry: Activation, framework: str) -> Iterator[FrameworkFunction]:
    """What the one framework, or all, make of it."""
    for word in [framework] if framework else entry.frameworks:
        yield from entry.framework_variants(word)


def _names(entry: Activation, framework: str) -> Iterator[str]:
    """All that the entry is called, by itself and in the frameworks, without the arguments that make it that."""
    yield entry.name
    yield from entry.aliases
    for form in _forms(entry, framework):
        yield from (name.partition("(")[0] for name in form.names.split("; "))


def _no_match(word: str, framework: str, kind: str) -> NoMatchError:
    what = f"{kind} activation".strip() + f" of {framework}" * bool(framework)
    if not word:
        return NoMatchError(f"there is no {what}", "", ())
    said = f"no {what} has {word!r} in its names, parameters, paper or notes"
    entry = find_or_none(word)
    if entry is not None:
        having = ", ".join(entry.frameworks) or "no framework"
        return NoMatchError(f"{said}: {entry.name} is {' and '.join(entry.kinds)}, in {having}", word, ())
    return NoMatchError(said, word, similar_names(word))
