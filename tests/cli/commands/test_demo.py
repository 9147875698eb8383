"""actcli demo: reports, JSON and columns of every topic."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from actcli.cli.demo_topics import TOPICS
from actcli.cli.reports import demo
from actcli.core.evaluation.quantity import BoundActivation
from tests.core.evaluation.test_bits import OFF, disabled
from tests.support.golden_files import golden
from tests.support.processes import environ, fault, in_terminal, rows, run, spawn
from tests.support.tiers import exhaustive, is_full

named = pytest.mark.parametrize

_EXPERIMENT = demo.run_experiment
_DONE: dict[tuple[str, str, int], Any] = {}


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each experiment once in this process, however often its report is written."""

    def experiment(topic: str, chosen: BoundActivation | None, seed: int) -> Any:
        key = topic, chosen.label if chosen is not None else "", seed
        if key not in _DONE:
            _DONE[key] = _EXPERIMENT(topic, chosen, seed)
        return _DONE[key]

    monkeypatch.setattr(demo, "run_experiment", experiment)


def found(*args: str) -> Any:
    """Return the JSON of a demo."""
    return json.loads(rows("demo", *args, "-f", "json"))


def sentences(text: str) -> str:
    """Return the text under the last title of a report on one line."""
    return " ".join(text.partition("Observations\n")[2].split())


# --- layout -------------------------------------------------------------------------------------------------


