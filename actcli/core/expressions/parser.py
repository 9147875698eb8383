"""Reading an expression: operator precedence by Pratt's method, into a tree and nothing else.

From the loosest to the closest: A if C else B, or, and, not, comparisons, + -, * /, the minus sign, **.
"""

from __future__ import annotations

from functools import reduce

from actcli.core.catalogue.activation import parse_exact
from actcli.core.expressions.exact_constants import LARGEST_POWER, exact
from actcli.core.expressions.functions import RESERVED, called
from actcli.core.expressions.hints import EQUALS, WORDS
from actcli.core.expressions.lexer import Token, tokenize
from actcli.core.expressions.nodes import Binary, Choice, Compare, Constant, Logic, Name, Negative, Node, Not, children
from actcli.errors import ExpressionError

__all__ = ["parse"]

NESTED = 60
"""How deep parentheses, calls and signs may stand in each other."""

DEEPEST = 100
"""How many operations may depend on each other, one after the other."""

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_BINDING = {"+": 50, "-": 50, "*": 60, "/": 60, "**": 80} | dict.fromkeys(_COMPARISONS, 40)
_BINDING |= {"or": 10, "and": 20, "if": 5}
_MINUS = 70
_TWO_SIGNS = {"//": "there is no whole division: write /", "<>": "write !=, not <>"}


def parse(text: str) -> Node:
    """The tree of `text`, a number at its top; ExpressionError with the place of what is wrong."""
    return _Parser(text).whole()


