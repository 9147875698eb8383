"""The evaluation strategy of expressions: unbounded arithmetics, limits by a tower of exponentials, no assumed ties."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.dual import Dual
from actcli.core.arithmetic.jet import Jet
from actcli.core.evaluation.function import Evaluable, Function
from actcli.core.expressions import arbitrary_precision, limits

if TYPE_CHECKING:
    from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
    from actcli.core.expressions.formula import Formula
    from actcli.number_formats import Format

__all__ = ["ExpressionFunction"]

_ODDNESS_PROBES = (1e-9, 0.01, 0.13, 0.5, 0.7, 1.0, 1.9, 3.0, 7.25, 60.0, 1e5)
"""Points at which f(-x) = -f(x) is tried."""


class ExpressionFunction(Function):
    """The function of an expression. Nothing is taken for granted: an undecided tie is undecided."""

    ties_are_exact = False

    def __init__(self, formula: Formula) -> None:
        self.formula = formula

    def __call__(self, m: Any, x: Any, **moving: Any) -> Any:
        """Return f(x) in the arithmetic m, as the formula of a catalogue entry does."""
        return self.formula(m, x, **moving)

    def value(self, m: Any, x: Any) -> Any:
        return self.formula(m, x)

    def derivative(self, m: Any, x: Any, side: int, order: int = 1) -> Any:
        if order > 1:
            jet = self.formula(m, Jet.variable(x, order, side))
            return jet.parts[order] if isinstance(jet, Jet) else 0
        result = self.formula(m, Dual(x, 1, side))
        return result.derivative if isinstance(result, Dual) else 0

    def parameter_derivative(self, m: Any, x: Any, wrt: str) -> Any:
        result = self.formula(m, x, **{wrt: Dual(0, 1)})
        return result.derivative if isinstance(result, Dual) else 0

    def value_at_exact_parameters(self, m: Any, x: Any) -> Any:
        return self.formula(m, x)

    def joints(self) -> tuple[Fraction, ...]:
        return ()

    def is_differentiable(self, at: Fraction, order: int) -> bool:
        from actcli.core.evaluation.one_sided import is_differentiable

        return is_differentiable(self.formula, at, order)

    def kink_derivative(self, at: Fraction, stated: Fraction) -> Fraction:
        return stated

    def appears_odd(self, evaluate: Callable[[float], float]) -> bool:
        return all(evaluate(-x) == -evaluate(x) for x in _ODDNESS_PROBES)

    def scaled_arithmetic(self) -> ScaledDDArithmetic:
        from actcli.core.arithmetic.scaled_dd_unbounded import UnboundedScaledDDArithmetic

        return UnboundedScaledDDArithmetic()

    def evaluate_one(self, quantity: Evaluable, x: float, fmt: Format) -> float:
        return arbitrary_precision.evaluate_one(quantity, x, fmt)

    def try_lowest_precision(self, quantity: Evaluable, x: float, fmt: Format) -> float | None:
        from actcli.core.expressions.arbitrary_precision import try_lowest_precision

        return try_lowest_precision(quantity, x, fmt)

    def enclose(self, quantity: Evaluable, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
        return arbitrary_precision.enclose(quantity, x, digits)

    def limit(self, quantity: Evaluable, side: int, fmt: Format) -> float:
        return limits.limit_of(self.formula, quantity, side, fmt)

    def enclose_limit(self, quantity: Evaluable, side: int, digits: int) -> tuple[Decimal, Decimal]:
        return limits.limit_ends(self.formula, quantity, side, digits)
