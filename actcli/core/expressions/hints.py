"""What to write instead: signs, numbers and functions as other languages have them."""

from __future__ import annotations

import re

__all__ = ["EQUALS", "SIGNS", "WORDS", "function", "module", "number"]

EQUALS = "= compares nothing and sets nothing here: to compare write =="

SIGNS = {
    "^": "for powers use **, not ^",
    "&": "write and, not &",
    "|": "write or, not |; the size of a number is abs(x)",
    "!": "write not, not !; there is no factorial",
    "~": "write not, not ~",
    "[": "parentheses are round: ( )",
    "{": "parentheses are round: ( )",
    ":": "a parameter's value stands behind the expression: EXPRESSION:NAME=VALUE",
    "?": "write where(CONDITION, A, B), not CONDITION ? A : B",
    "@": "a framework cannot stand inside an expression",
    "%": "there is no remainder, and no percent: write 0.05 for 5%",
    "\u2212": "this minus sign is no hyphen: write -",
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
"""Of a sign that has no meaning."""

WORDS = {
    "lambda": "write the formula alone, without lambda",
    "inf": "inf is no number that a formula may use",
    "infinity": "infinity is no number that a formula may use",
    "nan": "nan is no number that a formula may use",
    "none": "none is no number",
    "true": "true is no number: write 1",
    "false": "false is no number: write 0",
}
"""Of a word, in any case, that stands for no number."""

_FUNCTIONS = {
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
    "sigma": "sigmoid(x)",
    "normcdf": "ndtr(x)",
    "cdf": "ndtr(x)",
    "maximum": "max(A, B)",
    "minimum": "min(A, B)",
    "ifelse": "where(CONDITION, A, B)",
    "select": "where(CONDITION, A, B)",
    "cond": "where(CONDITION, A, B)",
}


def function(name: str) -> str | None:
    """What to write for a function that there is not; None if nothing is known."""
    return _FUNCTIONS.get(name.lower())


_DOTTED = re.compile(r"(?:\.[A-Za-z_][A-Za-z0-9_]*)+", re.ASCII)


def module(before: str, text: str, at: int) -> str | None:
    """What to write for MODULE.NAME, where the word `before` ends at the point; None of another point."""
    found = _DOTTED.match(text, at)
    if found is None or not before or before == "x":
        return None
    name = found[0].rpartition(".")[2]
    return f"write {name[:40]}(x) without its module"


_ODD_NUMBER = re.compile(
    r"[0-9.]*(?:[eE][+-]?[0-9]+)?(?P<rest>_|[xX][0-9a-fA-F]|[eE](?![+-]?[0-9])[+-]?|[fFdDlLjJ](?![A-Za-z0-9_]))",
    re.ASCII,
)
_NUMBERS = {
    "_": "digits go without separators",
    "x": "a number in a formula is decimal",
    "e": "an exponent needs digits: 1e5",
}


def number(text: str, at: int) -> tuple[str, int] | None:
    """What is wrong with a number that goes on with letters, and where; None if a * may be missing."""
    found = _ODD_NUMBER.match(text, at)
    if found is None:
        return None
    rest = found["rest"].lower()
    if rest[0] == "e" and text[found.end() : found.end() + 1].isalpha():
        return None
    said = _NUMBERS.get(rest[0], f"a number has no letter behind it: write {text[at : found.start('rest')]}")
    return said, found.start("rest")
