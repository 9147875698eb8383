"""The oracle: an activation's formula and derivative, evaluated from their texts and rounded once to a format.

The texts are compiled through `ast`, with decimal constants as exact numbers, and evaluated with the numbers of
`reals.py` at increasing precision. Evaluation stops when two precisions round to the same number of the format and the
result is farther from the nearest rounding boundary than they differ. Only the texts, parameters and kinks of the
entries are taken from actcli.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from types import CodeType
from typing import Any, NamedTuple

from mpmath.libmp import fzero, mpf_pos, mpf_sub, to_rational

from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation
from tests.support.real_functions import functions
from tests.support.reals import OutsideDomain, Real, Unknown, magnitude, precision, real
from tests.support.taylor import Taylor, taylor_functions

__all__ = ["FORMATS", "Grid", "Oracle", "Truth", "elementwise_entries", "nearest", "ulps"]

LADDER = (160, 320, 640, 1280, 2560, 5120, 10240, 20480)
"""Precisions in bits."""
_TIE_FROM_BITS = 2200  # a result that is not distinguished from a tie at a higher precision is taken as that tie
_UNTRUSTED_BITS = 40  # bits of the lower of two precisions that can be wrong even if both agree
_MAX_EXPONENT = 1 << 15  # numbers beyond 2^_MAX_EXPONENT or below 2^-_MAX_EXPONENT are not converted to Fractions
_LIMIT_PROBES = tuple(Fraction(2) ** (1 << k) for k in (11, 12, 13))  # arguments from which a limit is inferred


class Grid(NamedTuple):
    """A number format: significand bits, exponent of the least subnormal, largest value, result of an overflow."""

    precision: int
    least: int
    largest: Fraction
    beyond: float = math.inf


FORMATS = {
    "float64": Grid(53, -1074, Fraction((1 << 53) - 1) * 2**971),
    "float32": Grid(24, -149, Fraction((1 << 24) - 1) * 2**104),
    "float16": Grid(11, -24, Fraction(65504)),
    "bfloat16": Grid(8, -133, Fraction(255) * 2**120),
    "float8_e4m3fn": Grid(4, -9, Fraction(448), math.nan),
    "float8_e5m2": Grid(3, -16, Fraction(57344)),
}


def elementwise_entries() -> dict[str, Activation]:
    """Return the elementwise entries of the catalogue by name."""
    return {entry.name: entry for entry in registry.entries().values() if not entry.is_vector}


def nearest(value: Fraction, grid: Grid) -> float:
    """Return `value` rounded to the format, ties to even; a zero has the sign of `value`, an exact zero is +0.0."""
    top, bottom = abs(value.numerator), value.denominator
    side = -1.0 if value.numerator < 0 else 1.0
    exponent = max(top.bit_length() - bottom.bit_length() - grid.precision, grid.least)
    while True:
        numerator, denominator = (top, bottom << exponent) if exponent >= 0 else (top << -exponent, bottom)
        quotient, remainder = divmod(numerator, denominator)
        if quotient.bit_length() <= grid.precision:
            break
        exponent += 1
    if 2 * remainder > denominator or (2 * remainder == denominator and quotient % 2):
        quotient += 1
    if exponent > 1200 or quotient * Fraction(2) ** exponent > grid.largest:
        return grid.beyond * side
    return math.ldexp(quotient, exponent) * side


def ulps(value: float, truth: float, grid: Grid) -> float:
    """Return the distance of two numbers in ulps of the second; inf if only one is finite, 0 if both are the same."""
    if not (math.isfinite(value) and math.isfinite(truth)):
        return 0.0 if repr(value) == repr(truth) else math.inf
    exponent = max(math.frexp(truth)[1] - grid.precision, grid.least) if truth else grid.least
    return float(min(abs(Fraction(value) - Fraction(truth)) / Fraction(2) ** exponent, Fraction(10) ** 300))


# --- texts -----------------------------------------------------------------------------------------------------------


class _Exact(ast.NodeTransformer):
    """Transformer that replaces each constant of a text by a name for its exact value."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.constants: dict[str, Real] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, bool | str) or node.value is None:
            return node
        digits = ast.get_source_segment(self.source, node)
        assert digits is not None
        name = f"_{len(self.constants)}"
        self.constants[name] = real(Fraction(digits))
        return ast.Name(name, ast.Load())


