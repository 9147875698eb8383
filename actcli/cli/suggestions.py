"""Suggestions for unknown options, commands and arguments."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import click

from actcli.cli.argument_words import is_file_name, positionals
from actcli.cli.help import WORDS
from actcli.cli.synonyms import COMMANDS, OPTIONS
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.core.spec import parse
from actcli.errors import ParameterError
from actcli.number_text import is_number
from actcli.text import displayable, escape

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = [
    "argument_hint",
    "command_hint",
    "framework_spec",
    "intended_range",
    "option_hint",
    "surplus_words_message",
]

MIN_OPTION_SIMILARITY = 0.7
"""difflib's ratio from which on a word counts as a misspelling of an option."""

MAX_COMMAND_CHARS = 200
"""A suggested command line that is longer is cut."""


# --- options --------------------------------------------------------------------------------------------------


def option_hint(error: click.NoSuchOption) -> str:
    """Return the rest of the message `no such option --xyz`: the intended option, its command, or the help."""
    if error.ctx is None:
        return ""
    word = error.option_name.lstrip("-")
    own = _options(error.ctx)
    near = _own_option(word, own)
    if near:
        return f"; did you mean {near}?"
    long = f"--{word}" if len(word) > 1 else error.option_name
    root = error.ctx.find_root()
    return (
        _framework(word, own)
        or _elsewhere(OPTIONS.get(word, long), root)
        or _parameter(word.replace("-", "_"), own, error.ctx)
        or f": see {error.ctx.command_path} -h"
    )


def _own_option(word: str, own: dict[str, click.Parameter]) -> str:
    """Return the intended option of this command, or ""."""
    if len(word) == 1 and f"-{word}" in own:
        return f"-{word}"
    if f"--{word}" in own:
        return f"--{word}"
    if OPTIONS.get(word) in own:
        return OPTIONS[word]
    if word in getattr(getattr(own.get("--format"), "type", None), "choices", ()):
        return f"--format {word}"
    ratios = {name: SequenceMatcher(None, word, name[2:]).ratio() for name in own if name.startswith("--")}
    near = max(ratios, key=lambda name: ratios[name], default="")
    return near if len(word) > 1 and ratios.get(near, 0) > MIN_OPTION_SIMILARITY else ""


def _options(ctx: click.Context, command: click.Command | None = None) -> dict[str, click.Parameter]:
    params = (command or ctx.command).get_params(ctx)
    return {name: param for param in params for name in (*param.opts, *param.secondary_opts)}


def _elsewhere(name: str, root: click.Context) -> str:
    """Return a hint if another command, or the program itself, has the option."""
    group = root.command
    if not isinstance(group, click.Group):
        return ""
    if name in _options(root):
        return f"; did you mean actcli {name}?"
    commands = {word: group.get_command(root, word) for word in group.list_commands(root)}
    found = [word for word, command in commands.items() if command is not None and name in _options(root, command)]
    return f" here: it is an option of actcli {', '.join(found)}" if found else ""


def _framework(word: str, own: dict[str, click.Parameter]) -> str:
    """Return how to name a framework: with --framework, or after the activation."""
    if word not in FRAMEWORKS:
        return ""
    if "--framework" in own:
        return f"; did you mean --framework {word}?"
    return f"; did you mean ACTIVATION@{word}?"


def _parameter(word: str, own: dict[str, click.Parameter], ctx: click.Context) -> str:
    """Return a hint if the activation on the command line has a parameter of this name."""
    specs = [text for text in positionals(ctx, ctx.meta.get(WORDS, ())) if not is_number(text)]
    if "--param" not in own or not _has(_bound(specs[0]) if specs else None, word):
        return ""
    return f"; did you mean -p {word}=VALUE?"


def _has(bound: BoundActivation | None, word: str) -> bool:
    try:
        return bound is not None and bool(bound.find_parameter(word))
    except ParameterError:
        return False


# --- commands -------------------------------------------------------------------------------------------------


def command_hint(args: Sequence[str]) -> str:
    """Return the rest of the message `no such command XYZ`: the intended command line, or ""."""
    word, rest = args[0], args[1:]
    if word == "version":
        return "; did you mean actcli --version?"
    if is_number(word):
        return f": put a command and an activation before numbers, as in {_line('eval', 'relu', *args)}"
    if is_file_name(word):
        return f": use -i for a file, as in {_line('eval', 'relu', '-i', word)}"
    if word.lower() in ("plot", "draw", "graph"):
        return f"; did you mean {_line('table', *(rest or ['relu']), '--plot')}?"
    if word.lower() in COMMANDS:
        return f"; did you mean {_line(COMMANDS[word.lower()], *rest)}?"
    if _bound(word) is None:
        return ""
    return f"; did you mean {_intended(args)}?"


def _intended(args: Sequence[str]) -> str:
    """Return the intended command line if the first word is an activation and the command is missing."""
    word, *rest = args
    if "--plot" in rest:
        return _line("table", *args)
    if rest and is_file_name(rest[0]):
        return _line("eval", word, "-i", *rest)
    several = rest and not rest[0].startswith("-") and not is_number(rest[0]) and _bound(rest[0]) is not None
    return _line("compare" if several else "eval", *args)


def _line(*args: str) -> str:
    """Return a command line as it would be typed; of a long one the beginning."""
    line = "actcli"
    for arg in args:
        longer = f"{line} {escape(shlex.quote(arg))}"
        if len(longer) > MAX_COMMAND_CHARS:
            return f"{line} ..."
        line = longer
    return line


