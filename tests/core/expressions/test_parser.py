"""The parser: precedence, the canonical text, and the message and offset of every kind of mistake."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.core.catalogue.registry import find_or_none
from actcli.core.expressions import hints
from actcli.core.expressions.nodes import Binary, Constant, Name, Negative, Node, unparse
from actcli.core.expressions.parser import parse
from actcli.core.spec import parse as parse_spec
from actcli.errors import ExpressionError

ATOMS = st.one_of(
    st.sampled_from(["x", "pi", "e", "a", "b_2"]),
    st.integers(0, 999).map(str),
    st.decimals(0, 50, places=3).map(str),
)


def compound(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    condition = st.tuples(parts, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), parts).map(" ".join)
    conditions = st.one_of(
        condition, st.tuples(condition, st.sampled_from(["and", "or"]), condition).map(" ".join),
        condition.map("not {}".format),
    )  # fmt: skip
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/"]), parts).map(" ".join),
        st.tuples(parts, st.integers(-3, 3)).map(lambda pair: f"({pair[0]})**{pair[1]}"),
        parts.map("-{}".format),
        parts.map("({})".format),
        st.tuples(st.sampled_from(["exp", "tanh", "sigmoid", "abs", "relu", "gelu"]), parts).map(
            lambda pair: f"{pair[0]}({pair[1]})"
        ),
        st.tuples(conditions, parts, parts).map(lambda three: "where({}, {}, {})".format(*three)),
        st.tuples(parts, parts).map(lambda pair: "max({}, {})".format(*pair)),
        parts.map("leaky_relu({}, negative_slope=0.2)".format),
    )


EXPRESSIONS = st.recursive(ATOMS, compound, max_leaves=12)


@given(text=EXPRESSIONS)
def test_canonical_text_parses_to_same_tree(text: str) -> None:
    """The canonical text of a tree parses to an equal tree."""
    tree = parse(text)
    assert parse(unparse(tree)) == tree


ARITHMETIC = st.recursive(
    st.sampled_from(["x", "2", "3", "0.5"]),
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/", "**"]), parts).map(
            lambda three: " ".join(three) if three[1] != "**" else f"{three[0]}**{three[2]}"
        ),
        parts.map("-{}".format),
        parts.map("({})".format),
    ),
    max_leaves=8,
)


def python_structure(node: ast.AST) -> Any:
    """Return Python's tree as nested tuples."""
    match node:
        case ast.Constant(value=value):
            return Fraction(str(value))
        case ast.Name(id=name):
            return name
        case ast.UnaryOp(operand=operand):
            return ("-", python_structure(operand))
        case ast.BinOp(left=left, op=kind, right=right):
            op = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}[type(kind)]
            return (op, python_structure(left), python_structure(right))
    raise AssertionError(node)


def structure(node: Node) -> Any:
    """Return actcli's tree as nested tuples."""
    match node:
        case Constant(value=value):
            return value
        case Name(name=name):
            return name
        case Negative(operand=operand):
            return ("-", structure(operand))
        case Binary(operator=op, left=left, right=right):
            return (op, structure(left), structure(right))
    raise AssertionError(node)


