"""Completion cases for every shell: a line, and the expected offers or the completed line."""

from __future__ import annotations

import re

from actcli.cli.app import SUBCOMMANDS
from actcli.cli.options import FORMATS
from actcli.cli.topics import TOPICS
from actcli.number_formats import FLOATS

RE = {"reglu", "relu", "relu2", "relu6", "rectified_linear", "rectifier", "relu_squared"}

EXACTLY: dict[str, set[str]] = {
    "actcli ": set(SUBCOMMANDS),
    "actcli e": {"eval"},
    "actcli completion ": {"bash", "zsh", "fish"},
    "actcli completion bash ": set(),
    "actcli help ": {*TOPICS, *SUBCOMMANDS},
    "actcli help fo": {"formulas"},
    "actcli help formulas ": set(),
    "actcli nonsense ": set(),
    # activations
    "actcli eval re": RE,
    "actcli table re": RE,
    "actcli table gelu -2 re": RE,
    "actcli table gelu -1 2 -- -3 re": RE,
    "actcli eval -2 -inf re": RE,
    "actcli eval -f csv --all --range 0:1 re": RE,
    "actcli eval -- re": RE,
    "actcli eval relu re": set(),
    "actcli eval relu -2 re": set(),
    # what follows a name
    "actcli eval relu@": {"torch", "jax", "keras", "tf", "onnx", "mlx", "hf"},
    "actcli eval LeakyReLU@o": {"onnx"},
    "actcli eval layers.LeakyReLU@k": {"keras"},
    "actcli eval gumbel_softmax@": {"torch"},
    "actcli eval snake@": {"tf"},
    "actcli eval mish:": set(),
    "actcli eval no_such_thing:": set(),
    "actcli eval no_such_thing@": set(),
    "actcli eval hard_tanh:": {"min_val=", "max_val="},
    "actcli eval HardTanh:min_val=0,": {"max_val="},
    "actcli table relu leaky_relu:": {"negative_slope="},
    "actcli table relu leaky_relu@onnx:": {"alpha="},
    "actcli eval gelu:approximate=": {"none", "tanh"},
    "actcli eval gelu@jax:approximate=t": {"tanh", "true"},
    "actcli eval leaky_relu -p ": {"negative_slope="},
    "actcli eval -2 leaky_relu@onnx --param ": {"alpha="},
    "actcli eval gelu -p approximate=": {"none", "tanh"},
    "actcli eval -p ": set(),
    "actcli grad leaky_relu --wrt ": {"negative_slope"},
    # options' values
    "actcli eval relu --format ": set(FORMATS),
    "actcli table relu --format ": {*FORMATS, "c"},
    "actcli eval relu -f js": {"json", "jsonl"},
    "actcli eval relu --on-error ": {"fail", "nan", "skip"},
    "actcli grad relu --decimal ": {".", ","},
    "actcli eval --dtype ": set(FLOATS),
    "actcli table relu --dtype q1.": {"q1.6", "q1.14"},
    "actcli eval relu --range ": set(),
    "actcli eval relu -n ": set(),
    # files and columns
    "actcli eval relu -i ": {
        "$(touch pwned).csv",
        "control.csv",
        "data.csv",
        "lines.csv",
        "long.csv",
        "my file.csv",
        "packed.csv.gz",
        "packed.csv.xz",
        "semi.csv",
        "sub",
        "tabs.tsv",
    },
    "actcli eval relu -i sub/": {"sub/deep.csv"},
    "actcli eval relu -i sub/deep.csv -c ": {"deep"},
    "actcli eval relu -i 'my file.csv' -c ": {"other"},
    "actcli eval relu -i my\\ file.csv -c ": {"other"},
    "actcli eval relu --input=tabs.tsv -c ": {"a", "b c", "d,e"},
    "actcli eval relu -d ';' -i semi.csv -c ": {"a,1", "b", "c"},
    "actcli eval relu -i ~/sub/deep.csv -c ": {"deep"},
    "actcli compare relu -i sub/deep.csv --y ": {"deep"},
    "actcli eval relu -i '$(touch pwned).csv' -c ": {"x"},
    "actcli eval relu -i \\$\\(touch\\ pwned\\).csv -c ": {"x"},
    "actcli eval relu -i $(touch pwned) -c ": set(),
    'actcli eval relu -i "$(touch pwned)" -c ': set(),
    "actcli eval relu -i `touch pwned` -c ": set(),
    "actcli eval $(touch pwned):": set(),
    "actcli eval relu -p '$(touch pwned)'=": set(),
    "actcli eval relu -i lines.csv -c ": set(),
    "actcli eval relu -i control.csv -c ": {"a", "c"},
    "actcli eval relu -i long.csv -c ": set(),
    "actcli eval relu -i packed.csv.gz -c ": set(),
    "actcli eval relu -i packed.csv.xz -c ": set(),
    "actcli eval relu -i missing.csv -c ": set(),
    "actcli eval relu -i sub -c ": set(),
    "actcli eval relu -i data.csv --no-header -c ": set(),
    "actcli eval relu -c ": set(),
    "actcli eval relu < sub/deep.csv -c ": {"deep"},
    "actcli eval relu <sub/deep.csv -c ": {"deep"},
    "actcli eval relu < $(touch pwned) -c ": set(),
}
"""All offers at the end of a line, unquoted and without the part of the word before them."""