def surplus_words_message(ctx: click.Context, words: Sequence[str]) -> str:
    """Return the message for more words than the command takes."""
    takes = next((param for param in ctx.command.params if isinstance(param, click.Argument)), None)
    name = takes.make_metavar(ctx).strip("[]") if takes is not None else "word"
    first = ctx.params.get(takes.name or "") if takes is not None else None
    if name == "ACTIVATION" and first:
        return f"{ctx.info_name} takes one activation; for several use {_line('compare', str(first), *words)}"
    return f"{ctx.info_name} takes one {name}: drop '{displayable(words[0])}'"


# --- arguments ------------------------------------------------------------------------------------------------


def argument_hint(text: str) -> str:
    """Return the rest of the message `'xyz' is not a number`: the intended word, or ""."""
    if is_number(text.strip()):
        return ": drop the blanks around it"
    if re.fullmatch(r"[-+]?(?:nan\(\w*\)|1\.#(?:QNAN|SNAN|IND|INF)0*)", text, re.IGNORECASE):
        return ": write nan, inf or -inf"
    if text[:1] in "+-" and is_number(text[1:]):
        return ": write it with a single sign"
    if text[-1:] in (",", ";") and is_number(text[:-1]):
        return f": separate numbers by blanks, without {'commas' if text[-1] == ',' else 'semicolons'}"
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}([,_]\d{3})+(\.\d*)?|[-+]?\d+(_\d+)+", text):
        return ": write digits without separators"
    if is_number(text.replace(",", ".", 1)):
        return ": use '.' as the decimal separator"
    if is_number(text.replace("\N{MINUS SIGN}", "-")):
        return ": use a hyphen as the minus sign"
    if not text.isascii() and any(letter.isdigit() for letter in text):
        return ": use the digits 0 to 9"
    if all(map(is_number, re.split(r"[\s,;]+", text.strip(" ,;[]()")))):
        return ": write each number as a separate word"
    ends = [end for end in re.split(r":|\.\.", text) if end]
    if len(ends) > 1 and all(map(is_number, ends)):
        return f": write a range as --range {intended_range(':'.join(ends))}"
    if text.count("/") == 1 and all(map(is_number, text.split("/"))):
        return ": only parameters can be fractions"
    if re.match(r"\w+=", text):
        return ": use -p for a parameter"
    if is_file_name(text) or (any(mark in text for mark in "/\\") and any(map(str.isalpha, text))):
        return ": use -i for a file"
    if is_number(text[:-1]) and text[-1:].isalpha():
        return f": drop the suffix '{text[-1]}'"
    bound = _bound(text)
    if bound is None:
        return ": use -i for a file" if re.search(r"\w\.[A-Za-z]", text) else ""
    if bound.activation.is_expression and not re.search(r"\bx\b", text):
        return ": write the value of the formula as a decimal"
    return ": for several activations use actcli table"


def intended_range(text: str, after: str = "") -> str:
    """Return the intended range for a text other than A:B, or ""; `after` is the word that follows it."""
    ends = [end for end in re.split(r"[:,;\s]+|\.\.", text) if end]
    if len(ends) == 1 and is_number(after):
        ends.append(after)
    if not all(map(is_number, ends)) or len(ends) not in (2, 3):
        return ""
    return f"{ends[0]}:{ends[1]}" + "".join(f" --step {step}" for step in ends[2:])


# --- activations ----------------------------------------------------------------------------------------------

_PREFIXES = {
    **dict.fromkeys(("torch", "nn", "F", "functional"), "torch"),
    **dict.fromkeys(("jax", "jnp", "lax"), "jax"),
    **dict.fromkeys(("keras", "layers", "activations", "ops"), "keras"),
    **dict.fromkeys(("tf", "tensorflow", "tfa"), "tf"),
    **dict.fromkeys(("mlx", "mx"), "mlx"),
    "onnx": "onnx",
    **dict.fromkeys(("transformers", "hf"), "hf"),
}
"""Module names with which a dotted name begins, and their frameworks."""


def framework_spec(word: str, specs: Sequence[str]) -> str:
    """Return the SPEC for a dotted name of a program (nn.ReLU: ReLU@torch), or "".

    specs  the user's SPECs, in one of which the name may have parameters
    """
    if not re.fullmatch(r"\w+(\.\w+)+", word, re.ASCII):
        return ""
    words = word.split(".")
    # tf.keras.activations.relu is Keras's.
    framework = "keras" if "keras" in words[:-1] else _PREFIXES.get(words[0])
    if framework is None:
        return ""
    # The longest known suffix identifies the function; the shortest suffix that means the same is suggested.
    tails = [".".join(words[start:]) for start in range(len(words))]
    known = [(tail, bound) for tail in tails if (bound := _bound(f"{tail}@{framework}")) is not None]
    if not known:
        return ""
    meant = known[0][1]
    name = [
        tail
        for tail, bound in known
        if (bound.activation, bound.framework_function) == (meant.activation, meant.framework_function)
    ][-1]
    params = next((spec.removeprefix(word) for spec in specs if spec.startswith(f"{word}:")), "")
    spec = f"{name}@{framework}{displayable(params)}"
    return spec if _bound(spec) is not None else ""


def _bound(spec: str) -> BoundActivation | None:
    """Return the activation that `spec` names, or None."""
    try:
        return parse(spec, partial=True)
    except ValueError:
        return None
