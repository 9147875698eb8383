"""Draw the pictures of README.md anew: what a terminal shows of some commands, as SVG.

python -m tests.write_pictures
"""

from __future__ import annotations

import html
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import actcli

__all__ = ["FOLDER", "PICTURES", "shown", "text_of"]

FOLDER = Path(__file__).parents[1] / ".pictures"
WIDTH = 88

PICTURES = {
    "rectifiers.svg": "actcli table relu gelu silu --plot --charset block --height 18 --range -4:4",
    "slopes.svg": "actcli table sigmoid tanh --grad --plot --charset block --height 26",
}

_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
<rect fill="#1b1d21" width="{width}" height="{height}" rx="8" />
<g transform="translate({terminal_x}, 18)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def shown(command: str) -> str:
    """What a terminal of WIDTH columns shows of a command, with its colours."""
    environ = os.environ | {
        "PYTHONPATH": str(Path(actcli.__file__).parents[1]),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": str(WIDTH),
    }
    tool, name, *rest = shlex.split(command)
    words = [sys.executable, "-P", "-m", tool, name, "--color", "always", *rest]
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout


def text_of(svg: str) -> str:
    """The characters of a picture, without blanks."""
    body = svg[svg.index("</defs>") :]
    return re.sub(r"\s", "", html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", body))))


def drawn(name: str) -> str:
    """The picture of this name."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text(f"$ {PICTURES[name]}", style="bold"))
    console.print(Text.from_ansi(shown(PICTURES[name])), end="")
    svg = console.export_svg(title="", code_format=_SVG, unique_id=name.partition(".")[0])
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        (FOLDER / picture).write_text(drawn(picture), encoding="utf-8")
