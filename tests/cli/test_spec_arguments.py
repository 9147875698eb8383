"""Activations on the command line: names, parameters and headers."""

from __future__ import annotations

import pytest

from tests.support.processes import fault, plain, rows

named = pytest.mark.parametrize


def header(*args: str) -> str:
    """Return the result's header of a run with one value."""
    return rows(*args, "--", "-1").splitlines()[0].removeprefix("x,")


@named("spec", ["leaky_relu", "LeakyReLU", "leaky-relu", "LEAKY_RELU", "leakyrelu", "lrelu", "leaky relu"])
def test_common_spellings_of_a_name(spec: str) -> None:
    """A name is accepted in any common case or spelling, and the header has the canonical name."""
    assert header("eval", spec) == "leaky_relu(x)"
    assert header("grad", spec) == "leaky_relu_grad(x)"


@named("spec", ["leaky_relu:negative_slope=0.25", "LeakyReLU:alpha=1/4", "lrelu:slope=.25", "leaky_relu:alpha=0x1p-2"])
def test_parameters_in_the_activation(spec: str) -> None:
    """A parameter is set by its name or an alias to a decimal, fraction or hexadecimal; the header has it as typed."""
    assert plain("eval", spec, "-2") == ["-0.5"]
    assert header("eval", spec) == f"{spec}(x)"


def test_parameters_by_option() -> None:
    """`-p NAME=VALUE` sets a parameter, and the header has it as `:NAME=VALUE`."""
    assert plain("eval", "leaky_relu", "-p", "alpha=1/4", "-2") == ["-0.5"]
    assert header("eval", "leaky_relu", "-p", "alpha=1/4") == "leaky_relu:alpha=1/4(x)"
    assert header("eval", "hard_tanh", "-p", "min=-2", "-p", "max=2") == '"hard_tanh:min=-2,max=2(x)"'
    assert header("eval", "hard_tanh:min=-2", "-p", "max=2") == '"hard_tanh:min=-2,max=2(x)"'


def test_parameter_decimals_are_exact() -> None:
    """A decimal parameter is exact: 3 times 0.1 is 0.3, unlike with the float64 0.1."""
    assert plain("eval", "leaky_relu:alpha=0.1", "-3") == ["-0.3"]


def test_word_parameters() -> None:
    """A parameter accepts the words that its entry lists."""
    assert plain("eval", "gelu:approximate=tanh", "1") == plain("eval", "gelu_tanh", "1")
    assert plain("eval", "gelu:approximate=none", "1") == plain("eval", "gelu", "1")
    assert plain("eval", "gelu:approximate=tanh", "1") != plain("eval", "gelu", "1")


def test_header_of_a_derivative_by_a_parameter() -> None:
    """With --wrt the header ends in the parameter's canonical name."""
    assert header("grad", "lrelu", "--wrt", "alpha") == "leaky_relu_grad_negative_slope(x)"


def test_header_with_a_comma_is_quoted() -> None:
    """A header with a comma is quoted in CSV and unchanged in JSON."""
    spec = "hard_tanh:min=-2,max=2"
    assert rows("eval", spec, "1") == f'x,"{spec}(x)"\n1.0,1.0\n'
    assert rows("eval", spec, "1", "-f", "jsonl") == f'{{"x": 1.0, "{spec}(x)": 1.0}}\n'


def test_fixed_axis_is_accepted() -> None:
    """A function of channels treats a single vector as the channels."""
    for spec in ("Softmax2d@torch", "softmax2d"):
        assert rows("eval", spec, "1", "2", "-f", "plain") == rows("eval", "softmax", "1", "2", "-f", "plain")


@named(
    ("args", "says"),
    [
        (["reul"], "no activation is called 'reul'; did you mean relu"),
        (["y*2"], "y*2 requires its parameter y"),
        ([""], "no activation is called ''"),
        (["-2", "relu"], "'-2' is a number: put the name of an activation before it"),
        (["leaky_relu:negativ_slope=1"], "did you mean negative_slope?"),
        (["leaky_relu:aplha=1"], "did you mean alpha?"),
        (["relu:alpha=1"], "relu has no parameter 'alpha': use relu@keras, which has it"),
        (["leaky_relu:alpha=abc"], "leaky_relu: alpha='abc' is not a number or a fraction such as 1/6"),
        (["leaky_relu:alpha=1/0"], "alpha='1/0' is not"),
        (["leaky_relu:alpha=inf"], "alpha='inf' is not"),
        (["leaky_relu:alpha"], "expected NAME=VALUE after the colon, not 'alpha'"),
        (["leaky_relu:0.2"], "not '0.2'; did you mean negative_slope=0.2?"),
        (["leaky_relu:"], "expected NAME=VALUE after the colon, not ''"),
        (["leaky_relu:alpha=1,slope=2"], "negative_slope is given twice"),
        (["leaky_relu:alpha=1", "-p", "slope=2"], "negative_slope is given twice"),
        (["leaky_relu", "-p", "alpha=1", "-p", "alpha=2"], "-p 'alpha' is given twice"),
        (["leaky_relu", "-p", "0.1"], "-p: expected NAME=VALUE, not '0.1'"),
        (["leaky_relu", "-p", "=1"], "-p: expected NAME=VALUE, not '=1'"),
        (["softplus:beta=0"], "softplus: beta must be greater than 0, not 0"),
        (["gelu:approximate=tan"], "did you mean tanh?"),
        (["softmax:axis=1"], "softmax: axis=1 has no meaning here, where x is one vector"),
    ],
    ids=str,
)
def test_invalid_activations(args: list[str], says: str) -> None:
    """An unknown activation or an unknown, invalid or repeated parameter is an error of one line with status 2."""
    assert says in fault("eval", *args, "1", "2")