class Text:
    """A compiled formula: EXPR, or `EXPR with NAME = EXPR, NAME2 = EXPR`, where a name can use those before it."""

    def __init__(self, text: str) -> None:
        body, _, definitions = text.partition(" with ")
        self.text = text
        self.body = self._compile(body)
        source = f"dict({definitions})"
        call = ast.parse(source, mode="eval").body
        assert isinstance(call, ast.Call)
        parts = ((keyword.arg, ast.get_source_segment(source, keyword.value)) for keyword in call.keywords)
        self.definitions = [(str(name), self._compile(str(part))) for name, part in parts]
        tree = ast.walk(ast.parse(f"({body}, {source})", mode="eval"))
        self.names = {node.id for node in tree if isinstance(node, ast.Name)}

    @staticmethod
    def _compile(source: str) -> tuple[CodeType, dict[str, Real]]:
        source = source.strip()
        exact = _Exact(source)
        tree = ast.fix_missing_locations(exact.visit(ast.parse(source, mode="eval")))
        return compile(tree, source, "eval"), exact.constants

    def __call__(self, known: Mapping[str, Any]) -> Real:
        return real(self.evaluate(known))

    def evaluate(self, known: Mapping[str, Any]) -> Any:
        """Return the value of the text, of whatever kind the known numbers make it."""
        scope = dict(known)
        for name, part in self.definitions:
            scope[name] = self._value(part, scope)
        return self._value(self.body, scope)

    @staticmethod
    def _value(part: tuple[CodeType, dict[str, Real]], scope: dict[str, Any]) -> Any:
        code, constants = part
        return eval(code, {"__builtins__": {}}, scope | constants)


_text = cache(Text)


# --- truth -----------------------------------------------------------------------------------------------------------


