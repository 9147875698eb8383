"""The door for Python: evaluate, gradient, get, names."""

from __future__ import annotations

import doctest
import math
import threading
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import actcli

named = pytest.mark.parametrize

ELEMENTWISE = [name for name in actcli.names() if not actcli.get(name).is_vector]
VECTOR = [name for name in actcli.names() if actcli.get(name).is_vector]


def nearest(value: Any) -> float:
    """The float64 nearest to an mpmath number."""
    return float(Fraction(*mpmath.libmp.to_rational(value._mpf_)))


def given_everything(name: str) -> dict[str, str]:
    """A value for each parameter of an activation that has no default."""
    return {param.name: "1" for param in actcli.get(name).parameters if param.default is None}


def exactly(array: Any) -> tuple[Any, ...]:
    """An array's dtype, shape and bytes."""
    return array.dtype, array.shape, array.tobytes()


# --- what there is --------------------------------------------------------------------------------------------


def test_all_is_complete() -> None:
    """`__all__` names, in order, every public name of the package and no other."""
    public = {name for name, thing in vars(actcli).items() if not name.startswith("_") and _is_ours(thing)}
    assert sorted(public | {"__version__"}) == actcli.__all__


def _is_ours(thing: Any) -> bool:
    return getattr(thing, "__module__", None) in ("actcli", "actcli.errors")


def test_every_exception_is_a_value_error() -> None:
    """All exceptions form one tree whose root is ActcliError, a ValueError."""
    errors = [getattr(actcli, name) for name in actcli.__all__ if name.endswith("Error")]
    assert len(errors) == 9
    assert all(issubclass(error, actcli.ActcliError) for error in errors)
    assert issubclass(actcli.ActcliError, ValueError)


def test_the_docstring_is_true() -> None:
    """The package's own example gives what it says."""
    assert doctest.testmod(actcli) == (0, 3)


def test_the_package_is_typed() -> None:
    """Type checkers are told that the package has types."""
    assert (Path(actcli.__file__).parent / "py.typed").exists()


def test_names_are_sorted_and_known() -> None:
    """`names` lists canonical names in alphabetical order; `get` knows each of them."""
    assert actcli.names() == sorted(actcli.names())
    assert [actcli.get(name).name for name in actcli.names()] == actcli.names()
    assert {"sigmoid", "tanh", "relu", "leaky_relu", "softmax"} <= set(actcli.names())


def test_names_are_the_callers_own() -> None:
    """Changing the list that `names` gave changes nothing here."""
    actcli.names().clear()
    assert actcli.names()


@named("word", ["leaky_relu", "LeakyReLU", "leaky-relu", "leaky relu", "LRELU", "leaky_relu:alpha=0.3"])
def test_get_takes_any_common_spelling(word: str) -> None:
    """Case, hyphens and underscores do not matter, aliases are found, parameters are allowed."""
    assert actcli.get(word).name == "leaky_relu"


@named(
    "call",
    [
        lambda: actcli.get("reul"),
        lambda: actcli.evaluate("reul", 1.0),
        lambda: actcli.gradient("reul", 1.0),
    ],
)
def test_an_unknown_name_is_a_value_error(call: Any) -> None:
    """An unknown activation is a ValueError that names the nearest."""
    with pytest.raises(ValueError, match=r"'reul'.*relu"):
        call()


# --- shapes and dtypes ----------------------------------------------------------------------------------------


@named("shape", [(), (1,), (3,), (2, 3), (2, 1, 4), (0,), (2, 0, 3)], ids=str)
@named("function", [actcli.evaluate, actcli.gradient])
def test_the_shape_is_xs(function: Any, shape: tuple[int, ...]) -> None:
    """An array of any shape, 0-dimensional and empty ones too, gives an array of that shape."""
    result = function("tanh", np.zeros(shape))
    assert isinstance(result, np.ndarray)
    assert (shape, np.float64) == (result.shape, result.dtype)


