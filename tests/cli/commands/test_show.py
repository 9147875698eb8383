"""actcli show: report and JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

import actcli
from actcli.core.spec import parse
from tests.support.golden_files import golden
from tests.support.processes import environ, fault, in_terminal, rows, spawn, unstyled
from tests.support.tiers import exhaustive, sampled

named = pytest.mark.parametrize


def shown(*args: str) -> Any:
    """Return the JSON of an activation."""
    return json.loads(rows("show", *args, "-f", "json"))


def line(text: str, word: str) -> str:
    """Return the text of a page's line after its label."""
    return next(row.removeprefix(word).strip() for row in text.splitlines() if row.startswith(f"{word} "))


@named("name", sampled(actcli.names(), 30))
def test_every_activation_has_a_report(name: str) -> None:
    """Every entry's report has formula, derivatives, range and paper; its JSON has one shape."""
    text = rows("show", name)
    flat = " ".join(text.split())
    entry = actcli.get(name)
    texts = (entry.formula, entry.derivative, entry.second_derivative)
    for said in (*texts, entry.properties.range, entry.paper, entry.notes, *entry.aliases):
        assert " ".join(said.split()) in flat
    whole = shown(name)
    assert (whole["name"], whole["formula"], whole["range"]) == (name, entry.formula, entry.properties.range)
    assert whole["second_derivative"] == (entry.second_derivative or None)
    assert [param["name"] for param in whole["parameters"]] == [param.name for param in entry.available_parameters()]


@named("width", [40, 80, 120])
@named("spec", ["leaky_relu", "softmax", "gelu@jax"])
def test_report_matches_golden_file(spec: str, width: int) -> None:
    """The report fits the terminal's width and equals the golden file."""
    text = in_terminal("show", spec, width=width).out.replace("\r\n", "\n")
    golden(f"show-{spec.replace('@', '-')}-{width}.txt", text)
    assert all(len(row) <= width for row in unstyled(text).splitlines())


def test_properties_of_silu() -> None:
    """The report of silu has range, limits, zeros, extrema and Lipschitz constant."""
    text = rows("show", "silu")
    assert line(text, "range") == "[-0.2784645427610738, inf)"
    assert line(text, "limits") == "0 at -inf, inf at inf"
    assert line(text, "limits of f'") == "0 at -inf, 1 at inf"
    assert line(text, "zeros") == "0"
    assert line(text, "extrema") == "minimum -0.278465 at -1.27846"
    assert line(text, "Lipschitz") == "1.09984, at 2.39936"


def test_intervals_of_zeros_and_steepest_points() -> None:
    """Intervals where f is 0 or steepest are shown with their bounds."""
    assert line(rows("show", "relu"), "zeros") == "x <= 0"
    assert line(rows("show", "relu"), "Lipschitz") == "1, at x > 0"
    assert line(rows("show", "step"), "zeros") == "x < 0"
    assert line(rows("show", "step"), "jumps") == "at 0"
    assert line(rows("show", "hardshrink"), "zeros") == "x from -0.5 to 0.5"
    assert line(rows("show", "softplus"), "zeros") == "none"
    assert line(rows("show", "softplus"), "Lipschitz") == "1, not attained"
    assert line(rows("show", "exponential"), "Lipschitz") == "no: the derivative is unbounded"
    assert line(rows("show", "hardshrink"), "Lipschitz") == "no: it jumps"
    assert line(rows("show", "sin"), "zeros").endswith(", 3.14159, 6.28319 and 1 more (from")
    assert line(rows("show", "sin"), "limits") == "no limit at -inf, no limit at inf"