@dataclass
class Truth:
    """The value of one text at one point, with the precisions computed so far."""

    oracle: Oracle
    order: int
    place: dict[str, Any]
    known: list[Real | None] = field(default_factory=list)

    def _at(self, step: int) -> Real | None:
        """Return the value at a precision of the ladder; None if it does not decide which piece applies."""
        while len(self.known) <= step:
            with precision(LADDER[len(self.known)]):
                try:
                    self.known.append(self.oracle.value(self.order, self.place))
                except Unknown:
                    self.known.append(None)
        return self.known[step]

    def _try_lowest_precisions(self, grid: Grid) -> float | None:
        """Return the result if the two lowest precisions agree to 110 bits and no boundary is within 100 bits."""
        coarse, fine = self._at(0), self._at(1)
        if coarse is None or fine is None or coarse.tail is None or fzero in (coarse.tail, fine.tail):
            return None
        with precision(LADDER[0]):
            value, other = mpf_pos(fine.value, LADDER[0]), coarse.value
        negative, mantissa, exponent, bits = value
        difference = mpf_sub(value, other, 30)
        agree = not difference[1] or difference[2] + difference[3] <= exponent + bits - 110
        if not (mantissa and abs(exponent) <= 2000 and agree):
            return None
        mantissa, exponent, bits = mantissa << (LADDER[0] - bits), exponent - (LADDER[0] - bits), LADDER[0]
        drop = max(bits - grid.precision, grid.least - exponent)
        if drop >= bits:
            return None
        quotient, remainder = mantissa >> drop, mantissa & ((1 << drop) - 1)
        if abs(remainder - (1 << drop - 1)) >> (bits - 100) == 0:
            return None
        quotient += remainder >> drop - 1
        if quotient.bit_length() + exponent + drop > 1024 or math.ldexp(quotient, exponent + drop) > grid.largest:
            return None
        return math.ldexp(-quotient if negative else quotient, exponent + drop)

    def ends(self) -> Iterator[tuple[int, Fraction, Fraction]]:
        """Yield ever closer bounds (bits, low, high): the value at one precision +- the error of the previous one."""
        first = self._at(0)
        if first is not None and first.tail is None:
            yield LADDER[0], first.exact, first.exact
            return
        for step in range(1, len(LADDER)):
            coarse, fine = self._at(step - 1), self._at(step)
            if fine is not None and fine.tail is None:
                yield LADDER[step], fine.exact, fine.exact
            elif coarse is None or fine is None or coarse.tail is None:
                continue
            elif fine.tail == fzero and step == len(LADDER) - 1:
                # What cancels at 20,000 bits is taken as 0, as soft_clipping(1/2) - 1/2 is.
                yield LADDER[step], fine.exact, fine.exact
            elif fzero not in (coarse.tail, fine.tail):
                # A tail of 0 has cancelled: a higher precision may show the number.
                yield LADDER[step], *_bounds(coarse, fine, LADDER[step - 1])

    def middle(self) -> Fraction:
        """Return the value to about 60 bits; beyond 2^32768 or below 2^-32768 only its order of magnitude."""
        low = high = Fraction(0)
        for _, low, high in self.ends():
            if low * high > 0 and abs(high - low) <= 2 * abs(low):
                if abs(high - low) < abs(low) / (1 << 60) or max(abs(low), 1 / abs(low)) > 1 << _MAX_EXPONENT - 8:
                    break
            elif low == high:
                break
        return (low + high) / 2

    @property
    def is_zero(self) -> bool:
        """Return whether the value is exactly zero."""
        try:
            first = next((known for known in map(self._at, range(len(LADDER))) if known is not None), None)
        except OutsideDomain:
            return False
        return first is not None and first.is_zero

    def rounded(self, grid: Grid) -> float:
        """Return the value rounded to the format; nan outside the domain."""
        last, low, high = 0, Fraction(0), Fraction(0)
        try:
            result = self._try_lowest_precisions(grid)
            if result is not None:
                return result
            for last, low, high in self.ends():
                if low == high == 0:
                    return 0.0
                below, above = nearest(low, grid), nearest(high, grid)
                if _same(below, above) and (below != 0 or (low > 0) == (high > 0)):
                    return below
                if last > _TIE_FROM_BITS and 0 < abs(above - below) < math.inf and low * high > 0:
                    middle = (Fraction(below) + Fraction(above)) / 2
                    return nearest(middle, grid)
        except OutsideDomain:
            return math.nan
        raise AssertionError(f"the oracle cannot decide {self.oracle.text(self.order)} at {self.place}")


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def _bounds(coarse: Real, fine: Real, bits: int) -> tuple[Fraction, Fraction]:
    """Return `fine` +- four times the difference of the two, or +- the untrusted bits of `coarse` if that is more."""
    if fine.exact != coarse.exact:
        with precision(2 * bits):
            coarse = Real(fine.exact, (coarse - fine.exact).value)
    clamped = _clamp(fine.tail)
    if clamped and clamped == _clamp(coarse.tail):
        # Only the order of magnitude matters there, and the two need not agree on more.
        return fine.exact + min(clamped, 2 * clamped), fine.exact + max(clamped, 2 * clamped)
    if clamped:
        slack = Fraction(2) ** (_MAX_EXPONENT + 2)
    else:
        difference, size = mpf_sub(fine.tail, coarse.tail, 64), abs(_fraction(fine.tail))
        slack = size / (1 << bits - _UNTRUSTED_BITS)
        if difference[2] + difference[3] > -4 * _MAX_EXPONENT:
            slack = max(slack, 4 * abs(Fraction(*to_rational(difference))))
    value = fine.exact + (clamped or _fraction(fine.tail))
    return value - slack, value + slack


def _clamp(value: Any) -> Fraction:
    """Return +-2^_MAX_EXPONENT or +-2^-_MAX_EXPONENT for a number beyond one of these, else 0."""
    negative, mantissa, exponent, bits = value
    if not mantissa or abs(exponent + bits) <= _MAX_EXPONENT:
        return Fraction(0)
    size = Fraction(2) ** (_MAX_EXPONENT if exponent + bits > 0 else -_MAX_EXPONENT)
    return -size if negative else size


def _fraction(value: Any) -> Fraction:
    """Return an mpmath number as a Fraction, clamped if it is too large or too small."""
    return _clamp(value) or Fraction(*to_rational(value))


