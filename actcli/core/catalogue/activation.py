"""The catalogue entry of an activation, and the decorator that adds one to the catalogue.

An entry's `f` is one formula f(m, x, **parameters). It is written once, against an arithmetic `m` (see
`core.arithmetic.protocol`), and evaluated with several: arrays of double-doubles, arrays of scaled double-doubles,
balls, and dual numbers over any of them. It may use + - * / ** and `abs`, numbers as int or Fraction, the functions
of `m`, and `m.piecewise` for its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from actcli.core.catalogue.parameter_formulas import holds
from actcli.core.catalogue.parameters import (
    Parameter,
    ValidRange,
    unknown_parameter_error,
)

__all__ = [
    "Activation",
    "CodePath",
    "FormulaVariant",
    "FrameworkFunction",
    "Kink",
    "Properties",
    "activation",
    "defined_in",
]


class Kink(NamedTuple):
    """A point where f is not differentiable, and the derivative returned there.

    at           a number as text, or an expression in the parameters: `-lambd`, `(1 - offset) / slope`
    subgradient  likewise; None: irrational, and computed from f
    is_jump      whether f is discontinuous there
    """

    at: str
    subgradient: str | None
    is_jump: bool = False


class Properties(NamedTuple):
    """Properties of f for the default parameters, and for positive ones where there is no default.

    range      the interval of values, `(0, 1)` or `[0, inf)`; its ends may be expressions in the parameters
    monotone   whether f never decreases
    odd        whether f(-x) = -f(x)
    saturates  where f has a finite limit and its derivative tends to 0: "left", "right", "both" or "no"

    None means unknown, as for a user's expression.
    """

    range: str | None
    monotone: bool | None
    odd: bool | None
    saturates: str | None


Formula = Callable[..., Any]
"""f(m, x, **parameters). Its arguments depend on the activation, so they are not typed here."""


class CodePath(NamedTuple):
    """What a framework's function does where its parameters select a code path of its own.

    conditions            the conditions that select it, all of which hold: `max_value == 6`, `max_value is none`
    kinks, backend_kinks  as those of FrameworkFunction
    f                     the formula of this path; None: the entry's own
    formula, derivative, second_derivative
                          its texts, if f is given
    """

    conditions: tuple[str, ...]
    kinks: tuple[Kink, ...]
    backend_kinks: Mapping[str, tuple[Kink, ...]] = {}
    f: Formula | None = None
    formula: str = ""
    derivative: str = ""
    second_derivative: str = ""


class FrameworkFunction(NamedTuple):
    """A framework's function that computes an activation, and its differences from the catalogue entry.

    names            its names, the usual one first, separated by `; `; a name with parentheses is another function
                     of the framework with these arguments, and only displayed
    defaults         parameters with another default there; None if it is required there
    parameters       its parameters in its own order: the framework's name -> the entry's name; None: the entry's own
    constructor      the positional parameters of its class, if other than `parameters`; "" for one without effect on f
    ranges           the valid numbers of its parameters where they differ, by the entry's names
    unordered        whether it accepts the entry's `ordered_parameters` in any order
    choice_names     its spelling of choices: the framework's word -> the entry's, {"true": "tanh"}
    kinks            all its kinks if a derivative there differs; None: the entry's own
    backend_kinks    kinks with another derivative on some backends of a multi-backend framework
    paths            code paths with other kinks or another formula; the first whose conditions hold is used
    path             the code path that is in use
    ambiguous_names  its names that are aliases of another entry outside this framework
    remarks          other differences, a phrase each
    unsupported      parameters that cannot be given here, each with the remedy
    """

    names: str
    defaults: Mapping[str, str | None] = {}
    parameters: Mapping[str, str] | None = None
    constructor: tuple[str, ...] | None = None
    ranges: Mapping[str, ValidRange] = {}
    unordered: bool = False
    choice_names: Mapping[str, str] = {}
    kinks: tuple[Kink, ...] | None = None
    backend_kinks: Mapping[str, tuple[Kink, ...]] = {}
    paths: tuple[CodePath, ...] = ()
    path: CodePath | None = None
    ambiguous_names: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    unsupported: Mapping[str, str] = {}

    @property
    def callable_names(self) -> tuple[str, ...]:
        """The names that users can give in a SPEC; those with arguments are only displayed."""
        return tuple(name for name in self.names.split("; ") if "(" not in name)

    def with_parameters(self, values: Mapping[str, Any]) -> FrameworkFunction:
        """Return the function on the code path that these parameter values select, with that path's kinks."""
        for path in self.paths:
            if all(holds(condition, values) for condition in path.conditions):
                return self._replace(kinks=path.kinks, backend_kinks=path.backend_kinks, path=path)
        return self


