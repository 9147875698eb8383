"""Topics of actcli demo: one table for its help, its runs and its reports."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TOPICS", "Topic"]


class Topic(NamedTuple):
    """A topic.

    module              module of core.demos; its function of the same name runs the experiment
    default_activation  the activation shown by default; None if several are, to which another is added
    summary             what the demo shows, for the help
    """

    module: str
    default_activation: str | None
    summary: str


TOPICS = {
    "linearity": Topic("linearity", "relu", "without an activation, many layers are one matrix"),
    "threshold": Topic("threshold", None, "which activations switch a unit on and off"),
    "training": Topic("training", "tanh", "a network learns XOR and two moons, and fails without"),
    "dying-relu": Topic("dead_units", None, "units whose gradient stays zero, and the remedy"),
}
