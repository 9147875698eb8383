"""actcli list: search, table and rows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import actcli
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from tests.support.golden_files import golden
from tests.support.processes import fault, in_terminal, plain, rows, unstyled

named = pytest.mark.parametrize


def listed(*args: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(rows("list", *args))))


def test_csv_columns() -> None:
    """In a pipe the list is CSV with formula, range, framework names and paper of each activation."""
    found = listed()
    assert [row["name"] for row in found] == actcli.names()
    assert list(found[0]) == [
        "name", "kind", "kinds", "aliases", "parameters", "formula", "derivative", "range", *FRAMEWORKS, "paper",
    ]  # fmt: skip
    silu = next(row for row in found if row["name"] == "silu")
    assert silu["torch"] == "nn.SiLU, F.silu"
    assert silu["onnx"] == "Swish"
    assert silu["parameters"] == "beta=1"
    assert silu["formula"] == actcli.get("silu").formula


def test_search_filters() -> None:
    """A word, --framework and --kind each restrict the list."""
    assert plain("list", "gelu")[0] == "gelu"
    assert {"gelu_tanh", "quick_gelu"} <= set(plain("list", "gelu"))
    assert "sparse_plus" in plain("list", "--framework", "jax")
    assert "relu2" not in plain("list", "--framework", "jax")
    assert plain("list", "--kind", "stochastic") == ["gumbel_softmax", "rrelu"]
    assert plain("list", "u", "--kind", "gated", "--framework", "onnx") == ["swiglu"]


def test_plain_has_names() -> None:
    """`-f plain` writes one name per line."""
    assert plain("list") == actcli.names()


def test_json_and_jsonl() -> None:
    """`-f json` is an array of objects, jsonl one object per line."""
    whole = json.loads(rows("list", "mish", "-f", "json"))
    lines = [json.loads(line) for line in rows("list", "mish", "-f", "jsonl").splitlines()]
    assert whole == lines
    assert whole[0]["name"] == "mish"
    assert whole[0]["torch"] == ["nn.Mish", "F.mish"]
    assert whole[0]["tf"] == ["tfa.activations.mish"]
    assert whole[0]["aliases"] == whole[0]["parameters"] == []
    assert json.loads(rows("list", "relu6", "-f", "json"))[0]["onnx"] == ["Clip(min=0, max=6)"]


@named("name", ["glu", "rrelu", "gumbel_softmax", "relu"])
def test_kinds_equal_those_of_show(name: str) -> None:
    """An entry's kind and kinds are the same in list and show."""
    found = next(entry for entry in json.loads(rows("list", name, "-f", "json")) if entry["name"] == name)
    whole = json.loads(rows("show", name, "-f", "json"))
    assert (found["kind"], found["kinds"], found["aliases"]) == (whole["kind"], whole["kinds"], whole["aliases"])


@named("form", ["md", "tsv"])
def test_markdown_and_tsv(form: str) -> None:
    """Markdown and TSV have the columns of CSV."""
    first = rows("list", "relu6", "-f", form).splitlines()[0]
    assert [cell.strip() for cell in first.strip("| ").split("|" if form == "md" else "\t")] == list(listed("relu6")[0])


def test_extension_sets_the_format_of_a_list(tmp_path: Path) -> None:
    """-o writes the format of the extension."""
    path = tmp_path / "all.json"
    assert rows("list", "-o", str(path)) == ""
    assert [entry["name"] for entry in json.loads(path.read_text())] == actcli.names()


@named("width", [40, 80, 120])
def test_table_on_a_terminal(width: int) -> None:
    """On a terminal the list is a table that fits: name, formula, range and frameworks."""
    shown = in_terminal("list", "gelu", width=width).out.replace("\r\n", "\n")
    assert max(map(len, unstyled(shown).splitlines())) <= width
    golden(f"list-gelu-{width}.txt", shown)


def test_matched_name_is_shown() -> None:
    """An activation found by another name has that name next to its own."""
    body = in_terminal("list", "swish", width=80).out
    assert "silu (swish)" in body
    assert "hard_swish (" not in body
    assert "(" not in in_terminal("list", width=80).out.splitlines()[2].split("  ")[0]


def test_wide_terminal_has_all_names() -> None:
    """A wide terminal also has the aliases and framework names."""
    flat = " ".join(in_terminal("list", "softsign", width=160).out.split())
    assert "torch nn.Softsign, jax jax.nn.soft_sign, keras activations.softsign, tf tf.nn.softsign" in flat
    assert "gelu_pytorch_tanh" in in_terminal("list", "gelu", width=160).out


def test_table_of_a_framework() -> None:
    """With --framework the table has the framework's names."""
    head, _, *body = rows("list", "--framework", "mlx", "-f", "table").splitlines()
    assert head.split("  ")[0] == "name"
    assert "in MLX" in head
    assert any(line.startswith("gelu_tanh ") and "nn.gelu_approx" in line for line in body)


@named(
    ("args", "message"),
    [
        (("rleu",), "no activation has 'rleu' in its names, parameters, paper or notes; did you mean relu, rrelu or "
         "relu6?"),
        (("glu", "--kind", "elementwise"), "no elementwise activation has 'glu' in its names, parameters, paper or "
         "notes: glu is vector and gated, in torch, jax, keras, mlx"),
        (("--kind", "vector", "--framework", "hf"), "no vector activation of hf"),
        (("--kind", "gatd"), "--kind: expected elementwise, vector, gated or stochastic, not 'gatd'; "
         "did you mean gated?"),
        (("--framework", "pytorch"), "--framework: expected torch, jax, keras, tf, onnx, mlx or hf, not 'pytorch'; "
         "did you mean torch?"),
        (("-f", "hex"), "--format: expected auto, table, csv, tsv, json, jsonl, md or plain, not 'hex'"),
        (("\x1b[31m",), "no activation has '\\x1b[31m' in its names, parameters, paper or notes"),
    ],
)  # fmt: skip
def test_usage_errors_of_list(args: tuple[str, ...], message: str) -> None:
    """An invalid argument is an error of one line with a suggestion."""
    assert fault("list", *args) == message
