"""Suggestions for mistakes on the command line and in data, each in a real run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.processes import fault, rows, run, shell, spawn

named = pytest.mark.parametrize


@named(
    ("line", "answer"),
    [
        # commands
        ("relu -2", "no such command 'relu'; did you mean actcli eval relu -2?"),
        ("gelu@torch 1", "no such command 'gelu@torch'; did you mean actcli eval gelu@torch 1?"),
        ("evla relu 1", "no such command 'evla'; did you mean eval?"),
        ("tabel relu", "no such command 'tabel'; did you mean table?"),
        ("version", "no such command 'version'; did you mean actcli --version?"),
        ("data.csv", "no such command 'data.csv': use -i for a file, as in actcli eval relu -i data.csv"),
        ("1 2", "no such command '1': put a command and an activation before numbers, as in actcli eval relu 1 2"),
        ("-2.5 1", "no such command '-2.5': put a command and an activation before numbers, "
         "as in actcli eval relu -2.5 1"),
        ("relu gelu", "no such command 'relu'; did you mean actcli compare relu gelu?"),
        ("relu data.csv", "no such command 'relu'; did you mean actcli eval relu -i data.csv?"),
        ("relu -i data.csv -c logit", "no such command 'relu'; did you mean actcli eval relu -i data.csv -c logit?"),
        ("relu --plot", "no such command 'relu'; did you mean actcli table relu --plot?"),
        ("x*2 3", "no such command 'x*2'; did you mean actcli eval 'x*2' 3?"),
        ("plot relu", "no such command 'plot'; did you mean actcli table relu --plot?"),
        ("diff relu gelu", "no such command 'diff'; did you mean actcli compare relu gelu?"),
        ("info relu", "no such command 'info'; did you mean actcli show relu?"),
        ("search gelu", "no such command 'search'; did you mean actcli list gelu?"),
        ("derivative relu 1", "no such command 'derivative'; did you mean actcli grad relu 1?"),
        ("gradient relu 1", "no such command 'gradient'; did you mean actcli grad relu 1?"),
        # too many words
        ("show relu gelu", "show takes one activation; for several use actcli compare relu gelu"),
        ("list relu gelu", "list takes one WORD: drop 'gelu'"),
        ("demo linearity b", "demo takes one TOPIC: drop 'b'"),
        ("completion bash zsh", "completion takes one SHELL: drop 'zsh'"),
        # options
        ("eval relu --fromat csv 1", "no such option --fromat; did you mean --format?"),
        ("eval relu --colum z", "no such option --colum; did you mean --column?"),
        ("eval relu --csv 1", "no such option --csv; did you mean --format csv?"),
        ("eval relu --n 5 --range 0:1", "no such option --n; did you mean -n?"),
        ("eval relu --wrt x 1", "no such option --wrt here: it is an option of actcli grad"),
        ("eval relu --plot", "no such option --plot here: it is an option of actcli table"),
        ("-f csv eval relu 1", "no such option -f here: it is an option of actcli eval, grad, table, compare, list, "
         "show, demo"),
        ("eval hard_tanh --min-val 2 1", "no such option --min-val; did you mean -p min_val=VALUE?"),
        ("eval leaky_relu --alpha 0.2 1", "no such option --alpha; did you mean -p alpha=VALUE?"),
        ("eval relu --alpha 0.2 1", "no such option --alpha: see actcli eval -h"),
        ("eval relu --min 0", "no such option --min: see actcli eval -h"),
        ("eval --alpha 0.2 leaky_relu 1", "no such option --alpha; did you mean -p alpha=VALUE?"),
        ("eval relu --col z", "no such option --col; did you mean --column?"),
        ("eval relu --sep z", "no such option --sep; did you mean --delimiter?"),
        ("eval relu --from 0", "no such option --from; did you mean --range?"),
        ("eval relu --second 0", "no such option --second: see actcli eval -h"),
        ("eval relu --file a", "no such option --file; did you mean -i?"),
        ("eval relu --input-file a", "no such option --input-file; did you mean -i?"),
        ("eval relu --num 3", "no such option --num; did you mean -n?"),
        ("eval relu --points 3", "no such option --points; did you mean -n?"),
        ("-V", "no such option -V; did you mean --version?"),
        ("-v", "no such option -v; did you mean --version?"),
        ("eval -V", "no such option -V; did you mean actcli --version?"),
        ("list --torch", "no such option --torch; did you mean --framework torch?"),
        ("eval relu --torch 1", "no such option --torch; did you mean ACTIVATION@torch?"),
        ("eval relu -q 5", "no such option -q: see actcli eval -h"),
        ("--verison", "no such option --verison; did you mean --version?"),
        # values
        ("eval relu data.csv", "'data.csv' is not a number: use -i for a file"),
        ("eval data.csv", "'data.csv' is a file, not an activation: use -i data.csv"),
        ("table relu data.csv.gz", "'data.csv.gz' is a file, not an activation: use -i data.csv.gz"),
        ("eval relu gelu 1", "'gelu' is not a number: for several activations use actcli table"),
        ("eval relu gelu -i f.csv", "'gelu' is not a number: for several activations use actcli table"),
        ("grad relu x*2 -c z", "'x*2' is not a number: for several activations use actcli table"),
        ("eval leaky_relu alpha=0.2 1", "'alpha=0.2' is not a number: use -p for a parameter"),
        ("eval relu -1:1", "'-1:1' is not a number: write a range as --range -1:1"),
        ("eval relu 1..5", "'1..5' is not a number: write a range as --range 1:5"),
        ("eval relu pi", "'pi' is not a number: write the value of the formula as a decimal"),
        ("eval relu 2*3", "'2*3' is not a number: write the value of the formula as a decimal"),
        ("eval relu --1", "'--1' is not a number: write -1"),
        ("eval relu 1.5f", "'1.5f' is not a number: drop the suffix 'f'"),
        ("eval relu 1.#INF", "'1.#INF' is not a number: write nan, inf or -inf"),
        ("eval relu -- -nan(ind)", "'-nan(ind)' is not a number: write nan, inf or -inf"),
        ("eval relu 1,234", "'1,234' is not a number: write digits without separators"),
        ("eval relu 0,123", "'0,123' is not a number: use '.' as the decimal separator"),
        ("eval relu 1/3", "'1/3' is not a number: only parameters can be fractions"),
        ("eval relu 1.2.3", "'1.2.3' is not a number"),
        ("eval relu 1, 2, 3", "'1,' is not a number: separate numbers by blanks, without commas"),
        ("eval relu data.csv -c logit", "'data.csv' is not a number: use -i for a file"),
        ("eval relu -c logit data.csv", "'data.csv' is not a number: use -i for a file"),
        ("table relu 1,2,3", "'1,2,3' is not a number: write each number as a separate word"),
        ("eval relu 1;2", "'1;2' is not a number: write each number as a separate word"),
        ("eval relu [1,2]", "'[1,2]' is not a number: write each number as a separate word"),
        ("eval 1 relu", "'1' is a number: put the name of an activation before it"),
        ("eval relu --range -1 1", "--range: expected two numbers with a colon between them (-6:6), not '-1': "
         "write -1:1"),
        ("eval relu --range 0,1", "--range: expected two numbers with a colon between them (-6:6), not '0,1': "
         "write 0:1"),
        ("eval relu --range 0:10:1", "--range: expected two numbers with a colon between them (-6:6), not '0:10:1': "
         "write 0:10 --step 1"),
        ("eval relu --range all", "--range: expected two numbers with a colon between them (-6:6), not 'all'"),
        ("eval relu@tensorflwo 1", "unknown framework 'tensorflwo': expected torch, jax, keras, tf, onnx, mlx or hf"),
        ("eval nn.ReLU 1", "nn.ReLU is in PyTorch and MLX: write relu@torch or relu@mlx"),
        ("show nn.SiLU", "nn.SiLU is in PyTorch and MLX: write silu@torch or silu@mlx"),
        ("eval nn.gelu 1", "nn.gelu is in JAX, TensorFlow and MLX: write gelu@jax, gelu@tf or gelu@mlx"),
        ("eval reul 1", "no activation is called 'reul'; did you mean relu, rrelu or relu6?"),
        ("eval gelu:aproximate=tanh 1", "gelu has no parameter 'aproximate': expected approximate; "
         "did you mean approximate?"),
    ],
)  # fmt: skip
def test_suggestion_for_each_mistake(line: str, answer: str) -> None:
    """Each mistake has its message of one line and status 2."""
    assert fault(*line.split()) == answer


@named(
    ("line", "near"),
    [
        ("-f excel", ""),
        ("-f text", ""),
        ("-f parquet", ""),
        ("-f markdown", "md"),
        ("-f cvs", "csv"),
        ("--dtype float", "float32 or float64"),
        ("--dtype float31", "float32"),
        ("--dtype float8_e4m3", "float8_e4m3fn"),
        ("--dtype fp8", "float8_e4m3fn or float8_e5m2"),
        ("--dtype float8", "float8_e4m3fn or float8_e5m2"),
        ("--on-error ignore", "skip"),
    ],
)
@named("command", ["eval", "table"])
def test_suggestion_for_an_option_value(command: str, line: str, near: str) -> None:
    """A synonym from another tool is suggested as a value; a dissimilar word has no suggestion."""
    message = fault(command, "relu", "1", *line.split())
    assert message.partition("; ")[2] == (f"did you mean {near}?" if near else "")


def test_long_suggestion_is_cut() -> None:
    """A suggested command line is cut after whole words at 200 characters."""
    message = fault("relu", *map(str, range(100)))
    assert message.startswith("no such command 'relu'; did you mean actcli eval relu 0 1 2 ")
    assert message.endswith(" ...?")
    assert len(message) < 250


def test_several_numbers_per_line() -> None:
    """Several numbers in a line without a header are an error that explains how to write them."""
    answer = "actcli: <stdin> begins with '1 2 3': one number a line, or columns with -d\n"
    outcome = spawn("eval", "relu", stdin=b"1 2 3\n")
    assert outcome == (2, "", answer)
    assert spawn("eval", "relu", stdin=b"1 2 3\n4 5 6\n") == outcome
    assert "begins with '1;2'" in fault("eval", "relu", stdin="1;2\n")
    assert fault("eval", "relu", stdin="1,2\n3,4\n") == (
        "the first row holds numbers (use --no-header if it is data), and 2 columns start with a number: "
        "choose with -c from 2 columns ('1', '2')"
    )


@named(
    ("data", "cut"),
    [
        (b"a;b\n1;2\n", "semicolons, use -d ';'"),
        (b"a\tb\n1\t2\n", "tabs, use -d tab"),
        (b"a|b\n1|2\n", "bars, use -d '|'"),
        (b"a;b\n1,5;2\n", "semicolons, use -d ';'"),
        (b"a b\n1 2\n", "blanks, use -d ' '"),
        (b"a   b\n  x 2\n", "blanks, use -d ' '"),
    ],
)
def test_delimiter_suggestion(data: bytes, cut: str) -> None:
    """If the only header contains another delimiter, the error suggests -d."""
    code = 1
    assert fault("eval", "relu", stdin=data, code=code).endswith(f"; if its columns are separated by {cut}")
    message = fault("eval", "relu", "-c", "b", stdin=data)
    assert message.startswith("unknown column 'b': 1 column ('a")
    assert message.endswith(f"; if its columns are separated by {cut}")
    assert rows("eval", "relu", stdin=b"a;b\n1\n") == "a;b,relu(a;b)\n1,1.0\n"


@named(
    ("data", "args", "code", "place"),
    [
        (b"# pump 2\n# 2024\nx,y\n1,2\n", (), 1, "<stdin>:2: column '# pump 2': '# 2024' is not a number"),
        (b"# pump 2\nx,y\n1,2\n", (), 1, "<stdin>:2: 2 cells, but the header has 1"),
        (b"# pump 2\nx,y\n1,2\n", ("-c", "x"), 2, "unknown column 'x': 1 column ('# pump 2')"),
        (b"x,y\n1,2\n#,3\n", ("-c", "x"), 1, "<stdin>:3: column 'x': '#' is not a number"),
        (b"x,y\n1,2\n# end\n", ("-c", "x"), 1, "<stdin>:3: 1 cell, but the header has 2"),
    ],
)
def test_comment_suggestion(data: bytes, args: tuple[str, ...], code: int, place: str) -> None:
    """If a line at fault, or the only header, looks like a comment, the error suggests --comment."""
    hint = "; if lines that start with '#' are comments, use --comment '#'"
    assert fault("eval", "relu", *args, stdin=data, code=code) == place + hint


def test_decimal_comma_in_a_cell() -> None:
    """A cell with a decimal comma has the hint to the option that reads it."""
    message = "<stdin>:2: column 'x': '0,5' is not a number: use --decimal , if ',' is the decimal separator"
    assert fault("eval", "relu", "-d", ";", "-c", "x", stdin="x;y\n0,5;1\n", code=1) == message
    assert fault("compare", "relu", "-i", "-", "-d", ";", "-c", "x", stdin="x;y\n0,5;1\n", code=1) == message


def test_numeric_headers_are_accepted() -> None:
    """A header of numbers and blanks is accepted with --header, or if it contains anything else."""
    assert rows("eval", "relu", "--header", stdin="1 2\n3\n") == "1 2,relu(1 2)\n3,3.0\n"
    assert rows("eval", "relu", stdin="1 x\n3\n") == "1 x,relu(1 x)\n3,3.0\n"
    assert rows("eval", "relu", "-d", " ", "-c", "2", "--header", stdin="1 2\n3 4\n") == "1 2 relu(2)\n3 4 4.0\n"


def test_column_requires_csv() -> None:
    """-c without CSV input is an error that names the requirement."""
    assert fault("eval", "relu", "-c", "z", "1") == "-c requires CSV (-i FILE or stdin)"


def test_mistyped_column_has_suggestion(tmp_path: Path) -> None:
    """A mistyped column is an error that suggests the nearest."""
    (tmp_path / "a.csv").write_text("logit\n1\n")
    outcome = shell("actcli eval relu -i a.csv -c logti", cwd=tmp_path)
    assert outcome == (2, "", "actcli: unknown column 'logti': did you mean 'logit'?\n")


MESSAGES = [
    ("eval relu -- --1", "'--1' is not a number: write it with a single sign"),
    ("eval relu x*2", "'x*2' is not a number: for several activations use actcli table"),
    ("eval np.where(x>0,x,0) 1", "write where(CONDITION, A, B) without the module name"),
    ("eval tan 1", "no activation is called 'tan': to use the function, write the formula 'tan(x)'"),
    ("grad sqrt 1", "no activation is called 'sqrt': to use the function, write the formula 'sqrt(x)'"),
    ("show ln", "no activation is called 'ln': to use the function, write the formula 'log(x)'"),
    ("table relu max", "no activation is called 'max': to use the function, write the formula 'max(A, B)'"),
    ("eval Math.exp(x) 1", "write exp(x) without the module name"),
    ("eval math.exp(x) 1", "write exp(x) without the module name"),
    ("eval np.maximum(x,0) 1", "write max(A, B) without the module name"),
    ("eval x%2 1", "write mod(A, B), not A % B; 5% is 0.05"),
    ("eval x//2 1", "write floor(A / B), not A // B"),
    ("eval x@torch+1 1", "@ cannot be used inside a formula: write the name without the framework"),
    ("eval x*inf 1", "inf cannot be used in a formula: write a finite number"),
    ("eval relu:alpha=1 1", "relu has no parameter 'alpha': use relu@keras, which has it"),
    ("eval tanh:alpha=1 1", "tanh has no parameters: drop 'alpha'"),
    ("eval squareplus@torch 1", "PyTorch has no squareplus: use squareplus@jax or squareplus@keras"),
    ("eval relu 1 --seed 3", "relu is not random in training: a seed requires gumbel_softmax or rrelu"),
    ("eval threshold 1", "threshold requires its parameters threshold and value: write threshold:threshold=VALUE,value="
     "VALUE"),
    ("eval glu 1 2 3", "glu requires an even number of values, not 3"),
    ("eval maxout:num_units=2 1 2 3", "maxout requires a multiple of num_units=2 values, not 3"),
]  # fmt: skip


@named(("line", "message"), MESSAGES)
def test_wording(line: str, message: str) -> None:
    """A message has the subject, the problem and the remedy."""
    assert run(*line.split()).err.splitlines()[0] == f"actcli: {message}"


@named("text", ["inf ", " 1", "\t-2", "1.5\n"])
def test_blanks_around_a_number(text: str) -> None:
    """A number with blanks around it is no activation in any command, and the message says what to drop."""
    for command in (("eval", "relu"), ("grad", "relu"), ("table", "relu"), ("compare", "relu", "tanh")):
        assert fault(*command, "--", text).endswith(" is not a number: drop the blanks around it")


@named(
    "text",
    ["if x > 0 then x else 0", "if (x > 0) x else 0", "x if x > 0", "x if x > 0 then 1 else 0", "2 * if x > 0 then 1"],
)
def test_conditionals_of_other_languages(text: str) -> None:
    """A conditional of another language is answered with both forms of this one."""
    assert run("eval", text, "1").err.splitlines()[0].endswith("write where(CONDITION, A, B) or A if CONDITION else B")


def test_messages_say_formula() -> None:
    """Messages call what a user types a formula."""
    for text in ("x" * 20_000 + "+", "x +", "softmax(x) + 1", "x:2", "inf * x", "nan + x", "(" * 100 + "x", "x@jax"):
        message = run("eval", text, "1").err
        assert "expression" not in message.lower()
