"""Tables that fit the terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.display import table as module
from actcli.display.numbers import significant
from actcli.display.table import TableColumn, table
from actcli.display.terminal import Terminal
from actcli.text import text_width
from tests.support.tiers import examples

X = [-2.0, -0.5, 0.0, 1e-7, 3.0, 12345678.9, float("nan"), float("-inf")]
NUMBERS = [
    TableColumn("x", [significant(x, 6) for x in X], True),
    TableColumn("leaky_relu:negative_slope=0.2(x)", [significant(max(x, x * 0.2), 6) for x in X], True),
    TableColumn("relu_grad(x)", [significant(float(x > 0) if x == x else x, 6) for x in X], True),
]
WORDS = [
    TableColumn("name", ["relu", "leaky_relu", "[bold]selu[/bold]"]),
    TableColumn(
        "formula",
        [
            "max(0, x)",
            "x where x > 0, else negative_slope * x, so that no unit is ever dead however it was initialised",
            "scale * (max(0, x) + min(0, alpha * (exp(x) - 1)))",
        ],
    ),
    TableColumn("least", ["0", "-inf", "-1.7581"], True),
]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 50, 40])
@pytest.mark.parametrize("unicode", [True, False])
def test_tables_of_numbers(golden: Callable[[str, str], None], width: int, unicode: bool) -> None:
    """Numbers are aligned; in narrower terminals headers are folded, then rows are stacked."""
    name = f"table-numbers-{width}-{'utf' if unicode else 'ascii'}.txt"
    golden(name, table(NUMBERS, Terminal(width=width, unicode=unicode), title="Leaky and not"))


@pytest.mark.parametrize("width", [120, 80, 40, 24])
def test_tables_of_text(golden: Callable[[str, str], None], width: int) -> None:
    """Text is wrapped between words, markup is printed literally; in narrow terminals rows are stacked."""
    golden(f"table-words-{width}.txt", table(WORDS, Terminal(width=width)))


@pytest.mark.parametrize("columns", [NUMBERS, WORDS], ids=["numbers", "words"])
@pytest.mark.parametrize("width", [120, 80, 50, 40, 24, 1])
def test_colour_adds_escapes_only(columns: list[TableColumn], width: int) -> None:
    """Colour adds escape sequences and changes no character."""
    plain = table(columns, Terminal(width=width), title="Title")
    coloured = table(columns, Terminal(width=width, color=True), title="Title")
    assert plain == ANSI.sub("", coloured)
    assert "\x1b" not in plain
    assert plain != coloured
    for line in coloured.split("\n"):
        assert line.count("\x1b[0m") == line.count("\x1b[1m") + line.count("\x1b[2m")


def test_header_is_bold() -> None:
    """With colour the header is bold and the rule dim."""
    text = table([TableColumn("x", ["1"], True)], Terminal(color=True))
    assert text == "\x1b[1mx\x1b[0m\n\x1b[2m─\x1b[0m\n1"


def test_ascii_without_unicode() -> None:
    """Without Unicode the table is ASCII, whatever headers, cells and title contain."""
    columns = [TableColumn("温", ["温度", "─"]), TableColumn("é", ["1", "2"], True)]
    for width in (80, 20, 5):
        assert table(columns, Terminal(width=width, unicode=False), title="±").isascii()


def test_control_characters_are_escaped() -> None:
    """Control characters in title, header and cells are escaped."""
    text = table([TableColumn("a\x1b[31m", ["b\rc\nd"])], Terminal(), title="\x07ping")
    assert text == "\\x07ping\n\na\\x1b[31m\n─────────\nb\\rc\\nd"


def test_wide_characters_are_padded_by_columns() -> None:
    """Wide characters count as two columns."""
    text = table([TableColumn("温度", ["高", "low"]), TableColumn("n", ["1", "22"], True)], Terminal())
    assert text == "温度   n\n────────\n高     1\nlow   22"


def test_long_numbers_stay_whole() -> None:
    """A number wider than the terminal is printed on one line."""
    digits = "3." + "14159" * 40
    text = table([TableColumn("x", ["1"], True), TableColumn("f(x)", [digits], True)], Terminal(width=40))
    assert digits in text.replace("  " + digits, digits).split("\n")


def test_wide_numbers_beside_wrapped_text() -> None:
    """Text is wrapped to leave room for numbers, however wide they are."""
    digits = "1" * 60
    words = TableColumn("text", ["word " * 9])
    lines = table([words, TableColumn("n", [digits], True), words], Terminal(width=100)).split("\n")
    assert max(map(len, lines)) <= 100
    assert digits in lines[2]
    assert len(lines) > 3


def test_empty_tables() -> None:
    """A table without rows has header and rule; one without columns has only its title."""
    assert table([TableColumn("x", [], True), TableColumn("y", [])], Terminal()) == "x  y\n────"
    assert table([], Terminal()) == ""
    assert table([], Terminal(), title="Title") == "Title"


def test_columns_must_have_equal_length() -> None:
    """Columns of different lengths raise ValueError."""
    with pytest.raises(ValueError, match="same number of cells"):
        table([TableColumn("x", ["1"]), TableColumn("y", [])], Terminal())


def test_long_tables_are_stacked() -> None:
    """A long table that does not fit is stacked, and one that fits is not."""
    rows = 2000
    long = [TableColumn("n", ["1"] * rows, True), TableColumn("text", ["word " * 20] * rows)]
    assert table(long, Terminal(width=60)).startswith("n     1\ntext  word word")
    assert rows + 2 == len(table(long, Terminal(width=120)).split("\n"))


cell = st.one_of(st.text(max_size=30), st.text("abc温 ", max_size=40))
number = st.floats().map(lambda value: significant(value, 6))


@st.composite
def tables(draw: st.DrawFn) -> list[TableColumn]:
    rows = draw(st.integers(0, 4))
    columns = []
    for _ in range(draw(st.integers(1, 4))):
        is_number = draw(st.booleans())
        cells = draw(st.lists(number if is_number else cell, min_size=rows, max_size=rows))
        columns.append(TableColumn(draw(cell), cells, is_number))
    return columns


@settings(deadline=None)
@given(tables(), st.integers(1, 100), st.booleans())
def test_any_table_at_any_width(columns: list[TableColumn], width: int, unicode: bool) -> None:
    """Lines have no trailing blanks, numbers are whole, and other lines fit any width of at least 16."""
    text = table(columns, Terminal(width=width, unicode=unicode))
    numbers = [value for column in columns if column.number for value in column.cells]
    for line in text.split("\n"):
        assert line == line.rstrip()
        assert line.isprintable()
        if width >= 16:
            assert text_width(line) <= width or line.strip() in numbers
    for value in numbers:
        assert value in text


@settings(deadline=None, max_examples=examples(50))
@given(tables())
def test_rich_and_padding_agree(columns: list[TableColumn]) -> None:
    """A table that needs no wrapping looks the same drawn by rich and by padding."""
    ready = [module._ready(column, Terminal(unicode=False)) for column in columns]
    if all(column.width for column in ready):  # rich gives an empty column a width of 1.
        assert module._padded(ready, "-") == module._draw_wrapped(ready, "-", module._total_width(ready))


def test_numbers_need_no_rich() -> None:
    """A table of numbers that fits does not import rich; wrapped text imports only the parts it needs."""
    code = """if True:
        import sys
        from actcli.display.table import TableColumn, table
        from actcli.display.terminal import Terminal
        table([TableColumn("x", ["1", "2.5"], True)], Terminal())
        assert not [name for name in sys.modules if name.startswith("rich")]
        assert "numpy" not in sys.modules
        table([TableColumn("x", ["word " * 40])], Terminal())
        assert "rich.table" in sys.modules
        heavy = {"rich.traceback", "rich.syntax", "rich.markdown", "rich.progress", "rich.live", "pygments"}
        assert not heavy & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_long_words_break_after_dots_and_underscores() -> None:
    """A long name breaks after a dot or an underscore, and no letter is lost."""
    cells = ["activations.exponential and more", "tf_keras.layers.LeakyReLU", "short.name and other words too"]
    lines = table([TableColumn("a", cells), TableColumn("b", ["x " * 30] * 3)], Terminal(width=40)).splitlines()
    text = " ".join(line[:18].strip() for line in lines)
    assert "activations. exponential" in text
    assert "tf_keras.layers. LeakyReLU" in text
    assert "\x1f" not in "".join(lines)


def test_stacked_rows_omit_empty_cells() -> None:
    """A stacked row omits the labels of empty cells."""
    columns = [
        TableColumn("name", ["one", "two"]),
        TableColumn("said", ["", "of it"]),
        TableColumn("n", ["", "2"], True),
    ]
    lines = table(columns, Terminal(width=10)).splitlines()
    assert lines == ["name  one", "n", "", "name  two", "said", "  of it", "n     2"]
