"""The record of an activation: everything that is known of it, in one entry.

An entry's `f` is one formula, written against an arithmetic `m` that is handed to it, and read in several ways: by
arrays of head-and-tail numbers (fast), by decimal balls (exact), by dual numbers over either (the derivative), and
by the tests' own reference. It may use the operators + - * / ** and `abs`, numbers as int or Fraction, the
functions of `m`, and `m.piecewise` for its pieces; parameters come as keywords.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from actcli.core.catalogue.vocabulary import FRAMEWORKS, KINDS
from actcli.errors import ParameterError

__all__ = [
    "FRAMEWORKS",
    "KINDS",
    "Activation",
    "FormulaVariant",
    "FrameworkFunction",
    "Kink",
    "Parameter",
    "Properties",
    "Value",
    "describe_missing",
    "evaluate_formula",
    "format_number",
    "names_in",
    "unknown_parameter_error",
]

_MAX_SHOWN_CHARS = 40

Value = Fraction | bool | str | None
"""What a parameter can be: an exact number, true or false, a word, or none."""


class Parameter(NamedTuple):
    """A parameter: its name in PyTorch's words, what else it is called, its default and what is valid.

    default   as a person would type it: digits are that exact decimal (`0.01` is one hundredth), `1/6`, `none`, `true`,
              `false` or one of `words`; None means that it must be given
    words     the words it takes; empty for a number
    above     valid only if greater than this;  least, most  valid only from, up to this
    optional  whether `none` is valid too
    whole     whether it must be a whole number;  nonzero  whether it must not be 0
    only      the frameworks that alone have it; empty: it is everybody's
    """

    name: str
    default: str | None
    description: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    exclusive_minimum: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    optional: bool = False
    frameworks: tuple[str, ...] = ()
    integer: bool = False
    nonzero: bool = False

    def parse(self, text: str, owner: str) -> Value:
        """The value that `text` spells; ParameterError, naming `owner`, if it spells none that is valid."""
        word = text.strip().lower()
        if self.choices:
            if word not in self.choices:
                raise ParameterError(
                    f"{owner}: {self.name} is one of {', '.join(self.choices)}, not {text!r}", word, self.choices
                )
            return {"true": True, "false": False, "none": None}.get(word, word)
        if word == "none" and self.optional:
            return None
        value = parse_exact(word)
        if value is None:
            raise ParameterError(f"{owner}: {self.name}={text!r} is not a number or a fraction such as 1/6")
        return self.check(value, owner, text)

    def check(self, value: Fraction, owner: str, text: str) -> Fraction:
        """`value`, which was given as `text`, if it is valid, else ParameterError."""
        shown = text if len(text) <= _MAX_SHOWN_CHARS else f"{text[:_MAX_SHOWN_CHARS]}..."
        if self.integer and value.denominator != 1:
            raise ParameterError(f"{owner}: {self.name} must be a whole number, not {shown}")
        if self.nonzero and not value:
            raise ParameterError(f"{owner}: {self.name} must not be 0")
        if self.exclusive_minimum is not None and not value > Fraction(self.exclusive_minimum):
            raise ParameterError(f"{owner}: {self.name} must be greater than {self.exclusive_minimum}, not {shown}")
        if self.minimum is not None and not value >= Fraction(self.minimum):
            raise ParameterError(f"{owner}: {self.name} must be at least {self.minimum}, not {shown}")
        if self.maximum is not None and not value <= Fraction(self.maximum):
            raise ParameterError(f"{owner}: {self.name} must be at most {self.maximum}, not {shown}")
        return value

    @property
    def valid_range(self) -> str:
        """What is valid, in words: `> 0`, `any number`, `none | tanh`, `>= 0, or none`."""
        if self.choices:
            return " | ".join(self.choices)
        kind = "whole number" if self.integer else "number"
        low = f"> {self.exclusive_minimum}" if self.exclusive_minimum else f">= {self.minimum}" if self.minimum else ""
        high = f"<= {self.maximum}" if self.maximum else ""
        span = ", ".join(part for part in (low, high) if part)
        said = f"{kind} {span}" if span and self.integer else span or f"any {kind}"
        said += " but 0" * self.nonzero
        return f"{said}, or none" if self.optional else said


def parse_exact(text: str) -> Fraction | None:
    """The exact number that `text` spells: a decimal, a C99 hexadecimal or a fraction of two integers; else None.

    Exponents beyond +-400 are refused: no float64 is that large or small, and the integer would fill the memory.
    """
    from actcli.number_formats import exact_number

    numerator, slash, denominator = text.partition("/")
    above = exact_number(numerator)
    if not slash or above is None:
        return above
    below = exact_number(denominator)
    return above / below if below else None


def unknown_parameter_error(
    owner: str, word: str, names: Sequence[str], choices: Sequence[str], having: str = ""
) -> ParameterError:
    """What to raise where `owner` has no parameter called `word` but the ones of these names; `having` has it."""
    has = f"its parameters are {', '.join(names)}" if names else "it has none"
    if having:
        return ParameterError(f"{owner} has no parameter {word!r}: {has}; {having} has it")
    return ParameterError(f"{owner} has no parameter {word!r}: {has}", word, choices)


def describe_missing(names: Sequence[str]) -> str:
    """That these parameters must be given, in words: `its parameters a and b`."""
    first = ", ".join(names[:-1])
    return f"its parameters {first} and {names[-1]}" if first else f"its parameter {names[-1]}"


def format_number(value: Fraction) -> str:
    """A number as messages show it."""
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


class Kink(NamedTuple):
    """A point where the one-sided slopes differ (or the function jumps), and the slope that is given there.

    at, slope  digits, or an expression in the parameters: `-lambd`, `(1 - offset) / slope`; a slope that is no
               such number is None, and what the formula gives
    """

    at: str
    subgradient: str | None
    is_jump: bool = False


class Properties(NamedTuple):
    """What is true of the function with its default parameters, and with positive ones that have no default.

    range      as an interval in characters, `(0, 1)`, `[0, inf)`, whose ends may be expressions in parameters
    monotone   whether it never decreases
    odd        whether f(-x) = -f(x)
    saturates  where it has a finite limit, its slope going to 0: "left", "right", "both" or "no"

    None is what is not known of a formula that a person has typed.
    """

    range: str | None
    monotone: bool | None
    odd: bool | None
    saturates: str | None


class FrameworkFunction(NamedTuple):
    """One function of a framework: what it is called there, and what differs there from the entry.

    called    its names, the usual one first, with `; ` between them; one with parentheses is another of the
              framework's functions with these arguments, and is only shown
    defaults  the parameters whose defaults differ; one whose default is None must be given
    params    the parameters that it takes, as it calls them, and which of the entry's they are; None: the entry's
    words     what it calls the words of a parameter: {"true": "tanh"}
    kinks     all its kinks, where a slope there differs; None: the entry's
    backends  for one that runs on others, the slopes that those give where they are not the ones given here
    meant     what people call it there that is another entry's alias elsewhere
    says      what else differs, in words
    lacks     attributes that it has and are not supported here, and what to do instead
    """

    names: str
    defaults: Mapping[str, str | None] = {}
    parameters: Mapping[str, str] | None = None
    choice_names: Mapping[str, str] = {}
    kinks: tuple[Kink, ...] | None = None
    backend_kinks: Mapping[str, tuple[Kink, ...]] = {}
    ambiguous_names: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    unsupported: Mapping[str, str] = {}

    @property
    def callable_names(self) -> tuple[str, ...]:
        """The names that can be said; those that are only shown are left out."""
        return tuple(name for name in self.names.split("; ") if "(" not in name)


class FormulaVariant(NamedTuple):
    """The texts of an activation where one of `params` is given (`approx=fast`: is that word), which else are none.

    together  whether all of them must be given
    """

    parameters: tuple[str, ...]
    formula: str
    derivative: str
    requires_all: bool = False

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Whether it is what the activation has with these parameters."""
        return (all if self.requires_all else any)(_is_given(param, values) for param in self.parameters)


