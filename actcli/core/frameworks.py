"""NAME@FRAMEWORK: which entry, and which of its forms, a framework's own name stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from actcli.core.catalogue import UnknownActivation, entries, known, nearest, spelling
from actcli.core.record import FRAMEWORKS, Activation, Framework, ParameterError

__all__ = ["find_in", "forms_by_spelling"]

Found = tuple[Activation, Framework]

_MODULES = {
    *("torch", "nn", "functional", "F", "special", "jax", "numpy", "jnp", "lax", "scipy", "keras", "tf", "tensorflow"),
    *("math", "mlx", "core", "mx", "onnx", "tfa", "transformers"),
}
"""What may stand before a name as people write it in full."""


def find_in(framework: str, word: str) -> Found:
    """What `word`, a name of the framework's or of ours, stands for there.

    A name spelled as the framework spells it is taken first (LeakyReLU is Keras's layer, leaky_relu its function),
    then one in any spelling, then our own names. Its module may be left out, or written in full.
    """
    if framework not in FRAMEWORKS:
        there = ", ".join(FRAMEWORKS)
        if not framework:
            raise ParameterError(f"after @ goes a framework: {there}")
        word = next((word for word, whom in FRAMEWORKS.items() if spelling(framework) in spelling(whom)), framework)
        raise ParameterError(f"no framework is called {framework!r}: there are {there}", word, tuple(FRAMEWORKS))
    exact, spelled = _tables(framework)
    for name in (word.strip(), _without_modules(word.strip())):
        found = exact.get(name) or spelled.get(spelling(name))
        if found is not None:
            return found
    raise _missing(framework, word)


def forms_by_spelling(framework: str) -> Mapping[str, Found]:
    """What the framework's names, and ours for what it has, stand for there, by their spelling."""
    return _tables(framework)[1]


def _without_modules(word: str) -> str:
    parts = word.split(".")
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
    return ".".join(parts)


def _missing(framework: str, word: str) -> UnknownActivation:
    whom = FRAMEWORKS[framework]
    entry = known(word)
    if entry is None:
        _, spelled = _tables(framework)
        near = tuple(dict.fromkeys(spelled[key][0].name for key in nearest(word, list(spelled))))[:3]
        return UnknownActivation(word, near, f"the catalogue lists no {word!r} for {whom}")
    having = [other for other in FRAMEWORKS if entry.forms(other)]
    instead = f": it is in {', '.join(having)}" if having else ", nor for any other framework"
    return UnknownActivation(word, (), f"the catalogue lists no {entry.name} for {whom}{instead}")


@cache
def _tables(framework: str) -> tuple[dict[str, Found], dict[str, Found]]:
    """What each name stands for, exactly as the framework spells it and in any spelling."""
    exact: dict[str, Found] = {}
    theirs: dict[str, Found] = {}
    ours: dict[str, Found] = {}
    for entry in entries().values():
        forms = entry.forms(framework)
        for form in forms:
            theirs |= {spelling(name): (entry, form) for name in form.meant}
            for name in form.names:
                parts = name.split(".")
                for start in range(len(parts)):
                    exact.setdefault(".".join(parts[start:]), (entry, form))
                    theirs.setdefault(spelling(".".join(parts[start:])), (entry, form))
        for word in (entry.name, *entry.aliases) if forms else ():
            ours[spelling(word)] = (entry, forms[0])
    return exact, ours | theirs
