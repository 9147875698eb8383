"""NAME@FRAMEWORK: which entry, and which of its forms, a framework's own name stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from actcli.core.catalogue.activation import FRAMEWORKS, Activation, FrameworkFunction
from actcli.core.catalogue.registry import entries, find_or_none, nearest_keys, normalize_name
from actcli.errors import ParameterError, UnknownActivationError

__all__ = ["find_in_framework", "variants_by_spelling"]

Found = tuple[Activation, FrameworkFunction]

_MODULES = {
    *("torch", "nn", "functional", "F", "special", "jax", "numpy", "jnp", "lax", "scipy", "keras", "tf", "tensorflow"),
    *("math", "mlx", "core", "mx", "onnx", "tfa", "transformers"),
}
"""What may stand before a name as people write it in full."""


def find_in_framework(framework: str, word: str) -> Found:
    """What `word`, a name of the framework's or of ours, stands for there.

    A name spelled as the framework spells it is taken first (LeakyReLU is Keras's layer, leaky_relu its function),
    then one in any spelling, then our own names. Its module may be left out, or written in full.
    """
    if framework not in FRAMEWORKS:
        there = ", ".join(FRAMEWORKS)
        if not framework:
            raise ParameterError(f"after @ goes a framework: {there}")
        word = next(
            (word for word, whom in FRAMEWORKS.items() if normalize_name(framework) in normalize_name(whom)), framework
        )
        raise ParameterError(f"no framework is called {framework!r}: there are {there}", word, tuple(FRAMEWORKS))
    exact, spelled = _tables(framework)
    for name in (word.strip(), _without_modules(word.strip())):
        found = exact.get(name) or spelled.get(normalize_name(name))
        if found is not None:
            return found
    raise _missing(framework, word)


def variants_by_spelling(framework: str) -> Mapping[str, Found]:
    """What the framework's names, and ours for what it has, stand for there, by their spelling."""
    return _tables(framework)[1]


def _without_modules(word: str) -> str:
    parts = word.split(".")
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
    return ".".join(parts)


def _missing(framework: str, word: str) -> UnknownActivationError:
    whom = FRAMEWORKS[framework]
    entry = find_or_none(word)
    if entry is None:
        _, spelled = _tables(framework)
        near = tuple(dict.fromkeys(spelled[key][0].name for key in nearest_keys(word, list(spelled))))[:3]
        return UnknownActivationError(word, near, f"the catalogue lists no {word!r} for {whom}")
    having = [other for other in FRAMEWORKS if entry.framework_variants(other)]
    instead = f": it is in {', '.join(having)}" if having else ", nor for any other framework"
    return UnknownActivationError(word, (), f"the catalogue lists no {entry.name} for {whom}{instead}")


@cache
def _tables(framework: str) -> tuple[dict[str, Found], dict[str, Found]]:
    """What each name stands for, exactly as the framework spells it and in any spelling."""
    exact: dict[str, Found] = {}
    theirs: dict[str, Found] = {}
    ours: dict[str, Found] = {}
    for entry in entries().values():
        forms = entry.framework_variants(framework)
        for form in forms:
            theirs |= {normalize_name(name): (entry, form) for name in form.ambiguous_names}
            for name in form.callable_names:
                parts = name.split(".")
                for start in range(len(parts)):
                    exact.setdefault(".".join(parts[start:]), (entry, form))
                    theirs.setdefault(normalize_name(".".join(parts[start:])), (entry, form))
        for word in (entry.name, *entry.aliases) if forms else ():
            ours[normalize_name(word)] = (entry, forms[0])
    return exact, ours | theirs
