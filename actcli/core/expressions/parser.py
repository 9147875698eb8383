"""The parser: operator precedence by Pratt's method ("Top down operator precedence", 1973), from text to a tree.

Operators from the loosest to the tightest: A if C else B, or, and, not, comparisons, + and -, * and /, unary minus, **.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce

from actcli.core.catalogue.parameters import parse_exact
from actcli.core.expressions.exact_constants import MAX_EXPONENT, exact_value
from actcli.core.expressions.functions import RESERVED, NamedArguments, make_call
from actcli.core.expressions.hints import EQUALS, WORDS
from actcli.core.expressions.lexer import Token, tokenize
from actcli.core.expressions.nodes import Binary, Compare, Constant, Logic, Name, Negative, Node, Not, Where, children
from actcli.errors import ExpressionError

__all__ = ["parse"]

# These limits keep the recursion of the parser and of everything that walks the tree within Python's own limit.
MAX_NESTING = 60
"""The deepest nesting of parentheses, calls and signs; those of conditionals count separately."""

MAX_BRANCHES = 100
"""The deepest nesting of where(C, A, B) and A if C else B, which functions of many segments require."""

MAX_OPERATORS = 99
"""The most operators in a row; of sums, from this number on the terms form a balanced tree."""

MAX_DEPTH = 150
"""The most nodes on a path of the tree."""

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_CONDITIONAL_BINDING, _NOT_BINDING, _COMPARE_BINDING, _SIGN_BINDING = 5, 30, 40, 70
_BINDING = {
    "if": _CONDITIONAL_BINDING, "or": 10, "and": 20, **dict.fromkeys(_COMPARISONS, _COMPARE_BINDING),
    "+": 50, "-": 50, "*": 60, "/": 60, "**": 80,
}  # fmt: skip
"""The binding power of each infix operator; `not` and the signs bind as _NOT_BINDING and _SIGN_BINDING."""

_SUMS = ("+", "-")

_TWO_SIGNS = {"//": "write floor(A / B), not A // B", "<>": "write !=, not <>"}

_CONDITIONAL = "write where(CONDITION, A, B) or A if CONDITION else B"

_MAX_WORD_CHARS = 40
"""The most characters of an unexpected word that a message quotes."""


def parse(text: str) -> Node:
    """Parse `text` into a tree whose root is a number; raise ExpressionError with the offset of a mistake."""
    return _Parser(text).parse()


def _is_condition(node: Node) -> bool:
    return isinstance(node, Compare | Logic | Not)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokenize(text))
        self.position = 0
        self.nesting = 0
        self.branches = 0

    def parse(self) -> Node:
        """Parse the whole text."""
        node = self.number()
        if self.token.kind != "end":
            raise self.unexpected()
        if _is_deeper(node, MAX_DEPTH):
            raise self.too_deep(node.at)
        return node

    # --- tokens ------------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    @property
    def following(self) -> Token:
        """The token after the next one; the end token at the end."""
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """Consume and return the next token."""
        token = self.token
        self.position += 1
        return token

    def accept(self, text: str) -> bool:
        """Consume the next token if it is `text`; return whether it was."""
        if self.token.text != text or self.token.kind == "number":
            return False
        self.position += 1
        return True

    def expect(self, text: str, opened: int) -> None:
        """Consume `text`; raise ExpressionError if the parenthesis opened at `opened` does not go on or end so."""
        if not self.accept(text):
            if self.token.kind == "end":
                raise self.error("this parenthesis is not closed: write )", opened)
            raise self.unexpected()

    # --- errors ------------------------------------------------------------------------------------------------------

    def error(self, message: str, at: int) -> ExpressionError:
        """Return the error with the text of the whole expression."""
        return ExpressionError(message, self.text, at)

    def too_deep(self, at: int) -> ExpressionError:
        """Return the error about too long a chain of operations."""
        return self.error(f"more than {MAX_OPERATORS} operations in a row: group some of them in parentheses", at)

    def unexpected(self) -> ExpressionError:
        """Return the error about the next token, which is not allowed here."""
        token = self.token
        if token.kind == "end":
            return self.error("the formula ends too early: a number is missing", token.at)
        if token.text == "=":
            return self.error(EQUALS, token.at)
        before = self.tokens[self.position - 1] if self.position else token
        if token.text == "," and before.kind == "number" and self.tokens[self.position + 1].kind == "number":
            return self.error("use '.' as the decimal separator, not ','", token.at)
        if token.text == "if":
            return self.error(_CONDITIONAL, token.at)
        if token.text.lower() in WORDS:
            return self.error(WORDS[token.text.lower()], token.at)
        if before.text + token.text in _TWO_SIGNS:
            return self.error(_TWO_SIGNS[before.text + token.text], before.at)
        if token.text in (")", ","):
            return self.error(f"unexpected '{token.text}'", token.at)
        if token.kind == "sign" and token.text != "(":
            return self.error(f"a number is missing before '{token.text}'", token.at)
        if token.text == "(":
            return self.error("an operator is missing before '(': is a * missing?", token.at)
        return self.error(f"an operator is missing before '{token.text[:_MAX_WORD_CHARS]}'", token.at)

    # --- numbers and conditions --------------------------------------------------------------------------------------

    def number(self, min_binding: int = 0) -> Node:
        """Parse a subexpression that is a number."""
        start = self.token.at
        return self.require_number(self.subexpression(min_binding), start)

    def require_number(self, node: Node, start: int) -> Node:
        """Return the node; raise ExpressionError if it is a condition."""
        if _is_condition(node):
            raise self.error("expected a number, not a condition: write where(CONDITION, A, B)", start)
        return node

    def condition(self, min_binding: int = 0) -> Node:
        """Parse a subexpression that is a condition."""
        start = self.token.at
        return self.require_condition(self.subexpression(min_binding), start)

    def require_condition(self, node: Node, start: int) -> Node:
        """Return the node; raise ExpressionError if it is a number."""
        if not _is_condition(node):
            raise self.error("expected a condition, such as x > 0", start)
        return node

    # --- Pratt's method ----------------------------------------------------------------------------------------------

    def subexpression(self, min_binding: int) -> Node:
        """Parse the longest subexpression whose operators have at least this binding power."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            message = f"more than {MAX_NESTING} levels of parentheses and signs: simplify the formula"
            raise self.error(message, self.token.at)
        start = self.token.at
        node, operators = self.prefix(), 0
        while self.token.kind != "number" and (binding := _BINDING.get(self.token.text, -1)) >= max(min_binding, 0):
            node = self.infix(node, self.advance(), binding, start)
            operators += 1
            if operators > MAX_OPERATORS:
                raise self.too_deep(start)
        self.nesting -= 1
        return node

    def prefix(self) -> Node:
        """Parse the beginning of a subexpression: a number, name, call, parenthesis, sign or `not`."""
        token = self.token
        if token.kind == "number":
            self.advance()
            value = parse_exact(token.text)
            if value is None:
                raise self.error(
                    "this number is too large or too small: its exponent must be from -400 to 400", token.at
                )
            return Constant(value, at=token.at)
        if self.accept("("):
            node = self.subexpression(0)
            self.expect(")", token.at)
            return node
        if self.accept("-"):
            return Negative(self.number(_SIGN_BINDING), at=token.at)
        if self.accept("+"):
            return self.number(_SIGN_BINDING)
        if self.accept("not"):
            return Not(self.condition(_NOT_BINDING), at=token.at)
        if token.kind == "name" and token.text not in ("and", "or", "if", "else"):
            return self.name_or_call(self.advance())
        raise self.unexpected()

    def infix(self, left: Node, token: Token, binding: int, start: int) -> Node:
        """Parse what follows the operator `token`, and combine it with `left`, which begins at `start`."""
        op, at = token.text, token.at
        if op == "if":
            condition = self.condition(_CONDITIONAL_BINDING + 1)
            if not self.accept("else"):
                raise self.error(f"else is missing: {_CONDITIONAL}", self.token.at)
            with self.branch(at):
                otherwise = self.number(_CONDITIONAL_BINDING)
            return Where(condition, self.require_number(left, start), otherwise, at=at)
        if op in ("and", "or"):
            return Logic(op, self.require_condition(left, start), self.condition(binding + 1), at=at)
        if op in _COMPARISONS:
            return self.comparisons(self.require_number(left, start), token)
        left = self.require_number(left, start)
        if op == "**":
            # Right-associative; the exponent may have a sign.
            return self.power(left, self.number(_SIGN_BINDING), at)
        if op in _SUMS:
            return self.sum(left, token)
        return Binary(op, left, self.number(binding + 1), at=at)

    @contextmanager
    def branch(self, at: int) -> Iterator[None]:
        """Parse a branch of a conditional, which counts as a branch instead of a level of parentheses."""
        self.branches, self.nesting = self.branches + 1, self.nesting - 1
        if self.branches > MAX_BRANCHES:
            raise self.error(f"more than {MAX_BRANCHES} nested conditionals: write a sum of shorter ones", at)
        yield
        self.branches, self.nesting = self.branches - 1, self.nesting + 1

    def sum(self, first: Node, token: Token) -> Node:
        """Parse all terms that follow `first` and the operator `token`."""
        terms = [(token, self.number(_BINDING[token.text] + 1))]
        while self.token.kind == "sign" and self.token.text in _SUMS:
            token = self.advance()
            terms.append((token, self.number(_BINDING[token.text] + 1)))
        if len(terms) <= MAX_OPERATORS:
            return reduce(lambda left, term: Binary(term[0].text, left, term[1], at=term[0].at), terms, first)
        signed = [Negative(node, at=sign.at) if sign.text == "-" else node for sign, node in terms]
        return _balanced_sum([first, *signed], terms[0][0].at)

    def comparisons(self, left: Node, token: Token) -> Node:
        """Parse a < b, or the chain a < b < c, which means a < b and b < c."""
        found: list[Node] = []
        while True:
            right = self.number(_COMPARE_BINDING + 1)
            found.append(Compare(token.text, left, right, at=token.at))
            if self.token.text not in _COMPARISONS:
                return reduce(lambda a, b: Logic("and", a, b, at=b.at), found)
            left, token = right, self.advance()

    def power(self, base: Node, exponent: Node, at: int) -> Node:
        """Return base**exponent; raise ExpressionError if a constant exponent is too large."""
        value = exact_value(exponent, {})
        if value is not None and abs(value) > MAX_EXPONENT:
            raise self.error(f"a constant exponent must be at most {MAX_EXPONENT}", at)
        if base == Name("e"):
            # e**x - exp(x) is then the difference of two equal nodes, which no precision could decide to be 0.
            return make_call(Token("name", "exp", at), [exponent], [], self.text)
        return Binary("**", base, exponent, at=at)

    # --- names and calls ---------------------------------------------------------------------------------------------

    def name_or_call(self, word: Token) -> Node:
        """Parse what may follow the name `word`; raise ExpressionError if it cannot be a name."""
        if self.token.text == "(":
            return self.call(word)
        if word.text in RESERVED:
            raise self.error(f"{word.text} is a function: write {word.text}(x)", word.at)
        if word.text.lower() in WORDS:
            raise self.error(WORDS[word.text.lower()], word.at)
        if word.text in ("Pi", "PI"):
            raise self.error("write pi in lower case", word.at)
        if word.text == "X":
            raise self.error("write the variable x in lower case", word.at)
        return Name(word.text, at=word.at)

    def call(self, word: Token) -> Node:
        """Parse the arguments of a call of `word`: numbers, then NAME=VALUE."""
        if word.text in ("x", "pi", "e"):
            raise self.error(f"{word.text} is not a function: is a * missing?", self.token.at)
        opened = self.advance().at
        args: list[Node] = []
        starts: list[int] = []
        named: NamedArguments = []
        while not self.accept(")"):
            if args or named:
                self.expect(",", opened)
            if self.token.kind == "name" and self.following.text == "=":
                if word.text == "where":
                    raise self.error(EQUALS, self.following.at)
                name = self.advance()
                self.advance()
                named.append((name, self.parameter_value()))
            elif named:
                raise self.error("parameters by name follow the argument: write NAME(x, PARAM=VALUE)", self.token.at)
            elif word.text == "where":
                starts.append(self.token.at)
                with self.branch(word.at):
                    args.append(self.subexpression(0))
            else:
                starts.append(self.token.at)
                args.append(self.subexpression(0))
        for index, (arg, start) in enumerate(zip(args, starts, strict=True)):
            if word.text == "where" and index == 0:
                self.require_condition(arg, start)
            else:
                self.require_number(arg, start)
        return make_call(word, args, named, self.text)

    def parameter_value(self) -> Node | str:
        """Parse a parameter's value: a lone word, which the parameter may interpret, or a number."""
        if self.token.kind == "name" and self.following.text in (",", ")"):
            return self.advance().text
        return self.number()


def _balanced_sum(terms: Sequence[Node], at: int) -> Node:
    """Return the sum of the terms as a tree of least depth."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Binary("+", _balanced_sum(terms[:half], at), _balanced_sum(terms[half:], at), at=at)


def _is_deeper(node: Node, limit: int) -> bool:
    """Return whether a path of the tree has more than `limit` nodes; without recursion, which could be too deep."""
    pending = [(node, 1)]
    while pending:
        part, depth = pending.pop()
        if depth > limit:
            return True
        pending += [(child, depth + 1) for child in children(part)]
    return False
