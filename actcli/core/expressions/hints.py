"""Hints for the syntax of other languages: what to write instead of their signs, numbers and functions."""

from __future__ import annotations

import re

__all__ = ["EQUALS", "FUNCTIONS", "SIGNS", "USAGE", "WORDS", "function", "number", "qualified_name"]

EQUALS = "unexpected '=': write == for a comparison"

SIGNS = {
    "^": "for powers use **, not ^",
    "&": "write and, not &",
    "|": "write or, not |; for the absolute value write abs(x)",
    "!": "write not, not !; factorials are not supported",
    "~": "write not, not ~",
    "[": "use round parentheses: ( )",
    "{": "use round parentheses: ( )",
    ":": "parameters follow the whole formula: write FORMULA:NAME=VALUE",
    "?": "write where(CONDITION, A, B), not CONDITION ? A : B",
    "@": "@ cannot be used inside a formula: write the name without the framework",
    "%": "write mod(A, B), not A % B; 5% is 0.05",
    "\u2212": "this minus sign is not ASCII: write -",
    "\u00d7": "write *",
    "\u00b7": "write *",
    "\u00f7": "write /",
    "\u00b2": "write **2",
    "\u00b3": "write **3",
    "\u221a": "write sqrt(x)",
    "\u03c0": "write pi",
    "\u03c3": "write sigmoid(x)",
    "\u03a6": "write ndtr(x)",
    "\u2264": "write <=",
    "\u2265": "write >=",
    "\u2260": "write !=",
}
"""Messages by character, for characters that expressions do not use."""

WORDS = {
    "lambda": "write the formula alone, without lambda",
    "then": "write where(CONDITION, A, B) or A if CONDITION else B",
    "elif": "write where(CONDITION, A, where(CONDITION, B, C))",
    "inf": "inf cannot be used in a formula: write a finite number",
    "infinity": "infinity cannot be used in a formula: write a finite number",
    "nan": "nan cannot be used in a formula: write a number",
    "none": "none is not a number: write a number",
    "true": "true is not a number: write 1",
    "false": "false is not a number: write 0",
}
"""Messages by lower-case word, for words that are not numbers here."""

FUNCTIONS = {
    "ln": "log(x)",
    "log10": "log(x) / log(10)",
    "log2": "log(x) / log(2)",
    "exp2": "2**x",
    "pow": "x**2",
    "power": "x**2",
    "square": "x**2",
    "cbrt": "x**(1/3)",
    "rsqrt": "1 / sqrt(x)",
    "fabs": "abs(x)",
    "absolute": "abs(x)",
    "sgn": "sign(x)",
    "sec": "1 / cos(x)",
    "csc": "1 / sin(x)",
    "cot": "1 / tan(x)",
    "sech": "1 / cosh(x)",
    "csch": "1 / sinh(x)",
    "coth": "1 / tanh(x)",
    "asin": "atan(x / sqrt(1 - x**2))",
    "arcsin": "atan(x / sqrt(1 - x**2))",
    "acos": "pi / 2 - atan(x / sqrt(1 - x**2))",
    "arccos": "pi / 2 - atan(x / sqrt(1 - x**2))",
    "acosh": "log(x + sqrt(x**2 - 1))",
    "arccosh": "log(x + sqrt(x**2 - 1))",
    "atanh": "log((1 + x) / (1 - x)) / 2",
    "arctanh": "log((1 + x) / (1 - x)) / 2",
    "ceiling": "ceil(x)",
    "rint": "round(x)",
    "roundeven": "round(x)",
    "nearbyint": "round(x)",
    "trunc": "where(x < 0, ceil(x), floor(x))",
    "frac": "mod(x, 1)",
    "fract": "mod(x, 1)",
    "fmod": "where(A < 0, -mod(-A, abs(B)), mod(A, abs(B)))",
    "remainder": "mod(A, B)",
    "sigma": "sigmoid(x)",
    "normcdf": "ndtr(x)",
    "cdf": "ndtr(x)",
    "maximum": "max(A, B)",
    "minimum": "min(A, B)",
    "ifelse": "where(CONDITION, A, B)",
    "select": "where(CONDITION, A, B)",
    "cond": "where(CONDITION, A, B)",
}
"""Equivalent expressions by lower-case name, for functions of other languages."""


USAGE = {
    "clip": "clip(x, LEAST, LARGEST)",
    "where": "where(CONDITION, A, B)",
    "min": "min(A, B)",
    "max": "max(A, B)",
    "mod": "mod(A, B)",
}
"""Calls of the functions of several arguments."""


def function(name: str) -> str | None:
    """Return what to write instead of an unknown function; None if no equivalent is listed."""
    return FUNCTIONS.get(name.lower())


_ATTRIBUTES = re.compile(r"(?:\.[A-Za-z_][A-Za-z0-9_]*)+", re.ASCII)


def qualified_name(before: str, text: str, at: int) -> str | None:
    """Return what to write for MODULE.NAME, where the name `before` ends at the dot `at`; None if it is another dot."""
    found = _ATTRIBUTES.match(text, at)
    if found is None or not before or before == "x":
        return None
    # Imported late: this needs the whole catalogue.
    from actcli.core.catalogue.framework_calls import expression_call

    name = found[0].rpartition(".")[2]
    call = expression_call(before + found[0]) or FUNCTIONS.get(name.lower()) or USAGE.get(name) or f"{name[:40]}(x)"
    return f"write {call} without the module name"


_FOREIGN_NUMBER = re.compile(
    r"[0-9.]*(?:[eE][+-]?[0-9]+)?(?P<rest>_|[xX][0-9a-fA-F]|[eE](?![+-]?[0-9])[+-]?|[fFdDlLjJ](?![A-Za-z0-9_]))",
    re.ASCII,
)
_NUMBER_MESSAGES = {
    "_": "a number cannot contain _: write it without separators",
    "x": "numbers in a formula must be decimal, not hexadecimal",
    "e": "the exponent of a number requires digits: write 1e5",
}


def number(text: str, at: int) -> tuple[str, int] | None:
    """Return the message about a number directly followed by letters, and its offset; None if a * may be missing."""
    found = _FOREIGN_NUMBER.match(text, at)
    if found is None:
        return None
    rest = found["rest"].lower()
    if rest[0] == "e" and text[found.end() : found.end() + 1].isalpha():
        return None
    message = _NUMBER_MESSAGES.get(rest[0], f"a number cannot have a suffix: write {text[at : found.start('rest')]}")
    return message, found.start("rest")
