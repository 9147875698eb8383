"""The output format: which one is written, and which options cannot be combined with it.

A format is decided in this order: -f; the extension of -o; the default of the command. A command that writes rows
writes a table to a terminal and CSV to anything else; with CSV as input it writes CSV to both.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from click import UsageError

from actcli.cli.console import stdout_is_terminal
from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.streams.compression import split_compression
from actcli.text import join_or

__all__ = ["CSV_INPUT_FORMATS", "REPORT", "ROWS", "check_plot_output", "csv_delimiter", "resolve_format"]

ROWS = "rows"
"""Default of commands that write rows: a table on a terminal, else CSV."""

REPORT = "report"
"""Default of commands that write a report, and the name of that format."""

CSV_INPUT_FORMATS = ("csv", "json", "jsonl", "plain", "table", "md")
"""Formats that a CSV filter writes."""

_EXTENSIONS = {
    **{word: word for word in ("csv", "tsv", "json", "jsonl", "md", "plain", "hex", "c")},
    "tab": "tsv",
    "ndjson": "jsonl",
    "markdown": "md",
    "h": "c",
}
"""The format that a file extension stands for; any other is CSV, or the report, unless it is in the next two."""

_MEANT = {
    **dict.fromkeys(("mem", "vmem", "memh", "coe", "mif", "rom", "lut"), ("hex", "bit patterns, one per line")),
    **dict.fromkeys(("hh", "hpp", "hxx", "cc", "cpp", "cxx", "inc"), ("c", "a C array")),
}
"""Extensions that require -f, with the format that was probably meant and what it writes."""

_UNSUPPORTED_EXTENSIONS = {
    *("xlsx", "xls", "ods", "parquet", "feather", "arrow", "orc", "avro", "npy", "npz", "h5", "hdf5", "pkl", "mat"),
    *("pt", "sqlite", "db", "html", "xml", "yaml", "yml", "toml", "tex", "pdf", "ps", "eps", "svg", "png", "jpg"),
    *("jpeg", "gif", "webp", "safetensors", "gguf", "pickle", "tar", "tgz", "zip", "lz4"),
}
"""Extensions of formats that actcli does not write; they require -f."""

_ROUNDED = ("table", "md", REPORT)
"""Formats for people; all others print every digit."""


def resolve_format(options: Options, allowed: Sequence[str], default: str, *, csv_input: bool = False) -> str:
    """Return the output format, one of `allowed` or the report.

    default    ROWS or REPORT, what `auto` means where no extension decides
    csv_input  whether x comes as CSV, whose delimiter -d then is

    Raise UsageError if the format is not allowed, or if another option cannot be combined with it.
    """
    _check_bits(options, default)
    form, reason = options.format, f"-f {options.format}"
    if form == "auto":
        form, reason = _default_format(options, allowed, default, csv_input)
        if options.to_stdout and default == ROWS and not csv_input:
            # The same command line must work on a terminal and in a pipe.
            return form
    if csv_input and default == ROWS:
        form = _csv_filter_format(form, reason, options)
    _check_combinations(form, allowed, default, csv_input, options)
    return form


def _default_format(options: Options, allowed: Sequence[str], default: str, csv_input: bool) -> tuple[str, str]:
    """Return the format that the extension of -o or the terminal stands for, and the reason for a message."""
    if options.to_stdout:
        if default == REPORT:
            return REPORT, ""
        return ("table" if stdout_is_terminal() and not csv_input else "csv"), ""
    path = options.output or ""
    extension = _extension(split_compression(path)[0])
    form = _EXTENSIONS.get(extension, REPORT if default == REPORT else "csv")
    # The filter refuses formats of rows by name.
    is_written = form in allowed or form == REPORT or (csv_input and default == ROWS)
    if not is_written or extension in _UNSUPPORTED_EXTENSIONS or extension in _MEANT:
        raise _extension_error(extension, allowed, default)
    return form, f"the extension of {quote(path)}"


def _csv_filter_format(form: str, reason: str, options: Options) -> str:
    """Return one of CSV_INPUT_FORMATS, and check that the file extension fits the delimiter."""
    delimiter = csv_delimiter(options)
    if form == "tsv":
        if delimiter == "\t":
            return "csv"
        raise usage_error(f"{reason} requires tabs, but the delimiter is {quote(delimiter)}: use -d tab or -f csv")
    by_extension = options.format == "auto" and not options.to_stdout and options.separator is None
    if form == "csv" and by_extension and delimiter == "\t":
        raise usage_error(f"{reason} requires commas, but the delimiter is a tab: use -d tab or -f csv")
    if form not in CSV_INPUT_FORMATS:
        raise usage_error(f"{reason} cannot be combined with CSV input: use -f {join_or(CSV_INPUT_FORMATS)}")
    return form


def _check_combinations(form: str, allowed: Sequence[str], default: str, csv_input: bool, options: Options) -> None:
    """Raise UsageError for --digits, --precision or -d with a format in which they have no meaning."""
    if options.digits is not None and form == "hex":
        raise usage_error("--digits cannot be combined with -f hex")
    if options.digits is not None and options.precision is not None:
        raise usage_error("--digits cannot be combined with --precision")
    if options.precision is not None and form not in _ROUNDED:
        rounded = ["the report"] * (default == REPORT) + [f"-f {word}" for word in _ROUNDED if word in allowed]
        raise usage_error(f"--precision requires {join_or(rounded)}: {form} prints every digit")
    if options.delimiter is not None and form != "csv" and not csv_input:
        raise usage_error(f"-d cannot be combined with the format {form}: it requires CSV")


def _check_bits(options: Options, default: str) -> None:
    """Raise UsageError if --bits cannot be combined with another option; a report shows numbers as digits."""
    if not options.bits:
        return
    if options.number_format.is_fixed:
        raise usage_error(f"--bits requires a floating-point dtype, not {options.dtype}: -f hex writes its codes")
    for name, value in (("--digits", options.digits), ("--precision", options.precision)):
        if value is not None and default == ROWS:
            raise usage_error(f"--bits cannot be combined with {name}: bit patterns have all digits")


def _extension_error(extension: str, allowed: Sequence[str], default: str) -> UsageError:
    """Return the error for an extension that promises what the command does not write, with those that it does."""
    meant, content = _MEANT.get(extension, ("", ""))
    if meant in allowed:
        return usage_error(f"cannot write .{extension} without -f: use -f {meant} for {content}")
    writable = [word for word in ("csv", "tsv", "json", "jsonl", "md") if word in allowed]
    report = ", or .txt for the report" * (default == REPORT)
    return usage_error(f"cannot write .{extension}: use {join_or(writable)} (or -f){report}")


def check_plot_output(options: Options) -> None:
    """Raise UsageError if a plot cannot be written as the options say."""
    _check_bits(options, ROWS)
    if options.format not in ("auto", "table"):
        raise usage_error(f"--plot cannot be combined with -f {options.format}")
    extension = _extension(split_compression(options.output or "")[0])
    is_text = extension not in {*_EXTENSIONS, *_MEANT, *_UNSUPPORTED_EXTENSIONS}
    if options.format == "auto" and not options.to_stdout and not is_text:
        raise usage_error(f"cannot write .{extension}: a plot is text, use .txt")


def csv_delimiter(options: Options) -> str:
    """Return the delimiter of CSV input: of -d, else a tab for .tsv and .tab, else a comma."""
    if options.separator is not None:
        return options.separator
    return "\t" if _extension(split_compression(options.path)[0]) in ("tsv", "tab") else ","


def _extension(path: str) -> str:
    """Return the extension of the file's name in lower case, without the point; "" without one."""
    return os.path.splitext(path)[1][1:].lower()
