"""actcli demo: what activation functions are for, shown by small networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from actcli.cli.app import Command
from actcli.cli.demo_topics import TOPICS
from actcli.cli.errors import click_errors, quote, usage_error
from actcli.cli.help import option_group
from actcli.cli.option_types import Choice, Count
from actcli.cli.options import REPORT_FORMATS, SEED_DIGITS, Options, color_option, format_option, output_option
from actcli.cli.output_format import REPORT, resolve_format
from actcli.cli.spec_arguments import bind_all
from actcli.number_text import is_number

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

EXAMPLES = """
actcli demo linearity                           # without activations
actcli demo threshold --activation softsign     # switching a unit on
actcli demo training --activation 'sin(3 * x)'  # learning XOR and two moons
actcli demo dying-relu -f csv                   # the numbers behind it
"""
TOPIC_LIST = "\n".join(f"{name:<12}{topic.summary}" for name, topic in TOPICS.items())
HELP = f"""Run small networks that show why activations exist.

\b
{TOPIC_LIST}
"""


@click.command(
    cls=Command,
    name="demo",
    help=HELP,
    examples=EXAMPLES,
    short_help="Small networks that show why activations exist.",
)
@click.argument("topic", type=Choice(list(TOPICS)), metavar="TOPIC")
@option_group(
    "Experiment",
    click.option(
        "--activation", metavar="ACTIVATION",
        help="The activation to show (default: relu in linearity, tanh in training); topics that compare several show "
        "it first.",
    ),
    click.option(
        "--seed", type=Count(0, digits=SEED_DIGITS), default="0", metavar="N",
        help="Seed of the random numbers; the same N gives the same run (default 0).",
    ),
)  # fmt: skip
@output_option
@format_option(REPORT_FORMATS, "auto: a report; json: the whole report; others: its curves")
@color_option
def command(topic: str, activation: str | None, seed: int, **arguments: Any) -> None:
    """Run a demo."""
    options = Options.of(**arguments)
    form = resolve_format(options, REPORT_FORMATS, REPORT)
    with click_errors(activation or ""):
        spec = activation if activation is not None else TOPICS[topic].default_activation
        bound = None if spec is None else _bind_elementwise(spec)
        from actcli.cli.reports.demo import write_demo  # late: needs NumPy

        write_demo(topic, bound, seed, form, options)


def _bind_elementwise(spec: str) -> BoundActivation:
    """Return the activation that `spec` names; a formula is labelled with its own text instead of f."""
    from actcli.core.spec import parse  # late: help needs no catalogue

    if is_number(spec.strip()):
        raise usage_error(f"--activation: expected an activation or a formula in x, not the number {quote(spec)}")
    if parse(spec, partial=True).activation.is_vector:
        # Checked first: a missing parameter would be asked for in vain.
        raise usage_error(f"{quote(spec)} is a function of a vector: demo requires an elementwise activation")
    bound = bind_all([spec], (), "demo")[0]
    return bound._replace(label=bound.title)