@named("topic", TOPICS)
def test_report_matches_golden_file(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is reproducible, fits the width, and ends with the sentences of the JSON."""
    for width in (40, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        text = rows("demo", topic)
        assert max(map(len, text.splitlines())) <= width
        golden(f"demo-{topic}-{width}.txt", text)
    assert sentences(text) == " ".join(" ".join(found(topic)["sentences"]).split())


def test_narrow_terminal_omits_plots(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal too narrow for plots and maps still shows the numbers."""
    for width in (1, 19, 20, 30):
        monkeypatch.setenv("COLUMNS", str(width))
        assert "Observations" in " ".join(rows("demo", "training", "--activation", "identity").split())


def test_terminal_adds_only_colour() -> None:
    """A terminal adds colour only; NO_COLOR and an ASCII pipe are respected."""
    shown = in_terminal("demo", "linearity").out
    assert "\x1b[" in shown
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    assert bare == spawn("demo", "linearity").out
    assert in_terminal("demo", "linearity", env=environ(NO_COLOR="1")).out.replace("\r\n", "\n") == bare
    for topic in ("linearity", "training"):
        ascii_only = spawn("demo", topic, env=environ(PYTHONIOENCODING="ascii"))
        assert ascii_only.code == 0
        assert ascii_only.out.isascii()
        assert "\\u" not in ascii_only.out


# --- arguments ----------------------------------------------------------------------------------------------


@exhaustive
def test_every_topic_accepts_any_activation() -> None:
    """Every topic accepts parameters, framework functions and unusual activations."""
    for topic in ("linearity", "threshold"):
        for spec in ("sin", "leaky_relu:negative_slope=0.2", "softplus@torch", "step", "exponential", "log1mexp"):
            assert spec in sentences(rows("demo", topic, "--activation", spec))
    assert "On XOR, sin got 4 of 4 points right" in sentences(rows("demo", "training", "--activation", "sin"))
    assert "sin left 0 of 12 units dead" in sentences(rows("demo", "dying-relu", "--activation", "sin"))


def test_identity_is_an_affine_map() -> None:
    """The report on identity says that it makes the network no more than an affine map."""
    assert "With identity, the network is an affine map too" in sentences(
        rows("demo", "linearity", "--activation", "identity")
    )


def test_diverged_training() -> None:
    """A diverged network has no map and no accuracy, but its losses and the step at which it stopped."""
    text = rows("demo", "training", "--activation", "log1mexp")
    assert "\nlog1mexp\n" not in text
    assert "\nidentity\n" in text
    assert len(re.findall(r"^(XOR|two moons) +log1mexp +nan +nan +\d+%$", text, re.MULTILINE)) == 2
    assert "On XOR, training with log1mexp stopped early (loss nan at step 0)" in sentences(text)


@exhaustive
def test_formula_is_labelled_with_its_text() -> None:
    """A formula is labelled with its own text in the report."""
    for topic in TOPICS:
        said = sentences(rows("demo", topic, "--activation", "x**2"))
        assert "x**2" in said
        assert not re.search(r"\bf\b", said)
    learnt = sentences(rows("demo", "training", "--activation", "x**2"))
    assert "On XOR, x**2 got 4 of 4 points right" in learnt
    assert "On two moons, x**2 got 100 of 100 points right" in learnt


def test_sentences_are_short() -> None:
    """Every report ends with a few sentences of at most 25 words each, whatever the activation."""
    for topic in TOPICS:
        for spec in ("relu", "sin", "x**2") if is_full() else ("relu",):
            summary = found(topic, "--activation", spec)["sentences"]
            assert 1 <= len(summary) <= 5
            assert all(sentence.endswith(".") for sentence in summary)
            assert max(len(sentence.split()) for sentence in " ".join(summary).split(". ")) <= 25


def test_outputs_without_a_fit() -> None:
    """Non-finite outputs have no panel and no share, and rounding errors are named as such."""
    text = rows("demo", "linearity", "--activation", "exp(x)")
    assert re.search(r"^exp\(x\) +no fit$", text, re.MULTILINE)
    assert re.search(r"^no activation +0, to rounding ", text, re.MULTILINE)
    assert "nan%" not in text
    assert rows("demo", "linearity").count("└") == 2
    assert text.count("└") == 1


def test_undecided_points_are_marked() -> None:
    """Undecided cells and points are explained in the legend; words replace a map that is undecided everywhere."""
    text = rows("demo", "training")
    xor = " ".join(text.partition("XOR: 4 points\n")[2].partition("\n\n")[0].split())
    assert "4 of 4 right" in xor
    assert "?" not in xor
    assert "identity has no map: its output is within 0.001 of 0 everywhere, so it decides for no class." in xor
    assert "A line's least loss on XOR is that of an output of 0 everywhere" in xor
    legend = " ".join(text.split())
    assert "░ is where it decides for x, · where it decides for o" in legend
    assert ("? there, and * for the points" in legend) == ("?" in text.partition("Two moons")[2].partition("Loss")[0])


def test_complete_loss_is_shown() -> None:
    """The axes of the losses reach from the smallest to the largest loss, on a scale that the title states."""
    text = rows("demo", "training")
    losses = [float(row["loss"]) for row in csv.DictReader(io.StringIO(rows("demo", "training", "-f", "csv")))]
    plots = text.partition("Loss by step, logarithmic: ")[2].partition("\n\n")[0].split("\n")
    labels = {row: float(line.split("┤")[0]) for row, line in enumerate(plots) if "┤" in line}
    (first, one), (second, hundredth), *_ = labels.items()
    decades = math.log10(one / hundredth) / (second - first)
    top, bottom = 1, next(row for row, line in enumerate(plots) if "└" in line) - 1
    assert math.log10(one) + (first - top + 0.5) * decades >= math.log10(max(losses[:322]))
    assert math.log10(one) - (bottom - first + 0.5) * decades <= math.log10(min(losses[:322]))


@exhaustive
def test_stochastic_activation_is_noted() -> None:
    """A note states that a stochastic activation uses its mean here."""
    for topic in TOPICS:
        text = " ".join(rows("demo", topic, "--activation", "rrelu").split())
        assert "rrelu draws its slopes left of 0 at random in training; here they have their mean." in text
        assert "at random in training" not in rows("demo", topic)


def test_seed() -> None:
    """The default seed is 0, and another seed gives another run."""
    assert rows("demo", "linearity") == rows("demo", "linearity", "--seed", "0")
    assert sentences(rows("demo", "linearity", "--seed", "1")) != sentences(rows("demo", "linearity"))
    for large in (2**63, 2**64 - 1, 10**30):
        assert found("linearity", "--seed", str(large))["seed"] == large


@named(
    ("args", "message"),
    [
        ((), "TOPIC is missing: linearity, threshold, training or dying-relu"),
        (("lineartiy",), "TOPIC: expected linearity, threshold, training or dying-relu, not 'lineartiy'; did you mean "
         "linearity?"),
        (("training", "--activation", "softmax"), "'softmax' is a function of a vector: demo requires an "
         "elementwise activation"),
        (("training", "--activation", "maxout"), "'maxout' is a function of a vector: demo requires an "
         "elementwise activation"),
        (("training", "--activation", "reul"), "no activation is called 'reul'; did you mean relu"),
        (("training", "--activation", "affine"), "affine requires its parameters alpha and beta"),
        (("training", "--activation", "2"), "--activation: expected an activation or a formula in x, not the number"),
        (("training", "--seed", "-1"), "--seed: expected an integer of at least 0, not '-1'"),
        (("training", "relu"), "demo takes one TOPIC: drop 'relu'"),
        (("training", "-f", "hex"), "--format: expected auto, csv"),
    ],
)  # fmt: skip
def test_usage_errors_of_demo(args: tuple[str, ...], message: str) -> None:
    """Each invalid argument is an error of one line with status 2."""
    assert fault("demo", *args).lower().startswith(message.lower())


def test_help_lists_the_topics() -> None:
    """The help fits 80 columns, has examples that run, and lists every topic."""
    text = rows("demo", "-h")
    assert max(map(len, text.splitlines())) <= 80
    examples = re.findall(r"^  actcli (demo .*)$", text, re.MULTILINE)
    assert len(examples) >= 4
    assert text.index("Examples:") < text.index("Options:")
    for example in examples:
        outcome = run(*shlex.split(example, comments=True))
        assert (outcome.code, outcome.err) == (0, ""), example
    for topic in TOPICS:
        assert re.search(rf"^  {topic} ", text, re.MULTILINE)


# --- JSON and CSV -------------------------------------------------------------------------------------------


def test_json_has_the_numbers() -> None:
    """JSON has the numbers and sentences of each report; non-finite numbers are strings."""
    linearity = found("linearity", "--seed", "3")
    assert (linearity["topic"], linearity["seed"], linearity["label"]) == ("linearity", 3, "relu")
    assert len(linearity["t"]) == len(linearity["output"]) == len(linearity["output_without"])
    assert set(linearity["fit"]) == set(linearity["fit_without"]) == {"unexplained", "furthest"}
    threshold = found("threshold")
    assert [row["label"] for row in threshold["responses"]][:2] == ["step", "sigmoid"]
    assert threshold["responses"][3]["far_above"] == "inf"
    assert [row["width"] for row in threshold["responses"]][:4] == [0, 9.2, 5.3, None]
    assert all(len(row["outputs"]) == len(threshold["bias"]) for row in threshold["responses"])
    assert threshold["at_bias"] == 1.29
    training = found("training")
    lessons = training["lessons"]
    assert (training["sizes"], training["steps"]) == ([2, 10, 6, 1], 160)
    assert [(lesson["setting"]["name"], lesson["line"]) for lesson in lessons] == [("XOR", 3), ("two moons", 90)]
    assert [run["label"] for run in lessons[0]["runs"]] == ["tanh", "identity"]
    assert sum(lessons[1]["runs"][0]["scores"]) == lessons[1]["runs"][0]["right"] == 100
    assert lessons[0]["runs"][1]["undecided"] == 4
    dying = found("dying-relu")
    assert [run["label"] for run in dying["runs"]] == ["relu", "leaky_relu", "elu"]
    assert dying["runs"][0]["dead"][-1] == dying["units"] == 12
    assert (dying["nearly"], dying["line"], dying["remedy"]["conditions"]["rate"]) == (1e-6, 90, 1)


def test_csv_has_the_curves() -> None:
    """`-f csv` writes the curves: line, sweep, losses, dead units."""
    headers = {
        "linearity": "t,relu,none",
        "threshold": "bias,sum,step(sum),sigmoid(sum),tanh(sum),relu(sum),gelu(sum),leaky_relu(sum),identity(sum)",
        "training": "task,activation,step,loss",
        "dying-relu": "activation,conditions,rate,step,units,dead,nearly_dead,loss",
    }
    for topic, header in headers.items():
        lines = rows("demo", topic, "-f", "csv").splitlines()
        assert lines[0] == header
        assert len(lines) > 160
        assert len({line.count(",") for line in lines}) == 1


def test_csv_and_json_agree() -> None:
    """The numbers of CSV equal those of JSON."""
    whole = found("linearity")
    lines = [list(map(float, line.split(","))) for line in rows("demo", "linearity", "-f", "csv").splitlines()[1:]]
    assert [list(column) for column in zip(*lines, strict=True)] == [
        whole["t"],
        whole["output"],
        whole["output_without"],
    ]


def test_extension_sets_the_form(tmp_path: Path) -> None:
    """`-o` writes the report, or JSON or CSV by its extension."""
    for name in ("report.txt", "report.json", "curves.csv"):
        assert rows("demo", "linearity", "-o", str(tmp_path / name)) == ""
    assert "Observations" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["layers"] == 6
    assert (tmp_path / "curves.csv").read_text(encoding="utf-8").startswith("t,relu,none\n")


@named("topic", TOPICS)
def test_results_do_not_depend_on_simd(topic: str) -> None:
    """Every digit is the same without NumPy's SIMD instructions."""
    off = disabled(OFF["baseline"])
    if not off:
        pytest.skip("NumPy dispatches to nothing beyond its baseline here")
    here = rows("demo", topic, "-f", "json")
    assert spawn("demo", topic, "-f", "json", env=environ(NPY_DISABLE_CPU_FEATURES=" ".join(off))).out == here
