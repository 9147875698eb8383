"""The points of --range."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from actcli.errors import UsageError
from actcli.number_formats import FLOATS, find_format
from actcli.streams.ranges import parse_range, points
from tests.support.filtering import nearest
from tests.support.operations import calls

FLOAT64 = FLOATS["float64"]
FORMATS = [*FLOATS.values(), find_format("q1.14"), find_format("uq3.5"), find_format("uq1.52")]


def listed(start: str, stop: str, count: int | None = None, step: str | None = None, **more: object) -> list[str]:
    half_open = bool(more.get("half_open", False))
    values = points(start, stop, count=count, step=step, half_open=half_open, fmt=FLOAT64)
    assert values.dtype == np.float64
    return [repr(value) for value in values.tolist()]


@pytest.mark.parametrize("text", ["-6:6", "0:0x1p3", "-.5:1e3", "5:-5"])
def test_parse_range_returns_endpoints_as_typed(text: str) -> None:
    """The two endpoints are returned as typed, to be parsed exactly."""
    assert tuple(text.split(":")) == parse_range(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "a range must be two numbers"),
        ("1:2:3", "a range must be two numbers"),
        (":", "'' is not a number"),
        ("a:1", "'a' is not a number"),
        ("0:1_000", "'1_000' is not a number"),
        ("0:inf", "must be finite, not 'inf'"),
        ("nan:1", "must be finite, not 'nan'"),
        ("0:1e400", "must be finite, not '1e400'"),
        ("0:\x1b[31m", "'\\x1b[31m' is not a number"),
    ],
)
def test_parse_range_rejects(text: str, message: str) -> None:
    """Anything but two finite numbers is a UsageError with a printable message."""
    with pytest.raises(UsageError) as caught:
        parse_range(text)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


def test_count_includes_both_endpoints() -> None:
    """-n points are equidistant from A to B and print as the decimals they stand for."""
    assert listed("0", "0.7", 8) == ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]
    assert listed("2", "-1", 4) == ["2.0", "1.0", "0.0", "-1.0"]


def test_one_point_is_first_endpoint() -> None:
    """-n 1 gives A."""
    assert listed("0.3", "1", 1) == ["0.3"]
    assert listed("0.3", "1", 1, half_open=True) == ["0.3"]


def test_half_open_excludes_last_endpoint() -> None:
    """A half-open range's points are A + i (B - A) / N, without B."""
    assert listed("0", "1", 4, half_open=True) == ["0.0", "0.25", "0.5", "0.75"]


def test_step_includes_last_endpoint_if_reached() -> None:
    """B is a point if a whole number of steps leads there exactly, in decimals and not in float64."""
    assert listed("0", "0.3", step="0.1") == ["0.0", "0.1", "0.2", "0.3"]
    assert listed("0", "0.29", step="0.1") == ["0.0", "0.1", "0.2"]
    assert listed("1", "0", step="-0.5") == ["1.0", "0.5", "0.0"]
    assert listed("1", "1", step="7") == ["1.0"]


def test_half_open_step_excludes_last_endpoint() -> None:
    """With --half-open an exactly reached B is excluded."""
    assert listed("0", "0.3", step="0.1", half_open=True) == ["0.0", "0.1", "0.2"]
    assert listed("0", "0.29", step="0.1", half_open=True) == ["0.0", "0.1", "0.2"]


def test_ends_and_step_may_be_hexadecimal() -> None:
    """A, B and S are numbers in any spelling."""
    assert listed("0x1p-1", "0x1", step="0x.4") == ["0.5", "0.75", "1.0"]


def test_minus_zero_appears_only_where_typed() -> None:
    """An endpoint typed -0 is -0.0; any other point that is or rounds to zero is 0.0."""
    assert listed("-1", "1", 3) == ["-1.0", "0.0", "1.0"]
    assert listed("-0", "1", 3) == ["-0.0", "0.5", "1.0"]
    assert listed("-1", "-0.0", 3) == ["-1.0", "-0.5", "-0.0"]
    assert listed("-1", "-0.0", 2, half_open=True) == ["-1.0", "-0.5"]
    assert listed("-1", "-0", step="0.6") == ["-1.0", "-0.4"]
    assert listed("-0", "-0", 3) == ["-0.0", "0.0", "-0.0"]
    assert listed("0", "-0", 1) == ["0.0"]
    tiny = points("-1e-9", "1e-9", count=2, step=None, half_open=False, fmt=FLOATS["float16"])
    assert [repr(value) for value in tiny.tolist()] == ["0.0", "0.0"]


