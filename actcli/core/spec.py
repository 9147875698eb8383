"""SPEC: what a person writes to name an activation with its parameters, and what it stands for.

BODY[@FRAMEWORK][:PARAM=VALUE,...]    leaky_relu    LeakyReLU@keras:alpha=0.2    gelu:approximate=tanh
BODY is a name, or an expression in x: x * sigmoid(a * x):a=1.5
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from actcli.core.catalogue.activation import (
    Activation,
    FrameworkFunction,
    Parameter,
    Value,
    describe_missing,
    evaluate_formula,
    format_number,
    names_in,
    parse_exact,
    unknown_parameter_error,
)
from actcli.core.catalogue.registry import find, find_or_none
from actcli.errors import LocatedError, MissingParameterError, ParameterError

__all__ = ["BoundActivation", "parse"]


class _BoundActivation(NamedTuple):
    activation: Activation
    values: Mapping[str, Value]
    label: str
    framework: str = ""
    framework_function: FrameworkFunction | None = None


class BoundActivation(_BoundActivation):
    """An activation with a value for each of its parameters.

    label      as headers show it: the canonical name of a bare name or alias, else as typed
    values     the parameters by their own names; numbers are exact
    framework  the word after @, "" without one;  form  that framework's function
    """

    # A class of its own, as a named tuple has no room for what is worked out once.

    @cached_property
    def kinks(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The places where the entry gives a slope of its own, and that slope, as exact numbers.

        With some parameters such a place is no kink; then the slope there is the function's own.
        """
        return tuple((at, self._derivative_at(at, slope)) for at, slope in self._stated_kinks if slope is not None)

    @property
    def kink_points(self) -> tuple[Fraction, ...]:
        """Each kink's place, also where the slope given there is no exact number, but what the formula makes of it."""
        return tuple(at for at, _ in self._stated_kinks)

    @cached_property
    def _stated_kinks(self) -> tuple[tuple[Fraction, Fraction | None], ...]:
        """The kinks as the entry states them; a parameter that is none has no kink."""
        if self.activation.is_overridden(self.values):
            return ()
        own = (
            self.activation.kinks
            if self.framework_function is None or self.framework_function.kinks is None
            else self.framework_function.kinks
        )
        known = {name: value for name, value in self.values.items() if isinstance(value, Fraction)}
        return tuple(
            (
                evaluate_formula(kink.at, known),
                None if kink.subgradient is None else evaluate_formula(kink.subgradient, known),
            )
            for kink in own
            if not any(self.values.get(word, 0) is None for word in names_in(kink.at))
        )

    def _derivative_at(self, at: Fraction, stated: Fraction) -> Fraction:
        if self.activation.is_expression:
            return stated
        from actcli.core.evaluation.one_sided import smooth_derivative

        smooth = smooth_derivative(self.evaluate_exact, at)
        return Fraction(smooth) if isinstance(smooth, int | Fraction) else stated

    def evaluate_exact(self, m: Any, x: Any) -> Any:
        """f with these parameters, as exact numbers, against an arithmetic that takes such."""
        return self.activation.f(m, x, **({} if self.activation.is_expression else self.arguments))

    @cached_property
    def is_default(self) -> bool:
        """Whether every parameter that has a default has that, for which the facts of the entry are true."""
        entry = self.activation
        return entry.is_expression or all(
            param.default is None or self.values.get(param.name) == param.parse(param.default, entry.name)
            for param in entry.parameters
        )

    @cached_property
    def formulas(self) -> tuple[str, str]:
        """Formula and derivative in plain characters, as they are with these parameters."""
        return self.activation.formulas(self.values)

    @cached_property
    def domain(self) -> tuple[Fraction | None, Fraction | None]:
        """The open interval where f is defined; None for an end that is no number."""
        domain = self.activation.domain
        return (None, None) if domain is None else domain(**self.values)

    @cached_property
    def arguments(self) -> Mapping[str, Value]:
        """What f takes: the parameters and what is derived from them."""
        derived = self.activation.derived_arguments
        return {**self.values, **{name: evaluate_formula(text, self.values) for name, text in derived.items()}}

    def find_parameter(self, word: str) -> Parameter:
        """The parameter called `word`, in the framework's words or ours; ParameterError if there is none."""
        theirs = self.framework_function.parameters if self.framework_function is not None else None
        if self.framework_function is not None and word in self.framework_function.unsupported:
            owner = f"{self.activation.name}@{self.framework}"
            raise ParameterError(f"{owner}: {word} is not supported: {self.framework_function.unsupported[word]}")
        if theirs is None:
            return self.activation.find_parameter(word, self.framework)
        by_name = {param.name: param for param in self.activation.parameters}
        if word in theirs:
            return by_name[theirs[word]]
        for name in theirs.values():
            if word == name or word in by_name[name].aliases:
                return by_name[name]
        owner = f"{self.activation.name}@{self.framework}"
        raise unknown_parameter_error(owner, word, list(theirs), list(theirs), self.activation.available_as(word))


