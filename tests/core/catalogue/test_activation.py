"""Parameters: parsing of values, bounds, and messages about wrong ones."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.catalogue.activation import Activation, Properties
from actcli.core.catalogue.parameters import Parameter, parse_exact
from actcli.errors import ParameterError
from tests.support.operations import peak_bytes

PROPERTIES = Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no")
NUMBER = Parameter(name="beta", default="1", description="how steep")
WORD = Parameter(name="approximate", default="none", description="which one", choices=("none", "tanh", "true", "false"))
NAMED = Activation(
    name="bent",
    formula="x",
    derivative="1",
    f=lambda m, x, beta, gamma: x,
    properties=PROPERTIES,
    paper="none",
    parameters=(
        Parameter(name="beta", default="1", description="one", aliases=("b", "steepness")),
        Parameter(name="gamma", default=None, description="another", aliases=("g",)),
    ),
)


def bounded(**bounds: str) -> Parameter:
    return Parameter(name="beta", default="1", description="how steep", **bounds)


def error_of(param: Parameter, text: str) -> str:
    """Return the message for `text` as a value of a parameter of an activation called bent."""
    with pytest.raises(ParameterError) as caught:
        param.parse(text, "bent")
    return str(caught.value)


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.01", Fraction(1, 100)),
        ("-2", Fraction(-2)),
        ("+.5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1e-3", Fraction(1, 1000)),
        ("1E+3", Fraction(1000)),
        ("1/6", Fraction(1, 6)),
        ("-1/3", Fraction(-1, 3)),
        ("4/6", Fraction(2, 3)),
        ("0x1.8p-3", Fraction(3, 16)),
        ("-0XFFp+1", Fraction(-510)),
        ("0", Fraction(0)),
        ("-0.0", Fraction(0)),
        ("0.1000000000000000055511151231257827", Fraction(1000000000000000055511151231257827, 10**34)),
        ("1e400", Fraction(10**400)),
        ("1e-400", Fraction(1, 10**400)),
    ],
)
def test_number_is_exact(text: str, value: Fraction) -> None:
    """A decimal, a fraction or a hexadecimal number is parsed exactly, also between blanks."""
    assert parse_exact(text) == value
    assert NUMBER.parse(f" {text}\t", "bent") == value
    assert isinstance(NUMBER.parse(text, "bent"), Fraction)


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=25), st.integers(-300, 300))
def test_decimals_are_exact(digits: object, exponent: int) -> None:
    """Any decimal, with or without an exponent, is parsed with all of its digits."""
    assert parse_exact(f"{digits:f}") == Fraction(str(digits))
    assert parse_exact(f"{digits:f}e{exponent}") == Fraction(str(digits)) * Fraction(10) ** exponent


@settings(deadline=None)
@given(st.integers(), st.integers(1))
def test_fractions_are_exact(numerator: int, denominator: int) -> None:
    """A fraction of any two integers is parsed exactly."""
    assert parse_exact(f"{numerator}/{denominator}") == Fraction(numerator, denominator)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_exact(x: float) -> None:
    """A float's hexadecimal is parsed as the float, its shortest digits as that decimal."""
    assert parse_exact(x.hex()) == Fraction(x)
    assert parse_exact(repr(x)) == Fraction(repr(x))


WRONG = [
    *("", "abc", "1,5", "1_000", "1 000", "--1", "1e", "e5", ".", "0x", "0xg", "1/0", "0/0", "1/", "/2", "1/2/3"),
    *("nan", "inf", "-inf", "infinity", "none", "true", "false", "١", "½", "1e401", "1e-401", "1/1e401", "0x1p1401"),
    *("a\nb", "1\x1b[31m", "1\u20281", "é"),
]


@pytest.mark.parametrize("text", WRONG)
def test_malformed_number_is_refused(text: str) -> None:
    """Text that is not a finite number is refused on one line with the owner, the parameter and the text."""
    message = error_of(NUMBER, text)
    assert message.startswith("bent: beta=")
    assert message.endswith(" is not a number or a fraction such as 1/6")
    assert message.isprintable()
    if text.isprintable() and text == text.strip():
        assert text in message


@pytest.mark.parametrize(
    "text",
    [
        *("1e999999999", "1e-999999999", "1e" + "9" * 5000, "0x1p99999999999", "1/1e99999999999", "-1e+0099999999"),
        *("0x1p-" + "9" * 5000, "1e99999/1e99999"),
    ],
)
def test_huge_exponent_takes_no_memory(text: str) -> None:
    """A huge exponent is refused without computing the number."""
    results: list[Fraction | None] = []
    assert peak_bytes(lambda: results.append(parse_exact(text))) < 1 << 20
    assert results == [None]


