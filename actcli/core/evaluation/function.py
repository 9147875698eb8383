"""Function: what evaluation asks of f with its parameters bound. Catalogue entries and expressions implement it.

An entry's function is `EntryFunction`. An expression's is `expressions.function.ExpressionFunction`, which uses
arithmetics without overflow and never takes an undecided tie for a tie.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.catalogue.parameter_formulas import evaluate_formula

if TYPE_CHECKING:
    from decimal import Decimal

    from actcli.core.arithmetic.protocol import Arithmetic, N, Value
    from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
    from actcli.core.catalogue.activation import Activation
    from actcli.core.catalogue.parameters import Value as ParameterValue
    from actcli.number_formats import Format

__all__ = ["EntryFunction", "Evaluable", "Function", "as_numbers"]


class Evaluable(Protocol):
    """What an evaluation strategy uses of a Quantity, which is built on this module."""

    @property
    def order(self) -> int: ...
    @property
    def wrt(self) -> str | None: ...
    @property
    def side(self) -> int: ...
    def __call__(self, m: Any, x: Any, /) -> Any: ...


class Function(ABC):
    """f with its parameters bound, and the evaluation strategy that is correct for it."""

    ties_are_exact: bool
    """Whether a result that cannot be distinguished from a tie is that tie; otherwise it is undecided."""

    @abstractmethod
    def value(self, m: Arithmetic[N], x: N) -> Value[N]:
        """Return f(x) in the arithmetic m."""

    @abstractmethod
    def derivative(self, m: Arithmetic[N], x: N, side: int, order: int = 1) -> Value[N]:
        """Return f'(x) in the arithmetic m, or a derivative of a higher order.

        side -1 or +1 selects the one-sided derivative at a kink.
        """

    @abstractmethod
    def joints(self) -> tuple[Fraction, ...]:
        """Return the points where pieces of f meet; empty if evaluation at a single x finds out by itself."""

    @abstractmethod
    def is_differentiable(self, at: Fraction, order: int) -> bool:
        """Return whether f has a derivative of this order at a joint."""

    @abstractmethod
    def parameter_derivative(self, m: Arithmetic[N], x: N, wrt: str) -> Value[N]:
        """Return the derivative of f(x) by the parameter called `wrt` in the arithmetic m."""

    @abstractmethod
    def value_at_exact_parameters(self, m: Arithmetic[N], x: N) -> Value[N]:
        """Return f(x) with parameters that stay exact numbers; m must combine with them."""

    @abstractmethod
    def kink_derivative(self, at: Fraction, stated: Fraction) -> Fraction:
        """Return the derivative that counts at the stated kink `at`: f' itself where the parameters make f smooth."""

    @abstractmethod
    def appears_odd(self, evaluate: Callable[[float], float]) -> bool:
        """Return whether `evaluate`, which is f, is odd at a few points. False for entries, which state it."""

    @abstractmethod
    def scaled_arithmetic(self) -> ScaledDDArithmetic:
        """Return the arithmetic of the accurate path."""

    @abstractmethod
    def evaluate_one(self, quantity: Evaluable, x: float, fmt: Format) -> float:
        """Return the correctly rounded result at one finite x by arbitrary precision; UNDECIDED or nan if undecided."""

    @abstractmethod
    def try_lowest_precision(self, quantity: Evaluable, x: float, fmt: Format) -> float | None:
        """Return the correctly rounded result at x if the lowest working precision decides it, else None."""

    @abstractmethod
    def enclose(self, quantity: Evaluable, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
        """Return an interval that contains the result at x, computed with `digits` decimal digits."""

    @abstractmethod
    def limit(self, quantity: Evaluable, side: int, fmt: Format) -> float:
        """Return the limit at -inf (side -1) or +inf (side +1), rounded to fmt; nan where there is none."""

    @abstractmethod
    def enclose_limit(self, quantity: Evaluable, side: int, digits: int) -> tuple[Decimal, Decimal]:
        """Return an interval that contains the finite limit, computed with `digits` decimal digits."""


def as_numbers(m: Any, arguments: Mapping[str, ParameterValue]) -> dict[str, Any]:
    """Return the keyword arguments of a formula: exact numbers become numbers of m; the axis is not an argument."""
    return {
        name: m.number(value) if isinstance(value, Fraction) else value
        for name, value in arguments.items()
        if name != "axis"
    }


class EntryFunction(Function):
    """The function of a catalogue entry: its formula `f(m, x, **arguments)` with parameters bound.

    entry      the catalogue entry
    arguments  the parameters, and the exact numbers derived from them
    has_kinks  whether f has kinks with these parameters
    """

    ties_are_exact = True

    def __init__(self, entry: Activation, arguments: Mapping[str, ParameterValue], *, has_kinks: bool) -> None:
        self._entry = entry
        self._arguments = arguments
        self._has_kinks = has_kinks

    def value(self, m: Any, x: Any) -> Any:
        return self._entry.f(m, x, **as_numbers(m, self._arguments))

    def derivative(self, m: Any, x: Any, side: int, order: int = 1) -> Any:
        if order > 1:
            return self._higher_derivative(m, x, side, order)
        if self._entry.df is not None and (side == 0 or not self._has_kinks):
            return self._entry.df(m, x, **as_numbers(m, self._arguments))
        result = self._entry.f(DualArithmetic(m), Dual(x, 1, side), **as_numbers(m, self._arguments))
        return result.derivative if isinstance(result, Dual) else 0

    def _higher_derivative(self, m: Any, x: Any, side: int, order: int) -> Any:
        """Return a derivative of order 2 or 3: jets over f cancel less than jets over the formula of f'."""
        from actcli.core.arithmetic.jet import Jet, JetArithmetic

        numbers = as_numbers(m, self._arguments)
        result = self._entry.f(JetArithmetic(m), Jet.variable(x, order, side), **numbers)
        return result.parts[order] if isinstance(result, Jet) else 0

    def parameter_derivative(self, m: Any, x: Any, wrt: str) -> Any:
        numbers = as_numbers(m, self._arguments)
        numbers[wrt] = Dual(numbers[wrt], 1)
        derived_arguments = self._entry.derived_arguments.items()
        for name, text in ((name, text) for name, text in derived_arguments if numbers[name] is not None):
            # A derived argument keeps its exact value and gets its own derivative by the parameter.
            derived = evaluate_formula(text, numbers)
            if isinstance(derived, Dual):
                numbers[name] = Dual(numbers[name], derived.derivative)
        result = self._entry.f(DualArithmetic(m), Dual(x, 0), **numbers)
        return result.derivative if isinstance(result, Dual) else 0

    def value_at_exact_parameters(self, m: Any, x: Any) -> Any:
        return self._entry.f(m, x, **self._arguments)

    def joints(self) -> tuple[Fraction, ...]:
        from actcli.core.evaluation.joints import joints

        return joints(self._entry.f, self._arguments)

    def is_differentiable(self, at: Fraction, order: int) -> bool:
        from actcli.core.evaluation.one_sided import is_differentiable

        return is_differentiable(self.value_at_exact_parameters, at, order)

    def kink_derivative(self, at: Fraction, stated: Fraction) -> Fraction:
        from actcli.core.evaluation.one_sided import smooth_derivative

        smooth = smooth_derivative(self.value_at_exact_parameters, at)
        return Fraction(smooth) if isinstance(smooth, int | Fraction) else stated

    def appears_odd(self, evaluate: Callable[[float], float]) -> bool:
        return False

    def scaled_arithmetic(self) -> ScaledDDArithmetic:
        from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic

        return ScaledDDArithmetic()

    # Arbitrary precision is imported late: a few values on a command line rarely need it.

    def evaluate_one(self, quantity: Evaluable, x: float, fmt: Format) -> float:
        from actcli.core.evaluation.arbitrary_precision import evaluate_many

        return evaluate_many(lambda m: [quantity(m, m.number(x))], fmt)[0]

    def try_lowest_precision(self, quantity: Evaluable, x: float, fmt: Format) -> float | None:
        from actcli.core.evaluation.arbitrary_precision import try_lowest_precision

        return try_lowest_precision(quantity, x, fmt)

    def enclose(self, quantity: Evaluable, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
        from actcli.core.evaluation.arbitrary_precision import enclose

        return enclose(quantity, x, digits)

    def limit(self, quantity: Evaluable, side: int, fmt: Format) -> float:
        from actcli.core.evaluation.arbitrary_precision import limit

        return limit(quantity, side, fmt)

    def enclose_limit(self, quantity: Evaluable, side: int, digits: int) -> tuple[Decimal, Decimal]:
        from actcli.core.evaluation.arbitrary_precision import enclose, limit_probe

        return enclose(quantity, limit_probe(side), digits)
