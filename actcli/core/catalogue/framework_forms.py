"""An activation as each framework has it, for display: names, parameters, defaults and differences from the entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actcli.core.catalogue.activation import Activation, FrameworkFunction, Kink
from actcli.core.catalogue.parameters import Parameter
from actcli.core.catalogue.vocabulary import FRAMEWORKS

__all__ = ["FrameworkParameter", "FrameworkSummary", "framework_parameters", "framework_summaries"]


@dataclass(frozen=True)
class FrameworkSummary:
    """One function of a framework that computes the activation.

    framework    the word after @
    names        its names as users write them; a name with parentheses is another function with these arguments
    defaults     its parameters, by the framework's names, and their defaults; None if required
    differences  its differences from the entry, a phrase each
    """

    framework: str
    names: tuple[str, ...]
    defaults: Mapping[str, str | None]
    differences: tuple[str, ...]


def framework_summaries(entry: Activation) -> list[FrameworkSummary]:
    """Return a summary of every framework's functions that compute `entry`, each framework's usual one first."""
    return [
        _summarize(entry, framework, function)
        for framework in FRAMEWORKS
        for function in entry.framework_variants(framework)
    ]


@dataclass(frozen=True)
class FrameworkParameter:
    """A parameter of a framework's function, or of the entry itself.

    name, aliases  its name there, and other names that are accepted
    default        as it is written there; None if required
    valid_range    the valid values as text
    parameter      the entry's parameter
    choice_names   the framework's spelling of the entry's choices, where it differs
    """

    name: str
    aliases: tuple[str, ...]
    default: str | None
    valid_range: str
    parameter: Parameter

    choice_names: Mapping[str, str] = field(default_factory=dict)

    def spell(self, text: str) -> str:
        """Return a value of the entry's parameter as the framework spells it."""
        return self.choice_names.get(text, text)


def framework_parameters(
    entry: Activation, framework: str = "", function: FrameworkFunction | None = None
) -> list[FrameworkParameter]:
    """Return the parameters of `function`, a function of the framework; without one, those of the entry itself."""
    if function is None or function.parameters is None:
        names = {param.name: [param.name] for param in entry.available_parameters(framework)}
    else:
        names = {}
        for name, own_name in function.parameters.items():
            names.setdefault(own_name, []).append(name)
    by_name = {param.name: param for param in entry.parameters}
    ranges = function.ranges if function is not None else {}
    return [
        _framework_parameter(by_name[own_name].with_range(ranges.get(own_name)), their_names, function)
        for own_name, their_names in names.items()
    ]


def _framework_parameter(param: Parameter, names: list[str], function: FrameworkFunction | None) -> FrameworkParameter:
    """Return `param` as a parameter that `function` calls by `names`, or as the entry's own without a function."""
    choice_names = {}
    default = param.default
    if function is not None:
        if param.choices:
            choice_names = {own: theirs for theirs, own in function.choice_names.items()}
        default = function.defaults.get(param.name, param.default)
    if default is not None:
        default = choice_names.get(default, default)
    aliases = tuple(dict.fromkeys(word for word in (*names[1:], param.name, *param.aliases) if word != names[0]))
    valid_range = param.valid_range
    if choice_names:
        valid_range = " | ".join(choice_names.get(choice, choice) for choice in param.choices)
    return FrameworkParameter(names[0], aliases, default, valid_range, param, choice_names)


def _summarize(entry: Activation, framework: str, function: FrameworkFunction) -> FrameworkSummary:
    params = framework_parameters(entry, framework, function) if function.callable_names else []
    differences = [phrase for param in params for phrase in _parameter_differences(param, function)]
    if function.callable_names:
        fixed = function.defaults.keys() - {param.parameter.name for param in params}
        differences += [f"{name} is {value}" for name, value in function.defaults.items() if name in fixed]
    differences += function.remarks
    differences += _describe_kinks(_changed_kinks(entry.kinks, function.kinks))
    differences += _describe_backends(function.backend_kinks)
    for path in function.paths:
        formula = [f"f is {path.formula}"] if path.formula else []
        kinks = _changed_kinks(entry.kinks if function.kinks is None else function.kinks, path.kinks)
        found = [*formula, *_describe_kinks(kinks), *_describe_backends(path.backend_kinks)]
        differences += [f"for {' and '.join(path.conditions)}: {', '.join(found)}"] * bool(found)
    defaults = {param.name: param.default for param in params}
    return FrameworkSummary(framework, tuple(function.names.split("; ")), defaults, tuple(differences))


def _parameter_differences(param: FrameworkParameter, function: FrameworkFunction) -> Iterator[str]:
    """Yield the differences of a parameter: its names, its default, its valid range, its choices."""
    own = param.parameter
    names = [name for name, own_name in (function.parameters or {}).items() if own_name == own.name]
    renamed = [f"{name} is {own.name}" for name in names if name not in (own.name, "axis", "dim")]
    default = _default_difference(param)
    if renamed and default:
        renamed[0] += f", {default}"
    yield from renamed or ([f"{param.name} is {default}"] if default else [])
    if own.name in function.ranges and not own.frameworks:
        yield f"{param.name} may be {own.valid_range}"
    for choice, spelling in param.choice_names.items():
        if choice != own.default:
            yield f"{param.name}={spelling} is {choice}" + ", and the default" * (spelling == param.default)


def _default_difference(param: FrameworkParameter) -> str:
    """Return the difference of a number's default as a phrase; "" if there is none."""
    own = param.parameter
    if own.frameworks or own.choices or param.default == own.default:
        return ""
    if param.default is None:
        return "required"
    return f"{param.default} by default" + f", not {own.default}" * (own.default is not None)


def _describe_backends(backend_kinks: Mapping[str, Sequence[Kink]]) -> list[str]:
    """Return the derivatives at kinks on some backends as phrases."""
    phrases = []
    for kinks in dict.fromkeys(map(tuple, backend_kinks.values())):
        backends = [backend for backend, theirs in backend_kinks.items() if tuple(theirs) == kinks]
        where = f" on the {' and '.join(backends)} backend" + "s" * (len(backends) > 1)
        phrases += [phrase + where for phrase in _describe_kinks(kinks)]
    return phrases


def _changed_kinks(own: Sequence[Kink], theirs: Sequence[Kink] | None) -> list[Kink]:
    """Return the kinks of `theirs` that are not among the entry's own."""
    known = {(kink.at, kink.subgradient) for kink in own}
    return [kink for kink in theirs or () if (kink.at, kink.subgradient) not in known]


def _describe_kinks(kinks: Sequence[Kink]) -> list[str]:
    """Return the derivatives at kinks as phrases, one for each distinct derivative."""
    points: dict[str | None, list[str]] = {}
    for kink in kinks:
        points.setdefault(kink.subgradient, []).append(kink.at)
    return [
        f"kink at {' and '.join(at)}" if derivative is None else f"derivative at {' and '.join(at)} is {derivative}"
        for derivative, at in points.items()
    ]