@named("function", [actcli.evaluate, actcli.gradient])
def test_elements_stay_in_their_places(function: Any) -> None:
    """However an array lies in memory, each result stands where its x stood."""
    x = np.linspace(-4, 4, 24).reshape(4, 6)
    flat = [float(function("gelu", value)) for value in x.ravel().tolist()]
    assert function("gelu", x).ravel().tolist() == flat
    assert function("gelu", x.T).T.ravel().tolist() == flat
    assert function("gelu", np.asfortranarray(x)).ravel().tolist() == flat
    assert exactly(function("gelu", x[::2, ::-3])) == exactly(np.ascontiguousarray(function("gelu", x)[::2, ::-3]))


@named("kind", [np.float64, np.float32, np.float16])
@named("function", [actcli.evaluate, actcli.gradient])
def test_float_arrays_keep_their_dtype(function: Any, kind: Any) -> None:
    """float64, float32 and float16 arrays give arrays of their dtype, rounded once to it."""
    x = np.array([-2.5, -0.1, 0.0, 0.1, 2.5], dtype=kind)
    result = function("sigmoid", x)
    assert result.dtype == kind
    with mpmath.workprec(300):
        s = [1 / (1 + mpmath.exp(-mpmath.mpf(float(value)))) for value in x]
        exact = s if function is actcli.evaluate else [value * (1 - value) for value in s]
        # Far from any tie of these formats, rounding the nearest float64 is rounding once.
        assert result.tolist() == [float(kind(nearest(value))) for value in exact]


@named("x", [[-1, 0, 2], (-1, 0, 2), np.array([-1, 0, 2]), np.array([-1, 0, 2], np.int8), [-1.0, False, 2]], ids=repr)
def test_all_else_becomes_float64(x: Any) -> None:
    """Lists, tuples, integers and booleans become float64."""
    result = actcli.evaluate("relu", x)
    assert (result.dtype, result.tolist()) == (np.float64, [0.0, 0.0, 2.0])


def test_scalars_become_arrays_without_dimensions() -> None:
    """A Python number gives a 0-dimensional array."""
    result = actcli.evaluate("relu", 3)
    assert isinstance(result, np.ndarray)
    assert (result.shape, float(result)) == ((), 3.0)