def test_evidence_is_shown() -> None:
    """A fact of the searched range names the range, and an observed one says so; a proven one has no remark."""
    assert rows("show", "sin").count("(from -10 to 10)") == 2
    assert line(rows("show", "sqrt(1 + x**2)"), "Lipschitz").startswith("1 (observed, at most 1.0")
    assert line(rows("show", "bent_identity"), "Lipschitz") == "1.5 (observed)"
    assert line(rows("show", "silu:beta=1000"), "zeros") == "0"
    assert line(rows("show", "softplus:beta=1e6"), "zeros") == "none"
    assert line(rows("show", "tanh(x-1e6)"), "Lipschitz") == "1, at 1e+06"
    assert shown("affine:alpha=-1e-9,beta=3")["zeros"] == [3e9]
    assert shown("sin")["evidence"]["zeros"] == "searched"


@exhaustive
def test_the_searched_range_is_said_once() -> None:
    """A Lipschitz constant that holds where it was searched, or whose points do, says so once."""
    for formula in ("sin(exp(x))", "sin(x)", "cos(x) * x"):
        assert line(rows("show", formula), "Lipschitz").count("from -10 to 10") <= 1


def test_report_with_parameters() -> None:
    """With parameters the report is that of the function with them; its properties are proven, or marked."""
    text = rows("show", "leaky_relu", "-p", "negative_slope=0.3")
    assert text.startswith("leaky_relu:negative_slope=0.3\n")
    assert line(text, "limits of f'") == "0.3 at -inf, 1 at inf"
    assert "unproven" not in text
    assert "(odd: observed at thousands of points, unproven)" in rows("show", "hard_tanh:min_val=-2,max_val=2")
    value = shown("leaky_relu:negative_slope=1/3")["parameters"][0]
    assert (value["value"], value["default"], value["aliases"]) == ("1/3", "0.01", ["alpha", "slope"])


def test_required_parameter_may_be_missing() -> None:
    """show lists required parameters without values; an invalid value is still an error."""
    text = rows("show", "threshold")
    assert "required" in text
    assert "Kinks" not in text
    assert "Kinks" in rows("show", "threshold:threshold=1,value=0")
    assert fault("show", "threshold:treshold=1") == (
        "threshold has no parameter 'treshold': expected threshold or value; did you mean threshold?"
    )


def test_framework_variant() -> None:
    """NAME@FRAMEWORK has the framework's defaults and its derivative at the kink."""
    whole = shown("LeakyReLU@keras")
    assert (whole["name"], whole["spec"]) == ("leaky_relu", "LeakyReLU@keras")
    assert whole["parameters"][0]["value"] == "0.3"
    assert shown("leaky_relu@jax")["kinks"] == [{"at": 0.0, "left": 0.01, "given": 1.0, "right": 1.0}]


@named("spec", ["silu@torch", "LeakyRelu@onnx", "relu@keras", "gelu@jax", "GELU@mlx", "PReLU@torch", "clip@tf", "gelu"])
def test_parameters_of_a_framework(spec: str) -> None:
    """The parameters are those that the framework's function accepts, with its names and defaults."""
    params = shown(spec)["parameters"]
    bound = parse(spec, partial=True)
    theirs = None if bound.framework_function is None else bound.framework_function.parameters
    names = {word for param in params for word in (param["name"], *param["aliases"])}
    assert names >= set(
        theirs if theirs is not None else [param.name for param in bound.activation.available_parameters()]
    )
    assert bool(params) == (theirs is None or bool(theirs))
    for param in params:
        given = parse(f"{spec}:{param['name']}={param['default'] or 1}", partial=True)
        assert param["default"] is None or given.values == bound.values


def test_framework_names_and_digits() -> None:
    """ONNX's alpha has ONNX's default to its last digit, in the report and in JSON."""
    (alpha,) = shown("LeakyRelu@onnx")["parameters"]
    assert (alpha["name"], alpha["default"], alpha["aliases"]) == ("alpha", "0.01", ["negative_slope", "slope"])
    digits = "1.67326319217681884765625"
    alpha, _ = shown("Selu@onnx")["parameters"]
    assert (alpha["value"], alpha["default"]) == (digits, digits)
    assert shown("leaky_relu:alpha=0x1p-20")["parameters"][0]["value"] == "9.5367431640625e-07"
    (approximate,) = shown("gelu@jax")["parameters"]
    assert (approximate["value"], approximate["default"], approximate["valid"]) == ("true", "true", "false | true")
    assert "Parameters" not in rows("show", "silu@torch")
    assert "-0.0" not in rows("show", "silu", "-f", "json")