_OFFSET = Fraction(1, 2**9000)
"""Distance from 0 or a kink at which its sides are evaluated: less than any parameter, product or quotient of two."""

_SMOOTH_STEP, _SMOOTH_BITS, _LARGEST_DIFFERENCE = 6, 3000, -5000
"""Two sides are equal if they agree to 3,000 bits at the precision of 10,240, so that a derivative of 1e-400 is not 0,
or differ by less than 2^-5000: within 2^-9000 no function of such parameters changes by more, unless it jumps."""


class Oracle:
    """The reference for one entry with some parameters given as exact numbers or words; the others have defaults."""

    def __init__(self, entry: Activation, params: Mapping[str, Any] | None = None) -> None:
        self.entry = entry
        given = {name: _exact(value) for name, value in (params or {}).items()}
        self.params = {param.name: _exact(param.default) for param in entry.parameters} | given
        self.texts = (_text(entry.formula), _text(entry.derivative))
        self.is_default = not given
        with precision(LADDER[0]):
            scope = functions() | self.params
            absent = {name for name, value in self.params.items() if value is None}
            own = [kink for kink in entry.kinks if not _text(kink.at).names & absent]
            pairs = ((_number(kink.at, scope), _number(kink.subgradient, scope)) for kink in own)
            self.kinks: dict[Fraction, Fraction] = dict(pairs)

    @property
    def names(self) -> set[str]:
        """Return the names that the two texts use."""
        return self.texts[0].names | self.texts[1].names

    def text(self, order: int) -> str:
        return f"{self.entry.name}: {self.texts[min(order, 1)].text} (order {order})"

    def value(self, order: int, place: dict[str, Any]) -> Real:
        """Return f (order 0) or a derivative at the current precision; `place` gives x and can override parameters."""
        if order > 1:
            return self._series(order, place, []).derivative(order)
        scope = functions() | self.params | place
        scope["f"] = lambda x: self.value(0, {**place, "x": real(x)})
        return self.texts[order](scope)

    def _series(self, order: int, place: dict[str, Any], ties: list[bool]) -> Taylor:
        """Return f as a Taylor series at x, which notes comparisons of equal values in `ties`."""
        x = Taylor.variable(place["x"], order, ties)
        result = self.texts[0].evaluate(taylor_functions() | self.params | place | {"x": x})
        return x.like(result)

    def has_tie(self, x: Fraction) -> bool:
        """Return whether pieces of the formula meet at x."""
        ties: list[bool] = []
        with precision(LADDER[2]), suppress(OutsideDomain):
            self._series(2, {"x": real(x)}, ties)
        return bool(ties)

    def at(self, order: int, x: Fraction | float) -> Truth:
        """Return the reference value at a finite x that is not a kink."""
        return Truth(self, order, {"x": real(Fraction(x))})

    def result(self, order: int, x: float, name: str) -> float:
        """Return what evaluate (order 0) or gradient must return for x, a value of the format called `name`."""
        return self.results(order, x, (name,))[0]

    def results(self, order: int, x: float, names: tuple[str, ...]) -> list[float]:
        """Return `result` for several formats that contain x."""
        if x != x:
            return [math.nan] * len(names)
        if math.isinf(x):
            return self.limits(order, 1 if x > 0 else -1, names)
        place = Fraction(x)
        if order > 1 and self.has_tie(place):
            if not self.is_smooth(place, order):
                return [math.nan] * len(names)
            place += _OFFSET
        if order == 1 and place in self.kinks:
            if not self.is_smooth(place):
                return [nearest(self.kinks[place], FORMATS[name]) for name in names]
            # At a removable kink the text may still give the chosen subgradient: evaluate next to it.
            place += _OFFSET
        if self.entry.frameworks and place in self.ends:
            return [FORMATS[name].beyond * self._sign_of_pole(order, place) for name in names]
        truth = self.at(order, place)
        found = [truth.rounded(FORMATS[name]) for name in names]
        if x == 0 and order == 0 and 0 in found and truth.is_zero:
            found = [self.zero(math.copysign(1.0, x))] * len(names)
        return found

    @property
    def ends(self) -> dict[Fraction, int]:
        """Return the finite ends of the domain, with the side on which it lies."""
        values = {name: value.exact if isinstance(value, Real) else value for name, value in self.params.items()}
        domain = (None, None) if self.entry.domain is None else self.entry.domain(**values)
        return {end: side for end, side in zip(domain, (1, -1), strict=True) if end is not None}

    def _sign_of_pole(self, order: int, end: Fraction) -> float:
        """Return the sign of an infinite limit at an end of the domain; nan if the limit is finite."""
        distances = (self.ends[end] * Fraction(1, 2**exponent) for exponent in (1000, 4000, 16000))
        values = [self.at(order, end + distance).middle() for distance in distances]
        grows = _aligned(values) and abs(values[2]) > 3 * abs(values[1]) > 9 * abs(values[0])
        return math.nan if not grows else 1.0 if values[2] > 0 else -1.0

    def is_smooth(self, x: Fraction, order: int = 1) -> bool:
        """Return whether f and its derivatives agree on both sides of x: some parameters remove a kink."""
        sides = x - _OFFSET, x + _OFFSET
        return self._agree(0, (sides[0], x, sides[1])) and all(self._agree(k, sides) for k in range(1, order + 1))

    def _agree(self, order: int, places: tuple[Fraction, ...]) -> bool:
        with precision(LADDER[_SMOOTH_STEP]):
            first, *others = (self.value(order, {"x": real(place)}).value for place in places)
            differences = [mpf_sub(first, other, LADDER[_SMOOTH_STEP]) for other in others]
            size = max(magnitude(first), *map(magnitude, others))
            limit = max(size - _SMOOTH_BITS, _LARGEST_DIFFERENCE)
            return all(magnitude(difference) < limit for difference in differences)

    def zero(self, side: float) -> float:
        """Return the zero f(+-0.0), with the sign of x if f is odd, else that of f next to it.

        It is +0.0 on a constant piece. An entry that is odd with its default parameters need not be odd with others.
        """
        left, right = (self.at(0, sign * _OFFSET) for sign in (-1, 1))
        if self.entry.properties.odd and self._are_opposite(left.middle(), right.middle()):
            return math.copysign(0.0, side)
        value = (left if side < 0 else right).middle()
        return -0.0 if value < 0 else 0.0

    @staticmethod
    def _are_opposite(left: Fraction, right: Fraction) -> bool:
        return abs(left + right) <= (abs(left) + abs(right)) / 2**50

    def limits(self, order: int, side: int, names: tuple[str, ...]) -> list[float]:
        """Return the limit at an infinity in each format, inferred from 2^2048 to 2^8192; nan if there is none."""
        truths = [self.at(order, side * probe) for probe in _LIMIT_PROBES]
        found = []
        for name in names:
            rounded = [truth.rounded(FORMATS[name]) for truth in truths]
            if len(set(map(repr, rounded))) == 1:
                found.append(rounded[0])
            else:
                found.append(self._trend([truth.middle() for truth in truths], FORMATS[name]))
        return found

    @staticmethod
    def _trend(values: list[Fraction], grid: Grid) -> float:
        sizes = [abs(value) for value in values]
        if sizes[0] < sizes[1] < sizes[2] and sizes[0] > 100 and _aligned(values):
            return nearest(Fraction(2) ** 5000 * (1 if values[2] > 0 else -1), grid)
        if sizes[0] > sizes[1] > sizes[2] and sizes[2] < Fraction(1, 2**2000):
            return 0.0
        return math.nan


def _aligned(values: list[Fraction]) -> bool:
    return all(value > 0 for value in values) or all(value < 0 for value in values)


def _exact(value: Any) -> Any:
    """Return a parameter as the texts use it: a Real, True, False, None or a word."""
    if isinstance(value, str):
        word = {"true": True, "false": False, "none": None}.get(value, value)
        if word is not value or not any(letter.isdigit() for letter in value):
            return word
    return value if isinstance(value, bool) or value is None else real(Fraction(value))


def _number(text: str, scope: Mapping[str, Any]) -> Fraction:
    """Return a kink's position or derivative, which must be rational."""
    value = _text(text)(scope)
    assert value.tail is None, text
    return value.exact
