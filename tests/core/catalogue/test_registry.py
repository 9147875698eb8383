"""The registry: every name finds its entry, and every entry is complete and well formed."""

from __future__ import annotations

import ast
import inspect
import math
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.catalogue import families, registry
from actcli.core.catalogue.activation import Activation
from actcli.core.catalogue.parameter_formulas import evaluate_formula, names_in
from actcli.core.catalogue.parameters import parse_exact
from actcli.core.catalogue.registry import find, names, normalize_name
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.errors import UnknownActivationError
from actcli.text import join_or

ENTRIES = registry.entries()
WORDS = {word: entry for entry in ENTRIES.values() for word in (entry.name, *entry.aliases)}

each_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)

FUNCTIONS = {
    *("abs", "min", "max", "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sech"),
    *("asinh", "atan", "arctan", "erf", "erfc", "sigmoid", "softplus", "Phi"),
}
"""The functions that a formula may use; a derivative may use `f` too."""

GRAMMAR = (
    *(ast.Expression, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UnaryOp, ast.USub, ast.IfExp),
    *(ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.BoolOp, ast.And, ast.Or, ast.Call, ast.Name, ast.Load),
    ast.Constant,
)


# --- names -----------------------------------------------------------------------------------------------------------


def test_names_are_sorted_and_canonical() -> None:
    """`names` returns each canonical name once, in alphabetical order, in lower case with underscores."""
    assert names() == sorted(set(names())) == list(ENTRIES) == [entry.name for entry in ENTRIES.values()]
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", word) for word in WORDS)


def test_canonical_names_are_distinct() -> None:
    """No two entries have the same name, so none is lost in the list."""
    assert len(ENTRIES) == len(registry._all())


def test_every_family_is_searched() -> None:
    """The registry searches every module of `families`."""
    assert {module.name for module in pkgutil.iter_modules(families.__path__)} == set(registry._FAMILIES)


def test_spellings_are_unambiguous() -> None:
    """No spelling of a name or alias belongs to two entries."""
    claims = Counter(
        key for entry in ENTRIES.values() for key in {normalize_name(word) for word in (entry.name, *entry.aliases)}
    )
    assert [key for key, count in claims.items() if count > 1] == []


def camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


def test_every_name_in_every_common_spelling() -> None:
    """Names and aliases are found with underscores, hyphens or blanks, in lower, upper, camel and title case."""
    for word, entry in WORDS.items():
        hyphens, blanks = word.replace("_", "-"), word.replace("_", " ")
        for written in (word, hyphens, blanks, word.replace("_", ""), camel(word), word.title(), hyphens.title()):
            for spelled in (written, written.upper(), f" {written} "):
                assert find(spelled) is entry, spelled


@settings(deadline=None)
@given(st.sampled_from(sorted(WORDS)), st.data())
def test_spelling_ignores_case_and_separators(word: str, data: st.DataObject) -> None:
    """Case and separators anywhere do not change what a name finds."""
    letters = [
        data.draw(st.sampled_from([letter, letter.upper(), f"_{letter}", f"{letter}-", f" {letter}"]))
        for letter in word
    ]
    assert normalize_name("".join(letters)) == normalize_name(word)
    assert find("".join(letters)) is WORDS[word]


@settings(deadline=None)
@given(st.sampled_from(sorted(ENTRIES)), st.data())
def test_doubled_letter_suggests_the_name(name: str, data: st.DataObject) -> None:
    """A name of five or more letters with one letter doubled is among the suggestions."""
    index = data.draw(st.integers(0, len(name) - 1))
    typed = name[:index] + name[index] + name[index:]
    if len(name) < 5 or normalize_name(typed) in map(normalize_name, WORDS):
        return
    with pytest.raises(UnknownActivationError) as caught:
        find(typed)
    assert name in caught.value.suggestions


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("reul", "relu"),
        ("leaky_rleu", "leaky_relu"),
        ("sigmiod", "sigmoid"),
        ("Tanhh", "tanh"),
        ("swsh", "silu"),
        ("GELUU", "gelu"),
        ("soft-max2", "softmax"),
    ],
)
def test_nearest_name_comes_first(word: str, nearest: str) -> None:
    """A misspelt name suggests up to three canonical names, the best first, and the message lists them."""
    with pytest.raises(UnknownActivationError) as caught:
        find(word)
    error = caught.value
    assert error.word == word
    assert error.suggestions[0] == nearest
    assert len(error.suggestions) <= 3
    assert set(error.suggestions) <= set(names())
    assert str(error) == f"no activation is called {word!r}; did you mean {join_or(error.suggestions)}?"


@pytest.mark.parametrize("word", ["", "zzzz", "x", "12", "löschen", "a\nb", "_", "q" * 10_000])
def test_unrecognizable_name(word: str) -> None:
    """A word similar to no name is refused on one line that says where the names are listed."""
    with pytest.raises(UnknownActivationError) as caught:
        find(word)
    assert caught.value.suggestions == ()
    assert str(caught.value) == f"no activation is called {word!r}; actcli.names() lists them"
    assert str(caught.value).isprintable()


# --- entries ---------------------------------------------------------------------------------------------------------


def parts(text: str) -> tuple[ast.expr, list[tuple[str, ast.expr]]]:
    """Return the expression of a formula, and the definitions after `with`."""
    body, with_, definitions = text.partition(" with ")
    call = ast.parse(f"dict({definitions})", mode="eval").body
    assert isinstance(call, ast.Call)
    assert not call.args
    assert bool(call.keywords) == bool(with_)
    return ast.parse(body, mode="eval").body, [(str(keyword.arg), keyword.value) for keyword in call.keywords]