def test_json_members() -> None:
    """`-f json` is one object with formulas, parameters, properties, landmarks, kinks, frameworks and paper."""
    whole = shown("hard_tanh")
    assert list(whole) == [
        "name", "spec", "kind", "kinds", "aliases", "formula", "derivative", "second_derivative",
        "parameters", "range", "monotone", "odd", "saturates", "facts_stated", "evidence", "default_parameters",
        "kinks", "zeros", "jumps", "extrema", "limits", "lipschitz", "searched", "frameworks",
        "paper", "notes",
    ]  # fmt: skip
    assert whole["lipschitz"] == {"constant": 1.0, "at": [[-1.0, 1.0]]}
    assert set(whole["evidence"].values()) == {"proven"}
    assert whole["searched"] == [-10.0, 10.0]
    assert whole["limits"] == {"f": [-1.0, 1.0], "slope": [0.0, 0.0]}
    torch, jax = whole["frameworks"][:2]
    assert torch == {
        "framework": "torch", "names": ["nn.Hardtanh", "F.hardtanh"],
        "parameters": {"min_val": "-1", "max_val": "1"}, "differs": [],
    }  # fmt: skip
    assert jax["names"] == ["jax.nn.hard_tanh"]
    assert "derivative at min_val and max_val is 1" in jax["differs"]
    assert shown("relu")["zeros"] == [["-inf", 0.0]]


def test_second_derivative() -> None:
    """The second derivative stands below the first, also for a framework and for a formula."""
    flat = " ".join(rows("show", "gelu").split())
    assert "sqrt(2 * pi) f''(x) (2 - x**2) * exp(-x**2 / 2) / sqrt(2 * pi)" in flat
    assert shown("elu:alpha=2")["second_derivative"] == "0 if x > 0 else alpha * exp(x)"
    assert shown("leaky_relu@mlx:negative_slope=2")["second_derivative"] == "0"
    assert line(rows("show", "x * exp(x)"), "f''(x)") == "2 * exp(x) + x * exp(x)"


@exhaustive
def test_long_second_derivative() -> None:
    """A second derivative that is too long to read is named instead of printed."""
    hinges = " + ".join(f"max(x, {k}) * x" for k in range(1, 60))
    assert line(rows("show", hinges), "f''(x)").startswith("too long to print")


def test_vector_activation() -> None:
    """A vector activation has no landmarks, no second derivative and no plot, but everything else."""
    whole = shown("swiglu")
    assert "f''" not in rows("show", "swiglu")
    assert whole["kinds"] == ["vector", "gated"]
    assert "zeros" not in whole
    assert "first half" in rows("show", "swiglu")


def test_keras_backends_at_kinks() -> None:
    """For Keras, which defines no derivative at kinks, the report lists its backends."""
    flat = " ".join(rows("show", "sparse_sigmoid", "--precision", "4").split())
    assert "backend" in flat
    keras = next(form for form in shown("leaky_relu")["frameworks"] if form["framework"] == "keras")
    assert keras["differs"][1:] == ["derivative at 0 is 1 on the jax backend"]


