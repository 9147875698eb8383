"""What each framework makes of an activation: its names, its parameters and their defaults, and what differs there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actcli.core.record import FRAMEWORKS, Activation, Framework, Kink

__all__ = ["Form", "forms"]


@dataclass(frozen=True)
class Form:
    """One function of a framework that is the activation.

    framework  the word after @
    called     its names as people write them; one with parentheses is another function with these arguments
    defaults   its parameters, as it calls them, and their defaults there; None must be given
    differs    what is otherwise than in the entry, save the defaults: a phrase each
    """

    framework: str
    called: tuple[str, ...]
    defaults: Mapping[str, str | None]
    differs: tuple[str, ...]


def forms(entry: Activation) -> list[Form]:
    """The forms of `entry` in all frameworks that have it, the usual one of each first."""
    return [_form(entry, framework, form) for framework in FRAMEWORKS for form in entry.forms(framework)]


def _form(entry: Activation, framework: str, form: Framework) -> Form:
    called = tuple(form.called.split("; "))
    if not form.names:
        return Form(framework, called, {}, ())
    theirs = {param.name: param.name for param in entry.taken(framework)} if form.params is None else form.params
    by_name = {param.name: param for param in entry.params}
    words = {ours: word for word, ours in form.words.items()}
    defaults: dict[str, str | None] = {}
    differs = []
    for name, ours in theirs.items():
        default = form.defaults.get(ours, by_name[ours].default)
        defaults[name] = words.get(default, default) if default is not None and by_name[ours].words else default
        if name not in (ours, "axis"):
            differs.append(f"{name} is {ours}")
    differs += [f"{ours} is {default}" for ours, default in form.defaults.items() if ours not in theirs.values()]
    differs += _slopes(_other(entry.kinks, form.kinks))
    for kinks in dict.fromkeys(form.backends.values()):
        backends = [backend for backend, theirs in form.backends.items() if theirs == kinks]
        plural = "s" if len(backends) > 1 else ""
        differs += [f"{phrase} on the {' and '.join(backends)} backend{plural}" for phrase in _slopes(kinks)]
    return Form(framework, called, defaults, tuple(differs))


def _other(own: Sequence[Kink], theirs: Sequence[Kink] | None) -> list[Kink]:
    """The kinks of `theirs` that are not among our own."""
    return [kink for kink in theirs or () if (kink.at, kink.slope) not in {(known.at, known.slope) for known in own}]


def _slopes(kinks: Sequence[Kink]) -> list[str]:
    """The slopes at kinks in words, those that are the same together."""
    slopes = dict.fromkeys(kink.slope for kink in kinks)
    at = {slope: " and ".join(kink.at for kink in kinks if kink.slope == slope) for slope in slopes}
    return [f"slope at {at[slope]} is {slope}" for slope in slopes]