def _is_given(param: str, values: Mapping[str, Any]) -> bool:
    name, _, word = param.partition("=")
    value = values.get(name)
    return str(value).lower() == word if word else value not in (None, "none")


Formula = Callable[..., Any]


class Activation(NamedTuple):
    """One activation function.

    name        canonical, in PyTorch's words
    kind        "elementwise", or "vector": a function of a whole vector; `kinds` has also what else it is
    takes       what an output of a vector activation depends on: "all" elements, a "pair", one of each half, or "one"
    aliases     other names that people type
    params      its parameters, in their order
    ordered     pairs of parameters of which the first must not exceed the second
    yielding    pairs of parameters of which the second is all that f is where the first exceeds it, without a kink
    drawn       the parameters between which training draws a slope for each x <= 0; None: it draws none
    noisy       whether training adds to each x a number drawn from the standard Gumbel distribution
    derived     exact numbers that f takes beside the parameters: expressions in them
    formula     f in plain characters, an expression in Python's grammar: EXPR or `EXPR with NAME = EXPR, ...`; beside
                the elementary functions it may use sigmoid, softplus, Phi (the normal distribution function) and f
    derivative  f' likewise (a vector activation's two are for people alone)
    f           f(m, x, **params): the formula, against the arithmetic m
    variants    formula and derivative with parameters that are none by default; those that are none count for nothing
    df          f' written by hand where that is faster or needs saying; None: by dual numbers from f
    domain      the open interval where f is defined, from the parameters, None for an end that is no number; without
                it f is defined everywhere
    kinks       where the slopes differ, and the slope given there
    hides       whether there may be kinks at other places, which are no exact numbers
    facts       what is true of it
    frameworks  what each framework calls it: names (`nn.ReLU; F.relu`) where it is the entry's function, else one
                `Framework` or several, of which the first is meant by the entry's own names
    paper       where it comes from
    notes       what a user should know
    """

    name: str
    formula: str
    derivative: str
    f: Formula
    properties: Properties
    paper: str
    kind: str = "elementwise"
    dependence: str = "all"
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
        return self.kind == "vector"

    @property
    def kinds(self) -> tuple[str, ...]:
        """All that it is, of KINDS, its kind first."""
        stochastic = self.adds_gumbel_noise or self.random_slope_range is not None
        return (self.kind, *["gated"] * (self.dependence == "pair"), *["stochastic"] * stochastic)

    def framework_variants(self, framework: str) -> tuple[FrameworkFunction, ...]:
        """What `framework` makes of it, the usual form first; nothing if it lacks it."""
        known = self.frameworks.get(framework, ())
        return (
            (FrameworkFunction(known),)
            if isinstance(known, str)
            else (known,)
            if isinstance(known, FrameworkFunction)
            else known
        )

    def formulas(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Formula and derivative in plain characters, as they are with these parameters."""
        found = next((variant for variant in self.formula_variants if variant.applies(values)), None)
        return (self.formula, self.derivative) if found is None else (found.formula, found.derivative)

    def is_overridden(self, values: Mapping[str, Any]) -> bool:
        """Whether one parameter gives way to another, so that f is constant."""
        pairs = ((values.get(first), values.get(second)) for first, second in self.overrides)
        return any(low is not None and high is not None and low > high for low, high in pairs)

    def available_parameters(self, framework: str = "") -> tuple[Parameter, ...]:
        """The parameters that there are in `framework`, or without one."""
        return tuple(param for param in self.parameters if not param.frameworks or framework in param.frameworks)

    def find_parameter(self, word: str, framework: str = "") -> Parameter:
        """The parameter called `word` (its name or an alias); ParameterError, with the choices, if there is none."""
        taken = self.available_parameters(framework)
        for param in taken:
            if word == param.name or word in param.aliases:
                return param
        choices = [name for param in taken for name in (param.name, *param.aliases)]
        raise unknown_parameter_error(
            self.name, word, [param.name for param in taken], choices, self.available_as(word)
        )

    def available_as(self, word: str) -> str:
        """Where a parameter of this name can be given: `NAME`, or `NAME@FRAMEWORK`; nowhere."""
        for param in self.parameters:
            if word in (param.name, *param.aliases):
                return f"{self.name}@{param.frameworks[0]}" if param.frameworks else self.name
        return next(
            (
                f"{self.name}@{framework}"
                for framework in self.frameworks
                if any(word in (form.parameters or ()) for form in self.framework_variants(framework)[:1])
            ),
            "",
        )