def test_ascii_report() -> None:
    """Without Unicode the report is ASCII."""
    out = spawn("show", "gelu", env=environ(LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")).out
    assert out.isascii()
    assert "Lipschitz" in out


@named(
    ("args", "message"),
    [
        (("rleu",), "no activation is called 'rleu'; did you mean relu, rrelu or relu6?"),
        (("mish@mlxx",), "unknown framework 'mlxx': expected torch, jax, keras, tf, onnx, mlx or hf; did you mean "
         "mlx?"),
        (("elish@torch",), "PyTorch has no elish: use elish without @, since no framework has it"),
        (("relu", "-f", "csv"), "--format: expected auto or json, not 'csv'"),
        (("relu", "-f", "json", "--precision", "3"), "--precision requires the report: json prints every digit"),
        ((), "ACTIVATION is missing: see actcli show -h"),
    ],
)  # fmt: skip
def test_usage_errors_of_show(args: tuple[str, ...], message: str) -> None:
    """An invalid argument is an error of one line."""
    assert fault("show", *args).startswith(message.removesuffix("; did you mean mlx?"))


@named("spec", ["hard_tanh:min_val=2", "rrelu:lower=1,upper=0"])
def test_invalid_parameters(spec: str) -> None:
    """show rejects the parameters that eval rejects, with the same message."""
    assert fault("show", spec) == fault("eval", spec, "1")


@named(
    ("spec", "facts"),
    [
        ("leaky_relu:negative_slope=-1", {"range": "[0, inf)", "monotone": "no"}),
        ("affine:alpha=-1,beta=0", {"monotone": "no", "odd": "yes"}),
        ("x * sigmoid(1.702 * x)", {"range": "[-0.16361018963635357, inf)", "monotone": "no", "saturates": "left"}),
    ],
)
def test_properties_belong_to_the_function_shown(spec: str, facts: dict[str, str]) -> None:
    """Properties are those of the function with its parameters, not of the default."""
    text = rows("show", spec)
    assert {name: line(text, name) for name in facts} == facts


def test_given_and_missing_parameters() -> None:
    """With some parameters missing the report shows the values given and those required."""
    table = [row.split()[:4] for row in rows("show", "threshold:threshold=1").splitlines()]
    assert ["parameter", "value", "default", "valid"] in table
    assert ["threshold", "1", "required", "any"] in table
    assert ["value", "required", "any", "number"] in table


def test_trivial_intervals_of_a_format() -> None:
    """--dtype lists where f and f' are trivial in a format, in words and in JSON; without it nothing is said of one."""
    text = rows("show", "gelu", "--dtype", "bfloat16")
    part = text.partition("\nIn bfloat16\n")[2].partition("\n\n")[0].splitlines()
    assert (part[0], part[6], part[-1]) == ("f is 0 up to -13.5625", "f is x from 2.78125", "f' is 1 from 3.40625")
    assert "f is x at 9.183549615799121e-41" in part
    whole = shown("gelu", "--dtype", "bfloat16")
    assert whole["dtype"] == "bfloat16"
    assert whole["not_searched_in_dtype"] == []
    largest = float.fromhex("0x1.fep+127")
    known = {"order": 0, "is": "identity", "from": 2.78125, "to": largest, "evidence": "proven"}
    assert known in whole["in_dtype"]
    assert {**known, "order": 1, "is": "one", "from": 3.40625} in whole["in_dtype"]
    assert rows("show", "gelu") == text.replace(f"In bfloat16\n{chr(10).join(part)}\n\n", "")
    assert set(whole) - set(shown("gelu")) == {"dtype", "in_dtype", "not_searched_in_dtype"}


def test_trivial_intervals_of_a_wave() -> None:
    """The page lists the first intervals of a wave, and says what is not listed and not searched."""
    text = rows("show", "sin", "--dtype", "float32")
    part = text.partition("\nIn float32\n")[2].partition("\n\n")[0].splitlines()
    assert sum(line.startswith("f is ") for line in part) == 12 + 1 + 2
    assert any(line.startswith("f is trivial in ") and "-f json" in line for line in part)
    assert any(line.startswith("f is not searched from ") for line in part)


@named(
    ("spec", "dtype", "message"),
    [
        ("softmax", "float32", "softmax is a function of a vector: --dtype requires an elementwise one"),
        ("threshold", "float32", "threshold requires its parameters threshold and value"),
        ("relu", "q1.2", "--dtype: expected float64, float32, float16"),
    ],
)
def test_trivial_intervals_require_a_function_and_a_format(spec: str, dtype: str, message: str) -> None:
    """A vector activation, a missing parameter and a fixed-point format are refused."""
    assert message in fault("show", spec, "--dtype", dtype)