@named("name", ["bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_formats_that_numpy_lacks_come_as_float32(name: str) -> None:
    """bfloat16 and the float8s come back as float32 arrays that hold their values; x is first rounded to them."""
    result = actcli.evaluate("identity", [0.1, -3.3, 1e-30], dtype=name)
    assert result.dtype == np.float32
    expected = {
        "bfloat16": [0.10009765625, -3.296875, 162 * 2.0**-107],
        "float8_e4m3fn": [0.1015625, -3.25, 0.0],
        "float8_e5m2": [0.09375, -3.5, 0.0],
    }
    assert result.tolist() == expected[name]


@named("kind", ["float32", np.float32, np.dtype("float32"), np.dtype(">f4")], ids=str)
def test_dtype_is_a_name_or_numpys(kind: Any) -> None:
    """`dtype` is a name or anything that NumPy takes for one, and goes before the array's own."""
    result = actcli.evaluate("tanh", np.array([0.1, 2.0]), dtype=kind)
    assert result.dtype == np.float32
    assert result.tolist() == actcli.evaluate("tanh", np.array([0.1, 2.0], np.float32)).tolist()


def test_x_is_rounded_first() -> None:
    """x is first rounded to the dtype, then f is taken of that."""
    x = np.float32(0.1)
    assert float(actcli.evaluate("identity", 0.1, dtype="float32")) == float(x)
    with mpmath.workprec(200):
        exact = nearest(mpmath.tanh(mpmath.mpf(float(x))))
    assert float(actcli.evaluate("tanh", 0.1, dtype="float32")) == float(np.float32(exact))


@named("wrong", ["float", "int32", "q1.14", "longdouble", np.int64, np.complex128], ids=str)
def test_other_dtypes_are_value_errors(wrong: Any) -> None:
    """A dtype that is none of the six is a ValueError that lists them."""
    with pytest.raises(ValueError, match="float8_e5m2"):
        actcli.evaluate("relu", [1.0], dtype=wrong)


@named("x", ["abc", [1j], [None], ["1"], [[1, 2], [3]]], ids=repr)
def test_what_is_no_array_of_numbers(x: Any) -> None:
    """What holds no real numbers is a ValueError."""
    with pytest.raises(ValueError):
        actcli.evaluate("relu", x)


# --- values ---------------------------------------------------------------------------------------------------


@given(st.floats(-30, 30))
def test_sigmoid_is_correctly_rounded(x: float) -> None:
    """sigmoid and its derivative are the float64 nearest to the exact ones."""
    with mpmath.workprec(400):
        s = 1 / (1 + mpmath.exp(-mpmath.mpf(x)))
        assert float(actcli.evaluate("sigmoid", x)) == nearest(s)
        assert float(actcli.gradient("sigmoid", x)) == nearest(s * (1 - s))


@named("name", ELEMENTWISE)
def test_nan_gives_nan(name: str) -> None:
    """nan gives nan, in f and in f'."""
    params = given_everything(name)
    assert np.isnan(actcli.evaluate(name, [math.nan], **params)).all()
    assert np.isnan(actcli.gradient(name, [math.nan], **params)).all()


@named("name", actcli.names())
def test_no_warning_ever(name: str) -> None:
    """At every kind of x, and whatever the caller asks of NumPy, no warning and no floating-point error."""
    x = np.array(
        [0.0, -0.0, 5e-324, -1e-310, 1e-5, 0.5, -3.0, 30.0, -800.0, 1e308, -1e308, math.inf, -math.inf, math.nan]
    )
    params = given_everything(name)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        for kind in (np.float64, np.float32, np.float16):
            with np.errstate(all="ignore"):
                points = x.astype(kind)
            actcli.evaluate(name, points, **params)
            actcli.gradient(name, points[:4], **params)


def test_x_is_left_alone() -> None:
    """The caller's array is neither changed nor handed back."""
    x = np.array([-1.0, 2.0])
    result = actcli.evaluate("identity", x)
    result[0] = 7.0
    assert x.tolist() == [-1.0, 2.0]


def test_the_same_bits_from_many_threads() -> None:
    """There is no shared state: threads that work at once get what one alone gets."""
    x = np.linspace(-20, 20, 20_000)
    expected = {name: exactly(actcli.evaluate(name, x)) for name in ("gelu", "mish", "tanh", "softplus")}
    found = []

    def work(name: str) -> None:
        found.append(exactly(actcli.evaluate(name, x)) == expected[name])

    threads = [threading.Thread(target=work, args=(name,)) for name in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * len(threads)


# --- parameters -----------------------------------------------------------------------------------------------


@named("spec", ["leaky_relu:negative_slope=0.25", "LeakyReLU:alpha=1/4", "lrelu: slope = 0x1p-2"])
def test_parameters_in_the_spec(spec: str) -> None:
    """A spec may carry parameters: by name or alias, as decimal, fraction or hexadecimal."""
    assert float(actcli.evaluate(spec, -2.0)) == -0.5


@named("value", [0.25, "0.25", "1/4", Fraction(1, 4), np.float32(0.25), np.float64(0.25)], ids=repr)
def test_parameters_as_keywords(value: Any) -> None:
    """A parameter may be a number or text."""
    assert float(actcli.evaluate("leaky_relu", -2.0, negative_slope=value)) == -0.5
    assert float(actcli.gradient("leaky_relu", -2.0, alpha=value)) == 0.25


def test_digits_are_exact_and_floats_are_floats() -> None:
    """Digits in text mean that exact decimal; a float means that float."""
    x = 3.0
    assert float(actcli.evaluate("leaky_relu", -x, negative_slope="0.1")) == -0.3
    assert float(actcli.evaluate("leaky_relu", -x, negative_slope=0.1)) == -float(Fraction(0.1) * 3)
    assert float(actcli.evaluate("leaky_relu", -x, negative_slope=0.1)) != -0.3


def test_words_are_parameters_too() -> None:
    """A parameter may take a word that its entry lists, or None."""
    assert float(actcli.evaluate("gelu", 1.0, approximate="tanh")) == float(actcli.evaluate("gelu_tanh", 1.0))
    assert float(actcli.evaluate("gelu", 1.0, approximate=None)) == float(actcli.evaluate("gelu", 1.0))


@named(
    ("spec", "params", "says"),
    [
        ("leaky_relu", {"negativ_slope": 1}, "no parameter 'negativ_slope'"),
        ("relu", {"alpha": 1}, "no parameter 'alpha'"),
        ("leaky_relu:alpha=0.1", {"negative_slope": 1}, "negative_slope is given twice"),
        ("leaky_relu", {"negative_slope": math.nan}, "negative_slope"),
        ("leaky_relu", {"negative_slope": math.inf}, "negative_slope"),
        ("leaky_relu", {"negative_slope": [1, 2]}, "negative_slope"),
        ("leaky_relu", {"negative_slope": "1,5"}, "negative_slope"),
        ("leaky_relu:0.1", {}, "NAME=VALUE"),
        ("softplus", {"beta": 0}, "beta must be greater than 0"),
        ("gelu", {"approximate": "tan"}, "approximate is one of"),
    ],
)
def test_wrong_parameters_are_value_errors(spec: str, params: dict[str, Any], says: str) -> None:
    """A parameter that is unknown, given twice or not valid is a ValueError that names it."""
    for function in (actcli.evaluate, actcli.gradient):
        with pytest.raises(ValueError, match=says):
            function(spec, [1.0], **params)


# --- gradients ------------------------------------------------------------------------------------------------


def test_kinks_give_the_entrys_slope() -> None:
    """At a kink the slope is the one that the entry gives."""
    assert actcli.gradient("relu", [-1.0, 0.0, -0.0, 1.0]).tolist() == [0.0, 0.0, 0.0, 1.0]
    assert float(actcli.gradient("leaky_relu", 0.0, alpha="0.25")) == 0.25


def test_gradients_by_a_parameter() -> None:
    """`wrt` differentiates by a parameter, under its name or an alias: that of leaky_relu is x left of 0, else 0."""
    for word in ("negative_slope", "alpha"):
        assert actcli.gradient("leaky_relu", [-3.0, 2.0], wrt=word).tolist() == [-3.0, 0.0]


NUMBERS = [
    (f"{name}@{param.frameworks[0]}" if param.frameworks else name, param.name)
    for name in ELEMENTWISE
    for param in actcli.get(name).parameters
    if not param.choices
]
ELSEWHERE = {
    "negative_slope": "1/8",
    "max_value": "6",
    "threshold": "3/2",
    "lower": "-1/2",
    "upper": "1/2",
    "eps": "-1e-5",
}
"""Parameters that one framework alone has, where plain names have none."""


@named(("name", "param"), NUMBERS)
def test_gradients_by_every_parameter(name: str, param: str) -> None:
    """Every parameter that is a number can be differentiated by: beside the kinks it is what differences tend to."""
    if "@" in name:
        given = {param: Fraction(ELSEWHERE.get(param, 1))}
    else:
        numbers = [p for p in actcli.get(name).available_parameters() if not p.choices]
        given = {param: Fraction(1)} | {p.name: Fraction(p.default or 1) for p in numbers if p.default != "none"}
    x = np.array([-7.25, -2.5, -0.3, 0.3, 0.8, 2.5, 7.25])
    step = Fraction(1, 2**20)
    above, below = (actcli.evaluate(name, x, **{**given, param: given[param] + side * step}) for side in (1, -1))
    np.testing.assert_allclose(
        actcli.gradient(name, x, wrt=param, **given), (above - below) * 2**19, rtol=1e-5, atol=1e-8
    )
    edges = actcli.gradient(name, [0.0, -0.0, math.inf, -math.inf, 5e-324, 1e308, -1e308, math.nan], wrt=param, **given)
    assert np.isnan(edges[-1])


@named(("spec", "word"), [("leaky_relu", "beta"), ("relu", "alpha"), ("gelu", "approximate"), ("softmax", "axis")])
def test_wrong_wrt_is_a_value_error(spec: str, word: str) -> None:
    """What is no parameter, or no number, is nothing to differentiate by."""
    with pytest.raises(ValueError, match=word):
        actcli.gradient(spec, [1.0, 2.0], wrt=word)


# --- vectors --------------------------------------------------------------------------------------------------


def softmax(x: list[float]) -> list[Any]:
    powers = [mpmath.exp(mpmath.mpf(value)) for value in x]
    return [power / mpmath.fsum(powers) for power in powers]


def within_one_unit(found: Any, exact: list[Any]) -> bool:
    """Whether each number is within one unit in the last place of the exact one."""
    return all(
        abs(mpmath.mpf(value) - truth) <= math.ulp(nearest(truth))
        for value, truth in zip(found.tolist(), exact, strict=True)
    )


def test_softmax() -> None:
    """Softmax is within one unit in the last place of the exact one."""
    x = [0.5, -1.25, 3.0, 0.1]
    with mpmath.workprec(300):
        assert within_one_unit(actcli.evaluate("softmax", x), softmax(x))


def test_axis() -> None:
    """`axis` says along which axis the vectors lie; by default the last."""
    x = np.random.default_rng(3).normal(size=(2, 3, 4))
    last = actcli.evaluate("softmax", x)
    assert (
        exactly(last)
        == exactly(actcli.evaluate("softmax", x, axis=-1))
        == exactly(actcli.evaluate("softmax", x, axis=2))
    )
    for axis in (0, 1, -2):
        moved = actcli.evaluate("softmax", np.moveaxis(x, axis, -1))
        assert np.array_equal(np.moveaxis(moved, -1, axis), actcli.evaluate("softmax", x, axis=axis))


@named("axis", [3, -4, 1.5, "x"])
def test_an_axis_that_is_not_there(axis: Any) -> None:
    """An axis that the array does not have is a ValueError."""
    with pytest.raises(ValueError, match="axis"):
        actcli.evaluate("softmax", np.zeros((2, 3, 4)), axis=axis)


def test_a_vector_needs_an_axis() -> None:
    """A single number is no vector."""
    with pytest.raises(ValueError, match="axis"):
        actcli.evaluate("softmax", 1.0)


@named("name", VECTOR)
@named(
    ("shape", "expected"),
    [((3,), (3, 3)), ((2, 3), (2, 3, 3)), ((5, 2, 3), (5, 2, 3, 3)), ((0, 3), (0, 3, 3))],
    ids=str,
)
def test_the_shape_of_a_jacobian(name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """A vector activation's gradient is (..., outputs, inputs)."""
    if name in ("softmax", "log_softmax"):
        assert actcli.gradient(name, np.zeros(shape)).shape == expected


def test_the_jacobian_of_softmax() -> None:
    """df[i]/dx[j] is f[i] ((i == j) - f[j]), within one unit in the last place; the rows are the outputs."""
    x = [0.5, -1.25, 3.0]
    jacobian = actcli.gradient("softmax", x)
    with mpmath.workprec(300):
        f = softmax(x)
        for i in range(3):
            assert within_one_unit(jacobian[i], [f[i] * (int(i == j) - f[j]) for j in range(3)])
    lower = actcli.gradient("log_softmax", x)
    with mpmath.workprec(300):
        assert within_one_unit(lower[2], [int(j == 2) - f[j] for j in range(3)])


def test_jacobians_along_another_axis() -> None:
    """With another axis the Jacobians stand where the vectors stood, the vectors' axis moved last."""
    x = np.random.default_rng(5).normal(size=(3, 4))
    assert exactly(actcli.gradient("softmax", x, axis=0)) == exactly(actcli.gradient("softmax", x.T.copy()))
