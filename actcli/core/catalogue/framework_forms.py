"""What each framework makes of an activation: its names, its parameters and their defaults, and what differs there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actcli.core.catalogue.activation import FRAMEWORKS, Activation, FrameworkFunction, Kink, Parameter

__all__ = ["FrameworkParameter", "FrameworkSummary", "framework_parameters", "framework_summaries"]


@dataclass(frozen=True)
class FrameworkSummary:
    """One function of a framework that is the activation.

    framework  the word after @
    called     its names as people write them; one with parentheses is another function with these arguments
    defaults   its parameters, as it calls them, and their defaults there; None must be given
    differs    what is otherwise than in the entry: a phrase each
    """

    framework: str
    names: tuple[str, ...]
    defaults: Mapping[str, str | None]
    differences: tuple[str, ...]


def framework_summaries(entry: Activation) -> list[FrameworkSummary]:
    """The forms of `entry` in all frameworks that have it, the usual one of each first."""
    return [
        _summarize(entry, framework, form) for framework in FRAMEWORKS for form in entry.framework_variants(framework)
    ]


@dataclass(frozen=True)
class FrameworkParameter:
    """A parameter as a framework's function takes it, or the entry itself.

    name     what it is called there;  also  what else it may be called
    default  as it is written there; None: it must be given
    valid    what is valid, in words
    param    the entry's parameter that it is
    words    how the words that it takes are spelled there, where that is otherwise
    """

    name: str
    aliases: tuple[str, ...]
    default: str | None
    valid_range: str
    parameter: Parameter

    choice_names: Mapping[str, str] = field(default_factory=dict)

    def spell(self, text: str) -> str:
        """A value of it, as it is written there."""
        return self.choice_names.get(text, text)


def framework_parameters(
    entry: Activation, framework: str = "", form: FrameworkFunction | None = None
) -> list[FrameworkParameter]:
    """The parameters that `form`, a function of the framework, takes; without one, those of the entry itself."""
    if form is None or form.parameters is None:
        names = {param.name: [param.name] for param in entry.available_parameters(framework)}
    else:
        names = {}
        for name, ours in form.parameters.items():
            names.setdefault(ours, []).append(name)
    by_name = {param.name: param for param in entry.parameters}
    found = []
    for ours, called in names.items():
        param = by_name[ours]
        words = {our: their for their, our in form.choice_names.items()} if form is not None and param.choices else {}
        default = param.default if form is None else form.defaults.get(ours, param.default)
        default = default if default is None else words.get(default, default)
        also = tuple(dict.fromkeys(word for word in (*called[1:], ours, *param.aliases) if word != called[0]))
        valid = " | ".join(words.get(word, word) for word in param.choices) if words else param.valid_range
        found.append(FrameworkParameter(called[0], also, default, valid, param, words))
    return found


def _summarize(entry: Activation, framework: str, form: FrameworkFunction) -> FrameworkSummary:
    called = tuple(form.names.split("; "))
    params = framework_parameters(entry, framework, form) if form.callable_names else []
    defaults = {param.name: param.default for param in params}
    differs = [phrase for param in params for phrase in _parameter_differences(param, form)]
    if form.callable_names:
        hidden = form.defaults.keys() - {param.parameter.name for param in params}
        differs += [f"{ours} is {default}" for ours, default in form.defaults.items() if ours in hidden]
    differs += form.remarks
    differs += _describe_kinks(_changed_kinks(entry.kinks, form.kinks))
    for kinks in dict.fromkeys(form.backend_kinks.values()):
        backends = [backend for backend, theirs in form.backend_kinks.items() if theirs == kinks]
        plural = "s" if len(backends) > 1 else ""
        differs += [f"{phrase} on the {' and '.join(backends)} backend{plural}" for phrase in _describe_kinks(kinks)]
    return FrameworkSummary(framework, called, defaults, tuple(differs))


def _parameter_differences(taken: FrameworkParameter, form: FrameworkFunction) -> Iterator[str]:
    """What is otherwise with a parameter: its name, its words, its default."""
    ours = taken.parameter
    names = [name for name, meant in (form.parameters or {}).items() if meant == ours.name]
    renamed = [f"{name} is {ours.name}" for name in names if name not in (ours.name, "axis", "dim")]
    other = _default_difference(taken)
    if renamed and other:
        renamed[0] += f", {other}"
    yield from renamed or ([f"{taken.name} is {other}"] if other else [])
    for our, their in taken.choice_names.items():
        if our != ours.default:
            yield f"{taken.name}={their} is {our}" + ", and the default" * (their == taken.default)


def _default_difference(taken: FrameworkParameter) -> str:
    """What the default is there if it is another number, in words, else nothing."""
    ours = taken.parameter
    if ours.frameworks or ours.choices or taken.default == ours.default:
        return ""
    if taken.default is None:
        return "to be given"
    return f"{taken.default} by default" + f", not {ours.default}" * (ours.default is not None)


def _changed_kinks(own: Sequence[Kink], theirs: Sequence[Kink] | None) -> list[Kink]:
    """The kinks of `theirs` that are not among our own."""
    return [
        kink
        for kink in theirs or ()
        if (kink.at, kink.subgradient) not in {(known.at, known.subgradient) for known in own}
    ]


def _describe_kinks(kinks: Sequence[Kink]) -> list[str]:
    """The slopes at kinks in words, those that are the same together."""
    slopes = dict.fromkeys(kink.subgradient for kink in kinks)
    at = {slope: " and ".join(kink.at for kink in kinks if kink.subgradient == slope) for slope in slopes}
    return [f"slope at {at[slope]} is {slope}" for slope in slopes]
