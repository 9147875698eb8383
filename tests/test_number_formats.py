"""Number formats: reading, rounding once, shortest digits, encodings."""

from __future__ import annotations

import math
import re
import struct
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.number_formats import FLOATS, Format, find_format
from actcli.number_text import exact_number, is_number, read_number
from tests.support.tiers import sampled

NARROW = [fmt for fmt in FLOATS.values() if fmt.name != "float64"]
SMALL = [fmt for fmt in FLOATS.values() if fmt.width <= 16]
WIDEST = [fmt for fmt in SMALL if fmt.width == 16]
NUMPY = {"float64": np.float64, "float32": np.float32, "float16": np.float16}
FIXED = ["q1.14", "q0.7", "q7.0", "uq0.8", "uq8.8", "q3.12", "q-1.8", "uq-2.6", "q9.-2", "uq10.-3", "q-3.20", "q60.-30"]

TIE_OFFSET = Fraction(1, 2**200)

named = pytest.mark.parametrize


def neighbours(fmt: Format) -> list[float]:
    """Return the finite values of a small format in order, decoded field by field from the encodings."""
    return _neighbours(fmt.name)


@cache
def _neighbours(name: str) -> list[float]:
    exponent_bits, mantissa_bits, bias, has_inf = {
        "float16": (5, 10, 15, True),
        "bfloat16": (8, 7, 127, True),
        "float8_e4m3fn": (4, 3, 7, False),
        "float8_e5m2": (5, 2, 15, True),
    }[name]
    top = 2**exponent_bits - 1
    values = []
    for exponent in range(top + 1):
        for mantissa in range(2**mantissa_bits):
            if exponent == top and (has_inf or mantissa == 2**mantissa_bits - 1):
                continue
            leading = 1 if exponent else 0
            size = Fraction(leading * 2**mantissa_bits + mantissa, 2**mantissa_bits)
            values.append(float(size * Fraction(2) ** (max(exponent, 1) - bias)))
    return [-value for value in reversed(values)] + values[1:]


def same(a: float, b: float) -> bool:
    """Return whether two floats are equal or both nan; the sign of zero is ignored."""
    return a == b or (a != a and b != b)


