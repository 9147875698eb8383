"""actcli demo: why activation functions, seen on small networks that run."""

from __future__ import annotations

from typing import Any

import click

from actcli.cli.app import Command
from actcli.cli.help import under
from actcli.cli.options import REPORT_FORMATS, Count, OneOf, Options, color_option, format_option, output_option

EXAMPLES = """
actcli demo linearity                           # without activations
actcli demo threshold --activation softsign     # what switches a unit on
actcli demo training --activation 'sin(3 * x)'  # learning XOR and two moons
actcli demo dying-relu -f csv                   # the numbers behind it
"""
TOPICS = ("linearity", "threshold", "training", "dying-relu")


@click.command(
    cls=Command, name="demo", examples=EXAMPLES, short_help="Why activations exist: small networks that run."
)
@click.argument("topic", type=OneOf(TOPICS), metavar="TOPIC")
@under(
    "What is run",
    click.option("--activation", metavar="SPEC", help="The activation to use instead of the topic's own."),
    click.option(
        "--seed", type=Count(0), default="0", metavar="N",
        help="Seed of the random numbers; the same N gives the same run (0).",
    ),
)  # fmt: skip
@output_option
@format_option(REPORT_FORMATS, "auto: a report; json: all of it; the others: its curves")
@color_option
def command(topic: str, activation: str | None, seed: int, **given: Any) -> None:
    """What activation functions are for, shown by small networks that are run on the spot.

    \b
    linearity   without an activation, many layers are one matrix
    threshold   which activations switch a unit on and off
    training    a network learns XOR and two moons, and fails to without one
    dying-relu  units whose slope is zero for good, and what helps against it
    """  # noqa: D301  # click looks for the character itself
    from actcli.cli.demo_run import run_demo

    run_demo(topic, activation, seed, Options.of(**given))
