"""The nearest right thing: what somebody meant who wrote an option, a command or an argument that there is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from actcli.cli.help import WORDS
from actcli.cli.hyphen_words import positionals
from actcli.cli.synonyms import COMMANDS, OPTIONS
from actcli.number_formats import is_number
from actcli.text import displayable, escape

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["argument", "command", "extra", "file", "in_framework", "option", "range_ends"]

_FILES = (".csv", ".tsv", ".tab", ".gz", ".txt", ".json", ".jsonl", ".parquet", ".xlsx")
_NEAR = 0.7
_LONGEST = 200


# --- options --------------------------------------------------------------------------------------------------


def option(error: click.NoSuchOption) -> str:
    """What follows `no such option --xyz`: the one that is meant, where it is, or where all of them are told."""
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
    """The option of the command itself that is meant."""
    if len(word) == 1 and f"-{word}" in own:
        return f"-{word}"
    if f"--{word}" in own:
        return f"--{word}"
    if OPTIONS.get(word) in own:
        return OPTIONS[word]
    if word in getattr(getattr(own.get("--format"), "type", None), "choices", ()):
        return f"--format {word}"
    from difflib import SequenceMatcher

    ratios = {name: SequenceMatcher(None, word, name[2:]).ratio() for name in own if name.startswith("--")}
    near = max(ratios, key=lambda name: ratios[name], default="")
    return near if len(word) > 1 and ratios.get(near, 0) > _NEAR else ""


def _options(ctx: click.Context, command: click.Command | None = None) -> dict[str, click.Parameter]:
    params = (command or ctx.command).get_params(ctx)
    return {name: param for param in params for name in (*param.opts, *param.secondary_opts)}


def _elsewhere(name: str, root: click.Context) -> str:
    """That other commands have the option: one stands before its command, or with another one."""
    group = root.command
    if not isinstance(group, click.Group):
        return ""
    if name in _options(root):
        return f"; did you mean actcli {name}?"
    commands = {word: group.get_command(root, word) for word in group.list_commands(root)}
    found = [word for word, command in commands.items() if command is not None and name in _options(root, command)]
    return f" here: it is an option of actcli {', '.join(found)}" if found else ""


def _framework(word: str, own: dict[str, click.Parameter]) -> str:
    """That a framework is named otherwise: with --framework, or behind a SPEC."""
    from actcli.core.catalogue.activation import FRAMEWORKS

    if word not in FRAMEWORKS:
        return ""
    if "--framework" in own:
        return f"; did you mean --framework {word}?"
    return f"; did you mean SPEC@{word}?"


def _parameter(word: str, own: dict[str, click.Parameter], ctx: click.Context) -> str:
    """That the activation on the line has a parameter of the name."""
    specs = [text for text in positionals(ctx, ctx.meta.get(WORDS, ())) if not is_number(text)]
    if "--param" not in own or not _has(_bound(specs[0]) if specs else None, word):
        return ""
    return f"; did you mean -p {word}=VALUE?"


def _has(bound: BoundActivation | None, word: str) -> bool:
    from actcli.errors import ParameterError

    try:
        return bound is not None and bool(bound.find_parameter(word))
    except ParameterError:
        return False


# --- commands -------------------------------------------------------------------------------------------------


def command(args: Sequence[str], commands: Sequence[str]) -> str:
    """What follows `no such command XYZ`: the line that is meant; nothing if it is rather another command."""
    word, rest = args[0], args[1:]
    if word == "version":
        return "; did you mean actcli --version?"
    if is_number(word):
        return f": a command and an activation come before numbers, as in {_line('eval', 'relu', *args)}"
    if file(word):
        return f": a file goes after -i, as in {_line('eval', 'relu', '-i', word)}"
    if word.lower() in ("plot", "draw", "graph"):
        return f"; did you mean {_line('table', *(rest or ['relu']), '--plot')}?"
    if word.lower() in COMMANDS:
        return f"; did you mean {_line(COMMANDS[word.lower()], *rest)}?"
    if _bound(word) is None:
        return ""
    return f"; did you mean {_intended(args)}?"


def _intended(args: Sequence[str]) -> str:
    """The line of which the first word is an activation, and the command was forgotten."""
    word, *rest = args
    if "--plot" in rest:
        return _line("table", *args)
    if rest and file(rest[0]):
        return _line("eval", word, "-i", *rest)
    several = rest and not rest[0].startswith("-") and not is_number(rest[0]) and _bound(rest[0]) is not None
    return _line("compare" if several else "eval", *args)


def _line(*args: str) -> str:
    """A line of the tool, as it would be typed; of a long one the beginning."""
    import shlex

    line = "actcli"
    for arg in args:
        longer = f"{line} {escape(shlex.quote(arg))}"
        if len(longer) > _LONGEST:
            return f"{line} ..."
        line = longer
    return line


def extra(ctx: click.Context, words: Sequence[str]) -> str:
    """What is wrong when a command is given more words than it takes."""
    takes = next((param for param in ctx.command.params if isinstance(param, click.Argument)), None)
    name = takes.make_metavar(ctx).strip("[]") if takes is not None else "word"
    first = ctx.params.get(takes.name or "") if takes is not None else None
    if name == "SPEC" and first:
        return f"{ctx.info_name} takes one SPEC; side by side: {_line('compare', str(first), *words)}"
    return f"{ctx.info_name} takes one {name}: '{displayable(words[0])}' is one too many"


# --- arguments ------------------------------------------------------------------------------------------------


def file(spec: str) -> bool:
    """Whether a word that should name an activation rather names a file."""
    return spec.lower().endswith(_FILES)


def argument(text: str) -> str:
    """What follows `'xyz' is not a number`: what is meant, if that can be told."""
    if text[-1:] in (",", ";") and is_number(text[:-1]):
        return f": each number is a word of its own, without {'commas' if text[-1] == ',' else 'semicolons'}"
    if is_number(text.replace(",", ".", 1)):
        return ": the decimal point is a point"
    if re.fullmatch(r"[-+]?\d{1,3}([,_]\d{3})+(\.\d*)?|[-+]?\d+(_\d+)+", text):
        return ": digits go without separators"
    if is_number(text.replace("\N{MINUS SIGN}", "-")):
        return ": the minus sign is a hyphen"
    if not text.isascii() and any(letter.isdigit() for letter in text):
        return ": digits are 0 to 9"
    if all(map(is_number, re.split(r"[\s,;]+", text.strip(" ,;[]()")))):
        return ": each number is a word of its own"
    ends = [end for end in re.split(r":|\.\.", text) if end]
    if len(ends) > 1 and all(map(is_number, ends)):
        return f": a range goes after --range, as in --range {range_ends(':'.join(ends))}"
    if text.count("/") == 1 and all(map(is_number, text.split("/"))):
        return ": only parameters can be fractions"
    if re.match(r"\w+=", text):
        return ": a parameter goes after -p"
    if any(mark in text for mark in "./\\") and any(map(str.isalpha, text)):
        return ": a file goes after -i"
    return ": several activations go side by side with actcli table" if _bound(text) is not None else ""


def range_ends(text: str, after: str = "") -> str:
    """What is meant by a range that is not A:B, as it would be typed; `after` is the word behind it."""
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
"""What stands first in a name that is written as in a program, and whose it is."""


def in_framework(word: str, specs: Sequence[str]) -> str:
    """The SPEC that stands for a name as a program writes it: nn.ReLU is ReLU@torch. "" if that is none.

    specs  what was written, in one of which the name may have parameters
    """
    if not re.fullmatch(r"\w+(\.\w+)+", word, re.ASCII):
        return ""
    words = word.split(".")
    # tf.keras.activations.relu is Keras's.
    framework = "keras" if "keras" in words[:-1] else _PREFIXES.get(words[0])
    if framework is None:
        return ""
    # Of the names that it ends in the longest that is known says which one is meant; a shorter one will do for that.
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
    """What `spec` stands for, if it is a SPEC that there is."""
    from actcli.core.spec import parse

    try:
        return parse(spec, partial=True)
    except ValueError:
        return None
