"""Looking something up in the catalogue."""

from __future__ import annotations

import pytest

import actcli
from actcli.core.catalogue.activation import FRAMEWORKS, KINDS
from actcli.core.catalogue.search import matched_name, search
from actcli.errors import NoMatchError


def names(word: str = "", framework: str = "", kind: str = "") -> list[str]:
    return [entry.name for entry in search(word, framework, kind)]


def test_everything() -> None:
    """Without a word it is the whole catalogue, in the order of the names."""
    assert names() == actcli.names()


@pytest.mark.parametrize(
    ("word", "first", "others"),
    [
        ("gelu", "gelu", {"gelu_tanh", "quick_gelu", "clipped_gelu"}),
        ("swish", "silu", {"hard_swish", "e_swish"}),
        ("LeakyReLU", "leaky_relu", {"rrelu"}),
        ("hard-tanh", "hard_tanh", set()),
        ("nn.SiLU", "silu", set()),
        ("jax.nn.hard_silu", "hard_swish", set()),
        ("negative_slope", "leaky_relu", {"prelu", "relu"}),
        ("clip_value_min", "clip", set()),
        ("x_min", "clip", set()),
        ("alpha", "affine", {"leaky_relu", "silu", "quick_gelu"}),
        ("Hendrycks", "gelu", {"gelu_tanh"}),
        ("1606.08415", "gelu", {"quick_gelu"}),
        (" relu ", "relu", {"leaky_relu"}),
    ],
)
def test_a_word(word: str, first: str, others: set[str]) -> None:
    """A word is found in names of any spelling, the frameworks' too, in parameters and papers; the name comes first."""
    found = names(word)
    assert found[0] == first
    assert others <= set(found)


def test_the_name_itself_comes_first() -> None:
    """The entry of that name stands before those that only contain it, and names before parameters."""
    assert names("tanh")[0] == "tanh"
    assert names("threshold")[0] == "threshold"
    found = names("threshold")
    assert found.index("thresholded_relu") < found.index("softplus")


def test_by_which_name() -> None:
    """Where it was not the entry's own name, it is told by which; the name itself before those that contain it."""
    assert matched_name(actcli.get("silu"), "Swish") == "swish"
    assert matched_name(actcli.get("silu"), "silu") == ""
    assert matched_name(actcli.get("hard_swish"), "swish") == ""
    assert matched_name(actcli.get("hard_swish"), "hard_silu") == "hard_silu"
    assert matched_name(actcli.get("leaky_relu"), "negative_slope") == ""


def test_arguments_are_no_names() -> None:
    """What has a parameter of a name stands before what only gives it a value somewhere."""
    found = names("alpha")
    assert found.index("silu") < found.index("quick_gelu")


def test_not_within_a_word() -> None:
    """In papers a word is found where one begins, by itself or with a hyphen before it."""
    assert "tanhshrink" not in names("glu")
    assert "tanhshrink" in names("kavuk")
    assert "logcosh" in names("point")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_by_framework(framework: str) -> None:
    """Those of a framework are the ones whose names can be said there, or are shown."""
    assert names(framework=framework) == [
        name for name in actcli.names() if actcli.get(name).framework_variants(framework)
    ]


def test_a_framework_has_its_own_names_searched_alone() -> None:
    """With a framework, a word is not found in another one's names."""
    assert "silu" in names("swish", framework="onnx")
    assert names("hard_silu", framework="keras") == ["hard_swish"]


def test_by_kind() -> None:
    """Kinds: gated activations are vector ones, and every entry is elementwise or a vector's."""
    assert set(names(kind="gated")) == {"glu", "geglu", "reglu", "swiglu"}
    assert set(names(kind="gated")) < set(names(kind="vector"))
    assert sorted(names(kind="vector") + names(kind="elementwise")) == actcli.names()
    assert all(names(kind=kind) for kind in KINDS)


@pytest.mark.parametrize(
    ("given", "message", "near"),
    [
        (("rleu",), "no activation has 'rleu' in its names, parameters, paper or notes", ("relu", "rrelu", "relu6")),
        (("glu", "", "elementwise"), "no elementwise activation has 'glu' in its names, parameters, paper or notes: "
         "glu is vector and gated, in torch, jax, keras, mlx", ()),
        (("", "hf", "vector"), "no vector activation of hf", ()),
    ],
)  # fmt: skip
def test_nothing(given: tuple[str, ...], message: str, near: tuple[str, ...]) -> None:
    """Where nothing matches, that is said with the nearest names, or where the thing is instead."""
    with pytest.raises(NoMatchError) as caught:
        search(*given)
    assert (str(caught.value), caught.value.suggestions) == (message, near)