OPTIONS = {
    "actcli -": ({"--help", "--version"}, set()),
    "actcli eval relu -": ({"--format", "--input", "--help"}, {"--wrt", "--plot"}),
    "actcli grad relu -": ({"--wrt", "--sides"}, {"--plot"}),
    "actcli eval relu -- -": (set(), {"--format", "--help"}),
}
"""Options that are offered at the end of a line, and options that are not."""

LINES = {
    "actcli ev": "actcli eval ",
    "actcli help exa": "actcli help exactness ",
    "actcli eval leaky": "actcli eval leaky_relu ",
    "actcli eval leaky_relu:neg": "actcli eval leaky_relu:negative_slope=",
    "actcli eval LeakyReLU@on": "actcli eval LeakyReLU@onnx ",
    "actcli eval hard_tanh@torch:min_val=-1,m": "actcli eval hard_tanh@torch:min_val=-1,max_val=",
    "actcli eval gelu:approximate=t": "actcli eval gelu:approximate=tanh ",
    "actcli eval relu --format=pl": "actcli eval relu --format=plain ",
    "actcli eval relu -fpl": "actcli eval relu -fplain ",
    "actcli eval relu -i da": "actcli eval relu -i data.csv ",
    "actcli eval relu --input=my": "actcli eval relu --input=my\\ file.csv ",
    "actcli eval relu -i su": "actcli eval relu -i sub/",
    "actcli eval relu -i data.csv -c log": "actcli eval relu -i data.csv -c logit ",
    "actcli eval relu -i data.csv -c my": "actcli eval relu -i data.csv -c my\\ col ",
    "actcli eval relu -i data.csv -c 'my": "actcli eval relu -i data.csv -c 'my col' ",
    'actcli eval relu -i data.csv -c "my': 'actcli eval relu -i data.csv -c "my col" ',
    "actcli eval relu -i data.csv -c '$": "actcli eval relu -i data.csv -c '$(touch pwned)' ",
    "actcli eval relu -i data.csv -c \\$": "actcli eval relu -i data.csv -c \\$\\(touch\\ pwned\\) ",
    "actcli eval relu -i data.csv -c back": "actcli eval relu -i data.csv -c back\\\\slash ",
    "actcli eval relu -i data.csv -c logit,my": "actcli eval relu -i data.csv -c logit,my\\ col ",
    "actcli eval relu -i data.csv -c 'logit,my": "actcli eval relu -i data.csv -c 'logit,my col' ",
    "actcli eval Leaky": "actcli eval leaky_relu ",
    "actcli eval LEA": "actcli eval leaky_relu ",
    "actcli eval relu -o no": "actcli eval relu -o notes.txt ",
}
"""The line after TAB."""


SPELLINGS = {
    "actcli eval leaky-re": "actcli eval leaky_relu ",
    "actcli eval LeakyRe": "actcli eval leaky_relu ",
    "actcli table relu LeakyRe": "actcli table relu leaky_relu ",
    "actcli eval Hard-Ta": "actcli eval hard_tanh ",
}
"""More of these, for shells whose completions may change typed text; in fish they may change only its case."""


def bare(line: str, offer: str) -> str:
    """Return an offer without the part of the word before it, which some shells repeat."""
    return offer if of_file(line) else re.sub(r"^.*[@:=,](?=.)", "", offer)


def of_file(line: str) -> bool:
    """Return whether the offers of a line are files or columns."""
    return line.endswith(("-i ", "/", "-c ", "--y "))
