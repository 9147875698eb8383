"""SPEC: what a person writes to name an activation with its parameters, and what it stands for.

BODY[:PARAM=VALUE,...]        leaky_relu    LeakyReLU:negative_slope=0.2    gelu:approximate=tanh
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from actcli.core.catalogue import find
from actcli.core.record import Activation, ParameterError, Value, plain, rational

__all__ = ["Bound", "parse"]


@dataclass(frozen=True)
class Bound:
    """An activation with a value for each of its parameters.

    label    as headers show it: the canonical name of a bare name or alias, else as typed
    values   the parameters by their own names; numbers are exact
    """

    activation: Activation
    values: Mapping[str, Value]
    label: str

    @cached_property
    def kinks(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Each kink's place and the slope given there, as exact numbers."""
        return tuple(
            (rational(kink.at, self.values), rational(kink.slope, self.values)) for kink in self.activation.kinks
        )

    @cached_property
    def numbers(self) -> Mapping[str, Value]:
        """What f takes: the parameters and what is derived from them."""
        derived = self.activation.derived
        return {**self.values, **{name: rational(text, self.values) for name, text in derived.items()}}


def parse(spec: str, extra: Mapping[str, object] | None = None, partial: bool = False) -> Bound:
    """What `spec` stands for, with `extra` parameters beside those that it names itself.

    `partial` lets parameters that have no default be missing.

    A parameter's value is text as a person types it (digits are that exact decimal), or a Python number (a float is
    that float), True, False or None.
    Raises UnknownActivation, or ParameterError for parameters that are unknown, invalid, missing or given twice.
    """
    body, colon, rest = spec.partition(":")
    body = body.strip()
    activation = find(body)
    given: list[tuple[str, object]] = []
    for item in rest.split(",") if colon else ():
        word, equals, value = item.partition("=")
        if not equals or not word.strip():
            raise ParameterError(f"{spec!r}: {item!r} is not NAME=VALUE")
        given.append((word.strip(), value.strip()))
    given += (extra or {}).items()
    values = _values(activation, given, partial)
    label = activation.name if not given else f"{body}:" + ",".join(f"{word}={_shown(value)}" for word, value in given)
    return Bound(activation, values, label)


def _values(activation: Activation, given: list[tuple[str, object]], partial: bool) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for word, value in given:
        param = activation.param(word)
        if param.name in values:
            raise ParameterError(f"{activation.name}: {param.name} is given twice")
        if isinstance(value, str | bool) or value is None:
            values[param.name] = param.read(str(value), activation.name)
        else:
            exact = _exactly(value, param.name, activation.name)
            values[param.name] = param.check(exact, activation.name, _shown(value))
    for param in activation.params:
        if param.name in values or (partial and param.default is None):
            continue
        if param.default is None:
            raise ParameterError(
                f"{activation.name} needs its parameter {param.name}: write {activation.name}:{param.name}=VALUE"
            )
        values[param.name] = param.read(param.default, activation.name)
    for lower, upper in activation.ordered:
        low, high = values.get(lower), values.get(upper)
        if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
            raise ParameterError(
                f"{activation.name}: {lower} must be at most {upper}, not {plain(low)} > {plain(high)}"
            )
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
