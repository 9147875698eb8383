"""Synonyms: words of other tools for commands, options and values of this one."""

from __future__ import annotations

__all__ = ["COMMANDS", "OPTIONS", "WORDS"]

COMMANDS = {
    **dict.fromkeys(("evaluate", "value", "values", "f", "run", "calc", "compute"), "eval"),
    **dict.fromkeys(("derivative", "derivatives", "gradient", "derive", "slope", "backward"), "grad"),
    **dict.fromkeys(("tabulate", "lut"), "table"),
    **dict.fromkeys(("diff", "cmp", "check", "verify"), "compare"),
    **dict.fromkeys(("search", "find", "ls", "names", "catalogue", "catalog"), "list"),
    **dict.fromkeys(("info", "describe", "about", "explain"), "show"),
    **dict.fromkeys(("demos", "why"), "demo"),
    **dict.fromkeys(("completions", "complete"), "completion"),
}

OPTIONS = {
    **dict.fromkeys(("col", "cols", "columns", "field", "fields"), "--column"),
    **dict.fromkeys(("sep", "separator", "delim", "ifs"), "--delimiter"),
    **dict.fromkeys(("from", "to", "start", "stop", "end"), "--range"),
    **dict.fromkeys(("file", "input-file", "in", "csv-file"), "-i"),
    **dict.fromkeys(("out", "output-file"), "--output"),
    **dict.fromkeys(("num", "number", "points", "count", "samples"), "-n"),
    **dict.fromkeys(("type", "precision-type"), "--dtype"),
    **dict.fromkeys(("params", "parameter"), "--param"),
    **dict.fromkeys(("draw", "graph"), "--plot"),
    **dict.fromkeys(("inplace",), "--in-place"),
    **dict.fromkeys(("na-values", "null-values", "null", "nulls", "missing"), "--na"),
    **dict.fromkeys(("comments", "comment-char", "comment-prefix"), "--comment"),
    **dict.fromkeys(("skip", "skiprows", "skip-rows", "skip-header"), "--skip-lines"),
    **dict.fromkeys(("dec", "decimal-comma", "decimal-separator"), "--decimal"),
    **dict.fromkeys(("noheader", "no-headers"), "--no-header"),
    **dict.fromkeys(("derivative", "gradient"), "--grad"),
    **dict.fromkeys(("v", "V", "ver"), "--version"),
}

WORDS = {
    "markdown": ("md",),
    "ndjson": ("jsonl",),
    "tab": ("tsv",),
    "mem": ("hex",),
    "h": ("c",),
    "float": ("float32", "float64"),
    "brain": ("bfloat16",),
    **dict.fromkeys(("fp8", "f8", "float8"), ("float8_e4m3fn", "float8_e5m2")),
    "float8_e4m3": ("float8_e4m3fn",),
    **dict.fromkeys(("ignore", "drop"), ("skip",)),
    **dict.fromkeys(("raise", "error", "stop"), ("fail",)),
    **dict.fromkeys(("yes", "on", "true"), ("always",)),
    **dict.fromkeys(("no", "off", "false"), ("never",)),
}
"""Values of options in other tools, each with the values here that it may mean."""
