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

from actcli.core.catalogue import find, known
from actcli.core.record import (
    Activation,
    Framework,
    MissingParameterError,
    Param,
    ParameterError,
    PlacedError,
    Value,
    missing_parameters,
    names_in,
    no_parameter,
    plain,
    rational,
    read_exact,
)

__all__ = ["Bound", "parse"]


class _Bound(NamedTuple):
    activation: Activation
    values: Mapping[str, Value]
    label: str
    framework: str = ""
    form: Framework | None = None


class Bound(_Bound):
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
        return tuple((at, self._slope(at, slope)) for at, slope in self._stated if slope is not None)

    @property
    def places(self) -> tuple[Fraction, ...]:
        """Each kink's place, also where the slope given there is no exact number, but what the formula makes of it."""
        return tuple(at for at, _ in self._stated)

    @cached_property
    def _stated(self) -> tuple[tuple[Fraction, Fraction | None], ...]:
        """The kinks as the entry states them; a parameter that is none has no kink."""
        if self.activation.yields(self.values):
            return ()
        own = self.activation.kinks if self.form is None or self.form.kinks is None else self.form.kinks
        known = {name: value for name, value in self.values.items() if isinstance(value, Fraction)}
        return tuple(
            (rational(kink.at, known), None if kink.slope is None else rational(kink.slope, known))
            for kink in own
            if not any(self.values.get(word, 0) is None for word in names_in(kink.at))
        )

    def _slope(self, at: Fraction, stated: Fraction) -> Fraction:
        if self.activation.typed:
            return stated
        from actcli.core.sides import smooth_slope

        smooth = smooth_slope(self.formula, at)
        return Fraction(smooth) if isinstance(smooth, int | Fraction) else stated

    def formula(self, m: Any, x: Any) -> Any:
        """f with these parameters, as exact numbers, against an arithmetic that takes such."""
        return self.activation.f(m, x, **({} if self.activation.typed else self.numbers))

    @cached_property
    def is_default(self) -> bool:
        """Whether every parameter that has a default has that, for which the facts of the entry are true."""
        entry = self.activation
        return entry.typed or all(
            param.default is None or self.values.get(param.name) == param.read(param.default, entry.name)
            for param in entry.params
        )

    @cached_property
    def texts(self) -> tuple[str, str]:
        """Formula and derivative in plain characters, as they are with these parameters."""
        return self.activation.texts(self.values)

    @cached_property
    def domain(self) -> tuple[Fraction | None, Fraction | None]:
        """The open interval where f is defined; None for an end that is no number."""
        domain = self.activation.domain
        return (None, None) if domain is None else domain(**self.values)

    @cached_property
    def numbers(self) -> Mapping[str, Value]:
        """What f takes: the parameters and what is derived from them."""
        derived = self.activation.derived
        return {**self.values, **{name: rational(text, self.values) for name, text in derived.items()}}

    def param(self, word: str) -> Param:
        """The parameter called `word`, in the framework's words or ours; ParameterError if there is none."""
        theirs = self.form.params if self.form is not None else None
        if self.form is not None and word in self.form.lacks:
            owner = f"{self.activation.name}@{self.framework}"
            raise ParameterError(f"{owner}: {word} is not supported: {self.form.lacks[word]}")
        if theirs is None:
            return self.activation.param(word, self.framework)
        by_name = {param.name: param for param in self.activation.params}
        if word in theirs:
            return by_name[theirs[word]]
        for name in theirs.values():
            if word == name or word in by_name[name].aliases:
                return by_name[name]
        owner = f"{self.activation.name}@{self.framework}"
        raise no_parameter(owner, word, list(theirs), list(theirs), self.activation.having(word))


def parse(spec: str, extra: Mapping[str, object] | None = None, partial: bool = False) -> Bound:
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
    if at and (_FORMULA.search(name) or _FORMULA.search(framework)):
        raise _misplaced("a framework cannot stand inside an expression: write NAME(x) there", spec, spec.index("@"))
    bound = _named(name.strip(), framework.strip()) if at else _plain(spec, body, rest, extra or {})
    given: list[tuple[str, object]] = []
    for item in rest.split(",") if colon else ():
        word, equals, value = item.partition("=")
        if not equals or not word.strip():
            names = [param.name for param in bound.activation.taken(bound.framework)]
            alone = names and not given and read_exact(item.strip()) is not None
            hint = f"; did you mean {names[0]}={item.strip()}?" if alone else ""
            raise ParameterError(f"{spec!r}: {item!r} is not NAME=VALUE{hint}")
        given.append((word.strip(), value.strip()))
    given += (extra or {}).items()
    label = body if given or at else bound.activation.name
    label += ":" * bool(given) + ",".join(f"{word}={_shown(value)}" for word, value in given)
    values = _values(bound, given, partial)
    if bound.activation.typed:
        from actcli.core.expression import record

        return Bound(record.bound(bound.activation, values), values, "f")
    return bound._replace(values=values, label=label)


