"""A mistake is answered with the nearest right thing; each is made in a real run."""

from __future__ import annotations

from pathlib import Path

import pytest

from .helpers import fault, rows, shell, spawn

named = pytest.mark.parametrize


@named(
    ("line", "answer"),
    [
        # commands
        ("relu -2", "no such command 'relu'; did you mean actcli eval relu -2?"),
        ("gelu@torch 1", "no such command 'gelu@torch'; did you mean actcli eval gelu@torch 1?"),
        ("evla relu 1", "no such command 'evla'; did you mean eval?"),
        ("tabel relu", "no such command 'tabel'; did you mean table?"),
        ("help", "no such command 'help'; did you mean actcli -h?"),
        ("help grad", "no such command 'help'; did you mean actcli grad -h?"),
        ("version", "no such command 'version'; did you mean actcli --version?"),
        ("data.csv", "no such command 'data.csv': a file goes after -i, as in actcli eval relu -i data.csv"),
        ("1 2", "no such command '1': a command and an activation come before it, as in actcli eval relu 1 2"),
        ("-2", "no such option -2: -2 is a number; a command and an activation come before it, "
         "as in actcli eval relu -2"),
        # options
        ("eval relu --fromat csv 1", "no such option --fromat; did you mean --format?"),
        ("eval relu --colum z", "no such option --colum; did you mean --column?"),
        ("eval relu --csv 1", "no such option --csv; did you mean --format csv?"),
        ("eval relu --n 5 --range 0:1", "no such option --n; did you mean -n?"),
        ("eval relu --wrt x 1", "no such option --wrt here: it is an option of actcli grad"),
        ("eval relu --plot", "no such option --plot here: it is an option of actcli table"),
        ("-f csv eval relu 1", "no such option -f here: it is an option of actcli eval, grad, table, compare"),
        ("eval hard_tanh --min-val 2 1", "no such option --min-val; did you mean -p min_val=VALUE?"),
        ("eval leaky_relu --alpha 0.2 1", "no such option --alpha; did you mean -p alpha=VALUE?"),
        ("eval relu -x 5", "no such option -x: see actcli eval -h"),
        ("--verison", "no such option --verison; did you mean --version?"),
        # values
        ("eval relu data.csv", "'data.csv' is not a number: a file goes after -i"),
        ("eval data.csv", "'data.csv' is no activation: a file goes after -i"),
        ("table relu data.csv.gz", "'data.csv.gz' is no activation: a file goes after -i"),
        ("eval relu gelu 1", "'gelu' is not a number: several activations go side by side with actcli table"),
        ("eval leaky_relu alpha=0.2 1", "'alpha=0.2' is not a number: a parameter goes after -p"),
        ("eval relu -1:1", "'-1:1' is not a number: a range goes after --range"),
        ("table relu 1,2,3", "'1,2,3' is not a number: each number is a word of its own"),
        ("eval relu 1;2", "'1;2' is not a number: each number is a word of its own"),
        ("eval relu [1,2]", "'[1,2]' is not a number: each number is a word of its own"),
        ("eval 1 relu", "'1' is a number: the name of an activation comes before it"),
        ("eval relu --range -1 1", "a range is two numbers with a colon between them (-6:6), not '-1'"),
        ("eval relu@tensorflow 1", "no framework is called 'tensorflow': there are torch, jax, keras, tf, onnx, mlx, "
         "hf; did you mean tf?"),
        ("eval relu@huggingface 1", "no framework is called 'huggingface': there are torch, jax, keras, tf, onnx, mlx, "
         "hf; did you mean hf?"),
        ("eval reul 1", "no activation is called 'reul'; did you mean relu, rrelu or relu6?"),
        ("eval gelu:aproximate=tanh 1", "gelu has no parameter 'aproximate': its parameters are approximate; "
         "did you mean approximate?"),
    ],
)  # fmt: skip
def test_the_answer(line: str, answer: str) -> None:
    """Each mistake has its answer, in one line, and exit code 2."""
    assert fault(*line.split()) == answer


def test_several_numbers_in_a_line() -> None:
    """Numbers in one line, or columns of numbers under no header, are no data: it is said how to write them."""
    answer = "actcli: <stdin> begins with '1 2 3': one number a line, or columns with -d\n"
    outcome = spawn("eval", "relu", stdin=b"1 2 3\n")
    assert outcome == (2, "", answer)
    assert spawn("eval", "relu", stdin=b"1 2 3\n4 5 6\n") == outcome
    assert "begins with '1;2'" in fault("eval", "relu", stdin="1;2\n")
    assert fault("eval", "relu", stdin="1,2\n3,4\n") == (
        "the first row holds numbers (say --no-header if it is data), and 2 columns start with a number: "
        "choose with -c from 2 columns: '1', '2'"
    )


def test_what_only_looks_like_it() -> None:
    """A header may be made of numbers and blanks if it is said to be one, or holds anything else."""
    assert rows("eval", "relu", "--header", stdin="1 2\n3\n") == "1 2,relu(1 2)\n3,3.0\n"
    assert rows("eval", "relu", stdin="1 x\n3\n") == "1 x,relu(1 x)\n3,3.0\n"
    assert rows("eval", "relu", "-d", " ", "-c", "2", stdin="1 2\n3 4\n") == "1 2 relu(2)\n3 4 4.0\n"


def test_a_column_without_data() -> None:
    """-c without anything to read is answered with what it goes with."""
    assert fault("eval", "relu", "-c", "z", "1") == "-c goes with CSV (-i FILE or stdin)"


def test_a_mistyped_column(tmp_path: Path) -> None:
    """A mistyped column is answered with the nearest."""
    (tmp_path / "a.csv").write_text("logit\n1\n")
    outcome = shell("actcli eval relu -i a.csv -c logti", cwd=tmp_path)
    assert outcome == (2, "", "actcli: there is no column 'logti': did you mean 'logit'?\n")