def is_condition(node: Node) -> bool:
    return isinstance(node, Compare | Logic | Not)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.words = list(tokenize(text))
        self.place = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.number()
        if self.word.kind != "end":
            raise self.unexpected()
        if _is_deeper(node, DEEPEST):
            raise self.too_deep(node.at)
        return node

    # --- words ---------------------------------------------------------------------------------------------------

    @property
    def word(self) -> Token:
        return self.words[self.place]

    def step(self) -> Token:
        word = self.word
        self.place += 1
        return word

    def found(self, text: str) -> bool:
        """Whether the next word is this one, which is then passed."""
        if self.word.text != text or self.word.kind == "number":
            return False
        self.place += 1
        return True

    def expect(self, text: str, opened: int) -> None:
        if not self.found(text):
            if self.word.kind == "end":
                raise self.error("the parenthesis that opens here is not closed", opened)
            raise self.unexpected()

    def error(self, message: str, at: int) -> ExpressionError:
        return ExpressionError(message, self.text, at)

    def too_deep(self, at: int) -> ExpressionError:
        return self.error(f"more than {DEEPEST} operations in a row: parentheses about parts of them help", at)

    def unexpected(self) -> ExpressionError:
        word = self.word
        if word.kind == "end":
            return self.error("the expression ends too early", word.at)
        if word.text == "=":
            return self.error(EQUALS, word.at)
        before = self.words[self.place - 1] if self.place else word
        if word.text == "," and before.kind == "number" and self.words[self.place + 1].kind == "number":
            return self.error("a decimal point is a point, not a comma", word.at)
        if before.text + word.text in _TWO_SIGNS:
            return self.error(_TWO_SIGNS[before.text + word.text], before.at)
        if word.text in (")", ","):
            return self.error(f"'{word.text}' has no place here", word.at)
        if word.kind == "sign" and word.text != "(":
            return self.error(f"a number is missing before '{word.text}'", word.at)
        if word.text == "(":
            return self.error("an operator is missing before '(': is it a *?", word.at)
        return self.error(f"an operator is missing before '{word.text[:40]}'", word.at)

    # --- what stands where -------------------------------------------------------------------------------------------

    def number(self, least: int = 0) -> Node:
        """A part that is a number."""
        start = self.word.at
        return self.as_number(self.part(least), start)

    def as_number(self, node: Node, start: int) -> Node:
        if is_condition(node):
            raise self.error("a condition stands where a number is needed: write where(CONDITION, A, B)", start)
        return node

    def condition(self, least: int = 0) -> Node:
        """A part that is a condition."""
        start = self.word.at
        return self.as_condition(self.part(least), start)

    def as_condition(self, node: Node, start: int) -> Node:
        if not is_condition(node):
            raise self.error("a condition is needed here, such as x > 0", start)
        return node

    # --- Pratt -------------------------------------------------------------------------------------------------------

    def part(self, least: int) -> Node:
        """The longest part whose operators all bind at least as closely as `least`."""
        self.depth += 1
        if self.depth > NESTED:
            raise self.error(f"more than {NESTED} levels of parentheses and signs", self.word.at)
        start = self.word.at
        node, row = self.first(), 0
        while self.word.kind != "number" and (binding := _BINDING.get(self.word.text, -1)) >= max(least, 0):
            node = self.operated(node, self.step(), binding, start)
            row += 1
            if row > DEEPEST:
                raise self.too_deep(start)
        self.depth -= 1
        return node

    def first(self) -> Node:
        """What an expression begins with."""
        word = self.word
        if word.kind == "number":
            self.step()
            value = parse_exact(word.text)
            if value is None:
                raise self.error("this number is too large or too small to be held exactly", word.at)
            return Constant(value, at=word.at)
        if self.found("("):
            node = self.part(0)
            self.expect(")", word.at)
            return node
        if self.found("-"):
            return Negative(self.number(_MINUS), at=word.at)
        if self.found("+"):
            return self.number(_MINUS)
        if self.found("not"):
            return Not(self.condition(30), at=word.at)
        if word.kind == "name" and word.text not in ("and", "or", "if", "else"):
            return self.named(self.step())
        raise self.unexpected()

    def operated(self, left: Node, word: Token, binding: int, start: int) -> Node:
        """`left` and what follows the operator `word`."""
        sign, at = word.text, word.at
        if sign == "if":
            condition = self.condition(6)
            if not self.found("else"):
                raise self.error("else is missing: A if CONDITION else B", self.word.at)
            return Choice(condition, self.as_number(left, start), self.number(5), at=at)
        if sign in ("and", "or"):
            return Logic(sign, self.as_condition(left, start), self.condition(binding + 1), at=at)
        if sign in _COMPARISONS:
            return self.compared(self.as_number(left, start), word)
        left = self.as_number(left, start)
        if sign == "**":
            # From the right, and a minus sign may stand in the exponent.
            return self.power(left, self.number(_MINUS), at)
        return Binary(sign, left, self.number(binding + 1), at=at)

    def compared(self, left: Node, word: Token) -> Node:
        """a < b, and a < b < c as in mathematics."""
        found: list[Node] = []
        while True:
            right = self.number(41)
            found.append(Compare(word.text, left, right, at=word.at))
            if self.word.text not in _COMPARISONS:
                return reduce(lambda a, b: Logic("and", a, b, at=b.at), found)
            left, word = right, self.step()

    def power(self, base: Node, exponent: Node, at: int) -> Node:
        value = exact(exponent, {})
        if value is not None and abs(value) > LARGEST_POWER:
            raise self.error(f"an exponent that is a number is at most {LARGEST_POWER}", at)
        if base == Name("e"):
            # One and the same is not told from itself by any number of digits.
            return called(Token("name", "exp", at), [exponent], [], self.text)
        return Binary("**", base, exponent, at=at)

    # --- names -------------------------------------------------------------------------------------------------------

    def named(self, word: Token) -> Node:
        if self.word.text == "(":
            return self.call(word)
        if word.text in RESERVED:
            raise self.error(f"{word.text} is a function: write {word.text}(x)", word.at)
        if word.text.lower() in WORDS:
            raise self.error(WORDS[word.text.lower()], word.at)
        if word.text in ("Pi", "PI"):
            raise self.error("write pi in small letters", word.at)
        if word.text == "X":
            raise self.error("the variable is a small x", word.at)
        return Name(word.text, at=word.at)

    def call(self, word: Token) -> Node:
        if word.text in ("x", "pi", "e"):
            raise self.error(f"{word.text} is a number and no function: is a * missing?", self.word.at)
        opened = self.step().at
        args: list[Node] = []
        named: list[tuple[Token, Node | str]] = []
        starts: list[int] = []
        while not self.found(")"):
            if args or named:
                self.expect(",", opened)
            following = self.words[self.place + 1] if self.place + 1 < len(self.words) else self.word
            if self.word.kind == "name" and following.text == "=":
                if word.text == "where":
                    raise self.error(EQUALS, following.at)
                name = self.step()
                self.step()
                named.append((name, self.value()))
            elif named:
                raise self.error("a parameter with its name comes after the argument, not before", self.word.at)
            else:
                starts.append(self.word.at)
                args.append(self.part(0))
        for index, (arg, start) in enumerate(zip(args, starts, strict=True)):
            if word.text == "where" and index == 0:
                self.as_condition(arg, start)
            else:
                self.as_number(arg, start)
        return called(word, args, named, self.text)

    def value(self) -> Node | str:
        """A parameter's value: a word that stands alone, which the parameter may take for one, or a number."""
        following = self.words[min(self.place + 1, len(self.words) - 1)]
        if self.word.kind == "name" and following.text in (",", ")"):
            word = self.step()
            return word.text
        return self.number()


def _is_deeper(node: Node, limit: int) -> bool:
    """Whether more than `limit` nodes stand below each other; without recursion, since it may be deeper than that."""
    waiting = [(node, 1)]
    while waiting:
        part, depth = waiting.pop()
        if depth > limit:
            return True
        waiting += [(child, depth + 1) for child in children(part)]
    return False
