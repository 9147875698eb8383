"""Code paths of framework functions, and parameters at the edge of what they accept, against the frameworks.

`evidence/paths.csv` has what each framework returned for the cases of `tests.support.frameworks`, with its version; the
same cases are run live where a framework is installed. Formulas with unusual parameters are compared with mpmath.
"""

from __future__ import annotations

import csv
import functools
import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import actcli
from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from actcli.core.spec import parse
from actcli.errors import ParameterError
from tests.support.frameworks import CASES, Case, Framework, Refused, installed
from tests.support.quantities import SEED, got, quantity
from tests.support.tiers import sampled

with (Path(__file__).parents[2] / "support" / "evidence" / "paths.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))

ACCEPTED = [row for row in ROWS if not row["refused"]]
REFUSED = [row for row in ROWS if row["refused"] and row["name"] != "activations.soft_shrink"]
"""Keras's other backends accept a negative threshold of soft_shrink."""

ROUNDING = {"mlx": 1e-5, "onnx": 1e-6, "tf": 1e-6, "keras": 1e-6, "torch": 1e-7, "jax": 1e-12}
"""Relative error that is the framework's own: MLX, ONNX and TensorFlow hold constants and attributes in float32."""


def spec(row: dict[str, str]) -> str:
    return f"{row['name']}@{row['framework']}" + f":{row['given']}" * bool(row["given"])


def label(row: dict[str, str]) -> str:
    return f"{spec(row)} {row['backend']}".strip()


def numbers(text: str) -> list[float]:
    return [float(word) for word in text.split()]


def stated_derivatives(spec: str, backend: str, x: Sequence[float]) -> list[float]:
    """Return the derivatives that the catalogue states for a backend; nan at a smooth point that a kink is stated for.

    There, as at 0 of celu, the derivative is exact and a framework may return something else.
    """
    bound = parse(spec)
    found: list[float] = actcli.gradient(spec, x).tolist()
    left, right = (got(quantity(spec, 1, side=side), x) for side in (-1, 1))
    special = {float(at) for at in bound.kink_points} | {0.0}
    for index, at in enumerate(x):
        values = actcli.evaluate(spec, [math.nextafter(at, -9), at, math.nextafter(at, 9)])
        is_jump = np.ptp(values) > 1e-9
        if at in special and left[index] == right[index] and not is_jump:
            found[index] = math.nan
            continue
        assert bound.framework_function is not None
        for kink in bound.framework_function.backend_kinks.get(backend, ()):
            given = None not in map(bound.values.get, names_in(kink.at))
            if given and evaluate_formula(kink.at, bound.values) == at:
                found[index] = float(evaluate_formula(kink.subgradient, bound.values))
    return found


def check(spec: str, framework: str, backend: str, x: list[float], values: list[float], slopes: list[float]) -> None:
    """Compare values, and derivatives if the framework defines any, with those of the catalogue.

    A framework's nan at a kink counts as undefined.
    """
    allowed = ROUNDING[framework]
    wanted = actcli.evaluate(spec, x).tolist()
    assert values == pytest.approx(wanted, rel=allowed, abs=allowed, nan_ok=True)
    if slopes:
        stated = stated_derivatives(spec, backend, x)
        for at, theirs, own in zip(x, slopes, stated, strict=True):
            if math.isnan(theirs) and Fraction(at) in parse(spec).kink_points:
                continue
            assert math.isnan(own) or theirs == pytest.approx(own, rel=allowed, abs=allowed), at


@pytest.mark.parametrize("row", sampled(ACCEPTED, 170), ids=label)
def test_code_path_agrees_with_evidence(row: dict[str, str]) -> None:
    """Values are the framework's on every code path, and the derivative at a kink is the framework's or backend's."""
    x, values, slopes = (numbers(row[column]) for column in ("x", "values", "derivatives"))
    check(spec(row), row["framework"], row["backend"], x, values, slopes)


@pytest.mark.parametrize("row", REFUSED, ids=label)
def test_refused_parameters_are_refused(row: dict[str, str]) -> None:
    """Parameters that a framework refuses are refused."""
    with pytest.raises(ParameterError):
        parse(spec(row))


@functools.cache
def peer(name: str) -> Framework:
    found = installed(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.spec)
def test_code_path_agrees_with_running_framework(case: Case) -> None:
    """A running framework agrees on every code path; Keras on the backend that it is configured for."""
    framework = peer(case.framework)
    if case.name in ("torch.clamp", "torch.clip") and framework.version < "torch 2.14":
        pytest.skip("the derivative at the bounds is that of PyTorch 2.14")
    if case.given.keys() & {"max_value", "x_max"} and framework.version.partition(", ")[2] >= "torch 2.14":
        pytest.skip("the derivative where Keras clips is that of PyTorch 2.13, and 1/2 from 2.14 on")
    if case.name.startswith("tfa."):
        pytest.skip("TensorFlow Addons no longer imports")
    try:
        values, slopes = framework.run(case, case.points)
    except Refused:
        return
    check(case.spec, case.framework, framework.backend, case.points, values, slopes or [])


# --- correct rounding with unusual parameters ------------------------------------------------------------------------


def softplus(x: Any, beta: Any) -> Any:
    return mpmath.log1p(mpmath.exp(beta * x)) / beta


UNUSUAL: list[tuple[str, Callable[[Any, Any], Any], Callable[[Any, Any], Any], tuple[str, ...]]] = [
    (
        "celu@torch:alpha={}",
        lambda x, a: x if x > 0 else a * mpmath.expm1(x / a),
        lambda x, a: 1 if x > 0 else mpmath.exp(x / a),
        ("-0.5", "-3", "-1e-3", "-1/3"),
    ),
    (
        "softplus@torch:threshold=1000,beta={}",
        softplus,
        lambda x, b: 1 / (1 + mpmath.exp(-b * x)),
        ("-3", "-0.5", "-1/3", "-40"),
    ),
    (
        "snake@tf:frequency={}",
        lambda x, a: x + mpmath.sin(a * x) ** 2 / a,
        lambda x, a: 1 + mpmath.sin(2 * a * x),
        ("-0.25", "-1", "-1e5", "-1/7"),
    ),
    (
        "squareplus@jax:b={}",
        lambda x, b: (x + mpmath.sqrt(x * x + b)) / 2 if x * x + b >= 0 else mpmath.nan,
        lambda x, b: (1 + x / mpmath.sqrt(x * x + b)) / 2 if x * x + b > 0 else mpmath.nan,
        ("0", "-1", "-1/3", "-1e-6"),
    ),
    (
        "laplace@hf:mu=0.25,sigma={}",
        lambda x, s: mpmath.ncdf((x - mpf(1) / 4) / s),
        lambda x, s: mpmath.npdf((x - mpf(1) / 4) / s) / s,
        ("-1", "-1/3", "-40"),
    ),
]


@pytest.mark.parametrize(
    ("pattern", "f", "derivative", "text"),
    [(pattern, f, derivative, text) for pattern, f, derivative, texts in UNUSUAL for text in texts],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unusual_parameters_are_correctly_rounded(
    pattern: str, f: Callable[[Any, Any], Any], derivative: Callable[[Any, Any], Any], text: str
) -> None:
    """With parameters that only a framework accepts, values and derivatives are correctly rounded."""
    dice = random.Random(SEED)
    xs = [dice.gauss(0, 4) for _ in range(40)] + [dice.uniform(-1, 1) * 2.0**-e for e in range(0, 60, 7)]
    for compute, formula in ((actcli.evaluate, f), (actcli.gradient, derivative)):
        found = compute(pattern.format(text), xs).tolist()
        with mpmath.workprec(600):
            above, _, below = text.partition("/")
            wanted = [float(formula(mpf(x), mpf(above) / mpf(below or 1))) for x in xs]
        assert found == pytest.approx(wanted, rel=0, abs=0, nan_ok=True)
