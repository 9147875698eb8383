"""What a non-numeric cell may have been meant as, for error messages."""

from __future__ import annotations

import re

from actcli.streams.csv.cells import is_numeric

__all__ = ["number_hint"]

_GROUPED = r"[-+]?[1-9][0-9]{{0,2}}(?:[{marks}][0-9]{{3}})+(?:{decimal}[0-9]*)?"
_GROUP_MARKS = {".": ",' _\N{NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}\N{NARROW NO-BREAK SPACE}"}
_GROUP_MARKS[","] = _GROUP_MARKS["."].replace(",", ".")
_MISSING = frozenset(("na", "n/a", "#n/a", "null", "<null>", "none", "nil", "missing", "?", "-", "--", ".", "\\n", "*"))
"""What usually stands for a missing value."""


def number_hint(text: str, decimal: str) -> str:
    """Return the rest of the message `'xyz' is not a number`: a remedy, or "". `decimal` is the decimal separator."""
    other = "," if decimal == "." else "."
    is_other = is_numeric(text, other)
    if re.fullmatch(rf"[-+]?[1-9][0-9]{{0,2}}{re.escape(other)}[0-9]{{3}}", text):
        return f": remove thousands separators, or use --decimal {other} if it is the decimal separator"
    if re.fullmatch(_GROUPED.format(marks=_GROUP_MARKS[decimal], decimal=re.escape(decimal)), text):
        return ": remove the thousands separators"
    if is_other:
        return f": use --decimal {other} if '{other}' is the decimal separator"
    if text.casefold() in _MISSING:
        return f": use --na '{text}' if it is a missing value"
    if is_numeric(text[:-1], decimal) and text[-1:].isalpha() and text[-1] not in "eEpP":
        return f": drop the suffix '{text[-1]}'"
    if is_numeric(re.sub("[dD]", "e", text, count=1), decimal):
        return ": write the exponent with 'e'"
    if is_numeric(text.replace("\N{MINUS SIGN}", "-"), decimal):
        return ": use a hyphen as the minus sign"
    words = [word for word in text.split(" ") if word]
    if len(words) > 1 and all(is_numeric(word, decimal) for word in words):
        return "; if its columns are separated by blanks, use -d ' '"
    return ""
