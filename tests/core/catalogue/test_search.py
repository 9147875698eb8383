"""Search of the catalogue by word, framework and kind."""

from __future__ import annotations

import pytest

import actcli
from actcli.core.catalogue.search import matched_name, search
from actcli.core.catalogue.vocabulary import FRAMEWORKS, KINDS
from actcli.errors import NoMatchError


def names(word: str = "", framework: str = "", kind: str = "") -> list[str]:
    return [entry.name for entry in search(word, framework, kind)]


def test_search_without_arguments_returns_everything() -> None:
    """Without arguments `search` returns the whole catalogue in alphabetical order."""
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
def test_search_by_word(word: str, first: str, others: set[str]) -> None:
    """A word is found in names of any spelling, also the frameworks', in parameters and papers; names come first."""
    found = names(word)
    assert found[0] == first
    assert others <= set(found)


def test_equal_name_comes_first() -> None:
    """The entry with exactly that name comes before names that contain it, and names before parameters."""
    assert names("tanh")[0] == "tanh"
    assert names("threshold")[0] == "threshold"
    found = names("threshold")
    assert found.index("thresholded_relu") < found.index("softplus")


def test_matched_name() -> None:
    """`matched_name` returns the alias that matched, an equal one first, unless the entry's own name matched."""
    assert matched_name(actcli.get("silu"), "Swish") == "swish"
    assert matched_name(actcli.get("silu"), "silu") == ""
    assert matched_name(actcli.get("hard_swish"), "swish") == ""
    assert matched_name(actcli.get("hard_swish"), "hard_silu") == "hard_silu"
    assert matched_name(actcli.get("leaky_relu"), "negative_slope") == ""


def test_parameter_comes_before_displayed_argument() -> None:
    """An entry with the parameter comes before one whose framework name only displays it as an argument."""
    found = names("alpha")
    assert found.index("silu") < found.index("quick_gelu")


def test_papers_are_searched_by_beginnings_of_words() -> None:
    """In papers a match starts at the beginning of a word or after a hyphen."""
    assert "tanhshrink" not in names("glu")
    assert "tanhshrink" in names("kavuk")
    assert "logcosh" in names("point")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_search_by_framework(framework: str) -> None:
    """`search` by framework returns the entries that the framework has."""
    assert names(framework=framework) == [
        name for name in actcli.names() if actcli.get(name).framework_variants(framework)
    ]


def test_framework_search_ignores_other_frameworks() -> None:
    """With a framework, a word is not found in another framework's names."""
    assert "silu" in names("swish", framework="onnx")
    assert names("hard_silu", framework="keras") == ["hard_swish"]


def test_search_by_kind() -> None:
    """Gated activations are vector ones, and every entry is either elementwise or a vector activation."""
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
def test_search_without_result(given: tuple[str, ...], message: str, near: tuple[str, ...]) -> None:
    """A search without result is refused with the nearest names, or with where the entry is instead."""
    with pytest.raises(NoMatchError) as caught:
        search(*given)
    assert (str(caught.value), caught.value.suggestions) == (message, near)
