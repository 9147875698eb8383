"""actcli demo: why activation functions, seen on small networks that run."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.demo_topics import TOPICS
from actcli.cli.help import under
from actcli.cli.options import (
    REPORT_FORMATS,
    SEED_DIGITS,
    Count,
    OneOf,
    Options,
    color_option,
    format_option,
    output_option,
)

EXAMPLES = """
actcli demo linearity                           # without activations
actcli demo threshold --activation softsign     # what switches a unit on
actcli demo training --activation 'sin(3 * x)'  # learning XOR and two moons
actcli demo dying-relu -f csv                   # the numbers behind it
"""
LISTED = "\n".join(f"{name:<12}{topic.said}" for name, topic in TOPICS.items())
ABOUT = f"""What activation functions are for, shown by small networks that are run on the spot.

\b
{LISTED}
"""


@click.command(
    cls=Command,
    name="demo",
    help=ABOUT,
    examples=EXAMPLES,
    short_help="Why activations exist: small networks that run.",
)
@click.argument("topic", type=OneOf(list(TOPICS)), metavar="TOPIC")
@under(
    "What is run",
    click.option(
        "--activation", metavar="SPEC",
        help="The activation to look at (linearity: relu; training: tanh); in the other topics, which compare several, "
             "it comes first.",
    ),
    click.option(
        "--seed", type=Count(0, digits=SEED_DIGITS), default="0", metavar="N",
        help="Seed of the random numbers; the same N gives the same run (0).",
    ),
)  # fmt: skip
@output_option
@format_option(REPORT_FORMATS, "auto: a report; json: all of it; the others: its curves")
@color_option
def command(topic: str, activation: str | None, seed: int, **given: Any) -> None:
    """Run a topic."""
    from actcli.cli.demo_run import run_demo

    run_demo(topic, activation, seed, Options.of(**given))
