"""The remedy in the message of a cell that is no number."""

from __future__ import annotations

import pytest

from actcli.streams.csv.number_hints import number_hint

named = pytest.mark.parametrize


@named(
    ("text", "decimal", "hint"),
    [
        ("1,234", ".", ": remove thousands separators, or use --decimal , if it is the decimal separator"),
        ("-12,345", ".", ": remove thousands separators, or use --decimal , if it is the decimal separator"),
        ("1.234", ",", ": remove thousands separators, or use --decimal . if it is the decimal separator"),
        *[
            (text, ".", ": remove the thousands separators")
            for text in ("1,234,567", "1,234.5", "1'234", "1 234.25", "1_000")
        ],
        *[(text, ",", ": remove the thousands separators") for text in ("1.234.567", "1.234,5", "1'234", "1\xa0234,5")],
        ("0,5", ".", ": use --decimal , if ',' is the decimal separator"),
        ("-1,5e3", ".", ": use --decimal , if ',' is the decimal separator"),
        ("1.5", ",", ": use --decimal . if '.' is the decimal separator"),
        ("NA", ".", ": use --na 'NA' if it is a missing value"),
        ("null", ".", ": use --na 'null' if it is a missing value"),
        ("?", ".", ": use --na '?' if it is a missing value"),
        ("\\N", ",", ": use --na '\\N' if it is a missing value"),
        ("0.7310586f", ".", ": drop the suffix 'f'"),
        ("1,5L", ",", ": drop the suffix 'L'"),
        ("1.0D+00", ".", ": write the exponent with 'e'"),
        ("1d3", ".", ": write the exponent with 'e'"),
        ("\u22121.5", ".", ": use a hyphen as the minus sign"),
        ("1.5  2", ".", "; if its columns are separated by blanks, use -d ' '"),
        ("1,5 2,5", ",", "; if its columns are separated by blanks, use -d ' '"),
        *[(text, ".", "") for text in ("abc", "1.2.3", "--1", "1e", "12,34,5", "0,1,2", "", "x,y", "1.5.f")],
    ],
)
def test_hint(text: str, decimal: str, hint: str) -> None:
    """The remedy names the separator, the suffix, the exponent, the minus sign or the missing value at fault."""
    assert number_hint(text, decimal) == hint