def called(tree: ast.expr) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            assert node.args
            assert not node.keywords
            yield node.func.id


@each_entry
def test_formulas_are_in_the_grammar(entry: Activation) -> None:
    """Formula and derivatives use only x, parameters, pi, e, numbers, documented functions and definitions that are
    used; only the first derivative uses f.
    """
    if entry.is_vector:
        assert entry.formula.isprintable()
        assert entry.derivative.isprintable()
        assert not entry.second_derivative
        return
    for text, more in ((entry.formula, set()), (entry.derivative, {"f"}), (entry.second_derivative, set())):
        body, definitions = parts(text)
        known = {"x", "pi", "e", *(param.name for param in entry.parameters)}
        for tree in (*(value for _, value in definitions), body):
            assert all(isinstance(node, GRAMMAR) for node in ast.walk(tree))
            functions = set(called(tree))
            assert functions <= FUNCTIONS | more
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - functions
            assert used <= known | {name for name, _ in definitions}
            constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            assert all(type(value) in (int, float) and math.isfinite(value) for value in constants)
        defined = set(known)
        for index, (name, value) in enumerate(definitions):
            assert name not in defined | FUNCTIONS
            assert {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} <= defined | FUNCTIONS | more
            later = (*(tree for _, tree in definitions[index + 1 :]), body)
            assert any(node.id == name for tree in later for node in ast.walk(tree) if isinstance(node, ast.Name))
            defined.add(name)


def scalars(entry: Activation) -> set[str]:
    """Return the names of the parameters that are numbers."""
    return {param.name for param in entry.parameters if not param.choices}


@each_entry
def test_kinks_are_rational_expressions(entry: Activation) -> None:
    """A kink's point and derivative are rational expressions in the parameters, and no point is listed twice."""
    for kink in entry.kinks:
        for text in (kink.at, kink.subgradient):
            assert isinstance(evaluate_formula(text, dict.fromkeys(scalars(entry), Fraction(7, 3))), Fraction)
    assert len({kink.at for kink in entry.kinks}) == len(entry.kinks)


@each_entry
def test_parameters_are_complete(entry: Activation) -> None:
    """A parameter has a description, a valid default and exact bounds, and no word denotes two parameters."""
    words = [word for param in entry.parameters for word in (param.name, *param.aliases)]
    assert len(words) == len(set(words))
    assert "x" not in words
    for param in entry.parameters:
        assert param.name.isidentifier()
        assert param.description.strip()
        assert param.valid_range
        framework = param.frameworks[0] if param.frameworks else ""
        assert entry.find_parameter(param.name, framework) is param
        assert all(entry.find_parameter(alias, framework) is param for alias in param.aliases)
        assert not param.frameworks or param.optional
        bounds = [bound for bound in (param.exclusive_minimum, param.minimum, param.maximum) if bound is not None]
        assert all(parse_exact(bound) is not None for bound in bounds)
        assert not (param.choices and bounds)
        if param.default is None:
            continue
        value = param.parse(param.default, entry.name)
        assert param.choices or isinstance(value, Fraction) or (value is None and param.optional)


@each_entry
def test_formulas_take_the_parameters(entry: Activation) -> None:
    """f and f' take the arithmetic, x, the parameters and the derived arguments by name, but not a vector's axis."""
    wanted = [param.name for param in entry.parameters if not (entry.is_vector and param.name == "axis")]
    for function in filter(None, (entry.f, entry.df)):
        assert list(inspect.signature(function).parameters) == ["m", "x", *wanted, *entry.derived_arguments]


@each_entry
def test_functions_have_the_entry_s_name(entry: Activation) -> None:
    """f has the entry's name, and a hand-written f' the name with `_derivative`."""
    assert entry.f.__name__ == entry.name
    assert entry.df is None or entry.df.__name__ == f"{entry.name}_derivative"


INTERVAL = re.compile(r"([(\[])([^,]+), ([^,]+)([)\]])")


@each_entry
def test_properties_are_well_formed(entry: Activation) -> None:
    """The range is a non-empty interval, open where infinite, with exact ends; `saturates` is one of four words."""
    match = INTERVAL.fullmatch(entry.properties.range)
    assert match is not None
    left, low, high, right = match.groups()
    required = {param.name for param in entry.parameters if param.default is None}
    for end, infinite in ((low, "-inf"), (high, "inf")):
        assert end == infinite or parse_exact(end) is not None or names_in(end) & required
    if not required:
        assert float(low) < float(high)
    assert left == "(" or low != "-inf"
    assert right == ")" or high != "inf"
    assert entry.properties.saturates in ("left", "right", "both", "no")
    assert isinstance(entry.properties.monotone, bool)
    assert isinstance(entry.properties.odd, bool)


SOURCE = (
    r"\b(18|19|20)\d\d\b|ONNX's operator|Core ML's operator|Hugging Face transformers 5|the first source is unknown"
)
"""Marks of a source: a year, the owner of an operator, or that the source is unknown."""


@each_entry
def test_entry_texts_are_complete(entry: Activation) -> None:
    """Each entry has a kind, a source and a name for each of its frameworks, all on one line."""
    assert entry.kind in ("elementwise", "vector")
    assert entry.is_vector == (entry.kind == "vector")
    assert re.search(SOURCE, entry.paper)
    assert set(entry.frameworks) <= set(FRAMEWORKS)
    called = [function.names for word in entry.frameworks for function in entry.framework_variants(word)]
    assert all(name.strip() for name in called)
    for text in (entry.formula, entry.derivative, entry.second_derivative, entry.paper, entry.notes, *called):
        assert text.isprintable()
        assert text == text.strip()
    if entry.is_vector:
        assert "axis" in [param.name for param in entry.parameters]
