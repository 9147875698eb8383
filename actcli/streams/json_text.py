"""Strings and numbers as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

__all__ = ["json_array", "json_cell", "json_number", "json_page", "json_string", "storable"]

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_readable = json.JSONEncoder(ensure_ascii=False).encode
_ascii = json.JSONEncoder(ensure_ascii=True).encode


def json_string(text: str) -> str:
    """Return `text` as a JSON string, entirely in ASCII if a character is unsafe for a terminal."""
    line = _readable(text)
    return line if line.isprintable() else _ascii(text)


def json_number(text: str) -> str:
    """Return digits as a JSON value: a number, a string if JSON has no such number (nan), or null for ""."""
    if _NUMBER.fullmatch(text):
        return text
    return json_string(text) if text else "null"


def json_cell(text: str) -> str:
    """Return text as a JSON value: itself if it is a JSON number, which 007 and .5 are not, else a string."""
    return text if _NUMBER.fullmatch(text) else json_string(text)


def json_array(words: Sequence[str]) -> str:
    """Return `words` as a JSON array of strings."""
    return f"[{', '.join(map(json_string, words))}]"


def json_page(value: Any) -> str:
    """Return `value` as indented JSON; nan and inf become strings."""
    return json.dumps(storable(value), indent=2, allow_nan=False)


def storable(value: Any) -> Any:
    """Return `value` with nan and inf replaced by strings."""
    if isinstance(value, dict):
        return {key: storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value