@given(text=ARITHMETIC)
def test_precedence_as_in_python(text: str) -> None:
    """Arithmetic has the structure that Python's parser gives it: -x**2, 2**-x, a - b - c, x**2**3."""
    try:
        tree = parse(text)
    except ExpressionError as error:
        assert "exponent" in str(error)  # noqa: PT017  # only towers such as 3**3**3**3 are refused
        return
    assert structure(tree) == python_structure(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("x if x > 0 else 0", "where(x > 0, x, 0)"),
        ("0 < x <= 1 and 1 or 0", None),
        ("where(0 < x <= 1, 1, 2)", "where(0 < x and x <= 1, 1, 2)"),
        ("where(not x > 0 or x < 1 and x != 2, 1, 2)", "where(not x > 0 or x < 1 and x != 2, 1, 2)"),
        ("LeakyReLU(x, alpha=0.2)", "leaky_relu(x, negative_slope=0.2)"),
        ("Phi(x)", "ndtr(x)"),
        ("gelu(x, approximate=TANH)", "gelu(x, approximate=tanh)"),
        ("hard_tanh(x, min=none)", "hard_tanh(x, min_val=none)"),
        ("1e-20 * x + 1e25", "1e-20 * x + 1e25"),
        ("+x - -x", "x - -x"),
        ("(x)", "x"),
        ("elu(x, alpha=-1/3)", "elu(x, alpha=-1 / 3)"),
    ],
)
def test_canonical_text(text: str, canonical: str | None) -> None:
    """Spellings with the same meaning have one canonical text; a condition in place of a number is refused."""
    if canonical is None:
        with pytest.raises(ExpressionError, match="condition"):
            parse(text)
        return
    assert unparse(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("x^2", "use **", 1),
        ("x = 2", "write ==", 2),
        ("2x", "is a * missing", 1),
        ("x(2)", "is a * missing", 1),
        ("x x", "operator is missing", 2),
        ("x +", "ends too early", 3),
        ("* x", "missing before '*'", 0),
        ("(x", "not closed", 0),
        ("exp(x", "not closed", 3),
        ("x)", "unexpected ')'", 1),
        ("", "ends too early", 0),
        ("x > 0", "where(", 0),
        ("where(x, 1, 2)", "expected a condition", 6),
        ("where(x > 0, 1)", "where(CONDITION, A, B)", 0),
        ("x and x", "expected a condition", 0),
        ("x if x > 0", "else is missing", 10),
        ("min(x)", "min(A, B)", 0),
        ("exp(x, 1)", "exp(x)", 0),
        ("exp(x, a=1)", "no named parameters", 7),
        ("sgimoid(x)", "did you mean sigmoid", 0),
        ("leaky_relu(x, slop=2)", "no parameter 'slop'", 14),
        ("leaky_relu(x, 0.2)", "parameters by name", 0),
        ("leaky_relu(x, negative_slope=1, alpha=2)", "given twice", 32),
        ("leaky_relu(negative_slope=1, x)", "follow the argument", 29),
        ("leaky_relu(x, negative_slope=x)", "depend on x", 14),
        ("elu(x, alpha=pi)", "must be exact, and pi is not", 7),
        ("e_swish(x)", "requires its parameter beta", 0),
        ("softmax(x)", "function of a vector", 0),
        ("gelu(x, approximate=1)", "one of none, tanh", 8),
        ("x * log", "write log(x)", 4),
        ("X", "x in lower case", 0),
        ("inf * x", "cannot be used", 0),
        ("1e999 * x", "too large", 0),
        ("x**1001", "at most 1000", 1),
        ("x.real", "unexpected character", 1),
        ("x[0]", "round", 1),
        ("'x'", "unexpected character", 0),
        ("x; x", "unexpected character", 1),
        ("x \u2212 1", "write -", 2),
        ("x && 1", "write and", 2),
        ("where(x=0, 1, 2)", "write ==", 7),
        ("ln(x)", "write log(x)", 0),
        ("pow(x, 2)", "write x**2", 0),
        ("cbrt(x)", "write x**(1/3)", 0),
        ("log10(x)", "write log(x) / log(10)", 0),
        ("log2(x)", "write log(x) / log(2)", 0),
        ("sigma(x)", "write sigmoid(x)", 0),
        ("arctanh(x)", "write log((1 + x) / (1 - x)) / 2", 0),
        ("math.exp(x)", "write exp(x) without", 4),
        ("torch.nn.functional.relu(x)", "write relu(x) without", 5),
        ("x\u00b2", "write **2", 1),
        ("2\u00b3", "write **3", 1),
        ("\u221ax", "write sqrt(x)", 0),
        ("x\u00f72", "write /", 1),
        ("\u03c3(x)", "write sigmoid(x)", 0),
        ("\u03a6(x)", "write ndtr(x)", 0),
        ("\u03c0*x", "write pi", 0),
        ("\u03c0", "write pi", 0),
        ("1_000*x", "without separators", 1),
        ("1,5*x", "use '.' as the decimal separator", 1),
        ("0x10*x", "must be decimal", 1),
        ("1e+", "requires digits", 1),
        ("0.0f", "write 0.0", 3),
        ("3e5x", "is a * missing", 3),
        ("Pi*x", "lower case", 0),
        ("True*x", "write 1", 0),
        ("x < 0 ? 0 : x", "write where(CONDITION, A, B)", 6),
        ("x!", "factorials are not supported", 1),
        ("x//2", "write floor", 1),
        ("x<>0", "write !=", 1),
        ("(x+1)(x-1)", "is a * missing", 5),
        ("2(x+1)", "is a * missing", 1),
    ],
)
def test_mistake_has_message_and_offset(text: str, message: str, at: int) -> None:
    """Each mistake gives a one-line message, its offset, and an excerpt with a caret under that offset."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    error = caught.value
    assert message in error.message
    assert "\n" not in error.message
    assert error.at == at
    line, caret = error.excerpt
    assert line == f"  {text}"
    assert caret == " " * (2 + at) + "^"


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("x < 0 ? 0 : x", "write where(CONDITION, A, B)", 6),
        ("lambda x: x", "without lambda", 0),
        ("relu@torch(x)", "cannot be used inside", 4),
        ("2 * relu@torch", "cannot be used inside", 8),
        ("\u03c0", "write pi", 0),
        ("x * ln(x) + a:a=2", "write log(x)", 4),
    ],
)
def test_excerpt_shows_whole_spec(text: str, message: str, at: int) -> None:
    """The excerpt of a mistake in a SPEC shows the whole SPEC, parameters included."""
    with pytest.raises(ExpressionError) as caught:
        parse_spec(text)
    assert message in caught.value.message
    assert caught.value.excerpt == (f"  {text}", " " * (2 + at) + "^")


@pytest.mark.parametrize("name", sorted(hints.FUNCTIONS))
def test_suggested_equivalent_is_valid(name: str) -> None:
    """A function of another language is unknown here, and the suggested equivalent is a valid expression."""
    assert find_or_none(name) is None
    equivalent = hints.function(name) or ""
    parse(
        equivalent.replace("CONDITION", "x > 0")
        .replace("A", "1")
        .replace("B", "2")
        .replace("LEAST", "0")
        .replace("LARGEST", "1")
    )