def _misplaced(message: str, spec: str, at: int) -> Exception:
    from actcli.core.expression.faults import ExpressionError

    return ExpressionError(message, spec, at)


def _plain(spec: str, body: str, rest: str, extra: Mapping[str, object]) -> Bound:
    """What a name, or an expression, stands for without its parameters; what is wrong is shown in the whole `spec`."""
    activation = known(body)
    given = {item.partition("=")[0].strip() for item in rest.split(",")} | set(extra)
    if activation is None and not _is_word(body, given):
        from actcli.core.expression.record import open_activation

        try:
            activation = open_activation(body)
        except PlacedError as fault:
            raise _misplaced(fault.message, spec, fault.at + len(spec) - len(spec.lstrip())) from None
    return Bound(find(body) if activation is None else activation, {}, body)


_FORMULA = re.compile(
    r"[+*/()<>^!&|?\u00b2\u00b3\u00f7\u03a6\u03c0\u03c3\u221a]|(?<![A-Za-z_])(?:x|pi|e)(?!\w)|^[-\s]*\.?[0-9]", re.ASCII
)
"""What only a formula has in it: an operator that is no hyphen, a parenthesis, x, pi or e, or a number at its start."""


def _is_word(body: str, given: set[str]) -> bool:
    """Whether `body` can only be meant as a name: nothing in it is a part of a formula, or has been given a value."""
    return not _FORMULA.search(body) and not given & set(body.replace("-", " ").split())


def _named(name: str, framework: str) -> Bound:
    from actcli.core.frameworks import find_in

    activation, form = find_in(framework, name)
    return Bound(activation, {}, "", framework, form)


def _values(bound: Bound, given: list[tuple[str, object]], partial: bool) -> dict[str, Value]:
    activation, form = bound.activation, bound.form
    owner = activation.name + f"@{bound.framework}" * bool(bound.framework)
    values: dict[str, Value] = {}
    for word, value in given:
        param = bound.param(word)
        if param.name in values:
            raise ParameterError(f"{owner}: {param.name} is given twice")
        # What is wrong with the value is said with the name as it was given.
        named = param._replace(name=word)
        if isinstance(value, str | bool) or value is None:
            text = str(value)
            theirs = form.words.get(text.strip().lower()) if form is not None and param.words else None
            values[param.name] = named.read(theirs or text, owner)
        else:
            values[param.name] = named.check(_exactly(value, word, owner), owner, _shown(value))
    missing = []
    for param in activation.params:
        default = param.default if form is None else form.defaults.get(param.name, param.default)
        if param.name in values or (partial and default is None):
            continue
        if default is None:
            theirs_first = ((form and form.params) or {}).items()
            missing.append(next((their for their, ours in theirs_first if ours == param.name), param.name))
            continue
        values[param.name] = param.read(default, owner)
    if missing:
        pairs = [f"{word}={_shown(value)}" for word, value in given] + [f"{word}=VALUE" for word in missing]
        raise MissingParameterError(f"{owner} needs {missing_parameters(missing)}: write {owner}:{','.join(pairs)}")
    for lower, upper in activation.ordered:
        low, high = values.get(lower), values.get(upper)
        if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
            raise ParameterError(f"{owner}: {lower} must be at most {upper}, not {plain(low)} > {plain(high)}")
    return values


def _shown(value: object) -> str:
    try:
        return str(value)
    except ValueError:
        # An integer of more digits than Python spells at once.
        return "an enormous number"


def _exactly(value: object, name: str, owner: str) -> Fraction:
    try:
        return Fraction(value)  # type: ignore[call-overload]  # what is no number raises below
    except (TypeError, ValueError, OverflowError):
        try:
            return Fraction(float(value))  # type: ignore[arg-type]  # a NumPy scalar is a number to float()
        except (TypeError, ValueError, OverflowError):
            raise ParameterError(f"{owner}: {name}={value!r} is not a finite number") from None
