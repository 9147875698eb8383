"""Parser of SPEC, the text that names an activation with its parameters.

BODY[@FRAMEWORK][:PARAM=VALUE,...]    leaky_relu    LeakyReLU@keras:alpha=0.2    gelu:approximate=tanh

BODY is a name, or an expression in x: x * sigmoid(a * x):a=1.5
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from actcli.core.catalogue.activation import Activation, FrameworkFunction
from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from actcli.core.catalogue.parameters import (
    Parameter,
    Value,
    describe_missing,
    format_number,
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
    """Parse `spec` and bind its parameters and the `extra` ones.

    A value is text as users type it (a decimal is exact), or a Python number (a float is exact too), True, False or
    None. With `partial`, required parameters may be missing.

    Raises UnknownActivationError for an unknown name, ExpressionError for a wrong expression, and ParameterError for
    an unknown framework and for parameters that are unknown, invalid, missing or given twice.
    """
    extra = extra or {}
    body, colon, parameters = spec.partition(":")
    body = body.strip()
    name, at, framework = body.partition("@")
    if at and (_FORMULA_MARKS.search(name) or _FORMULA_MARKS.search(framework)):
        raise _located_error(
            "a framework cannot stand inside an expression: write NAME(x) there", spec, spec.index("@")
        )
    if at:
        bound = _find_in_framework(name.strip(), framework.strip())
    else:
        bound = _find_or_parse_expression(spec, body, parameters, extra)
    given = [*_split_parameters(spec, parameters if colon else None, bound), *extra.items()]
    values = _parse_values(bound, given, partial)
    if bound.activation.is_expression:
        from actcli.core.expressions import activation

        return BoundActivation(activation.with_parameters(bound.activation, values), values, "f")
    label = body if given or at else bound.activation.name
    label += ":" * bool(given) + ",".join(f"{word}={_displayable(value)}" for word, value in given)
    return bound._replace(values=values, label=label)


def _located_error(message: str, spec: str, at: int) -> Exception:
    from actcli.errors import ExpressionError

    return ExpressionError(message, spec, at)


def _split_parameters(spec: str, text: str | None, bound: BoundActivation) -> list[tuple[str, object]]:
    """Split `NAME=VALUE,...` into pairs; None is no text at all."""
    pairs: list[tuple[str, object]] = []
    for item in text.split(",") if text is not None else ():
        word, equals, value = item.partition("=")
        if not equals or not word.strip():
            names = [param.name for param in bound.activation.available_parameters(bound.framework)]
            is_lone_number = names and not pairs and parse_exact(item.strip()) is not None
            hint = f"; did you mean {names[0]}={item.strip()}?" if is_lone_number else ""
            raise ParameterError(f"{spec!r}: {item!r} is not NAME=VALUE{hint}")
        pairs.append((word.strip(), value.strip()))
    return pairs


def _find_in_framework(name: str, framework: str) -> BoundActivation:
    from actcli.core.catalogue.frameworks import find_in_framework

    entry, function = find_in_framework(framework, name)
    return BoundActivation(entry, {}, "", framework, function)


def _find_or_parse_expression(spec: str, body: str, parameters: str, extra: Mapping[str, object]) -> BoundActivation:
    """Return the activation or the expression `body`, without its parameters; errors are located in `spec`."""
    entry = find_or_none(body)
    given = {item.partition("=")[0].strip() for item in parameters.split(",")} | set(extra)
    if entry is None and not _is_name(body, given):
        from actcli.core.expressions.activation import parse_activation

        try:
            entry = parse_activation(body)
        except LocatedError as error:
            raise _located_error(error.message, spec, error.at + len(spec) - len(spec.lstrip())) from None
    return BoundActivation(find(body) if entry is None else entry, {}, body)


_FORMULA_MARKS = re.compile(
    r"[+*/()<>^!&|?\u00b2\u00b3\u00f7\u03a6\u03c0\u03c3\u221a]|(?<![A-Za-z_])(?:x|pi|e)(?!\w)|^[-\s]*\.?[0-9]", re.ASCII
)
"""What only a formula contains: an operator other than a hyphen, a parenthesis, x, pi or e, or a leading number."""


def _is_name(body: str, given: set[str]) -> bool:
    """Return whether `body` can only be a name: it contains no mark of a formula and no word that has a value."""
    return not _FORMULA_MARKS.search(body) and not given & set(body.replace("-", " ").split())


def _parse_values(bound: BoundActivation, given: list[tuple[str, object]], partial: bool) -> dict[str, Value]:
    """Return a value for each parameter of the activation, from the given ones and the defaults."""
    owner = bound.activation.name + f"@{bound.framework}" * bool(bound.framework)
    values: dict[str, Value] = {}
    for word, value in given:
        param = bound.find_parameter(word)
        if param.name in values:
            raise ParameterError(f"{owner}: {param.name} is given twice")
        values[param.name] = _parse_value(param, word, value, bound.framework_function, owner)
    _add_defaults(values, bound, given, partial, owner)
    for lower, upper in bound.activation.ordered_parameters:
        low, high = values.get(lower), values.get(upper)
        if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
            raise ParameterError(
                f"{owner}: {lower} must be at most {upper}, not {format_number(low)} > {format_number(high)}"
            )
    return values


def _parse_value(param: Parameter, word: str, value: object, function: FrameworkFunction | None, owner: str) -> Value:
    """Return the value of a parameter that was given as `word`; messages about it use that word."""
    param = param._replace(name=word)
    if not isinstance(value, str | bool) and value is not None:
        return param.check(_as_fraction(value, word, owner), owner, _displayable(value))
    text = str(value)
    choice = function.choice_names.get(text.strip().lower()) if function is not None and param.choices else None
    return param.parse(choice or text, owner)


def _add_defaults(
    values: dict[str, Value], bound: BoundActivation, given: list[tuple[str, object]], partial: bool, owner: str
) -> None:
    """Add the defaults to `values`; raise MissingParameterError for required parameters, unless `partial`."""
    function = bound.framework_function
    missing = []
    for param in bound.activation.parameters:
        default = param.default if function is None else function.defaults.get(param.name, param.default)
        if param.name in values or (partial and default is None):
            continue
        if default is not None:
            values[param.name] = param.parse(default, owner)
        else:
            names = ((function and function.parameters) or {}).items()
            missing.append(next((theirs for theirs, own in names if own == param.name), param.name))
    if missing:
        pairs = [f"{word}={_displayable(value)}" for word, value in given] + [f"{word}=VALUE" for word in missing]
        raise MissingParameterError(f"{owner} needs {describe_missing(missing)}: write {owner}:{','.join(pairs)}")


def _displayable(value: object) -> str:
    try:
        return str(value)
    except ValueError:
        # Python refuses to convert an integer of too many digits.
        return "an enormous number"


def _as_fraction(value: object, name: str, owner: str) -> Fraction:
    try:
        return Fraction(value)  # type: ignore[call-overload]  # other objects raise below
    except (TypeError, ValueError, OverflowError):
        try:
            return Fraction(float(value))  # type: ignore[arg-type]  # a NumPy scalar converts to float
        except (TypeError, ValueError, OverflowError):
            raise ParameterError(f"{owner}: {name}={value!r} is not a finite number") from None