@pytest.mark.parametrize(
    ("count", "step", "message"),
    [
        (0, None, "at least 1 point, not 0"),
        (-3, None, "at least 1 point, not -3"),
        (10**8 + 1, None, "100000001 points; at most 100000000"),
        (None, "1e-8", "100000001 points; at most 100000000"),
        (None, "0", "the step of a range cannot be 0"),
        (None, "-0.5", "a step of -0.5 leads away from the end of the range 0:1"),
        (None, "nan", "must be finite, not 'nan'"),
        (None, "1e-999999999999", "too large for a range"),
        (5, "1", "not both"),
    ],
)
def test_points_rejects(count: int | None, step: str | None, message: str) -> None:
    """A count or step that gives no range, or too many points, is a UsageError of one line."""
    with pytest.raises(UsageError) as caught:
        listed("0", "1", count, step)
    assert message in str(caught.value)


def test_range_without_points_is_rejected() -> None:
    """A half-open range of steps from A to A has no points."""
    with pytest.raises(UsageError, match="has no points"):
        listed("1", "1", step="1", half_open=True)


def test_count_or_step_is_required() -> None:
    """Neither count nor step is a ValueError: the defaults belong to the command."""
    with pytest.raises(ValueError, match="count or a step"):
        listed("0", "1")


decimals = st.one_of(
    st.decimals(-1000, 1000, places=3).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-500, 500).map(repr),
    st.floats(-500, 500).map(float.hex),
    st.sampled_from(["0", "1", "-1", "0.1", "448", "464", "1e-7", "65504", "65520", "3e-9", "0.0009765625"]),
)


def number(text: str) -> Fraction:
    return Fraction(float.fromhex(text)) if "x" in text else Fraction(text)


@given(decimals, decimals, st.integers(1, 40), st.booleans(), st.sampled_from(FORMATS))
def test_counted_points_are_rounded_once(start, stop, count, half_open, fmt) -> None:  # type: ignore[no-untyped-def]
    """Every point is A + i (B - A) / gaps rounded once to the format."""
    values = points(start, stop, count=count, step=None, half_open=half_open, fmt=fmt)
    first, last = number(start), number(stop)
    gaps = count if half_open else max(count - 1, 1)
    expected = [nearest(first + i * (last - first) / gaps, fmt) for i in range(count)]
    np.testing.assert_array_equal(values, expected)


# Few random triples are a range of at most 200 steps; the others are cheap to discard.
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(decimals, decimals, decimals, st.booleans(), st.sampled_from(FORMATS))
def test_stepped_points_are_rounded_once(start, stop, step, half_open, fmt) -> None:  # type: ignore[no-untyped-def]
    """Every point is A + i S rounded once to the format, as many as do not pass B."""
    first, last, stride = number(start), number(stop), number(step)
    assume(stride != 0 and 0 <= (last - first) / stride <= 200 and not (first == last and half_open))
    values = points(start, stop, count=None, step=step, half_open=half_open, fmt=fmt)
    exact = [first]
    while stride * (exact[-1] + stride - last) <= 0:
        exact.append(exact[-1] + stride)
    if half_open and exact[-1] == last:
        exact.pop()
    np.testing.assert_array_equal(values, [nearest(x, fmt) for x in exact])


def test_near_tie_is_not_rounded_twice() -> None:
    """A point that float64 would round onto a tie of float32 is rounded to its own side."""
    tie = "1.00000005960464477539062"  # 1 + 2**-24 is a tie of float32 and ends in ...625
    up, down = tie + "50000000000000001", tie + "49999999999999999"
    assert float(up) == float(down) == 1 + 2.0**-24
    fmt = FLOATS["float32"]
    values = points(down, up, count=2, step=None, half_open=False, fmt=fmt)
    assert values.tolist() == [1.0, 1 + 2.0**-23]


@pytest.mark.parametrize(
    ("start", "stop", "name"),
    [
        ("-6", "6", "float64"),
        ("-0.1", "0.7", "float32"),
        ("0.1234567890123456789", "3.14159265358979323846", "float64"),
        ("0", "1", "float16"),
    ],
)
def test_million_points_take_few_calls(start: str, stop: str, name: str) -> None:
    """10**6 points take at most two calls each, and samples of them are correct."""
    found = []
    work = calls(lambda: found.append(points(start, stop, count=10**6, step=None, half_open=False, fmt=FLOATS[name])))
    assert work < 2 * 10**6
    (values,) = found
    first, gap = Fraction(start), (Fraction(stop) - Fraction(start)) / (10**6 - 1)
    for i in [0, 1, 262143, 262144, 499999, 700001, 999999]:
        assert nearest(first + i * gap, FLOATS[name]) == values[i]
    assert not math.isnan(values.sum())
