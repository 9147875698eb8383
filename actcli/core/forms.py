"""What each framework makes of an activation: its names, its parameters and their defaults, and what differs there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actcli.core.record import FRAMEWORKS, Activation, Framework, Kink, Param

__all__ = ["Form", "Taken", "forms", "taken"]


@dataclass(frozen=True)
class Form:
    """One function of a framework that is the activation.

    framework  the word after @
    called     its names as people write them; one with parentheses is another function with these arguments
    defaults   its parameters, as it calls them, and their defaults there; None must be given
    differs    what is otherwise than in the entry: a phrase each
    """

    framework: str
    called: tuple[str, ...]
    defaults: Mapping[str, str | None]
    differs: tuple[str, ...]


def forms(entry: Activation) -> list[Form]:
    """The forms of `entry` in all frameworks that have it, the usual one of each first."""
    return [_form(entry, framework, form) for framework in FRAMEWORKS for form in entry.forms(framework)]


@dataclass(frozen=True)
class Taken:
    """A parameter as a framework's function takes it, or the entry itself.

    name     what it is called there;  also  what else it may be called
    default  as it is written there; None: it must be given
    valid    what is valid, in words
    param    the entry's parameter that it is
    words    how the words that it takes are spelled there, where that is otherwise
    """

    name: str
    also: tuple[str, ...]
    default: str | None
    valid: str
    param: Param

    words: Mapping[str, str] = field(default_factory=dict)

    def spelled(self, text: str) -> str:
        """A value of it, as it is written there."""
        return self.words.get(text, text)


def taken(entry: Activation, framework: str = "", form: Framework | None = None) -> list[Taken]:
    """The parameters that `form`, a function of the framework, takes; without one, those of the entry itself."""
    if form is None or form.params is None:
        names = {param.name: [param.name] for param in entry.taken(framework)}
    else:
        names = {}
        for name, ours in form.params.items():
            names.setdefault(ours, []).append(name)
    by_name = {param.name: param for param in entry.params}
    found = []
    for ours, called in names.items():
        param = by_name[ours]
        words = {our: their for their, our in form.words.items()} if form is not None and param.words else {}
        default = param.default if form is None else form.defaults.get(ours, param.default)
        default = default if default is None else words.get(default, default)
        also = tuple(dict.fromkeys(word for word in (*called[1:], ours, *param.aliases) if word != called[0]))
        valid = " | ".join(words.get(word, word) for word in param.words) if words else param.range
        found.append(Taken(called[0], also, default, valid, param, words))
    return found


def _form(entry: Activation, framework: str, form: Framework) -> Form:
    called = tuple(form.called.split("; "))
    params = taken(entry, framework, form) if form.names else []
    defaults = {param.name: param.default for param in params}
    differs = [phrase for param in params for phrase in _apart(param, form)]
    if form.names:
        hidden = form.defaults.keys() - {param.param.name for param in params}
        differs += [f"{ours} is {default}" for ours, default in form.defaults.items() if ours in hidden]
    differs += form.says
    differs += _slopes(_other(entry.kinks, form.kinks))
    for kinks in dict.fromkeys(form.backends.values()):
        backends = [backend for backend, theirs in form.backends.items() if theirs == kinks]
        plural = "s" if len(backends) > 1 else ""
        differs += [f"{phrase} on the {' and '.join(backends)} backend{plural}" for phrase in _slopes(kinks)]
    return Form(framework, called, defaults, tuple(differs))


def _apart(taken: Taken, form: Framework) -> Iterator[str]:
    """What is otherwise with a parameter: its name, its words, its default."""
    ours = taken.param
    names = [name for name, meant in (form.params or {}).items() if meant == ours.name]
    renamed = [f"{name} is {ours.name}" for name in names if name not in (ours.name, "axis", "dim")]
    other = _other_default(taken)
    if renamed and other:
        renamed[0] += f", {other}"
    yield from renamed or ([f"{taken.name} is {other}"] if other else [])
    for our, their in taken.words.items():
        if our != ours.default:
            yield f"{taken.name}={their} is {our}" + ", and the default" * (their == taken.default)


def _other_default(taken: Taken) -> str:
    """What the default is there if it is another number, in words, else nothing."""
    ours = taken.param
    if ours.only or ours.words or taken.default == ours.default:
        return ""
    if taken.default is None:
        return "to be given"
    return f"{taken.default} by default" + f", not {ours.default}" * (ours.default is not None)


def _other(own: Sequence[Kink], theirs: Sequence[Kink] | None) -> list[Kink]:
    """The kinks of `theirs` that are not among our own."""
    return [kink for kink in theirs or () if (kink.at, kink.slope) not in {(known.at, known.slope) for known in own}]


def _slopes(kinks: Sequence[Kink]) -> list[str]:
    """The slopes at kinks in words, those that are the same together."""
    slopes = dict.fromkeys(kink.slope for kink in kinks)
    at = {slope: " and ".join(kink.at for kink in kinks if kink.slope == slope) for slope in slopes}
    return [f"slope at {at[slope]} is {slope}" for slope in slopes]