def rounding_cases(fmt: Format) -> list[tuple[Fraction, float]]:
    """Return exact numbers with their roundings: all values, all ties, and numbers just below and above each tie.

    A tie goes to the value with the even encoding. The value after the largest finite one is infinite, or nan without
    infinities; it has the next encoding.
    """
    values = [value for value in neighbours(fmt) if value >= 0]
    exact = [*map(Fraction, values), 2 * Fraction(values[-1]) - Fraction(values[-2])]
    values.append(math.nan if fmt.overflow == "nan" else math.inf)
    found = [*zip(exact, values, strict=True)]
    for i in range(len(values) - 1):
        tie = (exact[i] + exact[i + 1]) / 2
        found += [
            (tie, values[i + i % 2]),
            (tie * (1 - TIE_OFFSET), values[i]),
            (tie * (1 + TIE_OFFSET), values[i + 1]),
        ]
    return found + [(-number, -value) for number, value in found[:: len(found) // 5000 + 1]]


# --- what a number is -----------------------------------------------------------------------------------------


NUMBERS = [
    "-2", "+3", ".5", "5.", "-.5", "1e-3", "1E+3", "007", "0x1.8p-3", "-0X.8P1", "0xff", "inf", "-inf", "Infinity",
    "NAN", "-nan", "+inf",
]  # fmt: skip


@named("text", NUMBERS)
def test_numbers_are_recognised(text: str) -> None:
    """Decimals, C99 hexadecimals, inf, infinity and nan in any case are numbers, with an optional sign."""
    assert is_number(text)
    read_number(text)


@named(
    "text",
    ["", " ", "1_000", "1,5", "1 ", " 1", "1\n", "٣", "３", "−2", "--2", "+-2", "e5", ".", "1e", "1e+", "0x", "0x.p1",
     "1p3", "infinit", "in", "1.5.2", "0b1", "1j", "1/6", "½", "²", "1e5.0", "0x1p1.5", "\x001"],
)  # fmt: skip
def test_non_numbers_are_rejected(text: str) -> None:
    """Separators, blanks, digits of other scripts and all other texts are not numbers."""
    assert not is_number(text)
    assert exact_number(text) is None
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text)


GRAMMAR = re.compile(
    r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[nN][aA][nN]"
    r"|0[xX](?:[0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?)"
)


@named("letter", "01.eE+-_xXpPinfa, \n\x1c\0٣")
def test_grammar_of_numbers(letter: str) -> None:
    """A number with one character inserted is a number if and only if the grammar accepts it."""
    for number in NUMBERS:
        for text in (number[:i] + letter + number[i:] for i in range(len(number) + 1)):
            assert is_number(text) == bool(GRAMMAR.fullmatch(text)), text


def test_hexadecimal_is_c99() -> None:
    """Hexadecimal numbers have the value of C99, rounded once; too large ones are infinite."""
    assert read_number("0x1.8p-3") == 0.1875
    assert read_number("-0x1p3") == -8.0
    assert read_number("0xFF") == 255.0
    assert -math.inf == read_number("-0x1p99999")
    assert read_number("0x1.00000000000008p0") == 1.0


@given(st.floats())
def test_float64_digits_read_back(value: float) -> None:
    """The digits that Python writes for a float64, decimal or hexadecimal, read back to it."""
    assert struct.pack("<d", value) == struct.pack("<d", read_number(repr(value))) or math.isnan(value)
    assert same(value, read_number(value.hex()))


# --- exact numbers --------------------------------------------------------------------------------------------


@given(st.integers(), st.integers(-400, 400))
def test_exact_decimals(digits: int, exponent: int) -> None:
    """exact_number returns the exact decimal value."""
    assert Fraction(digits) * Fraction(10) ** exponent == exact_number(f"{digits}e{exponent}")


def test_exact_hexadecimals() -> None:
    """exact_number returns the exact hexadecimal value."""
    assert Fraction(-3, 16) == exact_number("-0x1.8p-3")
    assert Fraction(16**20 + 1) == exact_number("0x1" + "0" * 19 + "1")


@named("text", ["nan", "inf", "-Infinity", "1e401", "1e-401", "1e999999999999999999999", "0x1p1401", "x"])
def test_non_finite_and_huge_exponents_are_not_exact(text: str) -> None:
    """exact_number returns None for non-finite numbers and for huge exponents."""
    assert exact_number(text) is None


def test_many_digits() -> None:
    """Numbers may have thousands of digits."""
    assert Fraction(10**6000 - 1, 10**6000) == exact_number("0." + "9" * 6000)
    assert FLOATS["float16"].read("0." + "9" * 6000) == 1.0


# --- rounding -------------------------------------------------------------------------------------------------


@named("fmt", sampled(SMALL, costly=WIDEST), ids=str)
def test_nearest_rounds_to_nearest_even(fmt: Format) -> None:
    """`nearest` is right at every value, at every tie, and just above and below every tie."""
    assert [exact for exact, expected in rounding_cases(fmt) if not same(expected, fmt.nearest(exact))] == []


@named("fmt", sampled(SMALL, costly=WIDEST), ids=str)
def test_round_agrees_with_nearest(fmt: Format) -> None:
    """`round` of high + low is right at every value, at every tie, and just above and below every tie."""
    exact, expected = zip(*rounding_cases(fmt), strict=True)
    high = [float(number) for number in exact]
    low = [float(number - Fraction(head)) for number, head in zip(exact, high, strict=True)]
    np.testing.assert_array_equal(expected, fmt.round(np.array(high), np.array(low)))


def test_float16_rounds_like_numpy() -> None:
    """Every float16, every tie and both float64 neighbours of each tie round as in NumPy."""
    codes = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    ties = (codes[1:] + codes[:-1]) / 2
    beyond = np.array([65519.99, 65520.0, 65520.01, 1e10, np.inf, np.nan, 5e-324])
    points = np.concatenate([codes, ties, np.nextafter(ties, np.inf), np.nextafter(ties, 0), beyond])
    points = np.concatenate([points, -points])
    with np.errstate(over="ignore"):
        expected = points.astype(np.float16).astype(np.float64)
    rounded = FLOATS["float16"].round(points)
    np.testing.assert_array_equal(expected, rounded)
    np.testing.assert_array_equal(np.signbit(expected), np.signbit(rounded))


def test_float32_rounds_like_numpy() -> None:
    """Random float64 bit patterns and ties of random float32, including subnormals, round as in NumPy."""
    random = np.random.default_rng(20240229)
    bits = random.integers(0, 2**64, 100_000, dtype=np.uint64).view(np.float64)
    singles = random.integers(0, 0x7F800000, 100_000, dtype=np.uint32)
    tiny = random.integers(0, 0x01000000, 100_000, dtype=np.uint32)
    heads = np.concatenate([singles, tiny])
    ties = (heads.view(np.float32).astype(np.float64) + (heads + 1).view(np.float32).astype(np.float64)) / 2
    points = np.concatenate([bits, ties, np.nextafter(ties, 0), np.nextafter(ties, np.inf), [3.4028235677973366e38]])
    with np.errstate(all="ignore"):
        expected = points.astype(np.float32).astype(np.float64)
    np.testing.assert_array_equal(expected, FLOATS["float32"].round(points))
    sample = points[:: len(points) // 2000]
    np.testing.assert_array_equal(
        FLOATS["float32"].round(sample), [FLOATS["float32"].nearest(x) for x in sample.tolist()]
    )


@given(st.fractions() | st.builds(lambda n, e: n * Fraction(2) ** e, st.integers(), st.integers(-1200, 1100)))
def test_float64_is_pythons_division(exact: Fraction) -> None:
    """The float64 nearest to a fraction is the result of Python's correctly rounded division."""
    try:
        expected = exact.numerator / exact.denominator
    except OverflowError:
        expected = math.inf if exact > 0 else -math.inf
    assert expected == FLOATS["float64"].nearest(exact)


@named("fmt", NARROW, ids=str)
def test_low_part_of_any_size_decides_a_tie(fmt: Format) -> None:
    """At a tie the sign of the low part decides, however small it is."""
    for power in (1.0, 2.0 ** math.frexp(fmt.largest)[1] / 2):
        tie = power * (1 + 2.0**-fmt.precision)
        low, high = power, power * (1 + 2.0 ** (1 - fmt.precision))
        for tail in (power * 2.0**-80, 5e-324):
            assert [high, low] == fmt.round(np.array([tie, tie]), np.array([tail, -tail])).tolist()
            assert [-high, -low] == fmt.round(np.array([-tie, -tie]), np.array([-tail, tail])).tolist()
        assert [low] == fmt.round(np.array([tie]), np.array([0.0])).tolist()


@named("fmt", NARROW, ids=str)
def test_digits_are_rounded_once(fmt: Format) -> None:
    """Digits just above a tie round up, although the nearest float64 is the tie itself."""
    tie = "1." + format(2**-fmt.precision, f".{fmt.precision}f").partition(".")[2]
    assert fmt.read(tie) == 1.0
    assert 1 + 2.0 ** (1 - fmt.precision) == fmt.read(tie + "0" * 40 + "1")
    odd = Fraction(tie) + 2 * Fraction(1, 2**fmt.precision)
    assert 1 + 2 * 2.0 ** (1 - fmt.precision) == fmt.nearest(odd)


@named("fmt", [*FLOATS.values()], ids=str)
def test_zero_underflow_and_nan_in_read(fmt: Format) -> None:
    """Zeros keep their sign, too small numbers become zero, and nan stays nan."""
    assert str(fmt.read("-0")) == "-0.0"
    assert str(fmt.read("-1e-400")) == "-0.0"
    assert fmt.read("nan") != fmt.read("nan")
    infinite = math.nan if fmt.name == "float8_e4m3fn" else math.inf
    assert same(infinite, fmt.read("inf"))
    assert same(infinite, fmt.read("1e400"))
    assert same(-infinite, fmt.read("-1e400"))
    assert same(infinite, fmt.nearest(math.inf))
    assert same(infinite, fmt.round(np.array([math.inf]))[0])


@named("fmt", [*FLOATS.values()], ids=str)
def test_rounding_raises_no_floating_point_error(fmt: Format) -> None:
    """Overflow, underflow and nan raise nothing, even under np.errstate(all="raise")."""
    points = np.array([np.nan, np.inf, -np.inf, 1e308, -1e-320, 5e-324, 0.0, -0.0])
    with np.errstate(all="raise"):
        rounded = fmt.round(points)
        fmt.bits(rounded)
        fmt.hex(rounded)
    assert math.copysign(1, rounded[7]) == -1


# --- writing --------------------------------------------------------------------------------------------------


@given(st.floats(width=32))
def test_float32_digits_are_the_shortest(value: float) -> None:
    """The digits of a float32 read back to it, one digit less does not, and their notation is that of repr."""
    text = FLOATS["float32"].write(value)
    assert text == repr(float(text))
    assert same(value, FLOATS["float32"].read(text))
    if math.isfinite(value) and value:
        digits = len(text.partition("e")[0].replace(".", "").lstrip("-0").rstrip("0"))
        if digits > 1:
            shorter = [float(f"{value:.{digits - 2}e}")]
            shorter += [math.nextafter(shorter[0], -math.inf), math.nextafter(shorter[0], math.inf)]
            assert value not in map(FLOATS["float32"].nearest, shorter)


@named(
    ("value", "text"),
    [(1e-4, "0.0001"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1e-5, "1e-05"), (123456792.0, "123456790.0"),
     (0.1, "0.1"), (3.0, "3.0"), (-0.0, "-0.0"), (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan")],
)  # fmt: skip
def test_float32_notation_is_that_of_repr(value: float, text: str) -> None:
    """A float32 has an exponent only where repr has one, unlike NumPy's 1e-04 and 1e+15."""
    rounded = FLOATS["float32"].round(np.array([value]))
    assert text == FLOATS["float32"].write(float(rounded[0]))
    assert [text] == FLOATS["float32"].write_all(rounded)


@named("fmt", SMALL, ids=str)
def test_small_formats_write_float64_digits(fmt: Format) -> None:
    """Values of 16- and 8-bit formats are written with the shortest digits that float64 reads back."""
    values = fmt.every()
    assert [repr(value) for value in values.tolist()] == fmt.write_all(values)


# --- bit patterns ---------------------------------------------------------------------------------------------


@named("fmt", SMALL, ids=str)
def test_every_value_in_order(fmt: Format) -> None:
    """`every` lists 2**width values in the order of their encodings, with the finite values of the definition."""
    values = fmt.every()
    assert 2**fmt.width == values.size
    half = values.size // 2
    finite = values[np.isfinite(values)]
    assert neighbours(fmt) == sorted(set(finite.tolist()))
    assert str(values[0]) == "0.0"
    assert str(values[half]) == "-0.0"
    np.testing.assert_array_equal(values[half:], -values[:half])


@named("fmt", SMALL, ids=str)
def test_bits_are_the_index_in_every(fmt: Format) -> None:
    """The encoding of a value is its index in `every`; that of nan is the index of a nan."""
    values = fmt.every()
    bits = fmt.bits(values)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(np.arange(values.size)[known], bits[known])
    assert np.isnan(values[int(fmt.bits(np.array([np.nan]))[0])])


@named("name", ["float64", "float32", "float16"])
def test_bits_agree_with_numpy(name: str) -> None:
    """The encodings of IEEE formats are those of NumPy arrays."""
    random = np.random.default_rng(7)
    kind = NUMPY[name]
    unsigned = np.dtype(f"u{np.dtype(kind).itemsize}")
    codes = random.integers(0, np.iinfo(unsigned).max, 50_000, dtype=unsigned, endpoint=True)
    with np.errstate(invalid="ignore"):
        values = codes.view(kind).astype(np.float64)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(codes[known], FLOATS[name].bits(values[known]))


def test_hex_has_the_digits_of_the_width() -> None:
    """The encodings of 1 and -2 in every format have the documented digits."""
    ones = {name: fmt.hex(np.array([1.0, -2.0])) for name, fmt in FLOATS.items()}
    assert ones == {
        "float64": ["3ff0000000000000", "c000000000000000"],
        "float32": ["3f800000", "c0000000"],
        "float16": ["3c00", "c000"],
        "bfloat16": ["3f80", "c000"],
        "float8_e4m3fn": ["38", "c0"],
        "float8_e5m2": ["3c", "c0"],
    }


def decoded(name: str, code: int) -> float:
    """Return the value of an encoding, from the fields of the format's definition."""
    if name in ("float64", "float32", "float16"):
        width = {"float64": "Qd", "float32": "If", "float16": "He"}[name]
        return float(struct.unpack(f"<{width[1]}", struct.pack(f"<{width[0]}", code))[0])
    if name == "bfloat16":
        return decoded("float32", code << 16)
    exponent_bits, mantissa_bits, bias = {"float8_e4m3fn": (4, 3, 7), "float8_e5m2": (5, 2, 15)}[name]
    sign = -1.0 if code >> 7 else 1.0
    exponent, mantissa = (code & 0x7F) >> mantissa_bits, code & (2**mantissa_bits - 1)
    top = exponent == 2**exponent_bits - 1
    if top and (name == "float8_e5m2" or mantissa == 2**mantissa_bits - 1):
        return sign * (math.inf if mantissa == 0 else math.nan)
    return sign * math.ldexp(mantissa + 2**mantissa_bits * bool(exponent), max(exponent, 1) - bias - mantissa_bits)


@cache
def codes(name: str) -> list[int]:
    """Return all encodings of a small format; of a wide one both ends, every exponent, and random ones."""
    width = FLOATS[name].width
    if width <= 16:
        return list(range(2**width))
    random = np.random.default_rng(20240301)
    some = random.integers(0, 2**width, 20_000, dtype=np.uint64, endpoint=False).tolist() if width < 64 else []
    some += random.integers(0, 2**64 - 1, 20_000, dtype=np.uint64, endpoint=True).tolist() if width == 64 else []
    step = 1 << (FLOATS[name].precision - 1)
    edges = [max(0, power + i) for power in range(0, 2**width, step) for i in (-1, 0, 1)]
    return some + edges


@named("name", FLOATS)
def test_bit_patterns_read_as_their_definition_says(name: str) -> None:
    """Every bit pattern has the value of its fields, the sign of zero included; signalling nans raise no warning."""
    fmt = FLOATS[name]
    texts = [f"{code:0{fmt.width // 4}x}" for code in codes(name)]
    expected = [decoded(name, code) for code in codes(name)]
    with np.errstate(all="raise"):
        values = fmt.read_bits(texts)
    np.testing.assert_array_equal(expected, values)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(np.signbit(expected)[known], np.signbit(values)[known])


@named("name", FLOATS)
def test_bit_patterns_round_trip(name: str) -> None:
    """A bit pattern is written as it was read; a nan of any sign and payload as the positive quiet nan."""
    fmt = FLOATS[name]._replace(in_bits=True)
    texts = [f"0x{code:0{fmt.width // 4}x}" for code in codes(name)]
    values = fmt.read_bits(texts)
    quiet = {"float64": "0x7ff8000000000000", "float32": "0x7fc00000", "float16": "0x7e00", "bfloat16": "0x7fc0",
             "float8_e4m3fn": "0x7f", "float8_e5m2": "0x7e"}[name]  # fmt: skip
    assert [quiet if value != value else text for text, value in zip(texts, values.tolist(), strict=True)] == (
        fmt.write_all(values)
    )
    for text, value in [*zip(texts, values.tolist(), strict=True)][:: len(texts) // 50]:
        assert same(fmt.read(text), value)
        assert fmt.write(value) == (quiet if value != value else text)


@named("name", FLOATS)
def test_a_bit_pattern_has_the_full_width(name: str) -> None:
    """A bit pattern has exactly the digits of the width, with or without 0x; all other texts are refused."""
    fmt = FLOATS[name]._replace(in_bits=True)
    digits = "3F" * (fmt.width // 8)
    for text in (digits, digits.lower(), "0x" + digits, "0X" + digits):
        assert fmt.is_number(text)
        assert fmt.refusal(text) == ""
    others = ["", "0x", "-" + digits, " " + digits, digits + "\n", "0x" + digits + "p0", "1.5", "nan", "+0x3F"]
    others += [digits[1:], digits + "0", "0x" + digits[1:], "g" + digits[1:], "\N{FULLWIDTH DIGIT THREE}" * len(digits)]
    for text in others:
        assert not fmt.is_number(text)
        assert "is not a bit pattern" in fmt.refusal(text)
        with pytest.raises(ValueError, match="is not a bit pattern"):
            fmt.read(text)


@named("fmt", FLOATS.values(), ids=str)
def test_hexadecimal_integers_are_refused_in_narrow_formats(fmt: Format) -> None:
    """A hexadecimal integer for a narrow format is refused naming --bits; floats with p or a point are numbers."""
    for text in ("0x3f80", "0X3F", "0x0", "0x3f800000"):
        assert ("use --bits" in fmt.refusal(text)) == (fmt.name != "float64")
    for text in ("0x3f80p0", "0x1.8", "-0x3f80", "0x1p-3", "16256", "nan"):
        assert fmt.refusal(text) == ""


def test_nans_have_one_bit_pattern() -> None:
    """Every nan is encoded as the positive quiet nan, whatever its sign and payload."""
    negative = -np.array([np.nan])
    assert FLOATS["float64"].hex(negative) == ["7ff8000000000000"]
    assert FLOATS["float16"].hex(negative) == ["7e00"]
    assert FLOATS["float8_e4m3fn"].hex(negative) == ["7f"]


# --- fixed point ----------------------------------------------------------------------------------------------


@named("name", FIXED)
@given(number=st.fractions(-300, 300) | st.fractions(-1, 1))
def test_fixed_point_rounds_to_nearest_even_and_saturates(name: str, number: Fraction) -> None:
    """A fixed-point value is the nearest multiple of 2**-N, ties to even, saturated to the range."""
    fmt = find_format(name)
    whole, fraction = (int(part) for part in name.lstrip("uq").split("."))
    scaled = number * Fraction(2) ** fraction
    low, high = (0 if name.startswith("u") else -(2 ** (whole + fraction))), 2 ** (whole + fraction) - 1
    expected = min(max(round(scaled), low), high) / Fraction(2) ** fraction
    assert (fmt.lowest, fmt.largest) == (low / Fraction(2) ** fraction, high / Fraction(2) ** fraction)
    assert expected == fmt.nearest(number)
    head = float(number)
    tail = float(number - Fraction(head))
    assert expected == fmt.round(np.array([head]), np.array([tail]))[0]


@named("name", FIXED)
def test_fixed_point_has_no_infinity_nan_or_negative_zero(name: str) -> None:
    """In fixed point infinities saturate, and nan and -0 become 0."""
    fmt = find_format(name)
    values = fmt.round(np.array([np.inf, -np.inf, np.nan, -0.0, -1e-19]))
    assert [fmt.largest, fmt.lowest, 0.0, 0.0, 0.0] == values.tolist()
    assert not np.signbit(values[2:]).any()
    assert [str(fmt.nearest(x)) for x in (math.nan, -0.0, -1e-19)] == ["0.0", "0.0", "0.0"]
    assert (fmt.largest, fmt.lowest) == (fmt.nearest(math.inf), fmt.nearest(-math.inf))


def test_fixed_point_encodings_are_twos_complement() -> None:
    """The encodings of q1.14 are 16-bit two's complement."""
    fmt = find_format("q1.14")
    assert fmt.width == 16
    assert fmt.hex(fmt.round(np.array([1.0, -1.0, -9.0, 9.0, -(2.0**-14)]))) == ["4000", "c000", "8000", "7fff", "ffff"]
    assert find_format("uq0.8").hex(np.array([255 / 256])) == ["ff"]


@named("name", FIXED)
def test_fixed_point_codes(name: str) -> None:
    """The code of every value is its multiple of 2**-N, in two's complement of the width, with the digits of it."""
    fmt = find_format(name)
    whole, fraction = (int(part) for part in name.lstrip("uq").split("."))
    width = whole + fraction + (not name.startswith("u"))
    low, high = (0 if name.startswith("u") else -(2 ** (whole + fraction))), 2 ** (whole + fraction) - 1
    codes = [*range(low, high + 1, max(1, (high - low) // 97)), low + 1, high - 1, high]
    values = np.array([float(code / Fraction(2) ** fraction) for code in codes])
    assert width == fmt.width
    assert fmt.round(values).tolist() == values.tolist()
    assert fmt.bits(values).tolist() == [code % 2**width for code in codes]
    assert {len(text) for text in fmt.hex(values)} == {(width + 3) // 4}


SHORT = {
    "float64": "fp64 f64 double",
    "float32": "fp32 f32 single",
    "float16": "fp16 f16 half",
    "bfloat16": "bf16",
    "float8_e4m3fn": "e4m3 e4m3fn fp8_e4m3 f8_e4m3",
    "float8_e5m2": "e5m2 fp8_e5m2 f8_e5m2",
    "q0.7": "q7",
    "q0.15": "q15",
    "q0.31": "q31",
    "q-1.8": "Q-01.8",
    "uq0.8": "UQ-0.8",
}


@named(("name", "short"), [(name, short) for name, shorts in SHORT.items() for short in shorts.split()])
def test_short_names(name: str, short: str) -> None:
    """Short names of other tools are found in any case, and the format has its canonical name."""
    for text in (short, short.upper(), short.capitalize()):
        assert find_format(text).name == name
    assert find_format(name) == find_format(short)


@named(
    "name",
    ["float", "Float31", "fp8", "float8", "float8_e4m3", "q", "q1", "q8", "q1.", "q.1", "q-1.0", "q--1.8", "uq0.0",
     "uq-8.8", "q53.1", "q100.1", "q-100.110", "+q1.2", "q1.+2", ""],
)  # fmt: skip
def test_unknown_names_raise_key_error(name: str) -> None:
    """An unknown name, or a fixed-point width beyond 53 bits, raises KeyError."""
    with pytest.raises(KeyError):
        find_format(name)


def test_float_formats_are_found_by_name() -> None:
    """find_format returns the six floating-point formats by name."""
    assert list(FLOATS) == ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"]
    assert all(find_format(name) is fmt for name, fmt in FLOATS.items())
