"""Parser of SPEC, the text that names an activation with its parameters.

BODY[@FRAMEWORK][:PARAM=VALUE,...]    leaky_relu    LeakyReLU@keras:alpha=0.2    gelu:approximate=tanh

BODY is a name, or an expression in x: x * sigmoid(a * x):a=1.5
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from actcli.core.catalogue.activation import FrameworkFunction
from actcli.core.catalogue.parameters import (
    Parameter,
    Value,
    describe_missing,
    format_number,
    parse_exact,
)
from actcli.core.catalogue.registry import find, find_or_none
from actcli.core.evaluation.quantity import BoundActivation
from actcli.errors import ActcliError, ExpressionError, LocatedError, MissingParameterError, ParameterError
from actcli.text import displayable

__all__ = ["parse"]


def parse(spec: str, extra: Mapping[str, object] | None = None, partial: bool = False) -> BoundActivation:
    """Parse `spec` and bind its parameters and the `extra` ones.

    A value is text as users type it (a decimal is exact), or a Python number (a float is exact too), True, False or
    None. With `partial`, required parameters may be missing.

    Raises UnknownActivationError for an unknown name, ExpressionError for a wrong expression, and ParameterError for
    an unknown framework and for parameters that are unknown, invalid, missing or given twice.
    """
    if not isinstance(spec, str):
        raise ActcliError(f"an activation is given as text, such as 'relu', not as {type(spec).__name__}")
    extra = extra or {}
    body, colon, parameters = spec.partition(":")
    body = body.strip()
    name, at, framework = body.partition("@")
    if at and (_FORMULA_MARKS.search(name) or _FORMULA_MARKS.search(framework)):
        raise ExpressionError(
            "@ cannot be used inside a formula: write the name without the framework", spec, spec.index("@")
        )
    if at:
        bound = _find_in_framework(name.strip(), framework.strip())
    elif _PATH.fullmatch(body) and (found := _find_by_path(body)) is not None:
        bound, body = found, found.label
    else:
        bound = _find_or_parse_expression(spec, body, parameters, extra)
    given = [*_split_parameters(spec, parameters if colon else None, bound), *extra.items()]
    values = _parse_values(bound, given, partial)
    if bound.activation.is_expression:
        from actcli.core.expressions.activation import with_parameters

        return BoundActivation(with_parameters(bound.activation, values), values, "f")
    label = body if given or bound.framework else bound.activation.name
    label += ":" * bool(given) + ",".join(f"{word}={_displayable(value)}" for word, value in given)
    function = bound.framework_function
    if function is not None and function.paths:
        function = function.with_parameters(values)
    return bound._replace(values=values, label=label, framework_function=function)


def _split_parameters(spec: str, text: str | None, bound: BoundActivation) -> list[tuple[str, object]]:
    """Split `NAME=VALUE,...` into pairs; None is no text at all."""
    pairs: list[tuple[str, object]] = []
    for item in text.split(",") if text is not None else ():
        word, equals, value = item.partition("=")
        if not equals or not word.strip():
            names = [param.name for param in bound.activation.available_parameters(bound.framework)]
            is_lone_number = names and not pairs and parse_exact(item.strip()) is not None
            hint = f"; did you mean {names[0]}={item.strip()}?" if is_lone_number else ""
            raise ParameterError(f"{spec!r}: expected NAME=VALUE after the colon, not {item!r}{hint}")
        pairs.append((word.strip(), value.strip()))
    return pairs


def _find_in_framework(name: str, framework: str) -> BoundActivation:
    from actcli.core.catalogue.frameworks import canonical_framework, find_in_framework

    framework = canonical_framework(framework)
    entry, function = find_in_framework(framework, name)
    return BoundActivation(entry, {}, "", framework, function)


def _find_by_path(path: str) -> BoundActivation | None:
    """Return the framework's function at a dotted path, with NAME@FRAMEWORK as label; None if there is none.

    Raises ParameterError if several frameworks have the path.
    """
    from actcli.core.catalogue.frameworks import find_by_path, spell

    found = find_by_path(path)
    if len(found) > 1:
        from actcli.core.catalogue.vocabulary import FRAMEWORKS

        owners = [FRAMEWORKS[framework] for framework in found]
        spellings = [spell(framework, one) for framework, one in found.items()]
        raise ParameterError(f"{path} is in {_list(owners, 'and')}: write {_list(spellings, 'or')}")
    for framework, (entry, function) in found.items():
        return BoundActivation(entry, {}, spell(framework, (entry, function)), framework, function)
    return None


def _list(words: Sequence[str], conjunction: str) -> str:
    """Return the words as a phrase, `a, b or c`."""
    return f" {conjunction} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+", re.ASCII)
"""A name with its modules: torch.nn.functional.gelu."""


def _find_or_parse_expression(spec: str, body: str, parameters: str, extra: Mapping[str, object]) -> BoundActivation:
    """Return the activation or the expression `body`, without its parameters; errors are located in `spec`."""
    entry = find_or_none(body)
    given = {item.partition("=")[0].strip() for item in parameters.split(",")} | set(extra)
    if entry is None and not _is_name(body, given):
        from actcli.core.expressions.activation import parse_activation

        if "(" in body:
            _refuse_constructor(spec, body)
        try:
            entry = parse_activation(body)
        except LocatedError as error:
            raise ExpressionError(error.message, spec, error.at + len(spec) - len(spec.lstrip())) from None
    return BoundActivation(find(body) if entry is None else entry, {}, body)


def _refuse_constructor(spec: str, body: str) -> None:
    """Raise ExpressionError if `body` is a call as a program of a framework contains it: nn.LeakyReLU(0.2)."""
    from actcli.core.catalogue.framework_calls import equivalents

    specs = equivalents(body)
    if specs:
        raise ExpressionError(
            f"this is a call in a framework, not a formula in x: write {_list(specs, 'or')}", spec, spec.index("(")
        )


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
    function = bound.framework_function
    for lower, upper in bound.activation.ordered_parameters if function is None or not function.unordered else ():
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
        raise MissingParameterError(f"{owner} requires {describe_missing(missing)}: write {owner}:{','.join(pairs)}")


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
            shown = displayable(" ".join(repr(value).split()))  # an array has lines
            raise ParameterError(f"{owner}: {name}={shown} is not a finite number") from None
