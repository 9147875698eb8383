"""NAME@FRAMEWORK and MODULE.NAME: the catalogue entry, and the framework's function, that a name stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.registry import entries, find_or_none, nearest_keys, normalize_name
from actcli.core.catalogue.vocabulary import FRAMEWORK_ALIASES, FRAMEWORKS
from actcli.errors import ParameterError, UnknownActivationError
from actcli.text import join_or

__all__ = ["Found", "canonical_framework", "find_by_path", "find_in_framework", "spell", "variants_by_spelling"]

Found = tuple[Activation, FrameworkFunction]

_MODULES = {
    *("torch", "nn", "functional", "F", "special", "jax", "numpy", "jnp", "lax", "scipy", "keras", "tf", "tensorflow"),
    *("math", "mlx", "core", "mx", "onnx", "tfa", "tensorflow_addons", "transformers", "modules", "activation"),
}
"""Modules that may precede a name written in full."""

_OWNERS = {
    **dict.fromkeys(("torch", "F"), "torch"),
    **dict.fromkeys(("jax", "jnp"), "jax"),
    "keras": "keras",
    **dict.fromkeys(("tf", "tensorflow", "tf_keras", "tfa", "tensorflow_addons"), "tf"),
    "onnx": "onnx",
    **dict.fromkeys(("mlx", "mx"), "mlx"),
    "transformers": "hf",
}
"""Modules of a single framework that begin a path, as they are usually imported."""

_OTHERS = ("math", "np", "numpy", "scipy")
"""Modules that begin a path outside the frameworks, although frameworks have modules of that name."""


def canonical_framework(word: str) -> str:
    """Return the framework that is called `word`, in any case; an unknown word as it is."""
    lower = word.lower()
    lower = FRAMEWORK_ALIASES.get(lower, lower)
    return lower if lower in FRAMEWORKS else word


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


def find_by_path(path: str) -> dict[str, Found]:
    """Return what the dotted `path`, such as `jax.nn.gelu`, stands for in each framework that it may belong to.

    Its first module tells the framework, except for modules that several have, as in nn.SiLU. Empty if none has it.
    """
    *modules, _ = path.split(".")
    if modules[0].lower() in _OTHERS:
        return {}
    owner = "keras" if "keras" in modules else "torch" if "functional" in modules else _OWNERS.get(modules[0])
    if owner is not None:
        try:
            return {owner: find_in_framework(owner, path)}
        except UnknownActivationError:
            return {}
    exact = {word: _tables(word)[0].get(path) for word in FRAMEWORKS}
    similar = {word: _tables(word)[1].get(normalize_name(path)) for word in FRAMEWORKS}
    found = exact if any(exact.values()) else similar
    return {word: one for word, one in found.items() if one is not None}


def spell(framework: str, found: Found) -> str:
    """Return NAME@FRAMEWORK for a function: with the entry's name, or its own where the framework has two."""
    entry, function = found
    names = [entry.name]
    for name in function.callable_names:
        parts = name.split(".")
        names += [".".join(parts[start:]) for start in reversed(range(len(parts)))]
    return next(f"{name}@{framework}" for name in names if find_in_framework(framework, name)[1] is function)


def variants_by_spelling(framework: str) -> Mapping[str, Found]:
    """Return what each name stands for in `framework`, by its normalized spelling."""
    return _tables(framework)[1]


def _without_modules(word: str) -> str:
    parts = word.split(".")
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
    return ".".join(parts)


def _unknown_framework(framework: str) -> ParameterError:
    known = join_or([*FRAMEWORKS])
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
        return UnknownActivationError(word, tuple(near)[:3], f"{title} has no {word!r}")
    others = [other for other in FRAMEWORKS if entry.framework_variants(other)]
    if others:
        remedy = join_or([f"{entry.name}@{other}" for other in others])
    else:
        remedy = f"{entry.name} without @, since no framework has it"
    return UnknownActivationError(word, (), f"{title} has no {entry.name}: use {remedy}")


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
