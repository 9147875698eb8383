"""Quantity: the number asked of an activation at x: f, f', a one-sided derivative, or one by a parameter."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from actcli.core.catalogue.activation import Activation, CodePath, FrameworkFunction
from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from actcli.core.catalogue.parameters import Parameter, Value, unknown_parameter_error
from actcli.core.evaluation.function import EntryFunction, Function
from actcli.errors import ParameterError

if TYPE_CHECKING:
    from decimal import Decimal

    from actcli.number_formats import Format

__all__ = ["BoundActivation", "Quantity", "derivative_quantity"]


class _BoundActivation(NamedTuple):
    activation: Activation
    values: Mapping[str, Value]
    label: str
    framework: str = ""
    framework_function: FrameworkFunction | None = None


class BoundActivation(_BoundActivation):
    """An activation with a value for each of its parameters.

    activation          the catalogue entry, or the record of an expression
    values              the parameters by their own names; numbers are exact
    label               as headers show it: the canonical name of a plain name or alias, otherwise as typed
    framework           the word after @, "" without one
    framework_function  that framework's function, on the code path that the parameters select
    """

    # A subclass, because a named tuple itself cannot hold cached properties.

    @property
    def title(self) -> str:
        """The label for people: of an expression, whose headers call it f, its own text."""
        return self.activation.name if self.label == "f" else self.label

    @cached_property
    def function(self) -> Function:
        """f with these parameters bound."""
        f: Any = self.activation.f
        if isinstance(f, Function):
            return f
        entry, path = self.activation, self._code_path
        if path is not None and path.f is not None:
            entry = entry._replace(f=path.f, df=None)
        return EntryFunction(entry, self.arguments, has_kinks=bool(self._stated_kinks))

    @cached_property
    def _code_path(self) -> CodePath | None:
        """The framework's code path that the parameters select; None for the usual one."""
        return None if self.framework_function is None else self.framework_function.path

    @cached_property
    def arguments(self) -> Mapping[str, Value]:
        """The keyword arguments of f: the parameters, and the exact numbers derived from them (None for x / 0)."""
        derived = self.activation.derived_arguments
        return {**self.values, **{name: _quotient(text, self.values) for name, text in derived.items()}}

    @cached_property
    def kinks(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """(point, derivative chosen there) for each kink with a chosen subgradient, as exact numbers.

        Where the parameters make f smooth at such a point, the derivative is that of f.
        """
        stated = [(at, derivative) for at, derivative in self._stated_kinks if derivative is not None]
        if self.has_stated_properties:
            return tuple(stated)
        return tuple((at, self.function.kink_derivative(at, derivative)) for at, derivative in stated)

    @property
    def kink_points(self) -> tuple[Fraction, ...]:
        """The points of all kinks, including those whose derivative the formula gives."""
        return tuple(at for at, _ in self._stated_kinks)

    @cached_property
    def _stated_kinks(self) -> tuple[tuple[Fraction, Fraction | None], ...]:
        """The kinks that the entry or the framework's function states, without those beyond float64's range.

        A kink at a parameter that is none is omitted.
        """
        if self.activation.is_overridden(self.values):
            return ()
        variant = self.framework_function
        known = {name: value for name, value in self.values.items() if isinstance(value, Fraction)}
        points = [
            (_quotient(kink.at, known), kink.subgradient)
            for kink in (self.activation.kinks if variant is None or variant.kinks is None else variant.kinks)
            if not any(self.values.get(word, 0) is None for word in names_in(kink.at))
        ]
        return tuple(
            (at, None if subgradient is None else evaluate_formula(subgradient, known))
            for at, subgradient in points
            if at is not None and abs(at) <= sys.float_info.max
        )

    @cached_property
    def is_default(self) -> bool:
        """Whether every parameter that has a default has that value."""
        entry = self.activation
        return all(
            param.default is None or self.values.get(param.name) == param.parse(param.default, entry.name)
            for param in entry.parameters
        )

    @cached_property
    def has_stated_properties(self) -> bool:
        """Whether the entry states the properties and kinks of exactly this function."""
        entry = self.activation
        return (
            not entry.is_expression and self.is_default and all(param.default is not None for param in entry.parameters)
        )

    @cached_property
    def formulas(self) -> tuple[str, str, str]:
        """Formula, derivative and second derivative in plain characters, for these parameters."""
        path = self._code_path
        return (
            self.activation.formulas(self.values)
            if path is None or not path.formula
            else (path.formula, path.derivative, path.second_derivative)
        )

    @cached_property
    def domain(self) -> tuple[Fraction | None, Fraction | None]:
        """The open interval where f is defined; None for an infinite end."""
        domain = self.activation.domain
        return (None, None) if domain is None else domain(**self.values)

    def evaluate_exact(self, m: Any, x: Any) -> Any:
        """Return f(x) with parameters that stay exact numbers, in an arithmetic that combines with them."""
        return self.function.value_at_exact_parameters(m, x)

    def find_parameter(self, word: str) -> Parameter:
        """Return the parameter called `word`, in the framework's words or ours. Raise ParameterError if unknown."""
        variant = self.framework_function
        owner = f"{self.activation.name}@{self.framework}"
        if variant is not None and word in variant.unsupported:
            raise ParameterError(f"{owner}: {word} is not supported: {variant.unsupported[word]}")
        theirs = variant.parameters if variant is not None else None
        ranges = variant.ranges if variant is not None else {}
        if theirs is None:
            param = self.activation.find_parameter(word, self.framework)
            return param.with_range(ranges.get(param.name))
        by_name = {param.name: param.with_range(ranges.get(param.name)) for param in self.activation.parameters}
        if word in theirs:
            return by_name[theirs[word]]
        for name in theirs.values():
            if word == name or word in by_name[name].aliases:
                return by_name[name]
        raise unknown_parameter_error(owner, word, list(theirs), list(theirs), self.activation.available_as(word))


def _quotient(text: str, values: Mapping[str, Value]) -> Fraction | None:
    """Evaluate a rational expression in parameters; None if it divides by 0."""
    try:
        quotient: Fraction = evaluate_formula(text, values)
    except ZeroDivisionError:
        return None
    return quotient


class Quantity(NamedTuple):
    """A number that depends on x: f, or a derivative of f.

    order  0 for f, 1 to 3 for a derivative
    wrt    the parameter to differentiate by; None for x
    side   -1 or +1 for the left or right derivative; 0 for the derivative with the chosen subgradients at kinks
    """

    bound: BoundActivation
    order: int = 0
    wrt: str | None = None
    side: int = 0

    def __call__(self, m: Any, x: Any) -> Any:
        """Return the quantity at x in the arithmetic m: a number of m, or an exact constant."""
        function = self.bound.function
        if self.order == 0:
            return function.value(m, x)
        if self.wrt is not None:
            return function.parameter_derivative(m, x, self.wrt)
        return function.derivative(m, x, self.side, self.order)

    def evaluate_one(self, x: float, fmt: Format) -> float:
        """Return the correctly rounded result at one finite x by arbitrary precision."""
        return self.bound.function.evaluate_one(self, x, fmt)

    def enclose(self, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
        """Return an interval that contains the result at x, computed with `digits` decimal digits."""
        return self.bound.function.enclose(self, x, digits)

    def limit(self, side: int, fmt: Format) -> float:
        """Return the limit at -inf (side -1) or +inf (side +1), rounded to fmt; nan where there is none."""
        return self.bound.function.limit(self, side, fmt)

    def kink_derivatives(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Return (point, result) for each kink whose result is the chosen subgradient. Empty for other quantities."""
        return self.bound.kinks if self.order == 1 and self.wrt is None and not self.side else ()

    def exists_at(self, x: Fraction | None) -> bool:
        """Return False where a higher derivative does not exist: at a joint of pieces that do not agree so far."""
        if self.order < 2 or self.side or x is None:
            return True
        function = self.bound.function
        return x not in (*self.bound.kink_points, *function.joints()) or function.is_differentiable(x, self.order)

    def pole_candidates(self) -> tuple[tuple[Fraction, int], ...]:
        """Return (end, side of the domain) for each end of the domain at which a framework evaluates the function."""
        if not self.bound.activation.frameworks:
            return ()
        return tuple((end, side) for end, side in zip(self.bound.domain, (1, -1), strict=True) if end is not None)

    def check_differentiable(self) -> None:
        """Raise ParameterError unless `wrt` is a parameter that is a number here."""
        if self.wrt is not None and not isinstance(self.bound.values.get(self.wrt), Fraction):
            raise ParameterError(f"{self.bound.activation.name}: {self.wrt} is not a number to differentiate by")


def derivative_quantity(bound: BoundActivation, wrt: str | None = None, side: int = 0, order: int = 1) -> Quantity:
    """Return a derivative by x, or by the parameter called `wrt`. Raise ParameterError if that is not a number."""
    name = None if wrt is None else bound.find_parameter(wrt).name
    quantity = Quantity(bound, order, name, side)
    quantity.check_differentiable()
    return quantity
