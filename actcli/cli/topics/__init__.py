"""The topics of `actcli help`: one text file for each, named after the topic.

The first line of a file is the topic's summary. Blocks follow, separated by blank lines:

    # Heading              a heading, on a separate line
    text                   a paragraph, wrapped to the terminal
      term  meaning        a list of terms (indented by two spaces), in two columns
        $ command          an example (indented by four spaces), shown unchanged, with its output below it
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["RELATED_WORDS", "TOPICS", "read_topic", "summary_of", "topic_path"]

TOPICS = ("activations", "formulas", "frameworks", "numbers", "csv", "output", "exactness", "python", "shell")
"""The topics, in the order of the list."""

RELATED_WORDS = {
    **dict.fromkeys(("activation", "names", "parameters", "params", "kinks", "vectors", "softmax"), "activations"),
    **dict.fromkeys(("formula", "expression", "expressions", "functions", "operators", "where"), "formulas"),
    **dict.fromkeys(("framework", "torch", "pytorch", "jax", "keras", "tf", "onnx", "mlx", "hf"), "frameworks"),
    **dict.fromkeys(("number", "dtype", "dtypes", "hex", "digits", "nan", "inf", "range", "x"), "numbers"),
    **dict.fromkeys(("tsv", "columns", "column", "filter", "files", "pipe", "stdin"), "csv"),
    **dict.fromkeys(("format", "formats", "json", "jsonl", "plot", "plots", "hardware", "tables"), "output"),
    **dict.fromkeys(("quantization", "quantisation", "fixed-point", "lookup", "lut"), "output"),
    **dict.fromkeys(("accuracy", "precision", "rounding", "ulp", "exact", "guarantee"), "exactness"),
    **dict.fromkeys(("api", "numpy", "library"), "python"),
    **dict.fromkeys(("environment", "errors", "exit", "codes", "bash", "zsh", "fish", "colour", "color"), "shell"),
}
"""Words that a topic covers, for the suggestion after an unknown topic."""


def topic_path(name: str) -> Path:
    """Return the path of a topic's file."""
    return Path(__file__).with_name(f"{name}.txt")


def read_topic(name: str) -> str:
    """Return the text of a topic."""
    return topic_path(name).read_text(encoding="utf-8")


def summary_of(name: str) -> str:
    """Return the first line of a topic."""
    return read_topic(name).partition("\n")[0]