class FormulaVariant(NamedTuple):
    """The formula and derivatives to display when optional parameters are given.

    parameters    the optional parameters; `approx=fast` is a parameter with that choice
    requires_all  whether all of them must be given, else one suffices
    """

    parameters: tuple[str, ...]
    formula: str
    derivative: str
    second_derivative: str = ""
    requires_all: bool = False

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Return whether this variant describes the activation with these parameter values."""
        return (all if self.requires_all else any)(_is_given(param, values) for param in self.parameters)


def _is_given(param: str, values: Mapping[str, Any]) -> bool:
    name, _, choice = param.partition("=")
    value = values.get(name)
    return str(value).lower() == choice if choice else value not in (None, "none")


class Activation(NamedTuple):
    """A catalogue entry: one activation function.

    Display

    name                 canonical: PyTorch's name in snake case where PyTorch has the function
    formula, derivative  f and f' as text in Python's grammar: EXPR or `EXPR with NAME = EXPR, ...`; besides the
                         elementary functions they may use sigmoid, softplus, Phi (the normal distribution function)
                         and, in f', f itself; those of a vector activation are free text
    second_derivative    f'' likewise, wherever it exists; "" for a vector activation
    formula_variants     other texts for when optional parameters are given; the first that applies is used
    properties           range, monotonicity, symmetry and saturation
    paper                the source
    notes                remarks for users

    Evaluation

    f                    the formula f(m, x, **parameters), written against an arithmetic m
    df                   a hand-written f' where it is faster or more accurate; None: f' comes from f by dual numbers
    domain               function of the parameters that returns the open interval where f is defined, None for an
                         infinite end; None if f is defined everywhere
    kinks                the points where f is not differentiable, and the derivative returned there
    has_unlisted_kinks   whether f may have further kinks at irrational points, which `kinks` cannot list
    kind                 "elementwise", or "vector" for a function of a whole vector
    dependence           the inputs that one output of a vector activation depends on: "all", a "pair" of one from
                         each half, or a "single" one

    Parameters and frameworks

    aliases              other names of the activation
    parameters           its parameters, in the order of display
    ordered_parameters   pairs (a, b) that must satisfy a <= b
    overrides            pairs (a, b): where a > b, f is the constant b and has no kinks
    derived_arguments    further exact arguments of f and f', as expressions in the parameters
    random_slope_range   the parameters between which training draws a slope for each x <= 0; None: it draws none
    adds_gumbel_noise    whether training adds standard Gumbel noise to x
    frameworks           for each framework its names for the entry's own function (`nn.ReLU; F.relu`), or one or
                         more FrameworkFunctions, of which the first has the entry's own names too
    """

    f: Formula
    name: str
    formula: str
    derivative: str
    properties: Properties
    paper: str
    second_derivative: str = ""
    kind: Literal["elementwise", "vector"] = "elementwise"
    dependence: Literal["all", "pair", "single"] = "all"
    aliases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    ordered_parameters: tuple[tuple[str, str], ...] = ()
    overrides: tuple[tuple[str, str], ...] = ()
    random_slope_range: tuple[str, str] | None = None
    adds_gumbel_noise: bool = False
    derived_arguments: Mapping[str, str] = {}
    formula_variants: tuple[FormulaVariant, ...] = ()
    df: Formula | None = None
    domain: Callable[..., tuple[Fraction | None, Fraction | None]] | None = None
    kinks: tuple[Kink, ...] = ()
    has_unlisted_kinks: bool = False
    frameworks: Mapping[str, str | FrameworkFunction | tuple[FrameworkFunction, ...]] = {}
    notes: str = ""

    @property
    def is_expression(self) -> bool:
        """Whether a user typed it: none of the catalogue's facts are stated for it."""
        return False

    @property
    def is_vector(self) -> bool:
        """Whether f is a function of a whole vector."""
        return self.kind == "vector"

    @property
    def kinds(self) -> tuple[str, ...]:
        """All of KINDS that apply, "elementwise" or "vector" first."""
        stochastic = self.adds_gumbel_noise or self.random_slope_range is not None
        return (self.kind, *["gated"] * (self.dependence == "pair"), *["stochastic"] * stochastic)

    def framework_variants(self, framework: str) -> tuple[FrameworkFunction, ...]:
        """Return the functions of `framework` that compute it, the usual one first; empty if there are none."""
        functions = self.frameworks.get(framework, ())
        if isinstance(functions, str):
            return (FrameworkFunction(functions),)
        return (functions,) if isinstance(functions, FrameworkFunction) else functions

    def formulas(self, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """Return formula, derivative and second derivative as text for these parameter values."""
        texts = next((variant for variant in self.formula_variants if variant.applies(values)), self)
        return texts.formula, texts.derivative, texts.second_derivative

    def is_overridden(self, values: Mapping[str, Any]) -> bool:
        """Return whether one of `overrides` applies, so that f is constant."""
        pairs = ((values.get(first), values.get(second)) for first, second in self.overrides)
        return any(low is not None and high is not None and low > high for low, high in pairs)

    def available_parameters(self, framework: str = "") -> tuple[Parameter, ...]:
        """Return the parameters that are available in `framework`, or without one."""
        return tuple(param for param in self.parameters if not param.frameworks or framework in param.frameworks)

    def find_parameter(self, word: str, framework: str = "") -> Parameter:
        """Return the parameter with the name or alias `word`; raise ParameterError, with suggestions, if unknown."""
        available = self.available_parameters(framework)
        for param in available:
            if word == param.name or word in param.aliases:
                return param
        choices = [name for param in available for name in (param.name, *param.aliases)]
        names = [param.name for param in available]
        raise unknown_parameter_error(self.name, word, names, choices, self.available_as(word))

    def available_as(self, word: str) -> str:
        """Return the activation that has a parameter `word`: `NAME` or `NAME@FRAMEWORK`, or "" if there is none."""
        for param in self.parameters:
            if word in (param.name, *param.aliases):
                return f"{self.name}@{param.frameworks[0]}" if param.frameworks else self.name
        return next(
            (
                f"{self.name}@{framework}"
                for framework in self.frameworks
                if any(word in (variant.parameters or ()) for variant in self.framework_variants(framework)[:1])
            ),
            "",
        )


_F = TypeVar("_F", bound=Formula)
_P = ParamSpec("_P")

_ENTRIES_BY_MODULE: dict[str, list[Activation]] = {}


def _adding(constructor: Callable[Concatenate[Formula, _P], Activation]) -> Callable[_P, Callable[[_F], _F]]:
    """Return a decorator with the constructor's fields, except f, which is the decorated function."""

    def activation(*args: _P.args, **fields: _P.kwargs) -> Callable[[_F], _F]:
        def add(f: _F) -> _F:
            _ENTRIES_BY_MODULE.setdefault(f.__module__, []).append(constructor(f, *args, **fields))
            return f

        return add

    return activation


activation = _adding(Activation)
"""Decorator that adds an activation to the catalogue: the decorated function is its f, the arguments its other fields.

@activation(name="relu2", formula="x**2 if x > 0 else 0", derivative=..., properties=Properties(...), paper=...)
def relu2(m: Arithmetic[N], x: N) -> N: ...
"""


def defined_in(module: str) -> tuple[Activation, ...]:
    """Return the activations that an imported module has defined, in their order there."""
    return tuple(_ENTRIES_BY_MODULE[module])
