"""The topics of actcli demo: one table for its help, its runs and its pages."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TOPICS", "Topic"]


class Topic(NamedTuple):
    """One topic.

    room  the module of core.demos, and the function in it, that runs it
    own   the activation that it looks at if nothing else is said; None if it has several that another is added to
    said  what is to be seen, for the help
    """

    room: str
    own: str | None
    said: str


TOPICS = {
    "linearity": Topic("linearity", "relu", "without an activation, many layers are one matrix"),
    "threshold": Topic("threshold", None, "which activations switch a unit on and off"),
    "training": Topic("training", "tanh", "a network learns XOR and two moons, and cannot without"),
    "dying-relu": Topic("dead_units", None, "units whose gradient is zero for good, and what helps"),
}