def parse(spec: str, extra: Mapping[str, object] | None = None, partial: bool = False) -> BoundActivation:
    """What `spec` stands for, with `extra` parameters beside those that it names itself.

    `partial` lets parameters that have no default be missing.

    A parameter's value is text as a person types it (digits are that exact decimal), or a Python number (a float is
    that float), True, False or None.
    Raises UnknownActivation, or ParameterError for frameworks or parameters that are unknown, and for parameters that
    are invalid, missing or given twice.
    """
    body, colon, rest = spec.partition(":")
    body = body.strip()
    name, at, framework = body.partition("@")
    if at and (_FORMULA_MARKS.search(name) or _FORMULA_MARKS.search(framework)):
        raise _located_error(
            "a framework cannot be used inside an expression: write NAME(x) there", spec, spec.index("@")
        )
    bound = _find_named(name.strip(), framework.strip()) if at else _parse_plain(spec, body, rest, extra or {})
    given: list[tuple[str, object]] = []
    for item in rest.split(",") if colon else ():
        word, equals, value = item.partition("=")
        if not equals or not word.strip():
            names = [param.name for param in bound.activation.available_parameters(bound.framework)]
            alone = names and not given and parse_exact(item.strip()) is not None
            hint = f"; did you mean {names[0]}={item.strip()}?" if alone else ""
            raise ParameterError(f"{spec!r}: {item!r} is not NAME=VALUE{hint}")
        given.append((word.strip(), value.strip()))
    given += (extra or {}).items()
    label = body if given or at else bound.activation.name
    label += ":" * bool(given) + ",".join(f"{word}={_displayable(value)}" for word, value in given)
    values = _parse_values(bound, given, partial)
    if bound.activation.is_expression:
        from actcli.core.expressions import activation

        return BoundActivation(activation.with_parameters(bound.activation, values), values, "f")
    return bound._replace(values=values, label=label)


def _located_error(message: str, spec: str, at: int) -> Exception:
    from actcli.errors import ExpressionError

    return ExpressionError(message, spec, at)


def _parse_plain(spec: str, body: str, rest: str, extra: Mapping[str, object]) -> BoundActivation:
    """What a name, or an expression, stands for without its parameters; what is wrong is shown in the whole `spec`."""
    activation = find_or_none(body)
    given = {item.partition("=")[0].strip() for item in rest.split(",")} | set(extra)
    if activation is None and not _is_word(body, given):
        from actcli.core.expressions.activation import parse_activation

        try:
            activation = parse_activation(body)
        except LocatedError as fault:
            raise _located_error(fault.message, spec, fault.at + len(spec) - len(spec.lstrip())) from None
    return BoundActivation(find(body) if activation is None else activation, {}, body)


_FORMULA_MARKS = re.compile(
    r"[+*/()<>^!&|?\u00b2\u00b3\u00f7\u03a6\u03c0\u03c3\u221a]|(?<![A-Za-z_])(?:x|pi|e)(?!\w)|^[-\s]*\.?[0-9]", re.ASCII
)
"""What only a formula has in it: an operator that is no hyphen, a parenthesis, x, pi or e, or a number at its start."""


def _is_word(body: str, given: set[str]) -> bool:
    """Whether `body` can only be meant as a name: nothing in it is a part of a formula, or has been given a value."""
    return not _FORMULA_MARKS.search(body) and not given & set(body.replace("-", " ").split())


def _find_named(name: str, framework: str) -> BoundActivation:
    from actcli.core.catalogue.frameworks import find_in_framework

    activation, form = find_in_framework(framework, name)
    return BoundActivation(activation, {}, "", framework, form)


def _parse_values(bound: BoundActivation, given: list[tuple[str, object]], partial: bool) -> dict[str, Value]:
    activation, form = bound.activation, bound.framework_function
    owner = activation.name + f"@{bound.framework}" * bool(bound.framework)
    values: dict[str, Value] = {}
    for word, value in given:
        param = bound.find_parameter(word)
        if param.name in values:
            raise ParameterError(f"{owner}: {param.name} is given twice")
        # What is wrong with the value is said with the name as it was given.
        named = param._replace(name=word)
        if isinstance(value, str | bool) or value is None:
            text = str(value)
            theirs = form.choice_names.get(text.strip().lower()) if form is not None and param.choices else None
            values[param.name] = named.parse(theirs or text, owner)
        else:
            values[param.name] = named.check(_as_fraction(value, word, owner), owner, _displayable(value))
    missing = []
    for param in activation.parameters:
        default = param.default if form is None else form.defaults.get(param.name, param.default)
        if param.name in values or (partial and default is None):
            continue
        if default is None:
            theirs_first = ((form and form.parameters) or {}).items()
            missing.append(next((their for their, ours in theirs_first if ours == param.name), param.name))
            continue
        values[param.name] = param.parse(default, owner)
    if missing:
        pairs = [f"{word}={_displayable(value)}" for word, value in given] + [f"{word}=VALUE" for word in missing]
        raise MissingParameterError(f"{owner} needs {describe_missing(missing)}: write {owner}:{','.join(pairs)}")
    for lower, upper in activation.ordered_parameters:
        low, high = values.get(lower), values.get(upper)
        if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
            raise ParameterError(
                f"{owner}: {lower} must be at most {upper}, not {format_number(low)} > {format_number(high)}"
            )
    return values


def _displayable(value: object) -> str:
    try:
        return str(value)
    except ValueError:
        # An integer of more digits than Python spells at once.
        return "an enormous number"


def _as_fraction(value: object, name: str, owner: str) -> Fraction:
    try:
        return Fraction(value)  # type: ignore[call-overload]  # what is no number raises below
    except (TypeError, ValueError, OverflowError):
        try:
            return Fraction(float(value))  # type: ignore[arg-type]  # a NumPy scalar is a number to float()
        except (TypeError, ValueError, OverflowError):
            raise ParameterError(f"{owner}: {name}={value!r} is not a finite number") from None