def test_many_digits_are_parsed() -> None:
    """A number may have more digits than Python's int() accepts by default."""
    assert parse_exact("0." + "3" * 10_000) == Fraction(10**10_000 // 3, 10**10_000)
    assert parse_exact("1" + "0" * 5000 + "/" + "1" + "0" * 5000) == 1


# --- bounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "valid", "invalid", "expected"),
    [
        ({"exclusive_minimum": "0"}, ["1e-400", "1"], ["0", "-1/3"], "must be greater than 0"),
        ({"minimum": "1/2"}, ["1/2", "0.5", "7"], ["0.4999999999999999999999", "-1"], "must be at least 1/2"),
        ({"maximum": "0.1"}, ["0.1", "-1e300"], ["0.1000000000000000000001", "0x1p0"], "must be at most 0.1"),
        ({"exclusive_minimum": "0", "maximum": "1"}, ["1", "1e-30"], ["0"], "must be greater than 0"),
        ({"exclusive_minimum": "0", "maximum": "1"}, ["1/3"], ["1.0000000000000000001"], "must be at most 1"),
        ({"minimum": "-1", "maximum": "1"}, ["-1", "1"], ["-2"], "must be at least -1"),
    ],
)
def test_bounds(bounds: dict[str, str], valid: list[str], invalid: list[str], expected: str) -> None:
    """`exclusive_minimum` excludes its bound, `minimum` and `maximum` include theirs; the message names the bound."""
    param = bounded(**bounds)
    for text in valid:
        assert param.parse(text, "bent") == Fraction(text) if "x" not in text else Fraction(1)
    for text in invalid:
        message = error_of(param, text)
        assert message.startswith(f"bent: beta {expected}, not ")
        assert message.isprintable()


def test_check_of_a_number() -> None:
    """`check` returns a valid number unchanged and refuses an invalid one as `parse` does."""
    assert bounded(exclusive_minimum="0").check(Fraction(1, 3), "bent", "1/3") == Fraction(1, 3)
    with pytest.raises(ParameterError, match=r"bent: beta must be greater than 0, not -1/2"):
        bounded(exclusive_minimum="0").check(Fraction(-1, 2), "bent", "-1/2")


@pytest.mark.parametrize("text", ["-1e400", "-" + "9" * 5000, "-" + "9" * 400 + ".5", "-1e-400", "-1/" + "7" * 5000])
def test_bounds_of_huge_numbers(text: str) -> None:
    """A bound refuses a number beyond the range of float64 on one line."""
    message = error_of(bounded(exclusive_minimum="0"), text)
    assert message.startswith("bent: beta must be greater than 0, not -")
    assert message.isprintable()


@pytest.mark.parametrize(
    ("param", "expected"),
    [
        (NUMBER, "any number"),
        (bounded(exclusive_minimum="0"), "> 0"),
        (bounded(minimum="0"), ">= 0"),
        (bounded(maximum="1"), "<= 1"),
        (bounded(minimum="0", maximum="1/3"), ">= 0, <= 1/3"),
        (WORD, "none | tanh | true | false"),
    ],
)
def test_valid_range_as_text(param: Parameter, expected: str) -> None:
    """`valid_range` describes the valid values in a few characters."""
    assert param.valid_range == expected


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"), [("tanh", "tanh"), (" TANH ", "tanh"), ("None", None), ("True", True), ("FALSE", False)]
)
def test_choices(text: str, value: object) -> None:
    """A choice is accepted in any case; none, true and false give Python's values."""
    assert WORD.parse(text, "bent") is value or WORD.parse(text, "bent") == value


@pytest.mark.parametrize("text", ["tan", "1", "", "a\nb"])
def test_unknown_choice_is_refused(text: str) -> None:
    """An unknown choice is refused on one line that lists the choices, and the error carries them."""
    with pytest.raises(ParameterError) as caught:
        WORD.parse(text, "bent")
    assert str(caught.value) == f"bent: approximate is one of none, tanh, true, false, not {text!r}"
    assert str(caught.value).isprintable()
    assert (caught.value.word, caught.value.choices) == (text, ("none", "tanh", "true", "false"))


def test_none_true_false_are_choices_only_if_listed() -> None:
    """None, true and false are refused by a parameter that does not list them as choices."""
    only = Parameter(name="approximate", default="tanh", description="which one", choices=("tanh", "erf"))
    for text in ("none", "true", "false"):
        assert "is one of tanh, erf" in error_of(only, text)


def test_optional_number() -> None:
    """An optional number accepts none, in any case, as well as numbers."""
    param = Parameter(name="threshold", default="none", description="where it turns", optional=True)
    assert param.parse("None", "bent") is None
    assert param.parse("1/4", "bent") == Fraction(1, 4)
    assert "is not a number" in error_of(param, "nothing")


# --- finding parameters ----------------------------------------------------------------------------------------------


def test_parameters_are_found_by_name_and_alias() -> None:
    """A parameter is found by its exact name and aliases; an unknown word is refused with the choices."""
    beta, gamma = NAMED.parameters
    assert [NAMED.find_parameter(word) for word in ("beta", "b", "steepness")] == [beta] * 3
    assert [NAMED.find_parameter(word) for word in ("gamma", "g")] == [gamma] * 2
    for word in ("Beta", "x", "", "be\nta"):
        with pytest.raises(ParameterError) as caught:
            NAMED.find_parameter(word)
        assert str(caught.value) == f"bent has no parameter {word!r}: expected beta or gamma"
        assert str(caught.value).isprintable()
        assert (caught.value.word, caught.value.choices) == (word, ("beta", "b", "steepness", "gamma", "g"))


def test_unknown_parameter_of_activation_without_parameters() -> None:
    """The message for an activation without parameters lists none."""
    plain = Activation(name="flat", formula="x", derivative="1", f=lambda m, x: x, properties=PROPERTIES, paper="none")
    with pytest.raises(ParameterError) as caught:
        plain.find_parameter("beta")
    assert str(caught.value) == "flat has no parameters: drop 'beta'"
    assert caught.value.choices == ()


def test_parameter_error_is_value_error() -> None:
    """ParameterError is a ValueError, and has no choices by default."""
    error = ParameterError("one line")
    assert isinstance(error, ValueError)
    assert (str(error), error.word, error.choices) == ("one line", "", ())
