"""NAME@FRAMEWORK: the catalogue entry, and the framework's function, that a name stands for in a framework."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.registry import entries, find_or_none, nearest_keys, normalize_name
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.errors import ParameterError, UnknownActivationError

__all__ = ["find_in_framework", "variants_by_spelling"]

Found = tuple[Activation, FrameworkFunction]

_MODULES = {
    *("torch", "nn", "functional", "F", "special", "jax", "numpy", "jnp", "lax", "scipy", "keras", "tf", "tensorflow"),
    *("math", "mlx", "core", "mx", "onnx", "tfa", "transformers"),
}
"""Modules that may precede a name written in full."""


def find_in_framework(framework: str, word: str) -> Found:
    """Return the entry and the function that `word` stands for in `framework`.

    The framework's exact spelling comes first (LeakyReLU is Keras's layer, leaky_relu its function), then its names
    in any spelling, then the entry's own names. The module may be omitted or written in full.

    Raises ParameterError if the framework is unknown, UnknownActivationError if the name is.
    """
    if framework not in FRAMEWORKS:
        raise _unknown_framework(framework)
    exact, by_spelling = _tables(framework)
    for name in (word.strip(), _without_modules(word.strip())):
        found = exact.get(name) or by_spelling.get(normalize_name(name))
        if found is not None:
            return found
    raise _not_in_framework(framework, word)


def variants_by_spelling(framework: str) -> Mapping[str, Found]:
    """Return what each name stands for in `framework`, by its normalized spelling."""
    return _tables(framework)[1]


def _without_modules(word: str) -> str:
    parts = word.split(".")
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
    return ".".join(parts)


def _unknown_framework(framework: str) -> ParameterError:
    known = ", ".join(FRAMEWORKS)
    if not framework:
        return ParameterError(f"missing framework after @: expected {known}")
    spelled = normalize_name(framework)
    meant = next((word for word, title in FRAMEWORKS.items() if spelled in normalize_name(title)), framework)
    return ParameterError(f"unknown framework {framework!r}: expected {known}", meant, tuple(FRAMEWORKS))


def _not_in_framework(framework: str, word: str) -> UnknownActivationError:
    title = FRAMEWORKS[framework]
    entry = find_or_none(word)
    if entry is None:
        _, by_spelling = _tables(framework)
        near = dict.fromkeys(by_spelling[key][0].name for key in nearest_keys(word, list(by_spelling)))
        return UnknownActivationError(word, tuple(near)[:3], f"the catalogue lists no {word!r} for {title}")
    others = [other for other in FRAMEWORKS if entry.framework_variants(other)]
    instead = f": it is in {', '.join(others)}" if others else ", nor for any other framework"
    return UnknownActivationError(word, (), f"the catalogue lists no {entry.name} for {title}{instead}")


@cache
def _tables(framework: str) -> tuple[dict[str, Found], dict[str, Found]]:
    """Return what each name stands for: by the framework's exact spelling, and by normalized spelling."""
    exact: dict[str, Found] = {}
    theirs: dict[str, Found] = {}
    own: dict[str, Found] = {}
    for entry in entries().values():
        functions = entry.framework_variants(framework)
        for function in functions:
            theirs |= {normalize_name(name): (entry, function) for name in function.ambiguous_names}
            for name in function.callable_names:
                parts = name.split(".")
                for start in range(len(parts)):
                    suffix = ".".join(parts[start:])
                    exact.setdefault(suffix, (entry, function))
                    theirs.setdefault(normalize_name(suffix), (entry, function))
        for name in (entry.name, *entry.aliases) if functions else ():
            own[normalize_name(name)] = (entry, functions[0])
    return exact, own | theirs
